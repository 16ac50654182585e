#!/bin/sh
# The law of src/LAYERS.  Three things are refused: an include of a layer that
# is not listed, modules of one layer that need each other, and a path below
# `runs` or `.queue` named by anyone but store/ and gate/.
# Usage: layers.sh [DIR]; layers.sh --self-test plants each fault and looks.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

files() { # files DIR: the C files of src and include, as LAYER MODULE PATH
	find "$1/src" "$1/include" -name '*.[ch]' | sort | awk -F/ '{
		m = $NF; sub(/\.[ch]$/, "", m); print $(NF - 1), m, $0 }'
}

includes() { # includes DIR: LAYER MODULE PATH LINE LAYER2 MODULE2
	files "$1" | while read -r layer module path; do
		awk -v who="$layer $module $path" '
			/^#[ \t]*include "[^"\/]*\/[^"]*"/ {
				split($0, q, "\""); split(q[2], p, "/")
				sub(/\.h$/, "", p[2]); print who, FNR, p[1], p[2]
			}' "$path"
	done
}

upward() { # an include that the table does not list
	includes "$1" | awk -v law="$1/src/LAYERS" '
		BEGIN {
			while ((getline line <law) > 0) {
				if (line ~ /^#/ || line !~ /:/)
					continue
				n = split(line, w, /[: \t]+/)
				known[w[1]] = 1
				for (i = 1; i <= n; i++)
					may[w[1], w[i]] = 1
			}
		}
		!($1 in known) {
			printf "%s: layer %s is not in src/LAYERS\n", $3, $1
			next
		}
		!(($1, $5) in may) {
			printf "%s:%d: %s may not include %s/%s.h\n",
				$3, $4, $1, $5, $6
		}'
}

# Modules of one layer that need each other.  The files NAME_PART are parts of
# the module NAME: a noun may be cut into files.
cycles() {
	includes "$1" | awk '
		{ a = $2; b = $6; sub(/_.*/, "", a); sub(/_.*/, "", b) }
		$1 == $5 && a != b { print $1 "/" a, $1 "/" b, $3 ":" $4 }
	' | sort -u >"$tmp/edges"
	cut -d ' ' -f 1,2 "$tmp/edges" | sort -u | tsort 2>&1 >/dev/null |
		sed -n 's/^tsort: \([a-z_0-9]*\/.*\)/\1/p' | sort -u >"$tmp/knot"
	awk -v knot="$tmp/knot" '
		BEGIN { while ((getline node <knot) > 0) in_it[node] = 1 }
		($1 in in_it) && ($2 in in_it) {
			print $3 ": " $1 " needs " $2 ", a cycle holds both"
		}' "$tmp/edges"
}

paths() { # a string literal that names what only store/ and gate/ open
	files "$1" | while read -r layer _ path; do
		case $path in
		"$1"/include/*) continue ;;
		esac
		case $layer in
		store | gate) continue ;;
		esac
		awk -v path="$path" '
			function judge(s) {
				if (s ~ /\/runs|runs\/|\.queue|\.running/)
					printf "%s:%d: only store/ and gate/ name \"%s\"\n",
						path, FNR, s
			}
			!in_comment && /^#[ \t]*include/ { next }
			{
				n = length($0)
				for (i = 1; i <= n; i++) {
					c = substr($0, i, 1); two = substr($0, i, 2)
					if (in_comment) {
						if (two == "*/") { in_comment = 0; i++ }
					} else if (quote != "") {
						if (c == "\\") { text = text two; i++ }
						else if (c == quote) {
							if (c == "\"") judge(text)
							quote = ""
						} else text = text c
					} else if (two == "/*") { in_comment = 1; i++ }
					else if (c == "\"" || c == "\047") { quote = c; text = "" }
				}
				if (quote != "") { judge(text); quote = "" }
			}' "$path"
	done
}

faults() {
	upward "$1"
	cycles "$1"
	paths "$1"
}

plant() { # plant NAME PATTERN: faults of $dir/NAME must say PATTERN
	if ! faults "$dir/$1" | grep -q "$2"; then
		echo "layers.sh: does not see a planted fault: $1" >&2
		exit 1
	fi
}

self_test() {
	dir=$tmp/planted
	for t in good upward stranger header cycle path; do
		mkdir -p "$dir/$t/src/low" "$dir/$t/src/high" "$dir/$t/src/store" \
			"$dir/$t/include/low" "$dir/$t/include/high"
		printf '# a law\nlow:\nhigh: low\nstore: low\n' >"$dir/$t/src/LAYERS"
		echo '#include "low/b.h"' >"$dir/$t/src/low/a.c"
		echo '#include "low/a.h"' >"$dir/$t/src/high/c.c"
		echo 'char p[] = "/runs/x"; /* ours */' >"$dir/$t/src/store/place.c"
		# shellcheck disable=SC2028 # the backslash is C's
		echo 'char q[] = "runs \"", r = '\''"'\''; /* "/runs/" */' \
			>"$dir/$t/src/high/d.c"
	done
	if [ -n "$(faults "$dir/good")" ]; then
		faults "$dir/good" >&2
		echo 'layers.sh: finds a fault where there is none' >&2
		exit 1
	fi
	echo '#include "high/c.h"' >>"$dir/upward/src/low/a.c"
	plant upward 'src/low/a.c:2: low may not include high/c.h'
	echo '#include "attic/c.h"' >>"$dir/stranger/src/high/c.c"
	plant stranger 'may not include attic/c.h'
	echo '#include "high/c.h"' >"$dir/header/include/low/b.h"
	plant header 'include/low/b.h:1: low may not'
	echo '#include "low/a.h"' >"$dir/cycle/include/low/b.h"
	plant cycle 'low/a needs low/b, a cycle'
	echo 'char p[] = "x/.queue";' >>"$dir/path/src/high/d.c"
	plant path 'src/high/d.c:2: only store/ and gate/'
	echo 'layers.sh: sees every planted fault'
}

if [ "${1-}" = --self-test ]; then
	self_test
	exit 0
fi
found=$(faults "${1:-.}")
if [ -n "$found" ]; then
	printf '%s\n' "$found"
	exit 1
fi
