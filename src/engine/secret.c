/*
 * Masking at the two doors of the engine: events on their way out, bytes of
 * children on their way in.  Names are left alone, since the run is steered
 * by them; cmd/launch refuses secrets that occur in one.
 */
#include "engine/secret.h"

#include <string.h>

#include "base/auto.h"
#include "os/memfile.h"

/* Fields that hold names and words, never what a value could be in. */
static const char *const names[] = {
	"boot_id",
	"capture",
	"cause",
	"edge",
	"event",
	"failure_class",
	"failure_type",
	"final_state",
	"from",
	"initial",
	"kind",
	"loop",
	"next",
	"outcome",
	"phase",
	"route",
	"run",
	"secrets",
	"state",
	"status",
	"summary_state",
	"terminated_by",
	"timeout_kind",
	"to",
	"type",
	"verdict",
	"version",
	"withheld",
};

/* Suffixes of fields that say where a long text lies. */
static const char *const places[] = { "_file", "_sum" };

static bool
is_name(const char *key)
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(key, names[i]) == 0)
			return true;
	for (size_t i = 0; i < COUNT(places); i++)
		if (sv_ends(sv(key), places[i]))
			return true;
	return false;
}

const struct val *
secret_fields(
    const struct mask *mask, struct arena *a, const struct val *fields)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < fields->map.len; i++) {
		struct member m = fields->map.at[i];

		if (!is_name(m.key))
			m.v = mask_val(mask, a, m.v);
		val_add(a, out, m);
	}
	return out;
}

int
secret_sift(struct secret *s, const struct mask *mask, int stream,
    struct sv bytes, const struct secret_to *to, struct err *e)
{
	struct sieve *x = &s->sieve[stream - 1];
	auto_str out = STR_INIT;

	if (!x->trie)
		*x = mask_sieve(mask);
	sieve_feed(x, bytes.p, bytes.n, &out);
	return out.len ? to->put(to->self, stream, out.buf, out.len, e) : 0;
}

int
secret_sift_end(struct secret *s, const struct secret_to *to, struct err *e)
{
	for (int i = 0; i < 2; i++) {
		auto_str out = STR_INIT;

		if (!s->sieve[i].trie)
			continue;
		sieve_end(&s->sieve[i], &out);
		if (out.len &&
		    to->put(to->self, i + 1, out.buf, out.len, e) < 0)
			return -1;
	}
	return 0;
}

const char *
secret_lend(struct secret *s, struct arena *a, struct sv text, struct err *e)
{
	const char *path;
	int fd = memfile_new(text, a, &path, e);

	if (fd < 0)
		return NULL;
	vec_push(&s->lent, fd);
	return path;
}

void
secret_take_back(struct secret *s)
{
	for (size_t i = 0; i < s->lent.len; i++)
		close(s->lent.at[i]);
	s->lent.len = 0;
	for (size_t i = 0; i < COUNT(s->sieve); i++) {
		sieve_release(&s->sieve[i]);
		s->sieve[i].trie = NULL;
	}
}

void
secret_release(struct secret *s)
{
	secret_take_back(s);
	vec_release(&s->lent);
}
