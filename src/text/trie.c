/*
 * Nodes stand in the order they were made, so nearly every child is the next
 * one and needs no pointer: a long string costs 20 bytes a byte.  Branches
 * are in one hash table, those of the start in an array.  Refuses nothing;
 * over 4 G nodes memory has long ended.
 */
#include "text/trie.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"

struct node {
	uint32_t parent, fail;
	uint32_t depth;
	uint32_t match; /* the longest string that ends here */
	unsigned char byte;
	bool ends;     /* a string ends exactly here */
	bool chain;    /* the next node is a child */
	bool branched; /* more children are in the table */
};

struct edge {
	uint32_t from, to; /* to 0: free */
};

struct trie {
	VEC(struct node) node;
	uint32_t first[256]; /* children of the start */
	struct edge *edge;
	size_t nedges, room; /* room: a power of two */
};

struct trie *
trie_new(void)
{
	struct trie *t = mem_new(sizeof(*t));
	struct node start = { 0 };

	vec_push(&t->node, start);
	return t;
}

void
trie_free(struct trie *t)
{
	if (!t)
		return;
	vec_release(&t->node);
	free(t->edge);
	free(t);
}

/* The slot of an edge, or the free one where it belongs. */
static struct edge *
slot(const struct trie *t, uint32_t from, unsigned char c)
{
	uint64_t h = ((uint64_t)from << 8 | c) * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(h >> 20) & (t->room - 1);

	while (t->edge[i].to &&
	    (t->edge[i].from != from || t->node.at[t->edge[i].to].byte != c))
		i = (i + 1) & (t->room - 1);
	return &t->edge[i];
}

static void
grow(struct trie *t)
{
	struct edge *old = t->edge;
	size_t n = t->room;

	t->room = n ? n * 2 : 64;
	t->edge = mem_new(t->room * sizeof(*t->edge));
	for (size_t i = 0; i < n; i++)
		if (old[i].to)
			*slot(t, old[i].from, t->node.at[old[i].to].byte) =
			    old[i];
	free(old);
}

static uint32_t
child(const struct trie *t, uint32_t at, unsigned char c)
{
	const struct node *n = &t->node.at[at];

	if (at == 0)
		return t->first[c];
	if (n->chain && n[1].byte == c)
		return at + 1;
	return n->branched ? slot(t, at, c)->to : 0;
}

static uint32_t
add_child(struct trie *t, uint32_t at, unsigned char c)
{
	uint32_t to = (uint32_t)t->node.len;
	struct node n = {
		.parent = at, .depth = t->node.at[at].depth + 1, .byte = c
	};

	vec_push(&t->node, n);
	if (at == 0) {
		t->first[c] = to;
	} else if (at + 1 == to) {
		t->node.at[at].chain = true;
	} else {
		if (t->nedges * 2 >= t->room)
			grow(t);
		*slot(t, at, c) = (struct edge) { at, to };
		t->nedges++;
		t->node.at[at].branched = true;
	}
	return to;
}

void
trie_add(struct trie *t, struct sv s)
{
	uint32_t at = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t to = child(t, at, c);

		at = to ? to : add_child(t, at, c);
	}
	t->node.at[at].ends = at != 0;
}

/* All nodes but the start, the shallow ones first. */
static uint32_t *
by_depth(const struct trie *t)
{
	size_t n = t->node.len;
	uint32_t *order = mem_new(n * sizeof(*order));
	size_t *from = mem_new((n + 1) * sizeof(*from));

	for (size_t i = 1; i < n; i++)
		from[t->node.at[i].depth + 1]++;
	for (size_t d = 1; d <= n; d++)
		from[d] += from[d - 1];
	for (size_t i = 1; i < n; i++)
		order[from[t->node.at[i].depth]++] = (uint32_t)i;
	free(from);
	return order;
}

void
trie_seal(struct trie *t)
{
	uint32_t *order = by_depth(t);

	for (size_t i = 0; i + 1 < t->node.len; i++) {
		struct node *n = &t->node.at[order[i]];
		uint32_t up = t->node.at[n->parent].fail;

		n->fail = n->depth > 1 ? trie_step(t, up, n->byte) : 0;
		n->match = n->ends ? n->depth : t->node.at[n->fail].match;
	}
	free(order);
}

uint32_t
trie_step(const struct trie *t, uint32_t at, unsigned char c)
{
	for (;;) {
		uint32_t to = child(t, at, c);

		if (to || at == 0)
			return to;
		at = t->node.at[at].fail;
	}
}

size_t
trie_depth(const struct trie *t, uint32_t at)
{
	return t->node.at[at].depth;
}

size_t
trie_match(const struct trie *t, uint32_t at)
{
	return t->node.at[at].match;
}
