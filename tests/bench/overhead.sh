#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the harness costs: `make bench`.
#
# 1. `null`: nanoseconds of the harness for an operation that does nothing.
# 2. Four workloads against bare loops bound to the same CPUs: the two run in
#    turn, PAIRS times, each a fresh process; the ratio of every pair is taken
#    and the median of the ratios printed.  1.00 is no cost at all.
#
# Ratios of runs next to each other hold on noisy machines; single figures do
# not.  Nothing here is a test: it prints, you judge.
set -eu

builddir=${top_builddir:-.}
pairs=${PAIRS:-9}
seconds=${SECONDS_EACH:-0.5}
cell=$builddir/vmstress-cell
bare=$builddir/tests/bench/bare

# One launch of vmstress-cell by hand: workload, mode, CPUs, more fields of the
# launch line, more lines of the plan.
cell_rate() {
	cpus=$(echo "$3" | tr ' ' ,)
	workers=$(echo "$3" | wc -w)
	interval=$(awk "BEGIN { printf \"%d\", $seconds * 1e9 }")
	{
		echo "vmstress-plan version=1"
		echo "launch cell=0 launch=0 workload=$1/1 mode=$2" \
		    "workers=$workers pin=list samples=1" \
		    "interval_ns=$interval warmup_ns=200000000" \
		    "timeout_ns=60000000000 latency=0${4:+ $4}"
		echo "cpus list=$cpus"
		[ -z "${5-}" ] || echo "$5"
		echo go
	} | "$cell" | awk '
	$1 == "sample" {
		for (i = 2; i <= NF; i++) {
			split($i, f, "=")
			v[f[1]] = f[2]
		}
		n = split(v["ops"], ops, ",")
		for (i = 1; i <= n; i++)
			sum += ops[i]
		printf "%.1f\n", sum * 1e9 / v["elapsed_ns"]
	}
	$1 == "end" && $2 != "status=ok" { print > "/dev/stderr"; exit 1 }'
}

bare_rate() {
	# shellcheck disable=SC2086
	"$bare" "$1" "$2" "$seconds" $3
}

# The middle line of numbers on standard input, with least and greatest.
median() {
	sort -n | awk '
	{ v[NR] = $1 }
	END {
		m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
		printf "%.3f  [%.3f, %.3f]\n", m, v[1], v[NR]
	}'
}

echo "null: nanoseconds an operation (median of $pairs, [least, greatest])"
for mode in process thread; do
	printf '  %-10s %-8s 1 worker   ' null "$mode"
	k=0
	while [ $k -lt "$pairs" ]; do
		cell_rate null "$mode" 0
		k=$((k + 1))
	done | awk '{ print 1e9 / $1 }' | median
done

echo "rate of vmstress by the rate of a bare loop (median of $pairs pairs)"
for workload in getppid mmap-anon zfod pipe-rw; do
	for mode in process thread; do
		for cpus in "0" "0 1"; do
			[ "$cpus" = 0 ] || [ "$(getconf _NPROCESSORS_ONLN)" -gt 1 ] ||
			    continue
			printf '  %-10s %-8s %d worker%s  ' "$workload" "$mode" \
			    "$(echo "$cpus" | wc -w)" \
			    "$([ "$cpus" = 0 ] && echo ' ' || echo s)"
			k=0
			while [ $k -lt "$pairs" ]; do
				# Who goes first changes, so that drift cancels.
				if [ $((k % 2)) -eq 0 ]; then
					a=$(cell_rate "$workload" "$mode" "$cpus")
					b=$(bare_rate "$workload" "$mode" "$cpus")
				else
					b=$(bare_rate "$workload" "$mode" "$cpus")
					a=$(cell_rate "$workload" "$mode" "$cpus")
				fi
				echo "$a $b"
				k=$((k + 1))
			done | awk '{ print $1 / $2 }' | median
		done
	done
done

echo "rate of vmstress with the probe by the rate without (median of $pairs pairs)"
cpus=$(seq -s ' ' 0 $(($(getconf _NPROCESSORS_ONLN) - 1)))
for workload in getppid zfod fork; do
	printf '  %-10s %-8s all CPUs  ' "$workload" process
	k=0
	while [ $k -lt "$pairs" ]; do
		if [ $((k % 2)) -eq 0 ]; then
			a=$(cell_rate "$workload" process "$cpus" probe=1)
			b=$(cell_rate "$workload" process "$cpus" probe=0)
		else
			b=$(cell_rate "$workload" process "$cpus" probe=0)
			a=$(cell_rate "$workload" process "$cpus" probe=1)
		fi
		echo "$a $b"
		k=$((k + 1))
	done | awk '{ print $1 / $2 }' | median
done

echo "rate of vmstress with a profile by the rate without (median of $pairs pairs)"
profile="profile name=cpu-clock type=1 config=0 rate_hz=997"
for workload in getppid zfod fork; do
	for mode in system task; do
		printf '  %-10s %-8s all CPUs  ' "$workload" "$mode"
		lines=$(printf 'count mode=%s\n%s' "$mode" "$profile")
		k=0
		while [ $k -lt "$pairs" ]; do
			if [ $((k % 2)) -eq 0 ]; then
				a=$(cell_rate "$workload" process "$cpus" "" "$lines")
				b=$(cell_rate "$workload" process "$cpus")
			else
				b=$(cell_rate "$workload" process "$cpus")
				a=$(cell_rate "$workload" process "$cpus" "" "$lines")
			fi
			echo "$a $b"
			k=$((k + 1))
		done | awk '{ print $1 / $2 }' | median
	done
done
