/*
 * `parameters`: what a caller may or must give, with types (decisions.md
 * §3.9).  A declaration ("spec") is the mapping that the loop file has under
 * the name; its own faults are the loader's.
 */
#ifndef LOOP_PARAMETERS_H
#define LOOP_PARAMETERS_H

#include "loop/loop.h"

/* Is the key a parameter of type `command`, shell text on purpose? */
bool parameters_take_command(const struct loop *, struct sv key);
/* What a reference to this key is to be taken for at load: ORIGIN_COMMAND
 * for a command, ORIGIN_FILE where the type allows only one harmless word,
 * else `otherwise`. */
enum origin parameters_origin(
    const struct loop *, struct sv key, enum origin otherwise);
/*
 * The value as the type has it: text becomes a whole number, a number, a
 * boolean or the value of an enum; a number or a boolean becomes text.  The
 * origin stays.  NULL when it does not fit.
 */
const struct val *parameters_fit(
    struct arena *, const struct val *spec, const struct val *);
/* What fits, for messages: "a whole number", "one of a, b". */
const char *parameters_wants(struct arena *, const struct val *spec);

#endif
