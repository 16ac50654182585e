/*
 * The library of git, found by name at run time.  One that has not all the
 * functions we use is as good as none.
 */
#include "os/gitlib.h"

#include <dlfcn.h>
#include <string.h>

#include "base/auto.h"

#define LIBRARY "libgit2.so." LIBGIT2_SOVERSION

int
gitlib_load(struct gitlib *l, struct err *e)
{
	static const char *const names[] = {
#define NAME(name) #name,
		GITLIB_FUNCTIONS(NAME)
#undef NAME
	};
	void *so = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	void *found[COUNT(names)];

	if (!so)
		return err_set(e, ERR_NEED, "cannot load %s", LIBRARY);
	for (size_t i = 0; i < COUNT(names); i++) {
		found[i] = dlsym(so, names[i]);
		if (!found[i])
			return err_set(
			    e, ERR_NEED, "%s has no %s", LIBRARY, names[i]);
	}
	/* ISO C has no cast from an object to a function. */
	_Static_assert(sizeof(found) == sizeof(*l), "a name for every member");
	memcpy(l, found, sizeof(found));
	if (l->git_libgit2_init() < 0)
		return err_set(e, ERR_NEED, "%s does not start", LIBRARY);
	return 0;
}

int
gitlib_failed(const struct gitlib *l, const char *what, struct err *e)
{
	const git_error *g = l->git_error_last();

	return err_set(e, ERR_IO, "libgit2: %s: %s", what,
	    g && g->message ? g->message : "no reason given");
}
