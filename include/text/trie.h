/*
 * Many byte strings searched at once (Aho and Corasick 1975).  A place in
 * the automaton is a number; 0 is the start.  One step costs the same
 * whatever is searched for, so a hostile text cannot make it slow.
 */
#ifndef TEXT_TRIE_H
#define TEXT_TRIE_H

#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

struct trie;

struct trie *trie_new(void);
void trie_free(struct trie *); /* NULL is fine */
/* Search for these bytes too; counts after the next trie_seal(). */
void trie_add(struct trie *, struct sv);
/* After the last trie_add() and before the first step. */
void trie_seal(struct trie *);

/* Where one more byte leads. */
uint32_t trie_step(const struct trie *, uint32_t at, unsigned char c);
/* Bytes at the end of what was read that may begin a string. */
size_t trie_depth(const struct trie *, uint32_t at);
/* Length of the longest string that ends here, 0: none does. */
size_t trie_match(const struct trie *, uint32_t at);

#endif
