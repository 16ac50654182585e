/*
 * YAML files: libyaml's events, composed into values by recursive descent.
 * The limits are checked at each event, before libyaml looks further; an
 * alias counts as all the nodes it stands for, so that a small file cannot
 * become a large tree.  Aliases share the node of their anchor, which nobody
 * changes.  What a plain scalar means is in yml_scalar.c.
 */
#include "text/yml_reader.h"

#include <stdlib.h>
#include <string.h>

struct anchor {
	struct val *v; /* NULL while it is being read */
	size_t nodes;
	int height;
};

static struct val *read_node(struct reader *, int depth);

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
	return reader_count(rd, a->nodes) ? a->v : NULL;
}

static struct val *
read_list(struct reader *rd, int depth)
{
	struct val *list = val_list(rd->mem);
	size_t path = rd->path.len;
	int height = 0;

	list->at = reader_place(rd, rd->event.start_mark);
	if (!reader_tag(rd, rd->event.data.sequence_start.tag, "seq"))
		return NULL;
	while (reader_next(rd) && rd->event.type != YAML_SEQUENCE_END_EVENT) {
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
	if (!reader_tag(rd, ev->data.scalar.tag, "str"))
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
	diag_add(rd->diags, m->at, "E003", reader_path(rd),
	    "key '%.200s' is already on line %d, column %d", m->key, old->line,
	    old->col);
	return false;
}

static bool
read_member(struct reader *rd, struct open_map *o, int depth)
{
	bool plain = rd->event.type == YAML_SCALAR_EVENT &&
	    rd->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct member m = { read_key(rd), NULL,
		reader_place(rd, rd->event.start_mark) };
	size_t path = rd->path.len;
	bool fresh, merge;

	if (!m.key || !reader_count(rd, 1))
		return false;
	merge = plain && strcmp(m.key, "<<") == 0;
	str_addf(&rd->path, "%s%s", path ? "." : "", m.key);
	fresh = is_new(rd, o, &m);
	m.v = reader_next(rd) ? read_node(rd, depth + 1) : NULL;
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
		diag_add(rd->diags, o->merge_at, "E011", reader_path(rd),
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

	o.map->at = reader_place(rd, rd->event.start_mark);
	if (!reader_tag(rd, rd->event.data.mapping_start.tag, "map"))
		return NULL;
	while (
	    ok && reader_next(rd) && rd->event.type != YAML_MAPPING_END_EVENT)
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
	if (!reader_count(rd, 1))
		return NULL;
	if (rd->event.type == YAML_SCALAR_EVENT)
		return reader_scalar(rd);
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

	if (!reader_next(rd) || !reader_next(rd))
		return NULL;
	if (rd->event.type == YAML_STREAM_END_EVENT) {
		v = val_null(rd->mem);
		v->at = (struct place) { rd->lines.file, 1, 1 };
		return v;
	}
	if (!reader_next(rd))
		return NULL;
	v = read_node(rd, 1);
	if (!v || !reader_next(rd) || !reader_next(rd))
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
