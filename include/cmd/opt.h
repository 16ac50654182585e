/*
 * Options as rows (house R27): one row is parser, help, manual test.  They
 * are parsed into the caller's struct; nothing here is global.
 *
 * Options may stand anywhere, `--` ends them, prefixes are not accepted.
 * `--name=value`, `--name value`, `-n 5`, `-n5`, `-qv`.  `-` alone and words
 * that look like a negative number (`-5`, `-.5`) are no options.
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

enum opt_type {
	OPT_FLAG,   /* bool */
	OPT_TEXT,   /* const char * */
	OPT_LIST,   /* struct opt_list, one entry each time it is given */
	OPT_WHOLE,  /* long long in [min, max] */
	OPT_REAL,   /* double in [min, max] */
	OPT_SIZE,   /* long long, bytes: size_parse() */
	OPT_CHOICE, /* const char *, one of the words of `choices` */
};

/* What this version does with it; anything but OPT_ACTED is never stored. */
enum opt_how {
	OPT_ACTED,
	OPT_IDLE,    /* accepted, no effect, because `note` */
	OPT_REFUSED, /* refused; `note` is the way out */
};

struct opt_list {
	const char **at;
	size_t n;
};

/* The texts are inside, as in loop/keys. */
struct opt {
	enum opt_type type;
	char letter;    /* 0: none */
	char name[24];  /* without the dashes */
	char arg[12];   /* name of its argument in help; "" for flags */
	char help[120]; /* one lower-case sentence without full stop */
	size_t at;      /* offsetof the member it sets */
	enum opt_how how;
	char note[72];    /* for OPT_IDLE and OPT_REFUSED */
	char choices[32]; /* "auto|always|never" */
	double min, max;  /* both 0: any number */
};

/* Rows and the struct they fill; several sets may be valid at once. */
struct opt_set {
	const struct opt *rows;
	size_t n;
	void *into;
};

struct opt_words {
	const char **at; /* in the arena; NULL-ended */
	size_t n;
};

/* An option that was given and does nothing. */
struct opt_idle {
	const struct opt *row;
	struct opt_idle *next;
};

struct opt_parse {
	const struct opt_set *sets;
	size_t nsets;
	bool until_word; /* stop before the first word that is no option */
	/* Results: */
	struct opt_words words; /* what is no option, in order */
	struct opt_idle *idle;  /* given options of kind OPT_IDLE */
	int used;               /* words of argv that were read */
};

/* Parse argv[0..argc). Strings point into argv, lists live in the arena.
 * -1: ERR_USAGE, naming the option and the nearest known one. */
int opt_parse(struct opt_parse *, struct arena *, int argc, char *const *argv,
    struct err *);

#endif
