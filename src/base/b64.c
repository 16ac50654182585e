/* Base64 by RFC 4648 section 4: padded, no line breaks, canonical only. */
#include "base/b64.h"

#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789+/";

void
b64_encode(struct str *out, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	str_reserve(out, (n + 2) / 3 * 4);
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		unsigned v = (unsigned)p[i] << 16;
		char four[4];

		if (left > 1)
			v |= (unsigned)p[i + 1] << 8;
		if (left > 2)
			v |= p[i + 2];
		four[0] = letters[v >> 18];
		four[1] = letters[v >> 12 & 63];
		four[2] = left > 1 ? letters[v >> 6 & 63] : '=';
		four[3] = left > 2 ? letters[v & 63] : '=';
		str_add(out, four, 4);
	}
}

/* Bytes of one group, 1 to 3; 0 when it is malformed. */
static int
group(const char *p, bool last, unsigned char three[3])
{
	int pad = p[3] != '=' ? 0 : p[2] != '=' ? 1 : 2;
	unsigned v = 0;

	if (pad && !last)
		return 0;
	for (int i = 0; i < 4 - pad; i++) {
		const char *at = p[i] ? strchr(letters, p[i]) : NULL;

		if (!at)
			return 0;
		v |= (unsigned)(at - letters) << (18 - 6 * i);
	}
	three[0] = (unsigned char)(v >> 16);
	three[1] = (unsigned char)(v >> 8);
	three[2] = (unsigned char)v;
	if ((pad == 1 && three[2]) || (pad == 2 && (three[1] || three[2])))
		return 0;
	return 3 - pad;
}

bool
b64_decode(struct str *out, const char *p, size_t n)
{
	size_t start = out->len;

	if (n % 4)
		return false;
	for (size_t i = 0; i < n; i += 4) {
		unsigned char three[3];
		int got = group(p + i, i + 4 == n, three);

		if (got == 0) {
			str_cut(out, start);
			return false;
		}
		str_add(out, three, (size_t)got);
	}
	return true;
}
