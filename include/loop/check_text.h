/* Rules of references: captures, context, prev, result. */
#ifndef LOOP_CHECK_TEXT_H
#define LOOP_CHECK_TEXT_H

#include "loop/rule.h"

rule text_capture_unset, text_capture_field, text_capture_bypassed,
    text_capture_verdict, text_context_undeclared, text_prev_first, text_result;

/* Has the name that use i refers to been looked at in the same state? */
bool text_is_repeated(const struct checkup *, size_t i);
/* Is it a key that the runner itself puts into the context? */
bool text_is_injected(struct sv key);

#endif
