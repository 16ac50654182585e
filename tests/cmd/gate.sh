#!/bin/sh
# The shipped loop `gate`.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

gate() { # gate STATUS CHECKS
	ll "$1" run gate --context "checks=$2"
}

t_all_passed() {
	gate 0 'true
test 1 -eq 1'
	same 'look run passed' "$(path_of gate)"
}

t_one_failure_does_not_stop_the_others() {
	gate 2 'touch a
exit 3
touch b'
	[ -e a ] && [ -e b ]
	same 'look run not-passed' "$(path_of gate)"
	printf '1\t0\ttouch a\n2\t3\texit 3\n3\t0\ttouch b\n' >want
	cmp want "$(run_dir gate)results.tsv"
}

t_nothing_given_is_not_success() {
	ll 2 run gate
	same 'look nothing-given' "$(path_of gate)"
	gate 2 '
   # only a comment
'
	same 'look nothing-given' "$(path_of gate)"
}

t_blank_lines_and_comments_are_skipped() {
	gate 0 '
# first
  true

   # last'
	printf '1\t0\t  true\n' >want
	cmp want "$(run_dir gate)results.tsv"
}

t_a_check_that_is_not_found_is_broken() {
	gate 2 'true
no-such-command-here
touch after'
	same 'look run broken' "$(path_of gate)"
	[ -e after ] || fail 'stopped early'
	has "$(run_dir gate)results.tsv" "2	127	no-such"
}

t_quotes_and_expansions_reach_the_check_unchanged() {
	# shellcheck disable=SC2016
	gate 0 'printf "%s|" "a  b" '\''$x'\'' "\"" >got
test "$(cat got)" = '\''a  b|$x|"|'\'
}

t_a_check_does_not_eat_the_list() {
	gate 0 'cat >eaten
touch after'
	[ -e after ] || fail 'the second check was eaten'
	[ ! -s eaten ]
}

tap_main "$@"
