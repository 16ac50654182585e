/*
 * Answers in the form of a schema.  Finds the object, then holds it against
 * the rules; whatever a judge says, there is a verdict, and one that cannot
 * be understood is "error", never "no".
 */
#include "host/answer.h"

#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "host/answer_part.h"
#include "text/json.h"
#include "text/scalar.h"

enum { OBJECTS_MAX = 256 };

/* clang-format off */
const char answer_schema[] =
    "{\"type\":\"object\",\"properties\":{"
    "\"verdict\":{\"type\":\"string\",\"enum\":[\"yes\",\"no\",\"blocked\","
    "\"partial\",\"cannot_judge\"]},"
    "\"confidence\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1},"
    "\"reason\":{\"type\":\"string\"},\"evidence\":{\"type\":\"string\"}},"
    "\"required\":[\"verdict\",\"confidence\",\"reason\",\"evidence\"],"
    "\"additionalProperties\":false}";

static const char *const default_words[] = { "yes", "no", "blocked",
	"partial", "cannot_judge", "error" };
/* clang-format on */

/* ---- the rules ---- */

void
answer_refuse(
    struct arena *a, struct sv text, const char *why, struct answer *out)
{
	auto_str shown = STR_INIT;

	text = sv_trim(text);
	text.n = utf8_floor(text.p, text.n, ANSWER_PREVIEW_MAX);
	utf8_repair(&shown, text.p, text.n);
	*out = (struct answer) { .verdict = "error",
		.error = why,
		.preview = arena_dup(a, shown.buf, shown.len),
		.reason = "",
		.evidence = "" };
}

/* A plain value as text; "" for none, lists and maps. */
static const char *
plain(struct arena *a, const struct val *v)
{
	auto_str text = STR_INIT;

	if (v && v->kind != VAL_LIST && v->kind != VAL_MAP)
		scalar_write(&text, v);
	return arena_dup(a, text.buf, text.len);
}

/* Texts of a list are taken too: some quote more than one line. */
static const char *
words_of(struct arena *a, const struct val *v)
{
	auto_str text = STR_INIT;

	if (!v || v->kind != VAL_LIST)
		return plain(a, v);
	for (size_t i = 0; i < v->list.len; i++)
		str_addf(&text, "%s%s", text.len ? "\n" : "",
		    plain(a, v->list.at[i]));
	return arena_dup(a, text.buf, text.len);
}

static double
confidence_of(const struct val *v)
{
	double x = 0;

	if (!v || v->kind == VAL_NULL)
		return 1;
	if (v->kind == VAL_INT)
		x = (double)v->i;
	else if (v->kind == VAL_REAL)
		x = v->r;
	else if (v->kind == VAL_TEXT && !sv_to_real(sv_trim(v->t), &x))
		x = 0;
	return x > 0 ? (x < 1 ? x : 1) : 0;
}

static const char *
lower(struct arena *a, const char *word)
{
	struct sv s = sv_trim(sv(word));
	char *out = arena_dup(a, s.p, s.n);

	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return out;
}

static bool
is_default(const char *word)
{
	for (size_t i = 0; i < COUNT(default_words); i++)
		if (!strcmp(word, default_words[i]))
			return true;
	return false;
}

static void
by_default_schema(struct arena *a, struct answer *out)
{
	const char *word = lower(a, out->verdict);
	bool judges = strcmp(word, "error") && strcmp(word, "cannot_judge");

	if (!is_default(word)) {
		out->raw_verdict = out->verdict;
		out->error = "the judge's word is no verdict";
		out->verdict = "error";
		return;
	}
	out->verdict = word;
	if (judges && !sv_trim(sv(out->evidence)).n) {
		out->verdict = "no";
		out->evidence_coerced = true;
	}
}

void
answer_settle(const struct answer_found *f, const struct answer_rules *rules,
    struct arena *a, struct answer *out)
{
	const char *word = plain(a, f->verdict);
	struct answer x = { .verdict = word,
		.reason = words_of(a, f->reason),
		.evidence = words_of(a, f->evidence),
		.confidence = confidence_of(f->confidence),
		.raw = f->raw };

	x.confident = x.confidence >= rules->min_confidence;
	if (!*word || strlen(word) > ANSWER_WORD_MAX) {
		x.verdict = "error";
		x.error = "the judge gave no verdict";
	} else if (!rules->own_schema) {
		by_default_schema(a, &x);
	}
	if (rules->uncertain_suffix && !x.confident && !x.error &&
	    strcmp(x.verdict, "error") != 0)
		x.verdict = arena_printf(a, "%s_uncertain", x.verdict);
	*out = x;
}

/* ---- finding the object ---- */

static const struct val *
object_in(struct arena *a, struct sv text)
{
	struct err e = ERR_INIT;
	const struct val *v = json_read(a, text.p, text.n, ORIGIN_DATA, &e);

	return v;
}

/* Bytes of the braces that begin here and of what is between; 0 when they do
 * not close. */
static size_t
braces(struct sv s)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == '{')
			depth++;
		else if (!quoted && c == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* The last object in prose that has a verdict, or one about two texts. */
static const struct val *
last_object(struct arena *a, struct sv text)
{
	const struct val *found = NULL;
	size_t tries = 0, len;

	for (size_t i = 0; i < text.n && tries < OBJECTS_MAX; i += len) {
		struct sv rest = sv_make(text.p + i, text.n - i);
		const struct val *v = NULL;

		len = 1;
		if (rest.p[0] != '{')
			continue;
		tries++;
		len = braces(rest);
		if (len)
			v = object_in(a, sv_make(rest.p, len));
		if (v && (val_get(v, "verdict") || val_get(v, "verdict_a")))
			found = v;
		if (!v)
			len = 1;
	}
	return found;
}

/* The text between <name> and </name>; p NULL without them. */
static struct sv
tagged(struct sv text, const char *name)
{
	auto_str open = STR_INIT, shut = STR_INIT;
	const char *from, *to;

	str_addf(&open, "<%s>", name);
	str_addf(&shut, "</%s>", name);
	from = memmem(text.p, text.n, open.buf, open.len);
	if (!from)
		return sv_make(NULL, 0);
	from += open.len;
	to = memmem(from, (size_t)(text.p + text.n - from), shut.buf, shut.len);
	return to ? sv_trim(sv_make(from, (size_t)(to - from)))
		  : sv_make(NULL, 0);
}

static const struct val *
tag_val(struct arena *a, struct sv text, const char *name)
{
	struct sv s = tagged(text, name);

	return s.p ? val_bytes(a, s.p, s.n) : NULL;
}

static bool
read_tags(struct arena *a, struct sv text, struct answer_found *out)
{
	const struct val *verdict = tag_val(a, text, "verdict");

	if (!verdict)
		return false;
	*out = (struct answer_found) {
		.verdict = val_text(a, lower(a, verdict->t.p)),
		.confidence = tag_val(a, text, "confidence"),
		.reason = tag_val(a, text, "reason"),
		.evidence = tag_val(a, text, "evidence"),
	};
	return true;
}

void
answer_read(struct sv text, const struct answer_rules *rules, struct arena *a,
    struct answer *out)
{
	struct sv inner = sv_trim(text);
	const struct val *v = object_in(a, inner);
	struct answer_found f = { .verdict = NULL };

	/* Some hosts give the object as JSON in a text. */
	if (v && v->kind == VAL_TEXT) {
		inner = sv_trim(v->t);
		v = object_in(a, inner);
	}
	if (!inner.n)
		answer_refuse(a, text, "the judge said nothing", out);
	else if (v && v->kind == VAL_LIST)
		answer_refuse(a, text, "the judge gave a list", out);
	else if ((v && v->kind == VAL_MAP) || (v = last_object(a, inner))) {
		f = (struct answer_found) { val_get(v, "verdict"),
			val_get(v, "confidence"), val_get(v, "reason"),
			val_get(v, "evidence"), v };
		answer_settle(&f, rules, a, out);
	} else if (read_tags(a, inner, &f))
		answer_settle(&f, rules, a, out);
	else
		answer_refuse(a, text, "the judge's answer is no JSON", out);
}
