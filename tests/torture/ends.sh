#!/bin/sh
# How runs end: whoever is killed, told or stopped, and what is left then
# (T10, T11, T12, T15, T18 to T21, T27, T35, T36), with the processes of
# design/evidence.md, and how still both are while an action sleeps.
# T35 takes LL_TORTURE_RUNS (200) runs and LL_TORTURE_READERS (50) readers.
# shellcheck disable=SC2016 # the words are for actions
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

soon() { # soon COMMAND...: within 40 s it succeeds
	for _ in $(seq 800); do
		"$@" && return 0
		sleep 0.05
	done
	fail "it never came: $*"
}

now_ms() {
	date +%s%3N
}

one() { # one NAME [KEY...]: a loop of one state; stdin is its action
	name=$1
	shift
	{
		printf 'name: %s\nscope: ["."]\ninitial: a\nstates:\n' "$name"
		printf '  done: {terminal: true}\n  a:\n    next: done\n'
		[ $# -eq 0 ] || printf '    %s\n' "$@"
		printf '    action: |\n'
		sed 's/^/      /'
	} | loop "$name"
}

alive() { # alive RUN: the processes that have it in their environment
	grep -lzx "LL_RUN_ID=$1" /proc/[0-9]*/environ 2>/dev/null |
		cut -d / -f 3 | tr '\n' ' '
}

nobody_of() { # nobody_of LOOP: nothing of its newest run lives
	left=$(alive "$(basename "$(run_dir "$1")")")
	[ -z "$left" ] || fail "left: $(ps -o pid=,args= -p "$left" 2>&1)"
}

ticketless() {
	[ -z "$(find .loops/.queue -name '0*' 2>/dev/null)" ]
}

start() { # start NAME [OPTION]...: its action has said `in`; $job, $engine
	rm -f in
	"$LL" run "$@" --quiet >out.run 2>err.run </dev/null &
	job=$!
	soon test -s in
	engine=$(engine_of "$job")
}

status_of() { # status_of PID
	got=0
	wait "$1" || got=$?
}

stubborn() { # what no TERM ends
	echo 'grace: 1' >.loops/config.yaml
	one x <<-'E'
		setsid bash -c 'trap "" TERM; sleep 301' &
		bash -c 'trap "" TERM; (trap "" TERM; setsid sleep 302) & sleep 303' &
		trap "" TERM
		echo >in
		sleep 304
		sleep 305
	E
	one y <<-'E'
		true
	E
}

# Until the tree is dead the next start is refused, and then it wins.
refused_until_free() {
	from=$(now_ms)
	busy=0
	while :; do
		got=0
		"$LL" run y --quiet >out 2>err </dev/null || got=$?
		[ "$got" -eq 75 ] || break
		busy=$((busy + 1))
	done
	same 0 "$got"
	took=$(($(now_ms) - from))
	nobody_of x
	[ "$took" -lt 6000 ] || fail "it took $took ms"
	echo "count: $1: refused $busy times, won after $took ms"
}

t_t10_the_engine_is_killed() {
	stubborn
	start x
	kill -KILL "$engine"
	refused_until_free 'engine KILL'
	status_of "$job"
	same 1 "$got"
	same system_signal "$(journal x run_end terminated_by)"
}

t_t10_the_guard_is_killed() {
	stubborn
	start x
	kill -KILL "$job"
	refused_until_free 'guard KILL'
	same system_signal "$(journal x run_end terminated_by)"
}

t_t10_the_run_is_told_to_end() {
	stubborn
	for row in HUP:129 TERM:143 QUIT:131; do
		start x
		kill -"${row%:*}" "$job"
		refused_until_free "${row%:*}"
		status_of "$job"
		same "${row#*:}" "$got"
		same interrupted "$(journal x run_end terminated_by)"
	done
}

t_t11_both_are_killed() {
	stubborn
	start x
	kill_both "$job"
	[ -n "$(alive "$(basename "$(run_dir x)")")" ] || fail 'nothing was left'
	ll 0 status x
	has out 'Status: died'
	ll 0 run y
	has err 'which was killed, had left'
	nobody_of x
	# And resume ends them too, before it does anything again.
	start x
	kill_both "$job"
	left=$(alive "$(basename "$(run_dir x)")")
	rm -f in
	"$LL" resume x --quiet >out 2>err </dev/null &
	job=$!
	soon test -s in
	for pid in $left; do
		[ ! -e "/proc/$pid" ] || grep -q '^State:.Z' "/proc/$pid/status" ||
			fail "$pid of the first try lives beside the second"
	done
	kill -TERM "$job"
	status_of "$job"
	same 143 "$got"
}

t_t12_a_daemon_is_left_behind() {
	one x <<-'E'
		nohup sleep 300 >/dev/null 2>&1 &
		(setsid sleep 306 >/dev/null 2>&1 &)
	E
	ll 0 run x
	has out 'left behind'
	nobody_of x
	ticketless || fail 'the ticket is still there'
	ll 0 run x
}

both_ways() { # both_ways STATUS ARGUMENT...: in the foreground and not
	want=$1
	shift
	ll "$want" run "$@" --quiet
	sed 's/[0-9]*T[0-9]*-[0-9a-z]*/RUN/g; s/[0-9]\{4,\}/N/g; s/[0-9.]*s (/Ns (/' err >err.front
	ll "$want" run "$@" --quiet --background
	sed 's/[0-9]*T[0-9]*-[0-9a-z]*/RUN/g; s/[0-9]\{4,\}/N/g; s/[0-9.]*s (/Ns (/' err >err.back
	same "$(cat err.front)" "$(cat err.back)"
	[ -s err.back ] || fail "nothing is said for $*"
	echo "count: $* ends with $want both ways"
}

t_t15_what_is_wrong_in_the_background() {
	one y <<-'E'
		echo >in
		sleep 60
	E
	loop needs <<-'E'
	name: needs
	initial: a
	parameters: {what: {required: true}}
	states:
	  a: {action: 'echo ${context.what}', next: done}
	  done: {terminal: true}
	E
	printf 'name: bad\nstates: [\n' | loop bad
	start y
	both_ways 75 y
	kill -TERM "$job"
	status_of "$job"
	both_ways 65 needs
	both_ways 65 bad
	both_ways 66 nobody
	one small <<-'E'
		true
	E
	# A file where a directory should be; root may write anywhere.
	mv .loops/runs runs
	: >.loops/runs
	both_ways 73 small
	rm .loops/runs
	if mkdir .loops/runs && mount -t tmpfs -o size=4k none .loops/runs \
		2>/dev/null; then
		trap 'umount .loops/runs' EXIT
		head -c 4096 /dev/zero >.loops/runs/full 2>/dev/null || :
		both_ways 73 small
	fi
	ticketless || fail 'a ticket is left'
	same '' "$(pgrep -f "^$LL run small" || :)"
}

timed() { # timed LOW HIGH KIND OUTCOME-NAME: of the newest run of x
	took=$(sed -n '/"event":"action_complete"/s/.*"duration_ms":\([0-9]*\).*/\1/p' \
		"$(run_dir x).ll/journal.jsonl" | head -n 1)
	same timeout "$(journal x action_complete outcome)"
	same "$3" "$(journal x action_complete timeout_kind)"
	if [ "$took" -lt "$1" ] || [ "$took" -gt "$2" ]; then
		fail "after $took ms, not $1 to $2"
	fi
	nobody_of x
	echo "count: $4: $3 after $took ms"
}

t_t18_a_timeout_bounds_whatever_blocks() {
	for what in 'printf x; sleep 60' 'sleep 60' \
		'while :; do printf x; sleep 1; done' 'kill -STOP $$'; do
		echo "$what" | one x 'timeout: 2'
		"$LL" run x --quiet >out 2>err </dev/null || :
		timed 2000 3000 wall "$what"
	done
}

t_t19_a_limit_on_silence() {
	echo 'for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; sleep 1; done; sleep 60' |
		one x 'idle_timeout: 2' 'timeout: 40'
	"$LL" run x --quiet >out 2>err </dev/null || :
	timed 10900 13500 idle 'ten seconds of words, then none'
}

t_t20_who_ignores_term() {
	stubborn
	loop x <<-'E'
	name: x
	initial: a
	states:
	  a:
	    timeout: 1
	    on_error: b
	    next: b
	    action: |
	      trap "" TERM
	      bash -c 'trap "" TERM; (setsid bash -c "trap \"\" TERM; sleep 307; :") & sleep 308; :' &
	      sleep 309
	      sleep 310
	  b: {action: 'grep -lzx "LL_RUN_ID=$LL_RUN_ID" /proc/[0-9]*/environ | grep -vc "/$$/\|self" >left', next: done, on_error: done}
	  done: {terminal: true}
	E
	ll 0 run x --quiet
	same 'a b done' "$(path_of x)"
	same 'timeout exited' "$(journal x action_complete outcome)"
	nobody_of x
	# In the next state only its own were there: grep and grep.
	[ "$(cat left)" -le 2 ] || fail "$(cat left) were there"
}

stopped() { # stopped NAME: it says so, soon
	same user_stopped "$(journal "$1" run_end terminated_by)"
	nobody_of "$1"
	soon ticketless
}

somebody_queued() {
	"$LL" list --running --json | grep -q '"phase": "queued"'
}

asleep() {
	one x <<-'E'
		echo >in
		sleep 311
	E
}

t_t21_stop_in_the_foreground_of_a_script() {
	asleep
	cat >script <<-'E'
		"$LL" run x --quiet
		echo "went on after $?" >went
	E
	rm -f in
	sh script &
	soon test -s in
	from=$(now_ms)
	ll 0 stop x
	[ $(($(now_ms) - from)) -lt 6000 ] || fail 'it took long'
	wait
	has went 'went on after 143'
	stopped x
}

t_t21_stop_in_the_background_and_after_the_end() {
	asleep
	ll 0 run x -b --quiet
	soon test -s in
	ll 0 stop x
	stopped x
	ll 143 wait x
	find .loops/runs -type f -exec cksum {} + >before
	"$LL" stop x >out 2>err && fail 'it was stopped twice'
	find .loops/runs -type f -exec cksum {} + >after
	cmp before after
}

t_t21_stop_a_queued_run() {
	asleep
	start x
	"$LL" run x --queue --quiet >out.queued 2>err.queued </dev/null &
	waits=$!
	soon somebody_queued
	id=$(find .loops/.queue -name '00000002.*' | sed 's/.*00000002\.//')
	ll 0 stop "$id"
	status_of "$waits"
	same 143 "$got"
	ll 0 stop x
	status_of "$job"
	same 143 "$got"
	soon ticketless
}

t_t21_stop_a_run_in_a_worktree() {
	command -v git >/dev/null || skip 'no git'
	asleep
	git init -q .
	git add .loops/x.yaml
	git -c user.name=a -c user.email=a@b commit -qm one
	"$LL" run x --worktree --quiet >out.run 2>err.run </dev/null &
	job=$!
	soon sh -c 'ls .worktrees/*/in >/dev/null 2>&1'
	ll 0 stop x
	status_of "$job"
	same 143 "$got"
	stopped x
}

t_t21_stop_a_nested_run() {
	asleep
	one outer <<-'E'
		"$LL" run x --quiet
		echo $? >inner
	E
	rm -f in
	"$LL" run outer --quiet >out.run 2>err.run </dev/null &
	job=$!
	soon test -s in
	ll 0 stop x
	status_of "$job"
	same 0 "$got"
	same 143 "$(cat inner)"
	same user_stopped "$(journal x run_end terminated_by)"
	# The other way round it is told that it ends with the outer one.
	rm -rf in .loops/runs
	"$LL" run outer --quiet >out.run 2>err.run </dev/null &
	job=$!
	soon test -s in
	ll 0 stop outer
	status_of "$job"
	same 143 "$got"
	stopped outer
	same parent_ended "$(journal x run_end terminated_by)"
}

# ---- T27 ----

tell() { # tell "SIGNAL..." : with a moment between
	for s in $1; do
		kill -"$s" "$job" 2>/dev/null || :
		sleep 0.1
	done
}

told() { # told SIGNALS STATUS CAUSE WHERE
	status_of "$job"
	same "$2" "$got"
	same "$3" "$(journal x run_end terminated_by)"
	nobody_of x
	soon ticketless
	echo "count: $4, $1: $2"
}

rests() { # behind its first state
	[ -s in ] && [ -n "$(journal x route to)" ]
}

each_signal() { # each_signal WHERE READY...: $job is started by begin_it
	where=$1
	shift
	for row in TERM:143 'TERM TERM:143' HUP:129 'TSTP CONT TERM:143' QUIT:131; do
		begin_it
		soon "$@"
		tell "${row%:*}"
		told "${row%:*}" "${row#*:}" interrupted "$where"
	done
}

t_t27_signals_in_a_state() {
	asleep
	begin_it() {
		rm -f in
		"$LL" run x --quiet >out.run 2>err.run </dev/null &
		job=$!
	}
	each_signal 'in a state' test -s in
}

t_t27_signals_between_states() {
	loop x <<-'E'
	name: x
	backoff: 60
	initial: a
	states:
	  a: {action: 'echo >in', next: b}
	  b: {action: 'echo >ran', next: done}
	  done: {terminal: true}
	E
	begin_it() {
		rm -rf in .loops/runs
		mkdir .loops/runs
		: >in
		"$LL" run x --quiet --delay 60 >out.run 2>err.run </dev/null &
		job=$!
		soon test -s in
	}
	each_signal 'between states' rests
	[ ! -e ran ] || fail 'it went on'
}

t_t27_signals_in_the_queue() {
	asleep
	start x
	holder=$job
	for row in TERM:143 HUP:129 QUIT:131 'TSTP CONT TERM:143'; do
		"$LL" run x --queue --quiet >out.q 2>err.q </dev/null &
		job=$!
		soon somebody_queued
		tell "${row%:*}"
		status_of "$job"
		same "${row#*:}" "$got"
		same 1 "$(find .loops/.queue -name '0*' | wc -l)"
		echo "count: in the queue, ${row%:*}: $got"
	done
	kill -TERM "$holder"
	wait "$holder" || :
}

# ---- T35, T36 ----

# A run that ends in one of the ways there are.
t35_run() { # t35_run N
	"$LL" run x --quiet --no-lock >/dev/null 2>&1 </dev/null &
	job=$!
	sleep "0.0$(($1 % 10))"
	case $(($1 % 8)) in
	1) kill -TERM "$job" 2>/dev/null || : ;;
	3) kill -KILL "$(engine_of "$job")" 2>/dev/null || : ;;
	5) kill -KILL "$job" "$(engine_of "$job")" 2>/dev/null || : ;;
	7) "$LL" stop x >/dev/null 2>&1 || : ;;
	esac
	wait "$job" || :
}

stands() { # every file and directory, with its times
	find .loops -exec stat -c '%n %Y %Z %s %i' {} + | sort
}

t_t35_all_views_agree_and_write_nothing() {
	[ -x "${POLLS:-}" ] || skip 'POLLS names no program'
	runs=${LL_TORTURE_RUNS:-200} readers=${LL_TORTURE_READERS:-50}
	loop x <<-'E'
	name: x
	initial: a
	states:
	  a:
	    action: 'sleep 0.0$((RANDOM % 9)); exit $((RANDOM % 2))'
	    on_yes: done
	    on_no: bad
	    on_error: bad
	  bad: {terminal: true, failure: true}
	  done: {terminal: true}
	E
	: >go
	"$POLLS" "$LL" "$readers" go >said 2>&1 &
	polls=$!
	for n in $(seq "$runs"); do
		t35_run "$n"
	done
	rm go
	got=0
	wait "$polls" || got=$?
	[ "$got" -eq 0 ] || fail "$(grep -v '^rounds' said | head -n 20)"
	stands >before
	: >go
	"$POLLS" "$LL" "$readers" go >again 2>&1 &
	polls=$!
	for c in status list 'list --running' history; do
		# shellcheck disable=SC2086 # words
		ll 0 $c
	done
	"$LL" fsck >/dev/null 2>&1 || :
	rm go
	wait "$polls" || fail "$(grep -v '^rounds' again | head -n 20)"
	stands >after
	cmp before after
	echo "count: $(awk '/^rounds/ { n += $2 } END { print n }' said) rounds of" \
		"$readers readers over $runs runs:" \
		"$("$LL" history --json --tail "$runs" 2>/dev/null |
			sed -n 's/.*"status": "\(.*\)".*/\1/p' | sort | uniq -c | tr -s ' \n' ' ')"
}

t_t36_what_a_resume_keeps() {
	loop x <<-'E'
	name: x
	initial: a
	scope: ["."]
	context: {word: none}
	states:
	  a: {action: 'echo out-a; echo a >>log', capture: a, next: b}
	  b:
	    action: 'echo b >>log; echo >in; if [ ! -e go ]; then sleep 313; fi'
	    next: c
	  c:
	    action: 'echo "${context.word} ${captured.a.output}" >said; echo c >>log'
	    next: done
	  done: {terminal: true}
	E
	start x --context word=given
	kill -TERM "$job"
	status_of "$job"
	same 143 "$got"
	ll 66 resume x-20200101T000000-aaaa
	echo '# changed' >>.loops/x.yaml
	# Two at once: one wins.
	rm -f in
	"$LL" resume x --quiet >out1 2>err1 </dev/null &
	one=$!
	"$LL" resume x --quiet >out2 2>err2 </dev/null &
	two=$!
	soon test -s in
	: >go
	soon sh -c "! kill -0 $one 2>/dev/null || ! kill -0 $two 2>/dev/null"
	ll 0 stop x
	rc1=0 rc2=0
	wait $one || rc1=$?
	wait $two || rc2=$?
	case $rc1/$rc2 in
	75/143 | 143/75) ;;
	*) fail "status $rc1 and $rc2: $(cat err1 err2)" ;;
	esac
	ll 0 resume x
	has err 'changed since the run began'
	same 'given out-a' "$(cat said)"
	same 1 "$(grep -c a log)"
	same 1 "$(grep -c c log)"
	ll 64 resume x
}

# ---- processes ----

zoo() { # all of them in one action, which then ends or sleeps: zoo WORDS
	one x 'output_limit: 1M' <<-E
		bash -c 'trap "" TERM INT HUP; sleep 320; sleep 320' &
		( ( setsid sleep 321 & ) & )
		setsid -f bash -c 'trap "" TERM; setsid sleep 322 & sleep 322; :'
		bash -c 'exec >&- 2>&- </dev/null; sleep 323' &
		(sleep 324) &
		bash -c 'kill -STOP \$\$' &
		printf '\\000\\377\\376 not text\\n'
		head -c 64M /dev/zero | tr '\\000' x
		setsid -f bash -c 'while :; do setsid -f sleep 325; sleep 0.2; done' \\
			>/dev/null 2>&1
		echo >in
		$1
	E
	echo 'grace: 1' >.loops/config.yaml
}

t_the_zoo_when_its_run_ends() {
	zoo true
	ll 0 run x --quiet
	nobody_of x
	ticketless || fail 'the ticket is still there'
	has "$(run_dir x).ll/journal.jsonl" left_behind
}

t_the_zoo_when_somebody_is_killed() {
	zoo 'sleep 326'
	one y <<-'E'
		true
	E
	for who in guard engine both told; do
		start x
		case $who in
		guard) kill -KILL "$job" ;;
		engine) kill -KILL "$engine" ;;
		both) kill_both "$job" ;;
		told) kill -TERM "$job" ;;
		esac
		got=75
		while [ "$got" -eq 75 ]; do
			got=0
			"$LL" run y --quiet >out 2>err </dev/null || got=$?
		done
		same 0 "$got"
		nobody_of x
		ll 0 fsck
		ll 0 status x
		lacks out running
		echo "count: $who: nothing is left"
	done
}

t_guard_and_engine_need_little_memory() {
	[ -r /proc/self/smaps_rollup ] || skip 'no smaps_rollup'
	! nm "$LL" 2>/dev/null | grep -q ' __asan_init' || skip 'a sanitizer'
	one x <<-'E'
		seq 1 400000
		echo >in
		sleep 60
	E
	start x
	kb=$(cat "/proc/$job/smaps_rollup" "/proc/$engine/smaps_rollup" |
		awk '/^Pss:/ { kb += $2 } END { print kb }')
	kill -TERM "$job"
	status_of "$job"
	echo "count: guard and engine have $kb KiB in proportion"
	[ "$kb" -le 4096 ] || fail "$kb KiB"
}

t_a_command_at_the_end_has_thirty_seconds() {
	one x <<-'E'
		true
	E
	echo "on_end: 'touch began; setsid sleep 331 & sleep 332; touch late'" \
		>>.loops/x.yaml
	from=$(now_ms)
	ll 0 run x --quiet
	took=$(($(now_ms) - from))
	[ -e began ] || fail 'it was not run'
	[ ! -e late ] || fail 'it went on'
	[ "$took" -ge 30000 ] || fail "after $took ms"
	nobody_of x
	same terminal "$(journal x run_end terminated_by)"
	echo "count: ended after $took ms"
}

t_nobody_wakes_up_while_an_action_sleeps() {
	command -v strace >/dev/null || skip 'no strace'
	strace -qq -o /dev/null true 2>/dev/null || skip 'strace may not trace'
	one x <<-'E'
		echo >in
		sleep 30
	E
	start x
	sleep 1
	# Attaching interrupts the call that each of them waits in; that one is
	# begun again and nothing else.
	timeout -s INT 10 strace -f -o calls -p "$job" -p "$engine" 2>/dev/null || :
	kill -TERM "$job"
	status_of "$job"
	n=$(grep -cv 'resumed\|restart_syscall\|^[0-9]* *poll(.*<unfinished\|^[0-9]* *poll(.*detached\|exited\|killed' calls || :)
	echo "count: $n system calls of guard and engine in 10 s"
	same 0 "$n"
}

tap_main "$@"
