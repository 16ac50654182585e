/* Who decides: every pair of givers, every type of value. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/settings.h"
#include "loop/config.h"
#include "test.h"

/* One value for each giver; which setting is asked. */
static const struct row {
	enum setting id;
	const char *said[GIVERS]; /* NULL: this giver cannot say it */
	long long means[GIVERS];
} rows[] = {
	{ SET_GRACE, { "", "grace: 1", "grace: 2", NULL, "3", "4" },
	    { 5000, 1000, 2000, 0, 3000, 4000 } },
	{ SET_OUTPUT_LIMIT,
	    { "", "output_limit: 1K", "output_limit: 2K", "output_limit: 3K",
		"4K", "5" },
	    { 64LL << 20, 1024, 2048, 3072, 4096, 5 } },
	{ SET_DISK,
	    { "", "limits: {disk: 1}", "limits: {disk: 2}", "limits: {disk: 3}",
		"4", "5" },
	    { 1LL << 30, 1, 2, 3, 4, 5 } },
	{ SET_DELAY,
	    { "", "run_defaults: {delay: 1}", "run_defaults: {delay: 2}",
		"backoff: 3", "4", "5" },
	    { 0, 1000, 2000, 3000, 4000, 5000 } },
	{ SET_QUEUE_TIMEOUT,
	    { "", "queue_timeout: 1", "queue_timeout: 2", NULL, "3", "4" },
	    { 86400000, 1000, 2000, 0, 3000, 4000 } },
};

static const struct val *
document(struct arena *a, const char *text, enum giver from)
{
	struct diags d = DIAGS_INIT;
	struct val *loop;
	const struct val *v;

	if (from == FROM_LOOP && strncmp(text, "backoff", 7) == 0) {
		loop = val_map(a);
		val_set(a, loop, "backoff", val_int(a, 3));
		return loop;
	}
	v = config_read(a, giver_name(from), sv(text), &d);
	cr_assert(v, "%s: %s", text, d.len ? d.at[0].msg : "");
	diags_release(&d);
	return v;
}

static void
say(struct settings *s, const struct row *r, enum giver from)
{
	struct settled option = { .from = FROM_OPTION, .name = "--x" };
	struct err e = ERR_INIT;

	if (from == FROM_BUILT_IN || !r->said[from])
		return;
	if (from == FROM_OPTION) {
		option.v = val_int(s->mem, atoi(r->said[from]));
		settings_put(s, r->id, option);
	} else if (from == FROM_VARIABLE) {
		cr_assert_eq(settings_variable(s, r->id, r->said[from], &e), 0,
		    "%s", e.msg);
	} else {
		settings_document(
		    s, from, document(s->mem, r->said[from], from));
	}
}

static void
check_pair(const struct row *r, enum giver one, enum giver two)
{
	auto_arena a = ARENA_INIT;
	enum giver strong = one > two ? one : two;
	struct settings s;

	settings_init(&s, &a);
	say(&s, r, one);
	say(&s, r, two);
	cr_expect_eq(settings_num(&s, r->id), r->means[strong], "%s: %s and %s",
	    setting_row(r->id)->path, giver_name(one), giver_name(two));
	cr_expect_eq(s.at[r->id].from, strong);
}

TEST(settings, the_stronger_of_each_pair_decides_in_either_order)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int one = 0; one < GIVERS; one++)
			for (int two = 0; two < GIVERS; two++)
				if (rows[i].said[one] && rows[i].said[two])
					check_pair(&rows[i], (enum giver)one,
					    (enum giver)two);
}

TEST(settings, every_row_is_whole)
{
	for (int i = 0; i < SETTINGS; i++) {
		const struct setting_row *r = setting_row((enum setting)i);
		bool acted;
		const struct key *k = setting_key((enum setting)i, &acted);

		cr_assert(r->path && k, "setting %d", i);
		cr_expect(!r->variable || strncmp(r->variable, "LL_", 3) == 0);
		cr_expect_eq(r->adds, i == SET_SECRETS);
	}
}

/* Every leaf of the tables that is acted on is a setting. */
static bool
is_setting(const char *path)
{
	for (int i = 0; i < SETTINGS; i++)
		if (strcmp(setting_row((enum setting)i)->path, path) == 0)
			return true;
	return false;
}

static void
check_leaves(const struct key_table *t, const char *above)
{
	for (size_t i = 0; i < t->len; i++) {
		auto_arena a = ARENA_INIT;
		const char *path =
		    arena_printf(&a, "%s%s", above, t->at[i].name);

		if (t->at[i].type == KT_OBJECT)
			check_leaves(key_table_of(t->at[i].words),
			    arena_printf(&a, "%s.", path));
		else if (t->at[i].class == KEY_ACTED)
			cr_expect(is_setting(path), "%s does nothing", path);
	}
}

TEST(settings, every_key_that_is_acted_on_is_one)
{
	check_leaves(key_table_of("configuration"), "");
}

TEST(settings, variables)
{
	static const struct {
		enum setting id;
		const char *text, *complaint; /* NULL: taken */
	} vars[] = {
		{ SET_DURABILITY, "process", NULL },
		{ SET_DURABILITY, "Process", "LL_DURABILITY" },
		{ SET_GRACE, "0", NULL },
		{ SET_GRACE, "0.5", NULL },
		{ SET_GRACE, "-1", "from 0 to 86400" },
		{ SET_GRACE, "1e9", "from 0 to 86400" },
		{ SET_GRACE, "5s", "LL_GRACE" },
		{ SET_GRACE, "nan", "LL_GRACE" },
		{ SET_OUTPUT_LIMIT, "1GiB", NULL },
		{ SET_OUTPUT_LIMIT, "0", "LL_OUTPUT_LIMIT" },
		{ SET_OUTPUT_LIMIT, "1X", "a size like" },
		{ SET_DISK, "9G", NULL },
		{ SET_DISK, "-1", "LL_DISK_LIMIT" },
		{ SET_COLOR, "never", NULL },
		{ SET_COLOR, "no", "one of auto, always, never" },
		{ SET_QUIET, "1", NULL },
		{ SET_QUIET, "false", NULL },
		{ SET_QUIET, "yes", "1, 0, true or false" },
		{ SET_HOST, "any text", NULL },
	};

	for (size_t i = 0; i < COUNT(vars); i++) {
		auto_arena a = ARENA_INIT;
		struct err e = ERR_INIT;
		struct settings s;
		int rc;

		settings_init(&s, &a);
		rc = settings_variable(&s, vars[i].id, vars[i].text, &e);
		cr_expect_eq(
		    rc, vars[i].complaint ? -1 : 0, "'%s'", vars[i].text);
		cr_expect_eq(s.at[vars[i].id].from,
		    vars[i].complaint ? FROM_BUILT_IN : FROM_VARIABLE);
		cr_expect(
		    !vars[i].complaint || strstr(e.msg, vars[i].complaint),
		    "'%s': %s", vars[i].text, e.msg);
	}
}

TEST(settings, an_empty_variable_is_not_set)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct settings s;

	setenv("LL_GRACE", "", 1);
	settings_init(&s, &a);
	cr_assert_eq(settings_environment(&s, &e), 0, "%s", e.msg);
	cr_expect_eq(s.at[SET_GRACE].from, FROM_BUILT_IN);
	setenv("LL_GRACE", "7", 1);
	cr_assert_eq(settings_environment(&s, &e), 0, "%s", e.msg);
	cr_expect_eq(settings_num(&s, SET_GRACE), 7000);
	unsetenv("LL_GRACE");
}

TEST(settings, secrets_add_up)
{
	auto_arena a = ARENA_INIT;
	struct settings s;
	auto_str got = STR_INIT;
	const struct val *list;

	settings_init(&s, &a);
	settings_document(
	    &s, FROM_PROJECT, document(&a, "secrets: [b, a]", FROM_PROJECT));
	settings_document(
	    &s, FROM_USER, document(&a, "secrets: [a, c]", FROM_USER));
	settings_document(
	    &s, FROM_LOOP, document(&a, "secrets: [d]", FROM_LOOP));
	list = settings_list(&s, SET_SECRETS);
	for (size_t i = 0; i < list->list.len; i++)
		str_addf(&got, "%s ", list->list.at[i]->t.p);
	cr_expect_str_eq(got.buf, "b a c d ");
	cr_expect_eq(s.at[SET_SECRETS].from, FROM_LOOP);
}

TEST(settings, what_a_loop_says_wrongly_is_left_to_its_loader)
{
	auto_arena a = ARENA_INIT;
	struct val *loop = val_map(&a);
	struct settings s;

	settings_init(&s, &a);
	val_set(&a, loop, "output_limit", val_text(&a, "much"));
	val_set(&a, loop, "backoff", val_bool(&a, true));
	settings_document(&s, FROM_LOOP, loop);
	cr_expect_eq(s.at[SET_OUTPUT_LIMIT].from, FROM_BUILT_IN);
	cr_expect_eq(s.at[SET_DELAY].from, FROM_BUILT_IN);
}
