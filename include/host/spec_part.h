/*
 * What the parts of the reader share: only src/host/spec*.c include this.
 * The keys have been held against their tables; what is checked here is what
 * a table cannot say: placeholders (E511), ways to members (E512), patterns
 * (E513), values of tests (E514), and what is missing (E515).
 */
#ifndef HOST_SPEC_PART_H
#define HOST_SPEC_PART_H

#include "base/vec.h"
#include "host/spec.h"

enum { SPEC_ROWS = 256, SPEC_WORDS = 256, SPEC_WANTS = 64 };

struct host_patterns {
	VEC(struct rx *) at;
};

struct spec_reader {
	struct host *host;
	struct arena *mem; /* the host's */
	struct diags *diags;
};

/* One mapping, and its path for the findings. */
struct spec_map {
	struct spec_reader *r;
	const struct val *map;
	const char *path;
};

#define spec_path(m, ...) arena_printf((m)->r->mem, __VA_ARGS__)

/* A member that is written and not null; NULL without one. */
const struct val *spec_get(const struct val *map, const char *key);
const char *spec_text(const struct val *map, const char *key);
bool spec_true(const struct val *map, const char *key);
/* The texts of a list, in the host's memory. */
const char *const *spec_texts(
    const struct spec_map *, const char *key, size_t *n);
/* Ways to members; none when the key is not there, or wrong, which is told. */
struct picks spec_ways(const struct spec_map *, const char *key);
/* A pattern; NULL when the key is not there, or wrong, which is told. */
const struct rx *spec_pattern(const struct spec_map *, const char *key);
/* Tell a fault of a key. */
void spec_fault(const struct spec_map *, const char *key, const char *id,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The value, or values, of a test. */
void spec_wants(const struct spec_map *, const char *key, const struct val *v,
    struct host_test *out);

/* A text with placeholders. False when it is wrong, which is told. */
bool spec_word(const struct spec_map *, const char *key, const struct val *,
    struct host_word *out);
/* The calls and the environment. */
void spec_calls(const struct spec_map *top);
void spec_environment(const struct spec_map *top);
void spec_events(const struct spec_map *top);
void spec_failures(const struct spec_map *top);

#endif
