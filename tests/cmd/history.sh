#!/bin/sh
# history: which runs and which events are shown.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

two() { # a loop that completes and one that fails
	loop good <<-'EOF'
		name: good
		initial: a
		states:
		  a: {action: "true", next: b}
		  b: {action: "echo b", next: done}
		  done: {terminal: true}
	EOF
	loop bad <<-'EOF'
		name: bad
		initial: a
		states:
		  a: {action: "false", on_yes: done, on_no: failed}
		  done: {terminal: true}
		  failed: {terminal: true}
	EOF
}

ids() { # ids: how many runs the JSON list in `out` has
	grep -c '"run_id":' out || :
}

t_runs_are_chosen_by_loop_and_status() {
	two
	ll 0 run good
	ll 2 run bad
	ll 0 run good
	ll 0 history --json
	same 3 "$(ids)"
	ll 0 history --loop good --json
	same 2 "$(ids)"
	ll 0 history good --json
	same 2 "$(ids)"
	ll 0 history --status failed --json
	same 1 "$(ids)"
	has out '"loop": "bad"'
	ll 0 history --status failed --status completed --json
	same 3 "$(ids)"
	ll 0 history --loop bad --status completed --json
	same '[]' "$(cat out)"
	ll 0 history --loop nobody
	has out 'No runs'
	ll 0 history --status completed --tail 1 --json
	same 1 "$(ids)"
	ll 64 history --status 'done'
	has err '--status is one of completed, failed,'
	ll 64 history good --loop bad
}

t_tail_counts_what_is_left_by_the_other_filters() {
	two
	ll 0 run good
	ll 2 run bad
	ll 2 run bad
	ll 0 history --loop good -n 1 --json
	same 1 "$(ids)"
	has out '"loop": "good"'
}

t_since_is_right_in_every_zone() {
	two
	ll 0 run good
	sleep 2
	for zone in UTC Asia/Tokyo America/Los_Angeles XYZ-14; do
		export TZ=$zone
		ll 0 history --since 1h --json
		same 1 "$(ids)"
		ll 0 history --since 1s --json
		same 0 "$(ids)"
		ll 0 history -S "$(date -u -d '1 minute ago' +%Y-%m-%dT%H:%M:%SZ)" --json
		same 1 "$(ids)"
		ll 0 history -S "$(date -u -d '1 minute ago' +%Y-%m-%dT%H:%M:%S)" --json
		same 1 "$(ids)"
		ll 0 history --since "$(date -d '1 minute ago' +%Y-%m-%dT%H:%M:%S%z)" --json
		same 1 "$(ids)"
		ll 0 history --since "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --json
		same 0 "$(ids)"
		run=$(basename "$(run_dir good)")
		ll 0 history "$run" --since 1h --json
		has out '"event":"run_end"'
		ll 0 history "$run" --since 1s --json
		same '[]' "$(cat out)"
	done
}

t_a_bad_age_names_its_option() {
	two
	for age in 5 h 1x 1h30m '' -1h yesterday 2026-02-30 2026-11-21T25:00; do
		ll 64 history "--since=$age"
		has err '--since needs an age such as'
	done
	ll 64 prune --keep 1 --older-than soon
	has err '--older-than needs an age such as'
}

t_events_are_chosen() {
	two
	ll 0 run good
	run=$(basename "$(run_dir good)")
	ll 0 history "$run" -e route --json
	same 2 "$(grep -c '"event":' out)"
	ll 0 history "$run" --event route --event run_end --json
	same 3 "$(grep -c '"event":' out)"
	ll 0 history "$run" -s b --json
	has out '"from":"a","to":"b"'
	has out '"from":"b","to":"done"'
	lacks out run_start
	ll 0 history "$run" -s b -e action_complete --json
	same 1 "$(grep -c '"event":' out)"
	ll 0 history "$run" -e route -n 1 --json
	has out '"to":"done"'
	same 1 "$(grep -c '"event":' out)"
	ll 0 history "$run" -e nothing --json
	same '[]' "$(cat out)"
	ll 0 history "$run" -e nothing
	has out 'No events match'
	ll 0 history "$run" --full -s b
	has out '       b'
	ll 64 history -e route
	has err 'name a RUN'
	ll 64 history "$run" --status completed
}

t_the_two_words_of_the_reference_work() {
	two
	ll 0 run good
	run=$(basename "$(run_dir good)")
	ll 0 history good "$run"
	has out 'Loop completed: done'
	ll 0 history good "${run#good-}"
	has out 'Loop completed: done'
	ll 0 history --loop good "$run"
	ll 66 history bad "$run"
	has err "is of the loop 'good', not 'bad'"
	ll 66 history good nothing
	has err "no run 'nothing'"
}

tap_main "$@"
