#!/bin/sh
# Prompts and slash commands: the whole program with agents that replay
# recorded streams.
# Each test is a process whose PATH, HOME and variables are its own.
# shellcheck disable=SC2030,SC2031
# References of loops are no expansions of this shell.
# shellcheck disable=SC2016
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

streams=$TAP_ROOT/tests/host/streams

agent() { # agent NAME...: these are installed, and no other
	rm -rf bin
	mkdir -p bin f
	for a; do
		ln -sf "$TAP_ROOT/tests/host/fakehost" "bin/$a"
	done
	FAKEHOST=$PWD/f
	PATH=$PWD/bin:/usr/bin:/bin
	export PATH FAKEHOST
}

answer() { # answer CALL STREAM: the Nth call, or `all`, replays this
	cp "$streams/$2" "f/$1.out"
}

pair() { # two agents, and what they said; with keys of the first state
	loop p <<-EOF
	name: p
	description: d
	scope: ["."]
	initial: a
	context: {what: "the \$PARSER"}
	states:
	  a: {action_type: prompt, action: 'mend \${context.what}', capture: a, next: b, on_error: bad, $1}
	  b: {action: '/review it "now"', capture: b, next: say, on_error: bad}
	  say: {action: 'printf "%s|" "\${captured.a.output}" "\${captured.b.output}" >said', next: done}
	  bad: {action: 'printf "%s" "\${captured.a.output:default=}" >said', next: failed}
	  failed: {terminal: true}
	  done: {terminal: true}
	EOF
}

ends() { # ends MEMBER: of the first call's end, as JSON
	jq -c "select(.event == \"action_complete\") | .$1" \
		"$(run_dir p).ll/journal.jsonl" | head -n 1
}

until_file() { # until_file NAME
	while [ ! -e "$1" ]; do sleep 0.02; done
}

# want HOST TEXT IN OUT CACHED COST: what its recorded stream comes to
want() {
	agent "$1"
	pair 'timeout: 50'
	answer all "$1-ok.jsonl"
	echo 97 >f/all.piece
	ll 0 run p
	same "$2|$2|" "$(cat said)"
	same "$1" "$(ends host | tr -d '"')"
	same "$3 $4 $5 $6" "$(ends input_tokens) $(ends output_tokens) $(
		ends cache_read_tokens) $(ends cost_micro_usd)"
	same 0 "$(ends exit_code)"
	same 'mend the $PARSER' "$(cat f/call.1/stdin)"
	same '/review it "now"' "$(cat f/call.2/stdin)"
	lacks f/call.1/argv mend
	# A session of its own each time: no usage is told twice.
	if grep -qx -e resume -e --resume -e --session f/call.2/argv; then
		fail 'the second call goes on with the first'
	fi
	has f/call.1/env LL_NON_INTERACTIVE=1
	has f/call.1/env LL_STATE=a
	rm -rf .loops/runs f said
}

t_each_host_gives_text_and_usage() {
	want claude 'I look at the tests.
Fixed é.

All pass.' 1200 51 2000 21893
	want codex 'The tests pass.
Nothing more to do.' 904 120 4096 null
	want gemini 'Loaded cached credentials.
I will look.
Two files.' 1000 100 400 null
	want opencode 'First.
Done.' 110 27 33 101235
}

t_each_failure_has_its_class() {
	agent claude codex gemini opencode
	# A class may be waited for; the time of the loop ends that.
	pair 'timeout: 50'
	echo 'timeout: 2' >>.loops/p.yaml
	while read -r host stream code class; do
		LL_HOST_CLI=$host
		export LL_HOST_CLI
		answer all "$stream"
		echo "$code" >f/all.exit
		"$LL" run p >out 2>err || true
		same "\"$class\"" "$(ends failure_class)"
		[ "$(ends exit_code)" != 0 ] || fail "$stream: exit code 0"
		lacks "$(run_dir p).ll/journal.jsonl" '"state":"b"'
		# What failed is remembered beside the runs.
		find .loops -mindepth 1 ! -name p.yaml -delete
		rm -rf f/call.*
	done <<-EOF
	claude claude-quota.jsonl 1 infra.quota
	claude claude-auth.jsonl 1 infra.auth
	claude claude-turns.jsonl 0 limit.turns
	claude claude-failed.jsonl 1 agent.failed
	codex codex-config.jsonl 1 infra.config
	codex codex-real-today.jsonl 1 infra.quota
	codex codex-failed.jsonl 1 agent.failed
	gemini gemini-quota.jsonl 1 infra.quota
	gemini gemini-failed.jsonl 1 agent.failed
	opencode opencode-auth.jsonl 1 infra.auth
	opencode opencode-failed.jsonl 0 agent.failed
	EOF
}

# One that asks a service that is out of order again and again, for ever: its
# stderr was recorded at status 500.
t_who_only_tries_again_is_ended() {
	agent opencode
	pair 'timeout: 50'
	: >f/all.out
	cp "$streams/opencode-real-500.err" f/all.err
	echo 60 >f/all.linger
	echo 'timeout: 4' >>.loops/p.yaml
	LL_GRACE=0.2 "$LL" run p >out 2>err || true
	same '"infra.transient"' "$(ends failure_class)"
	same true "$(ends lingered)"
	has "$(run_dir p).ll/journal.jsonl" '"event":"api_error_retry"'
	ends failure_text | grep -q 'AI_APICallError: The server had an error' ||
		fail "it failed by $(ends failure_text)"
	# Before its time is over, but not before it has tried long enough.
	head -n 2 "$streams/opencode-real-500.err" >f/all.err
	rm -rf .loops/runs f/call.*
	pair 'timeout: 1'
	echo 'timeout: 4' >>.loops/p.yaml
	LL_GRACE=0.2 "$LL" run p >out 2>err || true
	same '"infra.transient"' "$(ends failure_class)"
	same '"wall"' "$(ends timeout_kind)"
	# Who said nothing at all was too slow, and nobody knows why.
	: >f/all.err
	find .loops -mindepth 1 ! -name p.yaml -delete
	rm -rf f/call.*
	pair 'timeout: 1'
	LL_GRACE=0.2 ll 2 run p
	same '"limit.wall"' "$(ends failure_class)"
}

t_a_failure_keeps_what_was_said() {
	agent claude
	pair 'timeout: 50'
	head -n 2 "$streams/claude-ok.jsonl" >f/1.out
	echo 'it broke' >f/1.err
	echo 3 >f/1.exit
	ll 2 run p
	same 'I look at the tests.' "$(cat said)"
	same 3 "$(ends exit_code)"
	same '"it broke"' "$(ends failure_text)"
	same '"it broke\n"' "$(ends stderr)"
}

t_a_timeout_keeps_what_was_said() {
	agent claude
	pair 'timeout: 2'
	answer 1 claude-ok.jsonl
	head -n 2 "$streams/claude-ok.jsonl" | wc -c >f/1.piece
	echo 60 >f/1.delay
	LL_GRACE=0.2 ll 2 run p
	same 'I look at the tests.' "$(cat said)"
	same 124 "$(ends exit_code)"
	same '"limit.wall"' "$(ends failure_class)"
	same '"wall"' "$(ends timeout_kind)"
	same '"c-1"' "$(ends session)"
}

t_who_lingers_has_ended_all_the_same() {
	agent claude
	pair 'timeout: 1'
	answer all claude-lingering.jsonl
	echo 50 >f/all.linger
	LL_GRACE=0.3 ll 0 run p
	same true "$(ends lingered)"
	same 0 "$(ends exit_code)"
	same '"c-3"' "$(ends session)"
	has said 'server still runs'
}

t_lines_of_any_shape() {
	agent claude
	pair 'timeout: 50'
	answer 1 claude-messy.jsonl
	# An object of two mebibytes before the end.
	{
		sed '$d' "$streams/claude-ok.jsonl"
		printf '{"type":"user","x":"'
		head -c 2097152 /dev/zero | tr '\0' x
		printf '"}\n'
		sed -n '$p' "$streams/claude-ok.jsonl"
	} >f/2.out
	ll 0 run p
	has said 'npm warn old lockfile'
	has said 'All pass.'
	same 5 "$(ends input_tokens)"
	same 1000 "$(ends cost_micro_usd)"
	[ "$(wc -c <said)" -lt 1000 ] || fail 'the object was taken for text'
}

t_events_as_they_come() {
	agent claude
	pair 'timeout: 50'
	answer all claude-ok.jsonl
	ll 0 run p --json
	same 'true true false' "$(jq -r 'select(.event == "action_start") |
		.is_prompt' out | tr '\n' ' ' | sed 's/ $//')"
	same 'mend the $PARSER' "$(jq -r 'select(.event == "action_start") |
		.action' out | head -n 1)"
	same 'I look at the tests.' "$(jq -r 'select(.event == "action_output") |
		.line' out | head -n 1)"
	same '/review it "now"' "$(jq -r 'select(.event == "action_start") |
		.action' out | sed -n 2p)"
	same claude "$(jq -r 'select(.event == "run_start") | .hosts[0].host' \
		out)"
	ll 0 logs p
	has out 'All pass.'
}

t_hosts_are_there_before_anything_runs() {
	agent nothing
	pair 'timeout: 50'
	ll 69 run p
	has err 'LL_HOST_CLI'
	has err 'claude: npm install -g @anthropic-ai/claude-code'
	has err "state 'a'"
	[ ! -d .loops/runs ] || same 0 "$(find .loops/runs -name 'p-*' | wc -l)"
	agent claude
	pair 'host: codex'
	ll 69 run p
	has err "'codex' is not on PATH"
	pair 'host: cluade'
	ll 69 run p
	has err "did you mean 'claude'"
	loop kid <<-'EOF'
	name: kid
	description: d
	scope: ["."]
	initial: k
	host: gemini
	states:
	  k: {action_type: prompt, action: x, next: end}
	  end: {terminal: true}
	EOF
	loop par <<-'EOF'
	name: par
	description: d
	scope: ["."]
	initial: k
	states:
	  k: {loop: kid, with: {}, on_yes: end, on_no: bad}
	  end: {terminal: true}
	  bad: {terminal: true}
	EOF
	ll 69 run par
	has err "'gemini' is not on PATH"
	agent gemini
	answer all gemini-ok.jsonl
	ll 0 run par
	same gemini "$(jq -r 'select(.event == "action_complete") | .host' \
		"$(run_dir par).ll/journal.jsonl")"
}

t_who_names_a_host() {
	agent claude codex gemini opencode
	pair 'timeout: 50'
	for h in claude codex gemini opencode; do
		cp "$streams/$h-ok.jsonl" "$h.out"
	done
	asked() { # asked HOST: run it, and that one is asked first
		rm -rf .loops/runs
		cp "$1.out" f/all.out
		ll 0 run p
		same "\"$1\"" "$(ends host)"
	}
	asked claude
	echo 'host: opencode' >.loops/config.yaml
	asked opencode
	LL_HOST=gemini
	export LL_HOST
	asked gemini
	echo 'host: codex' >>.loops/p.yaml
	asked codex
	pair 'host: claude'
	echo 'host: codex' >>.loops/p.yaml
	cp claude.out f/1.out
	cp codex.out f/2.out
	rm -rf .loops/runs f/call.*
	ll 0 run p
	same '"claude"' "$(ends host)"
	same 'claude codex' "$(journal p action_complete host)"
	rm f/1.out f/2.out
	LL_HOST_CLI=opencode
	export LL_HOST_CLI
	asked opencode
}

t_model_and_its_like() {
	agent claude
	pair 'model: big, effort: high, agent: scout, tools: [Read, Grep],
	      resources: {files: 64}'
	answer all claude-ok.jsonl
	ll 0 run p --model small --effort low
	same '--agent scout --tools Read,Grep --model big --effort high' \
		"$(sed -n '/^--agent/,$p' f/call.1/argv | tr '\n' ' ' |
			sed 's/ $//')"
	same '--model small --effort low' \
		"$(sed -n '/^--model/,$p' f/call.2/argv | tr '\n' ' ' |
			sed 's/ $//')"
	rm -rf f/call.* .loops/runs
	agent gemini
	LL_HOST_CLI=gemini
	export LL_HOST_CLI
	answer all gemini-ok.jsonl
	ll 0 run p
	has "$(run_dir p).ll/journal.jsonl" '"unused":["effort","agent","tools"]'
}

t_what_would_be_asked_is_shown() {
	agent gemini
	pair 'model: big, agent: scout'
	for c in 'validate p' 'show p' 'run p --dry-run'; do
		# shellcheck disable=SC2086 # words
		ll 0 $c
		has out 'gemini (PATH), model big, agent scout (it has no place for agent)'
	done
	for c in 'validate p' 'show p' 'run p --dry-run'; do
		# shellcheck disable=SC2086 # words
		ll 0 $c --json
		same 'gemini big a' "$(jq -r '[.hosts, .effective.hosts?] |
			map(select(. != null))[0][0] |
			.host + " " + .model + " " + .state' out)"
	done
	agent nothing
	ll 0 validate p
	has out 'not ready: no agent is installed'
	ll 0 run p --dry-run --no-llm
	has out 'not ready: --no-llm'
	[ ! -d f/call.1 ] || fail 'somebody was asked'
}

t_who_judges_is_shown() {
	agent claude
	pair 'timeout: 50'
	sed -i 's/next: b, on_error: bad/on_yes: b, on_no: bad, on_error: bad/' .loops/p.yaml
	ll 0 run p --dry-run --model big --llm-model wise
	has out 'claude (PATH), model big, judges, with model wise'
	same 1 "$(grep -c judges out)"
	same 2 "$(grep -c 'model big' out)"
}

t_no_llm_asks_nobody() {
	agent nothing
	pair 'timeout: 50'
	ll 2 run p --no-llm
	same 'a bad failed' "$(path_of p)"
	has "$(run_dir p).ll/journal.jsonl" '"kind":"no_llm"'
}

stopped() { # stopped SIGNAL: while the first prompt is under way
	pair 'timeout: 50'
	head -n 2 "$streams/claude-ok.jsonl" >f/1.out
	echo 60 >f/1.linger
	answer all claude-ok.jsonl
	LL_GRACE=0.2 "$LL" run p --quiet &
	pid=$!
	until_file f/call.1/stdin
	case $1 in
	KILL) kill_both $pid ;;
	*) kill "-$1" $pid ;;
	esac
	wait $pid || true
}

t_a_prompt_that_was_cut_is_asked_again() {
	agent claude
	for s in TERM KILL; do
		stopped "$s"
		ll 0 resume p
		same 3 "$(find f -name 'call.*' | wc -l)"
		same 'mend the $PARSER' "$(cat f/call.2/stdin)"
		rm -rf .loops/runs f
		agent claude
	done
}

t_but_not_when_it_may_run_only_once() {
	agent claude
	pair 'timeout: 50'
	stopped TERM
	rm -rf .loops/runs f/call.*
	sed -i 's/timeout: 50/once: true/' .loops/p.yaml
	head -n 2 "$streams/claude-ok.jsonl" >f/1.out
	LL_GRACE=0.2 "$LL" run p --quiet &
	pid=$!
	until_file f/call.1/stdin
	kill_both $pid
	wait $pid || true
	ll 1 resume p
	same 1 "$(find f -name 'call.*' | wc -l)"
}

t_a_resumed_run_asks_the_same_host() {
	agent codex
	pair 'timeout: 50'
	head -n 2 "$streams/codex-ok.jsonl" >f/1.out
	echo 60 >f/1.linger
	answer all codex-ok.jsonl
	LL_GRACE=0.2 "$LL" run p --quiet --model m1 &
	pid=$!
	until_file f/call.1/stdin
	kill -TERM $pid
	wait $pid || true
	agent claude codex
	ll 0 resume p
	same '"codex"' "$(ends host)"
	same m1 "$(sed -n '/^--model$/{n;p;}' f/call.2/argv)"
}

t_what_a_resume_was_told_holds_for_the_next() {
	agent claude
	pair 'timeout: 50'
	for i in 1 2; do
		head -n 2 "$streams/claude-ok.jsonl" >f/$i.out
		echo 60 >f/$i.linger
	done
	answer all claude-ok.jsonl
	LL_GRACE=0.2 "$LL" run p --quiet --model m1 &
	pid=$!
	until_file f/call.1/stdin
	kill -TERM $pid
	wait $pid || true
	LL_GRACE=0.2 "$LL" resume p --quiet --model m2 --effort low &
	pid=$!
	until_file f/call.2/stdin
	kill -TERM $pid
	wait $pid || true
	ll 0 resume p
	same m2 "$(sed -n '/^--model$/{n;p;}' f/call.3/argv)"
	same low "$(sed -n '/^--effort$/{n;p;}' f/call.3/argv)"
}

# A host file is what it was when the run began, as the loop file is.
cut() { # cut: a run of the project's host acme, while its first prompt works
	mkdir -p .loops/hosts
	printf 'action: {args: [first, [--model, "{model}"]]}\nfailures_of: rest\n' \
		>.loops/hosts/acme.yaml
	printf 'action: {args: [rest]}\nfailures:\n- {class: %s, exit: [9]}\n' \
		infra.auth >.loops/hosts/rest.yaml
	pair 'timeout: 50'
	echo 'host: acme' >>.loops/p.yaml
	echo 60 >f/1.linger
	: >f/1.out
	echo 'done' >f/all.out
	rm -rf .loops/runs f/call.*
	LL_GRACE=0.2 "$LL" run p --quiet &
	pid=$!
	until_file f/call.1/stdin
	kill -TERM $pid
	wait $pid || true
}

t_a_resumed_run_keeps_its_host_files() {
	agent acme claude
	cp "$streams/claude-ok.jsonl" claude.out
	cut
	same 'host host' "$(jq -r '.files[].how | select(. != null)' \
		"$(run_dir p).ll/run.json" | tr '\n' ' ' | sed 's/ $//')"
	ll 0 resume p
	lacks err changed
	same first "$(cat f/call.2/argv)"
	# It has changed, and so have the failures of the other.
	cut
	echo 'action: {args: [second]}' >.loops/hosts/acme.yaml
	rm .loops/hosts/rest.yaml
	echo 9 >f/all.exit
	ll 1 resume p
	has err 'acme.yaml and 1 more changed since the run began'
	same first "$(cat f/call.2/argv)"
	same infra.auth "$(journal p action_complete failure_class)"
	rm f/all.exit
	ll 0 resume p --accept-changed
	same second "$(cat f/call.3/argv)"
	ll 0 fsck
	# A run of the same again is held to the first, one anew to the second.
	cut
	echo 'action: {args: [second]}' >.loops/hosts/acme.yaml
	rm f/1.linger
	ll 0 rerun p
	same first "$(cat f/call.2/argv)"
	# One that nobody had asked before is sealed when it is.
	cut
	LL_HOST_CLI=claude
	export LL_HOST_CLI
	cp claude.out f/all.out
	head -n 2 claude.out >f/2.out
	echo 60 >f/2.linger
	LL_GRACE=0.2 "$LL" resume p --quiet &
	pid=$!
	until_file f/call.2/stdin
	kill -TERM $pid
	wait $pid || true
	same 1 "$(find "$(run_dir p).ll/sealed" -name '*-claude' | wc -l)"
	mkdir -p .loops/hosts
	echo 'action: {args: [mine]}' >.loops/hosts/claude.yaml
	ll 0 resume p
	has f/call.3/argv --output-format
	same 1 "$(find "$(run_dir p).ll/sealed" -name '*-claude' | wc -l)"
	ll 0 fsck
}

t_hosts_of_a_loop_that_is_found_late_are_kept_too() {
	agent acme
	loop kid <<-'EOF'
	name: kid
	description: d
	scope: ["."]
	initial: k
	host: acme
	states:
	  k: {action_type: prompt, action: x, next: end}
	  end: {terminal: true}
	EOF
	loop p <<-'EOF'
	name: p
	description: d
	scope: ["."]
	initial: a
	context: {which: kid}
	states:
	  a: {loop: "${context.which}", on_yes: done, on_no: failed}
	  done: {terminal: true}
	  failed: {terminal: true}
	EOF
	mkdir -p .loops/hosts
	echo 'action: {args: [first]}' >.loops/hosts/acme.yaml
	echo 60 >f/1.linger
	: >f/1.out
	echo 'done' >f/all.out
	LL_GRACE=0.2 "$LL" run p --quiet &
	pid=$!
	until_file f/call.1/stdin
	kill -TERM $pid
	wait $pid || true
	same loop,host "$(jq -r 'select(.event == "sealed") | [.files[].how] |
		join(",")' "$(run_dir p).ll/journal.jsonl")"
	echo 'action: {args: [second]}' >.loops/hosts/acme.yaml
	ll 0 resume p
	same first "$(cat f/call.2/argv)"
	has err 'acme.yaml changed since the run began'
}

t_items_and_long_prompts() {
	agent claude
	answer all claude-ok.jsonl
	loop p <<-'EOF'
	name: p
	description: d
	scope: ["."]
	initial: a
	states:
	  a:
	    parallel: {items: [x, y, z], action: "/say ${item}", max_workers: 3}
	    capture: all
	    on_yes: b
	    on_no: bad
	  b: {action: "head -c 300000 /dev/zero | tr '\\0' q", capture: b, next: c}
	  c: {action_type: prompt, action: "${captured.b.output}", next: done}
	  bad: {terminal: true}
	  done: {terminal: true}
	EOF
	ll 0 run p
	same '/say x /say y /say z' \
		"$(cat f/call.[123]/stdin | sed 's./say.\n&.g' | sort |
			tr '\n' ' ' | sed 's/^ *//; s/ *$//')"
	same 300000 "$(wc -c <f/call.4/stdin)"
}

t_secrets_do_not_come_back() {
	agent claude
	loop p <<-'EOF'
	name: p
	description: d
	scope: ["."]
	initial: a
	secrets: [key]
	context: {key: ""}
	states:
	  a: {action_type: prompt, action: "use ${context.key}", next: done}
	  done: {terminal: true}
	EOF
	sed 's/Fixed/hunter-\\u0032-hunter/' "$streams/claude-ok.jsonl" \
		>f/all.out
	echo 'hunter-2-hunter' >f/all.err
	echo 11 >f/all.piece
	ll 0 run p --context key=hunter-2-hunter
	same 'use hunter-2-hunter' "$(cat f/call.1/stdin)"
	has out '*** é.'
	if grep -rn hunter out err .loops/runs; then fail 'it came back'; fi
}

tap_main "$@"
