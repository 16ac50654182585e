/* What src/host/answer*.c share; nobody else includes this. */
#ifndef HOST_ANSWER_PART_H
#define HOST_ANSWER_PART_H

#include "host/answer.h"

/* What was found, before the rules. */
struct answer_found {
	const struct val *verdict, *confidence, *reason, *evidence, *raw;
};

void answer_refuse(
    struct arena *, struct sv text, const char *why, struct answer *out);
void answer_settle(const struct answer_found *, const struct answer_rules *,
    struct arena *, struct answer *out);

#endif
