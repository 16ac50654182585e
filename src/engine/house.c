/*
 * Where a frame works is inherited, unless its caller says `worktree: BRANCH`.
 * A branch that comes out empty is none.
 */
#include "engine/house.h"

#include "base/auto.h"
#include "engine/vars.h"

int
house_in(struct run *r, const struct state *s, struct level *level,
    struct err *why, struct err *e)
{
	const struct level *above = run_level_of(r->worker);
	struct lookup look = vars_lookup(r);
	auto_str branch = STR_INIT;
	struct sv word;

	if (above)
		level->at = above->at;
	level->at.own = false;
	if (!s->call.worktree)
		return 0;
	if (tmpl_render(
		s->call.worktree, &look, run_mem(r), &branch, NULL, why) < 0)
		return 1;
	word = sv_trim(str_sv(&branch));
	if (word.n == 0)
		return 0;
	if (!r->yard.enter) {
		err_set(why, ERR_ABSENT, "no worktrees can be made here");
		return 1;
	}
	return r->yard.enter(r->yard.self, r,
	    arena_dup(run_mem(r), word.p, word.n), &level->at, why, e);
}

int
house_again(
    struct run *r, const struct val *was, struct level *level, struct err *e)
{
	const struct level *above = run_level_of(r->worker);

	if (above)
		level->at = above->at;
	level->at.own = false;
	if (!was || !r->yard.again)
		return 0;
	return r->yard.again(r->yard.self, r, was, &level->at, e);
}

int
house_out(struct run *r, const struct level *level, struct err *e)
{
	if (!level->at.own)
		return 0;
	return r->yard.leave(r->yard.self, r, &level->at, e);
}
