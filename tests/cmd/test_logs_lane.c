/* Whose output `logs` says it is, in sub-loops and in items. */
#include "cmd/logs_lane.h"
#include "test.h"

#include <string.h>

#include "base/auto.h"

/* What happens; an action prints `text` in the state it is in. */
struct step {
	enum event_kind kind;
	const char *text; /* of a state: its name */
	long long item, depth;
};

/* clang-format off */
static const struct step steps[] = {
	{ EV_STATE_ENTER, "call", -1, 0 },
	{ EV_LOOP_START, "", -1, 1 },
	{ EV_STATE_ENTER, "a", -1, 1 },
	{ EV_ACTION_COMPLETE, "1\n", -1, 1 },
	{ EV_STATE_ENTER, "b", -1, 1 },
	{ EV_ACTION_COMPLETE, "2\n", -1, 1 },
	{ EV_LOOP_COMPLETE, "", -1, 1 },
	{ EV_STATE_ENTER, "fan\x1b", -1, 0 },
	{ EV_PARALLEL_START, "", -1, 0 },
	{ EV_ITEM_START, "", 0, 0 },
	{ EV_ITEM_START, "", 1, 0 },
	{ EV_ACTION_COMPLETE, "3", 1, 0 },
	{ EV_STATE_ENTER, "in", 0, 1 },
	{ EV_ACTION_COMPLETE, "4\n", 0, 1 },
	{ EV_ITEM_COMPLETE, "", 0, 0 },
	{ EV_ITEM_COMPLETE, "", 1, 0 },
	{ EV_STATE_ENTER, "last", -1, 0 },
	{ EV_ACTION_COMPLETE, "5\n", -1, 0 },
};
/* clang-format on */

static void
play(struct logs_say *say)
{
	struct logs_lanes lanes = { .at = VEC_INIT };

	say->step = 7;
	say->wall_us = 1795228653000000LL;
	for (size_t i = 0; i < COUNT(steps); i++) {
		auto_arena mem = ARENA_INIT;
		struct val *fields = val_map(&mem);
		const struct event ev = { .kind = steps[i].kind,
			.fields = fields,
			.item = steps[i].item,
			.depth = steps[i].depth };
		struct logs_lane *lane;

		val_set(&mem, fields, "state", val_text(&mem, steps[i].text));
		lane = logs_lanes_hear(&lanes, &ev);
		logs_lane_speak(lane, say);
		if (ev.kind == EV_ACTION_COMPLETE) {
			logs_say_bytes(
			    say, steps[i].text, strlen(steps[i].text));
			logs_say_end(say);
		}
		if (ev.kind == EV_ITEM_COMPLETE)
			logs_lanes_drop(&lanes, ev.item);
	}
	cr_expect_str_eq(logs_lanes_where(&lanes), "last");
	cr_expect_eq(lanes.at.len, 1);
	logs_lanes_release(&lanes);
}

TEST(logs_lane, headings_name_states_and_items)
{
	struct out out = { .buf = STR_INIT };
	struct logs_say say;

	logs_say_init(&say, &out, LOGS_HEADED);
	play(&say);
	cr_expect_str_eq(out.buf.buf,
	    "==> [7] call > a <==\n1\n"
	    "\n==> [7] call > b <==\n2\n"
	    "\n==> [7] fan\\x1b, item 1 <==\n3\n"
	    "\n==> [7] fan\\x1b > in, item 0 <==\n4\n"
	    "\n==> [7] last <==\n5\n");
	logs_say_release(&say);
	out_release(&out);
}

TEST(logs_lane, json_has_item_and_depth)
{
	static const char *const want[] = {
		"\"state\":\"a\",\"stream\":\"stdout\",\"line\":\"1\"",
		",\"depth\":1}\n",
		"\"state\":\"b\",\"stream\":\"stdout\",\"line\":\"2\"",
		",\"depth\":1}\n",
		"\"line\":\"3\",\"item\":1}\n",
		"\"state\":\"in\",\"stream\":\"stdout\",\"line\":\"4\"",
		",\"item\":0,\"depth\":1}\n",
		"\"state\":\"last\",\"stream\":\"stdout\",\"line\":\"5\"}\n",
	};
	struct out out = { .buf = STR_INIT };
	struct logs_say say;
	const char *at;

	logs_say_init(&say, &out, LOGS_JSON);
	play(&say);
	at = out.buf.buf;
	for (size_t i = 0; i < COUNT(want) && at; i++) {
		at = strstr(at, want[i]);
		cr_expect_not_null(at, "%s in %s", want[i], out.buf.buf);
	}
	logs_say_release(&say);
	out_release(&out);
}
