#!/bin/sh
# The figures that are promised, each beside its target, in one run.  Medians
# of interleaved rounds; quote the ratios, never a single absolute time.  Ends
# with 0 whatever it finds: it informs.  Usage: bench.sh BUILD_DIR
set -eu
unset MAKEFLAGS MFLAGS MAKELEVEL || :
B=$(cd "${1:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
steps=${BENCH_STEPS:-1000}
good=0 short=0 unknown=0
# Not below /tmp, which is often memory: durable has to mean a disk.
dir=$(mktemp -d "$B/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM HUP

# As an installation leaves it: a linker writes a file in pieces, and from the
# pieces it is mapped more slowly than from a copy.
LL=$dir/ll-loop
install -m 755 "$B/ll-loop" "$LL"
for p in empty floor handover times; do
	${CC:-cc} -O2 -D_GNU_SOURCE -o "$dir/$p" "$here/bench/$p.c"
done

line() { # line TITLE FIGURE UNIT TARGET ("-": only beside the others)
	if [ "$4" = - ]; then
		printf '%-52s %8.2f %-2s\n' "$1" "$2" "$3"
		return 0
	fi
	word=$(awk -v f="$2" -v t="$4" \
		'BEGIN { print f <= t ? "PASS" : "FALLS SHORT" }')
	printf '%-52s %8.2f %-2s target %5.2f  %s\n' "$1" "$2" "$3" "$4" "$word"
	if [ "$word" = PASS ]; then
		good=$((good + 1))
	else
		short=$((short + 1))
	fi
}

measure() { # medians into $1 ... in order: the words of times as arguments
	"$dir/times" "$@" >"$dir/ms" 2>"$dir/why" && return 0
	cat "$dir/why"
	unknown=$((unknown + 1))
	return 1
}

ms() { # ms N: the Nth median
	sed -n "$1p" "$dir/ms"
}

over() { # over N M: the ratio of two medians
	awk -v a="$(ms "$1")" -v b="$(ms "$2")" 'BEGIN { print a / b }'
}

# A loop of the size and kind people write: three hundred lines.
big_loop() {
	cat <<'HEAD'
name: big
description: Three hundred lines of the usual kind.
category: bench
scope: ["."]
initial: s1
max_steps: 200
timeout: 7200
context:
  word: hello
  limit: 7
  target_dir: src
states:
HEAD
	i=1
	while [ "$i" -le 17 ]; do
		cat <<STATE
  s$i:
    action_type: shell
    timeout: 60
    action: |
      set -e
      out="\${context.run_dir}part-$i.txt"
      printf '%s %s\\n' "\${context.word}" "\${state.name}" >"\$out"
      wc -c <"\$out"
    capture: c$i
    evaluate:
      type: output_numeric
      operator: le
      target: "\${context.limit}"
STATE
		echo "    on_yes: s$((i + 1))"
		echo "    on_no: failed"
		echo "    on_error: failed"
		i=$((i + 1))
	done
	cat <<'TAIL'
  s18:
    action: echo "${captured.c1.output}"
    next: done
  done:
    terminal: true
  failed:
    terminal: true
    failure: true
TAIL
}

step_loop() { # step_loop NAME ACTION
	cat >"$dir/.loops/$1.yaml" <<LOOP
name: $1
description: The same command, over and over.
scope: ["."]
initial: a
max_steps: $steps
max_edge_revisits: 1000000
states:
  a:
    action: $2
    next: a
  b:
    terminal: true
LOOP
}

mkdir "$dir/.loops"
cd "$dir"
big_loop >.loops/big.yaml
cat >.loops/one.yaml <<'LOOP'
name: one
description: One state.
scope: ["."]
initial: a
states:
  a:
    action: "true"
    next: done
  done:
    terminal: true
LOOP
step_loop direct /bin/true
step_loop shell "'true'"
awk -v n="$steps" 'BEGIN {
	printf "all:"; for (i = 1; i <= n; i++) printf " t%d", i
	print ""; for (i = 1; i <= n; i++) printf "t%d:\n\t@/bin/true\n", i
}' >direct.mk

if measure 101 ./empty :: "$LL" --version; then
	line 'start-up: --version over an empty program' "$(over 2 1)" x 1.15
fi
if measure 51 "$LL" validate big; then
	line "validate of a loop of $(wc -l <.loops/big.yaml) lines" \
		"$(ms 1)" ms 3
fi
if measure 51 "$LL" run one --quiet; then
	line 'run of one state, cold, durable' "$(ms 1)" ms 4
fi
if measure 15 ./floor "$steps" /bin/true :: \
	1:/usr/bin/env LL_DURABILITY=process "$LL" run direct --quiet :: \
	1:"$LL" run direct --quiet :: make -rs -f direct.mk; then
	line "floor: $steps times /bin/true" "$(ms 1)" ms -
	line "$steps steps over the floor, durability: process" \
		"$(over 2 1)" x 1.15
	line "$steps steps over the floor, durable" "$(over 3 1)" x 1.4
	line "GNU make, $steps commands, over it (not durable)" \
		"$(over 4 1)" x -
fi
if measure 9 ./floor "$steps" bash -c true :: \
	1:/usr/bin/env LL_DURABILITY=process "$LL" run shell --quiet :: \
	1:"$LL" run shell --quiet; then
	line "floor: $steps times bash -c true" "$(ms 1)" ms -
	line "$steps shell steps over the floor, durability: process" \
		"$(over 2 1)" x 1.15
	line "$steps shell steps over the floor, durable" "$(over 3 1)" x 1.4
fi
# Where runs have piled up, and a catalogue of loops.
mkdir -p many/.loops
i=0
while [ "$i" -lt 114 ]; do
	sed "s/^name: big/name: big$i/" .loops/big.yaml >"many/.loops/big$i.yaml"
	i=$((i + 1))
done
cp .loops/one.yaml many/.loops/
(
	cd many
	i=0
	while [ "$i" -lt 1000 ]; do
		LL_DURABILITY=process "$LL" run one --quiet
		i=$((i + 1))
	done
)
cd many
if measure 11 "$LL" list :: "$LL" history :: "$LL" status one; then
	line 'list of 115 loops of 300 lines, no cache' "$(ms 1)" ms 15
	line 'history of 1,000 runs' "$(ms 2)" ms 50
	line 'status of the newest of 1,000 runs' "$(ms 3)" ms 50
fi
cd ..
# Proportional, of both processes, once all is on the disk and the action sleeps.
cat >.loops/idle.yaml <<'LOOP'
name: idle
description: An action that only waits.
scope: ["."]
initial: a
states:
  a:
    action: "touch ready; until [ -e over ]; do sleep 0.1; done"
    next: done
  done:
    terminal: true
LOOP
"$LL" run idle --quiet &
guard=$!
while [ ! -e ready ]; do sleep 0.1; done
sleep 1
if kb=$(cat "/proc/$guard/smaps_rollup" \
	"/proc/$(pgrep -o -P "$guard")/smaps_rollup" 2>/dev/null |
	awk '/^Pss:/ { kb += $2 } END { print kb / 1024 }'); then
	line 'memory of guard and engine while an action runs' "$kb" MB 4
else
	unknown=$((unknown + 1))
fi
: >over
wait "$guard" || :
# The scope goes from one run to the next, 200 times.
cat >.loops/hold.yaml <<'LOOP'
name: hold
description: Has the scope until it is told.
scope: ["."]
initial: a
states:
  a:
    action: "echo >on; read x <go"
    next: done
  done:
    terminal: true
LOOP
cat >.loops/next.yaml <<'LOOP'
name: next
description: Waits for it.
scope: ["."]
initial: a
states:
  a:
    action: cat "$LL_ROOT"/.loops/.queue/0*."$LL_RUN_ID" >ticket
    next: done
  done:
    terminal: true
LOOP
mkfifo on go
rm -rf .loops/runs
for how in ended killed bare; do
	if [ "$how" = bare ]; then
		./handover 200 bare >ms 2>why || { cat why; continue; }
		line 'a bare lock, holder killed: p50' "$(ms 1)" ms -
		line 'a bare lock, holder killed: p99' "$(ms 2)" ms -
	elif ./handover 200 "$how" "$LL" >ms 2>why; then
		line "hand-over of a scope, holder $how: p50" "$(ms 1)" ms -
		line "hand-over of a scope, holder $how: p99" "$(ms 2)" ms 5
	else
		cat why
		unknown=$((unknown + 1))
	fi
done

# Worktrees: a repository of 2,000 files.
tree_loop() { # tree_loop NAME ACTION SNAPSHOTS STEPS
	cat >"tree/.loops/$1.yaml" <<LOOP
name: $1
description: Works in a tree of its own.
scope: ["."]
snapshots: $3
initial: a
max_steps: $4
max_edge_revisits: 1000
states:
  a:
    action: $2
    next: a
  b:
    terminal: true
LOOP
}

if command -v git >/dev/null; then
	mkdir -p tree/.loops
	(
		cd tree
		git init -q .
		i=0
		while [ "$i" -lt 2000 ]; do
			mkdir -p "d$((i / 50))"
			echo "file $i" >"d$((i / 50))/f$i"
			i=$((i + 1))
		done
		echo .worktrees >.gitignore
		git add -A
		git -c user.name=b -c user.email=b@b commit -qm one
	)
	tree_loop once "'true'" true 1
	tree_loop kept "'echo \$LL_STEP >d1/f51'" true 20
	tree_loop plain "'echo \$LL_STEP >d1/f51'" false 20
	cd tree
	if ("$dir/times" 11 1:"$LL" run once --quiet :: \
		1:"$LL" run once --worktree --quiet :: \
		sh -c 'git worktree add -q --detach .worktrees/g &&
			git worktree remove .worktrees/g' :: \
		1:"$LL" run plain --worktree --quiet :: \
		1:"$LL" run kept --worktree --quiet) >"$dir/ms" 2>"$dir/why"; then
		cd ..
		line 'git worktree add and remove, 2,000 files' "$(ms 3)" ms -
		line 'a worktree of a run, made and taken away' \
			"$(awk -v a="$(ms 2)" -v b="$(ms 1)" 'BEGIN { print a - b }')" \
			ms -
		line 'a snapshot of one changed file' \
			"$(awk -v a="$(ms 5)" -v b="$(ms 4)" \
				'BEGIN { print (a - b) / 20 }')" ms -
	else
		cd ..
		cat "$dir/why"
		unknown=$((unknown + 1))
	fi
fi
echo "bench: $good met, $short fall short, $unknown not measured"
