/*
 * A host file becomes a host: the top of the file, and what all parts of the
 * reader need.  Whatever is wrong is told with its place; a host with a fault
 * is never handed out.
 */
#include "host/spec.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/size.h"
#include "host/spec_part.h"
#include "loop/config.h"
#include "text/yml.h"

enum { ARGUMENT_MAX = 100 * 1024, RETRIES_MAX = 5 };

/* clang-format off */
static const char *const class_names[CLASSES] = {
	[CLASS_NONE] = "none",
	[CLASS_TRANSIENT] = "infra.transient",
	[CLASS_QUOTA] = "infra.quota",
	[CLASS_AUTH] = "infra.auth",
	[CLASS_CONFIG] = "infra.config",
	[CLASS_AGENT] = "agent.failed",
	[CLASS_CONTEXT] = "limit.context",
	[CLASS_TURNS] = "limit.turns",
	[CLASS_SPEND] = "limit.spend",
	[CLASS_PROMPT] = "limit.prompt",
	[CLASS_WALL] = "limit.wall",
	[CLASS_IDLE] = "limit.idle",
	[CLASS_LOOP] = "limit.loop",
	[CLASS_OUTPUT] = "limit.output",
	[CLASS_PROCS] = "limit.procs",
	[CLASS_MEMORY] = "limit.memory",
};

static const char *const slot_names[SLOTS] = {
	[SLOT_PROMPT] = "prompt",
	[SLOT_MODEL] = "model",
	[SLOT_EFFORT] = "effort",
	[SLOT_AGENT] = "agent",
	[SLOT_TOOLS] = "tools",
	[SLOT_SESSION] = "session",
	[SLOT_SCHEMA] = "schema",
	[SLOT_SCHEMA_FILE] = "schema_file",
	[SLOT_DIRECTORY] = "directory",
};

static const char *const call_names[HOST_CALLS] = {
	[CALL_ACTION] = "action",
	[CALL_JUDGE] = "judge",
	[CALL_DETACHED] = "detached",
};

static const char *const format_names[] = {
	[FORMAT_TEXT] = "text",
	[FORMAT_LINES] = "lines",
	[FORMAT_JSON] = "json",
};
/* clang-format on */

const char *
failure_class_name(enum failure_class c)
{
	return class_names[c];
}

const char *
failure_type_of(enum failure_class c)
{
	switch (c) {
	case CLASS_NONE:
		return "";
	case CLASS_TRANSIENT:
	case CLASS_QUOTA:
		return "transient";
	case CLASS_AUTH:
	case CLASS_CONFIG:
		return "non_recoverable";
	default:
		return "real";
	}
}

enum failure_class
failure_class_of(const char *name)
{
	int c = 0;

	while (c < CLASSES && strcmp(class_names[c], name) != 0)
		c++;
	return (enum failure_class)c;
}

const char *
host_slot_name(enum host_slot s)
{
	return slot_names[s];
}

const char *
host_call_name(enum host_call_kind c)
{
	return call_names[c];
}

const char *
host_format_name(enum host_format f)
{
	return format_names[f];
}

/* ---- members ---- */

const struct val *
spec_get(const struct val *map, const char *key)
{
	const struct val *v = val_get(map, key);

	return v && v->kind != VAL_NULL ? v : NULL;
}

const char *
spec_text(const struct val *map, const char *key)
{
	const struct val *v = spec_get(map, key);

	return v && v->kind == VAL_TEXT ? v->t.p : NULL;
}

bool
spec_true(const struct val *map, const char *key)
{
	const struct val *v = spec_get(map, key);

	return v && v->kind == VAL_BOOL && v->b;
}

const char *const *
spec_texts(const struct spec_map *m, const char *key, size_t *n)
{
	const struct val *v = spec_get(m->map, key);
	size_t len = v && v->kind == VAL_LIST ? v->list.len : 0;
	const char **at = arena_new(m->r->mem, (len + 1) * sizeof(*at));

	for (size_t i = 0; i < len; i++)
		at[i] = arena_strdup(m->r->mem, v->list.at[i]->t.p);
	*n = len;
	return at;
}

void
spec_fault(const struct spec_map *m, const char *key, const char *id,
    const char *fmt, ...)
{
	const struct member *x = val_member(m->map, key);
	const char *dot = *m->path ? "." : "";
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(m->r->mem, fmt, ap);
	va_end(ap);
	diag_add(m->r->diags, x ? x->v->at : m->map->at, id,
	    spec_path(m, "%s%s%s", m->path, dot, key), "'%s': %s", key, text);
}

struct picks
spec_ways(const struct spec_map *m, const char *key)
{
	struct err e = ERR_INIT;
	struct picks ways = { NULL, 0 };

	if (picks_compile(m->r->mem, spec_get(m->map, key), &ways, &e) < 0)
		spec_fault(m, key, "E512",
		    "%s; a way to members is like result.usage.*.tokens",
		    e.msg);
	return ways;
}

const struct rx *
spec_pattern(const struct spec_map *m, const char *key)
{
	const char *text = spec_text(m->map, key);
	struct err e = ERR_INIT;
	struct rx *rx;

	if (!text)
		return NULL;
	rx = rx_new(text, strlen(text), &e);
	if (rx)
		vec_push(&m->r->host->patterns->at, rx);
	else
		spec_fault(m, key, "E513", "%s", e.msg);
	return rx;
}

void
spec_wants(const struct spec_map *m, const char *key, const struct val *v,
    struct host_test *out)
{
	const struct val **want;
	bool list = v->kind == VAL_LIST;
	size_t n = list ? v->list.len : 1;

	if (v->kind == VAL_MAP || n == 0 || n > SPEC_WANTS) {
		spec_fault(m, key, "E514",
		    "must be a value, or a list of 1 to %d of them",
		    SPEC_WANTS);
		return;
	}
	want = arena_new(m->r->mem, n * sizeof(*want));
	for (size_t i = 0; i < n; i++) {
		want[i] = val_copy(m->r->mem, list ? v->list.at[i] : v);
		if (want[i]->kind == VAL_LIST || want[i]->kind == VAL_MAP)
			spec_fault(m, key, "E514", "must hold plain values");
	}
	out->want = want;
	out->n = n;
	out->present = !list && v->kind == VAL_TEXT && sv_eq(v->t, "*");
}

/* ---- the top ---- */

static long long
argument_max(const struct val *top)
{
	const struct val *v = spec_get(top, "argument_max");
	long long n = ARGUMENT_MAX;

	if (v && v->kind == VAL_INT)
		return v->i;
	if (v && v->kind == VAL_TEXT)
		size_parse(v->t, &n);
	return n;
}

static void
read_retries(const struct spec_map *m)
{
	struct host_retries *r = &m->r->host->retries;
	struct spec_map in = { m->r, spec_get(m->map, "retries"), "retries" };

	if (!in.map)
		return;
	r->stderr_rx = spec_pattern(&in, "stderr");
	r->max = val_num(in.map, "max", RETRIES_MAX);
	if (!spec_get(in.map, "stderr"))
		spec_fault(m, "retries", "E515", "needs 'stderr'");
}

static void
read_top(const struct spec_map *m)
{
	struct host *h = m->r->host;
	const char *text = spec_text(m->map, "description");

	h->description = arena_strdup(&h->mem, text ? text : "");
	text = spec_text(m->map, "program");
	h->program = arena_strdup(&h->mem, text ? text : h->name);
	text = spec_text(m->map, "install");
	h->install = text && *text ? arena_strdup(&h->mem, text) : NULL;
	h->also = spec_texts(m, "also", &h->nalso);
	h->rank = val_num(m->map, "rank", 0);
	h->verified = spec_true(m->map, "verified");
	h->unverified = spec_texts(m, "unverified", &h->nunverified);
	h->version = spec_texts(m, "version", &h->nversion);
	h->requires = spec_texts(m, "requires", &h->nrequires);
	text = spec_text(m->map, "prompt");
	h->prompt_argument = text && !strcmp(text, "argument");
	h->argument_max = argument_max(m->map);
	read_retries(m);
	if (!*h->program)
		spec_fault(m, "program", "E515", "must not be empty");
}

const char *
host_base_of(struct arena *a, const struct host_source *src)
{
	struct diags unused = DIAGS_INIT;
	const struct val *top =
	    yml_read(a, src->file, src->text.p, src->text.n, &unused);

	diags_release(&unused);
	return top && top->kind == VAL_MAP ? spec_text(top, "failures_of")
					   : NULL;
}

struct host *
host_read(const struct host_source *src, struct diags *d)
{
	struct host *h = mem_new(sizeof(*h));
	struct spec_reader r = { h, &h->mem, d };
	struct spec_map top = { .r = &r, .path = "" };
	size_t before = d->errors;

	h->base = src->base;
	h->patterns = mem_new(sizeof(*h->patterns));
	h->name = arena_strdup(&h->mem, src->name);
	h->file = arena_strdup(&h->mem, src->file);
	h->text =
	    sv_make(arena_dup(&h->mem, src->text.p, src->text.n), src->text.n);
	top.map = config_read_as(&h->mem, "host", h->file, src->text, d);
	if (top.map) {
		read_top(&top);
		spec_calls(&top);
		spec_environment(&top);
		spec_events(&top);
		spec_failures(&top);
	}
	if (d->errors == before)
		return h;
	host_free(h);
	return NULL;
}

void
host_free(struct host *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->patterns->at.len; i++)
		rx_free(h->patterns->at.at[i]);
	vec_release(&h->patterns->at);
	free(h->patterns);
	host_free(h->base);
	arena_release(&h->mem);
	free(h);
}
