#!/bin/sh
# The model of the queue, checked by spin in every state that it can reach:
# first that two are never inside, whoever is killed; then, that nothing gets
# stuck and nobody starves, with nobody killed and with those that run.
# Usage: model.sh BUILD_DIR
set -eu
B=$(cd "${1:-build}" && pwd)
model=$(cd "$(dirname "$0")" && pwd)/model/queue.pml
command -v spin >/dev/null || {
	echo 'model: skipped, no spin (sh tests/setup.sh test installs it)'
	exit 0
}
dir=$(mktemp -d "$B/model.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM HUP
cd "$dir"

check() { # check TITLE "SPIN FLAGS" "CC FLAGS" "PAN FLAGS"
	# shellcheck disable=SC2086 # flags are words
	spin -a $2 "$model" >said
	# shellcheck disable=SC2086
	${CC:-cc} -O2 -w -DVECTORSZ=2048 $3 -o pan pan.c
	# shellcheck disable=SC2086
	timeout 300 ./pan -m1000000 $4 >said 2>&1 || :
	states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' said)
	if ! grep -q 'errors: 0' said || grep -q 'max search depth' said; then
		cat said
		# shellcheck disable=SC2086
		spin -t -p $2 "$model" 2>/dev/null | tail -n 60
		echo "model: not ok - $1"
		exit 1
	fi
	echo "model: ok - $1 ($states states)"
}

check 'never two inside, whoever is killed' '' -DSAFETY ''
nobody='-DWAITERS_DIE=false -DHOLDERS_DIE=false'
check 'nothing gets stuck' "$nobody" -DSAFETY ''
for k in 0 1 2; do
	check "run $k does not starve" "$nobody -DRUN=$k" -DNFAIR=3 '-a -f'
	check "run $k does not starve when others are killed" \
		"-DWAITERS_DIE=false -DRUN=$k" -DNFAIR=3 '-a -f'
done
