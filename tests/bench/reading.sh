#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What it costs to read records: `make bench`.
#
# Two records of SAMPLES samples each (20 cells, 25
# launches) are compared, and their lines counted by wc.  Printed are the
# processor seconds for 10^6 samples and the ratio of the two, which says more
# than seconds do on a noisy machine: medians of PAIRS pairs with the least and
# the greatest.  Nothing here is a test.
set -eu

builddir=${top_builddir:-.}
pairs=${PAIRS:-9}
samples=${SAMPLES:-500000}
repeats=5
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
trap 'exit 1' HUP INT TERM

# record SEED: lines as the journal writes them.
record() {
	awk -v seed="$1" -v samples=$((samples / 500)) 'BEGIN {
		srand(seed)
		print "{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}"
		for (c = 0; c < 20; c++)
			printf "{\"type\":\"cell\",\"cell\":%d,\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\",\"params\":{\"size\":\"%dM\"},\"workers\":2,\"mode\":\"process\",\"pin\":\"none\",\"launches\":25,\"samples\":%d}\n", c, c + 1, samples
		for (l = 0; l < 25; l++)
			for (c = 0; c < 20; c++) {
				of = sprintf("\"cell\":%d,\"launch\":%d", c, l)
				print "{\"type\":\"launch\"," of "}"
				for (s = 0; s < samples; s++)
					printf "{\"type\":\"sample\",%s,\"index\":%d,\"elapsed_ns\":%d,\"ops\":[%d,%d]}\n", of, s, 1000000000 + 99999 * rand(), 900000 + 99999 * rand(), 900000 + 99999 * rand()
				print "{\"type\":\"end\"," of ",\"status\":\"ok\"}"
			}
	}' >"$folder/$1"
}

# seconds COMMAND...: of the processor, of all its runs.
seconds() {
	(
		k=0
		while [ $k -lt $repeats ]; do
			"$@" >/dev/null
			k=$((k + 1))
		done
		times
	) | awk -F '[ms ]+' -v n=$repeats '
	NR == 2 { printf "%.6f\n", ($1 * 60 + $2 + $3 * 60 + $4) / n }'
}

median() {
	sort -n | awk -v format="$1" '
	{ v[NR] = $1 }
	END {
		m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
		printf format "  [" format ", " format "]\n", m, v[1], v[NR]
	}'
}

record 1
record 2
k=0
while [ $k -lt "$pairs" ]; do
	read=$(seconds "$builddir/vmstress" compare a="$folder/1" b="$folder/2")
	count=$(seconds wc -l "$folder/1" "$folder/2")
	echo "$read $count"
	k=$((k + 1))
done >"$folder/pairs"

echo "compare of two records with $samples samples each (median of $pairs," \
    "[least, greatest])"
printf '  processor seconds for 10^6 samples   '
awk -v m="$samples" '{ print $1 / (2 * m / 1e6) }' "$folder/pairs" |
    median %.3f
printf '  times of wc -l on the same bytes     '
awk '{ print ($2 > 0 ? $1 / $2 : 0) }' "$folder/pairs" | median %.1f
