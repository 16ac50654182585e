/* What a run must not record, at the two doors of the engine. */
#include "engine_bed.h"

#include "base/mem.h"

#include "text/json.h"
#include "text/mask.h"

#define TOKEN "it's a token"

struct heard {
	struct bed bed;
	struct mask *mask;
	struct str json;   /* all events */
	struct str screen; /* all live output */
	struct str given;  /* what children were given */
	struct sink sinks[2];
	size_t slot;
};

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct heard *h = self;

	event_write(&h->json, ev);
	return bed_hear(&h->bed, ev, e);
}

static void
see(void *self, const struct voice *voice, int stream, const char *p, size_t n)
{
	struct heard *h = self;

	(void)voice;
	(void)stream;
	str_add(&h->screen, p, n);
}

/* A child that gives back what it is given, byte by byte. */
static int
echo(void *self, size_t slot, const struct child_spec *spec, struct err *e)
{
	struct heard *h = self;

	for (char *const *v = spec->env; *v; v++)
		str_addf(&h->given, "%s;", *v);
	for (int stream = 1; stream <= 2; stream++)
		for (size_t i = 0; i < h->given.len; i++)
			if (spec->bytes(
				spec->self, stream, h->given.buf + i, 1, e) < 0)
				return -1;
	h->slot = slot;
	return 0;
}

static int
echoed(void *self, long long until, size_t *slot, struct outcome *out,
    struct err *e)
{
	struct heard *h = self;

	(void)until;
	(void)e;
	*slot = h->slot;
	*out = (struct outcome) { .kind = OUT_EXITED };
	return 1;
}

static void
heard_drive(struct heard *h, const char *yaml)
{
	static const struct play play = EXIT(0);
	struct err e = ERR_INIT;

	*h = (struct heard) {
		.json = STR_INIT, .screen = STR_INIT, .given = STR_INIT
	};
	bed_init(&h->bed, yaml, &play, 1);
	h->mask = mask_new();
	mask_add(h->mask, sv(TOKEN));
	mask_seal(h->mask);
	h->sinks[0] = (struct sink) { .hear = hear, .output = see, .self = h };
	h->bed.run.sinks = h->sinks;
	h->bed.run.actor = (struct actor) { echo, echoed, NULL, h };
	h->bed.run.mask = h->mask;
	h->bed.run.withheld = h->bed.loop->context;
	cr_assert_eq(bed_drive(&h->bed, &e), 0, "%s", e.msg);
}

static void
heard_release(struct heard *h)
{
	bed_release(&h->bed);
	mask_free(h->mask);
	str_release(&h->json);
	str_release(&h->screen);
	str_release(&h->given);
}

#define LOOP(states)                                              \
	"name: t\ninitial: a\nsecrets: [token]\n"                 \
	"context: {token: \"" TOKEN "\", n: 1}\nstates:\n" states \
	"  done: {terminal: true}\n"

TEST(secret, reaches_the_child_and_nobody_else)
{
	struct heard h;

	heard_drive(&h,
	    LOOP("  a: {action: 'x \"${context.token}\"', capture: c,"
		 " append_to_messages: '${context.token}', next: done}\n"));
	cr_assert_not_null(strstr(h.given.buf, "LL_V0=" TOKEN ";"));
	cr_assert_not_null(strstr(h.json.buf, "LL_V0=***;"));
	cr_assert_not_null(strstr(h.json.buf, "\"message\":\"***\""));
	cr_assert_not_null(strstr(h.screen.buf, "LL_V0=***;"));
	cr_assert_not_null(strstr(h.bed.stream[0].buf, "LL_V0=***;"));
	cr_assert_not_null(strstr(h.bed.stream[1].buf, "LL_V0=***;"));
	cr_assert_not(mask_hits(h.mask, str_sv(&h.json)));
	cr_assert_not(mask_hits(h.mask, str_sv(&h.screen)));
	cr_assert_not(mask_hits(h.mask, str_sv(&h.bed.stream[0])));
	heard_release(&h);
}

TEST(secret, is_masked_where_it_was_pasted)
{
	struct heard h;

	heard_drive(&h,
	    LOOP("  a: {action: '${context.token:code}', next: done,"
		 " on_error: done}\n"));
	cr_assert_not(mask_hits(h.mask, str_sv(&h.json)), "%s", h.json.buf);
	heard_release(&h);
}

TEST(secret, is_masked_for_evaluators)
{
	struct heard h;

	heard_drive(&h,
	    LOOP("  a: {action: x, on_yes: done, on_no: done, on_error: done,"
		 " evaluate: {type: output_contains, pattern: token,"
		 " source: '${context.token} ${context.n}'}}\n"));
	cr_assert_not_null(
	    strstr(h.bed.trace.buf, "?no"), "%s", h.bed.trace.buf);
	heard_release(&h);
}

TEST(secret, leaves_names_alone)
{
	static const char *const keys[] = { "state", "to", "output_file" };
	auto_arena a = ARENA_INIT;
	struct heard h = { 0 };
	struct val *f;

	h.mask = mask_new();
	mask_add(h.mask, sv("done"));
	mask_seal(h.mask);
	f = val_map(&a);
	for (size_t i = 0; i < COUNT(keys); i++)
		val_set(&a, f, keys[i], val_text(&a, "done"));
	val_set(&a, f, "error", val_text(&a, "done"));
	str_release(&h.json);
	h.json = (struct str)STR_INIT;
	json_write(&h.json, secret_fields(h.mask, &a, f), JSON_COMPACT);
	cr_assert_str_eq(h.json.buf,
	    "{\"state\":\"done\",\"to\":\"done\",\"output_file\":\"done\","
	    "\"error\":\"***\"}");
	str_release(&h.json);
	mask_free(h.mask);
}

TEST(secret, that_is_long_is_on_no_disk)
{
	enum { LONG = 150 * 1024 };
	auto_free char *value = mem_new(LONG + 1);
	auto_arena a = ARENA_INIT;
	struct heard h = { 0 };
	struct secret lent = { 0 };
	struct err e = ERR_INIT;
	const char *path;

	memset(value, 'x', LONG);
	h.mask = mask_new();
	mask_add(h.mask, sv(value));
	mask_seal(h.mask);
	path = secret_lend(&lent, &a, sv(value), &e);
	cr_assert_not_null(path, "%s", e.msg);
	cr_assert_eq(strncmp(path, "/proc/", 6), 0);
	cr_assert_eq(access(path, R_OK), 0);
	secret_take_back(&lent);
	secret_release(&lent);
	cr_assert_neq(access(path, R_OK), 0);
	mask_free(h.mask);
}
