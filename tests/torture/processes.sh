#!/bin/sh
# What actions can do to their runner: T22, T26, T28, T29.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

took() { # took STATE_NUMBER: the milliseconds of that action, from 1
	sed -n '/"event":"action_complete"/s/.*"duration_ms":\([0-9]*\).*/\1/p' \
		"$(run_dir x).ll/journal.jsonl" | sed -n "$1p"
}

codes() { # the exit codes of all actions, in order
	sed -n '/"event":"action_complete"/s/.*"exit_code":\(-*[0-9]*\).*/\1/p' \
		"$(run_dir x).ll/journal.jsonl" | tr '\n' ' ' | sed 's/ $//'
}

onward() { # onward STATE NEXT: a state that goes there whatever comes
	printf '  %s:\n    route: {_: %s, _error: %s}\n    action: |\n' \
		"$1" "$2" "$2"
	sed 's/^/      /'
}

head_of() {
	printf 'name: x\ninitial: a\nmax_edge_revisits: 100000\n'
	printf 'max_steps: 100000\nstates:\n'
}

t_t22_a_grandchild_keeps_the_pipe_open() {
	{
		head_of
		echo '(sleep 30.22)& echo hi' | onward a end
		echo '  end: {terminal: true}'
	} | loop x
	from=$(date +%s)
	ll 0 run x
	same 0 "$(codes)"
	same exited "$(journal x action_complete outcome)"
	[ "$(took 1)" -lt 2000 ] || fail "the step took $(took 1) ms"
	[ $(($(date +%s) - from)) -lt 15 ] || fail 'the run waited for it'
	! pgrep -f 'sleep 30\.22' >/dev/null || fail 'it is left'
}

t_t22_a_child_closes_its_pipes_and_works_on() {
	{
		head_of
		echo 'exec >&- 2>&-; sleep 3; exit 4' | onward a end
		echo '  end: {terminal: true}'
	} | loop x
	ll 0 run x
	same 4 "$(codes)"
	[ "$(took 1)" -ge 2900 ] || fail "its end came after $(took 1) ms"
}

t_t26_nothing_asks_the_user() {
	{
		head_of
		onward a b <<-'E'
			cat
		E
		onward b c <<-'E'
			read x </dev/tty && echo got >got
		E
		onward c d <<-'E'
			sudo -S -k true
		E
		onward d e <<-'E'
			git init -q r && cd r && git -c user.name=a -c user.email=a@b \
			  -c commit.gpgsign=true -c user.signingkey=none \
			  -c gpg.program=/bin/cat commit -q --allow-empty -m x
		E
		onward e end <<-'E'
			ssh -o ConnectTimeout=2 nobody@host.invalid true
		E
		echo '  end: {terminal: true}'
	} | loop x
	command -v script >/dev/null || skip 'no script(1) to make a terminal'
	# With a terminal that the action could find.
	(sleep 20; echo answer) |
		timeout 60 script -qec "'$LL' run x" /dev/null >out 2>&1 || :
	[ ! -e got ] || fail 'the terminal was read'
	same 'a b c d e end' "$(path_of x)"
	for n in 1 2 3 4 5; do
		[ "$(took $n)" -lt 8000 ] || fail "action $n took $(took $n) ms"
	done
	case $(codes) in
	'0 1 '*) ;;
	*) fail "codes: $(codes)" ;;
	esac
	for word in assword assphrase 'yes/no'; do
		lacks out "$word: "
	done
}

t_t28_every_exit_code() {
	{
		head_of
		onward a b <<-'E'
			read n <n; echo $((n + 1)) >n; [ "$n" -lt 256 ] || touch last; exit $n
		E
		echo '[ -e last ]' | sed 's/^/  b: {on_yes: end, on_no: a, on_error: a, action: "/; s/$/"}/'
		echo '  end: {terminal: true}'
	} | loop x
	echo 0 >n
	ll 0 run x --quiet
	# Each code, then what state b says: go on.
	want=$(awk 'BEGIN { for (i = 0; i < 256; i++) printf "%d 1 ", i
		printf "0 0" }')
	same "$want" "$(codes)"
}

t_t28_every_signal() {
	# Those that end a process.
	list="$(seq 1 16) $(seq 24 27) 29 30 31 34 64"
	{
		head_of
		was=a
		for s in $list; do
			# Not bash, which ignores QUIT; some of them dump core.
			printf 'ulimit -c unlimited; exec sh -c "kill -%d \\$\\$"\n' \
				"$s" | onward "$was" "s$s"
			was=s$s
		done
		echo "  $was: {terminal: true}"
	} | loop x
	ll 0 run x --quiet
	same "$(for s in $list; do printf '%d ' "-$s"; done | sed 's/ $//')" \
		"$(codes)"
	for word in $(journal x action_complete outcome); do
		same signaled "$word"
	done
	# KILL is what the kernel sends when memory runs out.
	same "$(for s in $list; do
		[ "$s" -eq 9 ] && printf 'resource ' || printf 'signal '
	done | sed 's/ $//')" "$(journal x evaluate kind)"
}

t_t28_a_stopped_child_times_out() {
	{
		head_of
		echo 'kill -STOP $$' | onward a end
		echo '    timeout: 1'
		echo '  end: {terminal: true}'
	} | loop x
	ll 0 run x
	same 124 "$(codes)"
	same timeout "$(journal x action_complete outcome)"
	[ "$(took 1)" -lt 8000 ] || fail "after $(took 1) ms"
}

t_t28_what_cannot_start() {
	mkdir bin gone
	printf '#!/nonexistent/interpreter\n' >bin/noint
	printf 'garbage\001\002' >bin/garbage
	head -c 100 /dev/zero >bin/zeros
	chmod +x bin/*
	{
		head_of
		echo 'bin/noint' | onward a b
		echo 'noint' | onward b c
		echo './bin/garbage; exit $?' | onward c d
		echo 'zeros' | onward d e
		echo 'no-such-program-anywhere' | onward e f
		echo 'rm -rf ../gone' | onward f g
		echo 'pwd -P' | onward g h
		echo '/bin/true' | onward h end
		echo '  end: {terminal: true}'
	} | loop x
	here=$PWD
	PATH=$PWD/bin:$PATH
	cd gone
	sed -i 's|bin/noint|../bin/noint|; s|\./bin/garbage|../bin/garbage|' \
		"$here/.loops/x.yaml"
	got=0
	"$LL" run "$here/.loops/x.yaml" --root "$here" >"$here/out" \
		2>"$here/err" || got=$?
	cd "$here"
	same 0 "$got"
	same 'error error error error error yes' "$(journal x evaluate verdict)"
	same '127 127 127 126 127 0' "$(codes)"
	# The directory is gone for the last two.
	same 'spawn spawn' "$(journal x action_error kind)"
	same 'a b c d e f g h end' "$(path_of x)"
}

t_t28_no_process_to_be_had() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to become another user'
	command -v setpriv >/dev/null || skip 'no setpriv'
	{
		head_of
		echo 'echo started >>ran' | onward a end
		echo '  end: {terminal: true}'
	} | loop x
	chmod -R a+rwX . ..
	chmod a+x ../..
	program=$PWD/ll-loop
	cp "$LL" "$program"
	got=0
	# An id that no other process has: the limit counts those, and a run
	# is two.
	setpriv --reuid=64123 --regid=64123 --clear-groups \
		prlimit --nproc=2 "$program" run x >out 2>err || got=$?
	[ ! -e ran ] || fail 'there was a process'
	same 0 "$got"
	same spawn "$(journal x action_error kind)"
}

t_t29_what_a_child_inherits() {
	{
		head_of
		echo 'ls /proc/$$/fd >fds' | onward a b
		echo 'cp /proc/self/status status' | onward b c
		echo 'cp /proc/self/limits limits' | onward c d
		echo 'umask >mask; ps -o pid=,sid=,pgid= -p $$ >ids; tty >tty; exit 0' |
			onward d end
		echo '  end: {terminal: true}'
	} | loop x
	cat /proc/self/limits >want
	(
		trap '' PIPE
		umask 027
		exec 7<want
		exec "$LL" run x --quiet
	) >out 2>err
	same '0 1 2' "$(tr '\n' ' ' <fds | sed 's/ 7 / /; s/ $//')"
	same '0000000000000000' "$(sed -n 's/^SigBlk:[^0-9]*//p' status)"
	ignored=$(sed -n 's/^SigIgn:[^0-9a-f]*//p' status)
	# bit 12: SIGPIPE
	same 0 "$(((0x$ignored >> 12) & 1))"
	same 0027 "$(cat mask)"
	cmp want limits
	read -r pid sid pgid <ids
	same "$pid $pid" "$sid $pgid"
	has tty 'not a tty'
}

tap_main "$@"
