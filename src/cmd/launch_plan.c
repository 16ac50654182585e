/* run --dry-run: what would run, and nothing of it. */
#include "cmd/launch_plan.h"

#include "cmd/claims.h"
#include "show/plan.h"

void
launch_plan(struct opened *in, struct launch_secrets *secrets,
    const struct launch_values *set)
{
	size_t from = in->args->out->buf.len;
	const struct claims_from claims = { in->loop, in->context, in->root,
		secrets->found.mask };
	const struct plan plan = {
		.loop = in->loop,
		.context = in->context,
		.givers = in->started.givers,
		.scope = claims_val(&claims, in->args->mem),
		.max_steps = opened_max_steps(in),
		.timeout_ms = set->timeout_ms >= 0 ? set->timeout_ms
						   : in->loop->timeout_ms,
	};

	if (in->o->json)
		plan_json(&in->args->out->buf, &plan);
	else
		plan_text(in->args->out, &plan);
	launch_secrets_hide_plan(
	    secrets, in->args->mem, &in->args->out->buf, from, in->o->json);
}
