#!/bin/sh
# Standing still: stall evaluators and progress_paths with real repositories.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

repository() { # a project with one commit, its runs ignored
	command -v git >/dev/null || skip 'no git'
	git init -q .
	echo start >tracked
	printf 'n\nbin/\n' >.gitignore
	git add -A
	git -c user.name=a -c user.email=a@b commit -qm one
}

diff_loop() { # diff_loop KEYS: edits twice, then only counts
	loop ds <<-EOT
	name: ds
	description: Edit until nothing changes.
	scope: ["."]
	initial: edit
	max_steps: 20
	states:
	  edit: {action: "echo x >>n; test \$(wc -l <n) -gt 2 || \${context.act}", next: check}
	  check: {evaluate: {type: diff_stall$1}, on_yes: edit, on_no: end, on_error: bad}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	context: {act: "echo more >>tracked"}
	EOT
}

t_a_diff_that_does_not_change_is_a_stall() {
	repository
	diff_loop ''
	ll 0 run ds --quiet
	same 'yes yes no' "$(journal ds evaluate verdict)"
	same 'libgit2 libgit2 libgit2' "$(journal ds evaluate via)"
	ll 0 status ds --json
	tr -d ' \n' <out >flat
	has flat '"stall_counts":{"check":1}'
}

t_counters_do_not_outlive_their_run() {
	repository
	diff_loop ''
	echo 'x x x' | tr ' ' '\n' >n
	ll 0 run ds --quiet
	same 'yes no' "$(journal ds evaluate verdict)"
	rm -r .loops/runs
	ll 0 run ds --quiet
	same 'yes no' "$(journal ds evaluate verdict)"
	[ ! -e .loops/tmp ] || fail 'files of stalls'
}

t_content_counts_not_the_size_of_a_diff() {
	repository
	diff_loop ''
	echo aaaa >>tracked
	ll 0 run ds --quiet --context 'act=sed -i s/a/b/ tracked'
	same 'yes yes no' "$(journal ds evaluate verdict)"
}

t_new_files_and_commits_are_changes() {
	repository
	diff_loop ''
	ll 0 run ds --quiet --context 'act=date +%N >new'
	same 'yes yes no' "$(journal ds evaluate verdict)"
	rm -r n .loops/runs
	git add new
	ll 0 run ds --quiet --context \
		'act=git -c user.name=a -c user.email=a@b commit -qam two'
	same 'yes no' "$(journal ds evaluate verdict)"
}

t_a_scope_is_all_that_counts() {
	repository
	diff_loop ', scope: [tracked]'
	ll 0 run ds --quiet --context 'act=date +%N >new'
	same 'yes no' "$(journal ds evaluate verdict)"
}

t_git_itself_when_the_library_cannot_be_loaded() {
	repository
	diff_loop ''
	mkdir bin
	for v in 0 1 2 3 4 5 6 7 8 9; do : >"bin/libgit2.so.1.$v"; done
	LD_LIBRARY_PATH=$PWD/bin ll 0 run ds --quiet
	same 'yes yes no' "$(journal ds evaluate verdict)"
	same 'git git git' "$(journal ds evaluate via)"
	has "$(run_dir ds).ll/journal.jsonl" 'cannot load libgit2'
}

t_without_a_repository_it_is_an_error() {
	diff_loop ''
	ll 2 run ds --quiet
	same error "$(journal ds evaluate verdict)"
	same not_a_repository "$(journal ds evaluate kind)"
}

t_a_signal_ends_a_run_whose_repository_hangs() {
	repository
	diff_loop ''
	mkdir bin
	for v in 0 1 2 3 4 5 6 7 8 9; do : >"bin/libgit2.so.1.$v"; done
	printf '#!/bin/sh\necho $$ >hangs\nexec sleep 1000\n' >bin/git
	chmod +x bin/git
	PATH=$PWD/bin:$PATH LD_LIBRARY_PATH=$PWD/bin "$LL" run ds \
		>out 2>err &
	pid=$!
	i=0
	until [ -s hangs ]; do
		i=$((i + 1))
		[ "$i" -lt 200 ] || fail 'git was never asked'
		sleep 0.05
	done
	before=$(date +%s%N)
	kill -TERM "$pid"
	rc=0
	wait "$pid" || rc=$?
	after=$(date +%s%N)
	same 143 "$rc"
	[ $(((after - before) / 1000000)) -lt 1500 ] || fail 'it took too long'
	same '' "$(journal ds evaluate verdict)"
	same interrupted "$(journal ds run_end terminated_by)"
	kill -0 "$(cat hangs)" 2>/dev/null && fail 'git is left behind'
	return 0
}

t_the_end_of_the_loop_is_the_end_of_waiting() {
	repository
	diff_loop ''
	echo 'timeout: 1' >>.loops/ds.yaml
	mkdir bin
	for v in 0 1 2 3 4 5 6 7 8 9; do : >"bin/libgit2.so.1.$v"; done
	printf '#!/bin/sh\nexec sleep 1000\n' >bin/git
	chmod +x bin/git
	rc=0
	PATH=$PWD/bin:$PATH LD_LIBRARY_PATH=$PWD/bin timeout 20 \
		"$LL" run ds --quiet || rc=$?
	same error "$(journal ds evaluate verdict)"
	same timeout "$(journal ds evaluate kind)"
	[ "$rc" -eq 1 ] || [ "$rc" -eq 2 ] || fail "status $rc"
}

t_scores_are_read_where_the_loop_writes_them() {
	loop sc <<-'EOT'
	name: sc
	description: A score that no longer grows.
	scope: ["."]
	initial: round
	max_steps: 20
	states:
	  round: {action: "echo x >>n; tail -n +$(wc -l <n) scores | head -n 1 >>${context.run_dir}.score_history", next: look}
	  look: {evaluate: {type: score_stall, max_stall: 2}, on_yes: round, on_no: end, on_error: bad}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOT
	printf '3\n5\nnone\n5.2\n7\n7.1\n7\n7\n' >scores
	ll 0 run sc --quiet
	same 'yes yes yes yes yes yes no' "$(journal sc evaluate verdict)"
	rm -r .loops/runs
	mkfifo fifo
	sed -i 's/max_stall: 2/history_file: fifo/' .loops/sc.yaml
	ll 2 run sc --quiet
	same unreadable "$(journal sc evaluate kind)"
}

t_the_same_action_again_is_a_stall() {
	loop as <<-'EOT'
	name: as
	description: The action is the same when its text with values is.
	scope: ["."]
	initial: a
	max_steps: 20
	states:
	  a: {action: "wc -l <n; echo ${captured.n.output:default=0} >/dev/null", capture: n, next: s}
	  s: {evaluate: {type: action_stall}, on_yes: b, on_no: end, on_error: bad}
	  b: {action: "test $(wc -l <n) -gt 2 || echo x >>n", next: a}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOT
	: >n
	ll 0 run as --quiet
	same 'yes yes yes yes yes yes no' "$(journal as evaluate verdict)"
}

t_progress_begins_a_new_row_of_failures() {
	loop pr <<-'EOT'
	name: pr
	description: Failures while a file grows, then failures.
	scope: ["."]
	initial: a
	max_steps: 20
	circuit:
	  repeated_failure:
	    window: 2
	    progress_paths: ["${context.run_dir}plan", src]
	    exclude_paths: [src/log]
	states:
	  a:
	    action: "echo x >>n; echo x >>src/log; test $(wc -l <n) -gt 2 || echo x >>src/f; test $(wc -l <n) -gt 4 || echo x >>${context.run_dir}plan; exit 1"
	    on_yes: bad
	    on_no: a
	    on_error: bad
	  bad: {terminal: true, failure: true}
	EOT
	mkdir src
	ll 1 run pr --quiet
	same 'a a a a a' "$(journal pr state_enter state)"
	same stall_detected "$(journal pr run_end terminated_by)"
}

tap_main "$@"
