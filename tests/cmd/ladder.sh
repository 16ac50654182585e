#!/bin/sh
# Failures that are not the action's own: waited out inside the step, parked,
# or the end of the run; and what the runs of a project tell each other.
# Each test is a process whose PATH and HOME are its own.
# shellcheck disable=SC2030,SC2031
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

streams="$TAP_ROOT/tests/host/streams"
breaker=.loops/.queue/.breaker

agent() { # agent: `claude` is the fake one, which answers from replies/
	mkdir -p bin replies
	ln -sf "$TAP_ROOT/tests/host/fakehost" bin/claude
	PATH=$PWD/bin:/usr/bin:/bin
	FAKEHOST=$PWD/replies
	LL_HOST_CLI=claude
	export PATH FAKEHOST LL_HOST_CLI
}

reply() { # reply N STREAM [EXIT]: what the Nth call gives
	cp "$streams/$2" "replies/$1.out"
	echo "${3-0}" >"replies/$1.exit"
}

quota_until() { # quota_until N SECONDS: refused until that long from now
	sed "s/1795298400/$(($(date +%s) + $2))/" "$streams/claude-quota.jsonl" \
		>"replies/$1.out"
	echo 1 >"replies/$1.exit"
}

calls() { # how often the agent was asked
	find replies -name 'call.*' | wc -l | tr -d ' '
}

events() { # events NAME JQ: over the records of the newest run
	jq -c "$2" "$(run_dir "$1").ll/journal.jsonl"
}

count() { # count NAME EVENT
	events "$1" "select(.event==\"$2\")" | wc -l | tr -d ' '
}

one_prompt() { # one_prompt NAME [KEYS]: a prompt that goes on by `next`
	loop "$1" <<-YAML
		name: $1
		initial: fix
		max_steps: 1
		states:
		  fix:
		    action_type: prompt
		    action: do it
		    rate_limit_backoff_base_seconds: 1
		    ${2-}
		    next: done
		  done: {terminal: true}
	YAML
}

t_two_errors_of_the_service_use_one_step() {
	agent
	one_prompt a
	reply 1 claude-overloaded.jsonl 1
	reply 2 claude-overloaded.jsonl 1
	reply 3 claude-ok.jsonl
	ll 0 run a
	same 3 "$(calls)"
	same 2 "$(count a api_error_retry)"
	same 0 "$(count a api_error_exhausted)"
	same '1 1 1' "$(events a 'select(.event=="state_enter").iteration' |
		tr '\n' ' ' | sed 's/ $//')"
	same 1 "$(events a 'select(.event=="run_end").iterations')"
}

t_the_third_is_a_failure_as_any_other() {
	agent
	one_prompt a 'on_error: bad'
	printf '  bad: {terminal: true, failure: true}\n' >>.loops/a.yaml
	for n in 1 2 3; do
		reply "$n" claude-overloaded.jsonl 1
	done
	ll 2 run a
	same 3 "$(calls)"
	same 1 "$(count a api_error_exhausted)"
}

t_a_known_end_parks_and_resume_goes_on() {
	agent
	one_prompt a
	quota_until 1 3600
	reply 2 claude-ok.jsonl
	ll 3 run a
	has out 'the quota of claude is used up until'
	has out "'ll-loop resume' goes on"
	same 1 "$(calls)"
	same quota "$(journal a run_end terminated_by)"
	same true "$(events a 'select(.event=="run_end").resumable')"
	ll 0 status --json
	same parked "$(jq -r .status out)"
	same parked "$(jq -r .phase out)"
	jq -e .waits_until out >/dev/null || fail "status does not say until when"
	ll 0 resume
	same 2 "$(calls)"
	same 1 "$(events a 'select(.event=="run_end").iterations' | tail -n 1)"
	[ ! -e "$breaker" ] || fail "the circuit is still open"
}

t_a_near_end_is_waited_for() {
	agent
	one_prompt a
	sed -i 's/_seconds: 1$/_seconds: 30/' .loops/a.yaml
	quota_until 1 2
	reply 2 claude-ok.jsonl
	ll 0 run a
	same 2 "$(calls)"
	same short "$(journal a rate_limit_waiting tier)"
}

t_wait_waits() {
	agent
	one_prompt a
	quota_until 1 4
	reply 2 claude-ok.jsonl
	ll 0 run --wait a
	same 2 "$(calls)"
	same known "$(journal a rate_limit_waiting tier)"
	same 1 "$(events a 'select(.event=="run_end").iterations')"
}

t_resume_can_wait_too() {
	agent
	one_prompt a
	quota_until 1 3
	reply 2 claude-ok.jsonl
	ll 3 run a
	ll 0 resume --wait
	same 2 "$(calls)"
}

t_auth_ends_at_once_and_says_what_to_do() {
	agent
	one_prompt a 'on_error: done'
	reply 1 claude-auth.jsonl 1
	reply 2 claude-ok.jsonl
	ll 1 run a
	same 1 "$(calls)"
	has out "run 'claude' and /login"
	has out "ll-loop resume a-"
	same infra.auth "$(journal a run_end failure_class)"
	ll 0 resume
	same 2 "$(calls)"
	same 1 "$(events a 'select(.event=="run_end").iterations' | tail -n 1)"
}

t_auth_in_a_sub_loop_ends_all() {
	agent
	one_prompt b
	loop a <<-'YAML'
		name: a
		initial: call
		states:
		  call: {loop: b, on_yes: done, on_no: done, on_error: done}
		  done: {terminal: true}
	YAML
	reply 1 claude-auth.jsonl 1
	reply 2 claude-ok.jsonl
	ll 1 run a
	ll 0 resume
	same 2 "$(calls)"
}

t_a_refused_item_parks_the_run_and_the_rest_is_done_later() {
	agent
	one_prompt b
	loop a <<-'YAML'
		name: a
		initial: all
		states:
		  all:
		    parallel: {items: [x, y, z], loop: b, max_workers: 1}
		    on_yes: done
		  done: {terminal: true}
	YAML
	reply 1 claude-ok.jsonl
	quota_until 2 3600
	reply all claude-ok.jsonl
	ll 3 run a
	same 2 "$(calls)"
	ll 0 resume
	same 4 "$(calls)"
}

items() { # items NAME KEYS-OF-PARALLEL [KEYS]: a prompt for each item
	loop "$1" <<-YAML
		name: $1
		initial: all
		max_steps: 1
		states:
		  all:
		    parallel: {$2, action: 'do \${item}'}
		    action_type: prompt
		    rate_limit_backoff_base_seconds: 1
		    ${3-}
		    on_yes: done
		    on_no: bad
		    on_error: bad
		  done: {terminal: true}
		  bad: {terminal: true, failure: true}
	YAML
}

t_a_prompt_that_is_an_item_is_asked_again() {
	agent
	items a 'items: [x, y], max_workers: 1'
	reply 1 claude-overloaded.jsonl 1
	reply 2 claude-overloaded.jsonl 1
	reply all claude-ok.jsonl
	ll 0 run a
	same 4 "$(calls)"
	same 2 "$(count a api_error_retry)"
	same 2 "$(count a item_complete)"
	has replies/call.3/stdin 'do x'
	has replies/call.4/stdin 'do y'
}

t_an_item_without_quota_parks_and_the_rest_is_done_later() {
	agent
	items a 'items: [x, y, z], max_workers: 1'
	reply 1 claude-ok.jsonl
	quota_until 2 3600
	reply all claude-ok.jsonl
	ll 3 run a
	has out 'the quota of claude is used up until'
	same 2 "$(calls)"
	ll 0 status --json
	jq -e .waits_until out >/dev/null || fail "status does not say until when"
	same quota "$(journal a run_end terminated_by)"
	same true "$(jq .hosts.claude.known $breaker)"
	ll 0 resume
	same 4 "$(calls)"
	has replies/call.3/stdin 'do y'
	has replies/call.4/stdin 'do z'
	[ ! -e "$breaker" ] || fail "the circuit is still shut"
}

t_an_item_asks_the_circuit() {
	agent
	items a 'items: [x, y]'
	reply all claude-ok.jsonl
	shut true 0 3600
	ll 3 run a
	same 0 "$(calls)"
	ll 0 resume
	same 2 "$(calls)"
	items b 'items: [x]'
	shut false 0 2
	ll 0 run b
	same circuit "$(journal b rate_limit_waiting tier)"
}

t_a_login_that_is_missing_ends_the_items() {
	agent
	items a 'items: [x, y, z], max_workers: 1'
	reply 1 claude-auth.jsonl 1
	reply all claude-ok.jsonl
	ll 1 run a
	same 1 "$(calls)"
	has out "run 'claude' and /login"
	same infra.auth "$(journal a run_end failure_class)"
	ll 0 resume
	same 4 "$(calls)"
}

t_an_item_waits_with_wait() {
	agent
	items a 'items: [x, y], max_workers: 2'
	quota_until 1 4
	quota_until 2 4
	reply all claude-ok.jsonl
	ll 0 run --wait a
	same 4 "$(calls)"
	same 2 "$(count a item_start)"
}

t_an_item_that_waits_goes_on_where_it_was() {
	agent
	items a 'items: [x, y], max_workers: 2'
	sed -i 's/_seconds: 1$/_seconds: 4/' .loops/a.yaml
	reply 1 claude-overloaded.jsonl 1
	reply 2 claude-overloaded.jsonl 1
	reply all claude-ok.jsonl
	"$LL" run a >out 2>&1 </dev/null &
	pid=$!
	until [ "$(cat .loops/runs/*/.ll/journal.jsonl 2>/dev/null |
		grep -c '"api_error_retry"')" = 2 ]; do sleep 0.1; done
	ll 0 status --json
	same waiting "$(jq -r .phase out)"
	same claude "$(jq -r .waits_host out)"
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	same 143 "$got"
	ll 0 resume
	same 4 "$(calls)"
	same 2 "$(count a item_start)"
	left=$(events a 'select(.event=="api_error_retry").until_us' | sort | head -n 1)
	again=$(events a 'select(.event=="loop_resume"), select(.event=="action_start") |
		.event+" "+.ts' | tr -d '"' | sed '1,/loop_resume/d' |
		head -n 1 | cut -d' ' -f2)
	[ "$(date -d "$again" +%s)" -ge $((left / 1000000)) ] ||
		fail "the rest of the wait was not waited"
}

judged() { # judged: a shell state whose outcome an agent judges
	loop j <<-'YAML'
		name: j
		initial: x
		max_steps: 1
		states:
		  x:
		    action: echo x >>n
		    evaluate: {type: llm_structured, prompt: Good?}
		    rate_limit_backoff_base_seconds: 1
		    on_yes: done
		    on_no: bad
		    on_error: bad
		  done: {terminal: true}
		  bad: {terminal: true, failure: true}
	YAML
}

judge_quota() { # judge_quota N: the Nth judge is refused for an hour
	printf '{"type":"result","is_error":true,"result":"%s|%s"}\n' \
		'Claude AI usage limit reached' $(($(date +%s) + 3600)) \
		>"replies/$1.out"
	echo 1 >"replies/$1.exit"
}

t_a_judge_is_asked_again_and_the_action_not() {
	agent
	judged
	reply 1 claude-overloaded.jsonl 1
	reply 2 claude-overloaded.jsonl 1
	reply 3 claude-judge.json
	ll 0 run j
	same 3 "$(calls)"
	same 2 "$(count j api_error_retry)"
	same 1 "$(count j action_start)"
	same 1 "$(count j evaluate)"
	same 1 "$(events j 'select(.event=="run_end").iterations')"
}

t_a_judge_that_fails_too_often_is_an_error() {
	agent
	judged
	reply all claude-overloaded.jsonl 1
	ll 2 run j
	same 3 "$(calls)"
	same 1 "$(count j api_error_exhausted)"
	same error "$(journal j evaluate verdict)"
}

t_a_judge_without_quota_parks_and_is_asked_by_resume() {
	agent
	judged
	judge_quota 1
	reply 2 claude-judge.json
	ll 3 run j
	ll 0 resume
	same 2 "$(calls)"
	same 1 "$(wc -l <n | tr -d ' ')"
}

t_a_judge_without_a_login_ends_the_run() {
	agent
	judged
	reply 1 claude-auth.jsonl 1
	reply 2 claude-judge.json
	ll 1 run j
	has out "run 'claude' and /login"
	ll 0 resume
	same 2 "$(calls)"
	same 1 "$(wc -l <n | tr -d ' ')"
}

t_a_judge_asks_the_circuit_and_clears_it() {
	agent
	judged
	reply all claude-judge.json
	shut true 0 3600
	ll 3 run j
	same 0 "$(calls)"
	has out 'the quota of claude is used up until'
	same judge "$(journal j rate_limit_waiting call)"
	ll 0 resume
	same 1 "$(calls)"
	same 1 "$(wc -l <n | tr -d ' ')"
	[ ! -e "$breaker" ] || fail "a good answer did not clear it"
	rm -rf .loops/runs
	shut false 0 2
	ll 0 run j
	same circuit "$(journal j rate_limit_waiting tier)"
	same 2 "$(calls)"
	same 2 "$(wc -l <n | tr -d ' ')"
	same 1 "$(events j 'select(.event=="run_end").iterations')"
}

t_a_judge_that_waits_for_another_run_goes_on_where_it_was() {
	agent
	judged
	reply all claude-judge.json
	shut false 0 6
	"$LL" run j >out 2>&1 </dev/null &
	pid=$!
	until grep -q '"rate_limit_waiting"' .loops/runs/*/.ll/journal.jsonl \
		2>/dev/null; do sleep 0.1; done
	kill -TERM "$pid"
	wait "$pid" || true
	same 0 "$(calls)"
	ll 0 resume
	same 1 "$(calls)"
	same 1 "$(count j rate_limit_waiting)"
	same 1 "$(wc -l <n | tr -d ' ')"
}

t_every_kind_of_judge_is_parked_and_asked_later() {
	agent
	mkdir -p base/x
	echo old >base/x/output.txt
	echo a >p.h
	echo b >c.c
	loop j <<-'YAML'
		name: j
		initial: x
		states:
		  x:
		    action: echo new; echo x >>n
		    evaluate: {type: comparator, baseline_path: base/x}
		    on_yes: y
		    on_no: y
		    on_tie: y
		    on_error: bad
		  y:
		    action_type: contract
		    action: never done
		    evaluate: {type: contract, pairs: [{producer: p.h, consumer: c.c}]}
		    on_yes: done
		    on_no: done
		    on_error: bad
		  done: {terminal: true}
		  bad: {terminal: true, failure: true}
	YAML
	judge_quota 1
	printf '%s\n' '{"type":"result","subtype":"success","is_error":false,"structured_output":{"verdict_a":"yes","verdict_b":"yes","confidence":0.9,"reason":"r"}}' >replies/2.out
	judge_quota 3
	reply 4 claude-auth.jsonl 1
	reply all claude-judge.json
	ll 3 run j
	same 1 "$(calls)"
	ll 3 resume
	same 3 "$(calls)"
	ll 1 resume
	same infra.auth "$(journal j run_end failure_class | sed 's,.* ,,')"
	ll 0 resume
	same 1 "$(wc -l <n | tr -d ' ')"
}

t_limits_hold_for_a_judge() {
	agent
	judged
	sed -i '2i limits: {agent_calls: 0}' .loops/j.yaml
	reply all claude-judge.json
	ll 1 run j
	same 0 "$(calls)"
	same budget "$(journal j run_end terminated_by)"
}

t_two_runs_share_the_circuit() {
	agent
	one_prompt a
	one_prompt b
	quota_until 1 3600
	reply all claude-ok.jsonl
	ll 3 run a
	same true "$(jq .hosts.claude.known $breaker)"
	ll 3 run b
	same 1 "$(calls)"
	has out 'claude'
	same 0 "$(events b 'select(.event=="run_end").iterations')"
	ll 0 resume b
	same 2 "$(calls)"
	[ ! -e "$breaker" ] || fail "a success did not clear it"
	ll 0 run b
}

shut() { # shut KNOWN SEEN UNTIL: as if written SEEN s ago, until in UNTIL s
	mkdir -p .loops/.queue
	now=$(date +%s)
	printf '{"v":1,"hosts":{"claude":{"first_seen_us":1,"attempts":1,' \
		>$breaker
	printf '"last_seen_us":%s000000,"until_us":%s000000,"known":%s}}}\n' \
		$((now - $2)) $((now + $3)) "$1" >>$breaker
}

t_a_guess_expires() {
	agent
	one_prompt a
	reply all claude-ok.jsonl
	shut false 3601 9000
	ll 0 run a
	same 0 "$(count a rate_limit_waiting)"
	one_prompt b
	shut false 0 2
	ll 0 run b
	same circuit "$(journal b rate_limit_waiting tier)"
}

t_a_damaged_circuit_is_not_believed() {
	agent
	one_prompt a
	reply all claude-ok.jsonl
	mkdir -p .loops/.queue
	echo '{"v":1,"hosts":' >$breaker
	ll 0 run a
	has err "$breaker: damaged"
	same 1 "$(grep -c damaged err)"
}

# An agent that is refused for ever, by the words of the real one; in a loop
# that may wait so long: endless KEYS
endless() {
	one_prompt a "rate_limit_long_wait_ladder: [1]
    rate_limit_max_wait_seconds: 5
    $1"
}

# What that came to: bounded, without a busy loop, and the step is the first.
bounded() { # bounded STATUS
	began=$(date +%s)
	ll "$1" run a
	[ $(($(date +%s) - began)) -le 20 ] || fail 'it takes too long'
	[ "$(calls)" -ge 3 ] || fail "only $(calls) calls"
	[ "$(calls)" -le 8 ] || fail "$(calls) calls"
	same "$(($(calls) - 1))" "$(events a 'select(.event ==
		"rate_limit_waiting" and .tier != "parked")' | wc -l)"
	same 1 "$(events a 'select(.event=="run_end").iterations')"
	same "$(calls)" "$(count a limit_reserve)"
	times >spent
	cpu=$(sed -n '2s/m/ /gp' spent | tr -d s |
		awk '{print int(($1 + $3) * 60 + $2 + $4)}')
	[ "$cpu" -lt 2 ] || fail "$cpu seconds of work"
	same false "$(jq .hosts.claude.known $breaker)"
}

t_an_endless_429_goes_where_the_loop_says() {
	agent
	endless 'on_rate_limit_exhausted: tired
    max_rate_limit_retries: 2'
	printf '  tired: {terminal: true, failure: true}\n' >>.loops/a.yaml
	reply all claude-real-quota.jsonl 1
	bounded 2
	same 'short short long_wait' "$(journal a rate_limit_waiting tier |
		cut -d ' ' -f 1-3)"
	same tired "$(journal a loop_complete final_state)"
	# Another run heeds what was found out, once it is over it does not.
	until=$(jq .hosts.claude.until_us $breaker)
	while [ "$(date +%s%6N)" -le "$until" ]; do sleep 0.1; done
	reply all claude-ok.jsonl 0
	one_prompt b
	ll 0 run b
	same 0 "$(count b rate_limit_waiting)"
	[ ! -e "$breaker" ] || fail 'the circuit is still open'
}

t_an_endless_429_parks_without_a_way_out() {
	agent
	endless ''
	reply all claude-real-quota.jsonl 1
	bounded 3
	same quota "$(journal a run_end terminated_by)"
	same true "$(events a 'select(.event=="run_end").resumable')"
	n=$(calls)
	reply all claude-ok.jsonl 0
	ll 0 resume
	same $((n + 1)) "$(calls)"
	same 1 "$(events a 'select(.event=="run_end").iterations' | tail -n 1)"
}

# It says when to come back, and then says so again; near, and far.
t_an_endless_429_with_retry_after() {
	agent
	ln -s claude bin/opencode
	LL_HOST_CLI=opencode
	export LL_HOST_CLI
	endless ''
	reply all opencode-real-quota.jsonl 1
	sed -i 's/_seconds: 1$/_seconds: 2/' .loops/a.yaml
	ll 3 run a
	[ "$(calls)" -ge 2 ] || fail "only $(calls) calls"
	[ "$(calls)" -le 8 ] || fail "$(calls) calls"
	same 1 "$(events a 'select(.event=="run_end").iterations')"
	rm -rf .loops/runs .loops/.queue replies/call.*
	sed -i 's/"retry-after":"1"/"retry-after":"3600"/' replies/all.out
	ll 3 run a
	same 1 "$(calls)"
	for n in 2 3; do
		ll 3 resume
		same "$n" "$(calls)"
	done
	same '1 1 1' "$(events a 'select(.event=="run_end").iterations' |
		tr '\n' ' ' | sed 's/ $//')"
	same true "$(jq .hosts.opencode.known $breaker)"
}

sleeps() { # sleeps: of the engine so far
	sed -n 's/^voluntary_ctxt_switches:.//p' "/proc/$engine/status"
}

waits() { # waits COMMAND...: a run that waits for 7 seconds; in `seen` how
	# often its engine wakes up in three of them
	rm -rf .loops/runs .loops/.queue replies/call.*
	quota_until 1 8
	"$@" >out 2>&1 </dev/null &
	until grep -qs rate_limit_waiting .loops/runs/*/.ll/journal.jsonl; do
		sleep 0.02
	done
	engine=$(sed -n 's/.*"engine":\([0-9]*\).*/\1/p' .loops/.queue/0*)
	[ -n "$engine" ] || fail "$(cat .loops/.queue/0*)"
	sleep 0.5
	before=$(sleeps)
	sleep 3
	seen=$(($(sleeps) - before))
	wait $!
}

t_a_countdown_for_who_sees_it() {
	agent
	one_prompt a
	reply 2 claude-ok.jsonl
	script -qc true /dev/null >/dev/null 2>&1 </dev/null ||
		skip 'there is no script(1)'
	# Nobody looks, so nothing is done.
	waits "$LL" run --wait a
	[ "$seen" -le 1 ] || fail "$seen wake-ups without a terminal"
	lacks out left
	# Once a second, one line, which is gone when the run goes on.
	waits env TERM=xterm script -qec "$LL run --wait a" screen
	[ "$seen" -ge 2 ] || fail "only $seen wake-ups"
	[ "$seen" -le 5 ] || fail "$seen wake-ups"
	tr '\r' '\n' <screen >lines
	grep -q '^ *[1-7]s left' lines || fail "$(cat -v screen)"
	[ "$(grep -c ' left' lines)" -le 9 ] || fail "$(cat -v screen)"
	same 1 "$(grep -c ' left' screen)"
	cleared=$(printf 'left\033[K\r\033[K')
	has screen "$cleared"
	has screen 'All pass.'
	same 0 "$(sed -n '/All pass/,$p' lines | grep -c ' left')"
}

t_words_of_a_shell_state_mean_nothing() {
	loop a <<-'YAML'
		name: a
		initial: x
		states:
		  x: {action: "echo 'HTTP 429 rate limit'; exit 1", on_yes: done, on_no: no}
		  no: {action: "exit 0", next: done}
		  done: {terminal: true}
	YAML
	ll 0 run a
	same 0 "$(count a rate_limit_waiting)"
	same 'x->no' "$(events a 'select(.event=="route")|.from+"->"+.to' |
		head -n 1 | tr -d '"')"
}

t_no_words_in_numbers() {
	loop a <<-'YAML'
		name: a
		initial: x
		states:
		  x:
		    action: "echo '1429 passed, 4010 skipped'; exit 1"
		    classify_failures: true
		    on_yes: done
		    on_no: done
		  done: {terminal: true}
	YAML
	ll 0 run a
	same 0 "$(count a rate_limit_waiting)"
}

t_a_wait_is_cut_and_goes_on() {
	loop a <<-'YAML'
		name: a
		initial: x
		states:
		  x:
		    action: "echo x >>n; test -e good || { echo 'rate limit'; exit 1; }"
		    classify_failures: true
		    rate_limit_backoff_base_seconds: 4
		    on_yes: done
		    on_no: done
		  done: {terminal: true}
	YAML
	"$LL" run a >out 2>&1 </dev/null &
	pid=$!
	until grep -q '"rate_limit_waiting"' .loops/runs/*/.ll/journal.jsonl \
		2>/dev/null; do sleep 0.1; done
	ll 0 status --json
	same waiting "$(jq -r .phase out)"
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	same 143 "$got"
	same 1 "$(wc -l <n | tr -d ' ')"
	touch good
	ll 0 resume
	same 2 "$(wc -l <n | tr -d ' ')"
	left=$(events a 'select(.event=="rate_limit_waiting").until_us' | head -n 1)
	again=$(events a 'select(.event=="action_start").ts' | tail -n 1 |
		tr -d '"')
	[ "$(date -d "$again" +%s)" -ge $((left / 1000000)) ] ||
		fail "the rest of the wait was not waited"
}

t_an_item_tells_what_it_was_parked_for() {
	agent
	reply all claude-ok.jsonl
	loop kid <<-'YAML'
		name: kid
		initial: x
		states:
		  x: {action: 'echo ${captured.nobody.output}', next: y, on_error: y}
		  y: {action_type: prompt, action: do it, capture: nobody, next: done}
		  done: {terminal: true}
	YAML
	loop top <<-'YAML'
		name: top
		initial: k
		states:
		  k: {parallel: {items: [1], loop: kid}, next: done}
		  done: {terminal: true}
	YAML
	mkdir -p .loops/.queue
	now=$(date +%s)
	printf '{"v":1,"hosts":{"claude":{"last_seen_us":%s,"until_us":%s,"known":true}}}' \
		"${now}000000" "$((now + 3600))000000" >"$breaker"
	ll 3 run top
	events top 'select(.event=="run_end").error' >e
	has e 'the quota of claude'
}

t_a_wait_that_its_loop_did_not_await_is_over() {
	loop kid <<-'YAML'
		name: kid
		initial: x
		timeout: 0.5
		states:
		  x:
		    action: 'echo HTTP 429; exit 1'
		    classify_failures: true
		    rate_limit_backoff_base_seconds: 8
		    next: done
		  done: {terminal: true}
	YAML
	loop top <<-'YAML'
		name: top
		initial: k
		states:
		  k: {loop: kid, on_yes: x, on_no: x, on_error: x}
		  x:
		    action: '[ -e again ] || { touch again; echo HTTP 429; exit 1; }'
		    classify_failures: true
		    rate_limit_backoff_base_seconds: 1
		    on_yes: done
		    on_no: bad
		  done: {terminal: true}
		  bad: {terminal: true, failure: true}
	YAML
	began=$(date +%s)
	ll 0 run top
	[ $(($(date +%s) - began)) -lt 6 ] || fail 'it waited for the other'
}

t_a_deadline_cuts_a_wait() {
	loop a <<-'YAML'
		name: a
		initial: x
		timeout: 1
		states:
		  x:
		    action: "echo 'rate limit'; exit 1"
		    classify_failures: true
		    on_yes: done
		    on_no: done
		  done: {terminal: true}
	YAML
	ll 1 run a
	same timeout "$(journal a run_end terminated_by)"
}

tap_main "$@"
