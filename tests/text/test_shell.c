/* The scanner: how each reference is quoted, used and encoded. */
#include "text/shell.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/str.h"
#include "test.h"

static const char *const classes[] = { "plain", "dquote", "squote", "ansi",
	"doc", "rawdoc", "arith", "comment", "param", "paramq" };
static const char *const roles[] = { "", "command", "redirect", "assign",
	"list", "case", "test" };

/* "plain command; dquote; squote integer", or "E412". */
static void
scan(const char *action, struct str *got)
{
	auto_arena a = ARENA_INIT;
	struct shell_scan out;
	size_t atom[64], n = 0, len = strlen(action);
	char *text = arena_dup(&a, action, len);
	struct shell_text t = { text, len, atom, 0 };

	for (size_t i = 0; i < len; i++)
		if (text[i] == '@' && (i == 0 || text[i - 1] != '%')) {
			text[i] = 1;
			atom[n++] = i;
		}
	t.natoms = n;
	if (shell_scan(&a, &t, &out) < 0) {
		str_adds(got, out.id);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct shell_atom *at = &out.atom[i];

		cr_assert_eq(at->seen, 1);
		str_addf(got, "%s%s", i ? "; " : "", classes[at->cls]);
		if (at->role)
			str_addf(got, " %s", roles[at->role]);
		if (at->enc)
			str_addf(got, ", %s", enc_name(at->enc));
	}
}

static const struct {
	const char *action, *want;
} rows[] = {
	{ "args @", "plain" },
	{ "args a@b", "plain" },
	{ "@ x", "plain command" },
	{ "a; @", "plain command" },
	{ "a && @ x | @", "plain command; plain command" },
	{ "if @; then @; else @; fi",
	    "plain command; plain command; plain command" },
	{ "while ! @; do @; done", "plain command; plain command" },
	{ "{ @; }", "plain command" },
	{ "(@)", "plain command" },
	{ "f() { @; }", "plain command" },
	{ "function f { @; }", "plain command" },
	{ "X=1 @ a", "plain command" },
	{ ">x @", "plain command" },
	{ "sudo -u me env A=@ @", "plain; plain command" },
	{ "timeout -k 5 60 @ x", "plain command" },
	{ "command -v @", "plain" },
	{ "time @", "plain command" },
	{ "X=@ Y=\"@\"", "plain assign; dquote assign" },
	{ "export X=@ y@", "plain assign; plain, identifier" },
	{ "A=(@ '@'\n # @\n \"@\")",
	    "plain list; squote list; comment; dquote list" },
	{ "A[@]=x", "arith assign, integer" },
	{ "A=([@]=x)", "arith list, integer" },
	{ "for w in @ \"@\"; do @; done",
	    "plain list; dquote list; plain command" },
	{ "for ((i=@; i<3; i++)); do :; done", "arith, integer" },
	{ "case @ in a|@) @;; (b) x;; esac; @",
	    "plain case; plain case; plain command; plain command" },
	{ "case x in\n# @ )\n a) ;;\nesac\n@", "comment; plain command" },
	{ "x=$(case @ in a) echo \"@\";; esac)", "plain case; dquote" },
	{ "[[ @ == \"@\" && -n @ ]]", "plain test; dquote test; plain test" },
	{ "[[ $x =~ ^(a|@)$ ]] && @", "plain test; plain command" },
	{ "[[ @ -eq 1 ]]", "plain test, integer" },
	{ "[[ 1 -lt \"@\" ]]", "dquote test, integer" },
	{ "[[ -v @ ]]", "plain test, identifier" },
	{ "[[ x == a#@ ]]", "plain test" },
	{ "x > @", "plain redirect" },
	{ "x 2>>\"@\" <@ &>@ >&@ {v}<>@",
	    "dquote redirect; plain redirect; plain redirect; plain redirect; "
	    "plain redirect" },
	{ "x <<< @", "plain redirect" },
	{ "x # @", "comment" },
	{ "x a#@", "plain" },
	{ "x ${#y} @", "plain" },
	{ "x \"@ '@' $(y '@' \"@\")\"", "dquote; dquote; squote; dquote" },
	{ "x $'a\\'@'", "ansi" },
	{ "x $\"@\"", "dquote" },
	{ "x `y @ \\`z '@'\\``", "plain; squote" },
	{ "x \"`y \\\"@\\\"`\"", "dquote" },
	{ "x <(y @) >(z \"@\")", "plain; dquote" },
	{ "x ${y:-@} \"${y:-@}\" \"${y:-'@'}\"", "param; paramq; paramq" },
	{ "x ${y:-'@'} ${y#\"@\"} \"${y%'@'}\"", "squote; dquote; squote" },
	{ "x ${y/@/@} ${y:@} \"${y:0:@}\" ${y[@]}",
	    "param; param; arith, integer; arith, integer; arith, integer" },
	{ "x $((@ + 1)) $[@] \"$((@))\"",
	    "arith, integer; arith, integer; arith, integer" },
	{ "((@ << 2))", "arith, integer" },
	{ "x \"$((y @); z)\"", "plain" },
	{ "x $(( $(y @) + 1 ))", "plain" },
	{ "let x=@", "plain, integer" },
	{ "declare -i n=@; n=@",
	    "plain assign, integer; plain assign, "
	    "integer" },
	{ "unset @; read -p @ -r @; printf -v @ x; [ -v @ ]",
	    "plain, identifier; plain; plain, identifier; plain, identifier; "
	    "plain, identifier" },
	{ "x <<A @ <<'B'\n@\nA\n@\nB\n@", "plain; doc; rawdoc; plain command" },
	{ "x <<-A\n\t@\n\tA\n@", "doc; plain command" },
	{ "x <<A\na\\\nA\n@\nA\n@", "doc; plain command" },
	{ "x \"$(cat <<'A'\n@ \"'\nA\n)\" @", "rawdoc; plain" },
	{ "x <<A\n$(y '@' <<B\n@\nB\n)\nA", "squote; doc" },
	{ "$x @ \\\n @", "plain; plain" },
	{ "shopt -s extglob; x !(a|@) @", "plain; plain" },
	/* program text */
	{ "python3 -c \"print('@', @)\"",
	    "dquote, python literal; dquote, python token" },
	{ "python3 -u - a @ <<'P'\n'@'\nP", "plain; rawdoc, python literal" },
	{ "python3 x.py @ <<'P'\n'@'\nP", "plain; rawdoc" },
	{ "python3 -m json.tool @ <<P\n@\nP", "plain; doc" },
	{ "/usr/bin/env python3.11 -c '\"@\"'", "squote, python literal" },
	{ "$PYTHON -c '\"@\"'; \"${PY:-x}\" -c '\"@\"'",
	    "squote, python literal; squote" },
	{ "$V/bin/python3 - <<P\n'@'\nP", "doc, python literal" },
	{ "cat <<'P' | python3\n'@'\nP", "rawdoc, python literal" },
	{ "python3 -c \"$(cat <<'P'\n'@'\nP\n)\"", "rawdoc, python literal" },
	{ "node -e \"f('@')\"", "dquote, javascript literal" },
	{ "bash -c \"x @; '@'\" @",
	    "dquote, shell word; dquote, refused; "
	    "plain" },
	{ "bash -ec 'x \"@\"'", "squote, shell token" },
	{ "sh -s @ <<E\nx @\nE", "plain; doc, shell word" },
	{ "bash x.sh @ <<E\n@\nE", "plain; doc" },
	{ "bash <(echo \"x @\")", "dquote, shell token" },
	{ "eval \"$(printf 'x=%q' \"@\")\"", "dquote, shell token" },
	{ "eval x @", "plain, shell word" },
	{ "trap 'x @' EXIT", "squote, shell word" },
	{ "ssh -p 1 h x @ '$(@)'", "plain, shell word; squote, refused" },
	{ "bash -c \"x \\$(( @ ))\"", "dquote, integer" },
	{ "find . -name @ -exec sh -c 'x @' \\;", "plain; squote, shell word" },
	{ "xargs -n 1 sh -c 'x @'", "squote, shell word" },
	{ "docker exec c python3 -c '\"@\"'", "squote, python literal" },
	{ "echo @ | bash", "plain, shell token" },
	{ "{ echo @; } | sudo sh", "plain, shell token" },
	{ "echo @ | bash x.sh", "plain" },
	{ "echo @; bash", "plain" },
	{ "echo \"@\" | bc", "dquote, token" },
	{ "awk -v x=@ -F, '{print @}' @", "plain; squote, token; plain" },
	{ "awk -f x.awk @", "plain" },
	{ "sed -n -e 's/@/x/' -e '@' f@",
	    "squote, token; squote, token; plain" },
	{ "sed s/a/@/ @", "plain, token; plain" },
	{ "jq -r --arg k @ \".$k@\" @", "plain; dquote, token; plain" },
	{ "perl -0777 -pe 's/@//' @", "squote, token; plain" },
	{ "sqlite3 -separator , @ 'select @' \"@\"",
	    "plain; squote, token; dquote, token" },
	{ "sqlite3 @ <<< @", "plain; plain redirect, token" },
	/* refused */
	{ "x '@", "E411" },
	{ "x \"@", "E411" },
	{ "x `@", "E411" },
	{ "x $(@", "E411" },
	{ "x ${y:-@", "E411" },
	{ "x @)", "E411" },
	{ "(@", "E411" },
	{ "x @ ;; y", "E411" },
	{ "case @ of", "E411" },
	{ "x @ (y)", "E411" },
	{ "x > ; @", "E411" },
	{ "[[ @ == x", "E411" },
	{ "x `cat <<'A'\n@\nA\n`", "E411" },
	{ "@=1", "E412" },
	{ "x@=1", "E412" },
	{ "x ${@}", "E412" },
	{ "x ${#@} ", "E412" },
	{ "x $@", "E412" },
	{ "for @ in a; do :; done", "E412" },
	{ "@() { :; }", "E412" },
	{ "function @ { :; }", "E412" },
	{ "x <<@\n@", "E412" },
	{ "export @=1", "E412" },
	{ "x $((echo @))", "E414" },
	{ "((x @; y))", "E414" },
};

TEST(shell, classes)
{
	size_t bad = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str got = STR_INIT;

		scan(rows[i].action, &got);
		if (strcmp(got.buf, rows[i].want) == 0)
			continue;
		bad++;
		fprintf(stderr, "%s\n  want %s\n  got  %s\n", rows[i].action,
		    rows[i].want, got.buf);
	}
	cr_assert_eq(bad, 0);
}

TEST(shell, depth_is_bounded)
{
	static const char *const opens[] = { "$(", "(", "${x:-", "x \"$(", "((",
		"$((", "[[ x =~ (" };

	for (size_t i = 0; i < COUNT(opens); i++) {
		auto_str text = STR_INIT, got = STR_INIT;

		for (int n = 0; n < 5000; n++)
			str_adds(&text, opens[i]);
		str_adds(&text, "@");
		scan(text.buf, &got);
		cr_assert(
		    strcmp(got.buf, "E411") == 0 || strstr(got.buf, "refused"),
		    "%s: %s", opens[i], got.buf);
	}
}

/* Every prefix of every text, and every text with one byte out: no crash,
 * and what scans has seen each reference once (asserted in scan()). */
TEST(shell, broken_texts)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].action);

		for (size_t k = 0; k < len; k++) {
			auto_str text = STR_INIT, got = STR_INIT;

			str_add(&text, rows[i].action, k);
			scan(text.buf, &got);
			str_adds(&text, rows[i].action + k + 1);
			scan(text.buf, &got);
		}
	}
}
