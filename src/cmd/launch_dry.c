/* A launch up to where it would touch something: the plan is shown instead. */
#include "cmd/launch_dry.h"

#include "show/plan.h"

int
launch_dry(const struct opened *in, const struct launch_values *set,
    const struct launch_secrets *secrets)
{
	struct out *out = in->args->out;
	size_t from = out->buf.len;
	const struct plan plan = {
		.loop = in->loop,
		.context = in->context,
		.givers = in->started.givers,
		.max_steps = opened_max_steps(in),
		.timeout_ms = set->timeout_ms >= 0 ? set->timeout_ms
						   : in->loop->timeout_ms,
	};

	if (in->o->json)
		plan_json(&out->buf, &plan);
	else
		plan_text(out, &plan);
	launch_secrets_hide_plan(
	    secrets, in->args->mem, &out->buf, from, in->o->json);
	return 0;
}
