#!/bin/sh
# Long things: a record of the journal is bounded, what a person gives is not.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

big() { # big BYTES: that many bytes that grow when they are quoted
	head -c "$1" /dev/zero | tr '\0' '"'
}

t_a_long_context_value_arrives_whole() {
	loop long <<-'EOF'
	name: long
	description: Count bytes.
	scope: ["."]
	initial: a
	context: {v: x, w: {deep: [1, two]}}
	states:
	  a:
	    action: 'printf %s "${context.v}" | cksum >got; echo "${context.w.deep.1}"'
	    on_yes: done
	    on_no: failed
	    on_error: failed
	  done: {terminal: true}
	  failed: {terminal: true}
	EOF
	big 130000 | cksum >want
	ll 0 run long --quiet --context "v=$(big 130000)"
	cmp want got
	ll 0 history --json
	has out completed
}

t_too_many_values_leave_nothing() {
	loop many <<-'EOF'
	name: many
	description: Many values.
	scope: ["."]
	initial: a
	states:
	  a: {action: "true", on_yes: done, on_no: done, on_error: done}
	  done: {terminal: true}
	EOF
	set --
	i=0
	while [ "$i" -lt 1500 ]; do
		set -- "$@" --context "k$i=$(printf %060d "$i")"
		i=$((i + 1))
	done
	ll 65 run many "$@"
	has err 'too many values'
	ll 0 history --json
	lacks out run_id
}

t_long_details_do_not_stop_a_run() {
	loop details <<-'EOF'
	name: details
	description: A value of 300 KiB is compared.
	scope: ["."]
	initial: a
	states:
	  a:
	    action: 'printf "{\"v\": \""; head -c 300000 /dev/zero | tr "\0" x; printf "\"}"'
	    evaluate: {type: output_json, path: v, operator: ne, target: y}
	    on_yes: done
	    on_no: failed
	    on_error: failed
	  done: {terminal: true}
	  failed: {terminal: true}
	EOF
	ll 0 run details --quiet
	ll 0 status
	has out completed
}

t_many_left_behind_are_ended() {
	loop left <<-'EOF'
	name: left
	description: Leave 150 processes behind.
	scope: ["."]
	initial: a
	states:
	  a:
	    action: 'for i in $(seq 150); do sleep 61.7 & done; echo started'
	    on_yes: done
	    on_no: failed
	    on_error: failed
	  done: {terminal: true}
	  failed: {terminal: true}
	EOF
	ll 0 run left --quiet
	! pgrep -f 'sleep 61\.7' >/dev/null || fail 'processes are left'
	grep -q '"event":"left_behind"' .loops/runs/*/.ll/journal.jsonl
}

t_names_have_a_bound() {
	name=$(big 300 | tr '"' n)
	loop names <<-EOF
	name: names
	description: A long name.
	scope: ["."]
	initial: $name
	states:
	  $name: {action: "true", next: done}
	  done: {terminal: true}
	EOF
	ll 1 validate names
	has out 'cannot be the name of a state'
}

tap_main "$@"
