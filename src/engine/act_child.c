/*
 * The child of a command: the command itself when no shell is needed, else
 * bash with its text.
 */
#include "engine/act_child.h"

#include <string.h>

#include "engine/act_mcp.h"
#include "engine/room.h"
#include "os/spawn.h"

enum { TEXT_AS_FILE = 100 * 1024 /* longer text is run as a file */ };

static int
hear_bytes(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct worker *l = self;
	const struct secret_to to = { room_hear, l };

	if (!l->run->mask)
		return room_hear(l, stream, p, n, e);
	return secret_sift(
	    &l->secret, l->run->mask, stream, sv_make(p, n), &to, e);
}

static const char *
action_file(struct run *run, const char *text, struct err *e)
{
	struct kept kept;

	if (run->mask && mask_hits(run->mask, sv(text)))
		return secret_lend(
		    &run->worker->secret, run_mem(run), sv(text), e);
	if (run->vault.keep(run->vault.self, "action", sv(text), run_mem(run),
		&kept, e) < 0)
		return NULL;
	return kept.file;
}

/* The program and its words: the command itself when no shell is needed. */
static int
choose_argv(struct run *run, const struct command *c, struct child_spec *spec,
    struct err *e)
{
	const struct tool *tool = &run->worker->tool;
	const char **argv;

	if (tool->argv) {
		spec->file = "/proc/self/exe";
		spec->argv = tool->argv;
		spec->in = tool->in;
		return 0;
	}
	if (c->argv && run->direct) {
		spec->file = spawn_find(run_mem(run), c->argv[0], run->path);
		spec->argv = c->argv;
		if (spec->file)
			return 0;
	}
	argv = arena_new(run_mem(run), 4 * sizeof(*argv));
	argv[0] = "bash";
	argv[1] = "-c";
	argv[2] = c->run;
	if (strlen(c->run) > TEXT_AS_FILE) {
		argv[1] = action_file(run, c->run, e);
		argv[2] = NULL;
		if (!argv[1])
			return -1;
	}
	spec->file = run->bash;
	spec->argv = (char *const *)argv;
	return 0;
}

int
act_child_start(struct run *run, const struct state *s, struct err *e)
{
	struct worker *l = run->worker;
	const struct room_env values = { l->command.env.at, l->command.env.len,
		false };

	room_fill(run, s, &values);
	if (l->tool.argv)
		l->spec.timeout_ms = act_mcp_limit_ms(run_loop(run), s);
	l->spec.bytes = hear_bytes;
	if (choose_argv(run, &l->command, &l->spec, e) < 0 ||
	    room_begin(run, s, e) < 0)
		return -1;
	return run->actor.start(run->actor.self, l->slot, &l->spec, e);
}

int
act_child_end(struct run *run, struct err *e)
{
	struct worker *l = run->worker;
	const struct secret_to to = { room_hear, l };

	if (secret_sift_end(&l->secret, &to, e) < 0)
		return -1;
	return room_end(run, e);
}
