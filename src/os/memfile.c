/*
 * memfd_create(2), named through /proc.  Whether that name can be opened is
 * tried here, where the answer is an error that says so, and not in the
 * child, where it would be a variable that is empty.
 */
#include "os/memfile.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

int
memfile_sealed(struct sv text, struct err *e)
{
	auto_fd int fd =
	    memfd_create("ll-loop", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return err_sys(e, "memfd_create");
	if (file_write_all(fd, text.p, text.n) < 0 || lseek(fd, 0, SEEK_SET) ||
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return err_sys(e, "write to memory");
	return take_fd(&fd);
}

int
memfile_new(struct sv text, struct arena *a, const char **path, struct err *e)
{
	auto_fd int fd = memfd_create("ll-loop", MFD_CLOEXEC);
	auto_fd int again = -1;
	const char *name;

	if (fd < 0)
		return err_sys(e, "memfd_create");
	if (file_write_all(fd, text.p, text.n) < 0)
		return err_sys(e, "write to memory");
	name = arena_printf(a, "/proc/%d/fd/%d", (int)getpid(), fd);
	again = open(name, O_RDONLY | O_CLOEXEC);
	if (again < 0)
		return err_sys(e, "open %s", name);
	*path = name;
	return take_fd(&fd);
}
