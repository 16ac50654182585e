/*
 * The calls of a host and its environment: arguments with placeholders, cut
 * into pieces once.  A placeholder is {word} with a word that we know; {{
 * stands for a brace.
 */
#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "base/str.h"
#include "host/spec_part.h"

/* The slot of a name; SLOTS when there is none. */
static enum host_slot
slot_of(struct sv name)
{
	int s = 0;

	while (s < SLOTS && !sv_eq(name, host_slot_name((enum host_slot)s)))
		s++;
	return (enum host_slot)s;
}

/* Bytes of {word} at the start of `s`; 0 when it is no placeholder. */
static size_t
placeholder(struct sv s)
{
	size_t n = 1;

	if (!s.n || s.p[0] != '{')
		return 0;
	while (n < s.n && (islower((unsigned char)s.p[n]) || s.p[n] == '_'))
		n++;
	return n > 1 && n < s.n && s.p[n] == '}' ? n + 1 : 0;
}

struct cutter {
	VEC(struct host_piece) pieces;
	struct str literal;
	struct arena *mem;
};

static void
end_literal(struct cutter *c)
{
	struct host_piece p = { .slot = SLOTS };

	if (!c->literal.len)
		return;
	p.text = sv_make(
	    arena_dup(c->mem, c->literal.buf, c->literal.len), c->literal.len);
	vec_push(&c->pieces, p);
	str_reset(&c->literal);
}

/* Cut one text; the bad placeholder, or an empty one. */
static struct sv
cut(struct cutter *c, struct sv s)
{
	size_t len;

	for (size_t i = 0; i < s.n; i += len) {
		struct sv rest = sv_make(s.p + i, s.n - i);
		struct host_piece p = { .slot = SLOTS };

		len = placeholder(rest);
		if (!len) {
			len = sv_starts(rest, "{{") ? 2 : 1;
			str_addc(&c->literal, rest.p[0]);
			continue;
		}
		p.slot = slot_of(sv_make(rest.p + 1, len - 2));
		if (p.slot == SLOTS)
			return sv_make(rest.p, len);
		end_literal(c);
		vec_push(&c->pieces, p);
	}
	end_literal(c);
	return sv_make("", 0);
}

bool
spec_word(const struct spec_map *m, const char *key, const struct val *v,
    struct host_word *out)
{
	struct cutter c = { VEC_INIT, STR_INIT, m->r->mem };
	struct sv bad;

	if (v->kind != VAL_TEXT) {
		spec_fault(m, key, "E511", "must be text in quotes, not %s",
		    val_kind_name(v->kind));
		return false;
	}
	bad = cut(&c, v->t);
	if (bad.n)
		spec_fault(m, key, "E511",
		    "there is no placeholder %.*s; a brace of its own is {{",
		    SV_ARG(bad));
	else
		*out = (struct host_word) {
			(struct host_piece *)arena_dup(m->r->mem, c.pieces.at,
			    c.pieces.len * sizeof(*c.pieces.at)),
			c.pieces.len
		};
	vec_release(&c.pieces);
	str_release(&c.literal);
	return !bad.n;
}

static unsigned
slots_of(const struct host_word *w)
{
	unsigned bits = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->at[i].slot < SLOTS)
			bits |= 1u << w->at[i].slot;
	return bits;
}

/* An argument is a group of one. */
static struct host_group
read_group(const struct spec_map *m, const struct val *v, unsigned *takes)
{
	bool list = v->kind == VAL_LIST;
	size_t n = list ? v->list.len : 1;
	struct host_word *at;

	if (n > SPEC_WORDS) {
		spec_fault(m, "args", "E511", "over %d words", SPEC_WORDS);
		n = 0;
	}
	at = arena_new(m->r->mem, (n + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++)
		if (spec_word(m, "args", list ? v->list.at[i] : v, &at[i]))
			*takes |= slots_of(&at[i]);
	return (struct host_group) { at, n };
}

static enum host_format
format_of(const struct val *map)
{
	const char *word = spec_text(map, "format");

	for (int f = FORMAT_TEXT; word && f <= FORMAT_JSON; f++)
		if (!strcmp(word, host_format_name((enum host_format)f)))
			return (enum host_format)f;
	return FORMAT_TEXT;
}

static void
read_call(const struct spec_map *m, struct host_call *out)
{
	const struct val *args = spec_get(m->map, "args");
	size_t n = args ? args->list.len : 0;
	struct host_group *at;

	if (n > SPEC_WORDS) {
		spec_fault(m, "args", "E511", "over %d words", SPEC_WORDS);
		return;
	}
	at = arena_new(m->r->mem, (n + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++)
		at[i] = read_group(m, args->list.at[i], &out->takes);
	out->at = at;
	out->n = n;
	out->format = format_of(m->map);
	out->structured = spec_true(m->map, "structured");
	out->model = arena_strdup(m->r->mem, spec_text(m->map, "model"));
}

/* The prompt must get there, once. */
static void
check_prompt(const struct spec_map *m, const struct host_call *c)
{
	bool argument = m->r->host->prompt_argument;
	bool has = c->takes & (1u << SLOT_PROMPT);

	if (argument && !has)
		spec_fault(m, "args", "E515",
		    "{prompt} is missing: 'prompt' says that it is an "
		    "argument");
	if (!argument && has)
		spec_fault(m, "args", "E515",
		    "{prompt} cannot stand here: the prompt is on stdin "
		    "(prompt: argument)");
}

void
spec_calls(const struct spec_map *top)
{
	struct host *h = top->r->host;

	for (int k = 0; k < HOST_CALLS; k++) {
		const char *key = host_call_name((enum host_call_kind)k);
		struct spec_map m = { top->r, spec_get(top->map, key), key };

		h->own_call[k] = m.map != NULL;
		if (m.map) {
			read_call(&m, &h->call[k]);
			check_prompt(&m, &h->call[k]);
		} else if (k != CALL_ACTION) {
			h->call[k] = h->call[CALL_ACTION];
		} else {
			spec_fault(top, key, "E515", "is missing");
		}
	}
}

static bool
is_variable_name(const char *s)
{
	size_t n = strspn(s,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	return n > 0 && !s[n] && !isdigit((unsigned char)s[0]);
}

void
spec_environment(const struct spec_map *top)
{
	struct host *h = top->r->host;
	const struct val *map = spec_get(top->map, "environment");
	size_t n = map ? map->map.len : 0;
	struct host_variable *at;

	if (n > SPEC_WORDS) {
		spec_fault(top, "environment", "E511", "over %d variables",
		    SPEC_WORDS);
		return;
	}
	at = arena_new(&h->mem, (n + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++) {
		struct spec_map m = { top->r, map, "environment" };
		const char *name = map->map.at[i].key;

		at[i].name = arena_strdup(&h->mem, name);
		if (!is_variable_name(name))
			spec_fault(&m, name, "E514",
			    "cannot be the name of a variable");
		spec_word(&m, name, map->map.at[i].v, &at[i].value);
		if (slots_of(&at[i].value) & (1u << SLOT_PROMPT))
			spec_fault(&m, name, "E515",
			    "{prompt} cannot stand in the environment");
		h->call[CALL_ACTION].takes |= slots_of(&at[i].value);
		h->call[CALL_JUDGE].takes |= slots_of(&at[i].value);
		h->call[CALL_DETACHED].takes |= slots_of(&at[i].value);
	}
	h->variable = at;
	h->nvariables = n;
}
