#!/bin/sh
# wait: leave as a run did, whatever becomes of it.
# shellcheck shell=sh source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

ends() { # ends NAME ACTION: a loop of one state
	loop "$1" <<-EOF
	name: $1
	description: d
	initial: a
	states:
	  a: {action: '$2', on_yes: done, on_no: failed}
	  done: {terminal: true}
	  failed: {terminal: true, failure: true}
	EOF
}

until_there() { # until_there FILE: it comes within the time of the test
	while [ ! -s "$1" ]; do
		sleep 0.05
	done
}

# held NAME: a run that goes on until the file `go` is there; its id is in
# the file `id`, and the number of its process in `engine`.
held() {
	rm -f go id
	# shellcheck disable=SC2016
	ends "$1" 'echo $LL_RUN_ID >id; until test -e go || test ! -e id; do sleep 0.05; done'
	"$LL" run "$1" --quiet >run.out 2>&1 &
	echo $! >engine
	until_there id
}

t_a_run_that_has_ended_is_not_waited_for() {
	ends good true
	ends bad false
	ll 0 run good
	ll 2 run bad
	ll 0 wait good
	ll 2 wait bad
	ll 2 wait "$(basename "$(run_dir bad)")" --timeout 0
	same '' "$(cat out err)"
}

t_a_run_that_ends_while_it_is_waited_for() {
	for row in true:0 false:2; do
		held slow
		sed -i "s/; done/; done; ${row%:*}/" .loops/slow.yaml
		kill "$(cat engine)"
		got=0
		wait "$(cat engine)" || got=$?
		same 143 "$got"
		ll 143 wait slow
		rm -f id
		"$LL" run slow --quiet &
		until_there id
		(
			sleep 0.3
			: >go
		) &
		ll "${row#*:}" wait "$(cat id)"
		lacks err died
		rm -f go id
		wait
	done
}

t_the_time_is_up() {
	held slow
	ll 75 wait slow --timeout 0.2
	has err 'still running'
	ll 75 wait slow --timeout 0
	: >go
	ll 0 wait slow --timeout 50
	wait
}

t_a_run_that_dies_while_it_is_waited_for() {
	held slow
	# All who hold its ticket, and none of them may see another go.
	holders=$(grep -ho '"\(guard\|engine\)":[0-9]*' .loops/.queue/*.slow-* |
		sed 's/.*://')
	(
		sleep 0.3
		# shellcheck disable=SC2086
		kill -STOP $holders
		# shellcheck disable=SC2086
		kill -KILL $holders
		: >go
	) &
	ll 1 wait slow
	has err "died in the state 'a'"
	ll 1 wait slow
	wait || true
}

t_a_signal_ends_the_waiting_and_not_the_run() {
	held slow
	for row in INT:130 TERM:143 HUP:129 QUIT:131; do
		got=0
		rm -f pid
		(
			until_there pid
			sleep 0.2
			kill -"${row%:*}" "$(cat pid)"
		) &
		# Asynchronous lists ignore INT and QUIT: a shell of its own.
		sh -c 'echo $$ >pid; exec "$LL" wait slow' 2>err || got=$?
		same "${row#*:}" "$got"
	done
	ll 0 list --running
	has out "$(cat id)"
	: >go
	ll 0 wait slow
	wait
}

t_many_wait_for_one() {
	held slow
	for i in 1 2 3 4 5 6; do
		(
			got=0
			"$LL" wait slow || got=$?
			echo "$got" >"got.$i"
		) &
	done
	sleep 0.2
	: >go
	wait
	same '0 0 0 0 0 0' "$(cat got.* | tr '\n' ' ' | sed 's/ $//')"
}

t_who_cannot_be_waited_for() {
	ll 66 wait nobody
	has err nobody
	ll 64 wait
	ll 64 wait a b
	ll 64 wait a --timeout -1
	# shellcheck disable=SC2016
	ends self '"$LL" wait "$LL_RUN_ID" --timeout 5 2>said; test $? = 75'
	ll 0 run self
	has said 'wait for itself'
	# shellcheck disable=SC2016
	ends outer '"$LL" run inner'
	# shellcheck disable=SC2016
	ends inner '"$LL" wait outer --timeout 5 2>said; test $? = 75'
	ll 0 run outer
	has said 'wait for itself'
}

t_what_cannot_be_read_is_not_guessed() {
	ends good true
	ll 0 run good
	j="$(run_dir good).ll/journal.jsonl"
	sed -i 's/"exit":0/"exit":1/' "$j"
	ll 74 wait good
	has err corrupt
	rm "$j"
	ll 1 wait good
	has err 'died before its first state'
}

tap_main "$@"
