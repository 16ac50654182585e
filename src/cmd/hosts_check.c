/*
 * hosts check: whether a host is ready, what would be executed, and what of
 * its file nobody has seen to be right.
 */
#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/hosts_part.h"
#include "os/child.h"
#include "text/json.h"
#include "text/quote.h"

enum { VERSION_MS = 15000, VERSION_BYTES = 4096 };

struct checked {
	struct host *host;
	const char *program; /* NULL: not ready */
	const char *why;
	const char *version; /* NULL: it did not say */
	const char *lines[HOST_CALLS];
};

/* ---- its version ---- */

static int
hear(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct str *out = self;

	(void)stream;
	(void)e;
	str_add(out, p, n);
	return out->len > VERSION_BYTES;
}

/* The first line that it prints; NULL when it fails or is silent. */
static const char *
ask_version(struct arena *a, const struct host *h, const char *program)
{
	char **argv = arena_new(a, (h->nversion + 2) * sizeof(*argv));
	auto_str said = STR_INIT;
	const struct child_spec spec = { .file = program,
		.argv = argv,
		.timeout_ms = VERSION_MS,
		.ends_left = true,
		.bytes = hear,
		.self = &said };
	struct outcome how;
	struct err e = ERR_INIT;
	struct sig sig;
	struct sv text;
	int ran;

	if (!h->nversion || sig_init(&sig, &e) < 0)
		return NULL;
	argv[0] = arena_strdup(a, program);
	for (size_t i = 0; i < h->nversion; i++)
		argv[i + 1] = arena_strdup(a, h->version[i]);
	ran = child_run(&spec, &sig, &how, &e);
	sig_release(&sig);
	if (ran < 0 || how.kind != OUT_EXITED || how.code != 0)
		return NULL;
	text = sv_trim(str_sv(&said));
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\n')
			text.n = i;
	return text.n ? arena_dup(a, text.p, text.n) : NULL;
}

/* ---- what would be executed ---- */

/* A placeholder is shown as its name in capitals. */
static void
add_word(struct str *out, const struct host_word *w)
{
	auto_str text = STR_INIT;

	for (size_t i = 0; i < w->n; i++) {
		const char *name = w->at[i].slot < SLOTS
		    ? host_slot_name(w->at[i].slot)
		    : NULL;

		if (!name)
			str_addsv(&text, w->at[i].text);
		for (; name && *name; name++)
			str_addc(&text, (char)toupper((unsigned char)*name));
	}
	quote_shell(out, str_sv(&text));
}

static bool
vanishes(const struct host_group *g)
{
	for (size_t i = 0; i < g->n; i++)
		for (size_t k = 0; k < g->at[i].n; k++)
			if (g->at[i].at[k].slot < SLOTS &&
			    g->at[i].at[k].slot != SLOT_PROMPT)
				return true;
	return false;
}

static const char *
command_line(struct arena *a, const struct host *h, const struct host_call *c)
{
	auto_str out = STR_INIT;

	str_adds(&out, h->program);
	for (size_t i = 0; i < c->n; i++) {
		bool may = vanishes(&c->at[i]);

		for (size_t k = 0; k < c->at[i].n; k++) {
			str_adds(&out, may && !k ? " [" : " ");
			add_word(&out, &c->at[i].at[k]);
		}
		if (may)
			str_addc(&out, ']');
	}
	if (!h->prompt_argument)
		str_adds(&out, " <PROMPT");
	return arena_dup(a, out.buf, out.len);
}

static const char *
meaning(struct arena *a, const struct host_call *c)
{
	return arena_printf(a, "%s%s", host_format_name(c->format),
	    c->structured ? ", structured" : "");
}

/* ---- saying it ---- */

static const char *
unverified(struct arena *a, const struct host *h)
{
	const char *const *at;
	auto_str out = STR_INIT;
	size_t n;

	if (!h->verified)
		return "all of it";
	n = host_unverified(h, a, &at);
	for (size_t i = 0; i < n; i++)
		str_addf(&out, "%s%s", i ? ", " : "", at[i]);
	return out.len ? arena_dup(a, out.buf, out.len) : "nothing";
}

static void
show(struct args *a, const struct checked *c)
{
	const struct host *h = c->host;
	struct out *o = a->out;

	str_addf(&o->buf, "host        %s, %s\n", h->name, h->description);
	str_addf(&o->buf, "file        %s\n", h->file);
	str_adds(&o->buf, "program     ");
	out_paint(o, c->program ? PAINT_NONE : PAINT_WARN,
	    c->program ? c->program : c->why);
	str_adds(&o->buf, "\nversion     ");
	if (c->version)
		out_text(o, c->version, strlen(c->version), 0);
	else
		str_adds(&o->buf, "unknown");
	str_addf(&o->buf, "\nprompt      %s\n",
	    h->prompt_argument ? "an argument" : "on stdin");
	if (h->prompt_argument)
		str_addf(&o->buf, "at most     %lld bytes\n", h->argument_max);
	for (int k = 0; k < HOST_CALLS; k++)
		str_addf(&o->buf, "%-11s %s\n%-11s prints %s\n",
		    host_call_name((enum host_call_kind)k), c->lines[k], "",
		    meaning(a->mem, &h->call[k]));
	str_addf(&o->buf, "unverified  %s\n", unverified(a->mem, h));
}

static const struct val *
text_or_null(struct arena *a, const char *s)
{
	return s ? val_text(a, s) : val_null(a);
}

static void
show_json(struct args *args, const struct checked *c)
{
	struct arena *a = args->mem;
	const struct host *h = c->host;
	struct val *v = val_map(a);

	val_set(a, v, "name", val_text(a, h->name));
	val_set(a, v, "description", val_text(a, h->description));
	val_set(a, v, "file", val_text(a, h->file));
	val_set(a, v, "ready", val_bool(a, c->program != NULL));
	val_set(a, v, "path", text_or_null(a, c->program));
	val_set(a, v, "why", text_or_null(a, c->program ? NULL : c->why));
	val_set(a, v, "install", text_or_null(a, h->install));
	val_set(a, v, "version", text_or_null(a, c->version));
	val_set(a, v, "prompt",
	    val_text(a, h->prompt_argument ? "argument" : "stdin"));
	for (int k = 0; k < HOST_CALLS; k++) {
		const struct host_call *call = &h->call[k];
		struct val *x = val_map(a);

		val_set(a, x, "command", val_text(a, c->lines[k]));
		val_set(a, x, "format",
		    val_text(a, host_format_name(call->format)));
		val_set(a, x, "structured", val_bool(a, call->structured));
		val_set(a, v, host_call_name((enum host_call_kind)k), x);
	}
	val_set(a, v, "verified", val_bool(a, h->verified));
	val_set(a, v, "unverified", hosts_unverified(a, h));
	json_write(&args->out->buf, v, JSON_PRETTY);
	str_addc(&args->out->buf, '\n');
}

static void
look(struct args *a, const struct hosts_where *w, struct checked *c,
    struct err *e)
{
	c->program = choose_program(&w->in, c->host, a->mem, e);
	c->why = arena_strdup(a->mem, e->msg);
	if (c->program)
		c->version = ask_version(a->mem, c->host, c->program);
	for (int k = 0; k < HOST_CALLS; k++)
		c->lines[k] = command_line(a->mem, c->host, &c->host->call[k]);
}

int
hosts_check(struct args *a, const char *name, bool json, struct err *e)
{
	struct checked c = { .host = NULL };
	struct diags d = DIAGS_INIT;
	struct hosts_where w;

	hosts_where_init(&w, a);
	c.host = shelf_take(&w.shelf, name, &d, e);
	diags_sort(&d);
	if (d.len)
		hosts_say(a, &d, d.at[0].at.file);
	diags_release(&d);
	if (!c.host)
		return -1;
	look(a, &w, &c, e);
	if (json)
		show_json(a, &c);
	else
		show(a, &c);
	host_free(c.host);
	return c.program ? 0 : -1;
}
