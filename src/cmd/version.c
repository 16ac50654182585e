/* version: one line, or a JSON object. */
#include "base/auto.h"
#include "cmd/cmd.h"
#include "text/json.h"

struct version_opts {
	bool json;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON",
	  .at = offsetof(struct version_opts, json) },
};
/* clang-format on */

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct version_opts *o = given;
	struct val *doc;

	(void)e;
	if (!o->json) {
		str_adds(&a->out->buf, "ll-loop " LL_VERSION "\n");
		return 0;
	}
	doc = val_map(a->mem);
	val_set(a->mem, doc, "version", val_text(a->mem, LL_VERSION));
	val_set(a->mem, doc, "journal", val_int(a->mem, 1));
	json_write(&a->out->buf, doc, JSON_PRETTY);
	str_addc(&a->out->buf, '\n');
	return 0;
}

const struct cmd cmd_version = {
	.name = "version",
	.usage = "[--json]",
	.summary = "show the version",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct version_opts),
	.needs = NEEDS_NOTHING,
	.run = run,
};
