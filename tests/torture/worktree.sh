#!/bin/sh
# Worktrees that never lose work: T53 to T58.
# shellcheck disable=SC2016 # the words are for actions
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a \
	GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_NOSYSTEM=1

write_loop() {
	loop wt <<-'EOT'
	name: wt
	scope: ["."]
	initial: a
	context: {act: "true"}
	states:
	  a: {action: "${context.act}", on_yes: end, on_no: bad, on_error: bad}
	  end: {terminal: true}
	  bad: {terminal: true, failure: true}
	EOT
}

repository() {
	command -v git >/dev/null || skip 'no git'
	git init -q -b main .
	mkdir -p sub
	echo start >tracked
	echo here >sub/file
	printf 'out\nerr\n*.log\nbefore\nafter\n' >.gitignore
	write_loop
	git add -A
	git commit -qm one
}

newest() { # the run that began last
	"$LL" status --json | sed -n 's/^ *"run": "\(.*\)",$/\1/p'
}

user_tree() { # what must not change: all but what runs write
	cksum .git/HEAD .git/index .git/config tracked sub/file
	git rev-parse main
	find . -path ./.git -prune -o -path './.loops/*' -prune -o \
		-path './.worktrees*' -prune -o -name '*.log' -prune -o \
		-type f -print | grep -v '/before$\|/after$\|/out$\|/err$' | sort
}

nothing_half() { # git neither sees a half nor wants to prune one
	same '' "$(git worktree prune -n)"
	for d in .git/worktrees/*/; do
		[ ! -d "$d" ] || [ -s "$d/HEAD" ] || fail "no HEAD in $d"
	done
	git worktree list >list.log 2>&1 || fail "$(cat list.log)"
	lacks list.log 0000000
}

clean() {
	git fsck --strict --no-dangling >fsck.log 2>&1 || fail "$(cat fsck.log)"
	nothing_half
	same 1 "$(wc -l <list.log)"
	[ ! -e .git/ll-loop ] || same '' "$(find .git/ll-loop -mindepth 1)"
	same '' "$(find .worktrees -mindepth 1 ! -name .gitignore | head -n 3)"
}

# ---- T53 ----

calls() { # calls SYSCALL: the most that one process of a run makes of it
	strace -f -qq -o trace.log -e "trace=$1" "$LL" run wt --worktree \
		--quiet --context 'act=echo work >made' >/dev/null 2>&1
	awk -v s="$1(" 'index($0, s) { n[$1]++ }
		END { for (p in n) if (n[p] > m) m = n[p]; print m + 0 }' trace.log
}

settle() { # nobody of the run lives any more
	until "$LL" worktree list --json >seen.log 2>&1 &&
		! grep -q '"running"' seen.log; do
		sleep 0.05
	done
}

one_fault() { # one_fault SYSCALL FAULT N
	timeout -k 5 60 strace -f -qq -o /dev/null -e "trace=$1" \
		-e "inject=$1:$2:when=$3" "$LL" run wt --worktree --quiet \
		--context 'act=echo work >made' >fault.log 2>&1 || :
	settle
	user_tree >after
	cmp -s before after || fail "$1 $2 $3: $(diff before after)"
	nothing_half
	"$LL" run wt --worktree --quiet >next.log 2>&1 ||
		fail "$1 $2 $3: the next start: $(cat next.log)"
	"$LL" worktree gc --apply >gc.log 2>&1 ||
		fail "$1 $2 $3: gc: $(cat gc.log)"
	clean
	[ -e ../foreign/mark ] || fail "$1 $2 $3: a foreign tree is gone"
}

each_fault() { # each_fault SYSCALL FAULT MOST: at most that many of its calls
	most=$(calls "$1")
	step=$((most / $3 + 1))
	n=1
	while [ "$n" -le "$most" ]; do
		one_fault "$1" "$2" "$n"
		n=$((n + step))
	done
}

faults() { # faults FAULT
	command -v strace >/dev/null || skip 'no strace'
	strace -qq -o /dev/null true 2>/dev/null || skip 'strace may not trace'
	repository
	mkdir ../foreign
	: >../foreign/mark
	"$LL" run wt --worktree --quiet
	user_tree >before
	for s in mkdir rename renameat2 rmdir unlink; do
		each_fault "$s" "$1" 12
	done
	each_fault unlinkat "$1" 8
	each_fault openat "$1" 16
	each_fault write "$1" 12
}

t_t53_killed_at_each_call() {
	faults signal=KILL
}

t_t53_each_call_fails() {
	faults error=EIO
}

t_t53_a_full_disk() {
	faults error=ENOSPC
}

# ---- T54 ----

end_row() { # end_row ACT WANTED REFS: how it ends, and who has the work then
	before=$(user_tree)
	"$LL" run wt --worktree --quiet --context "act=$1" >end.log 2>&1 ||
		fail "$1: $(cat end.log)"
	run=$(newest)
	grep '"event":"worktree"' ".loops/runs/$run/.ll/journal.jsonl" |
		grep -q "\"action\":\"$2\"" || fail "$1: not $2"
	same "$before" "$(user_tree)"
	clean
	[ "$2" = kept ] || return 0
	"$LL" status | grep -q "^Restore: ll-loop worktree restore $run$" ||
		fail "$1: no way back is told"
	"$LL" worktree restore "$run" "back-$run" >/dev/null
	(cd "back-$run" && eval "$3") || fail "$1: not as it was"
	git worktree remove --force "back-$run"
}

t_t54_however_it_ends() {
	repository
	end_row 'true' removed :
	end_row 'echo i >i.log' removed :
	end_row 'echo 2 >tracked; git commit -qam 2' kept \
		'test "$(cat tracked)$(git status --porcelain)" = 2'
	end_row 'echo 2 >tracked' kept \
		'test "$(git status --porcelain)" = " M tracked"'
	end_row 'echo 2 >new' kept 'test "$(git status --porcelain)" = "?? new"'
	end_row 'git rm -q tracked' kept 'test ! -e tracked'
	end_row 'echo 1 >tracked; git commit -qam 1; git checkout -q -b o HEAD~; echo 2 >tracked; git commit -qam 2; git merge -q - || :' \
		kept 'grep -q "^<<<<<<<" tracked'
	git branch -q -D o
	end_row 'git checkout -q --detach; echo 2 >tracked; git commit -qam 2' \
		kept 'test "$(cat tracked)$(git status --porcelain)" = 2'
	end_row 'git checkout -q --detach; echo 2 >tracked; git commit -qam 2; echo 3 >tracked' \
		kept 'test "$(cat tracked)" = 3'
}

# ---- T55 ----

t_t55_others_clean_up_meanwhile() {
	repository
	"$LL" run wt --worktree --quiet --context \
		'act=echo 1 >made; touch "$LL_MAIN_ROOT/out"; until [ -e "$LL_MAIN_ROOT/err" ]; do sleep 0.05; done; test -e made && test -e tracked && git status' \
		>/dev/null 2>&1 &
	until [ -e out ]; do sleep 0.02; done
	i=0
	while [ $i -lt 5 ]; do
		git worktree prune
		git gc -q --prune=now
		"$LL" worktree gc --apply >/dev/null
		"$LL" prune --keep 0 --yes >/dev/null 2>&1 || :
		i=$((i + 1))
	done
	if git worktree remove .worktrees/wt-* 2>/dev/null; then
		fail 'it is not locked'
	fi
	: >err
	wait $! || fail "the run ended with $?"
	clean
	same 1 "$(git show "refs/ll/kept/$(newest):made")"
}

# ---- T56 ----

place() { # place NAME SETUP WANTED [WORDS]: a repository, made so
	mkdir -p "../$1"
	(
		cd "../$1"
		eval "$2"
		write_loop
		[ ! -e .git/index ] || cksum .git/index >before
		[ -e .git/index ] || : >before
		got=0
		"$LL" run wt --worktree --quiet --context act=true >out \
			2>err || got=$?
		[ ! -e .git/index ] || cksum .git/index >after
		[ -e .git/index ] || : >after
		cmp -s before after || fail "$1: the index changed"
		[ "$got" -eq "$3" ] || fail "$1: status $got: $(cat err)"
		[ -z "${4-}" ] || has err "$4"
		[ "$3" -eq 0 ] || same 1 "$(wc -l <err)"
	)
}

one='git init -q -b main . && echo a >tracked && git add -A && git commit -qm one'

t_t56_wherever_it_begins() {
	command -v git >/dev/null || skip 'no git'
	place none : 65 'no git repository'
	place unborn 'git init -q .' 65 'HEAD has no commit yet'
	place detached "$one && git checkout -q --detach" 0
	place sha256 'git init -q --object-format=sha256 . && git commit -q --allow-empty -m 1' \
		65 SHA-256
	place config "$one && git config extensions.worktreeConfig true" \
		65 worktreeConfig
	place lfs "$one && echo '*.bin filter=lfs' >.gitattributes && git add -A && git commit -qm 2 && git config filter.lfs.clean cat" \
		65 "filter 'lfs'"
	place plain "$one && git config uploadpack.allowFilter true" 0
	place partial "git clone -q --filter=blob:none file://$PWD/../plain ." \
		65 'partial clone'
	place linked "git -C ../plain worktree add -q --detach $PWD/../linked" 0
	place bare 'git clone -q --bare ../plain .' 0
	place submodule "$one && git -c protocol.file.allow=always submodule -q add $PWD/../plain s && git commit -qm s" 0
	place indexlock "$one && : >.git/index.lock" 0
	place packed "$one && git pack-refs --all" 0
	place shallow "git clone -q --depth 1 file://$PWD/../plain ." 0
	place alternates "git clone -q -s ../plain ." 0
	place separate "git init -q --separate-git-dir ../separate.git . && git commit -q --allow-empty -m 1" 0
	place sparse "$one && git config core.sparseCheckout true && echo /b >.git/info/sparse-checkout && echo b >b && git add b && git commit -qm b && git read-tree -mu HEAD && test ! -e a" 0
	place cone "$one && mkdir d && git sparse-checkout set d" 65 \
		worktreeConfig
	place split "$one && git config core.splitIndex true" 65 core.splitIndex
	place encoding "$one && printf '*.u\tworking-tree-encoding=UTF-16\n' >.gitattributes && git add -A && git commit -qm u" \
		65 "encoding 'UTF-16'"
	place hooks "$one && printf '#!/bin/sh\n: >../ran\nexit 1\n' >.git/hooks/post-checkout && chmod +x .git/hooks/post-checkout && git config core.fsmonitor .git/hooks/post-checkout" 0
	[ ! -e ../ran ] || fail 'a hook ran'
	place branch "$one && git branch ll" 73 "beside the branch 'll'"
	place within "git -c protocol.file.allow=always clone -q --recurse-submodules ../submodule . && mkdir s/.loops" 0
	if [ "$(id -u)" -eq 0 ]; then
		place owner "$one && chown 12345 . .git" 65 'another user'
	fi
}

t_t56_a_git_that_may_not_be_written() {
	repository
	as=
	if [ "$(id -u)" -eq 0 ]; then
		command -v setpriv >/dev/null || skip 'no setpriv'
		as='setpriv --reuid 1001 --regid 1001 --clear-groups'
		$as test -x "$LL" || skip 'another user cannot run the program'
		chmod a+rx ../..
		chown -R 1001:1001 ..
	fi
	chmod -R a-w .git
	cksum .git/index >../before
	rc=0
	# shellcheck disable=SC2086 # words
	$as "$LL" run wt --worktree --quiet >../out 2>../err || rc=$?
	chmod -R u+w .git
	cksum .git/index >../after
	cmp -s ../before ../after || fail 'the index changed'
	case $rc in
	65 | 73 | 74) ;;
	*) fail "status $rc: $(cat ../err)" ;;
	esac
	grep -qi 'permission denied' ../err || fail "$(cat ../err)"
	same 1 "$(wc -l <../err)"
	chown -R 0:0 .. 2>/dev/null || :
	clean
}

t_t56_a_lock_that_stays() {
	repository
	mkdir -p .git/refs/heads/ll
	git pack-refs --all
	: >.git/packed-refs.lock
	rc=0
	"$LL" run wt --worktree --quiet >seen.log 2>&1 || rc=$?
	[ -e .git/packed-refs.lock ] || fail 'a lock of somebody was removed'
	[ "$rc" -eq 0 ] || has seen.log 'git is busy after'
	rm .git/packed-refs.lock
	"$LL" worktree gc --apply >/dev/null
	clean
}

# ---- T57 ----

t_t57_twenty_at_once_beside_a_lock() {
	repository
	(while [ ! -e stop.log ]; do
		: >.git/index.lock
		sleep 0.01
		rm -f .git/index.lock
		sleep 0.01
	done) &
	locker=$!
	i=0 pids=
	while [ $i -lt 20 ]; do
		"$LL" run wt --worktree --quiet --context "act=echo $i >made && git add made && git commit -qm $i" \
			>"$i.log" 2>&1 &
		pids="$pids $!"
		i=$((i + 1))
	done
	for p in $pids; do
		wait "$p" || fail "status $?: $(cat ./*.log)"
	done
	: >stop.log
	wait $locker
	same 20 "$(git for-each-ref refs/heads/ll | wc -l)"
	clean
}

# ---- T58 ----

t_t58_who_writes_into_the_main_tree() {
	repository
	for act in 'echo x >>"$LL_MAIN_ROOT/tracked"' \
		'cd "$LL_MAIN_ROOT" && git commit -q --allow-empty -m x' \
		'cd "$LL_MAIN_ROOT" && echo y >>tracked && git add tracked' \
		'cd "$LL_MAIN_ROOT" && git checkout -q -b other'; do
		"$LL" run wt --worktree --quiet --context "act=$act" >/dev/null 2>&1 ||
			fail "$act: $?"
		"$LL" status --json >seen.log
		has seen.log main_tree_changed
	done
	"$LL" run wt --worktree --quiet
	"$LL" status --json >seen.log
	lacks seen.log main_tree_changed
	clean
}

tap_main "$@"
