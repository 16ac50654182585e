/* `parallel`, as a fold: items, their lanes, their results, their sum. */
#include "loop/point.h"

#include <malloc.h>
#include <stdio.h>

#include "loop/point_rows.h"

#define FAN(n, items)                                                \
	"{\"event\":\"parallel_start\",\"state\":\"a\",\"count\":" n \
	",\"items\":" items ",\"workers\":2}\n"
#define FAN3 RUN ENTER("a") FAN("3", "[\"x\",\"y\",[1]]")
#define BEGIN(i) "{\"event\":\"item_start\",\"state\":\"a\",\"item\":" i "}\n"
#define ACT(i, code)                                                     \
	"{\"event\":\"action_start\",\"action\":\"x\",\"item\":" i "}\n" \
	"{\"event\":\"action_complete\",\"exit_code\":" code             \
	",\"output\":\"o" i "\\n\",\"stderr\":\"\",\"duration_ms\":5,"   \
	"\"timeout_kind\":null,\"item\":" i "}\n"
#define END(i, how)                                                           \
	"{\"event\":\"item_complete\",\"status\":\"" how "\",\"item\":" i "}" \
	"\n"
#define OVER                                                                \
	"{\"event\":\"evaluate\",\"type\":\"parallel\",\"verdict\":\"no\"," \
	"\"attempted\":77,\"succeeded\":77,\"capture\":\"also\"}\n"
#define KID(i)                                                          \
	"{\"event\":\"loop_start\",\"loop\":\"kid\",\"initial\":\"k\"," \
	"\"share\":true,\"depth\":1,\"item\":" i "}\n"
#define KID_ACT(i, depth)                                                    \
	"{\"event\":\"action_complete\",\"exit_code\":0,\"output\":\"kid\"," \
	"\"stderr\":\"\",\"capture\":\"c\",\"depth\":" depth ",\"item\":" i  \
	"}\n"
#define KID_DONE(i, depth)                                             \
	"{\"event\":\"loop_complete\",\"terminated_by\":\"terminal\"," \
	"\"verdict\":\"yes\",\"capture\":\"said\",\"from_seq\":6,"     \
	"\"depth\":" depth ",\"item\":" i "}\n"
#define F0 "lanes.0.frames.0."
#define LONG50 "01234567890123456789012345678901234567890123456789"
#define LONG LONG50 LONG50 LONG50 LONG50 LONG50 LONG50
#define NOTHING F0 "fan = null\nlanes.1 = absent"

static const struct point_row rows[] = {
	{ "a fan begins", FAN3,
	    F0 "fan = {\"count\":3,\"workers\":2,\"next\":0,\"succeeded\":0,"
	       "\"failed\":0,\"unfinished\":0,\"items\":[\"x\",\"y\",[1]],"
	       "\"items_at\":null,\"results\":[],"
	       "\"ascents\":{}}\nlanes.1 = absent" },
	{ "with items in a file",
	    RUN ENTER("a") "{\"event\":\"parallel_start\",\"state\":\"a\","
			   "\"count\":3,"
			   "\"items_file\":\"/o/3.items\",\"items_bytes\":9,"
			   "\"items_sum\":\"00\",\"workers\":2}\n",
	    F0 "fan.items = null\n" F0
	       "fan.items_at = {\"items_file\":\"/o/3.items\","
	       "\"items_bytes\":9,\"items_sum\":\"00\"}" },
	{ "an item has a lane", FAN3 BEGIN("0") BEGIN("1"),
	    "lanes.1 = {\"item\":0,\"base\":1,\"frames\":[],"
	    "\"doing\":0,\"climbing\":0,\"result\":null}\n"
	    "lanes.2.item = 1\n" F0 "fan.next = 2\n" F0
	    "fan.results = [null,null]" },
	{ "and a result of its command", FAN3 BEGIN("0") ACT("0", "7"),
	    "lanes.1.result = {\"output\":\"o0\",\"stderr\":\"\","
	    "\"exit_code\":7,\"duration_ms\":5,\"timeout_kind\":null}\n" F0
	    "prev = null\n" F0 "exit = 0" },
	{ "the command of an item can fail in more words",
	    FAN3 BEGIN(
		"0") "{\"event\":\"action_complete\",\"exit_code\":124,"
		     "\"output_file\":\"/o/5.out\",\"output_bytes\":70000,"
		     "\"output_sum\":\"ab\",\"stderr\":\"\",\"timeout_kind\":"
		     "\"wall\","
		     "\"kind\":\"timeout\",\"error\":\"late\",\"item\":0}"
		     "\n" END("0", "failed"),
	    F0 "fan.results.0 = {\"index\":0,\"status\":\"failed\","
	       "\"exit_code\":124,\"kind\":\"timeout\",\"error\":\"late\","
	       "\"output_file\":\"/o/5.out\",\"output_bytes\":70000,"
	       "\"output_sum\":\"ab\",\"stderr\":\"\",\"duration_ms\":null,"
	       "\"timeout_kind\":\"wall\"}" },
	{ "a long text stays in its record",
	    FAN3 BEGIN("0") "{\"event\":\"action_complete\",\"exit_code\":0,"
			    "\"output\":\"" LONG
			    "\\n\",\"stderr\":\"e\",\"item\":0}\n" END(
				"0", "succeeded"),
	    F0 "fan.results.0.output = absent\n" F0
	       "fan.results.0.output_at = 6\n" F0
	       "fan.results.0.output_bytes = 301\n" F0
	       "fan.results.0.stderr = \"e\"" },
	{ "items end in any order",
	    FAN3 BEGIN("0") BEGIN("1") ACT("1", "0") END("1", "succeeded")
		BEGIN("2") ACT("0", "1") END("0", "failed"),
	    "lanes.1.item = 2\nlanes.2 = absent\n" F0 "fan.succeeded = 1\n" F0
	    "fan.failed = 1\n" F0 "fan.results.0.exit_code = 1\n" F0
	    "fan.results.1 = {\"index\":1,\"status\":\"succeeded\","
	    "\"exit_code\":0,\"output\":\"o1\",\"stderr\":\"\","
	    "\"duration_ms\":5,\"timeout_kind\":null}\n" F0
	    "fan.results.2 = null" },
	{ "the end record knows better",
	    FAN3 BEGIN("0") ACT(
		"0", "0") "{\"event\":\"item_complete\",\"status\":\"failed\","
			  "\"exit_code\":9,\"kind\":\"k\",\"error\":\"e\","
			  "\"terminated_by\":\"t\",\"item\":0}\n",
	    F0 "fan.results.0.exit_code = 9\n" F0
	       "fan.results.0.kind = \"k\"\n" F0
	       "fan.results.0.error = \"e\"\n" F0
	       "fan.results.0.terminated_by = \"t\"" },
	{ "the sum is a capture, twice",
	    FAN3 BEGIN("0") ACT("0", "0") END("0", "succeeded") BEGIN("1")
		END("1", "unfinished") OVER,
	    NOTHING
	    "\n" F0 "captured.a = {\"results\":[{\"index\":0,"
	    "\"status\":\"succeeded\",\"exit_code\":0,\"output\":\"o0\","
	    "\"stderr\":\"\",\"duration_ms\":5,\"timeout_kind\":null},"
	    "{\"index\":1,\"status\":\"unfinished\"},"
	    "{\"index\":2,\"status\":\"skipped\"}],\"attempted\":3,"
	    "\"succeeded\":1,\"failed\":0,\"skipped\":1,\"unfinished\":1,"
	    "\"verdict\":\"no\"}\n" F0
	    "captured.also.results.0.output = \"o0\"\n" F0
	    "captured.also.skipped = 1\n" F0 "last.verdict = \"no\"\n" F0
	    "last.details.attempted = 77\n" F0 "streak = \"a|0|no\"" },
	{ "what still ran is unfinished",
	    FAN3 BEGIN("0") BEGIN("1") END("1", "failed") OVER,
	    NOTHING "\n" F0 "captured.a.results.0 = {\"index\":0,"
		    "\"status\":\"unfinished\"}\n" F0
		    "captured.a.unfinished = 1\n" F0
		    "captured.a.failed = 1\n" F0 "captured.a.skipped = 1" },
	{ "no items at all", RUN ENTER("a") FAN("0", "[]") BEGIN("0") OVER,
	    NOTHING "\n" F0 "captured.a.results = []\n" F0
		    "captured.a.attempted = 0" },
	{ "what was cut short begins again",
	    FAN3 BEGIN("0") BEGIN("1") END("0", "unfinished") BEGIN("0"),
	    F0 "fan.unfinished = 0\n" F0 "fan.next = 2\n" F0
	       "fan.results.0 = null\nlanes.2.item = 0" },
	{ "and only that", FAN3 BEGIN("0") END("0", "failed") BEGIN("0"),
	    F0 "fan.failed = 1\nlanes.1 = absent" },
	{ "a resumed state goes on", FAN3 BEGIN("0") ENTER("a"),
	    F0 "fan.next = 1\nlanes.1.item = 0" },
	{ "a route forgets a fan",
	    FAN3 BEGIN("0") "{\"event\":\"route\",\"from\":\"a\",\"to\":\"b\"}"
			    "\n" END("0", "failed"),
	    NOTHING },
	{ "so does another state", FAN3 BEGIN("0") ENTER("b"), NOTHING },
	{ "an item that is a loop", FAN3 BEGIN("0") KID("0") KID_ACT("0", "1"),
	    "lanes.1.frames.0.loop = \"kid\"\n"
	    "lanes.1.frames.0.captured.c.output = \"kid\"\n"
	    "lanes.1.result = null\nlanes.0.frames.1 = absent" },
	{ "its end is not its item's",
	    FAN3 BEGIN("0") KID("0") KID_DONE("0", "1"),
	    "lanes.1.frames.0.complete = true\n" F0 "called = null\n" F0
	    "captured = {}" },
	{ "but goes into its result",
	    FAN3 BEGIN("0") KID("0") KID_ACT("0", "1") KID_DONE("0", "1")
		END("0", "succeeded"),
	    "lanes.1 = absent\n" F0
	    "fan.results.0.terminated_by = \"terminal\"\n" F0
	    "fan.results.0.captured.c.output = \"kid\"\n" F0
	    "fan.results.0.exit_code = absent" },
	{ "loops in the loop of an item",
	    FAN3 BEGIN("0")
		KID("0") "{\"event\":\"loop_start\",\"loop\":\"deep\","
			 "\"initial\":\"d\","
			 "\"share\":true,\"depth\":2,\"item\":0}\n" KID_ACT(
			     "0", "2") KID_DONE("0", "2"),
	    "lanes.1.frames.1 = absent\n"
	    "lanes.1.frames.0.captured.k.c.output = \"kid\"\n"
	    "lanes.1.frames.0.captured.said.events_item = 0\n"
	    "lanes.1.frames.0.captured.said.events_depth = 2\n"
	    "lanes.1.frames.0.called.verdict = \"yes\"" },
	{ "long captures of an item stay in their records",
	    FAN3 BEGIN("0")
		KID("0") "{\"event\":\"action_complete\",\"output\":\"" LONG
			 "\",\"capture\":\"c\",\"depth\":1,\"item\":0}\n" END(
			     "0", "failed"),
	    F0 "fan.results.0.captured.c.output = absent\n" F0
	       "fan.results.0.captured.c.output_at = 7\n" F0
	       "fan.results.0.captured.c.output_bytes = 300" },
	{ "a fan in a loop that was called",
	    RUN ENTER(
		"a") "{\"event\":\"loop_start\",\"loop\":\"kid\",\"initial\":"
		     "\"k\","
		     "\"depth\":1}\n"
		     "{\"event\":\"parallel_start\",\"state\":\"k\",\"count\":"
		     "1,"
		     "\"items\":[1],\"depth\":1}\n"
		     "{\"event\":\"item_start\",\"item\":0,\"depth\":1}\n"
		     "{\"event\":\"loop_start\",\"loop\":\"in\",\"depth\":2,"
		     "\"item\":0}\n",
	    "lanes.0.frames.1.fan.next = 1\nlanes.1.base = 2\n"
	    "lanes.1.frames.0.loop = \"in\"" },
	{ "and it ends before its items do",
	    RUN ENTER("a") "{\"event\":\"loop_start\",\"loop\":\"kid\","
			   "\"initial\":\"k\","
			   "\"depth\":1}\n"
			   "{\"event\":\"parallel_start\",\"state\":\"k\","
			   "\"count\":1,"
			   "\"items\":[1],\"depth\":1}\n"
			   "{\"event\":\"item_start\",\"item\":0,\"depth\":1}\n"
			   "{\"event\":\"loop_complete\",\"verdict\":\"no\","
			   "\"depth\":1}\n"
			   "{\"event\":\"item_complete\",\"status\":\"failed\","
			   "\"item\":0,"
			   "\"depth\":1}\n",
	    NOTHING "\nlanes.0.frames.1 = absent" },
	/* From here on: what no run writes. */
	{ "a count beyond all items",
	    RUN ENTER("a") "{\"event\":\"parallel_start\",\"state\":\"a\","
			   "\"count\":1000000000000000000}\n"
			   "{\"event\":\"parallel_start\",\"count\":10001}\n"
			   "{\"event\":\"parallel_start\",\"count\":-1}\n"
			   "{\"event\":\"parallel_start\",\"count\":\"3\"}\n"
			   "{\"event\":\"parallel_start\"}\n" BEGIN("0"),
	    NOTHING },
	{ "items that are not as many, or none",
	    RUN ENTER("a") FAN("2", "[1]") FAN("2", "{}") FAN("1", "\"x\"")
		BEGIN("0"),
	    NOTHING },
	{ "workers beyond all lanes",
	    RUN ENTER(
		"a") "{\"event\":\"parallel_start\",\"count\":1,\"items\":[1],"
		     "\"workers\":65}\n"
		     "{\"event\":\"parallel_start\",\"count\":1,\"items\":[1],"
		     "\"workers\":-1}\n",
	    NOTHING },
	{ "a fan of another state", RUN ENTER("b") FAN("1", "[1]"), NOTHING },
	{ "a fan without a frame", FAN("1", "[1]") BEGIN("0"), "lanes = []" },
	{ "a fan of a frame that waits",
	    RUN ENTER("a") "{\"event\":\"loop_start\",\"loop\":\"kid\","
			   "\"depth\":1}\n" FAN("1", "[1]"),
	    NOTHING },
	{ "a fan in a fan",
	    FAN3 BEGIN("0") KID(
		"0") "{\"event\":\"parallel_start\",\"count\":1,\"items\":[1],"
		     "\"item\":0,\"depth\":1}\n" FAN("1", "[1]"),
	    F0 "fan.count = 3\nlanes.1.frames.0.fan = null" },
	{ "a call beside a fan",
	    FAN3 "{\"event\":\"loop_start\",\"loop\":\"x\",\"depth\":1}\n",
	    "lanes.0.frames.1 = absent" },
	{ "an item without a fan",
	    RUN BEGIN("0") ACT("0", "0") END("0", "failed") OVER,
	    NOTHING "\n" F0 "captured = {}\n" F0 "last.verdict = \"no\"" },
	{ "items out of range or twice",
	    FAN3 BEGIN("0") BEGIN("0") BEGIN("3") BEGIN("2") BEGIN("-2")
		BEGIN("9223372036854775807"),
	    "lanes.1.item = 0\nlanes.2 = absent\n" F0 "fan.next = 1" },
	{ "an end without a beginning, twice, or in no word",
	    FAN3 END("1", "failed") BEGIN("0") END("0", "skipped")
		END("0", "failed") END("0", "succeeded"),
	    F0 "fan.failed = 1\n" F0 "fan.succeeded = 0\n" F0
	       "fan.results.1 = absent" },
	{ "other depths",
	    FAN3 "{\"event\":\"item_start\",\"item\":0,\"depth\":1}\n" BEGIN(
		"0") "{\"event\":\"item_complete\",\"status\":\"failed\","
		     "\"item\":0,"
		     "\"depth\":1}\n"
		     "{\"event\":\"action_complete\",\"item\":0,\"depth\":1}\n"
		     "{\"event\":\"loop_start\",\"loop\":\"x\",\"item\":0}\n"
		     "{\"event\":\"loop_start\",\"loop\":\"x\",\"item\":0,"
		     "\"depth\":1000}\n"
		     "{\"event\":\"loop_complete\",\"item\":0}\n",
	    "lanes.1.result = null\nlanes.1.frames = []\nlanes.2 = absent\n" F0
	    "fan.failed = 0" },
	{ "members of wrong kinds",
	    RUN ENTER(
		"a") "{\"event\":\"parallel_start\",\"state\":[],\"count\":2,"
		     "\"items_file\":[[]],\"items_bytes\":{},\"workers\":\"x\"}"
		     "\n" BEGIN(
			 "0") "{\"event\":\"action_complete\",\"exit_code\":{},"
			      "\"output\":[1],"
			      "\"output_file\":{},\"output_at\":5,\"kind\":{"
			      "\"a\":[null]},"
			      "\"error\":[],\"duration_ms\":{},\"item\":0}\n"
			      "{\"event\":\"item_complete\",\"status\":7,"
			      "\"item\":0}\n"
			      "{\"event\":\"item_complete\",\"status\":"
			      "\"failed\","
			      "\"exit_code\":[],\"terminated_by\":{},\"item\":"
			      "0}\n"
			      "{\"event\":\"evaluate\",\"type\":\"parallel\","
			      "\"verdict\":{\"x\":1}}\n",
	    F0 "captured.a.failed = 1\n" F0 "captured.a.attempted = 2\n" F0
	       "captured.a.results.0.kind = {\"a\":[null]}" },
};

TEST(point_fan, rows)
{
	point_rows(rows, COUNT(rows));
}

/* The lines of item `i` that succeeds, `bytes` of output. */
static void
one_item(struct fold_pair *pair, int i, size_t bytes)
{
	auto_str text = STR_INIT;

	str_addf(&text,
	    "{\"event\":\"item_start\",\"item\":%d}\n"
	    "{\"event\":\"action_complete\",\"exit_code\":0,\"stderr\":\"\","
	    "\"duration_ms\":12,\"timeout_kind\":null,\"item\":%d,"
	    "\"output\":\"",
	    i, i);
	for (size_t k = 0; k < bytes; k++)
		str_addc(&text, 'x');
	str_addf(&text,
	    "\"}\n{\"event\":\"item_complete\",\"status\":\"succeeded\","
	    "\"exit_code\":0,\"item\":%d}\n",
	    i);
	pair_lines(pair, text.buf);
}

static void
fan_of(struct fold_pair *pair, int n)
{
	char line[120];

	snprintf(line, sizeof(line),
	    "{\"event\":\"parallel_start\",\"count\":%d,"
	    "\"items_file\":\"f\"}\n",
	    n);
	pair_lines(pair, RUN ENTER("a"));
	pair_lines(pair, line);
}

static size_t
heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

TEST(point_fan, a_result_is_small)
{
	struct fold_pair pair = FOLD_PAIR_INIT;
	size_t before = heap(), each;
	struct frame *f;
	enum { N = POINT_ITEMS_MAX };

	fan_of(&pair, N);
	for (int i = 0; i < N; i++)
		one_item(&pair, i, i % 2 ? 20 : 5000);
	f = point_fan(&pair.live);
	cr_assert_eq(f->fan->succeeded, N);
	/* Both points, all that is theirs; a sanitizer's heap says 0. */
	each = (heap() - before) / (2 * N);
	cr_assert_lt(each, 600, "%zu bytes a result", each);
	pair_same(&pair, "10,000 items");
	pair_lines(&pair, OVER);
	pair_same(&pair, "their sum");
	pair_want(&pair, sv(F0 "captured.a.succeeded = 10000"), "sum");
	pair_want(
	    &pair, sv(F0 "captured.also.results.9999.index = 9999"), "last");
	pair_release(&pair);
}

TEST(point_fan, no_more_lanes_than_allowed)
{
	struct fold_pair pair = FOLD_PAIR_INIT;
	char line[60];

	fan_of(&pair, 200);
	for (int i = 0; i < 200; i++) {
		snprintf(line, sizeof(line),
		    "{\"event\":\"item_start\",\"item\":%d}", i);
		pair_line(&pair, sv(line));
	}
	cr_assert_eq(pair.live.lanes.len, POINT_LANES_MAX + 1);
	cr_assert_not_null(point_lane(&pair.live, POINT_LANES_MAX - 1));
	cr_assert_null(point_lane(&pair.live, POINT_LANES_MAX));
	cr_assert_null(lane_top(point_lane(&pair.live, 0)));
	pair_same(&pair, "lanes");
	pair_release(&pair);
}
