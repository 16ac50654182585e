/* Quoting for other languages; the same bytes come back there. */
#ifndef TEXT_QUOTE_H
#define TEXT_QUOTE_H

#include "base/str.h"
#include "base/sv.h"

/* POSIX shell, as Python's shlex.quote: `''` for nothing, unchanged if all
 * of [A-Za-z0-9_@%+=:,./-], else '...' with ' as '"'"'. */
void quote_shell(struct str *out, struct sv);
/* A Python string literal with its quotes, ASCII only. Invalid UTF-8 comes
 * as \udcNN (surrogateescape). */
void quote_py(struct str *out, struct sv);

#endif
