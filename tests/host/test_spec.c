/* Host files: what is read, and what is wrong with its place. */
#include "host/builtin.h"
#include "rig.h"

static struct host *
read_text(const char *text, struct diags *d)
{
	const struct host_source src = {
		.name = "mine", .file = "mine.yaml", .text = sv(text)
	};

	return host_read(&src, d);
}

TEST(spec, every_shipped_file_is_right)
{
	size_t n = 0;

	for (; host_builtins[n].name; n++) {
		struct host *h = rig_shipped(host_builtins[n].name);

		cr_expect(*h->description, "%s", h->name);
		cr_expect_gt(h->nfailures, 0, "%s", h->name);
		cr_expect_gt(h->nversion, 0, "%s", h->name);
		cr_expect(h->install || !h->rank, "%s", h->name);
		host_free(h);
	}
	cr_expect_eq(n, 10);
}

TEST(spec, a_short_file_is_enough)
{
	struct diags d = DIAGS_INIT;
	struct host *h =
	    read_text("action: {args: [ask, [--model, \"{model}\"]]}\n", &d);

	cr_assert(h);
	cr_expect_str_eq(h->program, "mine");
	cr_expect_eq(h->rank, 0);
	cr_expect_not(h->verified);
	cr_expect_not(h->prompt_argument);
	cr_expect_eq(h->argument_max, 100 * 1024);
	cr_expect_eq(h->call[CALL_JUDGE].n, h->call[CALL_ACTION].n);
	cr_expect_eq(h->call[CALL_ACTION].takes, 1u << SLOT_MODEL);
	host_free(h);
	diags_release(&d);
}

TEST(spec, faults_have_their_places)
{
	static const struct {
		const char *text, *id;
		int line, col;
	} rows[] = {
		{ "actoin: {args: [a]}", "E101", 1, 1 },
		{ "action: {args: a}", "E102", 1, 16 },
		{ "action: {args: [a], format: xml}", "E104", 1, 29 },
		{ "program: x", "E515", 1, 1 },
		{ "program: ''\naction: {}", "E515", 1, 10 },
		{ "action: {args: ['{modle}']}", "E511", 1, 16 },
		{ "action: {args: [1]}", "E511", 1, 16 },
		{ "action: {args: ['{prompt}']}", "E515", 1, 16 },
		{ "prompt: argument\naction: {args: [a]}", "E515", 2, 16 },
		{ "action: {format: lines}", "E515", 1, 9 },
		{ "action: {}\nevents:\n- {text: a..b}", "E512", 3, 10 },
		{ "action: {}\nevents:\n- {when: {a.: 1}}", "E512", 3, 15 },
		{ "action: {}\nevents:\n- {when: {a: {}}}", "E514", 3, 14 },
		{ "action: {}\nfailures:\n- {error: x}", "E515", 3, 3 },
		{ "action: {}\nfailures:\n- {class: limit.wall, error: x}",
		    "E104", 3, 11 },
		{ "action: {}\nfailures:\n- {class: infra.auth}", "E515", 3,
		    11 },
		{ "action: {}\nfailures:\n- {class: infra.auth, stderr: '('}",
		    "E513", 3, 31 },
		{ "action: {}\nfailures:\n- {class: infra.auth, member: a}",
		    "E515", 3, 31 },
		{ "action: {}\nfailures:\n- {class: infra.auth, exit: [0]}",
		    "E103", 3, 30 },
		{ "action: {}\nfailures_of: nobody", "E515", 2, 14 },
		{ "action: {}\nretries: {max: 3}", "E515", 2, 10 },
		{ "action: {}\nretries: {stderr: '('}", "E513", 2, 19 },
		{ "action: {}\nenvironment: {1A: x}", "E514", 2, 19 },
		{ "action: {}\nenvironment: {A: '{prompt}'}", "E515", 2, 18 },
		{ "action: {args: [\"a\\0b\"]}", "E002", 1, 17 },
		{ "[]", "E102", 1, 1 },
		{ "a: [", "E001", 0, 0 },
		{ "initial: a\nstates: {}", "E120", 1, 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diags d = DIAGS_INIT;
		struct host *h = read_text(rows[i].text, &d);
		bool found = false;

		cr_expect_null(h, "%s", rows[i].text);
		for (size_t k = 0; k < d.len; k++)
			found |= !strcmp(d.at[k].id, rows[i].id) &&
			    (!rows[i].line ||
				(d.at[k].at.line == rows[i].line &&
				    d.at[k].at.col == rows[i].col));
		cr_expect(found, "%s: %s at %d:%d %s", rows[i].text,
		    d.len ? d.at[0].id : "nothing", d.len ? d.at[0].at.line : 0,
		    d.len ? d.at[0].at.col : 0, d.len ? d.at[0].msg : "");
		diags_release(&d);
		host_free(h);
	}
}

TEST(spec, rows_of_another_host_follow)
{
	struct host *claude = rig_shipped("claude");
	struct host *command = rig_shipped("command");

	cr_expect_gt(claude->nfailures, command->nfailures);
	cr_expect_str_eq(claude->failure[0].by, "claude: failures[0]");
	cr_expect_str_eq(claude->failure[claude->nfailures - 1].by,
	    command->failure[command->nfailures - 1].by);
	host_free(claude);
	host_free(command);
}

TEST(spec, tests_on_members)
{
	static const char text[] =
	    "action: {format: lines}\n"
	    "events:\n"
	    "- {when: {a: 1, b: [x, y], c: null, d: '*'}, text: t}\n";
	static const struct {
		const char *line;
		const char *heard;
	} rows[] = {
		{ "{\"a\":1,\"b\":\"y\",\"d\":false,\"t\":\"T\"}\n", "T" },
		{ "{\"a\":1.0,\"b\":\"x\",\"c\":null,\"d\":[],\"t\":\"T\"}\n",
		    "T" },
		{ "{\"a\":2,\"b\":\"y\",\"d\":1,\"t\":\"T\"}\n", "" },
		{ "{\"a\":1,\"b\":\"z\",\"d\":1,\"t\":\"T\"}\n", "" },
		{ "{\"a\":1,\"b\":\"y\",\"c\":0,\"d\":1,\"t\":\"T\"}\n", "" },
		{ "{\"a\":1,\"b\":\"y\",\"d\":null,\"t\":\"T\"}\n", "" },
		{ "{\"t\":\"T\"}\n", "{\"t\":\"T\"}" },
	};
	struct diags d = DIAGS_INIT;
	struct host *h = read_text(text, &d);

	cr_assert(h, "%s", d.len ? d.at[0].msg : "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str heard = STR_INIT;

		host_stream_free(
		    rig_feed(h, CALL_ACTION, sv(rows[i].line), 100, &heard));
		cr_expect_str_eq(heard.buf, rows[i].heard, "%s", rows[i].line);
	}
	host_free(h);
	diags_release(&d);
}

/* The host that the manual shows, as it stands there. */
static void
read_example(struct str *out)
{
	auto_str page = STR_INIT;
	struct err e = ERR_INIT;
	const char *from, *to;

	cr_assert_eq(file_read("man/ll-loop-hosts.5", 1 << 20, &page, &e), 0);
	from = strstr(page.buf, ".\\\" example host acme\n");
	cr_assert(from);
	from = strchr(strstr(from, "\n.Bd") + 1, '\n') + 1;
	to = strstr(from, ".Ed");
	cr_assert(to);
	str_add(out, from, (size_t)(to - from));
}

TEST(spec, the_manuals_host_understands_its_agent)
{
	static const char good[] =
	    "{\"type\":\"say\",\"message\":\"hi\"}\n"
	    "{\"type\":\"end\",\"ok\":true,\"id\":\"s-1\",\"in\":10,"
	    "\"out\":2,\"usd\":0.000123}\n";
	static const char bad[] =
	    "{\"type\":\"end\",\"ok\":false,\"reason\":\"no luck\"}\n";
	struct diags d = DIAGS_INIT;
	auto_str text = STR_INIT, heard = STR_INIT;
	struct host_source src = { .name = "acme", .file = "acme.yaml" };
	const struct host_seen *seen;
	struct host_stream *s;
	struct host *h;

	read_example(&text);
	src.text = str_sv(&text);
	src.base = rig_shipped("command");
	h = host_read(&src, &d);
	cr_assert(h, "%s", d.len ? d.at[0].msg : "");
	s = rig_feed(h, CALL_ACTION, sv(good), 5, &heard);
	seen = host_stream_seen(s);
	cr_expect_str_eq(heard.buf, "hi");
	cr_expect_str_eq(seen->session, "s-1");
	cr_expect_eq(seen->used.cost, 123);
	cr_expect_eq(seen->used.input, 10);
	cr_expect(seen->ended && !seen->failed);
	host_stream_free(s);
	s = rig_feed(h, CALL_ACTION, sv(bad), 5, &heard);
	seen = host_stream_seen(s);
	cr_expect(seen->failed);
	cr_expect_str_eq(seen->error, "no luck");
	host_stream_free(s);
	host_free(h);
	diags_release(&d);
}
