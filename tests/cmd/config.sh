#!/bin/sh
# Configuration: who decides, what is refused, and what reaches a run.
# Each test is a process whose HOME is its own.
# shellcheck disable=SC2031
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

conf() { # conf: stdin becomes the project's configuration
	mkdir -p .loops
	cat >.loops/config.yaml
}

mine() { # mine: stdin becomes the user's configuration
	mkdir -p "$HOME/.config/ll-loop"
	cat >"$HOME/.config/ll-loop/config.yaml"
}

one() { # one ACTION: a loop of one step, named one
	loop one <<-EOF
	name: one
	initial: a
	states:
	  a: {action: '$1', next: done}
	  done: {terminal: true}
	EOF
}

from() { # from SETTING: its line of \`config', blanks squeezed
	grep "^$1 " out | tr -s ' ' | sed 's/ $//'
}

t_without_files_everything_is_built_in() {
	ll 0 config
	same 'grace 5 built in' "$(from grace)"
	same 'output_limit 64 MiB built in' "$(from output_limit)"
	same 'queue_timeout 86400 built in' \
		"$(from queue_timeout)"
	[ ! -s err ]
	ll 0 config --json
	has out '"present": false'
}

t_each_value_says_where_it_comes_from() {
	printf 'color: never\ngrace: 9\n' | mine
	conf <<-'EOF'
	grace: 2
	limits:
	  disk: 2GiB
	EOF
	LL_DELAY=0.5
	export LL_DELAY
	ll 0 config --color auto
	same 'grace 2 .loops/config.yaml:1:1' "$(from grace)"
	same 'limits.disk 2 GiB .loops/config.yaml:3:3' "$(from limits.disk)"
	same 'run_defaults.delay 0.5 LL_DELAY' "$(from run_defaults.delay)"
	same 'color auto --color' "$(from color)"
	ll 0 config
	same "color never $HOME/.config/ll-loop/config.yaml:1:1" "$(from color)"
	ll 0 config --json
	has out '"value": 2147483648'
	has out '"name": "LL_DELAY"'
	has out '"line": 3'
}

t_the_users_file_is_below_xdg_config_home() {
	mkdir -p x/ll-loop
	echo 'grace: 8' >x/ll-loop/config.yaml
	XDG_CONFIG_HOME=$PWD/x
	export XDG_CONFIG_HOME
	ll 0 config
	same 'grace 8 x/ll-loop/config.yaml:1:1' "$(from grace)"
}

t_wrong_files_are_refused_by_run_and_named_by_views() {
	one true
	for text in 'grce: 1' 'grace: [' 'grace: 1
grace: 2' 'color: blue' '- x' 'grace: 1
...
---
x: 1' 'run_defaults: {quiet: "yes"}' 'output_limit: 1 furlong'; do
		printf '%s\n' "$text" | conf
		ll 65 run one
		has err '.loops/config.yaml:'
		has err 'is invalid (1 error)'
		ll 65 config
		ll 0 list
		has err "'ll-loop config' says more"
		has out one
	done
	[ ! -e .loops/runs ]
	echo 'grce: 1' | conf
	ll 65 run one
	has err "1:1: error E101: unknown key 'grce' (did you mean 'grace'?)"
	ll 0 --help
	ll 0 version
	[ ! -s err ]
}

t_a_loop_of_that_name_is_told_so() {
	loop config <<-'EOF'
	name: config
	initial: a
	states:
	  a: {terminal: true}
	EOF
	ll 65 run gate
	has err 'E120: this is a loop'
}

t_hostile_files() {
	one true
	head -c 1048577 /dev/zero | tr '\0' '#' | conf
	ll 65 run one
	has err 'over 1048576 bytes'
	head -c 1048576 /dev/zero | tr '\0' '#' | conf
	ll 0 run one
	printf 'grace: 1\0\n' | conf
	ll 65 run one
	has err 'E002'
	printf 'host: \377\n' | conf
	ll 65 run one
	has err 'E002'
	rm .loops/config.yaml
	mkdir .loops/config.yaml
	ll 65 run one
	has err 'config.yaml: not a regular file'
	rmdir .loops/config.yaml
	mkfifo .loops/config.yaml
	ll 65 run one
	has err 'config.yaml: not a regular file'
	rm .loops/config.yaml
	ln -s config.yaml .loops/config.yaml
	ll 74 run one
	has err 'config.yaml'
}

# Root reads everything, so it is somebody else who asks then.
as_user() { # as_user STATUS ARGUMENT...: like ll
	if [ "$(id -u)" -ne 0 ]; then
		ll "$@"
		return
	fi
	want=$1 got=0
	shift
	chmod 755 . .. ../..
	cp "$LL" ../ll-loop
	chown -R 65534 . "$HOME"
	setpriv --reuid 65534 --clear-groups ../ll-loop "$@" >../out 2>../err \
		</dev/null || got=$?
	cat ../out >out
	cat ../err >err
	[ "$got" -eq "$want" ] || fail "status $got, not $want: $(cat err)"
}

t_an_unreadable_file_is_no_empty_one() {
	one true
	echo 'grace: 1' | conf
	chmod 0 .loops/config.yaml
	as_user 74 run one
	has err 'Permission denied'
}

t_without_a_home_there_is_no_users_file() {
	(
		unset HOME XDG_CONFIG_HOME
		ll 0 config
		ll 0 config --json
	)
	lacks out '"user"'
}

t_a_closed_home_has_no_configuration() {
	one true
	echo 'grce: 1' | mine
	chmod 0 "$HOME/.config"
	as_user 0 run one
	chmod 700 "$HOME/.config"
	as_user 65 run one
}

t_wrong_variables_are_named() {
	one true
	while read -r name value; do
		got=0
		env "$name=$value" "$LL" run one >out 2>err || got=$?
		same 64 "$got"
		has err "$name must be"
		has err "not '$value'"
		env "$name=" "$LL" run one >out 2>err
	done <<-'EOF'
	LL_DURABILITY never
	LL_GRACE -1
	LL_GRACE 5s
	LL_OUTPUT_LIMIT 0
	LL_OUTPUT_LIMIT 64X
	LL_DISK_LIMIT much
	LL_DELAY nan
	LL_QUIET yes
	LL_VERBOSE 2
	LL_COLOR blue
	LL_QUEUE_TIMEOUT soon
	EOF
}

t_the_output_limit_reaches_the_run() {
	one 'yes | head -c 100000'
	echo 'output_limit: 60000' | mine
	ll 0 run one --json
	has out '"output_bytes":60000'
	echo 'output_limit: 50K' | conf
	ll 0 run one --json
	has out '"output_bytes":51200'
	LL_OUTPUT_LIMIT=70K
	export LL_OUTPUT_LIMIT
	ll 0 run one --json
	has out '"output_bytes":71680'
	ll 0 run one --json --output-limit 80KB
	has out '"output_bytes":80000'
	ll 64 run one --output-limit 0
	has err '--output-limit needs a size'
}

t_a_state_is_between_its_loop_and_the_variable() {
	loop one <<-'EOF'
	name: one
	initial: a
	output_limit: 60K
	states:
	  a: {action: "yes | head -c 100000", output_limit: 50K, next: b}
	  b: {action: "yes | head -c 100000", next: done}
	  done: {terminal: true}
	EOF
	echo 'output_limit: 40K' | conf
	ll 0 run one --json
	has out '"output_bytes":51200'
	has out '"output_bytes":61440'
	ll 0 run one --json --output-limit 70K
	same 2 "$(grep -c '"output_bytes":71680' out)"
}

t_a_timeout_of_the_command_line_is_the_runs() {
	one 'sleep 30'
	ll 1 run one --timeout 0.3
	same timeout "$(journal one loop_complete terminated_by)"
	ll 64 run one --timeout 0
	ll 0 run one --dry-run --timeout 7
	has out 'Timeout: 7s'
	loop two <<-'EOF'
	name: two
	initial: a
	timeout: 0.2
	states:
	  a: {action: "sleep 0.5", next: done}
	  done: {terminal: true}
	EOF
	ll 0 run two --timeout 20
	ll 1 run two
}

t_grace_reaches_the_run() {
	one 'trap "" TERM; sleep 30 & wait; sleep 30'
	echo 'grace: 0.2' | conf
	begin=$(date +%s)
	ll 1 run one --timeout 0.2
	[ $(($(date +%s) - begin)) -lt 4 ]
}

t_delay_is_weaker_than_the_loops_backoff() {
	one true
	echo 'run_defaults: {delay: 0.25}' | conf
	ll 0 run one --json
	has out '"backoff_ms":250'
	echo 'backoff: 0' >>.loops/one.yaml
	ll 0 run one --json
	has out '"backoff_ms":0'
	LL_DELAY=0.1
	export LL_DELAY
	ll 0 run one --json
	has out '"backoff_ms":100'
	ll 0 run one --json --delay 0.05
	has out '"backoff_ms":50'
}

t_quiet_and_verbose() {
	one 'echo hello'
	echo 'run_defaults: {quiet: true}' | conf
	ll 0 run one
	[ ! -s out ]
	ll 0 run one -v
	has out hello
	LL_VERBOSE=1 "$LL" run one >out
	has out hello
	LL_QUIET=0 "$LL" run one >out
	has out hello
	echo 'run_defaults: {verbose: true}' | conf
	ll 0 run one --quiet
	[ ! -s out ]
}

t_color() {
	one true
	echo 'color: always' | conf
	ll 0 list
	has out "$(printf '\033[')"
	ll 0 list --color never
	lacks out "$(printf '\033[')"
	LL_COLOR=never "$LL" list >out
	lacks out "$(printf '\033[')"
}

t_the_root_is_honoured_by_every_command() {
	mkdir -p other/.loops away
	printf 'name: far\ninitial: a\nstates:\n  a: {terminal: true}\n' \
		>other/.loops/far.yaml
	echo 'grace: 3' >other/.loops/config.yaml
	cd away
	ll 0 --root ../other list
	has out far
	ll 0 validate --root ../other far
	ll 0 run far --root ../other
	[ ! -e .loops ]
	ll 0 status far --root=../other
	ll 0 history --root ../other
	has out far
	ll 0 config --root ../other
	same 'grace 3 '"$(cd .. && pwd)"'/other/.loops/config.yaml:1:1' \
		"$(from grace)"
	touch file
	for dir in missing file ''; do
		for what in 'list' 'run far' 'validate far' 'status far' \
			'history' 'config'; do
			# shellcheck disable=SC2086
			ll 64 $what --root "$dir"
			has err "--root '$dir' is not a directory"
		done
	done
	ll 0 list --help --root missing
}

t_import_translates_and_names_the_rest() {
	mkdir .ll
	cat >.ll/ll-config.json <<-'EOF'
	{
	  "$schema": "x",
	  "project": {"name": "p"},
	  "loops": {"loops_dir": ".loops", "queue_wait_timeout_seconds": 60,
	    "run_defaults": {"delay": 1.5, "clear": true}},
	  "cli": {"color": false},
	  "automation": {"worktree_base": "w: \"t\""},
	  "parallel": {"worktree_copy_files": [".env", "a b"], "x": 1},
	  "orchestration": {"host_cli": null}
	}
	EOF
	ll 0 config
	has err "config --import $PWD/.ll/ll-config.json"
	ll 0 config --import .ll/ll-config.json
	for key in project loops.run_defaults.clear parallel.x; do
		has err "'$key' is not taken over: there is nothing like it"
	done
	same 3 "$(wc -l <err)"
	cp out wanted
	[ ! -e .loops/config.yaml ]
	ll 0 config --import .ll/ll-config.json --write
	cmp wanted .loops/config.yaml
	ll 0 config
	lacks err --import
	same 'queue_timeout 60 .loops/config.yaml:1:1' \
		"$(from queue_timeout)"
	same 'run_defaults.delay 1.5 .loops/config.yaml:3:3' \
		"$(from run_defaults.delay)"
	has out 'w: "t"'
	has out '[".env","a b"]'
	echo 'grace: 4' | conf
	ll 64 config --import .ll/ll-config.json --write
	has err 'is not overwritten'
	same 'grace: 4' "$(cat .loops/config.yaml)"
}

t_import_of_wrong_values() {
	echo '{"cli": {"color": "red"}, "loops": {"run_defaults":
	{"delay": "fast"}, "queue_wait_timeout_seconds": -1, "loops_dir": "l"},
	"parallel": {"worktree_copy_files": [1]}, "automation": 5}' >c.json
	ll 0 config --import c.json
	[ ! -s out ]
	same 6 "$(wc -l <err)"
	has err "'loops.run_defaults.delay' is not taken over: 'delay' must be"
	for text in '' '[]' '{' '{"a": 1, "a": 2}' '{} x'; do
		printf '%s' "$text" >c.json
		ll 65 config --import c.json
		has err c.json
	done
	ll 66 config --import missing.json
	ll 64 config --write
}

tap_main "$@"
