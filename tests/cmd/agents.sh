#!/bin/sh
# One loop of two agents and a judge under each of the hosts that were held
# against recordings: the agents replay, to the byte and with rests in the
# middle of their lines, what the real programs print, and are called as
# those were.
# Each test is a process whose PATH and HOME are its own.
# shellcheck disable=SC2030,SC2031
# References of loops are no expansions of this shell.
# shellcheck disable=SC2016
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

streams=$TAP_ROOT/tests/host/streams

agents() { # agents HOST VERDICT: who answers, the judge by this file
	mkdir -p bin f
	ln -s "$TAP_ROOT/tests/host/fakehost" "bin/$1"
	PATH=$PWD/bin:/usr/bin:/bin FAKEHOST=$PWD/f
	export PATH FAKEHOST
	cp "$streams/$1-real-ok.jsonl" f/all.out
	cp "$streams/$2" f/3.out
	if grep -q LL-VERDICT "f/3.out"; then
		echo 0011223344556677 >f/3.nonce
	fi
	for n in all 3; do
		echo 61 >"f/$n.piece"
		echo 0.005 >"f/$n.delay"
	done
	loop j <<-'EOF'
		name: j
		description: d
		scope: ["."]
		initial: a
		context: {what: "the $PARSER"}
		states:
		  a: {action_type: prompt, action: 'mend ${context.what}',
		      capture: a, next: b, on_error: failed}
		  b: {action: '/review it "now"', capture: b, on_error: failed,
		      evaluate: {type: llm_structured, prompt: "Is it green? Quote the evidence."},
		      on_yes: say, on_no: failed, on_partial: failed}
		  say: {action: 'printf "%s|" "${captured.a.output}"
		        "${captured.b.output}" >said', next: done}
		  done: {terminal: true}
		  failed: {terminal: true}
	EOF
}

figures() { # figures EVENT: what its calls used, a line each
	jq -r "select(.event == \"$1\") | [.input_tokens, .output_tokens,
		.cache_read_tokens, .cost_micro_usd] | map(tostring) |
		join(\" \")" "$(run_dir j).ll/journal.jsonl" | sed '/^null null/d'
}

asked() { # asked CALL: its arguments, in a line
	tr '\n' ' ' <"f/call.$1/argv" | sed 's/ $//; s/{.*}/SCHEMA/; s,/[^ ]*/fd/[0-9]*,SCHEMA_FILE,'
}

# works HOST VERDICT ACTION JUDGE USED JUDGED: the arguments of an action and
# of a judge, and what they come to
works() {
	agents "$1" "$2"
	ll 0 run j
	same 'a b say done' "$(path_of j)"
	text='I look at the tests.
Fixed é.

All pass.'
	[ "$1" != gemini ] || text='I will look.
Two files.'
	same "$text|$text|" "$(cat said)"
	same "$5
$5" "$(figures action_complete)"
	same "$6" "$(figures judge_complete)"
	same 'yes 0.9 2 passed the log says so' "$(jq -r 'select(.event ==
		"evaluate" and .type == "llm_structured") | "\(.verdict) \(
		.confidence) \(.evidence) \(.reason)"' \
		"$(run_dir j).ll/journal.jsonl")"
	same 3 "$(find f -name 'call.*' | wc -l)"
	same "$3" "$(asked 1)"
	same "$3" "$(asked 2)"
	same "$4" "$(asked 3)"
	same 'mend the $PARSER' "$(cat f/call.1/stdin)"
	same '/review it "now"' "$(cat f/call.2/stdin)"
	has f/call.3/stdin 'Is it green? Quote'
	has f/call.3/stdin "$(printf '%s' "$text" | tail -n 1)"
	has out "$(printf '%s' "$text" | head -n 1)"
	lacks out '{"type"'
}

t_claude() {
	works claude claude-real-judge.json \
		'--dangerously-skip-permissions --verbose --output-format stream-json -p' \
		'--dangerously-skip-permissions --output-format json -p --model sonnet --json-schema SCHEMA --no-session-persistence' \
		'36 153 6000 12630' '24 102 4000 5052'
}

t_codex() {
	works codex codex-real-judge.jsonl \
		'exec --dangerously-bypass-approvals-and-sandbox --json --skip-git-repo-check -' \
		'exec --dangerously-bypass-approvals-and-sandbox --json --skip-git-repo-check --ephemeral --output-schema SCHEMA_FILE -' \
		'1808 240 8192 null' '904 120 4096 null'
}

t_gemini() {
	works gemini gemini-real-verdict.json \
		'--approval-mode yolo --output-format stream-json' \
		'--approval-mode yolo --output-format json' \
		'1210 201 800 null' '610 101 400 null'
}

t_opencode() {
	works opencode opencode-real-verdict.jsonl \
		'run --format json --print-logs --log-level ERROR' \
		'run --format json --print-logs --log-level ERROR' \
		'1808 240 8192 5684' '904 120 4096 2842'
}

tap_main "$@"
