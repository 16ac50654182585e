/*
 * Lines and columns of a file.  Lines end as libyaml ends them (LF, CRLF or
 * CR), so that both count the same.  What is not UTF-8 is found here and not
 * by libyaml, which reports every such place as line 1, column 1.
 */
#include "text/lines.h"

#include <string.h>

#include "base/utf8.h"

static void
find_lines(struct lines *l)
{
	struct sv t = l->text;

	vec_push(&l->start, 0);
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '\r' && i + 1 < t.n && t.p[i + 1] == '\n')
			continue;
		if (t.p[i] == '\n' || t.p[i] == '\r')
			vec_push(&l->start, i + 1);
	}
}

struct place
lines_place(const struct lines *l, size_t off)
{
	size_t low = 0, high = l->start.len;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (l->start.at[mid] <= off)
			low = mid;
		else
			high = mid;
	}
	return (struct place) { l->file, (int)low + 1,
		(int)utf8_count(
		    l->text.p + l->start.at[low], off - l->start.at[low]) +
		    1 };
}

static bool
check_bytes(const struct lines *l, struct diags *d)
{
	struct sv t = l->text;

	for (size_t i = 0; i < t.n;) {
		size_t k = utf8_len(t.p + i, t.n - i);

		if (k == 0) {
			diag_add(d, lines_place(l, i), "E002", "<root>",
			    "not UTF-8: byte 0x%02x does not belong here",
			    (unsigned char)t.p[i]);
			return false;
		}
		if (t.p[i] == '\0') {
			diag_add(d, lines_place(l, i), "E002", "<root>",
			    "not text: a NUL byte");
			return false;
		}
		i += k;
	}
	return true;
}

bool
lines_init(struct lines *l, const char *file, struct sv text, struct diags *d)
{
	*l = (struct lines) { .file = file, .text = text };
	if (sv_starts(text, "\xff\xfe") || sv_starts(text, "\xfe\xff")) {
		diag_add(d, (struct place) { file, 1, 1 }, "E002", "<root>",
		    "not UTF-8: this is UTF-16; save it as UTF-8");
		return false;
	}
	if (sv_starts(text, "\xef\xbb\xbf")) {
		l->text.p += 3;
		l->text.n -= 3;
	}
	find_lines(l);
	return check_bytes(l, d);
}

/* The line's text and how many spaces it begins with. */
static struct sv
line_at(const struct lines *l, size_t i, size_t *spaces)
{
	size_t from = l->start.at[i];
	size_t to = i + 1 < l->start.len ? l->start.at[i + 1] : l->text.n;
	struct sv line = sv_chomp(sv_make(l->text.p + from, to - from));

	for (*spaces = 0; *spaces < line.n && line.p[*spaces] == ' ';)
		++*spaces;
	return line;
}

size_t
lines_indent(const struct lines *l, int first, struct sv value)
{
	for (size_t i = (size_t)first; i < l->start.len; i++) {
		size_t spaces, kept = 0;
		struct sv line = line_at(l, i, &spaces);

		if (spaces < line.n) {
			while (kept < value.n && value.p[kept] == ' ')
				kept++;
			return kept < spaces ? spaces - kept : 0;
		}
		if (value.n == 0)
			return 0;
		while (value.n && value.p[0] != '\n') {
			value.p++;
			value.n--;
		}
		if (value.n) {
			value.p++;
			value.n--;
		}
	}
	return 0;
}

void
lines_release(struct lines *l)
{
	vec_release(&l->start);
}
