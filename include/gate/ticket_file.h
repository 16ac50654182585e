/*
 * A ticket as a file: what the modules of the gate share.  A draw is
 * ticket_new(), the lock of the directory, ticket_survey(), a decision, and
 * ticket_publish(); only then is the lock let go.
 */
#ifndef GATE_TICKET_FILE_H
#define GATE_TICKET_FILE_H

#include "gate/ticket.h"

enum {
	TICKET_DIGITS = 8,
	TICKET_NUMBER_MAX = 99999999,
	TICKET_CONTENT_MAX = 64 * 1024,
};

/* open() that follows no link, never blocks, and closes on exec. */
int ticket_open(const char *path, int how);
/* -1 and *e when it could not be opened (errno) or is no regular file. */
int ticket_check(int fd, const char *path, struct err *);
/* Is the file behind `fd` still the one of that name? */
bool ticket_is_same(int fd, const char *path);
/* "00000007.RUN" -> 7 and RUN; false for any other name. */
bool ticket_name(const char *name, long long *number, const char **run);
/* What the pids in our tickets mean: their namespace.  False: unknown. */
enum { TICKET_SPACE = 48 };
bool ticket_pid_space(char out[TICKET_SPACE]);
/* Append the directory of a project's queue. */
void ticket_queue_dir(struct str *out, const char *root);
/* What is written in it, or NULL. */
const struct val *ticket_content(struct arena *, int fd);
/* The lock of a directory: a descriptor.  -1 and *e; ERR_BUSY after 10 s. */
int ticket_lock(const char *dir, struct err *);

/* In a directory, which is made; not drawn yet. */
struct ticket *ticket_new(const char *dir, struct err *);
/* With the lock: who is there, who is dead; what was never finished goes. */
int ticket_survey(struct ticket *, struct err *);
/* With the lock, after the survey: take the next number. */
int ticket_publish(
    struct ticket *, const char *run, const struct val *content, struct err *);
/* With the lock: ticket_write(). */
int ticket_put(struct ticket *, const struct val *content, struct err *);
/* Has nobody taken its file away? */
bool ticket_is_there(const struct ticket *);
int ticket_fd(const struct ticket *);
const char *ticket_dir(const struct ticket *);

#endif
