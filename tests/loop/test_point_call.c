/* Loops that call loops, as a fold: frames pushed and popped. */
#include "loop/point.h"

#include <stdio.h>

#include "loop/point_rows.h"

#define KID                                                               \
	"{\"event\":\"loop_start\",\"loop\":\"kid\",\"initial\":\"k\","   \
	"\"file\":\"/l/kid.yaml\",\"state\":\"a\",\"elapsed_ms\":120,"    \
	"\"timeout_ms\":700,\"recurrent\":1,\"word\":\"kid\","            \
	"\"context\":{\"n\":1,\"s\":\"x\"},\"origins\":{\"s\":\"data\"}," \
	"\"depth\":1,\"share\":true}\n"
#define SHY                                                             \
	"{\"event\":\"loop_start\",\"loop\":\"shy\",\"initial\":\"k\"," \
	"\"context\":{},\"depth\":1}\n"
#define ACT(depth)                                                  \
	"{\"event\":\"action_complete\",\"exit_code\":3,"           \
	"\"output\":\"said\\n\",\"stderr\":\"\",\"duration_ms\":5," \
	"\"capture\":\"c\",\"depth\":" depth "}\n"
#define DONE                                                      \
	"{\"event\":\"loop_complete\",\"final_state\":\"z\","     \
	"\"iterations\":1,\"terminated_by\":\"terminal\","        \
	"\"verdict\":\"yes\",\"from_seq\":4,\"capture\":\"all\"," \
	"\"depth\":1}\n"
#define BAD                                                      \
	"{\"event\":\"loop_complete\",\"final_state\":\"z\","    \
	"\"terminated_by\":\"error\",\"failure_terminal\":true," \
	"\"error\":\"no way\",\"verdict\":\"error\",\"depth\":1}\n"
#define F0 "lanes.0.frames.0."
#define F1 "lanes.0.frames.1."

#define TREE(of, name, action)                                       \
	"{\"event\":\"worktree\",\"of\":\"" of "\",\"name\":\"" name \
	"\",\"action\":\"" action "\"}\n"
#define HOUSED                                                          \
	"{\"event\":\"loop_start\",\"loop\":\"kid\",\"initial\":\"k\"," \
	"\"context\":{},\"depth\":1,\"worktree\":{\"name\":\"r.1\"}}\n"

static const struct point_row rows[] = {
	{ "trees of called loops are counted",
	    RUN TREE("run", "r", "create") TREE("run", "r", "created")
		TREE("loop", "r.1", "create") TREE("loop", "r.2", "create"),
	    "inner_trees = 2\nworktree.action = \"created\"" },
	{ "what becomes of a frame's tree is the frame's",
	    RUN ENTER("a") HOUSED TREE("loop", "r.1", "snapshot")
		TREE("loop", "r.2", "kept"),
	    F1 "worktree = {\"name\":\"r.1\"}" },
	{ "a tree that went",
	    RUN ENTER("a") HOUSED TREE("loop", "r.1", "removed"),
	    F1 "worktree.action = \"removed\"\n" F0 "worktree = absent" },
	{ "a frame is pushed", RUN ENTER("a") KID,
	    F1 "loop = \"kid\"\n" F1 "file = \"/l/kid.yaml\"\n" F1
	       "word = \"kid\"\n" F1 "state = \"k\"\n" F1 "began_ms = 120\n" F1
	       "timeout_ms = 700\n" F1 "share = true\n" F1
	       "track_recurrent = true\n" F1
	       "context = {\"n\":1,\"s\":\"x\"}\n" F1
	       "origins = {\"n\":\"file\",\"s\":\"data\"}\n" F0
	       "timeout_ms = 9000\n" F0 "began_ms = 0\n" F0 "word = null\n" F0
	       "called = null" },
	{ "it acts in itself", RUN ENTER("a") KID ACT("1"),
	    F0 "captured = {}\n" F0 "exit = 0\n" F1
	       "captured.c.output = \"said\"\n" F1
	       "captured.c.output_at = absent\n" F1 "exit = 3" },
	{ "and is popped, with what it captured",
	    RUN ENTER("a") KID ACT("1") DONE,
	    F1 "loop = absent\n" F0 "captured.a.c.output = \"said\"\n" F0
	       "captured.a.terminated_by = \"terminal\"\n" F0
	       "captured.a.failure_terminal = absent\n" F0
	       "captured.all = {\"events_from\":4,\"events_to\":6,"
	       "\"events_depth\":1,\"exit_code\":null,\"verdict\":\"yes\"}\n" F0
	       "called = {\"terminated_by\":\"terminal\","
	       "\"verdict\":\"yes\"}" },
	{ "one that does not share", RUN ENTER("a") SHY ACT("1") DONE,
	    F0 "captured.a = {\"terminated_by\":\"terminal\"}" },
	{ "one that fails", RUN ENTER("a") KID BAD,
	    F0 "captured = {\"a\":{\"terminated_by\":\"error\","
	       "\"failure_terminal\":true,\"error\":\"no way\"}}\n" F0
	       "called.verdict = \"error\"\n" F0 "complete = false" },
	{ "the second time the captures are fresh",
	    RUN ENTER("a") KID ACT("1") DONE SHY BAD,
	    F0 "captured.a.c = absent\n" F0
	       "captured.a.terminated_by = \"error\"" },
	{ "a route forgets the call",
	    RUN ENTER("a") KID DONE
	    "{\"event\":\"route\",\"from\":\"a\",\"to\":\"b\"}\n",
	    F0 "called = null\n" F0
	       "captured.a.terminated_by = \"terminal\"\n" F0 "state = \"b\"" },
	{ "so does entering", RUN ENTER("a") KID DONE ENTER("a"),
	    F0 "called = null" },
	{ "so does a summary",
	    RUN ENTER("a") KID DONE
	    "{\"event\":\"max_steps_summary\",\"summary_state\":\"b\"}\n",
	    F0 "called = null" },
	{ "so does the last retry",
	    RUN ENTER("a") KID DONE
	    "{\"event\":\"retry_exhausted\",\"state\":\"a\",\"next\":\"b\"}\n",
	    F0 "called = null" },
	{ "the outermost stays, and so do frames when a run is cut",
	    RUN ENTER("a") KID
	    "{\"event\":\"loop_complete\",\"terminated_by\":\"signal\"}\n",
	    F0 "complete = true\n" F1 "loop = \"kid\"\n" F1
	       "complete = false" },
	/* From here on: what no run writes. */
	{ "too deep a start",
	    RUN "{\"event\":\"loop_start\",\"loop\":\"x\",\"depth\":2}\n"
		"{\"event\":\"loop_start\",\"loop\":\"x\",\"depth\":1000}\n"
		"{\"event\":\"loop_start\",\"loop\":\"x\"}\n",
	    F0 "loop = \"p\"\n" F1 "loop = absent" },
	{ "a lane nobody opened",
	    RUN "{\"event\":\"loop_start\",\"loop\":\"x\",\"item\":0}\n"
		"{\"event\":\"loop_start\",\"loop\":\"x\",\"item\":-7}\n"
		"{\"event\":\"loop_start\",\"loop\":\"x\",\"item\":0,"
		"\"depth\":1}\n",
	    "lanes.1 = absent\nlanes.0.frames.1 = absent" },
	{ "the end of a frame that is not there", RUN ENTER("a") DONE,
	    F0 "captured = {}\n" F0 "called = null\n" F0 "complete = false" },
	{ "the end of a frame that waits for another",
	    RUN ENTER("a") KID
	    "{\"event\":\"loop_start\",\"loop\":\"x\",\"depth\":2}\n" DONE,
	    F1 "loop = \"kid\"\nlanes.0.frames.2.loop = \"x\"\n" F0
	       "captured = {}" },
	{ "an end before any beginning", DONE BAD KID, "lanes.0.frames = []" },
	{ "members of wrong kinds",
	    RUN "{\"event\":\"loop_start\",\"loop\":1,\"initial\":[],"
		"\"file\":{},\"word\":2,\"elapsed_ms\":\"x\",\"timeout_ms\":{},"
		"\"share\":1,\"context\":[1],\"origins\":7,\"depth\":1}\n"
		"{\"event\":\"loop_complete\",\"terminated_by\":[],"
		"\"failure_terminal\":\"yes\",\"error\":{},\"verdict\":0,"
		"\"from_seq\":\"x\",\"capture\":\"c\",\"depth\":1}\n",
	    F0 "captured.a = {\"terminated_by\":\"\"}\n" F0
	       "captured.c.events_from = 4\n" F0
	       "called = {\"terminated_by\":\"\",\"verdict\":\"\"}" },
};

TEST(point_call, rows)
{
	point_rows(rows, COUNT(rows));
}

TEST(point_call, no_deeper_than_allowed)
{
	struct fold_pair pair = FOLD_PAIR_INIT;
	char line[100];

	pair_lines(&pair, RUN);
	for (int depth = 1; depth <= EVENT_DEPTH_MAX; depth++) {
		snprintf(line, sizeof(line),
		    "{\"event\":\"loop_start\",\"loop\":\"k\",\"depth\":%d}",
		    depth);
		pair_line(&pair, sv(line));
	}
	cr_assert_eq(pair.live.lanes.at[0].frames.len, POINT_DEPTH_MAX + 1);
	for (int depth = EVENT_DEPTH_MAX; depth > 0; depth--) {
		snprintf(line, sizeof(line),
		    "{\"event\":\"loop_complete\",\"verdict\":\"yes\","
		    "\"depth\":%d}",
		    depth);
		pair_line(&pair, sv(line));
	}
	pair_same(&pair, "deep");
	cr_assert_eq(point_top(&pair.live), point_bottom(&pair.live));
	pair_release(&pair);
}
