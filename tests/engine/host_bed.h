/*
 * Hosts for tests: bash says what the prompt makes it say.  A judge is called
 * once for each line of the file `calls`; what it is shown decides, so that
 * it says the same whenever it is asked.
 */
#ifndef TESTS_ENGINE_HOST_BED_H
#define TESTS_ENGINE_HOST_BED_H

#include <string.h>

#include "base/auto.h"
#include "engine/hosting.h"
#include "host/spec.h"
#include "test.h"

#define HOST_BED_BEGIN           \
	"description: d\n"       \
	"program: bash\n"        \
	"prompt: stdin\n"        \
	"action:\n"              \
	"  args:\n"              \
	"    - -c\n"             \
	"    - |\n"              \
	"      echo x >>acted\n" \
	"      cat\n"            \
	"judge:\n"               \
	"  args:\n"              \
	"    - -c\n"             \
	"    - |\n"              \
	"      p=$(cat)\n"       \
	"      echo x >>calls\n"
#define HOST_BED_END                   \
	"failures:\n"                  \
	"  - class: infra.transient\n" \
	"    exit: [75]\n"

static const char host_bed_structured[] = HOST_BED_BEGIN
    "      rest=${p#*<output_a>}; side=${rest%%</output_a>*}\n"
    "      v=yes\n"
    "      case $p in *TRANSIENT*) exit 75 ;; *ABSTAIN*) v=cannot_judge ;; "
    "esac\n"
    "      case $p in *output_a*) case $side in\n"
    "      *fresh*) say='\"verdict_a\":\"yes\",\"verdict_b\":\"no\"' ;;\n"
    "      *) say='\"verdict_a\":\"no\",\"verdict_b\":\"yes\"' ;;\n"
    "      esac ;;\n"
    "      *) say='\"verdict\":\"'$v'\",\"evidence\":\"q\"' ;; esac\n"
    "      echo '{'\"$say\"',\"confidence\":0.9,\"reason\":\"r\"}'\n"
    "  structured: true\n" HOST_BED_END;

static const char host_bed_line[] = HOST_BED_BEGIN
    "      n=$(sed -n 's/^LL-VERDICT-\\([0-9a-f]*\\): WORD.*/\\1/p' "
    "<<<\"$p\")\n"
    "      echo \"LL-EVIDENCE-$n: q\"\n"
    "      echo \"LL-REASON-$n: r\"\n"
    "      echo \"LL-VERDICT-$n: yes 0.8\"\n" HOST_BED_END;

struct host_bed {
	struct host *structured, *line;
};

static inline bool
host_bed_has(const char *name)
{
	return name && (!strcmp(name, "structured") || !strcmp(name, "line"));
}

static inline int
host_bed_take(void *self, const char *name, const struct host **host,
    const char **program, struct err *e)
{
	struct host_bed *b = self;

	(void)e;
	*host = name && !strcmp(name, "line") ? b->line : b->structured;
	*program = "/bin/bash";
	return 0;
}

static inline struct host *
host_bed_read(const char *name, const char *text)
{
	const struct host_source from = { name, name, sv(text), NULL };
	struct diags d = DIAGS_INIT;
	struct host *h = host_read(&from, &d);

	cr_assert_not_null(h, "%s: %s", name, d.len ? d.at[0].msg : "");
	diags_release(&d);
	return h;
}

static inline void
host_bed_init(struct host_bed *b)
{
	b->structured = host_bed_read("structured", host_bed_structured);
	b->line = host_bed_read("line", host_bed_line);
}

static inline void
host_bed_release(struct host_bed *b)
{
	host_free(b->structured);
	host_free(b->line);
}

static inline struct hosting
host_bed_hosting(struct host_bed *b)
{
	return (struct hosting) { .take = host_bed_take, .self = b };
}

#endif
