/* Sizes as text: two digits at least, rounded down. */
#include "show/bytes.h"

#include <stdio.h>

const char *
bytes_text(long long bytes, char out[BYTES_TEXT])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB" };
	long long tenths = bytes * 10;
	int unit = 0;

	if (bytes < 1024) {
		snprintf(out, BYTES_TEXT, "%lld B", bytes);
		return out;
	}
	while (tenths >= 10240 && unit < 5) {
		tenths /= 1024;
		unit++;
	}
	if (tenths < 100)
		snprintf(out, BYTES_TEXT, "%lld.%lld %s", tenths / 10,
		    tenths % 10, units[unit]);
	else
		snprintf(out, BYTES_TEXT, "%lld %s", tenths / 10, units[unit]);
	return out;
}
