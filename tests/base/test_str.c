/* The invariants of str.h, after every operation. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/str.h"
#include "test.h"

static void
sane(const struct str *s, const char *want)
{
	cr_assert_not_null(s->buf);
	cr_assert_eq(s->buf[s->len], '\0');
	cr_assert(s->room == 0 || s->room > s->len);
	cr_assert_str_eq(s->buf, want);
	cr_assert_eq(s->len, strlen(want));
}

TEST(str, grows_and_stays_sane)
{
	auto_str s = STR_INIT;

	sane(&s, "");
	str_add(&s, NULL, 0);
	str_reset(&s);
	sane(&s, "");
	str_addc(&s, 'a');
	str_adds(&s, "bc");
	str_add(&s, "defg", 2);
	str_addsv(&s, sv("x"));
	str_addf(&s, "-%d-%s", 42, "end");
	sane(&s, "abcdex-42-end");
	str_cut(&s, 3);
	sane(&s, "abc");
	str_reset(&s);
	sane(&s, "");
	for (int i = 0; i < 10000; i++)
		str_addc(&s, 'x');
	cr_assert_eq(s.len, 10000);
	cr_assert_eq(str_sv(&s).n, 10000);
}

TEST(str, detach_hands_over)
{
	struct str s = STR_INIT;
	auto_free char *none = str_detach(&s), *text = NULL;

	cr_assert_str_eq(none, "");
	str_adds(&s, "mine");
	text = str_detach(&s);
	cr_assert_str_eq(text, "mine");
	sane(&s, "");
	str_release(&s);
	sane(&s, "");
}
