/*
 * Putting values into templates.  Text that comes from a value is never
 * looked at again: what looks like a reference in it stays as it is.
 */
#include <math.h>
#include <stdio.h>

#include "text/json.h"
#include "text/quote.h"
#include "text/render.h"
#include "text/scalar.h"
#include "text/tmpl.h"

static int
missing(const struct ref *r, const struct err *why, struct err *e)
{
	char where[300] = "";

	if (r->at.file && r->at.line)
		snprintf(where, sizeof(where), "%.200s:%d:%d: ", r->at.file,
		    r->at.line, r->at.col);
	return err_set(e, ERR_INPUT, "%s'${%.200s}' has no value%s%s", where,
	    r->text, why->msg[0] ? ": " : "", why->msg);
}

const struct val *
ref_value(const struct ref *r, const struct lookup *look, struct arena *a,
    struct err *e)
{
	const struct val *got = NULL;
	struct err why = ERR_INIT;
	struct val *text;
	int rc = look->get(look->self, r, a, &got, &why);

	if (rc < 0) {
		*e = why;
		err_wrap(e, "'${%.200s}'", r->text);
		return NULL;
	}
	if (rc > 0 && (got->kind != VAL_NULL || !r->otherwise))
		return got;
	if (r->otherwise) {
		text = val_text(a, r->otherwise);
		text->at = r->at;
		text->style = STYLE_FOLDED;
		return text;
	}
	if (r->optional)
		return val_null(a);
	missing(r, &why, e);
	return NULL;
}

static void
py_real(struct str *out, double r)
{
	if (isfinite(r)) {
		scalar_real(out, r);
		return;
	}
	str_adds(out, "float('");
	scalar_real(out, r);
	str_adds(out, "')");
}

static void
py_write(struct str *out, const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		str_adds(out, "None");
		break;
	case VAL_BOOL:
		str_adds(out, v->b ? "True" : "False");
		break;
	case VAL_REAL:
		py_real(out, v->r);
		break;
	case VAL_TEXT:
		quote_py(out, v->t);
		break;
	case VAL_LIST:
		str_addc(out, '[');
		for (size_t i = 0; i < v->list.len; i++) {
			str_adds(out, i ? ", " : "");
			py_write(out, v->list.at[i]);
		}
		str_addc(out, ']');
		break;
	case VAL_MAP:
		str_addc(out, '{');
		for (size_t i = 0; i < v->map.len; i++) {
			str_adds(out, i ? ", " : "");
			quote_py(out, sv(v->map.at[i].key));
			str_adds(out, ": ");
			py_write(out, v->map.at[i].v);
		}
		str_addc(out, '}');
		break;
	default:
		val_render(out, v);
	}
}

void
ref_encode(struct str *out, const struct val *v, enum ref_code code)
{
	struct str text = STR_INIT;

	switch (code) {
	case CODE_SHELL:
		val_render(&text, v);
		quote_shell(out, str_sv(&text));
		str_release(&text);
		break;
	case CODE_JSON:
		json_write(out, v, JSON_COMPACT);
		break;
	case CODE_PY:
		py_write(out, v);
		break;
	default:
		val_render(out, v);
	}
}

int
tmpl_render(const struct tmpl *t, const struct lookup *look, struct arena *a,
    struct str *out, enum origin *worst, struct err *e)
{
	enum origin seen = (enum origin)t->src->origin;
	size_t start = out->len;

	for (size_t i = 0; i < t->nparts; i++) {
		const struct part *p = &t->part[i];
		const struct val *v;

		if (!p->ref) {
			str_addsv(out, p->text);
			continue;
		}
		v = ref_value(p->ref, look, a, e);
		if (!v) {
			str_cut(out, start);
			return -1;
		}
		seen = origin_worse(seen, val_origin(v));
		ref_encode(out, v, p->ref->code);
	}
	if (worst)
		*worst = seen;
	return 0;
}
