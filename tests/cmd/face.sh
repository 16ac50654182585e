#!/bin/sh
# The face of the program: words, options, views, lost readers.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

quick() { # quick: a loop of three steps in the project
	mkdir -p .loops
	cat >.loops/quick.yaml <<-'EOF'
	name: quick
	description: |
	  Two lines
	  of text.
	category: demo
	labels: [Fast]
	scope: ["."]
	initial: a
	max_steps: 9
	states:
	  a:
	    action: |
	      echo x >>n
	      printf 'esc \033[31m\n'
	      test "$(wc -l <n)" -ge 3
	    on_yes: done
	    on_no: a
	    on_error: done
	  done:
	    terminal: true
	EOF
}

t_no_words_show_help_and_fail() {
	ll 64
	has out 'usage: ll-loop'
	ll 0 --help
	has out 'validate, val'
	ll 0 run --help
	has out 'max-steps'
	ll 0 help st
	has out 'usage: ll-loop status'
}

t_nothing_but_libc_is_loaded() {
	command -v ldd >/dev/null || skip 'no ldd'
	! nm "$LL" | grep -q ' __asan_init' || skip 'a sanitizer is loaded'
	# A library costs every start more than anything else we do there.
	same '' "$(ldd "$LL" | grep -vE 'libc\.so|ld-linux|linux-vdso')"
}

t_wrong_words_are_named() {
	ll 64 list --jsno
	has err "did you mean '--json'"
	ll 64 monitor x
	has err 'not in this version yet'
	ll 64 promote-baseline
	has err 'there are no baselines'
	ll 64 list word
	has err "'word'"
	ll 66 no-such-loop
	has err 'no-such-loop'
}

t_a_name_alone_is_run() {
	quick
	ll 0 quick
	has out 'Loop completed: done (3 iterations'
	has out '\x1b[31m'
	ll 0 --root "$PWD" st quick
	has out 'Status: completed'
}

t_how_a_run_ended_is_always_told() {
	quick
	ll 1 run -n 2 quick
	has out "Loop ended: max_steps at 'a' (2 iterations"
	ll 0 status
	has out 'Ended by: max_steps'
}

t_a_lost_reader_does_not_stop_a_run() {
	quick
	"$LL" run quick | head -n 1 >out
	same 3 "$(wc -l <n)"
	rm n
	"$LL" run quick 2>err >&-
	same 3 "$(wc -l <n)"
	[ -e /dev/full ] || return 0
	rm n
	"$LL" run quick >/dev/full
	got=0
	"$LL" list >/dev/full || got=$?
	same 74 "$got"
}

t_views_are_json() {
	quick
	"$LL" run quick --json >events
	same 3 "$(grep -c '"event":"action_output"' events)"
	ll 0 history --json
	has out '"iterations": 3'
	ll 0 status --json
	has out '"loop_name": "quick"'
	ll 0 list --json
	has out '"description": "Two lines of text."'
	ll 0 list --running --json
	same '[]' "$(cat out)"
	run=$(sed -n 's/.*"run":"\([^"]*\)".*/\1/p' events)
	ll 0 history "$run" -n 2 --json
	same 2 "$(grep -c '"seq":' out)"
	ll 0 history quick "$run"
	has out 'Loop completed: done'
}

t_a_broken_journal_is_not_believed() {
	quick
	ll 0 run quick
	j=$(run_dir quick).ll/journal.jsonl
	sed 's/"iteration":2/"iteration":7/' "$j" >new
	cat new >"$j"
	ll 0 status
	has out 'Status: unknown'
	has out 'The journal is corrupt'
	ll 0 history
	has out unknown
	lacks out terminal
	ll 74 history "$(basename "$(run_dir quick)")"
	has err corrupt
}

t_lists_are_filtered() {
	quick
	mkdir .loops/lib
	printf 'fragments:\n  f:\n    action: "true"\n' >.loops/lib/frag.yaml
	printf 'name: [\n' >.loops/torn.yaml
	ll 0 list
	has out quick
	has out 'does not parse'
	lacks out lib/frag
	ll 0 list --category demo --label fast
	has out quick
	lacks out torn
}

t_validate_shows_places() {
	quick
	sed 's/on_no: a/on_no: b/' .loops/quick.yaml >.loops/bad.yaml
	ll 1 validate bad
	has out '.loops/bad.yaml:17:12: error E'
	has out 'bad is invalid'
	ll 66 validate quick bad nowhere
	has out 'quick is valid'
	ll 1 validate bad --json
	has out '"line": 17'
	ll 66 validate nowhere --json
	has out '"valid": false'
}

t_help_fits_the_screen() {
	"$LL" help >all
	for word in '' $(sed -n '/^Commands/,/^$/s/^  \([a-z-]*\).*/\1/p' all); do
		COLUMNS=80 "$LL" help ${word:+"$word"} >out
		awk 'length($0) > 80 { print; n++ } END { exit n > 0 }' out >err ||
			fail "help $word: $(cat err)"
		COLUMNS=20 "$LL" help ${word:+"$word"} >out
	done
	COLUMNS=80 "$LL" help run >out
	has out '@@ a plain @'
}

tap_main "$@"
