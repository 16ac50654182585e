/*
 * Every key a loop file may hold: one table per object (decisions.md §3.2).
 * A row drives loading, checking, `show`, the JSON Schema and the test that
 * ll-loop(5) documents the key.
 */
#ifndef LOOP_KEYS_H
#define LOOP_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum key_class {
	KEY_ACTED,   /* this version acts on it */
	KEY_SILENT,  /* only silences rules of the reference: taken */
	KEY_DISPLAY, /* display or tuning: one warning, ignored */
	KEY_LATER,   /* path, safety, spending: `run` refuses */
};

enum key_type {
	KT_TEXT,  /* text, no references */
	KT_TMPL,  /* text with references */
	KT_SHELL, /* a shell command without references */
	KT_NAME,  /* a state name, or $current */
	KT_BOOL,
	KT_INT,     /* whole number in [min, max] */
	KT_NUMBER,  /* any number in [min, max] */
	KT_SECONDS, /* a number of seconds, stored as milliseconds */
	KT_SCALAR,  /* a number, a boolean, or text with references */
	KT_NUMTEXT, /* a number, or text with references */
	KT_SIZE,    /* bytes in [min, max]: a whole number, or "64M" */
	KT_ENUM,    /* one of `words` ("a|b|c") */
	KT_TEXTS,   /* list of text */
	KT_INTS,    /* list of whole numbers in [min, max] */
	KT_MAP,     /* any mapping */
	KT_LIST,    /* any list */
	KT_ANY,
	/* These have a table of their own, whose object `words` names: */
	KT_OBJECT,  /* a mapping */
	KT_OBJECTS, /* a list of such mappings */
	KT_NAMED,   /* a mapping from names to such mappings */
};

/* The texts are inside: what holds no address costs the start of the program
 * nothing, where a table of addresses is written to, page by page. */
struct key {
	char name[36];
	char words[120];    /* KT_ENUM; the table of a KT_OBJECT; or "" */
	char otherwise[24]; /* default, as text for the manual; "" none */
	char doc[108];      /* one sentence */
	enum key_type type;
	enum key_class class;
	double min, max; /* for numbers; min > max: unbounded */
};

struct key_table {
	const char *object; /* "loop", "state", "evaluate", ... */
	const struct key *at;
	size_t len;
};

/* All tables; the loop's own first, NULL ends them.  Those from
 * "configuration" on are of the configuration files, those from "host" on of
 * the host files. */
extern const struct key_table *const key_tables[];
const struct key_table *key_table_of(const char *object);
const struct key *key_of(const struct key_table *, const char *name);
/* What a key of this type takes, for messages: "a whole number". */
const char *key_type_name(enum key_type);
/* Is `word` one of "a|b|c"? */
bool key_has_word(const char *words, const char *word);
/* The known key nearest to a wrong one, or NULL when none is near. */
const char *key_nearest(const struct key_table *, const char *name);

#endif
