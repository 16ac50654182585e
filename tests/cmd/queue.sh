#!/bin/sh
# Runs that overlap are kept apart, and served in the order in which they came.
# shellcheck disable=SC2016,SC2031 # what stands in loop files and for other shells
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

holding() { # holding NAME CLAIMS: a loop that has them until NAME.go is there
	loop "$1" <<-LOOP
		name: $1
		description: Holds what it claims.
		$2
		initial: a
		states:
		  a:
		    action: "echo start $1 >>order; touch $1.on;
		      while ! [ -e $1.go ]; do sleep 0.02; done; echo end $1 >>order"
		    next: done
		  done: {terminal: true}
	LOOP
}

quick() { # quick NAME CLAIMS [ACTION]
	loop "$1" <<-LOOP
		name: $1
		description: Runs through.
		$2
		initial: a
		states:
		  a: {action: "${3:-echo start $1 >>order; echo end $1 >>order}", on_yes: done, on_no: bad, on_error: bad}
		  done: {terminal: true}
		  bad: {terminal: true, failure: true}
	LOOP
}

begin() { # begin NAME ARGUMENT...: in the background; its number in NAME.pid
	"$LL" run "$@" --quiet >"$1.out" 2>"$1.err" </dev/null &
	echo $! >"$1.pid"
}

await() { # await COMMAND...: until it succeeds
	n=0
	until "$@" >await.out 2>&1; do
		n=$((n + 1))
		[ "$n" -lt 400 ] || fail "never: $*"
		sleep 0.05
	done
}

waiting() { # waiting N: so many are in the queue
	[ "$("$LL" queue list --json | grep -c '"loopName"')" -eq "$1" ]
}

hold() { # hold NAME: begin it, and wait until it has what it claims
	begin "$1"
	await test -e "$1.on"
}

t_a_busy_scope_is_refused_with_who_and_what() {
	holding h 'scope: [src]'
	quick q 'scope: [src/x]'
	hold h
	ll 75 run q
	has err "run 'h-"
	has err "has 'src' for"
	has err '--queue'
	same 1 "$(find .loops/runs -mindepth 1 -maxdepth 1 -type d | wc -l)"
	ll 75 run q --quiet
	has err "run 'h-"
	touch h.go
	wait
	ll 0 run q
	same 'start h end h start q end q' "$(tr '\n' ' ' <order | sed 's/ $//')"
}

t_a_wait_is_told_in_a_line_and_shown() {
	holding h 'scope: [src]'
	quick q 'scope: [src]'
	hold h
	"$LL" run q --queue >q.out 2>q.err &
	await waiting 1
	await grep -q "number 1 in the queue: run 'h-" q.err
	ll 0 queue list
	has out 'waiting'
	has out 'h-'
	ll 0 status q
	has out 'Status: queued'
	lacks out 'unreadable'
	ll 0 status q --json
	has out '"status": "queued"'
	has out '"waits_for": "h-'
	ll 0 list --running
	has out 'queued'
	has out 'running'
	touch h.go
	wait
	same 1 "$(wc -l <q.err | tr -d ' ')"
	ll 0 queue list
	has out 'Queue is empty'
	ll 0 queue list --json
	same '[]' "$(cat out)"
}

t_a_wait_has_an_end() {
	holding h 'scope: [src]'
	quick q 'scope: [src]'
	hold h
	ll 75 run q --queue-timeout 0.3
	has err 'gave up'
	LL_QUEUE_TIMEOUT=0.2 ll 75 run q --queue
	echo 'queue_timeout: 0.1' >.loops/config.yaml
	ll 75 run q -q
	same 1 "$(find .loops/.queue -name '0*' | wc -l)"
	same 1 "$(find .loops/runs -mindepth 1 -maxdepth 1 -type d | wc -l)"
	touch h.go
	wait
}

t_signals_and_remove_end_a_wait() {
	holding h 'scope: [src]'
	quick q 'scope: [src]'
	hold h
	for s in INT:130 TERM:143 HUP:129; do
		got=0
		(
			await waiting 1
			kill -"${s%:*}" "$(cat pid)"
		) &
		sh -c 'echo $$ >pid; exec "$LL" run q --queue --quiet' || got=$?
		same "${s#*:}" "$got"
	done
	begin q --queue
	await waiting 1
	ll 64 queue remove "$(find .loops/.queue -name '*.h-*' | sed 's/.*\.h-/h-/')"
	has err 'runs'
	ll 66 queue remove nobody
	ll 0 queue remove q-20
	has out "Removed 'q-"
	got=0
	wait "$(cat q.pid)" || got=$?
	same 143 "$got"
	waiting 0
	touch h.go
	wait
	same 'start h end h' "$(tr '\n' ' ' <order | sed 's/ $//')"
	same 1 "$(find .loops/runs -mindepth 1 -maxdepth 1 -type d | wc -l)"
}

t_a_stopped_waiter_is_shown_and_can_be_removed() {
	holding h 'scope: [src]'
	quick q 'scope: [src]'
	quick r 'scope: [src]'
	hold h
	begin q --queue
	await waiting 1
	begin r --queue
	await waiting 2
	kill -STOP "$(cat q.pid)"
	# shellcheck disable=SC2016 # for the inner shell
	await sh -c '"$LL" queue list | grep -q stopped'
	ll 0 queue remove 2
	touch h.go
	wait
	same 'start h end h start r end r' "$(tr '\n' ' ' <order | sed 's/ $//')"
}

t_a_run_that_has_waited_can_still_be_stopped_by_ctrl_z() {
	holding h 'scope: [src]'
	holding w 'scope: [src]'
	hold h
	begin w --queue
	await waiting 1
	kill -TSTP "$(cat w.pid)"
	await grep -q '^State:.*stopped' "/proc/$(cat w.pid)/status"
	kill -CONT "$(cat w.pid)"
	touch h.go
	await test -e w.on
	kill -TSTP "$(cat w.pid)"
	await grep -q '^State:.*stopped' "/proc/$(cat w.pid)/status"
	kill -CONT "$(cat w.pid)"
	touch w.go
	wait "$(cat w.pid)"
	same 'start h end h start w end w' "$(tr '\n' ' ' <order | sed 's/ $//')"
}

t_a_newcomer_does_not_barge_and_the_disjoint_overtake() {
	holding h 'scope: [a]'
	quick w 'scope: [a, b]'
	quick n 'scope: [b]'
	quick d 'scope: [c]'
	hold h
	begin w --queue
	await waiting 1
	ll 75 run n
	has err "run 'w-"
	has err 'was there before'
	ll 0 run d
	ll 0 run n --no-lock
	touch h.go
	wait
	same 'start h start d end d start n end n end h start w end w' \
		"$(tr '\n' ' ' <order | sed 's/ $//')"
}

t_shared_claims_go_together() {
	holding h 'scope_shared: [src]'
	quick s 'scope_shared: [src/x]'
	quick x 'scope: [src/x]'
	hold h
	ll 0 run s
	ll 75 run x
	touch h.go
	wait
}

t_resources_and_singletons() {
	holding h 'resources: [git, "port:8080"]'
	quick g 'resources: [git]'
	quick p 'resources: ["port:8081"]'
	quick all ''
	hold h
	ll 75 run g
	has err 'has git'
	ll 0 run p
	ll 0 run all
	touch h.go
	wait
	rm h.go h.on
	holding one '{}' 2>/dev/null
	sed 's/^{}$/singleton: true\nscope: [a]/' .loops/one.yaml >t
	mv t .loops/one.yaml
	sed 's/scope: \[a\]/scope: [b]/' .loops/one.yaml >.loops/two.yaml
	hold one
	ll 75 run two
	has err 'only one'
	touch one.go
	wait
}

t_a_thing_of_the_users_is_one_for_all_projects() {
	holding h 'resources: ["user:gpu"]'
	mkdir -p other/.loops
	sed 's/^name: h/name: o/; s/ h\b/ o/g; s/h\.go/o.go/; s/h\.on/o.on/' \
		.loops/h.yaml >other/.loops/o.yaml
	hold h
	[ -e "$HOME/.local/state/ll-loop/queue/.lock" ]
	(
		cd other
		ll 75 run o
		has err 'has user:gpu'
		touch o.go
		"$LL" run o --queue --quiet
	) &
	await sh -c 'ls "$HOME"/.local/state/ll-loop/queue/00000002.*'
	[ ! -e other/o.on ]
	touch h.go
	wait "$!"
	[ -e other/o.on ]
	wait
}

t_templates_are_put_in_and_missing_ones_are_told() {
	holding h 'context: {d: [one, two]}
scope: ["${context.d}"]'
	quick q 'context: {d: x}
scope: ["${context.d}/y"]'
	quick e 'scope: ["${context.nowhere}"]'
	quick f 'scope: ["${context.where?}"]'
	hold h
	ll 0 run q
	ll 75 run q --context d=two
	ll 65 run e
	has err '.loops/e.yaml:3:'
	has err 'context.nowhere'
	ll 65 run f
	has err 'empty path'
	ll 65 run q --context d=..
	has err 'outside the project'
	same 2 "$(find .loops/runs -mindepth 1 -maxdepth 1 -type d | wc -l)"
	ll 0 run q --dry-run --context d=two
	has out "$PWD/two/y"
	ll 0 show h
	has out "$PWD/one, $PWD/two"
	touch h.go
	wait
}

t_what_cannot_be_a_scope_is_an_error_of_the_file() {
	quick q 'scope: ["src/*"]'
	ll 0 validate q
	has out W239
	ll 65 run q
	for s in 'scope: [""]' 'scope_shared: ["../x"]' \
		'resources: ["user:"]' 'scope: ["${captured.x.output}"]'; do
		quick q "$s"
		ll 1 validate q
		has out E226
		ll 65 run q
	done
	ln -s / out-of-it
	quick q 'scope: [out-of-it/tmp]'
	ll 65 run q
	has err 'outside the project'
}

t_a_nested_run_has_a_lease_inside_its_parents() {
	quick inner 'scope: [src/deep]'
	quick wide 'scope: [docs]'
	quick outer 'scope: [src]' '\"$LL\" run inner --quiet --queue \&\& setsid \"$LL\" run inner --quiet'
	sed -i 's/\\&/\&/g' .loops/outer.yaml
	ll 0 run outer
	same 4 "$(grep -c inner order)"
	# What the parent has not is claimed like any run's.
	holding h 'scope: [docs]'
	quick asks 'scope: [src]' '\"$LL\" run wide --quiet 2>asks.err; echo $? >asks.rc'
	hold h
	ll 0 run asks
	same 75 "$(cat asks.rc)"
	touch h.go
	wait
}

t_a_wait_that_would_never_end_is_refused() {
	quick wide 'scope: [docs]'
	quick both 'scope: [src, docs]'
	quick outer 'scope: [src]' 'touch outer.on; while ! [ -e outer.go ]; do sleep 0.02; done; \"$LL\" run wide --quiet --queue 2>wide.err; echo $? >wide.rc'
	begin outer
	await test -e outer.on
	begin both --queue
	await waiting 1
	touch outer.go
	wait
	same 75 "$(cat wide.rc)"
	has wide.err 'would never end'
	has wide.err "waits for 'both-"
	has wide.err "waits for 'outer-"
	same 'start both end both' "$(tr '\n' ' ' <order | sed 's/ $//')"
}

t_leases_of_the_reference_are_respected_and_mirrored() {
	holding h 'scope: [src]'
	quick q 'scope: [src]'
	sleep 60 &
	sleeper=$!
	mkdir -p .loops/.running
	lease='{"loop_name": "theirs", "scope": ["%s/src"], "pid": %s, "started_at": "2999-01-01T00:00:00+00:00"}'
	# shellcheck disable=SC2059
	printf "$lease" "$PWD" "$sleeper" >.loops/.running/theirs.lock
	ll 75 run q
	has err "loop 'theirs'"
	has err "process $sleeper"
	begin q --queue
	await waiting 1
	kill "$sleeper"
	wait
	[ -e .loops/.running/theirs.lock ] || fail 'not ours to remove'
	hold h
	python3 - <<-'PY'
		import glob, json, os
		own = [f for f in glob.glob(".loops/.running/h-*.lock")]
		assert len(own) == 1, own
		d = json.load(open(own[0]))
		assert d["loop_name"] == "h" and d["scope"] == [os.getcwd() + "/src"], d
		os.kill(d["pid"], 0)
		assert d["started_at"].endswith("+00:00"), d
	PY
	touch h.go
	wait
	same theirs.lock "$(ls .loops/.running)"
}

t_a_rerun_goes_through_the_gate_too() {
	holding h 'scope: [src]'
	quick q 'scope: [src]'
	ll 0 run q
	hold h
	ll 75 rerun q
	"$LL" rerun q --queue --quiet &
	await waiting 1
	touch h.go
	wait
	same 4 "$(grep -c ' q' order)"
}

t_ten_waiters_do_nothing() {
	command -v strace >/dev/null || skip 'no strace'
	holding h 'scope: [src]'
	quick q 'scope: [src]'
	hold h
	for i in 1 2 3 4 5 6 7 8 9 10; do
		"$LL" run q --queue --quiet &
		await waiting "$i"
	done
	pids=$("$LL" queue list --json | sed -n 's/.*"pid": \([0-9]*\).*/-p \1/p')
	# shellcheck disable=SC2086
	timeout -s INT 3 strace -qq -o calls $pids 2>strace.err || :
	grep -q attach strace.err && skip "$(head -n 1 strace.err)"
	same '' "$(grep -v 'restart_syscall\|poll(.*unfinished\|poll(.*detached\|^[0-9]* *poll(' calls)"
	touch h.go
	wait
}

tap_main "$@"
