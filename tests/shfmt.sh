#!/bin/sh
# The shell scanner beside shfmt: over every shell text of the corpus both
# must see the same quotes, heredocs, comments, arithmetic and command
# positions.  Usage: shfmt.sh BUILD_DIR, from the top of the tree;
# LL_SHELL_CORPUS names a directory of more loop files.
set -eu
B=$(cd "${1:-build}" && pwd)
for tool in shfmt jq; do
	command -v "$tool" >/dev/null || {
		echo "$tool is missing (sh tests/setup.sh test installs it)"
		exit 77
	}
done
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

find tests/loops tests/data loops ${LL_SHELL_CORPUS:+"$LL_SHELL_CORPUS"} \
	-name '*.yaml' -o -name '*.case' | sort >"$tmp/files"
texts=$(xargs "$B/shell_texts" "$tmp" <"$tmp/files" |
	awk '{ n += $1 } END { print n }')

# Of a word that shfmt gives no meaning (a name, a keyword) nothing is asked.
compare() { # compare NUMBER: rows of difference
	awk -v name="$(cat "$tmp/$1.from")" -v text="$1" '
		FILENAME ~ /theirs$/ {
			for (i = $1; i < $2; i++) { cls[i] = $3; role[i] = $4 }
			next
		}
		!($1 in cls) { unstated++; next }
		{
			same++
			c = cls[$1]; r = role[$1]
			bad = $2 != c && c != "any"
			if ($2 == "refused" || (!bad && r != "any" && $3 != r))
				bad = 1
			if (bad)
				print "difference", name, text, $1, $2, $3, c, r
		}
		END { print "count", same + 0, unstated + 0 }
	' "$tmp/$1.theirs" "$tmp/$1.ours"
}

for sh in "$tmp"/*.sh; do
	n=$(basename "$sh" .sh)
	if shfmt -ln bash -tojson <"$sh" >"$tmp/json" 2>"$tmp/err"; then
		jq -r -f tests/shfmt/words.jq "$tmp/json" >"$tmp/$n.theirs"
		compare "$n"
	else
		echo "unread $(cat "$tmp/$n.from") $n $(head -n 1 "$tmp/err")"
	fi
done >"$tmp/rows"
grep -v ^count "$tmp/rows" || :
awk -v texts="$texts" '
	$1 == "count" { n += $2; o += $3 }
	$1 == "difference" { d++ } $1 == "unread" { u++ }
	END {
		printf "%d texts, %d not read by shfmt; %d words compared, %d " \
			"names and keywords left out, %d differ\n", texts, u, n, o, d
		exit d > 0 || n == 0
	}' "$tmp/rows"
