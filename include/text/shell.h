/*
 * The bash scanner (contexts of data-refs.md section 8): finds for every
 * reference of a text how it is quoted and what it is used for, and which
 * changes the text needs so that a variable can stand in its place.  It does
 * not run, expand or check anything else.
 */
#ifndef TEXT_SHELL_H
#define TEXT_SHELL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"
#include "text/prog.h"

enum { SHELL_DEPTH = 64 };

enum shell_class {
	SHELL_PLAIN, /* in no quotes */
	SHELL_DQUOTE,
	SHELL_SQUOTE,
	SHELL_ANSI, /* $'...' */
	SHELL_DOC,
	SHELL_RAWDOC, /* heredoc with a quoted delimiter */
	SHELL_ARITH,
	SHELL_COMMENT,
	SHELL_PARAM,  /* word of ${x:-word}, in no quotes */
	SHELL_PARAMQ, /* the same in double quotes */
};

enum shell_role {
	ROLE_ARG,
	ROLE_COMMAND,
	ROLE_REDIRECT, /* file name, descriptor or here-string */
	ROLE_ASSIGN,
	ROLE_LIST, /* of `for`, or of an array */
	ROLE_CASE, /* word or pattern */
	ROLE_TEST, /* in [[ ]] */
};

struct shell_atom {
	unsigned char cls, role, enc;
	unsigned seen;   /* 1 after a scan; anything else is our fault */
	bool slash;      /* a backslash stood before it */
	bool glued;      /* follows `$name` directly */
	bool produced;   /* argument of echo or printf */
	struct sv names; /* the shell variable it is assigned to, or empty */
};

/* Replace `del` bytes at `off`. */
struct shell_edit {
	size_t off, del;
	const char *ins;
};

/* A shell variable used in arithmetic or in program text. */
struct shell_use {
	struct sv name;
	size_t off;
};

struct shell_span {
	size_t from, to;
};

/* `p[atom[i]]` stands for reference i: a byte that is in no name.  Ascending;
 * `p` is NUL-ended. */
struct shell_text {
	const char *p;
	size_t n;
	const size_t *atom;
	size_t natoms;
};

struct shell_scan {
	struct shell_atom *atom;
	struct shell_edit *edit; /* ascending */
	size_t nedits;
	struct shell_use *use;
	size_t nuses;
	/* Where single quotes stand: [from, to), nothing is expanded there. */
	struct shell_span *single;
	size_t nsingle;
	/* When it fails: E411, E412, E414, where, and why. */
	const char *id;
	size_t off;
	const char *why;
};

/* -1 when the text does not scan; `out` is then only id, off and why. */
int shell_scan(struct arena *, const struct shell_text *, struct shell_scan *);

#endif
