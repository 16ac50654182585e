#!/bin/sh
# show: what it says is what would run.
# shellcheck shell=sh source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

mend() { # mend: a loop of two steps that asks for a word
	loop mend <<-'EOF'
	name: mend
	description: Mends it.
	initial: look
	max_iterations: 7
	scope: [src]
	required_inputs: [word]
	context: {cmd: make}
	states:
	  look:
	    action: |
	      printf '\033[31m%s' ${context.word}
	      ${context.cmd}
	    on_success: done
	    on_failure: $current
	    timeout: 90
	  done: {terminal: true}
	EOF
}

t_a_page_has_states_limits_scope_and_inputs() {
	mend
	ll 0 show mend
	has out 'mend: 2 states, 2 transitions, begins at look'
	has out '.loops/mend.yaml'
	has out 'yes→done, no→'
	has out '7             line 4, max_iterations'
	has out 'default_timeout       3600s (1h)    default'
	has out 'look: timeout         90s (1m 30s)  line 15'
	has out "  $PWD/src"
	has out 'word  required'
	has out 'cmd   optional  "make"'
	ll 0 s mend -v
	has out '{context.cmd}'
	ll 0 show ./.loops/mend.yaml
}

t_bytes_of_the_file_do_not_reach_the_terminal() {
	printf 'name: odd\ndescription: "\\e[2J"\ninitial: a\nstates:\n' \
		>.loops/odd.yaml
	printf '  a: {action: "x \\e[31m \\a", next: d}\n' >>.loops/odd.yaml
	printf '  d: {terminal: true}\n' >>.loops/odd.yaml
	ll 0 show odd -v
	has out 'x \x1b[31m'
	same 0 "$(tr -cd '\033\007' <out | wc -c)"
	"$LL" --color always show odd >out
	same 0 "$(tr -cd '\007' <out | wc -c)"
}

t_json_is_a_loop_file_that_runs_the_same() {
	mend
	ll 0 show mend --json
	has out '"on_yes": "done"'
	has out '"max_steps": 7'
	lacks out '"max_iterations": 7'
	has out '"effective"'
	command -v python3 >/dev/null || skip 'no python3'
	python3 - <<-'EOF' >.loops/again.yaml
	import json, os
	loop = json.load(open("out"))
	own = loop.pop("effective")
	assert own["limits"]["max_steps"]["key"] == "max_iterations", own
	assert own["states"]["look"]["limits"]["timeout"]["value"] == 90, own
	assert own["inputs"][0]["required"] is True, own
	assert own["scope"] == {"declared": True, "paths": [os.getcwd() + "/src"], "shared": [],
	                        "resources": [], "singleton": False}, own
	print(json.dumps(loop))
	EOF
	for l in mend again; do
		ll 0 run ".loops/$l.yaml" --dry-run --json --context word=x
		grep -v '"file"' out >"$l.plan"
	done
	cmp mend.plan again.plan
	ll 0 show .loops/again.yaml --json
}

t_values_of_secrets_are_not_shown() {
	loop keys <<-'EOF'
	name: keys
	initial: a
	secrets: [token, pin]
	context: {token: "hunter2x", user: me}
	parameters: {pin: {type: string, default: "p1n-p1n"}}
	states:
	  a: {action: "x ${context.token} ${context.pin}", next: b}
	  b: {terminal: true}
	EOF
	for how in --color=never -v --json; do
		ll 0 show keys "$how"
		has out '***'
		has out me
		lacks out hunter2x
		lacks out p1n-p1n
	done
}

t_values_of_secrets_do_not_show_where_they_are_written_again() {
	loop again <<-'EOF'
	name: again
	initial: a
	secrets: [token]
	context: {token: "hunter2x-and-more", theirs: "c0nf1gured"}
	fragments:
	  f: {parameters: {x: {}}, action: "echo ${param.x} c0nf1gured"}
	states:
	  a: {action: "echo a longer text to be cut hunter2x-and-more", next: c}
	  c: {fragment: f, with: {x: "hunter2x-and-more"}, next: b}
	  b: {terminal: true}
	EOF
	echo 'secrets: [theirs]' >.loops/config.yaml
	for how in --color=never -v --json; do
		ll 0 show again "$how"
		lacks out hunter
		lacks out c0nf
	done
	sed -i 's/next: b/next: b, hunter2x-and-more: 1, c0nf1gured: 2/' \
		.loops/again.yaml
	ll 1 show again
	lacks out hunter
	lacks out c0nf
	ll 1 validate again
	lacks out c0nf
	ll 1 validate --json again
	lacks out c0nf
	ll 65 run again
	lacks err c0nf
}

t_an_invalid_loop_is_told_like_validate_does() {
	printf 'name: bad\ninitial: a\nstates:\n  a: {action: x, next: b}\n' \
		>.loops/bad.yaml
	ll 1 show bad
	has out '.loops/bad.yaml:4:24: error E201'
	has out 'bad is invalid'
	ll 1 show bad --json
	has out '"valid": false'
	has out '"line": 4'
	ll 66 show nowhere
	has err nowhere
	ll 66 show nowhere --json
	ll 64 show
}

t_other_loops_are_shown_inside() {
	mend
	loop outer <<-'EOF'
	name: outer
	initial: a
	states:
	  a: {loop: mend, on_yes: done, on_no: done}
	  b: {loop: bent, on_yes: done, on_no: done}
	  done: {terminal: true}
	EOF
	loop bent <<-'EOF'
	name: bent
	initial: a
	states:
	  a: {acton: x, next: done}
	  done: {terminal: true}
	EOF
	ll 0 show outer --json
	lacks out _subloop
	ll 0 show outer --json --resolved
	has out '"_subloop"'
	has out '"timeout": 90'
	has err bent
	ll 0 show outer
	has out 'loop     mend'
}

t_in_one_piece_it_is_a_file_that_runs_the_same() {
	mkdir -p .loops/lib
	cat >.loops/lib/parts.yaml <<-'EOF'
	fragments:
	  say:
	    parameters:
	      text: {type: string, required: true}
	      end: {type: string, default: "!"}
	    action: |
	      printf '%s\n' "${param.text}${param.end}" >>said
	EOF
	loop base <<-'EOF'
	name: base
	initial: a
	import: [lib/parts.yaml]
	context: {word: base}
	states:
	  a: {fragment: say, with: {text: "${context.word}"}, next: b}
	  b: {terminal: true}
	EOF
	loop kid <<-'EOF'
	name: kid
	from: base
	context: {word: "it's $(touch pwned) \"kid\""}
	states:
	  a: {with: {end: "?\n\t\e"}}
	EOF
	ll 0 show --resolved kid
	has out '# base.yaml: from, kid.yaml:2'
	has out 'initial: a  # from base.yaml:2'
	has out 'action: |  # fragment say, lib/parts.yaml:6'
	# shellcheck disable=SC2016
	has out 'text: ${context.word}  # from base.yaml:6'
	lacks out from:
	lacks out import:
	cp out whole.yaml
	rm -r .loops/lib .loops/base.yaml
	ll 65 run kid
	ll 0 run ./whole.yaml
	# shellcheck disable=SC2016 # the bytes themselves
	printf '%s?\n\t\033\n' 'it'\''s $(touch pwned) "kid"' | cmp - said
	[ ! -e pwned ] || fail 'a value was executed'
	(mkdir sub && cd sub && ll 0 show --resolved ../whole.yaml)
	sed -i 's/^#.*//; s/  *#.*//; /^$/d' whole.yaml
	sed 's/^#.*//; s/  *#.*//; /^$/d' sub/out | cmp - whole.yaml
}

t_what_the_program_brings_is_named_in_one_piece() {
	loop until-green <<-'EOF'
	name: until-green
	from: builtin:until-green
	context: {check: "true"}
	EOF
	ll 0 show --resolved until-green
	has out '# builtin:until-green: from, until-green.yaml:2'
	has out 'terminal: true  # builtin:until-green:'
	has out '  check: "true"'
	ll 0 show --resolved --builtin until-green
	has out '# builtin:until-green is in one piece'
	lacks out '  # '
	loop lib <<-'EOF'
	fragments: {f: {action: "true", next: b}}
	EOF
	ll 65 show --resolved lib
	ll 66 show --resolved nowhere
}

t_secrets_are_hidden_in_one_piece() {
	loop keys <<-'EOF'
	name: keys
	initial: a
	secrets: [token, pin, n, short]
	context: {token: hunter2x, n: 87654321, short: ab, list: [87654321]}
	parameters: {pin: {type: string, default: "p1n-p1n"}}
	fragments: {f: {parameters: {x: {}}, action: "echo ${param.x}"}}
	states:
	  a: {fragment: f, with: {x: "hunter2x\np1n-p1n\n"}, next: b}
	  b: {terminal: true}
	EOF
	ll 0 show --resolved keys
	for word in hunter p1n 7654321 'short: ab'; do
		lacks out "$word"
	done
	has out 'short: "***"'
	has out 'default: "***"'
	cp out .loops/hidden.yaml
	ll 0 validate ./.loops/hidden.yaml
}

t_more_than_a_file_can_hold_is_printed_and_told() {
	mkdir -p .loops/lib
	for i in 1 2 3; do
		{
			printf 'context:\n'
			seq -f "  k$i-%.0f: 1" 5000
			[ "$i" = 3 ] || echo "from: ./big$((i + 1)).yaml"
		} >".loops/big$i.yaml"
	done
	printf 'name: big\nfrom: ./big1.yaml\ninitial: done\nstates: {done: %s}\n' \
		'{terminal: true}' >.loops/big.yaml
	ll 0 show --resolved big
	has out 'k3-5000: 1'
	has err 'this is no loop file: too large'
}

t_a_diagram_is_not_drawn_and_that_is_said() {
	mend
	ll 0 show mend --show-diagrams
	has err 'draws no diagrams'
}

t_lines_fit_the_screen() {
	mend
	for width in 60 80 160; do
		LC_ALL=C COLUMNS=$width "$LL" show mend >out
		awk -v most="$width" 'length > most { exit 1 }' out ||
			fail "wider than $width"
	done
}

tap_main "$@"
