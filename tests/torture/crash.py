"""Kills and faults at every place where they can come, and what is asked of
the run each time: its journal is a valid prefix, its status is no lie, its
scope is free, nothing that it started is alive, and resume ends as the
undisturbed run did.

Usage: crash.py LL TOOL WHAT [EVERY]
TOOL is boundary (built from boundary.c) or a preloaded library (fault.c),
WHAT a row of SERIES; of the places every EVERYth is tried.
"""
import glob
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

LL, TOOL, WHAT = sys.argv[1:4]
EVERY = int(sys.argv[4]) if len(sys.argv) > 4 else 1

FILES = {
    ".loops/kid.yaml": """
name: kid
initial: k
states:
  k:
    action: 'sleep 97 >/dev/null 2>&1 & echo k >>log; echo kid-out'
    capture: k
    next: end
  end: {terminal: true}
""",
    ".loops/x.yaml": """
name: x
scope: ["."]
initial: a
context: {word: w}
states:
  a:
    action: 'echo a >>log; echo cap-a; seq 1 9999'
    capture: a
    next: sub
  sub: {loop: kid, with: {}, on_yes: c, on_no: bad, on_error: bad}
  c:
    action: |
      printf '%s' "${captured.a.output}" | cksum
      echo "${captured.sub.k.output} ${context.word}"; echo c >>log
    capture: c
    next: done
  bad: {terminal: true, failure: true}
  done: {terminal: true}
""",
    ".loops/y.yaml": """
name: y
scope: ["."]
initial: a
states:
  a: {action: 'true', next: done}
  done: {terminal: true}
""",
}


class Fault(Exception):
    pass


def want(holds, *words):
    if not holds:
        raise Fault(" ".join(str(w) for w in words))


class Project:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="crash.")
        os.mkdir(self.dir + "/.loops")
        for name, text in FILES.items():
            with open(os.path.join(self.dir, name), "w") as f:
                f.write(text)

    def remove(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def call(self, *words, env=None):
        return subprocess.run(
            words, cwd=self.dir, stdin=subprocess.DEVNULL, timeout=120,
            capture_output=True, text=True, errors="replace",
            env=dict(os.environ, **(env or {})))

    def ll(self, *words):
        return self.call(LL, *words)

    def run_id(self):
        """A name that is only claimed is no run yet."""
        found = [os.path.basename(x) for x in
                 glob.glob(self.dir + "/.loops/runs/x-*")
                 if os.path.exists(x + "/.ll")]
        want(len(found) < 2, "more than one run:", found)
        return found[0] if found else None

    def settle(self):
        """Nobody works in this directory any more as a run."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            done = self.ll("list", "--running", "--json")
            if done.stdout.strip() == "[]":
                return
            time.sleep(0.02)
        raise Fault("a run goes on for ever")

    def records(self, run):
        path = "%s/.loops/runs/%s/.ll/journal.jsonl" % (self.dir, run)
        if not run or not os.path.exists(path):
            return []
        with open(path, "rb") as f:
            lines = f.read().split(b"\n")
        return [json.loads(line) for line in lines[:-1]]

    def log(self):
        path = self.dir + "/log"
        if not os.path.exists(path):
            return []
        with open(path) as f:
            return f.read().split()


def alive(run):
    """Who has this run in his environment."""
    mark, found = ("LL_RUN_ID=%s" % run).encode(), []
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as f:
                if mark in f.read().split(b"\0"):
                    found.append(path.split("/")[2])
        except OSError:
            pass
    return found


def plain(value):
    """A capture without what differs from run to run."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "duration_ms"}
    return value


def outcome(p, run):
    """The way it took and what it captured, as its readers tell it."""
    events = json.loads(p.ll("history", run, "--json").stdout)
    way = [(e.get("from"), e.get("to"), e.get("verdict"), e.get("depth"))
           for e in events if e["event"] == "route"]
    status = json.loads(p.ll("status", run, "--json").stdout)
    return way, plain(status["captured"]), status["status"]


def undisturbed():
    p = Project()
    done = p.ll("run", "x", "--quiet")
    want(done.returncode == 0, "the undisturbed run:", done.stderr)
    got = outcome(p, p.run_id())
    p.remove()
    return got


def check_prefix(p, run):
    done = p.ll("fsck", run)
    want("corrupt" not in done.stdout, "fsck:", done.stdout)
    want(done.returncode == 0 or "  torn  " in done.stdout, "fsck:",
         done.returncode, done.stdout, done.stderr)


def check_status(p, run):
    """Its journal's last word, or that it died."""
    records = p.records(run)
    last = records[-1] if records else {"event": "none"}
    word = last["status"] if last["event"] == "run_end" else "died"
    until = time.monotonic() + 2
    while True:
        done = p.ll("status", run, "--json")
        want(done.returncode == 0, "status:", done.stderr)
        said = json.loads(done.stdout)["status"]
        # A child on its way to another program has our locks for a moment
        # longer than we do.
        if said == word or time.monotonic() > until:
            break
    want(said == word, "status", said, "for", word)
    return last


def check_free(p):
    """Another may begin at once, and nothing is left of any ticket."""
    done = p.ll("run", "y", "--quiet")
    want(done.returncode == 0, "the next start:", done.returncode, done.stderr)
    for where in (".queue", ".running"):
        left = [n for n in os.listdir("%s/.loops/%s" % (p.dir, where))
                if not n.startswith(".")]
        want(not left, "left in", where, left)


def check_resume(p, run, last, reference):
    done = p.ll("resume", run, "--quiet")
    if last["event"] == "none" or not last.get("resumable", True):
        # The next start may have taken away what never began.
        want(done.returncode in ((64, 66) if last["event"] == "none"
                                 else (64,)),
             "resume of what cannot:", done.returncode, done.stderr)
        return
    want(done.returncode == 0, "resume:", done.returncode, done.stdout,
         done.stderr)
    want(outcome(p, run) == reference, "it ended otherwise:", outcome(p, run))
    done = p.ll("fsck", run)
    want(done.returncode == 0, "fsck of the resumed:", done.stdout)
    log = p.log()
    want(set(log) == {"a", "k", "c"} and len(log) <= 4, "done:", log)
    want(not alive(run), "alive after resume:", alive(run))


def check_all(p, reference, both):
    run = p.run_id()
    if not run:
        check_free(p)
        return "nothing"
    if not both:
        want(not alive(run), "alive:", alive(run))
    check_prefix(p, run)
    last = check_status(p, run)
    check_free(p)
    want(not alive(run), "alive after the next start:", alive(run))
    check_resume(p, run, last, reference)
    return last.get("status") or ("died" if last["event"] != "none" else
                                  "nothing")


# ---- at each system call ----

def trace(p, role, n, who):
    log = p.dir + "/calls"
    done = p.call(TOOL, log, role, str(n), who, LL, "run", "x", "--quiet")
    with open(log) as f:
        return done, [line.split() for line in f]


def at_call(reference, role, n, who):
    p = Project()
    try:
        done, calls = trace(p, role, n, who)
        hit = any(c[0] == "hit" for c in calls)
        if hit or done.returncode != 0:
            ended = check_all(p, reference, who == "both")
        else:
            want(outcome(p, p.run_id()) == reference, "not hit, and wrong")
            ended = "missed"
    except (Fault, ValueError, subprocess.TimeoutExpired) as e:
        call = calls[-1] if "calls" in locals() and calls else "?"
        print("%s %d %s %s: %s" % (role, n, who, call, e), p.dir, flush=True)
        return "FAULT"
    p.remove()
    return ended


def boundaries():
    reference = undisturbed()
    p = Project()
    done, calls = trace(p, "guard", 0, "one")
    want(done.returncode == 0, "traced:", done.stderr)
    p.remove()
    places = []
    for role in ("guard", "engine"):
        most = sum(c[0] == role for c in calls)
        want(most > 100, "calls of the", role, most)
        places += [(role, n, who) for who in ("one", "both")
                   for n in range(1, most + 1)]
    faults = 0
    places = places[::EVERY]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ends = list(pool.map(lambda x: at_call(reference, *x), places))
    for role, who in itertools.product(("guard", "engine"), ("one", "both")):
        of = [e for e, x in zip(ends, places) if x[0] == role and x[2] == who]
        hit = sum(e not in ("missed", "FAULT") for e in of)
        words = ", ".join("%d %s" % (of.count(w), w) for w in sorted(set(of)))
        print("%s killed%s at %d of %d calls: %s" % (
            role, " with the other" if who == "both" else "", hit, len(of),
            words))
        faults += of.count("FAULT")
        want(hit >= 0.9 * len(of), "fewer than nine of ten")
    want(not faults, faults, "faults")


# ---- by a preloaded library: at each record, and faults ----

def faulty(p, kind, n):
    log = p.dir + "/faults"
    done = p.call(LL, "run", "x", "--quiet", env={
        "LD_PRELOAD": TOOL, "LL_FAULT": "%s %d" % (kind, n),
        "LL_FAULT_LOG": log})
    # Who is killed with its guard is not waited for by anybody.
    p.settle()
    said = []
    if os.path.exists(log):
        with open(log) as f:
            said = [line.split() for line in f]
    return done, said


def most_calls(kind):
    p = Project()
    done, said = faulty(p, kind, 0)
    want(done.returncode == 0, kind, "counted:", done.returncode, done.stderr)
    p.remove()
    return max(int(n) for word, n in said if word == "calls")


WORDS = {"full": "No space left on device", "sync": "Input/output error"}


def check_honest(p, kind, done, reference):
    """It says what happened, and which file that was."""
    if done.returncode == 0:
        want(outcome(p, p.run_id()) == reference, "it ended otherwise")
        return
    want(done.returncode in (1, 73, 74) or kind in ("memory", "guard"), "status",
         done.returncode, done.stderr)
    if kind in WORDS:
        want(WORDS[kind] in done.stderr and p.dir in done.stderr,
             "it does not say what:", done.stderr)


def at_fault(reference, kind, n):
    p = Project()
    try:
        done, said = faulty(p, kind, n)
        if not any(word == "hit" for word, _ in said):
            want(done.returncode == 0, "not hit:", done.stderr)
            ended = "missed"
        else:
            killed = kind in ("before", "half", "after")
            if not killed:
                check_honest(p, kind, done, reference)
            ended = check_all(p, reference, killed)
    except (Fault, ValueError, subprocess.TimeoutExpired) as e:
        print("%s %d: %s" % (kind, n, e), p.dir, flush=True)
        return "FAULT"
    p.remove()
    return ended


def each(kinds, title):
    reference = undisturbed()
    faults = 0
    for kind in kinds:
        most = most_calls(kind)
        places = range(1, most + 1, EVERY)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            ends = list(pool.map(lambda n: at_fault(reference, kind, n),
                                 places))
        words = ", ".join("%d %s" % (ends.count(w), w)
                          for w in sorted(set(ends)))
        print("%s %s at %d of %d: %s" % (
            title, kind, len(places), most, words))
        faults += ends.count("FAULT")
        want(ends.count("missed") <= len(places) / 10, "too many missed")
    want(not faults, faults, "faults")


def odd():
    """What a program must not notice."""
    reference = undisturbed()
    for kind in ("short", "intr"):
        p = Project()
        done, said = faulty(p, kind, 0)
        want(done.returncode == 0, kind, done.returncode, done.stderr)
        want(outcome(p, p.run_id()) == reference, kind, "ended otherwise")
        check_prefix(p, p.run_id())
        check_free(p)
        print("%s: as undisturbed, %d calls" % (
            kind, sum(int(n) for _, n in said)))
        p.remove()


# ---- torn files ----

def torn_project():
    p = Project()
    want(p.ll("run", "x", "--quiet").returncode == 0, "the run")
    p.run = p.run_id()
    p.journal = "%s/.loops/runs/%s/.ll/journal.jsonl" % (p.dir, p.run)
    with open(p.journal, "rb") as f:
        p.text = f.read()
    p.ends = list(itertools.accumulate(
        len(x) + 1 for x in p.text.split(b"\n")[:-1]))
    return p


def copy_of(first):
    """The same run, elsewhere: sums do not depend on where it is."""
    p = Project()
    shutil.rmtree(p.dir)
    shutil.copytree(first.dir, p.dir)
    p.run, p.text, p.ends = first.run, first.text, first.ends
    p.journal = first.journal.replace(first.dir, p.dir)
    return p


def all_damages(first):
    """Every length and every bit, by the readers themselves."""
    parts = [copy_of(first) for _ in range(os.cpu_count())]
    work = [subprocess.Popen(
        [TOOL, p.dir, p.run, str(i), str(len(parts))], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for i, p in enumerate(parts)]
    said = [w.communicate()[0].splitlines() for w in work]
    for p in parts:
        p.remove()
    for lines in said:
        print("torn:", lines[-1] if lines else "nothing was said")
    want(not any(w.returncode for w in work),
         "\n".join(sum((x[:10] for x in said), [])))


def readers_agree(p, valid, state):
    """Of a journal whose first `valid` records are as they were written."""
    done = p.ll("history", p.run, "--json")
    events = json.loads(done.stdout or "[]")
    want(len(events) == valid, "history has", len(events), "of", valid)
    done = p.ll("fsck", p.run)
    want("%s  %s" % (p.run, state) in done.stdout, "fsck says", done.stdout)
    want(done.returncode == (0 if state == "valid  " else 1), "fsck:",
         done.returncode)
    done = p.ll("status", p.run, "--json")
    want(done.returncode == 0, "status:", done.stderr)
    said = json.loads(done.stdout)["status"]
    corrupt = state.startswith("corrupt")
    want(said == ("completed" if valid == len(p.ends) else
                  "unknown" if corrupt else "died"), "status", said)
    done = p.ll("list", "--running", "--json")
    want(done.stdout.strip() == "[]", "list:", done.stdout)


def resume_agrees(p, valid, state, reference):
    """What can go on ends as it would have; nothing else is touched."""
    if state.startswith("corrupt"):
        with open(p.journal, "rb") as f:
            was = f.read()
        done = p.ll("resume", p.run, "--quiet")
        want(done.returncode == 65 and "corrupt" in done.stderr,
             "resume of a corrupt one:", done.returncode, done.stderr)
        with open(p.journal, "rb") as f:
            want(f.read() == was, "resume changed it")
        done = p.ll("fsck", "--truncate", p.run)
        want(done.returncode == (0 if valid else 65), "fsck --truncate:",
             done.returncode, done.stderr)
        kept = glob.glob(p.journal + ".corrupt-*")
        if not valid:
            want(not kept, "a copy of what was not cut")
            return
        with open(kept[0], "rb") as f:
            want(f.read() == was, "the copy is another")
    done = p.ll("resume", p.run, "--quiet")
    if valid in (0, len(p.ends)):
        want(done.returncode == 64, "resume:", done.returncode, done.stderr)
        return
    want(done.returncode == 0, "resume:", done.returncode, done.stderr)
    want(outcome(p, p.run) == reference, "it ended otherwise:",
         outcome(p, p.run))


def torn_one(first, reference, what, at):
    """By the program, on a copy: cut there, or a bit of that byte turned."""
    p = copy_of(first)
    valid = sum(e <= at for e in p.ends)
    begin = max([e for e in p.ends if e <= at], default=0)
    if what == "cut":
        now = p.text[:at]
        state = "valid  " if at == begin else "torn  "
    else:
        now = p.text[:at] + bytes([p.text[at] ^ 1 << what]) + p.text[at + 1:]
        state = "corrupt at byte %d (record %d)" % (begin, valid + 1)
        # Only without an end can the last one be what was being written.
        if at == len(p.text) - 1:
            state = "torn  "
    try:
        with open(p.journal, "wb") as f:
            f.write(now)
        readers_agree(p, valid, state)
        resume_agrees(p, valid, state, reference)
    except (Fault, ValueError, KeyError) as e:
        print("%s at %d (record %d from byte %d): %s" % (
            what, at, valid + 1, begin, e), p.dir, flush=True)
        return 1
    p.remove()
    return 0


def torn():
    first, rng = torn_project(), random.Random(34)
    reference = outcome(first, first.run)
    all_damages(first)
    # Of each record its first byte, its last two, and some of its inside.
    places = set()
    for begin, end in zip([0] + first.ends, first.ends):
        places |= {begin, end - 2, end - 1}
        places |= {rng.randrange(begin, end) for _ in range(2)}
    tasks = [("cut", at) for at in sorted(places | {len(first.text)})]
    tasks += [(rng.randrange(8), at) for at in sorted(places)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = sum(pool.map(
            lambda t: torn_one(first, reference, *t), tasks))
    print("torn: by the program %d cuts and flips of %d records, %d faults" % (
        len(tasks), len(first.ends), faults))
    first.remove()
    want(not faults, faults, "faults")


# ---- at any time ----

PLAIN = {".loops/x.yaml": """
name: x
scope: ["."]
initial: a
states:
  a: {action: 'echo a >>LOG', next: o}
  o: {action: 'echo o >>LOG; sleep 0.005', once: true, next: b}
  b: {action: 'echo b >>LOG', next: done}
  done: {terminal: true}
"""}

# The same, with a loop that is called and in a tree of its own.
WHOLE = {".loops/x.yaml": """
name: x
scope: ["."]
initial: a
states:
  a: {action: 'echo a >>LOG', next: o}
  o: {action: 'echo o >>LOG; sleep 0.005', once: true, next: sub}
  sub: {loop: kid, on_yes: done, on_no: bad, on_error: bad}
  bad: {terminal: true, failure: true}
  done: {terminal: true}
""", ".loops/kid.yaml": """
name: kid
initial: k
states:
  k: {action: 'echo made >made', next: b}
  b: {action: 'echo b >>LOG', next: end}
  end: {terminal: true}
"""}


class RandomProject(Project):
    files, options, span = PLAIN, [], 0.05

    def __init__(self):
        super().__init__()
        for name, text in self.files.items():
            with open(os.path.join(self.dir, name), "w") as f:
                f.write(text.replace("LOG", self.dir + "/log"))

    def check_now(self):
        pass

    def check_end(self, run, last):
        pass


class TreeProject(RandomProject):
    files, options, span = WHOLE, ["--worktree"], 0.25

    def git(self, *words):
        done = self.call("git", *words, env={
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b"})
        want(done.returncode == 0, "git", words, done.stdout, done.stderr)
        return done.stdout

    def __init__(self):
        super().__init__()
        with open(self.dir + "/.gitignore", "w") as f:
            f.write("log\n")
        self.git("init", "-q", "-b", "main", ".")
        self.git("add", "-A")
        self.git("commit", "-qm", "one")

    def check_now(self):
        """git sees nothing half made or half gone."""
        self.git("fsck", "--strict", "--no-dangling")
        want(self.git("worktree", "prune", "-n") == "", "to be pruned")
        for name in glob.glob(self.dir + "/.git/worktrees/*"):
            head = name + "/HEAD"
            want(os.path.exists(head) and os.path.getsize(head) > 0,
                 "no HEAD in", name)
        want("0000000" not in self.git("worktree", "list"), "a tree of nothing")

    def check_end(self, run, last):
        done = self.ll("worktree", "gc", "--apply")
        want(done.returncode == 0, "gc:", done.stderr)
        self.check_now()
        trees = self.git("worktree", "list").splitlines()
        want(len(trees) == 1, "trees:", trees)
        want(self.git("status", "--porcelain") == "", "the user's tree")
        if last.get("status") == "completed":
            self.git("cat-file", "-e", "refs/ll/kept/%s:made" % run)


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(n) for n in f.read().split()]
    except OSError:
        return []


def kill_somebody(p, words, rng, span):
    """Start, and kill one of the two or both at a time nobody chose."""
    child = subprocess.Popen(
        words, cwd=p.dir, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        child.wait(rng.random() * span)
    except subprocess.TimeoutExpired:
        pass
    engine, who = children(child.pid)[:1], rng.choice(("one", "two", "both"))
    victims = {"one": [child.pid], "two": engine,
               "both": engine + [child.pid]}[who]
    hit = 0
    for pid in victims:
        if child.poll() is None or pid in engine:
            try:
                os.kill(pid, signal.SIGKILL)
                hit = 1
            except ProcessLookupError:
                pass
    child.wait()
    p.settle()
    return hit


def random_run(kind, seed):
    """A run that is killed and resumed until it ends; how often it was hit."""
    rng, p, kills = random.Random(seed), kind(), 0
    try:
        words, tries = [LL, "run", "x", "--quiet"] + p.options, 0
        while True:
            # Ever later, or it would get nowhere on a busy machine.
            kills += kill_somebody(p, words, rng, p.span * 1.3 ** tries)
            tries += 1
            want(tries < 40, "it gets nowhere")
            run = p.run_id()
            check_prefix(p, run) if run else None
            last = check_status(p, run) if run else {"event": "none"}
            p.check_now()
            check_free(p)
            want(not run or not alive(run), "alive:", run and alive(run))
            if last["event"] == "none" or not last.get("resumable", True):
                break
            # What was once begun and not finished ends it.
            if last.get("terminated_by") == "error":
                break
            words = [LL, "resume", run, "--quiet"]
        log = p.log()
        want(log.count("o") <= 1, "once:", log)
        if last.get("status") == "completed":
            want("a" in log and "b" in log and "o" in log, "skipped:", log)
        want(len(log) <= 3 + kills, "more often than it was killed:", log)
        p.check_end(run, last)
    except (Fault, ValueError, subprocess.TimeoutExpired) as e:
        print("random %d: %s" % (seed, e), p.dir, flush=True)
        return kills, "FAULT"
    p.remove()
    return kills, last.get("terminated_by", "nothing")


def kills(kind):
    asked = int(os.environ.get("LL_TORTURE_KILLS", "2000"))
    seed = int(os.environ.get("LL_TORTURE_SEED", time.time_ns() % 10 ** 9))
    did, ends, n = 0, [], 0
    with ThreadPoolExecutor(4 * os.cpu_count()) as pool:
        while did < asked and ends.count("FAULT") < 20:
            for k, end in pool.map(lambda s: random_run(kind, s),
                                   range(seed + n, seed + n + 64)):
                did += k
                ends.append(end)
            n += 64
    print("random: %d kills in %d runs from seed %d: %s" % (
        did, len(ends), seed, ", ".join("%d %s" % (ends.count(w), w)
                                        for w in sorted(set(ends)))))
    want("FAULT" not in ends, ends.count("FAULT"), "faults")


# ---- signals ----

HEAD = "name: x\nscope: ['.']\ninitial: a\nstates:\n"
DONE = "  done: {terminal: true}\n"
# Where a run is when it is told, and the options with which it gets there.
PLACES = {
    "a state": (HEAD + "  a: {action: 'sleep 98', next: done}\n" + DONE, []),
    "a tree of processes": (HEAD + """\
  a: {action: 'setsid sleep 98 & sleep 98 & wait', next: done}
""" + DONE, []),
    "a called loop": (HEAD + "  a: {loop: naps, on_yes: done, on_no: done}\n"
                      + DONE, []),
    "a retry": (HEAD + """\
  a: {action: 'exit 3', max_retries: 3, on_retry_exhausted: done,
      retry_backoff: {base: 60}, on_yes: done, on_no: a, on_error: a}
""" + DONE, []),
    "between states": (HEAD + """\
  a: {action: 'true', next: b}
  b: {action: 'true', next: done}
""" + DONE, ["--delay", "60"]),
    "the queue": (HEAD + "  a: {action: 'sleep 98', next: done}\n" + DONE,
                  ["--queue"]),
    "anywhere": (HEAD + """\
  a: {action: 'sleep 0.01 & true', next: b}
  b: {action: 'sleep 0.02', next: c}
  c: {action: 'sleep 98 >/dev/null 2>&1 & true', next: done}
""" + DONE, []),
}
NAPS = """
name: naps
initial: n
states:
  n: {action: 'sleep 98', next: end}
  end: {terminal: true}
"""
HOLDS = """
name: h
scope: ["."]
initial: a
states:
  a: {action: 'echo >in; sleep 98', next: done}
  done: {terminal: true}
"""
TOLD = [("INT",), ("INT", "INT"), ("TERM",), ("HUP",), ("QUIT",),
        ("TSTP", "CONT", "TERM"), ("TSTP", "TERM", "CONT")]


def begin_holder(p):
    holder = subprocess.Popen(
        [LL, "run", "h", "--quiet"], cwd=p.dir, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not os.path.exists(p.dir + "/in"):
        want(time.monotonic() < until, "the holder does not begin")
        time.sleep(0.01)
    return holder


def tell(child, names, rng):
    for i, name in enumerate(names):
        if i:
            time.sleep(rng.random() * 0.1)
        child.send_signal(getattr(signal, "SIG" + name))


def check_told(p, child, names):
    """What it says of its end, in its status and in its journal."""
    number = getattr(signal, "SIG" + [
        n for n in names if n not in ("TSTP", "CONT")][-1])
    said = child.returncode
    said = 128 - said if said < 0 else said
    run = p.run_id()
    records = p.records(run)
    want(said in (0, 128 + number), "status", said)
    if not records:
        want(said == 128 + number, "status", said, "of nothing")
        return "before"
    end = records[-1]
    want(end["event"] == "run_end", "no end record:", end["event"])
    cause = "interrupted" if said else "terminal"
    want(end["terminated_by"] == cause and end["exit"] == said,
         "it says", end["terminated_by"], end["exit"], "and ends with", said)
    want(not alive(run), "alive:", alive(run))
    return "during" if said else "after"


def signalled(seed):
    rng, p, holder = random.Random(seed), Project(), None
    where, names = rng.choice(sorted(PLACES)), rng.choice(TOLD)
    text, options = PLACES[where]
    for name, words in (("x", text), ("naps", NAPS), ("h", HOLDS)):
        with open("%s/.loops/%s.yaml" % (p.dir, name), "w") as f:
            f.write(words)
    try:
        if where == "the queue":
            holder = begin_holder(p)
        child = subprocess.Popen(
            [LL, "run", "x", "--quiet"] + options, cwd=p.dir,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        time.sleep(rng.random() ** 2 * 0.3)
        tell(child, names, rng)
        child.wait(60)
        ended = check_told(p, child, names)
        left = [n for n in os.listdir(p.dir + "/.loops/.queue")
                if n[0] != "."] if os.path.isdir(
                    p.dir + "/.loops/.queue") else []
        want(len(left) == (1 if holder else 0), "tickets:", left)
        if holder:
            holder.terminate()
            want(holder.wait(60) == 143, "the holder", holder.returncode)
    except (Fault, ValueError, subprocess.TimeoutExpired) as e:
        print("signal %d: %s in %s: %s" % (seed, " ".join(names), where, e),
              p.dir, flush=True)
        return where, "FAULT"
    p.remove()
    return where, ended


def signals():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    most = int(os.environ.get("LL_TORTURE_SIGNALS", "1000"))
    seed = int(os.environ.get("LL_TORTURE_SEED", time.time_ns() % 10 ** 9))
    with ThreadPoolExecutor(4 * os.cpu_count()) as pool:
        ends = list(pool.map(signalled, range(seed, seed + most)))
    print("signals: %d from seed %d" % (most, seed))
    for where in sorted(PLACES):
        of = [e for w, e in ends if w == where]
        print("in %s: %s" % (where, ", ".join(
            "%d %s" % (of.count(w), w) for w in sorted(set(of)))))
    faults = sum(e == "FAULT" for _, e in ends)
    want(not faults, faults, "faults")
    want(sum(e == "during" for _, e in ends) > most / 3, "too few hit a run")


SERIES = {
    "signals": signals,
    "boundaries": boundaries,
    "records": lambda: each(("before", "half", "after"), "both killed"),
    "full": lambda: each(("full",), "fault"),
    "sync": lambda: each(("sync",), "fault"),
    "memory": lambda: each(("memory", "guard"), "fault"),
    "odd": odd,
    "torn": torn,
    "kills": lambda: kills(RandomProject),
    "trees": lambda: kills(TreeProject),
}

if __name__ == "__main__":
    try:
        SERIES[WHAT]()
    except Fault as e:
        print(e)
        sys.exit(1)
