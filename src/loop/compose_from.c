/*
 * `from`: a file laid over its parent, and that over its own.  A parent need
 * not be a loop that could run.  `import` and `secrets` accumulate, everything
 * else goes by merge_maps().
 */
#include <string.h>

#include "base/path.h"
#include "loop/compose_part.h"

static bool
goes_in_circle(struct compose *c, const struct val *word, const char *path)
{
	auto_str shown = STR_INIT;
	size_t from = 0;

	while (from < c->chain.len && strcmp(c->chain.at[from], path))
		from++;
	if (from == c->chain.len)
		return false;
	for (size_t i = from; i < c->chain.len; i++)
		str_addf(&shown, "%s -> ", path_base(c->chain.at[i]));
	diag_add(c->diags, word->at, "E131", "from",
	    "circular 'from': %s%s (a built-in loop of the same name is "
	    "'from: builtin:NAME')",
	    shown.buf, path_base(path));
	return true;
}

/* A list that grows: the parent's, then ours.  An import is looked up from
 * where it is written, and a child does not make a parent's secret public. */
static const struct val *
both_lists(struct compose *c, const struct val *parent, const struct val *root,
    const char *key)
{
	const struct val *lists[] = { val_get(parent, key),
		val_get(root, key) };
	struct val *all = val_list(c->mem), *one = val_map(c->mem);

	for (size_t i = 0; i < 2; i++) {
		if (!lists[i] || lists[i]->kind != VAL_LIST)
			return root;
		all->at = lists[i]->at;
		for (size_t k = 0; k < lists[i]->list.len; k++)
			val_push(c->mem, all, lists[i]->list.at[k]);
	}
	val_set(c->mem, one, key, all);
	one->at = root->at;
	return merge_maps(&c->merge, root, one);
}

static const struct val *
over_parent(struct compose *c, const struct val *parent, const struct val *root)
{
	static const char *const own[] = { "from", NULL };

	root = merge_without(&c->merge, root, own);
	root = both_lists(c, parent, root, "import");
	root = both_lists(c, parent, root, "secrets");
	return merge_maps(&c->merge, parent, root);
}

static const struct val *
parent_of(struct compose *c, const struct val *word)
{
	const struct val *parent;
	struct piece s;

	if (c->chain.len >= COMPOSE_MAX_DEPTH) {
		diag_add(c->diags, word->at, "E132", "from",
		    "more than %d parents", COMPOSE_MAX_DEPTH);
		return NULL;
	}
	if (!compose_piece(c, word, "from", &s) || !s.root ||
	    goes_in_circle(c, word, s.path))
		return NULL;
	if (s.root->kind != VAL_MAP) {
		diag_add(c->diags, word->at, "E133", "from",
		    "'%s' is %s, not a mapping", s.path,
		    val_kind_name(s.root->kind));
		return NULL;
	}
	vec_push(&c->chain, s.path);
	parent = compose_from(c, compose_real_names(c, s.root));
	c->chain.len--;
	return parent;
}

const struct val *
compose_from(struct compose *c, const struct val *root)
{
	const struct member *m = val_member(root, "from");
	const struct val *parent;

	if (!m || m->v->kind == VAL_NULL)
		return root;
	parent = parent_of(c, m->v);
	return parent ? over_parent(c, parent, root) : root;
}
