/*
 * The scan from the outside: text to units, commands (shell_list.c), then
 * the program texts that were met on the way, and the changes in order.
 * Refused: what bash could not read either, and nesting over SHELL_DEPTH.
 * A reference that was not seen exactly once is a fault of this scanner, and
 * is said so, because a value must never be put into an unknown place.
 */
#include "text/shell_scan.h"

#include <string.h>

int
shell_fail(struct shell *s, size_t at, const char *id, const char *why)
{
	size_t last = s->end ? s->end - 1 : 0;

	if (s->out->id)
		return -1;
	s->out->id = id;
	s->out->why = why;
	if (s->end)
		s->out->off = s->u[at < s->end ? at : last].off;
	return -1;
}

void
shell_edit(struct shell *s, size_t off, size_t del, const char *ins)
{
	struct shell_edit e = { off, del, ins };

	vec_push(&s->edits, e);
}

void
units_push(struct arena *a, struct units *is, struct unit u)
{
	if (is->len == is->room) {
		size_t room = is->room ? is->room * 2 : 32;
		struct unit *at = arena_new(a, room * sizeof(*at));

		if (is->len)
			memcpy(at, is->at, is->len * sizeof(*at));
		is->at = at;
		is->room = room;
	}
	is->at[is->len++] = u;
}

void
shell_cook(struct shell *s, int c)
{
	struct unit u = { c, 0, 1 };

	if (!s->cx.cook)
		return;
	if (s->pos < s->end)
		u.off = s->u[s->pos].off;
	units_push(s->mem, s->cx.cook, u);
}

void
shell_take(struct shell *s)
{
	shell_cook(s, shell_at(s, 0));
	s->pos++;
}

void
shell_note(struct shell *s, enum shell_class cls)
{
	size_t k = (size_t)(shell_at(s, 0) - UNIT_ATOM);
	struct shell_atom *a = &s->out->atom[k];

	a->seen++;
	a->cls = cls;
	a->role = s->cx.role;
	a->names = s->cx.names;
	if (s->cx.arith)
		a->enc = ENC_INTEGER;
	if (k + 1 > s->atoms)
		s->atoms = k + 1;
	shell_take(s);
}

int
shell_enter(struct shell *s)
{
	if (++s->depth > SHELL_DEPTH)
		return shell_fail(s, s->pos, "E411", "nested too deeply");
	return 0;
}

void
shell_leave(struct shell *s)
{
	s->depth--;
}

void
shell_program(struct shell *s, enum lang lang, const struct unit *u, size_t n)
{
	struct nested *t = arena_new(s->mem, sizeof(*t));

	t->lang = lang;
	for (size_t i = 0; i < n; i++)
		units_push(s->mem, &t->is, u[i]);
	t->next = s->nested;
	s->nested = t;
}

/* Two wishes for one place: only a token satisfies both. */
static void
add_enc(struct shell_atom *a, enum enc enc)
{
	if (a->enc == ENC_RAW || enc == ENC_REFUSED)
		a->enc = enc;
	else if (a->enc != enc && a->enc != ENC_INTEGER &&
	    a->enc != ENC_REFUSED)
		a->enc = ENC_CODE;
}

void
shell_enc(struct shell *s, const struct units *is, enum enc enc)
{
	for (size_t i = 0; i < is->len; i++)
		if (unit_is_atom(is->at[i].c))
			add_enc(&s->out->atom[is->at[i].c - UNIT_ATOM], enc);
}

void
shell_use(struct shell *s, size_t unit)
{
	struct shell_use use = { { NULL, 0 }, s->u[unit].off };
	size_t n = unit;

	while (n < s->end && unit_is_name(s->u[n].c) && s->u[n].len == 1)
		n++;
	use.name = sv_make(s->src + use.off, n - unit);
	vec_push(&s->uses, use);
}

/* `$name` in program text: noted for the checker. */
static void
uses_of(struct shell *s, const struct nested *t)
{
	for (size_t i = 0; i < t->is.len; i++) {
		size_t off = t->is.at[i].off + 1, n = 0;

		if (t->is.at[i].c != UNIT_OPAQUE || s->src[off - 1] != '$')
			continue;
		if (s->src[off] == '{')
			off++;
		while (unit_is_name(s->src[off + n]))
			n++;
		if (n) {
			struct shell_use use = { sv_make(s->src + off, n),
				t->is.at[i].off };
			vec_push(&s->uses, use);
		}
	}
}

static enum enc
shell_text_enc(const struct shell_atom *a)
{
	if (a->role == ROLE_COMMAND || a->enc == ENC_REFUSED)
		return ENC_REFUSED;
	if (a->enc == ENC_INTEGER || a->enc == ENC_NAME)
		return a->enc;
	if (a->enc == ENC_SHWORD || a->enc == ENC_SHCODE)
		return ENC_SHCODE;
	if (a->enc != ENC_RAW || a->role == ROLE_CASE)
		return ENC_CODE;
	return a->cls == SHELL_PLAIN && a->role != ROLE_REDIRECT ? ENC_SHWORD
								 : ENC_SHCODE;
}

static void
release(struct shell *s)
{
	vec_release(&s->edits);
	vec_release(&s->uses);
	vec_release(&s->singles);
	vec_release(&s->ints);
}

static int finish(struct shell *);

/* Shell program text is scanned like the text around it, on its own. */
static void
nested_shell(struct shell *s, const struct nested *t, size_t natoms)
{
	struct shell_scan out = { 0 };
	struct shell in = { .mem = s->mem,
		.keep = s->mem,
		.out = &out,
		.src = s->src,
		.u = t->is.at,
		.end = t->is.len,
		.depth = s->depth + 1,
		.extglob = s->extglob };
	bool bad;

	out.atom = arena_new(s->mem, (natoms + 1) * sizeof(*out.atom));
	bad = in.depth > SHELL_DEPTH || shell_list(&in, STOP_END) < 0 ||
	    finish(&in) < 0;
	for (size_t i = 0; i < t->is.len; i++) {
		size_t k = (size_t)(t->is.at[i].c - UNIT_ATOM);

		if (!unit_is_atom(t->is.at[i].c))
			continue;
		add_enc(&s->out->atom[k],
		    bad || out.atom[k].seen != 1
			? ENC_REFUSED
			: shell_text_enc(&out.atom[k]));
	}
	release(&in);
}

static void
nested_other(struct shell *s, const struct nested *t, size_t natoms)
{
	unsigned char *enc = arena_new(s->mem, natoms + 1);

	memset(enc, ENC_CODE, natoms);
	if (t->lang == LANG_PYTHON)
		prog_python(t->is.at, t->is.len, enc);
	else if (t->lang == LANG_JS)
		prog_js(t->is.at, t->is.len, enc);
	for (size_t i = 0; i < t->is.len; i++) {
		size_t k = (size_t)(t->is.at[i].c - UNIT_ATOM);

		if (unit_is_atom(t->is.at[i].c))
			add_enc(&s->out->atom[k], enc[k]);
	}
}

/* When all bodies are read: the program texts. */
static int
finish(struct shell *s)
{
	size_t natoms = 0;

	for (struct doc *d = s->docs; d; d = d->older)
		if (d->lang != LANG_NONE)
			shell_program(s, d->lang, d->body.at, d->body.len);
	for (struct nested *t = s->nested; t; t = t->next)
		for (size_t i = 0; i < t->is.len; i++)
			if (t->is.at[i].c - UNIT_ATOM >= (int)natoms)
				natoms =
				    (size_t)(t->is.at[i].c - UNIT_ATOM) + 1;
	for (struct nested *t = s->nested; t; t = t->next) {
		uses_of(s, t);
		if (t->lang == LANG_SHELL)
			nested_shell(s, t, natoms);
		else
			nested_other(s, t, natoms);
	}
	return 0;
}

static struct unit *
to_units(struct arena *a, const struct shell_text *t)
{
	struct unit *u = arena_new(a, (t->n + 1) * sizeof(*u));

	for (size_t i = 0; i < t->n; i++)
		u[i] = (struct unit) { (unsigned char)t->p[i], (unsigned)i, 1 };
	for (size_t i = 0; i < t->natoms; i++)
		u[t->atom[i]].c = UNIT_ATOM + (int)i;
	return u;
}

static int
edit_order(const void *a, const void *b)
{
	const struct shell_edit *x = a, *y = b;

	return x->off < y->off ? -1 : x->off > y->off;
}

static void
hand_over(struct shell *s)
{
	struct shell_scan *out = s->out;

	out->nedits = s->edits.len;
	out->edit = arena_new(s->keep, (out->nedits + 1) * sizeof(*out->edit));
	for (size_t i = 0; i < out->nedits; i++) {
		out->edit[i] = s->edits.at[i];
		out->edit[i].ins = arena_strdup(s->keep, s->edits.at[i].ins);
	}
	qsort(out->edit, out->nedits, sizeof(*out->edit), edit_order);
	out->nsingle = s->singles.len;
	out->single =
	    arena_new(s->keep, (out->nsingle + 1) * sizeof(*out->single));
	for (size_t i = 0; i < out->nsingle; i++)
		out->single[i] = s->singles.at[i];
	out->nuses = s->uses.len;
	out->use = arena_new(s->keep, (out->nuses + 1) * sizeof(*out->use));
	for (size_t i = 0; i < out->nuses; i++)
		out->use[i] = s->uses.at[i];
}

static int
all_seen(struct shell *s, const struct shell_text *t)
{
	for (size_t i = 0; i < t->natoms; i++)
		if (s->out->atom[i].seen != 1)
			return shell_fail(s, t->atom[i], "E411",
			    "internal error: the scanner did not reach this "
			    "reference");
	return 0;
}

int
shell_scan(
    struct arena *keep, const struct shell_text *t, struct shell_scan *out)
{
	auto_arena mem = ARENA_INIT;
	struct shell s = {
		.mem = &mem, .keep = keep, .out = out, .src = t->p, .end = t->n
	};
	int rc = -1;

	*out = (struct shell_scan) { 0 };
	out->atom = arena_new(keep, (t->natoms + 1) * sizeof(*out->atom));
	if (t->n > (1 << 30))
		return shell_fail(&s, 0, "E411", "the text is too long");
	s.u = to_units(&mem, t);
	s.extglob = t->n && memmem(t->p, t->n, "extglob", 7);
	if (shell_list(&s, STOP_END) == 0 && finish(&s) == 0 &&
	    all_seen(&s, t) == 0) {
		hand_over(&s);
		rc = 0;
	}
	release(&s);
	return rc;
}
