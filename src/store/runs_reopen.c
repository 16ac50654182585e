/*
 * Going on with the journal of a run whose writer is gone.  Only a torn last
 * line is cut; anything else that is broken is left as it is.
 */
#include <sys/stat.h>

#include "base/clock.h"
#include "store/runs_part.h"

static int
apply(void *self, const struct event *ev, struct err *e)
{
	(void)e;
	point_apply(self, ev);
	return 0;
}

/* Say that the end was cut: how many bytes of how long a file. */
static int
note_repair(struct journal *j, struct point *p, long long cut, struct err *e)
{
	auto_arena mem = ARENA_INIT;
	struct val *v = val_map(&mem);
	const struct event ev = {
		.kind = EV_JOURNAL_REPAIRED,
		.seq = p->seq + 1,
		.wall_us = clock_wall_us(),
		.fields = v,
		.item = -1,
	};

	val_set(&mem, v, "bytes", val_int(&mem, cut));
	if (journal_append(j, &ev, e) < 0)
		return -1;
	point_apply(p, &ev);
	return 0;
}

struct journal *
runs_reopen(
    const struct place_run *place, bool durable, struct point *p, struct err *e)
{
	struct journal_end end;
	struct journal *j;
	struct stat st;
	uint64_t seed;

	if (runs_seed(place, &seed, e) < 0 ||
	    journal_read(place->journal, seed, apply, p, &end, e) < 0)
		return NULL;
	if (end.records == 0 && end.state != JOURNAL_CORRUPT) {
		err_set(e, ERR_ABSENT, "%s: no record", place->journal);
		return NULL;
	}
	if (stat(place->journal, &st) < 0) {
		err_sys(e, "%s", place->journal);
		return NULL;
	}
	j = journal_reopen(place->journal, seed, &end, durable, e);
	if (j && end.state == JOURNAL_TORN &&
	    note_repair(j, p, st.st_size - end.bytes, e) < 0) {
		journal_free(j);
		return NULL;
	}
	return j;
}
