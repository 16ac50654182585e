/*
 * The one value tree: the only currency between YAML, JSON, variables and
 * captures.  Readers build it in an arena; nobody changes it afterwards.
 * Each node knows where it was written and how far it is to be trusted.
 */
#ifndef TEXT_VAL_H
#define TEXT_VAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "base/sv.h"

enum val_kind {
	VAL_NULL,
	VAL_BOOL,
	VAL_INT,
	VAL_REAL,
	VAL_TEXT,
	VAL_LIST,
	VAL_MAP,
};

/* Who wrote a value (decisions.md §3.4); combining takes the larger. */
enum origin {
	ORIGIN_FILE,     /* in a loop file */
	ORIGIN_COMMAND,  /* the operator, for a parameter of type command */
	ORIGIN_OPERATOR, /* --context, configuration */
	ORIGIN_DATA,     /* input, captures, messages, environment, ... */
	ORIGIN_RUNNER,   /* run_dir: made by us, always one word */
};

/*
 * How a text was written in YAML; needed to find a byte's line and column.
 * PLAIN and QUOTED stand on one line, character for character (a quote
 * before); BLOCK is `|`, whose lines follow the one of `at`; FOLDED is
 * everything else, where only the place of the node is known.
 */
enum style { STYLE_PLAIN, STYLE_QUOTED, STYLE_BLOCK, STYLE_FOLDED };

struct member;

struct val {
	unsigned char kind, origin, style;
	unsigned char indent; /* of the lines of a block, in columns */
	struct place at;
	union {
		bool b;
		long long i;
		double r;
		struct sv t; /* any bytes; NUL-ended after t.n */
		struct {
			const struct val **at;
			size_t len;
		} list;
		struct {
			struct member *at;
			size_t len;
		} map;
	};
};

struct member {
	const char *key;
	const struct val *v;
	struct place at; /* of the key */
};

/* Makers: all in the arena, origin ORIGIN_FILE, place unknown. */
struct val *val_null(struct arena *);
struct val *val_bool(struct arena *, bool);
struct val *val_int(struct arena *, long long);
struct val *val_real(struct arena *, double);
struct val *val_text(struct arena *, const char *);          /* copied */
struct val *val_bytes(struct arena *, const void *, size_t); /* copied */
struct val *val_list(struct arena *);
struct val *val_map(struct arena *);
/* Building only: append; a list or map may grow until it is handed out. */
void val_push(struct arena *, struct val *list, const struct val *);
/* Set or replace; the key is copied, NULL as value is ignored. */
void val_set(
    struct arena *, struct val *map, const char *key, const struct val *);
/* Append a member without looking for its name; the key is kept, not
 * copied.  For readers, which have seen to it that keys are unique. */
void val_add(struct arena *, struct val *map, struct member);

/* Lookups: NULL when absent or of another kind. */
const struct val *val_get(const struct val *map, const char *key);
const struct member *val_member(const struct val *map, const char *key);
/* One step of a path: a key of a map, or a decimal index of a list. */
const struct val *val_step(const struct val *, struct sv segment);
/* Text of a member as a NUL-ended string, or `otherwise`. */
const char *val_str(
    const struct val *map, const char *key, const char *otherwise);
long long val_num(const struct val *map, const char *key, long long otherwise);

/* A deep copy into another arena (places point at the same file name). */
const struct val *val_copy(struct arena *, const struct val *);
/* The same, with every node's origin set to at least `o`. */
const struct val *val_taint(struct arena *, const struct val *, enum origin o);
/* Deep equality; an int equals a real of the same value. */
bool val_equal(const struct val *, const struct val *);
/* The worst origin of a value and of all inside it. */
enum origin val_origin(const struct val *);
/* The worse of two origins. */
enum origin origin_worse(enum origin, enum origin);
const char *origin_name(enum origin);
/* Back from its name; an unknown one is ORIGIN_DATA, the worst that is
 * written down. */
enum origin origin_of(const char *name);
/* "null", "true or false", "a whole number", "text", "a list", "a mapping" */
const char *val_kind_name(enum val_kind);

/* Line and column of byte `off` of a text node. */
struct place val_place_at(const struct val *, size_t off);

#endif
