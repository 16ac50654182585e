/*
 * A loop: what the user wrote, typed, linked and sealed.  Everything lives
 * in one arena and never changes after loop_load(); everywhere else it is a
 * `const struct loop *`.
 */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <stdbool.h>

#include "base/arena.h"
#include "loop/evaluate.h"
#include "text/form.h"
#include "text/rx.h"
#include "text/script.h"
#include "text/tmpl.h"
#include "text/val.h"

/* Where a transition leads. `name` NULL: not written. */
struct target {
	const char *name;
	const struct state *to; /* NULL for `$current` and for "abort" */
	bool current;           /* `$current`: the state it is written in */
	struct place at;
};

/* What can be bounded; the order in which it is looked at. */
enum budget_kind {
	BUDGET_STEPS, /* states entered, of called loops and items too */
	BUDGET_WALL,  /* active milliseconds */
	BUDGET_CALLS, /* of hosts */
	BUDGET_TOKENS,
	BUDGET_USD, /* millionths */
	BUDGET_DAY, /* the same, of all runs of the project today */
	BUDGETS
};

/* What happens when it is used up. */
enum budget_effect {
	EFFECT_FINISH, /* nothing more is begun that it bounds */
	EFFECT_STOP,   /* what runs is ended too */
	EFFECT_FAIL,   /* the state fails */
	EFFECT_STATE,  /* a state follows, once */
};

struct budget_limit {
	long long at; /* -1: none */
	enum budget_effect then;
	struct target to;
	const char *key; /* as it is written: "limits.usd" */
};

struct budget {
	struct budget_limit of[BUDGETS];
	long long warn; /* millionths of a dollar; -1: none */
};

enum action_type {
	ACTION_NONE, /* the state has no action */
	ACTION_SHELL,
	ACTION_PROMPT,
	ACTION_SLASH,
	ACTION_MCP,
	ACTION_CONTRACT,
};

struct route {
	const char *verdict; /* "_" and "_error" in a table are special */
	struct target to;
};

struct throttle {
	bool set;
	long long normal_max, warn_max, hard_max;
};

/* A parameter of a state's fragment and what it is given. */
struct param {
	const char *name;
	const struct val *spec;  /* its declaration */
	const struct val *value; /* NULL: nothing, and it has no default */
	const struct tmpl *tmpl; /* a text with references; else NULL */
	enum origin origin;      /* of the value, as far as the file says */
};

/* -1: no bound. */
struct resources {
	long long procs, memory, files;
};

/* Before the n-th retry: base * 2^(n-1), at most cap. */
struct retry_backoff {
	bool set;
	long long base_ms, cap_ms; /* cap -1: none */
};

/* What a state does about failures that are not its own: waits for a limit
 * on how often something may be asked (spec/execution.md 1.11). */
struct ladder {
	bool classifies;     /* classify_failures: of a shell action */
	long long short_max; /* the first waits: base * 2^(n-1) each, and
	                      * up to another base */
	long long base_ms;
	const long long *long_ms; /* those after them; the last one again */
	size_t nlong;
	long long budget_ms; /* of all waits */
	struct target exhausted;
};

/* Another loop that a state runs. */
struct call {
	const struct tmpl *word; /* its name; NULL: none is called */
	/* What a word without references names; NULL: looked up when it is
	 * called, or it cannot be loaded (then `--ignore loop` was said). */
	const struct loop *loop;
	const struct form *with;     /* a map; NULL: not written */
	bool passthrough;            /* context_passthrough */
	const struct tmpl *worktree; /* a branch; NULL: not written */
};

/* How a prompt is put; NULL: not written. */
struct prompting {
	const char *host, *model, *effort, *agent;
	const char *tools; /* with commas between them */
};

/* `parallel`: the action, or the loop, once for each item. */
struct fan_spec {
	const struct form *items; /* a list or text; NULL: no `parallel` */
	const char *as;           /* "item" unless written */
	long long max_workers;    /* 1..64 */
	bool fail_fast;
	long long tolerate; /* how many items may fail */
};

struct state {
	const char *name;
	size_t index; /* in loop.states, file order */
	struct place at;
	const struct val *src;

	bool has_fragment;
	/* Of its fragment, the outermost one's first: a value may refer to
	 * those before it. */
	const struct param *param;
	size_t nparam;

	enum action_type type;
	const struct tmpl *action;   /* NULL: none */
	const struct script *script; /* shell actions */
	const struct form *params;   /* of mcp_tool; NULL: none */
	struct prompting prompting;  /* of prompts */
	/* A state acts by `action` or by `call`; with `fan`, for each item. */
	struct call call;
	struct fan_spec fan;
	struct evaluate evaluate;
	const char *capture;
	const struct tmpl *append_to_messages;

	bool has_next;
	struct target next;
	/* Shorthands, aliases collapsed: yes no error partial blocked <word> */
	const struct route *on;
	size_t non;
	bool has_route;
	const struct route *route;
	size_t nroute;
	struct target on_maintain;
	bool terminal, failure;

	long long timeout_ms;      /* -1: not written */
	long long idle_timeout_ms; /* -1: not written */
	long long max_retries;     /* -1: not written */
	struct target on_retry_exhausted;
	const long long *retryable;
	size_t nretryable;
	bool has_retryable;
	struct throttle throttle;
	struct target on_throttle_hard;

	/* Its own word, else the loop's. */
	long long output_limit; /* bytes of a stream; -1: not written */
	bool fails_over_limit;  /* on_output_limit: fail */
	bool kills_leftovers;   /* leftovers: kill */
	struct resources resources;
	struct retry_backoff retry_backoff;
	struct ladder ladder;
	struct budget budget; /* calls, tokens, dollars */

	/* After an interruption in the middle of its action. */
	bool once;                    /* it is not executed again */
	bool fails_interrupted;       /* on_interrupted: fail */
	struct target on_interrupted; /* a state; not written: rerun */

	/* The first key that makes this state impossible to run in this
	 * version ("loop", "parallel", "action_type: prompt"), or NULL.  When
	 * ignored by name, entering it is an error, never a "yes". */
	const char *later;
};

struct circuit {
	bool set;
	long long window;
	bool abort;
	struct target to;
	long long recurrent; /* -1: off */
	/* A change there is progress; not where it is excluded. */
	const struct tmpl *const *progress, *const *exclude;
	size_t nprogress, nexclude;
};

/* What happens when an action hands over. */
enum handoff { HANDOFF_PAUSE, HANDOFF_SPAWN, HANDOFF_TERMINATE };

enum on_pressure { PRESSURE_COOLS, PRESSURE_ROUTES, PRESSURE_ABORTS };

/* Memory before a prompt, and of all actions together. */
struct host_guard {
	bool enabled; /* true unless written */
	long long cooldown_ms;
	double warn_pct, critical_pct;
	enum on_pressure on_pressure;
	struct target pressure_state, on_abort_route;
	long long budget_kb; /* 0: none */
	bool budget_aborts;
	struct target budget_state;
};

/* Who judges (`llm`). */
struct llm {
	bool off;           /* enabled: false */
	const char *model;  /* NULL: not written */
	const char *effort; /* NULL: not written */
	long long timeout_ms;
};

/* A known key that this version does not act on and that touches path,
 * safety or spending: `run` refuses unless `--ignore KEY`. */
struct later {
	const char *key;  /* "tamper_guard", "loop", "evaluate.type" */
	const char *path; /* "states.fix.loop" */
	struct place at;
	/* What is wrong, where it is not that the key is unknown; or NULL. */
	const char *why;
};

/* What a run claims, as it is written (decisions.md §6). */
struct claimed {
	enum { CLAIM_PATH, CLAIM_SHARED, CLAIM_NAME } kind;
	const struct tmpl *tmpl;
};

struct loop {
	struct arena mem;
	const struct val *src; /* the whole document, composed */
	bool partial;          /* a part of it is missing */
	bool library;          /* only fragments: nothing to run */
	const char *file;      /* as opened; "builtin:NAME" for shipped ones */
	const char *name, *description, *category, *visibility;
	const struct val *labels; /* list or NULL */

	const struct state *const *states;
	size_t nstates;
	struct target initial;
	const struct val *context; /* map, never NULL */

	long long max_steps;      /* 50 unless written */
	long long max_iterations; /* -1: off (as alias it is in max_steps) */
	struct target on_max_steps, on_max_iterations;
	long long max_edge_revisits;
	long long timeout_ms;              /* -1: none */
	long long default_timeout_ms;      /* -1: none */
	long long default_idle_timeout_ms; /* -1: none */
	long long backoff_ms;
	bool maintain, singleton;
	bool snapshots;         /* of a worktree, after each action */
	bool tracks_action;     /* some action_stall watches what actions say */
	long long output_limit; /* -1: not written */
	long long disk_limit;   /* limits.disk; -1: not written */
	struct budget budget;
	struct circuit circuit;
	enum handoff on_handoff;
	struct host_guard guard;
	long long warn_chars;        /* of a prompt that is told; 0: never */
	long long handoff_threshold; /* -1: not written */
	struct llm llm;

	const char *input_key;             /* "input" unless written */
	const struct val *required_inputs; /* list or NULL */
	const struct val *parameters;      /* map or NULL */
	const struct val *scope;           /* list or NULL */
	const struct claimed *claimed;     /* none: the whole project */
	size_t nclaimed;
	const struct val *secrets; /* list or NULL */
	const char *host;          /* of prompts; NULL: not written */

	const struct later *later;
	size_t nlater;

	struct rx **rx; /* every compiled pattern; malloc'ed, freed with it */
	size_t nrx;
};

/* The state of this name, or NULL. */
const struct state *loop_state(const struct loop *, const char *name);
/* Does a host have to be asked when it is executed?  Not for a comparator,
 * which may have nothing to compare with. */
bool state_asks_host(const struct state *);
/* Which one the file says: the state, or its loop; NULL: neither. */
const char *loop_host(const struct loop *, const struct state *);
/* A loop that mem_new() made, with its patterns and its arena. NULL is
 * fine. */
void loop_free(struct loop *);

/* Names of enums, from one table each. NULL / -1 for unknown. */
const char *budget_name(enum budget_kind);   /* "agent_calls" */
const char *effect_name(enum budget_effect); /* "finish"; "state" */
/* No limit, each with the effect it has when nothing else is said. */
void budget_init(struct budget *);
const char *action_type_name(enum action_type);
int action_type_of(const char *name);
/* The evaluator that asks a host about a state: llm_structured also where a
 * prompt has no `evaluate`; EVAL_DEFAULT when none does. */
enum eval_type eval_by_host(const struct state *);
/* What a verdict is taken for where nothing routes it: `yes` or `error` for
 * what a tool came to (success, tool_error, not_found, timeout), else itself.
 */
const char *state_verdict_like(const struct state *, const char *verdict);
/* Does a verdict tell of success (yes, success, progress, target)?  Such a
 * one is never a stall (decisions.md §3.7). */
bool verdict_is_success(const char *verdict);

#endif
