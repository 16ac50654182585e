/*
 * A place in the queue and, once the run runs, its lease: one file
 * (.loops/.queue/NNNNNNNN.RUN), one open-file-description lock, one number
 * (decisions.md §6).  Liveness is that lock, never a pid.
 */
#ifndef GATE_TICKET_H
#define GATE_TICKET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "os/proc.h"
#include "text/val.h"

struct ticket;

/*
 * Draw the next number under the directory lock, create under a dot-name,
 * lock, rename.  `content` is the advisory JSON (v, run, loop, phase, scopes,
 * pids ...).  The descriptor is close-on-exec and held until ticket_free().
 * NULL and *e; ERR_IO when the file system has no such locks.
 */
struct ticket *ticket_draw(
    const char *root, const char *run, const struct val *content, struct err *);
/*
 * Tickets that were there at the last look (of the draw) and whose holders had
 * died without giving them back: their runs were killed, and what these had
 * started may be alive.  The list lives as long as the ticket.  They stay until
 * ticket_bury(), so that whoever comes after a killed caller finds them too.
 */
size_t ticket_dead(const struct ticket *, const char *const **runs);
/* Nothing is left of those runs: their tickets go. */
void ticket_bury(struct ticket *);
/* Rewrite the advisory content in place, under the directory lock. */
int ticket_write(struct ticket *, const struct val *content, struct err *);
long long ticket_number(const struct ticket *);
/* Unlink (with the directory lock, checked by inode) and let go. NULL ok. */
void ticket_free(struct ticket *);
/* Only let go: another process that inherited it keeps it.  NULL ok. */
void ticket_leave(struct ticket *);
/* Does a live process hold the ticket of this run? Asks, never takes. */
bool ticket_alive(const char *root, const char *run);
/* The file of its live ticket; NULL when it has none.  For those who wait for
 * its end: its last holder closes it, also by dying. */
const char *ticket_path(struct arena *, const char *root, const char *run);
/* What its live ticket says: a map, or NULL. */
const struct val *ticket_says(
    struct arena *, const char *root, const char *run);
/* Take the directory lock: until the descriptor is closed no ticket is drawn
 * or given back, so that a run that is not alive stays so.  Hold it for
 * moments.  -1 and *e; ERR_BUSY when another held it for 10 s. */
int ticket_bar(const char *root, struct err *);
/* One of the processes that a ticket names, "guard" or "engine", as long as it
 * lives and its number means the same here: false for one of another
 * container. */
bool ticket_process(
    const struct val *content, const char *who, struct proc *out);
/* Each ticket file: name, alive, content (NULL when unreadable). For list
 * --running; writes nothing. */
struct ticket_seen {
	const char *run, *path;
	long long number;
	bool alive;
	const struct val *content; /* a map */
};
int ticket_list(struct arena *, const char *root, struct ticket_seen **out,
    size_t *n, struct err *);
/* The same for the directory of a queue. */
int ticket_look(struct arena *, const char *dir, struct ticket_seen **out,
    size_t *n, struct err *);

#endif
