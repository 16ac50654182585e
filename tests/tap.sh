# shellcheck shell=sh
# Black-box tests, TAP on stdout.  A test file defines functions t_NAME and
# ends with `tap_main "$@"`; each test runs in a process of its own, in a fresh
# project, with `set -e`: the first command that fails fails the test.
# A line `count: TEXT` that a test says is kept when it passes.
# LL names the program; TAP_SECONDS (60) bounds one test.

: "${LL:?LL must name the program under test}"
TAP_ROOT=$(cd "$(dirname "$0")/../.." && pwd)
export TAP_ROOT

fail() { # fail TEXT...: the test failed because of this
	printf '%s\n' "$*" >&2
	exit 1
}

skip() { # skip TEXT...: the test cannot run here
	printf '%s\n' "$*"
	exit 77
}

loop() { # loop NAME: stdin becomes the loop file of that name
	mkdir -p .loops
	cat >".loops/$1.yaml"
}

ll() { # ll STATUS ARGUMENT...: run it; files `out` and `err` keep its words
	want=$1
	shift
	got=0
	"$LL" "$@" >out 2>err </dev/null || got=$?
	if [ "$got" -ne "$want" ]; then
		head -n 20 out err >&2
		fail "ll-loop $*: status $got, not $want"
	fi
}

has() { # has FILE TEXT: the file holds the text
	grep -qF -e "$2" "$1" && return 0
	head -n 20 "$1" >&2
	fail "$1 does not hold: $2"
}

lacks() { # lacks FILE TEXT
	grep -qF -e "$2" "$1" || return 0
	fail "$1 holds: $2"
}

same() { # same WANTED GOT
	[ "$1" = "$2" ] || fail "wanted '$1', got '$2'"
}

run_dir() { # the newest run of a loop, with the slash: run_dir NAME
	dir=$(find .loops/runs -mindepth 1 -maxdepth 1 -name "$1-*" | sort |
		tail -n 1)
	[ -n "$dir" ] || fail "no run of $1"
	printf '%s/' "$dir"
}

journal() { # journal NAME EVENT MEMBER: that text member, in order, in a line
	sed -n "/\"event\":\"$2\"/s/.*\"$3\":\"\([^\"]*\)\".*/\1/p" \
		"$(run_dir "$1").ll/journal.jsonl" | tr '\n' ' ' | sed 's/ $//'
}

engine_of() { # engine_of PID: the engine of a run that was started as PID
	pgrep -o -P "$1"
}

kill_both() { # kill_both PID: a run's two processes in one moment, as a power
	# cut would: neither has time to see the other die.  The engine first: its
	# process group is an orphan once the guard is dead, and the kernel then
	# continues what is stopped.
	both="$(engine_of "$1") $1"
	# shellcheck disable=SC2086 # words
	kill -STOP $both
	for one in $both; do
		until grep -q '^State:.[TZ]' "/proc/$one/status"; do
			sleep 0.02
		done
	done
	# shellcheck disable=SC2086
	kill -KILL $both
	# Their locks go with them, and not a moment before.
	for one in $both; do
		while [ -e "/proc/$one" ] &&
			! grep -q '^State:.Z' "/proc/$one/status" 2>/dev/null; do
			sleep 0.02
		done
	done
}

path_of() { # path_of NAME: the states entered, then the one that ended it
	echo "$(journal "$1" state_enter state)" \
		"$(journal "$1" loop_complete final_state)"
}

tap_one() { # one test, in this process
	set -e
	"$1"
}

tap_main() {
	if [ $# -eq 1 ]; then
		tap_one "$1"
		return 0
	fi
	tap_tmp=$(mktemp -d)
	trap 'rm -rf "$tap_tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
	n=0 bad=0
	tests=$(sed -n 's/^\(t_[a-z0-9_]*\)() .*/\1/p' "$self")
	for t in $tests; do
		n=$((n + 1))
		title=$(echo "${t#t_}" | tr _ ' ')
		mkdir -p "$tap_tmp/$n/project/.loops" "$tap_tmp/$n/home"
		rc=0
		(
			cd "$tap_tmp/$n/project"
			export HOME="$tap_tmp/$n/home" TERM=dumb LC_ALL=C.UTF-8
			exec timeout -k 5 "${TAP_SECONDS:-60}" sh "$self" "$t"
		) >"$tap_tmp/$n/said" 2>&1 || rc=$?
		case $rc in
		0)
			echo "ok $n - $title"
			sed -n 's/^count: /# count: /p' "$tap_tmp/$n/said"
			;;
		77) echo "ok $n - $title # SKIP $(tail -n 1 "$tap_tmp/$n/said")" ;;
		*)
			bad=$((bad + 1))
			echo "not ok $n - $title (status $rc)"
			tail -n 40 "$tap_tmp/$n/said" | sed 's/^/# /'
			;;
		esac
		chmod -R u+rwx "$tap_tmp/$n"
		rm -rf "${tap_tmp:?}/$n"
	done
	echo "1..$n"
	[ "$bad" -eq 0 ] && [ "$n" -gt 0 ]
}
