/* The file that the runs of a project tell each other of hosts in. */
#include "gate/breaker.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "test.h"

enum { T = 1000000 /* of the clock that stands, in ms */ };

#define S 1000000LL
#define NOW (T * 1000LL)

static char *
project(void)
{
	char dir[] = "/tmp/breaker-XXXXXX";

	cr_assert_not_null(mkdtemp(dir));
	clock_fake(T);
	return strdup(dir);
}

static void
done(char *root)
{
	char command[200];

	clock_fake(-1);
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	cr_assert_eq(system(command), 0);
	free(root);
}

static long long
until(const char *root, const char *host)
{
	struct breaker_says says;
	struct err e = ERR_INIT;

	cr_assert_eq(breaker_ask(root, host, &says, &e), 0, "%s", e.msg);
	return says.until_us;
}

static void
shut(const char *root, const char *host, long long until_us, bool known)
{
	const struct breaker_says says = { until_us, known };
	struct err e = ERR_INIT;

	cr_assert_eq(breaker_shut(root, host, &says, &e), 0, "%s", e.msg);
}

TEST(breaker, is_told_of_each_host)
{
	struct err e = ERR_INIT;
	char *root = project();

	cr_assert_eq(until(root, "claude"), 0);
	cr_assert_eq(breaker_open(root, "claude", &e), 0);
	shut(root, "claude", NOW + 60 * S, false);
	shut(root, "codex", NOW + 90 * S, true);
	cr_assert_eq(until(root, "claude"), NOW + 60 * S);
	cr_assert_eq(until(root, "codex"), NOW + 90 * S);
	cr_assert_eq(until(root, "gemini"), 0);
	cr_assert_eq(breaker_open(root, "claude", &e), 0);
	cr_assert_eq(until(root, "claude"), 0);
	cr_assert_eq(until(root, "codex"), NOW + 90 * S);
	cr_assert_eq(breaker_open(root, "codex", &e), 0);
	cr_assert_eq(until(root, "codex"), 0);
	done(root);
}

TEST(breaker, is_only_prolonged)
{
	char *root = project();

	shut(root, "claude", NOW + 90 * S, false);
	shut(root, "claude", NOW + 60 * S, false);
	cr_assert_eq(until(root, "claude"), NOW + 90 * S);
	shut(root, "claude", NOW + 120 * S, false);
	cr_assert_eq(until(root, "claude"), NOW + 120 * S);
	done(root);
}

TEST(breaker, a_guess_expires_and_what_is_known_does_not)
{
	char *root = project();

	shut(root, "a", NOW + 7200 * S, false);
	shut(root, "b", NOW + 7200 * S, true);
	cr_assert_eq(until(root, "a"), NOW + BREAKER_TRUST_S * S);
	clock_fake(T + 3599 * 1000);
	cr_assert_gt(until(root, "a"), 0);
	clock_fake(T + 3601 * 1000);
	cr_assert_eq(until(root, "a"), 0);
	cr_assert_eq(until(root, "b"), NOW + 7200 * S);
	clock_fake(T + 7201 * 1000);
	cr_assert_eq(until(root, "b"), 0);
	clock_fake(T - 3600 * 1000);
	cr_assert_eq(until(root, "b"), 0, "written by a clock that was wrong");
	done(root);
}

TEST(breaker, nobody_waits_for_years)
{
	char *root = project();

	shut(root, "claude", NOW + 30 * 24 * 3600 * S, true);
	cr_assert_eq(until(root, "claude"), NOW + 30 * 24 * 3600 * S);
	shut(root, "codex", NOW + 400 * 24 * 3600 * S, true);
	cr_assert_eq(until(root, "codex"), 0);
	shut(root, "gemini", LLONG_MAX, true);
	cr_assert_eq(until(root, "gemini"), 0);
	done(root);
}

TEST(breaker, what_is_damaged_says_nothing)
{
	static const char *const texts[] = { "", "{", "[]", "{\"v\":1}",
		"{\"v\":2,\"hosts\":{}}", "{\"v\":1,\"hosts\":[]}" };
	char *root = project();
	struct breaker_says says;
	char path[200];

	shut(root, "claude", NOW + 60 * S, true);
	snprintf(path, sizeof(path), "%s/.loops/.queue/.breaker", root);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct err e = ERR_INIT;

		cr_assert_eq(
		    file_put(path, texts[i], strlen(texts[i]), 0644, &e), 0);
		cr_assert_eq(breaker_ask(root, "claude", &says, &e), -1);
		cr_assert_eq(says.until_us, 0);
	}
	shut(root, "claude", NOW + 60 * S, true);
	cr_assert_eq(until(root, "claude"), NOW + 60 * S);
	done(root);
}
