/*
 * What was put or kept, read back.  Refuses what is not as it was written.
 */
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "base/file.h"
#include "store/output.h"

int
output_load(const char *file, long long bytes, const char *sum, struct str *out,
    struct err *e)
{
	size_t was = out->len;
	char got[17];

	if (file_read(file, (size_t)bytes, out, e) < 0) {
		str_cut(out, was);
		return -1;
	}
	snprintf(got, sizeof(got), "%016llx",
	    (unsigned long long)XXH3_64bits(out->buf + was, out->len - was));
	if (strcmp(got, sum) == 0)
		return 0;
	str_cut(out, was);
	return err_set(e, ERR_INPUT, "%s: changed since it was written", file);
}
