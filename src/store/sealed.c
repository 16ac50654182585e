/*
 * The sealed files of a run, read back.  They are the user's to look at, and
 * so may have been changed: what is not byte for byte what was sealed is
 * refused, and nothing of the project takes its place.
 */
#include "store/sealed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "loop/event.h"
#include "text/json.h"
#include "text/yml.h"

enum { RUN_JSON_MAX = 16 << 20 };

static int
unfit(const struct place_run *p, const char *what, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s: %s", p->run_json, what);
}

static const struct val *
read_json(struct arena *a, const struct place_run *p, struct err *e)
{
	const struct val *doc;
	auto_str text = STR_INIT;

	if (file_read(p->run_json, RUN_JSON_MAX, &text, e) < 0) {
		if (e->kind == ERR_ABSENT)
			e->kind = ERR_INPUT;
		return NULL;
	}
	doc = json_read(a, text.buf, text.len, ORIGIN_DATA, e);
	if (!doc)
		err_wrap(e, "%s", p->run_json);
	return doc ? event_val_read(a, doc) : NULL;
}

static int
check(const char *path, const struct str *text, const char *sum, struct err *e)
{
	char got[17];

	snprintf(got, sizeof(got), "%016llx",
	    (unsigned long long)XXH3_64bits(text->buf, text->len));
	if (strcmp(got, sum) == 0)
		return 0;
	return err_set(
	    e, ERR_INPUT, "%s: changed since the run sealed it", path);
}

static int
read_file(struct sealed *s, struct arena *a, const struct place_run *p,
    const struct val *row, struct err *e)
{
	const char *name = val_str(row, "sealed", NULL);
	const char *path = val_str(row, "path", NULL);
	const char *how = val_str(row, "how", NULL), *file;
	auto_str text = STR_INIT;

	if (!name || !path || strncmp(name, "sealed/", 7) != 0 ||
	    strchr(name + 7, '/'))
		return unfit(p, "a row of 'files' is none of ours", e);
	file = path_join(a, p->ll, name);
	if (file_read(file, YML_MAX_BYTES, &text, e) < 0) {
		if (e->kind == ERR_ABSENT)
			e->kind = ERR_INPUT;
		return err_wrap(e, "a sealed file (%s then)", path);
	}
	if (check(file, &text, val_str(row, "sum", ""), e) < 0)
		return -1;
	loop_files_add(&s->files,
	    &(struct loop_file) {
		.path = path, .text = str_sv(&text), .how = how });
	return 0;
}

static int
read_word(struct sealed *s, const struct place_run *p, const struct val *row,
    struct err *e)
{
	struct loop_word w = { val_str(row, "by", NULL),
		val_str(row, "word", NULL), val_str(row, "path", NULL) };

	if (!w.word || !w.path)
		return unfit(p, "a row of 'words' is none of ours", e);
	loop_files_say(&s->files, &w);
	return 0;
}

int
sealed_add(struct arena *a, const struct place_run *p, struct sealed *s,
    const struct val *record, struct err *e)
{
	const struct val *files = val_get(record, "files");
	const struct val *words = val_get(record, "words");
	size_t n = files && files->kind == VAL_LIST ? files->list.len : 0;
	size_t nwords = words && words->kind == VAL_LIST ? words->list.len : 0;

	for (size_t i = 0; i < n; i++)
		if (read_file(s, a, p, files->list.at[i], e) < 0)
			return -1;
	for (size_t i = 0; i < nwords; i++)
		if (read_word(s, p, words->list.at[i], e) < 0)
			return -1;
	return 0;
}

int
sealed_read(struct arena *a, const struct place_run *p, struct sealed *out,
    struct err *e)
{
	struct sealed s = { .files = LOOP_FILES_INIT };
	int rc = -1;

	s.json = read_json(a, p, e);
	if (s.json && !val_get(s.json, "words"))
		unfit(p, "it does not say what the words of the loop meant", e);
	else if (s.json)
		rc = sealed_add(a, p, &s, s.json, e);
	if (rc < 0)
		sealed_release(&s);
	else
		*out = s;
	return rc;
}

void
sealed_release(struct sealed *s)
{
	loop_files_release(&s->files);
}
