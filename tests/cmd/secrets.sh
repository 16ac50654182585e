#!/bin/sh
# `secrets`: children get the values, and nothing that this program writes or
# says holds one, whatever the value is and however it comes back.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# The project must not hold a value, so they lie in ../home, which is $HOME.
value() { # value NAME: stdin becomes the bytes of a secret
	cat >"../home/$1"
}

# Every file of the project and everything that was said, searched for each
# value: as it is, as JSON, in base64 and line by line.
hidden() { # hidden NAME...
	python3 - ../home "$@" <<'PY'
import base64, json, os, sys
bad = 0
for name in sys.argv[2:]:
    v = open(sys.argv[1] + "/" + name, "rb").read()
    text = v.decode("utf-8", "replace")
    forms = {v, v.strip(), json.dumps(text)[1:-1].encode(),
        json.dumps(text, ensure_ascii=False)[1:-1].encode(),
        base64.b64encode(v).rstrip(b"=") if len(v) <= 65536 else v}
    forms |= {x.strip() for x in v.split(b"\n")}
    for top, _, files in os.walk("."):
        for f in files:
            path = os.path.join(top, f)
            if path.endswith("/sum"):
                continue
            data = open(path, "rb").read()
            for form in forms:
                if len(form) >= 4 and form in data:
                    print("%s: in %s: %r" % (name, path, form[:60]))
                    bad = 1
sys.exit(bad)
PY
}

# A child that has it all: says it in every way, and proves that it was right.
teller() { # teller NAME...
	printf 'name: tell\ndescription: d\nscope: ["."]\ninitial: say\n'
	printf 'secrets: [token, API_KEY, unused]\n'
	printf 'context: {token: "", other: "", unused: null}\n'
	cat <<'YAML'
states:
  say:
    action: |
      x="${context.token}"
      printf '%s' "$x" | sha256sum >>"${context.run_dir}sum"
      printf '%s' "$API_KEY" | sha256sum >>"${context.run_dir}sum"
      printf '%s\n' "$x" "<$x$API_KEY>" "$${x@Q}" "x$x" "${env.API_KEY}"
      printf '%q\n' "$x"
      printf '%s' "$x" | base64
      printf '%s' "$x" | base64 -w0
      printf '%s' "u:$x" | python3 -c 'if True:
        import sys, json, base64, urllib.parse
        b = sys.stdin.buffer.read()
        t = b.decode("utf-8", "replace")
        print(json.dumps({"t": t}), json.dumps(t, ensure_ascii=False))
        print(urllib.parse.quote(b), urllib.parse.quote_plus(b))
        print(base64.urlsafe_b64encode(b))'
      printf '%s' "$x" >&2
      set -x
      : "$x"
    capture: said
    append_to_messages: "${captured.said.output} ${context.token} ${env.API_KEY}"
    evaluate: {type: classify, source: "${context.token}"}
    route: {_: more, _error: more}
  more:
    action: |
      for i in {1..50}; do printf '%s %01000d\n' "${context.token}" $i; done
      echo "${captured.said.output}${messages}${prev.output}"
      exit 1
    capture: many
    on_yes: wrong
    on_no: paste
    on_error: wrong
  paste:
    action: "${context.token:code} ${context.other}"
    timeout: 5
    on_yes: done
    on_no: done
    on_error: done
  done: {terminal: true}
  wrong: {terminal: true, failure: true}
YAML
}

# Everything that shows a run, each into a file of the project.
show_all() {
	run=$(basename "$(run_dir tell)")
	ll 0 status
	cp out s1
	ll 0 status --json
	cp out s2
	ll 0 history "$run"
	cp out s3
	ll 0 history --json "$run"
	cp out s4
	ll 0 history tell
	cp out s5
	ll 0 list
	cp out s6
	ll 0 validate tell
	cp out s7
	ll 0 validate --json tell
	cp out s8
}

tell() { # tell: run with the values `token` and `key`, in all ways
	token=$(cat "../home/token" && printf .)
	token=${token%.}
	API_KEY=$(cat "../home/key" && printf .)
	API_KEY=${API_KEY%.}
	export API_KEY
	teller | loop tell
	ll 0 run tell -v --context "token=$token" --context "other=a $token b"
	cp out o1
	cp err e1
	{
		sha256sum <"../home/token"
		sha256sum <"../home/key"
	} >"../home/want"
	cmp "../home/want" "$(run_dir tell)sum" || fail "the child got another"
	show_all
	has s4 '***'
	has s2 '***'
	hidden token key
	rm -rf .loops/runs
	ll 0 run tell --json --context "token=$token" --context "other=$token"
	cp out o2
	cp err e2
	ll 0 run tell --dry-run --context "token=$token" --context "other=$token"
	cp out o3
	ll 0 run tell --dry-run --json --context "other=$token" \
		--context "token=$token"
	cp out o4
	python3 -c 'import json; json.load(open("o4"))'
	hidden token key
}

t_a_plain_value() {
	printf 'hunter2-is-old' | value token
	printf 'sk-live-0123456789abcdef' | value key
	tell
}

t_quotes_and_dollars() {
	# shellcheck disable=SC2016
	printf 'a'\''b"c\\d$(e)`f`{g}${h}"'\'' *' | value token
	printf "'\"'\"'\\\\''x'" | value key
	tell
}

t_newlines_and_tabs() {
	printf -- '-----BEGIN KEY-----\nabc\tdef ghi\n\n  jklm "n"\nx\n-----END\n' |
		value token
	printf '\n\nsecond\r\nthird line\n' | value key
	tell
}

t_unicode() {
	printf 'Gr\303\274\303\237e \360\237\224\221 \342\202\254 key' | value token
	printf '\343\203\221\343\202\271\343\203\257\343\203\274\343\203\211' |
		value key
	tell
}

t_invalid_utf8_and_control_characters() {
	printf 'k\377\376e\303\200\001\033[31my\177' | value token
	printf '\200\200\200\200\377' | value key
	tell
}

t_one_begins_like_the_other() {
	printf 'abcdabce' | value token
	printf 'abcdabceabcdabcf' | value key
	tell
}

t_one_overlaps_itself_and_the_other() {
	printf 'aXaXaXaX' | value token
	printf 'XaXaXY' | value key
	tell
}

t_the_words_of_json() {
	printf '"}]},"x":"' | value token
	printf '{"a":"b"}' | value key
	tell
}

t_a_long_value_is_on_no_disk() {
	head -c 90000 /dev/urandom | base64 -w 100 | value token
	printf 'some key' | value key
	tell
	[ "$(wc -c <"../home/token")" -gt 120000 ] || fail "that is not long"
}

t_a_killed_run_leaves_no_file_of_it() {
	head -c 80000 /dev/urandom | base64 -w 0 | value token
	loop kept <<'YAML'
name: kept
initial: a
secrets: [token]
states:
  a: {action: 'x="${context.token}"; touch ready; sleep 20', next: done}
  done: {terminal: true}
YAML
	"$LL" run kept --context "token=$(cat "../home/token")" >o 2>&1 &
	pid=$!
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -e ready ] && break
		sleep 0.2
	done
	[ -e ready ] || fail "round $i: it never began"
	kill_both "$pid"
	wait "$pid" || :
	hidden token
}

t_a_process_left_behind() {
	printf 'left-behind-secret' | value token
	loop left <<'YAML'
name: left
initial: a
secrets: [token]
states:
  a:
    action: |
      python3 -c 'import time; time.sleep(20)' "${context.token}" >/dev/null 2>&1 &
    next: b
  b: {action: "sleep 0.3", next: done}
  done: {terminal: true}
YAML
	ll 0 run left --context token=left-behind-secret
	cp out o1
	has "$(run_dir left).ll/journal.jsonl" left_behind
	has "$(run_dir left).ll/journal.jsonl" '***'
	hidden token
}

t_what_must_be_given_again_is_marked() {
	loop mark <<'YAML'
name: mark
initial: a
secrets: [token, MARK_KEY]
context: {token: "", url: "", n: 3}
states:
  a: {action: "echo ${context.n}", next: done}
  done: {terminal: true}
YAML
	MARK_KEY=of-the-environment ll 0 run mark --context token=1234567 \
		--context url=http://of-the-environment@h/
	r=$(run_dir mark).ll
	has "$r/journal.jsonl" '"secrets":["token","MARK_KEY"]'
	has "$r/journal.jsonl" '"withheld":["token","url"]'
	has "$r/run.json" '"withheld":["token","url"]'
	has "$r/run.json" '"url":"http://***@h/"'
	has "$r/run.json" '"token=***"'
	has "$r/run.json" '"origins":{"token":"operator"'
}

t_no_secrets_no_marks() {
	loop plain <<'YAML'
name: plain
initial: a
states:
  a: {action: "echo hi", next: done}
  done: {terminal: true}
YAML
	ll 0 run plain
	lacks "$(run_dir plain).ll/journal.jsonl" withheld
	lacks "$(run_dir plain).ll/run.json" withheld
}

refused() { # refused TEXT ARGUMENT...: nothing runs, and this is why
	text=$1
	shift
	ll 65 run refuse "$@"
	has err "$text"
	[ -z "$(find .loops/runs -mindepth 1 -name 'refuse-*' 2>/dev/null)" ] ||
		fail "a run was made"
}

t_what_cannot_be_hidden_is_refused() {
	loop refuse <<'YAML'
name: refuse
initial: first
secrets: [token, flag]
context: {token: "", flag: ""}
states:
  first: {action: "touch ran", capture: caught, on_yes: finish, on_no: finish}
  finish: {terminal: true}
YAML
	refused "secret 'token': a value of 3 bytes" --context token=abc
	refused "needs a line of at least 4" --context "token= a
b   
"
	refused 'the name of a state' --context token=irst
	refused 'the name of a capture' --context token=caught
	refused 'path of the' --context "token=$(basename "$(dirname "$PWD")")/p"
	lacks err "$(basename "$(dirname "$PWD")")/p"
	sed 's/flag: ""/flag: true/' .loops/refuse.yaml >x
	mv x .loops/refuse.yaml
	refused 'true or false'
	[ ! -e ran ] || fail "it ran"
}

t_findings_hide_it_too() {
	loop shown <<'YAML'
name: shown
initial: a
secrets: [token, typo]
context: {token: "hunter2!"}
states:
  a: {action: "echo hunter2!", next: done, nxt: "hunter2!"}
  done: {terminal: true}
YAML
	ll 1 validate shown
	has out W521
	has out W522
	lacks out 'hunter2!'
	ll 1 validate --json shown
	lacks out 'hunter2!'
	ll 65 run shown
	lacks err 'hunter2!'
	lacks out 'hunter2!'
	sed '/nxt/s/, nxt.*}/}/' .loops/shown.yaml >x
	mv x .loops/shown.yaml
	ll 0 run shown
	has err 'is written in the loop file'
	has err "secret 'typo' has no value here"
	lacks out 'hunter2!'
	ll 0 run shown --quiet
	same '' "$(cat err)"
}

t_errors_hide_it_too() {
	loop fails <<'YAML'
name: fails
initial: a
secrets: [token]
states:
  a: {action: 'cd "${context.token}"; exit 9', next: b}
  b: {action: 'ls "/${context.token}"', on_yes: done}
  done: {terminal: true}
YAML
	ll 1 run fails --context token=no-such-place
	cp out o1
	cp err e1
	printf 'no-such-place' | value token
	hidden token
	has o1 '***'
}

t_numbers_hide_at_every_depth() {
	loop numbers <<-'EOF'
	name: numbers
	scope: ["."]
	initial: s
	secrets: [pin, pins]
	context: {pin: null, pins: null}
	states:
	  s: {action: 'test "${context.pin}${context.pins}"', next: done}
	  done: {terminal: true}
	EOF
	ll 0 run numbers --json \
		'{"pin": 13571357, "pins": {"a": [24682468], "b": 3.69369121}}'
	lacks out 13571357
	# Whole numbers: four digits of them may stand in any sum or time.
	if grep -rlE '13571357|24682468|3[.]69369121' .loops/runs; then
		fail 'a number was kept'
	fi
	ll 0 run numbers --dry-run --json '{"pin": 13571357, "pins": [24682468]}'
	cat err >>out
	lacks out 13571357
	lacks out 24682468
}

t_a_value_in_the_file_of_a_parent_is_told_too() {
	loop child <<-'EOF'
	name: child
	from: parent
	EOF
	loop parent <<-'EOF'
	name: parent
	scope: ["."]
	initial: s
	secrets: [token]
	context: {token: WRITTEN-SECRET}
	states:
	  s: {action: 'test "${context.token}"', next: done}
	  done: {terminal: true}
	EOF
	ll 0 run child
	has err 'keeps a copy'
	echo 'import: [WRITTEN-SECRET.yaml]' >>.loops/child.yaml
	echo 'fragments: {f: {action: "true"}}' >.loops/WRITTEN-SECRET.yaml
	ll 65 run child
	has err 'child.yaml:3:10: the value of a secret is part of the name of a'
	lacks err WRITTEN
}

t_a_value_that_does_not_fit_is_not_told() {
	loop fit <<'LOOP'
name: fit
scope: ["."]
initial: s
secrets: [token]
parameters: {token: {type: integer, required: true}}
states:
  s: {action: 'test "${context.token}"', next: done}
  done: {terminal: true}
LOOP
	printf 'FILE-SECRET-1' >../home/one
	mkdir .ll
	printf '## Benchmark\ntoken: PROG-SECRET-2\n' >../home/prog.md
	ll 65 run fit '{"token": "JSON-SECRET-3"}'
	has err "positional input gives '***'"
	ll 65 run fit --program-md ../home/prog.md
	has err "program.md gives '***'"
	ll 65 run fit --context token=@../home/one '{"token": "JSON-SECRET-3"}'
	has err "context gives '***'"
	ll 65 run fit --dry-run '{"token": ["JSON-SECRET-3"]}'
	lacks err SECRET
}

tap_main "$@"
