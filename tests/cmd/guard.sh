#!/bin/sh
# A run is two processes: whichever is killed, the other ends the run.
# (T10, T11, T20, T27, T29)
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

soon() { # soon COMMAND...: within 20 s it succeeds
	for _ in $(seq 200); do
		"$@" && return 0
		sleep 0.1
	done
	fail "it never came: $*"
}

one() { # one NAME [KEY]...: a loop of one state; stdin is its action
	name=$1
	shift
	{
		printf 'name: %s\ninitial: a\n' "$name"
		printf '%s\n' "$@"
		printf 'states:\n  a:\n    action: |\n'
		sed 's/^/      /'
		printf '    next: done\n  done:\n    terminal: true\n'
	} | loop "$name"
}

grace() { # grace SECONDS
	echo "grace: $1" >.loops/config.yaml
}

# What no TERM ends: a session of its own, a grandchild, the action itself.
stubborn() { # stubborn NAME
	one "$1" <<-'E'
		setsid bash -c 'trap "" TERM; echo $$ >>pids; sleep 301' &
		bash -c 'trap "" TERM; echo $$ >>pids; sleep 302' &
		trap "" TERM
		echo $$ >>pids
		sleep 303
	E
}

start() { # start NAME [OPTION]...: in the background; $job and $engine
	"$LL" run "$@" --quiet >out 2>err </dev/null &
	job=$!
	soon began
	engine=$(engine_of "$job")
}

began() { # all three have told their numbers
	[ -s pids ] && [ "$(wc -l <pids)" -eq "${want_pids:-3}" ]
}

gone() { # gone PID...: no such process, or a zombie that nobody reaps here
	for pid in "$@"; do
		grep -q '^State:[^A-Z]*[^ZX] ' "/proc/$pid/status" 2>/dev/null &&
			return 1
	done
	return 0
}

alive() { # at least one of them is
	# shellcheck disable=SC2046 # words
	! gone $(cat pids)
}

none_left() {
	# shellcheck disable=SC2046 # words
	gone $(cat pids) || fail 'something lives'
}

ended() { # ended NAME MEMBER: of the end record
	sed -n "/\"event\":\"run_end\"/s/.*\"$2\":\"*\([^,\"}]*\).*/\1/p" \
		"$(run_dir "$1").ll/journal.jsonl"
}

status_of() { # status_of PID: wait for it
	got=0
	wait "$1" || got=$?
	echo "$got" >status
}

no_ticket() {
	[ -z "$(ls .loops/.queue)" ]
}

t_a_killed_engine_is_cleaned_up_after() { # T10, C04
	stubborn x
	grace 2
	for number in KILL:9 ABRT:6; do
		rm -rf pids .loops/runs
		start x
		kill -"${number%:*}" "$engine"
		# Until the tree is gone the run is alive, for whoever asks.
		"$LL" list --running --json >running
		has running '"loop_name": "x"'
		status_of "$job"
		same 1 "$(cat status)"
		none_left
		same system_signal "$(ended x terminated_by)"
		same "${number#*:}" "$(ended x signal)"
		same true "$(ended x resumable)"
		same 1 "$(ended x exit)"
		has err "was killed by SIG${number%:*}"
		no_ticket || fail 'the ticket is still there'
		ll 0 status
		has out 'Status: failed'
	done
}

t_a_killed_guard_ends_the_run() {
	stubborn x
	grace 2
	start x
	kill -KILL "$job"
	soon gone "$engine"
	none_left
	same system_signal "$(ended x terminated_by)"
	same 1 "$(ended x exit)"
	has "$(run_dir x).ll/journal.jsonl" 'the guard of this run was killed'
	no_ticket || fail 'the ticket is still there'
}

t_a_killed_process_group_still_ends() {
	stubborn x
	grace 1
	# What a CI does: the whole group, by KILL.
	setsid "$LL" run x --quiet >out 2>err </dev/null &
	job=$!
	soon began
	engine=$(engine_of "$job")
	kill -KILL "-$job"
	soon gone "$engine"
	none_left
	same system_signal "$(ended x terminated_by)"
}

t_both_killed_the_next_start_ends_what_they_left() { # T11
	stubborn x
	grace 1
	one y <<-'E'
		true
	E
	start x
	run=$(basename "$(run_dir x)")
	kill_both "$job"
	wait "$job" || :
	alive || fail 'they died with it'
	ll 0 status x
	has out 'Status: died'
	# Readers change nothing.
	alive || fail 'status ended them'
	ll 0 run y
	has err "processes that run '$run', which was killed, had left"
	none_left
	no_ticket || fail 'a ticket is still there'
	ll 0 run y
	lacks err killed
	ll 0 status x
	has out 'Status: died'
}

t_a_part_of_a_killed_run_may_not_start_another() {
	stubborn x
	grace 1
	one y <<-'E'
		true
	E
	start x
	run=$(basename "$(run_dir x)")
	kill_both "$job"
	wait "$job" || :
	got=0
	LL_RUN_ID=$run "$LL" run y >out 2>err || got=$?
	same 75 "$got"
	has err "this was started by run '$run', which was killed"
	[ -z "$(find .loops/runs -name 'y-*')" ] || fail 'a run was made'
	alive || fail 'they were ended'
	ll 0 run y
	none_left
}

t_stop_and_continue_reach_the_action_and_cost_no_time() { # T27
	one x 'timeout: 4' <<-'E'
		echo $$ >>pids
		for i in 1 2 3 4 5 6; do sleep 0.2; echo $i; done
	E
	sed -i 's/^    action/    timeout: 4\n    idle_timeout: 4\n    action/' \
		.loops/x.yaml
	want_pids=1
	start x
	kill -TSTP "$job"
	for pid in "$job" "$engine" $(cat pids); do
		soon grep -q '^State:.*stopped' "/proc/$pid/status"
	done
	sleep 5
	kill -CONT "$job"
	status_of "$job"
	same 0 "$(cat status)"
	same terminal "$(ended x terminated_by)"
	[ "$(ended x active_ms)" -lt 4500 ] || fail "$(ended x active_ms) ms"
	# Again and again, at any time.
	rm -f pids
	start x
	for _ in 1 2 3 4 5 6 7 8; do
		kill -TSTP "$job" 2>/dev/null || break
		kill -CONT "$job" 2>/dev/null || break
		sleep 0.1
		kill -CONT "$job" 2>/dev/null || break
	done
	status_of "$job"
	same 0 "$(cat status)"
}

t_a_stopped_run_can_be_ended() {
	stubborn x
	grace 1
	start x
	kill -TSTP "$job"
	soon grep -q '^State:.*stopped' "/proc/$job/status"
	kill -TERM "$job"
	kill -CONT "$job"
	status_of "$job"
	same 143 "$(cat status)"
	none_left
	same interrupted "$(ended x terminated_by)"
}

t_a_guard_killed_while_all_is_stopped() {
	stubborn x
	grace 1
	start x
	kill -TSTP "$job"
	soon grep -q '^State:.*stopped' "/proc/$job/status"
	kill -KILL "$job"
	soon gone "$engine"
	none_left
	same system_signal "$(ended x terminated_by)"
}

t_the_end_of_a_killed_engine_is_told_as_json() {
	stubborn x
	grace 0.2
	"$LL" run x --json >out 2>err </dev/null &
	job=$!
	soon began
	kill -KILL "$(engine_of "$job")"
	status_of "$job"
	same 1 "$(cat status)"
	tail -n 1 out >last
	has last '"event":"run_end","terminated_by":"system_signal"'
	has err 'was killed by SIGKILL'
}

t_the_second_int_is_now() { # T27
	one x <<-'E'
		trap 'echo >>told' TERM
		echo $$ >>pids
		while :; do sleep 0.2; done
	E
	grace 45
	want_pids=1
	for number in INT:130 TERM:143; do
		rm -rf pids told .loops/runs
		# A shell's background job ignores INT.
		python3 -c 'if 1:
			import os, signal, sys
			signal.signal(signal.SIGINT, signal.SIG_DFL)
			os.execv(sys.argv[1], sys.argv[1:])
		' "$LL" run x --quiet >out 2>err </dev/null &
		job=$!
		soon began
		kill -"${number%:*}" "$job"
		soon test -s told
		sleep 0.2
		kill -"${number%:*}" "$job"
		from=$(date +%s)
		status_of "$job"
		[ $(($(date +%s) - from)) -lt 30 ] || fail 'it took the grace'
		same "${number#*:}" "$(cat status)"
		same interrupted "$(ended x terminated_by)"
		none_left
	done
}

cleaner() { # cleaner NAME: an action that needs a moment to end well
	one "$1" <<-'E'
		trap 'sleep 1; echo >cleaned; exit 0' TERM
		echo $$ >>pids
		while :; do sleep 0.1; done
	E
}

t_told_twice_in_one_moment_is_once() {
	cleaner x
	want_pids=1
	start x
	# As timeout(1) does: the process, then its group.
	kill -TERM "$job"
	kill -TERM "$job"
	status_of "$job"
	same 143 "$(cat status)"
	[ -e cleaned ] || fail 'the action had no time to end'
}

t_a_terminal_tells_the_run_once() {
	cleaner x
	python3 - "$LL" <<-'E' >said
	import os, pty, sys, time
	pid, fd = pty.fork()
	if pid == 0:
	    os.execv(sys.argv[1], [sys.argv[1], "run", "x"])
	for _ in range(200):
	    if os.path.exists("pids") and os.path.getsize("pids"):
	        break
	    time.sleep(0.1)
	os.write(fd, b"\x03")
	try:
	    while os.read(fd, 4096):
	        pass
	except OSError:
	    pass
	print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	E
	same 130 "$(cat said)"
	[ -e cleaned ] || fail 'the action had no time to end'
	same interrupted "$(ended x terminated_by)"
}

t_a_run_inside_an_action_ends_with_grace() {
	cleaner inner
	one outer <<-'E'
		"$LL" run inner --quiet
	E
	want_pids=1
	start outer
	kill -TERM "$job"
	status_of "$job"
	same 143 "$(cat status)"
	[ -e cleaned ] || fail 'the inner action had no time to end'
	none_left
	same parent_ended "$(ended inner terminated_by)"
	# The engine of the outer one is killed: its guard ends both.
	rm -rf pids cleaned .loops/runs
	start outer
	kill -KILL "$engine"
	status_of "$job"
	same 1 "$(cat status)"
	none_left
	[ -e cleaned ] || fail 'the inner action had no time to end'
	same parent_ended "$(ended inner terminated_by)"
	same system_signal "$(ended outer terminated_by)"
}

t_killed_before_the_first_record_nothing_is_left() {
	command -v strace >/dev/null || skip 'no strace'
	strace -o /dev/null -e trace=none true 2>/dev/null ||
		skip 'strace may not trace here'
	one x <<-'E'
		echo started >>ran
	E
	# Only the engine opens the journal.
	got=0
	ASAN_OPTIONS=detect_leaks=0 strace -f -b execve -qq -o trace \
		-e 'inject=fallocate:signal=KILL:when=1' "$LL" run x >out 2>err ||
		got=$?
	same 74 "$got"
	has err 'was killed by SIGKILL before it began'
	[ ! -e ran ] || fail 'it ran'
	same '' "$(ls .loops/runs)"
	no_ticket || fail 'the ticket is still there'
}

t_without_a_process_to_be_had_nothing_is_left() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to become another user'
	command -v setpriv >/dev/null || skip 'no setpriv'
	one x <<-'E'
		echo started >>ran
	E
	chmod -R a+rwX . ..
	chmod a+x ../..
	cp "$LL" program
	got=0
	# An id that no other process has: the limit counts those.
	ASAN_OPTIONS=detect_leaks=0 setpriv --reuid=64124 --regid=64124 \
		--clear-groups prlimit --nproc=1 ./program run x >out 2>err || got=$?
	same 74 "$got"
	has err 'cannot start a process for the run'
	[ ! -e ran ] || fail 'it ran'
	same '' "$(ls .loops/runs)"
	no_ticket || fail 'the ticket is still there'
}

t_embedded_in_odd_places() {
	one x <<-'E'
		true | cat
		(sleep 0.1 &)
	E
	python3 - "$LL" <<-'E'
	import os, signal, subprocess, sys
	ll = sys.argv[1]
	def check(what, **how):
	    got = subprocess.run([ll, "run", "x", "--quiet"], **how).returncode
	    if got:
	        sys.exit(f"{what}: {got}")
	check("SIGCHLD ignored",
	      preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
	check("all blocked", preexec_fn=lambda: signal.pthread_sigmask(
	      signal.SIG_BLOCK, range(1, 65)))
	check("no stdin", preexec_fn=lambda: os.close(0))
	check("nothing open", preexec_fn=lambda: os.closerange(0, 20),
	      close_fds=False)
	E
	unshare -p -f --mount-proc true 2>/dev/null || skip 'no unshare for PID 1'
	unshare -p -f --mount-proc "$LL" run x --quiet
}

t_children_from_before_are_left_alone() {
	one x <<-'E'
		echo $$ >>pids
		sleep 300
	E
	want_pids=1
	# A shell that became the run, with a job of its own.
	sh -c 'sleep 304 & echo $! >before; exec "$LL" run x --quiet' \
		>out 2>err </dev/null &
	job=$!
	soon began
	engine=$(pgrep -P "$job" -f run)
	kill -KILL "$engine"
	status_of "$job"
	same 1 "$(cat status)"
	none_left
	! gone "$(cat before)" || fail 'it was ended too'
	kill "$(cat before)"
}

t_nothing_of_ours_reaches_an_action() { # T29
	one x <<-'E'
		ls /proc/$$/fd >fds
		cp /proc/self/status status
		ps -o pgid=,sid= -p $$ >ids
	E
	ll 0 run x
	same '0 1 2' "$(tr '\n' ' ' <fds | sed 's/ $//')"
	same 0000000000000000 "$(sed -n 's/^SigBlk:[^0-9]*//p' status)"
	# 32 and 33 are the C library's own, and inherited as they are.
	ignored=$(sed -n 's/^SigIgn:[^0-9a-f]*//p' status)
	same 0 $((0x$ignored & 0x7fffffff))
	read -r group session <ids
	same "$group" "$session"
}

t_both_sleep_while_the_action_does() {
	one x <<-'E'
		echo $$ >>pids
		until [ -e go ]; do sleep 1; done
	E
	want_pids=1
	start x
	still=
	for _ in 1 2 3 4 5 6 7 8; do
		before=$(cat "/proc/$job/status" "/proc/$engine/status" | grep ctxt)
		sleep 2
		after=$(cat "/proc/$job/status" "/proc/$engine/status" | grep ctxt)
		[ "$before" != "$after" ] || still=yes
		[ -z "$still" ] || break
	done
	: >go
	status_of "$job"
	same 0 "$(cat status)"
	same yes "$still"
}

tap_main "$@"
