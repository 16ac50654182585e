/*
 * The dispatch: what must hold before an evaluator is asked, then the table
 * of evaluators.
 */
#include "engine/judge.h"

#include <stdarg.h>

#include "base/auto.h"
#include "engine/broken.h"

struct judged
judged_word(const char *verdict, const struct val *details)
{
	return (struct judged) { .verdict = verdict, .details = details };
}

struct judged
judged_error(const struct judge_in *in, const char *fmt, ...)
{
	struct val *d = val_map(in->mem);
	va_list ap;

	va_start(ap, fmt);
	val_set(in->mem, d, "error",
	    val_text(in->mem, arena_vprintf(in->mem, fmt, ap)));
	va_end(ap);
	return judged_word("error", d);
}

bool
judge_number(const struct judge_in *in, const struct val *plain,
    const struct tmpl *t, double *out, const char **why)
{
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;

	if (plain && plain->kind == VAL_INT) {
		*out = (double)plain->i;
		return true;
	}
	if (plain && plain->kind == VAL_REAL) {
		*out = plain->r;
		return true;
	}
	if (!t) {
		*why = "no number was given";
		return false;
	}
	if (tmpl_render(t, in->lookup, in->mem, &text, NULL, &e) < 0) {
		*why = arena_strdup(in->mem, e.msg);
		return false;
	}
	if (!sv_to_real(sv_trim(str_sv(&text)), out)) {
		*why =
		    arena_printf(in->mem, "'%.60s' is not a number", text.buf);
		return false;
	}
	return true;
}

static struct judged
by_exit_code(const struct judge_in *in, struct sv unused)
{
	struct val *d = val_map(in->mem);

	(void)unused;
	val_set(in->mem, d, "exit_code", val_int(in->mem, in->exit_code));
	if (in->exit_code == 0)
		return judged_word("yes", d);
	return judged_word(in->exit_code == 1 ? "no" : "error", d);
}

static struct judged
by_score(const struct judge_in *in, struct sv text)
{
	struct val *d = val_map(in->mem);
	double score;

	val_set(in->mem, d, "exit_code", val_int(in->mem, in->exit_code));
	if (in->exit_code != 0)
		return judged_word("no", d);
	if (!sv_to_real(sv_trim(text), &score))
		return judged_error(in, "the output is not a number");
	val_set(in->mem, d, "score", val_real(in->mem, score));
	return judged_word("yes", d);
}

struct evaluator {
	struct judged (*decide)(const struct judge_in *, struct sv text);
	bool any_exit; /* asked also after a non-zero exit */
	bool reads_text;
};

/* clang-format off */
static const struct evaluator evaluators[EVAL_TYPES] = {
	[EVAL_DEFAULT]             = { by_exit_code,         true,  false },
	[EVAL_EXIT_CODE]           = { by_exit_code,         true,  false },
	[EVAL_HARBOR_SCORER]       = { by_score,             true,  true },
	[EVAL_OUTPUT_NUMERIC]      = { judge_numeric,        false, true },
	[EVAL_OUTPUT_JSON]         = { judge_json,           false, true },
	[EVAL_OUTPUT_CONTAINS]     = { judge_contains,       false, true },
	[EVAL_CLASSIFY]            = { judge_classify,       false, true },
	[EVAL_CONVERGENCE]         = { judge_convergence,    false, true },
	[EVAL_DIFF_STALL]          = { judge_diff_stall,     true,  false },
	[EVAL_ACTION_STALL]        = { judge_action_stall,   true,  false },
	[EVAL_SCORE_STALL]         = { judge_score_stall,    true,  false },
	[EVAL_OPEN_QUESTION_STALL] = { judge_question_stall, true,  false },
	[EVAL_MCP_RESULT]          = { judge_mcp,            true,  true },
	/* by engine/referee */
	[EVAL_LLM_STRUCTURED]      = { NULL,                 true,  true },
	[EVAL_CONTRACT]            = { NULL,                 true,  true },
};
/* clang-format on */

/* Broken execution never reaches an evaluator. */
static struct judged
broken(const struct judge_in *in, const char *verdict)
{
	struct val *d = val_map(in->mem);

	val_set(in->mem, d, "exit_code", val_int(in->mem, in->exit_code));
	val_set(
	    in->mem, d, "kind", val_text(in->mem, broken_kind(&in->outcome)));
	val_set(
	    in->mem, d, "error", val_text(in->mem, broken_text(&in->outcome)));
	return judged_word(verdict, d);
}

/* Nor does what an agent could not do. */
static struct judged
failed(const struct judge_in *in)
{
	const struct failure *bad = in->failure;
	const char *name = failure_class_name(bad->class);
	struct val *d = val_map(in->mem);

	val_set(in->mem, d, "exit_code", val_int(in->mem, in->exit_code));
	val_set(in->mem, d, "kind", val_text(in->mem, name));
	val_set(in->mem, d, "error",
	    val_text(in->mem,
		bad->text && *bad->text
		    ? bad->text
		    : arena_printf(in->mem, "the host failed (%s)", name)));
	return judged_word("error", d);
}

static struct judged
nonzero(const struct judge_in *in)
{
	struct val *d = val_map(in->mem);

	val_set(in->mem, d, "exit_code", val_int(in->mem, in->exit_code));
	val_set(in->mem, d, "error",
	    val_text(in->mem,
		arena_printf(
		    in->mem, "the action exited with %lld", in->exit_code)));
	return judged_word("error", d);
}

/* Who judges when the state does not say it. */
static enum eval_type
type_of(const struct judge_in *in)
{
	return in->evaluate->type == EVAL_DEFAULT && in->action == ACTION_MCP
	    ? EVAL_MCP_RESULT
	    : in->evaluate->type;
}

/* Of a tool it is a verdict of its own. */
static bool
is_timeout(const struct judge_in *in, enum eval_type type)
{
	return type == EVAL_MCP_RESULT && in->outcome.kind == OUT_TIMEOUT;
}

static const char *
type_name(const struct judge_in *in)
{
	return in->evaluate->type == EVAL_DEFAULT
	    ? "default"
	    : eval_type_name(in->evaluate->type);
}

bool
judge_is_broken(const struct judge_in *in, struct judged *out)
{
	enum eval_type type = type_of(in);

	if (in->acted && broken_kind(&in->outcome))
		*out = broken(in, is_timeout(in, type) ? "timeout" : "error");
	else if (in->failure && in->failure->class != CLASS_NONE)
		*out = failed(in);
	else if (in->exit_code != 0 && !evaluators[type].any_exit)
		*out = nonzero(in);
	else
		return false;
	out->type = type_name(in);
	return true;
}

static struct judged
decide(const struct judge_in *in)
{
	const struct evaluator *v = &evaluators[type_of(in)];
	struct judged out;
	struct sv text = { "", 0 };
	struct err e = ERR_INIT;

	if (!v->decide)
		return judged_error(in, "%s is for a host to judge",
		    eval_type_name(in->evaluate->type));
	if (judge_is_broken(in, &out))
		return out;
	if (v->reads_text && in->text(in->self, &text, &e) < 0)
		return judged_error(in, "%s", e.msg);
	return v->decide(in, text);
}

struct judged
judge(const struct judge_in *in)
{
	struct judged out = decide(in);

	out.type = type_name(in);
	return out;
}
