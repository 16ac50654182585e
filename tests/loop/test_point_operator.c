/* What an operator changes, as a fold. */
#include "loop/point.h"

#include "loop/point_rows.h"

#define START                                                           \
	"{\"event\":\"run_start\",\"run\":\"r\",\"context\":{\"a\":1,"  \
	"\"b\":\"x\"},\"origins\":{\"b\":\"data\"},\"context_files\":{" \
	"\"far\":{\"file\":\"/f\"}}}\n"                                 \
	"{\"event\":\"loop_start\",\"loop\":\"p\",\"initial\":\"a\"}\n"
#define KID                                                             \
	"{\"event\":\"loop_start\",\"loop\":\"kid\",\"initial\":\"k\"," \
	"\"context\":{},\"depth\":1}\n"
#define KID_ENTER "{\"event\":\"state_enter\",\"state\":\"k\",\"depth\":1}\n"
#define FAN                                                          \
	"{\"event\":\"parallel_start\",\"state\":\"a\",\"count\":2," \
	"\"workers\":2,\"items\":[1,2]}\n"                           \
	"{\"event\":\"item_start\",\"item\":0,\"depth\":0}\n"
#define ROUTE(a, b)                                                         \
	"{\"event\":\"route\",\"from\":\"" a "\",\"to\":\"" b "\",\"reason" \
	"\":\"next\"}\n"
#define OPERATOR(fields) "{\"event\":\"operator\"," fields "}\n"
#define F0 "lanes.0.frames.0."
#define F1 "lanes.0.frames.1."

static const struct point_row rows[] = {
	{ "variables are set, others stay",
	    START OPERATOR("\"action\":\"context\",\"context\":{\"b\":\"y\","
			   "\"c\":[1]}"),
	    F0 "context = {\"a\":1,\"b\":\"y\",\"c\":[1]}\n" F0
	       "origins = {\"a\":\"file\",\"b\":\"operator\","
	       "\"c\":\"operator\"}\n" F0
	       "files = {\"far\":{\"file\":\"/f\"}}" },
	{ "a short one takes the place of a long one",
	    START OPERATOR("\"action\":\"context\",\"context\":{\"far\":1}"),
	    F0 "context = {\"a\":1,\"b\":\"x\",\"far\":1}\n" F0
	       "files = null" },
	{ "and a long one that of a short one",
	    START OPERATOR("\"action\":\"context\",\"context\":{},"
			   "\"context_files\":{\"a\":{\"file\":\"/g\"}}"),
	    F0 "context = {\"b\":\"x\"}\n" F0
	       "files = {\"far\":{\"file\":\"/f\"},\"a\":{\"file\":\"/g\"}}" },
	{ "from: the frame stands before the state",
	    START ENTER("a") ROUTE("a", "a") ENTER("a")
		OPERATOR("\"action\":\"from\",\"to\":\"z\",\"level\":0"),
	    F0 "state = \"z\"\n" F0 "entered = false\n" F0 "retries = {}" },
	{ "what it had called is gone",
	    START ENTER("a") KID KID_ENTER OPERATOR(
		"\"action\":\"from\",\"to\":\"b\",\"level\":0"),
	    F0 "state = \"b\"\n" F1 "loop = absent" },
	{ "skip in an inner frame",
	    START ENTER("a") KID KID_ENTER OPERATOR(
		"\"action\":\"skip\",\"to\":\"n\",\"level\":1"),
	    F0 "state = \"a\"\n" F1 "state = \"n\"\n" F1 "entered = false" },
	{ "items are gone",
	    START ENTER("a")
		FAN OPERATOR("\"action\":\"from\",\"to\":\"a\",\"level\":0"),
	    F0 "fan = null\nlanes.1 = absent" },
	{ "a level that is not there",
	    START ENTER("a")
		OPERATOR("\"action\":\"from\",\"to\":\"z\",\"level\":7"),
	    F0 "state = \"a\"\n" F0 "entered = true" },
	{ "an act of another version",
	    START ENTER("a") OPERATOR("\"action\":\"dance\",\"to\":\"z\""),
	    F0 "state = \"a\"\n" F0 "entered = true" },
	{ "the run's directory is somewhere else",
	    "{\"event\":\"run_start\",\"run\":\"r\",\"context\":"
	    "{\"run_dir\":\"/o/\",\"b\":\"x\"},\"origins\":"
	    "{\"run_dir\":\"runner\",\"b\":\"data\"}}\n"
	    "{\"event\":\"loop_start\",\"loop\":\"p\",\"initial\":\"a\"}"
	    "\n" ENTER("a") "{\"event\":\"loop_start\",\"loop\":\"kid\","
			    "\"initial\":\"k\","
			    "\"context\":{\"run_dir\":\"/o/"
			    "\"},\"depth\":1}\n" OPERATOR(
				"\"action\":\"moved\",\"from\":\"/o/"
				"\",\"to\":\"/n/\""),
	    F0 "context = {\"run_dir\":\"/n/\",\"b\":\"x\"}\n" F0
	       "origins = {\"run_dir\":\"runner\",\"b\":\"data\"}\n" F1
	       "context = {\"run_dir\":\"/n/\"}" },
	{ "before anything is there",
	    OPERATOR("\"action\":\"context\",\"context\":{\"b\":1}")
		OPERATOR("\"action\":\"from\",\"to\":\"z\""),
	    "lanes = []" },
};

TEST(point_operator, rows)
{
	point_rows(rows, COUNT(rows));
}
