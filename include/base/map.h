/*
 * Names to values, in the order they came (open addressing).  Keys are
 * copied by the map; values are the caller's.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map_entry {
	char *key;
	void *value;
	long long count;
};

struct map {
	struct map_entry *at; /* in order of first put */
	size_t len, room;
	size_t *slots; /* index + 1, 0 = free */
	size_t nslots;
};

#define MAP_INIT                    \
	{                           \
		NULL, 0, 0, NULL, 0 \
	}

/* The entry of this name, made (value NULL, count 0) if missing. The pointer
 * lasts until the next put or drop. */
struct map_entry *map_put(struct map *, const char *key);
/* The entry, or NULL when absent. */
struct map_entry *map_get(const struct map *, const char *key);
/* Forget a name; its value is the caller's to free. False when absent. */
bool map_drop(struct map *, const char *key);
/* Free keys and tables, not values. */
void map_release(struct map *);

#endif
