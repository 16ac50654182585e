/*
 * The one array macro.  `VEC(int) v = VEC_INIT; vec_push(&v, 3);`
 * Elements are plain data; vec_release() frees only the array.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdlib.h>

#include "base/mem.h"

#define VEC(type)                 \
	struct {                  \
		type *at;         \
		size_t len, room; \
	}
#define VEC_INIT           \
	{                  \
		NULL, 0, 0 \
	}

#define vec_push(v, x)                                                       \
	do {                                                                 \
		if ((v)->len == (v)->room) {                                 \
			(v)->room = (v)->room ? (v)->room * 2 : 8;           \
			(v)->at =                                            \
			    mem_grow((v)->at, (v)->room * sizeof(*(v)->at)); \
		}                                                            \
		(v)->at[(v)->len++] = (x);                                   \
	} while (0)

#define vec_release(v)                    \
	do {                              \
		free((v)->at);            \
		(v)->at = NULL;           \
		(v)->len = (v)->room = 0; \
	} while (0)

#endif
