/* What src/cmd/hosts*.c share; nobody else includes this. */
#ifndef CMD_HOSTS_PART_H
#define CMD_HOSTS_PART_H

#include "cmd/cmd.h"
#include "host/choose.h"

/* Where this invocation looks for hosts, and who has named one. */
struct hosts_where {
	struct shelf shelf;
	struct choose_in in;
};
void hosts_where_init(struct hosts_where *, struct args *);
/* "yes", "no" or "partly". */
const char *hosts_verified(const struct host *);
/* A list of host_unverified(). */
const struct val *hosts_unverified(struct arena *, const struct host *);
/* Say the findings about a host's file, on stderr. */
void hosts_say(struct args *, const struct diags *, const char *file);
/* `hosts check NAME`: its exit status. */
int hosts_check(struct args *, const char *name, bool json, struct err *);

#endif
