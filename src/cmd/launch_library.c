/*
 * A loop that is found while the run goes on is held to what is held against
 * those that are known before: nothing that is not acted on, no secret that
 * is not hidden.  What was read for it is sealed before it is used.
 */
#include "cmd/launch_library.h"

#include "cmd/again.h"
#include "loop/load.h"

/* What was read and said since; NULL: nothing. */
static int
seal(struct launch_library *l, struct arena *a, size_t from, size_t words,
    const struct val **out, struct err *e)
{
	const struct loop_files *f = &l->in->files;
	struct val *record = val_map(a);
	const struct val *rows;
	const struct run_spec spec = {
		.files = l->in->files.at,
		.nfiles = l->in->files.n,
		.durable = l->durable,
	};

	*out = NULL;
	if (f->n == from && f->nwords == words)
		return 0;
	rows = runs_seal_more(a, l->place, &spec, from, e);
	if (!rows) {
		/* What is not sealed is not run. */
		e->kind = ERR_IO;
		return -1;
	}
	val_set(a, record, "files", rows);
	val_set(a, record, "words",
	    runs_words(a, f->words + words, f->nwords - words));
	*out = record;
	return 0;
}

struct call_word {
	const char *by, *word;
};

/* `where` decides between what was sealed and what is there today. */
static int
find_at(struct launch_library *l, const struct find *where,
    const struct call_word *c, const struct loop **out, struct err *e)
{
	const struct load_opts how = { .lenient = l->in->o->lenient,
		.find = where,
		.family = l->in->family };
	const struct family_ask ask = { .opts = &how,
		.referrer = c->by,
		.word = c->word,
		.grown = &l->in->files };

	return family_find(l->in->family, &ask, out, e);
}

static int
find(void *self, const char *by, const char *word, struct arena *a,
    const struct loop **out, const struct val **sealed, struct err *e)
{
	struct launch_library *l = self;
	const struct call_word c = { by, word };
	struct find today = l->in->where;
	size_t from = l->in->files.n, words = l->in->files.nwords;
	const struct loop *found;
	int rc = find_at(l, &l->in->where, &c, &found, e);

	/* A run that goes on meets a loop that it has not met before. */
	if (rc < 0 && today.sealed && e->kind == ERR_ABSENT &&
	    l->in->o->again->stood) {
		*e = (struct err)ERR_INIT;
		today.sealed = NULL;
		rc = find_at(l, &today, &c, &found, e);
	} else if (today.sealed && l->in->o->again->stood) {
		/* Sealed it is already. */
		from = l->in->files.n;
		words = l->in->files.nwords;
	}
	if (rc < 0 || opened_allowed(l->in, e) < 0)
		return -1;
	launch_hosts_grown(l->hosts);
	if (launch_secrets_grown(l->secrets, l->in, e) < 0 ||
	    seal(l, a, from, words, sealed, e) < 0)
		return -1;
	*out = found;
	return 0;
}

struct library
launch_library(struct launch_library *l)
{
	return (struct library) { find, l };
}
