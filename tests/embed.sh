#!/bin/sh
# Print C source that holds the named files as a table SYMBOL, which HEADER
# declares: name, bytes, length.  Usage: embed.sh HEADER SYMBOL FILE...
set -eu
header=$1 symbol=$2
shift 2
echo "#include \"$header\""
i=0
for f; do
	echo "static const unsigned char file${i}[] = {"
	od -An -v -tx1 "$f" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	echo '0};'
	i=$((i + 1))
done
echo "const struct builtin ${symbol}[] = {"
i=0
for f; do
	n=$(basename "$f" .yaml)
	echo "	{ \"$n\", (const char *)file$i, sizeof(file$i) - 1 },"
	i=$((i + 1))
done
echo '	{ 0, 0, 0 },'
echo '};'
