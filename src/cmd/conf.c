/*
 * The two configuration files and the environment.  A file that is wrong
 * does not count at all: half of it might be the half that was not meant.
 */
#include "cmd/conf.h"

#include <errno.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/findings.h"
#include "loop/config.h"
#include "text/yml.h"

#define NAME "config.yaml"

/* A user whose home is closed to this process, as under sudo or in a
 * container, has no configuration here; a file that is there and closed is
 * an error. */
static bool
is_out_of_reach(const struct conf_file *f, const struct err *why)
{
	return f->from == FROM_USER && why->sys == EACCES &&
	    !file_exists(f->path);
}

static int
read_file(struct arena *a, struct conf_file *f, struct err *e)
{
	struct err why = ERR_INIT;

	if (!f->path)
		return 0;
	if (file_read(f->path, YML_MAX_BYTES, &f->text, &why) < 0) {
		if (why.kind == ERR_ABSENT || is_out_of_reach(f, &why))
			return 0;
		f->there = true;
		*e = why;
		return err_wrap(e, "configuration");
	}
	f->there = true;
	f->doc = config_read(a, f->path, str_sv(&f->text), &f->diags);
	diags_sort(&f->diags);
	if (f->doc)
		return 0;
	return err_set(e, ERR_INPUT,
	    "the configuration %s is invalid (%zu error%s)", f->path,
	    f->diags.errors, f->diags.errors == 1 ? "" : "s");
}

static void
option_colour(struct args *a, struct settings *s)
{
	struct settled what = { .from = FROM_OPTION, .name = "--color" };

	if (!a->global.color)
		return;
	what.v = val_text(a->mem, a->global.color);
	settings_put(s, SET_COLOR, what);
}

int
conf_load(struct args *a, struct err *e)
{
	struct settings *s = arena_new(a->mem, sizeof(*s));
	const char *const paths[] = { cmd_user_file(a->mem, NAME),
		path_join(a->mem, cmd_root(a), ".loops/" NAME) };
	struct err later = ERR_INIT;
	int rc = 0;

	settings_init(s, a->mem);
	a->settings = s;
	a->files = arena_new(a->mem, sizeof(*a->files));
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct conf_file *f = &a->files->at[i];

		*f = (struct conf_file) {
			.from = i ? FROM_PROJECT : FROM_USER,
			.path = paths[i],
			.text = STR_INIT,
			.diags = DIAGS_INIT,
		};
		if (read_file(a->mem, f, rc < 0 ? &later : e) < 0)
			rc = -1;
		if (f->doc)
			settings_document(s, f->from, f->doc);
	}
	if (settings_environment(s, rc < 0 ? &later : e) < 0)
		rc = -1;
	option_colour(a, s);
	return rc;
}

void
conf_say(struct args *a, bool only_wrong)
{
	for (size_t i = 0; i < COUNT(a->files->at); i++) {
		const struct conf_file *f = &a->files->at[i];

		if (f->path && (!only_wrong || f->diags.errors))
			findings_say_file(
			    a->said, &f->diags, f->path, str_sv(&f->text));
	}
}

size_t
conf_later(const struct args *a)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT(a->files->at); i++)
		n += a->files->at[i].diags.warnings;
	return n;
}

void
conf_release(struct args *a)
{
	for (size_t i = 0; a->files && i < COUNT(a->files->at); i++) {
		str_release(&a->files->at[i].text);
		diags_release(&a->files->at[i].diags);
	}
}
