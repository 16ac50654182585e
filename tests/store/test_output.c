/* What actions print: byte-exact, in memory or in a file. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "store/output_bed.h"
#include "text/json.h"

TEST(output, short_streams_stay_in_memory)
{
	struct bed b;
	struct stream out[2];

	setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
	put(&b, 1, "hello ", 6);
	put(&b, 2, "oops", 4);
	put(&b, 1, "w\0rld", 5);
	cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
	cr_assert_eq(out[0].len, 11);
	cr_assert_eq(memcmp(out[0].text, "hello w\0rld", 11), 0);
	cr_assert_eq(out[0].bytes, 11);
	cr_assert_null(out[0].file);
	cr_assert_not(out[0].truncated);
	cr_assert_eq(strlen(out[0].sum), 16);
	cr_assert_str_eq(out[1].text, "oops");
	cr_assert_eq(count_files(b.dir), 0);
	cr_assert_eq(b.v.open(b.o, 0, 8, &as_set, &b.e), 0);
	cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
	cr_assert_eq(out[0].len + out[1].len, 0);
	teardown(&b);
}

/* Where the JSON form passes 32 KiB: the last length that stays, and one
 * more, for texts whose bytes weigh differently, in pieces of any size. */
TEST(output, the_json_form_decides)
{
	static const struct {
		const char *unit;
		size_t n, stays; /* units */
	} rows[] = {
		{ "a", 1, 32766 }, { "\n", 1, 16383 }, { "\x01", 1, 5461 },
		{ "\xc3\xa4", 2, 16383 }, { "\xf0\x9f\x98\x80", 4, 8191 },
		{ "\xff", 1, 24573 }, /* base64 */
	};
	static const size_t pieces[] = { 1, 3, 1000, 70000 };

	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = 0; k < COUNT(pieces) * 2; k++) {
			size_t units = rows[i].stays + (k & 1);
			size_t n = units * rows[i].n, piece = pieces[k / 2];
			struct bed b;
			struct stream out[2];
			auto_str all = STR_INIT, back = STR_INIT;

			setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
			for (size_t u = 0; u < units; u++)
				str_add(&all, rows[i].unit, rows[i].n);
			for (size_t at = 0; at < n; at += piece)
				put(&b, 1, all.buf + at,
				    n - at < piece ? n - at : piece);
			cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
			cr_assert_eq(out[0].bytes, (long long)n);
			cr_assert_eq(out[0].file != NULL, k & 1,
			    "row %zu piece %zu", i, piece);
			if (out[0].file)
				cr_assert_eq(
				    output_load(out[0].file, out[0].bytes,
					out[0].sum, &back, &b.e),
				    0, "%s", b.e.msg);
			else
				str_add(&back, out[0].text, out[0].len);
			cr_assert_eq(back.len, n);
			cr_assert_eq(memcmp(back.buf, all.buf, n), 0);
			teardown(&b);
		}
}

TEST(output, a_long_one_is_a_file_from_byte_0)
{
	struct bed b;
	struct stream out[2];
	auto_str back = STR_INIT;
	char block[1000];
	struct stat st;

	setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
	memset(block, 'e', sizeof(block));
	put(&b, 2, "first", 5);
	for (int i = 0; i < 1000; i++)
		put(&b, 2, block, sizeof(block));
	cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
	cr_assert_str_eq(out[1].file, arena_printf(&b.mem, "%s/7.err", b.dir));
	cr_assert_eq(stat(out[1].file, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	cr_assert_eq(st.st_size, 1000005);
	cr_assert_eq(
	    output_load(out[1].file, 1000005, out[1].sum, &back, &b.e), 0);
	cr_assert_eq(memcmp(back.buf, "firsteee", 8), 0);
	cr_assert_null(out[0].file);
	teardown(&b);
}

TEST(output, counts_and_drops_over_the_limit)
{
	static const long long limits[] = { 0, 10, 100000 };

	for (size_t i = 0; i < COUNT(limits); i++) {
		struct bed b;
		struct stream out[2];
		auto_str back = STR_INIT;
		char block[60000];

		setup(&b, limits[i], OUTPUT_DISK_LIMIT);
		memset(block, 'x', sizeof(block));
		for (int k = 0; k < 3; k++)
			put(&b, 1, block, sizeof(block));
		cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
		cr_assert_eq(out[0].bytes, 180000);
		cr_assert(out[0].truncated);
		if (out[0].file)
			cr_assert_eq(output_load(out[0].file, out[0].bytes,
					 out[0].sum, &back, &b.e),
			    0);
		cr_assert_eq((long long)(out[0].file ? back.len : out[0].len),
		    limits[i]);
		teardown(&b);
	}
}

TEST(output, the_disk_limit_holds_for_the_run)
{
	struct bed b;
	struct stream out[2];
	struct kept kept;
	char block[50000];

	setup(&b, OUTPUT_LIMIT, 120000);
	memset(block, 'x', sizeof(block));
	put(&b, 1, block, sizeof(block));
	cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
	cr_assert_eq(
	    b.v.keep(b.o, "value", sv_make(block, 50000), &b.mem, &kept, &b.e),
	    0);
	cr_assert_eq(b.v.open(b.o, 0, 8, &as_set, &b.e), 0);
	cr_assert_eq(
	    b.v.put(b.o, 0, 1, block, sizeof(block), &b.e), VAULT_FULL);
	cr_assert_eq(b.v.put(b.o, 0, 2, "more", 4, &b.e), VAULT_FULL);
	cr_assert_eq(b.v.close(b.o, 0, out, &b.e), VAULT_FULL);
	cr_assert_eq(out[0].len, 20000);
	cr_assert_eq(out[0].bytes, 50000);
	cr_assert(out[0].truncated && out[1].truncated);
	cr_assert_eq(
	    b.v.keep(b.o, "value", sv_make(block, 50000), &b.mem, &kept, &b.e),
	    -1);
	cr_assert_eq(b.e.kind, ERR_IO);
	cr_assert(strstr(b.e.msg, "limits.disk"), "%s", b.e.msg);
	cr_assert(strstr(b.e.msg, "keep-2"), "%s", b.e.msg);
	teardown(&b);
}

TEST(output, a_step_has_a_limit_of_its_own)
{
	static const struct {
		struct vault_rules rules;
		int says;
		size_t kept;
	} rows[] = {
		{ { 0, false }, 0, 1000 },
		{ { 0, true }, VAULT_OVER, 1000 },
		{ { 600, false }, 0, 600 },
		{ { 600, true }, VAULT_OVER, 600 },
		{ { 3000, true }, 0, 3000 },
		{ { 5000, true }, 0, 3000 },
	};
	char block[3000];

	memset(block, 'x', sizeof(block));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stream out[2];
		struct bed b;

		setup(&b, 1000, OUTPUT_DISK_LIMIT);
		cr_assert_eq(b.v.open(b.o, 0, 8, &rows[i].rules, &b.e), 0);
		cr_expect_eq(b.v.put(b.o, 0, 2, block, sizeof(block), &b.e),
		    rows[i].says, "row %zu", i);
		cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
		cr_expect_eq(out[1].len, rows[i].kept, "row %zu", i);
		cr_expect_eq(out[1].truncated, rows[i].kept < 3000);
		teardown(&b);
	}
}

/* Promise 7: what cannot be written is said, with the file. */
TEST(output, a_write_that_fails_names_the_file)
{
	struct bed b;
	char block[50000];

	setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
	memset(block, 'x', sizeof(block));
	cr_assert_eq(mkdir(b.dir, 0700), 0);
	cr_assert_eq(mkdir(arena_printf(&b.mem, "%s/7.out", b.dir), 0700), 0);
	cr_assert_lt(b.v.put(b.o, 0, 1, block, sizeof(block), &b.e), 0);
	cr_assert(strstr(b.e.msg, "7.out"), "%s", b.e.msg);
	cr_assert_eq(
	    symlink("/dev/full", arena_printf(&b.mem, "%s/7.err", b.dir)), 0);
	cr_assert_lt(b.v.put(b.o, 0, 2, block, sizeof(block), &b.e), 0);
	cr_assert(strstr(b.e.msg, "7.err"), "%s", b.e.msg);
	teardown(&b);
}

TEST(output, keeps_long_texts)
{
	struct bed b;
	struct stat st;
	struct kept one, two;
	auto_str back = STR_INIT;

	setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
	cr_assert_eq(b.v.keep(b.o, "context.in/put", sv_make("abc\0d", 5),
			 &b.mem, &one, &b.e),
	    0);
	cr_assert_eq(
	    b.v.keep(b.o, "context.in/put", sv(""), &b.mem, &two, &b.e), 0);
	cr_assert_str_eq(
	    one.file, arena_printf(&b.mem, "%s/keep-1-context-in-put", b.dir));
	cr_assert_str_neq(one.file, two.file);
	cr_assert_eq(stat(one.file, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	cr_assert_eq(
	    b.v.load(b.o, one.file, one.bytes, one.sum, &back, &b.e), 0);
	cr_assert_eq(back.len, 5);
	teardown(&b);
}

TEST(output, load_tells_a_changed_file)
{
	struct bed b;
	struct stream out[2];
	auto_str back = STR_INIT;
	auto_fd int fd = -1;
	char block[50000];

	setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
	memset(block, 'x', sizeof(block));
	put(&b, 1, block, sizeof(block));
	cr_assert_eq(b.v.close(b.o, 0, out, &b.e), 0);
	fd = open(out[0].file, O_WRONLY);
	cr_assert_eq(pwrite(fd, "y", 1, 100), 1);
	str_adds(&back, "before");
	cr_assert_lt(
	    output_load(out[0].file, 50000, out[0].sum, &back, &b.e), 0);
	cr_assert(strstr(b.e.msg, out[0].file), "%s", b.e.msg);
	cr_assert_eq(b.e.kind, ERR_INPUT);
	cr_assert_eq(ftruncate(fd, 60000), 0);
	cr_assert_lt(
	    output_load(out[0].file, 50000, out[0].sum, &back, &b.e), 0);
	unlink(out[0].file);
	cr_assert_lt(
	    output_load(out[0].file, 50000, out[0].sum, &back, &b.e), 0);
	cr_assert_str_eq(back.buf, "before");
	teardown(&b);
}
