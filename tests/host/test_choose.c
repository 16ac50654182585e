/* Which host it is: who says so, and what must be there. */
#include "host/choose.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "rig.h"

struct place_rig {
	struct arena mem;
	char dir[32];
	struct shelf shelf;
	struct choose_in in;
};

static const char *const env[] = { "HOME=/x", "LL_HOST_COMMAND=cat", NULL };

static const char *
in_dir(struct place_rig *r, const char *name)
{
	return arena_printf(&r->mem, "%s/%s", r->dir, name);
}

static void
put(struct place_rig *r, const char *name, const char *text)
{
	auto_fd int fd = open(
	    in_dir(r, name), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0700);

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void
rig_init(struct place_rig *r)
{
	*r = (struct place_rig) { ARENA_INIT, "/tmp/choose.XXXXXX",
		{ .project = NULL }, { .shelf = NULL } };
	cr_assert(mkdtemp(r->dir));
	mkdir(in_dir(r, "bin"), 0700);
	mkdir(in_dir(r, "project"), 0700);
	mkdir(in_dir(r, "user"), 0700);
	r->shelf.project = in_dir(r, "project");
	r->shelf.user = in_dir(r, "user");
	r->in.shelf = &r->shelf;
	r->in.path = in_dir(r, "bin");
	r->in.env = env;
}

static void
rig_release(struct place_rig *r)
{
	cr_assert_eq(system(arena_printf(&r->mem, "rm -r '%s'", r->dir)), 0);
	arena_release(&r->mem);
}

/* "name who", or "kind: message". */
static const char *
choice(struct place_rig *r)
{
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	struct chosen c = { NULL, NULL, NULL };
	const char *said;

	if (choose_host(&r->in, &r->mem, &c, &d, &e) == 0)
		said = arena_printf(&r->mem, "%s %s %s", c.host->name,
		    path_inside(c.program, r->dir), c.who);
	else
		said = arena_printf(&r->mem, "%d: %s", err_exit(&e), e.msg);
	host_free(c.host);
	diags_release(&d);
	return said;
}

static void
expect_choice(struct place_rig *r, const char *want)
{
	const char *got = choice(r);

	cr_expect(strstr(got, want), "wanted %s, got %s", want, got);
}

TEST(choose, the_strongest_word_counts)
{
	static const char *const names[] = { "claude", "codex", "gemini",
		"qwen" };
	struct place_rig r;

	rig_init(&r);
	for (size_t i = 0; i < COUNT(names); i++)
		put(&r, arena_printf(&r.mem, "bin/%s", names[i]),
		    "#!/bin/sh\n");
	expect_choice(&r, "claude bin/claude PATH");
	r.in.configured = "qwen";
	expect_choice(&r, "qwen bin/qwen the configuration");
	r.in.loop = "gemini";
	expect_choice(&r, "gemini bin/gemini the loop");
	r.in.state = "codex";
	expect_choice(&r, "codex bin/codex the state");
	r.in.variable = "claude-code";
	expect_choice(&r, "claude bin/claude LL_HOST_CLI");
	r.in.variable = "";
	expect_choice(&r, "the state");
	rig_release(&r);
}

TEST(choose, the_first_installed_by_rank)
{
	struct place_rig r;

	rig_init(&r);
	expect_choice(&r, "69: no agent is installed");
	expect_choice(&r, "install one (claude: npm install -g ");
	expect_choice(&r, "name one with LL_HOST_CLI");
	put(&r, "bin/kimi", "#!/bin/sh\n");
	expect_choice(&r, "kimi");
	put(&r, "bin/bash", "#!/bin/sh\n");
	expect_choice(&r, "kimi");
	put(&r, "bin/opencode", "#!/bin/sh\n");
	expect_choice(&r, "opencode");
	put(&r, "bin/mine", "#!/bin/sh\n");
	put(&r, "project/mine.yaml", "action: {}\n");
	expect_choice(&r, "opencode");
	put(&r, "project/mine.yaml", "action: {}\nrank: 1\n");
	expect_choice(&r, "mine");
	rig_release(&r);
}

TEST(choose, a_named_host_must_do)
{
	struct place_rig r;

	rig_init(&r);
	put(&r, "bin/claude", "#!/bin/sh\n");
	r.in.loop = "codex";
	expect_choice(&r, "69: the loop: host 'codex': its program 'codex'");
	r.in.loop = "cladue";
	expect_choice(&r, "did you mean 'claude'");
	r.in.loop = "../claude";
	expect_choice(&r, "69: the loop: there is no host '../claude'");
	put(&r, "user/bad.yaml", "action: {arg: []}\n");
	r.in.loop = "bad";
	expect_choice(&r, "bad.yaml is wrong");
	put(&r, "bin/bash", "#!/bin/sh\n");
	r.in.loop = "command";
	expect_choice(&r, "command bin/bash the loop");
	r.in.env = NULL;
	expect_choice(&r, "needs the environment variable LL_HOST_COMMAND");
	rig_release(&r);
}

TEST(shelf, the_nearest_file_counts_whole)
{
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	const struct shelf_entry *at;
	struct place_rig r;
	struct host *h;
	size_t n;

	rig_init(&r);
	put(&r, "user/claude.yaml", "description: theirs\naction: {}\n");
	put(&r, "project/claude.yaml", "description: ours\naction: {}\n");
	put(&r, "user/other.yaml", "failures_of: claude\naction: {}\n");
	put(&r, "user/not a name.yaml", "x");
	put(&r, "user/readme.txt", "x");
	h = shelf_take(&r.shelf, "claude", &d, &e);
	cr_assert(h);
	cr_expect_str_eq(h->description, "ours");
	cr_expect_eq(h->nfailures, 0);
	host_free(h);
	h = shelf_take(&r.shelf, "other", &d, &e);
	cr_assert(h);
	cr_expect_str_eq(h->base->description, "ours");
	host_free(h);
	n = shelf_list(&r.shelf, &r.mem, &at);
	cr_expect_eq(n, 11);
	cr_expect_str_eq(at[0].name, "claude");
	cr_expect_str_eq(at[0].from, "project");
	diags_release(&d);
	rig_release(&r);
}
