#!/bin/sh
# hosts list, hosts check, host files of a project and a user, and the fake
# agent that other tests use.
# Each test is a process whose PATH and HOME are its own.
# shellcheck disable=SC2030,SC2031
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

fake="$TAP_ROOT/tests/host/fakehost"

agent() { # agent NAME...: these agents are installed
	mkdir -p bin
	for a; do
		ln -s "$fake" "bin/$a"
	done
	PATH=$PWD/bin:/usr/bin:/bin
	export PATH
}

t_lists_what_is_shipped() {
	agent nothing
	ll 0 hosts list
	for h in claude codex gemini opencode qwen kimi pi omp copilot command
	do
		grep -q "^ *$h " out || fail "no $h"
	done
	lacks out '*'
	ll 0 hosts list --json
	same 10 "$(jq length out)"
	same 0 "$(jq '[.[] | select(.chosen)] | length' out)"
}

t_marks_the_one_that_would_run() {
	agent gemini codex
	ll 0 hosts list --json
	same codex "$(jq -r '.[] | select(.chosen).name' out)"
	same "$PWD/bin/codex" "$(jq -r '.[] | select(.chosen).path' out)"
	LL_HOST_CLI=gemini
	export LL_HOST_CLI
	ll 0 hosts list --json
	same gemini "$(jq -r '.[] | select(.chosen).name' out)"
}

t_checks_one() {
	agent claude
	ll 0 hosts check claude
	has out 'claude 1.2.3 (fakehost)'
	has out "$PWD/bin/claude"
	has out '--output-format stream-json [--resume SESSION] -p'
	has out '[--json-schema SCHEMA]'
	ll 0 hosts check claude-code --json
	same claude "$(jq -r .name out)"
	same stdin "$(jq -r .prompt out)"
	same true "$(jq .judge.structured out)"
	ll 69 hosts check codex
	has err "'codex' is not on PATH; it is installed by: npm install -g @openai/codex"
	ll 69 hosts check codex --json
	same 'npm install -g @openai/codex' "$(jq -r .install out)"
	has out 'codex exec'
	ll 66 hosts check cluade
	has err "did you mean 'claude'"
	ll 64 hosts check
	ll 64 hosts list claude
	ll 64 hosts
}

t_a_wrong_file_is_told_with_its_place() {
	agent mine
	mkdir -p .loops/hosts
	printf 'action:\n  args: ["{modle}"]\n  formt: text\n' \
		>.loops/hosts/mine.yaml
	ll 65 hosts check mine
	has err '.loops/hosts/mine.yaml:3:3: error E101'
	has err "did you mean 'format'"
	printf 'action:\n  args: ["{modle}"]\n' >.loops/hosts/mine.yaml
	ll 65 hosts check mine
	has err '.loops/hosts/mine.yaml:2:9: error E511'
	ll 0 hosts list
	has out 'its file is wrong'
}

t_the_projects_file_before_the_users() {
	agent mine
	mkdir -p "$HOME/.config/ll-loop/hosts" .loops/hosts
	printf 'description: theirs\naction: {}\n' \
		>"$HOME/.config/ll-loop/hosts/mine.yaml"
	ll 0 hosts check mine
	has out theirs
	printf 'description: ours\naction: {}\n' >.loops/hosts/mine.yaml
	ll 0 hosts check mine
	has out ours
}

# A loop under it, by what such a program would print.
acme_runs() {
	loop p <<-'EOF'
		name: p
		description: d
		scope: ["."]
		initial: a
		states:
		  a: {action_type: prompt, action: 'mend it', capture: a, model: m1,
		      next: b}
		  b: {action: 'printf %s "${captured.a.output}" >said', next: done}
		  done: {terminal: true}
	EOF
	mkdir f
	FAKEHOST=$PWD/f
	export FAKEHOST
	printf '%s\n' '{"type":"say","message":"hello"}' \
		'{"type":"end","id":"s1","in":5,"out":6,"usd":0.25}' >f/all.out
	ll 0 run p
	same hello "$(cat said)"
	same 'run --json --model m1' "$(tr '\n' ' ' <f/call.1/argv | sed 's/ $//')"
	same 'mend it' "$(cat f/call.1/stdin)"
	same 's1 5 6 250000' "$(jq -r 'select(.event == "action_complete" and
		.host == "acme") | "\(.session) \(.input_tokens) \(.output_tokens
		) \(.cost_micro_usd)"' "$(run_dir p).ll/journal.jsonl")"
	rm -rf .loops/runs
	printf '%s\n' '{"type":"end","id":"s2","ok":false,"reason":"HTTP 401"}' \
		>f/all.out
	ll 1 run p
	same infra.auth "$(journal p action_complete failure_class)"
}

t_the_manuals_host_works_as_it_stands() {
	mkdir -p bin .loops/hosts
	agent claude
	awk '/^\.\\" example host /{name=$4; next}
		name && /^\.Bd/{inside=1; next}
		inside && /^\.Ed/{exit}
		inside{gsub(/\\-/, "-"); gsub(/\\&/, ""); gsub(/\\e/, "\\"); print}' \
		"$TAP_ROOT/man/ll-loop-hosts.5" >.loops/hosts/acme.yaml
	lines=$(wc -l <.loops/hosts/acme.yaml)
	[ "$lines" -gt 0 ] || fail "there is no example"
	[ "$lines" -le 10 ] || fail "$lines lines"
	ll 69 hosts check acme
	has err "'acme' is not on PATH"
	ln -s "$fake" bin/acme
	ll 0 hosts check acme
	has out 'acme 1.2.3 (fakehost)'
	has out 'acme run --json [--model MODEL] <PROMPT'
	ll 0 hosts list --json
	same project "$(jq -r '.[] | select(.name == "acme").from' out)"
	same 11 "$(jq length out)"
	LL_HOST_CLI=acme
	export LL_HOST_CLI
	ll 0 hosts list --json
	same acme "$(jq -r '.[] | select(.chosen).name' out)"
	acme_runs
}

t_the_fake_agent_replays_to_the_byte() {
	agent claude
	mkdir replies
	FAKEHOST=$PWD/replies
	export FAKEHOST
	cp "$TAP_ROOT/tests/host/streams/claude-messy.jsonl" replies/all.out
	echo 7 >replies/all.piece
	cp "$TAP_ROOT/tests/host/streams/claude-ok.jsonl" replies/2.out
	echo 500 >replies/2.piece
	echo 0.01 >replies/2.delay
	echo 3 >replies/2.exit
	echo oops >replies/2.err
	printf 'fix it' | claude -p --model 'a b' >one
	cmp one replies/all.out
	same 'fix it' "$(cat replies/call.1/stdin)"
	same '-p --model a b' "$(tr '\n' ' ' <replies/call.1/argv | sed 's/ $//')"
	rc=0
	claude -p >two 2>said </dev/null || rc=$?
	same 3 "$rc"
	same oops "$(cat said)"
	cmp two replies/2.out
}

tap_main "$@"
