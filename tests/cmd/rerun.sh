#!/bin/sh
# rerun: the loop of a run again, as it was then.
# shellcheck shell=sh source=tests/tap.sh
# References of loops are no expansions of this shell.
# shellcheck disable=SC2016
. "$(dirname "$0")/../tap.sh"

small() { # small NAME ACTION: a loop of one state
	loop "$1" <<-EOF
	name: $1
	description: d
	initial: a
	states:
	  a: {action: '$2', next: done}
	  done: {terminal: true}
	EOF
}

first() { # the oldest run of the project, with the slash
	printf '%s/' "$(find .loops/runs -mindepth 1 -maxdepth 1 -name '*-*' \
		-printf '%T@ %p\n' | sort -n | head -n 1 | cut -d ' ' -f 2-)"
}

member() { # member FILE NAME: the value of that member, as it is written
	grep -o "\"$2\":\\({[^}]*}\\|\\[[^]]*\\]\\|[^,}]*\\)" "$1" | head -n 1
}

runs() { # how many runs there are
	find .loops/runs -mindepth 1 -maxdepth 1 -name '*-*' | wc -l
}

# parts: a loop that is made of three files.
parts() {
	mkdir -p .loops/lib
	cat >.loops/lib/say.yaml <<-'EOF'
	fragments:
	  say:
	    parameters: {word: {default: hello}}
	    action: echo "${param.word} ${context.who}" >>said
	EOF
	loop base <<-'EOF'
	name: base
	description: d
	import: [lib/say.yaml]
	context: {who: base, n: 3}
	initial: a
	states:
	  a: {fragment: say, next: done}
	  done: {terminal: true}
	EOF
	loop kid <<-'EOF'
	from: base
	name: kid
	context: {who: kid}
	EOF
}

t_the_files_of_today_make_no_difference() {
	parts
	ll 0 run kid --context who=me
	rm .loops/base.yaml
	echo 'fragments: {say: {action: "echo other >>said"}}' \
		>.loops/lib/say.yaml
	echo 'not a loop' >.loops/kid.yaml
	ll 0 rerun kid
	ll 0 rerun "$(basename "$(first)")" --quiet
	ll 0 rerun kid
	same 'hello me hello me hello me hello me' "$(tr '\n' ' ' <said |
		sed 's/ $//')"
	same 4 "$(runs)"
	# What is made of what was sealed is sealed again, as it was.
	for r in .loops/runs/*/; do
		same "$(member "$(first).ll/run.json" files)" \
			"$(member "$r.ll/run.json" files)"
		same "$(member "$(first).ll/run.json" words)" \
			"$(member "$r.ll/run.json" words)"
	done
}

t_a_loop_that_hides_another_later() {
	ll 0 run gate --context checks=true
	small gate 'echo mine >said'
	ll 0 rerun gate --quiet
	ll 0 run --builtin gate --context checks=true
	ll 0 rerun gate
	[ ! -e said ] || fail 'a file of today was run'
	ll 0 run gate
	loop derived <<-'EOF'
	from: builtin:gate
	name: derived
	context: {checks: "true"}
	EOF
	ll 0 run derived
	rm .loops/derived.yaml
	ll 0 rerun derived
}

t_a_loop_by_its_path() {
	parts
	mkdir elsewhere
	mv .loops/base.yaml .loops/lib elsewhere
	ll 0 run ./elsewhere/base.yaml --context who=path
	rm -r elsewhere
	ll 0 rerun base
	same 'hello path' "$(tail -n 1 said)"
}

t_options_hold_as_they_did() {
	loop many <<-'EOF'
	name: many
	description: d
	initial: a
	surprise: 1
	learning: {}
	states:
	  a: {action: "true", on_yes: a, on_no: done}
	  done: {terminal: true}
	EOF
	ll 1 run many --lenient --ignore learning --max-steps 3 --delay 0.01 \
		--timeout 77.5 --output-limit 1M
	ll 1 rerun many
	for m in max_steps backoff_ms timeout_ms; do
		same 1 "$(for r in .loops/runs/many-*/; do
			member "$r.ll/journal.jsonl" "$m"
		done | sort -u | wc -l)"
	done
	same 1 "$(for r in .loops/runs/many-*/; do
		member "$r.ll/run.json" options
	done | sort -u | wc -l)"
	has "$(first).ll/run.json" '"timeout_ms":77500'
	has "$(first).ll/run.json" '"output_limit":1048576'
	LL_DELAY=0.02 ll 1 run many --lenient --ignore learning --max-steps 2
	ll 1 rerun many
	same 2 "$(cat .loops/runs/many-*/.ll/journal.jsonl |
		grep -c '"backoff_ms":20,')"
}

t_values_are_trusted_as_they_were() {
	loop trust <<-'EOF'
	name: trust
	description: d
	input_key: data
	context: {own: "-n a b", given: x, data: y}
	parameters:
	  check: {type: command}
	  n: {type: integer}
	initial: a
	states:
	  a:
	    action: |
	      printf '%s.' ${context.own} ${context.given} ${context.data} >>said
	      ${context.check} >>said
	    next: done
	  done: {terminal: true}
	EOF
	ll 0 run trust 'c $(d) e' --context 'given=f $(g)' \
		--context 'check=echo "h  i" $((1 + 1))' --context n=007
	ll 0 rerun trust
	ll 0 rerun trust
	same 1 "$(sort -u said | wc -l)"
	same 3 "$(wc -l <said)"
	for r in .loops/runs/trust-*/; do
		same '"origins":{"given":"operator","data":"data","check":"command","n":"operator","run_dir":"runner"}' \
			"$(member "$r.ll/journal.jsonl" origins |
				sed 's/,"input_hash":"[a-z]*"//')"
		has "$r.ll/journal.jsonl" '"n":7,'
	done
}

t_long_values_come_from_their_files() {
	loop long <<-'EOF'
	name: long
	description: d
	context: {text: ""}
	initial: a
	states:
	  a: {action: 'printf %s "${context.text}" | cksum >>said', next: done}
	  done: {terminal: true}
	EOF
	head -c 300000 /dev/zero | tr '\0' x >big
	ll 0 run long --context text=@big
	rm big
	ll 0 rerun long
	same 1 "$(sort -u said | wc -l)"
	kept=$(find "$(run_dir long).ll/output" -name "keep-*-text")
	printf y | dd of="$kept" conv=notrunc bs=1 seek=7 2>/dev/null
	ll 65 rerun "$(basename "$(run_dir long)")"
	has err "'text'"
	has err changed
	rm "$kept"
	ll 65 rerun "$(basename "$(run_dir long)")"
	has err "$(basename "$kept")"
	same 2 "$(runs)"
}

t_what_is_not_as_it_was_sealed_is_refused() {
	parts
	ll 0 run kid
	sealed=$(first).ll/sealed
	cp -r "$(first)" kept
	for f in 0-kid.yaml 1-base.yaml 2-say.yaml; do
		echo '# more' >>"$sealed/$f"
		ll 65 rerun kid
		has err "$f"
		has err changed
		rm "$sealed/$f"
		ll 65 rerun kid
		has err "$f"
		cp "kept/.ll/sealed/$f" "$sealed/$f"
	done
	sed -i 's/"who":"kid"/"who":"cat"/' "$(first).ll/run.json"
	ll 65 rerun kid
	rm "$(first).ll/run.json"
	ll 65 rerun kid
	cp kept/.ll/run.json "$(first).ll/run.json"
	same 1 "$(runs)"
	ll 0 rerun kid
	rm "$(run_dir kid).ll/journal.jsonl"
	ll 65 rerun "$(basename "$(run_dir kid)")"
	same 2 "$(runs)"
}

t_secrets_must_be_given_again() {
	loop hush <<-'EOF'
	name: hush
	description: d
	secrets: [token, PASSWORD]
	parameters: {token: {type: string, required: true}}
	context: {url: none, plain: p, deep: {k: none}}
	initial: a
	states:
	  a:
	    action: |
	      printf '%s\n' "${context.token} ${context.url} ${context.plain}" \
	        "${context.deep.k}" | cksum >>said
	    next: done
	  done: {terminal: true}
	EOF
	export PASSWORD=correct-horse
	ll 0 run hush --context token=battery-staple \
		--context url=https://correct-horse@host --context plain=q
	ll 65 rerun hush
	has err '--context token=VALUE'
	has err '--context url=VALUE'
	lacks err plain
	ll 65 rerun hush --context token=battery-staple
	has err '--context url=VALUE'
	lacks err token=VALUE
	ll 64 rerun hush --context token=battery-staple --context plain=x
	has err 'only what it withheld'
	ll 64 rerun hush --context token
	same 1 "$(runs)"
	printf %s https://correct-horse@host >address
	mkdir -p sub
	mv address sub/
	(cd sub && ll 0 rerun hush --context token=battery-staple \
		--context url=@address)
	same 1 "$(sort -u said | wc -l)"
	same 2 "$(wc -l <said)"
	for word in battery-staple correct-horse; do
		! grep -rqF "$word" .loops/runs || fail "$word was recorded"
	done
	ll 0 run hush '{"token": "t0ken-one", "deep": {"k": "t0ken-one"}}'
	ll 65 rerun hush --context token=t0ken-one --context deep=x
	has err 'as JSON'
	ll 0 rerun hush --context token=t0ken-one \
		--context 'deep={"k": "t0ken-one"}'
	same "$(sed -n 3p said)" "$(sed -n 4p said)"
	same 2 "$(cat .loops/runs/hush-*/.ll/journal.jsonl | grep -cF \
		'"origins":{"deep":"data","token":"data","run_dir":"runner"}')"
	! grep -rqF t0ken-one .loops/runs || fail 'it was recorded'
}

t_names_that_were_secret_stay_so() {
	small quiet 'echo "${context.key}" >>said'
	echo 'secrets: [key]' >.loops/config.yaml
	ll 0 run quiet --context key=s3cret-value
	rm .loops/config.yaml
	ll 0 rerun quiet --context key=s3cret-value
	same 's3cret-value s3cret-value' "$(tr '\n' ' ' <said | sed 's/ $//')"
	! grep -rqF s3cret-value .loops/runs || fail 'it was recorded'
}

t_it_runs_where_the_run_did() {
	small here 'pwd -P >>"$LL_ROOT/said"; test -d "${context.run_dir}"'
	mkdir -p sub
	(cd sub && ll 0 run here)
	ll 0 rerun here
	has err "$PWD/sub"
	same "$PWD/sub $PWD/sub" "$(tr '\n' ' ' <said | sed 's/ $//')"
	has "$(run_dir here).ll/journal.jsonl" \
		"\"run_dir\":\"$PWD/$(run_dir here)\""
	mkdir ../moved
	cp -r .loops sub ../moved
	cd ../moved
	ll 0 rerun here --quiet
	same '' "$(cat err)"
	same "$PWD/sub" "$(cat said)"
	rm -r sub
	ll 65 rerun here
	has err "$PWD/sub"
}

t_only_looking() {
	parts
	ll 0 run kid --context who=me
	rm .loops/base.yaml said
	ll 0 rerun kid --dry-run
	has out 'who: "me"  (earlier run)'
	has out 'run_dir: made when the run starts'
	ll 0 rerun kid --dry-run --json
	has out '"earlier run"'
	same 1 "$(runs)"
	[ ! -e said ] || fail 'it ran'
}

t_how_it_is_shown() {
	small s 'echo hi'
	ll 0 run s
	ll 0 rerun s --json
	has out '"event":"run_end"'
	ll 0 rerun s --quiet
	same '' "$(cat out err)"
	ll 0 rerun s -v
	has out hi
}

t_a_run_that_died_or_still_runs() {
	small slow 'echo $$ >pid; test -e go || exec sleep 50'
	"$LL" run slow --quiet >run.out 2>&1 &
	engine=$!
	while [ ! -s pid ]; do
		sleep 0.05
	done
	: >go
	ll 0 rerun slow --no-lock
	kill "$engine"
	wait || true
	ll 0 rerun "$(basename "$(first)")"
}

t_in_the_background() {
	loop bg <<-'EOF'
	name: bg
	initial: a
	states:
	  a: {action: 'echo said', next: done}
	  done: {terminal: true}
	EOF
	ll 0 run bg --quiet
	first=$(basename "$(run_dir bg)")
	ll 0 rerun bg -b
	ll 0 wait "$(cat out)"
	[ "$(cat out)" != "$first" ] || fail 'it is the same run'
	ll 0 rerun "$first" --background --follow
	has out said
	has out 'Loop completed: done'
}

t_which_run() {
	ll 64 rerun
	ll 66 rerun nobody
	has err nobody
	small a 'echo one >>said'
	ll 0 run a
	small a 'echo two >>said'
	ll 0 run a
	ll 0 rerun a
	ll 0 rerun "$(basename "$(first)")"
	same 'one two two one' "$(tr '\n' ' ' <said | sed 's/ $//')"
	ll 66 rerun "$(basename "$(first)" | sed 's/.$//')"
	ll 64 rerun a b
	ll 64 rerun a --max-steps 3
}

tap_main "$@"
