/* Lease files: those of the reference, and ours. */
#include "gate/lease.h"

#include <sys/stat.h>

#include "base/file.h"
#include "turn_bed.h"

static void
lease(struct bed *b, const char *name, const char *text)
{
	auto_free char *path = NULL;
	FILE *f;

	cr_assert_eq(file_mkdirs(below(b, ".loops/.running"), 0777, &b->e), 0);
	cr_assert_geq(
	    asprintf(&path, "%s/.loops/.running/%s.lock", b->root, name), 0);
	f = fopen(path, "w");
	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

/* T06: a lease of the reference counts while its process lives, and not when
 * another has got the number. */
TEST(lease, leases_of_the_reference)
{
	static const struct {
		const char *scope; /* below the root; NULL: an empty list */
		const char *since;
		bool gone;
		int wanted;
	} rows[] = {
		{ "src", "2999", false, TURN_QUEUED },
		{ "src/x", "2999", false, TURN_QUEUED },
		{ NULL, "2999", false, TURN_QUEUED },
		{ "docs", "2999", false, TURN_GRANTED },
		{ "src", "2001", false, TURN_GRANTED },
		{ "src", "2999", true, TURN_GRANTED },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;
		const char *scope = "";

		setup(&b);
		if (rows[i].scope)
			scope = arena_printf(
			    &b.mem, "\"%s\"", below(&b, rows[i].scope));
		lease(&b, "x",
		    arena_printf(&b.mem,
			"{\"loop_name\":\"x\",\"scope\":[%s],\"pid\":%d,"
			"\"started_at\":\"%s-01-01T00:00:00+00:00\"}",
			scope, rows[i].gone ? 1 << 29 : (int)getpid(),
			rows[i].since));
		turn_free(take(&b, "me", "src", rows[i].wanted));
		teardown(&b);
	}
}

TEST(lease, what_is_no_lease_is_passed_over)
{
	struct bed b;

	setup(&b);
	lease(&b, "x", "{\"loop_na");
	lease(&b, "y", "[]");
	cr_assert_eq(mkdir(below(&b, ".loops/.running/d.lock"), 0777), 0);
	cr_assert_eq(mkfifo(below(&b, ".loops/.running/f.lock"), 0666), 0);
	cr_assert_eq(symlink("x.lock", below(&b, ".loops/.running/l.lock")), 0);
	turn_free(take(&b, "me", "src", TURN_GRANTED));
	teardown(&b);
}

TEST(lease, our_runs_have_leases_while_they_run)
{
	struct bed b;
	struct turn *one, *two;
	const char *path;

	setup(&b);
	path = below(&b, ".loops/.running/one.lock");
	one = take(&b, "one", "src", TURN_GRANTED);
	two = take(&b, "two", "src", TURN_QUEUED);
	cr_expect(file_exists(path));
	cr_expect_not(file_exists(below(&b, ".loops/.running/two.lock")));
	turn_free(one);
	cr_expect_not(file_exists(path));
	turn_free(two);
	teardown(&b);
}

TEST(lease, a_ticket_that_is_taken_away_gives_no_turn)
{
	struct bed b;
	struct turn *one, *two, *three;
	struct ticket_seen *seen;
	size_t n;

	setup(&b);
	one = take(&b, "one", "src", TURN_GRANTED);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(unlink(seen[0].path), 0);
	/* T09: its lease file still says what it has. */
	two = take(&b, "two", "src", TURN_QUEUED);
	cr_expect(turn_news(two)->by->foreign);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(n, 1);
	cr_assert_eq(unlink(seen[0].path), 0);
	turn_free(one);
	cr_expect_eq(await(&b, two, 20000), -1, "not by barging");
	cr_expect_eq(b.e.kind, ERR_BUSY);
	turn_free(two);
	three = take(&b, "three", "src", TURN_GRANTED);
	turn_free(three);
	teardown(&b);
}
