/*
 * Sequences of events as text, one JSON record a line without seq and ts
 * (they are put in), folded twice: as they are, and from what event_write()
 * makes of them.  What the journal holds must be enough.
 */
#ifndef TESTS_POINT_ROWS_H
#define TESTS_POINT_ROWS_H

#include <string.h>

#include "base/auto.h"
#include "loop/point.h"
#include "test.h"
#include "text/json.h"

#define RUN                                                             \
	"{\"event\":\"run_start\",\"run\":\"r\",\"timeout_ms\":9000}\n" \
	"{\"event\":\"loop_start\",\"loop\":\"p\",\"initial\":\"a\"}\n"
#define ENTER(s) "{\"event\":\"state_enter\",\"state\":\"" s "\"}\n"

struct point_row {
	const char *name;
	const char *records;
	const char *want; /* lines of `path = JSON` */
};

struct fold_pair {
	struct point live, read;
	long long seq;
};

/* clang-format off */
#define FOLD_PAIR_INIT { .seq = 0 }
/* clang-format on */

static inline char *
point_text(const struct point *p)
{
	auto_arena a = ARENA_INIT;
	struct str out = STR_INIT;

	json_write(&out, point_val(p, &a), JSON_COMPACT);
	return str_detach(&out);
}

static inline const struct val *
point_json_of(struct arena *a, struct sv text, const char *what)
{
	struct err e = ERR_INIT;
	const struct val *v = json_read(a, text.p, text.n, ORIGIN_FILE, &e);

	cr_assert(v, "%s: %s: %.*s", what, e.msg, (int)text.n, text.p);
	return v;
}

/* Fold it as it is and as it is read back. */
static inline void
pair_apply(struct fold_pair *pair, const struct event *ev)
{
	auto_arena a = ARENA_INIT;
	auto_str line = STR_INIT;
	struct event again;

	event_write(&line, ev);
	str_addc(&line, '}');
	cr_assert(
	    event_read(&a, point_json_of(&a, str_sv(&line), "record"), &again));
	point_apply(&pair->live, ev);
	point_apply(&pair->read, &again);
}

static inline void
pair_line(struct fold_pair *pair, struct sv line)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct event ev;

	str_addf(&text,
	    "{\"seq\":%lld,\"ts\":\"2026-11-21T00:00:00.000000+00:00\",",
	    ++pair->seq);
	str_add(&text, line.p + 1, line.n - 1);
	cr_assert(event_read(&a, point_json_of(&a, str_sv(&text), "row"), &ev));
	pair_apply(pair, &ev);
}

static inline void
pair_lines(struct fold_pair *pair, const char *records)
{
	struct sv rest = sv(records), line;

	while (rest.n && sv_cut(&rest, '\n', &line))
		if (line.n)
			pair_line(pair, line);
}

static inline void
pair_same(const struct fold_pair *pair, const char *name)
{
	auto_free char *live = point_text(&pair->live);
	auto_free char *again = point_text(&pair->read);

	cr_assert_str_eq(live, again, "%s", name);
}

static inline void
pair_release(struct fold_pair *pair)
{
	point_release(&pair->live);
	point_release(&pair->read);
}

static inline void
pair_want(const struct fold_pair *pair, struct sv want, const char *name)
{
	auto_arena a = ARENA_INIT;
	auto_str got = STR_INIT;
	const struct val *v = point_val(&pair->live, &a);
	char *path = arena_dup(&a, want.p, want.n);
	char *json = strstr(path, " = ");
	struct sv rest, seg;

	cr_assert(json, "%s: %s", name, path);
	*json = '\0';
	rest = sv(path);
	while (v && rest.n && sv_cut(&rest, '.', &seg))
		v = val_step(v, seg);
	if (v)
		json_write(&got, v, JSON_COMPACT);
	cr_assert_str_eq(
	    v ? got.buf : "absent", json + 3, "%s: %s", name, path);
}

static inline void
point_rows(const struct point_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct fold_pair pair = FOLD_PAIR_INIT;
		struct sv rest = sv(rows[i].want), line;

		pair_lines(&pair, rows[i].records);
		pair_same(&pair, rows[i].name);
		while (rest.n && sv_cut(&rest, '\n', &line))
			pair_want(&pair, line, rows[i].name);
		pair_release(&pair);
	}
}

#endif
