/*
 * Masking at the two doors of the engine: events on their way out, bytes of
 * children on their way in.  Names are left alone, since the run is steered
 * by them; cmd/launch refuses secrets that occur in one.
 */
#include "engine/secret.h"

#include <string.h>

#include "base/auto.h"
#include "os/memfile.h"
#include "text/mask.h"

/* Fields that hold names and words, never what a value could be in. */
static const char *const names[] = {
	"boot_id",
	"capture",
	"cause",
	"edge",
	"event",
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
secret_fields(struct run *r, const struct val *fields)
{
	struct val *out = val_map(&r->step);

	for (size_t i = 0; i < fields->map.len; i++) {
		struct member m = fields->map.at[i];

		if (!is_name(m.key))
			m.v = mask_val(r->mask, &r->step, m.v);
		val_add(&r->step, out, m);
	}
	return out;
}

int
secret_sift(struct run *r, int stream, struct sv bytes, secret_deliver *to,
    struct err *e)
{
	struct sieve *s = &r->sieve[stream - 1];
	auto_str out = STR_INIT;

	if (!s->trie)
		*s = mask_sieve(r->mask);
	sieve_feed(s, bytes.p, bytes.n, &out);
	return out.len ? to(r, stream, out.buf, out.len, e) : 0;
}

int
secret_sift_end(struct run *r, secret_deliver *to, struct err *e)
{
	for (int i = 0; i < 2; i++) {
		auto_str out = STR_INIT;

		if (!r->sieve[i].trie)
			continue;
		sieve_end(&r->sieve[i], &out);
		if (out.len && to(r, i + 1, out.buf, out.len, e) < 0)
			return -1;
	}
	return 0;
}

const char *
secret_lend(struct run *r, struct sv text, struct err *e)
{
	const char *path;
	int fd = memfile_new(text, &r->step, &path, e);

	if (fd < 0)
		return NULL;
	vec_push(&r->lent, fd);
	return path;
}

void
secret_take_back(struct run *r)
{
	for (size_t i = 0; i < r->lent.len; i++)
		close(r->lent.at[i]);
	r->lent.len = 0;
	for (size_t i = 0; i < COUNT(r->sieve); i++) {
		sieve_release(&r->sieve[i]);
		r->sieve[i].trie = NULL;
	}
}

const struct val *
secret_withheld(const struct run *r, struct sv key)
{
	return r->withheld ? val_step(r->withheld, key) : NULL;
}
