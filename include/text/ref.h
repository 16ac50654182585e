/* One reference of a template: what stands between `${` and `}`. */
#ifndef TEXT_REF_H
#define TEXT_REF_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/sv.h"

enum ref_ns {
	NS_CONTEXT,
	NS_CAPTURED,
	NS_PREV,
	NS_RESULT,
	NS_STATE,
	NS_LOOP,
	NS_ENV,
	NS_MESSAGES,
	NS_PARAM,
	NS_ITEM, /* one of many: only where ref_source.item says so */
	NS_COUNT
};

enum ref_code { CODE_NONE, CODE_SHELL, CODE_JSON, CODE_PY, CODE_PASTE };

struct ref {
	enum ref_ns ns;
	const char *text; /* "context.a.b", without suffixes, for messages */
	const char *path; /* after the namespace: "a.b", or "" */
	const struct sv *seg; /* `path` cut at its dots; env: never cut */
	size_t nseg;
	bool optional;         /* "?" */
	const char *otherwise; /* ":default=" text, or NULL */
	enum ref_code code;
	struct place at;
};

struct ref_source {
	struct arena *mem;
	struct sv body; /* without the braces, not empty */
	struct place at;
	const char *path; /* for the diagnostics */
	struct diags *diags;
	/* Here `item` is a namespace, which alone is a value too, and so is
	 * this word, another name of it ("item": there is no other); NULL:
	 * neither is known. */
	const char *item;
};

/* NULL when it is not a reference; then E401..E405 was added. */
const struct ref *ref_parse(const struct ref_source *);
const char *ref_ns_name(enum ref_ns);
/* Can this be the word for an item: a plain word, and the name of no other
 * namespace? */
bool ref_item_word(const char *word);

#endif
