#!/bin/sh
# T23, T30: 1 GiB on stdout and on stderr at once, one line of 1 GiB, output
# without end; memory stays flat, the bounds hold, what was cut is told.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# The most memory that the engine, not its actions, has had.
peak() { # peak COMMAND...
	"$@" &
	pid=$!
	most=0
	while kill -0 "$pid" 2>/dev/null; do
		engine=$(engine_of "$pid") || engine=none
		now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' \
			"/proc/$engine/status" 2>/dev/null) || now=
		[ -z "$now" ] || most=$now
		sleep 0.1
	done
	ended=0
	wait "$pid" || ended=$?
	echo "$most KiB"
	return "$ended"
}

watched() { # watched KEYS ACTION PATH
	loop big <<-EOF
		name: big
		description: A lot of output.
		scope: ["."]
		initial: a
		states:
		  a: {$1, action: "$2", on_yes: good, on_no: bad, on_error: bad}
		  good: {terminal: true}
		  bad: {terminal: true}
	EOF
	peak "$LL" run big --quiet
	same "$3" "$(path_of big)"
	[ "$most" -gt 0 ] || fail 'it was not seen'
	[ "$most" -lt 65536 ] || fail "$most KiB"
}

log() {
	printf '%s.ll/journal.jsonl' "$(run_dir big)"
}

t_a_gibibyte_on_both_streams() {
	watched 'timeout: 600' \
		'head -c 1G /dev/zero >&2 & yes | head -c 1G; wait' 'a good'
	has "$(log)" '"output_truncated":true,"output_came":1073741824'
	has "$(log)" '"stderr_truncated":true,"stderr_came":1073741824'
	has "$(log)" '"truncated":true'
	has "$(log)" '"output_bytes":67108864'
	same 134217728 "$(cat "$(run_dir big)".ll/output/* | wc -c)"
}

t_a_line_of_a_gibibyte() {
	watched 'timeout: 600' 'yes | tr -d \\\\n | head -c 1G' 'a good'
	has "$(log)" '"output_came":1073741824'
}

t_output_until_the_timeout() {
	watched 'timeout: 3' 'exec yes' 'a bad'
	has "$(log)" '"timeout_kind":"wall"'
	kept=$(sed -n 's/.*"output_bytes":\([0-9]*\).*/\1/p' "$(log)")
	[ "$kept" -gt 1000000 ] || fail "$kept bytes"
	[ "$kept" -le 67108864 ] || fail "$kept bytes"
}

t_the_disk_limit_holds() {
	loop big <<-EOF
		name: big
		description: Too much for the files of a run.
		scope: ["."]
		initial: a
		output_limit: 1T
		limits: {disk: 300M}
		states:
		  a: {action: "yes & exec yes >&2", next: good, on_error: good}
		  good: {terminal: true}
	EOF
	rc=0
	peak "$LL" run big --quiet 2>err || rc=$?
	same 1 "$rc"
	[ "$most" -lt 65536 ] || fail "$most KiB"
	same disk_limit "$(journal big run_end terminated_by)"
	used=$(cat "$(run_dir big)".ll/output/* | wc -c)
	[ "$used" -le 314572800 ] || fail "$used bytes"
}

# Processes and memory are to be had again, and the run goes on.
usable='for i in {1..60}; do sleep 0.2 & done; wait; python3 -c '\''bytearray(64<<20)'\'''

t_forks_upon_forks() { # T30
	loop big <<-EOF
		name: big
		description: 2048 processes, if nobody stops it.
		scope: ["."]
		initial: a
		states:
		  a: {resources: {procs: 50}, action: "python3 fork.py",
		      on_yes: good, on_no: good, on_error: after}
		  after: {action: "$usable", on_yes: bad, on_no: good}
		  good: {terminal: true}
		  bad: {terminal: true}
	EOF
	command -v python3 >/dev/null || skip 'no python3'
	printf 'import os, time\nfor i in range(11): os.fork()\ntime.sleep(20)\n' \
		>fork.py
	ll 0 run big
	same 'a after bad' "$(path_of big)"
	same resource "$(journal big evaluate kind)"
	lacks "$(log)" left_behind
}

t_more_memory_than_allowed() { # T30
	command -v python3 >/dev/null || skip 'no python3'
	loop big <<-EOF
		name: big
		description: 4 GiB under 1 GiB.
		scope: ["."]
		initial: a
		states:
		  a: {resources: {memory: 1G}, action: "python3 -c 'bytearray(4<<30)'",
		      on_yes: good, on_no: after, on_error: after}
		  after: {action: "$usable", on_yes: bad, on_no: good}
		  good: {terminal: true}
		  bad: {terminal: true}
	EOF
	ll 0 run big
	same 'a after bad' "$(path_of big)"
	has "$(log)" MemoryError
}

tap_main "$@"
