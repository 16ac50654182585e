/* What compiles to what, what is refused with which id, what renders how. */
#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"
#include "text/tmpl.h"

static int
get(void *self, const struct ref *r, struct arena *a, const struct val **out,
    struct err *why)
{
	const struct val *v = val_get(self, ref_ns_name(r->ns));

	(void)a;
	for (size_t i = 0; v && i < r->nseg; i++) {
		if (sv_eq(r->seg[i], "gone"))
			return err_set(why, ERR_IO, "the file is gone");
		v = val_step(v, r->seg[i]);
	}
	if (!v) {
		err_set(why, ERR_INPUT, "nothing there");
		return 0;
	}
	*out = v;
	return 1;
}

static const char values[] =
    "{\"context\":{\"s\":\"a b\",\"e\":\"\",\"n\":null,\"t\":true,\"i\":7,"
    "\"r\":1.0,\"l\":[1,\"x\",null],\"m\":{\"k\":\"v\"},\"q\":\"it's\","
    "\"ref\":\"${context.s}\",\"x:y\":\"colon\"},"
    "\"env\":{\"A.B\":\"dots\"},\"messages\":\"all\"}";

static int
render(const char *text, struct str *out, struct err *e)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	const struct val *all =
	    json_read(&a, values, strlen(values), ORIGIN_DATA, e);
	struct lookup look = { get, (void *)all };
	const struct tmpl *t = tmpl_compile(&a, val_text(&a, text), "p", &d);
	int rc = tmpl_render(t, &look, &a, out, NULL, e);

	cr_assert_eq(d.len, 0, "%s: %s", text, d.len ? d.at[0].msg : "");
	diags_release(&d);
	return rc;
}

TEST(tmpl, renders)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "<${context.s}>", "<a b>" },
		{ "${}", "${}" },
		{ "$", "$" },
		{ "$VAR $(cmd) $$", "$VAR $(cmd) $$" },
		{ "$${context.s}", "${context.s}" },
		{ "$$${context.s}", "$${context.s}" },
		{ "$$$${HOME}", "$$${HOME}" },
		{ "$${X:-${context.s}}", "${X:-a b}" },
		{ "$${a} ${context.s} $${b}", "${a} a b ${b}" },
		{ "${context.ref}", "${context.s}" },
		{ "${context.s:shell}", "'a b'" },
		{ "${context.q:shell}", "'it'\"'\"'s'" },
		{ "${context.n:shell}", "''" },
		{ "${context.e:shell}", "''" },
		{ "${context.none?:shell}", "''" },
		{ "${context.none:default=a b:shell}", "'a b'" },
		{ "${context.none:default=it:json}", "\"it\"" },
		{ "${context.none:default=:shell}", "''" },
		{ "${context.none:default=a.b?:c}", "a.b?:c" },
		{ "${context.none:default=${context.y}}", "${context.y}" },
		{ "${context.n:default=T}", "T" },
		{ "${context.e:default=T}", "" },
		{ "${context.n}", "" },
		{ "${context.none?}", "" },
		{ "${context.none?:json}", "null" },
		{ "${context.none?:py}", "None" },
		{ "${context.t} ${context.i} ${context.r}", "true 7 1.0" },
		{ "${context.t:py}", "True" },
		{ "${context.l}", "[1,\"x\",null]" },
		{ "${context.l:py}", "[1, 'x', None]" },
		{ "${context.m:py}", "{'k': 'v'}" },
		{ "${context.l:shell}", "'[1,\"x\",null]'" },
		{ "${context.l.1} ${context.m.k}", "x v" },
		{ "${context.q:py}", "'it\\'s'" },
		{ "${context.q:code}", "it's" },
		{ "${context.x:y}", "colon" },
		{ "${env.A.B}", "dots" },
		{ "${messages}", "all" },
		{ "${messages?}", "all" },
		{ "${context.none:default=a b\nc}", "a b\nc" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;
		struct err e = ERR_INIT;

		cr_assert_eq(render(rows[i].text, &out, &e), 0, "%s: %s",
		    rows[i].text, e.msg);
		cr_assert_str_eq(out.buf, rows[i].want, "%s", rows[i].text);
	}
}

TEST(tmpl, refuses)
{
	static const struct {
		const char *text, *id, *part;
	} rows[] = {
		{ "a ${context.x", "E401", "'${' is not closed" },
		{ "${ context.x}", "E401", "white space" },
		{ "${context.x }", "E401", "white space" },
		{ "${context.a\nb}", "E401", "white space" },
		{ "${context}", "E401", "names no variable" },
		{ "${result}", "E401", "names no variable" },
		{ "${context.}", "E401", "empty name" },
		{ "${context..a}", "E401", "empty name" },
		{ "${messages.}", "E401", "empty name" },
		{ "${topic:shell}", "E401", "${context.topic:shell}" },
		{ "${topic:default=x}", "E401", "no namespace" },
		{ "${.x}", "E401", "not a reference" },
		{ "${contxt.x}", "E402", "did you mean 'context'?" },
		{ "${foo.bar?}", "E402", "no namespace 'foo'" },
		{ "${state.nam}", "E403", "did you mean 'name'?" },
		{ "${state.name.x}", "E403", "state has no 'name.x'" },
		{ "${loop.id}", "E403", "loop has no 'id'" },
		{ "${prev.outptu}", "E403", "did you mean 'output'?" },
		{ "${messages.last(-1)}", "E403", "last(-1)" },
		{ "${messages.last()}", "E403", "last()" },
		{ "${context.x?:default=y}", "E404", "both" },
		{ "${context.x??}", "E404", "twice" },
		{ "${context.x:shell?}", "E404", "'${context.x?:shell}'" },
		{ "${context.x:shell:default=y}", "E404", ":default=TEXT:s" },
		{ "${context.x:shell:json}", "E404", "two encodings" },
		{ "${HOME}", "E405", "'$${HOME}'" },
		{ "${x:-y}", "E405", ":-" },
		{ "${x:-a b}", "E405", ":-" },
		{ "${arr[@]}", "E405", "shell" },
		{ "${#x}", "E405", "shell" },
		{ "${#arr[@]}", "E405", "shell" },
		{ "${x##*.}", "E405", "shell" },
		{ "${!x}", "E405", "shell" },
		{ "${1}", "E405", "shell" },
		{ "${@}", "E405", "shell" },
		{ "${x^^}", "E405", "shell" },
		{ "${x?}", "E405", "shell" },
		{ "${context.x:-y}", "E405", ":default=" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct diags d = DIAGS_INIT;
		struct tmpl *t = tmpl_compile(
		    &a, val_text(&a, rows[i].text), "states.a.action", &d);

		cr_assert_eq(d.len, 1, "%s", rows[i].text);
		cr_assert_str_eq(d.at[0].id, rows[i].id, "%s: %s", rows[i].text,
		    d.at[0].msg);
		cr_assert(strstr(d.at[0].msg, rows[i].part), "%s: %s",
		    rows[i].text, d.at[0].msg);
		cr_assert_str_eq(d.at[0].path, "states.a.action");
		cr_assert(tmpl_is_plain(t));
		cr_assert_eq(t->nparts, 1);
		cr_assert_str_eq(t->part[0].text.p, rows[i].text);
		diags_release(&d);
	}
}

TEST(tmpl, a_shell_slice_of_a_property_is_only_warned_about)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	struct tmpl *t = tmpl_compile(
	    &a, val_text(&a, "${loop.started_at:0:19}"), "states.a.action", &d);

	cr_assert_eq(d.len, 1);
	cr_assert_str_eq(d.at[0].id, "W406");
	cr_assert(strstr(d.at[0].msg, "':0:19'"), "%s", d.at[0].msg);
	cr_assert_eq(t->nrefs, 1, "it fails when it is reached");
	diags_release(&d);
}

TEST(tmpl, accepts_properties)
{
	static const char *const rows[] = {
		"${state.name}",
		"${state.iteration}",
		"${loop.name}",
		"${loop.started_at}",
		"${loop.elapsed_ms}",
		"${loop.elapsed}",
		"${prev.output}",
		"${prev.exit_code}",
		"${prev.state}",
		"${prev.timeout_kind}",
		"${prev.output.a.0}",
		"${messages}",
		"${messages.output}",
		"${messages.last(12)}",
		"${messages.summary}",
		"${result.details.a}",
		"${param.x}",
		"${captured.a.output}",
		"${env.HOME}",
		"${env..}",
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct diags d = DIAGS_INIT;
		struct tmpl *t =
		    tmpl_compile(&a, val_text(&a, rows[i]), "p", &d);

		cr_assert_eq(d.len, 0, "%s", rows[i]);
		cr_assert_eq(t->nrefs, 1, "%s", rows[i]);
		diags_release(&d);
	}
}

TEST(tmpl, parts_know_their_offsets)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	struct val *text = val_text(&a, "x\n$${y} ${context.a.b?:shell}z");
	const struct ref *r;
	struct tmpl *t;

	text->style = STYLE_BLOCK;
	text->indent = 4;
	text->at = (struct place) { "f", 10, 11 };
	t = tmpl_compile(&a, text, "p", &d);
	cr_assert_eq(t->nparts, 4);
	cr_assert_eq(t->part[0].off, 0);
	cr_assert_eq(t->part[1].off, 3);
	cr_assert_eq(t->part[1].text.n, 5);
	cr_assert_eq(t->part[2].off, 8);
	cr_assert_eq(t->part[3].off, 29);
	r = t->part[2].ref;
	cr_assert_eq(r->at.line, 12);
	cr_assert_eq(r->at.col, 11);
	cr_assert_str_eq(r->text, "context.a.b");
	cr_assert_str_eq(r->path, "a.b");
	cr_assert_eq(r->nseg, 2);
	cr_assert(sv_eq(r->seg[1], "b"));
	cr_assert(r->optional);
	cr_assert_eq(r->code, CODE_SHELL);
	diags_release(&d);
}

TEST(tmpl, missing_names_the_reference)
{
	auto_str out = STR_INIT;
	struct err e = ERR_INIT;

	str_adds(&out, "kept");
	cr_assert_eq(render("a${context.none.x}", &out, &e), -1);
	cr_assert_eq(e.kind, ERR_INPUT);
	cr_assert(strstr(e.msg, "'${context.none.x}'"), "%s", e.msg);
	cr_assert(strstr(e.msg, "nothing there"), "%s", e.msg);
	cr_assert_str_eq(out.buf, "kept");
	cr_assert_eq(render("${context.gone?}", &out, &e), -1);
	cr_assert_eq(e.kind, ERR_IO);
	cr_assert(strstr(e.msg, "the file is gone"), "%s", e.msg);
}

TEST(tmpl, tells_the_worst_origin)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	auto_str out = STR_INIT;
	struct err e = ERR_INIT;
	struct val *top = val_map(&a), *context = val_map(&a);
	struct val *list = val_list(&a), *item = val_text(&a, "x");
	struct lookup look = { get, top };
	enum origin worst = ORIGIN_RUNNER;
	struct tmpl *t;

	item->origin = ORIGIN_DATA;
	val_push(&a, list, item);
	val_set(&a, context, "l", list);
	val_set(&a, context, "f", val_text(&a, "file"));
	val_set(&a, top, "context", context);
	t = tmpl_compile(
	    &a, val_text(&a, "${context.f}${context.n?}"), "p", &d);
	cr_assert_eq(tmpl_render(t, &look, &a, &out, &worst, &e), 0);
	cr_assert_eq(worst, ORIGIN_FILE);
	t = tmpl_compile(&a, val_text(&a, "${context.f}${context.l}"), "p", &d);
	cr_assert_eq(tmpl_render(t, &look, &a, &out, &worst, &e), 0);
	cr_assert_eq(worst, ORIGIN_DATA);
	diags_release(&d);
}

TEST(tmpl, takes_a_number)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	struct tmpl *t = tmpl_compile(&a, val_int(&a, 42), "p", &d);

	cr_assert(tmpl_is_plain(t));
	cr_assert_eq(t->nparts, 1);
	cr_assert(sv_eq(t->part[0].text, "42"));
	diags_release(&d);
}
