#!/bin/sh
# A run that cannot be lost: kills at each system call and each record, faults
# at each call, torn files, kills and signals at any time (T27, T31 to T34).
# LL_TORTURE_KILLS (2000) is how often T32 kills, of each kind, and
# LL_TORTURE_SIGNALS (1000) how often T27 signals.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

TAP_SECONDS=1800
export TAP_SECONDS

tool() { # tool NAME [OPTION...]: make it from its source
	name=$1
	shift
	command -v cc >/dev/null || skip "no cc for $name"
	command -v python3 >/dev/null || skip 'no python3 to drive it'
	! nm "$LL" | grep -q ' __asan_init' || skip 'a sanitizer comes first'
	cc -D_GNU_SOURCE -O1 "$@" -o "$name" "$TAP_ROOT/tests/torture/$name.c"
}

series() { # series TOOL WHAT: what it says goes into the counts
	python3 "$TAP_ROOT/tests/torture/crash.py" "$LL" "$(realpath -m "$1")" "$2" \
		>said 2>&1 ||
		fail "$(tail -n 30 said)"
	sed 's/^/count: /' said
}

t_t27_signals_anywhere_at_any_time() {
	series none signals
}

t_t31_killed_at_each_system_call() {
	tool boundary
	LL_FAULT='' ./boundary calls guard 0 one "$LL" --version >out ||
		skip 'no process may trace another'
	series boundary boundaries
}

t_t31_both_killed_at_each_record() {
	tool fault -shared -fPIC
	series fault records
}

t_t32_killed_at_any_time() {
	series none kills
}

t_t32_killed_at_any_time_with_a_sub_loop_in_a_worktree() {
	command -v git >/dev/null || skip 'no git'
	series none trees
}

t_t33_a_disk_that_is_full_from_each_write_on() {
	tool fault -shared -fPIC
	series fault full
}

t_t33_a_disk_that_syncs_no_more() {
	tool fault -shared -fPIC
	series fault sync
}

t_t33_short_writes_and_interrupted_calls() {
	tool fault -shared -fPIC
	series fault odd
}

t_t33_no_memory_at_each_call() {
	tool fault -shared -fPIC
	series fault memory
}

three() { # three steps that print, the second much; `go` lets it end
	loop three <<-'EOF'
	name: three
	initial: a
	states:
	  a: {action: 'echo a >>../log; echo one', capture: one, next: b}
	  b: {action: 'echo b >>../log; seq 1 60000', capture: two, next: c}
	  c: {action: 'echo c >>../log; seq 1 9000', capture: three, next: done}
	  done: {terminal: true}
	EOF
	: >../log
}

# It stopped at a step's boundary, says so, and goes on once there is room.
stopped_and_resumes() { # stopped_and_resumes WORDS
	same 1 "$got"
	has err "$1"
	has err /.loops/runs/
	same io_error "$(journal three run_end terminated_by)"
	ll 0 status
	has out 'Status: '
	lacks out running
	ll 0 fsck three
	same '' "$(find .loops/.queue -name '0*')"
}

resumes() {
	ll 0 resume three --quiet
	same 'b c done' "$(journal three route to)"
	ll 0 fsck three
	[ "$(sort ../log | uniq -c | awk '$1 > 2' | wc -l)" -eq 0 ] ||
		fail "done: $(cat ../log)"
}

t_t33_a_disk_of_256_kibibytes() {
	three
	mkdir -p .loops/runs
	mount -t tmpfs -o size=256k none .loops/runs 2>/dev/null ||
		skip 'nothing may be mounted here'
	got=0
	"$LL" run three --quiet >out 2>err </dev/null || got=$?
	trap 'umount .loops/runs' EXIT
	stopped_and_resumes 'No space left'
	mount -o remount,size=16m .loops/runs
	resumes
}

t_t33_no_inodes_left() {
	three
	mkdir -p .loops/runs
	seen=''
	for n in 2 3 4 5 6 7 8 9 10 11 12; do
		mount -t tmpfs -o "size=4m,nr_inodes=$n" none .loops/runs \
			2>/dev/null || skip 'nothing may be mounted here'
		got=0
		"$LL" run three --quiet >out 2>err </dev/null || got=$?
		"$LL" status >stands 2>&1 || :
		umount .loops/runs
		case $got in
		0) has stands completed ;;
		1 | 73 | 74) has err 'No space left' ;;
		*) fail "status $got with $n" ;;
		esac
		lacks stands running
		seen="$seen $got"
	done
	echo "count: with 2 to 12 inodes it ends with$seen"
	case $seen in
	*73*' 1'*) ;;
	*) fail "ends:$seen" ;;
	esac
}

t_t33_a_limit_on_the_size_of_files() {
	command -v prlimit >/dev/null || skip 'no prlimit'
	three
	got=0
	prlimit --fsize=200000 "$LL" run three --quiet >out 2>err </dev/null ||
		got=$?
	stopped_and_resumes 'File too large'
	resumes
}

t_t33_a_directory_that_vanishes() {
	loop three <<-'EOF'
	name: three
	initial: a
	states:
	  a: {action: 'rm -rf .loops/runs', next: b}
	  b: {action: 'touch ran', next: done}
	  done: {terminal: true}
	EOF
	got=0
	"$LL" run three --quiet >out 2>err </dev/null || got=$?
	same 1 "$got"
	has err /.loops/runs/
	[ ! -e ran ] || fail 'it went on'
}

t_t33_injected_by_the_kernel() { # as the design says it, by strace
	command -v strace >/dev/null || skip 'no strace'
	strace -qq -o /dev/null true 2>/dev/null || skip 'strace may not trace'
	three
	for fault in write:error=ENOSPC:when=9+ write:error=EIO:when=12 \
		fsync:error=EIO fdatasync:error=EIO:when=2 fallocate:error=ENOSPC \
		ftruncate:error=EIO openat:error=EMFILE:when=60+ \
		clone:error=EAGAIN:when=2 pipe2:error=EMFILE:when=6+; do
		rm -rf .loops/runs
		got=0
		strace -f -b execve -qq -o /dev/null -e "trace=${fault%%:*}" \
			-e "inject=$fault" "$LL" run three --quiet >out 2>err \
			</dev/null || got=$?
		"$LL" list --running --json >running
		same '[]' "$(cat running)"
		case $got in
		0) same 'b c done' "$(journal three route to)" ;;
		1 | 73 | 74)
			# Its words are writes too; a step that failed is no
			# complaint.
			[ -s err ] || [ "${fault%%:*}" = write ] ||
				same error "$(journal three run_end terminated_by)"
			;;
		*) fail "$fault: status $got: $(cat err)" ;;
		esac
		echo "count: $fault ends with $got"
		"$LL" status >stands 2>&1 || continue
		lacks stands running
		if grep -q 'Status: completed' stands; then
			[ "$got" -eq 0 ] || has err sync
			continue
		fi
		"$LL" resume three --quiet >out 2>again || [ $? -eq 64 ] ||
			fail "$fault: resume: $(cat again)"
	done
}

t_t34_cut_at_every_length_and_every_bit_turned() {
	command -v python3 >/dev/null || skip 'no python3 to drive it'
	[ -x "${TORN:-}" ] || skip 'TORN names no program'
	series "$TORN" torn
}

tap_main "$@"
