/*
 * What is hashed of a file is written down here and nowhere else: name, kind,
 * the owner's right to execute, size, and content.  Nothing is followed,
 * nothing but regular files is opened, nothing blocks.
 */
#include "os/print.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/path.h"
#include "base/vec.h"

enum {
	FILES_MAX = 200000,
	DEPTH_MAX = 100,
	READ_MAX = 65536,
};

/* Beyond these, size and time stand for content. */
static const long long one_file_max = 64ll << 20;
static const long long all_files_max = 1ll << 30;

struct print {
	XXH3_state_t *sum;
	size_t count;
	long long read;
};

struct names {
	char **at;
	size_t len, room;
};

struct print *
print_new(void)
{
	struct print *p = mem_new(sizeof(*p));

	p->sum = XXH3_createState();
	if (!p->sum)
		abort();
	XXH3_64bits_reset(p->sum);
	return p;
}

void
print_free(struct print *p)
{
	if (!p)
		return;
	XXH3_freeState(p->sum);
	free(p);
}

void
print_bytes(struct print *p, const void *bytes, size_t n)
{
	XXH3_64bits_update(p->sum, bytes, n);
}

size_t
print_count(const struct print *p)
{
	return p->count;
}

static const char *
hex(XXH64_hash_t h, char out[PRINT_HEX])
{
	snprintf(out, PRINT_HEX, "%016llx", (unsigned long long)h);
	return out;
}

const char *
print_hex(const struct print *p, char out[PRINT_HEX])
{
	return hex(XXH3_64bits_digest(p->sum), out);
}

const char *
print_text(struct sv t, char out[PRINT_HEX])
{
	return hex(XXH3_64bits(t.p, t.n), out);
}

/* A name, a letter for what is there, a number: one record. */
static void
add_record(struct print *p, const char *name, char kind, long long number)
{
	print_bytes(p, name, strlen(name) + 1);
	print_bytes(p, &kind, 1);
	print_bytes(p, &number, sizeof(number));
}

static bool
add_content(struct print *p, const char *path, long long size)
{
	auto_fd int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char buf[READ_MAX];
	ssize_t n;

	if (fd < 0)
		return false;
	/* What grows while it is read is not read for ever. */
	for (long long left = size; left > 0; left -= n) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR) {
			n = 0;
			continue;
		}
		if (n <= 0)
			break;
		print_bytes(p, buf, (size_t)n);
	}
	p->read += size;
	return true;
}

static void
add_regular(
    struct print *p, const char *path, const char *name, const struct stat *st)
{
	long long size = st->st_size,
		  times[2] = { st->st_mtim.tv_sec, st->st_mtim.tv_nsec };

	add_record(p, name, st->st_mode & S_IXUSR ? 'x' : 'f', size);
	if (size <= one_file_max && p->read + size <= all_files_max &&
	    add_content(p, path, size))
		return;
	print_bytes(p, times, sizeof(times));
}

static void
add_link(struct print *p, const char *path, const char *name)
{
	char to[4096];
	ssize_t n = readlink(path, to, sizeof(to));

	add_record(p, name, 'l', n);
	print_bytes(p, to, n > 0 ? (size_t)n : 0);
}

/* True when it is a directory. */
static bool
add_any(struct print *p, const char *path, const char *name)
{
	struct stat st;

	p->count++;
	if (lstat(path, &st) < 0) {
		add_record(p, name, errno == EACCES ? '?' : '-', 0);
		return false;
	}
	if (S_ISREG(st.st_mode))
		add_regular(p, path, name, &st);
	else if (S_ISLNK(st.st_mode))
		add_link(p, path, name);
	else
		add_record(p, name, S_ISDIR(st.st_mode) ? 'd' : 'o', 0);
	return S_ISDIR(st.st_mode);
}

void
print_file(struct print *p, const char *path, const char *name)
{
	add_any(p, path, name);
}

static bool
is_skipped(const struct val *skip, const char *path)
{
	for (size_t i = 0; skip && i < skip->list.len; i++) {
		const struct sv t = skip->list.at[i]->t;

		if (strncmp(path, t.p, t.n) == 0 &&
		    (!path[t.n] || path[t.n] == '/'))
			return true;
	}
	return false;
}

static bool
is_ours(const char *name)
{
	static const char *const own[] = { ".", "..", ".git", ".loops" };

	for (size_t i = 0; i < COUNT(own); i++)
		if (strcmp(own[i], name) == 0)
			return true;
	return false;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
read_names(struct arena *a, const char *path, struct names *out)
{
	auto_dir DIR *d = opendir(path);
	struct dirent *ent;

	while (d && out->len <= FILES_MAX && (ent = readdir(d)))
		if (!is_ours(ent->d_name))
			vec_push(out, arena_strdup(a, ent->d_name));
	if (out->len)
		qsort(out->at, out->len, sizeof(*out->at), by_name);
}

static int
walk(struct print *p, const char *path, const struct val *skip, int depth,
    struct err *e)
{
	auto_arena a = ARENA_INIT;
	struct names list = VEC_INIT;
	int rc = 0;

	if (is_skipped(skip, path))
		return 0;
	if (p->count >= FILES_MAX)
		return err_set(
		    e, ERR_INPUT, "%s: over %d files", path, FILES_MAX);
	if (depth > DEPTH_MAX)
		return err_set(e, ERR_INPUT, "%s: over %d directories deep",
		    path, DEPTH_MAX);
	if (!add_any(p, path, path))
		return 0;
	read_names(&a, path, &list);
	for (size_t i = 0; rc == 0 && i < list.len; i++)
		rc = walk(
		    p, path_join(&a, path, list.at[i]), skip, depth + 1, e);
	vec_release(&list);
	return rc;
}

int
print_tree(struct print *p, struct arena *a, const char *path,
    const struct val *skip, struct err *e)
{
	/* A link that the user names means what it leads to. */
	auto_free char *real = realpath(path, NULL);

	return walk(p, real ? real : path_clean(a, path), skip, 0, e);
}
