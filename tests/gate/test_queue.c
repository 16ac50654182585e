/* The rules, over queues that are written down. */
#include "gate/queue.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"

/* One ticket: "RUN CLAIMS [< ANCESTORS]"; a claim is a name, "+" before it
 * when it runs already. */
struct row {
	const char *run, *claims, *up;
	bool granted;
};

static const char *const *
words(struct arena *a, const char *text, size_t *n)
{
	const char **at = arena_new(a, 16 * sizeof(*at));
	struct sv rest = sv(text ? text : ""), one;

	while (sv_cut(&rest, ' ', &one))
		if (one.n)
			at[(*n)++] = arena_dup(a, one.p, one.n);
	return at;
}

static struct queue
queue_from(struct arena *a, const struct row *rows, size_t n)
{
	struct queue q = { .mem = a };

	for (size_t i = 0; i < n; i++) {
		struct entry t = { .run = rows[i].run,
			.loop = rows[i].run,
			.number = (long long)i + 1,
			.granted = rows[i].granted };
		struct err e = ERR_INIT;
		const char *const *claim;
		size_t nclaims = 0;

		claim = words(a, rows[i].claims, &nclaims);
		for (size_t k = 0; k < nclaims; k++)
			scope_foreign(&t.scope, a, claim[k], &e);
		t.ancestor = words(a, rows[i].up, &t.nancestors);
		queue_add(&q, &t);
	}
	return q;
}

/* Who is in the way of the last one; "" nobody, "!" and the circle. */
static const char *
verdict(struct arena *a, const struct row *rows, size_t n)
{
	struct queue q = queue_from(a, rows, n);
	const struct entry *me = &q.at[n - 1];
	const char *circle;
	struct blocked b;

	if (!queue_blocked(&q, me, &b))
		return "";
	circle = queue_circle(&q, me);
	return circle ? arena_printf(a, "!%s", circle) : b.by->run;
}

#define RUNS true
#define CASE(wanted, ...)                                                      \
	do {                                                                   \
		static const struct row rows_[] = { __VA_ARGS__ };             \
		const char *got_ = verdict(&a, rows_, COUNT(rows_));           \
                                                                               \
		cr_expect_str_eq(got_, wanted, "line %d: %s", __LINE__, got_); \
	} while (0)

TEST(queue, nobody_barges_and_disjoint_scopes_overtake)
{
	auto_arena a = ARENA_INIT;

	CASE("", { "me", "/x", NULL, 0 });
	CASE("A", { "A", "/x", NULL, RUNS }, { "me", "/x/y", NULL, 0 });
	CASE("", { "A", "/x", NULL, RUNS }, { "me", "/y", NULL, 0 });
	/* Behind the one that waits, not only behind the one that runs. */
	CASE("B", { "A", "/x", NULL, RUNS }, { "B", "/x", NULL, 0 },
	    { "me", "/x", NULL, 0 });
	CASE("B", { "A", "/x", NULL, RUNS }, { "B", "/x /y", NULL, 0 },
	    { "me", "/y", NULL, 0 });
	CASE("", { "A", "/x", NULL, RUNS }, { "B", "/x", NULL, 0 },
	    { "me", "/y", NULL, 0 });
	CASE("A", { "A", "/x", NULL, RUNS }, { "B", "/z", NULL, 0 },
	    { "me", "/x", NULL, 0 });
}

TEST(queue, a_later_one_that_runs_is_in_the_way)
{
	static const struct row rows[] = { { "me", "/x", NULL, 0 },
		{ "N", "/x/y", "gone", RUNS }, { "W", "/x", NULL, 0 } };
	auto_arena a = ARENA_INIT;
	struct queue q = queue_from(&a, rows, COUNT(rows));
	struct blocked b;

	cr_assert(queue_blocked(&q, &q.at[0], &b));
	cr_expect_str_eq(b.by->run, "N");
	cr_expect_eq(b.ahead, 1);
}

/* C07: what an ancestor has is lent, exclusively among siblings. */
TEST(queue, nested_runs)
{
	auto_arena a = ARENA_INIT;

	CASE("", { "A", "/x", NULL, RUNS }, { "me", "/x/y", "A", 0 });
	CASE("", { "A", "/x", NULL, RUNS }, { "W", "/x", NULL, 0 },
	    { "me", "/x", "A", 0 });
	CASE("S", { "A", "/x", NULL, RUNS }, { "S", "/x/y", "A", RUNS },
	    { "me", "/x", "A", 0 });
	CASE("", { "A", "/x", NULL, RUNS }, { "S", "/x/y", "A", RUNS },
	    { "me", "/x/z", "A", 0 });
	/* What A has not is claimed like any run's. */
	CASE("B", { "A", "/x", NULL, RUNS }, { "B", "/z", NULL, RUNS },
	    { "me", "/x /z", "A", 0 });
	CASE("", { "A", "/x", NULL, RUNS }, { "me", "/x /z", "A", 0 });
	/* A grandchild, past a waiting sibling of its parent. */
	CASE("", { "A", "/x", NULL, RUNS }, { "N", "/x/y", "A", RUNS },
	    { "T", "/x/y", "A", 0 }, { "me", "/x/y/z", "N A", 0 });
	CASE("T", { "A", "/x", NULL, RUNS }, { "N", "/x/y", "A", RUNS },
	    { "T", "/x/q", "A", RUNS }, { "me", "/x/q", "N A", 0 });
}

TEST(queue, circles_are_found_and_named)
{
	auto_arena a = ARENA_INIT;

	/* Wider than what A has, behind somebody who waits for A. */
	CASE("!this run waits for 'W', which waits for 'A', which has started "
	     "this one",
	    { "A", "/x", NULL, RUNS }, { "W", "/x /z", NULL, 0 },
	    { "me", "/z", "A", 0 });
	/* Two runs, each of whose children wants what the other has. */
	CASE("!this run waits for 'B', which has started 'N', which waits for "
	     "'A', which has started this one",
	    { "A", "/x", NULL, RUNS }, { "B", "/y", NULL, RUNS },
	    { "N", "/x", "B", 0 }, { "me", "/y", "A", 0 });
	CASE("B", { "A", "/x", NULL, RUNS }, { "B", "/y", NULL, RUNS },
	    { "N", "/z", "B", RUNS }, { "me", "/y", "A", 0 });
	CASE("W", { "B", "/x", NULL, RUNS }, { "A", "/y", NULL, RUNS },
	    { "W", "/x /z", NULL, 0 }, { "me", "/z", "A", 0 });
}

TEST(queue, what_nobody_can_read_is_a_claim_on_everything)
{
	static const struct row rows[] = { { "A", "", NULL, RUNS },
		{ "me", "/x", NULL, 0 } };
	auto_arena a = ARENA_INIT;
	struct queue q = queue_from(&a, rows, COUNT(rows));
	struct blocked b;

	cr_expect_not(queue_blocked(&q, &q.at[1], &b));
	q.at[0].scope.all = true;
	cr_assert(queue_blocked(&q, &q.at[1], &b));
	cr_expect_str_eq(b.claim->text, "everything");
	/* Who claims nothing is in nobody's way and has nobody in it. */
	q.at[1].scope.n = 0;
	cr_expect_not(queue_blocked(&q, &q.at[1], &b));
}

TEST(queue, single_loops)
{
	static const struct row rows[] = { { "A", "/x", NULL, RUNS },
		{ "me", "/y", NULL, 0 } };
	auto_arena a = ARENA_INIT;
	struct queue q = queue_from(&a, rows, COUNT(rows));
	struct blocked b;

	q.at[0].loop = q.at[1].loop = "solo";
	q.at[0].single = true;
	cr_expect_not(queue_blocked(&q, &q.at[1], &b), "both must say so");
	q.at[1].single = true;
	cr_expect(queue_blocked(&q, &q.at[1], &b));
	q.at[1].loop = "other";
	cr_expect_not(queue_blocked(&q, &q.at[1], &b));
}
