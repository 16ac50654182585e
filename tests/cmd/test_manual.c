/*
 * The manual names every key and every option: a row in a table is a tag
 * (`.It`, or `.Ss` for a command) in its page.  ll-loop(1) and ll-loop(5) are
 * read from man/, so the tests run from the top of the tree.
 */
#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "loop/keys.h"
#include "test.h"

#define PAGE_MAX (1 << 20)

static void
page_read(const char *path, struct str *page)
{
	struct err e = ERR_INIT;

	cr_assert_eq(file_read(path, PAGE_MAX, page, &e), 0, "%s", e.msg);
}

static bool
in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Does the line, of n bytes, hold the name as a word of its own? */
static bool
line_names(const char *line, size_t n, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 3; i + len <= n; i++) {
		if (memcmp(line + i, name, len) != 0 || in_name(line[i - 1]))
			continue;
		if (i + len == n ||
		    (!in_name(line[i + len]) && line[i + len] != '-'))
			return true;
	}
	return false;
}

/* Is there a tag for the name? */
static bool
page_tags(const struct str *page, const char *name)
{
	const char *p = page->buf, *end = p + page->len;

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((eol ? eol : end) - p);

		if (n > 3 &&
		    (memcmp(p, ".It", 3) == 0 || memcmp(p, ".Ss", 3) == 0) &&
		    line_names(p, n, name))
			return true;
		p += n + 1;
	}
	return false;
}

TEST(manual, tags_every_key)
{
	auto_str page = STR_INIT, hosts = STR_INIT;

	page_read("man/ll-loop.5", &page);
	page_read("man/ll-loop-hosts.5", &hosts);
	for (size_t t = 0; key_tables[t]; t++) {
		bool host = strncmp(key_tables[t]->object, "host", 4) == 0 &&
		    key_tables[t]->object[4] != '_';

		for (size_t k = 0; k < key_tables[t]->len; k++)
			cr_expect(page_tags(host ? &hosts : &page,
				      key_tables[t]->at[k].name),
			    "the manual has no entry for %s: %s",
			    key_tables[t]->object, key_tables[t]->at[k].name);
	}
}

static void
expect_options(
    const struct str *page, const char *of, const struct opt *o, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cr_expect(page_tags(page, o[i].name),
		    "ll-loop(1) has no entry for %s --%s", of, o[i].name);
}

TEST(manual, tags_every_command_and_option)
{
	auto_str page = STR_INIT;

	page_read("man/ll-loop.1", &page);
	expect_options(&page, "any", cmd_global_opts, cmd_global_count);
	for (const struct cmd *const *c = cmd_table; *c; c++) {
		cr_expect(page_tags(&page, (*c)->name),
		    "ll-loop(1) has no entry for the command %s", (*c)->name);
		expect_options(&page, (*c)->name, (*c)->opts, (*c)->nopts);
		for (size_t i = 0; i < CMD_ALSO && (*c)->also[i]; i++)
			expect_options(&page, (*c)->name, (*c)->also[i]->rows,
			    (*c)->also[i]->n);
	}
}

TEST(manual, a_part_of_a_word_is_no_tag)
{
	auto_str page = STR_INIT;

	str_adds(&page, "timeout\n.It Ic default_timeout\n.It Fl \\-dry-run\n");
	cr_expect(page_tags(&page, "default_timeout"));
	cr_expect(page_tags(&page, "dry-run"));
	cr_expect_not(page_tags(&page, "timeout"));
	cr_expect_not(page_tags(&page, "dry"));
}
