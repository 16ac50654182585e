/* The scanner's inside: shared by src/text/shell*.c only. */
#ifndef TEXT_SHELL_SCAN_H
#define TEXT_SHELL_SCAN_H

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "text/shell.h"

struct units {
	struct unit *at;
	size_t len, room;
};

struct doc;

/* A word after quote removal; `text` is it as a string when it is fixed. */
struct word {
	struct units is;
	const char *text;
	size_t atoms, atoms_end;     /* references inside it, at any depth */
	struct doc *docs, *docs_end; /* heredocs newer than one, up to other */
};

/* A heredoc: seen at `<<`, read at the next newline. */
struct doc {
	struct doc *next;  /* of this level, still to be read */
	struct doc *older; /* of the whole scan */
	const char *end;   /* the delimiter */
	bool raw, strip, to_stdin;
	bool produced;   /* goes through cat into a pipe */
	size_t off, len; /* the delimiter as written */
	enum lang lang;
	struct units body;
};

/* Program text, looked at when all heredocs are read. */
struct nested {
	struct nested *next;
	enum lang lang;
	struct units is;
};

/* A pipeline: what was seen before it began. */
struct pipeline {
	size_t atoms;
	struct doc *docs;
	bool piped; /* behind a `|` */
};

struct simple {
	struct word *w;
	size_t n, room;
	size_t atoms; /* seen before it */
	struct doc *stdin_doc;
	struct units *stdin_text; /* of a here-string */
	struct pipeline *pipe;
};

/* What holds for the word being read; saved and restored around nesting. */
struct shell_cx {
	struct units *cook; /* where its bytes go, or NULL */
	enum shell_role role;
	bool arith;
	bool globs; /* ?( *( +( @( !( are groups */
	bool regex; /* right of =~ */
	struct sv names;
};

struct shell {
	struct arena *mem;  /* of the scan */
	struct arena *keep; /* of the result */
	struct shell_scan *out;
	const char *src;
	const struct unit *u;
	size_t pos, end;
	size_t atoms; /* one more than the last reference seen */
	int depth;
	int ticks; /* levels of backticks */
	bool extglob;
	struct shell_cx cx;
	struct doc *pending, *docs;
	struct nested *nested;
	VEC(struct shell_edit) edits;
	VEC(struct shell_use) uses;
	VEC(struct shell_span) singles;
	VEC(struct sv) ints; /* names of `declare -i` */
};

enum stop { STOP_END, STOP_PAREN, STOP_CASE };

static inline int
shell_at(const struct shell *s, size_t k)
{
	return s->pos + k < s->end ? s->u[s->pos + k].c : UNIT_END;
}

static inline bool
unit_is_atom(int c)
{
	return c >= UNIT_ATOM;
}

static inline bool
unit_is_name(int c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* Is the byte one of these? */
static inline bool
unit_in(int c, const char *set)
{
	return c > 0 && c < 128 && strchr(set, c);
}

/* shell.c: always -1; the first one stays. `at` is a unit's index. */
int shell_fail(struct shell *, size_t at, const char *id, const char *why);
void shell_edit(struct shell *, size_t off, size_t del, const char *ins);
void units_push(struct arena *, struct units *, struct unit);
/* Pass the current unit on to the word being read, and step over it. */
void shell_take(struct shell *);
void shell_cook(struct shell *, int c);
/* The reference at the current place stands like this; step over it. */
void shell_note(struct shell *, enum shell_class);
int shell_enter(struct shell *);
void shell_leave(struct shell *);
/* This becomes program text of `lang`. */
void shell_program(struct shell *, enum lang, const struct unit *, size_t n);
void shell_enc(struct shell *, const struct units *, enum enc);
void shell_use(struct shell *, size_t unit);

/* shell_word.c */
void shell_blanks(struct shell *);
int shell_word(struct shell *, struct word *);

/* shell_quote.c, shell_expand.c */
int shell_single(struct shell *);
int shell_ansi(struct shell *);
int shell_double(struct shell *);
int shell_body(struct shell *); /* of a heredoc: up to s->end */
int shell_dollar(struct shell *, bool quoted);
int shell_tick(struct shell *, bool quoted);
int shell_process(struct shell *);
/* A backslash before a reference (R8). */
void shell_slash(struct shell *, bool drop);

/* shell_arith.c: up to and over `close` ("))", "]" or "}"). */
int shell_arith(struct shell *, const char *close, bool semicolons);
/* Does what begins `k` units from here end in "))"? */
bool shell_is_arith(const struct shell *, size_t k);

/* shell_list.c, shell_compound.c: commands. */
int shell_list(struct shell *, enum stop);
void shell_comment(struct shell *);
int shell_newline(struct shell *);
int shell_compound(struct shell *, bool *found);
bool shell_reserved(const struct shell *, const char *word);

/* shell_simple.c */
int shell_simple(struct shell *, struct pipeline *);
bool shell_declares(const char *word);

/* shell_here.c */
int shell_here(struct shell *, struct simple *, bool to_stdin);
int shell_here_bodies(struct shell *);

/* shell_command.c: what a command does with its words. */
int shell_command(struct shell *, struct simple *);

/* shell_program.c, shell_reread.c: which words are program text. */
void shell_programs(struct shell *, struct simple *, size_t at);
bool shell_is_interpreter(struct shell *, const struct word *);
bool shell_is_one_of(const char *word, const char *const *names, size_t n);
/* A word, or what comes in on stdin, is a program; the word without its
 * first `skip` units. */
void shell_text_of(struct shell *, enum lang, const struct word *, size_t skip);
void shell_produced_in(struct shell *, enum lang, const struct word *);
void shell_input_is(struct shell *, struct simple *, enum lang);
/* What a shell reads again: sh -c, eval, trap, ssh. False if `name` is none. */
bool shell_reread(struct shell *, const char *name, struct simple *, size_t at);
bool shell_rereads(const char *name);
bool shell_is_option(const struct word *, size_t *len);

#endif
