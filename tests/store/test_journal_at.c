/* Looking back into a journal that is being written, or was. */
#include "store/journal_at.h"
#include "store/journal_bed.h"
#include "store/output.h"

/* Record `seq` of `item` at `depth`, printing `text`. */
static void
append(struct journal *j, long long seq, long long item, long long depth,
    struct sv text)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct event ev =
	    make(&a, seq, seq == 1 ? EV_RUN_START : EV_ACTION_COMPLETE);
	struct val *fields = val_map(&a);

	if (seq == 1)
		val_set(&a, fields, "v", val_int(&a, 1));
	val_set(&a, fields, "output", val_bytes(&a, text.p, text.n));
	val_set(&a, fields, "exit_code", val_int(&a, seq));
	ev.fields = fields;
	ev.item = item;
	ev.depth = depth;
	cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
}

static const char *
said(struct arena *a, long long seq)
{
	return arena_printf(a, "output of %lld\n", seq);
}

static struct journal *
begin(const char *path)
{
	struct err e = ERR_INIT;
	struct journal *j = journal_create(path, SEED, false, &e);

	cr_assert_not_null(j, "%s", e.msg);
	return j;
}

static void
write_many(struct arena *a, struct journal *j, long long n)
{
	for (long long seq = 1; seq <= n; seq++)
		append(j, seq, -1, 0, sv(said(a, seq)));
}

static void
look(struct journal_at *at, struct arena *a, long long seq)
{
	auto_str out = STR_INIT;
	struct err e = ERR_INIT;

	str_adds(&out, "+");
	cr_assert_eq(
	    journal_at_text(at, seq, "output", &out, &e), 0, "%s", e.msg);
	cr_assert_str_eq(out.buf + 1, said(a, seq));
}

TEST(journal_at, finds_any_record_while_it_is_written_and_later)
{
	static const long long wanted[] = { 1, 2, 255, 256, 257, 258, 2999,
		3000, 513, 1, 1500, 3000 };
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);
	struct journal_at *at = journal_at_new(path, SEED);

	write_many(&a, j, 3000);
	for (size_t i = 0; i < COUNT(wanted); i++) {
		look(journal_records(j), &a, wanted[i]);
		look(at, &a, wanted[i]);
	}
	append(j, 3001, -1, 0, sv(said(&a, 3001)));
	look(journal_records(j), &a, 3001);
	look(at, &a, 3001);
	journal_at_free(at);
	journal_free(j);
	gone(dir, path);
}

/* A note of what comes next leaves a gap that looking fills. */
TEST(journal_at, a_gap_between_notes_is_no_fault)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);
	struct journal_at *at = journal_at_new(path, SEED);
	long long half;

	write_many(&a, j, 1000);
	half = journal_size(j);
	for (long long seq = 1001; seq <= 2000; seq++)
		append(j, seq, -1, 0, sv(said(&a, seq)));
	journal_at_note(at, 1001, half);
	for (long long seq = 2000; seq >= 1; seq -= 37)
		look(at, &a, seq);
	journal_at_free(at);
	journal_free(j);
	gone(dir, path);
}

/* More marks than are kept. */
TEST(journal_at, marks_that_were_thinned_out_still_help)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);
	struct journal_at *at = journal_records(j);

	write_many(&a, j, 600);
	for (long long i = 1; i <= 20000; i++)
		journal_at_note(at, 1000 + i * 5000, i * 50000000);
	look(at, &a, 1);
	look(at, &a, 599);
	journal_free(j);
	gone(dir, path);
}

TEST(journal_at, texts_come_back_byte_by_byte)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);
	char big[90000];
	struct sv texts[] = { sv(""), sv("plain\n"), sv_make("\0\xff\"", 3),
		sv_make(big, sizeof(big)), sv("{\"seq\":3,\n") };

	memset(big, 'b', sizeof(big));
	append(j, 1, -1, 0, sv(""));
	for (size_t i = 0; i < COUNT(texts); i++)
		append(j, 2 + (long long)i, (long long)i, 1, texts[i]);
	for (size_t i = COUNT(texts); i-- > 0;) {
		auto_str out = STR_INIT;
		struct err e = ERR_INIT;

		cr_assert_eq(journal_at_text(journal_records(j),
				 2 + (long long)i, "output", &out, &e),
		    0, "%s", e.msg);
		cr_assert_eq(out.len, texts[i].n);
		cr_assert_eq(memcmp(out.buf, texts[i].p, out.len), 0);
	}
	journal_free(j);
	gone(dir, path);
}

TEST(journal_at, what_is_not_there_is_told)
{
	static const struct {
		long long seq;
		const char *member;
	} rows[] = { { 0, "output" }, { -3, "output" }, { 11, "output" },
		{ 12, "output" }, { 3, "stderr" }, { 3, "exit_code" } };
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);
	auto_str out = STR_INIT;
	struct err e = ERR_INIT;

	cr_assert_lt(
	    journal_at_text(journal_records(j), 1, "output", &out, &e), 0);
	write_many(&a, j, 10);
	for (size_t i = 0; i < COUNT(rows); i++) {
		e = (struct err)ERR_INIT;
		cr_expect_lt(journal_at_text(journal_records(j), rows[i].seq,
				 rows[i].member, &out, &e),
		    0, "row %zu", i);
		cr_expect_eq(e.kind, ERR_IO);
		cr_expect(strstr(e.msg, path), "%s", e.msg);
	}
	cr_assert_eq(out.len, 0);
	journal_free(j);
	gone(dir, path);
}

/* Cut at each length, and each byte changed: the old text or a refusal. */
TEST(journal_at, a_broken_journal_is_refused)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);
	auto_str bytes = STR_INIT;
	struct err e = ERR_INIT;

	write_many(&a, j, 3);
	journal_free(j);
	cr_assert_eq(file_read(path, 1 << 20, &bytes, &e), 0);
	for (size_t i = 0; i < 2 * bytes.len; i++) {
		struct journal_at *at = journal_at_new(path, SEED);
		auto_str out = STR_INIT;

		if (i < bytes.len)
			rewrite(path, bytes.buf, i);
		else {
			bytes.buf[i - bytes.len] ^= 4;
			rewrite(path, bytes.buf, bytes.len);
			bytes.buf[i - bytes.len] ^= 4;
		}
		if (journal_at_text(at, 3, "output", &out, &e) == 0)
			cr_expect_str_eq(out.buf, said(&a, 3), "byte %zu", i);
		else
			cr_expect_eq(e.kind, ERR_IO);
		cr_expect(i >= bytes.len || out.len == 0, "length %zu", i);
		journal_at_free(at);
	}
	unlink(path);
	cr_assert_eq(rmdir(dir), 0);
}

TEST(journal_at, a_journal_that_is_none_is_refused)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal_at *at = journal_at_new(path, SEED);
	auto_str out = STR_INIT;
	auto_str noise = STR_INIT;
	struct err e = ERR_INIT;

	cr_assert_lt(journal_at_text(at, 1, "output", &out, &e), 0);
	cr_assert_eq(e.kind, ERR_IO);
	for (int i = 0; i < 400000; i++)
		str_addc(&noise, 'n');
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	rewrite(path, noise.buf, noise.len);
	cr_assert_lt(journal_at_text(at, 1, "output", &out, &e), 0);
	cr_assert_eq(e.kind, ERR_IO);
	journal_at_free(at);
	gone(dir, path);
}

/* ---- events ---- */

static const struct {
	long long item, depth;
} tree[] = {
	{ -1, 0 },
	{ -1, 0 },
	{ -1, 1 },
	{ -1, 2 },
	{ 3, 1 },
	{ 3, 2 },
	{ 4, 2 },
	{ -1, 1 },
	{ -1, 0 },
};

static void
write_tree(struct journal *j, struct journal_span s, struct str *want)
{
	for (size_t i = 0; i < COUNT(tree); i++) {
		auto_arena a = ARENA_INIT;
		struct err e = ERR_INIT;
		struct val *fields = val_map(&a);
		long long seq = (long long)i + 1;
		struct event ev =
		    make(&a, seq, seq == 1 ? EV_RUN_START : EV_STATE_ENTER);

		if (seq == 1)
			val_set(&a, fields, "v", val_int(&a, 1));
		val_set(&a, fields, "state",
		    val_text(&a, "s\",\"item\":5,\"depth\":7"));
		val_set(&a, fields, "raw", val_bytes(&a, "\xff", 1));
		val_set(&a, fields, "iteration", val_int(&a, 3));
		ev.fields = fields;
		ev.item = tree[i].item;
		ev.depth = tree[i].depth;
		if (j)
			cr_assert_eq(journal_append(j, &ev, &e), 0);
		if (j || seq < s.from || seq > s.to || ev.item != s.item ||
		    ev.depth < s.depth)
			continue;
		ev.depth -= s.depth;
		event_write(want, &ev);
		str_adds(want, "}\n");
	}
}

TEST(journal_at, events_are_those_of_a_frame)
{
	static const struct journal_span spans[] = {
		{ 1, 9, 0, -1, OUTPUT_LIMIT },
		{ 2, 8, 1, -1, OUTPUT_LIMIT },
		{ 3, 8, 1, -1, OUTPUT_LIMIT },
		{ 4, 4, 2, -1, OUTPUT_LIMIT },
		{ 1, 9, 1, 3, OUTPUT_LIMIT },
		{ 1, 9, 2, 4, OUTPUT_LIMIT },
		{ 1, 9, 3, -1, OUTPUT_LIMIT },
		{ 9, 8, 0, -1, OUTPUT_LIMIT },
	};
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);

	write_tree(j, spans[0], NULL);
	for (size_t i = 0; i < COUNT(spans); i++) {
		auto_str got = STR_INIT, want = STR_INIT;
		struct err e = ERR_INIT;

		str_adds(&got, "+");
		str_adds(&want, "+");
		write_tree(NULL, spans[i], &want);
		cr_assert_eq(
		    journal_at_events(journal_records(j), &spans[i], &got, &e),
		    0, "%s", e.msg);
		cr_expect_str_eq(got.buf, want.buf, "row %zu", i);
	}
	journal_free(j);
	gone(dir, path);
}

TEST(journal_at, too_many_events_and_lost_ones_are_told)
{
	static const struct {
		struct journal_span span;
		enum err_kind kind;
	} rows[] = {
		{ { 1, 9, 0, -1, 500 }, ERR_INPUT },
		{ { 1, 10, 0, -1, OUTPUT_LIMIT }, ERR_IO },
		{ { 40, 50, 0, -1, OUTPUT_LIMIT }, ERR_IO },
	};
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);

	write_tree(j, rows[0].span, NULL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str got = STR_INIT;
		struct err e = ERR_INIT;

		str_adds(&got, "+");
		cr_expect_lt(journal_at_events(
				 journal_records(j), &rows[i].span, &got, &e),
		    0);
		cr_expect_eq(e.kind, rows[i].kind, "%s", e.msg);
		cr_expect_str_eq(got.buf, "+");
	}
	journal_free(j);
	gone(dir, path);
}

/* As the engine asks: through the vault. */
TEST(journal_at, the_vault_looks_into_its_run)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal *j = begin(path);
	struct output_opts opts = {
		.dir = dir, .limit = OUTPUT_LIMIT, .disk = OUTPUT_DISK_LIMIT
	};
	struct output *none = output_new(&opts), *o;
	struct vault v = output_vault(none);
	auto_str out = STR_INIT;
	struct err e = ERR_INIT;

	cr_expect_lt(v.recall(v.self, 1, "output", &out, &e), 0);
	cr_expect_lt(v.events(v.self, 1, 1, 0, -1, &out, &e), 0);
	opts.journal = j;
	o = output_new(&opts);
	v = output_vault(o);
	write_many(&a, j, 3);
	cr_expect_eq(v.recall(v.self, 2, "output", &out, &e), 0);
	cr_expect_str_eq(out.buf, said(&a, 2));
	str_reset(&out);
	cr_expect_eq(v.events(v.self, 2, 3, 0, -1, &out, &e), 0);
	cr_expect(strstr(out.buf, "\"seq\":3") && !strstr(out.buf, "sum"));
	output_free(none);
	output_free(o);
	journal_free(j);
	gone(dir, path);
}
