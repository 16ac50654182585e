#!/bin/sh
# What a loop may use: output, disk, processes, memory, files, time between
# retries; and what is told when a bound is hit.
# shellcheck source=tests/tap.sh
# shellcheck disable=SC2016 # expanded by the action
. "$(dirname "$0")/../tap.sh"

one() { # one KEYS ACTION: the loop `one` with a state of these keys
	rm -rf .loops/runs
	loop one <<-EOF
		name: one
		description: One action under bounds.
		scope: ["."]
		initial: a
		states:
		  a: {$1, on_yes: good, on_no: no, on_error: bad, action: "$2"}
		  good: {terminal: true}
		  no: {terminal: true}
		  bad: {terminal: true}
	EOF
	"$LL" validate one >out 2>&1 || fail "$(cat out)"
}

log() { # the newest journal of `one`
	printf '%s.ll/journal.jsonl' "$(run_dir one)"
}

t_truncated_output_is_told_and_kept_from_its_start() {
	one 'output_limit: 5000, capture: c' 'yes | head -c 20000'
	ll 0 run one
	same 'a good' "$(path_of one)"
	has "$(log)" '"output_truncated":true,"output_came":20000'
	has "$(log)" '"truncated":true'
	has out 'output truncated: 5000 bytes of 20000 bytes'
}

t_evaluators_see_what_was_kept() {
	one 'output_limit: 1K, evaluate: {type: output_contains, pattern: END}' \
		'yes | head -c 20000; echo END'
	ll 0 run one
	same 'a no' "$(path_of one)"
	one 'output_limit: 1M, evaluate: {type: output_contains, pattern: END}' \
		'yes | head -c 20000; echo END'
	ll 0 run one
	same 'a good' "$(path_of one)"
}

t_output_over_the_limit_can_be_a_failure() {
	one 'output_limit: 100KiB, on_output_limit: fail' \
		"trap 'exit 0' TERM; yes; exit 0"
	ll 0 run one
	same 'a bad' "$(path_of one)"
	same output_limit "$(journal one action_complete kind)"
	same output_limit "$(journal one evaluate kind)"
	has "$(log)" '"output_bytes":102400'
	has out 'printed more than output_limit'
}

t_next_does_not_pass_over_a_cut_action() {
	loop one <<-EOF
		name: one
		description: An action that is cut, and next.
		scope: ["."]
		initial: a
		on_output_limit: fail
		output_limit: 1000
		states:
		  a: {action: "trap 'exit 0' TERM; yes", next: good}
		  good: {terminal: true}
	EOF
	ll 1 run one
	same error "$(journal one run_end terminated_by)"
	has out "printed more than output_limit"
}

t_disk_limit_ends_the_run_at_a_step_boundary() {
	loop one <<-EOF
		name: one
		description: More output than the run's files may hold.
		scope: ["."]
		initial: a
		limits: {disk: 256K}
		states:
		  a: {action: "yes | head -c 100000", next: b}
		  b: {action: "exec yes", next: good, on_error: good}
		  good: {terminal: true}
	EOF
	ll 1 run one
	same 'a b b' "$(path_of one)"
	same disk_limit "$(journal one run_end terminated_by)"
	same disk_limit "$(journal one action_complete kind)"
	has out 'limits.disk'
	used=$(cat "$(run_dir one)".ll/output/* "$(log)" | wc -c)
	[ "$used" -le $((256 * 1024 + 8192)) ] || fail "$used bytes"
	ll 0 status one
	has out disk_limit
}

t_more_processes_than_allowed() { # T30
	one 'resources: {procs: 20}' \
		'for i in {1..80}; do sleep 20 & done; sleep 20'
	ll 0 run one
	same 'a bad' "$(path_of one)"
	same resource "$(journal one evaluate kind)"
	has out 'resources.procs'
	one 'resources: {procs: 20}' 'sleep 0.1 | sleep 0.1 | sleep 0.1'
	ll 0 run one
	same 'a good' "$(path_of one)"
}

t_memory_and_files_are_refused() { # T30
	one 'resources: {memory: 64M}' \
		'x=$(yes | head -c 100000000)'
	ll 0 run one
	[ "$(path_of one)" != 'a good' ] || fail 'memory was given'
	one 'resources: {files: 20}' 'ulimit -n; ulimit -Hn'
	ll 0 run one --json
	has "$(log)" '"output":"20\n20\n"'
	one 'resources: {files: 20}' 'true'
	ll 0 run one
	same 'a good' "$(path_of one)"
}

t_a_bounded_program_that_is_not_there() {
	one 'resources: {files: 20}' '/nowhere/x'
	ll 0 run one
	same 'a bad' "$(path_of one)"
	has "$(log)" '"exit_code":127'
}

t_the_kernel_picks_the_action_first() {
	[ -w /proc/self/oom_score_adj ] || skip 'no oom_score_adj'
	own=$(cat /proc/self/oom_score_adj)
	more=$((own + 200 > 1000 ? 1000 : own + 200))
	one 'capture: c' 'sleep 0.5; cat /proc/self/oom_score_adj /proc/$PPID/oom_score_adj'
	ll 0 run one
	has "$(log)" "\"output\":\"$more\\n$own\\n\""
	one 'capture: c, resources: {files: 99}' 'cat /proc/self/oom_score_adj'
	ll 0 run one
	has "$(log)" "\"output\":\"$more\\n\""
}

t_a_kill_from_outside_is_told() {
	one 'capture: c' 'kill -9 $$'
	ll 0 run one
	same 'a bad' "$(path_of one)"
	same resource "$(journal one evaluate kind)"
	has out 'killed by the system (OOM?)'
	one 'capture: c' 'kill -15 $$'
	ll 0 run one
	same signal "$(journal one evaluate kind)"
}

t_leftovers_end_with_the_step() {
	loop one <<-EOF
		name: one
		description: What is left behind.
		scope: ["."]
		initial: a
		leftovers: kill
		states:
		  a: {action: "sleep 61 & echo \$! >pid", next: b}
		  b: {action: "! kill -0 \$(cat pid)", on_yes: c, on_no: bad, on_error: bad}
		  c: {action: "sleep 61 & echo \$! >pid", leftovers: keep, next: d}
		  d: {action: "kill -0 \$(cat pid)", on_yes: good, on_no: bad, on_error: bad}
		  good: {terminal: true}
		  bad: {terminal: true}
	EOF
	ll 0 run one
	same 'a b c d good' "$(path_of one)"
	has "$(log)" '"left_ended":1'
	! kill -0 "$(cat pid)" 2>/dev/null
}

t_a_retry_waits_longer_each_time() {
	one 'max_retries: 3, on_retry_exhausted: bad, retry_backoff: {base: 0.1, cap: 0.25}' \
		'exit 3'
	sed -i 's/on_error: bad/on_error: a/' .loops/one.yaml
	start=$(date +%s%N)
	ll 0 run one
	ms=$((($(date +%s%N) - start) / 1000000))
	same '100 200 250' "$(sed -n \
		's/.*"event":"retry_backoff".*"wait_ms":\([0-9]*\).*/\1/p' \
		"$(log)" | tr '\n' ' ' | sed 's/ $//')"
	[ "$ms" -ge 550 ] || fail "only $ms ms"
	has out "retry 3 of 'a' in"
}

t_a_retry_that_waits_can_be_stopped() {
	one 'max_retries: 3, on_retry_exhausted: bad, retry_backoff: {base: 60}' \
		'exit 3'
	sed -i 's/on_error: bad/on_error: a/' .loops/one.yaml
	"$LL" run one >out 2>err </dev/null &
	pid=$!
	i=0
	until grep -q retry_backoff "$(log)" 2>/dev/null; do
		sleep 0.1
		i=$((i + 1))
		[ "$i" -lt 100 ] || fail 'no wait'
	done
	ll 0 status one --json
	has out '"waiting"'
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	same 143 "$got"
	same interrupted "$(journal one run_end terminated_by)"
}

t_wrong_values_are_told() {
	check() { # check KEYS TEXT
		loop wrong <<-EOF
			name: wrong
			description: A wrong value.
			scope: ["."]
			initial: a
			states:
			  a: {action: x, next: done, $1}
			  done: {terminal: true}
		EOF
		ll 1 validate wrong
		has out "$2"
	}
	check 'output_limit: much' 'a size like'
	check 'output_limit: -1' 'must be between 1 and 1 TiB'
	check 'output_limit: 2 TiB' 'must be between 1 and 1 TiB'
	check 'output_limit: 1.5' 'a size like'
	check 'resources: {procs: 0}' "'procs' must be between"
	check 'resources: {memory: 10K}' "'memory' must be between 1 MiB"
	check 'resources: {mem: 10M}' "unknown key 'mem'"
	check 'on_output_limit: stop' 'only truncate, fail'
	check 'retry_backoff: {cap: 3}' E214
	check 'retry_backoff: {base: 3, cap: 2}' E214
}

# Promise 7: a run never goes on without a journal.
full_disk() { # full_disk COMMAND...: on 256 KiB and 30 inodes, as root
	mkdir small
	mount -t tmpfs -o size=256k,nr_inodes=30 none small 2>/dev/null ||
		skip 'no tmpfs may be mounted here'
	rc=0
	# What it says has room.
	(cd small && ln -s ../out out && ln -s ../err err && "$@") || rc=$?
	umount small || umount -l small
	return "$rc"
}

fill() {
	loop one <<-EOF
		name: one
		description: Fills its disk.
		scope: ["."]
		initial: a
		states:
		  a: {action: "$1", on_yes: b, on_no: b, on_error: b}
		  b: {action: "touch $TAP_ROOT/build/never", next: good}
		  good: {terminal: true}
	EOF
	# Complaints would not fit on that disk either.
	got=0
	"$LL" run one >out 2>../err </dev/null || got=$?
	same 1 "$got"
	has ../err "No space left on device"
	has ../err "$2"
	same io_error "$(journal one run_end terminated_by)"
	has "$(log)" 'No space left on device'
	ll 0 status one
	has out io_error
	[ ! -e "$TAP_ROOT/build/never" ] || fail 'it went on'
}

t_a_disk_full_of_output_ends_the_run() { # T33
	full_disk fill 'yes | head -c 1000000' '/.ll/output/'
}

t_a_disk_filled_by_the_action_ends_the_run() { # T33
	full_disk fill 'cat /dev/zero >big; yes | head -c 40000' '/.ll/'
}

t_a_disk_without_inodes_ends_the_run() { # T33
	full_disk fill 'for i in {1..40}; do : >f$i; done; yes | head -c 40000' \
		'/.ll/output'
}

inject() { # inject WHAT: a run of three steps under strace
	command -v strace >/dev/null || skip 'no strace'
	strace -o /dev/null -e trace=none true 2>/dev/null ||
		skip 'strace may not trace here'
	loop one <<-EOF
		name: one
		description: Three steps.
		scope: ["."]
		initial: a
		states:
		  a: {action: "echo a >>steps", next: b}
		  b: {action: "sleep 0.2; echo b >>steps", next: c}
		  c: {action: "echo c >>steps", next: good}
		  good: {terminal: true}
	EOF
	got=0
	# A leak checker cannot trace what is traced.
	ASAN_OPTIONS=detect_leaks=0 \
		strace -f -b execve -qq -o trace -e "inject=$1" \
		"$LL" run one --quiet \
		>out 2>err </dev/null || got=$?
}

t_a_sync_that_fails_ends_the_run() { # T33
	inject fdatasync:error=EIO:when=1
	same 1 "$got"
	has err 'Input/output error'
	has err journal.jsonl
	same io_error "$(journal one run_end terminated_by)"
	lacks steps c
}

t_an_output_that_is_not_on_the_disk_ends_the_run() { # T33
	inject fsync:error=EIO:when=1+
	same 1 "$got"
	has err 'Input/output error'
	same io_error "$(journal one run_end terminated_by)"
	lacks steps c
}

t_each_write_that_fails_ends_the_run() { # T33
	for n in 3 4 5 6 7 8 9 10; do
		rm -rf .loops/runs steps
		inject "write:error=ENOSPC:when=$n"
		grep -q 'write(.*INJECTED' trace || continue
		last=$(grep INJECTED trace | head -n 1)
		case $last in
		*'"{\"seq\"'*) ;;
		*) continue ;;
		esac
		[ "$got" -eq 1 ] || [ "$got" -eq 74 ] || fail "write $n: $got"
		has err 'No space left on device'
		[ "$got" -eq 74 ] ||
			same io_error "$(journal one run_end terminated_by)"
		touch seen
	done
	[ -e seen ] || fail 'no write of the journal was refused'
}

tap_main "$@"
