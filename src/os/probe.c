/* The table of requests, and the small ones among them. */
#include "os/probe.h"

#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/git.h"
#include "os/print.h"
#include "os/probe_text.h"
#include "os/worktree.h"

enum { NUMBERS_FILE_MAX = 1 << 20 };

static const struct val *
fault(struct arena *a, const char *kind, const struct err *e)
{
	return helper_fault(a, kind, e->msg);
}

/* As print_tree() wants them. */
static const struct val *
cleaned(struct arena *a, const struct val *paths)
{
	auto_free char *cwd = getcwd(NULL, 0);
	struct val *out = val_list(a);

	for (size_t i = 0; paths && i < paths->list.len; i++) {
		const char *text = paths->list.at[i]->t.p;
		auto_free char *real = realpath(text, NULL);

		val_push(a, out,
		    val_text(a,
			real ? real : path_clean(a, path_join(a, cwd, text))));
	}
	return out;
}

static const struct val *
files(const struct val *args, struct arena *a)
{
	const struct val *skip = cleaned(a, val_get(args, "skip"));
	const struct val *paths = val_get(args, "paths");
	struct print *p = print_new();
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	char hex[PRINT_HEX];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < paths->list.len; i++)
		rc = print_tree(p, a, paths->list.at[i]->t.p, skip, &e);
	val_set(a, v, "print", val_text(a, print_hex(p, hex)));
	val_set(a, v, "files", val_int(a, (long long)print_count(p)));
	print_free(p);
	return rc < 0 ? fault(a, "limit", &e) : v;
}

static const struct val *
numbers(const struct val *args, struct arena *a)
{
	struct val *v = val_map(a), *list = val_list(a);
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;
	struct sv rest, line;
	double number;

	if (file_read(val_str(args, "file", ""), NUMBERS_FILE_MAX, &text, &e) <
		0 &&
	    e.kind != ERR_ABSENT)
		return fault(a, "unreadable", &e);
	rest = str_sv(&text);
	while (sv_cut(&rest, '\n', &line))
		if (sv_to_real(sv_trim(line), &number))
			val_push(a, list, val_real(a, number));
	val_set(a, v, "numbers", list);
	return v;
}

static const struct {
	const char *name;
	helper_answer *answer;
} requests[] = {
	{ "git_changes", repo_changes },
	{ "files", files },
	{ "numbers", numbers },
	{ "text", probe_text },
	{ "put_text", probe_put_text },
	{ "worktree_add", worktree_add },
	{ "worktree_check", worktree_check },
	{ "worktree_close", worktree_close },
	{ "worktree_forget", worktree_forget },
	{ "worktree_gone", worktree_gone },
	{ "worktree_keep", worktree_keep },
	{ "worktree_list", worktree_list },
	{ "worktree_main", worktree_main },
	{ "worktree_remove", worktree_remove },
	{ "worktree_restore", worktree_restore },
	{ "worktree_snapshot", worktree_snapshot },
	{ "worktree_state", worktree_state },
	{ "worktree_undo", worktree_undo },
};

/* In the helper, whose working directory is its own. */
static const struct val *
answer(const struct val *args, struct arena *a)
{
	const char *request = val_str(args, "request", "");
	struct err e = ERR_INIT;

	if (chdir(val_str(args, "cwd", ".")) < 0) {
		err_sys(&e, "%s", val_str(args, "cwd", "."));
		return fault(a, "failed", &e);
	}
	for (size_t i = 0; i < COUNT(requests); i++)
		if (strcmp(requests[i].name, request) == 0)
			return requests[i].answer(args, a);
	err_set(&e, ERR_INTERNAL, "no request '%s'", request);
	return fault(a, "failed", &e);
}

void
probe_ask(const struct probe *q, struct arena *a, struct helped *out)
{
	struct val *args = val_map(a);
	struct helper h = { answer, args, q->limit_ms ? q->limit_ms : PROBE_MS,
		q->sig };

	val_set(a, args, "request", val_text(a, q->request));
	for (size_t i = 0; i < q->args->map.len; i++)
		val_set(a, args, q->args->map.at[i].key, q->args->map.at[i].v);
	helper_ask(&h, a, out);
}
