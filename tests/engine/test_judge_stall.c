/* The stall family: what was seen, what is seen, and what follows. */
#include <string.h>

#include "base/auto.h"
#include "engine/judge.h"
#include "test.h"
#include "text/json.h"

/* What the world answers, and what it was asked. */
struct world {
	const char *json; /* of the answer; NULL: a fault */
	const char *kind;
	const char *request;
	const struct val *args;
	struct arena *mem;
};

static void
answer(void *self, const char *request, struct val *args, struct helped *out)
{
	struct world *w = self;
	struct err e = ERR_INIT;

	w->request = request;
	w->args = args;
	*out = (struct helped) { NULL, w->kind, "no way" };
	if (!w->json)
		return;
	out->v = json_read(w->mem, w->json, strlen(w->json), ORIGIN_DATA, &e);
	cr_assert_not_null(out->v, "%s", e.msg);
}

/* captured.out.output is known, nothing else. */
static int
know(void *self, const struct ref *r, struct arena *a, const struct val **out,
    struct err *why)
{
	if (strcmp(r->path, "out.output") != 0 || !self) {
		err_set(why, ERR_INPUT, "%s: nothing", r->text);
		return 0;
	}
	*out = val_text(a, self);
	return 1;
}

static const struct tmpl *
tmpl(struct arena *a, const char *text)
{
	struct diags d = DIAGS_INIT;
	const struct tmpl *t = tmpl_compile(a, val_text(a, text), "t", &d);

	diags_release(&d);
	return t;
}

static struct judged
decide(struct world *w, const struct evaluate *ev, const char *seen,
    long long repeats)
{
	const struct lookup nobody = { know, NULL };
	struct judge_in in = { .evaluate = ev,
		.acted = true,
		.exit_code = 7,
		.outcome = { .kind = OUT_EXITED, .code = 7 },
		.self = w,
		.ask = answer,
		.seen = seen,
		.repeats = repeats,
		.lookup = &nobody,
		.mem = w->mem };

	return judge(&in);
}

TEST(judge_stall, diff)
{
	static const struct {
		const char *seen;
		long long repeats, max, count;
		const char *verdict;
		bool changed;
	} rows[] = {
		{ NULL, 0, 1, 0, "yes", true },
		{ "00", 5, 1, 0, "yes", true },
		{ "ab", 0, 1, 1, "no", false },
		{ "ab", 0, 2, 1, "yes", false },
		{ "ab", 1, 2, 2, "no", false },
		{ "ab", 8, 2, 9, "no", false },
	};
	auto_arena a = ARENA_INIT;
	struct world w = { .json = "{\"print\":\"ab\",\"files\":3,"
				   "\"via\":\"git\",\"why\":\"no lib\"}",
		.mem = &a };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evaluate ev = { .set = true,
			.type = EVAL_DIFF_STALL,
			.max_stall = rows[i].max };
		struct judged j =
		    decide(&w, &ev, rows[i].seen, rows[i].repeats);

		cr_expect_str_eq(j.verdict, rows[i].verdict, "row %zu", i);
		cr_expect_eq(
		    val_num(j.details, "stall_count", -1), rows[i].count);
		cr_expect_eq(
		    val_get(j.details, "diff_changed")->b, rows[i].changed);
		cr_expect_str_eq(val_str(j.details, "fingerprint", ""), "ab");
		cr_expect_str_eq(val_str(j.details, "via", ""), "git");
		cr_expect_str_eq(val_str(j.details, "why", ""), "no lib");
		cr_expect_str_eq(j.type, "diff_stall");
		cr_expect_str_eq(w.request, "git_changes");
	}
}

TEST(judge_stall, no_answer_is_an_error_with_its_kind)
{
	static const struct {
		const char *kind;
		bool stopped;
	} rows[] = { { "not_a_repository", false }, { "timeout", false },
		{ "died", false }, { HELPER_STOPPED, true } };
	static const enum eval_type types[] = { EVAL_DIFF_STALL,
		EVAL_SCORE_STALL, EVAL_OPEN_QUESTION_STALL };
	auto_arena a = ARENA_INIT;

	for (size_t t = 0; t < COUNT(types); t++)
		for (size_t i = 0; i < COUNT(rows); i++) {
			struct world w = { .kind = rows[i].kind, .mem = &a };
			struct evaluate ev = { .set = true,
				.type = types[t],
				.max_stall = 1,
				.history = tmpl(&a, "f") };
			struct judged j = decide(&w, &ev, "ab", 3);

			cr_expect_str_eq(j.verdict, "error");
			cr_expect_str_eq(
			    val_str(j.details, "kind", ""), rows[i].kind);
			cr_expect_str_eq(
			    val_str(j.details, "error", ""), "no way");
			cr_expect_null(val_get(j.details, "fingerprint"));
			cr_expect_eq(j.stopped, rows[i].stopped);
		}
}

TEST(judge_stall, scores)
{
	static const struct {
		const char *numbers;
		double epsilon;
		long long max, count;
		const char *scores, *questions; /* verdicts */
		long long falling;              /* count when less is better */
	} rows[] = {
		{ "[]", 0.5, 1, 0, "yes", "yes", 0 },
		{ "[5.0]", 0.5, 1, 0, "yes", "yes", 0 },
		{ "[5.0,6.0]", 0.5, 1, 0, "yes", "no", 1 },
		{ "[5.0,5.4]", 0.5, 1, 1, "no", "no", 1 },
		{ "[5.0,5.5]", 0.5, 1, 1, "no", "no", 1 },
		{ "[5.0,5.5]", 0.0, 1, 0, "yes", "no", 1 },
		{ "[5,6,6.2,6.1]", 0.5, 2, 2, "no", "no", 3 },
		{ "[5,6,6.2,6.1]", 0.5, 3, 2, "yes", "no", 3 },
		{ "[5,6,6,7]", 0.5, 1, 0, "yes", "no", 3 },
		{ "[5,4,2]", 0.5, 1, 2, "no", "yes", 0 },
		{ "[5,4,2,2,2]", 0.5, 2, 4, "no", "no", 2 },
		/* slow, but each gain below epsilon: a plateau */
		{ "[5,5.3,5.6]", 0.5, 2, 2, "no", "no", 2 },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = { .mem = &a };
		struct evaluate ev = { .set = true,
			.type = EVAL_SCORE_STALL,
			.max_stall = rows[i].max,
			.epsilon = rows[i].epsilon,
			.history = tmpl(&a, "hist") };
		struct judged j;

		w.json = arena_printf(&a, "{\"numbers\":%s}", rows[i].numbers);
		j = decide(&w, &ev, NULL, 0);
		cr_expect_str_eq(j.verdict, rows[i].scores, "row %zu", i);
		cr_expect_eq(
		    val_num(j.details, "stall_count", -1), rows[i].count);
		cr_expect_str_eq(w.request, "numbers");
		cr_expect_str_eq(val_str(w.args, "file", ""), "hist");
		ev.type = EVAL_OPEN_QUESTION_STALL;
		j = decide(&w, &ev, NULL, 0);
		cr_expect_str_eq(j.verdict, rows[i].questions, "row %zu", i);
		cr_expect_eq(
		    val_num(j.details, "stall_count", -1), rows[i].falling);
	}
}

TEST(judge_stall, a_history_file_without_a_name_is_an_error)
{
	auto_arena a = ARENA_INIT;
	struct world w = { .json = "{}", .mem = &a };
	struct evaluate ev = { .set = true,
		.type = EVAL_SCORE_STALL,
		.max_stall = 1,
		.history = tmpl(&a, "${captured.gone.output}") };
	struct judged j = decide(&w, &ev, NULL, 0);

	cr_expect_str_eq(j.verdict, "error");
	cr_expect_not_null(
	    strstr(val_str(j.details, "error", ""), "history_file"));
	cr_expect_null(w.request);
}

/* What one round of action_stall sees. */
struct round {
	const char *out, *acted;
};

static struct judged
watch(struct arena *a, const struct evaluate *ev, const struct round *r,
    const char *seen)
{
	const struct lookup look = { know, (void *)r->out };
	struct judge_in in = { .evaluate = ev,
		.seen = seen,
		.acted_print = r->acted,
		.lookup = &look,
		.mem = a };

	return judge(&in);
}

TEST(judge_stall, actions)
{
	static const struct {
		const char *track; /* NULL: the default */
		struct round one, two;
		bool same;
		size_t without; /* names without a value in the second */
	} rows[] = {
		{ NULL, { "x", "aa" }, { "y", "aa" }, true, 0 },
		{ NULL, { "x", "aa" }, { "x", "bb" }, false, 0 },
		{ NULL, { "x", NULL }, { "x", NULL }, true, 1 },
		{ "action", { "x", "aa" }, { "y", "bb" }, false, 0 },
		{ "captured.out.output", { "x", "aa" }, { "x", "bb" }, true,
		    0 },
		{ "captured.out.output", { "x", "aa" }, { "y", "aa" }, false,
		    0 },
		{ "captured.out.output", { NULL, "aa" }, { NULL, "bb" }, true,
		    1 },
		{ "captured.out.output", { NULL, "aa" }, { "x", "aa" }, false,
		    0 },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tracked t = { .name = "action", .action = true };
		struct evaluate ev = { .set = true,
			.type = EVAL_ACTION_STALL,
			.max_repeat = 1,
			.track = &t,
			.ntrack = 1 };
		struct judged j;
		const char *print;

		if (rows[i].track && strchr(rows[i].track, '.')) {
			t = (struct tracked) { .name = rows[i].track };
			t.from[t.n++] =
			    tmpl(&a, arena_printf(&a, "${%s}", rows[i].track));
		}
		j = watch(&a, &ev, &rows[i].one, NULL);
		cr_expect_str_eq(j.verdict, "yes");
		cr_expect(val_get(j.details, "hash_changed")->b);
		print = val_str(j.details, "fingerprint", "");
		j = watch(&a, &ev, &rows[i].two, print);
		cr_expect_str_eq(
		    j.verdict, rows[i].same ? "no" : "yes", "row %zu", i);
		cr_expect_eq(
		    val_get(j.details, "hash_changed")->b, !rows[i].same);
		cr_expect_eq(val_get(j.details, "without_value")
			? val_get(j.details, "without_value")->list.len
			: 0,
		    rows[i].without, "row %zu", i);
	}
}
