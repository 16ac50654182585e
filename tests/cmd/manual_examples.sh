#!/bin/sh
# The examples of the manual and README are loops: each is taken out of the
# page as it stands, must validate without a finding, and is run here.  A
# literal block that begins with `name:` is a whole loop.  Other YAML must say
# what it is, in the line before: `.\" example file PATH` (a library below
# .loops) or `.\" example part`.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# Each whole loop, and the function below that runs it.
loops='mend await-server triage shrink checked checked-twice built greet sweep
count-words essay page weekly check-scripts count-all retry-build'
files='lib/steps.yaml'
parts=4

# take_out: all examples of ll-loop(5) and README become files below .loops.
# `taken` has a line for each: KIND NAME.  A page that hides one is refused.
take_out() {
	# shellcheck disable=SC2016 # awk's, not ours
	awk '
		function yaml(line) {
			return line ~ /^ *[[{]/ ||
				line ~ /^ *(- )?["\047]?[A-Za-z_][A-Za-z_. -]*["\047]?:( |$)/
		}
		function wrong(what) {
			print FILENAME ":" FNR ": " what >"/dev/stderr"
			bad = 1
		}
		function open_one(kind, name) {
			file = ".loops/" name
			print kind, name >"taken"
			if (seen[name]++)
				wrong("a second example " name)
			if (name ~ /\//)
				system("mkdir -p .loops/" substr(name, 1, length(name) - length(base(name))))
		}
		function base(name) { sub(/.*\//, "", name); return name }
		function begin(line) {
			if (line ~ /^name: /)
				open_one("loop", substr(line, 7) ".yaml")
			else if (mark[3] == "file" && mark[4] != "")
				open_one("file", mark[4])
			else if (mark[3] == "part")
				print "part", FNR >"taken"
			else if (yaml(line))
				wrong("YAML that is no loop and not marked as a file or part")
		}
		function literal(line) {
			gsub(/\\e/, "\001", line); gsub(/\\&/, "", line)
			gsub(/\\-/, "-", line)
			if (line ~ /\\/)
				wrong("an escape that this test does not know")
			gsub("\001", "\\", line)
			return line
		}
		FNR == 1 { roff = (FILENAME !~ /README/); inside = first = 0 }
		roff && /^\.\\" example / { split($0, mark, " "); next }
		roff && /^\.(Bd|EX|nf|Dl|D1)/ {
			if (/^\.(Dl|D1)/) {
				if (/name:/) wrong("an example in one line")
				next
			}
			inside = first = 1; next
		}
		roff && /^\.(Ed|EE|fi)/ {
			if (file != "") close(file)
			inside = first = 0; file = ""; split("", mark); next
		}
		!roff && /^<!-- example / { split($0, mark, " "); next }
		!roff && /^```/ {
			if (inside && file != "") close(file)
			inside = first = !inside; file = ""
			if (!inside) split("", mark)
			next
		}
		!inside {
			if ((!roff || !/^\./) && /^ *name: /) wrong("a loop outside of a literal block")
			if (!/^(\.|$)/ || /^\.[A-Z]/) split("", mark)
			next
		}
		{ line = roff ? literal($0) : $0 }
		first && line !~ /^ *(#.*)?$/ { first = 0; begin(line) }
		!first && line ~ /^name: / && file == "" { wrong("a loop that does not begin its block") }
		file != "" { print line >file }
		END { exit bad }
	' "$@"
}

taken() { # taken KIND: the names, sorted, in a line
	sed -n "s/^$1 //p" taken | sort | tr '\n' ' '
}

sorted() {
	printf '%s\n' "$@" | sort | tr '\n' ' '
}

examples() { # in every test: all of them, as files
	mkdir -p .loops
	: >taken
	take_out "$TAP_ROOT/man/ll-loop.5" "$TAP_ROOT/man/ll-loop.1" \
		"$TAP_ROOT/README.md"
}

t_each_example_has_a_test() {
	examples
	want=
	for l in $loops; do
		want="$want $l.yaml"
		name=$(echo "$l" | tr - _)
		grep -q "^t_${name}_" "$TAP_ROOT/tests/cmd/manual_examples.sh" ||
			fail "no test runs '$l'"
	done
	# shellcheck disable=SC2086 # names, one word each
	same "$(sorted $want)" "$(taken loop)"
	# shellcheck disable=SC2086
	same "$(sorted $files)" "$(taken file)"
	same "$parts" "$(grep -c '^part ' taken || :)"
}

t_each_example_validates_without_a_finding() {
	examples
	n=0
	for f in .loops/*.yaml .loops/lib/*.yaml; do
		name=${f#.loops/}
		ll 0 validate --json "${name%.yaml}"
		same 0 "$(jq '.violations | length' out)"
		[ ! -s err ] || fail "$f: $(cat err)"
		n=$((n + 1))
	done
	same "$(wc -l <taken)" $((n + parts))
}

t_each_example_is_the_same_in_one_piece() {
	examples
	for l in $loops; do
		ll 0 show --resolved "$l"
		cp out ".loops/$l-whole.yaml"
		for which in "$l" "$l-whole"; do
			ll 0 show --json "./.loops/$which.yaml"
			jq -S 'del(.effective)' out >"$which.json"
		done
		cmp "$l.json" "$l-whole.json"
		rm ".loops/$l-whole.yaml"
	done
}

t_what_is_not_marked_is_seen() {
	mkdir -p .loops
	page() { # page TEXT...: lines of a page, which must be refused
		printf '%s\n' "$@" >page.5
		: >taken
		! take_out page.5 2>said || fail "this is not seen: $*"
		has said page.5:
	}
	page .Bd 'initial: a' .Ed
	page .EX '- a: b' .EE
	page .Bd '  on_yes: x' .Ed
	page 'name: x'
	page .Bd '' '# a comment' 'initial: x' .Ed
	page .Bd '{name: x}' .Ed
	page .Bd 'echo x' 'name: x' .Ed
	page .Bd 'name: x' .Ed .Bd 'name: x' .Ed
	page .Bd 'name: x' 'action: \(en' .Ed
	page '.Dl name: x'
	page '.\" example part' .Bd 'a: b' .Ed .Bd 'a: b' .Ed
	page '.\" example part' 'words' .Bd 'a: b' .Ed
	printf '%s\n' .Bd 'echo "a: b"' .Ed '.\" example part' .Bd 'a: b' .Ed \
		>page.5
	: >taken
	take_out page.5
	same 'part 6' "$(cat taken)"
	printf '%s\n' '```yaml' 'name: x' '```' '<!-- example part -->' '```yaml' \
		'a: b' '```' '    make' '```' 'a: b' '```' >README
	: >taken
	! take_out README 2>said || fail 'this is not seen'
	has said 'README:10:'
	same 'loop x.yaml part 6' "$(paste -s -d ' ' taken)"
}

# ---- what each does ----

rules() { # rules TARGET...: a Makefile whose targets succeed, or `no-TARGET`
	for t; do
		case $t in
		no-*) printf '%s:\n\t@echo %s fails; exit 1\n' "${t#no-}" "${t#no-}" ;;
		*) printf '%s:\n\t@echo %s runs\n' "$t" "$t" ;;
		esac
	done >Makefile
}

t_mend_mends_and_gives_up() {
	examples
	printf 'test:\n\t@test -e mended || { echo broken; exit 1; }\n' >Makefile
	# shellcheck disable=SC2016 # the script's own
	printf '#!/bin/sh\ngrep -q broken "$1" && touch mended\n' >mend.sh
	chmod +x mend.sh
	ll 0 run mend
	same 'check mend check green' "$(path_of mend)"
	rm mended
	printf '#!/bin/sh\nexit 1\n' >mend.sh
	ll 2 run mend
	printf '#!/bin/sh\nexit 0\n' >mend.sh
	rm -r .loops/runs
	ll 1 run mend
	same 'check mend check mend check mend check mend check mend' \
		"$(journal mend state_enter state)"
}

t_await_server_asks_until_it_answers() {
	examples
	mkdir bin
	cat >bin/curl <<-'SH'
		#!/bin/sh
		test -e up || { touch up; exit 7; }
		printf '{"version": "%s"}' "$(cat version)"
	SH
	chmod +x bin/curl
	PATH=$PWD/bin:$PATH
	echo 2.1 >version
	ll 0 run await-server --delay 0
	same 'ask ask compare right' "$(path_of await-server)"
	echo 2.0 >version
	rm -r .loops/runs
	ll 2 run await-server --delay 0
	same 'ask compare show wrong' "$(path_of await-server)"
}

t_triage_sorts_one_item_a_step() {
	examples
	mkdir inbox
	touch inbox/a.txt 'inbox/b c.txt' inbox/d.png
	ll 0 run triage
	same 'a.txt b c.txt' "$(cd done/text && echo *)"
	same d.png "$(cd done/other && echo *)"
	same 'take file-text take file-text take file-other take sorted' \
		"$(path_of triage)"
}

t_shrink_ends_when_it_is_small() {
	examples
	mkdir build
	truncate -s 1300000 build/app
	printf '#!/bin/sh\ntruncate -s -300000 build/app\n' >shrink-one.sh
	chmod +x shrink-one.sh
	ll 0 run shrink
	same 'measure keep shrink measure small-enough' "$(path_of shrink)"
	truncate -s 1300000 build/app
	printf '#!/bin/sh\nexit 1\n' >shrink-one.sh
	rm -r .loops/runs
	ll 2 run shrink
	same 'measure keep shrink report broken' "$(path_of shrink)"
}

t_checked_keeps_what_its_commands_print() {
	examples
	rules all test
	ll 0 run checked
	same 'build test passed' "$(path_of checked)"
	same 'all runs' "$(cat "$(run_dir checked)build.log")"
	same 'test runs' "$(cat "$(run_dir checked)report")"
	rules all no-test
	rm -r .loops/runs
	ll 2 run checked
	same 'build test failed' "$(path_of checked)"
}

t_checked_twice_goes_on_where_its_parent_ends() {
	examples
	rules all test memcheck
	ll 0 run checked-twice
	same 'build test memory passed' "$(path_of checked-twice)"
	same 'build.log memory.log test.log' \
		"$(cd "$(run_dir checked-twice)" && echo *)"
	ll 0 show --resolved checked-twice
	has out 'on_no: failed  # fragment check, lib/steps.yaml:9'
	has out 'initial: build  # from checked.yaml:5'
}

t_built_has_one_step_less() {
	examples
	rules all no-test
	ll 0 run built
	same 'build passed' "$(path_of built)"
	ll 0 show --json built
	same null "$(jq .states.test out)"
}

t_greet_says_it() {
	examples
	# shellcheck disable=SC2016 # the bytes themselves
	ll 0 run greet --context who='W & $(id)'
	# shellcheck disable=SC2016
	same 'hello, W & $(id)\n bye\nbye\n' "$(journal greet action_complete output)"
}

t_sweep_removes_what_is_old() {
	examples
	mkdir scratch
	touch scratch/new
	ll 0 run sweep
	same 'look clean' "$(path_of sweep)"
	touch -d '3 days ago' scratch/old
	rm -r .loops/runs
	ll 0 run sweep
	same 'look list remove clean' "$(path_of sweep)"
	same new "$(cd scratch && echo *)"
	has "$(run_dir sweep).ll/journal.jsonl" scratch/old
}

t_count_words_counts_for_anyone() {
	examples
	echo a b c >essay.txt
	ll 0 run count-words --context file=essay.txt
	same 'count enough' "$(path_of count-words)"
	ll 2 run count-words --context file=essay.txt --context least=4
	ll 65 run count-words
	has err file
}

t_essay_is_written_until_it_is_long_enough() {
	examples
	: >essay.txt
	# shellcheck disable=SC2016 # the script's own
	printf '#!/bin/sh\necho one two three four five >>"$1"\n' >write-more.sh
	chmod +x write-more.sh
	ll 0 run essay
	has out 'there are 10 words'
	same 3 "$(grep -c '"event":"loop_start".*"depth":1' \
		"$(run_dir essay).ll/journal.jsonl")"
	: >essay.txt
	printf '#!/bin/sh\n' >write-more.sh
	rm -r .loops/runs
	ll 1 run essay
}

t_page_has_its_title() {
	examples
	ll 0 run page --context title='A & B'
	same '<h1>A & B</h1>' "$(cat page.html)"
	ll 65 run page
}

t_weekly_hands_its_title_to_the_page() {
	examples
	mkdir bin
	printf '#!/bin/sh\necho 2026-W47\n' >bin/date
	chmod +x bin/date
	PATH=$PWD/bin:$PATH ll 0 run weekly
	same '<h1>2026-W47</h1>' "$(cat page.html)"
}

t_check_scripts_tolerates_two() {
	examples
	mkdir scripts
	for i in 1 2 3 4 5 6; do
		echo true >scripts/$i.sh
	done
	ll 0 run check-scripts
	same 'list check good' "$(path_of check-scripts)"
	echo 'if' >scripts/2.sh
	echo '(' >'scripts/a b.sh'
	rm -r .loops/runs
	ll 0 run check-scripts
	has out '2 of 7 failed'
	echo 'if' >scripts/3.sh
	rm -r .loops/runs
	ll 2 run check-scripts
	same 'list check bad' "$(path_of check-scripts)"
}

t_count_all_counts_two_files() {
	examples
	echo a b c >one.txt
	echo d >two.txt
	ll 0 run count-all
	has out '3 1'
	rm two.txt
	ll 2 run count-all
}

t_retry_build_cleans_and_builds_again() {
	examples
	printf 'all:\n\t@test ! -e dirt\nclean:\n\t@rm dirt\n' >Makefile
	touch dirt
	ll 0 run retry-build
	same 'build clean build done' "$(path_of retry-build)"
	printf 'all:\n\t@exit 1\nclean:\n\t@true\n' >Makefile
	rm -r .loops/runs
	ll 1 run retry-build
	same 'build clean build clean build clean build clean build clean' \
		"$(journal retry-build state_enter state)"
	for how in validate show; do
		ll 0 "$how" retry-build
	done
}

tap_main "$@"
