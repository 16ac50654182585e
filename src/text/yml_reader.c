/*
 * libyaml's events with places, limits and complaints, and the scalars among
 * them.  Columns count characters, as libyaml's marks do.
 */
#include "text/yml_reader.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"

#define CORE "tag:yaml.org,2002:"

struct place
reader_place(const struct reader *rd, yaml_mark_t m)
{
	return (struct place) { rd->lines.file, (int)m.line + 1,
		(int)m.column + 1 };
}

const char *
reader_path(const struct reader *rd)
{
	return rd->path.len ? rd->path.buf : "<root>";
}

/* libyaml's word for a tab in the wrong place names everything but tabs. */
static bool
is_tab(const struct reader *rd, yaml_mark_t m)
{
	struct sv text = rd->lines.text;
	size_t off =
	    m.line < rd->lines.start.len ? rd->lines.start.at[m.line] : text.n;

	for (size_t i = 0; i < m.column && off < text.n; i++)
		off += utf8_len(text.p + off, text.n - off);
	return off < text.n && text.p[off] == '\t';
}

/* The commonest slips in a file of commands: libyaml's words, and what mends
 * it. */
static const struct {
	const char *says, *hint;
} slips[] = {
	{ "mapping values are not allowed in this context",
	    "a text with ': ' in it needs quotes, and the keys of a mapping "
	    "begin in one column" },
	{ "did not find expected ',' or '}'",
	    "inside braces a text with '{', '}' or ',' in it needs quotes" },
	{ "did not find expected ',' or ']'",
	    "inside brackets a text with '[', ']', '{', '}' or ',' in it "
	    "needs quotes" },
	{ "found character that cannot start any token",
	    "a text that begins with '@', '%' or '`' needs quotes" },
	{ "did not find expected alphabetic or numeric character",
	    "a text that begins with '*' or '&' needs quotes" },
};

static const char *
hint_of(const char *what)
{
	for (size_t i = 0; i < COUNT(slips); i++)
		if (strcmp(slips[i].says, what) == 0)
			return slips[i].hint;
	return NULL;
}

static void
syntax_error(struct reader *rd)
{
	const yaml_parser_t *p = &rd->parser;
	const char *what = p->problem ? p->problem : "cannot be read";
	const char *hint = hint_of(what);
	struct place at = reader_place(rd, p->problem_mark);
	auto_str text = STR_INIT;

	if (p->error == YAML_READER_ERROR)
		at = lines_place(&rd->lines, p->problem_offset);
	if (p->error == YAML_SCANNER_ERROR && is_tab(rd, p->problem_mark)) {
		diag_add(rd->diags, at, "E001", reader_path(rd),
		    "not YAML: a tab cannot indent or begin a value; write "
		    "blanks");
		return;
	}
	str_adds(&text, what);
	if (p->context)
		str_addf(&text, ", %s", p->context);
	if (p->context && p->context_mark.line + 1 < (size_t)at.line)
		str_addf(&text, " that begins on line %zu",
		    p->context_mark.line + 1);
	if (hint)
		str_addf(&text, " (%s)", hint);
	diag_add(
	    rd->diags, at, "E001", reader_path(rd), "not YAML: %s", text.buf);
}

bool
reader_next(struct reader *rd)
{
	yaml_event_delete(&rd->event);
	if (yaml_parser_parse(&rd->parser, &rd->event))
		return true;
	memset(&rd->event, 0, sizeof(rd->event));
	syntax_error(rd);
	return false;
}

bool
reader_count(struct reader *rd, size_t nodes)
{
	rd->nodes += nodes;
	if (rd->nodes <= YML_MAX_NODES)
		return true;
	refuse(rd, "E006", "too large: over %d nodes, aliases included",
	    YML_MAX_NODES);
	return false;
}

/* The tag without its prefix; "" for none; NULL when it is not core. */
const char *
reader_tag(struct reader *rd, const yaml_char_t *raw, const char *allowed)
{
	const char *tag = (const char *)raw;
	size_t n = strlen(CORE);
	struct sv rest = sv(allowed), name;

	if (!tag)
		return "";
	if (strcmp(tag, "!") == 0)
		return "str";
	if (strncmp(tag, CORE, n) == 0)
		while (sv_cut(&rest, ' ', &name))
			if (sv_eq(name, tag + n))
				return tag + n;
	refuse(rd, "E008", "tag '%.80s' is not known; write the value plainly",
	    strncmp(tag, CORE, n) == 0 ? tag + n : tag);
	return NULL;
}

/* Do the bytes of the value stand in the file as they are? */
static void
set_style(const struct reader *rd, struct val *v)
{
	const yaml_event_t *ev = &rd->event;
	size_t wide = ev->end_mark.index - ev->start_mark.index;
	size_t chars = utf8_count(v->t.p, v->t.n), indent;

	v->style = STYLE_FOLDED;
	switch (ev->data.scalar.style) {
	case YAML_PLAIN_SCALAR_STYLE:
		if (wide == chars && !memchr(v->t.p, '\n', v->t.n))
			v->style = STYLE_PLAIN;
		break;
	case YAML_LITERAL_SCALAR_STYLE:
		indent = lines_indent(&rd->lines, v->at.line, v->t);
		if (indent <= 255) {
			v->indent = (unsigned char)indent;
			v->style = STYLE_BLOCK;
		}
		break;
	case YAML_FOLDED_SCALAR_STYLE:
		break;
	default:
		if (wide == chars + 2 &&
		    ev->start_mark.line == ev->end_mark.line)
			v->style = STYLE_QUOTED;
	}
}

static bool
is_plain(const yaml_event_t *ev)
{
	return ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static struct val *
typed(struct reader *rd, struct sv text, const char *tag)
{
	static const struct {
		const char *tag;
		enum val_kind kind;
	} kinds[] = {
		{ "null", VAL_NULL },
		{ "bool", VAL_BOOL },
		{ "int", VAL_INT },
		{ "float", VAL_REAL },
	};
	struct val *v = yml_scalar(rd->mem, text);

	if (strcmp(tag, "float") == 0 && v->kind == VAL_INT)
		v = val_real(rd->mem, (double)v->i);
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(tag, kinds[i].tag) == 0 && v->kind == kinds[i].kind)
			return v;
	refuse(rd, "E008", "'%.80s' does not fit its tag '!!%s'", text.p, tag);
	return NULL;
}

struct val *
reader_scalar(struct reader *rd)
{
	const yaml_event_t *ev = &rd->event;
	struct sv text = { (const char *)ev->data.scalar.value,
		ev->data.scalar.length };
	const char *tag =
	    reader_tag(rd, ev->data.scalar.tag, "str null bool int float");
	struct val *v;

	rd->height = 0;
	if (!tag)
		return NULL;
	if (memchr(text.p, '\0', text.n)) {
		refuse(rd, "E002", "not text: a NUL character");
		return NULL;
	}
	if (!*tag && is_plain(ev))
		v = yml_scalar(rd->mem, text);
	else if (!*tag || strcmp(tag, "str") == 0)
		v = val_bytes(rd->mem, text.p, text.n);
	else
		v = typed(rd, text, tag);
	if (!v)
		return NULL;
	v->at = reader_place(rd, ev->start_mark);
	if (v->kind == VAL_TEXT)
		set_style(rd, v);
	return v;
}
