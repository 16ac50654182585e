/*
 * `import`, `fragments`, `fragment`: a state laid over a part of a state that
 * is written elsewhere, and what it gives to that part's parameters
 * (spec/loopfile.md 7.3, 7.4).  A fragment may stand on another one.
 */
#include <string.h>

#include "base/auto.h"
#include "base/map.h"
#include "loop/compose_part.h"

/* One use of a fragment on its way into a state. */
struct use {
	struct compose *c;
	const struct map *known; /* name -> const struct member * */
	const char *state;
	const char *stack[COMPOSE_MAX_DEPTH]; /* names, for circles */
	size_t depth;
	struct binding *to;
};

/* ---- the fragments there are ---- */

static void
add_fragments(
    struct compose *c, struct map *known, const struct val *all, bool own)
{
	if (!all || all->kind == VAL_NULL)
		return;
	if (all->kind != VAL_MAP) {
		compose_wrong(c, all, "fragments", "a mapping");
		return;
	}
	for (size_t i = 0; i < all->map.len; i++) {
		const struct member *m = &all->map.at[i];

		if (m->v->kind == VAL_MAP)
			map_put(known, m->key)->value = (void *)m;
		else if (m->v->kind != VAL_NULL || own)
			compose_wrong(c, m->v,
			    compose_text(c, "fragments.%s", m->key),
			    "a mapping");
	}
}

static void
import_one(struct compose *c, struct map *known, const struct val *word)
{
	struct piece s;

	if (!compose_piece(c, word, "import", &s) || !s.root ||
	    s.root->kind == VAL_NULL)
		return;
	if (s.root->kind != VAL_MAP) {
		diag_add(c->diags, word->at, "E133", "import",
		    "'%s' is %s, not a library of fragments", s.path,
		    val_kind_name(s.root->kind));
		return;
	}
	add_fragments(c, known,
	    val_get(compose_real_names(c, s.root), "fragments"), false);
}

/* Later ones win, and the loop's own over all. */
static void
gather(struct compose *c, struct map *known, const struct val *root)
{
	const struct val *list = val_get(root, "import");

	if (list && list->kind != VAL_LIST && list->kind != VAL_NULL)
		compose_wrong(c, list, "import", "a list of files");
	for (size_t i = 0; list && list->kind == VAL_LIST && i < list->list.len;
	     i++)
		import_one(c, known, list->list.at[i]);
	add_fragments(c, known, val_get(root, "fragments"), true);
}

static const char *
names_of(struct compose *c, const struct map *known)
{
	auto_str text = STR_INIT;

	for (size_t i = 0; i < known->len && text.len < 200; i++)
		str_addf(&text, "%s%s", i ? ", " : "", known->at[i].key);
	return text.len ? arena_strdup(c->mem, text.buf) : "none";
}

/* ---- parameters ---- */

static bool
is_reference_to(const struct val *v, const char *name)
{
	struct sv t;

	if (v->kind != VAL_TEXT)
		return false;
	t = sv_trim(v->t);
	return t.n == strlen("${param.}") + strlen(name) &&
	    sv_starts(t, "${param.") &&
	    !strncmp(t.p + strlen("${param."), name, strlen(name)) &&
	    t.p[t.n - 1] == '}';
}

/* A value for a parameter that an outer fragment has under the same name:
 * only handing it through keeps one meaning. */
static void
bind_again(struct use *u, const struct member *with)
{
	if (is_reference_to(with->v, with->key))
		return;
	diag_add(u->c->diags, with->at, "E137",
	    compose_text(u->c, "states.%s.with.%s", u->state, with->key),
	    "two fragments of this state have a parameter '%s'; the inner one "
	    "can only be given '${param.%s}'",
	    with->key, with->key);
}

/* The members of `with` that the parameters ask for. */
static void
bind(struct use *u, const struct val *spec, const struct val *with)
{
	struct val *into = (struct val *)u->to->with;
	struct val *all = (struct val *)u->to->spec;

	for (size_t i = 0; spec && i < spec->map.len; i++) {
		const struct member *p = &spec->map.at[i];
		const struct member *w = with ? val_member(with, p->key) : NULL;

		if (val_member(all, p->key)) {
			if (w)
				bind_again(u, w);
			continue;
		}
		merge_add(&u->c->merge, all, p);
		if (w)
			merge_add(&u->c->merge, into, w);
	}
}

/* What is left of `with` once a fragment has taken its own. */
static const struct val *
rest_of(struct use *u, const struct val *spec, const struct val *with)
{
	struct val *rest = val_map(u->c->mem);

	rest->at = with->at;
	for (size_t i = 0; i < with->map.len; i++)
		if (!spec || !val_member(spec, with->map.at[i].key))
			merge_add(&u->c->merge, rest, &with->map.at[i]);
	return rest;
}

static void
missing(struct compose *c, const char *state, const struct binding *b,
    const struct member *p)
{
	diag_add(c->diags, b->at, "E137",
	    compose_text(c, "states.%s.with", state),
	    "fragment '%s' needs a value for its parameter '%s'", b->fragment,
	    p->key);
}

/* What is not given has its default, if there is one. */
static void
fill_in(struct compose *c, const char *state, struct binding *b)
{
	for (size_t i = 0; i < b->spec->map.len; i++) {
		const struct member *p = &b->spec->map.at[i];
		const struct val *otherwise = val_get(p->v, "default");
		const struct val *required = val_get(p->v, "required");
		struct member m = { p->key, otherwise, p->at };

		if (val_member(b->with, p->key))
			continue;
		if (otherwise && otherwise->kind != VAL_NULL)
			merge_add(&c->merge, (struct val *)b->with, &m);
		else if (required && required->kind == VAL_BOOL && required->b)
			missing(c, state, b, p);
	}
}

/* `with` that neither a parameter nor a loop asks for. */
static void
check_rest(struct compose *c, const char *state, const struct binding *b,
    const struct val *made)
{
	const struct val *with = val_get(made, "with");

	if (!with || with->kind != VAL_MAP || val_member(made, "loop") ||
	    val_member(made, "parallel"))
		return;
	for (size_t i = 0; i < with->map.len; i++)
		diag_add(c->diags, with->map.at[i].at, "E137",
		    compose_text(
			c, "states.%s.with.%s", state, with->map.at[i].key),
		    "fragment '%s' has no parameter '%s'", b->fragment,
		    with->map.at[i].key);
}

/* ---- one state ---- */

static const struct val *
map_of(struct use *u, const struct val *owner, const char *key)
{
	const struct val *v = val_get(owner, key);

	if (!v || v->kind == VAL_NULL || v->kind == VAL_MAP)
		return v && v->kind == VAL_MAP ? v : NULL;
	compose_wrong(u->c, v,
	    compose_text(u->c, "states.%s.%s", u->state, key), "a mapping");
	return NULL;
}

static bool
enter(struct use *u, const struct val *word)
{
	const char *path = compose_text(u->c, "states.%s.fragment", u->state);

	if (word->kind != VAL_TEXT) {
		compose_wrong(u->c, word, path, "text");
		return false;
	}
	if (!map_get(u->known, word->t.p)) {
		diag_add(u->c->diags, word->at, "E136", path,
		    "there is no fragment '%s' (known: %s)", word->t.p,
		    names_of(u->c, u->known));
		return false;
	}
	for (size_t i = 0; i < u->depth; i++)
		if (!strcmp(u->stack[i], word->t.p)) {
			diag_add(u->c->diags, word->at, "E131", path,
			    "circular 'fragment': '%s' stands on itself",
			    word->t.p);
			return false;
		}
	if (u->depth == COMPOSE_MAX_DEPTH) {
		diag_add(u->c->diags, word->at, "E132", path,
		    "more than %d fragments, one on the other",
		    COMPOSE_MAX_DEPTH);
		return false;
	}
	u->stack[u->depth++] = word->t.p;
	return true;
}

/*
 * `part` (a state, or a fragment that stands on one) over its fragment.  The
 * outermost binds first, so that inner values may refer to it.
 */
static const struct val *
over_fragment(struct use *u, const struct val *part)
{
	static const char *const of_part[] = { "fragment", "with", NULL };
	static const char *const of_body[] = { "description", "parameters",
		NULL };
	const struct val *word = val_get(part, "fragment");
	const struct val *with, *spec, *body, *rest;
	struct val *again;

	if (!word || word->kind == VAL_NULL || !enter(u, word))
		return part;
	body = ((const struct member *)map_get(u->known, word->t.p)->value)->v;
	with = map_of(u, part, "with");
	spec = map_of(u, body, "parameters");
	bind(u, spec, with);
	rest = with ? rest_of(u, spec, with) : NULL;
	body = over_fragment(u, merge_without(&u->c->merge, body, of_body));
	part = merge_without(&u->c->merge, part, of_part);
	if (!rest || !rest->map.len)
		return merge_maps(&u->c->merge, body, part);
	again = val_map(u->c->mem);
	val_set(u->c->mem, again, "with", rest);
	return merge_maps(
	    &u->c->merge, body, merge_maps(&u->c->merge, part, again));
}

static const struct val *
compose_state(
    struct compose *c, const struct map *known, const struct member *m)
{
	const struct val *word =
	    m->v->kind == VAL_MAP ? val_get(m->v, "fragment") : NULL;
	struct use u = { .c = c, .known = known, .state = m->key };
	const struct val *made;

	if (!word || word->kind == VAL_NULL)
		return m->v;
	u.to = arena_new(c->mem, sizeof(*u.to));
	*u.to = (struct binding) { .at = word->at,
		.fragment = word->kind == VAL_TEXT ? word->t.p : "",
		.spec = val_map(c->mem),
		.with = val_map(c->mem) };
	map_put(&c->bindings, m->key)->value = u.to;
	made = over_fragment(&u, m->v);
	if (made == m->v)
		return made;
	fill_in(c, m->key, u.to);
	check_rest(c, m->key, u.to, made);
	return made;
}

const struct val *
compose_fragments(struct compose *c, const struct val *root)
{
	const struct val *states = val_get(root, "states");
	struct map known = MAP_INIT;
	struct val *all = val_map(c->mem), *over = val_map(c->mem);
	static const char *const own[] = { "states", NULL };

	gather(c, &known, root);
	if (!states || states->kind != VAL_MAP) {
		map_release(&known);
		return root;
	}
	all->at = states->at;
	for (size_t i = 0; i < states->map.len; i++) {
		struct member m = states->map.at[i];

		m.v = compose_state(c, &known, &m);
		merge_add(&c->merge, all, &m);
	}
	map_release(&known);
	over->at = root->at;
	val_set(c->mem, over, "states", all);
	return merge_maps(&c->merge, merge_without(&c->merge, root, own), over);
}
