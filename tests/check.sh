#!/bin/sh
# Everything that `make check` runs, and one line at the end that counts it.
# Usage: check.sh BUILD_DIR, from the top of the tree.
set -eu
unset MAKEFLAGS MFLAGS MAKELEVEL || :
B=$(cd "${1:-build}" && pwd)
LL=$B/ll-loop
export LL
passed=0 failed=0 skipped=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

count() { # count STATUS TITLE: one test, its words are in $tmp/said
	case $1 in
	0)
		passed=$((passed + 1))
		echo "ok - $2"
		;;
	77)
		skipped=$((skipped + 1))
		echo "skipped - $2"
		;;
	*)
		failed=$((failed + 1))
		echo "not ok - $2"
		sed 's/^/# /' "$tmp/said"
		;;
	esac
}

try() { # try TITLE COMMAND...
	title=$1
	shift
	rc=0
	"$@" >"$tmp/said" 2>&1 || rc=$?
	count "$rc" "$title"
}

# A loop file is good when `validate` finds nothing at all, not a warning.
valid() {
	timeout 30 "$LL" validate "$1" --json >"$tmp/json" 2>"$tmp/err" || {
		cat "$tmp/json" "$tmp/err"
		return 1
	}
	if grep -q '"severity"' "$tmp/json" || [ -s "$tmp/err" ]; then
		cat "$tmp/json" "$tmp/err"
		return 1
	fi
}

unit() {
	rc=0
	# Only a verbose criterion tells of the tests that skipped themselves.
	timeout 900 "$B/unit" --verbose --color=never >"$tmp/unit" 2>&1 || rc=$?
	grep -Ev '^\[(====|RUN |PASS)\]|^\[----\] Crit' "$tmp/unit" || :
	line=$(grep 'Synthesis:' "$tmp/unit" | tail -n 1)
	if [ -z "$line" ]; then
		echo "unit tests ended with status $rc and no summary" >"$tmp/said"
		count 1 'unit tests'
		return 0
	fi
	good=$(echo "$line" | sed 's/.*Passing: *\([0-9]*\).*/\1/')
	bad=$(echo "$line" | sed 's/.*Failing: *\([0-9]*\).*/\1/')
	crash=$(echo "$line" | sed 's/.*Crashing: *\([0-9]*\).*/\1/')
	skips=$(grep -c '^\[SKIP\]' "$tmp/unit") || :
	echo "unit: $good passed, $bad failed, $crash crashed, $skips skipped"
	skipped=$((skipped + skips))
	passed=$((passed + good))
	failed=$((failed + bad + crash))
	if [ "$rc" -ne 0 ] && [ $((bad + crash)) -eq 0 ]; then
		echo "status $rc" >"$tmp/said"
		count 1 'unit tests end with status 0'
	fi
}

black_box() {
	for f in tests/cmd/*.sh; do
		[ -e "$f" ] || continue
		rc=0
		echo "$f"
		sh "$f" >"$tmp/tap" 2>&1 || rc=$?
		sed 's/^/  /' "$tmp/tap"
		skips=$(grep -c '^ok .*# SKIP' "$tmp/tap") || :
		bad=$(grep -c '^not ok ' "$tmp/tap") || :
		good=$(grep -c '^ok ' "$tmp/tap") || :
		passed=$((passed + good - skips))
		failed=$((failed + bad))
		skipped=$((skipped + skips))
		if ! grep -q '^1\.\.' "$tmp/tap" ||
			{ [ "$rc" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
			echo "status $rc" >"$tmp/said"
			count 1 "$f runs to its end"
		fi
	done
}

manual() {
	for page in man/*.[1-9]; do
		[ -e "$page" ] || continue
		if command -v mandoc >/dev/null; then
			try "$page has no lint" mandoc -Tlint -W warning "$page"
		else
			count 77 "$page has no lint (no mandoc)"
		fi
	done
}

unit
try 'layers.sh sees planted faults' sh tests/layers.sh --self-test
try 'the layers hold' sh tests/layers.sh
try 'the shell scanner reads as shfmt does' sh tests/shfmt.sh "$B"
manual
for f in loops/*.yaml; do
	try "$f validates without a finding" valid "$f"
done
black_box
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
