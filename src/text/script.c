/*
 * Shell text, compiled: a template becomes a flat text with holes, the
 * scanner says what stands in each hole, and what is left for render time is
 * to put pieces together.  A text without references is not even scanned:
 * bash gets it byte for byte.
 */
#include "text/script_shape.h"

#include <string.h>

/* Stands for a reference in a flat text; in no name, in no program. */
enum { HOLE = 1 };

size_t
shape_own_name(const char *p, size_t n)
{
	for (size_t i = 0; i + 5 <= n; i++)
		if (memcmp(p + i, "LL_V", 4) == 0 && p[i + 4] >= '0' &&
		    p[i + 4] <= '9')
			return i;
	return n;
}

static bool
same_ref(const struct ref *a, const struct ref *b)
{
	return strcmp(a->text, b->text) == 0 && a->optional == b->optional &&
	    a->code == b->code && !a->otherwise == !b->otherwise &&
	    (!a->otherwise || strcmp(a->otherwise, b->otherwise) == 0);
}

static size_t
slot_of(struct script *s, const struct ref *ref)
{
	for (size_t i = 0; i < s->nslots; i++)
		if (same_ref(s->slot[i], ref))
			return i;
	s->slot[s->nslots] = ref;
	return s->nslots++;
}

static struct flat
flatten(struct arena *a, struct script *s)
{
	const struct tmpl *t = s->tmpl;
	size_t *atom = arena_new(a, (t->nrefs + 1) * sizeof(*atom));
	size_t *slot = arena_new(a, (t->nrefs + 1) * sizeof(*slot));
	struct flat f = { { NULL, 0, atom, t->nrefs }, slot };
	size_t n = 0;
	char *p;

	for (size_t i = 0; i < t->nparts; i++)
		f.text.n += t->part[i].ref ? 1 : t->part[i].text.n;
	p = arena_new(a, f.text.n + 1);
	f.text.p = p;
	for (size_t i = 0; i < t->nparts; i++) {
		if (!t->part[i].ref) {
			memcpy(p, t->part[i].text.p, t->part[i].text.n);
			p += t->part[i].text.n;
			continue;
		}
		atom[n] = (size_t)(p - f.text.p);
		slot[n++] = slot_of(s, t->part[i].ref);
		*p++ = HOLE;
	}
	return f;
}

/* Where byte `off` of the flat text was written. */
static struct place
place_of(const struct script *s, size_t off)
{
	const struct tmpl *t = s->tmpl;

	for (size_t i = 0; i < t->nparts; i++) {
		size_t n = t->part[i].ref ? 1 : t->part[i].text.n;

		if (off < n || i + 1 == t->nparts)
			return val_place_at(t->src, t->part[i].off + off);
		off -= n;
	}
	return t->src->at;
}

/* Literals and holes in order, with the scanner's changes made. */
static void
cut_pieces(struct arena *a, struct shape *s)
{
	const struct shell_text *t = &s->flat.text;
	size_t from = 0, e = 0, k = 0;

	s->piece = arena_new(
	    a, (2 * (t->natoms + s->scan.nedits) + 2) * sizeof(*s->piece));
	while (k < t->natoms || e < s->scan.nedits) {
		bool hole = e == s->scan.nedits ||
		    (k < t->natoms && t->atom[k] < s->scan.edit[e].off);
		size_t off = hole ? t->atom[k] : s->scan.edit[e].off;
		struct piece *p = &s->piece[s->npieces];

		*p++ = (struct piece) { { t->p + from, off - from }, -1 };
		if (hole) {
			*p = (struct piece) { { NULL, 0 }, (long)k++ };
			from = off + 1;
		} else {
			*p = (struct piece) { sv(s->scan.edit[e].ins), -1 };
			from = off + s->scan.edit[e++].del;
		}
		s->npieces += 2;
	}
	s->piece[s->npieces++] =
	    (struct piece) { { t->p + from, t->n - from }, -1 };
}

static void
name_vars(struct arena *a, const struct script *script, struct shape *s)
{
	size_t n = s->flat.text.natoms;

	s->var = arena_new(a, (n + 1) * sizeof(*s->var));
	s->var_of = arena_new(a, (n + 1) * sizeof(*s->var_of));
	for (size_t i = 0; i < n; i++) {
		const struct shell_atom *at = &s->scan.atom[i];
		size_t slot = s->flat.slot[i], k = 0;
		bool bare = at->cls == SHELL_PLAIN || at->cls == SHELL_PARAM;
		struct var v = { slot, at->enc,
			script->slot[slot]->code == CODE_SHELL &&
			    !(bare && at->enc == ENC_RAW) &&
			    at->enc != ENC_INTEGER && at->enc != ENC_NAME };

		while (k < s->nvars &&
		    (s->var[k].slot != slot || s->var[k].enc != v.enc ||
			s->var[k].quoted != v.quoted))
			k++;
		if (k == s->nvars)
			s->var[s->nvars++] = v;
		s->var_of[i] = k;
	}
}

int
shape_build(struct arena *a, const struct script *script, const struct flat *f,
    struct shape *s)
{
	*s = (struct shape) { .flat = *f };
	if (shell_scan(a, &f->text, &s->scan) < 0)
		return -1;
	cut_pieces(a, s);
	name_vars(a, script, s);
	return 0;
}

/* One of our names where bash could expand it: not in single quotes. */
static size_t
expanded_own_name(const struct shape *s)
{
	const struct shell_text *t = &s->flat.text;

	for (size_t off = 0; off < t->n; off += 5) {
		bool quiet = false;

		off += shape_own_name(t->p + off, t->n - off);
		for (size_t i = 0; i < s->scan.nsingle; i++)
			quiet |= off > s->scan.single[i].from &&
			    off < s->scan.single[i].to;
		if (!quiet)
			return off;
	}
	return t->n;
}

struct script *
script_compile(struct arena *a, const struct tmpl *t, const char *path,
    script_origin *origin, void *self, struct diags *diags)
{
	struct script *s = arena_new(a, sizeof(*s));
	struct flat f;
	size_t own;

	s->tmpl = t;
	s->slot = arena_new(a, (t->nrefs + 1) * sizeof(struct ref *));
	f = flatten(a, s);
	s->shape.flat = f;
	if (t->nrefs == 0)
		return s;
	if (shape_build(a, s, &f, &s->shape) < 0) {
		diag_add(diags, place_of(s, s->shape.scan.off),
		    s->shape.scan.id, path, "%s", s->shape.scan.why);
		return NULL;
	}
	own = expanded_own_name(&s->shape);
	if (own < f.text.n) {
		diag_add(diags, place_of(s, own), "E413", path,
		    "the names LL_V0, LL_V1, ... are ours: references are "
		    "handed over in them");
		return NULL;
	}
	script_warn(s, path, origin, self, diags);
	return s;
}

bool
script_has_command_ref(const struct script *s, const char *key)
{
	const struct shape *h = &s->shape;

	for (size_t i = 0; i < h->flat.text.natoms; i++) {
		const struct ref *r = s->slot[h->flat.slot[i]];

		if (h->scan.atom[i].role == ROLE_COMMAND &&
		    (!key ||
			(r->ns == NS_CONTEXT && strcmp(r->path, key) == 0)))
			return true;
	}
	return false;
}
