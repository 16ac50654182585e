/*
 * Values into compiled shell text.  Nearly always that is pieces and
 * `${LL_Vn}`; only text on purpose (R2, R10) is spliced in, and unless it is
 * a plain word and alone the whole is scanned again, so that no
 * value can change what another reference is.
 */
#include "text/script_shape.h"

#include <stdio.h>
#include <string.h>

#include "text/quote.h"

enum { SPILL_ONE = 100 * 1024, SPILL_ALL = 1 << 20 };

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
	enum ref_code code = render_ref(r, s, i)->code;

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
			str_addsv(out, r->text[s->flat.slot[p->atom]]);
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
	enum ref_code code =
	    ref->code == CODE_SHELL && !v->quoted ? CODE_NONE : ref->code;
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
		/* In UTF-8 `read` loses a byte 1 behind a cut sequence. */
		str_adds(t->reads, "IFS= LC_ALL=C read -r -d '' LL_V");
		str_addf(t->reads, "%d <", n);
		quote_shell(t->reads, sv(path));
		str_adds(t->reads, " || :; ");
		return 0;
	}
	t->sum += value.n;
	snprintf(name, sizeof(name), " LL_V%d", n);
	str_adds(t->names, name);
	vec_push(
	    &t->c->env, arena_printf(t->r->mem, "%s=%s", name + 1, value.p));
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
		val_set(
		    a, row, "var", val_text(a, arena_printf(a, "LL_V%zu", i)));
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
	if (get_values(&r, look) < 0 || render_shape(&r, &again) < 0 ||
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
