/* The end record that somebody else writes. */
#include "guard/closing.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "guard_bed.h"

static struct closing
spec(const struct bed *b)
{
	return (struct closing) {
		.place = &b->place, .signal = SIGKILL, .active_ms = 1234
	};
}

static void
killed(struct bed *b)
{
	journal_free(b->j);
	b->j = NULL;
}

TEST(closing, says_what_the_engine_would_have_said)
{
	struct bed b;
	struct closing c;
	struct run_info info;
	const struct val *end;

	setup(&b);
	begin(&b);
	killed(&b);
	c = spec(&b);
	c.error = "3 processes could not be ended";
	cr_assert_eq(closing_write(&c, &b.e), 0, "%s", b.e.msg);
	cr_assert(c.began);
	cr_assert_not(c.ended);
	cr_assert_eq(c.exit, 1);
	cr_assert_eq(
	    runs_open(&b.mem, b.root, b.place.run, false, &info, &b.e), 0);
	cr_assert_eq(info.end.state, JOURNAL_WHOLE);
	cr_assert(info.point.ended);
	cr_assert_eq(info.point.seq, 6);
	end = info.point.end.v;
	cr_assert_str_eq(val_str(end, "terminated_by", ""), "system_signal");
	cr_assert_str_eq(val_str(end, "status", ""), "failed");
	cr_assert_str_eq(val_str(end, "final_state", ""), "a");
	cr_assert_str_eq(val_str(end, "error", ""), c.error);
	cr_assert_eq(val_num(end, "exit", 0), 1);
	cr_assert_eq(val_num(end, "signal", 0), SIGKILL);
	cr_assert_eq(val_num(end, "iterations", 0), 1);
	cr_assert_eq(val_num(end, "active_ms", 0), 1234);
	cr_assert(val_get(end, "resumable")->b);
	run_info_release(&info);
	/* Once is enough. */
	c = spec(&b);
	cr_assert_eq(closing_write(&c, &b.e), 0);
	cr_assert(c.ended);
	cr_assert_eq(c.exit, 1);
	teardown(&b);
}

static void
copy(struct bed *b, const struct str *text, size_t n)
{
	struct stat st;

	cr_assert_eq(truncate(b->place.journal, 0), 0);
	cr_assert_eq(file_put(b->place.journal, text->buf, n, 0600, &b->e), 0);
	cr_assert_eq(stat(b->place.journal, &st), 0);
	cr_assert_eq((size_t)st.st_size, n);
}

/* Cut at every length: always a whole journal with one end record, and a torn
 * end is told. */
TEST(closing, repairs_what_was_torn)
{
	struct bed b;
	struct str text = STR_INIT;
	size_t first;

	setup(&b);
	begin(&b);
	killed(&b);
	cr_assert_eq(file_read(b.place.journal, 1 << 20, &text, &b.e), 0);
	first = (size_t)(strchr(text.buf, '\n') - text.buf) + 1;
	for (size_t n = 0; n <= text.len; n++) {
		struct closing c = spec(&b);
		struct run_info info;
		struct str now = STR_INIT;
		bool torn = n && text.buf[n - 1] != '\n';

		copy(&b, &text, n);
		b.e = (struct err)ERR_INIT;
		cr_assert_eq(closing_write(&c, &b.e), 0, "%zu: %s", n, b.e.msg);
		cr_assert_eq(c.began, n >= first, "%zu", n);
		cr_assert_eq(
		    file_read(b.place.journal, 1 << 20, &now, &b.e), 0);
		cr_assert_eq(strstr(now.buf, "journal_repaired") != NULL,
		    torn && c.began, "%zu", n);
		str_release(&now);
		if (!c.began)
			continue;
		cr_assert_eq(
		    runs_open(&b.mem, b.root, b.place.run, false, &info, &b.e),
		    0);
		cr_assert_eq(info.end.state, JOURNAL_WHOLE, "%zu", n);
		cr_assert(info.point.ended);
		run_info_release(&info);
	}
	str_release(&text);
	teardown(&b);
}

TEST(closing, leaves_a_corrupt_journal_alone)
{
	struct bed b;
	struct closing c;
	struct str text = STR_INIT, now = STR_INIT;

	setup(&b);
	begin(&b);
	killed(&b);
	cr_assert_eq(file_read(b.place.journal, 1 << 20, &text, &b.e), 0);
	text.buf[text.len / 2] ^= 1;
	copy(&b, &text, text.len);
	c = spec(&b);
	cr_assert_lt(closing_write(&c, &b.e), 0);
	cr_assert(strstr(b.e.msg, "corrupt at byte"), "%s", b.e.msg);
	cr_assert(c.began);
	cr_assert_eq(c.exit, 1);
	cr_assert_eq(file_read(b.place.journal, 1 << 20, &now, &b.e), 0);
	cr_assert_eq(now.len, text.len);
	cr_assert_eq(memcmp(now.buf, text.buf, now.len), 0);
	str_release(&text);
	str_release(&now);
	teardown(&b);
}
