/* A tool call as the worker's child: only src/engine/act*.c include this. */
#ifndef ENGINE_ACT_MCP_H
#define ENGINE_ACT_MCP_H

#include "engine/act.h"

/* Fill the worker's `tool`, and the text of its command as it is recorded.
 * -1 and *why: a value cannot be had (ERR_INPUT), or memory (ERR_IO). */
int act_mcp_ready(struct run *, const struct state *, struct err *why);
/* How long the client is waited for; 0: for ever. */
long long act_mcp_limit_ms(const struct loop *, const struct state *);
/* Its exit status may mean that the time was up. */
void act_mcp_outcome(struct outcome *);

#endif
