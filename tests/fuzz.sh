#!/bin/sh
# The fuzz targets, one after the other, each for so many seconds, from a
# corpus made here of what the tests already have.  One line a target:
# executions, then PASS or FALLS SHORT with the input that did it, which stays
# in BUILD_DIR/fuzz/NAME/found.
# Usage: fuzz.sh BUILD_DIR SECONDS [TARGET...], from the top of the tree.
set -eu
B=$(cd "${1:-build}" && pwd)
seconds=${2:-10}
[ $# -lt 2 ] || shift 2
unset MAKEFLAGS MFLAGS MAKELEVEL || :
bin=build/clang/san/fuzz
corpus=$B/fuzz
mkdir -p "$corpus"

if ! command -v clang >/dev/null; then
	echo 'fuzz: SKIP no clang (sh tests/setup.sh lint installs it)'
	exit 0
fi
if ! echo 'int LLVMFuzzerTestOneInput(const char *, long);
	int LLVMFuzzerTestOneInput(const char *p, long n) { return p && n < 0; }' |
	clang -fsanitize=fuzzer,address -x c -o "$corpus/probe" - 2>/dev/null
then
	echo 'fuzz: SKIP no libFuzzer beside this clang (libclang-rt-14-dev)'
	exit 0
fi
make -s -j"$(nproc)" CC=clang SAN=1 FUZZ=1 fuzzers >/dev/null

cut_lines() { # cut_lines DIR PATTERN FILE...: each line that has it, a file
	dir=$1 pattern=$2
	shift 2
	grep -hF -e "$pattern" "$@" | sort -u |
		awk -v dir="$dir" '{ f = dir "/line" NR; print >f; close(f) }'
}

seed() { # seed DIR: the journals of the test loops, and their records
	tmp=$(mktemp -d)
	mkdir -p "$tmp/.loops"
	for f in tests/loops/*.yaml loops/*.yaml; do
		name=$(basename "$f" .yaml)
		cp "$f" "$tmp/.loops/"
		(cd "$tmp" && timeout 20 "$B/ll-loop" run "$name" --quiet \
			>/dev/null 2>&1 </dev/null) || :
	done
	{ printf '='; cat tests/data/stack.jsonl; } >"$1/stack"
	n=0
	for j in "$tmp"/.loops/runs/*/.ll/journal.jsonl; do
		n=$((n + 1))
		cp "$j" "$1/whole$n"
		{ printf '='; cat "$j"; } >"$1/again$n"
	done
	rm -rf "$tmp"
}

# shellcheck disable=SC2016 # the text of references
seeds() { # seeds TARGET DIR
	case $1 in
	yml) cp loops/*.yaml tests/loops/*.yaml "$2" ;;
	tmpl) cut_lines "$2" '${' loops/*.yaml tests/loops/*.yaml man/ll-loop.5 \
		tests/text/test_tmpl.c ;;
	shell)
		# shellcheck disable=SC2046 # file names of ours
		"$B/shell_texts" "$2" $(find loops tests -name '*.yaml' -o \
			-name '*.case') >/dev/null
		rm -f "$2"/*.ours "$2"/*.from
		for f in "$2"/*.sh; do
			sed 's/QQQ/${prev.output}/g' "$f" >"$f.ref"
		done
		;;
	journal) seed "$2" ;;
	json)
		mkdir -p "$corpus/journal/seed"
		[ -n "$(ls "$corpus/journal/seed")" ] || seed "$corpus/journal/seed"
		cut_lines "$2" '{' "$corpus"/journal/seed/whole*
		for f in "$2"/line*; do
			printf 'states.a[0].k\n' | cat - "$f" >"$f.path"
			rm "$f"
		done
		;;
	esac
}

dictionary() { # the words of the formats
	grep -ohE '^	+(ROW|NUM|WORD|PART)\("[a-z_]+"' src/loop/keys_*.c |
		sed 's/.*("/"/' | sort -u
	# shellcheck disable=SC2016
	printf '"%s"\n' '${context.' '${captured.' '${prev.output}' ':default=' \
		':shell}' ':json}' '$((' '<<EOF' '\x0aEOF\x0a' '[[ ' ' ]]' 'case ' \
		' esac' '$(' 'python3 -c ' 'bash -c ' 'state_enter' 'loop_complete' \
		'action_complete' 'run_start' '_b64' 'loop_start' 'parallel_start' \
		'item_start' 'item_complete' ',\x22depth\x22:1' ',\x22item\x22:0' \
		'\x22parallel\x22' '\x22count\x22:'
}

run() { # run TARGET SECONDS: status of libFuzzer, its words in said
	ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 \
		"$bin/fuzz_$1" -max_total_time="$2" -timeout=1 -rss_limit_mb=1024 \
		-max_len=65536 -len_control=50 -print_final_stats=1 \
		-artifact_prefix="$corpus/$1/found/" -dict="$corpus/words.dict" \
		"$corpus/$1/live" "$corpus/$1/seed" "$corpus/$1/found" \
		>"$corpus/$1/said" 2>&1
}

# A second of a busy machine is not a second of ours: what was too slow once
# must be so again, by the processor's clock.
really_slow() { # really_slow TARGET INPUT
	! prlimit --cpu=1 "$bin/fuzz_$1" -timeout=60 "$2" >/dev/null 2>&1
}

target() { # target NAME
	mkdir -p "$corpus/$1/live" "$corpus/$1/found"
	rm -rf "$corpus/$1/seed"
	mkdir "$corpus/$1/seed"
	seeds "$1" "$corpus/$1/seed"
	begin=$(date +%s) done=0
	while :; do
		left=$((begin + seconds - $(date +%s)))
		[ "$left" -gt 0 ] || left=1
		rc=0
		run "$1" "$left" || rc=$?
		n=$(sed -n 's/^stat::number_of_executed_units: *//p' \
			"$corpus/$1/said")
		done=$((done + ${n:-0}))
		[ "$rc" -ne 0 ] || break
		input=$(sed -n 's/.*Test unit written to //p' "$corpus/$1/said" |
			tail -n 1)
		case ${input##*/} in
		timeout-* | slow-unit-*)
			really_slow "$1" "$input" || { rm "$input" && continue; }
			;;
		esac
		echo "$1: $done executions, FALLS SHORT: ${input:-status $rc}"
		grep -E 'ERROR: |SUMMARY: |does not hold|runtime error' \
			"$corpus/$1/said" | head -n 5 | sed 's/^/  /'
		return 1
	done
	rm -f "$corpus/$1/found"/slow-unit-*
	echo "$1: $done executions in $seconds s, PASS"
}

dictionary >"$corpus/words.dict"
bad=0
if [ $# -eq 0 ]; then
	for f in tests/fuzz/fuzz_*.c; do
		name=${f##*/fuzz_}
		set -- "$@" "${name%.c}"
	done
fi
for name; do
	target "$name" || bad=$((bad + 1))
done
[ "$bad" -eq 0 ]
