/* The reference's configuration in our words. */
#ifndef CMD_CONFIG_IMPORT_H
#define CMD_CONFIG_IMPORT_H

#include "base/err.h"
#include "text/val.h"

/* Called for each key that cannot be taken over; `why` NULL: there is
 * nothing like it here. */
typedef void import_tell(void *self, const char *path, const char *why);

/*
 * A mapping for config_check() from the text of a .ll/ll-config.json; `file`
 * is for messages.  NULL and *e (ERR_INPUT): not JSON, or no object.
 */
const struct val *config_import(struct arena *, const char *file,
    struct sv text, import_tell *, void *self, struct err *);
/* Append it as YAML that config_read() reads back. */
void config_write(struct str *out, const struct val *map);

#endif
