#!/bin/sh
# The demo's fix command: reads what the check said, applies the next prepared
# patch.  The second one does not help; the loop must come back for more.
set -eu
: "${LL_CHECK_LOG:?}" "${LL_CHECK_STATUS:?}"

printf 'status %s, red:' "$LL_CHECK_STATUS"
sed -n 's/^not ok \([0-9]*\) .*/ \1/p' "$LL_CHECK_LOG" | tr -d '\n'
echo

for p in patches/*.patch; do
	name=$(basename "$p" .patch)
	if grep -qx "$name" applied 2>/dev/null; then
		continue
	fi
	patch -s -p1 <"$p"
	echo "$name" >>applied
	echo "applied $name"
	exit 0
done
echo 'no patch left'
exit 1
