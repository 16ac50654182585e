/* What a helper says about worktrees, as errors with an exit status. */
#include "cmd/worktree_ask.h"

#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "base/path.h"

static enum err_kind
kind_of(const char *word)
{
	static const struct {
		const char *word;
		enum err_kind kind;
	} rows[] = {
		{ "refused", ERR_INPUT },
		{ "absent", ERR_INPUT },
		{ "taken", ERR_CREATE },
		{ "busy", ERR_BUSY },
		{ HELPER_STOPPED, ERR_BUSY },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].kind;
	return ERR_IO;
}

const struct val *
worktree_ask(const struct worktree_ask *w, const char *request,
    struct val *args, struct err *e)
{
	struct probe q = { request, args,
		w->limit_ms ? w->limit_ms : WORKTREE_STEP_MS, w->sig };
	struct helped h;

	val_set(w->mem, args, "cwd", val_text(w->mem, w->cwd));
	probe_ask(&q, w->mem, &h);
	if (h.v)
		return h.v;
	err_set(e, kind_of(h.kind), "%s", h.error);
	return NULL;
}

void
worktree_put(struct arena *a, struct val *v, const char *key, const char *text)
{
	if (text)
		val_set(a, v, key, val_text(a, text));
}

const char *
worktree_name(struct arena *a, const char *run)
{
	char *name = arena_strdup(a, run);

	for (char *p = name; *p; p++) {
		bool ok = isalnum((unsigned char)*p) || strchr("_-.+=", *p);

		if (!ok || (*p == '.' && (p == name || p[-1] == '.')))
			*p = '-';
	}
	/* No command takes it for an option. */
	if (*name == '-')
		*name = '_';
	return name;
}

const char *
worktree_dir(struct arena *a, const struct settings *set, const char *root)
{
	const char *base = settings_text(set, SET_WORKTREE_BASE);

	return path_clean(a, path_join(a, root, base ? base : ".worktrees"));
}
