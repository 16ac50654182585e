/*
 * Values that are text on purpose (R2, R10): spliced in, and unless it is a
 * plain word and alone the whole is scanned again, so that no
 * value can change what another reference is.
 */
#include "text/script_shape.h"
#include "text/render.h"

#include <string.h>

const struct ref *
render_ref(const struct render *r, const struct shape *s, size_t i)
{
	return r->script->slot[s->flat.slot[i]];
}

/* An arena string of what a `struct str` holds. */
static struct sv
keep(struct arena *a, const struct str *s)
{
	return sv_make(arena_dup(a, s->buf, s->len), s->len);
}

/* Is this reference pasted? (R2, R10) */
static bool
is_text(const struct render *r, const struct shape *s, size_t i)
{
	const struct shell_atom *a = &s->scan.atom[i];
	enum ref_code code = render_ref(r, s, i)->code;
	enum origin origin = val_origin(r->value[s->flat.slot[i]]);

	if (code == CODE_PASTE)
		return true;
	if (code == CODE_SHELL && origin != ORIGIN_FILE)
		return false;
	if ((code != CODE_NONE && code != CODE_SHELL) ||
	    a->cls != SHELL_PLAIN || a->role == ROLE_REDIRECT ||
	    a->enc == ENC_INTEGER || a->enc == ENC_NAME)
		return false;
	return origin == ORIGIN_FILE || origin == ORIGIN_COMMAND ||
	    (origin == ORIGIN_OPERATOR && a->role == ROLE_COMMAND);
}

static bool
is_plain(struct sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') ||
			(c && strchr("_@%+=:,./-", c))))
			return false;
	}
	return true;
}

/* Find what is spliced; 1 when the result must be scanned again. */
static int
find_spliced(struct render *r, const struct shape *s)
{
	size_t n = 0;
	int again = 0;

	for (size_t i = 0; i < s->flat.text.natoms; i++) {
		const struct shell_atom *a = &s->scan.atom[i];
		struct sv *text = &r->text[s->flat.slot[i]];
		enum ref_code code = render_ref(r, s, i)->code;
		auto_str out = STR_INIT;
		bool plain;

		if (!is_text(r, s, i))
			continue;
		if (!text->p) {
			val_render(&out, r->value[s->flat.slot[i]]);
			*text = keep(r->mem, &out);
		}
		plain = code != CODE_PASTE && is_plain(*text);
		/* A word that needs no quotes is its own `:shell`. */
		if (code == CODE_SHELL && (!plain || text->n == 0))
			continue;
		/* Where bash does not split, a word is safer in a variable:
		 * `$X` before it stays $X, and nothing is still a word. */
		if (plain &&
		    (a->glued ||
			(a->role != ROLE_COMMAND && a->role != ROLE_ARG &&
			    a->role != ROLE_LIST)))
			continue;
		r->spliced[i] = true;
		again |= !plain;
		n++;
	}
	/* One word can make the next a program: `-c`, `python3`. */
	return again || (n && n < s->flat.text.natoms);
}

static int
refuse(struct render *r, const struct shape *s, const char *why)
{
	for (size_t i = 0; i < s->flat.text.natoms; i++)
		if (r->spliced[i] &&
		    (!is_plain(r->text[s->flat.slot[i]]) ||
			i + 1 == s->flat.text.natoms))
			return err_set(r->e, ERR_INPUT,
			    "'${%.200s}': the value cannot be part of this "
			    "shell text: %s",
			    render_ref(r, s, i)->text, why);
	return err_set(r->e, ERR_INPUT,
	    "a value cannot be part of this shell text: %s", why);
}

/* The flat text with spliced values in it; the holes that stay in *left. */
static struct flat
splice(const struct render *r, const struct shape *s, size_t *left)
{
	const struct shell_text *t = &s->flat.text;
	size_t *atom = arena_new(r->mem, (t->natoms + 1) * sizeof(*atom));
	size_t *slot = arena_new(r->mem, (t->natoms + 1) * sizeof(*slot));
	struct flat f = { { NULL, 0, atom, 0 }, slot };
	auto_str out = STR_INIT;
	size_t from = 0;
	struct sv kept;

	for (size_t i = 0; i < t->natoms; i++) {
		const struct shell_atom *a = &s->scan.atom[i];
		size_t to = t->atom[i];

		str_add(&out, t->p + from, to - from);
		from = to + 1;
		if (!r->spliced[i]) {
			left[f.text.natoms] = i;
			atom[f.text.natoms] = out.len;
			slot[f.text.natoms++] = s->flat.slot[i];
			str_addc(&out, t->p[to]);
			continue;
		}
		if (a->slash && a->cls == SHELL_PLAIN)
			str_cut(&out, out.len - 1);
		str_addsv(&out, r->text[s->flat.slot[i]]);
	}
	str_add(&out, t->p + from, t->n - from);
	kept = keep(r->mem, &out);
	f.text.p = kept.p;
	f.text.n = kept.n;
	return f;
}

static int
scan_again(struct render *r, struct shape *again)
{
	const struct shape *s = r->shape;
	size_t n = s->flat.text.natoms;
	size_t *left = arena_new(r->mem, (n + 1) * sizeof(*left));
	struct flat f = splice(r, s, left);

	for (size_t i = 0; i < n; i++) {
		struct sv v = r->text[s->flat.slot[i]];

		if (!r->spliced[i])
			continue;
		if (v.n && memchr(v.p, '\0', v.n))
			return refuse(r, s, "it holds a NUL byte");
		if (shape_own_name(v.p, v.n) < v.n)
			return refuse(r, s, "it holds LL_V and a digit");
	}
	if (f.text.natoms == 0) {
		/* Only text is left: the author's, whatever it is. */
		struct shell_scan scan;

		*again = (struct shape) { .flat = f };
		if (shell_scan(r->mem, &f.text, &scan) < 0)
			return refuse(r, s, scan.why);
		again->piece = arena_new(r->mem, sizeof(*again->piece));
		again->piece[0] = (struct piece) { { f.text.p, f.text.n }, -1 };
		again->npieces = 1;
		return 0;
	}
	if (shape_build(r->mem, r->script, &f, again) < 0)
		return refuse(r, s, again->scan.why);
	for (size_t i = 0; i < f.text.natoms; i++) {
		const struct shell_atom *x = &s->scan.atom[left[i]];
		const struct shell_atom *y = &again->scan.atom[i];

		if (x->cls != y->cls || x->role != y->role)
			return refuse(r, s,
			    "it would change the place of another reference");
	}
	return 0;
}

int
render_shape(struct render *r, struct shape *again)
{
	const struct shape *s = r->shape;
	size_t n = s->flat.text.natoms;

	r->spliced = arena_new(r->mem, n + 1);
	if (find_spliced(r, s)) {
		if (scan_again(r, again) < 0)
			return -1;
		r->shape = again;
		r->spliced = arena_new(r->mem, again->flat.text.natoms + 1);
	}
	r->number = arena_new(r->mem, (r->shape->nvars + 1) * sizeof(int));
	return 0;
}
