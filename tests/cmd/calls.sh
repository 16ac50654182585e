#!/bin/sh
# Loops that call loops: frames of one run, and what a caller learns.
# Values are for the loop, not for this shell.
# shellcheck disable=SC2016
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# A caller with a route for every way a called loop can end.
calls() { # calls [MORE]: MORE stands in the calling state
	loop caller <<E
name: caller
scope: ["."]
initial: p
states:
  p: {loop: kid, on_yes: y, on_no: n, on_error: e, on_timeout: t, on_max_steps: m, on_cycle_detected: c, on_stall_detected: s, on_not_started: x$1}
  y: {terminal: true}
  n: {terminal: true, failure: true}
  e: {terminal: true, failure: true}
  t: {terminal: true, failure: true}
  m: {terminal: true, failure: true}
  c: {terminal: true, failure: true}
  s: {terminal: true, failure: true}
  x: {terminal: true, failure: true}
E
}

kid() { # kid STATES-AND-MORE: the called loop
	printf 'name: kid\nscope: ["."]\ninitial: k\n%s\n' "$1" | loop kid
}

ends_in() { # ends_in STATUS STATE
	ll "$1" run caller
	same "p $2" "$(journal caller state_enter state | sed 's/ k.*//') $(
		journal caller run_end final_state)"
	rm -rf .loops/runs
}

t_t49_each_end_of_a_called_loop_has_a_route() {
	calls
	kid 'states: {k: {action: "true", next: f}, f: {terminal: true}}'
	ends_in 0 y
	kid 'states: {k: {action: "true", next: f}, f: {terminal: true, failure: true}}'
	ends_in 2 n
	kid 'states: {k: {terminal: true}}'
	ends_in 0 y
	kid 'states: {k: {action: "exit 3", on_yes: f}, f: {terminal: true}}'
	ends_in 2 e
	kid 'timeout: 0.2
states: {k: {action: "sleep 60", on_yes: f, on_no: f, on_error: f}, f: {terminal: true}}'
	ends_in 2 t
	kid 'max_steps: 2
states: {k: {action: "true", on_yes: k, on_no: f}, f: {terminal: true}}'
	ends_in 2 m
	kid 'max_edge_revisits: 2
states: {k: {action: "true", on_yes: k, on_no: f}, f: {terminal: true}}'
	ends_in 2 c
	kid 'circuit: {repeated_failure: {window: 2}}
states: {k: {action: "false", on_yes: f, on_no: k}, f: {terminal: true}}'
	ends_in 2 s
	kid 'states: {k: {action: "kill -9 $$", on_yes: f, on_no: f}, f: {terminal: true}}'
	ends_in 2 e
}

t_t49_a_corrupt_a_missing_and_a_self_call_are_told_before() {
	calls
	ll 1 validate caller
	has out 'kid'
	ll 65 run caller
	kid 'states: [1'
	ll 65 run caller
	has err 'kid.yaml'
	kid 'states: {k: {loop: kid, on_yes: f, on_no: f}, f: {terminal: true}}'
	ll 65 run caller
	has err 'kid'
	ll 65 run kid
	[ ! -d .loops/runs ] || fail "something ran"
}

t_what_cannot_start_is_an_error_of_its_own() {
	loop named <<'E'
name: named
scope: ["."]
initial: p
context: {which: nowhere}
states:
  p: {loop: "${context.which}", on_yes: y, on_no: y, on_error: y, on_not_started: x}
  x: {action: "true", next: q}
  q: {loop: "${context.which}", on_yes: y, on_no: y, on_error: f}
  f: {terminal: true}
  y: {terminal: true, failure: true}
E
	ll 0 run named
	same 'p x q' "$(journal named state_enter state)"
	same 'not_started not_started' "$(journal named action_error kind)"
	has "$(run_dir named).ll/journal.jsonl" nowhere
}

t_without_a_route_the_caller_ends() {
	loop bare <<'E'
name: bare
scope: ["."]
initial: p
states:
  p: {loop: kid, on_yes: y}
  y: {terminal: true}
E
	kid 'states: {k: {action: "true", next: f}, f: {terminal: true, failure: true}}'
	ll 1 run bare
	has out "no route for 'no'"
}

t_next_takes_what_is_no_failure() {
	loop going <<'E'
name: going
scope: ["."]
initial: p
states:
  p: {loop: kid, next: q}
  q: {loop: kid, next: y, on_error: r}
  r: {loop: bad, next: y, on_error: z}
  y: {terminal: true, failure: true}
  z: {terminal: true}
E
	kid 'states: {k: {action: "true", next: f}, f: {terminal: true, failure: true}}'
	echo '{name: bad, scope: ["."], initial: k, states: {k: {action: "exit 9", on_yes: f}, f: {terminal: true}}}' |
		loop bad
	ll 0 run going
	same 'p k q k r k' "$(journal going state_enter state)"
}

t_values_go_in_and_come_back() {
	loop asks <<'E'
name: asks
scope: ["."]
initial: a
context: {who: "it's \"me\" $(touch pwned)", n: 3}
states:
  a: {action: "echo caught", capture: c, next: p}
  p:
    loop: answers
    with: {who: "${context.who}", n: "${context.n}", list: "${captured.c.output}"}
    capture: events
    on_yes: q
    on_no: bad
  q:
    action: |
      printf '%s|' "${captured.p.said.output}" "${captured.p.terminated_by}" "${captured.events.verdict}" >got
      printf '%s\n' ${captured.events.output:shell} | grep -c '"event":"state_enter"' >count
      printf '%s\n' ${captured.events.output:shell} >events
    next: done
  done: {terminal: true}
  bad: {terminal: true, failure: true}
E
	loop answers <<'E'
name: answers
scope: ["."]
initial: k
parameters:
  who: {type: string, required: true}
  n: {type: integer}
  mood: {type: string, default: happy}
  list: {type: string, default: ""}
states:
  k: {action: 'printf "%s;" "${context.who}" "${context.n}" "${context.mood}" "${context.list}" "${context.run_dir}"', capture: said, next: j}
  j: {action: "true", next: f}
  f: {terminal: true}
E
	ll 0 run asks
	[ ! -e pwned ] || fail "a value was executed"
	same "it's \"me\" \$(touch pwned);3;happy;caught;$PWD/$(run_dir asks);|terminal|yes|" "$(cat got)"
	same 2 "$(cat count)"
	python3 - <<'E'
import json
lines = [json.loads(l) for l in open("events") if l.strip()]
assert lines[0]["event"] == "loop_start" and lines[0]["loop"] == "answers"
assert lines[-1]["event"] == "loop_complete"
assert not any("depth" in l or "sum" in l for l in lines)
E
}

t_passthrough_gives_all_and_the_called_loop_wins() {
	loop par <<'E'
name: par
scope: ["."]
initial: c
context: {shared: from-parent, own: parent-own}
states:
  c: {action: "head -c 100000 /dev/zero | tr '\\0' x", capture: cap, next: p}
  p: {loop: kid, context_passthrough: true, on_yes: q, on_no: q}
  q: {action: 'echo "${captured.p.mine.output}" >back', next: end}
  end: {terminal: true}
E
	kid 'context: {own: kid-own}
states:
  k: {action: "echo ${context.shared} ${context.own} $(printf %s \"${context.cap}\" | wc -c) >log; echo mine", capture: mine, next: fin}
  fin: {terminal: true}'
	ll 0 run par
	same 'from-parent kid-own 100000' "$(cat log)"
	same mine "$(cat back)"
}

t_time_of_the_caller_bounds_the_called() {
	calls
	sed -i 's/^initial/timeout: 0.3\ninitial/' .loops/caller.yaml
	kid 'timeout: 60
states: {k: {action: "sleep 60", next: f}, f: {terminal: true}}'
	ll 1 run caller
	same timeout "$(journal caller run_end terminated_by)"
	rm -r .loops/runs
	calls ', timeout: 0.3'
	ends_in 2 t
}

t_the_command_lines_bounds_are_for_the_outermost() {
	calls
	kid 'states: {k: {action: "true", next: l}, l: {action: "true", next: m}, m: {action: "true", next: f}, f: {terminal: true}}'
	ll 0 run caller --max-steps 1
	same 'p k l m' "$(journal caller state_enter state)"
}

t_a_signal_ends_all_frames_at_once() {
	calls
	kid 'states: {k: {action: "touch on; sleep 60", on_yes: f, on_no: f, on_error: f}, f: {terminal: true}}'
	"$LL" run caller >out 2>err &
	pid=$!
	until [ -e on ]; do sleep 0.05; done
	kill -TERM $pid
	got=0
	wait $pid || got=$?
	same 143 $got
	same interrupted "$(journal caller run_end terminated_by)"
	same 'caller kid' "$(journal caller loop_start loop)"
	ll 0 status --json
	python3 -c 'import json; d = json.load(open("out")); assert d["current_state"] == "p", d'
}

t_three_levels_and_their_screen() {
	echo '{name: top, scope: ["."], initial: p, states: {p: {loop: mid, on_yes: y, on_no: y}, y: {terminal: true}}}' | loop top
	echo '{name: mid, scope: ["."], initial: m, states: {m: {loop: low, on_yes: f, on_no: r}, r: {action: "echo rescue", next: f}, f: {terminal: true}}}' | loop mid
	echo '{name: low, scope: ["."], initial: l, states: {l: {action: "echo low; false", on_yes: f, on_no: failed}, f: {terminal: true}, failed: {terminal: true}}}' | loop low
	ll 0 run top
	same 'p m l r' "$(journal top state_enter state)"
	has out rescue
	ll 0 run top --json
	python3 - <<'E'
import json
deep = [(e.get("depth", 0), e["state"]) for e in map(json.loads, open("out")) if e["event"] == "state_enter"]
assert deep == [(0, "p"), (1, "m"), (2, "l"), (1, "r")], deep
E
}

t_a_chain_of_32_is_fine_and_33_is_told() {
	i=0
	while [ $i -lt 32 ]; do
		n=$((i + 1))
		echo "{name: c$i, scope: ['.'], initial: p, states: {p: {loop: c$n, on_yes: y, on_no: n}, y: {terminal: true}, n: {terminal: true, failure: true}}}" |
			loop "c$i"
		i=$n
	done
	echo '{name: c32, scope: ["."], initial: p, states: {p: {action: "echo deep >deep", next: y}, y: {terminal: true}}}' | loop c32
	ll 0 run c0
	same deep "$(cat deep)"
	echo '{name: c32, scope: ["."], initial: p, states: {p: {loop: c33, on_yes: y}, y: {terminal: true}}}' | loop c32
	echo '{name: c33, scope: ["."], initial: y, states: {y: {terminal: true}}}' | loop c33
	ll 65 run c0
	# A circle that only shows at run time is bounded the same way.
	loop turns <<'E'
name: turns
scope: ["."]
initial: p
context: {me: turns}
states:
  p: {loop: "${context.me}", on_yes: y, on_no: n, on_error: n, on_not_started: x}
  x: {terminal: true}
  y: {terminal: true}
  n: {terminal: true, failure: true}
E
	ll 0 run turns
	same 33 "$(journal turns loop_start loop | wc -w)"
}

t_a_name_that_is_made_is_sealed() {
	loop made <<'E'
name: made
scope: ["."]
initial: p
context: {which: kid}
states:
  p: {loop: "${context.which}", on_yes: q, on_no: n}
  q: {loop: "${context.which}", on_yes: y, on_no: n}
  y: {terminal: true}
  n: {terminal: true, failure: true}
E
	kid 'states: {k: {action: "true", next: f}, f: {terminal: true}}'
	ll 0 run made
	same 1 "$(grep -c '"event":"sealed"' "$(run_dir made).ll/journal.jsonl")"
	cmp .loops/kid.yaml "$(run_dir made)".ll/sealed/*-kid.yaml
}

tap_main "$@"
