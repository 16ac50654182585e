/*
 * Records that no run writes: whatever JSON a journal holds, the fold takes
 * it.  (What runs do write is folded in tests/engine/test_fold.c.)
 */
#include "loop/point.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

#define TS "\"ts\":\"2026-11-21T00:00:00.000000+00:00\","

/* Each member that is looked into, with a value of a wrong kind. */
static const char *const records[] = {
	"{\"seq\":1," TS "\"event\":\"run_start\",\"v\":1,\"run\":7,"
	"\"context\":\"text\",\"origins\":[],\"context_files\":1}",
	"{\"seq\":2," TS
	"\"event\":\"loop_start\",\"loop\":{},\"initial\":null,"
	"\"recurrent\":\"x\"}",
	"{\"seq\":3," TS
	"\"event\":\"state_enter\",\"state\":[1],\"iteration\":{},"
	"\"elapsed_ms\":\"1\"}",
	"{\"seq\":4," TS "\"event\":\"action_complete\",\"exit_code\":\"x\","
	"\"output\":{\"a\":1},\"output_file\":2,\"capture\":\"c\"}",
	"{\"seq\":5," TS
	"\"event\":\"evaluate\",\"verdict\":{},\"capture\":\"c\"}",
	"{\"seq\":6," TS "\"event\":\"messages_append\",\"message\":{}}",
	"{\"seq\":7," TS "\"event\":\"route\",\"from\":1,\"to\":[]}",
	"{\"seq\":8," TS "\"event\":\"state_enter\",\"depth\":9,\"item\":-4}",
	"{\"seq\":9," TS
	"\"event\":\"loop_complete\",\"failure_terminal\":\"no\"}",
	"{\"seq\":10," TS "\"event\":\"run_end\",\"status\":[]}",
};

TEST(point, any_json_folds)
{
	struct point p = POINT_INIT;
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;

	for (size_t i = 0; i < COUNT(records); i++) {
		struct err e = ERR_INIT;
		struct event ev;
		const struct val *v = json_read(
		    &a, records[i], strlen(records[i]), ORIGIN_FILE, &e);

		cr_assert(v && event_read(&a, v, &ev), "%s", records[i]);
		point_apply(&p, &ev);
	}
	json_write(&text, point_val(&p, &a), JSON_COMPACT);
	cr_assert(p.ended && text.len > 0);
	point_release(&p);
}
