#!/bin/sh
# Loops made of several files: from, flow, import, fragment; and those that call
# others.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

parent() {
	mkdir -p .loops/lib
	loop base <<'LOOP'
name: base
scope: ["."]
initial: a
import: [lib/parts.yaml]
context: {word: base}
states:
  a: {fragment: say, with: {text: "${context.word}"}, next: done}
  done: {terminal: true}
LOOP
	cat >.loops/lib/parts.yaml <<'LIB'
fragments:
  say:
    description: Write a line.
    parameters:
      text: {type: string, required: true}
      end: {type: string, default: "!"}
    action: printf '%s\n' "${param.text}${param.end}" >>said
LIB
}

t_a_child_runs_with_what_its_parents_and_libraries_bring() {
	parent
	loop kid <<'LOOP'
name: kid
from: base
context: {word: "it's $(touch pwned) `id` \"kid\""}
states:
  a: {next: b}
  b: {fragment: say, with: {text: "b ${context.word}", end: "?"}, next: done}
LOOP
	ll 0 run kid
	# shellcheck disable=SC2016 # the bytes themselves
	printf '%s\n' 'it'\''s $(touch pwned) `id` "kid"!' \
		'b it'\''s $(touch pwned) `id` "kid"?' | cmp - said
	[ ! -e pwned ] || fail 'a value was executed'
	same 'a b done' "$(path_of kid)"
}

t_all_files_are_sealed() {
	parent
	loop kid <<'LOOP'
name: kid
from: base
LOOP
	ll 0 run kid
	same '0-kid.yaml 1-base.yaml 2-parts.yaml' \
		"$(cd .loops/runs/kid-*/.ll/sealed && echo *)"
	cmp .loops/lib/parts.yaml .loops/runs/kid-*/.ll/sealed/2-parts.yaml
	same '0-kid.yaml 1-base.yaml 2-parts.yaml' "$(jq -r \
		'[.files[].sealed | ltrimstr("sealed/")] | join(" ")' \
		.loops/runs/kid-*/.ll/run.json)"
}

t_a_file_with_a_long_name_is_sealed_too() {
	mkdir -p .loops
	long=$(printf 'x%.0s' $(seq 250)).yaml
	echo 'fragments: {f: {action: "true", next: done}}' >".loops/$long"
	loop kid <<LOOP
name: kid
scope: ["."]
import: ["$long"]
initial: a
states: {a: {fragment: f}, done: {terminal: true}}
LOOP
	ll 0 run kid
	same 202 "$(jq -r '.files[1].sealed | ltrimstr("sealed/") | length' \
		.loops/runs/kid-*/.ll/run.json)"
}

t_a_capture_given_to_a_fragment_stays_data() {
	parent
	loop kid <<'LOOP'
name: kid
import: [lib/parts.yaml]
scope: ["."]
initial: a
states:
  a: {action: "cat hostile", capture: c, next: b}
  b: {fragment: say, with: {text: "${captured.c.output}"}, next: done}
  done: {terminal: true}
LOOP
	# shellcheck disable=SC2016 # hostile on purpose
	printf '%s' '"; touch pwned; $(touch pwned) `touch pwned` '\'' \ *' \
		>hostile
	ll 0 run kid
	printf '%s!\n' "$(cat hostile)" | cmp - said
	[ ! -e pwned ] || fail 'a capture was executed'
}

t_a_fault_is_told_where_it_is_written() {
	parent
	echo '  bad: {actoin: x}' >>.loops/lib/parts.yaml
	loop kid <<'LOOP'
name: kid
from: base
states:
  a: {fragment: bad}
LOOP
	ll 1 validate kid
	has out '.loops/lib/parts.yaml:8:9: error E101'
	ll 1 validate kid --json
	same "$PWD/.loops/lib/parts.yaml 8" "$(jq -r \
		'.violations[] | select(.id == "E101") | "\(.file) \(.line)"' out)"
	ll 65 run kid
	[ ! -d .loops/runs ] || fail 'something was made'
}

t_a_library_is_checked_and_not_run() {
	parent
	ll 0 validate lib/parts
	ll 65 run lib/parts
	has err 'library'
}

t_fragments_lists_what_a_library_offers() {
	parent
	mkdir sub
	cd sub
	ll 0 fragments lib/parts.yaml
	has out 'text, end'
	has out 'Write a line.'
	ll 0 fragments lib/parts --json
	same 'say string' "$(jq -r \
		'.[] | "\(.name) \(.parameters.text.type)"' out)"
	ll 0 fragments ../.loops/base.yaml
	has out 'No fragments'
	ll 66 fragments nowhere
}

t_install_makes_a_shipped_loop_the_project_s() {
	mkdir -p .loops sub
	(cd sub && ll 0 install until-green)
	ll 0 validate ./.loops/until-green.yaml
	cmp .loops/until-green.yaml "$TAP_ROOT/loops/until-green.yaml"
	echo '# mine' >>.loops/until-green.yaml
	ll 73 install until-green
	has err '--force'
	has .loops/until-green.yaml '# mine'
	ll 0 install --force until-green
	cmp .loops/until-green.yaml "$TAP_ROOT/loops/until-green.yaml"
	ll 66 install nowhere
	ll 66 install ./.loops/until-green.yaml
}

t_a_project_may_extend_the_loop_that_it_hides() {
	loop until-green <<'LOOP'
name: until-green
from: builtin:until-green
context: {check: "true", fix: "false"}
LOOP
	ll 0 run until-green
	loop until-green <<'LOOP'
name: until-green
from: until-green
LOOP
	ll 65 run until-green
	has err 'circular'
	has err 'builtin:NAME'
}

t_a_flow_runs_in_its_order() {
	loop f <<'LOOP'
name: f
scope: ["."]
initial: one
flow: [one, "two?three:one", three]
state_defs:
  one: {action: "echo one"}
  two: {action: "test -e go || { touch go; exit 1; }", on_error: one}
LOOP
	ll 0 run f
	same 'one two one two three' "$(path_of f)"
}

t_fragments_on_fragments_hand_their_values_on() {
	loop n <<'LOOP'
name: n
scope: ["."]
initial: a
fragments:
  inner:
    parameters: {what: {type: string}, how: {type: string, default: loud}}
    action: echo "${param.what} ${param.how}" >got
  outer:
    fragment: inner
    parameters: {what: {type: string}, tone: {type: string}}
    with: {what: "${param.what}", how: "very ${param.tone}"}
states:
  a: {fragment: outer, with: {what: x, tone: soft}, next: done}
  done: {terminal: true}
LOOP
	ll 0 run n
	same 'x very soft' "$(cat got)"
}

t_parameters_in_a_circle_are_told_and_a_tower_of_them_costs_nothing() {
	loop circle <<'LOOP'
name: circle
scope: ["."]
initial: t
states:
  t: {fragment: f, with: {x: "${param.y}", y: "${param.x}"}, next: done}
  done: {terminal: true}
fragments:
  f: {parameters: {x: {}, y: {}}, action: 'echo "${param.x}"'}
LOOP
	ll 1 validate circle
	has out "E137: '\${param.y}' is no parameter of an outer fragment"
	# shellcheck disable=SC2016 # the bytes themselves
	{
		printf 'name: tower\nscope: ["."]\ninitial: t\nstates:\n'
		printf '  done: {terminal: true}\n  t:\n    next: done\n'
		printf '    fragment: f\n    with:\n      p0: ""\n'
		for i in $(seq 1 60); do
			printf '      p%d: "${param.p%d}${param.p%d}"\n' \
				"$i" $((i - 1)) $((i - 1))
		done
		printf 'fragments:\n  f:\n    action: test -z "${param.p60}"\n'
		printf '    parameters:\n'
		seq -f '      p%.0f: {type: string}' 0 60
	} | loop tower
	ll 0 run tower
}

t_a_value_of_the_wrong_type_is_an_error_at_run_time() {
	loop t <<'LOOP'
name: t
scope: ["."]
initial: a
fragments:
  f: {parameters: {n: {type: integer}}, action: "echo ${param.n} >got"}
states:
  a: {action: "cat word", capture: w, next: b}
  b: {fragment: f, with: {n: "${captured.w.output}"}, next: done, on_error: bad}
  bad: {terminal: true, failure: true}
  done: {terminal: true}
LOOP
	echo 12 >word
	ll 0 run t
	same 12 "$(cat got)"
	echo '12; touch pwned' >word
	ll 2 run t
	[ ! -e pwned ] || fail 'a capture was executed'
	cat .loops/runs/t-*/.ll/journal.jsonl >all
	has all 'whole number'
}

kid() {
	loop kid <<'LOOP'
name: kid
scope: ["."]
initial: a
secrets: [token]
parameters:
  n: {type: integer, required: true}
  token: {type: string, default: hush-hush}
states:
  a: {action: 'echo "${context.n}"', next: done}
  done: {terminal: true}
LOOP
}

calls() { # calls KEYS...: a loop p whose state has these
	loop p <<LOOP
name: p
description: d
scope: ["."]
initial: a
states:
  a: {$*, on_yes: done, on_no: done, on_error: done}
  done: {terminal: true}
LOOP
}

t_a_loop_that_is_called_is_looked_up_at_load() {
	calls 'loop: ghost'
	ll 1 validate p
	has out "p.yaml:6:13: error E140: 'loop: ghost': no loop named 'ghost'"
	ll 65 run p
	kid
	calls 'loop: kid, with: {n: 1}'
	ll 0 validate p
	same 'p is valid' "$(tail -1 out)"
	calls 'loop: p'
	ll 1 validate p
	has out 'E141: loop '\''p'\'' calls itself in a circle: p.yaml -> p.yaml'
}

t_what_a_loop_is_called_with_is_held_against_its_parameters() {
	kid
	calls 'loop: kid'
	ll 1 validate p
	has out "E441: loop 'kid' requires the parameter 'n'"
	calls 'loop: kid, with: {n: many}'
	ll 1 validate p
	has out "E442: the parameter 'n' of loop 'kid' takes a whole number"
	calls 'loop: kid, with: {n: 1, m: 2}'
	ll 1 validate p
	has out "E440: loop 'kid' has no parameter 'm'"
	ll 65 run p
}

t_a_loop_with_errors_refuses_the_run_of_its_caller() {
	loop kid <<'LOOP'
name: kid
initial: a
states:
  a: {acton: x, next: done}
  done: {terminal: true}
LOOP
	calls 'loop: kid'
	ll 0 validate p
	has out "W140: loop 'kid' cannot be loaded: "
	has out "kid.yaml:4:7: unknown key 'acton'"
	ll 65 run p
	has err "kid.yaml:4:7: unknown key 'acton'"
	has err '--ignore loop'
}

t_a_key_not_acted_on_in_a_called_loop_refuses_the_run() {
	loop kid <<'LOOP'
name: kid
initial: a
states:
  a: {action: "true", tamper_guard: fail, next: done}
  done: {terminal: true}
LOOP
	calls 'loop: kid'
	ll 0 validate p
	lacks out 'W110'
	ll 65 run p
	has err "kid.yaml:4:23: 'tamper_guard' is not acted on"
}

t_the_plan_names_the_loops_and_the_items() {
	kid
	calls "parallel: {items: [1, 2], loop: kid, with: {n: '\${item}'}}"
	ll 0 run --dry-run p
	has out 'parallel: 2 items as item, at most 4 at once'
	has out 'loop: kid (/'
	has out 'with: {"n":"$'
	ll 0 show p
	has out 'parallel  kid'
}

t_a_secret_of_a_called_loop_is_hidden_in_its_caller() {
	kid
	calls 'loop: kid, with: {n: 1, token: sesame-open}'
	ll 0 run --dry-run p
	lacks out 'sesame-open'
	has out '"token":"***"'
	calls 'loop: kid, with: {n: 1}, capture: hush-hush'
	ll 65 run p
	has err 'the value of a secret is part of the name of a capture'
}

tap_main "$@"
