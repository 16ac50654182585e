#!/bin/sh
# list: which loops, which runs.
# shellcheck shell=sh source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

small() { # small NAME LINE: a loop with one more line
	loop "$1" <<-EOF
	name: $1
	description: The first. The second.
	$2
	initial: a
	states:
	  a: {action: "true", next: done}
	  done: {terminal: true}
	EOF
}

t_who_should_see_a_loop() {
	small plain 'category: c'
	small inner 'visibility: internal'
	small shown 'visibility: example'
	small odd 'visibility: secret'
	ll 0 list
	has out plain
	has out odd
	lacks out inner
	lacks out shown
	ll 0 list --internal --json
	has out '"inner"'
	lacks out '"plain"'
	ll 0 list --examples
	has out shown
	lacks out inner
	ll 0 list --all --json
	has out '"visibility": "example"'
	lacks out secret
	has out '"category": ""'
	ll 0 list -c none
	has out 'No loops match'
}

t_a_loop_that_hides_another_says_so() {
	small gate 'category: mine'
	ll 0 list --json
	has out '"hides": "builtin"'
	ll 0 list --json --builtin
	lacks out hides
}

t_what_is_shown_of_a_loop() {
	small plain 'category: c'
	ll 0 list
	has out 'The first'
	lacks out 'The second'
	ll 0 list --no-truncate
	has out 'The first. The second.'
	COLUMNS=30 "$LL" list --grid >out
	same 'gate         until-green' "$(head -n 1 out)"
	same plain "$(tail -n 1 out)"
	"$LL" list --grid >out
	same 3 "$(wc -l <out)"
}

t_runs_by_status() {
	small plain 'category: c'
	ll 1 list --status completed
	has out 'No loops with status: completed'
	ll 0 run plain
	ll 0 list --status completed
	has out plain-
	ll 0 list --status completed --json
	has out '"status": "completed"'
	ll 1 list --status failed --json
	same '[]' "$(cat out)"
	ll 0 list --running
	has out 'No running loops'
}

tap_main "$@"
