/*
 * Limits from everybody who may say one, the price tables, and the sum over a
 * day of the project.
 */
#include "cmd/launch_budget.h"

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "base/round.h"
#include "cmd/conf.h"
#include "cmd/findings.h"
#include "text/yml.h"

#define NAME "prices.yaml"

/* clang-format off */
static const struct {
	enum setting setting;
	double unit;
} rows[BUDGETS] = {
	[BUDGET_STEPS]  = { SET_STEPS, 1 },
	[BUDGET_WALL]   = { SET_WALL, 1000 },
	[BUDGET_CALLS]  = { SET_AGENT_CALLS, 1 },
	[BUDGET_TOKENS] = { SET_TOKENS, 1 },
	[BUDGET_USD]    = { SET_USD, 1e6 },
	[BUDGET_DAY]    = { SET_USD_PER_DAY, 1e6 },
};
/* clang-format on */

static void
from_settings(struct launch_budget *l, const struct settings *s, int k)
{
	const struct settled *x = &s->at[rows[k].setting];
	struct budget_limit *b = &l->budget.of[k];
	double n;

	if (!x->v || (b->at >= 0 && x->from < FROM_VARIABLE))
		return;
	n = x->v->kind == VAL_INT ? (double)x->v->i : x->v->r;
	b->at = round_near(n * rows[k].unit);
	b->key = x->name ? x->name : setting_row(rows[k].setting)->path;
	l->by[k] = x;
}

static void
from_option(
    struct launch_budget *l, enum budget_kind k, double n, const char *name)
{
	if (n < 0)
		return;
	l->budget.of[k].at = round_near(n * rows[k].unit);
	l->budget.of[k].key = name;
	l->by[k] = NULL;
}

void
launch_budget(struct launch_budget *l, struct args *args,
    const struct launch_opts *o, const struct loop *loop)
{
	l->root = cmd_root(args);
	l->day = (struct day)DAY_INIT;
	l->budget = loop->budget;
	for (int k = 0; k < BUDGETS; k++)
		from_settings(l, args->settings, k);
	from_option(l, BUDGET_USD, o->max_cost, "--max-cost");
	from_option(l, BUDGET_WALL, o->max_time, "--max-time");
}

static const struct val *
written(struct arena *a, long long at, double unit)
{
	double x = (double)at / unit;

	return x == (double)(long long)x ? val_int(a, (long long)x)
					 : val_real(a, x);
}

static const char *
giver(const struct launch_budget *l, int k, struct arena *a, const char *cwd)
{
	const struct settled *by = l->by[k];
	const char *key = l->budget.of[k].key;

	if (!by)
		return key[0] == '-' ? key : BUDGET_FROM_LOOP;
	return by->name ? by->name
			: arena_printf(a, "%s:%d",
			      path_inside(by->at.file ? by->at.file : "", cwd),
			      by->at.line);
}

const struct val *
launch_budget_val(
    const struct launch_budget *l, struct arena *a, const char *cwd)
{
	struct val *all = val_map(a);

	for (int k = 0; k < BUDGETS; k++) {
		const struct budget_limit *b = &l->budget.of[k];
		struct val *v = val_map(a);

		if (b->at < 0)
			continue;
		val_set(a, v, "value", written(a, b->at, rows[k].unit));
		val_set(a, v, "then", val_text(a, effect_name(b->then)));
		if (b->then == EFFECT_STATE)
			val_set(a, v, "to", val_text(a, b->to.name));
		val_set(a, v, "from", val_text(a, giver(l, k, a, cwd)));
		val_set(a, all, budget_name((enum budget_kind)k), v);
	}
	return all->map.len ? all : NULL;
}

/* They are read once more to show where they are wrong. */
static void
say(struct args *args, struct diags *d, const char *path)
{
	auto_str text = STR_INIT;
	struct err ignored = ERR_INIT;

	if (path && file_exists(path) &&
	    file_read(path, YML_MAX_BYTES, &text, &ignored) == 0)
		findings_say_file(args->said, d, path, str_sv(&text));
}

int
launch_budget_prices(struct launch_budget *l, struct args *args, struct err *e)
{
	const char *own = path_join(args->mem, l->root, ".loops/" NAME);
	const char *user = cmd_user_file(args->mem, NAME);
	struct diags d = DIAGS_INIT;
	int rc;

	/* The shipped one costs time and is sound. */
	if (!file_exists(own) && !(user && file_exists(user)))
		return 0;
	rc = prices_load(&l->prices, own, user, &d, e);
	l->priced = true;
	if (d.errors) {
		diags_sort(&d);
		say(args, &d, own);
		say(args, &d, user);
	}
	diags_release(&d);
	return rc;
}

static const struct prices *
purse_prices(void *self)
{
	struct launch_budget *l = self;
	struct diags none = DIAGS_INIT;
	struct err ignored = ERR_INIT;

	if (!l->priced)
		(void)prices_load(&l->prices, NULL, NULL, &none, &ignored);
	l->priced = true;
	diags_release(&none);
	return &l->prices;
}

static int
purse_open(void *self, struct purse_seen *out, struct err *e)
{
	struct launch_budget *l = self;
	struct day_seen seen;
	int got = day_open(&l->day, l->root, &seen, e);

	if (got > 0)
		*out =
		    (struct purse_seen) { seen.sum, seen.dearest, seen.alone };
	return got;
}

static void
purse_shut(void *self)
{
	struct launch_budget *l = self;

	day_shut(&l->day);
}

static int
purse_alone(void *self, struct err *e)
{
	struct launch_budget *l = self;

	return day_alone(&l->day, l->root, e);
}

static void
purse_together(void *self)
{
	struct launch_budget *l = self;

	day_together(&l->day);
}

void
launch_budget_hang(struct launch_budget *l, struct run *r)
{
	r->budget = &l->budget;
	r->purse = (struct purse) { purse_prices, purse_open, purse_shut,
		purse_alone, purse_together, l };
}

void
launch_budget_release(struct launch_budget *l)
{
	prices_release(&l->prices);
	day_release(&l->day);
}
