#!/bin/sh
# Every loop file of the reference beside what is said of it here, from a copy
# of its source tree: corpus.sh REFERENCE [ACCEPTED].  No part of the CI, and
# nothing of the reference is in this tree.  LL names the program (default
# build/ll-loop).  What the reference accepts is asked of its own validator
# (python3 with PyYAML); ACCEPTED is a list of names instead, one a line, as
# the table has them.  Where neither can be had, a file outside lib/ that says
# `name` and `initial` or `from` counts as accepted.  Ends with 1 when a file that the
# reference accepts is refused here for anything but its three real faults.
set -eu

if [ $# -lt 1 ] || [ ! -d "$1/scripts/little_loops/loops" ]; then
	echo 'usage: corpus.sh REFERENCE [ACCEPTED]' >&2
	exit 64
fi
ref=$(cd "$1" && pwd)
list=${2:+$(cd "$(dirname "$2")" && pwd)/$(basename "$2")}
LL=$(realpath "${LL:-$(dirname "$0")/../build/ll-loop}")
command -v jq >/dev/null || {
	echo 'corpus.sh: jq is missing' >&2
	exit 69
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

# Accepted there, refused here, and rightly so: the first finding's id.
known='issue-refinement E101
rlhf-svg-generate E101
oracles/plan-research-iteration E202'

# Its shipped loops take the place of a user's, its own project is one here.
shipped=$tmp/home/ll-loop/loops
mkdir -p "$tmp/home/ll-loop" "$tmp/project"
cp -R "$ref/scripts/little_loops/loops" "$shipped"
if [ -d "$ref/.loops" ]; then
	cp -R "$ref/.loops" "$tmp/project/.loops"
else
	mkdir "$tmp/project/.loops"
fi
export XDG_CONFIG_HOME="$tmp/home"
cd "$tmp/project"

# NAME and FILE in a line; names of project files have `project:` before.
{
	find "$shipped" -name '*.yaml' | sort |
		sed "s,^$shipped/\\(.*\\)\\.yaml\$,\\1 &,"
	find "$PWD/.loops" -maxdepth 1 -name '*.yaml' | sort |
		sed "s,^.*/\\(.*\\)\\.yaml\$,project:\\1 &,"
} >"$tmp/files"

ask_reference() { # the names that its validator accepts
	PYTHONPATH="$ref/scripts" PYTHONDONTWRITEBYTECODE=1 \
		python3 - "$tmp/files" 2>"$tmp/said" <<-'PY'
		import sys
		from pathlib import Path
		from little_loops.fsm.validation import (
		    ValidationSeverity, load_and_validate)

		for line in open(sys.argv[1]):
		    name, path = line.rstrip("\n").split(" ", 1)
		    try:
		        found = load_and_validate(Path(path),
		                                  raise_on_error=False)[1]
		    except Exception:
		        continue
		    if all(v.severity != ValidationSeverity.ERROR for v in found):
		        print(name)
	PY
}

guess() {
	grep -v '^lib/' "$tmp/files" | while read -r name file; do
		if grep -q '^name:' "$file" &&
			grep -qE '^(initial|from):' "$file"; then
			echo "$name"
		fi
	done
}

if [ -n "$list" ]; then
	cp "$list" "$tmp/accepted"
	how='by the list'
elif ask_reference >"$tmp/accepted"; then
	how='by the reference'
else
	how='by their keys (the reference could not be asked)'
	guess >"$tmp/accepted"
fi

first() { # the id of the first error and its words, as one line
	jq -r '[.violations[] | select(.severity == "error")][0] |
		"\(.id) line \(.line): \(.message)"' "$tmp/json" | head -n 1
}

accepted=0 both=0 faulty=0 wrong=0 more=0 libraries=0 neither=0
while read -r name file; do
	there=refused
	! grep -qxF -e "$name" "$tmp/accepted" || there=accepted
	rc=0
	"$LL" validate --json "$file" >"$tmp/json" 2>"$tmp/err" || rc=$?
	case $rc in
	0) here=loads ;;
	1) here="refused $(first)" ;;
	*) here="status $rc: $(head -n 1 "$tmp/err")" ;;
	esac
	if [ "$rc" -eq 0 ] && ! grep -qE '^(states|flow|from):' "$file"; then
		here='a library, clean'
	fi
	case "$there $here" in
	'accepted loads') both=$((both + 1)) ;;
	'accepted refused '*)
		id=$(echo "$here" | cut -d ' ' -f 2)
		if echo "$known" | grep -qxF -e "$name $id"; then
			faulty=$((faulty + 1))
			here="$here (a real fault)"
		else
			wrong=$((wrong + 1))
			here="$here <--- accepted there"
		fi
		;;
	accepted*)
		wrong=$((wrong + 1))
		here="$here <--- accepted there"
		;;
	*library*) libraries=$((libraries + 1)) ;;
	'refused loads') more=$((more + 1)) ;;
	*) neither=$((neither + 1)) ;;
	esac
	[ "$there" = refused ] || accepted=$((accepted + 1))
	printf '%-44s %-9s %s\n' "$name" "$there" "$here"
done <"$tmp/files"

printf '\n%d files; %d accepted %s: %d load here, %d refused for a real fault, %d refused wrongly\n' \
	"$(wc -l <"$tmp/files")" "$accepted" "$how" "$both" "$faulty" "$wrong"
printf 'not accepted there: %d libraries, clean here; %d load here; %d refused here too\n' \
	"$libraries" "$more" "$neither"
[ "$wrong" -eq 0 ] && [ "$accepted" -gt 0 ]
