/*
 * A byte that picks a host, a byte that says how it is cut, and any bytes as
 * its output: what is heard and seen does not depend on the cuts, memory is
 * bounded, and every outcome has a class.
 */
#include <string.h>

#include "fuzz.h"
#include "host/answer.h"
#include "host/builtin.h"
#include "host/class.h"
#include "host/shelf.h"

enum { HOSTS = 10 };

static struct host *
host_at(size_t i)
{
	static struct host *hosts[HOSTS];
	const struct shelf none = { .project = NULL };
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;

	if (!hosts[i])
		hosts[i] = shelf_take(&none, host_builtins[i].name, &d, &e);
	diags_release(&d);
	must(hosts[i] != NULL, "the shipped hosts are right");
	return hosts[i];
}

static void
hear(void *self, const char *p, size_t n)
{
	str_add(self, p, n);
}

static struct host_stream *
feed(const struct host *h, enum host_call_kind kind, struct sv text,
    size_t step, struct str *heard)
{
	struct host_stream *s = host_stream_new(h, kind, hear, heard);

	for (size_t i = 0; i < text.n; i += step)
		host_stream_feed(
		    s, text.p + i, text.n - i < step ? text.n - i : step);
	host_stream_end(s);
	return s;
}

static bool
same(struct sv a, struct sv b)
{
	return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

static void
judge(struct arena *a, struct sv text)
{
	const struct answer_rules rules = { .min_confidence = 0.5 };
	struct answer x;

	answer_read(text, &rules, a, &x);
	must(x.verdict && *x.verdict, "there is a verdict");
	answer_read_line(text, "n", &rules, a, &x);
	must(x.verdict && *x.verdict, "there is a verdict");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = ARENA_INIT;
	auto_str one = STR_INIT, two = STR_INIT;
	struct outcome how = { .kind = OUT_EXITED };
	struct class_in in = { .how = &how };
	struct host_stream *s, *t;
	enum host_call_kind kind;
	struct failure f;
	struct sv text;

	if (size < 2)
		return 0;
	text = sv_make((const char *)data + 2, size - 2);
	in.host = host_at(data[0] % HOSTS);
	kind = data[0] / HOSTS % 2 ? CALL_JUDGE : CALL_ACTION;
	how.code = data[1] % 3;
	s = feed(in.host, kind, text, text.n + 1, &one);
	t = feed(in.host, kind, text, data[1] % 64 + 1, &two);
	in.seen = host_stream_seen(s);
	must(same(str_sv(&one), str_sv(&two)), "the same is heard");
	must(same(in.seen->answer, host_stream_seen(t)->answer),
	    "the same is answered");
	must(!memcmp(&in.seen->used, &host_stream_seen(t)->used,
		 sizeof(in.seen->used)),
	    "the same is used");
	must(in.seen->answer.n <= HOST_ANSWER_MAX, "answers are bounded");
	in.stderr_end = text;
	class_of(&in, &a, &f);
	must(f.class < CLASSES && f.by && f.text, "there is a class");
	judge(&a, text);
	host_stream_free(s);
	host_stream_free(t);
	return 0;
}
