/* What a run's tickets say of it, for people and for other runs. */
#include "base/auto.h"
#include "gate/ticket_file.h"
#include "gate/turn_part.h"
#include "os/proc.h"

/* What does not change: it is asked of the kernel once. */
const struct val *
turn_facts(struct arena *a, pid_t guard)
{
	struct val *v = val_map(a);
	char boot[PROC_BOOT_ID], space[TICKET_SPACE];

	val_set(a, v, "guard", val_int(a, guard));
	val_set(
	    a, v, "guard_start", val_int(a, (long long)proc_start_time(guard)));
	if (proc_boot_id(boot))
		val_set(a, v, "boot_id", val_text(a, boot));
	if (ticket_pid_space(space))
		val_set(a, v, "pid_space", val_text(a, space));
	return v;
}

static const struct val *
waits_for(struct arena *a, const struct turn_news *n)
{
	struct val *v;

	if (n->granted || !n->by)
		return NULL;
	v = val_map(a);
	val_set(a, v, "run", val_text(a, n->by->run));
	val_set(a, v, "loop", val_text(a, n->by->loop));
	val_set(a, v, "claim", val_text(a, n->claim->text));
	val_set(a, v, "ahead", val_int(a, (long long)n->ahead));
	return v;
}

const struct val *
turn_content(struct turn *t, struct arena *a, enum queue_where where)
{
	struct val *v = val_map(a), *up = val_list(a);

	val_set(a, v, "v", val_int(a, QUEUE_VERSION));
	val_set(a, v, "run", val_text(a, t->spec.run));
	val_set(a, v, "loop", val_text(a, t->spec.loop));
	val_set(a, v, "root", val_text(a, t->spec.root));
	val_set(
	    a, v, "phase", val_text(a, t->news.granted ? "running" : "queued"));
	val_set(a, v, "drawn_at", val_text(a, t->drawn_at));
	if (t->since)
		val_set(a, v, "since", val_text(a, t->since));
	val_set(a, v, "scope", scope_val(a, &t->scope[where]));
	if (t->spec.single && where == QUEUE_PROJECT && !t->spec.open)
		val_set(a, v, "singleton", val_bool(a, true));
	if (t->spec.open)
		val_set(a, v, "no_lock", val_bool(a, true));
	val_set(a, v, "waits_for", waits_for(a, &t->news));
	for (size_t i = 0; i < t->facts->map.len; i++)
		val_set(a, v, t->facts->map.at[i].key, t->facts->map.at[i].v);
	if (t->engine) {
		val_set(a, v, "engine", val_int(a, t->engine));
		val_set(a, v, "engine_start",
		    val_int(a, (long long)proc_start_time(t->engine)));
	}
	if (t->spec.parent)
		val_set(a, v, "parent", val_text(a, t->spec.parent));
	for (size_t i = 0; i < t->nancestors; i++)
		val_push(a, up, val_text(a, t->ancestor[i]));
	if (up->list.len)
		val_set(a, v, "ancestors", up);
	return v;
}

int
turn_write(struct turn *t, struct err *e)
{
	auto_arena a = ARENA_INIT;

	for (int i = 0; i < QUEUES; i++)
		if (t->dir[i] &&
		    ticket_put(t->ticket[i],
			turn_content(t, &a, (enum queue_where)i), e) < 0)
			return -1;
	return 0;
}

static pid_t
process_of(const struct val *content, const char *who)
{
	struct proc p;

	return ticket_process(content, who, &p) ? p.pid : 0;
}

void
turn_note_above(struct turn *t, const struct val *content)
{
	t->above[0] = process_of(content, "guard");
	t->above[1] = process_of(content, "engine");
}

void
turn_above(const struct turn *t, pid_t out[2])
{
	out[0] = t->above[0];
	out[1] = t->above[1];
}
