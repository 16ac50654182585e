#!/bin/sh
# A run among hostile surroundings: signals, readers that stop, starts that
# fail half-way.  (T20, T27, T33, T40)
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

one() { # one NAME: a loop of one state; stdin is its action
	{
		printf 'name: %s\ninitial: a\nstates:\n  a:\n    action: |\n' "$1"
		sed 's/^/      /'
		printf '    next: done\n  done:\n    terminal: true\n'
	} | loop "$1"
}

wait_for() { # wait_for FILE: until it has bytes
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -s "$1" ] || return 0
		sleep 0.1
	done
	fail "$1 does not come"
}

none_left() { # none_left FILE: no process of these numbers
	while read -r pid; do
		if [ -e "/proc/$pid/stat" ]; then
			fail "process $pid lives"
		fi
	done <"$1"
}

t_each_signal_has_its_status_and_ends_the_tree() {
	one stubborn <<-'EOF'
		setsid bash -c 'trap "" TERM INT HUP; echo $$ >>pids
		  while :; do sleep 1; done' &
		trap "" TERM
		echo $$ >>pids
		sleep 0.2
		echo >ready
		while :; do sleep 1; done
	EOF
	for row in INT:130 TERM:143 HUP:129 QUIT:131; do
		rm -f pids ready
		got=0
		(
			wait_for ready
			kill -"${row%:*}" "$(cat pid)"
			sleep 0.2
			kill -INT "$(cat pid)"
		) &
		# Asynchronous lists ignore INT and QUIT: a shell of its own.
		sh -c 'echo $$ >pid; exec "$LL" run stubborn --quiet' || got=$?
		wait
		same "${row#*:}" "$got"
		none_left pids
		ll 0 status --json
		has out "\"exit\": ${row#*:}"
	done
}

t_a_stopped_reader_does_not_stop_a_run() {
	one flood <<-'EOF'
		yes | head -c 300000
	EOF
	mkfifo pipe
	exec 3<>pipe
	timeout 20 "$LL" run flood >&3
	ll 0 status
	has out 'Status: completed'
}

t_a_start_that_fails_leaves_nothing() {
	one x <<-'EOF'
		echo hi
	EOF
	: >.loops/.queue
	ll 73 run x
	has err '.queue'
	same '' "$(ls .loops/runs)"
	ll 66 status x
	rm .loops/.queue
	ll 0 run x
}

t_a_full_disk_before_the_first_record_leaves_nothing() {
	one x <<-'EOF'
		echo hi
	EOF
	mkdir -p .loops/runs
	mount -t tmpfs -o size=64k none .loops/runs 2>err ||
		skip 'cannot mount a tmpfs'
	got=0
	"$LL" run x >out 2>err || got=$?
	left=$(ls .loops/runs)
	umount .loops/runs
	same 73 "$got"
	has err 'journal.jsonl: No space left on device'
	same '' "$left"
}

t_who_ends_the_tree_ends_the_run() {
	one x <<-'EOF'
		kill -TERM "$PPID" $$
	EOF
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ll 143 run x
		has out "interrupted at 'a'"
	done
}

t_a_run_does_not_go_on_without_its_journal() {
	one x <<-'EOF'
		rm -rf "$LL_RUN_DIR"
	EOF
	ll 1 run x
	has err 'journal.jsonl: removed while the run was writing it'
}

t_a_directory_that_is_gone_is_named() {
	loop x <<-'EOF'
		name: x
		initial: a
		states:
		  a: {action: "rmdir ../gone", next: b}
		  b: {action: "true", next: done}
		  done: {terminal: true}
	EOF
	mkdir gone
	here=$PWD
	got=0
	(cd gone && "$LL" run ../.loops/x.yaml --root "$here") >out 2>err ||
		got=$?
	same 1 "$got"
	same "cannot start in '$here/gone': No such file or directory" \
		"$(journal x action_error error)"
}

t_killed_before_the_first_record_is_died() {
	# A name that is claimed, by one that has not yet drawn its ticket.
	mkdir -p .loops/runs/x-20261121T023733-abcd
	ll 66 status
	ll 66 status x-20261121T023733-abcd
	ll 0 history
	lacks out died
	# With its ticket, what is inside is made.
	mkdir -p .loops/runs/x-20261121T023733-abcd/.ll
	ll 0 status x
	has out 'Status: died'
	ll 0 history
	has out 'died'
	ll 0 list --running --json
	same '[]' "$(cat out)"
}

tap_main "$@"
