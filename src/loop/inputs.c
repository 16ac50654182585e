/*
 * The context at start.  The order of writing is the order of precedence;
 * what the runner adds comes last and only where nobody wrote.
 */
#include "loop/inputs_part.h"

#include <string.h>

#include "text/json.h"

static const char by_input[] = "positional input";
static const char by_program[] = "program.md";
static const char by_option[] = "--context";
static const char by_run[] = "earlier run";

/* ---- the positional input ---- */

static bool
is_listed(const struct val *list, const char *key)
{
	for (size_t i = 0; list && i < list->list.len; i++)
		if (list->list.at[i]->kind == VAL_TEXT &&
		    sv_eq(list->list.at[i]->t, key))
			return true;
	return false;
}

/* Does the loop file speak of the key?  Not of "input" by saying nothing:
 * then an object is as good a text as any. */
static bool
is_known(const struct loop *l, const char *key)
{
	return val_get(l->context, key) ||
	    (l->parameters && val_get(l->parameters, key)) ||
	    is_listed(l->required_inputs, key) ||
	    (l->src && val_get(l->src, "input_key") &&
		strcmp(l->input_key, key) == 0);
}

/* Text that is meant as a JSON object: a brace and then a key or nothing. */
static bool
looks_like_object(struct sv text)
{
	text = sv_trim(text);
	if (text.n < 2 || text.p[0] != '{')
		return false;
	text = sv_trim(sv_make(text.p + 1, text.n - 1));
	return text.n && (text.p[0] == '"' || text.p[0] == '}');
}

/* The keys that the loop knows; false when it knows none of them. */
static bool
put_object(struct build *b, const struct val *object, struct val *unknown)
{
	bool any = false;

	for (size_t i = 0; i < object->map.len; i++) {
		const struct member *m = &object->map.at[i];

		if (is_known(b->l, m->key)) {
			inputs_put(b, m->key, m->v, by_input);
			any = true;
		} else {
			val_push(b->a, unknown, val_text(b->a, m->key));
		}
	}
	return any;
}

static void
put_input(struct build *b, struct sv input, struct started *out)
{
	struct val *unknown = val_list(b->a);
	const struct val *object = NULL;
	struct err why = ERR_INIT;

	out->unknown = unknown;
	if (!input.p)
		return;
	if (looks_like_object(input)) {
		object = json_read(b->a, input.p, input.n, ORIGIN_DATA, &why);
		if (!object)
			out->broken = arena_strdup(b->a, why.msg);
	}
	if (object && put_object(b, object, unknown))
		return;
	out->as_text = unknown->list.len > 0;
	inputs_put(b, b->l->input_key,
	    inputs_with_origin(
		b->a, val_bytes(b->a, input.p, input.n), ORIGIN_DATA),
	    by_input);
}

/* ---- --context ---- */

int
inputs_pair(
    struct arena *a, const char *text, struct input_pair *out, struct err *e)
{
	struct input_pair p = { NULL, { NULL, 0 }, NULL };
	struct sv key;

	if (!strchr(text, '='))
		return err_set(
		    e, ERR_USAGE, "--context '%s' is not KEY=VALUE", text);
	p.value = sv(text);
	sv_cut(&p.value, '=', &key);
	key = sv_trim(key);
	if (!key.n)
		return err_set(e, ERR_USAGE, "--context '%s' has no key", text);
	p.key = arena_dup(a, key.p, key.n);
	if (sv_starts(p.value, "@@"))
		p.value = sv_make(p.value.p + 1, p.value.n - 1);
	else if (sv_starts(p.value, "@"))
		p.file = p.value.p + 1;
	*out = p;
	return 0;
}

/* ---- the whole ---- */

static void
put_caps(struct build *b, const struct inputs *in)
{
	inputs_put_new(b, "max_steps", val_int(b->a, in->max_steps));
	if (in->max_iterations >= 0)
		inputs_put_new(
		    b, "max_iterations", val_int(b->a, in->max_iterations));
}

/* What is given, in the order of precedence. */
static void
put_given(struct build *b, const struct inputs *in, struct started *out)
{
	inputs_put_all(b, b->l->context, inputs_by_file);
	put_input(b, in->input, out);
	inputs_put_all(b, in->program, by_program);
	for (size_t i = 0; i < in->npairs; i++)
		inputs_put(b, in->pair[i].key,
		    inputs_with_origin(b->a,
			val_bytes(
			    b->a, in->pair[i].value.p, in->pair[i].value.n),
			ORIGIN_OPERATOR),
		    by_option);
	inputs_put_parameters(b);
}

void
inputs_context(struct arena *a, const struct loop *l, const struct inputs *in,
    struct diags *diags, struct started *out)
{
	struct build b = { .a = a,
		.l = l,
		.map = val_map(a),
		.givers = val_map(a),
		.diags = diags };
	const struct val *dir =
	    inputs_with_origin(a, val_text(a, in->run_dir), ORIGIN_RUNNER);

	*out = (struct started) {
		.context = b.map, .givers = b.givers, .unknown = val_list(a)
	};
	if (in->again)
		inputs_put_all(&b, in->again, by_run);
	else
		put_given(&b, in, out);
	inputs_put_runner(&b, dir);
	put_caps(&b, in);
}

const struct val *
inputs_origins(struct arena *a, const struct val *context)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < context->map.len; i++) {
		enum origin o = val_origin(context->map.at[i].v);

		if (o != ORIGIN_FILE)
			val_set(a, out, context->map.at[i].key,
			    val_text(a, origin_name(o)));
	}
	return out;
}
