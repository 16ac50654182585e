/*
 * What the parts of the loader share: only src/loop/load*.c include this.
 * First load_keys() holds the document against the tables; then the readers
 * take what has the right type and pass over the rest, whose fault has been
 * told.
 */
#ifndef LOOP_LOAD_PART_H
#define LOOP_LOAD_PART_H

#include "base/vec.h"
#include "loop/compose.h"
#include "loop/keys.h"
#include "loop/link.h"
#include "loop/load.h"

/* Bytes of the name of a loop, a state or a capture. */
enum { LOAD_NAME_MAX = 200 };

struct loader {
	struct loop *loop;
	struct arena *mem; /* the loop's */
	struct diags *diags;
	bool lenient;
	/* Not all files could be had or put together, which was told: what is
	 * missing may be there. */
	bool partial;
	struct map bindings; /* name of a state -> struct binding * */
	bool configuration;  /* the document is no loop; `loop` is NULL */
	struct linker linker;
	const struct load_opts *opts; /* NULL: none */
	struct map told;              /* keys whose "no effect" has been said */
	VEC(struct later) later;
	VEC(struct rx *) rx;
};

/* Text that lives as long as the loop. */
#define load_path(l, ...) arena_printf((l)->mem, __VA_ARGS__)

/* Hold the document against this table and those below it. */
void load_keys(
    struct loader *, const struct key_table *, const struct val *root);
/* The same for one object, such as "state", below PATH. */
void load_keys_of(struct loader *, const char *object, const struct val *map,
    const char *path);
/* Has it fragments and nothing that a loop is made of? */
bool load_is_library(const struct val *root);
/* Check a library of fragments. */
void load_library(struct loader *, const struct val *root);
/* Note a use of a key that is not acted on: W110. `value` says which value
 * of the key is meant; NULL: any. */
void load_later(struct loader *, const char *key, const char *value,
    const char *path, struct place at);

/* Members of the right kind; NULL, false or `otherwise` if not. */
const struct val *load_get(const struct val *map, const char *key);
const struct val *load_kind(
    const struct val *map, const char *key, enum val_kind);
const char *load_text(const struct val *map, const char *key);
bool load_true(const struct val *map, const char *key);
long long load_int(const struct val *map, const char *key, long long otherwise);
/* Seconds as milliseconds. */
long long load_ms(const struct val *map, const char *key, long long otherwise);
/* A number; false when there is none. */
bool load_real(const struct val *map, const char *key, double *out);
/* Where a key stands; the mapping when it is absent. */
struct place load_at(const struct val *map, const char *key);
/* A compiled template, or NULL when the key is no text. */
struct tmpl *load_tmpl(
    struct loader *, const struct val *map, const char *key, const char *path);
/* The same where `item` and this word stand for an item. */
struct tmpl *load_tmpl_item(struct loader *, const struct val *map,
    const char *key, const char *path, const char *item);

/* Bytes of a KT_SIZE. */
long long load_size(
    const struct val *map, const char *key, long long otherwise);

/* What a state, or the loop, may use; and the rules about it. */
void load_state_bounds(struct loader *, struct state *);
void load_loop_bounds(struct loader *);

/* What may be spent in a state, whose routes are known, and in the loop, whose
 * states are. */
void load_state_limits(struct loader *, struct state *);
void load_loop_limits(struct loader *);

/* What a state gives to the parameters of its fragment, compiled; `of` says
 * where what they refer to outside `param` comes from. */
void load_params(
    struct loader *, struct state *, script_origin *of, void *self);
/* Where the value of a parameter will come from, as far as the file says;
 * after load_params(). */
enum origin load_param_origin(const struct state *, const struct ref *);
/* Fill its `ladder`. */
void load_ladder(struct loader *, struct state *);
/* Fill how it goes on after an interruption, once its action and call are
 * known; check what the loop says for all. */
void load_interrupted(struct loader *, struct state *);
void load_loop_interrupted(struct loader *);
/* Fill a state whose name, place and source are set. */
void load_state(struct loader *, struct state *);
/* Fill its `call` and `fan`; and the rules about them. */
void load_call(struct loader *, struct state *);
void load_call_rules(struct loader *, const struct state *);
/* Find what its `call` names, once all keys are read. */
void load_family(struct loader *, struct state *);
/* The loop whose files are looked at is begun, or done with: what it calls
 * must not call it. */
void load_family_enter(struct loader *);
void load_family_leave(struct loader *);
/* Fill its `params`, once its action is known. */
void load_mcp(struct loader *, struct state *);
/* How its prompt is put, once its action is known; of the loop, all. */
void load_ask(struct loader *, struct state *);
void load_loop_ask(struct loader *);
/* Rules about them, once its `evaluate` is known. */
void load_ask_rules(struct loader *, struct state *);
/* Fill its `evaluate`. */
void load_evaluate(struct loader *, struct state *);
/* What a judge is asked about it, with `evaluate` or without; `llm`. */
void load_judge(struct loader *, struct state *);
void load_llm(struct loader *);
/* What the stall family needs of it; `path` is that of the block. */
void load_stall(struct loader *, struct evaluate *, const struct val *src,
    const char *path);
/* progress_paths and exclude_paths of `repeated_failure`. */
void load_progress(struct loader *, struct circuit *, const struct val *src);
/* Rules over pairs of keys in one object. */
void load_state_rules(struct loader *, const struct state *);
void load_loop_rules(struct loader *);
/* on_handoff and the guards of the loop, once its states have names. */
void load_marks(struct loader *);
/* What a run of it claims. */
void load_scope(struct loader *);

#endif
