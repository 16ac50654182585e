/*
 * A hash table over an array in insertion order.  Hash: FNV-1a, 64 bit
 * (Fowler, Noll, Vo); keys come from files of bounded size.
 */
#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t
hash(const char *key)
{
	uint64_t h = 14695981039346656037ULL;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 1099511628211ULL;
	return (size_t)(h ^ (h >> 32));
}

static size_t
slot_of(const struct map *m, const char *key)
{
	size_t i = hash(key) & (m->nslots - 1);

	while (m->slots[i] && strcmp(m->at[m->slots[i] - 1].key, key) != 0)
		i = (i + 1) & (m->nslots - 1);
	return i;
}

static void
rebuild(struct map *m, size_t nslots)
{
	free(m->slots);
	m->nslots = nslots;
	m->slots = mem_new(nslots * sizeof(*m->slots));
	for (size_t k = 0; k < m->len; k++)
		m->slots[slot_of(m, m->at[k].key)] = k + 1;
}

struct map_entry *
map_get(const struct map *m, const char *key)
{
	size_t s;

	if (m->len == 0)
		return NULL;
	s = slot_of(m, key);
	return m->slots[s] ? &m->at[m->slots[s] - 1] : NULL;
}

struct map_entry *
map_put(struct map *m, const char *key)
{
	struct map_entry *old = map_get(m, key);

	if (old)
		return old;
	if (m->len == m->room) {
		m->room = m->room ? m->room * 2 : 8;
		m->at = mem_grow(m->at, m->room * sizeof(*m->at));
	}
	m->at[m->len] = (struct map_entry) { mem_strdup(key), NULL, 0 };
	m->len++;
	if (m->len * 2 > m->nslots)
		rebuild(m, m->nslots ? m->nslots * 2 : 16);
	else
		m->slots[slot_of(m, key)] = m->len;
	return &m->at[m->len - 1];
}

bool
map_drop(struct map *m, const char *key)
{
	struct map_entry *e = map_get(m, key);
	size_t i;

	if (!e)
		return false;
	i = (size_t)(e - m->at);
	free(e->key);
	m->len--;
	memmove(e, e + 1, (m->len - i) * sizeof(*e));
	rebuild(m, m->nslots);
	return true;
}

void
map_release(struct map *m)
{
	for (size_t i = 0; i < m->len; i++)
		free(m->at[i].key);
	free(m->at);
	free(m->slots);
	*m = (struct map)MAP_INIT;
}
