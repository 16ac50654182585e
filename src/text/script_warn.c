/* What the checker says about references in shell text: W411 to W417. */
#include "text/script_shape.h"

#include <string.h>

struct warner {
	const struct script *script;
	const char *path;
	struct diags *diags;
};

static const struct {
	const char *id, *text;
} warnings[] = {
	{ "W411", "the command is data: what was captured decides what runs" },
	{ "W412",
	    "data in program text: the value must be one harmless word; hand "
	    "it over as an argument, in the environment or on stdin" },
	{ "W413", "the backslash before the reference is taken as text" },
	{ "W414",
	    "data in no quotes is split at blanks and globbed; quote "
	    "it" },
	{ "W415",
	    "a shell variable set from this is used in program text or "
	    "arithmetic further on, where its value may be executed" },
	{ "W416",
	    "the value must be an integer, or the name of a variable, "
	    "here" },
	{ "W417", "`:code` pastes the value as shell text" },
};

static void
warn(const struct warner *w, size_t which, const struct ref *r)
{
	diag_add(w->diags, r->at, warnings[which].id, w->path, "'${%s}': %s",
	    r->text, warnings[which].text);
}

/* Is the shell variable this is assigned to used as code later? */
static bool
used_later(const struct shape *h, size_t i)
{
	struct sv name = h->scan.atom[i].names;

	for (size_t k = 0; name.n && k < h->scan.nuses; k++) {
		const struct shell_use *u = &h->scan.use[k];

		if (u->off > h->flat.text.atom[i] && u->name.n == name.n &&
		    memcmp(u->name.p, name.p, name.n) == 0)
			return true;
	}
	return false;
}

static bool
is_program_text(const struct shell_atom *a, const struct ref *r)
{
	switch (a->enc) {
	case ENC_PYCODE:
		return r->code != CODE_PY;
	case ENC_JSCODE:
		return r->code != CODE_JSON;
	case ENC_SHWORD:
		return r->code != CODE_SHELL;
	case ENC_LITERAL:
	case ENC_CODE:
	case ENC_SHCODE:
	case ENC_REFUSED:
		return true;
	default:
		return false;
	}
}

static void
warn_data(const struct warner *w, size_t i)
{
	const struct shape *h = &w->script->shape;
	const struct shell_atom *a = &h->scan.atom[i];
	const struct ref *r = w->script->slot[h->flat.slot[i]];

	if (a->role == ROLE_COMMAND)
		warn(w, 0, r);
	if (is_program_text(a, r))
		warn(w, 1, r);
	if (a->role == ROLE_ARG && a->cls == SHELL_PLAIN && a->enc == ENC_RAW &&
	    r->code == CODE_NONE)
		warn(w, 3, r);
	if (used_later(h, i))
		warn(w, 4, r);
	if (a->enc == ENC_INTEGER || a->enc == ENC_NAME)
		warn(w, 5, r);
}

void
script_warn(const struct script *s, const char *path, script_origin *origin,
    void *self, struct diags *diags)
{
	struct warner w = { s, path, diags };
	const struct tmpl *t = s->tmpl;
	size_t i = 0;

	for (size_t p = 0; p < t->nparts; p++) {
		const struct ref *r = t->part[p].ref;
		enum origin from;

		if (!r)
			continue;
		from = origin             ? origin(self, r)
		    : r->ns == NS_CONTEXT ? ORIGIN_FILE
					  : ORIGIN_DATA;
		if (s->shape.scan.atom[i].slash)
			warn(&w, 2, r);
		if (r->code == CODE_PASTE)
			warn(&w, 6, r);
		else if (from == ORIGIN_DATA)
			warn_data(&w, i);
		i++;
	}
}
