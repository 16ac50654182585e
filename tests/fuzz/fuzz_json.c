/*
 * A path, a newline, and any bytes as JSON: read, written, read again, sent
 * through a record of the journal, and judged by output_json at the path.
 */
#include <string.h>

#include "engine/judge.h"
#include "fuzz.h"
#include "loop/event.h"
#include "text/json.h"

static const struct val *
again(struct arena *a, const struct str *text)
{
	struct err e = ERR_INIT;
	const struct val *v =
	    json_read(a, text->buf, text->len, ORIGIN_FILE, &e);

	must(v != NULL, "what was written is JSON");
	return v;
}

static void
round_trip(struct arena *a, const struct val *v)
{
	auto_str compact = STR_INIT, pretty = STR_INIT, event = STR_INIT;

	json_write(&compact, v, JSON_COMPACT);
	must(val_equal(v, again(a, &compact)), "JSON reads back the same");
	json_write(&pretty, v, JSON_PRETTY);
	must(val_equal(v, again(a, &pretty)), "pretty JSON reads back too");
	event_val_write(&event, v);
	must(val_equal(v, event_val_read(a, again(a, &event))),
	    "a record reads back the same");
	event_val_read(a, v);
}

static int
text_of(void *self, struct sv *out, struct err *e)
{
	(void)e;
	*out = *(struct sv *)self;
	return 0;
}

static void
judge_at(struct arena *a, const char *path, struct sv text)
{
	const struct lookup look = fuzz_lookup(val_int(a, 1));
	const struct evaluate ev = { .set = true,
		.type = EVAL_OUTPUT_JSON,
		.op = (enum operator)(text.n % OPERATORS),
		.target = text.n % 2 ? val_int(a, 1) : val_text(a, "1"),
		.path = path };
	const struct judge_in in = { .evaluate = &ev,
		.acted = true,
		.text = text_of,
		.self = &text,
		.lookup = &look,
		.mem = a };

	must(judge(&in).verdict != NULL, "there is a verdict");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = ARENA_INIT;
	const uint8_t *nl = size ? memchr(data, '\n', size) : NULL;
	size_t n = nl ? (size_t)(nl - data) : 0;
	struct sv text =
	    nl ? sv_make((const char *)nl + 1, size - n - 1) : sv("null");
	struct err e = ERR_INIT;
	const struct val *v = json_read(&a, text.p, text.n, ORIGIN_DATA, &e);

	must(v || e.kind == ERR_INPUT, "a refusal says why");
	if (v)
		round_trip(&a, v);
	judge_at(&a, arena_dup(&a, data, n), text);
	return 0;
}
