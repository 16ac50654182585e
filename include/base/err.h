/*
 * Errors as values on the caller's stack (crun's idiom, without its heap).
 * The failing call returns -1 in one line; each level that knows more wraps.
 * The kind says what the process exits with (decisions.md §5).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

enum err_kind {
	ERR_NONE,
	ERR_USAGE,    /* 64: the command line is wrong */
	ERR_INPUT,    /* 65: the loop or an input is wrong */
	ERR_ABSENT,   /* 66: no such loop or run */
	ERR_NEED,     /* 69: a needed program is missing */
	ERR_INTERNAL, /* 70: this program is wrong */
	ERR_CREATE,   /* 73: the run cannot be created */
	ERR_IO,       /* 74: reading or writing failed */
	ERR_BUSY,     /* 75: somebody else has it */
};

struct err {
	enum err_kind kind;
	int sys; /* errno, or 0 */
	char msg[1000];
};

#define ERR_INIT                \
	{                       \
		ERR_NONE, 0, "" \
	}

/* Set it; a text that is too long ends in "...". Always returns -1. */
int err_set(struct err *, enum err_kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Set it from errno, whose text is appended after ": ". Kind ERR_IO.
 * Always returns -1. */
int err_sys(struct err *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Put "context: " before the message; the kind stays. Always returns -1. */
int err_wrap(struct err *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The exit status for its kind; 0 for ERR_NONE. */
int err_exit(const struct err *);

#endif
