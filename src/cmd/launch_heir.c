/*
 * An agent that is told to resume the run.  It is made while its number can
 * still be recorded, and waits for the guard to give the ticket back: the
 * guard's end of the lifeline closes behind that, or when the guard dies.
 */
#include "cmd/launch_heir.h"

#include <unistd.h>

#include "base/auto.h"
#include "cmd/cmd.h"
#include "cmd/launch_env.h"
#include "host/line.h"
#include "os/heir.h"
#include "os/memfile.h"

/* A detached call of the loop's host. */
static int
line_of(const struct launch_heir *h, struct sv prompt, struct host_line *out,
    struct err *e)
{
	const struct hosting *by = &h->run->hosting;
	struct host_ask ask = { .at = { [SLOT_PROMPT] = prompt } };
	struct host_line_in in = { .call = CALL_DETACHED, .ask = &ask };

	if (by->none)
		return err_set(e, ERR_NEED, "--no-llm: no agent is started");
	if (by->model)
		ask.at[SLOT_MODEL] = sv(by->model);
	ask.at[SLOT_DIRECTORY] = sv(h->cwd);
	if (by->take(by->self, h->run->loop->host, &in.host, &in.program, e) <
	    0)
		return -1;
	if (!in.host->call[CALL_DETACHED].n)
		return err_set(e, ERR_NEED,
		    "host '%s' cannot be started on its own", in.host->name);
	return host_line(&in, h->args->mem, out, e);
}

/* Ours without what was set for this run, and what the host wants. */
static char *const *
env_of(const struct launch_heir *h, const struct host_line *line)
{
	struct arena *a = h->args->mem;
	char *const *ours = launch_env(a, environ, NULL, 0);
	size_t n = 0, k = 0;
	char **env;

	while (ours[n])
		n++;
	env = arena_new(a, (n + line->nenv + 1) * sizeof(*env));
	for (size_t i = 0; i < line->nenv; i++)
		env[k++] = arena_strdup(a, line->env[i]);
	for (size_t i = 0; i < n; i++)
		env[k++] = ours[i];
	return env;
}

static long long
make(void *self, const char *continuation, struct err *e)
{
	const struct launch_heir *h = self;
	struct arena *a = h->args->mem;
	const char *prompt = arena_printf(a,
	    "Run `ll-loop resume %s` and wait until it has ended.\n\n%s", h->id,
	    continuation);
	struct heir_spec s = { .cwd = h->cwd, .in = -1, .life = h->life };
	struct host_line line;
	auto_fd int in = -1;
	pid_t pid;

	if (line_of(h, sv(prompt), &line, e) < 0)
		return -1;
	if (line.on_stdin) {
		in = memfile_sealed(sv(prompt), e);
		if (in < 0)
			return -1;
	}
	s.file = line.argv[0];
	s.argv = line.argv;
	s.env = env_of(h, &line);
	s.in = in;
	pid = heir_make(&s, e);
	if (pid > 0 && !guard_name_heir(h->guard, pid))
		return err_set(e, ERR_IO, "no memory for its number");
	return pid;
}

struct heir
launch_heir(struct launch_heir *h)
{
	return (struct heir) { make, h };
}
