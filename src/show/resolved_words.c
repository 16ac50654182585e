/*
 * Names of other loops in a document that is put together.  What a file says
 * is looked up from beside that file; where this would find another one when
 * it is looked up from beside the loop's own, the path of the file is written
 * in its place.  A name with references is left: only a run knows it.
 */
#include <string.h>

#include "base/auto.h"
#include "show/resolved_part.h"

/* The file that the word means when this file says it, or NULL. */
static const char *
found_from(struct arena *a, const struct resolved *x, const char *word,
    const char *referrer)
{
	struct found f = { .text = STR_INIT };
	struct find where = *x->find;
	struct err unused = ERR_INIT;

	where.referrer = referrer;
	where.builtin_only = false;
	if (find_loop(&where, word, a, &f, &unused) < 0)
		return NULL;
	str_release(&f.text);
	return f.path;
}

static const struct val *
word_for(struct arena *a, const struct resolved *x, const struct val *word)
{
	const char *own = x->loop->file, *there, *here;
	struct val *out;

	if (!x->find || word->kind != VAL_TEXT || !word->t.n ||
	    strlen(word->t.p) != word->t.n || strstr(word->t.p, "${") ||
	    !word->at.file || !strcmp(word->at.file, own))
		return word;
	there = found_from(a, x, word->t.p, word->at.file);
	here = found_from(a, x, word->t.p, own);
	if (!there || (here && !strcmp(here, there)))
		return word;
	out = val_text(a, there);
	out->at = word->at;
	return out;
}

const struct val *
resolved_words(
    struct arena *a, const struct resolved *x, const struct member *m)
{
	const struct val *word;
	struct val *out;

	if (!strcmp(m->key, "loop"))
		return word_for(a, x, m->v);
	word = strcmp(m->key, "parallel") ? NULL : val_get(m->v, "loop");
	if (!word || word_for(a, x, word) == word)
		return m->v;
	out = val_map(a);
	out->at = m->v->at;
	for (size_t i = 0; i < m->v->map.len; i++) {
		struct member p = m->v->map.at[i];

		if (p.v == word)
			p.v = word_for(a, x, word);
		val_add(a, out, p);
	}
	return out;
}
