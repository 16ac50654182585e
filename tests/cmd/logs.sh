#!/bin/sh
# logs: what actions printed, byte for byte or fit for a terminal, then and
# now.  (T41)
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

steps() {
	loop steps <<-'EOF'
		name: steps
		initial: short
		states:
		  short: {action: "printf 'hello'; echo oops >&2", next: long}
		  long: {action: "seq 1 20000", next: quiet}
		  quiet: {action: "true", next: odd}
		  odd: {action: "printf '\\0\\377\\033[31mred\\r\\n'; echo only >&2", next: errs}
		  errs: {action: "echo e >&2", next: done}
		  done: {terminal: true}
	EOF
	ll 0 run steps
}

waiting() { # waiting NAME ACTION: a loop of one state in the background
	printf 'name: %s\ninitial: a\nstates:\n  a:\n    action: |\n      %s\n    next: done\n  done:\n    terminal: true\n' \
		"$1" "$2" | loop "$1"
	"$LL" run "$1" --quiet >said 2>&1 </dev/null &
	job=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -qs '"event":"action_start"' \
			.loops/runs/"$1"-*/.ll/journal.jsonl && return 0
		sleep 0.1
	done
	fail "$1 does not start"
}

until_holds() { # until_holds FILE TEXT
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -qs -e "$2" "$1" && return 0
		sleep 0.1
	done
	fail "$1 never holds $2"
}

on_terminal() { # on_terminal ARGUMENT...: what a terminal would get, in `out`
	python3 - "$LL" "$@" >out <<-'EOF'
		import os, pty, sys
		def read(fd):
		    return os.read(fd, 65536)
		sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read)))
	EOF
}

t_each_step_has_a_heading() {
	steps
	ll 0 logs
	has out '==> [1] short <=='
	has out 'hello'
	has out '==> [1] short, stderr <=='
	has out '==> [2] long <=='
	has out '20000'
	lacks out quiet
	has out '==> [5] errs, stderr <=='
	ll 0 logs steps --stderr
	has out oops
	lacks out hello
	ll 0 logs "$(basename "$(run_dir steps)")"
	has out hello
}

t_one_step_into_a_pipe_is_its_bytes() {
	steps
	"$LL" logs --step 1 >got 2>err
	printf hello | cmp - got
	"$LL" logs --step 1 --stderr >got
	echo oops | cmp - got
	"$LL" logs --step 2 | cat >got
	seq 1 20000 | cmp - got
	"$LL" logs --step 4 >got
	printf '\000\377\033[31mred\r\n' | cmp - got
	ll 0 logs --step 3
	[ ! -s out ]
	[ ! -s err ]
	ll 0 logs --step 5
	[ ! -s out ]
	has err '2 bytes went to standard error: --stderr'
	ll 66 logs --step 6
	has err 'has no step 6: it made 5'
	ll 64 logs --step 0
}

t_a_terminal_gets_nothing_that_steers_it() {
	steps
	on_terminal logs --color never
	has out '==> [1] short <=='
	has out '\x1b[31mred'
	! LC_ALL=C grep -q "$(printf '\033')\\[31m" out ||
		fail 'an escape reached the terminal'
	on_terminal logs --step 1
	has out '==> [1]'
}

t_json_tells_each_line() {
	steps
	ll 0 logs --json
	has out '"event":"action_output","iteration":1,"state":"short","stream":"stdout","line":"hello"}'
	has out '"stream":"stderr","line":"oops"}'
	has out '"line":"20000"}'
	has out 'line_b64'
	ll 0 logs --json --step 1 --stderr
	same 1 "$(wc -l <out)"
}

t_a_changed_or_missing_file_is_told() {
	steps
	file=$(find .loops/runs -name '*.out')
	cp "$file" copy
	sed 's/^777$/778/' copy >"$file"
	ll 74 logs
	has err "step 2, 'long'"
	has err 'changed since it was written'
	lacks out 20000
	has out hello
	cat copy >"$file"
	echo more >>"$file"
	ll 74 logs --step 2
	[ ! -s out ]
	rm "$file"
	ll 74 logs
	has err 'not there any more'
	has out hello
	ln -s /etc/passwd "$file"
	ll 74 logs
	has err 'not a regular file'
	lacks out root:
}

t_a_project_that_moved_is_read() {
	steps
	mkdir ../there
	mv .loops ../there/
	cd ../there
	"$LL" logs --step 2 >got
	seq 1 20000 | cmp - got
}

t_follow_ends_with_the_run() {
	waiting x 'seq 1 9000; echo more >&2; until [ -e go ]; do sleep 0.1; done; echo last'
	timeout 20 "$LL" logs -f x >got 2>err &
	reader=$!
	until_holds got '^9000$'
	lacks got last
	: >go
	wait "$reader" || fail "status $?"
	has got last
	has got more
	wait "$job"
	timeout 20 "$LL" logs -f x --step 1 >got
	{
		seq 1 9000
		echo last
	} | cmp - got
}

t_follow_sleeps_while_nothing_happens() {
	waiting x 'until [ -e go ]; do sleep 1; done'
	timeout 20 "$LL" logs -f x >got 2>err &
	timer=$!
	sleep 0.5
	reader=$(pgrep -P "$timer")
	before=$(sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' "/proc/$reader/status")
	sleep 2
	after=$(sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' "/proc/$reader/status")
	: >go
	wait "$timer"
	wait "$job"
	same "$before" "$after"
}

t_follow_tells_of_a_death() {
	waiting x 'echo $$ >pid; seq 1 9000; sleep 30'
	timeout 20 "$LL" logs -f x >got 2>err &
	reader=$!
	until_holds got '^9000$'
	kill_both "$job"
	wait "$reader" || fail "status $?"
	has err "died in the state 'a'"
	kill -KILL "-$(cat pid)" 2>/dev/null || kill -KILL "$(cat pid)"
	ll 0 logs x
	has out 9000
	has err "died in the state 'a'"
}

t_follow_ends_when_its_reader_leaves() {
	waiting x 'seq 1 9000; until [ -e go ]; do sleep 0.1; done'
	mkfifo pipe
	timeout 10 "$LL" logs -f x >pipe 2>err &
	reader=$!
	head -n 1 pipe >first
	wait "$reader" || fail "status $?"
	has first '==> [1] a <=='
	[ ! -e go ]
	: >go
	wait "$job"
}

t_what_was_dropped_is_told() {
	loop big <<-'EOF'
		name: big
		initial: a
		states:
		  a: {action: "head -c 70000000 /dev/zero", next: done}
		  done: {terminal: true}
	EOF
	ll 0 run big --quiet
	"$LL" logs --step 1 2>err | wc -c >out
	same 67108864 "$(tr -d ' ' <out)"
	has err 'only the first 67108864 of 70000000 bytes'
}

tap_main "$@"
