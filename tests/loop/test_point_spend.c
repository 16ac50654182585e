/* What is spent, as a fold. */
#include "loop/point.h"

#include "loop/point_rows.h"

#define RESERVE(n, more) \
	"{\"event\":\"limit_reserve\",\"state\":\"a\",\"call\":" #n more "}\n"
#define SETTLE(n, more) "{\"event\":\"limit_settle\",\"call\":" #n more "}\n"
#define USED ",\"input_tokens\":3,\"output_tokens\":4,\"cost_micro_usd\":50"
#define RESUME "{\"event\":\"loop_resume\"}\n"
#define ASIDE ",\"cost_micro_usd\":20,\"tokens\":9"
#define KID                                                            \
	"{\"event\":\"loop_start\",\"loop\":\"kid\",\"initial\":\"k\"" \
	",\"context\":{},\"depth\":1}\n"
#define FAN                                                          \
	"{\"event\":\"parallel_start\",\"state\":\"a\",\"count\":2," \
	"\"workers\":2,\"items\":[1,2]}\n"                           \
	"{\"event\":\"item_start\",\"item\":1,\"depth\":0}\n"
#define CUT(level)                                                   \
	"{\"event\":\"limit_reached\",\"limit\":\"usd\",\"call\":1," \
	"\"level\":" #level
#define ACTED "{\"event\":\"action_complete\",\"exit_code\":0}\n"
#define JUDGE "{\"event\":\"judge_start\",\"state\":\"a\"}\n"
#define JUDGED(v) "{\"event\":\"judge_complete\",\"verdict\":\"" v "\"}\n"
#define BUDGET                            \
	"{\"event\":\"loop_complete\","   \
	"\"terminated_by\":\"budget\"}\n" \
	"{\"event\":\"run_end\",\"terminated_by\":\"budget\"}\n"
#define L "ledger."
#define F0 "lanes.0.frames.0."
#define F1 "lanes.0.frames.1."

static const struct point_row rows[] = {
	{ "what is set aside is charged", RUN ENTER("a") RESERVE(1, ASIDE),
	    L "number = 1\n" L "all.iterations = 1\n" L
	      "all.cost_micro_usd = 20\n" L "all.reserved = 20\n" L
	      "all.reserved_tokens = 9\n" L "all.cost = 0\n" F0
	      "spent.reserved = 20" },
	{ "until it is known better",
	    RUN ENTER("a") RESERVE(1, ASIDE)
		SETTLE(1, USED ",\"metered\":true,\"duration_ms\":8"),
	    L "all.cost = 50\n" L "all.reserved = 0\n" L
	      "all.reserved_tokens = 0\n" L "all.input_tokens = 3\n" L
	      "all.wallclock_ms = 8\n" L "open = []\n" L "unmetered = 0\n" F0
	      "spent.cost = 50" },
	{ "parts use up what was set aside",
	    RUN ENTER("a") RESERVE(1, ASIDE)
		SETTLE(1, ",\"partial\":true,\"cost_micro_usd\":15"),
	    L "all.cost = 15\n" L "all.reserved = 5\n" L
	      "all.cost_micro_usd = 20" },
	{ "and are not added up",
	    RUN ENTER("a") RESERVE(1, ASIDE)
		SETTLE(1, ",\"partial\":true,\"cost_micro_usd\":15")
		    SETTLE(1, ",\"partial\":true,\"cost_micro_usd\":30")
			SETTLE(1, USED ",\"metered\":true"),
	    L "all.cost = 50\n" L "all.reserved = 0" },
	{ "a call that never was costs nothing",
	    RUN ENTER("a") RESERVE(1, ASIDE) SETTLE(1, ""),
	    L "all.cost = 0\n" L "all.reserved = 0\n" L "unmetered = 0\n" L
	      "all.unpriced = 0" },
	{ "one nobody knows the cost of is told apart",
	    RUN ENTER("a") RESERVE(1, "") SETTLE(1, ",\"metered\":false")
		RESERVE(2, "") SETTLE(2, ",\"metered\":false"),
	    L "all.unpriced = 2\n" L "unmetered = 2\n" L
	      "all.cost_micro_usd = null" },
	{ "nor its tokens",
	    RUN ENTER("a") RESERVE(1, ",\"tokens\":9")
		SETTLE(1, ",\"metered\":false,\"tokens\":9"),
	    L "all.input_tokens = 0\n" L "all.assumed_tokens = 9\n" L
	      "untold = 1\n" L "all.counted = 0\n" L "longest = 0" },
	{ "what calls come to is remembered",
	    RUN ENTER("a") RESERVE(1, "") SETTLE(1, USED ",\"metered\":true")
		RESERVE(2, "") SETTLE(2,
		    ",\"input_tokens\":2,"
		    "\"cost_micro_usd\":9,"
		    "\"metered\":true"),
	    L "dearest = 50\n" L "longest = 7\n" L "all.priced = 2\n" L
	      "all.counted = 2\n" L "untold = 0" },
	{ "one that is alone is so until it is over",
	    RUN ENTER("a") RESERVE(1, ",\"alone\":true"),
	    L "open.0.alone = true" },
	{ "a metered one ends the row",
	    RUN ENTER("a") RESERVE(1, "") SETTLE(1, ",\"metered\":false")
		RESERVE(2, "") SETTLE(2, USED ",\"metered\":true"),
	    L "all.unpriced = 1\n" L "unmetered = 0" },
	{ "a resume gives nothing back",
	    RUN ENTER("a") RESERVE(1, ASIDE)
		SETTLE(1, ",\"partial\":true,\"cost_micro_usd\":15") RESUME,
	    L "all.cost = 20\n" L "all.lost_calls = 1\n" L "open = []\n" L
	      "all.assumed_tokens = 9\n" L "untold = 1\n" L
	      "all.reserved = 0\n" L "unmetered = 0" },
	{ "nor of what nobody knows", RUN ENTER("a") RESERVE(1, "") RESUME,
	    L "all.unpriced = 1\n" L "all.lost_calls = 1\n" L "unmetered = 1" },
	{ "whose settlement comes too late is not heard",
	    RUN ENTER("a") RESERVE(1, ASIDE) RESUME SETTLE(1, USED),
	    L "all.cost = 20" },
	{ "a number is given once",
	    RUN ENTER("a") RESERVE(2, ASIDE) RESERVE(2, ASIDE)
		RESERVE(1, ASIDE),
	    L "all.iterations = 1\n" L "all.cost_micro_usd = 20" },
	{ "a judge's is a call of the state",
	    RUN ENTER("a") RESERVE(1, ",\"judge\":true"),
	    L "all.iterations = 0\n" L "all.judge_calls = 1" },
	{ "what a called loop spends counts for its caller",
	    RUN ENTER("a") KID
	    "{\"event\":\"state_enter\",\"state\":\"k\",\"depth\":1}\n"
	    "{\"event\":\"limit_reserve\",\"state\":\"k\",\"call\":1,"
	    "\"cost_micro_usd\":5,\"depth\":1}\n",
	    F0 "spent.reserved = 5\n" F1 "spent.reserved = 5\n" F0
	       "all_steps = 2\n" F1 "all_steps = 1\n" L
	       "states.0.row.loop = \"kid\"\n" L "states.0.row.depth = 1\n" L
	       "steps = 2" },
	{ "and what an item spends for its list",
	    RUN ENTER("a") FAN
	    "{\"event\":\"limit_reserve\",\"state\":\"a\",\"call\":1,"
	    "\"cost_micro_usd\":5,\"item\":1,\"depth\":0}\n",
	    F0 "spent.reserved = 5\n" L "states.0.row.loop = \"p\"" },
	{ "numbers of a journal are no sums of ours",
	    RUN ENTER("a") RESERVE(1, ",\"cost_micro_usd\":-5") SETTLE(1,
		",\"input_tokens\":-7,\"cost_micro_usd\":"
		"9223372036854775807")
		RESERVE(2, ",\"cost_micro_usd\":9223372036854775807"),
	    L "all.input_tokens = 0\n" L
	      "all.cost_micro_usd = 2305843009213693950" },
	{ "a limit leads once, until the run is resumed",
	    RUN ENTER("a") "{\"event\":\"limit_reached\",\"limit\":\"usd\","
			   "\"of\":\"run\",\"level\":0,\"mark\":\"0 usd \"}\n"
			   "{\"event\":\"limit_reached\",\"limit\":\"usd\","
			   "\"of\":\"run\",\"level\":0,\"mark\":\"0 usd \"}\n",
	    L "led = [\"0 usd \"]\n" L "reached = \"usd\"" },
	{ "and a loop's goes with it",
	    RUN ENTER("a") KID "{\"event\":\"limit_reached\",\"limit\":\"usd\","
			       "\"mark\":\"4 usd \",\"depth\":1}\n"
			       "{\"event\":\"limit_reached\",\"limit\":\"usd\","
			       "\"mark\":\"4 usd k\",\"depth\":1}\n"
			       "{\"event\":\"loop_complete\",\"depth\":1,"
			       "\"terminated_by\":\"terminal\"}\n",
	    L "led = [\"4 usd k\"]" },
	{ "then again",
	    RUN ENTER("a") "{\"event\":\"limit_reached\",\"limit\":\"usd\","
			   "\"mark\":\"0 usd \"}\n" RESUME,
	    L "led = []\n" L "reached = null" },
	{ "what was cut with its loop does not cut its caller's run",
	    RUN ENTER("a")
		KID CUT(1) ",\"depth\":1}\n"
			   "{\"event\":\"loop_complete\",\"depth\":1,"
			   "\"terminated_by\":\"budget\"}\n" RESUME,
	    F0 "called.terminated_by = \"budget\"" },
	{ "nor what comes behind it",
	    RUN ENTER("a") CUT(
		0) "}\n"
		   "{\"event\":\"route\",\"from\":\"a\",\"to\":\"b\"}\n" ENTER(
		       "b") "{\"event\":\"action_complete\",\"exit_code\":0}"
			    "\n" RESUME,
	    F0 "doing = 3" },
	{ "items stay that are done when another is cut",
	    RUN ENTER("a") FAN
	    "{\"event\":\"item_start\",\"item\":0,\"depth\":0}\n" CUT(
		0) ",\"item\":0,\"depth\":0}\n" BUDGET RESUME,
	    F0 "fan.next = 1\n" L "cuts = false" },
	{ "an action that was cut is done again",
	    RUN ENTER("a") CUT(
		0) "}\n"
		   "{\"event\":\"action_complete\",\"exit_code\":124}\n" BUDGET
		       RESUME,
	    F0 "doing = 1" },
	{ "for a judge that was cut it is not",
	    RUN ENTER("a") ACTED JUDGED("yes")
		JUDGE CUT(0) "}\n" JUDGED("error") BUDGET RESUME,
	    F0 "doing = 4\n" F0 "judging.answers = "
	       "[{\"verdict\":\"yes\"}]\n" F0 "judging.last = absent" },
	{ "nor when its end is not on record",
	    RUN ENTER("a") ACTED JUDGED("yes") JUDGE CUT(0) "}\n" RESUME,
	    F0 "doing = 4\n" F0 "judging.answers = "
	       "[{\"verdict\":\"yes\"}]" },
	{ "a warning is given once",
	    RUN ENTER("a")
		RESERVE(1, "") "{\"event\":\"limit_warn\",\"state\":\"a\","
			       "\"of\":\"p\"}\n",
	    L "states.0.warned = true" },
};

TEST(point_spend, rows)
{
	point_rows(rows, COUNT(rows));
}
