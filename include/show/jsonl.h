/*
 * A run as JSON, one event a line: the journal's records without their sums,
 * and `action_output` records made from live output
 * ({"ts","event","stream":"stdout"|"stderr","line"}; line_b64 when it is not
 * UTF-8).
 */
#ifndef SHOW_JSONL_H
#define SHOW_JSONL_H

#include "loop/seam.h"
#include "show/out.h"

struct jsonl;

struct jsonl *jsonl_new(struct out *);
/* Never refuses an event. */
struct sink jsonl_sink(struct jsonl *);
void jsonl_free(struct jsonl *); /* NULL is fine */

#endif
