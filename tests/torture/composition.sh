#!/bin/sh
# Loops of loops and of many items, under load: T46, T49, T50, and what the
# many must never do: grow, slow down, or stay behind.
# Values are for the loop, not for this shell.
# shellcheck disable=SC2016
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

py() { # py NAME [ARGUMENT...]: stdin is the program, which has `events(NAME)`
	command -v python3 >/dev/null || skip 'no python3 to look with'
	{
		cat <<-'E'
		import glob, json, os, sys
		def events(name):
		    path = max(glob.glob(".loops/runs/%s*/.ll/journal.jsonl" % name),
		               key=os.path.getmtime)
		    lines = [json.loads(l) for l in open(path, "rb")]
		    assert [e["seq"] for e in lines] == list(range(1, len(lines) + 1))
		    return lines
		E
		cat
	} >look.py
	python3 look.py "$@"
}

nobody() { # no process of a run that began here is left
	here=$PWD
	for p in /proc/[0-9]*/environ; do
		tr '\0' '\n' 2>/dev/null <"$p" | grep -q "^LL_RUN_DIR=$here/" ||
			continue
		p=${p%/environ}
		tr '\0' ' ' <"$p/cmdline" >left 2>/dev/null || continue
		[ ! -s left ] || fail "left behind: ${p#/proc/} $(cat left)"
	done
}

kid() { # kid NAME STATES-AND-MORE: a loop that is called
	printf 'name: %s\nscope: ["."]\ninitial: k\n%s\n' "$1" "$2" | loop "$1"
}

t_t46_one_loop_however_it_is_started() {
	kid same 'parameters:
  word: {type: string, required: true}
  n: {type: integer, default: 3}
context: {own: "a b", list: [1, {x: 2}]}
states:
  k:
    action: "echo \"${context.word}\" ${context.n}"
    capture: said
    timeout: 9
    evaluate: {type: output_contains, pattern: "w.*3"}
    on_yes: l
    on_no: b
    on_error: b
  l: {action: "printf %s \"${captured.said.output}\"", max_retries: 1, on_retry_exhausted: m, on_yes: l, on_no: b, on_error: b}
  m: {action: "printf \"%s|%s|%s\" \"${context.own}\" \"${context.list}\" \"${prev.output}\"", next: f}
  f: {terminal: true}
  b: {terminal: true, failure: true}'
	loop calls <<-'E'
	name: calls
	scope: ["."]
	initial: c
	states:
	  c: {loop: same, with: {word: "it's w"}, on_yes: f, on_no: b, on_error: b}
	  f: {terminal: true}
	  b: {terminal: true, failure: true}
	E
	sed 's/^name: calls/name: fans/; s/{loop: same, with: {word: .*"}/{parallel: {items: ["it'"'"'s w"], loop: same, with: {word: "${item}"}}/' \
		.loops/calls.yaml >.loops/fans.yaml
	sed 's/^name: calls/name: made/; s/loop: same/loop: "sa${context.m}"/; s/^initial/context: {m: me}\ninitial/' \
		.loops/calls.yaml >.loops/made.yaml
	ll 0 run same --context "word=it's w"
	first=$(basename "$(run_dir same)")
	ll 0 rerun "$first"
	for name in calls fans made; do ll 0 run $name; done
	py "$first" <<'E'
first = sys.argv[1]
def spec(name):
    """What the loop is given, and every step it makes of it."""
    out, at = [], None
    for e in events(name):
        direct = name in (first, "same")
        if not direct and e.get("depth", 0) != 1:
            continue
        if e["event"] == ("run_start" if direct else "loop_start"):
            c = dict(e["context"])
            for key in ("run_dir", "max_steps", "max_iterations"):
                c.pop(key, None)
            out.append(("context", c))
        if e["event"] in ("state_enter", "action_start", "action_complete",
                          "evaluate", "route", "retry_exhausted"):
            for key in ("seq", "ts", "sum", "depth", "item", "elapsed_ms",
                        "duration_ms"):
                e.pop(key, None)
            out.append(e)
    return out
want = spec(first)
assert len(want) > 12, want
for name in ("same", "calls", "fans", "made"):
    got = spec(name)
    for a, b in zip(want, got):
        assert a == b, (name, a, b)
    assert len(want) == len(got), (name, len(want), len(got))
E
	for name in same calls fans made; do
		cmp .loops/same.yaml "$(run_dir $name)".ll/sealed/*-same.yaml
	done
}

# Every way in which a called loop can end, and one that never begins.
ends() {
	kid good 'states: {k: {action: "true", next: f}, f: {terminal: true}}'
	kid bad 'states: {k: {action: "true", next: f}, f: {terminal: true, failure: true}}'
	kid nothing 'states: {k: {terminal: true}}'
	kid broken 'states: {k: {action: "exit 9", on_yes: f}, f: {terminal: true}}'
	kid killed 'states: {k: {action: "kill -9 $$", on_yes: f, on_no: f}, f: {terminal: true}}'
	kid late 'timeout: 0.3
states: {k: {action: "setsid sleep 971 & sleep 972", on_yes: f, on_no: f, on_error: f}, f: {terminal: true}}'
	kid long 'max_steps: 2
states: {k: {action: "true", on_yes: k, on_no: f}, f: {terminal: true}}'
	kid round 'max_edge_revisits: 2
states: {k: {action: "true", on_yes: k, on_no: f}, f: {terminal: true}}'
	kid stuck 'circuit: {repeated_failure: {window: 2}}
states: {k: {action: "false", on_yes: f, on_no: k}, f: {terminal: true}}'
	kid again 'context: {me: again}
states: {k: {loop: "${context.me}", on_yes: f, on_no: b, on_not_started: b}, f: {terminal: true}, b: {terminal: true, failure: true}}'
	echo 'states: [' >.loops/torn.yaml
}

t_t49_each_end_of_an_item_has_a_word() {
	ends
	loop p <<-'E'
	name: p
	scope: ["."]
	initial: fan
	context: {all: [good, bad, nothing, broken, killed, late, long, round, stuck, again, torn, nowhere]}
	states:
	  fan: {parallel: {items: "${context.all}", max_workers: 5, loop: "${item}"}, capture: all, on_yes: b, on_no: b, on_error: t}
	  t: {action: 'printf %s "${captured.all}" >all', next: f}
	  f: {terminal: true}
	  b: {terminal: true, failure: true}
	E
	ll 0 run p
	py - <<'E'
names = "good bad nothing broken killed late long round stuck again torn nowhere".split()
got = json.load(open("all"))
want = {"good": ("succeeded", "terminal", None), "bad": ("failed", "terminal", None),
        "nothing": ("succeeded", "terminal", None),
        "broken": ("failed", "error", "error"), "killed": ("failed", "error", "error"),
        "late": ("failed", "timeout", "timeout"),
        "long": ("failed", "max_steps", "max_steps"),
        "round": ("failed", "cycle_detected", "cycle_detected"),
        "stuck": ("failed", "stall_detected", "stall_detected"),
        "again": ("failed", "terminal", None),
        "torn": ("failed", None, "not_started"),
        "nowhere": ("failed", None, "not_started")}
for name, r in zip(names, got["results"]):
    have = r["status"], r.get("terminated_by"), r.get("kind")
    assert have == want[name], (name, have)
assert [got[k] for k in ("attempted", "succeeded", "failed", "skipped", "unfinished")] == [12, 2, 10, 0, 0], got
E
	nobody
}

t_t49_an_end_comes_up_through_thirty_callers() {
	ends
	for name in good bad late killed; do
		i=0
		while [ $i -lt 31 ]; do
			n=$((i + 1))
			[ $n -lt 31 ] && to=c$n || to=$name
			kid c$i "states: {k: {loop: $to, on_yes: y, on_no: n, on_error: e, on_timeout: t}, y: {action: 'exit 0', next: yy}, yy: {terminal: true}, n: {terminal: true, failure: true}, e: {action: 'exit 5', on_yes: y}, t: {action: sleep 973, timeout: 0.1, on_yes: y}}"
			i=$n
		done
		got=0
		"$LL" run c0 >out 2>err || got=$?
		case $name:$got in
		good:0 | bad:2 | late:1 | killed:1) ;;
		*) fail "$name: status $got" ;;
		esac
		same 31 "$(grep -c '"event":"loop_complete".*"depth"' \
			"$(run_dir c0).ll/journal.jsonl")"
		rm -rf .loops/runs
	done
	nobody
}

t_t49_a_signal_thirty_two_deep() {
	i=0
	while [ $i -lt 31 ]; do
		n=$((i + 1))
		kid c$i "states: {k: {loop: c$n, on_yes: f, on_no: f, on_error: f}, f: {terminal: true}}"
		i=$n
	done
	kid c31 'states: {k: {action: "setsid sleep 974 & touch on; sleep 975", on_yes: f, on_no: f, on_error: f}, f: {terminal: true}}'
	"$LL" run c0 >out 2>err &
	pid=$!
	until [ -e on ]; do sleep 0.05; done
	ll 0 status c0 --json
	py - <<'E'
s = json.load(open("out"))
assert [f["depth"] for f in s["stack"]] == list(range(32)), s["stack"]
E
	kill -TERM $pid
	got=0
	wait $pid || got=$?
	same 143 $got
	same interrupted "$(journal c0 run_end terminated_by)"
	ll 0 status c0 --json
	py - <<'E'
s = json.load(open("out"))
assert len(s["stack"]) == 32, s["stack"]
assert s["status"] == "interrupted", s
E
	nobody
}

t_t50_a_storm_of_fans_adds_up() {
	kid deep 'states: {k: {action: "exec ./one ${context.what}", on_yes: f, on_no: b, on_error: e}, e: {action: "exit 4", on_yes: f}, f: {terminal: true}, b: {terminal: true, failure: true}}
context: {what: ""}'
	kid mid 'states: {k: {loop: deep, with: {what: "${context.what}"}, on_yes: f, on_no: b}, f: {terminal: true}, b: {terminal: true, failure: true}}
context: {what: ""}'
	cat >one <<-'E'
	#!/bin/sh
	# WHAT: how this one is to end
	echo "$1" >>"said"
	case ${1%.*} in
	ok) exit 0 ;;
	no) echo success; exit 1 ;;
	die) kill -9 $$ ;;
	slow) setsid sleep 976 & sleep 977 ;;
	soon) sleep 0.1 ;;
	loud) head -c 200000 /dev/zero; exit 0 ;;
	esac
	E
	chmod +x one
	py - <<'E'
import random, subprocess
random.seed(4)
how = ["ok"] * 6 + ["no", "die", "slow", "soon", "soon", "loud"]
for n in range(48):
    items = ["%s.%d" % (random.choice(how), i) for i in range(random.randrange(1, 24))]
    spec = random.choice(["action: './one \"${item}\"'",
                          "loop: deep, with: {what: '${item}'}",
                          "loop: mid, with: {what: '${item}'}",
                          "action: './one \"${item.no}\"'",
                          "loop: '${item}'"])
    more = random.choice(["", ", fail_fast: true", ", tolerate: %d" % random.randrange(4)])
    timeout = random.choice(["", "timeout: 0.5\n", "timeout: 0.15\n"])
    disk = random.choice(["", "", "limits: {disk: 500K}\n"])
    with open(".loops/p.yaml", "w") as f:
        f.write("""name: p
scope: ["."]
initial: fan
%s%sstates:
  fan:
    parallel: {items: %s, max_workers: %d, %s%s}
    timeout: 0.3
    on_yes: t
    on_partial: t
    on_no: t
    on_error: t
  t: {action: 'printf %%s "${captured.fan}" >got', next: f}
  f: {terminal: true}
""" % (timeout, disk, json.dumps(items), random.randrange(1, 9), spec, more))
    for old in ("got", "said"):
        if os.path.exists(old):
            os.unlink(old)
    subprocess.run(["rm", "-rf", ".loops/runs"])
    p = subprocess.run([os.environ["LL"], "run", "p"], capture_output=True)
    what = (n, open(".loops/p.yaml").read(), p.stdout[-500:], p.stderr)
    es = events("p")
    ended = [e for e in es if e["event"] == "run_end"]
    assert len(ended) == 1 and es[-1] is ended[0], what
    by = ended[0]["terminated_by"]
    assert p.returncode == (0 if by == "terminal" else 1), what
    done = [e for e in es if e["event"] == "item_complete"]
    begun = [e for e in es if e["event"] == "item_start"]
    assert len({e["item"] for e in begun}) == len(begun), what
    assert {e["item"] for e in begun} == {e["item"] for e in done}, what
    verdicts = [e for e in es if e["event"] == "evaluate" and e["type"] == "parallel"]
    count = {s: sum(e["status"] == s for e in done)
             for s in ("succeeded", "failed", "unfinished")}
    count["skipped"] = len(items) - len(begun)
    for v in verdicts:
        assert v["attempted"] == len(items), what
        for s in count:
            assert v[s] == count[s], (what, v, count)
        if count["succeeded"] == len(items):
            assert v["verdict"] == "yes", what
        else:
            assert v["verdict"] != "yes", what
        if v["verdict"] == "partial":
            assert not count["skipped"] and not count["unfinished"], what
    assert verdicts or by in ("disk_limit", "timeout"), what
    for e in done:
        word = items[e["item"]].split(".")[0]
        if e["status"] == "succeeded":
            assert word in ("ok", "soon", "loud"), (what, e)
        elif e.get("kind") is None and "exit_code" in e:
            assert word == "no", (what, e)
    if by == "terminal":
        got = json.load(open("got"))
        assert [r["index"] for r in got["results"]] == list(range(len(items))), what
        for s in count:
            assert sum(r["status"] == s for r in got["results"]) == count[s], what
            assert got[s] == count[s], what
    # Nobody was done who was not begun, and nobody twice.
    said = open("said").read().split() if os.path.exists("said") else []
    assert len(said) == len(set(said)) <= len(begun), what
E
	nobody
}

t_t50_a_disk_that_fills_up_under_eight() {
	loop p <<-'E'
	name: p
	scope: ["."]
	initial: all
	states:
	  all: {action: "seq 200", capture: n, next: fan}
	  fan: {parallel: {items: "${captured.n.output}", max_workers: 8, action: 'head -c "${item}00" /dev/zero; setsid sleep 978 >/dev/null 2>&1 & sleep 0.0$((LL_ITEM % 9))'}, on_yes: f, on_no: f, on_error: f}
	  f: {terminal: true}
	E
	mkdir -p .loops/runs
	for size in 160k 256k 700k; do
		mount -t tmpfs -o size=$size none .loops/runs 2>err ||
			skip 'cannot mount a tmpfs (needs root)'
		rc=0
		(
			ll 1 run p
			same io_error "$(journal p run_end terminated_by)"
			ll 0 status --json
			py - <<'E'
es = events("p")
assert es[-1]["event"] == "run_end" and es[-1]["resumable"], es[-1]
s = json.load(open("out"))
assert s["parallel"]["total"] == 200 and s["parallel"]["succeeded"] < 200, s
E
		) || rc=$?
		umount .loops/runs
		[ $rc -eq 0 ] || exit $rc
	done
	nobody
}

# The resident memory of the program that runs the items, from inside one.
RSS='awk "/^VmRSS/ { print \$2 }" /proc/$PPID/status'

within() { # within FIRST LAST PERCENT
	first=$(cat "$1") last=$(cat "$2")
	[ $((last * 100)) -le $((first * (100 + $3))) ] ||
		fail "$first KiB, then $last KiB"
	echo "$first KiB, then $last KiB"
}

t_two_hundred_items_and_one_that_is_killed() {
	loop p <<-E
	name: p
	scope: ["."]
	initial: all
	states:
	  all: {action: "seq 200", capture: n, next: fan}
	  fan:
	    parallel:
	      items: "\${captured.n.output}"
	      max_workers: 8
	      action: |
	        case \$LL_ITEM in
	        20 | 199) $RSS >rss.\$LL_ITEM ;;
	        100) echo \$\$ >pid; exec sleep 979 ;;
	        esac
	        seq 1000
	        setsid sleep 979 >/dev/null 2>&1 &
	    on_yes: f
	    on_no: f
	    on_error: t
	  t: {action: 'printf %s "\${captured.fan}" >got', next: f}
	  f: {terminal: true}
	E
	"$LL" run p >out 2>err &
	run=$!
	until [ -s pid ] && [ -e rss.199 ]; do
		kill -0 $run 2>/dev/null || fail "it has ended: $(tail -n 5 out err)"
		sleep 0.05
	done
	kill -9 "$(cat pid)"
	wait $run
	within rss.20 rss.199 10
	py - <<'E'
es = events("p")
got = json.load(open("got"))
assert [got[k] for k in ("attempted", "succeeded", "failed", "skipped", "unfinished")] == [200, 199, 1, 0, 0], got["verdict"]
bad = [e for e in es if e["event"] == "item_complete" and e["status"] != "succeeded"]
assert [(e["item"], e["exit_code"]) for e in bad] == [(99, -9)], bad
assert got["verdict"] == "error"
left = [p for e in es if e["event"] == "left_behind" for p in e["processes"]]
assert len({p["pid"] for p in left}) == 199, len(left)
E
	nobody
}

t_many_time_out_at_once_and_none_waits_for_the_grace() {
	loop p <<-'E'
	name: p
	scope: ["."]
	initial: all
	states:
	  all: {action: "seq 40", capture: n, next: fan}
	  fan: {parallel: {items: "${captured.n.output}", max_workers: 20, action: "setsid sleep 980 >/dev/null 2>&1 & sleep 981"}, timeout: 0.5, on_yes: b, on_no: b, on_error: f}
	  f: {terminal: true}
	  b: {terminal: true, failure: true}
	E
	for i in 1 2 3; do
		ll 0 run p
		py - <<'E'
for e in events("p"):
    if e["event"] == "action_complete" and "item" in e:
        assert e["outcome"] == "timeout" and e["duration_ms"] < 4000, e
E
	done
	nobody
}

t_ten_thousand_items_take_no_more_than_their_results() {
	for n in 1000 10000; do
		loop p$n <<-E
		name: p$n
		scope: ["."]
		initial: all
		states:
		  all: {action: "seq $n", capture: n, next: fan}
		  fan:
		    parallel:
		      items: "\${captured.n.output}"
		      max_workers: 8
		      action: |
		        case \$LL_ITEM in 500 | 1000 | 10000) $RSS >rss.\$LL_ITEM ;; esac
		        echo "\$LL_ITEM"
		    on_yes: t
		    on_no: b
		    on_error: b
		  t: {action: "printf '%s\n' \"\${captured.fan.succeeded}\" \"\${captured.fan.results.$((n - 1)).output}\" >got.$n", next: f}
		  f: {terminal: true}
		  b: {terminal: true, failure: true}
		E
		begin=$(date +%s%N)
		ll 0 run p$n
		echo $((($(date +%s%N) - begin) / 1000000)) >ms.$n
		same "$n $n" "$(tr '\n' ' ' <got.$n | sed 's/ $//')"
		[ "$(wc -l <out)" -lt $((n + 60)) ] ||
			fail "$(wc -l <out) lines on the screen"
	done
	grew=$(($(cat rss.10000) - $(cat rss.1000)))
	echo "$(cat ms.1000) ms, $(cat ms.10000) ms; $grew KiB for 9,000 results"
	[ $grew -lt 13500 ] || fail "9,000 more results took $grew KiB"
	[ "$(cat ms.10000)" -lt $(($(cat ms.1000) * 20)) ] ||
		fail "$(cat ms.1000) ms for 1,000 items, $(cat ms.10000) for 10,000"
	nobody
}

t_sixty_four_flood_at_once() {
	loop p <<-'E'
	name: p
	scope: ["."]
	initial: all
	output_limit: 1M
	states:
	  all: {action: "seq 64", capture: n, next: fan}
	  fan: {parallel: {items: "${captured.n.output}", max_workers: 64, action: "head -c 20M /dev/zero | tr '\\0' x & head -c 20M /dev/zero >&2; wait"}, on_yes: t, on_no: b, on_error: b}
	  t: {action: 'printf %s "${captured.fan.results.63.output}" | wc -c >got', next: f}
	  f: {terminal: true}
	  b: {terminal: true, failure: true}
	E
	command -v python3 >/dev/null || skip 'no python3 to measure with'
	python3 "$TAP_ROOT/tests/measure.py" took "$LL" run p >out 2>err
	read -r got kib seconds <took
	same 0 "$got"
	[ "$kib" -lt 65536 ] || fail "it took $kib KiB"
	same 1048576 "$(tr -d ' ' <got)"
	[ "$(wc -c <out)" -lt 100000 ] || fail "$(wc -c <out) bytes on the screen"
	echo "$kib KiB, $seconds s"
}

tap_main "$@"
