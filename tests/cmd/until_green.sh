#!/bin/sh
# The shipped loop `until-green`, and the demo of README.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

green() { # green STATUS CHECK FIX [OPTION...]: run it here
	want=$1 check=$2 fix=$3
	shift 3
	ll "$want" run until-green --context "check=$check" \
		--context "fix=$fix" "$@"
}

t_mends_the_demo_project() {
	cp -R "$TAP_ROOT/tests/demo/." .
	rm -f ./*.o run-tests
	! make -s test >before 2>&1 || fail 'the demo is green before the fix'
	has before '24 passed, 6 failed'
	green 0 'make -s test' 'sh fix.sh'
	same 'check fix check fix check fix check fix check green' \
		"$(path_of until-green)"
	same 'no yes no yes no yes no yes yes' \
		"$(journal until-green evaluate verdict)"
	make -s test >after
	has after '30 passed, 0 failed'
	same 4 "$(wc -l <applied)"
}

t_the_fix_command_sees_the_output_and_the_status() {
	# shellcheck disable=SC2016 # for the fix command's shell
	green 0 'cat ok && echo out && echo oops >&2 && test -s seen || exit 7' \
		'cat "$LL_CHECK_LOG" >seen; echo "$LL_CHECK_STATUS" >>seen; : >ok'
	has seen 'No such file'
	has seen 7
}

t_hostile_output_is_only_data() {
	cat >say <<'SAY'
printf '%s\n' '$(touch pwned)' '`touch pwned`' "'; touch pwned; '" '"; touch pwned'
SAY
	# shellcheck disable=SC2016
	green 0 'sh say; test -e seen' 'cp "$LL_CHECK_LOG" seen'
	[ ! -e pwned ] || fail 'the output was executed'
	sh say >said
	cmp said seen
}

t_a_green_check_needs_no_fix() {
	green 0 true 'touch fixed'
	same 'check green' "$(path_of until-green)"
	[ ! -e fixed ] || fail 'fixed what was green'
}

t_rounds_used_up_is_a_failure() {
	green 1 false true --max-steps 5
	same max_steps "$(journal until-green loop_complete terminated_by)"
	same out-of-rounds "$(journal until-green loop_complete final_state)"
}

t_a_failing_fix_is_followed_by_a_check() {
	green 0 'test -e x' 'touch x; exit 3'
	same 'check fix check green' "$(path_of until-green)"
}

t_a_check_that_is_not_found_is_not_red() {
	green 2 no-such-command-here 'touch fixed'
	same 'check cannot-check' "$(path_of until-green)"
	[ ! -e fixed ] || fail 'went on to fix'
}

t_a_check_that_is_killed_is_not_red() {
	# shellcheck disable=SC2016
	green 2 'bash -c "kill -9 \$\$"' true
	same 'check cannot-check' "$(path_of until-green)"
}

t_a_check_that_times_out_is_not_red() {
	green 2 'timeout 0.1 sleep 5' true
	same 'check cannot-check' "$(path_of until-green)"
}

t_a_fix_that_is_not_found_ends_the_run() {
	green 2 false no-such-command-here
	same 'check fix cannot-fix' "$(path_of until-green)"
}

t_without_a_fix_command_nothing_runs() {
	ll 65 run until-green --context 'check=touch ran'
	[ ! -e ran ] || fail 'ran the check'
}

tap_main "$@"
