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
import threading
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
        found = sorted(glob.glob(self.dir + "/.loops/runs/x-*"))
        want(len(found) < 2, "more than one run:", found)
        return os.path.basename(found[0]) if found else None

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
        want(done.returncode == 64, "resume of what cannot:",
             done.returncode, done.stderr)
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
    want(done.returncode in (1, 73, 74) or kind == "memory", "status",
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

def readers_agree(p, run, valid, state):
    """Of a journal whose first `valid` records are as they were written."""
    done = p.ll("history", run, "--json")
    events = json.loads(done.stdout or "[]")
    want(len(events) == valid, "history has", len(events), "of", valid)
    done = p.ll("fsck", run)
    want("%s  %s" % (run, state) in done.stdout, "fsck says", done.stdout)
    want(done.returncode == (0 if state == "valid  " else 1), "fsck:",
         done.returncode)
    done = p.ll("status", run, "--json")
    want(done.returncode == 0, "status:", done.stderr)
    said = json.loads(done.stdout)["status"]
    want(said in ("completed", "died", "failed"), "status", said)
    want((said == "completed") == (valid == p.whole), "status", said)
    done = p.ll("list", "--running", "--json")
    want(done.stdout.strip() == "[]", "list:", done.stdout)


def torn_one(text, ends, what, at):
    """Cut at a length, or one bit of a byte turned, in a project of its own."""
    p = torn_one.local.__dict__.setdefault("p", None) or torn_one.make()
    torn_one.local.p = p
    valid = sum(e <= at for e in ends)
    begin = max([e for e in ends if e <= at], default=0)
    if what == "cut":
        now = text[:at]
        state = "valid  " if at == begin else "torn  "
    else:
        now = text[:at] + bytes([text[at] ^ 1 << what]) + text[at + 1:]
        state = "corrupt at byte %d (record %d)" % (begin, valid + 1)
        # Only without an end can the last one be what was being written.
        if at == len(text) - 1:
            state = "torn  "
    try:
        with open(p.journal, "wb") as f:
            f.write(now)
        readers_agree(p, p.run, valid, state)
    except (Fault, ValueError) as e:
        print("%s at %d (record %d from byte %d): %s" % (
            what, at, valid + 1, begin, e), flush=True)
        return 1
    return 0


def torn_project():
    p = Project()
    want(p.ll("run", "x", "--quiet").returncode == 0, "the run")
    p.run = p.run_id()
    p.journal = "%s/.loops/runs/%s/.ll/journal.jsonl" % (p.dir, p.run)
    p.whole = len(p.records(p.run))
    return p


def torn():
    first = torn_project()
    torn_one.local = threading.local()
    made = [first]

    def make():
        # The same run, elsewhere: sums do not depend on where it is.
        p = Project()
        shutil.rmtree(p.dir)
        shutil.copytree(first.dir, p.dir)
        p.run, p.whole = first.run, first.whole
        p.journal = first.journal.replace(first.dir, p.dir)
        made.append(p)
        return p

    torn_one.make = make
    with open(first.journal, "rb") as f:
        text = f.read()
    ends = list(itertools.accumulate(len(x) + 1 for x in
                                     text.split(b"\n")[:-1]))
    # Every length and every byte; the bit goes round.
    bits = range(8) if os.environ.get("LL_TORTURE_BITS") else None
    tasks = [("cut", at) for at in range(0, len(text), EVERY)]
    tasks += [(bit, at) for at in range(0, len(text), EVERY)
              for bit in (bits or [at % 8])]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = sum(pool.map(lambda t: torn_one(text, ends, *t), tasks))
    print("torn: %d bytes, %d records, %d cuts and flips, %d faults" % (
        len(text), len(ends), len(tasks), faults))
    for p in made:
        p.remove()
    want(not faults, faults, "faults")


# ---- at any time ----

RANDOM = """
name: x
scope: ["."]
initial: a
states:
  a: {action: 'echo a >>log', next: o}
  o: {action: 'echo o >>log; sleep 0.005', once: true, next: b}
  b: {action: 'echo b >>log', next: done}
  done: {terminal: true}
"""


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(n) for n in f.read().split()]
    except OSError:
        return []


def kill_somebody(p, words, rng):
    """Start, and kill one of the two or both at a time nobody chose."""
    child = subprocess.Popen(
        words, cwd=p.dir, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.random() * 0.05)
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


def random_run(seed):
    """A run that is killed and resumed until it ends; how often it was hit."""
    rng, p, kills = random.Random(seed), Project(), 0
    with open(p.dir + "/.loops/x.yaml", "w") as f:
        f.write(RANDOM)
    try:
        words = [LL, "run", "x", "--quiet"]
        while True:
            kills += kill_somebody(p, words, rng)
            run = p.run_id()
            check_prefix(p, run) if run else None
            last = check_status(p, run) if run else {"event": "none"}
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
    except (Fault, ValueError, subprocess.TimeoutExpired) as e:
        print("random %d: %s" % (seed, e), p.dir, flush=True)
        return kills, "FAULT"
    p.remove()
    return kills, last.get("terminated_by", "nothing")


def kills():
    asked = int(os.environ.get("LL_TORTURE_KILLS", "200"))
    seed = int(os.environ.get("LL_TORTURE_SEED", time.time_ns() % 10 ** 9))
    did, ends, n = 0, [], 0
    with ThreadPoolExecutor(4 * os.cpu_count()) as pool:
        while did < asked:
            for k, end in pool.map(random_run, range(seed + n, seed + n + 16)):
                did += k
                ends.append(end)
            n += 16
    print("random: %d kills in %d runs from seed %d: %s" % (
        did, len(ends), seed, ", ".join("%d %s" % (ends.count(w), w)
                                        for w in sorted(set(ends)))))
    want("FAULT" not in ends, ends.count("FAULT"), "faults")


SERIES = {
    "boundaries": boundaries,
    "records": lambda: each(("before", "half", "after"), "both killed"),
    "full": lambda: each(("full",), "fault"),
    "sync": lambda: each(("sync",), "fault"),
    "memory": lambda: each(("memory",), "fault"),
    "odd": odd,
    "torn": torn,
    "kills": kills,
}

if __name__ == "__main__":
    try:
        SERIES[WHAT]()
    except Fault as e:
        print(e)
        sys.exit(1)
