#!/bin/sh
# Files that are no loops: each is told with its place, in a second of
# processor time and 64 MiB, and nothing runs.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

good() { # a loop that ends well; its `name` is $1
	cat <<-EOF
	name: $1
	description: d
	scope: ["."]
	initial: a
	states:
	  a: {action: "true", on_yes: done, on_no: done, on_error: done}
	  done: {terminal: true}
	EOF
}

repeat() { # repeat TEXT N
	awk -v t="$1" -v n="$2" 'BEGIN { while (n--) printf "%s", t }'
}

# dash has these limits, though POSIX does not.
# shellcheck disable=SC3045
bound() { # bound COMMAND...: within the limits, where the build allows them
	space=67108864
	# The sanitizers reserve more than there is.
	prlimit --as=$space "$LL" version >/dev/null 2>&1 || space=unlimited
	prlimit --cpu=1 --as=$space "$@"
}

status() { # status WANTED ARGUMENT...: within the limits; see `ll`
	want=$1
	shift
	got=0
	bound "$LL" "$@" >out 2>err </dev/null || got=$?
	[ "$got" -eq "$want" ] || {
		head -n 20 out err >&2
		fail "ll-loop $*: status $got, not $want"
	}
}

is_json() { # is_json FILE
	if command -v python3 >/dev/null; then
		python3 -m json.tool <"$1" >/dev/null || fail "no JSON: $(cat "$1")"
	elif command -v jq >/dev/null; then
		jq . <"$1" >/dev/null || fail "no JSON: $(cat "$1")"
	fi
	has "$1" '"valid": false'
}

wrong() { # wrong NAME LINE:COL ID TEXT: the loop of that name draws this
	status 1 validate "$1"
	has out ".loops/$1.yaml:$2: error $3: "
	has out "$4"
	status 1 validate "$1" --json
	is_json out
	has out "\"line\": ${2%:*}"
	has out "\"column\": ${2#*:}"
	status 65 run "$1"
	has err ".loops/$1.yaml:$2: error $3: "
	[ ! -e .loops/runs ] || fail "something ran"
}

refused() { # refused NAME STATUS_OF_VALIDATE STATUS_OF_RUN TEXT
	status "$2" validate "$1"
	has err "$4"
	status "$2" validate "$1" --json
	is_json out
	status "$3" run "$1"
	has err "$4"
	[ ! -e .loops/runs ] || fail "something ran"
}

fine() { # fine NAME: valid, and it runs to its end
	status 0 validate "$1"
	lacks out error
	status 0 run "$1"
}

t_a_key_that_stands_twice() {
	{ good twice; echo 'name: other'; } | loop twice
	wrong twice 8:1 E003 "key 'name' is already on line 1, column 1"
	good state | sed 's/^  done:/  a: {next: done}\n&/' | loop state
	wrong state 7:3 E003 "key 'a' is already on line 6, column 3"
	{ good wide; echo "context: {'😀é': 1, '😀é': 2}"; } | loop wide
	wrong wide 8:20 E003 'is already on line 8, column 11'
}

t_words_that_yaml_takes_for_booleans_are_text() {
	{ good flag; echo 'maintain: yes'; } | loop flag
	wrong flag 8:11 E102 "'maintain' must be true or false, not the text 'yes'"
	good words | sed 's/on_yes.*/route: {yes: done, no: a, _error: a}}/' |
		loop words
	fine words
}

t_a_leading_zero_is_no_number() {
	{ good zero; echo 'max_steps: 010'; } | loop zero
	wrong zero 8:12 E102 "a whole number, not the text '010'"
	# shellcheck disable=SC2016 # ours, not the shell's
	{ good kept; echo 'context: {n: 010}'; } |
		sed "s/\"true\"/'[ \${context.n} = 010 ]'/; s/on_no: done/on_no: a/" |
		loop kept
	fine kept
}

t_aliases() {
	good alias | sed 's/a: {/a: \&a {/; s/^  done:/  b: *a\n&/' | loop alias
	status 0 validate alias
	{ good lost; echo 'context: *nope'; } | loop lost
	wrong lost 8:10 E009 "alias '*nope' has no anchor before it"
	{ good self; echo 'context: &c {x: *c}'; } | loop self
	wrong self 8:17 E009 "alias '*c' stands inside its own anchor"
	{ good merge; echo 'context: {<<: 5}'; } | loop merge
	wrong merge 8:11 E011 "'<<' needs a mapping"
}

t_a_bomb_of_aliases() {
	{
		good bomb
		echo 'context:'
		echo '  a: &a [x, x, x, x, x, x, x, x, x, x]'
		was=a
		for k in b c d e f g h i; do
			echo "  $k: &$k [$(repeat "*$was, " 9)*$was]"
			was=$k
		done
	} | loop bomb
	status 1 validate bomb
	has out 'error E006: too large'
	status 65 run bomb
}

t_a_hundred_thousand_levels() {
	{ good list; printf 'context: '; repeat '[' 100000; } | loop list
	wrong list 8:73 E005 'over 64 levels deep'
	{ good map; printf 'context: '; repeat '{a: ' 100000; } | loop map
	wrong map 8:262 E005 'over 64 levels deep'
	repeat '- ' 100000 | loop rows
	wrong rows 1:129 E005 'over 64 levels deep'
}

t_bytes_that_are_no_text() {
	{ good escape; printf '%s\n' 'context: {x: "\0"}'; } | loop escape
	wrong escape 8:14 E002 'a NUL character'
	{ good nul; printf 'context: {x: a\000b}\n'; } | loop nul
	wrong nul 8:15 E002 'a NUL byte'
	{ good latin; printf '# caf\351\n'; } | loop latin
	wrong latin 8:6 E002 'byte 0xe9 does not belong here'
	{ good bell; printf 'context: {x: "a\007b"}\n'; } | loop bell
	wrong bell 8:16 E001 'control characters are not allowed'
}

t_utf16() {
	for order in LE BE; do
		{ printf '\357\273\277'; good wide; } |
			iconv -f UTF-8 -t "UTF-16$order" | loop wide
		wrong wide 1:1 E002 'this is UTF-16; save it as UTF-8'
	done
}

t_marks_and_line_ends_that_are_fine() {
	{ printf '\357\273\277'; good bom; } | loop bom
	fine bom
	good crlf | sed 's/$/\r/' | loop crlf
	fine crlf
	printf '%s' "$(good last)" | loop last
	fine last
	{ echo '%YAML 1.1'; echo '---'; good head; echo '...'; } | loop head
	fine head
	{ good inside; printf 'context:\n  x:\t1\n'; } | loop inside
	fine inside
}

t_two_documents() {
	{ good two; echo '---'; good two; } | loop two
	wrong two 8:1 E007 'a second document begins here'
}

t_tabs_cannot_indent() {
	good tab | sed 's/^  a:/\ta:/' | loop tab
	wrong tab 6:1 E001 'a tab cannot indent'
	{ echo '# é'; good wide; } | sed 's/^  a:/  é: 1\n \ta:/' | loop wide
	wrong wide 8:2 E001 'a tab cannot indent'
}

t_half_a_document() {
	{ good quote; echo "context: {x: 'abc"; } | loop quote
	wrong quote 9:1 E001 'a quoted scalar that begins on line 8'
	{ good colon; echo 'a: b: c'; } | loop colon
	wrong colon 8:5 E001 'mapping values are not allowed'
	{ good tag; echo 'context: !!python/object:x {}'; } | loop tag
	wrong tag 8:10 E008 "tag 'python/object:x' is not known"
	{ good key; echo 'context: {[a]: b}'; } | loop key
	wrong key 8:11 E010 'a key must be text'
}

t_nothing_at_all() {
	: | loop empty
	wrong empty 1:1 E102 'the file is empty'
	printf '# one\n\n# two\n' | loop comments
	wrong comments 1:1 E102 'the file is empty'
	echo '- a' | loop list
	wrong list 1:1 E102 'a loop must be a mapping, not a list'
	echo 'a word' | loop word
	wrong word 1:1 E102 'a loop must be a mapping, not text'
}

t_a_mebibyte_is_enough() {
	{ good full; printf '# '; } | loop full
	size=$(wc -c <.loops/full.yaml)
	repeat x $((1048575 - size)) >>.loops/full.yaml
	echo >>.loops/full.yaml
	same 1048576 "$(wc -c <.loops/full.yaml)"
	status 0 validate full
	echo >>.loops/full.yaml
	refused full 1 65 'over 1048576 bytes'
}

t_files_that_are_no_files() {
	mkdir .loops/dir.yaml
	refused dir 1 65 'not a regular file'
	mkfifo .loops/fifo.yaml
	refused fifo 1 65 'not a regular file'
	ln -s /dev/zero .loops/zero.yaml
	refused zero 1 65 'not a regular file'
	ln -s circle.yaml .loops/circle.yaml
	refused circle 66 66 'symbolic links'
	ln -s nowhere .loops/dangling.yaml
	refused dangling 66 66 'No such file'
}

t_a_file_that_may_not_be_read() {
	good closed | loop closed
	chmod 0 .loops/closed.yaml
	if cat .loops/closed.yaml >/dev/null 2>&1; then
		# root reads everything, unless it gives that up
		printf '#!/bin/sh\nexec setpriv %s "%s" "$@"\n' \
			--bounding-set=-dac_override,-dac_read_search "$LL" >plain
		chmod +x plain
		LL=$PWD/plain
	fi
	refused closed 66 66 'Permission denied'
}

t_many_faults_are_cut_short() {
	{
		good many
		awk 'BEGIN { while (n++ < 5000) print "zz" n ": 1" }'
	} | loop many
	status 1 validate many
	has out ".loops/many.yaml:8:1: error E101: unknown key 'zz1'"
	has out E000
	status 1 validate many --json
	is_json out
}

tap_main "$@"
