/* Durations as text, short enough for a line. */
#include "show/span.h"

#include <stdio.h>

static const char *
long_span(long long s, char out[SPAN_TEXT])
{
	if (s < 3600)
		snprintf(out, SPAN_TEXT, "%lldm %llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(out, SPAN_TEXT, "%lldh %lldm %llds", s / 3600,
		    s / 60 % 60, s % 60);
	else
		snprintf(
		    out, SPAN_TEXT, "%lldd %lldh", s / 86400, s / 3600 % 24);
	return out;
}

const char *
span_text(long long ms, char out[SPAN_TEXT])
{
	long long tenths = ms < 0 ? 0 : (ms + 50) / 100;

	if (tenths >= 600)
		return long_span(tenths / 10, out);
	snprintf(out, SPAN_TEXT, "%lld.%llds", tenths / 10, tenths % 10);
	return out;
}

const char *
span_short(long long s, char out[SPAN_TEXT])
{
	const struct {
		long long n;
		const char *unit;
	} parts[] = { { s / 86400, "d" }, { s / 3600 % 24, "h" },
		{ s / 60 % 60, "m" }, { s % 60, "s" } };
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].n > 0)
			len += (size_t)snprintf(out + len, SPAN_TEXT - len,
			    "%s%lld%s", len ? " " : "", parts[i].n,
			    parts[i].unit);
	return len ? out : "0s";
}

const char *
span_whole(long long ms, char out[SPAN_TEXT])
{
	if (ms >= 60000)
		return long_span(ms / 1000, out);
	snprintf(out, SPAN_TEXT, "%llds", ms < 0 ? 0 : ms / 1000);
	return out;
}
