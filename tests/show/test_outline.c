/* The page of a loop, at several widths, byte for byte. */
#include "show/outline.h"

#include "../loop/load_rows.h"
#include "show/wrap.h"
#include "text/json.h"

static const char text[] =
    "name: fix\n"
    "description: |\n"
    "  Mends what is broken and looks whether it is mended.\n"
    "  Then again.\n"
    "initial: look\n"
    "scope: [src]\n"
    "max_steps: 9\n"
    "on_max_steps: lost\n"
    "context: {cmd: make}\n"
    "states:\n"
    "  look:\n"
    "    action: |\n"
    "      set -eu\n"
    "      # first\n"
    "      ${context.cmd} \"\\e[31m\" ${context.who}\n"
    "    timeout: 90\n"
    "    route: {yes: done, no: mend, _: lost}\n"
    "  mend: {action: ./mend, next: look}\n"
    "  done: {terminal: true}\n"
    "  lost: {terminal: true, failure: true}\n";

static const char scope_text[] =
    "{\"declared\":true,\"paths\":[\"/p/src\"],\"shared\":[],"
    "\"resources\":[],\"singleton\":false}";

static const struct val *
scope_of(struct arena *a)
{
	struct err e = ERR_INIT;
	const struct val *v =
	    json_read(a, scope_text, strlen(scope_text), ORIGIN_FILE, &e);

	cr_assert_not_null(v, "%s", e.msg);
	return v;
}

#define LIMITS                                            \
	"Limits\n"                                        \
	"  max_steps             9, then lost  line 7\n"  \
	"  max_iterations        none          default\n" \
	"  max_edge_revisits     100           default\n" \
	"  timeout               none          default\n" \
	"  default_timeout       3600s (1h)    default\n" \
	"  default_idle_timeout  none          default\n" \
	"  backoff               none          default\n" \
	"  output_limit          64 MiB        default\n" \
	"  on_output_limit       truncate      default\n" \
	"  limits.disk           1 GiB         default\n" \
	"  leftovers             keep          default\n" \
	"  look: timeout         90s (1m 30s)  line 16\n"
#define NARROW_LIMITS                                    \
	"Limits\n"                                       \
	"  max_steps            9, then lost  line 7\n"  \
	"  max_iterations       none          default\n" \
	"  max_edge_revisits    100           default\n" \
	"  timeout              none          default\n" \
	"  default_timeout      3600s (1h)    default\n" \
	"  default_idle_timeout\n"                       \
	"                       none          default\n" \
	"  backoff              none          default\n" \
	"  output_limit         64 MiB        default\n" \
	"  on_output_limit      truncate      default\n" \
	"  limits.disk          1 GiB         default\n" \
	"  leftovers            keep          default\n" \
	"  look: timeout        90s (1m 30s)  line 16\n"
#define AFTER_LIMITS                                    \
	"\n"                                            \
	"Scope\n"                                       \
	"  /p/src\n"                                    \
	"\n"                                            \
	"Inputs\n"                                      \
	"  who  required  -       nobody declares it\n" \
	"  cmd  optional  \"make\"\n"                   \
	"\n"                                            \
	"1 warning: see ll-loop validate\n"
#define TAIL LIMITS AFTER_LIMITS
#define HEAD "fix: 4 states, 4 transitions, begins at look\nfix.yaml\n\n"

static void
expect_page(int width, bool utf8, const char *wanted)
{
	struct out o = { .width = width, .utf8 = utf8, .buf = STR_INIT };
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	struct outline x = { .loop = load(text, false, &d),
		.file = "fix.yaml",
		.warnings = 1,
		.scope = scope_of(&a) };

	cr_assert(x.loop, "%s", d.len ? d.at[0].msg : "");
	outline_text(&o, &x);
	cr_expect_str_eq(o.buf.buf, wanted, "%d:\n%s", width, o.buf.buf);
	loop_free((struct loop *)x.loop);
	diags_release(&d);
	out_release(&o);
}

TEST(outline, fits_the_screen)
{
	expect_page(80, true,
	    HEAD "  Mends what is broken and looks whether it is mended. Then "
		 "again.\n\n"
		 "  STATE  TYPE     ACTION                               "
		 "TRANSITIONS\n"
		 "\xe2\x86\x92 look   shell    ${context.cmd} \"\\e[31m\" "
		 "${context.\xe2\x80\xa6  yes\xe2\x86\x92"
		 "done, no\xe2\x86\x92mend, _\xe2\x86\x92lost\n"
		 "  mend   shell    ./mend                               "
		 "next\xe2\x86\x92look\n"
		 "  done   success\n"
		 "  lost   failure\n\n" TAIL);
}

TEST(outline, drops_the_action_before_it_cuts_a_way)
{
	expect_page(44, false,
	    HEAD "  Mends what is broken and looks whether it\n"
		 "  is mended. Then again.\n\n"
		 "  STATE  TYPE     TRANSITIONS\n"
		 "> look   shell    yes->done, no->mend,\n"
		 "                  _->lost\n"
		 "  mend   shell    next->look\n"
		 "  done   success\n"
		 "  lost   failure\n\n" NARROW_LIMITS AFTER_LIMITS);
}

TEST(outline, is_not_cut_where_nobody_looks)
{
	struct out o = { .buf = STR_INIT };
	struct diags d = DIAGS_INIT;
	struct outline x = { .loop = load(text, false, &d),
		.file = "fix.yaml",
		.verbose = true };

	cr_assert(x.loop);
	outline_text(&o, &x);
	cr_expect(strstr(o.buf.buf, "yes->done, no->mend, _->lost\n"));
	cr_expect(strstr(o.buf.buf, "    set -eu\n    # first\n"));
	cr_expect(strstr(o.buf.buf, "\nlook  line 11, the first\n"));
	cr_expect(strstr(o.buf.buf, "    yes: done\n    no: mend\n"));
	cr_expect_not(strstr(o.buf.buf, "warning"));
	loop_free((struct loop *)x.loop);
	diags_release(&d);
	out_release(&o);
}

TEST(outline, is_a_value_too)
{
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	struct outline x = {
		.loop = load(text, false, &d), .file = "fix.yaml", .warnings = 1
	};
	const struct val *v, *own, *look;
	auto_str got = STR_INIT;

	cr_assert(x.loop);
	v = outline_val(&a, &x);
	own = val_get(v, "effective");
	look = val_get(val_get(own, "states"), "look");
	cr_expect_eq(val_num(v, "max_steps", 0), 9);
	cr_expect_eq(val_num(own, "warnings", 0), 1);
	cr_expect_str_eq(val_str(look, "type", ""), "shell");
	cr_expect_str_eq(val_str(look, "evaluator", ""), "exit_code");
	json_write(
	    &got, val_get(val_get(own, "limits"), "max_steps"), JSON_COMPACT);
	cr_expect_str_eq(got.buf,
	    "{\"value\":9,\"from\":\"file\",\"key\":\"max_steps\",\"line\":"
	    "7}");
	loop_free((struct loop *)x.loop);
	diags_release(&d);
}

TEST(wrap, joins_paragraphs_and_keeps_lists)
{
	static const struct {
		const char *text;
		int width;
		const char *wanted;
	} rows[] = {
		{ "a b\nc\n", 20, " a b c\n" },
		{ "a b\nc\n", 0, " a b\n c\n" },
		{ "\n\na\n\nb\n\n", 20, " a\n\n b\n" },
		{ "aa bb cc", 6, " aa bb\n cc\n" },
		{ "aaaaaaaaaa b", 6, " aaaaaaaaaa\n b\n" },
		{ "see:\n- one\n- two\n  more", 20,
		    " see:\n - one\n - two\n   more\n" },
		{ "in\n2024 it", 20, " in 2024 it\n" },
		{ "1. x\n2. y", 20, " 1. x\n 2. y\n" },
		{ "\x1b[1mx", 20, " \\x1b[1mx\n" },
		{ "", 20, "" },
		{ " \n", 20, "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct out o = { .buf = STR_INIT };

		wrap_text(&o, sv(rows[i].text), 1, rows[i].width);
		cr_expect_str_eq(o.buf.buf, rows[i].wanted, "%s: %s",
		    rows[i].text, o.buf.buf);
		out_release(&o);
	}
}
