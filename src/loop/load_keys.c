/*
 * The document against the tables of loop/keys: unknown keys, types, ranges
 * and words, and what this version does not act on.  Nothing is converted
 * here.  `key: null` is as if the key were not written.
 */
#include "loop/load_part.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/size.h"

/* One mapping on its way through its table. */
struct walk {
	struct loader *l;
	const struct key_table *table;
	const struct val *map;
	const char *path; /* of the mapping; "" for the document */
	bool quiet;       /* a key above was already said not to be in force */
};

static void walk_map(const struct walk *);

static const char *
below(struct loader *l, const char *path, const char *key)
{
	return *path ? load_path(l, "%s.%s", path, key) : key;
}

/* `classify` and a judge with a schema give any word as verdict. */
static bool
gives_free_words(const struct val *state)
{
	const struct val *e = load_get(state, "evaluate");
	const char *type = load_text(e, "type");

	return type &&
	    (!strcmp(type, "classify") ||
		(!strcmp(type, "llm_structured") && load_get(e, "schema")));
}

static const char *
known_route_near(const struct walk *w, const char *key)
{
	for (size_t i = 0; i < w->table->len; i++) {
		const char *known = w->table->at[i].name;

		if (!strncmp(known, "on_", 3) &&
		    sv_distance(key, known, 2) <= 2)
			return known;
	}
	return NULL;
}

/* `on_WORD: STATE` is a route for the verdict WORD, unless it looks like a
 * known key with a slip of the pen.  Where a fragment or a parent may bring
 * the evaluator, the slip is only a warning. */
static bool
is_custom_route(const struct walk *w, const struct member *m)
{
	const char *near;

	if (strcmp(w->table->object, "state") || strncmp(m->key, "on_", 3) ||
	    !m->key[3] || m->v->kind != VAL_TEXT)
		return false;
	if (gives_free_words(w->map))
		return true;
	near = known_route_near(w, m->key);
	if (!near)
		return true;
	if (!w->l->partial)
		return false;
	diag_add(w->l->diags, m->at, "W101", w->path,
	    "'%s' is a route for the verdict '%s' (did you mean '%s'?)", m->key,
	    m->key + 3, near);
	return true;
}

/* A key that stands a level too high or too low; NULL: it is none of these. */
static const char *
place_of(const struct walk *w, const char *key)
{
	static const char *const objects[] = { "state", "loop", "evaluate",
		"parallel" };
	const char *found = NULL;
	bool ours = false;

	for (size_t i = COUNT(objects); i-- > 0;) {
		ours |= strcmp(w->table->object, objects[i]) == 0;
		if (key_of(key_table_of(objects[i]), key))
			found = objects[i];
	}
	return ours ? found : NULL;
}

static void
unknown_key(const struct walk *w, const struct member *m)
{
	const char *near = key_nearest(w->table, m->key);
	const char *place = place_of(w, m->key);
	const char *path = *w->path ? w->path : "<root>";
	const char *id = w->l->lenient ? "W101" : "E101";

	if (place)
		diag_add(w->l->diags, m->at, id, path,
		    "unknown key '%s' in '%s' (it is a key of '%s')", m->key,
		    w->table->object, place);
	else if (near)
		diag_add(w->l->diags, m->at, id, path,
		    "unknown key '%s' (did you mean '%s'?)", m->key, near);
	else
		diag_add(w->l->diags, m->at, id, path,
		    "unknown key '%s' in '%s'", m->key, w->table->object);
}

static void
wrong_type(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	if (v->kind == VAL_TEXT)
		diag_add(w->l->diags, v->at, "E102", path,
		    "'%s' must be %s, not the text '%.60s'", k->name,
		    key_type_name(k->type), v->t.p);
	else
		diag_add(w->l->diags, v->at, "E102", path,
		    "'%s' must be %s, not %s", k->name, key_type_name(k->type),
		    val_kind_name(v->kind));
}

static void
check_range(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	double x = v->kind == VAL_INT ? (double)v->i : v->r;

	if (k->min > k->max || (x >= k->min && x <= k->max))
		return;
	diag_add(w->l->diags, v->at, "E103", path,
	    "'%s' must be between %.10g and %.10g", k->name, k->min, k->max);
}

static void
check_size(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	long long n = v->kind == VAL_INT ? v->i : 0;
	auto_str least = STR_INIT, most = STR_INIT;

	if (v->kind == VAL_TEXT)
		size_parse(v->t, &n);
	if ((double)n >= k->min && (double)n <= k->max)
		return;
	size_add(&least, (long long)k->min);
	size_add(&most, (long long)k->max);
	diag_add(w->l->diags, v->at, "E103", path,
	    "'%s' must be between %s and %s", k->name, least.buf, most.buf);
}

static void
check_word(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	auto_str shown = STR_INIT;
	struct sv rest = sv(k->words), one;

	if (v->t.n == strlen(v->t.p) && key_has_word(k->words, v->t.p))
		return;
	while (sv_cut(&rest, '|', &one))
		str_addf(&shown, "%s%.*s", shown.len ? ", " : "", SV_ARG(one));
	diag_add(w->l->diags, v->at, "E104", path,
	    "'%s' cannot be '%s', only %s", k->name, v->t.p, shown.buf);
}

static void
check_list(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	enum val_kind kind = k->type == KT_TEXTS ? VAL_TEXT : VAL_INT;

	for (size_t i = 0; i < v->list.len; i++) {
		const struct val *x = v->list.at[i];
		const char *at = load_path(w->l, "%s[%zu]", path, i);

		if (x->kind != kind)
			wrong_type(w, k, x, at);
		else if (kind == VAL_INT)
			check_range(w, k, x, at);
	}
}

static void
walk_object(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	struct walk in = { w->l, key_table_of(k->words), v, path,
		w->quiet || k->class != KEY_ACTED };

	if (v->kind == VAL_MAP)
		walk_map(&in);
	else
		diag_add(w->l->diags, v->at, "E102", path,
		    "'%s' must be a mapping, not %s", path,
		    val_kind_name(v->kind));
}

static void
walk_objects(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	for (size_t i = 0; k->type == KT_OBJECTS && i < v->list.len; i++)
		walk_object(
		    w, k, v->list.at[i], load_path(w->l, "%s[%zu]", path, i));
	for (size_t i = 0; k->type == KT_NAMED && i < v->map.len; i++) {
		const struct member *m = &v->map.at[i];

		/* A null state takes away an inherited one. */
		if (m->v->kind != VAL_NULL || !w->l->partial)
			walk_object(w, k, m->v, below(w->l, path, m->key));
	}
}

static bool
has_type(enum key_type type, const struct val *v)
{
	long long bytes;

	switch (type) {
	case KT_TEXT:
	case KT_TMPL:
	case KT_SHELL:
	case KT_NAME:
	case KT_ENUM:
		return v->kind == VAL_TEXT;
	case KT_BOOL:
		return v->kind == VAL_BOOL;
	case KT_INT:
		return v->kind == VAL_INT;
	case KT_NUMBER:
	case KT_SECONDS:
		return v->kind == VAL_INT || v->kind == VAL_REAL;
	case KT_SCALAR:
		return v->kind != VAL_LIST && v->kind != VAL_MAP;
	case KT_SIZE:
		return v->kind == VAL_INT ||
		    (v->kind == VAL_TEXT && size_parse(v->t, &bytes));
	case KT_NUMTEXT:
		return v->kind == VAL_INT || v->kind == VAL_REAL ||
		    v->kind == VAL_TEXT;
	case KT_TEXTS:
	case KT_INTS:
	case KT_LIST:
	case KT_OBJECTS:
		return v->kind == VAL_LIST;
	case KT_MAP:
	case KT_OBJECT:
	case KT_NAMED:
		return v->kind == VAL_MAP;
	case KT_ANY:
		break;
	}
	return true;
}

/* `${WORD.` is a reference, and nothing in a shell. */
static void
check_shell(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	const char *p = v->t.p;

	while ((p = strstr(p, "${"))) {
		size_t n = strspn(p + 2, "abcdefghijklmnopqrstuvwxyz_");

		p += 2;
		if (n && p[n] == '.') {
			diag_add(w->l->diags, v->at, "E106", path,
			    "'%s' takes no references such as '${%.*s...}'; "
			    "it is told by LL_END, LL_STATUS, LL_RUN_DIR",
			    k->name, (int)n + 1, p);
			return;
		}
	}
}

static void
check_value(const struct walk *w, const struct key *k, const struct val *v,
    const char *path)
{
	if (!has_type(k->type, v))
		wrong_type(w, k, v, path);
	else if (k->type == KT_SHELL)
		check_shell(w, k, v, path);
	else if (k->type == KT_ENUM)
		check_word(w, k, v, path);
	else if (k->type == KT_OBJECT)
		walk_object(w, k, v, path);
	else if (k->type == KT_TEXTS || k->type == KT_INTS)
		check_list(w, k, v, path);
	else if (k->type == KT_OBJECTS || k->type == KT_NAMED)
		walk_objects(w, k, v, path);
	else if (k->type == KT_SIZE)
		check_size(w, k, v, path);
	else if (v->kind == VAL_INT || v->kind == VAL_REAL)
		check_range(w, k, v, path);
}

/* `false`, `[]` and `{}` ask for nothing. */
static bool
asks_nothing(const struct val *v)
{
	return (v->kind == VAL_BOOL && !v->b) ||
	    (v->kind == VAL_LIST && !v->list.len) ||
	    (v->kind == VAL_MAP && !v->map.len);
}

static void
check_class(const struct walk *w, const struct key *k, const struct member *m,
    const char *path)
{
	if (w->quiet || asks_nothing(m->v))
		return;
	if (k->class == KEY_LATER)
		load_later(w->l, k->name, NULL, path, m->at);
	if (k->class != KEY_DISPLAY || map_get(&w->l->told, k->name))
		return;
	map_put(&w->l->told, k->name);
	diag_add(w->l->diags, m->at, "W111", path,
	    "'%s' has no effect in this version", k->name);
}

static void
walk_map(const struct walk *w)
{
	for (size_t i = 0; i < w->map->map.len; i++) {
		const struct member *m = &w->map->map.at[i];
		const struct key *k = key_of(w->table, m->key);
		const char *path;

		if (!k && !is_custom_route(w, m))
			unknown_key(w, m);
		if (!k || m->v->kind == VAL_NULL)
			continue;
		path = below(w->l, w->path, m->key);
		check_value(w, k, m->v, path);
		check_class(w, k, m, path);
	}
}

void
load_later(struct loader *l, const char *key, const char *value,
    const char *path, struct place at)
{
	struct later x = { .key = key, .path = path, .at = at };

	if (l->configuration) {
		diag_add(l->diags, at, "W120", path,
		    "'%s' is not acted on in this version", path);
		return;
	}
	vec_push(&l->later, x);
	diag_add(l->diags, at, "W110", path,
	    "'%s%s%s' is not acted on yet; run it with --ignore %s", key,
	    value ? ": " : "", value ? value : "", key);
}

void
load_keys(
    struct loader *l, const struct key_table *table, const struct val *root)
{
	struct walk w = { l, table, root, "", false };

	walk_map(&w);
}

void
load_keys_of(struct loader *l, const char *object, const struct val *map,
    const char *path)
{
	struct walk w = { l, key_table_of(object), map, path, false };

	walk_map(&w);
}
