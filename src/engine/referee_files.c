/*
 * Files that judges are shown.  They are read by a helper and within bounds,
 * relative to where actions run; where there is a pattern, what it finds is
 * all that counts.
 */
#include "engine/referee_files.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "engine/verdict.h"

enum {
	SEARCHED_MAX = 1 << 20, /* bytes of a file that a pattern looks at */
	FOUND_MAX = 1 << 16,    /* bytes of what it found */
};

#define ANY_SIZE (1LL << 60)

/* Which file, how much of its end, and the most that it may hold. */
struct wanted {
	const char *file;
	long long keep, max;
};

/* 1, or 0 with *why; `absent`: whether it is not there. */
static int
read_text(struct run *run, const struct wanted *w, struct judge_text *out,
    const char **why, bool *absent, struct err *e)
{
	struct arena *a = run_mem(run);
	struct val *args = val_map(a);
	const struct val *text;
	struct helped h;

	val_set(a, args, "file", val_text(a, w->file));
	val_set(a, args, "keep", val_int(a, w->keep));
	val_set(a, args, "max", val_int(a, w->max));
	if (verdict_probe(run, "text", args, &h, e) < 0)
		return -1;
	text = h.v ? val_get(h.v, "text") : NULL;
	*absent = !h.v && strcmp(h.kind, "absent") == 0;
	if (!text || text->kind != VAL_TEXT) {
		*why = h.v ? "no text" : h.error;
		return 0;
	}
	out->end = text->t;
	out->bytes = (size_t)val_num(h.v, "bytes", 0);
	return 1;
}

int
referee_baseline(struct run *run, const struct judging *how,
    struct judge_text *out, const char **why, struct err *e)
{
	const struct wanted w = { arena_printf(run_mem(run), "%s/output.txt",
				      how->baseline),
		JUDGE_TAIL, ANY_SIZE };
	bool absent = false;
	int rc = read_text(run, &w, out, why, &absent, e);

	if (absent)
		*why = NULL;
	return rc;
}

int
referee_promote(struct run *run, const struct judging *how, struct sv text,
    const char **why, struct err *e)
{
	struct arena *a = run_mem(run);
	struct val *args = val_map(a);
	struct helped h;

	val_set(a, args, "file",
	    val_text(a, arena_printf(a, "%s/output.txt", how->baseline)));
	val_set(a, args, "text", val_bytes(a, text.p, text.n));
	if (verdict_probe(run, "put_text", args, &h, e) < 0)
		return -1;
	if (!h.v)
		*why = h.error;
	return h.v != NULL;
}

/* All that matches, one under the other; false and *e when it cannot be told
 * or there is nothing. */
static bool
search(const struct rx *rx, struct sv text, struct str *out, struct err *e)
{
	size_t at = 0, from, to;
	int rc;

	while ((rc = rx_search_at(rx, text.p, text.n, at, &from, &to, e)) > 0 &&
	    out->len <= FOUND_MAX) {
		if (out->len)
			str_addc(out, '\n');
		str_add(out, text.p + from, to - from);
		at = to > from ? to : to + 1;
	}
	if (rc == 0 && !out->len)
		err_set(e, ERR_INPUT, "nothing matches the pattern");
	return rc >= 0 && out->len > 0;
}

/* One side of a pair: 1, or 0 and *why. */
static int
read_side(struct run *run, const char *file, const struct rx *rx,
    struct judge_text *out, const char **why, struct err *e)
{
	const struct wanted w = { file, rx ? SEARCHED_MAX : JUDGE_TAIL,
		rx ? SEARCHED_MAX : ANY_SIZE };
	struct arena *a = run_mem(run);
	auto_str found = STR_INIT;
	struct err bad = ERR_INIT;
	bool absent;
	int rc = read_text(run, &w, out, why, &absent, e);

	if (rc <= 0 || !rx)
		return rc;
	if (!search(rx, out->end, &found, &bad)) {
		*why = arena_printf(a, "%s: %s", file, bad.msg);
		return 0;
	}
	out->end = sv_make(arena_dup(a, found.buf, found.len), found.len);
	out->bytes = found.len;
	return 1;
}

int
referee_pair(struct run *run, const struct contract_pair *p,
    struct referee_sides *out, const char **why, struct err *e)
{
	int rc =
	    read_side(run, p->producer, p->producer_rx, &out->producer, why, e);

	return rc > 0 ? read_side(run, p->consumer, p->consumer_rx,
			    &out->consumer, why, e)
		      : rc;
}
