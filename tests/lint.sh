#!/bin/sh
# Form: formatting, headers that stand alone, comments, lengths, manual pages,
# scripts.  Says everything it finds; ends with 1 when that is a fault.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
faults=0

fault() { # fault TEXT...: count it; the text may be many lines
	printf '%s\n' "$*"
	faults=$((faults + 1))
}

need() {
	command -v "$1" >/dev/null || {
		echo "lint.sh: '$1' is missing (sh tests/setup.sh lint installs it)"
		exit 1
	}
}

c_files() {
	find src include tests -name '*.[ch]' ! -path '*/demo/*.o' | sort
}

for tool in clang-format mandoc shellcheck gcc clang; do
	need "$tool"
done

c_files | xargs clang-format --dry-run -Werror >"$tmp/form" 2>&1 ||
	fault "$(cat "$tmp/form")"

flags="-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-function
	-Iinclude -Itests"
for h in $(find include tests -name '*.h' | sort); do
	for cc in gcc clang; do
		# shellcheck disable=SC2086 # the flags are words
		$cc $flags -fsyntax-only -x c "$h" >"$tmp/said" 2>&1 ||
			grep -q 'pragma once in main file' "$tmp/said" ||
			fault "$h does not compile alone ($cc)
$(cat "$tmp/said")"
	done
done

# Comments are /* */; a // inside a string or an address is not a comment.
# shellcheck disable=SC2016 # awk's, not ours
c_files | xargs awk '
	FNR == 1 { in_comment = 0 }
	{
		n = length($0); quote = ""
		for (i = 1; i <= n; i++) {
			c = substr($0, i, 1); two = substr($0, i, 2)
			if (in_comment) {
				if (two == "*/") { in_comment = 0; i++ }
			} else if (quote != "") {
				if (c == "\\") i++
				else if (c == quote) quote = ""
			} else if (two == "/*") { in_comment = 1; i++ }
			else if (c == "\"" || c == "\047") quote = c
			else if (two == "//") { print FILENAME ":" FNR ": // comment"; break }
		}
	}' >"$tmp/slashes"
[ ! -s "$tmp/slashes" ] || fault "$(cat "$tmp/slashes")"

c_files | while read -r f; do
	most=400
	case $f in
	*/keys*.c) most=500 ;;
	esac
	lines=$(wc -l <"$f")
	[ "$lines" -le "$most" ] || echo "$f: $lines lines, at most $most"
done >"$tmp/long"
[ ! -s "$tmp/long" ] || fault "$(cat "$tmp/long")"

# Function lengths, from the opening brace in column one to the closing one.
# shellcheck disable=SC2016
find src -name '*.c' | sort | xargs awk '
	/^[a-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^\{/ { start = FNR }
	/^\}/ && start { print FNR - start - 1, FILENAME, name; start = 0 }
' | sort -n >"$tmp/lengths"
awk '{ n[NR] = $1; if ($1 > 80) over = over "\n  " $2 ": " $3 ", " $1 " lines" }
	END {
		if (NR == 0) exit
		printf "functions: %d, median %d, p90 %d, longest %d%s\n", NR,
			n[int((NR + 1) / 2)], n[int((NR * 9 + 9) / 10)], n[NR],
			over ? "; over 80:" over : ""
		exit over != ""
	}' "$tmp/lengths" || faults=$((faults + 1))
awk '$1 > 40 && $1 <= 80 { print "  over 40: " $2 ": " $3 ", " $1 }' \
	"$tmp/lengths"

for page in man/*.[1-9]; do
	[ ! -e "$page" ] || mandoc -Tlint -W warning "$page" >"$tmp/said" ||
		fault "$(cat "$tmp/said")"
done

find tests -name '*.sh' | sort >"$tmp/scripts"
[ ! -e .ci/run ] || echo .ci/run >>"$tmp/scripts"
xargs shellcheck -x -P tests <"$tmp/scripts" >"$tmp/said" ||
	fault "$(cat "$tmp/said")"

# What a hand run leaves at the top does not become part of the tree.
if git rev-parse --git-dir >"$tmp/said" 2>&1; then
	git ls-files | grep -vE '^((src|loops|include|tests|man|\.ci)/|(LICENSE|Makefile|README\.md|\.clang-format|\.gitignore)$)' \
		>"$tmp/strays" && fault "does not belong at the top:
$(cat "$tmp/strays")"
fi

[ "$faults" -eq 0 ] || {
	echo "lint: $faults kinds of fault"
	exit 1
}
echo 'lint: clean'
