#!/bin/sh
# Tools of MCP servers: mcp-call with servers that misbehave, states of the
# type mcp_tool, and a real server from the npm registry where there is one.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

fake="$TAP_ROOT/tests/host/fakemcp"

servers() { # servers MODE...: .mcp.json has the fake server in these modes
	jq -n --arg fake "$fake" --args \
		'{mcpServers: ([$ARGS.positional[] | {(.): {command: $fake,
		args: [.]}}] | add)}' "$@" >.mcp.json
	FAKEMCP_LOG=$PWD/heard FAKEMCP_PIDS=$PWD/pids
	export FAKEMCP_LOG FAKEMCP_PIDS
}

ask() { # ask STATUS ARGUMENTS WORD...: mcp-call with these JSON arguments
	want=$1 arguments=$2
	shift 2
	got=0
	printf '%s' "$arguments" | "$LL" mcp-call "$@" >out 2>err || got=$?
	if [ "$got" -ne "$want" ]; then
		head -n 20 out err >&2
		fail "mcp-call $*: status $got, not $want"
	fi
}

all_gone() { # nobody of the server's processes lives
	while read -r p; do
		! kill -0 "$p" 2>/dev/null || fail "process $p is left"
	done <pids
}

tool() { # tool MODE [LINE...]: a loop whose state calls it; lines of the state
	mode=$1
	shift
	{
		printf 'name: tool\ndescription: d\nscope: ["."]\ninitial: t\n'
		printf 'context: {who: World, n: 3}\nstates:\n  t:\n'
		printf '    action: %s/greet\n    action_type: mcp_tool\n' "$mode"
		[ $# -eq 0 ] || printf '    %s\n' "$@"
		cat <<'YAML'
    route: {success: good, tool_error: bad, not_found: absent, timeout: late, error: broken}
  good: {terminal: true}
  bad: {terminal: true}
  absent: {terminal: true}
  late: {terminal: true}
  broken: {terminal: true}
YAML
	} | loop tool
}

again() { # run it, and it is the only run
	rm -rf .loops/runs
	ll 0 run tool "$@"
}

ends() { # ends STATE: the run ended there
	same "t $1" "$(path_of tool)"
}

t_calls_a_tool() {
	servers says
	ask 0 '{"a": "x y", "n": 3, "r": 1.5, "b": [true, null]}' says/greet
	same '{"a":"x y","n":3,"r":1.5,"b":[true,null]}' "$(jq -c .got out)"
	[ ! -s err ] || fail "$(cat err)"
	all_gone
	ask 0 '' says/greet
	same '{}' "$(jq -c .got out)"
	same '2025-11-25' "$(jq -r 'select(.id == 1).params.protocolVersion' \
		heard | tail -n 1)"
	same 'notifications/initialized' "$(jq -r .method heard | sed -n 2p)"
}

t_answers_what_the_server_asks() {
	servers asks
	ask 0 '{}' asks/greet
	same '{"jsonrpc":"2.0","id":"a","result":{}}' "$(tail -n 2 heard |
		head -n 1)"
	same -32601 "$(tail -n 1 heard | jq .error.code)"
}

t_passes_over_noise() {
	servers garbage
	ask 0 '{}' garbage/greet
	same hi "$(jq -r '.content[0].text' out)"
	has err "printed 4 lines that are no message: debug: starting"
}

t_says_what_is_wrong_with_the_call() {
	ask 127 '{}' x/y
	has err "there is no .mcp.json in $PWD"
	servers plain
	ask 127 '{}' plian/greet
	has err "did you mean 'plain'"
	has out 'did you mean'
	same true "$(jq .isError out)"
	ask 2 '{}' plain
	has err 'must be SERVER/TOOL'
	ask 2 '[1]' plain/greet
	has err 'must be a JSON object, not a list'
	ask 2 '{' plain/greet
	ll 64 mcp-call
	ll 64 mcp-call --timeout x plain/greet
	echo '{"mcpServers":{"far":{"url":"https://example.org"}}}' >.mcp.json
	ask 2 '{}' far/x
	has err "server 'far' is reached by url"
	echo '{"mcpServers":{"far":{"command":"no-such-program"}}}' >.mcp.json
	ask 127 '{}' far/x
	has err "no program 'no-such-program'"
}

t_finds_servers_of_the_project() {
	servers plain
	mkdir -p deep/er
	cd deep/er
	ask 0 '{}' plain/greet
	echo '{"mcpServers":{"own":{"command":"true"}}}' >.mcp.json
	ask 0 '{}' plain/greet
	ask 127 '{}' plan/greet
	has err "did you mean 'plain'"
	mv .mcp.json ../../own.json
	cd ../..
	LL_ROOT=$PWD
	export LL_ROOT
	mkdir -p ../elsewhere
	cd ../elsewhere
	ask 0 '{}' plain/greet
}

t_tells_an_unknown_tool() {
	servers failed error
	ask 1 '{}' failed/greet
	has err 'no luck'
	same true "$(jq .isError out)"
	ask 127 '{}' failed/gret
	has err "server 'failed' has no tool 'gret' (did you mean 'greet'?)"
	ask 127 '{}' failed/wavy
	has err "did you mean 'wave'"
	jq '.mcpServers.error.args += ["-32000"]' .mcp.json >m && mv m .mcp.json
	ask 1 '{}' error/greet
	has err 'error -32000: so it is'
	same -32000 "$(jq .error.code out)"
	jq '.mcpServers.error.args[1] = "-32601"' .mcp.json >m && mv m .mcp.json
	ask 127 '{}' error/greet
}

t_bounds_a_server_that_does_not_end() {
	servers mute giant closes deaf asks_on
	ask 124 '{}' --timeout 0.5 mute/greet
	has err "did not answer the call within 0.5s"
	# It was told before its input ended.
	same timeout "$(jq -r 'select(.method == "notifications/cancelled") |
		.params.reason' heard)"
	same 2 "$(jq 'select(.method == "notifications/cancelled") |
		.params.requestId' heard)"
	ask 1 '{}' giant/greet
	has err 'a line over 16 MiB'
	ask 1 '{}' closes/greet
	has err 'it closed its output'
	ask 1 '{}' deaf/greet
	has err 'it closed its input'
	ask 1 '{}' asks_on/greet
	all_gone
}

t_ends_a_server_that_stays() {
	servers stubborn child
	ask 0 '{}' stubborn/greet
	all_gone
	rm pids
	ask 0 '{}' child/greet
	same 2 "$(wc -l <pids)"
	all_gone
}

t_ends_the_server_when_it_is_told_to() {
	servers mute
	echo '{}' | "$LL" mcp-call --timeout 60 mute/greet >out 2>err &
	caller=$!
	until grep -q tools/call heard 2>/dev/null; do sleep 0.02; done
	kill -TERM $caller
	got=0
	wait $caller || got=$?
	same 143 "$got"
	same stopped "$(jq -r 'select(.method == "notifications/cancelled") |
		.params.reason' heard)"
	all_gone
}

t_runs_a_state() {
	servers says
	# shellcheck disable=SC2016 # a template's
	tool says 'params: {name: "${context.who}", n: 3, deep: [{x: "a${context.n}"}, 1.5, null]}' \
		'capture: said'
	ll 0 validate tool
	lacks out W
	again
	ends good
	j="$(run_dir tool).ll/journal.jsonl"
	got='{"name":"World","n":3,"deep":[{"x":"a3"},1.5,null]}'
	same "$got" "$(jq -c 'select(.event == "action_start").params' "$j")"
	same says/greet "$(jq -r 'select(.event == "action_start").action' "$j")"
	same false "$(jq 'select(.event == "action_start").is_prompt' "$j")"
	same "$got" "$(jq -c 'select(.event == "evaluate").envelope.got' "$j")"
	same 'default success' "$(jq -r 'select(.event == "evaluate") |
		.type + " " + .verdict' "$j")"
	same 0 "$(jq 'select(.event == "evaluate").exit_code' "$j")"
}

t_every_verdict_of_a_state() {
	servers failed dies
	tool failed
	again
	ends bad
	j="$(run_dir tool).ll/journal.jsonl"
	same 'no luck' "$(jq -r 'select(.event == "evaluate").error' "$j")"
	sed -i 's,failed/greet,failed/grete,' .loops/tool.yaml
	again
	ends absent
	j="$(run_dir tool).ll/journal.jsonl"
	same "server 'failed' has no tool 'grete' (did you mean 'greet'?)" \
		"$(jq -r 'select(.event == "evaluate").error' "$j")"
	sed -i 's,failed/grete,dies/greet,' .loops/tool.yaml
	again
	ends bad
	sed -i 's,dies/greet,nobody/greet,' .loops/tool.yaml
	again
	ends absent
	rm .mcp.json
	again
	ends absent
}

t_a_state_has_its_own_time() {
	servers mute stubborn_mute
	tool mute 'timeout: 0.5'
	again
	ends late
	j="$(run_dir tool).ll/journal.jsonl"
	same '124 timeout wall' "$(jq -r 'select(.event == "action_complete") |
		"\(.exit_code) \(.outcome) \(.timeout_kind)"' "$j")"
	same timeout "$(jq -r 'select(.method == "notifications/cancelled") |
		.params.reason' heard)"
	tool stubborn_mute 'timeout: 0.5'
	again
	ends late
	all_gone
}

t_words_of_a_tool_go_by_yes_and_error() {
	servers plain failed
	for mode in plain failed; do
		loop tool <<YAML
name: tool
description: d
scope: ["."]
initial: t
states:
  t:
    action: $mode/greet
    action_type: mcp_tool
    on_yes: good
    on_error: bad
  good: {terminal: true}
  bad: {terminal: true}
YAML
		ll 0 validate tool
		lacks out W
		again
	done
	ends bad
	sed -i 's/on_error: bad/on_tool_error: good/' .loops/tool.yaml
	again
	ends good
	ll 0 validate tool
	has out W229
}

t_checks_a_state() {
	servers plain
	tool plain
	sed -i 's,plain/greet,plain,' .loops/tool.yaml
	ll 1 validate tool
	has out E250
	# shellcheck disable=SC2016
	sed -i 's,action: plain,action: "${context.what}",' .loops/tool.yaml
	again --context what=plain/greet
	ends good
	again --context what=plain
	ends broken
}

t_secrets_reach_only_the_server() {
	servers says
	# shellcheck disable=SC2016
	tool says 'params: {key: "${context.token}"}'
	sed -i 's/^context:.*/secrets: [token]\ncontext: {token: ""}/' \
		.loops/tool.yaml
	again --context token=pudding1234
	ends good
	has heard pudding1234
	! grep -rq pudding1234 .loops || fail 'it is recorded'
	lacks out pudding1234
}

t_long_answers_are_kept_in_a_file() {
	servers big
	jq '.mcpServers.big.args += ["300000"]' .mcp.json >m && mv m .mcp.json
	tool big
	again
	ends good
	j="$(run_dir tool).ll/journal.jsonl"
	same true "$(jq 'select(.event == "action_complete").output_bytes > 300000' \
		"$j")"
	f=$(jq -r 'select(.event == "evaluate").envelope_file' "$j")
	[ -s "$f" ] || fail "no file '$f'"
}

t_one_tool_for_many_items() {
	servers says
	loop tool <<'YAML'
name: tool
description: d
scope: ["."]
initial: t
states:
  t:
    action_type: mcp_tool
    params: {name: "${item}"}
    parallel: {items: [a, b, c], action: says/greet}
    on_yes: good
    on_no: bad
    on_error: bad
  good: {terminal: true}
  bad: {terminal: true, failure: true}
YAML
	again
	ends good
	same 'a b c' "$(jq -r 'select(.method == "tools/call") |
		.params.arguments.name' heard | sort | tr '\n' ' ' | sed 's/ $//')"
}

t_a_killed_run_leaves_no_server() {
	servers mute
	tool mute 'timeout: 60'
	"$LL" run tool >out 2>err &
	run=$!
	until grep -q tools/call heard 2>/dev/null; do sleep 0.02; done
	ll 0 stop tool
	got=0
	wait $run || got=$?
	same 143 "$got"
	all_gone
	# What was interrupted is done again.
	servers plain
	jq '.mcpServers.mute = .mcpServers.plain' .mcp.json >m && mv m .mcp.json
	ll 0 resume tool
	same 't t t good' "$(path_of tool)"
}

t_a_real_server() {
	command -v npm >/dev/null || skip 'no npm'
	command -v node >/dev/null || skip 'no node'
	# Of the registry only this version, and nothing of it is executed when
	# it is unpacked.
	what=@modelcontextprotocol/server-everything@2026.8.31
	timeout 40 npm install --prefix real --no-audit --no-fund --no-save \
		--ignore-scripts --fetch-retries=0 "$what" >said 2>&1 ||
		skip "the npm registry does not give $what"
	bin=$PWD/real/node_modules/.bin/mcp-server-everything
	jq -n --arg bin "$bin" \
		'{mcpServers: {every: {command: $bin, args: ["stdio"]}}}' >.mcp.json
	ask 0 '{"message": "hi"}' every/echo
	same 'Echo: hi' "$(jq -r '.content[0].text' out)"
	ask 1 '{"message": 3}' every/echo
	has out 'Invalid arguments'
	ask 127 '{}' every/ecko
	has err "did you mean 'echo'"
	ask 124 '{"duration": 60, "steps": 6}' --timeout 2 \
		every/trigger-long-running-operation
	# shellcheck disable=SC2016
	tool every 'params: {message: "hello ${context.who}"}' 'capture: said'
	sed -i 's,every/greet,every/echo,' .loops/tool.yaml
	again
	ends good
	has "$(run_dir tool).ll/journal.jsonl" 'Echo: hello World'
}

tap_main "$@"
