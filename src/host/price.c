/*
 * Price tables.  Numbers become whole millionths when they are read, so that
 * no sum ever meets a fraction.
 */
#include "host/price.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/round.h"
#include "host/price_builtin.h"
#include "host/usd.h"
#include "loop/config.h"
#include "text/yml.h"

#define MICRO 1e6

enum { MILLION = 1000000 };

/* ---- reading ---- */

static bool
read_day(const char *text, int *out)
{
	int y, m, d, used = 0;

	if (sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &used) != 3 ||
	    text[used] || used != 10 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	*out = (y * 100 + m) * 100 + d;
	return true;
}

static void
day_of(const struct val *v, const char *key, int *out, struct diags *d)
{
	const struct val *day = val_get(v, key);

	if (day && day->kind == VAL_TEXT && !read_day(day->t.p, out))
		diag_add(d, day->at, "E273", key,
		    "'%s' must be a day such as 2026-08-31", key);
}

/* -1: not written. */
static long long
amount(const struct val *v, const char *key)
{
	const struct val *n = val_get(v, key);

	if (!n || (n->kind != VAL_INT && n->kind != VAL_REAL))
		return -1;
	return round_near((n->kind == VAL_INT ? (double)n->i : n->r) * MICRO);
}

/* Who does not say what a cache costs is charged as if there were none. */
static void
read_price(const struct val *v, struct price *p, struct diags *d)
{
	long long read = amount(v, "cache_read");
	long long write = amount(v, "cache_write");

	p->model = val_str(v, "model", "");
	p->input = amount(v, "input");
	p->output = amount(v, "output");
	p->cache_read = read < 0 ? p->input : read;
	p->cache_write = write < 0 ? p->input : write;
	day_of(v, "from", &p->from, d);
	day_of(v, "until", &p->until, d);
	if (!*p->model || p->input < 0 || p->output < 0)
		diag_add(d, v->at, "E273", "prices",
		    "a price needs 'model', 'input' and 'output'");
}

static struct price *
grow(struct prices *p, size_t more)
{
	struct price *at =
	    arena_new(&p->mem, (p->n + more) * sizeof(struct price));

	if (p->n)
		memcpy(at, p->at, p->n * sizeof(*at));
	return at;
}

int
prices_add(struct prices *p, const char *file, struct sv text, struct diags *d)
{
	size_t before = d->errors, n;
	const struct val *doc =
	    config_read_as(&p->mem, "prices", file, text, d);
	const struct val *list = doc ? val_get(doc, "prices") : NULL;
	struct price *at;

	if (!doc)
		return -1;
	n = list && list->kind == VAL_LIST ? list->list.len : 0;
	at = grow(p, n);
	for (size_t i = 0; i < n; i++) {
		at[p->n + i] =
		    (struct price) { .file = arena_strdup(&p->mem, file) };
		read_price(list->list.at[i], &at[p->n + i], d);
	}
	if (d->errors > before)
		return -1;
	p->at = at;
	p->n += n;
	return 0;
}

static int
add_file(struct prices *p, const char *path, struct diags *d, struct err *e)
{
	auto_str text = STR_INIT;
	struct err why = ERR_INIT;

	if (!path)
		return 0;
	if (file_read(path, YML_MAX_BYTES, &text, &why) < 0) {
		if (why.kind == ERR_ABSENT)
			return 0;
		*e = why;
		return err_wrap(e, "prices");
	}
	if (prices_add(p, path, str_sv(&text), d) == 0)
		return 0;
	return err_set(e, ERR_INPUT, "the prices in %s are invalid", path);
}

int
prices_load(struct prices *p, const char *project, const char *user,
    struct diags *d, struct err *e)
{
	struct err late = ERR_INIT;
	int rc = add_file(p, project, d, e);

	if (add_file(p, user, d, rc < 0 ? &late : e) < 0)
		rc = -1;
	for (size_t i = 0; price_builtins[i].name; i++)
		prices_add(p, "builtin:prices",
		    sv_make(price_builtins[i].text, price_builtins[i].len), d);
	return rc;
}

void
prices_release(struct prices *p)
{
	arena_release(&p->mem);
	*p = (struct prices)PRICES_INIT;
}

/* ---- asking ---- */

/* A date, `-latest`, or something in brackets: the same model. */
static bool
is_variant(const char *s)
{
	size_t digits;

	if (!*s || strcmp(s, "-latest") == 0)
		return true;
	if (*s == '[')
		return s[strlen(s) - 1] == ']';
	if (*s != '-' && *s != '@')
		return false;
	digits = strspn(s + 1, "0123456789-");
	return digits >= 4 && isdigit((unsigned char)s[1]) &&
	    strspn(s + 1, "0123456789") >= 4 &&
	    (!s[1 + digits] || s[1 + digits] == '[');
}

static bool
is_of(const char *pattern, const char *model)
{
	size_t n = strlen(pattern);

	if (n && pattern[n - 1] == '*')
		return strncmp(pattern, model, n - 1) == 0;
	return strncmp(pattern, model, n) == 0 && is_variant(model + n);
}

/* Hosts with many vendors put the vendor before it: "anthropic/claude-...". */
static bool
fits(const struct price *p, const char *model, int day)
{
	const char *plain = strrchr(model, '/');

	if ((p->from && day < p->from) || (p->until && day > p->until))
		return false;
	return is_of(p->model, model) || (plain && is_of(p->model, plain + 1));
}

const struct price *
price_of(const struct prices *p, const char *model, long long wall_us)
{
	char iso[CLOCK_TEXT];
	int day = 0;

	if (!p || !model)
		return NULL;
	clock_iso(wall_us, iso);
	iso[10] = '\0';
	read_day(iso, &day);
	for (size_t i = 0; i < p->n; i++)
		if (fits(&p->at[i], model, day))
			return &p->at[i];
	return NULL;
}

bool
price_cost(const struct price *p, const struct host_used *u, long long *micro)
{
	const struct {
		long long tokens, price;
	} rows[] = {
		{ u->input, p->input },
		{ u->output, p->output },
		{ u->cache_read, p->cache_read },
		{ u->cache_write, p->cache_write },
	};
	long long sum = 0, parts = MILLION / 2, one;

	if (u->input < 0 && u->output < 0)
		return false;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].tokens <= 0)
			continue;
		/* At most four times 1e6 * 1e12. */
		parts += rows[i].tokens % MILLION * rows[i].price;
		if (__builtin_mul_overflow(
			rows[i].tokens / MILLION, rows[i].price, &one) ||
		    one > USD_MAX)
			one = USD_MAX;
		sum = usd_add(sum, one);
	}
	*micro = usd_add(sum, parts / MILLION);
	return true;
}
