/* What an evaluator is never asked about, and under which name. */
#include "engine/broken.h"

#include <signal.h>
#include <string.h>

#include "base/auto.h"
#include "test.h"

TEST(broken, each_outcome_has_its_kind)
{
	static const struct {
		struct outcome outcome;
		const char *kind; /* NULL: a result */
	} rows[] = {
		{ { .kind = OUT_EXITED, .code = 0 }, NULL },
		{ { .kind = OUT_EXITED, .code = 137 }, NULL },
		{ { .kind = OUT_TIMEOUT, .code = LIMIT_IDLE }, "timeout" },
		{ { .kind = OUT_SIGNALED, .code = SIGTERM }, "signal" },
		{ { .kind = OUT_SIGNALED, .code = SIGKILL }, "resource" },
		{ { .kind = OUT_SIGNALED, .code = SIGKILL, .stopped = true },
		    "signal" },
		{ { .kind = OUT_EXITED, .cut = CUT_BYTES }, "output_limit" },
		{ { .kind = OUT_SIGNALED, .code = SIGKILL, .cut = CUT_BYTES },
		    "output_limit" },
		{ { .kind = OUT_SIGNALED, .code = SIGTERM, .cut = CUT_BOUND },
		    "limit" },
		{ { .kind = OUT_SIGNALED, .code = SIGKILL, .cut = CUT_PROCS },
		    "resource" },
		{ { .kind = OUT_EXITED, .code = 137, .starved = true },
		    "resource" },
		{ { .kind = OUT_SPAWN_FAILED, .code = 2 }, "loss" },
		{ { .kind = OUT_LOST }, "loss" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *kind = broken_kind(&rows[i].outcome);
		const char *text = broken_text(&rows[i].outcome);

		cr_expect_eq(kind != NULL, rows[i].kind != NULL);
		cr_expect_eq(text != NULL, rows[i].kind != NULL);
		if (kind && rows[i].kind)
			cr_expect_str_eq(kind, rows[i].kind, "row %zu", i);
	}
}
