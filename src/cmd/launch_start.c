/* run_start: what the run is, and all that it begins with. */
#include "cmd/launch_start.h"

#include "engine/context.h"
#include "os/proc.h"

const struct val *
launch_start(const struct launch_start *s, struct arena *a, struct err *e)
{
	struct val *v = val_map(a);
	char boot[PROC_BOOT_ID];

	val_set(a, v, "v", val_int(a, 1));
	val_set(a, v, "run", val_text(a, s->place->run));
	if (proc_boot_id(boot))
		val_set(a, v, "boot_id", val_text(a, boot));
	val_set(a, v, "loop", val_text(a, s->run->loop->name));
	val_set(a, v, "version", val_text(a, LL_VERSION));
	val_set(a, v, "pid", val_int(a, s->pid));
	val_set(a, v, "root", val_text(a, s->place->root));
	val_set(a, v, "cwd", val_text(a, s->cwd));
	val_set(a, v, "max_steps", val_int(a, run_max_steps(s->run)));
	val_set(a, v, "max_iterations", val_int(a, run_max_iterations(s->run)));
	val_set(a, v, "backoff_ms", val_int(a, run_backoff_ms(s->run)));
	val_set(a, v, "timeout_ms", val_int(a, run_timeout_ms(s->run)));
	if (s->hosts)
		val_set(a, v, "hosts", s->hosts);
	launch_secrets_fields(s->secrets, a, v);
	if (context_put(a, &s->run->vault, s->context, v, e) < 0)
		return NULL;
	return v;
}
