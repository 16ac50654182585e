/*
 * The head of a loop file.  Nine tenths of a file are its states, and a
 * listing of a hundred files is asked for at every completion; so only the
 * wanted keys in the first column go to the YAML reader.  When that does not
 * parse (a document in braces, an anchor elsewhere), the whole file does.
 */
#include "cmd/head.h"

#include <string.h>

#include "base/auto.h"
#include "text/yml.h"

enum take { SKIP, BODY, MARK };

/* MARK: that it is there is enough. */
static enum take
wanted(struct sv line)
{
	static const struct {
		const char *key;
		enum take how;
	} keys[] = {
		{ "name:", BODY },
		{ "category:", BODY },
		{ "labels:", BODY },
		{ "visibility:", BODY },
		{ "description:", BODY },
		{ "from:", BODY },
		{ "initial:", MARK },
		{ "states:", MARK },
		{ "flow:", MARK },
	};

	for (size_t i = 0; i < COUNT(keys); i++)
		if (sv_starts(line, keys[i].key))
			return keys[i].how;
	return SKIP;
}

static bool
is_key(struct sv line)
{
	return line.n && !strchr(" \t\r#-]}", line.p[0]);
}

static void
cut_head(struct str *out, struct sv rest)
{
	enum take how = SKIP;
	struct sv line;

	while (sv_cut(&rest, '\n', &line)) {
		if (is_key(line)) {
			how = wanted(line);
			if (how == MARK)
				str_addf(out, "%.*s: x\n",
				    (int)strcspn(line.p, ":"), line.p);
		}
		if (how != BODY)
			continue;
		str_addsv(out, line);
		str_addc(out, '\n');
	}
}

const struct val *
head_read(struct arena *a, const char *file, const char *text, size_t len,
    struct diags *d)
{
	struct diags unseen = DIAGS_INIT;
	auto_str head = STR_INIT;
	const struct val *v = NULL;

	cut_head(&head, sv_make(text, len));
	if (head.len)
		v = yml_read(a, file, head.buf, head.len, &unseen);
	diags_release(&unseen);
	return v ? v : yml_read(a, file, text, len, d);
}
