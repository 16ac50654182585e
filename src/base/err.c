/* Errors as values: no heap, so that reporting one cannot fail. */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void
mark_cut(char *text, size_t size, int n)
{
	if (n < 0 || (size_t)n >= size)
		memcpy(text + size - 4, "...", 4);
}

int
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;
	int n;

	e->kind = kind;
	e->sys = 0;
	va_start(ap, fmt);
	n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	mark_cut(e->msg, sizeof(e->msg), n);
	return -1;
}

int
err_sys(struct err *e, const char *fmt, ...)
{
	int saved = errno, n;
	va_list ap;
	size_t len;

	e->kind = ERR_IO;
	e->sys = saved;
	va_start(ap, fmt);
	n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	mark_cut(e->msg, sizeof(e->msg), n);
	len = strlen(e->msg);
	n = snprintf(
	    e->msg + len, sizeof(e->msg) - len, ": %s", strerror(saved));
	mark_cut(e->msg, sizeof(e->msg), n < 0 ? n : (int)len + n);
	return -1;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->msg)];
	va_list ap;
	size_t len;
	int n;

	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	mark_cut(e->msg, sizeof(e->msg), n);
	len = strlen(e->msg);
	n = snprintf(e->msg + len, sizeof(e->msg) - len, ": %s", old);
	mark_cut(e->msg, sizeof(e->msg), n < 0 ? n : (int)len + n);
	return -1;
}

int
err_exit(const struct err *e)
{
	static const int status[] = {
		[ERR_NONE] = 0,
		[ERR_USAGE] = 64,
		[ERR_INPUT] = 65,
		[ERR_ABSENT] = 66,
		[ERR_NEED] = 69,
		[ERR_INTERNAL] = 70,
		[ERR_CREATE] = 73,
		[ERR_IO] = 74,
		[ERR_BUSY] = 75,
	};

	return status[e->kind];
}
