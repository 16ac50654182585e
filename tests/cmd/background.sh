#!/bin/sh
# run --background: what is wrong is told at once, and what was told runs.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

soon() { # soon COMMAND...: within 20 s it succeeds
	for _ in $(seq 200); do
		"$@" && return 0
		sleep 0.1
	done
	fail "it never came: $*"
}

one() { # one NAME ACTION: a loop of one state
	loop "$1" <<-EOF
	name: $1
	description: d
	initial: a
	scope: ["."]
	context: {who: nobody, input: null}
	states:
	  a:
	    action: |
	$(printf '%s\n' "$2" | sed 's/^/      /')
	    on_yes: done
	    on_no: failed
	  done: {terminal: true}
	  failed: {terminal: true, failure: true}
	EOF
}

# It goes on until the file `go` is there, for a minute at most.
held() { # held NAME [ACTION]
	# shellcheck disable=SC2016
	one "$1" 'echo there; echo $$ >pid
	for i in $(seq 1200); do test -e go && break; sleep 0.05; done
	'"${2:-true}"
}

gone() { # gone PID...: no such process, or a zombie that nobody reaps here
	for pid in "$@"; do
		grep -q '^State:[^A-Z]*[^ZX] ' "/proc/$pid/status" 2>/dev/null &&
			return 1
	done
	return 0
}

ended() { # ended NAME: its newest run has an end record
	[ -n "$(journal "$1" run_end terminated_by)" ]
}

guard_of() { # guard_of NAME: the process of its newest run
	sed -n '1s/.*"pid":\([0-9]*\).*/\1/p' "$(run_dir "$1").ll/journal.jsonl"
}

t_the_id_alone_when_the_run_has_begun() {
	held slow
	ll 0 run slow -b --quiet
	same "$(basename "$(run_dir slow)")" "$(cat out)"
	same '' "$(cat err)"
	same slow "$(journal slow run_start loop)"
	ll 0 status "$(cat out)"
	has out 'Status: running'
	: >go
	ll 0 wait slow
	ll 0 status slow
	has out 'Status: completed'
}

t_it_holds_nothing_of_who_started_it() {
	held slow
	# Each of these would wait for the end of the run.
	id=$("$LL" run slow --background 2>&1 9>&1 | tail -n 1)
	same "$(basename "$(run_dir slow)")" "$id"
	pid=$(guard_of slow)
	soon test -s pid
	for p in "$pid" "$(engine_of "$pid")"; do
		# shellcheck disable=SC2010,SC2012 # its own names
		same 0 "$(ls -l "/proc/$p/fd" | grep -cE ' [019] -> (pipe|/dev/(pts|tty))')"
		same "$pid" "$(ps -o sid= -p "$p" | tr -d ' ')"
	done
	: >go
	ll 0 wait slow
}

t_what_is_wrong_is_told_in_the_foreground() {
	one bad true
	sed -i 's/on_yes: done/on_yes: nowhere/' .loops/bad.yaml
	ll 65 run bad --background
	has err nowhere
	ll 66 run nobody --background
	one good true
	ll 64 run good --background --max-steps x
	# shellcheck disable=SC2016
	sed -i 's/^      true/      echo ${context.lacking}/' .loops/good.yaml
	ll 65 run good --background
	has err lacking
	same '' "$(cat out)"
	[ ! -e .loops/runs ] || fail 'there is a run'
}

t_what_fails_behind_the_fork_is_told_too() {
	one good true
	: >.loops/runs
	ll 73 run good --background
	has err .loops/runs
	same '' "$(cat out)"
	rm .loops/runs
	: >.loops/.queue
	ll 73 run good --background
	has err .queue
	same '' "$(find .loops/runs -mindepth 1 -type d)"
}

t_a_killed_run_is_cleaned_up_after_and_told() {
	held slow
	ll 0 run slow -b --quiet
	soon test -s pid
	pid=$(guard_of slow)
	engine=$(engine_of "$pid")
	kill_both "$pid"
	soon gone "$pid" "$engine"
	one good true
	ll 0 run good -b --quiet
	has err 'which was killed, had left'
	soon gone "$(cat pid)"
	ll 0 wait good
}

t_options_and_inputs_reach_it() {
	# shellcheck disable=SC2016
	one said 'echo "${context.who} ${context.input}" >said'
	echo 'from a pipe' | "$LL" run said - -b --context who=me >out 2>err
	ll 0 wait said
	same 'me from a pipe' "$(cat said)"
	# shellcheck disable=SC2016
	one twice 'echo x >>steps; exit 1'
	sed -i 's/on_no: failed/on_no: a/' .loops/twice.yaml
	ll 0 run twice -b -n 2
	ll 1 wait twice
	same 2 "$(wc -l <steps)"
	ll 0 run twice -b --dry-run
	has out twice
	same 2 "$(wc -l <steps)"
}

t_json_is_an_object() {
	one good true
	ll 0 run good -b --json
	same "{\"run\":\"$(basename "$(run_dir good)")\"}" "$(cat out)"
	ll 0 wait good
}

said_by() { # said_by NAME TEXT
	"$LL" status "$1" | grep -q "Said: ll-loop: $2"
}

t_its_complaints_are_seen_by_status() {
	held slow
	ll 0 run slow -b --quiet
	soon test -s pid
	kill -KILL "$(engine_of "$(guard_of slow)")"
	soon ended slow
	soon said_by slow 'the process of run'
	ll 0 status slow
	has out 'was killed by SIGKILL'
	rm -f go pid
	held other
	sed -i '1a on_end: "exit 3"' .loops/other.yaml
	: >go
	ll 0 run other -b --quiet
	soon said_by other 'on_end failed with status 3'
	ll 0 status other --json
	has out '"complaints"'
	# In the foreground they are said, and nowhere else.
	ll 0 run other --quiet
	has err 'on_end failed with status 3'
	ll 0 status other
	lacks out Said
	ll 0 fsck
}

t_a_hang_up_means_nothing_to_it() {
	held slow
	ll 0 run slow -b --quiet
	soon test -s pid
	pid=$(guard_of slow)
	kill -HUP "$pid" "$(engine_of "$pid")"
	: >go
	ll 0 wait slow
	same terminal "$(journal slow run_end terminated_by)"
}

t_follow_shows_it_and_leaves_as_it_did() {
	held slow 'echo here; head -c 100000 /dev/zero | tr "\000" z; exit 1'
	"$LL" run slow -b --follow >out 2>err &
	job=$!
	soon grep -q 'Running loop: slow' out
	soon test -s pid
	# Until here nothing but the journal is on the disk.
	: >go
	got=0
	wait "$job" || got=$?
	same 2 "$got"
	has out there
	has out here
	has out 'Loop failed: failed'
	same 100000 "$(grep -E '^ *z+$' out | tr -cd z | wc -c)"
}

t_follow_in_json_holds_every_record() {
	one good 'echo there'
	ll 0 run good -b --follow --json
	has out '"event":"run_start"'
	has out '"line":"there"'
	tail -n 1 out | grep -q '"event":"run_end"' || fail 'no end'
	ll 0 run good -b --follow --quiet
	same '' "$(cat out err)"
}

t_an_interrupt_ends_the_following_only() {
	held slow
	# A background job of a shell without job control ignores INT.
	timeout -s INT 1 "$LL" run slow -b --follow >out 2>err || got=$?
	same 124 "$got"
	has err 'goes on'
	ll 0 status slow
	has out 'Status: running'
	: >go
	ll 0 wait slow
}

t_a_run_in_an_action_ends_with_the_outer_run() {
	held inner
	# shellcheck disable=SC2016
	one outer '"$LL" run inner -b --quiet >id; until test -s pid; do sleep 0.05; done'
	ll 0 run outer
	has out 'left behind'
	same parent_ended "$(journal inner run_end terminated_by)"
	grep -q '"resumable":true' "$(run_dir inner).ll/journal.jsonl" ||
		fail 'cannot be resumed'
	soon gone "$(cat pid)"
	ll 143 wait "$(cat id)"
}

tap_main "$@"
