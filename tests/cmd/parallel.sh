#!/bin/sh
# `parallel`: many items, some at a time, one result for each.
# Values are for the loop, not for this shell.
# shellcheck disable=SC2016
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

fan() { # fan KEYS-OF-PARALLEL [KEYS-OF-STATE]: then what came of it is in got
	rm -rf .loops/runs
	loop p <<E
name: p
scope: ["."]
initial: fan
states:
  fan: {parallel: {$1}, on_yes: yes, on_partial: partial, on_no: no, on_error: error$2}
  yes: {action: '$TELL', next: end}
  partial: {action: '$TELL', next: end}
  no: {action: '$TELL', next: end}
  error: {action: '$TELL', next: end}
  end: {terminal: true}
E
}
TELL='echo ${state.name} ${captured.fan.attempted?} ${captured.fan.succeeded?} ${captured.fan.failed?} ${captured.fan.skipped?} ${captured.fan.unfinished?} >got; printf %s ${captured.fan.results?:shell} >results'

came() { # came "VERDICT ATTEMPTED SUCCEEDED FAILED SKIPPED UNFINISHED"
	ll 0 run p
	same "$1" "$(cat got)"
}

t_t50_the_totals_add_up() {
	fan 'items: [1, 2, 3], action: "true"'
	came 'yes 3 3 0 0 0'
	fan 'items: [1, 2, 3], tolerate: 1, action: "test $LL_ITEM != 2"'
	came 'partial 3 2 1 0 0'
	fan 'items: [1, 2, 3], action: "echo success; test $LL_ITEM != 2"'
	came 'no 3 2 1 0 0'
	fan 'items: [1, 2, 3], action: "test $LL_ITEM != 2 || kill -9 $$"'
	came 'error 3 2 1 0 0'
	fan 'items: [1, 2, 3, 4, 5], max_workers: 1, fail_fast: true, action: "test $LL_ITEM != 2"'
	came 'no 5 1 1 3 0'
	fan 'items: [], action: "true"'
	came 'yes 0 0 0 0 0'
	# An action is as good as its slowest item is allowed to be.
	fan 'items: [1, 2], action: "test $LL_ITEM = 1 || sleep 60"' ', timeout: 0.3'
	came 'error 2 1 1 0 0'
	rm -rf .loops/runs
	loop p <<'E'
name: p
scope: ["."]
initial: fan
states:
  fan: {parallel: {items: [a, b, c], max_workers: 3, action: "echo success; test $LL_ITEM != b || exit 1"}, on_yes: end, on_partial: end}
  end: {terminal: true}
E
	ll 1 run p
	grep '"event":"evaluate"' "$(run_dir p).ll/journal.jsonl" >e
	has e '"attempted":3,"succeeded":2,"failed":1,"skipped":0,"unfinished":0'
}

t_fail_fast_ends_what_runs_and_spares_no_process() {
	fan 'items: [1, 2, 3, 4], max_workers: 2, fail_fast: true, action: "if [ $LL_ITEM = 1 ]; then until [ -e on ]; do sleep 0.02; done; exit 1; else setsid sleep 987 & touch on; sleep 986; fi"'
	came 'no 4 0 1 2 1'
	if pgrep -f 'sleep 98[67]' >left; then fail "left: $(cat left)"; fi
}

t_every_item_has_a_result_in_its_place() {
	fan 'items: [a, b, c, d], max_workers: 4, tolerate: 4, action: "echo out-$LL_ITEM; echo err-$LL_ITEM >&2; [ $LL_ITEM != c ] || exit 7"'
	came 'partial 4 3 1 0 0'
	python3 - <<'E'
import json
r = json.load(open("results"))
assert [x["index"] for x in r] == [0, 1, 2, 3], r
assert [x["status"] for x in r] == ["succeeded"] * 2 + ["failed", "succeeded"]
assert [x["output"].strip() for x in r] == ["out-a", "out-b", "out-c", "out-d"]
assert [x["exit_code"] for x in r] == [0, 0, 7, 0]
E
}

t_long_outputs_are_read_back_from_where_they_are() {
	TELL='printf %s "${captured.fan.results.0.output}" | wc -c >got; printf %s "${captured.fan.results.1.output}" | wc -c >>got; printf %s "${captured.fan.results.2.output}" >>got'
	fan 'items: [1000, 100000, 5], action: "yes x | tr -d \"\\\\n\" | head -c $LL_ITEM"'
	ll 0 run p
	same '1000 100000 xxxxx' "$(tr -s ' \n' '  ' <got | sed 's/^ //; s/ $//')"
}

t_items_come_from_lists_lines_and_json() {
	loop src <<'E'
name: src
scope: ["."]
initial: l
context: {list: [x, {a: 1}, 2.50], more: z}
states:
  l: {action: 'printf "one\r\n\n two \nthree"', capture: lines, next: f1}
  f1: {parallel: {items: "${captured.lines.output}", max_workers: 1, action: 'printf "[%s]" "$LL_ITEM" >>got1'}, on_yes: f2, on_no: bad, on_error: bad}
  f2: {parallel: {items: "${context.list}", max_workers: 1, as: thing, action: 'printf "[%s]" "${thing}" >>got2'}, on_yes: f3, on_no: bad, on_error: bad}
  f3: {parallel: {items: ["a ${context.more}", "${captured.lines.exit_code}"], max_workers: 1, action: 'printf "[%s]" "${item}" >>got3'}, on_yes: f4, on_no: bad, on_error: bad}
  f4: {parallel: {items: '[{"k": "v w"}]', action: 'printf "%s" "${item.k}" >>got4'}, on_yes: f5, on_no: bad, on_error: bad}
  f5: {parallel: {items: "${captured.nothing.output}", action: "true"}, on_yes: bad, on_no: bad, on_error: f6}
  f6: {parallel: {items: "[1, 2", action: "true"}, on_yes: bad, on_no: bad, on_error: end}
  end: {terminal: true}
  bad: {terminal: true, failure: true}
E
	ll 0 run src
	same '[one][ two ][three]' "$(cat got1)"
	same '[x][{"a":1}][2.5]' "$(cat got2)"
	same '[a z][0]' "$(cat got3)"
	same 'v w' "$(cat got4)"
}

t_items_are_data_wherever_they_stand() {
	cat >hostile <<'E'
$(touch pwned)
`touch pwned`
'; touch pwned; '
" ; touch pwned ; "
-n
*
a  b	c
\x
${HOME}
E
	loop h <<'E'
name: h
scope: ["."]
initial: read
states:
  read: {action: "cat hostile", capture: h, next: fan}
  fan:
    parallel:
      items: "${captured.h.output}"
      max_workers: 3
      action: |
        printf '%s' "${item}" >"dq.$LL_ITEM_INDEX"
        printf '%s' '${item}' >"sq.$LL_ITEM_INDEX"
        printf '%s' "$LL_ITEM" >"env.$LL_ITEM_INDEX"
        cat >"doc.$LL_ITEM_INDEX" <<X
        ${item}
        X
        : ${item}
    on_yes: end
    on_no: bad
    on_error: bad
  end: {terminal: true}
  bad: {terminal: true, failure: true}
E
	ll 0 run h
	[ ! -e pwned ] || fail "an item was executed"
	i=0
	while IFS= read -r want; do
		for how in dq sq env; do
			same "$want" "$(cat $how.$i)"
		done
		same "$want" "$(sed 's/^ *//' doc.$i | sed 's/^ *//')" || true
		i=$((i + 1))
	done <hostile
	same 9 $i
}

t_loops_are_items_too() {
	loop kid <<'E'
name: kid
scope: ["."]
initial: k
parameters: {n: {type: integer, required: true}}
states:
  k: {action: 'echo "kid ${context.n}"; test ${context.n} != 3', capture: said, on_yes: f, on_no: b}
  f: {terminal: true}
  b: {terminal: true, failure: true}
E
	fan 'items: [1, 2, 3, 4], max_workers: 3, tolerate: 1, loop: kid, with: {n: "${item}"}'
	came 'partial 4 3 1 0 0'
	python3 - <<'E'
import json
r = json.load(open("results"))
assert [x["status"] for x in r] == ["succeeded", "succeeded", "failed", "succeeded"], r
assert all(x["terminated_by"] == "terminal" for x in r)
assert r[1]["captured"]["said"]["output"].strip() == "kid 2", r[1]
E
	ll 0 run p --json
	python3 - <<'E'
import json
items = set()
for e in map(json.loads, open("out")):
    if e["event"] == "state_enter" and e["state"] == "k":
        assert e["depth"] == 1, e
        items.add(e["item"])
assert items == {0, 1, 2, 3}, items
E
	fan 'items: [x], loop: kid, with: {n: "${item}"}'
	came 'error 1 0 1 0 0'
}

t_one_in_another_is_refused() {
	loop inner <<'E'
name: inner
scope: ["."]
initial: f
states:
  f: {parallel: {items: [1], action: "true"}, on_yes: e, on_no: e, on_error: e}
  e: {terminal: true}
E
	fan 'items: [1], loop: inner'
	ll 65 run p
	has err 'inner'
	fan 'items: [inner], loop: "${item}"'
	ll 0 run p
	grep -q '"event":"action_error".*parallel' "$(run_dir p).ll/journal.jsonl"
}

t_no_more_at_once_than_workers() {
	fan 'items: "1\n2\n3\n4\n5\n6\n7\n8\n9", max_workers: 3, action: "mkdir on.$LL_ITEM; ls -d on.* | wc -l >c.$LL_ITEM; sleep 0.1; rmdir on.$LL_ITEM"'
	came 'yes 9 9 0 0 0'
	[ "$(cat c.* | sort -n | tail -n 1)" -le 3 ] || fail "more than 3 at once"
}

t_a_signal_ends_them_all() {
	fan 'items: [1, 2, 3, 4], max_workers: 3, action: "touch on.$LL_ITEM; setsid sleep 985 & sleep 984"'
	"$LL" run p >out 2>err &
	pid=$!
	until [ -e on.1 ] && [ -e on.2 ] && [ -e on.3 ]; do sleep 0.05; done
	kill -INT $pid
	got=0
	wait $pid || got=$?
	same 130 $got
	same interrupted "$(journal p run_end terminated_by)"
	[ ! -e on.4 ] || fail "an item was begun after the signal"
	if pgrep -f 'sleep 98[45]' >left; then fail "left: $(cat left)"; fi
}

t_the_time_of_the_loop_cuts_them() {
	fan 'items: [1, 2, 3], max_workers: 2, action: "sleep 60"'
	sed -i 's/^initial/timeout: 0.4\ninitial/' .loops/p.yaml
	ll 1 run p
	same timeout "$(journal p run_end terminated_by)"
	grep '"event":"evaluate"' "$(run_dir p).ll/journal.jsonl" >e
	has e '"attempted":3,"succeeded":0,"failed":0,"skipped":1,"unfinished":2'
}

t_retries_of_a_loop_item_rest_side_by_side() {
	loop kid <<'E'
name: kid
scope: ["."]
initial: k
states:
  k: {action: 'echo x >>"tries.${context.i}"; test "$(wc -l <"tries.${context.i}")" -ge 3', retry_backoff: {base: 0.05}, max_retries: 5, on_retry_exhausted: b, on_yes: f, on_no: k}
  f: {terminal: true}
  b: {terminal: true, failure: true}
E
	fan 'items: [1, 2, 3, 4, 5, 6], max_workers: 6, loop: kid, with: {i: "${item}"}'
	came 'yes 6 6 0 0 0'
}

t_the_screen_names_failures_and_totals() {
	fan 'items: [a, b, c], action: "echo line-$LL_ITEM; test $LL_ITEM != b"'
	ll 0 run p
	has out line-a
	has out '[1]'
	has out '2 of 3'
}

tap_main "$@"
