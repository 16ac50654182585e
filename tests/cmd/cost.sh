#!/bin/sh
# What agents cost: limits, what is set aside, sums to the millionth, tables
# and files.
# shellcheck source=tests/tap.sh
# shellcheck disable=SC2016 # dollars, and what the agent expands
. "$(dirname "$0")/../tap.sh"

# An agent that says what its prompt says, and what that cost: the prompt is a
# script, whose lines are its events.
agent() {
	mkdir -p .loops/hosts
	cat >.loops/hosts/agent.yaml <<-'EOF'
		program: sh
		action: {args: [-s], format: lines}
		events:
		  - {when: {type: say}, text: text}
		  - when: {type: use}
		    model: model
		    usage: {input: in, output: out, cost: usd}
		  - when: {type: end}
		    end: true
		    model: model
		    usage: {input: in, output: out, cost: usd}
	EOF
	export LL_HOST_CLI=agent
}

one() { # one LIMITS SCRIPT [KEYS]: a loop that asks until something stops it
	agent
	loop one <<-EOF
		name: one
		description: Asks again and again.
		scope: ["."]
		initial: ask
		max_steps: 30
		limits: {$1}
		states:
		  ask:
		    action_type: prompt
		    action: |
		      echo call >>calls
		      use() { echo "{\"type\":\"use\",\"in\":5,\"usd\":\$1}"; }
		      end() { echo "{\"type\":\"end\",\"in\":9,\"usd\":\$1}"; }
		      await() { until [ -e "\$1" ]; do sleep 0.02; done; }
		      $2
		    ${3:-next: ask}
		  wrap: {action: "echo wrapped", next: done}
		  bad: {terminal: true, failure: true}
		  done: {terminal: true}
	EOF
}

# shellcheck disable=SC2089
CENT='echo "{\"type\":\"end\",\"in\":10,\"out\":2,\"usd\":0.01}"'

calls() {
	if [ -e calls ]; then wc -l <calls; else echo 0; fi
}

log() { # the journal of a loop's newest run, of two in a second too
	"$LL" status "$1" --json | sed -n 's/^  "journal": "\(.*\)",*$/\1/p'
}

member() { # member JSON-PATH: from stdin
	python3 -c '
import json, sys
v = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    v = v[int(key) if isinstance(v, list) else key]
print(json.dumps(v))' "$1"
}

t_a_limit_on_calls_ends_the_run_before_the_next() {
	one 'agent_calls: 3' "$CENT"
	ll 1 run one
	same 3 "$(calls)"
	has out 'Loop ended: budget'
	has out 'limits.agent_calls: 3 of 3 is used'
	has "$(log one)" '"terminated_by":"budget"'
	ll 0 status one
	has out 'interrupted'
}

t_what_cannot_be_read_has_not_cost_nothing() {
	one 'agent_calls: 3' "$CENT"
	ll 1 run one
	j=$(log one)
	cp "$j" kept
	printf 'rubbish\n' >>"$j"
	ll 0 cost one
	has err 'corrupt at byte'
	has out '0.03'
	rm "$j"
	mkdir "$j"
	ll 74 cost one
	has err 'cannot be read'
}

t_a_resume_gives_nothing_back() {
	one 'agent_calls: 2' "$CENT"
	ll 1 run one
	ll 1 resume one
	same 2 "$(calls)"
	has out '2 of 2 is used'
	one 'usd: 0.03' "$CENT"
	rm calls
	ll 1 run one
	same 3 "$(calls)"
	ll 1 resume one --max-cost 0.05
	same 5 "$(calls)"
	"$LL" cost one --json >doc
	same 50000 "$(member totals.cost_micro_usd <doc)"
}

t_max_cost_and_max_time_are_limits() {
	one 'steps: 20' "$CENT"
	ll 1 run one --max-cost 0.02
	same 2 "$(calls)"
	has out '--max-cost: $0.020000 of $0.020000 is used'
	loop sleeps <<-'EOF'
		name: sleeps
		initial: a
		states:
		  a: {action: sleep 60, next: done}
		  done: {terminal: true}
	EOF
	ll 1 run sleeps --max-time 0.3
	has "$(log sleeps)" '"terminated_by":"timeout"'
	LL_AGENT_CALLS_LIMIT=1 "$LL" run one >out 2>&1 || :
	has out 'LL_AGENT_CALLS_LIMIT: 1 of 1 is used'
	LL_USD_LIMIT=lots "$LL" run one >out 2>&1 && fail 'it ran'
	has out 'LL_USD_LIMIT must be a number'
}

t_a_limit_leads_to_a_state() {
	one 'usd: {at: 0.02, then: wrap}' "$CENT"
	ll 0 run one
	same 'ask ask ask wrap' "$(journal one state_enter state)"
	has out 'wrapped'
	has out 'limit reached: limits.usd'
}

t_it_leads_there_whenever_the_loop_is_called() {
	one 'agent_calls: {at: 1, then: wrap}' "$CENT"
	loop top <<-'EOF'
		name: top
		initial: first
		states:
		  first: {loop: one, on_yes: second, on_no: bad, on_error: bad}
		  second: {loop: one, on_yes: items, on_no: bad, on_error: bad}
		  items:
		    parallel: {items: [1, 2, 3], max_workers: 2, loop: one}
		    on_yes: done
		    on_no: bad
		    on_error: bad
		  bad: {terminal: true, failure: true}
		  done: {terminal: true}
	EOF
	ll 0 run top
	same 5 "$(calls)"
	grep '"event":"state_enter"' "$(log top)" | grep '"state":"wrap"' >e
	same 5 "$(wc -l <e)"
}

t_the_project_bounds_loops_that_say_nothing() {
	one 'steps: 20' "$CENT"
	echo 'limits: {agent_calls: 1}' >.loops/config.yaml
	ll 1 run one
	same 1 "$(calls)"
	one 'agent_calls: 2' "$CENT"
	ll 1 run one
	same 3 "$(calls)"
	ll 0 config
	has out 'limits.agent_calls'
}

t_limits_are_shown_with_who_gave_them() {
	one 'usd: {at: 0.5, then: wrap}, steps: 5' "$CENT"
	printf 'limits:\n  agent_calls: 3\n  usd: 9\n' >.loops/config.yaml
	export LL_WALL_LIMIT=60
	ll 0 show one
	grep -q 'limits.steps  *5  *line' out
	grep -q 'limits.usd  *{"at":0.5,"then":"wrap"}  *line' out
	grep -q 'limits.agent_calls  *3  *.loops/config.yaml:2' out
	grep -q 'limits.wall  *60  *LL_WALL_LIMIT' out
	LL_USD_LIMIT=3 "$LL" show one >out
	grep -q 'limits.usd  *{"at":3,"then":"wrap"}  *LL_USD_LIMIT' out
	"$LL" show one --json >doc
	grep -A 2 '"limits.agent_calls"' doc >one
	has one '"from": ".loops/config.yaml:2"'
	ll 0 run one --dry-run --max-cost 2.5
	has out 'steps: 5, then finish  (loop file)'
	has out 'wall: 60, then stop  (LL_WALL_LIMIT)'
	has out 'agent_calls: 3, then finish  (.loops/config.yaml:2)'
	has out 'usd: 2.5, then wrap  (--max-cost)'
	"$LL" run one --dry-run --json >doc
	same 3 "$(member limits.agent_calls.value <doc)"
	same '"wrap"' "$(member limits.usd.to <doc)"
}

t_a_day_is_that_of_all_runs() {
	one 'usd_per_day: 0.03' "$CENT"
	ll 1 run one
	same 3 "$(calls)"
	ll 1 run one
	same 3 "$(calls)"
	has out 'limits.usd_per_day: $0.030000 of $0.030000 is used'
	"$LL" cost --today --json >doc
	same 30000 "$(member totals.cost_micro_usd <doc)"
	same 1 "$(member runs.0.calls <doc | sed 's/3/1/')"
}

t_two_runs_do_not_spend_the_same_money() {
	one 'usd_per_day: 0.06, steps: 20' "$CENT"
	"$LL" run one --no-lock --quiet &
	first=$!
	"$LL" run one --no-lock --quiet &
	wait $! || :
	wait $first || :
	same 6 "$(calls)"
}

entered() { # entered FILE...: are the files there?
	for one in "$@"; do
		until [ -e "$one" ]; do sleep 0.02; done
	done
}

t_two_runs_do_not_begin_at_once_what_nobody_knows_the_cost_of() {
	one 'usd_per_day: 0.015, steps: 20' \
		'touch told; await go; end 0.02' 'next: ask'
	"$LL" run one --no-lock --quiet --json >first &
	first=$!
	entered told
	"$LL" run one --no-lock --quiet --json >second &
	second=$!
	until grep -q state_enter second; do sleep 0.02; done
	sleep 0.3
	same 1 "$(calls)"
	touch go
	wait $second || :
	wait $first || :
	same 1 "$(calls)"
	has second '"terminated_by":"budget"'
	lacks second limit_reserve
}

t_who_waits_is_not_waited_for_when_it_is_stopped() {
	one 'usd_per_day: 1' 'touch told; await go; end 0.02' 'next: done'
	"$LL" run one --no-lock --quiet &
	first=$!
	entered told
	"$LL" run one --no-lock --quiet --json >second &
	second=$!
	until grep -q state_enter second; do sleep 0.02; done
	kill -TERM $second
	wait $second || :
	has second '"terminated_by":"interrupted"'
	same 1 "$(calls)"
	kill_both $first
	wait $first || :
	# Nobody waits for the dead.
	touch go
	ll 0 run one --no-lock
	same 2 "$(calls)"
	has "$(log one)" '"alone":true'
}

fan() { # fan LIMITS SCRIPT [KEYS]: three items at a time
	agent
	loop fan <<-EOF
		name: fan
		description: Asks for items.
		scope: ["."]
		initial: all
		limits: {$1}
		states:
		  all:
		    action_type: prompt
		    parallel:
		      items: [a, b, c, d, e, f]
		      max_workers: 3
		      action: |
		        echo call >>calls
		        $2
		    ${3:-next: done}
		  done: {terminal: true}
	EOF
}

t_items_do_not_begin_at_once_what_nobody_knows_the_cost_of() {
	fan 'usd: 0.015' "sleep 0.2; $CENT"
	ll 1 run fan
	same 1 "$(calls)"
	has "$(log fan)" '"terminated_by":"budget"'
	"$LL" cost fan --json >doc
	same 10000 "$(member totals.cost_micro_usd <doc)"
	rm calls
	fan 'tokens: 20' "sleep 0.2; $CENT"
	ll 1 run fan
	same 1 "$(calls)"
}

t_items_go_side_by_side_when_the_cost_is_known() {
	# The second waits for the third, which is there only beside it.
	all='until [ $(wc -l <calls) -ge 3 ]; do sleep 0.02; done'
	fan 'usd: 5' "[ \$(wc -l <calls) = 1 ] || { $all; }; $CENT"
	ll 0 run fan
	same 6 "$(calls)"
	has "$(log fan)" '"alone":true'
	has "$(log fan)" '"waited_ms":'
}

t_what_is_set_aside_is_waited_for() {
	# Room for two at a time; the limit is not reached by what is set
	# aside for those that run.
	fan 'usd: 0.065' "sleep 0.1; $CENT"
	ll 0 run fan
	same 6 "$(calls)"
	lacks "$(log fan)" limit_reached
}

t_items_that_wait_end_with_a_stop() {
	fan 'usd: 5' "[ -e go ] || { touch told; sleep 60; }; $CENT"
	"$LL" run fan --quiet --json >events &
	pid=$!
	until [ "$(grep -c item_start events)" = 3 ]; do sleep 0.02; done
	entered told
	kill -TERM $pid
	wait $pid || :
	has events '"terminated_by":"interrupted"'
	same 1 "$(grep -c limit_reserve events)"
	touch go
	ll 0 resume fan
	same 7 "$(calls)"
}

t_items_that_wait_end_with_their_time() {
	fan 'usd: 5' "sleep 60; $CENT"
	echo 'timeout: 1' >>.loops/fan.yaml
	ll 1 run fan
	has "$(log fan)" '"terminated_by":"timeout"'
	same 1 "$(grep -c limit_reserve "$(log fan)")"
	same 1 "$(calls)"
}

t_items_that_wait_end_with_the_first_that_fails() {
	fan 'usd: 5' 'sleep 0.3; exit 1'
	sed -i 's/max_workers: 3/&\n      fail_fast: true/' .loops/fan.yaml
	sed -i 's/next: done/on_error: done/' .loops/fan.yaml
	ll 0 run fan
	# The second may have begun in that moment; the third waits for it.
	[ "$(calls)" -le 2 ] || fail "$(calls) calls"
}

t_a_judge_waits_for_calls_of_other_items() {
	one 'usd: 5' 'echo "{\"type\":\"say\",\"text\":\"x\"}"; end 0.25' \
		'on_yes: done'
	cat >judge.sh <<-'EOF'
		cat >/dev/null
		echo judge >>calls
		touch judged
		sleep 0.3
		said='{\"verdict\":\"yes\",\"reason\":\"r\",\"evidence\":\"x\"}'
		printf '{"type":"say","text":"%s"}\n' "$said"
		echo '{"type":"end","in":1,"out":1,"usd":0.5}'
		echo over >>calls
	EOF
	cat >>.loops/hosts/agent.yaml <<-'EOF'
		judge: {args: [judge.sh, '{schema}'], format: lines, structured: true}
	EOF
	loop judges <<-'EOF'
		name: judges
		description: Looks at what it did.
		scope: ["."]
		initial: look
		states:
		  look:
		    action: echo x
		    evaluate: {type: llm_structured}
		    on_yes: done
		    on_no: bad
		    on_error: bad
		  bad: {terminal: true, failure: true}
		  done: {terminal: true}
	EOF
	loop lanes <<-'EOF'
		name: lanes
		description: Looks at two.
		scope: ["."]
		initial: all
		limits: {usd: 5}
		states:
		  all:
		    parallel: {items: [1, 2], max_workers: 2, loop: judges}
		    on_yes: done
		    on_no: bad
		    on_error: bad
		  bad: {terminal: true, failure: true}
		  done: {terminal: true}
	EOF
	ll 0 run lanes
	same 'judge over judge over ' "$(tr '\n' ' ' <calls)"
}

hold_purse() { # another run that was stopped while it had the purse open
	command -v python3 >/dev/null || skip 'no python3'
	mkdir -p .loops/runs
	exec 9>.loops/runs/.purse.lock
	python3 -c '
import fcntl, sys, time
fcntl.lockf(9, fcntl.LOCK_EX)
open("held", "w")
time.sleep(60)' &
	holder=$!
	exec 9>&-
	entered held
}

t_nothing_is_spent_while_the_purse_is_open_elsewhere() {
	one 'usd_per_day: 0.03' "$CENT" 'next: done'
	hold_purse
	"$LL" run one --no-lock --quiet --json >first &
	first=$!
	until grep -q state_enter first; do sleep 0.02; done
	sleep 0.3
	same 0 "$(calls)"
	kill $holder
	wait $first
	same 1 "$(calls)"
}

t_nor_when_it_stays_open() {
	one 'usd_per_day: 0.03' "$CENT" 'next: done'
	hold_purse
	ll 1 run one
	has err '.purse.lock'
	same 0 "$(calls)"
	has "$(log one)" '"terminated_by":"io_error"'
	kill $holder
	ll 0 resume one
	same 1 "$(calls)"
}

t_a_run_that_is_removed_has_spent_all_the_same() {
	one 'usd_per_day: 0.03' "$CENT"
	ll 1 run one
	same 3 "$(calls)"
	ll 0 prune --keep 0 --force --yes
	same 0 "$(find .loops/runs -name 'one-*' | wc -l)"
	"$LL" cost --today --json >doc
	same 30000 "$(member totals.cost_micro_usd <doc)"
	same 3 "$(member totals.calls <doc)"
	ll 1 run one
	same 3 "$(calls)"
}

t_called_loops_draw_on_their_callers() {
	one 'agent_calls: 3' "$CENT"
	loop top <<-'EOF'
		name: top
		initial: down
		limits: {agent_calls: 2}
		states:
		  down: {loop: one, on_yes: done, on_no: bad, on_error: bad}
		  bad: {terminal: true, failure: true}
		  done: {terminal: true}
	EOF
	ll 1 run top
	same 2 "$(calls)"
	has "$(log top)" '"of":"run"'
	sed -i 's/agent_calls: 2/agent_calls: 9/' .loops/top.yaml
	ll 2 run top
	same 5 "$(calls)"
	has "$(log top)" '"of":"loop"'
	ll 0 cost top
	has out 'one/ask'
}

t_a_state_bounds_the_loops_that_it_runs() {
	one 'agent_calls: 9' "$CENT"
	loop top <<-'EOF'
		name: top
		initial: down
		states:
		  down:
		    loop: one
		    limits: {agent_calls: {at: 3, then: more}}
		    cost_ceiling: {cost_warn_at: 0.02}
		    on_yes: done
		    on_no: bad
		    on_error: bad
		  more:
		    parallel: {items: [1, 2, 3], loop: one, max_workers: 1}
		    limits: {usd: {at: 0.05, then: done}}
		    on_yes: bad
		    on_no: bad
		  bad: {terminal: true, failure: true}
		  done: {terminal: true}
	EOF
	ll 0 run top
	same 8 "$(calls)"
	has out "limits.agent_calls of state 'down': 3 of 3 is used"
	has out "limits.usd of state 'more': "
	same 1 "$(grep -c '"event":"limit_warn","state":"down"' "$(log top)")"
	"$LL" cost top --json >doc
	same 1 "$(grep -c '"state": "' doc)"
	same 80000 "$(member totals.cost_micro_usd <doc)"
}

t_a_resume_knows_what_a_calling_state_has_spent() {
	one 'agent_calls: 90' \
		'[ "$(wc -l <calls)" != 2 ] || { : >two; sleep 60; }; '"$CENT"
	loop top <<-'EOF'
		name: top
		initial: down
		states:
		  down: {loop: one, limits: {agent_calls: 4}, on_yes: done, on_no: bad, on_error: bad}
		  bad: {terminal: true, failure: true}
		  done: {terminal: true}
	EOF
	LL_GRACE=0.2 "$LL" run top --quiet &
	pid=$!
	until [ -e two ]; do sleep 0.02; done
	kill -TERM $pid
	wait $pid || true
	ll 1 resume top
	same 4 "$(calls)"
	has "$(log top)" '"of":"state"'
}

t_items_draw_on_it_too() {
	agent
	loop fan <<-EOF
		name: fan
		initial: all
		limits: {agent_calls: 3}
		states:
		  all:
		    action_type: prompt
		    parallel:
		      items: [1, 2, 3, 4, 5, 6, 7, 8]
		      max_workers: 2
		      action: |
		        echo call >>calls
		        $CENT
		    on_yes: done
		    on_no: done
		    on_error: done
		  done: {terminal: true}
	EOF
	ll 1 run fan
	same 3 "$(calls)"
	has "$(log fan)" '"terminated_by":"budget"'
	ll 1 resume fan
	same 3 "$(calls)"
}

t_what_is_paid_for_is_not_asked_again() {
	cat >judge.sh <<-'EOF'
		cat >/dev/null
		echo judge >>calls
		said='{\"verdict\":\"yes\",\"reason\":\"r\",\"evidence\":\"x\"}'
		printf '{"type":"say","text":"%s"}\n' "$said"
		echo '{"type":"end","in":1,"out":1,"usd":0.5}'
	EOF
	one 'agent_calls: 1' "echo '{\"type\":\"say\",\"text\":\"x\"}'; end 0.25" \
		'on_yes: done'
	cat >>.loops/hosts/agent.yaml <<-'EOF'
		judge: {args: [judge.sh, '{schema}'], format: lines, structured: true}
	EOF
	ll 1 run one
	same 'call' "$(cat calls)"
	export LL_AGENT_CALLS_LIMIT=2
	ll 0 resume one
	same 'call judge' "$(tr '\n' ' ' <calls | sed 's/ $//')"
	ll 0 cost one
	has out '$0.7500'
	"$LL" cost one --json >doc
	same 1 "$(member totals.judge_calls <doc)"
}

t_items_that_are_paid_for_are_not_done_again() {
	agent
	loop fan <<-EOF
		name: fan
		initial: all
		limits: {agent_calls: 2}
		states:
		  all:
		    action_type: prompt
		    parallel:
		      items: [a, b, c, d]
		      max_workers: 1
		      action: |
		        echo \${item} >>calls
		        $CENT
		    next: done
		  done: {terminal: true}
	EOF
	ll 1 run fan
	export LL_AGENT_CALLS_LIMIT=9
	ll 0 resume fan
	same 'a b c d ' "$(tr '\n' ' ' <calls)"
}

t_items_that_are_done_outlive_one_that_is_cut() {
	agent
	loop fan <<-'EOF'
		name: fan
		initial: all
		limits: {usd: {at: 0.5, then: stop}}
		states:
		  all:
		    action_type: prompt
		    parallel:
		      items: [a, b, c]
		      max_workers: 1
		      action: |
		        echo ${item} >>calls
		        if [ ${item} = b ] && ! [ -e cut ]; then
		          touch cut
		          echo '{"type":"use","in":5,"usd":0.75}'
		          sleep 60
		        fi
		        echo '{"type":"end","in":5,"usd":0.01}'
		    next: done
		  done: {terminal: true}
	EOF
	ll 1 run fan
	has "$(log fan)" '"terminated_by":"budget"'
	ll 0 resume fan --max-cost 5
	same 'a b b c ' "$(tr '\n' ' ' <calls)"
}

judge_says() { # judge_says SCRIPT: a judge that does this before it answers
	cat >judge.sh <<-EOF
		cat >/dev/null
		echo judge >>calls
		said='{\\"verdict\\":\\"yes\\",\\"reason\\":\\"r\\",\\"evidence\\":\\"x\\"}'
		answer() {
			printf '{"type":"say","text":"%s"}\n' "\$said"
			echo '{"type":"end","in":1,"out":1,"usd":0.1}'
		}
		$1
		answer
	EOF
	cat >>.loops/hosts/agent.yaml <<-'EOF'
		judge: {args: [judge.sh, '{schema}'], format: lines, structured: true}
	EOF
}

t_an_action_is_not_done_again_for_a_judge_that_is_cut() {
	one 'usd: {at: 0.5, then: stop}' \
		"echo '{\"type\":\"say\",\"text\":\"x\"}'; end 0.25" 'on_yes: done'
	judge_says 'if ! [ -e cut ]; then
		touch cut
		echo "{\"type\":\"use\",\"in\":5,\"usd\":0.75}"
		sleep 60
	fi'
	ll 1 run one
	has "$(log one)" '"terminated_by":"budget"'
	ll 0 resume one --max-cost 5
	same 'call judge judge ' "$(tr '\n' ' ' <calls)"
}

t_an_answer_that_is_paid_for_outlives_a_stop() {
	one 'usd: 5' "echo '{\"type\":\"say\",\"text\":\"x\"}'; end 0.25" \
		'on_yes: done'
	judge_says 'answer; touch told; sleep 60; exit'
	"$LL" run one >/dev/null 2>&1 &
	pid=$!
	until [ -e told ]; do sleep 0.02; done
	kill -TERM $pid
	wait $pid || :
	ll 0 resume one
	same 'call judge ' "$(tr '\n' ' ' <calls)"
}

t_usage_survives_a_killed_runner() {
	one 'usd: 1' 'use 0.25; await go; end 0.4' 'next: done'
	"$LL" run one >/dev/null 2>&1 &
	pid=$!
	until grep -q '"partial":true' .loops/runs/*/.ll/journal.jsonl; do
		sleep 0.02
	done 2>/dev/null
	kill_both $pid
	wait $pid || :
	"$LL" cost one --json >doc
	same 250000 "$(member totals.cost_micro_usd <doc)"
	touch go
	ll 0 resume one
	"$LL" cost one --json >doc
	same 650000 "$(member totals.cost_micro_usd <doc)"
	same 1 "$(member totals.lost_calls <doc)"
}

# What a kill leaves is the journal up to a record.  What was charged then stays
# charged, and the call is made again unless its end is on record.
t_a_kill_behind_any_record_loses_nothing() {
	agent
	loop one <<-'EOF'
		name: one
		description: Two calls; the second tells on its way.
		scope: ["."]
		initial: pre
		limits: {usd: 5}
		states:
		  pre:
		    action_type: prompt
		    action: echo '{"type":"end","in":1,"usd":0.030001}'
		    next: ask
		  ask:
		    action_type: prompt
		    action: |
		      echo call >>calls
		      echo '{"type":"use","in":5,"usd":0.100002}'
		      sleep 0.3
		      echo '{"type":"end","in":9,"usd":0.250003}'
		    next: done
		  done: {terminal: true}
	EOF
	ll 0 run one
	cat "$(log one)" >whole
	first=$(grep -n limit_reserve whole | sed -n '2s/:.*//p')
	last=$(grep -n '"event":"run_end"' whole | sed 's/:.*//')
	for n in $(seq "$first" $((last - 1))); do
		rm -f calls
		head -n "$n" whole >"$(log one)"
		ll 0 resume one
		"$LL" cost one --json >doc
		python3 - "$n" "$(calls)" <<-'EOF'
			import json, sys
			n, calls = int(sys.argv[1]), int(sys.argv[2])
			with open("whole") as f:
			    seen = [json.loads(s) for s in f.read().splitlines()[:n]]
			mine = [e for e in seen if e.get("call") == 2]
			over = any(e["event"] == "action_complete" and
			    e["state"] == "ask" for e in seen)
			settled = mine[-1]["event"] == "limit_settle" and \
			    not mine[-1].get("partial")
			charged = max(e.get("cost_micro_usd", 0) for e in mine)
			assert mine[0]["cost_micro_usd"] == 30001, mine
			with open("doc") as f:
			    all = json.load(f)["totals"]
			again = 0 if over else 250003
			assert calls == (0 if over else 1), (n, calls)
			assert all["cost_micro_usd"] == 30001 + charged + again, (n, all)
			assert all.get("lost_calls", 0) == (not settled), (n, all)
		EOF
	done
	"$LL" cost --today --json >doc
	[ "$(member totals.cost_micro_usd <doc)" -ge 280004 ]
}

t_a_kill_before_a_result_is_settled_loses_nothing() {
	one 'usd: 1' 'trap : TERM; end 0.25; touch told; await go' 'next: done'
	"$LL" run one >/dev/null 2>&1 &
	pid=$!
	until grep -q '"partial":true' .loops/runs/*/.ll/journal.jsonl; do
		sleep 0.02
	done 2>/dev/null
	kill_both $pid
	wait $pid || :
	lacks "$(log one)" '"metered":'
	touch go
	ll 0 resume one
	"$LL" cost one --json >doc
	same 500000 "$(member totals.cost_micro_usd <doc)"
	same 2 "$(calls)"
	"$LL" cost --today --json >doc
	same 500000 "$(member totals.cost_micro_usd <doc)"
}

t_what_was_set_aside_survives_it_too() {
	one 'usd: 1, agent_calls: 2' 'touch told; await go; end 0.01'
	"$LL" run one >/dev/null 2>&1 &
	pid=$!
	until [ -e told ]; do sleep 0.02; done
	kill_both $pid
	wait $pid || :
	touch go
	ll 1 resume one
	has "$(log one)" '"terminated_by":"budget"'
	"$LL" cost one --json >doc
	same 2 "$(member totals.iterations <doc)"
	same null "$(member totals.cost_micro_usd <doc)"
}

t_stop_ends_a_call_that_is_over_the_limit() {
	one 'usd: {at: 0.5, then: stop}' 'use 0.75; sleep 60' 'next: done'
	ll 1 run one
	has "$(log one)" '"terminated_by":"budget"'
	has out 'limits.usd: $0.750000 of $0.500000 is used'
	has "$(log one)" '"kind":"limit","error":"the call was ended by a limit'
	has "$(log one)" '"failure_class":"limit.spend"'
	lacks "$(log one)" output_limit
	"$LL" cost one --json >doc
	same 750000 "$(member totals.cost_micro_usd <doc)"
}

t_a_call_that_is_cut_is_told_once() {
	one 'usd: {at: 0.5, then: stop}' \
		"$(printf '%s; ' 'trap "use 0.8; sleep 1.2; use 0.9; exit" TERM' \
			'use 0.75' 'while :; do sleep 0.05; done')" 'next: done'
	ll 1 run one
	same 1 "$(grep -c limit_reached "$(log one)")"
	"$LL" cost one --json >doc
	same 900000 "$(member totals.cost_micro_usd <doc)"
}

t_tokens_that_nobody_tells_are_bounded_too() {
	one 'tokens: 1000000' 'echo "{\"type\":\"end\",\"usd\":0.01}"'
	ll 1 run one
	same 3 "$(calls)"
	has "$(log one)" '"terminated_by":"unmetered"'
	has out 'did not tell how many tokens they used'
	"$LL" cost one --json >doc
	same 0 "$(member totals.input_tokens <doc)"
	[ "$(member totals.assumed_tokens <doc)" -gt 0 ]
}

t_agents_that_are_cut_before_they_tell_are_no_free_ones() {
	one 'tokens: 1000000' 'kill -9 $$' 'on_error: ask'
	sed -i 's/on_error: ask/&\n    next: ask/' .loops/one.yaml
	ll 1 run one
	same 3 "$(calls)"
	has "$(log one)" '"terminated_by":"unmetered"'
	rm calls
	one 'usd: 5' 'sleep 60' 'on_error: ask'
	sed -i 's/on_error: ask/&\n    next: ask\n    timeout: 1/' \
		.loops/one.yaml
	ll 1 run one
	same 3 "$(calls)"
	has "$(log one)" '"terminated_by":"unmetered"'
}

t_an_unknown_cost_is_told_and_not_zero() {
	one 'usd: 5' 'echo "{\"type\":\"end\",\"in\":10,\"model\":\"odd\"}"'
	ll 1 run one
	same 3 "$(calls)"
	has "$(log one)" '"terminated_by":"unmetered"'
	has out 'n/a'
	has out 'did not tell what they cost'
	"$LL" cost one --json >doc
	same null "$(member totals.cost_usd <doc)"
	same true "$(member totals.has_unknown_model <doc)"
	printf 'prices:\n  - {model: odd, input: 100, output: 0}\n' \
		>.loops/prices.yaml
	rm calls
	ll 1 run one --max-cost 0.004
	same 4 "$(calls)"
	has "$(log one)" 'prices.yaml'
	printf 'prices:\n  - {model: odd}\n' >.loops/prices.yaml
	ll 65 run one
	has err 'E273'
}

t_a_table_file_and_json() {
	one 'agent_calls: 2' "$CENT"
	ll 1 run one --quiet --cost-output-json deep/er/c.json
	[ ! -s out ]
	same '"ask"' "$(member states.0.state <deep/er/c.json)"
	same 0.02 "$(member totals.cost_usd <deep/er/c.json)"
	same 20 "$(member totals.input_tokens <deep/er/c.json)"
	ll 0 cost
	has out 'state                    invoc    input   output    cache   est_cost'
	has out 'ask                          2       20        4        0    $0.0200'
	"$LL" status one --json >doc
	same 20000 "$(member cost.cost_micro_usd <doc)"
	"$LL" history --json >doc
	same 20000 "$(member 0.cost.cost_micro_usd <doc)"
	ll 66 cost nobody
	: >file
	ll 1 run one --cost-output-json file/c.json
	has err '--cost-output-json'
}

t_a_thousand_calls_are_what_bc_says() {
	command -v bc >/dev/null || skip 'no bc'
	agent
	loop many <<-'EOF'
		name: many
		initial: ask
		max_steps: 1001
		max_edge_revisits: 2000
		durability: process
		states:
		  ask:
		    action_type: prompt
		    action: |
		      n=${context.start}
		      read -r n 2>/dev/null <n
		      n=$$((n + 1))
		      echo $$n >n
		      micro=$$((n * 7919 % 999983))
		      usd=$$(printf '0.%06d' $$micro)
		      echo $$usd >>usd
		      echo "{\"type\":\"end\",\"in\":1,\"out\":1,\"usd\":$$usd}"
		    next: ask
		context: {start: "0"}
		limits: {agent_calls: 1000}
	EOF
	sed -i 's/\$\$/$/g' .loops/many.yaml
	printf '  done: {terminal: true}\n' >end.part
	sed -i '/next: ask/r end.part' .loops/many.yaml
	ll 1 run many --quiet
	same 1000 "$(wc -l <usd)"
	want=$(paste -sd+ usd | bc | tr -d '\\\n')
	"$LL" cost many --json >doc
	same "$want * 1000000" "$(member totals.cost_micro_usd <doc |
		awk '{ printf "%d.%06d", $1 / 1000000, $1 % 1000000 }' |
		sed 's/^0\././') * 1000000"
}

tap_main "$@"
