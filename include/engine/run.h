/*
 * A run while it runs: what it was given, where it stands.  The engine opens
 * no files and knows no store, gate or screen: those are hung in as seams by
 * cmd/launch.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "engine/hosting.h"
#include "engine/worker.h"
#include "engine/yard.h"
#include "host/price.h"
#include "loop/loop.h"
#include "loop/point.h"
#include "loop/seam.h"
#include "os/probe.h"
#include "os/sig.h"

/* Who performs actions: real children, or a test's script. */
struct actor {
	/* Begin what `spec` says, which stays until it is over.  What cannot
	 * be started is over at once.  -1 and *e: the run must end. */
	int (*start)(
	    void *self, size_t slot, const struct child_spec *, struct err *);
	/* Sleep until one is over: 1, *slot and *out; or until `until`
	 * (clock_boot_ms(); -1: no end) or a first stop signal, which ends
	 * what runs: 0.  -1 and *e: all were ended, the run must end. */
	int (*wait)(void *self, long long until, size_t *slot,
	    struct outcome *out, struct err *);
	/* End the one of this slot; wait() still tells of it. */
	void (*cancel)(void *self, size_t slot);
	void *self;
};

enum { RUN_COMMAND_MAX = 512 };

/* What actions leave behind: told when new, ended with the run. Both
 * functions may be NULL (tests without processes). */
struct sweep {
	/* A list of {pid, start, command}, or NULL when nothing is new. A
	 * command has at most RUN_COMMAND_MAX bytes. */
	const struct val *(*news)(void *self, struct arena *);
	int (*end)(void *self, struct err *);
	void *self;
};

/* Who answers questions about files and repositories: os/probe when `ask` is
 * NULL, or a test's script. */
struct oracle {
	void (*ask)(void *self, const struct probe *, struct arena *,
	    struct helped *out);
	void *self;
};

/* Is a host not to be asked, and until when (us since 1970)? */
struct shut {
	long long until_us; /* 0: it may be asked */
	bool known;         /* the host said so; else it is a guess */
};

/* What the runs of a project tell each other of hosts that refuse.  Any
 * function may be NULL; none fails, for this is advice. */
struct breaker {
	void (*ask)(void *self, const char *host, struct shut *out);
	void (*shut)(void *self, const char *host, const struct shut *);
	void (*open)(void *self, const char *host);
	void *self;
};

/* What the command line laid over the loop file; -1: nothing. */
struct overrides {
	long long max_steps, max_iterations, backoff_ms, timeout_ms;
};

/* The same over its guards. */
struct guard_overrides {
	bool no_host_guard, budgets, sizes;
	long long budget_mb;  /* of the outermost loop, when `budgets` */
	long long warn_chars; /* when `sizes` */
};

/* How full the memory is that we may use; `used_pct` NULL, or false: nobody
 * can tell. */
struct gauge {
	bool (*used_pct)(void *self, double *out);
	void *self;
};

/* Who goes on with a run that hands over (`on_handoff: spawn`). */
struct heir {
	/* Make its process, which begins when this run is over and its
	 * ticket given back.  Its number, or -1 and *e. */
	long long (*make)(void *self, const char *continuation, struct err *);
	void *self;
};

/* Who finds the loops whose names have references in them. */
struct library {
	/* The loop that `word` names when the file `by` says it.  *sealed:
	 * fields for a record of what was read for it, or NULL: nothing.
	 * -1: there is none that can be run; ERR_IO ends the run. */
	int (*find)(void *self, const char *by, const char *word,
	    struct arena *, const struct loop **out, const struct val **sealed,
	    struct err *);
	void *self;
};

/* The items of the `parallel` that is being done. */
struct fan_items {
	struct arena mem;
	const struct val *list;
	const char *cause; /* that ends the run once they are over, or NULL */
	const char *error;
	struct finish refused; /* the same, when a host is to blame */
	bool all, failure;     /* as in struct finish, with `cause` */
	bool closing;          /* no more are begun */
	size_t looked; /* results below were looked at for unfinished ones */
};

/* What the accounts of the project show. */
struct purse_seen {
	long long spent; /* by all its runs today, in millionths of a dollar */
	long long dearest; /* call among them; -1: none has a known cost */
	bool alone;        /* another run makes a call that is to be alone */
};

/* Who keeps the accounts; functions may be NULL. */
struct purse {
	/* What tokens cost; asked for when a call is made. */
	const struct prices *(*prices)(void *self);
	/* 1: up to shut() no other run sets anything aside; 0: one does at
	 * this moment, try again. */
	int (*open)(void *self, struct purse_seen *, struct err *);
	void (*shut)(void *self);
	/* A call is to be alone: other runs see that, up to together().  With
	 * the purse open. */
	int (*alone)(void *self, struct err *);
	void (*together)(void *self);
	void *self;
};

struct run {
	/* given by the caller */
	const struct loop *loop;
	struct overrides over;
	struct guard_overrides guards;
	long long output_limit;   /* bytes, over every state's; 0: as written */
	const struct sink *sinks; /* the journal first */
	size_t nsinks;
	struct vault vault;
	struct actor actor;
	struct sweep sweep;
	struct oracle oracle;
	struct gauge gauge;
	struct heir heir;
	struct sig *sig;
	char *const *env; /* of actions, NULL-ended; LL_STATE, LL_STEP added */
	const char *cwd;  /* where actions run */
	const char *bash; /* absolute */
	const char *path; /* PATH\'s text, for direct execution */
	bool direct;      /* neither BASH_ENV nor exported functions are set */
	long long grace_ms;
	struct library finder;
	struct hosting hosting;
	struct breaker breaker;
	bool waits; /* --wait: for a quota, however long that takes */
	/* It is resumed to try again: what is known of hosts does not count
	 * before one was asked. */
	bool tries;
	struct yard yard;
	const struct budget *budget; /* of the run; NULL: the loop's own */
	struct purse purse;
	const char *main_root;      /* LL_MAIN_ROOT of frames in a tree */
	const struct mask *mask;    /* what is never recorded; NULL: nothing */
	const struct val *withheld; /* context values that the record has
	                             * masked; may be NULL */

	/* the engine's own */
	struct point point;
	VEC(struct worker *) workers; /* the run's own first */
	struct worker *worker;        /* whose turn it is */
	struct fan_items fan;
	struct arena spend_mem; /* of what limits say */
	long long seq;
	long long began_boot_ms; /* when active time was 0 */
	int signal;              /* that ended it, 0: none */
};

/* Memory until the end of the step. */
static inline struct arena *
run_mem(const struct run *r)
{
	return &r->worker->mem;
}

/* The frame a worker stands in: of its own, else the one whose item it is; NULL
 * before the run's first. */
struct frame *run_frame_of(const struct worker *);
/* Where the worker's frame works: never NULL. */
const char *run_cwd(const struct run *);
/* What that frame executes. */
const struct level *run_level_of(const struct worker *);
/* The frame that is being executed, and its loop. */
struct frame *run_frame(const struct run *);
const struct loop *run_loop(const struct run *);

void run_release(struct run *);

/* What the run may spend. */
const struct budget *run_budget(const struct run *);
/* Effective limits of the frame: loop file under command line, which is for
 * the outermost one only. */
long long run_max_steps(const struct run *);
long long run_max_iterations(const struct run *);
long long run_backoff_ms(const struct run *);
long long run_timeout_ms(const struct run *); /* -1: none */
/* clock_boot_ms() when the first of its timeouts strikes; -1: none. */
long long run_deadline(const struct run *);
/* Is the time of the frame used up? */
bool run_is_late(const struct run *);
/* Has a signal asked us to stop?  Takes in those that came. */
bool run_stop_asked(struct run *);
/* The worker rests this long, or until the deadline of its frame. */
void run_rest(struct run *, long long ms);
/* Milliseconds of active time so far: of the run, of the frame. */
long long run_elapsed_ms(const struct run *);
long long run_frame_ms(const struct run *);

/* Is its JSON form short (32 KiB) and flat enough for a record? */
bool run_fits(const struct val *);
/*
 * Set KEY; what does not fit into a record goes to a file instead: KEY_file,
 * KEY_bytes, KEY_sum (a list or map as JSON).  -1 and *e when it cannot.
 */
int run_put(struct run *, struct val *fields, const char *key,
    const struct val *, struct err *);

/* Decide is done: append to every sink, then apply.  -1 stops the run. */
int run_emit(
    struct run *, enum event_kind, const struct val *fields, struct err *);
/* The same of another depth than the frame's. */
int run_emit_at(struct run *, long long depth, enum event_kind,
    const struct val *fields, struct err *);

#endif
