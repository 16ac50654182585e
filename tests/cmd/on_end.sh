#!/bin/sh
# on_end: the last command of a run, whatever became of it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

soon() { # soon COMMAND...: within 20 s it succeeds
	for _ in $(seq 200); do
		"$@" && return 0
		sleep 0.1
	done
	fail "it never came: $*"
}

one() { # one NAME ACTION ON_END
	loop "$1" <<-EOF
	name: $1
	description: d
	initial: a
	scope: ["."]
	max_steps: 3
	on_end: |
	$(printf '%s\n' "$3" | sed 's/^/  /')
	states:
	  a: {action: '$2', on_yes: done, on_no: failed, on_error: a}
	  done: {terminal: true}
	  failed: {terminal: true, failure: true}
	EOF
}

# shellcheck disable=SC2016
note='echo "$LL_END $LL_STATUS $LL_LOOP" >>told'

gone() { # gone PID...: no such process, or a zombie that nobody reaps here
	for pid in "$@"; do
		grep -q '^State:[^A-Z]*[^ZX] ' "/proc/$pid/status" 2>/dev/null &&
			return 1
	done
	return 0
}

t_it_is_told_how_the_run_ended() {
	one x true "$note"
	ll 0 run x
	one x false "$note"
	ll 2 run x
	one x 'exit 2' "$note"
	ll 1 run x
	# shellcheck disable=SC2016
	one x 'kill -TERM $PPID; sleep 60' "$note"
	ll 143 run x
	cat >wanted <<-EOF
	terminal 0 x
	terminal 2 x
	max_steps 1 x
	interrupted 143 x
	EOF
	diff wanted told
	ll 64 run x --context
	same 4 "$(wc -l <told)"
}

t_it_has_the_run_and_stands_where_actions_stand() {
	# shellcheck disable=SC2016
	one x true 'echo "$LL_RUN_ID $LL_RUN_DIR $LL_ROOT $PWD" >told'
	mkdir sub
	cd sub
	ll 0 run x --quiet
	cd ..
	dir=$PWD/$(run_dir x)
	same "$(basename "$dir") $dir $PWD $PWD/sub" "$(cat sub/told)"
}

t_the_run_is_over_by_then() {
	# shellcheck disable=SC2016
	one x true '"$LL" status "$LL_RUN_ID" >told; ls .loops/.queue >queue'
	ll 0 run x
	has told 'Status: completed'
	same '' "$(cat queue)"
}

t_it_runs_when_either_process_is_killed() {
	# shellcheck disable=SC2016
	one x 'echo $$ >pid; sleep 60' "$note"
	for who in engine guard; do
		rm -f pid told
		"$LL" run x --quiet >out 2>err &
		job=$!
		soon test -s pid
		if [ "$who" = engine ]; then
			kill -KILL "$(engine_of "$job")"
		else
			kill -KILL "$job"
		fi
		soon test -s told
		same 'system_signal 1 x' "$(cat told)"
		soon gone "$(cat pid)"
	done
}

t_that_it_fails_is_told_and_changes_nothing() {
	one x true 'exit 7'
	ll 0 run x
	has err 'on_end failed with status 7'
	# shellcheck disable=SC2016
	one x false 'kill -KILL $$'
	ll 2 run x
	has err 'on_end was killed by SIGKILL'
	one x true 'exit 7'
	ll 0 run x --quiet --json
	has err 'status 7'
}

t_what_it_prints_is_on_the_screen() {
	one x true 'echo to out; echo to err >&2; printf "\033[2J"'
	ll 0 run x
	tail -n 2 out | head -n 1 | grep -qx 'to out' || fail 'not the last'
	grep -q "$(printf '\033')" out && fail 'it steers the terminal'
	has err 'to err'
	ll 0 run x --json
	lacks out 'to out'
	has err 'to out'
	ll 0 run x --quiet
	same '' "$(cat out err)"
}

t_a_secret_stays_one() {
	# shellcheck disable=SC2016
	one x true 'echo "it is $KEY"'
	sed -i 's/^max_steps/secrets: [KEY]\nmax_steps/' .loops/x.yaml
	KEY=hush-hush-77 "$LL" run x >out 2>err
	lacks out hush-hush
	has out 'it is ***'
}

t_in_the_background_too() {
	one x true "echo noise; $note"
	ll 0 run x -b --quiet
	ll 0 wait x
	soon test -s told
	same 'terminal 0 x' "$(cat told)"
	lacks out noise
}

t_what_it_leaves_behind_is_ended() {
	# shellcheck disable=SC2016
	one x true 'setsid sleep 60 & echo $! >pid'
	ll 0 run x
	gone "$(cat pid)" || fail 'it lives'
}

t_a_signal_ends_it() {
	# shellcheck disable=SC2016
	one x true 'echo $$ >pid; sleep 60'
	"$LL" run x --quiet >out 2>err &
	job=$!
	soon test -s pid
	kill -TERM "$job"
	got=0
	wait "$job" || got=$?
	same 0 "$got"
	has err 'on_end was interrupted'
	gone "$(cat pid)" || fail 'it lives'
}

t_the_configuration_has_one_for_all() {
	one x true "$note"
	sed -i '/^on_end/,+1d' .loops/x.yaml
	echo "on_end: 'echo for all >>told'" >.loops/config.yaml
	ll 0 run x
	same 'for all' "$(cat told)"
	ll 0 config
	has out on_end
	one x true "$note"
	ll 0 run x
	same 'terminal 0 x' "$(tail -n 1 told)"
	one x true ''
	ll 0 run x
	same 2 "$(wc -l <told)"
}

t_values_are_not_put_in() {
	# shellcheck disable=SC2016
	one x true 'echo ${context.a}'
	ll 65 run x
	has err E106
	# shellcheck disable=SC2016
	one x true 'v=1; echo "${v:-2} ${#v} $${v}" >told'
	ll 0 run x
	# shellcheck disable=SC2016
	echo 'on_end: "echo ${captured.a.output}"' >.loops/config.yaml
	ll 65 run x
	has err E106
}

t_of_a_loop_that_is_called_there_is_none() {
	one inner true 'echo inner >>told'
	one outer true 'echo outer >>told'
	sed -i "s/action: 'true'/loop: inner/" .loops/outer.yaml
	ll 0 run outer
	same outer "$(cat told)"
}

# Somebody clears the project up while it runs.
t_its_record_is_gone() {
	one x 'rm -rf .loops/runs' "$note"
	ll 1 run x
	same 'io_error 1 x' "$(cat told)"
	one x 'mv .loops away' "$note"
	ll 0 run x
	same 'terminal 0 x' "$(tail -n 1 told)"
}

tap_main "$@"
