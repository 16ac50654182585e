/*
 * config: what holds when the command line says nothing, and who says so; or
 * the reference's configuration in our words.  Nothing is ever overwritten.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "base/size.h"
#include "cmd/config_import.h"
#include "cmd/conf.h"
#include "loop/config.h"
#include "show/table.h"
#include "text/json.h"
#include "text/yml.h"

#define OURS ".loops/config.yaml"
#define THEIRS ".ll/ll-config.json"

struct config_opts {
	bool json, write;
	const char *import;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON: {files, settings}",
	  .at = offsetof(struct config_opts, json) },
	{ .type = OPT_TEXT, .name = "import", .arg = "FILE",
	  .help = "print what FILE, a " THEIRS ", says as a " OURS,
	  .at = offsetof(struct config_opts, import) },
	{ .type = OPT_FLAG, .name = "write",
	  .help = "with --import: make " OURS " of it, unless there is one",
	  .at = offsetof(struct config_opts, write) },
};
/* clang-format on */

/* ---- what holds ---- */

static const char *
shown_value(struct arena *a, enum setting id, const struct settings *s)
{
	const struct val *v = s->at[id].v;
	bool acted;
	auto_str out = STR_INIT;

	if (!v)
		str_adds(&out, "-");
	else if (setting_key(id, &acted)->type == KT_SIZE)
		size_add(&out, settings_num(s, id));
	else if (v->kind == VAL_TEXT)
		str_addsv(&out, v->t);
	else
		json_write(&out, v, JSON_COMPACT);
	return arena_dup(a, out.buf, out.len);
}

static const char *
shown_giver(struct args *a, const char *cwd, const struct settled *x)
{
	if (x->at.file)
		return arena_printf(a->mem, "%s:%d:%d",
		    path_inside(x->at.file, cwd), x->at.line, x->at.col);
	return x->name ? x->name : giver_name(x->from);
}

static void
say(struct args *a)
{
	static const struct table_col cols[] = {
		{ "SETTING", PAINT_BOLD, false },
		{ "VALUE", PAINT_NONE, false },
		{ "FROM", PAINT_DIM, false },
		{ "", PAINT_WARN, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };
	auto_free char *here = getcwd(NULL, 0);
	const char *cwd = here ? here : "/";

	for (int i = 0; i < SETTINGS; i++) {
		enum setting id = (enum setting)i;
		bool acted;

		setting_key(id, &acted);
		table_add(&t, setting_row(id)->path);
		table_add(&t, shown_value(a->mem, id, a->settings));
		table_add(&t, shown_giver(a, cwd, &a->settings->at[id]));
		table_add(&t, acted ? "" : "not acted on yet");
	}
	table_show(&t, a->out);
	table_release(&t);
}

static const struct val *
setting_val(struct arena *a, enum setting id, const struct settings *s)
{
	const struct settled *x = &s->at[id];
	struct val *v = val_map(a);
	bool acted;
	const struct key *k = setting_key(id, &acted);
	const struct val *value = x->v ? x->v : val_null(a);

	if (x->v && k->type == KT_SIZE)
		value = val_int(a, settings_num(s, id));
	val_set(a, v, "value", value);
	val_set(a, v, "from", val_text(a, giver_name(x->from)));
	if (x->name)
		val_set(a, v, "name", val_text(a, x->name));
	if (x->at.file) {
		val_set(a, v, "file", val_text(a, x->at.file));
		val_set(a, v, "line", val_int(a, x->at.line));
		val_set(a, v, "column", val_int(a, x->at.col));
	}
	val_set(a, v, "acted_on", val_bool(a, acted));
	return v;
}

static void
say_json(struct args *a)
{
	struct val *doc = val_map(a->mem), *all = val_map(a->mem);
	struct val *files = val_list(a->mem);

	for (size_t i = 0; i < COUNT(a->files->at); i++) {
		const struct conf_file *f = &a->files->at[i];
		struct val *v = val_map(a->mem);

		if (!f->path)
			continue;
		val_set(
		    a->mem, v, "from", val_text(a->mem, giver_name(f->from)));
		val_set(a->mem, v, "file", val_text(a->mem, f->path));
		val_set(a->mem, v, "present", val_bool(a->mem, f->there));
		val_push(a->mem, files, v);
	}
	for (int i = 0; i < SETTINGS; i++)
		val_set(a->mem, all, setting_row((enum setting)i)->path,
		    setting_val(a->mem, (enum setting)i, a->settings));
	val_set(a->mem, doc, "files", files);
	val_set(a->mem, doc, "settings", all);
	json_write(&a->out->buf, doc, JSON_PRETTY);
	str_addc(&a->out->buf, '\n');
}

/* Somebody who comes from the reference should not wonder. */
static void
hint(struct args *a)
{
	const char *theirs = path_join(a->mem, cmd_root(a), THEIRS);

	if (!a->files->at[1].there && file_is_regular(theirs))
		cmd_complain(a,
		    "%s is not read; 'll-loop config --import %s' translates "
		    "it",
		    THEIRS, theirs);
}

/* ---- import ---- */

static void
tell(void *self, const char *path, const char *why)
{
	cmd_complain(self, "'%s' is not taken over: %s", path,
	    why ? why : "there is nothing like it here");
}

/* A new file, whole or not at all. */
static int
put_new(const char *path, const struct str *text, struct err *e)
{
	auto_fd int fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);

	if (fd < 0 && errno == EEXIST)
		return err_set(e, ERR_USAGE,
		    "%s is there already and is not overwritten", path);
	if (fd < 0)
		return err_sys(e, "create %s", path);
	if (file_write_all(fd, text->buf, text->len) == 0 && fsync(fd) == 0)
		return 0;
	err_sys(e, "write %s", path);
	unlink(path);
	return -1;
}

static int
import(const struct config_opts *o, struct args *a, struct err *e)
{
	const char *dir = path_join(a->mem, cmd_root(a), ".loops");
	auto_str text = STR_INIT, yaml = STR_INIT;
	const struct val *map;

	if (file_read(o->import, YML_MAX_BYTES, &text, e) < 0)
		return -1;
	map = config_import(a->mem, o->import, str_sv(&text), tell, a, e);
	if (!map)
		return -1;
	config_write(&yaml, map);
	if (!o->write) {
		str_addsv(&a->out->buf, str_sv(&yaml));
		return 0;
	}
	if (file_mkdirs(dir, 0777, e) < 0)
		return -1;
	return put_new(path_join(a->mem, dir, "config.yaml"), &yaml, e);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct config_opts *o = given;

	if (o->write && !o->import)
		return err_set(e, ERR_USAGE, "--write goes with --import FILE");
	if (o->import)
		return import(o, a, e);
	if (o->json)
		say_json(a);
	else
		say(a);
	out_flush(a->out);
	conf_say(a, false);
	hint(a);
	return 0;
}

const struct cmd cmd_config = {
	.name = "config",
	.usage = "[--json] | --import FILE [--write]",
	.summary = "show the settings and where they come from",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct config_opts),
	.needs = NEEDS_SETTINGS,
	.run = run,
};
