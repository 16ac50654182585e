/*
 * What the action of a step prints, in memory while its JSON form fits into a
 * record, in a file of the run from the first byte once it does not.  Counts
 * and drops what is over the limit or what the run's files have no room for,
 * and says so.  Several steps print at the same time, each into its slot.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/output_part.h"
#include "text/json.h"

/* What a slot beside the first one holds from step to step, of a stream. */
enum { IDLE_MAX = 4096 };

struct flow {
	struct str text; /* all that is kept, while fd is -1 */
	size_t counted;  /* bytes of it that `json` is the length of */
	size_t json;
	bool inexact; /* base64 it will be */
	int fd;
	char *path; /* of the file; NULL: none */
	long long bytes, kept;
	XXH3_state_t *sum; /* of what is in the file */
};

struct slot {
	long long seq;
	struct vault_rules rules;
	bool open;
	struct flow flow[2];
};

static void
flow_close(struct flow *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

static void
flow_reset(struct flow *f)
{
	flow_close(f);
	free(f->path);
	f->path = NULL;
	str_reset(&f->text);
	f->counted = f->json = 0;
	f->inexact = false;
	f->bytes = f->kept = 0;
}

static struct slot *
slot_new(void)
{
	struct slot *s = mem_new(sizeof(*s));

	for (int i = 0; i < 2; i++)
		s->flow[i] = (struct flow) { .text = STR_INIT, .fd = -1 };
	return s;
}

void
slot_free(struct slot *s)
{
	if (!s)
		return;
	for (int i = 0; i < 2; i++) {
		flow_reset(&s->flow[i]);
		str_release(&s->flow[i].text);
		XXH3_freeState(s->flow[i].sum);
	}
	free(s);
}

/* The bytes before a last UTF-8 sequence that may still be going on. */
static size_t
whole_part(const char *p, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		unsigned char c = (unsigned char)p[n - back];
		size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if ((c & 0xc0) != 0x80)
			return want > back ? n - back : n;
	}
	return n;
}

/* Does the JSON form of what is in memory still fit? */
static bool
fits(struct flow *f, bool last)
{
	const char *p = f->text.buf + f->counted;
	size_t n = f->text.len - f->counted;

	if (f->text.len > OUTPUT_INLINE_MAX)
		return false;
	if (!last)
		n = whole_part(p, n);
	if (!f->inexact && n) {
		f->inexact = !json_is_exact(p, n);
		f->json += json_quoted_len(p, n) - 2;
		f->counted += n;
	}
	if (f->inexact)
		return (f->text.len + 2) / 3 * 4 + 2 <= OUTPUT_INLINE_MAX;
	return f->json + 2 <= OUTPUT_INLINE_MAX;
}

static int
flow_write(
    struct output *o, struct flow *f, const char *p, size_t n, struct err *e)
{
	long long room = output_room(o);

	if ((long long)n > room) {
		o->full = true;
		n = (size_t)room;
	}
	if (file_write_all(f->fd, p, n) < 0)
		return err_sys(e, "write %s", f->path);
	XXH3_64bits_update(f->sum, p, n);
	o->used += (long long)n;
	f->kept += (long long)n;
	return 0;
}

/* From memory to a file.  A file of that number that no record names is what
 * a crash left: it is replaced. */
static int
spill(struct output *o, struct slot *s, int i, struct err *e)
{
	struct flow *f = &s->flow[i];
	auto_str path = STR_INIT;

	str_addf(&path, "%s/%lld.%s", o->dir, s->seq, i ? "err" : "out");
	f->fd = output_create(o, path.buf, O_TRUNC);
	if (f->fd < 0)
		return err_sys(e, "create %s", path.buf);
	f->path = str_detach(&path);
	if (!f->sum)
		f->sum = XXH3_createState();
	if (!f->sum)
		abort();
	XXH3_64bits_reset(f->sum);
	f->kept = 0;
	if (flow_write(o, f, f->text.buf, f->text.len, e) < 0)
		return -1;
	str_release(&f->text);
	return 0;
}

int
slot_open(void *output, size_t slot, long long seq,
    const struct vault_rules *rules, struct err *e)
{
	struct output *o = output;
	struct slot *s;

	if (slot >= VAULT_SLOTS)
		return err_set(e, ERR_INTERNAL, "there is no slot %zu", slot);
	if (!o->slots[slot])
		o->slots[slot] = slot_new();
	s = o->slots[slot];
	for (int i = 0; i < 2; i++) {
		flow_reset(&s->flow[i]);
		if (slot > 0 && s->flow[i].text.room > IDLE_MAX)
			str_release(&s->flow[i].text);
	}
	s->seq = seq;
	s->rules = *rules;
	if (s->rules.limit <= 0)
		s->rules.limit = o->opts.limit;
	s->open = true;
	o->full |= output_room(o) == 0;
	return 0;
}

static int
keep(struct output *o, struct slot *s, int i, struct sv text, struct err *e)
{
	struct flow *f = &s->flow[i];

	if (!f->path && f->text.len + text.n <= OUTPUT_INLINE_MAX) {
		str_addsv(&f->text, text);
		f->kept += (long long)text.n;
		return fits(f, false) ? 0 : spill(o, s, i, e);
	}
	if (!f->path && spill(o, s, i, e) < 0)
		return -1;
	return flow_write(o, f, text.p, text.n, e);
}

int
slot_put(void *output, size_t slot, int stream, const char *p, size_t n,
    struct err *e)
{
	struct output *o = output;
	struct slot *s = o->slots[slot];
	struct flow *f = &s->flow[stream - 1];
	long long room = s->rules.limit - f->kept;
	bool over = (long long)n > room;

	assert(s->open && (stream == 1 || stream == 2));
	f->bytes += (long long)n;
	if (over)
		n = room > 0 ? (size_t)room : 0;
	if (n && !o->full && keep(o, s, stream - 1, sv_make(p, n), e) < 0)
		return -1;
	if (o->full)
		return VAULT_FULL;
	return over && s->rules.fails ? VAULT_OVER : 0;
}

static void
flow_tell(struct flow *f, struct stream *out)
{
	XXH64_hash_t sum = f->path ? XXH3_64bits_digest(f->sum)
				   : XXH3_64bits(f->text.buf, f->text.len);

	*out = (struct stream) { .text = f->path ? NULL : f->text.buf,
		.len = f->path ? (size_t)f->kept : f->text.len,
		.file = f->path,
		.bytes = f->bytes,
		.truncated = f->bytes > f->kept };
	snprintf(
	    out->sum, sizeof(out->sum), "%016llx", (unsigned long long)sum);
}

int
slot_close(void *output, size_t slot, struct stream out[2], struct err *e)
{
	struct output *o = output;
	struct slot *s = o->slots[slot];
	bool files = false;

	for (int i = 0; i < 2; i++) {
		struct flow *f = &s->flow[i];

		if (!f->path && !fits(f, true) && spill(o, s, i, e) < 0)
			return -1;
		if (f->fd >= 0 && output_sync(o, f->fd, f->path, e) < 0)
			return -1;
		files |= f->fd >= 0;
		flow_close(f);
	}
	if (files && output_sync_dir(o, e) < 0)
		return -1;
	s->open = false;
	for (int i = 0; i < 2; i++)
		flow_tell(&s->flow[i], &out[i]);
	return o->full ? VAULT_FULL : 0;
}
