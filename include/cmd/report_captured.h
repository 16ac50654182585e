/* What a run has captured, as `status --json` and `history` show it. */
#ifndef CMD_REPORT_CAPTURED_H
#define CMD_REPORT_CAPTURED_H

#include "loop/point.h"
#include "store/place.h"

/* A captured record with its long texts read back; NULL for NULL. */
const struct val *report_record(
    struct arena *, const struct place_run *, const struct val *record);
/* All of the frame's, by name; NULL has none. */
const struct val *report_captured(
    struct arena *, const struct place_run *, const struct frame *);

#endif
