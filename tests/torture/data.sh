#!/bin/sh
# Values, scripts and loop files that want to be something else: T41 to T45.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

t_t41_hostile_strings() {
	command -v python3 >/dev/null || skip 'no python3 to make them with'
	loop x <<-'E'
	name: x
	initial: a
	states:
	  a:
	    action: |
	      printf %s "${context.v}" >got_dq
	      printf %s '${context.v}' >got_sq
	      V="${context.v}" bash -c 'printf %s "$V"' >got_env
	      cat >got_doc <<EOF
	      ${context.v}
	      EOF
	      # ${context.v}
	      printf %s "${context.input}" >got_input
	      printf '%s\n' ${context.v} >got_words
	      printf %s "${context.input}"
	    capture: c
	    on_yes: b
	    on_no: failed
	    on_error: failed
	  b:
	    action: 'printf %s "${captured.c.output}" >got_capture'
	    on_yes: end
	    on_no: failed
	    on_error: failed
	  end: {terminal: true}
	  failed: {terminal: true}
	E
	python3 "$TAP_ROOT/tests/torture/hostile.py" "$LL"
}

block() { # stdin as the text of a block, 6 blanks in
	sed 's/\${/$${/g; s/^/      /; s/^ *$//'
}

t_t42_the_script_reaches_the_shell_as_it_is() {
	# shellcheck disable=SC2016
	cat >script <<-'E'
	# a comment: ${x:-y} $$ `date` 'one "two
	tr '\0' '\n' </proc/$$/cmdline >words; head -n 2 words >start
	a=(1 "2 3" [7]=x); echo "${a[@]}" "${#a[@]}" "${!a[@]}" ${a[*]:1}
	x=; echo "${x:-y}" "${x:=z}" ${x/z/q} "${x^^}" $$ $? $! "$@" "$*" "$#"
	echo '{{ item }}' "{{x}}" {a,b}{1..3} '$${no}' "\${no}" \
	  going on	with	tabs
	cat <<EOF
	{{ ${x:-y} }} $(echo "in ${x:+a b}") \$x 
	  indented ${x}
	EOF
	cat <<'RAW'
	${x:-y} $(date) "'"'
	RAW
	case $x in (a|b) : ;; *) : ;; esac
	[[ $x =~ ^[a-z]+$ ]] && ((y = 1 << 2, y++)) ; echo $((16#ff)) $[1+1]

	f() { local IFS=$'\n\t'; echo "$1"; }; f "ü 😀" <(true) >/dev/null
	: "${x%%.*}" "${x##*/}" "${x//[^a]/}" "${@:2}" "${x@Q}"
	E
	{
		printf 'name: x\ninitial: a\nstates:\n  a:\n    action: |\n'
		block <script
		printf '    next: end\n  end: {terminal: true}\n'
	} | loop x
	ll 0 run x --quiet
	same 'bash -c' "$(tr '\n' ' ' <start | sed 's/ $//; s|^/[^ ]*/||')"
	tail -n +3 words | head -n "$(wc -l <script)" | sha256sum >got
	sha256sum <script >wanted
	cmp wanted got || {
		tail -n +3 words | diff script - >&2
		fail 'the script is another one'
	}
	# shellcheck disable=SC2016 # a reference
	# Beside a reference the rest stays as it is, too.
	sed -i 's|^    next: end|      : "${context.run_dir}"\n&|' .loops/x.yaml
	ll 0 run x --quiet
	sed -n '/a comment/,/x@Q/p' words | sed '1s/^export -n LL_V0; //' >got
	cmp script got || {
		diff script got >&2
		fail 'beside a reference the script is another one'
	}
}

field() { # field YAML_OF_STATE_A [LINE_OF_LOOP]
	{
		printf 'name: x\ninitial: a\n%s\nstates:\n' "${2-# nothing}"
		printf '  a: {%s}\n' "$1"
		printf '  b: {action: "echo 1", capture: c, next: end}\n'
		printf '  end: {terminal: true}\n'
	} | loop x
}

refused() { # refused LINE:COL ID: at load, and nothing runs
	ll 1 validate x
	grep -qE "^\.loops/x\.yaml:$1: error $2: " out ||
		fail "not at $1 with $2: $(grep error out)"
	ll 65 run x
	[ ! -e ran ] || fail 'it ran'
	[ ! -e .loops/runs ] || fail 'there is a run'
}

# shellcheck disable=SC2016 # references
t_t43_references_that_lead_nowhere() {
	field 'action: "touch ran; echo ${nowhere.x}", next: b'
	refused '5:32' E402
	field 'action: "touch ran; echo ${context.x", next: b'
	refused '5:32' E401
	field 'action: "touch ran; echo ${state.nothing}", next: b'
	refused '5:32' E403
	field 'action: "touch ran; echo ${x:-y}", next: b'
	refused '5:32' E405
	field 'action: "touch ran", next: nowhere'
	refused '5:34' E201
	# A key that the context lacks, and a capture that nothing makes.
	field 'action: "touch ran; echo ${context.nope}", next: b'
	ll 65 run x
	grep -q '^\.loops/x\.yaml:5:32: error E429' err || fail "$(cat err)"
	field 'action: "touch ran; echo ${captured.nope.output}", next: b'
	refused '5:32' 'E4[0-9]*'
}

# shellcheck disable=SC2016
t_t43_a_capture_that_not_every_way_makes() {
	loop x <<-'E'
	name: x
	initial: a
	states:
	  a: {action: "touch ran; true", on_yes: c, on_no: b, on_error: b}
	  b: {action: "echo 1", capture: v, next: c}
	  c: {action: 'echo "${captured.v.output}"', next: end}
	  end: {terminal: true}
	E
	got=0
	"$LL" validate x >out 2>err || got=$?
	grep -qE '^\.loops/x\.yaml:6:[0-9]+: (error|warning) [EW]4' out ||
		fail "nothing is said: $(cat out)"
	[ "$got" -ne 0 ] || {
		# Then it must be an error at run time, not an empty text.
		ll 1 run x
		lacks out 'echo ""'
	}
}

t_t43_a_number_that_is_none() {
	field "action: \"echo '12 files'\", evaluate: {type: output_numeric, operator: eq, target: 12}, route: {yes: end, no: end, _error: b}"
	ll 0 run x
	same error "$(journal x evaluate verdict)"
	same 'a b end' "$(path_of x)"
}

t_t44_files_that_are_no_loops() {
	# The rows are those of tests/cmd/yaml.sh, each bounded there.
	sh "$TAP_ROOT/tests/cmd/yaml.sh" >rows 2>&1 || {
		grep -A 5 '^not ok' rows
		fail 'tests/cmd/yaml.sh fails'
	}
	[ "$(grep -c '^ok' rows)" -ge 15 ] || fail "only: $(cat rows)"
}

t_t45_every_key_with_a_letter_changed() {
	[ -x "${TYPOS-}" ] || skip 'no list of keys (make torture builds it)'
	mkdir files
	"$TYPOS" files >list
	[ "$(wc -l <list)" -gt 1000 ] || fail "only $(wc -l <list) files"
	cut -f 1 list | xargs -n 500 "$LL" validate --json >out 2>err || :
	command -v jq >/dev/null || skip 'no jq'
	jq -r 'if type == "array" then .[] else . end
		| .loop as $l | [.violations[] | select(.severity == "error")]
		| if length == 0 then "\($l)\tfine\t" else
			.[] | "\($l)\t\(.code // .id)\t\(.message)" end' out >said
	awk -F '\t' '
		FNR == NR { if (want[$1] == "") want[$1] = $2 "\t" $3 "\t" $4
			order[++n] = $1; next }
		{ got[$1] = got[$1] "\n" $2 "\t" $3 }
		END {
			for (i = 1; i <= n; i++) {
				f = order[i]; split(want[f], w, "\t")
				if (w[1] == "fine") ok = got[f] !~ /E10[0-9]/
				else ok = index(got[f], "\n" w[1] "\t") &&
					index(got[f], w[2])
				if (!ok) {
					print f ": wanted " w[1] " " w[2] ", got" got[f]
					bad++
				}
			}
			print n " files, " bad + 0 " faults"
			exit bad > 0
		}' list said >differ || {
		head -n 30 differ
		fail "$(tail -n 1 differ)"
	}
}

tap_main "$@"
