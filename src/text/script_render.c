/*
 * Values into compiled shell text.  Nearly always that is pieces and
 * `${LL_Vn}`; only text on purpose (R2, R10) is spliced in, and unless it is
 * a plain word in a harmless place the whole is scanned again, so that no
 * value can change what another reference is.
 */
#include "text/script_shape.h"

#include <stdio.h>
#include <string.h>

#include "text/quote.h"

enum { SPILL_ONE = 100 * 1024, SPILL_ALL = 1 << 20 };

struct render {
	const struct script *script;
	struct arena *mem;
	struct err *e;
	const struct val **value; /* per slot */
	struct sv *text;	  /* per slot, when it is spliced */
	const struct shape *shape;
	bool *spliced; /* per reference of `shape` */
	int *number;   /* per variable: 0 unused, 1 used */
};

static const struct ref *
ref_at(const struct render *r, const struct shape *s, size_t i)
{
	return r->script->slot[s->flat.slot[i]];
}

/* An arena string of what a `struct str` holds. */
static struct sv
keep(struct arena *a, const struct str *s)
{
	return sv_make(arena_dup(a, s->buf, s->len), s->len);
}

static int
get_values(struct render *r, const struct lookup *look)
{
	const struct script *s = r->script;

	r->value = arena_new(r->mem, (s->nslots + 1) * sizeof(*r->value));
	r->text = arena_new(r->mem, (s->nslots + 1) * sizeof(*r->text));
	for (size_t i = 0; i < s->nslots; i++) {
		r->value[i] = ref_value(s->slot[i], look, r->mem, r->e);
		if (!r->value[i])
			return -1;
	}
	return 0;
}

/* Is this reference pasted? (R2, R10) */
static bool
is_text(const struct render *r, const struct shape *s, size_t i)
{
	const struct shell_atom *a = &s->scan.atom[i];
	enum ref_code code = ref_at(r, s, i)->code;
	enum origin origin = val_origin(r->value[s->flat.slot[i]]);

	if (code == CODE_PASTE)
		return true;
	if (code != CODE_NONE || a->cls != SHELL_PLAIN ||
	    a->role == ROLE_REDIRECT || a->enc == ENC_INTEGER ||
	    a->enc == ENC_NAME)
		return false;
	return origin == ORIGIN_FILE ||
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
	int again = 0;

	for (size_t i = 0; i < s->flat.text.natoms; i++) {
		const struct shell_atom *a = &s->scan.atom[i];
		struct sv *text = &r->text[s->flat.slot[i]];
		bool pasted = ref_at(r, s, i)->code == CODE_PASTE;
		auto_str out = STR_INIT;
		bool plain;

		if (!is_text(r, s, i))
			continue;
		if (!text->p) {
			val_render(&out, r->value[s->flat.slot[i]]);
			*text = keep(r->mem, &out);
		}
		plain = !pasted && is_plain(*text);
		/* Where bash does not split, a word is safer in a variable:
		 * `$X` before it stays $X, and nothing is still a word. */
		if (plain &&
		    (a->glued ||
			(a->role != ROLE_COMMAND && a->role != ROLE_ARG &&
			    a->role != ROLE_LIST)))
			continue;
		r->spliced[i] = true;
		again |= !plain || a->touchy || a->role == ROLE_COMMAND;
	}
	return again;
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
			    ref_at(r, s, i)->text, why);
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
		again->piece[0] =
		    (struct piece) { { f.text.p, f.text.n }, -1 };
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

static int
choose_shape(struct render *r, struct shape *again)
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

/* What stands around `${LL_Vn}`. */
static void
add_variable(struct render *r, struct str *out, size_t i)
{
	static const struct {
		const char *before, *after;
	} around[] = {
		[SHELL_SQUOTE] = { "'\"", "\"'" },
		[SHELL_ANSI] = { "'\"", "\"$'" },
		[SHELL_PARAMQ] = { NULL, NULL },
	};
	const struct shape *s = r->shape;
	const struct shell_atom *a = &s->scan.atom[i];
	const char *before = around[a->cls].before;
	const char *after = around[a->cls].after;
	enum ref_code code = ref_at(r, s, i)->code;

	if ((a->cls == SHELL_PLAIN || a->cls == SHELL_PARAM) &&
	    (a->role == ROLE_REDIRECT || code != CODE_NONE ||
		val_origin(r->value[s->flat.slot[i]]) == ORIGIN_RUNNER))
		before = after = "\"";
	str_addf(out, "%s${LL_V%zu}%s", before ? before : "", s->var_of[i],
	    after ? after : "");
	if (a->cls != SHELL_COMMENT)
		r->number[s->var_of[i]] = 1;
}

static void
add_text(struct render *r, struct str *out)
{
	const struct shape *s = r->shape;

	for (size_t i = 0; i < s->npieces; i++) {
		const struct piece *p = &s->piece[i];

		if (p->atom < 0)
			str_addsv(out, p->lit);
		else if (r->spliced[p->atom])
			str_addsv(out,
			    r->text[s->flat.slot[p->atom]]);
		else
			add_variable(r, out, (size_t)p->atom);
	}
}

/* The suffix makes the value fit here, whatever it is. */
static bool
is_lifted(enum enc enc, enum ref_code code)
{
	return (enc == ENC_PYCODE && code == CODE_PY) ||
	    (enc == ENC_JSCODE && code == CODE_JSON) ||
	    (enc == ENC_SHWORD && code == CODE_SHELL);
}

static int
var_value(const struct render *r, const struct var *v, struct str *out)
{
	const struct ref *ref = r->script->slot[v->slot];
	enum ref_code code = ref->code == CODE_SHELL && !v->quoted
	    ? CODE_NONE
	    : ref->code;
	auto_str text = STR_INIT;

	ref_encode(&text, r->value[v->slot], code);
	if (memchr(text.buf, '\0', text.len))
		err_set(r->e, ERR_INPUT, "holds a NUL byte");
	else if (prog_encode(is_lifted(v->enc, ref->code) ? ENC_RAW : v->enc,
		     str_sv(&text), out, r->e) == 0)
		return 0;
	return err_wrap(r->e, "'${%.200s}'", ref->text);
}

/* Values and how they travel, while the command is put together. */
struct travel {
	struct render *r;
	struct command *c;
	struct val *list;
	struct str *names, *reads; /* of the prologue */
	size_t sum;
	script_spill *spill;
	void *self;
};

static int
send_var(struct travel *t, int n, struct sv value)
{
	char name[32];

	if (value.n > SPILL_ONE || t->sum + value.n > SPILL_ALL) {
		const char *path = t->spill(t->self, n, value, t->r->e);

		if (!path)
			return -1;
		str_adds(t->reads, "IFS= read -r -d '' LL_V");
		str_addf(t->reads, "%d <", n);
		quote_shell(t->reads, sv(path));
		str_adds(t->reads, " || :; ");
		return 0;
	}
	t->sum += value.n;
	snprintf(name, sizeof(name), " LL_V%d", n);
	str_adds(t->names, name);
	vec_push(&t->c->env,
	    arena_printf(t->r->mem, "%s=%s", name + 1, value.p));
	return 0;
}

static int
send_all(struct travel *t)
{
	const struct shape *s = t->r->shape;
	struct arena *a = t->r->mem;

	for (size_t i = 0; i < s->nvars; i++) {
		const struct var *v = &s->var[i];
		auto_str out = STR_INIT;
		struct val *row;

		if (!t->r->number[i])
			continue;
		if (var_value(t->r, v, &out) < 0 ||
		    send_var(t, (int)i, str_sv(&out)) < 0)
			return -1;
		row = val_map(a);
		val_set(a, row, "var", val_text(a,
			arena_printf(a, "LL_V%zu", i)));
		val_set(a, row, "ref",
		    val_text(a, t->r->script->slot[v->slot]->text));
		val_set(a, row, "enc",
		    val_text(a, v->quoted ? "shell words" : enc_name(v->enc)));
		val_set(a, row, "bytes", val_int(a, (long long)out.len));
		val_push(a, t->list, row);
	}
	return 0;
}

/* `run` is the prologue with the text behind it; `text` is its tail. */
static int
finish(struct travel *t)
{
	auto_str text = STR_INIT, names = STR_INIT, reads = STR_INIT;
	auto_str run = STR_INIT;
	const char *kept;

	t->names = &names;
	t->reads = &reads;
	add_text(t->r, &text);
	if (send_all(t) < 0)
		return -1;
	if (names.len)
		str_addf(&run, "export -n%s; ", names.buf);
	str_add(&run, reads.buf, reads.len);
	str_add(&run, text.buf, text.len);
	kept = arena_dup(t->r->mem, run.buf, run.len);
	t->c->run = kept;
	t->c->text = kept + (run.len - text.len);
	t->c->argv = script_words(t->r->mem, str_sv(&text));
	t->c->vars = t->list;
	return 0;
}

int
script_render(const struct script *s, const struct lookup *look,
    script_spill *spill, void *spill_self, struct arena *mem,
    struct command *out, struct err *e)
{
	struct render r = {
		.script = s, .mem = mem, .e = e, .shape = &s->shape
	};
	struct command c = { 0 };
	struct travel t = { .r = &r,
		.c = &c,
		.list = val_list(mem),
		.spill = spill,
		.self = spill_self };
	const struct shell_text *flat = &s->shape.flat.text;
	struct shape again;

	if (s->tmpl->nrefs == 0) {
		c.text = c.run = flat->p;
		c.argv = script_words(mem, sv_make(flat->p, flat->n));
		c.vars = t.list;
		*out = c;
		return 0;
	}
	if (get_values(&r, look) < 0 || choose_shape(&r, &again) < 0 ||
	    finish(&t) < 0) {
		command_release(&c);
		return -1;
	}
	*out = c;
	return 0;
}

void
command_release(struct command *c)
{
	vec_release(&c->env);
}
