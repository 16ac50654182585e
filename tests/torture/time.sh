#!/bin/sh
# Clocks and caps: T38, T39, and runs of 100,000 steps.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

longest() { # the milliseconds of each action
	sed -n '/"event":"action_complete"/s/.*"duration_ms":\(-*[0-9]*\).*/\1/p' \
		"$(run_dir x).ll/journal.jsonl"
}

between() { # between LOW HIGH GOT
	if [ "$3" -lt "$1" ] || [ "$3" -gt "$2" ]; then
		fail "$3 is not between $1 and $2"
	fi
}

shifted() { # shifted SECONDS COMMAND...: the clock jumps by so much after 0.7 s
	jump=$1
	shift
	echo 0 >offset
	(sleep 0.7; echo "$jump" >new; mv new offset) &
	got=0
	SHIFT_FILE=$PWD/offset LD_PRELOAD=$PWD/shift.so "$@" >out 2>err \
		</dev/null || got=$?
	wait
}

shim() {
	command -v cc >/dev/null || skip 'no cc for a clock of our own'
	cc -shared -fPIC -D_GNU_SOURCE -O1 -o shift.so \
		"$TAP_ROOT/tests/torture/shift.c"
	nm -D "$LL" 2>/dev/null | grep -q ' U clock_gettime' ||
		skip 'the program does not ask libc for the time'
	! nm "$LL" | grep -q ' __asan_init' || skip 'a sanitizer comes first'
}

jumps() { # +1 h, -1 h, to 1970, to 2040
	now=$(date +%s)
	echo "3600 -3600 $((60 - now)) $((2208988800 - now))"
}

t_t38_the_clock_jumps_during_a_state() {
	shim
	loop x <<-'E'
	name: x
	initial: a
	states:
	  a: {action: "sleep 1.5; date +%Y", next: b}
	  b: {action: "exit 1", on_yes: end, on_no: end}
	  end: {terminal: true}
	E
	for jump in $(jumps); do
		shifted "$jump" "$LL" run x --quiet
		same 0 "$got"
		between 1425 2500 "$(longest | head -n 1)"
		between 0 1000 "$(longest | tail -n 1)"
		same 'a b end' "$(path_of x)"
		ll 0 status
		rm -rf .loops/runs
	done
}

t_t38_the_clock_jumps_and_a_limit_holds() {
	shim
	loop x <<-'E'
	name: x
	initial: a
	states:
	  a: {action: "sleep 30", timeout: 2, on_error: b, on_yes: end}
	  b: {action: "while sleep 0.2; do echo .; done", idle_timeout: 1, timeout: 2,
	    on_error: end, on_yes: end}
	  end: {terminal: true}
	E
	for jump in $(jumps); do
		shifted "$jump" "$LL" run x --quiet
		same 0 "$got"
		for ms in $(longest); do
			between 1900 3000 "$ms"
		done
		rm -rf .loops/runs
	done
	loop x <<-'E'
	name: x
	initial: a
	timeout: 2
	states:
	  a: {action: "sleep 0.1", next: a}
	  end: {terminal: true}
	E
	for jump in $(jumps); do
		from=$(date +%s%N)
		shifted "$jump" "$LL" run x --quiet
		same 1 "$got"
		same timeout "$(journal x run_end terminated_by)"
		between 1900 4000 "$((($(date +%s%N) - from) / 1000000))"
		rm -rf .loops/runs
	done
}

t_t38_the_clock_jumps_during_a_wait() {
	shim
	loop x <<-'E'
	name: x
	initial: a
	backoff: 1.5
	states:
	  a: {action: "true", next: b}
	  b: {action: "true", next: end}
	  end: {terminal: true}
	E
	for jump in $(jumps); do
		from=$(date +%s%N)
		shifted "$jump" "$LL" run x --quiet
		same 0 "$got"
		between 1425 6000 "$((($(date +%s%N) - from) / 1000000))"
		same 'a b end' "$(path_of x)"
		rm -rf .loops/runs
	done
}

t_t38_time_zones() {
	loop x <<-'E'
	name: x
	initial: a
	states:
	  a: {action: "sleep 0.2", next: end}
	  end: {terminal: true}
	E
	for zone in Pacific/Kiritimati America/St_Johns Europe/Berlin :nonsense; do
		TZ=$zone "$LL" run x --quiet
		! grep -v '"ts":"[^"]*+00:00"' "$(run_dir x).ll/journal.jsonl" ||
			fail "$zone is in the journal"
		between 100 1500 "$(longest)"
		TZ=$zone "$LL" history x >/dev/null
		rm -rf .loops/runs
	done
}

path() { # path KEY...: a loop of three steps to its end
	printf 'name: x\ninitial: a\n'
	for key; do
		echo "$key"
	done
	cat <<-'E'
	states:
	  a: {action: "sleep 0.3; echo A", capture: a, next: b}
	  b: {action: "sleep 0.3; echo B", capture: b, next: c}
	  c: {action: "sleep 0.3; echo C", capture: c, next: end}
	  end: {terminal: true}
	  last: {action: 'echo "got ${captured.a.output?}" >kept', next: end}
	E
}

t_t39_as_many_steps_as_the_path_has() {
	path 'max_steps: 3' | sed '/last:/d' | loop x
	ll 0 run x --quiet
	same 'a b c end' "$(path_of x)"
	path 'max_steps: 4' | sed '/last:/d' | loop x
	ll 0 run x --quiet
	path | sed '/last:/d' | loop x
	ll 0 run x --quiet --max-steps 3
}

t_t39_one_step_less() {
	path 'max_steps: 2' | sed '/last:/d' | loop x
	ll 1 run x --quiet
	same 'a b' "$(journal x state_enter state)"
	same max_steps "$(journal x run_end terminated_by)"
	ll 1 run x --quiet --max-steps 2
	for n in 1 2; do
		path "max_steps: $n" 'on_max_steps: last' | loop x
		rm -f kept
		ll 1 run x --quiet
		same 'got A' "$(cat kept)"
		same max_steps "$(journal x run_end terminated_by)"
	done
}

t_t39_a_timeout_at_each_transition() {
	for ms in 1 100 290 300 310 450 590 600 610 750 890 900 910 920 1500; do
		path "timeout: 0$(awk -v n=$ms 'BEGIN { print n / 1000 }' |
			sed 's/^0//')" | sed '/last:/d; s/timeout: 01/timeout: 1/' | loop x
		got=0
		"$LL" run x --quiet >out 2>err </dev/null || got=$?
		word=$(journal x run_end terminated_by)
		case $got:$word in
		0:terminal) same 'a b c end' "$(path_of x)" ;;
		1:timeout) ;;
		*) fail "$ms ms: status $got, $word: $(cat err)" ;;
		esac
		[ "$ms" -ge 850 ] || same timeout "$word"
		# What was finished is kept, in order, and nothing else.
		all=$(grep -c '"outcome":"exited"' "$(run_dir x).ll/journal.jsonl") ||
			:
		captures=$(sed -n '/"outcome":"exited"/s/.*"capture":"\(.\)".*/\1/p' \
			"$(run_dir x).ll/journal.jsonl" | tr -d '\n')
		same "$(printf abc | cut -c "1-$all" | head -c "$all")" "$captures"
		ll 0 status
		rm -rf .loops/runs
	done
}

elapsed_at() { # elapsed_at STEP: the milliseconds until it was entered
	sed -n "/\"event\":\"state_enter\".*\"iteration\":$1,/s/.*\"elapsed_ms\":\([0-9]*\).*/\1/p" \
		"$(run_dir x).ll/journal.jsonl"
}

steps() { # steps N: a run of so many; memory is flat and time linear
	"$LL" run x --quiet --max-steps "$1" >out 2>err </dev/null &
	pid=$!
	: >rss
	# Of the engine, once it is at work.
	while kill -0 "$pid" 2>/dev/null; do
		engine=$(engine_of "$pid") || :
		[ -z "$engine" ] ||
			[ -z "$(find .loops/runs -name journal.jsonl -size +0)" ] ||
			sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' \
				"/proc/$engine/status" >>rss 2>/dev/null || :
		sleep 0.1
	done
	got=0
	wait "$pid" || got=$?
	same 1 "$got"
	same "$1" "$(grep -c '"event":"state_enter"' \
		"$(run_dir x).ll/journal.jsonl")"
	half=$(elapsed_at $(($1 / 2))) all=$(elapsed_at "$1")
	# A tenth of the way, and the most there ever was.
	early=$(awk 'NR == FNR { n++; next } FNR >= n / 10 { print; exit }' \
		rss rss)
	peak=$(sort -n rss | tail -n 1)
	[ -n "$early" ] || fail 'nobody was measured'
	echo "$1 steps: half in $half ms, all in $all ms;" \
		"$early KiB early, $peak KiB at most"
	[ "$all" -lt $((half * 3)) ] || fail 'time is not linear'
	[ "$peak" -le $((early + 2048)) ] || fail 'memory grows'
	rm -rf .loops/runs
}

t_t39_100000_steps() {
	loop x <<-'E'
	name: x
	initial: a
	max_edge_revisits: 1000000
	states:
	  a: {action: "true", next: b}
	  b: {action: "true", capture: c, next: a}
	  end: {terminal: true}
	E
	steps 100000
}

t_t39_100000_steps_without_actions() {
	loop x <<-'E'
	name: x
	initial: a
	max_edge_revisits: 1000000
	states:
	  a: {next: b}
	  b: {next: a}
	  end: {terminal: true}
	E
	steps 100000
}

tap_main "$@"
