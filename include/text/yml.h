/*
 * YAML in, strictly (decisions.md §3.1): libyaml events to values with
 * places.  One document, UTF-8, no NUL, <= 1 MiB, depth <= 64, <= 20,000
 * nodes after aliases.  Keys are text.  Only true/false (three usual cases)
 * are booleans; `017`, `1_000`, `1:30`, dates, `yes`, `no` stay text; `1e3`
 * is the real 1000.0; `~`, `null` (three cases) and nothing are null.
 * Duplicate keys are errors that name both places.  Anchors, aliases and
 * merge keys (`<<`) work inside the limits.  Tags other than the core
 * schema's are errors.
 */
#ifndef TEXT_YML_H
#define TEXT_YML_H

#include <stddef.h>

#include "base/diag.h"
#include "text/val.h"

enum { YML_MAX_BYTES = 1 << 20, YML_MAX_DEPTH = 64, YML_MAX_NODES = 20000 };

/*
 * The document of `text`; `file` is its name in places.  NULL when it does
 * not parse: then at least one diagnostic (ids E001..E019, path "<root>")
 * was added.  Duplicate keys add diagnostics but still give a value (the
 * first one wins).
 */
const struct val *yml_read(struct arena *, const char *file, const char *text,
    size_t len, struct diags *);
/* A plain scalar by the rules above: null, bool, int, real or text. */
struct val *yml_scalar(struct arena *, struct sv text);

#endif
