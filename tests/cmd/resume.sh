#!/bin/sh
# resume: a run goes on where it stood, whatever ended it.
# shellcheck shell=sh source=tests/tap.sh
# References of loops are no expansions of this shell.
# shellcheck disable=SC2016
. "$(dirname "$0")/../tap.sh"

# A step of the loops below: it says so, and waits at the first time until the
# file `go` is there.  STOP names the step that waits.
step() {
	printf 'echo %s >>log; echo cap-%s; ' "$1" "$1"
	printf 'if [ "$(cat stop)" = %s ] && [ ! -e go ]; then ' "$1"
	printf 'echo in >waits; sleep 60; fi'
}

chain() { # three steps in a row, and what they captured
	loop chain <<-EOF
	name: chain
	description: d
	initial: a
	context: {word: w}
	states:
	  a: {action: '$(step a)', capture: a, next: b}
	  b: {action: '$(step b)', capture: b, next: c}
	  c: {action: '$(step c)', capture: c, next: say}
	  say:
	    action: 'echo "\${captured.a.output:default=none} \${captured.b.output:default=none} \${captured.c.output:default=none} \${context.word}" >said'
	    next: done
	  done: {terminal: true}
	EOF
}

nested() { # the same with the middle one in another loop
	loop kid <<-EOF
	name: kid
	description: d
	initial: k
	states:
	  k: {action: '$(step k)', capture: k, next: b}
	  b: {action: '$(step b)', capture: b, next: l}
	  l: {action: '$(step l)', next: end}
	  end: {terminal: true}
	EOF
	loop chain <<-EOF
	name: chain
	description: d
	initial: a
	states:
	  a: {action: '$(step a)', capture: a, next: sub}
	  sub: {loop: kid, with: {}, on_yes: c, on_no: bad, on_error: bad}
	  c: {action: '$(step c)', capture: c, next: say}
	  say:
	    action: 'echo "\${captured.a.output:default=none} \${captured.sub.b.output:default=none} \${captured.c.output:default=none} w" >said'
	    next: done
	  bad: {terminal: true, failure: true}
	  done: {terminal: true}
	EOF
}

until_file() { # until_file NAME
	while [ ! -e "$1" ]; do sleep 0.02; done
}

begin() { # begin LOOP STEP [OPTION...]: run it until that step waits; $pid
	name=$1
	echo "$2" >stop
	shift 2
	rm -f waits go
	"$LL" run "$name" --quiet "$@" &
	pid=$!
	until_file waits
}

crash() { # both processes of $pid, in one moment
	kill_both "$pid"
	wait "$pid" 2>/dev/null || true
}

interrupt() { # by a signal to the guard
	kill -TERM "$pid"
	wait "$pid" || true
}

count() { # count LOOP EVENT: how many records there are
	grep -c "\"event\":\"$2\"" "$(run_dir "$1").ll/journal.jsonl" || true
}

same_end() { # as if nothing had happened
	same 'cap-a cap-b cap-c w' "$(cat said)"
	ll 0 status chain
	has out 'Status: completed'
	ll 0 fsck chain
	same 1 "$(find .loops/runs -mindepth 1 -maxdepth 1 -name '*-*' | wc -l)"
	same 1 "$(count chain run_start)"
	# No ticket is left, nothing lives.
	same 0 "$(find .loops/.queue -name '0*' | wc -l)"
}

t_killed_in_an_action() {
	chain
	for s in a b c; do
		begin chain $s
		crash
		touch go
		ll 0 resume chain
		has out 'Resuming loop: chain'
		same_end
		want_log=$(printf 'a\nb\nc\n' | sed "s/$s/$s $s/" | tr ' ' '\n')
		same "$want_log" "$(cat log)"
		rm -rf .loops/runs log said
	done
}

t_stopped_in_an_action() {
	chain
	begin chain b
	interrupt
	touch go
	ll 0 res --quiet
	same_end
	same 'a b b c say done' "$(path_of chain | sed 's/ b done/ done/')"
	same 1 "$(count chain loop_resume)"
}

t_the_engine_alone_is_killed() {
	chain
	begin chain b
	kill -KILL "$(engine_of "$pid")"
	wait $pid || true
	touch go
	ll 0 resume chain --quiet
	same_end
	begin chain c
	kill -KILL "$pid"
	wait $pid || true
	touch go
	# The engine ends what it had begun, then gives the ticket back.
	while "$LL" resume chain --quiet 2>err; [ $? -eq 75 ]; do sleep 0.05; done
	same 'cap-a cap-b cap-c w' "$(cat said)"
}

t_killed_between_states() {
	chain
	echo none >stop
	"$LL" run chain --quiet --delay 60 &
	pid=$!
	until grep -q '"event":"route"' .loops/runs/chain-*/.ll/journal.jsonl; do
		sleep 0.02
	done 2>/dev/null
	crash
	ll 0 resume chain --quiet --delay 0
	same_end
	same 'a b c' "$(tr '\n' ' ' <log | sed 's/ $//')"
}

t_killed_in_a_loop_that_is_called() {
	nested
	for s in k b l; do
		begin chain $s
		crash
		touch go
		ll 0 resume chain --quiet
		same_end
		same "$(printf 'a k b l c' | sed "s/$s/$s $s/")" \
			"$(tr '\n' ' ' <log | sed 's/ $//')"
		rm -rf .loops/runs log said
	done
	begin chain c
	interrupt
	touch go
	ll 0 resume chain --quiet
	same_end
}

t_killed_among_items() {
	loop fan <<-'EOF'
	name: fan
	description: d
	initial: all
	states:
	  all:
	    parallel:
	      items: [1, 2, 3, 4]
	      max_workers: 2
	      action: 'echo "${item}" >>log; if [ "${item}" = 3 ] && [ ! -e go ]; then echo x >waits; sleep 60; fi'
	    on_yes: done
	    on_no: bad
	    on_error: bad
	  bad: {terminal: true, failure: true}
	  done: {terminal: true}
	EOF
	"$LL" run fan --quiet &
	pid=$!
	until_file waits
	# 1, 2 and 4 are over; 3 is not.
	while [ "$(count fan item_complete)" -lt 3 ]; do sleep 0.02; done
	crash
	touch go
	ll 0 resume fan --quiet
	same '1 2 3 3 4' "$(sort log | tr '\n' ' ' | sed 's/ $//')"
	ll 0 status fan
	has out 'Status: completed'
}

among_loops() { # among_loops STEPS: a loop for each of three items
	loop each <<-EOF
	name: each
	description: d
	parameters: {n: {type: string, required: true}}
	initial: first
	states:
	  first: {action: 'echo "first \${context.n}" >>log', capture: f, next: pay}
	  pay: {action: 'echo "pay \${context.n}" >>log; echo x >"waits\${context.n}"; test -e go || sleep 60', $1 next: last}
	  look: {action: 'echo "look \${context.n}" >>log', next: last}
	  last: {action: 'echo "\${captured.f.exit_code} last \${context.n}" >>log', next: done}
	  done: {terminal: true}
	EOF
	loop fan <<-'EOF'
	name: fan
	description: d
	initial: all
	states:
	  all:
	    parallel: {items: [1, 2, 3], max_workers: 2, loop: each, with: {n: "${item}"}}
	    on_yes: done
	    on_no: bad
	    on_error: bad
	  bad: {terminal: true, failure: true}
	  done: {terminal: true}
	EOF
	rm -rf .loops/runs log go waits1 waits2
	"$LL" run fan --quiet &
	pid=$!
	until_file waits1
	until_file waits2
	crash
	touch go
}

logged() { # what the log says, in order of the lines
	sort log | uniq -c | awk '{ $1 = $1; print }' | tr '\n' ',' | sed 's/,$//'
}

# What an item has done is done, and `once` holds in its loop too.
t_killed_in_the_loops_of_items() {
	among_loops ''
	ll 0 resume fan --quiet
	same '1 0 last 1,1 0 last 2,1 0 last 3,1 first 1,1 first 2,1 first 3,2 pay 1,2 pay 2,1 pay 3' "$(logged)"
	ll 0 status fan
	has out 'Status: completed'
	among_loops 'once: true,'
	ll 2 resume fan --quiet
	same '1 0 last 3,1 first 1,1 first 2,1 first 3,1 pay 1,1 pay 2,1 pay 3' "$(logged)"
	among_loops 'once: true, on_interrupted: look,'
	ll 0 resume fan --quiet
	same '1 0 last 1,1 0 last 2,1 0 last 3,1 first 1,1 first 2,1 first 3,1 look 1,1 look 2,1 pay 1,1 pay 2,1 pay 3' "$(logged)"
	ll 0 fsck fan
}

# A loop that has not the state any more begins again.
t_the_loop_of_items_has_changed() {
	among_loops ''
	sed -i 's/^  pay:/  owe:/; s/next: pay/next: owe/' .loops/each.yaml
	ll 0 resume fan --quiet --accept-changed
	same '1 0 last 1,1 0 last 2,1 0 last 3,2 first 1,2 first 2,1 first 3,2 pay 1,2 pay 2,1 pay 3' "$(logged)"
}

t_a_resume_is_interrupted_and_resumed() {
	chain
	begin chain a
	crash
	echo b >stop
	rm waits
	"$LL" resume chain --quiet --context word=changed &
	pid=$!
	until_file waits
	crash
	echo c >stop
	rm waits
	"$LL" resume chain --quiet &
	pid=$!
	until_file waits
	interrupt
	touch go
	ll 0 resume chain --quiet
	same 'cap-a cap-b cap-c changed' "$(cat said)"
	same 3 "$(count chain loop_resume)"
	ll 0 fsck
}

t_a_torn_record_is_cut() {
	chain
	begin chain b
	crash
	printf '{"seq":99,"ts":"20' >>"$(run_dir chain).ll/journal.jsonl"
	touch go
	ll 0 resume chain --quiet
	same_end
	same 1 "$(count chain journal_repaired)"
}

t_killed_behind_its_first_record() {
	chain
	: >stop
	ll 0 run chain --quiet
	j=$(run_dir chain).ll/journal.jsonl
	head -n 1 "$j" >first
	for words in '' '--context word=changed'; do
		cp first "$j"
		ll 64 resume chain --from a
		has err 'before its loop began'
		ll 64 resume chain --skip
		ll 0 status
		has out 'Status: died'
		# shellcheck disable=SC2086 # words
		ll 0 resume chain --quiet $words
		same 1 "$(count chain loop_start)"
		w=${words#*=}
		same "cap-a cap-b cap-c ${w:-w}" "$(cat said)"
		same 'a b c say done' "$(path_of chain)"
	done
	ll 0 fsck
}

t_who_is_refused() {
	chain
	ll 66 resume chain
	ll 66 resume
	begin chain b
	run=$(basename "$(run_dir chain)")
	for w in chain "$run" ''; do
		# shellcheck disable=SC2086 # no word at all
		ll 75 resume $w
		has err "'$run' is already running, as process $pid"
	done
	same 0 "$(count chain loop_resume)"
	interrupt
	ll 66 resume cha
	ll 66 resume "${run%?}"
	ll 64 resume chain --from nowhere
	has err "no state 'nowhere'"
	ll 64 resume chain --from=a --verbos
	touch go
	ll 0 resume "$run" --quiet
	ll 64 resume "$run"
	has err 'has ended (terminal)'
	ll 64 resume
}

t_the_newest_that_can_go_on() {
	chain
	begin chain b
	crash
	old=$(basename "$(run_dir chain)")
	touch go
	ll 0 run chain --quiet
	ll 0 resume chain
	has out "$old"
	ll 64 resume chain
}

t_two_at_once() {
	chain
	begin chain b
	crash
	rm waits
	"$LL" resume chain --quiet 2>err1 &
	one=$!
	"$LL" resume chain --quiet 2>err2 &
	two=$!
	until_file waits
	touch go
	# What the killed one left is complained about too.
	until grep -q 'running\|busy\|somebody else' err1 err2; do
		sleep 0.02
	done
	kill -TERM $one $two 2>/dev/null || true
	rc1=0 rc2=0
	wait $one || rc1=$?
	wait $two || rc2=$?
	case $rc1-$rc2 in
	75-143 | 143-75 | 75-0 | 0-75) ;;
	*) fail "status $rc1 and $rc2" ;;
	esac
	same 1 "$(count chain loop_resume)"
}

t_what_a_killed_run_left_is_ended_first() {
	chain
	loop chain <<-'EOF'
	name: chain
	description: d
	initial: a
	states:
	  a:
	    action: >-
	      if [ -e go ]; then grep -q "^State:.[^Z]" "/proc/$(cat left)/status" &&
	      echo alive >bad; else setsid sh -c 'echo $$ >left; exec sleep 60' & echo x >waits; sleep
	      60; fi
	    next: done
	  done: {terminal: true}
	EOF
	"$LL" run chain --quiet &
	pid=$!
	until_file waits
	while [ ! -s left ]; do sleep 0.02; done
	crash
	kill -0 "$(cat left)"
	touch go
	ll 0 resume chain --quiet
	has err "that run 'chain-"
	[ ! -e bad ] || fail 'the first try was still alive'
}

t_a_changed_file_is_told_and_not_taken() {
	chain
	begin chain b
	crash
	touch go
	sed -i 's/>said/>said; echo new >new/' .loops/chain.yaml
	ll 0 resume chain --quiet
	same_end
	[ ! -e new ] || fail 'the changed file was taken'
	rm -rf .loops/runs
	begin chain b
	crash
	touch go
	rm .loops/chain.yaml
	ll 0 resume chain
	has err 'chain.yaml changed since the run began, which goes on with what'
	same_end
}

t_a_changed_file_is_accepted() {
	chain
	begin chain b
	crash
	sed -i 's/>said/>said; echo new >new/; s/  c: /  x: /; s/next: c}/next: x}/' \
		.loops/chain.yaml
	echo x >stop
	sed -i 's/= c \]/= x ]/' .loops/chain.yaml
	rm waits
	"$LL" resume chain --quiet --accept-changed &
	pid=$!
	until_file waits
	crash
	same 1 "$(count chain sealed)"
	ll 0 fsck
	rm .loops/chain.yaml
	touch go
	ll 0 resume chain --quiet
	has new new
	same 'a b x say' "$(journal chain state_enter state | tr ' ' '\n' | uniq |
		tr '\n' ' ' | sed 's/ $//')"
	# rerun is the loop as it was when the run began.
	rm new
	ll 0 rerun chain --quiet
	[ ! -e new ] || fail 'rerun took what was accepted later'
}

t_a_changed_file_that_does_not_fit() {
	chain
	begin chain b
	crash
	touch go
	sed -i 's/  b: /  x: /; s/next: b}/next: x}/' .loops/chain.yaml
	cp "$(run_dir chain).ll/journal.jsonl" before
	ll 65 resume chain --accept-changed
	has err "has no state 'b', in which the run stands"
	cmp before "$(run_dir chain).ll/journal.jsonl"
	ll 0 resume chain --accept-changed --from x --quiet
	same 1 "$(count chain operator)"
}

t_a_cap_that_is_used_up() {
	loop capd <<-'EOF'
	name: capd
	description: d
	initial: a
	max_steps: 2
	states:
	  a: {action: 'echo x >>n; test "$(wc -l <n)" -ge 4', on_yes: done, on_no: a, on_error: a}
	  done: {terminal: true}
	EOF
	ll 1 run capd --quiet
	ll 64 resume capd
	has err 'used up its max_steps'
	sed -i 's/max_steps: 2/max_steps: 9/' .loops/capd.yaml
	ll 64 resume capd
	ll 0 resume capd --accept-changed --quiet
	same 4 "$(wc -l <n)"
}

t_a_cap_is_raised() {
	loop capd <<-'EOF'
	name: capd
	description: d
	initial: a
	max_steps: 2
	states:
	  a: {action: 'echo x >>n; sleep 0.2; test "$(wc -l <n)" -ge 6', on_yes: done, on_no: a, on_error: a}
	  done: {terminal: true}
	EOF
	ll 1 run capd --quiet
	ll 64 resume capd
	has err 'raise it with --max-steps N'
	ll 64 resume capd --max-steps 2
	ll 1 resume capd --max-steps 4 --quiet
	same 4 "$(wc -l <n)"
	# It is what the next one holds to.
	ll 64 resume capd
	ll 1 resume capd -n 5 --quiet
	same 5 "$(wc -l <n)"
	ll 1 resume capd --max-steps 9 --timeout 0.001 --quiet
	same timeout "$(journal capd run_end terminated_by | sed 's/.* //')"
	ll 64 resume capd
	has err 'raise it with --timeout SECONDS'
	ll 0 resume capd --timeout 60 --quiet
	same 6 "$(wc -l <n)"
	ll 0 fsck
}

t_a_cap_of_passes_is_raised() {
	loop passes <<-'EOF'
	name: passes
	description: d
	initial: a
	maintain: true
	max_steps: 50
	max_iterations: 2
	states:
	  a: {action: 'echo x >>n', next: done}
	  done: {terminal: true}
	EOF
	ll 1 run passes --quiet
	same 2 "$(wc -l <n)"
	ll 64 resume passes
	has err 'used up its max_iterations (raise it with --max-iterations N)'
	ll 1 resume passes --max-iterations 3 --quiet
	same 3 "$(wc -l <n)"
	ll 64 resume passes
}

t_in_the_background() {
	chain
	begin chain b
	crash
	id=$(basename "$(run_dir chain)")
	rm waits
	ll 0 resume chain --background
	same "$id" "$(cat out)"
	same 1 "$(count chain loop_resume)"
	until_file waits
	ll 75 resume chain -b
	has err 'is already running'
	same '' "$(cat out)"
	ll 0 stop chain
	touch go
	ll 0 resume chain -b -f
	has out b
	lacks out 'cap-a'
	has out 'Loop completed: done'
	same_end
	ll 64 resume chain -b
	has err 'has ended'
}

t_the_project_has_moved() {
	loop kid <<-'EOF'
	name: kid
	initial: k
	states:
	  k: {action: 'echo "${context.run_dir}" >>dirs; echo x >waits; test -e go || sleep 60', next: end}
	  end: {terminal: true}
	EOF
	loop big <<-'EOF'
	name: big
	initial: a
	states:
	  a: {action: 'seq 1 9999', capture: big, next: b}
	  b: {loop: kid, with: {}, on_yes: c, on_no: c, on_error: c}
	  c:
	    action: 'printf "%s\n" "${captured.big.output}" | cksum >sum; echo "${context.run_dir}" >>dirs'
	    next: done
	  done: {terminal: true}
	EOF
	begin big b
	crash
	here=$(pwd -P)
	mkdir ../new
	mv .loops ../new
	cd ../new
	touch go
	ll 0 resume big --quiet
	same "$(seq 1 9999 | cksum)" "$(cat sum)"
	same "$(cd "$(run_dir big)" && pwd -P)/" "$(sort -u dirs)"
	[ ! -e "$here/.loops" ] || fail 'it wrote where it was'
	ll 0 status big --json
	grep -q '"output": "1.n2.n3' out || fail 'its captures cannot be read'
	ll 0 fsck
}

t_from_and_skip() {
	chain
	begin chain b
	crash
	touch go
	ll 0 resume chain --skip --quiet
	same 'a b c' "$(tr '\n' ' ' <log | sed 's/ $//')"
	same skip "$(journal chain operator action)"
	rm -rf .loops/runs log
	nested
	begin chain b
	crash
	touch go
	ll 0 resume chain --skip --quiet
	same 'a k b l c' "$(tr '\n' ' ' <log | sed 's/ $//')"
	rm -rf .loops/runs log
	begin chain b
	crash
	touch go
	ll 0 resume chain --from a --quiet
	same 'a k b a k b l c' "$(tr '\n' ' ' <log | sed 's/ $//')"
	same_end
	rm -rf .loops/runs log
	begin chain a
	crash
	touch go
	ll 0 resume chain --skip --from c --quiet
	same 'a c' "$(tr '\n' ' ' <log | sed 's/ $//')"
}

t_skip_needs_a_next() {
	loop verdict <<-'EOF'
	name: verdict
	description: d
	initial: a
	states:
	  a: {action: 'echo x >waits; test -e go || sleep 60', on_yes: done, on_no: done, on_error: done}
	  done: {terminal: true}
	EOF
	"$LL" run verdict --quiet &
	pid=$!
	until_file waits
	crash
	ll 64 resume verdict --skip
	has err 'has no `next`'
}

t_once_and_on_interrupted() {
	for how in 'once: true,' 'once: true, on_interrupted: look,' \
		'on_interrupted: fail,' 'on_interrupted: look,'; do
		rm -rf .loops/runs log go waits
		loop pay <<-EOF
		name: pay
		description: d
		initial: pay
		states:
		  pay: {action: 'echo pay >>log; echo x >waits; test -e go || sleep 60', $how next: done}
		  look: {action: 'echo look >>log', next: done}
		  done: {terminal: true}
		EOF
		"$LL" run pay --quiet &
		pid=$!
		until_file waits
		crash
		touch go
		case $how in
		*look*)
			ll 0 resume pay --quiet
			same 'pay look' "$(tr '\n' ' ' <log | sed 's/ $//')"
			;;
		*)
			ll 1 resume pay --quiet
			same pay "$(cat log)"
			;;
		esac
	done
}

t_counters_go_on() {
	loop counts <<-'EOF'
	name: counts
	description: d
	initial: a
	states:
	  a:
	    action: >-
	      echo x >>n; if [ "$(wc -l <n)" = 2 ]; then echo x >waits;
	      test -e go || sleep 60; fi; sleep 0.2; false
	    append_to_messages: 'said ${state.iteration}'
	    max_retries: 3
	    on_retry_exhausted: given_up
	    on_yes: done
	    on_no: a
	    on_error: a
	  given_up: {action: 'wc -l <n >tries', next: done}
	  done: {terminal: true}
	EOF
	"$LL" run counts --quiet &
	pid=$!
	until_file waits
	crash
	ms=$("$LL" status counts --json |
		sed -n 's/.*"accumulated_ms": \([0-9]*\).*/\1/p')
	touch go
	ll 0 resume counts --quiet
	# Three retries in a row, one of them was tried twice.
	same 5 "$(cat tries)"
	ll 0 status counts --json
	same 4 "$(grep -c 'said [0-9]' out)"
	now=$(sed -n 's/.*"accumulated_ms": \([0-9]*\).*/\1/p' out)
	[ "$now" -ge $((ms + 600)) ] || fail "active for $now ms, $ms before"
}

t_a_stall_window_goes_on() {
	loop stall <<-'EOF'
	name: stall
	description: d
	initial: a
	circuit: {repeated_failure: {window: 3, on_repeated_failure: bad}}
	states:
	  a:
	    action: >-
	      echo x >>n; if [ "$(wc -l <n)" = 3 ]; then echo x >waits;
	      test -e go || sleep 60; fi; false
	    on_yes: done
	    on_no: a
	    on_error: a
	  bad: {terminal: true, failure: true}
	  done: {terminal: true}
	EOF
	"$LL" run stall --quiet &
	pid=$!
	until_file waits
	interrupt
	touch go
	ll 2 resume stall --quiet
	same 4 "$(wc -l <n)"
}

t_secrets_are_given_again() {
	loop hush <<-'EOF'
	name: hush
	description: d
	initial: a
	secrets: [token, key]
	context: {token: "", key: ""}
	states:
	  a: {action: 'echo x >waits; test -e go || sleep 60', next: b}
	  b: {action: 'echo "${context.token} ${context.key}" >got', next: done}
	  done: {terminal: true}
	EOF
	"$LL" run hush --quiet --context token=swordfish \
		--context key=opensesame &
	pid=$!
	until_file waits
	crash
	touch go
	ll 65 resume hush
	has err ' --context token=VALUE --context key=VALUE'
	ll 65 resume hush --context key=opensesame
	has err ' --context token=VALUE'
	same 0 "$(count hush loop_resume)"
	ll 0 resume hush --context token=swordfish --context key=opensesame
	same 'swordfish opensesame' "$(cat got)"
	same '' "$(grep -rlE 'swordfish|opensesame' .loops/runs out err || true)"
}

t_a_missing_output_is_told_before_anything() {
	loop big <<-'EOF'
	name: big
	description: d
	initial: a
	states:
	  a: {action: 'seq 1 20000', capture: big, next: b}
	  b: {action: 'echo x >waits; test -e go || sleep 60', next: c}
	  c: {action: 'printf %s "${captured.big.output}" | wc -l >lines', next: done}
	  done: {terminal: true}
	EOF
	"$LL" run big --quiet &
	pid=$!
	until_file waits
	crash
	touch go
	file=$(find "$(run_dir big).ll/output" -type f)
	mv "$file" elsewhere
	cp "$(run_dir big).ll/journal.jsonl" before
	ll 65 resume big
	has err "$file"
	head -c 100 elsewhere >"$file"
	ll 65 resume big
	has err 'it has 100 bytes'
	cmp before "$(run_dir big).ll/journal.jsonl"
	mv elsewhere "$file"
	ll 0 resume big --quiet
	same 19999 "$(tr -d ' ' <lines)"
}

t_a_loop_of_today_that_was_not_met() {
	mkdir -p .loops
	loop kid <<-'EOF'
	name: kid
	description: d
	initial: k
	states:
	  k: {action: 'echo kid >>log; echo x >waits; test -e go || sleep 60', next: end}
	  end: {terminal: true}
	EOF
	loop top <<-'EOF'
	name: top
	description: d
	initial: a
	context: {which: kid, other: late}
	states:
	  a: {loop: '${context.which}', on_yes: b, on_no: bad, on_error: bad}
	  b: {loop: '${context.other}', on_yes: done, on_no: bad, on_error: bad}
	  bad: {terminal: true, failure: true}
	  done: {terminal: true}
	EOF
	"$LL" run top --quiet &
	pid=$!
	until_file waits
	crash
	rm .loops/kid.yaml
	loop late <<-'EOF'
	name: late
	description: d
	initial: k
	states:
	  k: {action: 'echo late >>log', next: end}
	  end: {terminal: true}
	EOF
	touch go
	ll 0 resume top --quiet
	same 'kid kid late' "$(tr '\n' ' ' <log | sed 's/ $//')"
	ll 0 fsck
	same 2 "$(count top sealed)"
}

tap_main "$@"
