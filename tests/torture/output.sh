#!/bin/sh
# What actions write, and readers who do not read: T23, T24, T25, T40.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

most=65536 # KiB that the program may need

one() { # one [KEY: VALUE...]: a loop of one state; stdin is its action
	{
		printf 'name: x\ninitial: a\nstates:\n  a:\n    action: |\n'
		sed 's/^/      /'
		printf '    route: {_: end, _error: failed}\n'
		for key; do
			printf '    %s\n' "$key"
		done
		printf '  end: {terminal: true}\n'
		printf '  failed: {terminal: true, failure: true}\n'
	} | loop x
}

measured() { # measured STATUS ARGUMENT...: run it within the memory
	command -v python3 >/dev/null || skip 'no python3 to measure with'
	want=$1
	shift
	python3 "$TAP_ROOT/tests/measure.py" took "$LL" "$@" >out 2>err </dev/null
	read -r got kib seconds <took
	[ "$got" = "$want" ] || fail "status $got: $(head -n 5 err)"
	[ "$kib" -lt "$most" ] || fail "it took $kib KiB"
	echo "$kib KiB, $seconds s"
}

file_of() { # file_of out|err: the stored output of the first action
	find "$(run_dir x).ll/output" -name "*.$1" | sort | head -n 1
}

noted() { # noted TEXT: the journal says so
	grep -qF "$1" "$(run_dir x).ll/journal.jsonl" ||
		fail "the journal does not say $1"
}

bounded() { # bounded FILE: no more than an output may have
	[ "$(wc -c <"$1")" -le 67108864 ] || fail "$1 has $(wc -c <"$1") bytes"
}

ended() { # ended WORD: the journal is whole, and ends so
	ll 0 status --json
	has out "\"terminated_by\": \"$1\""
	tail -n 1 "$(run_dir x).ll/journal.jsonl" | grep -q '"event":"run_end"' ||
		fail 'the journal has no end'
}

t_t23_a_gibibyte_on_each_stream() {
	one <<-'E'
		head -c 1G /dev/zero & head -c 1G /dev/zero >&2; wait
	E
	measured 0 run x --quiet
	for stream in output stderr; do
		noted "\"${stream}_truncated\":true,\"${stream}_came\":1073741824"
	done
	bounded "$(file_of out)"
	bounded "$(file_of err)"
	ended terminal
}

t_t23_a_line_of_a_gibibyte() {
	one <<-'E'
		head -c 1G /dev/zero | tr '\0' x
	E
	measured 0 run x --quiet
	noted '"output_came":1073741824'
	bounded "$(file_of out)"
	ended terminal
	sed -i 's/1G/128M/' .loops/x.yaml
	measured 0 run x
	ended terminal
}

t_t23_yes_until_it_times_out() {
	one 'timeout: 2' <<-'E'
		yes
	E
	measured 2 run x --quiet
	same timeout "$(journal x action_complete outcome)"
	same failed "$(journal x loop_complete final_state)"
	bounded "$(file_of out)"
}

t_t23_a_gibibyte_onto_a_small_disk() {
	one 'next: end' <<-'E'
		head -c 1G /dev/zero & head -c 1G /dev/zero >&2; wait
	E
	sed -i '/route:/d' .loops/x.yaml
	mkdir -p .loops/runs
	mount -t tmpfs -o size=256k none .loops/runs 2>err ||
		skip 'cannot mount a tmpfs (needs root)'
	rc=0
	(
		measured 1 run x --quiet
		has err '.ll/output/'
		ended io_error
		ll 0 list --running --json
		same '[]' "$(cat out)"
	) || rc=$?
	umount .loops/runs
	exit "$rc"
}

t_t24_bytes_come_through_as_they_are() {
	printf 'nul\000 ff\377 half\355\240\200 esc\033[31m cr\r\nend\302\n' >short
	for n in 0 1 2 3; do
		{
			printf '%*s' "$n" ''
			awk 'BEGIN { while (n++ < 50000) printf "\360\237\230\200" }'
			cat short
		} >long
		for f in short long; do
			one <<-E
				cat $PWD/$f; cat $PWD/$f >&2
			E
			ll 0 run x -v
			lacks out "$(printf '\033')"
			lacks out "$(printf '\r')"
			ll 0 run x --json
			if command -v jq >/dev/null; then
				jq -c . out >lines || fail 'no JSON'
				same "$(wc -l <out)" "$(wc -l <lines)"
			fi
			if [ "$f" = long ]; then
				cmp long "$(file_of out)"
				cmp long "$(file_of err)"
			else
				sed -n 's/.*"output_b64":"\([^"]*\)".*/\1/p' \
					"$(run_dir x).ll/journal.jsonl" | base64 -d |
					cmp short -
			fi
			rm -rf .loops/runs
		done
	done
}

t_t25_long_captures() {
	for n in 131071 131072 3145728; do
		head -c "$n" /dev/zero | tr '\0' '"' >value
		sum=$(cksum <value)
		cat >.loops/x.yaml <<-'E'
		name: x
		initial: a
		states:
		  a: {action: "cat value", capture: c, next: b}
		  b:
		    action: |
		      printf %s "${captured.c.output}" | cksum >got_word
		      x="${captured.c.output}"; printf %s "$x" | cksum >got_variable
		      export LL_TEST="${captured.c.output}"; printf %s "$LL_TEST" >env
		      unset LL_TEST; cksum <env >got_env
		      tr -d '\n' <<EOF | cksum >got_doc
		      ${captured.c.output}
		      EOF
		      args() { printf %s "$2" | cksum >got_arg; }
		      args 1 "${captured.c.output}"
		      printf %s '${captured.c.output}' | cksum >got_quoted
		      /bin/echo "${captured.c.output}" >echoed; echo "$?" >code
		    next: end
		  end: {terminal: true}
		E
		rm -f got_*
		ll 0 run x --quiet
		same '' "$(journal x action_error kind)"
		for f in got_word got_variable got_env got_doc got_arg got_quoted; do
			same "$sum $f" "$(cat $f) $f"
		done
		# As one argument of a program the kernel takes it, or bash says so.
		case $n:$(cat code) in
		131071:0) cmp -n "$n" value echoed ;;
		131072:126 | 3145728:126) ;;
		*) fail "an argument of $n bytes: $(cat code)" ;;
		esac
		rm -rf .loops/runs
	done
}

lines() { # a loop that says much, with steps enough to notice
	cat >.loops/x.yaml <<-'E'
	name: x
	initial: a
	states:
	  a: {action: "seq 20000", next: b}
	  b: {action: "seq 20000 >&2", next: c}
	  c: {action: "exit 3", on_yes: end, on_no: end, on_error: failed}
	  end: {terminal: true}
	  failed: {terminal: true, failure: true}
	E
}

all_done() { # all_done STATUS: the run went its way to the end
	same 2 "$1"
	ended terminal
	same 'a b c failed' "$(path_of x)"
	ll 0 history x
	rm -rf .loops/runs
}

t_t40_nobody_listens() {
	lines
	got=0
	"$LL" run x -v >&- 2>err </dev/null || got=$?
	all_done "$got"
	got=0
	"$LL" run x -v >/dev/full 2>err </dev/null || got=$?
	all_done "$got"
	got=0
	"$LL" run x -v >/dev/full 2>/dev/full </dev/null || got=$?
	all_done "$got"
	got=0
	"$LL" run x -v >out 2>&- </dev/null || got=$?
	all_done "$got"
	got=0
	"$LL" run x -v <&- >&- 2>&- || got=$?
	all_done "$got"
}

t_t40_a_reader_who_leaves() {
	lines
	for how in -v --json; do
		{
			got=0
			"$LL" run x "$how" 2>err </dev/null || got=$?
			echo "$got" >status
		} | head -n 1 >first
		all_done "$(cat status)"
	done
}

t_t40_a_reader_who_sleeps() {
	lines
	mkfifo pipe
	exec 3<>pipe
	for how in -v --json; do
		got=0
		timeout 60 "$LL" run x "$how" >&3 2>err </dev/null || got=$?
		all_done "$got"
	done
}

tap_main "$@"
