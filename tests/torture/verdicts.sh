#!/bin/sh
# Outcomes become verdicts, and patterns come to an end: T47, T52.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# The stall family looks at no exit status: a first look is never a stall.
golden='
outcome  default  exit_code  output_numeric  output_json  output_contains  classify  convergence  harbor_scorer  diff_stall  action_stall  score_stall  open_question_stall
exit0    yes      yes        yes             yes          yes              ok        target       yes            yes         yes           yes          yes
other0   yes      yes        no              no           no               other     progress     yes            yes         yes           yes          yes
exit1    no       no         error           error        error            error     error        no             yes         yes           yes          yes
exit2    error    error      error           error        error            error     error        no             yes         yes           yes          yes
exit127  error    error      error           error        error            error     error        no             yes         yes           yes          yes
exit255  error    error      error           error        error            error     error        no             yes         yes           yes          yes
kill     error    error      error           error        error            error     error        error          error       error         error        error
term     error    error      error           error        error            error     error        error          error       error         error        error
wall     error    error      error           error        error            error     error        error          error       error         error        error
idle     error    error      error           error        error            error     error        error          error       error         error        error
spawn    spawn    spawn      spawn           spawn        spawn            spawn     spawn        spawn          spawn       spawn         spawn        spawn
parse    yes      yes        error           error        no               word      error        error          yes         yes           yes          yes
regex    yes      yes        error           error        error            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!  error        error          yes         yes           yes          yes
source   error    error      error           error        error            error     error        error          error       error         error        error
'

say() { # say TEXT: with its backslashes
	printf '%s\n' "$1"
}

action_of() { # action_of OUTCOME EVALUATOR
	case $1 in
	exit0) right "$2" ;;
	other0) wrong "$2" ;;
	exit*) right "$2" "; exit ${1#exit}" ;;
	kill) right "$2" '; kill -KILL $$' ;;
	term) right "$2" '; kill -TERM $$' ;;
	wall | idle) right "$2" '; sleep 20' ;;
	spawn) echo 'cd ..; true' ;;
	parse) echo 'echo word' ;;
	regex) say "head -c 40 /dev/zero | tr '\\0' a; echo '!'" ;;
	source) right "$2" ;;
	esac
}

right() { # right EVALUATOR [MORE]: what it says yes to
	case $1 in
	output_json) printf '%s' "echo '{\"v\": 1}'" ;;
	classify) printf 'echo ok' ;;
	output_contains) printf 'echo PASS' ;;
	*) printf 'echo 1' ;;
	esac
	echo "${2-}"
}

wrong() { # wrong EVALUATOR: what it says no to, or its like
	case $1 in
	output_json) echo "echo '{\"v\": 2}'" ;;
	classify) echo 'echo other' ;;
	output_contains) echo 'echo FAIL' ;;
	*) echo 'echo 2' ;;
	esac
}

evaluate_of() { # evaluate_of EVALUATOR [OUTCOME]
	more=
	# shellcheck disable=SC2016 # a reference
	[ "${2-}" != source ] || more=', source: "${captured.never.output}"'
	case $1 in
	default) ;;
	output_numeric) echo "{type: $1, operator: eq, target: 1$more}" ;;
	output_json) echo "{type: $1, path: v, operator: eq, target: 1$more}" ;;
	output_contains)
		if [ "${2-}" = regex ]; then
			echo "{type: $1, pattern: '^(a+)+\$'}"
		else
			echo "{type: $1, pattern: PASS$more}"
		fi
		;;
	convergence) echo "{type: $1, target: 1, previous: '3'$more}" ;;
	*) echo "{type: $1$more}" ;;
	esac
}

cell() { # cell OUTCOME EVALUATOR NEXT: its state
	echo "  $1_$2:"
	printf '    action: |\n      %s\n' "$(action_of "$1" "$2")"
	block=$(evaluate_of "$2" "$1")
	[ -z "$block" ] || echo "    evaluate: $block"
	[ "$1" != wall ] || echo '    timeout: 0.4'
	[ "$1" != idle ] || echo '    idle_timeout: 0.4'
	echo "    route: {_: $3, _error: $3}"
}

table() { # the table as "OUTCOME EVALUATOR VERDICT" lines
	echo "$golden" | awk '
		NF < 2 { next }
		!n { for (n = 2; n <= NF; n++) name[n] = $n; next }
		{ for (i = 2; i <= NF; i++) print $1, name[i], $i }'
}

t_t47_every_outcome_and_every_evaluator() {
	# Evaluators that look at no output have no source; a start that fails
	# needs a directory that is gone, and is a test of its own.
	table | awk '$1 != "spawn" && ($1 != "source" ||
		$2 !~ /^(default|exit_code|harbor_scorer|.*_stall)$/)' >cells
	git init -q .
	{
		printf 'name: x\nmax_steps: 1000\nmax_edge_revisits: 1000\n'
		awk 'NR == 1 { print "initial: " $1 "_" $2; print "states:" }' cells
		awk '{ if (NR > 1) print was, $1 "_" $2; was = $1 " " $2 }
			END { print was, "end" }' cells |
			while read -r outcome name next; do
				cell "$outcome" "$name" "$next"
			done
		echo '  end: {terminal: true}'
		echo '  never: {action: "true", capture: never, next: end}'
	} >.loops/x.yaml
	got=0
	"$LL" run x --quiet >out 2>err || got=$?
	[ "$got" -eq 0 ] || fail "status $got: $(grep -v warning err | head -n 5)"
	awk '
		/"event":"state_enter"/ {
			state = $0
			sub(/.*"state":"/, "", state); sub(/".*/, "", state)
		}
		/"event":"evaluate"/ {
			verdict = $0
			sub(/.*"verdict":"/, "", verdict); sub(/".*/, "", verdict)
			print state, verdict
		}
		/"event":"action_error"/ { print state, "error" }
	' "$(run_dir x).ll/journal.jsonl" >got
	awk '{ print $1 "_" $2, $3 }' cells >wanted
	diff wanted got >differ || fail "$(cat differ)"
}

t_t47_a_start_that_fails_is_no_verdict() {
	names=$(echo "$golden" | sed -n 2p)
	{
		printf 'name: x\ninitial: begin\nstates:\n'
		echo '  begin: {action: "rmdir ../gone", next: spawn_default}'
		was=
		for name in $names; do
			[ "$name" != outcome ] || continue
			[ -z "$was" ] || cell spawn "$was" "spawn_$name"
			was=$name
		done
		cell spawn "$was" end
		echo '  end: {terminal: true}'
	} >.loops/x.yaml
	mkdir gone
	here=$PWD
	got=0
	(cd gone && "$LL" run "$here/.loops/x.yaml" --root "$here" --quiet) \
		>out 2>err || got=$?
	[ "$got" -eq 0 ] || fail "status $got: $(grep -v warning err | head -n 5)"
	# Not even `begin` is judged: it has a plain `next`.
	same '' "$(journal x evaluate verdict)"
	same 'spawn spawn spawn spawn spawn spawn spawn spawn spawn spawn spawn spawn' \
		"$(journal x action_error kind)"
}

judged() { # judged EVALUATE: stdin is the action; the verdict
	{
		printf 'name: x\ninitial: a\nstates:\n  a:\n    action: |\n'
		sed 's/^/      /'
		printf '    evaluate: %s\n' "$1"
		printf '    route: {_: end, _error: end}\n  end: {terminal: true}\n'
	} >.loops/x.yaml
	timeout 60 "$LL" run x --quiet >out 2>err </dev/null ||
		fail "status $?: $(cat err)"
	journal x evaluate verdict
	rm -rf .loops/runs
}

t_t52_patterns_that_explode() {
	from=$(date +%s)
	for pattern in '^(a+)+$' '(a*)*b' '^(a|aa)+$' '(.*)*x(.*)*y'; do
		got=$(printf "printf '%%s!' %s\n" \
			aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa |
			judged "{type: output_contains, pattern: '$pattern'}")
		case $got in
		error | no) ;;
		*) fail "$pattern: $got" ;;
		esac
	done
	[ $(($(date +%s) - from)) -lt 30 ] || fail 'they took too long'
	same error "$(printf "printf '%%s!' %s\n" \
		aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa |
		judged "{type: output_contains, pattern: '^(a+)+\$'}")"
}

t_t52_a_pattern_over_256_mebibytes() {
	command -v python3 >/dev/null || skip 'no python3 to measure with'
	from=$(date +%s)
	got=$(say "head -c 256M /dev/zero | tr '\\0' x" |
		judged "{type: output_contains, pattern: '.*z'}")
	case $got in
	error | no) ;;
	*) fail "$got" ;;
	esac
	[ $(($(date +%s) - from)) -lt 60 ] || fail 'it took too long'
}

t_t52_bytes_that_are_no_text() {
	same yes "$(say "printf '\377\376 PASS \200'" |
		judged '{type: output_contains, pattern: "PASS"}')"
	same no "$(say "printf '\377\376 FAIL \200'" |
		judged '{type: output_contains, pattern: "PASS"}')"
	same yes "$(say "printf 'a\000PASS'" |
		judged '{type: output_contains, pattern: "PASS"}')"
}

t_t52_a_word_in_the_middle_of_a_line() {
	same no "$(say 'echo "did not PASS yet"' |
		judged "{type: output_contains, pattern: '^PASS\$'}")"
	same yes "$(say 'printf "one\nPASS\ntwo\n"' |
		judged "{type: output_contains, pattern: '(?m)^PASS\$'}")"
}

t_t52_a_verdict_after_much_noise() {
	same yes "$(say 'head -c 1M /dev/urandom | base64; echo PASS' |
		judged "{type: output_contains, pattern: '(?m)^PASS\$'}")"
	same pass "$(say 'head -c 1M /dev/urandom | base64; echo pass' |
		judged '{type: classify}')"
}

t_t52_a_signal_during_a_match() {
	cat >.loops/x.yaml <<-'E'
	name: x
	initial: a
	states:
	  a:
	    action: "head -c 60M /dev/zero | tr '\\0' a; touch ready"
	    evaluate: {type: output_contains, pattern: '(a|aa|b)*z'}
	    route: {_: a, _error: a}
	  end: {terminal: true}
	E
	"$LL" run x --quiet >out 2>err </dev/null &
	pid=$!
	for _ in $(seq 100); do
		[ ! -e ready ] || break
		sleep 0.1
	done
	[ -e ready ] || fail 'the action does not end'
	# The drain is over and the pattern is at work.
	sleep 0.5
	from=$(date +%s%N)
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	ms=$((($(date +%s%N) - from) / 1000000))
	same 143 "$got"
	[ "$ms" -lt 2500 ] || fail "it ended after $ms ms"
}

tap_main "$@"
