#!/bin/sh
# Markers in an action's output, on_handoff, prompt_size_guard, host_guard.
# Each test is a process whose environment is its own.
# shellcheck disable=SC2030,SC2031,SC2016
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

speaks() { # speaks NAME LINE KEYS: a loop whose first state prints the line
	loop "$1" <<-EOF
	name: $1
	$3
	initial: a
	states:
	  a: {action: "cat line", capture: got, next: b}
	  b: {action: "touch b", next: done}
	  done: {terminal: true}
	EOF
	printf '%s\n' "$2" >line
}

agent() { # agent TEXT: the host is this shell text
	LL_HOST_CLI='command'
	LL_HOST_COMMAND=$1
	export LL_HOST_CLI LL_HOST_COMMAND
}

ended() { # ended CAUSE: of the last run in `out`, made with --json
	same "$1" "$(jq -r 'select(.event == "run_end").terminated_by' out)"
}

count() { # count EVENT: how many of them are in `out`
	jq -r "select(.event == \"$1\").event" out | grep -c . || true
}

until_is() { # until_is FILE: it comes; TAP_SECONDS bounds the wait
	while [ ! -e "$1" ]; do sleep 0.02; done
}

t_a_fatal_error_ends_the_run() {
	speaks f 'FATAL_ERROR: disk on fire' 'description: d'
	ll 1 run f --json
	ended error
	same "state 'a': disk on fire" \
		"$(jq -r 'select(.event == "run_end").error' out)"
	same 0 "$(count route)"
	[ ! -e b ] || fail 'b was entered'
	ll 0 status f --json
	same 'FATAL_ERROR: disk on fire' "$(jq -r .captured.got.output out)"
	echo fine >line
	ll 0 resume
	[ -e b ] || fail 'the state was not entered again'
}

t_a_stop_parks_behind_the_state() {
	speaks s 'LOOP_STOP: enough' 'description: d'
	ll 3 run s --json
	ended stopped_by_marker
	same 1 "$(count route)"
	same 1 "$(count loop_complete)"
	[ ! -e b ] || fail 'b was entered'
	ll 0 status s --json
	same 'stopped_by_marker parked b' \
		"$(jq -r '"\(.status) \(.phase) \(.current_state)"' out)"
	ll 0 resume --json
	same 'b' "$(jq -r 'select(.event == "state_enter").state' out)"
}

t_a_hand_over_pauses_and_is_told_again() {
	loop h <<-'EOF'
	name: h
	initial: a
	states:
	  a: {action: "cat line; echo \"$LL_CONTINUATION\" >told", next: b}
	  b: {action: "echo \"$LL_CONTINUATION\" >later", next: done}
	  done: {terminal: true}
	EOF
	echo 'CONTEXT_HANDOFF: part two' >line
	ll 3 run h --json
	ended handoff
	same 1 "$(count handoff_detected)"
	same 1 "$(count loop_complete)"
	same 0 "$(count route)"
	same 'part two' \
		"$(jq -r 'select(.event == "handoff_detected").continuation' out)"
	same '' "$(cat told)"
	ll 0 status h --json
	same 'awaiting_continuation parked a' \
		"$(jq -r '"\(.status) \(.phase) \(.current_state)"' out)"
	: >line
	ll 0 resume --json
	same 'true part two' "$(jq -r 'select(.event == "loop_resume") |
		"\(.from_handoff) \(.continuation_prompt)"' out)"
	same 'part two' "$(cat told)"
	same '' "$(cat later)"
}

t_terminate_is_for_good() {
	speaks t 'CONTEXT_HANDOFF: bye' 'on_handoff: terminate'
	ll 1 run t --json
	ended handoff
	same 'false interrupted false' "$(jq -r 'select(.event == "run_end") as $e |
		"\($e.resumable) \($e.status) false"' out)"
	same false \
		"$(jq -r 'select(.event == "loop_complete").failure_terminal' out)"
	ll 64 resume
}

t_only_at_the_beginning_of_a_line_of_stdout() {
	speaks no ' FATAL_ERROR: x' 'description: d'
	printf 'pre FATAL_ERROR: x\nFATAL_ERROR:\nLOOP_STOPPED: y\n' >>line
	printf 'CONTEXT_HANDOFF:  \n' >>line
	ll 0 run no
	loop err <<-'EOF'
	name: err
	initial: a
	states:
	  a: {action: "echo 'FATAL_ERROR: x' >&2", next: done}
	  done: {terminal: true}
	EOF
	ll 0 run err
}

t_in_a_long_output_and_across_writes() {
	loop long <<-'EOF'
	name: long
	initial: a
	states:
	  a:
	    action: |
	      seq 1 100000
	      printf 'FATAL_ER'; sleep 0.1; printf 'ROR: late'
	    next: done
	  done: {terminal: true}
	EOF
	ll 1 run long --json
	same "state 'a': late" \
		"$(jq -r 'select(.event == "run_end").error' out)"
}

t_the_strongest_counts_after_the_verdict() {
	loop v <<-'EOF'
	name: v
	initial: a
	states:
	  a:
	    action: "printf 'LOOP_STOP: x\\nCONTEXT_HANDOFF: y\\nFATAL_ERROR: z\\n'; exit 1"
	    append_to_messages: "said ${prev.output}"
	    on_yes: done
	    on_no: b
	    on_error: b
	  b: {action: "touch b", next: done}
	  done: {terminal: true}
	EOF
	ll 3 run v --json
	ended handoff
	same no "$(jq -r 'select(.event == "evaluate").verdict' out)"
	same 1 "$(count messages_append)"
}

t_in_a_loop_that_is_called() {
	speaks in 'CONTEXT_HANDOFF: go on' 'on_handoff: terminate'
	loop out <<-'EOF'
	name: out
	initial: call
	states:
	  call: {loop: in, on_yes: done, on_no: done, on_error: done}
	  done: {terminal: true}
	EOF
	ll 3 run out --json
	ended handoff
	same 1 "$(jq -r 'select(.event == "handoff_detected").depth' out)"
	echo 'FATAL_ERROR: gone' >line
	ll 1 resume --json
	ended error
	same 'a a' "$(jq -r 'select(.event == "run_end") |
		.final_state' out | sed 's/call/a a/')"
	echo 'LOOP_STOP:' >line
	ll 3 resume --json
	ended stopped_by_marker
	[ ! -e b ] || fail 'b was entered'
	ll 0 resume
	[ -e b ] || fail 'b was not entered'
}

items() { # items KEYS: a loop over four items that say what is in their file
	loop items <<-EOF
	name: items
	$1
	initial: a
	states:
	  a:
	    parallel: {items: [p, q, r, s], action: "cat \${item}; echo x >>\${item}.ran", max_workers: 1}
	    on_yes: done
	    on_no: bad
	    on_partial: bad
	    on_error: bad
	  done: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOF
	for i in p q r s; do echo "item $i" >"$i"; done
}

t_in_items_that_stop() {
	items 'description: d'
	echo 'LOOP_STOP:' >q
	ll 3 run items --json
	ended stopped_by_marker
	same 'p.ran q.ran' "$(echo ./*.ran | sed 's|\./||g')"
	ll 0 resume
	same 1 "$(grep -c x p.ran)"
	same 1 "$(grep -c x q.ran)"
	same 1 "$(grep -c x s.ran)"
}

t_in_items_that_hand_over() {
	items 'description: d'
	echo 'CONTEXT_HANDOFF: more' >q
	ll 3 run items --json
	ended handoff
	same 1 "$(jq -r 'select(.event == "handoff_detected").item' out)"
	echo fine >q
	ll 0 resume
	same 1 "$(grep -c x p.ran)"
	same 2 "$(grep -c x q.ran)"
	same 1 "$(grep -c x s.ran)"
}

t_in_items_that_give_up() {
	items 'description: d'
	echo 'FATAL_ERROR: broken' >q
	ll 1 run items --json
	ended error
	has out 'broken'
	[ ! -e r.ran ] || fail 'an item was begun behind it'
}

t_spawn_starts_an_agent_when_the_run_is_over() {
	mkdir bin
	ln -s "$LL" bin/ll-loop
	PATH=$PWD/bin:$PATH
	export PATH
	# It takes the ticket, and so it may begin only when that is free.
	agent 'cat >prompt.new; rm line; echo fine >line
		env | grep -c "^LL_RUN_ID=\|^LL_CONTINUATION=" >ids
		ll-loop resume "$(sed -n "s/.*resume \([^\`]*\)\`.*/\1/p" prompt.new)" \
			>resumed 2>&1
		echo $? >status; mv prompt.new prompt'
	speaks sp 'CONTEXT_HANDOFF: part two' 'on_handoff: spawn'
	ll 3 run sp --json
	ended handoff
	pid=$(jq -r 'select(.event == "handoff_spawned").pid' out)
	[ "$pid" -gt 1 ] || fail 'its number is not on record'
	same a "$(jq -r 'select(.event == "handoff_spawned").state' out)"
	same 'handoff_spawned run_end' "$(tail -n 2 out | jq -r .event |
		xargs)"
	until_is prompt
	same 'part two' "$(tail -n 1 prompt)"
	same '' "$(sed -n 2p prompt)"
	same 0 "$(cat status)"
	same 0 "$(cat ids)"
	[ -e b ] || fail 'the run did not go on'
	ll 0 status sp --json
	same completed "$(jq -r .status out)"
}

t_spawn_without_an_agent_waits() {
	PATH=/usr/bin:/bin
	export PATH
	speaks sp 'CONTEXT_HANDOFF: part two' 'on_handoff: spawn'
	LL_HOST_CLI=nothere
	export LL_HOST_CLI
	ll 3 run sp --json
	ended handoff
	same 0 "$(count handoff_spawned)"
	has out 'on_handoff: spawn'
	unset LL_HOST_CLI
	: >line
	ll 0 resume
}

t_a_prompt_hands_over() {
	agent 'cat >>prompts; cat line'
	loop p <<-'EOF'
	name: p
	initial: a
	states:
	  a: {action_type: prompt, action: "do it", next: done}
	  done: {terminal: true}
	EOF
	echo 'CONTEXT_HANDOFF: the rest' >line
	ll 3 run p --json
	ended handoff
	echo finished >line
	: >prompts
	ll 0 resume
	same 'do it  the rest' "$(paste -sd ' ' prompts)"
}

t_a_long_action_is_told() {
	agent 'cat >/dev/null; echo ok'
	loop p <<-'EOF'
	name: p
	prompt_size_guard: {warn_chars: 10}
	initial: a
	states:
	  a: {action_type: prompt, action: "äöüäöüäöü", next: b}
	  b: {action_type: prompt, action: "äöüäöüäöüä", next: c}
	  c: {action: "echo 01234567890123456", next: done}
	  done: {terminal: true}
	EOF
	ll 0 run p --json
	same 'p b 10 10 2|p c 22 10 5' \
		"$(jq -r 'select(.event == "prompt_size_warn") |
		"\(.loop) \(.state) \(.size) \(.threshold) \(.est_tokens)"' out |
		paste -sd '|')"
	ll 0 run p --json --no-prompt-size-guard
	same 0 "$(count prompt_size_warn)"
	ll 0 run p --json --prompt-size-warn-chars 11
	same 1 "$(count prompt_size_warn)"
}

guarded() { # guarded KEYS: a loop whose prompt always finds memory short
	agent 'cat >/dev/null; echo asked >>asked'
	loop g <<-EOF
	name: g
	host_guard: {warn_pct: 0, critical_pct: 0, $1}
	initial: a
	states:
	  a: {action_type: prompt, action: x, next: done}
	  low: {action: "touch low", next: done}
	  spare: {action: "touch spare", next: done}
	  done: {terminal: true}
	EOF
}

t_memory_is_short_and_it_waits() {
	guarded 'cooldown_ms: 20'
	ll 0 run g --json
	same 'state_enter host_cooldown action_start' \
		"$(jq -r .event out | grep -x 'state_enter\|host_cooldown\|action_start' |
			xargs)"
	same 0.02 "$(jq 'select(.event == "host_cooldown").cooldown_seconds' out)"
	ll 0 run g --json --no-host-guard
	same 0 "$(count host_cooldown)"
}

t_memory_is_short_and_it_goes_elsewhere() {
	guarded 'on_pressure: route, pressure_state: low'
	ll 0 run g --json
	same 'route:low' "$(jq -r 'select(.event == "host_pressure").action' out)"
	same host_pressure "$(jq -r 'select(.event == "route" and .from == "a").reason' out)"
	[ -e low ] || fail 'low was not entered'
	[ ! -e asked ] || fail 'the prompt was asked'
}

t_memory_is_short_and_it_ends() {
	guarded 'on_pressure: abort'
	ll 1 run g --json
	ended host_pressure_abort
	[ ! -e asked ] || fail 'the prompt was asked'
	ll 1 resume
	ll 0 resume --no-host-guard
	[ -e asked ] || fail 'the prompt was not asked'
	guarded 'on_pressure: abort, on_abort_route: spare'
	ll 1 run g --json
	same spare "$(jq -r 'select(.event == "run_end").final_state' out)"
	ll 0 resume
	[ -e spare ] || fail 'spare was not entered'
}

t_a_wait_ends_with_the_loop_and_with_a_signal() {
	guarded 'cooldown_ms: 3600000'
	ll 1 run g --json --timeout 0.2
	ended timeout
	"$LL" run g --json >out 2>err &
	pid=$!
	until [ "$(count host_cooldown)" = 1 ]; do sleep 0.02; done
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	same 143 "$got"
	ended interrupted
}

budget() { # budget KEYS
	loop m <<-EOF
	name: m
	host_guard: {$1}
	initial: a
	states:
	  a: {action: "true | cat", next: b}
	  b: {action: "touch b", next: done}
	  low: {action: "touch low", next: a}
	  done: {terminal: true}
	EOF
}

t_what_actions_use_has_a_bound() {
	budget 'max_cumulative_subproc_mb: 0.1, budget_state: low'
	ll 0 run m --json
	same 'a->low low->a a->b b->done' \
		"$(jq -r 'select(.event == "route") | "\(.from)->\(.to)"' out | xargs)"
	same 1 "$(count host_budget_exceeded)"
	same 4 "$(count host_subproc_rss)"
	[ "$(jq -s '[.[] | select(.event == "host_subproc_rss").peak_rss_mb] |
		min > 0' out)" = true ] || fail 'nothing was used'
	budget 'max_cumulative_subproc_mb: 0.1, on_budget_exceeded: abort'
	ll 1 run m --json
	ended host_budget_exceeded
	budget 'max_cumulative_subproc_mb: 1000000, budget_state: low'
	ll 0 run m --json
	same 0 "$(count host_budget_exceeded)"
	budget 'warn_pct: 70'
	ll 0 run m --json
	same 0 "$(count host_subproc_rss)"
	ll 0 run m --json --host-guard-budget-mb 1000000
	same 2 "$(count host_subproc_rss)"
	ll 0 run m --json --host-guard-budget-mb 1000000 --no-host-guard
	same 0 "$(count host_subproc_rss)"
}

t_thresholds_are_told_to_actions() {
	loop th <<-'EOF'
	name: th
	config: {handoff_threshold: 60}
	initial: a
	states:
	  a: {action: "echo $LL_HANDOFF_THRESHOLD,$LL_CONTEXT_LIMIT >seen", next: done}
	  done: {terminal: true}
	EOF
	ll 0 run th
	same '60,' "$(cat seen)"
	ll 0 run th --handoff-threshold 5 --context-limit 1000
	same '5,1000' "$(cat seen)"
	ll 64 run th --handoff-threshold 0
	ll 64 run th --handoff-threshold 101
	ll 0 rerun th
	same '5,1000' "$(cat seen)"
}

t_what_is_refused_by_name() {
	for key in 'tamper_guard: fail' 'prepatch_check: fail'; do
		loop r <<-EOF
		name: r
		$key
		initial: a
		states:
		  a: {action: x, next: done}
		  done: {terminal: true}
		EOF
		ll 65 run r
		has err "${key%%:*}"
	done
	loop r <<-'EOF'
	name: r
	initial: a
	states:
	  a: {type: learning, learning: {targets: [x]}, on_yes: done, on_no: done, on_error: done}
	  done: {terminal: true}
	EOF
	ll 65 run r
	has err "'type' is not acted on"
	sed -i 's/type: learning, //' .loops/r.yaml
	ll 65 run r
	has err learning
}

tap_main "$@"
