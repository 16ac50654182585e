#!/bin/sh
# fsck: are runs as they were written?
# shellcheck shell=sh source=tests/tap.sh
# shellcheck disable=SC2016
. "$(dirname "$0")/../tap.sh"

three() { # a loop of three steps, the second with a long output
	loop three <<-'EOF'
	name: three
	description: d
	initial: a
	context: {word: w}
	states:
	  a: {action: echo one, capture: one, next: b}
	  b: {action: 'seq 1 20000', capture: two, next: c}
	  c: {action: 'test -e go || exit 1', on_yes: done, on_no: bad, on_error: bad}
	  bad: {terminal: true, failure: true}
	  done: {terminal: true}
	EOF
}

ll_dir() {
	printf '%s.ll' "$(run_dir three)"
}

t_all_is_well() {
	three
	ll 0 fsck
	same '' "$(cat out)"
	touch go
	ll 0 run three --quiet
	rm go
	ll 2 run three --quiet
	ll 0 fsck
	same 2 "$(grep -c '  valid  [0-9]* records$' out)"
	ll 0 fsck three --json
	has out '"well": true'
	has out '"journal": "valid"'
	ll 66 fsck nosuch
	ll 64 fsck --truncate
	ll 0 fsck --truncate three
	lacks out cut
}

t_nothing_is_written() {
	three
	ll 2 run three --quiet
	printf 'torn' >>"$(ll_dir)/journal.jsonl"
	find .loops -type f -exec cksum {} + | sort >before
	ll 1 fsck
	has out '  torn  4 bytes of an unfinished record behind record'
	find .loops -type f -exec cksum {} + | sort >after
	same "$(cat before)" "$(cat after)"
	ll 1 fsck --json
	has out '"journal": "torn"'
}

t_what_is_wrong_is_named() {
	three
	ll 2 run three --quiet
	echo >>"$(ll_dir)/sealed/0-three.yaml"
	ll 1 fsck
	has out 'sealed/0-three.yaml: changed since the run sealed it'
	has out '  valid  '
	out=$(find "$(ll_dir)/output" -type f)
	dd if=/dev/zero of="$out" bs=1 count=1 seek=7 conv=notrunc 2>/dev/null
	ll 1 fsck --json
	has out 'changed since it was written'
	rm "$out"
	ll 1 fsck
	has out "$(basename "$out")"
	echo >>"$(ll_dir)/run.json"
	ll 1 fsck
	has out 'corrupt at byte 0 (record 1)'
	ll 65 fsck --truncate three
	has err 'no record is valid'
}

t_a_run_without_a_journal() {
	three
	ll 2 run three --quiet
	rm "$(ll_dir)/journal.jsonl"
	ll 0 fsck
	has out '  none  it was ended before its first record'
}

# spoil N: a byte of the Nth record of the newest run becomes another.
spoil() {
	j=$(ll_dir)/journal.jsonl
	at=$(head -n $(($1 - 1)) "$j" | wc -c)
	printf '#' | dd of="$j" bs=1 seek=$((at + 20)) conv=notrunc 2>/dev/null
}

t_a_corrupt_journal_is_cut_and_goes_on() {
	three
	touch go
	ll 0 run three --quiet
	before=$(path_of three)
	at=$(head -n 9 "$(ll_dir)/journal.jsonl" | wc -c)
	spoil 10
	cp "$(ll_dir)/journal.jsonl" whole
	ll 1 fsck three
	has out "corrupt at byte $at (record 10): "
	ll 65 resume three
	has err 'fsck --truncate three-'
	ll 0 fsck --truncate three
	has out 'cut to 9 records; the whole is kept in '
	cmp whole "$(ll_dir)/journal.jsonl.corrupt-1"
	same "$(head -n 9 whole)" "$(head -n 9 "$(ll_dir)/journal.jsonl")"
	has "$(ll_dir)/journal.jsonl" '"event":"journal_repaired"'
	ll 0 fsck
	ll 0 resume three --quiet
	ll 0 fsck
	# The state that was in the middle of it is entered again.
	same "$(echo "$before" | tr ' ' '\n' | sort -u)" \
		"$(path_of three | tr ' ' '\n' | sort -u)"
	spoil 4
	ll 0 fsck --truncate three
	[ -s "$(ll_dir)/journal.jsonl.corrupt-2" ] || fail 'no second copy'
}

t_a_living_run_is_not_cut() {
	loop live <<-'EOF'
	name: live
	description: d
	initial: a
	states:
	  a: {action: 'touch started; sleep 30', next: done}
	  done: {terminal: true}
	EOF
	"$LL" run live --quiet &
	pid=$!
	while [ ! -e started ]; do sleep 0.02; done
	ll 0 fsck live
	j=$(run_dir live).ll/journal.jsonl
	printf '#' | dd of="$j" bs=1 seek=20 conv=notrunc 2>/dev/null
	ll 75 fsck --truncate live
	has err 'is running'
	[ ! -e "$j.corrupt-1" ] || fail 'it was copied'
	kill -TERM $pid
	wait $pid || true
}

tap_main "$@"
