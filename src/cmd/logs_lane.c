/*
 * The states of a run and of the items that run, by their names: what a
 * heading of `logs` says.  Owns the files of actions that have not ended.
 */
#include "cmd/logs_lane.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct logs_lane *
find(const struct logs_lanes *l, long long item)
{
	for (size_t i = 0; i < l->at.len; i++)
		if (l->at.at[i]->who.item == item)
			return l->at.at[i];
	return NULL;
}

static struct logs_lane *
add(struct logs_lanes *l, long long item)
{
	struct logs_lane *lane = mem_new(sizeof(*lane));

	*lane = (struct logs_lane) {
		.who = { .item = item }, .path = STR_INIT, .ends = VEC_INIT
	};
	vec_push(&l->at, lane);
	return lane;
}

/* Back to `depth` states, then into this one. */
static void
enter(struct logs_lane *lane, long long depth, const char *state)
{
	if ((size_t)depth < lane->ends.len)
		lane->ends.len = (size_t)depth;
	str_cut(&lane->path,
	    lane->ends.len ? lane->ends.at[lane->ends.len - 1] : 0);
	if (lane->path.len)
		str_adds(&lane->path, " > ");
	str_adds(&lane->path, state);
	vec_push(&lane->ends, lane->path.len);
}

/* An item begins in the state that has it. */
static struct logs_lane *
begin(struct logs_lanes *l, long long item)
{
	struct logs_lane *lane = find(l, item), *run;

	if (lane)
		return lane;
	lane = add(l, item);
	run = find(l, -1);
	if (item < 0 || !run)
		return lane;
	str_addsv(&lane->path, str_sv(&run->path));
	for (size_t i = 0; i < run->ends.len; i++)
		vec_push(&lane->ends, run->ends.at[i]);
	return lane;
}

struct logs_lane *
logs_lanes_hear(struct logs_lanes *l, const struct event *ev)
{
	struct logs_lane *lane = begin(l, ev->item);

	if (ev->kind == EV_STATE_ENTER)
		enter(lane, ev->depth, val_str(ev->fields, "state", ""));
	if (ev->kind == EV_ACTION_START)
		lane->flight = ev->seq;
	if (ev->kind == EV_ACTION_START || ev->kind == EV_ACTION_COMPLETE)
		lane->who.depth = ev->depth;
	return lane;
}

void
logs_lane_speak(const struct logs_lane *lane, struct logs_say *say)
{
	size_t n = lane->ends.len;
	size_t from = n > 1 ? lane->ends.at[n - 2] + strlen(" > ") : 0;

	say->who = lane->who;
	say->path = str_sv(&lane->path);
	say->state = sv_make(lane->path.buf + from, lane->path.len - from);
}

void
logs_lane_land(struct logs_lane *lane)
{
	lane->flight = 0;
	for (int i = 0; i < 2; i++) {
		output_read_free(lane->live[i]);
		lane->live[i] = NULL;
	}
}

const char *
logs_lanes_where(const struct logs_lanes *l)
{
	const struct logs_lane *run = find(l, -1);

	return run ? run->path.buf : "";
}

static void
lane_free(struct logs_lane *lane)
{
	logs_lane_land(lane);
	str_release(&lane->path);
	vec_release(&lane->ends);
	free(lane);
}

void
logs_lanes_drop(struct logs_lanes *l, long long item)
{
	for (size_t i = 0; i < l->at.len; i++)
		if (l->at.at[i]->who.item == item) {
			lane_free(l->at.at[i]);
			l->at.at[i] = l->at.at[--l->at.len];
			return;
		}
}

void
logs_lanes_release(struct logs_lanes *l)
{
	for (size_t i = 0; i < l->at.len; i++)
		lane_free(l->at.at[i]);
	vec_release(&l->at);
}
