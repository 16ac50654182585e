#!/bin/sh
# Runs in private trees: nothing of the user's changes, nothing is lost.
# shellcheck disable=SC2016 # the words are for actions
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a \
	GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_NOSYSTEM=1

repository() { # a project with one commit
	command -v git >/dev/null || skip 'no git'
	git init -q -b main .
	mkdir -p sub
	echo start >tracked
	echo here >sub/file
	printf 'out\nerr\n*.log\n' >.gitignore
	loop wt <<-'EOT'
	name: wt
	description: Does what it is told.
	scope: ["."]
	initial: a
	context: {act: "true", then: "true"}
	states:
	  a: {action: "${context.act}", on_yes: b, on_no: bad, on_error: bad}
	  b: {action: "${context.then}", on_yes: end, on_no: bad, on_error: bad}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOT
	git add -A
	git commit -qm one
}

wt() { # wt STATUS ACT [OPTION...]: run it in a tree
	want=$1 act=$2
	shift 2
	ll "$want" run wt --worktree --context "act=$act" "$@"
}

run_name() {
	basename "$(run_dir "${1:-wt}")"
}

record() { # record ACTION MEMBER: of the run's last such record
	sed -n "/\"event\":\"worktree\",\"action\":\"$1\"/p" \
		"$(run_dir wt).ll/journal.jsonl" | tail -n 1 |
		sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"
}

clean() { # git has nothing to say and knows one tree
	git fsck --strict --no-dangling >fsck.log 2>&1 || fail "$(cat fsck.log)"
	same '' "$(git worktree prune -n)"
	same 1 "$(git worktree list | tee trees.log | wc -l)"
	[ ! -e .git/ll-loop ] || fail "a rest: $(find .git/ll-loop)"
	same '' "$(git status --porcelain)"
}

t_a_clean_tree_goes() {
	repository
	before=$(git for-each-ref)
	wt 0 'echo i >i.log; test "$PWD" != "$LL_MAIN_ROOT"; test -e tracked'
	same 'create created removed' "$(journal wt worktree action)"
	same "$before" "$(git for-each-ref)"
	clean
}

t_work_without_a_commit_is_kept_and_comes_back() {
	repository
	wt 0 'echo mine >made; echo more >>tracked'
	run=$(run_name)
	has out 'worktree kept'
	has out "ll-loop worktree restore $run"
	ll 0 status
	has out "Restore: ll-loop worktree restore $run"
	has out "Kept: refs/ll/kept/$run"
	clean
	[ ! -e made ]
	ll 0 worktree restore "$run" back
	same mine "$(cat back/made)"
	same ' M tracked ?? made' "$(git -C back status --porcelain | paste -sd' ')"
	git worktree remove --force back
	clean
}

t_commits_stay_on_a_branch() {
	repository
	wt 0 'echo 2 >tracked; git commit -qam two' --branch mine
	has out '1 new commit, branch mine'
	same 2 "$(git show mine:tracked)"
	same start "$(cat tracked)"
	clean
	ll 0 worktree restore "$(run_name)"
	same mine "$(git -C .worktrees/wt-* symbolic-ref --short HEAD)"
}

t_each_step_comes_back() {
	repository
	wt 0 'echo 1 >made' --context 'then=echo 2 >made'
	run=$(run_name)
	same '1 2' "$(journal wt worktree step)"
	ll 0 worktree restore "$run@1" one
	same 1 "$(cat one/made)"
	ll 0 worktree restore "$run@2"
	same 2 "$(cat ".worktrees/$run@2/made")"
	ll 64 worktree restore "$run@x" x
	ll 65 worktree restore "$run@0" x
}

t_steps_are_not_kept_when_the_loop_says_so() {
	repository
	sed -i 's/^initial:/snapshots: false\ninitial:/' .loops/wt.yaml
	git commit -qam two
	wt 0 'echo 1 >made'
	same '' "$(git for-each-ref refs/ll/snap)"
}

t_it_works_at_the_same_place() {
	repository
	cd sub
	"$LL" run wt --worktree --quiet --context 'act=test -e file && test "$(basename "$PWD")" = sub'
	cd ..
	mkdir new
	cd new
	rc=0
	"$LL" run wt --worktree --quiet 2>../err || rc=$?
	cd ..
	same 65 "$rc"
	has err "'new' is not in that commit"
}

t_the_environment_leads_nowhere_else() {
	repository
	GIT_DIR=$PWD/.git GIT_WORK_TREE=$PWD GIT_INDEX_FILE=$PWD/.git/index \
		GIT_COMMON_DIR=$PWD/.git GIT_OBJECT_DIRECTORY=$PWD/.git/objects \
		GIT_QUARANTINE_PATH=$PWD/.git/objects GIT_PREFIX=sub/ \
		GIT_NAMESPACE=x GIT_SHALLOW_FILE=$PWD/none \
		GIT_GRAFT_FILE=$PWD/none GIT_CONFIG=$PWD/none \
		ll 0 run wt --worktree --quiet --context \
		'act=for v in $(git rev-parse --local-env-vars) GIT_QUARANTINE_PATH GIT_NAMESPACE; do ! printenv $v || exit 1; done; test -n "$GIT_AUTHOR_NAME" && test "$PWD" = "$(pwd -P)" && git commit -q --allow-empty -m x' \
		--context "then=test \"\$LL_MAIN_ROOT\" = '$PWD'"
	same one "$(git log --format=%s main)"
	clean
}

t_what_is_listed_is_brought_along() {
	repository
	echo 'worktree: {copy_files: [.env], link_files: [big]}' >.loops/config.yaml
	printf '.env\nbig\n' >>.gitignore
	git add -A
	git commit -qm two
	echo secret >.env
	mkdir big
	echo b >big/b
	wt 0 'test "$(cat .env)" = secret && test -L big && test -e big/b'
	same 'create created removed' "$(journal wt worktree action)"
	rm .env
	wt 65 'true'
	has err "'.env' is not in"
	clean
}

t_bad_beginnings_are_told_and_leave_nothing() {
	command -v git >/dev/null || skip 'no git'
	loop wt <<-'EOT'
	name: wt
	initial: a
	states: {a: {action: "true", next: end}, end: {terminal: true}}
	EOT
	ll 65 run wt --worktree
	has err 'this is no git repository'
	git init -q .
	ll 65 run wt --worktree
	has err 'HEAD has no commit yet'
	[ ! -e .loops/runs ] || [ -z "$(ls .loops/runs)" ]
	git commit -q --allow-empty -m 1
	ll 65 run wt --worktree --base nowhere
	has err 'names no commit'
	git branch taken
	ll 73 run wt --worktree --branch taken
	has err 'is there already'
	git branch ll
	ll 73 run wt --worktree
	has err "beside the branch 'll'"
	ll 73 run wt --worktree --branch taken/x
	has err "beside the branch 'taken'"
	echo '* filter=lfs' >~/attributes
	git config --global core.attributesFile \~/attributes
	git config --global filter.lfs.smudge cat
	ll 65 run wt --worktree --branch new
	has err "the filter 'lfs'"
	ll 64 run wt --branch x
	has err "'--branch' needs '--worktree'"
	[ ! -e .worktrees ]
}

t_changes_in_the_main_tree_are_told() {
	repository
	wt 0 'true'
	ll 0 status --json
	lacks out main_tree_changed
	wt 0 'cd "$LL_MAIN_ROOT" && echo x >>tracked'
	ll 0 status --json
	tr -d ' \n' <out >flat.log
	has flat.log '"main_tree_changed":["files"]'
	wt 0 'cd "$LL_MAIN_ROOT" && git commit -qam main'
	ll 0 status --json
	tr -d ' \n' <out >flat.log
	has flat.log '"main_tree_changed":["HEAD",'
	echo x >>tracked
	wt 0 'cd "$LL_MAIN_ROOT" && git add tracked'
	ll 0 status --json
	tr -d ' \n' <out >flat.log
	has flat.log '"main_tree_changed":["index"]'
	git reset -q
	wt 0 'cd "$LL_MAIN_ROOT" && git checkout -q -b other'
	ll 0 status --json
	tr -d ' \n' <out >flat.log
	has flat.log '"main_tree_changed":["branch"]'
	wt 0 'mv "$LL_MAIN_ROOT/.git/HEAD" "$LL_MAIN_ROOT/.git/elsewhere"'
	mv .git/elsewhere .git/HEAD
	ll 0 status --json
	tr -d ' \n' <out >flat.log
	has flat.log '"main_tree_changed":["unknown"]'
}

t_a_signal_leaves_the_tree() {
	repository
	"$LL" run wt --worktree --quiet --context 'act=echo 1 >made; touch "$LL_MAIN_ROOT/out"; sleep 60' >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	kill -TERM $!
	wait $! || same 143 $?
	same 'create created stays' "$(journal wt worktree action | sed 's/snapshot //g')"
	run=$(run_name)
	same 1 "$(cat ".worktrees/$run/made")"
	same 1 "$(git show "refs/ll/kept/$run:made")"
	ll 0 worktree list
	has out left
	ll 0 worktree gc
	has out "would keep the work in, and remove $run"
	[ -e ".worktrees/$run/made" ]
	ll 0 worktree gc --apply
	clean
	same 1 "$(git show "refs/ll/kept/$run:made")"
}

t_a_resumed_run_keeps_to_its_tree() {
	repository
	"$LL" run wt --worktree --quiet --context 'act=test -e "$LL_MAIN_ROOT/err" || { touch "$LL_MAIN_ROOT/out"; sleep 60; }' \
		--context 'then=pwd >"$LL_MAIN_ROOT/where.log"' >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	kill -TERM $!
	wait $! || same 143 $?
	run=$(run_name)
	: >err
	# Somebody is at work in the main tree, and need not be waited for.
	rm out
	"$LL" run wt --quiet --context 'act=touch out; until [ -e go.log ]; do sleep 0.02; done' >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	"$LL" resume "$run" >resume.log 2>&1 || fail "$(cat resume.log)"
	same "$PWD/.worktrees/$run" "$(cat where.log)"
	: >go.log
	wait $! || fail "the other ended with $?"
	clean
}

t_a_resumed_run_whose_tree_was_removed() {
	repository
	"$LL" run wt --worktree --quiet --context 'act=echo 1 >made; touch "$LL_MAIN_ROOT/out"; until [ -e "$LL_MAIN_ROOT/err" ]; do sleep 0.02; done; cat made' >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	kill -TERM $!
	wait $! || same 143 $?
	run=$(run_name)
	git worktree unlock ".worktrees/$run" 2>/dev/null || :
	git worktree remove --force ".worktrees/$run"
	ll 65 resume "$run"
	has err "ll-loop worktree restore $run"
	ll 0 worktree restore "$run"
	: >err
	"$LL" resume "$run" >resume.log 2>&1 || fail "$(cat resume.log)"
	same 1 "$(git show "refs/ll/kept/$run:made")"
}

t_a_resumed_run_whose_clean_tree_went() {
	repository
	loop lost <<-'EOT'
	name: lost
	description: Cannot go on after its time.
	scope: ["."]
	initial: a
	states:
	  a:
	    action: 'test -e "$LL_MAIN_ROOT/may.log" || sleep 60; echo 1 >made'
	    timeout: 1
	    on_yes: end
	    on_no: end
	  end: {terminal: true}
	EOT
	ll 1 run lost --worktree
	same 'create created removed' "$(journal lost worktree action)"
	run=$(run_name lost)
	ll 1 resume "$run"
	touch may.log
	"$LL" resume "$run" >resume.log 2>&1 || fail "$(cat resume.log)"
	same 1 "$(git show "refs/ll/kept/$run:made")"
}

t_a_resumed_run_that_was_killed_while_its_tree_was_made() {
	repository
	act='touch "$LL_MAIN_ROOT/out"; test -e "$LL_MAIN_ROOT/err" || sleep 60; echo 1 >made'
	"$LL" run wt --worktree --quiet --context "act=$act" >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	kill_both $!
	run=$(run_name)
	# As it was when that was announced: whether it was done, nobody knows.
	j=$(run_dir wt).ll/journal.jsonl
	sed -n '1,/"action":"create"/p' "$j" >cut.log
	cat cut.log >"$j"
	: >err
	for there in whole none before; do
		cat cut.log >"$j"
		[ "$there" != before ] || sed -n 1p cut.log >"$j"
		[ "$there" = whole ] || [ ! -e ".worktrees/$run" ] || fail "$there"
		"$LL" resume "$run" >resume.log 2>&1 ||
			fail "$there: $(cat resume.log)"
		same 1 "$(git show "refs/ll/kept/$run:made")"
		git update-ref -d "refs/ll/kept/$run"
		clean
	done
}

t_a_resumed_run_that_was_killed_behind_its_loop() {
	repository
	for act in true 'echo 1 >made'; do
		wt 0 "$act"
		run=$(run_name)
		j=$(run_dir wt).ll/journal.jsonl
		sed '/"event":"run_end"/d' "$j" >cut.log
		cat cut.log >"$j"
		ll 0 status
		has out 'Status: died'
		ll 0 resume "$run"
		same 'b end' "$(journal wt route to)"
		same terminal "$(journal wt run_end terminated_by)"
		clean
		rm -rf .loops/runs
	done
}

t_a_resumed_run_whose_tree_could_not_be_made() {
	repository
	: >.worktrees
	"$LL" run wt --worktree --context 'act=echo 1 >made' >out 2>err &&
		fail 'it ran'
	same 'create failed' "$(journal wt worktree action)"
	rm .worktrees
	ll 0 resume wt
	same 1 "$(git show "refs/ll/kept/$(run_name):made")"
	clean
}

t_in_the_background_and_beside_who_waits() {
	repository
	"$LL" run wt --quiet --context 'act=touch out; until [ -e go.log ]; do sleep 0.02; done' >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	ll 0 run wt --worktree --background --context 'act=echo 1 >made'
	run=$(sed -n 's/.*\(wt-[0-9T]*-[0-9a-z]*\).*/\1/p' out err | head -n 1)
	ll 0 wait "$run"
	same 1 "$(git show "refs/ll/kept/$run:made")"
	ll 0 run wt --worktree --queue --context 'act=true'
	: >go.log
	wait $! || fail "the other ended with $?"
	clean
}

t_gc_spares_who_lives() {
	repository
	"$LL" run wt --worktree --quiet --context 'act=echo 1 >made; touch "$LL_MAIN_ROOT/out"; until [ -e "$LL_MAIN_ROOT/err" ]; do sleep 0.02; done; cat made' >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	"$LL" worktree gc --apply >seen.log
	has seen.log 'nothing to clear away'
	"$LL" worktree list >seen.log
	has seen.log running
	git worktree prune
	git gc -q
	: >err
	wait $! || fail "the run ended with $?"
	clean
}

t_killed_runs_are_cleared_away_with_their_work() {
	repository
	"$LL" run wt --worktree --quiet --context 'act=echo 1 >made; touch "$LL_MAIN_ROOT/out"; sleep 60' >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	kill -KILL $!
	wait $! || :
	run=$(run_name)
	until ll 0 worktree gc && grep -q "remove $run" out; do sleep 0.05; done
	ll 0 worktree gc --apply
	same 1 "$(git show "refs/ll/kept/$run:made")"
	clean
}

t_commits_on_another_branch_come_back() {
	repository
	wt 0 'git checkout -q -b other; echo 2 >tracked; git commit -qam 2'
	ll 0 worktree restore "$(run_name)" back
	same 2 "$(cat back/tracked)"
}

t_names_that_are_no_names_for_git() {
	repository
	sed 's/^name: .*/name: "é b@x"/' .loops/wt.yaml >'.loops/é b@x.yaml'
	git add -A
	git commit -qm two
	ll 0 run 'é b@x' --worktree --context 'act=echo 1 >made'
	back=$(sed -n 's/.*it comes back with: ll-loop //p' out)
	eval "ll 0 $back"
	same 1 "$(cat .worktrees/_*/made)"
	eval "ll 0 $back@1 one"
	same 1 "$(cat one/made)"
}

t_a_tree_that_an_action_removes() {
	repository
	for how in 'rm -rf' 'git worktree remove -f -f'; do
		wt 0 'echo mine >made' --context \
			"then=cd \"\$LL_MAIN_ROOT\" && $how .worktrees/\$LL_RUN_ID"
		run=$(sed -n 's/^  run: //p' out)
		has out "ll-loop worktree restore $run"
		clean
		ll 0 worktree gc --apply
		ll 0 worktree restore "$run" "back-$run"
		same mine "$(cat "back-$run/made")"
		git worktree remove -f "back-$run"
	done
}

killed() { # killed: a run that made a file in a step, and both its processes
	"$LL" run wt --worktree --quiet --context 'act=echo 1 >made' \
		--context 'then=touch "$LL_MAIN_ROOT/out"; sleep 60' \
		>/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	kill_both $!
	wait $! || :
	run=$(run_name)
}

t_a_killed_run_whose_tree_was_removed() {
	repository
	killed
	git worktree remove -f -f ".worktrees/$run"
	ll 65 resume "$run"
	has err "ll-loop worktree restore $run"
	ll 0 worktree restore "$run"
	same 1 "$(cat ".worktrees/$run/made")"
	rm -rf ".worktrees/$run"
	ll 65 resume "$run"
	ll 0 worktree restore "$run"
	same 1 "$(cat ".worktrees/$run/made")"
	same "$run" "$(basename "$(git -C ".worktrees/$run" rev-parse --git-dir)")"
}

clean_and_killed() { # the same, or TERM, with nothing in its tree
	rm -rf .loops/runs out err
	"$LL" run wt --worktree --quiet --context 'act=true' \
		--context 'then=test -e "$LL_MAIN_ROOT/err" || { touch "$LL_MAIN_ROOT/out"; sleep 60; }; echo 1 >made' \
		>/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	${1:-kill_both} $!
	wait $! || :
	run=$(run_name)
}

give_back() { # give_back FAR: as we do, and killed so far
	mv ".worktrees/$run" ".worktrees/.gone-$run"
	[ "$1" != files ] || return 0
	mkdir .git/ll-loop
	mv ".git/worktrees/$run" ".git/ll-loop/$run"
	[ "$1" != unknown ] || return 0
	rm -rf ".worktrees/.gone-$run"
	git branch -qD "ll/$run"
	[ "$1" != branch ] || return 0
	rm -rf .git/ll-loop
	rmdir .git/worktrees
}

t_a_resumed_run_that_was_killed_while_its_tree_was_given_back() {
	repository
	for far in files unknown branch all; do
		clean_and_killed
		give_back "$far"
		: >err
		"$LL" resume "$run" >resume.log 2>&1 ||
			fail "$far: $(cat resume.log)"
		same 'create created removed create created kept' \
			"$(journal wt worktree action | sed 's/snapshot //g')"
		same 1 "$(git show "refs/ll/kept/$run:made")"
		clean
	done
}

t_a_resumed_run_whose_called_loop_had_given_back_its_tree() {
	repository
	calling feature
	git branch feature
	sed -i 's/^  k: .*/  k: {action: "test -e $LL_MAIN_ROOT\/err || { touch $LL_MAIN_ROOT\/out; sleep 60; }; echo 1 >made", on_yes: yes, on_no: no}/' .loops/kid.yaml
	git commit -qam waits
	"$LL" run par --quiet >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	kill_both $!
	run=$(run_name par)
	git worktree remove -f -f ".worktrees/$run.1"
	: >err
	"$LL" resume "$run" >resume.log 2>&1 || fail "$(cat resume.log)"
	same 1 "$(git show "refs/ll/kept/$run.1:made")"
	clean
}

t_a_resumed_run_whose_clean_tree_was_cleared_away() {
	repository
	for how in kill_both kill; do
		clean_and_killed $how
		ll 0 worktree gc --apply
		clean
		: >err
		"$LL" resume "$run" >resume.log 2>&1 ||
			fail "$how: $(cat resume.log)"
		same 1 "$(git show "refs/ll/kept/$run:made")"
	done
}

t_a_branch_that_had_the_work_is_not_begun_anew() {
	repository
	loop lost <<-'EOT'
	name: lost
	scope: ["."]
	initial: a
	timeout: 1
	states:
	  a: {action: "git commit -q --allow-empty -m two; sleep 60", next: end}
	  end: {terminal: true}
	EOT
	ll 1 run lost --worktree
	run=$(run_name lost)
	same 'create created kept' "$(journal lost worktree action)"
	git branch -qD "ll/$run"
	ll 65 resume "$run" --timeout 60
	has err 'its worktree cannot be used'
}

t_a_tree_that_went_with_work_is_not_made_anew() {
	repository
	# In a snapshot; its user has removed the branch too.
	killed
	git worktree remove -f -f ".worktrees/$run"
	git branch -qD "ll/$run"
	ll 65 resume "$run"
	has err "ll-loop worktree restore $run"
	ll 0 worktree restore "$run"
	same 1 "$(cat ".worktrees/$run/made")"
	ll 0 worktree gc --apply
	# On the branch, and killed before that was recorded.
	clean_and_killed
	git -C ".worktrees/$run" commit -q --allow-empty -m two
	give_back files
	ll 65 resume "$run"
	ll 0 worktree restore "$run"
	same two "$(git -C ".worktrees/$run" log -1 --format=%s)"
	git worktree remove -f ".worktrees/$run"
	# Nobody knows what was in it: we would not have left the branch.
	clean_and_killed
	echo 1 >".worktrees/$run/made"
	git worktree remove -f -f ".worktrees/$run"
	ll 65 resume "$run"
	has err 'its worktree cannot be used'
	same 'create created' "$(journal wt worktree action)"
}

t_gc_keeps_the_last_step_of_who_was_killed() {
	repository
	killed
	ll 0 worktree restore "$run" back
	same 1 "$(cat back/made)"
	git worktree remove -f back
	git update-ref -d "refs/ll/kept/$run"
	git worktree remove -f -f ".worktrees/$run"
	ll 0 worktree gc --apply
	has out "remove the snapshots of $run"
	same '' "$(git for-each-ref refs/ll/snap)"
	same 1 "$(git show "refs/ll/kept/$run:made")"
}

calling() { # calling BRANCH: a loop that calls `kid` there
	loop par <<-EOT
	name: par
	initial: p
	context: {branch: "$1"}
	states:
	  p: {loop: kid, worktree: "\${context.branch}", on_yes: end, on_no: bad, on_error: bad}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOT
	loop kid <<-'EOT'
	name: kid
	initial: k
	states:
	  k: {action: "echo kid >made; test $(git rev-parse --abbrev-ref HEAD) = feature", on_yes: yes, on_no: no, on_error: no}
	  yes: {terminal: true}
	  no: {terminal: true, failure: true}
	EOT
	git add -A
	git commit -qm loops
}

t_a_called_loop_has_its_own_tree() {
	repository
	calling feature
	git branch feature
	ll 0 run par
	run=$(run_name par)
	same 'create created snapshot kept' "$(journal par worktree action)"
	has out "ll-loop worktree restore $run.1"
	same kid "$(git show "refs/ll/kept/$run.1:made")"
	[ ! -e made ]
	clean
	ll 0 worktree restore "$run.1" back
	same kid "$(cat back/made)"
}

t_gc_spares_the_steps_of_called_loops() {
	repository
	calling feature
	git branch feature
	sed -i 's/on_yes: end/on_yes: w/; s/^  end:/  w: {action: "touch out; until [ -e go.log ]; do sleep 0.02; done", next: end}\n&/' .loops/par.yaml
	git commit -qam wait
	"$LL" run par --quiet >/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	"$LL" worktree gc --apply >seen.log
	has seen.log 'nothing to clear away'
	same 1 "$(git for-each-ref refs/ll/snap | wc -l)"
	: >go.log
	wait $! || fail "the run ended with $?"
	ll 0 worktree gc --apply
	same 0 "$(git for-each-ref refs/ll/snap | wc -l)"
}

t_no_two_trees_of_called_loops_have_one_name() {
	repository
	calling feature
	git branch feature
	sed -i 's/^initial:/timeout: 1\n&/' .loops/par.yaml
	sed -i 's/^  k: .*/  k: {action: "cat \$LL_MAIN_ROOT\/may.log >made", next: l}\n  l: {action: "grep -q 2 made || sleep 60", on_yes: yes, on_no: no, on_error: no}/' .loops/kid.yaml
	git commit -qam timeouts
	echo 1 >may.log
	ll 1 run par
	run=$(run_name par)
	echo 2 >may.log
	ll 0 resume "$run" --timeout 60
	same 1 "$(git show "refs/ll/kept/$run.1:made")"
	same 2 "$(git show "refs/ll/kept/$run.2:made")"
	clean
}

t_a_branch_that_cannot_be_had_is_an_error() {
	repository
	calling main
	ll 2 run par
	has out "the branch 'main' is checked out elsewhere"
	ll 2 run par --context branch=none
	has out "there is no branch 'none'"
	clean
}

t_trees_within_trees() {
	repository
	calling feature
	git branch feature
	ll 0 run par --worktree
	same 'run loop' "$(sed -n 's/.*"action":"created","of":"\([a-z]*\)".*/\1/p' \
		"$(run_dir par).ll/journal.jsonl" | paste -sd' ')"
	clean
}

t_twenty_at_once() {
	repository
	i=0 pids=
	while [ $i -lt 20 ]; do
		"$LL" run wt --worktree --quiet --context "act=echo $i >made" \
			>"$i.log" 2>&1 &
		pids="$pids $!"
		i=$((i + 1))
	done
	for p in $pids; do
		wait "$p" || fail "$p: status $? $(cat ./*.log)"
	done
	same 20 "$(git for-each-ref refs/ll/kept | wc -l)"
	same 20 "$(for r in $(git for-each-ref --format='%(refname)' refs/ll/kept); do
		git show "$r:made"
	done | sort -u | wc -l)"
	clean
}

t_the_engine_never_loads_libgit2() {
	repository
	wt 0 'tr "\0" "\n" </proc/$PPID/cmdline; ! grep -q libgit2 /proc/$PPID/maps' \
		--context 'then=for p in $(sed "s/.*) [A-Z] \([0-9]*\) .*/\1/" /proc/$PPID/stat) $PPID; do ! grep -q libgit2 /proc/$p/maps || exit 1; done'
	clean
}

t_a_rerun_has_a_tree_again() {
	repository
	wt 0 'echo 1 >made'
	ll 0 rerun "$(run_name)"
	[ ! -e made ]
	same 2 "$(git for-each-ref refs/ll/kept | wc -l)"
	clean
}

tap_main "$@"
