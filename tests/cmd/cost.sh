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
