/*
 * Any bytes as a journal, folded as `status` folds it and shown as `history`
 * shows it.  A sum stops nearly
 * every change at once, so an input that begins with "=" gets right sums
 * first: then the fold must take whatever JSON the records hold.
 */
#include <string.h>
#include <sys/mman.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/file.h"
#include "fuzz.h"
#include "loop/point.h"
#include "show/jsonl.h"
#include "show/plain.h"
#include "store/journal.h"
#include "text/json.h"

enum { SEED = 7 };

static const char sum_key[] = ",\"sum\":\"";

/* The line without its sum, then the right one. */
static uint64_t
add_line(struct str *out, struct sv line, uint64_t before)
{
	const char *old = memmem(line.p, line.n, sum_key, strlen(sum_key));
	uint64_t sum;

	if (old)
		line.n = (size_t)(old - line.p);
	else if (line.n && line.p[line.n - 1] == '}')
		line.n--;
	sum = XXH3_64bits_withSeed(line.p, line.n, before);
	str_addsv(out, line);
	str_addf(out, "%s%016llx\"}\n", sum_key, (unsigned long long)sum);
	return sum;
}

static void
add_sums(struct str *out, struct sv rest)
{
	uint64_t sum = SEED;
	struct sv line;

	while (rest.n && sv_cut(&rest, '\n', &line))
		sum = add_line(out, line, sum);
}

struct reader {
	struct point point;
	struct out out;
	struct sink plain, jsonl;
};

/* What holds of every point: an item counts once, and only a fan has them. */
static void
must_stand(const struct point *p)
{
	const struct frame *f = point_fan(p);
	long long lanes = (long long)p->lanes.len - 1;

	must(lanes <= (f ? POINT_LANES_MAX : 0), "lanes are of a fan");
	must(!f ||
		f->fan->next ==
		    f->fan->succeeded + f->fan->failed + f->fan->unfinished +
			lanes,
	    "an item counts once");
}

static int
take(void *self, const struct event *ev, struct err *e)
{
	struct reader *r = self;

	point_apply(&r->point, ev);
	must_stand(&r->point);
	must(r->plain.hear(r->plain.self, ev, e) == 0 &&
		r->jsonl.hear(r->jsonl.self, ev, e) == 0,
	    "the screen refuses nothing");
	str_reset(&r->out.buf);
	return 0;
}

static void
fold(const char *path, bool replay)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct reader r = { .point = POINT_INIT,
		.out = { .buf = STR_INIT, .utf8 = true } };
	const struct plain_opts how = {
		.out = &r.out, .replay = replay, .verbose = !replay
	};
	struct plain *plain = plain_new(&how);
	struct jsonl *jsonl = jsonl_new(&r.out);
	struct journal_end end;
	struct event first, last;
	struct err e = ERR_INIT;

	r.plain = plain_sink(plain);
	r.jsonl = jsonl_sink(jsonl);
	if (journal_read(path, SEED, take, &r, &end, &e) < 0)
		must(e.kind != ERR_NONE, "a failure says why");
	json_write(&text, point_val(&r.point, &a), JSON_COMPACT);
	journal_peek(path, &a, &first, &last, &e);
	point_release(&r.point);
	plain_free(plain);
	jsonl_free(jsonl);
	out_release(&r.out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_str text = STR_INIT;
	auto_fd int fd = memfd_create("journal", MFD_CLOEXEC);
	char path[64];

	if (size && data[0] == '=')
		add_sums(&text, sv_make((const char *)data + 1, size - 1));
	else
		str_add(&text, data, size);
	must(fd >= 0 && file_write_all(fd, text.buf, text.len) == 0,
	    "there is memory for a file");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fold(path, size % 2);
	return 0;
}
