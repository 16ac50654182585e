#!/bin/sh
# Many runs at one gate: T01-T09, T13, T14, T16, T17, T37.  Each run appends
# when it begins and when it ends to one log, with its ticket's number; what
# happened is read from there.  (T01: TORTURE_ROUNDS rounds)
# shellcheck disable=SC2016 # what stands in loop files and for other shells
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

rounds=${TORTURE_ROUNDS:-200}

# What a run says of itself: "start 00000007 RUN".
cat_say() {
	# shellcheck disable=SC2016 # for the action
	echo 'say() { f=$(echo "$LL_ROOT"/.loops/.queue/0*."$LL_RUN_ID"); f=$${f##*/}; echo "$1 $${f%%.*} $LL_RUN_ID" >>"$LL_ROOT/log"; }'
}

worker() { # worker NAME CLAIMS ACTION
	{
		printf 'name: %s\ndescription: Says when.\n%s\n' "$1" "$2"
		printf 'initial: a\nstates:\n  a:\n    action: |\n      '
		cat_say
		printf '      say start\n      %s\n      say end\n' "$3"
		printf '    on_yes: z\n    on_no: bad\n    on_error: bad\n'
		printf '  z: {terminal: true}\n  bad: {terminal: true, failure: true}\n'
	} | loop "$1"
}

await() { # await COMMAND...
	n=0
	until "$@" >await.out 2>&1; do
		n=$((n + 1))
		[ "$n" -lt 2400 ] || fail "never: $*"
		sleep 0.05
	done
}

in_queue() { # how many wait
	"$LL" queue list --json | grep -c '"loopName"' || :
}

at_least() { # at_least N: so many wait
	[ "$(in_queue)" -ge "$1" ]
}

begin() { # begin STATUS_FILE ARGUMENT...: its exit status goes there
	file=$1
	shift
	(
		got=0
		"$LL" "$@" --quiet >>said 2>&1 </dev/null || got=$?
		echo "$got" >"$file.tmp"
		mv "$file.tmp" "$file"
	) &
}

holder() { # holder NAME CLAIMS: begin one that ends with NAME.go
	worker "$1" "$2" \
		"touch \"\$LL_ROOT/$1.on\"; until [ -e \"\$LL_ROOT/$1.go\" ]; do sleep 0.02; done"
	begin "$1.rc" run "$1"
	await test -e "$1.on"
}

# No two at once, in the order of their tickets; who was killed may lack its
# end.
check_log() { # check_log [KILLED_FILE]
	awk -v killed="${1:-/dev/null}" '
		BEGIN { while ((getline line <killed) > 0) dead[line] = 1 }
		$1 == "start" {
			if (inside != "" && !(inside in dead)) {
				print "two at once: " inside " and " $3; bad = 1
			}
			# An empty queue begins with one again.
			if ($2 + 0 <= last + 0 && $2 + 0 != 1) {
				print "out of order: " $3; bad = 1
			}
			inside = $3; last = $2; starts++
		}
		$1 == "end" {
			if ($3 != inside) { print "strange end: " $3; bad = 1 }
			inside = ""
		}
		END { print starts + 0; exit bad }' log >checked ||
		fail "$(cat checked)"
	tail -n 1 checked
}

t_t01_of_fifty_at_once_one_runs() {
	worker x 'scope: [src]' 'touch "$LL_ROOT/on"; until [ -e "$LL_ROOT/go" ]; do sleep 0.02; done'
	r=0
	while [ "$r" -lt "$rounds" ]; do
		r=$((r + 1))
		rm -f go on rc.*
		: >log
		i=0
		while [ "$i" -lt 50 ]; do
			i=$((i + 1))
			begin "rc.$i" run x
		done
		await sh -c '[ "$(ls rc.? rc.?? 2>/dev/null | wc -l)" -eq 49 ]'
		touch go
		wait
		same '1 0 49 75' "$(cat rc.* | sort | uniq -c | tr -s ' \n' ' ' |
			sed 's/^ //; s/ $//')"
		same 1 "$(check_log)"
	done
}

t_t02_a_hundred_waiters_are_served_in_order() {
	holder h 'scope: [src]'
	worker x 'scope: [src/x]' 'true'
	i=0
	while [ "$i" -lt 100 ]; do
		i=$((i + 1))
		begin "rc.$i" run x --queue
		sleep 0.02
	done
	await at_least 100
	touch h.go
	wait
	same '100 0' "$(cat rc.* | sort | uniq -c | tr -s ' ' | sed 's/^ //')"
	same 101 "$(check_log)"
}

t_t02_waiters_make_no_system_call() {
	command -v strace >/dev/null || skip 'no strace'
	strace -qq -e trace=none true 2>/dev/null || skip 'strace may not trace'
	holder h 'scope: [src]'
	worker x 'scope: [src]' 'true'
	for i in 1 2 3 4 5 6 7 8 9 10; do
		begin "rc.$i" run x --queue
	done
	await at_least 10
	# Until each has looked and sleeps.
	sleep 1
	"$LL" queue list --json | sed -n 's/.*"pid": \([0-9]*\).*/\1/p' >pids
	same 10 "$(wc -l <pids)"
	# Attaching is no call of theirs, nor is being let go.
	while read -r pid; do
		timeout -s INT 10 strace -qq -o "calls.$pid" -p "$pid" \
			>/dev/null 2>&1 &
		echo "$!" >>tracers
	done <pids
	while read -r tracer; do
		wait "$tracer" || :
	done <tracers
	grep -hvE '^(strace: |restart_syscall|poll)?.*<(unfinished|detached) \.\.\.>$' \
		calls.* >made || :
	same '' "$(cat made)"
	same 10 "$(find . -name 'calls.*' | wc -l)"
	touch h.go
	wait
	same '10 0' "$(cat rc.* | sort | uniq -c | tr -s ' ' | sed 's/^ //')"
}

t_t03_newcomers_do_not_barge() {
	holder h 'scope: [src]'
	worker x 'scope: [src]' 'true'
	for i in 1 2 3 4 5 6 7 8 9 10; do
		begin "w.$i" run x --queue
	done
	await at_least 10
	touch h.go
	i=0
	while [ "$i" -lt 200 ]; do
		i=$((i + 1))
		begin "n.$i" run x
		[ $((i % 20)) -ne 0 ] || sleep 0.05
	done
	wait
	same '10 0' "$(cat w.* | sort | uniq -c | tr -s ' ' | sed 's/^ //')"
	cat n.* | grep -vx -e 0 -e 75 && fail 'another status'
	check_log >starts
	# Every newcomer that ran came after the last waiter.
	[ "$(cat starts)" -ge 11 ]
}

t_t04_the_disjoint_do_not_wait_for_each_other() {
	holder a 'scope: [a]'
	holder b 'scope: [b]'
	worker a2 'scope: [a]' 'true'
	worker b2 'scope: [b]' 'true'
	begin a2.rc run a2 --queue
	await at_least 1
	begin b2.rc run b2 --queue
	await at_least 2
	touch b.go
	await test -e b2.rc
	same 0 "$(cat b2.rc)"
	[ ! -e a2.rc ] || fail 'a2 ran beside a'
	touch a.go
	wait
	same 0 "$(cat a2.rc)"
}

t_t05_killed_waiters_do_not_stop_the_others() {
	holder h 'scope: [src]'
	worker x 'scope: [src]' 'sleep 0.02'
	i=0
	while [ "$i" -lt 100 ]; do
		i=$((i + 1))
		begin "rc.$i" run x --queue
	done
	await at_least 100
	"$LL" queue list --json >all.json
	# Its own numbers: run and pid, a line each; one is stopped, 30 killed.
	sed -n 's/.*"id": "\(.*\)",/\1/p' all.json >ids
	sed -n 's/.*"pid": \([0-9]*\).*/\1/p' all.json >pids
	paste -d ' ' ids pids | shuf >shuffled
	sed -n 1p shuffled >stopped
	kill -STOP "$(cut -d ' ' -f 2 stopped)"
	sed -n 2,16p shuffled | cut -d ' ' -f 2 | xargs kill -9
	sed -n 2,31p shuffled | cut -d ' ' -f 1 >killed
	touch h.go
	# The other fifteen while the queue moves; some may have begun, or ended.
	sed -n 17,31p shuffled | while read -r id pid; do
		sleep 0.02
		grep -q "end .* $id" log || kill -9 "$pid" || :
	done
	stopped=$(cut -d ' ' -f 1 stopped)
	# shellcheck disable=SC2016 # for the inner shell
	await sh -c '"$LL" queue list | grep -q stopped'
	"$LL" queue list --json | grep -q "$stopped" || fail 'it is not listed'
	ll 0 queue remove "$stopped"
	wait
	ran=$(check_log killed)
	[ "$ran" -ge 70 ] || fail "$ran ran"
	same 0 "$(in_queue)"
	ll 0 run x
	same 0 "$(find .loops/.queue -name '0*' | wc -l)"
	# Those that never began have left nothing.
	find .loops/runs -name .ll -type d >dirs
	while read -r dir; do
		[ -s "$dir/journal.jsonl" ] || fail "empty: $dir"
	done <dirs
}

t_t06_a_pid_that_came_again_holds_nothing() {
	holder h 'scope: [src]'
	guard=$(sed -n 's/.*"guard":\([0-9]*\).*/\1/p' .loops/.queue/0*)
	kill_both "$guard"
	wait
	# The number is that of a stranger now: of this shell.
	sed -i "s/\"guard\":[0-9]*/\"guard\":$$/; s/\"engine\":[0-9]*/\"engine\":$$/" \
		.loops/.queue/0*
	sed -i "s/\"pid\":[0-9]*/\"pid\":$$/" .loops/.running/h-*.lock
	worker x 'scope: [src]' 'true'
	ll 0 run x
}

t_t07_another_user_is_kept_out() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	command -v setpriv >/dev/null || skip 'no setpriv'
	# The project of the tests is below a directory of ours alone.
	shared=$(mktemp -d)
	trap 'rm -rf "$shared"' EXIT
	umask 0
	chmod 777 "$shared"
	cd "$shared"
	mkdir .loops
	setpriv --reuid 1001 --regid 1001 --clear-groups test -x "$LL" ||
		skip 'another user cannot run the program'
	holder h 'scope: [src]'
	worker x 'scope: [src]' 'true'
	find .loops/.queue .loops/.running -type f | sort >before
	rc=0
	setpriv --reuid 1001 --regid 1001 --clear-groups \
		"$LL" run x --quiet >out 2>err || rc=$?
	same 75 "$rc"
	find .loops/.queue .loops/.running -type f | sort >after
	cmp before after
	# Who may not write is told so.
	chmod 755 .loops/.queue .loops/runs
	rc=0
	setpriv --reuid 1001 --regid 1001 --clear-groups \
		"$LL" run x --quiet >out 2>err || rc=$?
	[ "$rc" -eq 73 ] || [ "$rc" -eq 75 ] || fail "status $rc"
	grep -qi 'permission' err || [ "$rc" -eq 75 ]
	touch h.go
	wait
}

obstacle() { # obstacle KIND PATH
	rm -rf "$2"
	case $1 in
	empty) : >"$2" ;;
	garbage) printf '\377{[' >"$2" ;;
	huge) truncate -s 1G "$2" ;;
	directory) mkdir "$2" ;;
	fifo) mkfifo "$2" ;;
	link) ln -s "$PWD/victim" "$2" ;;
	esac
}

t_t08_whatever_lies_in_the_way_never_two_inside() {
	echo victim >victim
	worker x 'scope: [src]' 'true'
	for kind in empty garbage huge directory fifo link; do
		for name in ticket .lock .acquire.lock; do
			rm -rf h.go h.on h.rc .loops/.queue .loops/.running
			holder h 'scope: [src]'
			case $name in
			ticket) path=$(ls .loops/.queue/0*) ;;
			.lock) path=.loops/.queue/.lock ;;
			.acquire.lock) path=.loops/.running/.acquire.lock ;;
			esac
			obstacle "$kind" "$path"
			rc=0
			timeout 20 "$LL" run x --quiet >out 2>err || rc=$?
			case $rc in
			73 | 74 | 75) ;;
			*) fail "$kind $name: status $rc, $(cat err)" ;;
			esac
			[ -s err ] || fail "$kind $name: not a word"
			rm -rf "$path"
			touch h.go
			wait
		done
	done
	same victim "$(cat victim)"
	! grep -q ' x-' log || fail 'x ran'
}

t_t09_a_ticket_that_is_replaced_still_holds() {
	worker x 'scope: [src]' 'true'
	for how in unlink replace truncate; do
		rm -f h.go h.on
		holder h 'scope: [src]'
		path=$(ls .loops/.queue/0*)
		case $how in
		unlink) rm "$path" ;;
		replace) cp "$path" new && mv new "$path" ;;
		truncate) : >"$path" ;;
		esac
		ll 75 run x
		ll 75 run x --queue-timeout 0.3
		touch h.go
		wait
		rm -f "$path"
		ll 0 run x
	done
}

t_t13_one_place_by_many_names() {
	mkdir -p src/deep src2 a
	ln -s src link
	ln -s src/later dangling
	holder h 'scope: [src]'
	for s in src ./src/ src//x/.. link link/deep src/deep . src/not/yet \
		link/not/yet dangling src2/../src; do
		worker x "scope: ['$s']" 'true'
		ll 75 run x
	done
	for s in src2 a/b a/bc; do
		worker x "scope: ['$s']" 'true'
		ll 0 run x
	done
	mkdir bound
	if mount --bind src bound 2>/dev/null; then
		worker x 'scope: [bound/x]' 'true'
		rc=0
		"$LL" run x --quiet >out 2>err || rc=$?
		umount bound
		same 75 "$rc"
	fi
	# shellcheck disable=SC2016 # a reference
	worker x 'scope: ["${context.unknown}"]' 'true'
	ll 65 run x
	touch h.go
	wait
}

t_t14_siblings_inside_one_run_take_turns() {
	worker kid 'scope: [src/kid]' 'sleep 0.02'
	# shellcheck disable=SC2016 # for the action
	worker top 'scope: [src]' 'for i in 1 2 3 4 5 6 7 8; do "$LL" run kid --queue --quiet & done; wait; "$LL" run kid --quiet; setsid "$LL" run kid --quiet'
	begin top.rc run top
	await grep -q start log
	worker late 'scope: [src]' 'true'
	ll 75 run late
	begin late.rc run late --queue
	wait
	same 0 "$(cat top.rc late.rc | sort -u)"
	grep ' kid-' log >kids
	awk '$1 == "start" { if (in_it) bad = 1; in_it = 1; n++ }
		$1 == "end" { in_it = 0 }
		END { exit bad || n != 10 }' kids || fail "$(cat kids)"
	tail -n 1 log | grep -q ' late-'
}

t_t16_the_clock_jumps_during_a_wait() {
	command -v cc >/dev/null || skip 'no cc for a clock of our own'
	cc -shared -fPIC -D_GNU_SOURCE -O1 -o shift.so \
		"$TAP_ROOT/tests/torture/shift.c"
	! nm "$LL" | grep -q ' __asan_init' || skip 'a sanitizer comes first'
	holder h 'scope: [src]'
	worker x 'scope: [src]' 'true'
	for jump in 3600 -3600; do
		echo 0 >offset
		(
			sleep 0.7
			echo "$jump" >new
			mv new offset
		) &
		from=$(date +%s%N)
		rc=0
		SHIFT_FILE=$PWD/offset LD_PRELOAD=$PWD/shift.so \
			"$LL" run x --queue-timeout 2 >out 2>err || rc=$?
		ms=$((($(date +%s%N) - from) / 1000000))
		same 75 "$rc"
		[ "$ms" -ge 2000 ] || fail "$ms ms"
		[ "$ms" -le 3000 ] || fail "$ms ms"
		same 0 "$(in_queue)"
	done
	touch h.go
	wait
}

t_t17_without_a_lock_nothing_runs() {
	command -v strace >/dev/null || skip 'no strace'
	strace -qq -e trace=none true 2>/dev/null || skip 'strace may not trace'
	worker x 'scope: [src]' 'touch "$LL_ROOT/ran"'
	ll 0 run x
	rm -f ran
	for inject in fcntl:error=ENOLCK flock:error=ENOLCK \
		rename:error=ENOSPC pwrite64:error=ENOSPC mkdir:error=EROFS; do
		rc=0
		rm -rf .loops/.queue .loops/.running
		strace -qq -o /dev/null -e "trace=${inject%%:*}" \
			-e "inject=$inject" "$LL" run x >out 2>err || rc=$?
		case $rc in
		73 | 74) ;;
		*) fail "$inject: status $rc: $(cat err)" ;;
		esac
		[ -s err ] || fail "$inject: not a word"
		[ ! -e ran ] || fail "$inject: it ran"
	done
	strace -qq -o /dev/null -e trace=fcntl,flock \
		-e inject=flock:error=EINTR:when=1 "$LL" run x --quiet
	[ -e ran ]
}

t_t37_two_hundred_runs_of_one_loop() {
	mkdir -p other/.loops
	# shellcheck disable=SC2016 # a reference
	worker x 'context: {d: x}
scope: ["${context.d}"]' 'true'
	cp .loops/x.yaml other/.loops
	i=0
	while [ "$i" -lt 100 ]; do
		i=$((i + 1))
		begin "rc.$i" run x --context "d=d$i"
		(
			cd other
			begin "rc.$i" run x --context "d=d$i"
			wait
		) &
	done
	wait
	same '200 0' "$(cat rc.* other/rc.* | sort | uniq -c | tr -s ' ' |
		sed 's/^ //')"
	for p in . other; do
		same 100 "$(find $p/.loops/runs -mindepth 1 -maxdepth 1 -type d |
			wc -l)"
		same 100 "$(grep -c start $p/log)"
		same 0 "$(find $p/.loops/.queue -name '0*' | wc -l)"
	done
}

tap_main "$@"
