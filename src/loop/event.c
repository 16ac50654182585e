/*
 * The table of events, and one record as JSON.  A record is written straight
 * into the caller's text, since it is made six times a step.  Bytes that JSON
 * cannot hold travel as base64 under a marked key, at any depth, so that what
 * is read back folds to the same point.
 */
#include "loop/event.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/b64.h"
#include "base/clock.h"
#include "text/json.h"

#define MARK "_b64"

static const char *const names[EV_KINDS] = {
	[EV_RUN_START] = "run_start",
	[EV_SEALED] = "sealed",
	[EV_JOURNAL_REPAIRED] = "journal_repaired",
	[EV_PHASE] = "phase",
	[EV_LEFT_BEHIND] = "left_behind",
	[EV_OPERATOR] = "operator",
	[EV_WORKTREE] = "worktree",
	[EV_PARALLEL_START] = "parallel_start",
	[EV_ITEM_START] = "item_start",
	[EV_ITEM_COMPLETE] = "item_complete",
	[EV_LIMIT_RESERVE] = "limit_reserve",
	[EV_LIMIT_SETTLE] = "limit_settle",
	[EV_LIMIT_WARN] = "limit_warn",
	[EV_LIMIT_REACHED] = "limit_reached",
	[EV_JUDGE_START] = "judge_start",
	[EV_JUDGE_COMPLETE] = "judge_complete",
	[EV_RUN_END] = "run_end",
	[EV_LOOP_START] = "loop_start",
	[EV_LOOP_RESUME] = "loop_resume",
	[EV_STATE_ENTER] = "state_enter",
	[EV_ROUTE] = "route",
	[EV_ACTION_START] = "action_start",
	[EV_ACTION_COMPLETE] = "action_complete",
	[EV_ACTION_ERROR] = "action_error",
	[EV_EVALUATE] = "evaluate",
	[EV_MESSAGES_APPEND] = "messages_append",
	[EV_RETRY_EXHAUSTED] = "retry_exhausted",
	[EV_RETRY_BACKOFF] = "retry_backoff",
	[EV_RATE_LIMIT_WAITING] = "rate_limit_waiting",
	[EV_RATE_LIMIT_EXHAUSTED] = "rate_limit_exhausted",
	[EV_RATE_LIMIT_STORM] = "rate_limit_storm",
	[EV_API_ERROR_RETRY] = "api_error_retry",
	[EV_API_ERROR_EXHAUSTED] = "api_error_exhausted",
	[EV_INFRA_RETRY] = "infra_retry",
	[EV_INFRA_RETRY_EXHAUSTED] = "infra_retry_exhausted",
	[EV_CYCLE_DETECTED] = "cycle_detected",
	[EV_STALL_DETECTED] = "stall_detected",
	[EV_THROTTLE_WARN] = "throttle_warn",
	[EV_THROTTLE_HARD] = "throttle_hard",
	[EV_THROTTLE_STOP] = "throttle_stop",
	[EV_PROMPT_SIZE_WARN] = "prompt_size_warn",
	[EV_HOST_PRESSURE] = "host_pressure",
	[EV_HOST_PRESSURE_RELIEVED] = "host_pressure_relieved",
	[EV_HOST_PRESSURE_ABORT] = "host_pressure_abort",
	[EV_HOST_COOLDOWN] = "host_cooldown",
	[EV_HOST_SUBPROC_RSS] = "host_subproc_rss",
	[EV_HOST_BUDGET_EXCEEDED] = "host_budget_exceeded",
	[EV_HANDOFF_DETECTED] = "handoff_detected",
	[EV_HANDOFF_SPAWNED] = "handoff_spawned",
	[EV_MAX_STEPS_SUMMARY] = "max_steps_summary",
	[EV_MAX_ITERATIONS_SUMMARY] = "max_iterations_reached_summary",
	[EV_LOOP_COMPLETE] = "loop_complete",
};

/* The record's own members, which are no fields. */
static const char *const own[] = { "seq", "ts", "event", "item", "depth",
	"sum" };

const char *
event_name(enum event_kind kind)
{
	return kind < EV_KINDS ? names[kind] : "unknown";
}

enum event_kind
event_kind_of(const char *name)
{
	int kind = 0;

	while (kind < EV_KINDS && strcmp(names[kind], name) != 0)
		kind++;
	return (enum event_kind)kind;
}

static bool
is_own(const char *key)
{
	for (size_t i = 0; i < COUNT(own); i++)
		if (strcmp(own[i], key) == 0)
			return true;
	return false;
}

static void
add_num(struct str *out, long long n)
{
	char text[24];
	size_t at = sizeof(text);
	unsigned long long left =
	    n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n;

	do {
		text[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (n < 0)
		text[--at] = '-';
	str_add(out, text + at, sizeof(text) - at);
}

static void
add_b64(struct str *out, struct sv text)
{
	str_addc(out, '"');
	b64_encode(out, text.p, text.n);
	str_addc(out, '"');
}

static bool
is_marked(const char *key)
{
	return sv_ends(sv(key), MARK);
}

/* `"key":value` */
static void
add_member(struct str *out, const char *key, const struct val *v)
{
	size_t at;

	json_quote(out, key, strlen(key));
	if (v->kind != VAL_TEXT ||
	    (!is_marked(key) && json_is_exact(v->t.p, v->t.n))) {
		str_addc(out, ':');
		event_val_write(out, v);
		return;
	}
	at = out->len - 1;
	str_cut(out, at);
	str_adds(out, MARK "\":");
	add_b64(out, v->t);
}

static void
add_map(struct str *out, const struct val *map)
{
	str_addc(out, '{');
	for (size_t i = 0; i < map->map.len; i++) {
		if (i)
			str_addc(out, ',');
		add_member(out, map->map.at[i].key, map->map.at[i].v);
	}
	str_addc(out, '}');
}

static void
add_list(struct str *out, const struct val *list)
{
	str_addc(out, '[');
	for (size_t i = 0; i < list->list.len; i++) {
		if (i)
			str_addc(out, ',');
		event_val_write(out, list->list.at[i]);
	}
	str_addc(out, ']');
}

void
event_val_write(struct str *out, const struct val *v)
{
	switch (v->kind) {
	case VAL_MAP:
		add_map(out, v);
		return;
	case VAL_LIST:
		add_list(out, v);
		return;
	case VAL_INT:
		add_num(out, v->i);
		return;
	case VAL_TEXT:
		if (json_is_exact(v->t.p, v->t.n)) {
			json_quote(out, v->t.p, v->t.n);
			return;
		}
		str_adds(out, "{\"" MARK "\":");
		add_b64(out, v->t);
		str_addc(out, '}');
		return;
	default:
		json_write(out, v, JSON_COMPACT);
	}
}

void
event_write(struct str *out, const struct event *ev)
{
	const char *name = ev->kind < EV_KINDS ? names[ev->kind] : ev->name;
	char ts[CLOCK_TEXT];

	str_adds(out, "{\"seq\":");
	add_num(out, ev->seq);
	str_adds(out, ",\"ts\":\"");
	str_adds(out, clock_iso(ev->wall_us, ts));
	str_adds(out, "\",\"event\":");
	json_quote(out, name, strlen(name));
	for (size_t i = 0; ev->fields && i < ev->fields->map.len; i++) {
		const struct member *m = &ev->fields->map.at[i];

		assert(!is_own(m->key));
		str_addc(out, ',');
		add_member(out, m->key, m->v);
	}
	if (ev->item >= 0) {
		str_adds(out, ",\"item\":");
		add_num(out, ev->item);
	}
	if (ev->depth > 0) {
		str_adds(out, ",\"depth\":");
		add_num(out, ev->depth);
	}
}

static bool
needs_decoding(const struct val *v)
{
	if (v->kind == VAL_LIST)
		for (size_t i = 0; i < v->list.len; i++)
			if (needs_decoding(v->list.at[i]))
				return true;
	if (v->kind == VAL_MAP)
		for (size_t i = 0; i < v->map.len; i++)
			if (is_marked(v->map.at[i].key) ||
			    needs_decoding(v->map.at[i].v))
				return true;
	return false;
}

/* The bytes behind a marked member, or NULL when it holds no base64. */
static struct val *
decode_text(struct arena *a, const struct member *m)
{
	auto_str bytes = STR_INIT;
	struct val *v;

	if (m->v->kind != VAL_TEXT || !is_marked(m->key) ||
	    !b64_decode(&bytes, m->v->t.p, m->v->t.n))
		return NULL;
	v = val_bytes(a, bytes.buf, bytes.len);
	v->origin = m->v->origin;
	return v;
}

static struct member
decode_member(struct arena *a, const struct member *m)
{
	const struct val *text = decode_text(a, m);

	if (text)
		return (struct member) { arena_dup(a, m->key,
					     strlen(m->key) - strlen(MARK)),
			text, m->at };
	return (struct member) { m->key, event_val_read(a, m->v), m->at };
}

static const struct val *
decode_item(struct arena *a, const struct val *v)
{
	const struct val *text = NULL;

	if (v->kind == VAL_MAP && v->map.len == 1 &&
	    strcmp(v->map.at[0].key, MARK) == 0)
		text = decode_text(a, &v->map.at[0]);
	return text ? text : event_val_read(a, v);
}

const struct val *
event_val_read(struct arena *a, const struct val *v)
{
	struct val *copy;

	if (!needs_decoding(v))
		return v;
	copy = arena_new(a, sizeof(*copy));
	*copy = *v;
	if (v->kind == VAL_MAP) {
		copy->map.at = arena_new(a, v->map.len * sizeof(*v->map.at));
		for (size_t i = 0; i < v->map.len; i++)
			copy->map.at[i] = decode_member(a, &v->map.at[i]);
		return copy;
	}
	copy->list.at = arena_new(a, v->list.len * sizeof(*v->list.at));
	for (size_t i = 0; i < v->list.len; i++)
		copy->list.at[i] = decode_item(a, v->list.at[i]);
	return copy;
}

/* Days since 1970-01-01 (proleptic Gregorian; Hinnant's civil calendar). */
static long long
days(long long y, long long m, long long d)
{
	y -= m <= 2;
	m += m > 2 ? -3 : 9;
	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + d - 1 -
	    719468;
}

/* "2026-11-21T02:37:33.421523+00:00", nothing else. */
static bool
read_ts(const char *text, long long *us)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddddd+00:00";
	long long part[7] = { 0 };
	int n = 0;

	if (strlen(text) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		if (shape[i] != 'd') {
			if (text[i] != shape[i])
				return false;
			n++;
		} else if (text[i] < '0' || text[i] > '9')
			return false;
		else if (n < 7)
			part[n] = part[n] * 10 + (text[i] - '0');
	}
	*us =
	    ((days(part[0], part[1], part[2]) * 24 + part[3]) * 60 + part[4]) *
		60 +
	    part[5];
	*us = *us * 1000000 + part[6];
	return true;
}

bool
event_read(struct arena *a, const struct val *record, struct event *out)
{
	const char *name = val_str(record, "event", NULL);
	const char *ts = val_str(record, "ts", NULL);
	struct event ev = { .seq = val_num(record, "seq", 0),
		.item = val_num(record, "item", -1),
		.depth = val_num(record, "depth", 0) };
	struct val *fields;

	if (record->kind != VAL_MAP || !name || !ts || ev.seq < 1 ||
	    ev.depth < 0 || ev.depth > EVENT_DEPTH_MAX ||
	    !read_ts(ts, &ev.wall_us))
		return false;
	record = event_val_read(a, record);
	fields = val_map(a);
	fields->origin = record->origin;
	fields->map.at = arena_new(a, record->map.len * sizeof(struct member));
	for (size_t i = 0; i < record->map.len; i++)
		if (!is_own(record->map.at[i].key))
			fields->map.at[fields->map.len++] = record->map.at[i];
	ev.kind = event_kind_of(name);
	ev.name = name;
	ev.fields = fields;
	*out = ev;
	return true;
}
