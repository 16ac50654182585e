#!/bin/sh
# The numbered tests T.. of the design that are too heavy for `make check`:
# every tests/torture/*.sh, two at a time.  A test's name begins with its
# number (t_t22_...); one line for each number, then a summary.
# Usage: torture.sh BUILD_DIR [FILE...], from the top of the tree.
set -eu
unset MAKEFLAGS MFLAGS MAKELEVEL || :
B=$(cd "${1:-build}" && pwd)
[ $# -eq 0 ] || shift
LL=$B/ll-loop TYPOS=$B/typos TORN=$B/torn POLLS=$B/polls
TAP_SECONDS=${TAP_SECONDS:-600}
export LL TYPOS TORN POLLS TAP_SECONDS
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
begin=$(date +%s)
[ $# -gt 0 ] || set -- tests/torture/*.sh

# shellcheck disable=SC2016 # for the inner shell
printf '%s\n' "$@" | tmp=$tmp xargs -P 2 -I FILE sh -c '
	out=$tmp/$(basename "$1" .sh)
	sh "$1" >"$out.tap" 2>&1
	rc=$?
	grep -q "^1\.\." "$out.tap" && { [ "$rc" -eq 0 ] ||
		grep -q "^not ok" "$out.tap"; } ||
		echo "not ok 0 - $1 ended with status $rc" >>"$out.tap"
' sh FILE

cat "$tmp"/*.tap | awk '
	/^(not )?ok [0-9]+ - / {
		bad = /^not/
		sub(/^(not )?ok [0-9]+ - /, "")
		t = tolower($1) ~ /^t[0-9]+$/ ? toupper($1) : "T--"
		skip = index($0, " # SKIP ")
		why = skip ? substr($0, skip + 8) : ""
		n[t]++
		if (bad) { failed[t]++; words[t] = words[t] "\n  not ok " $0 }
		else if (skip) {
			skipped[t]++
			words[t] = words[t] "\n  SKIP " substr($0, 1, skip - 1) ": " why
		}
		last = t
		next
	}
	/^# count: / {
		words[last] = words[last] "\n    " substr($0, 10)
		next
	}
	/^# / && bad { words[last] = words[last] "\n    " $0 }
	END {
		for (t in n) {
			word = failed[t] ? "not ok" : skipped[t] == n[t] ? "SKIP  " : "ok    "
			printf "%s %s (%d of %d tests", word, t,
				n[t] - failed[t] - skipped[t], n[t]
			if (skipped[t]) printf ", %d skipped", skipped[t]
			print ")" words[t] | "cat"
			close("cat")
		}
	}' >"$tmp/lines"
awk '/^(not ok|ok    |SKIP  ) T/ {
		t = $1 == "not" ? $3 : $2
		key = substr(t, 2) + 0
	}
	{ printf "%05d %05d %s\n", key, NR, $0 }' "$tmp/lines" | sort |
	cut -d ' ' -f 3-
cat "$tmp"/*.tap | awk -v from="$begin" -v now="$(date +%s)" '
	/^not ok / { bad++; next }
	/^ok .* # SKIP / { skip++; next }
	/^ok / { good++ }
	END {
		printf "torture: %d passed, %d failed, %d skipped, in %d s\n", good,
			bad, skip, now - from
		exit bad > 0 || good == 0
	}'
