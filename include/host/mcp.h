/*
 * Tools of MCP servers: who a server is (.mcp.json), and one call of one of
 * its tools.  The server is our child for that one call; it talks JSON-RPC
 * 2.0, a message a line.
 */
#ifndef HOST_MCP_H
#define HOST_MCP_H

#include "base/arena.h"
#include "base/err.h"
#include "os/sig.h"
#include "text/val.h"

/* What a call comes to: the exit status of `mcp-call`. */
enum mcp_end {
	MCP_DONE = 0,
	MCP_TOOL_ERROR = 1, /* the tool, or the server, says so or is broken */
	MCP_CONFIG = 2,     /* .mcp.json is wrong */
	MCP_TIMEOUT = 124,
	MCP_NOT_FOUND = 127, /* no such server, program or tool */
	MCP_STOPPED = 256    /* a signal to us; no exit status */
};

enum {
	MCP_DEFAULT_MS = 30000,
	/* A server may take this long to leave when its input ends, and the
	 * same when it is told to. */
	MCP_LEAVE_MS = 2000,
	/* What a call may need beyond its time, for that. */
	MCP_ENDS_MS = 3 * MCP_LEAVE_MS,
};

/* Cut "SERVER/TOOL" at its first slash.  -1 and *e (ERR_INPUT): one of them is
 * missing. */
int mcp_split(struct sv word, struct sv *server, struct sv *tool, struct err *);

struct mcp_server {
	const char *name;
	const char *file;    /* absolute, ready to be executed */
	char *const *argv;   /* NULL-ended, as is env */
	char *const *env;    /* ours, and its own over it */
	const char *written; /* the .mcp.json it stands in */
};

/* Where servers are looked for, one directory after the other; the first file
 * that has the name counts. */
struct mcp_where {
	const char *const *dir;
	size_t n;
	char *const *env; /* ours, for ${VAR} and PATH */
};

/* MCP_DONE and *out, in the arena; or MCP_NOT_FOUND or MCP_CONFIG and *e. */
enum mcp_end mcp_find(const struct mcp_where *, const char *name,
    struct arena *, struct mcp_server *out, struct err *);

struct mcp_call {
	const struct mcp_server *server;
	const char *tool;
	const struct val *arguments; /* a map */
	long long timeout_ms;        /* for all of it; 0: none */
	struct sig *sig;             /* a stop signal cancels the call */
	int err; /* what the server has as stderr; above 2, the caller's */
};

struct mcp_answer {
	enum mcp_end end;
	const struct val *result; /* what the tool gave; NULL: nothing, or
	                           * there is no such tool */
	/* An error as the server wrote it {code, message, data}; or NULL. */
	const struct val *error;
	const char *why;    /* one sentence; NULL after MCP_DONE */
	const char *remark; /* what else was strange, or NULL */
};

/*
 * Start the server, call the tool, and end the server with everything it
 * started: its input is closed, then TERM, then KILL.  We must be a subreaper
 * without other children.  The answer lives in the arena.
 */
void mcp_call(const struct mcp_call *, struct arena *, struct mcp_answer *out);

#endif
