#!/bin/sh
# Print C source that holds the named loop files: name, bytes, length.
set -eu
echo '#include "loop/builtin.h"'
i=0
for f; do
	echo "static const unsigned char loop${i}[] = {"
	od -An -v -tx1 "$f" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	echo '0};'
	i=$((i + 1))
done
echo 'const struct builtin builtins[] = {'
i=0
for f; do
	n=$(basename "$f" .yaml)
	echo "	{ \"$n\", (const char *)loop$i, sizeof(loop$i) - 1 },"
	i=$((i + 1))
done
echo '	{ 0, 0, 0 },'
echo '};'
