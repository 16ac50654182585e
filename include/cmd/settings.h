/*
 * Settings: what holds when the command line says nothing, and who says so.
 * From weak to strong: built in, the user's file, the project's file, the
 * loop, an LL_* variable, an option (decisions.md §6).
 */
#ifndef CMD_SETTINGS_H
#define CMD_SETTINGS_H

#include "base/err.h"
#include "loop/keys.h"
#include "text/val.h"

enum setting {
	SET_DURABILITY,
	SET_QUEUE_TIMEOUT,
	SET_GRACE,
	SET_OUTPUT_LIMIT,
	SET_DISK,
	SET_STEPS,
	SET_WALL,
	SET_AGENT_CALLS,
	SET_TOKENS,
	SET_USD,
	SET_USD_PER_DAY,
	SET_HOST,
	SET_WORKTREE_BASE,
	SET_COPY_FILES,
	SET_LINK_FILES,
	SET_DELAY,
	SET_QUIET,
	SET_VERBOSE,
	SET_COLOR,
	SET_SECRETS,
	SET_ON_END,
	SETTINGS
};

/* The stronger, the larger. */
enum giver {
	FROM_BUILT_IN,
	FROM_USER,
	FROM_PROJECT,
	FROM_LOOP,
	FROM_VARIABLE,
	FROM_OPTION,
	GIVERS
};

struct settled {
	const struct val *v; /* as written; NULL: there is none */
	enum giver from;
	struct place at;  /* of the key, for files */
	const char *name; /* of the variable or option */
};

struct settings {
	struct arena *mem;
	struct settled at[SETTINGS];
};

/* What a setting is called; every text is static. */
struct setting_row {
	const char *path;     /* in a configuration file: "limits.disk" */
	const char *loop;     /* in a loop file; NULL: a loop has none */
	const char *variable; /* "LL_GRACE"; NULL: there is none */
	bool adds;            /* a list: every giver adds to it */
};

const struct setting_row *setting_row(enum setting);
/* Its row in the tables; `*acted`: this version acts on it. */
const struct key *setting_key(enum setting, bool *acted);
const char *giver_name(enum giver); /* "built in", "user", ... */

/* The built-in values. The arena must outlive the settings. */
void settings_init(struct settings *, struct arena *);
/* Lay `what` over the setting unless a stronger one is there already; a list
 * that adds gets what it has not, whoever came first. */
void settings_put(struct settings *, enum setting, struct settled what);
/* A value of its type from text. -1: ERR_USAGE, naming the variable. */
int settings_variable(
    struct settings *, enum setting, const char *text, struct err *);
/* All variables of the environment that are set and not empty. */
int settings_environment(struct settings *, struct err *);
/* What a document of this giver says (config_read()'s, or a loop's whole
 * document for FROM_LOOP). */
void settings_document(struct settings *, enum giver, const struct val *);

/* What holds, converted: bytes, milliseconds; text or NULL; a list or NULL. */
long long settings_num(const struct settings *, enum setting);
bool settings_true(const struct settings *, enum setting);
const char *settings_text(const struct settings *, enum setting);
const struct val *settings_list(const struct settings *, enum setting);

#endif
