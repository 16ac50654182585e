/*
 * YAML files: libyaml's events, composed into values by recursive descent.
 * The limits are checked at each event, before libyaml looks further; an
 * alias counts as all the nodes it stands for, so that a small file cannot
 * become a large tree.  Aliases share the node of their anchor, which nobody
 * changes.  What a plain scalar means is in yml_scalar.c.
 */
#include "text/yml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/auto.h"
#include "base/map.h"
#include "base/utf8.h"
#include "text/lines.h"

#define CORE "tag:yaml.org,2002:"

struct anchor {
	struct val *v; /* NULL while it is being read */
	size_t nodes;
	int height;
};

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one, owned */
	struct arena *mem;
	struct lines lines;
	struct map anchors; /* name -> struct anchor */
	struct str path;
	struct diags *diags;
	size_t nodes;
	int height; /* levels of the node that was read last */
};

static struct val *read_node(struct reader *, int depth);

static struct place
place(const struct reader *rd, yaml_mark_t m)
{
	return (struct place) { rd->lines.file, (int)m.line + 1,
		(int)m.column + 1 };
}

static const char *
path_of(const struct reader *rd)
{
	return rd->path.len ? rd->path.buf : "<root>";
}

#define refuse(rd, id, ...)                                          \
	diag_add((rd)->diags, place(rd, (rd)->event.start_mark), id, \
	    path_of(rd), __VA_ARGS__)

static void
syntax_error(struct reader *rd)
{
	const yaml_parser_t *p = &rd->parser;
	const char *what = p->problem ? p->problem : "cannot be read";
	struct place at = place(rd, p->problem_mark);

	if (p->error == YAML_READER_ERROR)
		at = lines_place(&rd->lines, p->problem_offset);
	if (p->context && p->context_mark.line + 1 < (size_t)at.line)
		diag_add(rd->diags, at, "E001", path_of(rd),
		    "not YAML: %s, %s that begins on line %zu", what,
		    p->context, p->context_mark.line + 1);
	else
		diag_add(rd->diags, at, "E001", path_of(rd), "not YAML: %s%s%s",
		    what, p->context ? ", " : "", p->context ? p->context : "");
}

static bool
next(struct reader *rd)
{
	yaml_event_delete(&rd->event);
	if (yaml_parser_parse(&rd->parser, &rd->event))
		return true;
	memset(&rd->event, 0, sizeof(rd->event));
	syntax_error(rd);
	return false;
}

static bool
count(struct reader *rd, size_t nodes)
{
	rd->nodes += nodes;
	if (rd->nodes <= YML_MAX_NODES)
		return true;
	refuse(rd, "E006", "too large: over %d nodes, aliases included",
	    YML_MAX_NODES);
	return false;
}

/* The tag without its prefix; "" for none; NULL when it is not core. */
static const char *
core_tag(struct reader *rd, const yaml_char_t *raw, const char *allowed)
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

static struct val *
read_scalar(struct reader *rd)
{
	const yaml_event_t *ev = &rd->event;
	struct sv text = { (const char *)ev->data.scalar.value,
		ev->data.scalar.length };
	const char *tag =
	    core_tag(rd, ev->data.scalar.tag, "str null bool int float");
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
	v->at = place(rd, ev->start_mark);
	if (v->kind == VAL_TEXT)
		set_style(rd, v);
	return v;
}

static struct val *
read_alias(struct reader *rd, int depth)
{
	const char *name = (const char *)rd->event.data.alias.anchor;
	struct map_entry *e = map_get(&rd->anchors, name);
	const struct anchor *a = e ? e->value : NULL;

	if (!a || !a->v) {
		refuse(rd, "E009",
		    a ? "alias '*%.80s' stands inside its own anchor"
		      : "alias '*%.80s' has no anchor before it",
		    name);
		return NULL;
	}
	if (depth + a->height > YML_MAX_DEPTH + 1) {
		refuse(rd, "E005", "over %d levels deep with alias '*%.80s'",
		    YML_MAX_DEPTH, name);
		return NULL;
	}
	rd->height = a->height;
	return count(rd, a->nodes) ? a->v : NULL;
}

static struct val *
read_list(struct reader *rd, int depth)
{
	struct val *list = val_list(rd->mem);
	size_t path = rd->path.len;
	int height = 0;

	list->at = place(rd, rd->event.start_mark);
	if (!core_tag(rd, rd->event.data.sequence_start.tag, "seq"))
		return NULL;
	while (next(rd) && rd->event.type != YAML_SEQUENCE_END_EVENT) {
		struct val *v;

		str_addf(&rd->path, "%s%zu", path ? "." : "", list->list.len);
		v = read_node(rd, depth + 1);
		str_cut(&rd->path, path);
		if (!v)
			return NULL;
		val_push(rd->mem, list, v);
		height = rd->height > height ? rd->height : height;
	}
	rd->height = height + 1;
	return rd->event.type == YAML_SEQUENCE_END_EVENT ? list : NULL;
}

/* The key at the current event, or NULL. */
static const char *
read_key(struct reader *rd)
{
	const yaml_event_t *ev = &rd->event;

	if (ev->type != YAML_SCALAR_EVENT) {
		refuse(rd, "E010",
		    "a key must be text, not a list, a mapping "
		    "or an alias");
		return NULL;
	}
	if (memchr(ev->data.scalar.value, '\0', ev->data.scalar.length)) {
		refuse(rd, "E002", "not text: a NUL character");
		return NULL;
	}
	if (!core_tag(rd, ev->data.scalar.tag, "str"))
		return NULL;
	return arena_dup(
	    rd->mem, ev->data.scalar.value, ev->data.scalar.length);
}

struct open_map {
	struct val *map;
	struct map seen; /* key -> index + 1 */
	const struct val *merge;
	struct place merge_at;
	int height;
};

/* Is the key new here?  Says so when not. */
static bool
is_new(struct reader *rd, struct open_map *o, const struct member *m)
{
	struct map_entry *e = map_put(&o->seen, m->key);
	const struct place *old;

	if (e->count == 0)
		return true;
	old = e->count < 0 ? &o->merge_at : &o->map->map.at[e->count - 1].at;
	diag_add(rd->diags, m->at, "E003", path_of(rd),
	    "key '%.200s' is already on line %d, column %d", m->key, old->line,
	    old->col);
	return false;
}

static bool
read_member(struct reader *rd, struct open_map *o, int depth)
{
	bool plain =
	    rd->event.type == YAML_SCALAR_EVENT && is_plain(&rd->event);
	struct member m = { read_key(rd), NULL,
		place(rd, rd->event.start_mark) };
	size_t path = rd->path.len;
	bool fresh, merge;

	if (!m.key || !count(rd, 1))
		return false;
	merge = plain && strcmp(m.key, "<<") == 0;
	str_addf(&rd->path, "%s%s", path ? "." : "", m.key);
	fresh = is_new(rd, o, &m);
	m.v = next(rd) ? read_node(rd, depth + 1) : NULL;
	str_cut(&rd->path, path);
	if (!m.v)
		return false;
	o->height = rd->height > o->height ? rd->height : o->height;
	if (!fresh)
		return true;
	if (merge) {
		o->merge = m.v;
		o->merge_at = m.at;
		map_put(&o->seen, m.key)->count = -1;
	} else {
		val_add(rd->mem, o->map, m);
		map_put(&o->seen, m.key)->count = (long long)o->map->map.len;
	}
	return true;
}

static bool
merge_from(struct reader *rd, struct open_map *o, const struct val *from)
{
	if (from->kind != VAL_MAP) {
		diag_add(rd->diags, o->merge_at, "E011", path_of(rd),
		    "'<<' needs a mapping or a list of mappings, not %s",
		    val_kind_name(from->kind));
		return false;
	}
	for (size_t i = 0; i < from->map.len; i++) {
		const struct member *m = &from->map.at[i];
		struct map_entry *e = map_put(&o->seen, m->key);

		if (e->count)
			continue;
		val_add(rd->mem, o->map, *m);
		e->count = (long long)o->map->map.len;
	}
	return true;
}

static bool
merge_all(struct reader *rd, struct open_map *o)
{
	if (!o->merge)
		return true;
	if (o->merge->kind != VAL_LIST)
		return merge_from(rd, o, o->merge);
	for (size_t i = 0; i < o->merge->list.len; i++)
		if (!merge_from(rd, o, o->merge->list.at[i]))
			return false;
	return true;
}

static struct val *
read_map(struct reader *rd, int depth)
{
	struct open_map o = { .map = val_map(rd->mem), .seen = MAP_INIT };
	bool ok = true;

	o.map->at = place(rd, rd->event.start_mark);
	if (!core_tag(rd, rd->event.data.mapping_start.tag, "map"))
		return NULL;
	while (ok && next(rd) && rd->event.type != YAML_MAPPING_END_EVENT)
		ok = read_member(rd, &o, depth);
	ok =
	    ok && rd->event.type == YAML_MAPPING_END_EVENT && merge_all(rd, &o);
	map_release(&o.seen);
	rd->height = o.height + 1;
	return ok ? o.map : NULL;
}

static const yaml_char_t *
anchor_name(const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		return ev->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return ev->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return ev->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static struct val *
read_bare(struct reader *rd, int depth)
{
	if (!count(rd, 1))
		return NULL;
	if (rd->event.type == YAML_SCALAR_EVENT)
		return read_scalar(rd);
	if (depth > YML_MAX_DEPTH) {
		refuse(rd, "E005", "over %d levels deep", YML_MAX_DEPTH);
		return NULL;
	}
	if (rd->event.type == YAML_SEQUENCE_START_EVENT)
		return read_list(rd, depth);
	return read_map(rd, depth);
}

/* The node at the current event; ends at its last event. */
static struct val *
read_node(struct reader *rd, int depth)
{
	const yaml_char_t *name = anchor_name(&rd->event);
	size_t before = rd->nodes;
	struct anchor *a = NULL;
	struct val *v;

	if (rd->event.type == YAML_ALIAS_EVENT)
		return read_alias(rd, depth);
	if (name) {
		a = arena_new(rd->mem, sizeof(*a));
		map_put(&rd->anchors, (const char *)name)->value = a;
	}
	v = read_bare(rd, depth);
	if (v && a)
		*a = (struct anchor) { v, rd->nodes - before, rd->height };
	return v;
}

static struct val *
read_document(struct reader *rd)
{
	struct val *v;

	if (!next(rd) || !next(rd))
		return NULL;
	if (rd->event.type == YAML_STREAM_END_EVENT) {
		v = val_null(rd->mem);
		v->at = (struct place) { rd->lines.file, 1, 1 };
		return v;
	}
	if (!next(rd))
		return NULL;
	v = read_node(rd, 1);
	if (!v || !next(rd) || !next(rd))
		return NULL;
	if (rd->event.type != YAML_STREAM_END_EVENT) {
		refuse(rd, "E007",
		    "a second document begins here; a file "
		    "holds one");
		return NULL;
	}
	return v;
}

static const struct val *
read_lines(struct reader *rd)
{
	const struct val *v;

	if (!yaml_parser_initialize(&rd->parser))
		abort();
	yaml_parser_set_encoding(&rd->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&rd->parser,
	    (const unsigned char *)rd->lines.text.p, rd->lines.text.n);
	v = read_document(rd);
	yaml_event_delete(&rd->event);
	yaml_parser_delete(&rd->parser);
	map_release(&rd->anchors);
	str_release(&rd->path);
	return v;
}

const struct val *
yml_read(struct arena *a, const char *file, const char *text, size_t len,
    struct diags *d)
{
	struct reader rd = { .mem = a, .diags = d, .path = STR_INIT };
	const struct val *v = NULL;

	file = arena_strdup(a, file);
	if (len > YML_MAX_BYTES) {
		diag_add(d, (struct place) { file, 0, 0 }, "E004", "<root>",
		    "too large: %zu bytes, at most %d", len, YML_MAX_BYTES);
		return NULL;
	}
	if (lines_init(&rd.lines, file, sv_make(text, len), d))
		v = read_lines(&rd);
	lines_release(&rd.lines);
	return v;
}
