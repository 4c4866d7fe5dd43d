#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Are verdicts right on a real machine?  `make verdicts`, on an idle one.
#
# 1. A/A: PAIRS pairs of runs of the config `quick`; no point should be marked.
# 2. A/B: a plug-in against itself with five percent more work, LAUNCHES
#    launches of each in turn: -4.76% should be found, and lie inside the
#    interval.
#
# Nothing here is a test: chance and other load have their say.  It prints.
set -eu

builddir=${top_builddir:-.}
srcdir=${srcdir:-.}
pairs=${PAIRS:-10}
launches=${LAUNCHES:-12}
vmstress=$builddir/vmstress
VMSTRESS_CONFIGS=$srcdir/configs
export VMSTRESS_CONFIGS
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# ---- one kernel twice -------------------------------------------------------

# Options to `run`, and a record.
measure() {
	record=$1
	shift
	"$vmstress" run -q "$@" -o "$record" >"$dir/table"
}

# How often each verdict was given: column 9 of the CSV form, without its head.
verdicts() {
	cut -d, -f9 "$1" | sort | uniq -c | awk '{ printf " %s %d", $2, $1 }'
}

if [ "$pairs" -gt 0 ]; then
	echo "A/A: $pairs pairs of runs of quick"
	: >"$dir/all.csv"
	i=0
	while [ "$i" -lt "$pairs" ]; do
		i=$((i + 1))
		measure "$dir/a.jsonl" quick
		measure "$dir/b.jsonl" quick
		"$vmstress" compare --style csv first="$dir/a.jsonl" \
		    second="$dir/b.jsonl" >"$dir/table" || :
		sed 1d "$dir/table" >"$dir/pair.csv"
		cat "$dir/pair.csv" >>"$dir/all.csv"
		echo "  pair $i:$(verdicts "$dir/pair.csv")"
		rm "$dir/a.jsonl" "$dir/b.jsonl"
	done
	echo "  together:$(verdicts "$dir/all.csv")"
fi

# ---- a known difference -----------------------------------------------------

# A plug-in of so many calls, as the file handicap.so of a folder.
build() {
	mkdir "$dir/$1"
	"${CC:-cc}" -shared -fPIC -std=gnu11 -D_GNU_SOURCE -O2 \
	    -DHANDICAP_CALLS="$2" -I "$srcdir/src" \
	    -o "$dir/$1/handicap.so" "$srcdir/tests/bench/handicap.c"
}

launch() {
	measure "$dir/$1-$2.jsonl" handicap --plugin "$dir/$1/handicap.so" \
	    --launches 1 --samples 3 --interval 300ms --warmup 100ms
}

if [ "$launches" -gt 0 ]; then
	echo "A/B: $launches launches each, 40 calls against 42 (-4.76%)"
	build base 40
	build more 42
	bases='' others=''
	i=0
	while [ "$i" -lt "$launches" ]; do
		i=$((i + 1))
		if [ $((i % 2)) -eq 0 ]; then
			launch base "$i"
			launch more "$i"
		else
			launch more "$i"
			launch base "$i"
		fi
		bases="$bases base=$dir/base-$i.jsonl"
		others="$others more=$dir/more-$i.jsonl"
	done
	# shellcheck disable=SC2086
	"$vmstress" compare $bases $others || :
fi
