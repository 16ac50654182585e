/* run.json, the sealed files and the journal of a run that begins. */
#include "cmd/launch_new.h"

#include "cmd/launch_options.h"
#include "engine/context.h"
#include "store/runs.h"

struct journal *
launch_new(const struct launch_new *n, struct err *e)
{
	const struct opened *in = n->in;
	struct arena *a = in->args->mem;
	struct run_spec spec = {
		.loop_name = in->loop->name,
		.loop_file = in->found.path,
		.version = LL_VERSION,
		.cwd = n->cwd,
		.argv = launch_secrets_argv(n->secrets, a, in->args->argv),
		.files = in->files.at,
		.nfiles = in->files.n,
		.words = in->files.words,
		.nwords = in->files.nwords,
		.options = launch_options_val(a, in->o, n->set),
		.durable = n->set->durable,
	};
	struct unsynced base;
	struct journal *j;
	uint64_t seed;

	spec.inputs = context_short(a, in->context, &spec.long_inputs);
	spec.withheld = n->secrets->withheld;
	if (runs_seal(a, n->place, &spec, &seed, &base, e) < 0)
		return NULL;
	j = journal_create(n->place->journal, seed, n->set->durable, e);
	journal_stand_on(j, &base);
	return j;
}
