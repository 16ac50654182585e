/*
 * .loops/.queue/.breaker: {"v":1,"hosts":{NAME:{first_seen_us, last_seen_us,
 * attempts, until_us, known}}}.  Times are of the calendar, since other
 * processes and the time after a restart of the machine are meant; a time
 * that lies ahead of now was written by a clock that was wrong, and is not
 * believed.
 */
#include "gate/breaker.h"

#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "gate/ticket_file.h"
#include "text/json.h"

enum {
	AHEAD_US = 60 * 1000 * 1000,
	/* The longest quotas are a month's. */
	KNOWN_MAX_S = 40 * 24 * 3600,
};

#define US_IN_S 1000000LL

static void
path_of(struct str *out, const char *root)
{
	ticket_queue_dir(out, root);
	str_adds(out, "/.breaker");
}

/* The hosts, a map; an empty one when there is no file. NULL and *e. */
static const struct val *
read_hosts(struct arena *a, const char *path, struct err *e)
{
	auto_str text = STR_INIT;
	struct err why = ERR_INIT;
	const struct val *v, *hosts;

	if (file_read(path, BREAKER_FILE_MAX, &text, &why) < 0) {
		if (why.kind == ERR_ABSENT)
			return val_map(a);
		*e = why;
		return NULL;
	}
	v = json_read(a, text.buf, text.len, ORIGIN_DATA, &why);
	hosts = v && v->kind == VAL_MAP ? val_get(v, "hosts") : NULL;
	if (hosts && hosts->kind == VAL_MAP && val_num(v, "v", 0) == 1)
		return hosts;
	err_set(e, ERR_INPUT, "%s: damaged, and not believed", path);
	return NULL;
}

static bool
is_known(const struct val *host)
{
	const struct val *known = val_get(host, "known");

	return known && known->kind == VAL_BOOL && known->b;
}

static void
judge(const struct val *host, long long now, struct breaker_says *out)
{
	long long seen = val_num(host, "last_seen_us", 0);
	long long until = val_num(host, "until_us", 0);
	bool known = is_known(host);

	if (until <= now || seen > now + AHEAD_US ||
	    until > now + KNOWN_MAX_S * US_IN_S)
		return;
	if (!known && now > seen + BREAKER_TRUST_S * US_IN_S)
		return;
	if (!known && until > seen + BREAKER_TRUST_S * US_IN_S)
		until = seen + BREAKER_TRUST_S * US_IN_S;
	out->until_us = until;
	out->known = known;
}

int
breaker_ask(
    const char *root, const char *host, struct breaker_says *out, struct err *e)
{
	auto_arena a = ARENA_INIT;
	auto_str path = STR_INIT;
	const struct val *hosts, *at;

	*out = (struct breaker_says) { 0 };
	path_of(&path, root);
	hosts = read_hosts(&a, path.buf, e);
	if (!hosts)
		return -1;
	at = val_get(hosts, host);
	if (at && at->kind == VAL_MAP)
		judge(at, clock_wall_us(), out);
	return 0;
}

/* The others, without what nobody believes any more. */
static struct val *
without(struct arena *a, const struct val *hosts, const char *host)
{
	struct val *out = val_map(a);

	for (size_t i = 0; hosts && i < hosts->map.len; i++) {
		const struct member *m = &hosts->map.at[i];
		struct breaker_says says = { 0 };

		if (m->v->kind == VAL_MAP)
			judge(m->v, clock_wall_us(), &says);
		if (says.until_us && !sv_eq(sv(m->key), host))
			val_set(a, out, m->key, m->v);
	}
	return out;
}

static int
write_hosts(
    struct arena *a, const char *path, const struct val *hosts, struct err *e)
{
	struct val *v = val_map(a);
	auto_str text = STR_INIT;

	if (!hosts->map.len)
		return unlink(path) < 0 ? err_sys(e, "remove %s", path) : 0;
	val_set(a, v, "v", val_int(a, 1));
	val_set(a, v, "hosts", hosts);
	json_write(&text, v, JSON_COMPACT);
	str_addc(&text, '\n');
	return file_put(path, text.buf, text.len, 0644, e);
}

static struct val *
prolonged(
    struct arena *a, const struct val *old, const struct breaker_says *says)
{
	struct breaker_says was = { 0 };
	long long now = clock_wall_us(), until = says->until_us;
	bool known = says->known;
	struct val *v = val_map(a);

	if (old && old->kind == VAL_MAP)
		judge(old, now, &was);
	if (was.until_us > until) {
		until = was.until_us;
		known = was.known;
	}
	val_set(a, v, "first_seen_us",
	    val_int(
		a, was.until_us ? val_num(old, "first_seen_us", now) : now));
	val_set(a, v, "last_seen_us", val_int(a, now));
	val_set(a, v, "attempts",
	    val_int(a, was.until_us ? val_num(old, "attempts", 0) + 1 : 1));
	val_set(a, v, "until_us", val_int(a, until));
	val_set(a, v, "known", val_bool(a, known));
	return v;
}

int
breaker_shut(const char *root, const char *host,
    const struct breaker_says *says, struct err *e)
{
	auto_arena a = ARENA_INIT;
	auto_str path = STR_INIT;
	auto_fd int lock = ticket_bar(root, e);
	struct err damaged = ERR_INIT;
	const struct val *hosts, *old;
	struct val *all;

	if (lock < 0)
		return -1;
	path_of(&path, root);
	hosts = read_hosts(&a, path.buf, &damaged);
	old = hosts ? val_get(hosts, host) : NULL;
	all = without(&a, hosts, host);
	val_set(&a, all, host, prolonged(&a, old, says));
	return write_hosts(&a, path.buf, all, e);
}

int
breaker_open(const char *root, const char *host, struct err *e)
{
	auto_arena a = ARENA_INIT;
	auto_str path = STR_INIT;
	auto_fd int lock = -1;
	const struct val *hosts;

	path_of(&path, root);
	if (!file_exists(path.buf))
		return 0;
	lock = ticket_bar(root, e);
	if (lock < 0)
		return -1;
	hosts = read_hosts(&a, path.buf, e);
	if (!hosts || !val_get(hosts, host))
		return hosts ? 0 : -1;
	return write_hosts(&a, path.buf, without(&a, hosts, host), e);
}
