#!/bin/sh
# stop: the run ends, and says that it was asked to.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

soon() { # soon COMMAND...: within 20 s it succeeds
	for _ in $(seq 200); do
		"$@" && return 0
		sleep 0.1
	done
	fail "it never came: $*"
}

slow() { # slow NAME [WORDS]: a loop whose action tells its number in NAME.pid
	loop "$1" <<-EOF
	name: $1
	description: d
	initial: a
	scope: ["."]
	states:
	  a:
	    action: |
	      ${2:-:}
	      echo \$\$ >>$1.pid
	      sleep 300 & wait
	      sleep 300
	    next: done
	  done: {terminal: true}
	EOF
}

start() { # start NAME: in the background; its action runs
	rm -f "$1.pid"
	"$LL" run "$1" -b --quiet --no-lock >id 2>err || fail "$1 did not start"
	soon test -s "$1.pid"
}

gone() { # gone PID...: no such process, or a zombie that nobody reaps here
	for pid in "$@"; do
		grep -q '^State:[^A-Z]*[^ZX] ' "/proc/$pid/status" 2>/dev/null &&
			return 1
	done
	return 0
}

guard_of() { # guard_of NAME: the process of its newest run
	sed -n '1s/.*"pid":\([0-9]*\).*/\1/p' "$(run_dir "$1").ll/journal.jsonl"
}

t_a_run_in_the_foreground() {
	slow one
	"$LL" run one >said 2>&1 &
	job=$!
	soon test -s one.pid
	ll 0 stop one
	same "$(basename "$(run_dir one)"): user_stopped" "$(cat out)"
	got=0
	wait "$job" || got=$?
	same 143 "$got"
	same user_stopped "$(journal one run_end terminated_by)"
	gone "$(cat one.pid)" || fail 'the action lives'
	ll 0 status one --json
	has out '"status": "user_stopped"'
	ll 143 wait one
}

t_a_run_in_the_background_by_its_id() {
	slow one
	start one
	ll 0 stop "$(cat id)"
	same user_stopped "$(journal one run_end terminated_by)"
	[ -z "$(ls .loops/.queue)" ] || fail 'a ticket is left'
}

t_term_from_anybody_else_is_no_stop() {
	slow one
	start one
	kill -TERM "$(guard_of one)"
	ll 143 wait one
	same interrupted "$(journal one run_end terminated_by)"
}

t_nothing_to_stop() {
	ll 66 stop
	has err 'nothing runs'
	ll 66 stop one
	has err "'one'"
	slow one
	start one
	ll 0 stop
	ll 66 stop one
	has err 'is over (user_stopped)'
	ll 66 stop "$(cat id)"
	ll 66 stop --all
}

t_names_are_exact() {
	slow one
	slow one-more
	start one-more
	ll 66 stop one
	ll 66 stop one-mor
	ll 0 stop one-more
}

t_several_runs_are_named_or_all() {
	slow one
	slow two
	start one
	first=$(cat id)
	start one
	second=$(cat id)
	start two
	ll 64 stop one
	has err "$first"
	has err "$second"
	lacks err "'two-"
	ll 64 stop
	has err "'two-"
	ll 0 stop "$first"
	ll 0 stop one
	start one
	start one
	ll 0 stop one --all
	same 2 "$(wc -l <out)"
	ll 0 status two
	has out 'Status: running'
	ll 0 stop --all
	same "$(basename "$(run_dir two)"): user_stopped" "$(cat out)"
}

t_a_run_that_takes_its_time() {
	echo 'grace: 300' >.loops/config.yaml
	slow deaf "trap '' TERM"
	start deaf
	ll 75 stop deaf --wait 0.2
	has err 'still running'
	# Who asks again means it.
	ll 0 stop deaf
	same user_stopped "$(journal deaf run_end terminated_by)"
}

t_a_run_that_stands_still_hears_it() {
	slow one
	start one
	kill -TSTP "$(guard_of one)"
	soon grep -q '^State:.*T' "/proc/$(guard_of one)/status"
	ll 0 stop one
	same user_stopped "$(journal one run_end terminated_by)"
}

t_a_number_that_is_somebody_elses_is_not_signalled() {
	slow one
	start one
	# The kernel tells start times in hundredths of a second.
	sleep 0.05
	sleep 300 &
	stranger=$!
	ticket=$(find .loops/.queue -name '*.one-*')
	cp "$ticket" was
	# As long as it was: numbers may have fewer digits.
	sed "s/\"guard\":[0-9]*/\"guard\":$stranger/; s/\"engine\":[0-9]*/\"engine\":$stranger/" \
		was | awk -v n="$(wc -c <was)" '{ printf "%-*s\n", n - 1, $0 }' |
		dd of="$ticket" conv=notrunc 2>dd.err
	ll 75 stop one --wait 1
	has err 'cannot be seen'
	gone "$stranger" && fail 'the stranger was ended'
	kill "$stranger"
	cat was >"$ticket"
	ll 0 stop one
}

t_what_it_started_in_the_background_ends_as_its_part() {
	slow inner
	loop outer <<-'EOF'
	name: outer
	description: d
	initial: a
	scope: ["."]
	states:
	  a: {action: '"$LL" run inner -b --quiet >id; sleep 300', next: done}
	  done: {terminal: true}
	EOF
	"$LL" run outer --quiet -b >outer.id
	soon test -s inner.pid
	ll 0 stop "$(cat outer.id)"
	same user_stopped "$(journal outer run_end terminated_by)"
	same parent_ended "$(journal inner run_end terminated_by)"
}

tap_main "$@"
