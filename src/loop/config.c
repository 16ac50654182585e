/*
 * Configuration files: read and held against the tables; nothing is
 * converted and nothing decided here.
 */
#include "loop/config.h"

#include "loop/load_part.h"
#include "text/yml.h"

static const char top_table[] = "configuration";

static bool
check(
    struct arena *a, const char *object, const struct val *map, struct diags *d)
{
	struct loader l = { .mem = a, .diags = d, .configuration = true };
	size_t before = d->errors;

	load_keys(&l, key_table_of(object), map);
	map_release(&l.told);
	return d->errors == before;
}

bool
config_check(struct arena *a, const struct val *map, struct diags *d)
{
	return check(a, top_table, map, d);
}

static bool
is_loop(const struct val *v)
{
	return val_get(v, "initial") && val_get(v, "states");
}

const struct val *
config_read_as(struct arena *a, const char *object, const char *file,
    struct sv text, struct diags *d)
{
	size_t before = d->errors;
	const struct val *v = yml_read(a, file, text.p, text.n, d);

	if (!v)
		return NULL;
	if (v->kind == VAL_NULL)
		v = val_map(a);
	if (v->kind != VAL_MAP) {
		diag_add(d, v->at, "E102", "<root>",
		    "the %s must be a mapping, not %s", object,
		    val_kind_name(v->kind));
		return NULL;
	}
	if (is_loop(v))
		diag_add(d, v->at, "E120", "<root>",
		    "this is a loop, but the file of this name is the "
		    "%s: give the loop another name",
		    object);
	else
		check(a, object, v, d);
	/* Also told by the reader: keys that are there twice. */
	return d->errors == before ? v : NULL;
}

const struct val *
config_read(struct arena *a, const char *file, struct sv text, struct diags *d)
{
	return config_read_as(a, top_table, file, text, d);
}

const struct key *
config_key(const char *path, bool *acted)
{
	const struct key_table *t = key_table_of(top_table);
	struct sv rest = sv(path), part;
	const struct key *k = NULL;

	*acted = true;
	while (t && sv_cut(&rest, '.', &part)) {
		k = NULL;
		for (size_t i = 0; i < t->len; i++)
			if (sv_eq(part, t->at[i].name))
				k = &t->at[i];
		if (!k)
			return NULL;
		*acted = *acted && k->class == KEY_ACTED;
		t = k->type == KT_OBJECT ? key_table_of(k->words) : NULL;
	}
	return rest.p ? NULL : k;
}

const struct val *
config_get(const struct val *map, const char *path, struct place *at)
{
	struct sv rest = sv(path), part;
	const struct val *v = map;

	while (v && sv_cut(&rest, '.', &part)) {
		const struct member *found = NULL;

		for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++)
			if (sv_eq(part, v->map.at[i].key))
				found = &v->map.at[i];
		v = found && found->v->kind != VAL_NULL ? found->v : NULL;
		if (v)
			*at = found->at;
	}
	return v;
}
