/*
 * YAML in block style: two columns a level, empty lists and mappings as `[]`
 * and `{}`, text of several lines as a literal block.  libyaml's emitter can
 * write no comments and folds long lines, so this one is our own.  How a text
 * is written is in yaml_text.c.
 */
#include "show/yaml_out.h"

#include <math.h>
#include <stdbool.h>

#include "show/yaml_text.h"
#include "text/scalar.h"

enum {
	STEP = YAML_STEP,
	KEY_MAX = 1000 /* libyaml looks 1024 characters ahead for the `:` */
};

struct writer {
	struct str *out;
	yaml_note *note;
	void *self;
};

/* ---- one value ---- */

static void
spaces(struct writer *w, size_t n)
{
	while (n-- > 0)
		str_addc(w->out, ' ');
}

/* The end of the line, behind the comment if there is one. */
static void
end_line(struct writer *w, const struct str *note)
{
	if (note->len) {
		str_adds(w->out, "  # ");
		yaml_text_comment(w->out, str_sv(note));
	}
	str_addc(w->out, '\n');
}

static void
write_scalar(struct writer *w, const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		str_adds(w->out, "null");
		break;
	case VAL_TEXT:
		yaml_text_line(w->out, v->t);
		break;
	case VAL_REAL:
		if (!isfinite(v->r)) {
			str_adds(w->out,
			    isnan(v->r)      ? ".nan"
				: v->r < 0.0 ? "-.inf"
					     : ".inf");
			break;
		}
		scalar_write(w->out, v);
		break;
	case VAL_LIST:
		str_adds(w->out, "[]");
		break;
	case VAL_MAP:
		str_adds(w->out, "{}");
		break;
	default:
		scalar_write(w->out, v);
	}
}

static bool
has_inside(const struct val *v)
{
	return (v->kind == VAL_LIST && v->list.len) ||
	    (v->kind == VAL_MAP && v->map.len);
}

/* Behind `key:` or `-`, which stand at column `indent`. */
static void
write_here(struct writer *w, const struct val *v, size_t indent,
    const struct str *note)
{
	str_addc(w->out, ' ');
	if (v->kind != VAL_TEXT || !yaml_text_is_block(v->t)) {
		write_scalar(w, v);
		end_line(w, note);
		return;
	}
	yaml_text_head(w->out, v->t);
	end_line(w, note);
	yaml_text_block(w->out, v->t, indent + STEP);
}

/* ---- what holds others ---- */

static void write_inside(
    struct writer *, const struct yaml_spot *up, size_t indent, bool begun);

static void
ask(struct writer *w, const struct yaml_spot *spot, struct str *note)
{
	if (w->note)
		w->note(w->self, spot, note);
}

/* A key that is too long to be seen as one has a line of its own. */
static void
write_key(struct writer *w, const char *key, size_t indent)
{
	auto_str text = STR_INIT;

	yaml_text_key(&text, sv(key));
	if (text.len > KEY_MAX) {
		str_addf(w->out, "? %s\n", text.buf);
		spaces(w, indent);
	} else {
		str_addsv(w->out, str_sv(&text));
	}
	str_addc(w->out, ':');
}

static void
write_member(struct writer *w, const struct yaml_spot *spot, size_t indent)
{
	auto_str note = STR_INIT;

	write_key(w, spot->member->key, indent);
	ask(w, spot, &note);
	if (!has_inside(spot->v)) {
		write_here(w, spot->v, indent, &note);
		return;
	}
	end_line(w, &note);
	write_inside(w, spot, indent + STEP, false);
}

/* A mapping begins on the line of the dash, unless that has a comment. */
static void
write_item(struct writer *w, const struct yaml_spot *spot, size_t indent)
{
	auto_str note = STR_INIT;
	bool begun;

	str_addc(w->out, '-');
	ask(w, spot, &note);
	if (!has_inside(spot->v)) {
		write_here(w, spot->v, indent, &note);
		return;
	}
	begun = spot->v->kind == VAL_MAP && !note.len;
	if (begun)
		spaces(w, STEP - 1);
	else
		end_line(w, &note);
	write_inside(w, spot, indent + STEP, begun);
}

/* Each on lines of its own from this column on; `begun`: the first one
 * stands there already. */
static void
write_inside(
    struct writer *w, const struct yaml_spot *up, size_t indent, bool begun)
{
	const struct val *v = up->v;
	bool map = v->kind == VAL_MAP;
	size_t n = map ? v->map.len : v->list.len;

	for (size_t i = 0; i < n; i++) {
		const struct member *m = map ? &v->map.at[i] : NULL;
		struct yaml_spot spot = { up, m, m ? m->v : v->list.at[i] };

		if (i || !begun)
			spaces(w, indent);
		if (map)
			write_member(w, &spot, indent);
		else
			write_item(w, &spot, indent);
	}
}

void
yaml_write(struct str *out, const struct val *v, yaml_note *note, void *self)
{
	struct writer w = { out, note, self };
	const struct yaml_spot top = { NULL, NULL, v };

	if (has_inside(v)) {
		write_inside(&w, &top, 0, false);
		return;
	}
	write_scalar(&w, v);
	str_addc(out, '\n');
}

void
yaml_comment(struct str *out, const char *text)
{
	str_adds(out, "# ");
	yaml_text_comment(out, sv(text));
	str_addc(out, '\n');
}
