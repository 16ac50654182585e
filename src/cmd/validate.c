/*
 * validate: every finding of every named loop at once, each with its place.
 * Nothing is touched.  With several names the status is the highest; a loop
 * that is not there is a finding too, so that --json always has a document.
 */
#include <string.h>

#include "base/auto.h"
#include "cmd/cmd.h"
#include "cmd/findings.h"
#include "cmd/hosts_asked.h"
#include "cmd/settings.h"
#include "cmd/where.h"
#include "loop/family.h"
#include "loop/find.h"
#include "loop/load.h"
#include "show/diagnostics.h"
#include "show/hosts.h"
#include "text/json.h"

struct validate_opts {
	bool json, lenient, builtin;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON: {loop, valid, violations}, in a list for several",
	  .at = offsetof(struct validate_opts, json) },
	{ .type = OPT_FLAG, .name = "lenient",
	  .help = "unknown keys are warnings",
	  .at = offsetof(struct validate_opts, lenient) },
	{ .type = OPT_FLAG, .name = "builtin",
	  .help = "look only among the shipped loops",
	  .at = offsetof(struct validate_opts, builtin) },
};
/* clang-format on */

/* One loop on its way. */
struct job {
	const struct validate_opts *o;
	struct args *args;
	const struct find *where;
	const char *word;
	struct diags diags;
	int status;
	struct val *docs; /* for --json */
	const struct val *hosts;
};

static struct findings_hide
hidden(const struct job *j)
{
	return (struct findings_hide) {
		.names = settings_list(j->args->settings, SET_SECRETS),
	};
}

static void
say(struct job *j, const struct loop_files *files)
{
	const struct findings_hide hide = hidden(j);
	struct out *o = j->args->out;

	findings_say(o, &j->diags, files, &hide);
	diagnostics_sum(o, &j->diags, j->word);
	show_hosts(o, j->hosts);
	out_flush(o);
}

static void
add_doc(struct job *j, const struct loop_files *files)
{
	const struct findings_hide hide = hidden(j);
	struct arena *a = j->args->mem;
	struct val *doc = val_map(a);

	val_set(a, doc, "loop", val_text(a, j->word));
	val_set(a, doc, "valid", val_bool(a, j->diags.errors == 0));
	val_set(a, doc, "violations", findings_val(a, &j->diags, files, &hide));
	val_set(a, doc, "hosts", j->hosts);
	val_push(a, j->docs, doc);
}

static void
check(struct job *j)
{
	struct loop_files files = LOOP_FILES_INIT;
	const struct load_opts how = { .lenient = j->o->lenient,
		.find = j->where,
		.files = &files,
		.family = family_new() };
	const struct place nowhere = { NULL, 0, 0 };
	struct found found = { .text = STR_INIT };
	struct err e = ERR_INIT;

	if (find_loop(j->where, j->word, j->args->mem, &found, &e) < 0) {
		diag_add(&j->diags, nowhere, "E020", "<root>", "%s", e.msg);
		j->status = e.kind == ERR_ABSENT ? err_exit(&e) : 1;
		if (!j->o->json)
			cmd_complain(j->args, "%s", e.msg);
	} else {
		struct loop *l = loop_load(found.path, found.text.buf,
		    found.text.len, found.name, &how, &j->diags);

		if (l && !j->diags.errors)
			j->hosts = hosts_asked_here(j->args, l);
		loop_free(l);
		diags_sort(&j->diags);
		j->status = j->diags.errors ? 1 : 0;
		if (!j->o->json)
			say(j, &files);
	}
	if (j->o->json)
		add_doc(j, &files);
	str_release(&found.text);
	family_free(how.family);
	loop_files_release(&files);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct validate_opts *o = given;
	struct find where = cmd_where(a);
	struct val *docs = val_list(a->mem);
	int status = 0;

	(void)e;
	where.builtin_only = o->builtin;
	for (size_t i = 0; i < a->n; i++) {
		struct job j = { o, a, &where, a->at[i], DIAGS_INIT, 0, docs,
			NULL };

		check(&j);
		diags_release(&j.diags);
		if (j.status > status)
			status = j.status;
	}
	if (o->json) {
		json_write(&a->out->buf,
		    docs->list.len == 1 ? docs->list.at[0] : docs, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	}
	return status;
}

const struct cmd cmd_validate = {
	.name = "validate",
	.alias = "val",
	.usage = "[--json] [--lenient] LOOP ...",
	.summary = "check loop files without running anything",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct validate_opts),
	.min = 1,
	.max = 10000,
	.run = run,
};
