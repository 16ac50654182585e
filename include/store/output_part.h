/*
 * What the parts of the vault share: only src/store/output*.c include this.
 */
#ifndef STORE_OUTPUT_PART_H
#define STORE_OUTPUT_PART_H

#include "store/output.h"

/* The two streams of a step. */
struct slot;

struct output {
	struct output_opts opts;
	char *dir;
	long long used; /* bytes of the files, all of them */
	long long nkept;
	bool full;                       /* limits.disk was reached */
	struct slot *slots[VAULT_SLOTS]; /* made when first opened */
};

/* vault.open, put and close. */
int slot_open(void *output, size_t slot, long long seq,
    const struct vault_rules *, struct err *);
int slot_put(void *output, size_t slot, int stream, const char *p, size_t n,
    struct err *);
int slot_close(void *output, size_t slot, struct stream out[2], struct err *);
void slot_free(struct slot *); /* NULL is fine */

/* A new file below `dir`, which is made when it is not there; `how` goes to
 * open(2).  -1 and errno. */
int output_create(struct output *, const char *path, int how);
/* What limits.disk has left; the journal counts too. */
long long output_room(const struct output *);
/* Push a file, the directory of all files to the disk, when durable. */
int output_sync(struct output *, int fd, const char *path, struct err *);
int output_sync_dir(struct output *, struct err *);

#endif
