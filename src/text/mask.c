/*
 * One trie for all values and forms.  The common case is a short text with
 * nothing to hide: it is read once and nothing is copied.
 */
#include "text/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "text/json.h"
#include "text/mask_form.h"

struct mask {
	struct trie *trie;
	size_t n; /* values */
};

struct mask *
mask_new(void)
{
	struct mask *m = mem_new(sizeof(*m));

	m->trie = trie_new();
	return m;
}

void
mask_free(struct mask *m)
{
	if (!m)
		return;
	trie_free(m->trie);
	free(m);
}

bool
mask_can_hide(struct sv value)
{
	struct sv line;

	while (sv_cut(&value, '\n', &line))
		if (sv_trim(line).n >= MASK_MIN)
			return true;
	return false;
}

static void
add_form(void *self, struct sv form)
{
	trie_add(self, form);
}

void
mask_add(struct mask *m, struct sv value)
{
	if (!mask_can_hide(value))
		return;
	mask_forms(value, add_form, m->trie);
	m->n++;
}

void
mask_seal(struct mask *m)
{
	trie_seal(m->trie);
}

bool
mask_is_empty(const struct mask *m)
{
	return m->n == 0;
}

struct sieve
mask_sieve(const struct mask *m)
{
	return (struct sieve)SIEVE_INIT(m->trie);
}

bool
mask_hits(const struct mask *m, struct sv text)
{
	uint32_t at = 0;

	for (size_t i = 0; i < text.n; i++) {
		at = trie_step(m->trie, at, (unsigned char)text.p[i]);
		if (trie_match(m->trie, at))
			return true;
	}
	return trie_depth(m->trie, at) >= SIEVE_CUT_MIN;
}

void
mask_text(const struct mask *m, struct sv text, struct str *out)
{
	struct sieve s = mask_sieve(m);

	sieve_feed(&s, text.p, text.n, out);
	sieve_end(&s, out);
	sieve_release(&s);
}

static void
cover(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != '\n')
			p[i] = '*';
}

void
mask_cover(const struct mask *m, char *p, size_t n)
{
	uint32_t at = 0;
	size_t begin = 0, end = 0; /* of what is covered last */

	/* Only what was read before is written over. */
	for (size_t i = 0; i < n; i++) {
		size_t len, from;

		at = trie_step(m->trie, at, (unsigned char)p[i]);
		len = trie_match(m->trie, at);
		if (!len)
			continue;
		from = i + 1 - len;
		if (from > end)
			begin = end = from;
		if (from < begin)
			cover(p + from, begin - from);
		begin = from < begin ? from : begin;
		cover(p + end, i + 1 - end);
		end = i + 1;
	}
}

static const struct val *
masked_text(const struct mask *m, struct arena *a, const struct val *v)
{
	auto_str out = STR_INIT;
	struct val *copy;

	if (!mask_hits(m, v->t))
		return v;
	mask_text(m, v->t, &out);
	copy = val_bytes(a, out.buf, out.len);
	copy->origin = v->origin;
	copy->style = STYLE_FOLDED;
	copy->at = v->at;
	return copy;
}

static struct val *
same_kind(struct arena *a, const struct val *v)
{
	struct val *copy = v->kind == VAL_LIST ? val_list(a) : val_map(a);

	copy->origin = v->origin;
	copy->style = v->style;
	copy->indent = v->indent;
	copy->at = v->at;
	return copy;
}

static const struct val *
masked_list(const struct mask *m, struct arena *a, const struct val *v)
{
	struct val *copy = NULL;

	for (size_t i = 0; i < v->list.len; i++) {
		const struct val *x = mask_val(m, a, v->list.at[i]);

		if (!copy && x != v->list.at[i]) {
			copy = same_kind(a, v);
			for (size_t k = 0; k < i; k++)
				val_push(a, copy, v->list.at[k]);
		}
		if (copy)
			val_push(a, copy, x);
	}
	return copy ? copy : v;
}

/* A key that no other has: `***`, `***2`, ... */
static const char *
masked_key(const struct mask *m, struct arena *a, const struct val *taken,
    const char *key)
{
	auto_str out = STR_INIT;
	const char *free_key;

	if (!mask_hits(m, sv(key)) && !val_get(taken, key))
		return key;
	mask_text(m, sv(key), &out);
	free_key = arena_strdup(a, out.buf);
	for (int i = 2; val_get(taken, free_key); i++)
		free_key = arena_printf(a, "%s%d", out.buf, i);
	return free_key;
}

static const struct val *
masked_map(const struct mask *m, struct arena *a, const struct val *v)
{
	struct val *copy = same_kind(a, v);
	bool changed = false;

	for (size_t i = 0; i < v->map.len; i++) {
		struct member x = v->map.at[i];

		x.key = masked_key(m, a, copy, x.key);
		x.v = mask_val(m, a, x.v);
		changed |= x.key != v->map.at[i].key || x.v != v->map.at[i].v;
		val_add(a, copy, x);
	}
	return changed ? copy : v;
}

const struct val *
mask_val(const struct mask *m, struct arena *a, const struct val *v)
{
	switch (v->kind) {
	case VAL_TEXT:
		return masked_text(m, a, v);
	case VAL_LIST:
		return masked_list(m, a, v);
	case VAL_MAP:
		return masked_map(m, a, v);
	default:
		return v;
	}
}

static const struct val *
number(const struct mask *m, struct arena *a, const struct val *v)
{
	auto_str text = STR_INIT;
	struct val *stars;

	json_write(&text, v, JSON_COMPACT);
	if (!mask_hits(m, str_sv(&text)))
		return v;
	stars = val_text(a, SIEVE_STARS);
	stars->origin = v->origin;
	return stars;
}

/* Numbers hide like texts here; mask_val() leaves them, since in a record
 * they are times and counts.  The same pointer when there are none. */
static const struct val *
numbers(const struct mask *m, struct arena *a, const struct val *v)
{
	bool list = v->kind == VAL_LIST, changed = false;
	size_t n = list ? v->list.len : v->map.len;
	struct val *out;

	if (v->kind == VAL_INT || v->kind == VAL_REAL)
		return number(m, a, v);
	if (!list && v->kind != VAL_MAP)
		return v;
	out = list ? val_list(a) : val_map(a);
	out->origin = v->origin;
	for (size_t i = 0; i < n; i++) {
		const struct val *in = list ? v->list.at[i] : v->map.at[i].v;
		const struct val *shown = numbers(m, a, in);

		changed |= shown != in;
		if (list)
			val_push(a, out, shown);
		else
			val_set(a, out, v->map.at[i].key, shown);
	}
	return changed ? out : v;
}

const struct val *
mask_numbers(const struct mask *m, struct arena *a, const struct val *v)
{
	return numbers(m, a, mask_val(m, a, v));
}
