#!/bin/sh
# prune: what goes, what never goes, and what a killed prune leaves.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

loops() {
	for name in x y; do
		printf 'name: %s\ninitial: a\nstates:\n  a: {action: "true", next: done}\n  done: {terminal: true}\n' \
			$name | loop $name
	done
	loop capped <<-'EOF'
		name: capped
		initial: a
		max_steps: 1
		states:
		  a: {action: "true", next: b}
		  b: {action: "true", next: done}
		  done: {terminal: true}
	EOF
}

runs() { # runs [NAME]: how many there are
	find .loops/runs -mindepth 1 -maxdepth 1 -type d -name "${1-}*-*" | wc -l
}

t_the_newest_of_each_loop_stay() {
	loops
	for _ in 1 2 3; do
		ll 0 run x
		ll 0 run y
	done
	newest=$("$LL" history x --json | sed -n 's/.*"run_id": "\(.*\)".*/\1/p' |
		head -n 1)
	ll 0 prune --keep 1 --dry-run
	has out '4 runs'
	same 6 "$(runs)"
	ll 64 prune --keep 1
	has out '4 runs'
	has err 'nothing was removed'
	same 6 "$(runs)"
	ll 0 prune --keep 1 --yes
	has out 'Removed 4 runs'
	same 1 "$(runs x)"
	same 1 "$(runs y)"
	[ -d ".loops/runs/$newest" ]
	ll 0 prune x --keep 0 --yes
	same 0 "$(runs x)"
	same 1 "$(runs y)"
	ll 0 prune --keep 1 --yes
	has out 'Nothing to prune'
}

t_age_is_that_of_the_last_record() {
	loops
	ll 0 run x
	ll 0 prune --older-than 1h --yes
	same 1 "$(runs)"
	sleep 2
	ll 0 prune --older-than 1s --keep 1 --yes
	same 1 "$(runs)"
	ll 0 prune --older-than 1s --yes
	same 0 "$(runs)"
}

t_without_a_choice_it_only_shows() {
	loops
	ll 0 run x
	ll 0 prune
	has out '1 run,'
	has out 'Nothing was removed: choose with --keep'
	ll 64 prune --yes
	has err 'say what goes'
	ll 64 prune x --yes
	same 1 "$(runs)"
	rm -rf .loops/runs
	ll 0 prune --keep 3 --yes
	has out 'Nothing to prune'
	[ ! -e .loops/runs ]
}

t_what_could_be_resumed_stays() {
	loops
	ll 1 run capped
	ll 0 run x
	mkdir .loops/runs/killed-20260101T000000-aaaa
	mkdir ".loops/runs/young-$(date -u +%Y%m%dT%H%M%S)-aaaa"
	ll 0 prune --keep 0 --yes
	has out '1 resumable (--force takes them too)'
	has out 'Removed 2 runs'
	same 1 "$(runs capped)"
	same 0 "$(runs killed)"
	same 1 "$(runs young)"
	ll 0 prune --keep 0 --yes --force
	same 0 "$(runs capped)"
	same 1 "$(runs young)"
}

t_a_damaged_run_needs_force() {
	loops
	ll 0 run x
	echo noise >>"$(run_dir x).ll/journal.jsonl"
	ll 0 prune --keep 0 --yes
	has out 'with a damaged journal'
	same 1 "$(runs)"
	ll 0 prune --keep 0 --yes --force
	same 0 "$(runs)"
}

t_a_live_run_never_goes() {
	loop live <<-'EOF'
		name: live
		initial: a
		states:
		  a: {action: "until [ -e go ]; do sleep 0.1; done", next: done}
		  done: {terminal: true}
	EOF
	"$LL" run live --quiet >said 2>&1 </dev/null &
	job=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -e .loops/runs ] || [ "$(runs)" -eq 0 ] || break
		sleep 0.1
	done
	ll 0 prune --keep 0 --yes --force
	has out '1 live'
	same 1 "$(runs)"
	: >go
	wait $job
	ll 0 status live
	has out 'Status: completed'
}

t_only_runs_go_and_no_link_is_followed() {
	loops
	ll 0 run x
	mkdir outside .loops/runs/notes .loops/runs/mine-20260101T000000-aaaa
	: >outside/keep
	: >.loops/runs/mine-20260101T000000-aaaa/file
	ln -s "$PWD/outside" "$(run_dir x)link"
	ln -s "$PWD/outside" .loops/runs/link-20260101T000000-aaaa
	ll 74 prune --keep 0 --yes --force
	has err "'link-20260101T000000-aaaa' stays: it is not a directory"
	has err "there is no .ll in it"
	same 0 "$(runs x)"
	[ -e outside/keep ]
	[ -e .loops/runs/notes ]
	[ -e .loops/runs/mine-20260101T000000-aaaa/file ]
}

t_a_killed_prune_is_ended_by_the_next() {
	loops
	ll 0 run x
	ll 0 run y
	d=$(run_dir x)
	mv "$d" ".loops/runs/.pruned-$(basename "$d")"
	ll 0 history --json
	same 1 "$(grep -c run_id out)"
	ll 0 prune --keep 1 --yes
	same .gitignore "$(find .loops/runs -mindepth 1 -maxdepth 1 -name '.[gp]*' -printf '%f ' | tr -d ' ')"
	same 1 "$(runs y)"
}

t_what_belongs_to_others_is_told() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	command -v setpriv >/dev/null || skip 'needs setpriv'
	loops
	ll 0 run x
	ll 0 run x
	ll 0 run y
	mkdir "$(run_dir x)theirs"
	chmod 755 . .. ../..
	cp "$LL" ../ll-loop
	chown -R 65534 .loops
	chown 0 "$(run_dir x)theirs"
	chown 0 "$(run_dir y)"
	got=0
	HOME=/ setpriv --reuid 65534 --clear-groups ../ll-loop --root "$PWD" prune \
		--keep 0 --yes --force >../out 2>../err || got=$?
	[ -s ../out ] || skip 'another user cannot get here'
	same 74 "$got"
	has ../err "stays: it holds a directory of user 0, 'theirs'"
	has ../err 'stays: it belongs to user 0'
	same 1 "$(runs x)"
	same 1 "$(runs y)"
}

t_a_mount_is_not_entered() {
	loops
	ll 0 run x
	mkdir "$(run_dir x)m" outside
	: >outside/keep
	mount --bind outside "$(run_dir x)m" 2>err || skip 'cannot mount'
	ll 74 prune --keep 0 --yes
	umount "$(run_dir x)m"
	has err "something is mounted on 'm' in it"
	[ -e outside/keep ]
	same 1 "$(runs)"
}

t_json_tells_what_went() {
	loops
	ll 0 run x
	ll 1 run capped
	ll 0 prune --keep 0 --json --dry-run
	has out '"removed": false'
	ll 64 prune --keep 0 --json
	same 2 "$(runs)"
	ll 0 prune --keep 0 --json --yes
	has out '"removed": true'
	has out '"why": "resumable"'
	same 1 "$(runs)"
	python3 -c 'import json; d = json.load(open("out"))
assert len(d["runs"]) == 1 and d["bytes"] == d["runs"][0]["bytes"] > 0, d'
}

t_a_terminal_is_asked() {
	loops
	ll 0 run x
	for answer in n '' y; do
		python3 - "$LL" "$answer" >said <<-'EOF'
			import os, pty, sys
			pid, fd = pty.fork()
			if pid == 0:
			    os.execv(sys.argv[1], [sys.argv[1], "prune", "--keep", "0"])
			text = b""
			while b"[y/N]" not in text:
			    text += os.read(fd, 4096)
			os.write(fd, sys.argv[2].encode() + b"\n")
			try:
			    while True:
			        more = os.read(fd, 4096)
			        if not more: break
			        text += more
			except OSError:
			    pass
			print(text.decode())
			sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
		EOF
		has said '[y/N]'
		[ "$answer" = y ] || same 1 "$(runs)"
	done
	same 0 "$(runs)"
}

t_runs_that_pile_up_are_told() {
	loops
	ll 0 run x
	lacks err 'take'
	echo "6000000000 $(basename "$(run_dir x)")" >>.loops/runs/.sizes
	echo "6000000000 gone-20260101T000000-aaaa" >>.loops/runs/.sizes
	ll 0 run y
	has err 'the runs of this project take 5.5 GiB'
	ll 0 run --quiet y
	lacks err 'take'
	ll 0 history
	has err 'll-loop prune'
	ll 0 prune --keep 1 --yes
	ll 0 history
	lacks err 'take'
}

tap_main "$@"
