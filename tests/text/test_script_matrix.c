/*
 * Hostile values in every place and from every origin: what reaches the
 * command is byte for byte the value (or its words, where it is split), or
 * the value is refused and the reference named; nothing in it ever runs.
 */
#include "script_room.h"
#include "script_values.h"

/* What the command must get. */
enum want {
	EXACT,
	LINE,    /* the value and a newline */
	WORDS,   /* split at blanks */
	INTEGER, /* refused unless it is one */
	TOKEN,   /* refused unless it is one harmless word */
	SHTOKEN, /* the same, with "/" */
	NAME,    /* refused unless it is an identifier */
	UTF8,    /* refused unless it is UTF-8 */
	NOTHING, /* must not matter */
};

/* `@` is the reference.  `plain`: in no quotes, so a value from the file is
 * text there.  `small`: an argument of an outside program. */
static const struct place_row {
	const char *action;
	enum want want;
	bool plain, small;
	int times; /* how often the value is written, 0 for once */
} places[] = {
	{ "args @", WORDS, true, false, 0 },
	{ "args pre @ post", WORDS, true, false, 0 },
	{ "for w in @; do args \"$w\"; done", WORDS, true, false, 0 },
	{ "A=(@); args \"$${A[@]}\"", WORDS, true, false, 0 },
	{ "args $(args @)", WORDS, true, false, 0 },
	{ "args `args @`", WORDS, true, false, 0 },
	{ "X=@; args \"$X\"", EXACT, true, false, 0 },
	{ "[[ @ == \"@\" ]] && args \"@\"", EXACT, true, false, 0 },
	{ "[[ -n @ || -z @ ]] && args \"@\"", EXACT, true, false, 0 },
	{ "case @ in *) args \"@\";; esac", EXACT, true, false, 0 },
	{ "IFS= read -r -d '' X <<< @; args \"$X\"", LINE, false, false, 0 },
	{ "args @:shell", EXACT, false, false, 0 },
	{ "eval \"args @:shell\"", EXACT, false, false, 0 },
	{ "args \"@\" '@' $'@' $\"@\" \"$${NO:-@}\" \"$${NO:-\"@\"}\" "
	  "$${NO:-'@'}",
	    EXACT, false, false, 7 },
	{ "args $${NO:-@}", WORDS, false, false, 0 },
	{ "f() { args \"$1\"; }; f '@'", EXACT, false, false, 0 },
	{ "IFS= read -r -d '' X <<EOF\n@\nEOF\nargs \"$X\"", LINE, false, false,
	    0 },
	{ "IFS= read -r -d '' X <<'EOF'\n@\nEOF\nargs \"$X\"", LINE, false,
	    false, 0 },
	{ "IFS= read -r -d '' X <<-\\EOF\n\t@\n\tEOF\nargs \"$X\"", LINE, false,
	    false, 0 },
	{ "args z # @\n: '@'", NOTHING, false, false, 0 },
	{ "# @ '\nargs z", NOTHING, false, false, 0 },
	{ "args \"@\"; : $(( @ + 0 ))", INTEGER, false, false, 0 },
	{ "args \"@\"; : $((@*2))", INTEGER, false, false, 0 },
	{ "args \"@\"; (( @ + 0 ))", INTEGER, false, false, 0 },
	{ "args \"@\"; A=(x); : \"$${A[@]}\"", INTEGER, false, false, 0 },
	{ "args \"@\"; X=abc; : \"$${X:@}\"", INTEGER, false, false, 0 },
	{ "args \"@\"; [[ @ -gt 3 ]]", INTEGER, false, false, 0 },
	{ "args \"@\"; let \"x=@\"", INTEGER, false, false, 0 },
	{ "args \"@\"; declare -i x=@", INTEGER, false, false, 0 },
	{ "args \"@\"; declare -i x; x=@", INTEGER, false, false, 0 },
	{ "args \"@\"; X[@]=1", INTEGER, false, false, 0 },
	{ "args \"@\"; echo $[@] >&2", INTEGER, false, false, 0 },
	{ "printf -v \"@\" x; args \"@\"", NAME, false, false, 0 },
	{ "unset \"@\"; args \"@\"", NAME, false, false, 0 },
	{ "[ -v \"@\" ]; args \"@\"", NAME, false, false, 0 },
	{ "read -r \"@\" <<< x; args \"@\"", NAME, false, false, 0 },
	{ "bash -c ': \"@\"'; args \"@\"", SHTOKEN, false, true, 0 },
	{ "bash <<'EOF'\n: @\nEOF\nargs \"@\"", SHTOKEN, false, true, 0 },
	{ "eval ': @'; args \"@\"", SHTOKEN, false, false, 0 },
	{ "trap ': @' EXIT; args \"@\"", SHTOKEN, false, false, 0 },
	{ "echo ': @' | bash; args \"@\"", SHTOKEN, false, true, 0 },
	{ "find . -exec sh -c ': @' \\;; args \"@\"", SHTOKEN, false, true, 0 },
	{ "env A=b sed 's/a/@/' </dev/null; args \"@\"", TOKEN, false, true,
	    0 },
	{ "awk 'BEGIN{x=\"@\"}' </dev/null; args \"@\"", TOKEN, false, true,
	    0 },
	{ "jq -n '\"@\"'; args \"@\"", TOKEN, false, true, 0 },
};

#define PY "import os\nopen(os.environ['OUT'],'ab').write(os.fsencode("
static const struct place_row pythons[] = {
	{ "python3 - <<'PY'\n" PY
	  "'@\\0' \"@\\0\" '''@\\0''' \"\"\"@\\0\"\"\"))"
	  "\n# @\nPY",
	    EXACT, false, false, 4 },
	{ "python3 -c \"" PY "f'{1*1}@')[1:]+b'\\0')\"", EXACT, false, true,
	    0 },
	{ "timeout 9 python3 - <<PY\n" PY "r'@')+b'\\0')\nPY", SHTOKEN, false,
	    false, 0 },
};

static const struct place_row nodes[] = {
	{ "node -e \"require('fs').appendFileSync(process.env.OUT, '@\\0')\"",
	    UTF8, false, true, 0 },
	{ "node <<'JS'\nrequire('fs').appendFileSync(process.env.OUT, `@\\0`)"
	  "\nJS",
	    UTF8, false, false, 0 },
};

static bool
is_of(struct sv v, const char *more)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z') || (c && strchr(more, c))))
			return false;
	}
	return true;
}

static bool
is_integer(struct sv v)
{
	while (v.n && (v.p[0] == ' ' || v.p[0] == '\t'))
		v = sv_make(v.p + 1, v.n - 1);
	while (v.n && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\t'))
		v.n--;
	if (v.n && (v.p[0] == '-' || v.p[0] == '+'))
		v = sv_make(v.p + 1, v.n - 1);
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < '0' || v.p[i] > '9')
			return false;
	return true;
}

/* Must this value be refused here? */
static bool
must_refuse(enum want want, struct sv v)
{
	static const char token[] = "_@%+=:,.-/";

	if (v.n && memchr(v.p, '\0', v.n))
		return want != NOTHING;
	switch (want) {
	case INTEGER:
		return !is_integer(v);
	case TOKEN:
		return !is_of(v, "_@%+=:,.-");
	case SHTOKEN:
		return !is_of(v, token);
	case NAME:
		return v.n == 0 || !is_of(v, "_") ||
		    (v.p[0] >= '0' && v.p[0] <= '9');
	case UTF8:
		return !utf8_valid(v.p, v.n);
	default:
		return false;
	}
}

static void
expect_bytes(enum want want, int times, struct sv v, struct str *out)
{
	if (want == NOTHING) {
		str_add(out, "z\0", 2);
		return;
	}
	if (want != WORDS) {
		do {
			str_addsv(out, v);
			if (want == LINE)
				str_addc(out, '\n');
			str_addc(out, '\0');
		} while (--times > 0);
		return;
	}
	for (size_t i = 0; i < v.n;) {
		size_t from = i;

		while (i < v.n && !strchr(" \t\n", v.p[i]))
			i++;
		if (i > from) {
			str_add(out, v.p + from, i - from);
			str_addc(out, '\0');
		}
		i += i == from;
	}
}

/* One rendered script that runs, and what it must write. */
struct job {
	struct command c;
	struct str want;
	pid_t pid;
	char label[200];
};

enum { JOBS = 4 };

struct matrix {
	struct room room;
	struct job job[JOBS];
	size_t njobs, runs, bad;
	char canary[100];
};

static void
finish_jobs(struct matrix *m)
{
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < m->njobs; i++) {
		struct job *j = &m->job[i];
		auto_str got = STR_INIT;
		struct err e = ERR_INIT;
		int status;

		waitpid(j->pid, &status, 0);
		file_read(
		    room_path(&a, &m->room, arena_printf(&a, "out%zu", i)),
		    1 << 22, &got, &e);
		if (got.len != j->want.len ||
		    memcmp(got.buf, j->want.buf, got.len) != 0) {
			if (m->bad++ < 20)
				fprintf(stderr, "%s\n  got %.60s\n", j->label,
				    got.buf);
		}
		remove(room_path(&a, &m->room, arena_printf(&a, "out%zu", i)));
		str_release(&j->want);
		command_release(&j->c);
	}
	m->njobs = 0;
}

/* The words that differ from place to place. */
static void
add_fixed(const char *action, struct str *out, struct sv v)
{
	if (strstr(action, "args pre @ post")) {
		str_add(out, "pre\0", 4);
		expect_bytes(WORDS, 1, v, out);
		str_add(out, "post\0", 5);
	}
}

static const char *
action_of(struct arena *a, const char *action)
{
	auto_str out = STR_INIT;

	str_adds(&out,
	    "args() { for a; do printf '%s\\0' \"$a\" >>\"$OUT\"; done; }\n");
	for (const char *p = action; *p; p++) {
		if (strncmp(p, "[@]", 3) == 0 && strstr(action, "A=(@)")) {
			str_addc(&out, *p++);
			str_addc(&out, *p);
		} else if (strncmp(p, "@:shell", 7) == 0) {
			str_adds(&out, "${captured.v.output:shell}");
			p += 6;
		} else if (*p == '@') {
			str_adds(&out, "${captured.v.output}");
		} else {
			str_addc(&out, *p);
		}
	}
	return arena_dup(a, out.buf, out.len);
}

static void
start_job(struct matrix *m, struct arena *a, const struct place_row *p,
    struct command *c, struct sv v)
{
	struct job *j = &m->job[m->njobs];

	j->c = *c;
	j->want = (struct str)STR_INIT;
	if (strstr(p->action, " pre "))
		add_fixed(p->action, &j->want, v);
	else
		expect_bytes(p->want, p->times, v, &j->want);
	snprintf(j->label, sizeof(j->label), "%.90s <- %.60s", p->action, v.p);
	vec_push(
	    &j->c.env, arena_printf(a, "OUT=%s/out%zu", m->room.dir, m->njobs));
	vec_push(&j->c.env, arena_printf(a, "CANARY=%s", m->canary));
	j->pid = room_start(&m->room, &j->c);
	m->runs++;
	if (++m->njobs == JOBS)
		finish_jobs(m);
}

static bool
same_command(const struct command *a, const char *run, const char *env)
{
	return run && strcmp(a->run, run) == 0 &&
	    (a->env.len ? env && strcmp(a->env.at[0], env) == 0 : !env);
}

static void
one_value(struct matrix *m, struct arena *a, const struct place_row *p,
    const char *action, struct sv v)
{
	const char *run = NULL, *env = NULL, *why;

	for (int o = ORIGIN_FILE; o <= ORIGIN_RUNNER; o++) {
		const struct val *val = room_value(a, v.p, v.n, (enum origin)o);
		struct command c;
		bool refuse = must_refuse(p->want, v);
		int rc = room_render(&m->room, a, action, val, &c, &why);

		if (p->plain && o <= ORIGIN_COMMAND) {
			/* Text on purpose: there verbatim, or refused. */
			if (rc == 0 &&
			    !memmem(c.text, strlen(c.text), v.p, v.n))
				m->bad += !strstr(c.text, "${LL_V0}");
			if (rc == 0)
				command_release(&c);
			continue;
		}
		if ((rc < 0) != refuse ||
		    (rc < 0 && !strstr(why, "captured"))) {
			if (m->bad++ < 20)
				fprintf(stderr, "%s <- %.60s: %s\n", p->action,
				    v.p, rc < 0 ? why : "started");
		}
		if (rc < 0)
			continue;
		if (refuse || same_command(&c, run, env) ||
		    (o == ORIGIN_RUNNER && p->want == WORDS) ||
		    (o == ORIGIN_RUNNER && p->plain)) {
			command_release(&c);
			continue;
		}
		run = c.run;
		env = c.env.len ? c.env.at[0] : NULL;
		start_job(m, a, p, &c, v);
	}
}

static void
run_matrix(const struct place_row *rows, size_t n)
{
	struct values values = { VEC_INIT, ARENA_INIT };
	struct matrix m = { 0 };
	auto_arena a = ARENA_INIT;

	room_open(&m.room);
	snprintf(m.canary, sizeof(m.canary), "%s/canary", m.room.dir);
	mkdir(m.canary, 0755);
	make_values(&values);
	for (size_t r = 0; r < n; r++) {
		for (size_t i = 0; i < values.all.len; i++) {
			struct sv v = values.all.at[i];

			if (rows[r].small && v.n > 50000)
				continue;
			if (rows[r].want == NOTHING && memchr(v.p, 0, v.n))
				continue;
			one_value(
			    &m, &a, &rows[r], action_of(&a, rows[r].action), v);
			if (m.njobs == 0)
				arena_reset(&a);
		}
	}
	finish_jobs(&m);
	printf("matrix: %zu values, %zu places, %zu runs\n", values.all.len, n,
	    m.runs);
	cr_assert(rmdir(m.canary) == 0, "a value was executed");
	room_close(&m.room);
	vec_release(&values.all);
	arena_release(&values.mem);
	cr_assert_eq(m.bad, 0);
}

TEST(script_matrix, shell)
{
	run_matrix(places, COUNT(places));
}

TEST(script_matrix, python)
{
	cr_assert_eq(system("command -v python3 >/dev/null"), 0,
	    "no python3 (sh tests/setup.sh test installs it)");
	run_matrix(pythons, COUNT(pythons));
}

TEST(script_matrix, node)
{
	cr_assert_eq(system("command -v node >/dev/null"), 0,
	    "no node (sh tests/setup.sh test installs it)");
	run_matrix(nodes, COUNT(nodes));
}
