/*
 * The head of a loop file as an entry of a listing.  Only the heads are read,
 * of parents too; whether the loop is right is validate's question.
 */
#include "cmd/list_entry.h"

#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "cmd/head.h"
#include "cmd/where.h"
#include "loop/builtin.h"
#include "loop/compose.h"
#include "text/yml.h"

static const struct builtin *
shipped(const char *name)
{
	const struct builtin *b = builtins;

	while (b->name && strcmp(b->name, name) != 0)
		b++;
	return b->name ? b : NULL;
}

static const struct val *
read_doc(struct arena *a, const struct listed *l, struct diags *d)
{
	const struct builtin *b = l->builtin ? shipped(l->name) : NULL;
	struct err e = ERR_INIT;
	auto_str text = STR_INIT;
	const struct place at = { l->path, 0, 0 };

	if (b)
		return head_read(a, l->path, b->text, b->len, d);
	if (file_read(l->path, YML_MAX_BYTES, &text, &e) == 0)
		return head_read(a, l->path, text.buf, text.len, d);
	diag_add(d, at, "E020", "<root>", "%s", e.msg);
	return NULL;
}

/* A description on one line. */
static const char *
one_line(struct arena *a, const char *text)
{
	auto_str out = STR_INIT;

	for (const char *p = text; *p; p++) {
		bool blank = strchr(" \t\r\n", *p) != NULL;

		if (!blank)
			str_addc(&out, *p);
		else if (out.len && out.buf[out.len - 1] != ' ')
			str_addc(&out, ' ');
	}
	while (out.len && out.buf[out.len - 1] == ' ')
		str_cut(&out, out.len - 1);
	return arena_dup(a, out.buf, out.len);
}

/* The head of what `word` means in this file; NULL: there is none. */
static const struct val *
read_parent(
    struct args *a, const char *file, const char *word, const char **path)
{
	struct find where = cmd_where(a);
	struct found f = { .text = STR_INIT };
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	const struct val *doc = NULL;

	where.referrer = file;
	if (find_loop(&where, word, a->mem, &f, &e) == 0) {
		doc = head_read(a->mem, f.path, f.text.buf, f.text.len, &d);
		*path = f.path;
	}
	str_release(&f.text);
	diags_release(&d);
	return doc && doc->kind == VAL_MAP ? doc : NULL;
}

/* With what it does not say itself from those it is laid over. */
static const struct val *
with_parents(struct args *a, const char *path, const struct val *doc)
{
	struct val *all = val_map(a->mem);
	const char *word = val_str(doc, "from", NULL);

	for (int up = 0; doc && up < COMPOSE_MAX_DEPTH; up++) {
		for (size_t i = 0; i < doc->map.len; i++) {
			const struct member *m = &doc->map.at[i];

			if (!val_member(all, m->key))
				val_set(a->mem, all, m->key, m->v);
		}
		doc = word ? read_parent(a, path, word, &path) : NULL;
		word = doc ? val_str(doc, "from", NULL) : NULL;
	}
	return all;
}

/* A loop has a name, a start and states; a parent that is not there is
 * validate's to tell. */
static bool
is_loop(const struct val *doc)
{
	if (!val_get(doc, "name"))
		return false;
	return val_get(doc, "from") ||
	    (val_get(doc, "initial") &&
		(val_get(doc, "states") || val_get(doc, "flow")));
}

/* Who should see a loop; an unknown word is public. */
static const char *
tier(const char *word)
{
	static const char *const words[] = { "internal", "example" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(words[i], word) == 0)
			return words[i];
	return "public";
}

bool
list_entry_read(
    struct args *args, const struct listed *l, struct list_entry *out)
{
	struct arena *a = args->mem;
	struct diags d = DIAGS_INIT;
	bool listed;

	*out = (struct list_entry) {
		.at = l, .category = "", .visibility = "public", .about = ""
	};
	out->doc = read_doc(a, l, &d);
	if (out->doc && out->doc->kind == VAL_MAP && val_get(out->doc, "from"))
		out->doc = with_parents(args, l->path, out->doc);
	listed = !out->doc || (out->doc->kind == VAL_MAP && is_loop(out->doc));
	if (!out->doc && d.len)
		out->why = arena_printf(a, "does not parse: %d:%d: %s",
		    d.at[0].at.line, d.at[0].at.col, d.at[0].msg);
	if (out->doc && listed) {
		out->category = val_str(out->doc, "category", "");
		out->visibility = tier(val_str(out->doc, "visibility", ""));
		out->about = one_line(a, val_str(out->doc, "description", ""));
	}
	diags_release(&d);
	return listed;
}

const struct val *
list_entry_val(struct arena *a, const struct list_entry *x)
{
	const struct val *labels = x->doc ? val_get(x->doc, "labels") : NULL;
	struct val *v = val_map(a);

	val_set(a, v, "name", val_text(a, x->at->name));
	val_set(a, v, "path", val_text(a, x->at->path));
	val_set(a, v, "category", val_text(a, x->category));
	val_set(a, v, "labels",
	    labels && labels->kind == VAL_LIST ? labels : val_list(a));
	val_set(a, v, "visibility", val_text(a, x->visibility));
	val_set(a, v, "description", val_text(a, x->about));
	if (x->at->builtin)
		val_set(a, v, "built_in", val_bool(a, true));
	if (x->at->hides) {
		val_set(a, v, "hides", val_text(a, x->at->hides));
		val_set(a, v, "hides_path", val_text(a, x->at->hides_path));
	}
	if (x->why)
		val_set(a, v, "error", val_text(a, x->why));
	return v;
}
