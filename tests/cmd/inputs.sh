#!/bin/sh
# What a run is given: words, standard input, files, program.md, parameters.
# shellcheck source=tests/tap.sh
# shellcheck disable=SC2016 # templates stand in single quotes
. "$(dirname "$0")/../tap.sh"

shows() { # shows: a loop that writes what it was given into `got`
	loop shows <<-'EOF'
	name: shows
	initial: a
	context: {colour: red, size: 1}
	states:
	  a: {action: "printf '%s|%s|%s' \"${context.colour}\" \"${context.size}\" \"${context.input?}\" >got", next: end}
	  end: {terminal: true}
	EOF
}

typed() { # typed: a loop with parameters of every type
	loop typed <<-'EOF'
	name: typed
	initial: a
	input_key: who
	parameters:
	  who: {type: string, required: true, description: Whom to greet.}
	  n: {type: integer, default: 3}
	  ratio: {type: number, default: 0.5}
	  loud: {type: boolean, default: false}
	  mode: {type: enum, values: [fast, slow], default: fast}
	  out: {type: path, default: got}
	  go: {type: command, default: "true"}
	states:
	  a: {action: "printf '%s ' \"${context.who}\" ${context.n} ${context.ratio} ${context.loud} \"${context.mode}\" >\"${context.out}\"; timeout 9 ${context.go}", on_yes: end, on_no: bad}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOF
}

no_runs() {
	[ ! -e .loops/runs ] || [ -z "$(ls .loops/runs)" ] || fail 'it ran'
}

given() { # given STATUS ARGUMENT...: as ll, with a standard input
	want=$1
	shift
	rc=0
	"$LL" "$@" >out 2>err || rc=$?
	same "$want" "$rc"
}

t_an_object_sets_what_the_loop_knows() {
	shows
	ll 0 run shows '{"colour": "teal", "size": [1, {"a": "b"}], "zzz": 0, "y": 1}'
	same 'teal|[1,{"a":"b"}]|' "$(cat got)"
	has err "'zzz', 'y'"
	ll 0 run shows '{"size": 9}'
	same 'red|9|' "$(cat got)"
	lacks err 'warning: the'
	ll 0 run shows --quiet '{"size": 9, "bogus": 1}'
	has err bogus
}

t_what_is_no_such_object_is_text() {
	shows
	for text in '{"zzz": 1}' '[1, 2]' 42 '"str"' '{bad' '{ echo; }' -5; do
		ll 0 run shows "$text"
		same "red|1|$text" "$(cat got)"
	done
	ll 0 run shows '{"zzz": 1}'
	has err 'none of its keys'
	ll 0 run shows '{"colour": 1,}'
	has err 'is none (not JSON: line 1, column 14'
	same 'red|1|{"colour": 1,}' "$(cat got)"
}

t_data_in_an_object_never_becomes_code() {
	shows
	ll 0 run shows '{"colour": "$(touch pwned)", "size": "`touch pwned`; \"x"}'
	same '$(touch pwned)|`touch pwned`; "x|' "$(cat got)"
	loop bare <<-'EOF'
	name: bare
	initial: a
	context: {list: [x]}
	states:
	  a: {action: "printf '<%s>' ${context.list} >got", next: end}
	  end: {terminal: true}
	EOF
	ll 0 run bare '{"list": ["; touch pwned", "$(touch pwned)"]}'
	[ ! -e pwned ] || fail 'data became code'
	has "$(run_dir bare).ll/journal.jsonl" '"origins":{"list":"data"'
	has "$(run_dir bare).ll/run.json" '"list":"data"'
}

t_standard_input() {
	shows
	printf 'two\nlines\n\n' | given 0 run shows -
	same 'red|1|two
lines' "$(cat got)"
	printf '{"colour": "teal"}\n' | given 0 run shows -
	same 'teal|1|' "$(cat got)"
	given 0 run shows - </dev/null
	same 'red|1|' "$(cat got)"
	given 0 run shows - <&-
	printf '\377\376x' | given 0 run shows -
	printf 'red|1|\377\376x' | cmp - got
}

t_standard_input_is_bounded_and_has_no_nul() {
	shows
	printf 'a\0b' | given 65 run shows -
	has err 'NUL'
	head -c 4194305 /dev/zero | tr '\0' x | given 65 run shows -
	has err 'over 4194304 bytes'
	# Endless, and told as soon as it is too much.
	yes | given 65 run shows -
	given 74 run shows - <.
	no_runs
}

t_a_long_input_goes_to_a_file() {
	loop long <<-'EOF'
	name: long
	initial: a
	states:
	  a: {action: "printf '%s' \"${context.input}\" | wc -c >got; printf %s \"${context.text}\" | cmp - text", on_yes: end, on_no: bad}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOF
	head -c 3000000 /dev/urandom | tr '\0' x >text
	# What bash reads wrong in UTF-8, at every place of its buffer.
	for i in $(seq 300); do printf '\362\274\236\001%0*d' "$i" 0; done >>text
	head -c 4194304 /dev/zero | tr '\0' x |
		given 0 run long - --context text=@text --quiet
	same 4194304 "$(cat got)"
	[ "$(wc -c <"$(run_dir long).ll/run.json")" -lt 100000 ] ||
		fail 'run.json has all of it'
	has "$(run_dir long).ll/run.json" \
		'"long_inputs":{"input":{"bytes":4194304,"origin":"data"}'
	ll 0 status long
	ll 0 history long
}

t_a_value_from_a_file() {
	shows
	printf 'two\n$(touch pwned) "q"\n\n' >note
	mkdir d && printf x >'d/a b'
	ll 0 run shows --context colour=@note --context 'size=@d/a b'
	printf 'two\n$(touch pwned) "q"\n\n|x|' | cmp - got
	ll 0 run shows --context colour=@@note --context size=a@b
	same '@note|a@b|' "$(cat got)"
	[ ! -e pwned ] || fail 'a file became code'
}

t_a_file_that_cannot_be_taken_is_named() {
	shows
	mkfifo pipe
	printf 'a\0' >nul
	head -c 4194305 /dev/zero | tr '\0' x >long
	rm -rf .loops/runs
	for file in missing d/missing pipe . nul long ''; do
		ll 65 run shows --context "colour=@$file"
		has err 'colour=@'
		has err "$file"
	done
	no_runs
}

program() {
	mkdir -p .ll
	cat >.ll/program.md
}

t_program_md() {
	shows
	program <<-'EOF'
	## Benchmark
	colour: from program
	size: 2
	EOF
	ll 0 run shows '{"colour": "from input"}' --context size=3
	same 'from program|3|' "$(cat got)"
	has err 'from .ll/program.md: colour, size'
	ll 0 run shows --quiet
	lacks err program
	has "$(run_dir shows).ll/run.json" '"colour":"data"'
	mkdir sub && cd sub
	ll 0 run shows
	same 'from program|2|' "$(cat got)"
	mkdir .ll
	printf '## Benchmark\ncolour: nearer\n' >.ll/program.md
	ll 0 run shows
	same 'nearer|1|' "$(cat got)"
}

t_program_md_by_name() {
	shows
	program <<-'EOF'
	## Benchmark
	colour: not this
	EOF
	printf '## Benchmark\ncolour: this\n' >other.md
	ll 0 run shows --program-md other.md
	same 'this|1|' "$(cat got)"
	rm -rf .loops/runs
	ll 65 run shows --program-md missing.md
	has err 'missing.md'
	ll 65 run shows --program-md .ll
	head -c 1048577 /dev/zero | tr '\0' x >.ll/program.md
	ll 65 run shows
	has err '.ll/program.md'
	{ echo '## Benchmark'; seq 100000 | sed 's/$/: x/'; } >.ll/program.md
	ll 65 run shows
	has err 'over 256 variables'
	ll 64 run shows --program-md
	no_runs
}

t_parameters_have_types() {
	typed
	ll 0 run typed bob
	same 'bob 3 0.5 false fast ' "$(cat got)"
	ll 0 run typed bob --context n=' 7' --context ratio=2 \
		--context loud=TRUE --context mode=slow --context out='a b'
	same 'bob 7 2 true slow ' "$(cat 'a b')"
	ll 0 run typed '{"who": 5, "n": "8", "ratio": 1e3, "mode": "slow"}'
	same '5 8 1000.0 false slow ' "$(cat got)"
}

t_parameters_refuse_and_nothing_runs() {
	typed
	ll 65 run typed bob --context n=1.5 --context ratio=x \
		--context loud=1 --context mode=quick
	for text in "'n' takes a whole number" "'ratio' takes a number" \
		"'loud' takes true or false" "'mode' takes one of fast, slow" \
		"--context gives 'quick'" 'typed.yaml:6:3: error E434'; do
		has err "$text"
	done
	ll 65 run typed '{"who": ["x"]}'
	has err "positional input gives '[\"x\"]'"
	ll 65 run typed
	has err "E435: the parameter 'who' is required"
	has err '--context who=VALUE or as the input'
	ll 65 run typed --dry-run bob --context n=x
	has err E434
	ll 0 run typed --dry-run
	no_runs
}

t_a_command_comes_from_the_operator() {
	typed
	ll 0 run typed bob --context 'go=true && echo "a  b" >made'
	same 'a  b' "$(cat made)"
	has "$(run_dir typed).ll/journal.jsonl" '"go":"command"'
	printf 'echo from file >made' >cmd
	ll 0 run typed bob --context go=@cmd
	same 'from file' "$(cat made)"
	rm -rf .loops/runs
	ll 65 run typed '{"who": "x", "go": "touch pwned"}'
	has err 'data and never becomes code'
	program <<-'EOF'
	## Benchmark
	go: touch pwned
	EOF
	ll 65 run typed bob
	has err "program.md is data"
	ll 65 run typed bob --context 'go=echo "never closed' --program-md /dev/null
	[ ! -e pwned ] || fail 'data became code'
}

t_a_command_that_is_captured_stays_data() {
	loop cap <<-'EOF'
	name: cap
	initial: a
	parameters: {go: {type: command, default: "printf '; touch pwned'"}}
	states:
	  a: {action: "${context.go}", capture: go, next: b}
	  b: {action: "echo ${captured.go.output} >got", next: end}
	  end: {terminal: true}
	EOF
	ll 0 run cap
	same '; touch pwned' "$(cat got)"
	[ ! -e pwned ] || fail 'a capture became code'
}

t_required_inputs_have_a_value() {
	loop ri <<-'EOF'
	name: ri
	initial: a
	context: {who: ""}
	required_inputs: [who]
	states:
	  a: {action: "echo \"${context.who}\" >got", next: end}
	  end: {terminal: true}
	EOF
	for text in '' 0 false null '""' '[]' '{}'; do
		ll 65 run ri "{\"who\": ${text:-\"\"}}"
		has err "'who' is empty"
	done
	ll 65 run ri --context who=
	ll 65 run ri
	no_runs
	ll 0 run ri '{"who": 1}'
	same 1 "$(cat got)"
}

t_what_is_missing_and_what_is_not_acted_on_are_told_together() {
	loop later <<-'EOF'
	name: later
	initial: a
	required_inputs: [who]
	tamper_guard: fail
	states:
	  a: {action: "true", next: end}
	  end: {terminal: true}
	EOF
	ll 65 run later
	has err "'who' is missing"
	has err tamper_guard
}

t_a_dry_run_shows_who_gave_what() {
	typed
	program <<-'EOF'
	## Benchmark
	loud: true
	EOF
	ll 0 run typed --dry-run '{"who": "bob", "n": 4, "loud": false}' \
		--context n=5 --context "long=$(head -c 9999 /dev/zero | tr '\0' x)"
	has out 'who: "bob"  (positional input)'
	has out 'n: 5  (--context, over positional input)'
	has out 'loud: true  (program.md, over positional input)'
	has out 'mode: "fast"  (parameter default)'
	has out 'max_steps: 50  (runner)'
	has out 'run_dir: made when the run starts  (runner)'
	[ "$(wc -L <out)" -lt 400 ] || fail 'a long value is not cut'
	ll 0 run typed --dry-run --json '{"who": "bob", "n": 4}' --context n=5
	tr -d ' \n' <out >flat
	has flat '"n":["--context","positionalinput"]'
	has flat '"who":["positionalinput"]'
	has flat '"run_dir":null'
	has flat '"n":"operator"'
	[ ! -e .loops/runs ] || fail 'a dry run made a run'
}

t_hostile_keys_and_values() {
	shows
	ll 0 run shows --dry-run "$(printf '{"colour": "\\u001b[2J", "\\u001b]0;x": 1}')"
	[ "$(grep -c "$(printf '\033')" out err | tr -dc 1-9)" = '' ] ||
		fail 'an escape reached the terminal'
	ll 64 run shows --context =x
	ll 64 run shows --context colour
	deep=$(printf '%5000s' '' | tr ' ' '[')
	ll 0 run shows "{\"colour\": $deep"
	has err 'taken as text'
	ll 0 run shows --context 'run_dir=x y' --context 'a.b=1'
}

tap_main "$@"
