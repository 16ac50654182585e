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
	has out '"hides_path": "builtin:gate"'
	ll 0 list
	has out 'project, hides built-in'
	ll 0 list --json --builtin
	lacks out hides
	# shellcheck disable=SC2031
	mkdir -p "$HOME/.config/ll-loop/loops"
	# shellcheck disable=SC2031
	cp .loops/gate.yaml "$HOME/.config/ll-loop/loops/"
	ll 0 list
	has out 'project, hides user'
	mv .loops/gate.yaml .loops/gate.fsm.yaml
	small gate 'category: plain'
	ll 0 list
	has out 'project, hides gate.yaml'
	has out mine
	lacks out plain
	rm .loops/gate*
	ll 0 list
	has out 'user, hides built-in'
}

t_nested_loops() {
	mkdir -p .loops/a/b .loops/a/runs .loops/runs/x .loops/.hidden
	for f in a/b/deep a/runs/r runs/x/no .hidden/no; do
		small "$f" 'category: c'
	done
	echo 'fragments: {f: {action: x}}' >.loops/a/lib.yaml
	ll 0 list --grid
	has out a/b/deep
	has out a/runs/r
	lacks out no
	lacks out lib
	ll 0 run a/b/deep
}

t_what_a_loop_inherits_is_its_own() {
	small top 'category: fast'
	printf 'labels: [Deep, other]\nvisibility: internal\n' >>.loops/top.yaml
	mkdir -p .loops/sub
	printf 'from: top\nname: mid\nlabels: [mid]\n' >.loops/sub/mid.yaml
	printf 'from: mid\ndescription: mine\ncategory: null\n' >.loops/sub/low.yaml
	printf 'from: nothing\nname: lost\n' >.loops/lost.yaml
	printf 'from: round\nname: round\n' >.loops/round.yaml
	ll 0 list --internal --category fast
	has out top
	has out sub/mid
	lacks out sub/low
	ll 0 list --internal --label MID --label none
	has out sub/mid
	has out sub/low
	lacks out top
	ll 0 list --all --label deep --grid
	same top "$(cat out)"
	ll 0 list
	lacks out mid
	has out lost
	has out round
}

t_install() {
	ll 0 install gate
	has out .loops/gate.yaml
	ll 0 validate gate
	ll 73 install gate
	has err -- --force
	echo 'not a loop' >.loops/gate.yaml
	ll 0 install gate --force
	ll 0 validate gate
	mv .loops/gate.yaml .loops/gate.fsm.yaml
	ll 73 install gate
	has err gate.fsm.yaml
	echo 'not a loop' >.loops/gate.fsm.yaml
	ll 0 install --force gate
	same gate.fsm.yaml "$(ls .loops)"
	ll 0 validate gate
	ll 66 install gat
	has err 'gate, until-green'
	ll 66 install ../gate
	ll 66 install ./gate.yaml
	ll 64 install
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
