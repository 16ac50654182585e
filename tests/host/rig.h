/* What the tests of host/ share: a host as it is shipped or from a text, and
 * a stream fed to it in pieces. */
#ifndef TESTS_HOST_RIG_H
#define TESTS_HOST_RIG_H

#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "host/shelf.h"
#include "host/stream.h"
#include "test.h"

static inline struct host *
rig_shipped(const char *name)
{
	const struct shelf none = { .project = NULL };
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	struct host *h = shelf_take(&none, name, &d, &e);

	for (size_t i = 0; i < d.len; i++)
		cr_log_error("%s:%d: %s", name, d.at[i].at.line, d.at[i].msg);
	cr_assert(h, "%s: %s", name, e.msg);
	diags_release(&d);
	return h;
}

static inline void
rig_file(const char *name, struct str *out)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;

	cr_assert_eq(file_read(arena_printf(&a, "tests/host/streams/%s", name),
			 1 << 24, out, &e),
	    0, "%s", e.msg);
}

static inline void
rig_hear(void *self, const char *p, size_t n)
{
	str_add(self, p, n);
}

/* All of `text`, so many bytes at a time; the text that was heard. */
static inline struct host_stream *
rig_feed(const struct host *h, enum host_call_kind kind, struct sv text,
    size_t at_a_time, struct str *heard)
{
	struct host_stream *s = host_stream_new(h, kind, rig_hear, heard);

	for (size_t i = 0; i < text.n; i += at_a_time)
		host_stream_feed(s, text.p + i,
		    text.n - i < at_a_time ? text.n - i : at_a_time);
	host_stream_end(s);
	return s;
}

#endif
