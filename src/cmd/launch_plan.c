/* A run that does not happen, as text or JSON; secrets are masked in it. */
#include "cmd/launch_plan.h"

#include "cmd/claims.h"
#include "show/plan.h"

int
launch_plan(struct args *a, const struct launch_secrets *secrets,
    struct launch_hosts *hosts, const struct launch_values *set,
    const struct val *limits)
{
	const struct opened *in = hosts->in;
	size_t from = a->out->buf.len;
	const struct claims_from claims = { in->loop, in->context, in->root,
		secrets->found.mask };
	const struct plan plan = {
		.loop = in->loop,
		.context = in->context,
		.givers = in->started.givers,
		.hosts = launch_hosts_asked(hosts),
		.limits = limits,
		.scope = claims_val(&claims, in->args->mem),
		.max_steps = opened_max_steps(in),
		.timeout_ms = set->timeout_ms >= 0 ? set->timeout_ms
						   : in->loop->timeout_ms,
	};

	if (in->o->json)
		plan_json(&a->out->buf, &plan);
	else
		plan_text(a->out, &plan);
	launch_secrets_hide_plan(
	    secrets, a->mem, &a->out->buf, from, in->o->json);
	return 0;
}
