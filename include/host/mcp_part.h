/*
 * What the parts of the MCP client share: only src/host/mcp*.c and their
 * tests include this.
 */
#ifndef HOST_MCP_PART_H
#define HOST_MCP_PART_H

#include "base/str.h"
#include "host/mcp.h"
#include "os/spawn.h"

/* ---- lines (mcp_line.c) ---- */

enum {
	MCP_LINE_MAX = 16 << 20,   /* bytes of one message */
	MCP_TOTAL_MAX = 256 << 20, /* of all that a server may say */
};

struct mcp_lines {
	struct str buf;
	size_t from, seen; /* begin of the line; where no end was found yet */
	long long total;
};

#define MCP_LINES_INIT            \
	{                         \
		STR_INIT, 0, 0, 0 \
	}

void mcp_lines_release(struct mcp_lines *);
/* -1 and *e: more than the bounds allow; then no more is to be read. */
int mcp_lines_add(struct mcp_lines *, const char *p, size_t n, struct err *);
/* The next whole line without its end; valid until the next add.  False: none
 * yet. */
bool mcp_lines_next(struct mcp_lines *, struct sv *line);

/* ---- messages (mcp_say.c) ---- */

enum { MCP_NO_METHOD = -32601 };

/* Append a message and its line end. `params` may be NULL. */
void mcp_say_request(struct str *out, long long id, const char *method,
    const struct val *params, struct arena *);
void mcp_say_notice(struct str *out, const char *method,
    const struct val *params, struct arena *);
/* What a server that asks is told: an empty result for `ping`, else an error
 * that says we do not know. */
void mcp_say_reply(
    struct str *out, const char *method, const struct val *id, struct arena *);

/* The newest version of the protocol that we speak, and all. */
const char *mcp_version(void);
bool mcp_version_known(const char *);

enum mcp_kind {
	MCP_NOISE,    /* no message, or nothing we wait for */
	MCP_REQUEST,  /* it asks: `method` and `id` */
	MCP_RESPONSE, /* to the request `id`: `result` or `error` */
};

struct mcp_message {
	enum mcp_kind kind;
	const char *method;
	const struct val *id;
	const struct val *result;
	const struct val *error; /* a map, whatever was sent */
};

/* What a message means to who waits for the answer to `waits`. */
void mcp_hear(const struct val *, long long waits, struct arena *,
    struct mcp_message *out);

/* The text of an error for people: "error -32602: no such thing". */
const char *mcp_error_text(const struct val *error, struct arena *);
/* The first text of a result, cut to a sentence's length; or NULL. */
const char *mcp_result_text(const struct val *result, struct arena *);
/* Does a result say that it is an error? */
bool mcp_is_error(const struct val *result);

/* ---- tools (mcp_tools.c) ---- */

/* A page of tools/list: remember the names that are near. */
struct mcp_nearest {
	const char *tool;
	bool there;
	const char *near; /* in the arena, or NULL */
	int distance;     /* of it; 0: none yet */
};
void mcp_nearest_look(
    struct mcp_nearest *, const struct val *result, struct arena *);
/* The same for one name. */
void mcp_nearest_try(struct mcp_nearest *, const char *name, struct arena *);

/* ---- the server as a process (mcp_pipe.c) ---- */

struct mcp_pipe {
	struct sig *sig;
	struct spawned server; /* pidfd -1: reaped */
	int status;            /* as of waitpid, once reaped */
	int in, out;           /* its stdin and stdout; -1: closed */
	struct str unsent;     /* may be appended to */
	struct mcp_lines lines;
	struct err broken; /* why nothing more can be heard */
};

/* Start it; to be closed also on -1. */
int mcp_pipe_open(struct mcp_pipe *, const struct mcp_call *, struct err *);
/* Wait until bytes came or went, a signal came, or until then (clock_ms(); 0:
 * for ever). */
void mcp_pipe_step(struct mcp_pipe *, long long until_ms);
/* Its output has ended: fill `broken`. Always -1. */
int mcp_pipe_lost(struct mcp_pipe *);
/* End it and what it started.  -1 and *e: somebody is left. */
int mcp_pipe_close(struct mcp_pipe *, struct err *);

/* ---- questions (mcp_talk.c) ---- */

struct mcp_talk;

/* NULL and *e: it cannot be started; errno in e->sys. */
struct mcp_talk *mcp_talk_new(const struct mcp_call *, struct err *);
enum mcp_word {
	MCP_GOT,  /* its answer */
	MCP_LATE, /* not in time */
	MCP_STOP, /* a signal to us */
	MCP_LOST, /* it cannot answer any more, *e says why */
};
/* Ask and wait until `until_ms` of clock_ms() (0: for ever).  The answer is in
 * the arena. */
enum mcp_word mcp_talk_ask(struct mcp_talk *, const char *method,
    const struct val *params, long long until_ms, struct arena *,
    struct mcp_message *out, struct err *);
void mcp_talk_tell(
    struct mcp_talk *, const char *method, const struct val *params);
/* The last question is not asked any more. */
void mcp_talk_cancel(struct mcp_talk *, const char *reason);
/* How many lines were no messages, and the first of them. */
long long mcp_talk_noise(
    const struct mcp_talk *, struct arena *, const char **first);
/* End the server and what it started.  -1 and *e: somebody is left. */
int mcp_talk_free(struct mcp_talk *, struct err *);

#endif
