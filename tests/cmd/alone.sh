#!/bin/sh
# The program as one file on a machine that has nothing else of it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

alone() { # from here on LL is a copy outside the tree
	cp "$LL" ../ll
	LL=$(cd .. && pwd)/ll
}

small() { # small NAME: a loop that ends at once
	loop "$1" <<LOOP
name: $1
description: Nothing to do.
initial: done
states:
  done: {terminal: true}
LOOP
}

t_the_shipped_loops_are_inside() {
	alone
	rmdir .loops
	mkdir .git # else a .loops above would be the root
	ll 0 list
	has out until-green
	ll 0 run gate --context checks=true
	ll 0 run until-green --context check=true --context fix=true
	run_dir until-green >/dev/null
}

t_one_root_from_anywhere_below() {
	alone
	small mine
	mkdir -p a/b ../away
	ln -s "$PWD/a/b" ../away/link
	for d in a/b ../away/link; do
		(cd "$d" && ll 0 run mine)
	done
	same 2 "$(find .loops/runs -name 'mine-*' | wc -l)"
	[ ! -e a/b/.loops ] || fail 'a second root'
}

t_without_a_working_directory_no_other_project_is_taken() {
	mkdir gone
	top=$PWD
	cd gone
	rmdir ../gone
	for word in status history prune list config 'list --root .'; do
		# shellcheck disable=SC2086 # words
		if "$LL" $word >"$top/out" 2>"$top/err"; then
			fail "$word: nothing was wrong"
		fi
		has "$top/err" 'the working directory'
	done
	"$LL" version >"$top/out"
	"$LL" list --root "$top" >"$top/out"
}

t_what_lies_around_is_no_loop() {
	alone
	mkdir gate
	echo 'not a loop' >until-green
	echo 'not a loop' >until-green.yaml
	ll 0 run gate --context checks=true
	ll 0 run until-green --context check=true --context fix=true
	ll 1 validate until-green.yaml
}

t_names_that_are_none_are_refused() {
	alone
	long=$(printf '%0300d' 0)
	for name in ../x a/b ../x.yaml gat; do
		ll 66 run "$name"
		has err "$name"
	done
	for name in "$long" . .. '' gate/; do
		ll 65 run "$name"
		has err "cannot be a loop's name"
	done
	ll 64 run -x
	ll 65 run -- -x
	[ ! -e .loops/runs ] || fail 'a run was made'
}

# A PATH with `node_modules/.bin` or nothing in front has bash behind it.
t_relative_entries_of_path() {
	small mine
	for way in ":$PATH" "bin:$PATH" ".::$PATH"; do
		(PATH=$way && ll 0 run mine)
	done
	mkdir bin
	ln -s "$TAP_ROOT/tests/host/fakehost" bin/claude
	(PATH=bin:/usr/bin:/bin && ll 0 hosts check claude)
	has out "$PWD/bin/claude"
}

# `ulimit -f`: told as a full disk is, and nothing dies of it.
t_no_file_may_be_written() {
	small mine
	(ulimit -f 0 && "$LL" run mine 2>&1 || echo "status $?") | cat >out
	has out 'File too large'
	has out 'status 73'
	ll 0 run mine
	same '*' "$(cat .loops/runs/.gitignore)"
	same 1 "$(find .loops/runs -name 'mine-*' | wc -l)"
}

tap_main "$@"
