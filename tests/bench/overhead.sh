#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the harness costs: `make bench`.
#
# 1. `null`: nanoseconds of the harness for an operation that does nothing.
# 2. Four workloads against bare loops bound to the same CPUs.
# 3. What watching costs: launches with the responsiveness probe, with what the
#    kernel counts of itself, with events counted in each way, and with a
#    profile, against launches without.
#
# The two of a pair run in turn, each a fresh process, and who goes first
# changes, so that drift cancels; PAIRS pairs, of which the median of the
# ratios is printed with the least and the greatest.  1.00 is no cost at all.
# Ratios of runs next to each other hold on noisy machines; single figures do
# not.  Nothing here is a test: it prints, you judge.
set -eu

builddir=${top_builddir:-.}
pairs=${PAIRS:-9}
seconds=${SECONDS_EACH:-0.5}
cell=$builddir/vmstress-cell
bare=$builddir/tests/bench/bare
all=$(seq -s ' ' 0 $(($(getconf _NPROCESSORS_ONLN) - 1)))

# ---- one rate ---------------------------------------------------------------

# in_group GROUP COMMAND...: empty: in none of its own.
in_group() {
	(
		[ -z "$1" ] || sh -c 'echo $PPID' >"$1/cgroup.procs"
		shift
		exec "$@"
	)
}

# One launch of vmstress-cell by hand: workload, mode, CPUs, more fields of the
# launch line, more lines of the plan, and a control group to be in.
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
	} | in_group "${6-}" "$cell" | awk '
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
	$1 == "counter" && !/ status=ok / && !/ status=scaled / ||
	    $1 == "profile" && / index=/ && !/ status=ok / {
		print > "/dev/stderr"
	}
	$1 == "end" && $2 != "status=ok" { print > "/dev/stderr"; exit 1 }'
}

bare_rate() {
	# shellcheck disable=SC2086
	"$bare" "$1" "$2" "$seconds" $3
}

# ---- pairs --------------------------------------------------------------------

# The middle line of numbers on standard input, with least and greatest.
median() {
	sort -n | awk '
	{ v[NR] = $1 }
	END {
		m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
		printf "%.3f  [%.3f, %.3f]\n", m, v[1], v[NR]
	}'
}

# Pairs of the functions one and other, called with the arguments.
ratio() {
	k=0
	while [ $k -lt "$pairs" ]; do
		if [ $((k % 2)) -eq 0 ]; then
			a=$(one "$@")
			b=$(other "$@")
		else
			b=$(other "$@")
			a=$(one "$@")
		fi
		echo "$a $b"
		k=$((k + 1))
	done | awk '{ print $1 / $2 }' | median
}

title() {
	echo "$1 (median of $pairs, [least, greatest])"
}

# ---- 1: nothing -----------------------------------------------------------------

title "null: nanoseconds an operation"
for mode in process thread; do
	printf '  %-10s %-8s 1 worker   ' null "$mode"
	k=0
	while [ $k -lt "$pairs" ]; do
		cell_rate null "$mode" 0
		k=$((k + 1))
	done | awk '{ print 1e9 / $1 }' | median
done

# ---- 2: bare loops ----------------------------------------------------------------

one() {
	cell_rate "$@"
}

other() {
	bare_rate "$@"
}

title "rate of vmstress by the rate of a bare loop"
for workload in getppid mmap-anon zfod pipe-rw; do
	for mode in process thread; do
		for cpus in 0 "0 1"; do
			[ "$cpus" = 0 ] || [ "$(getconf _NPROCESSORS_ONLN)" -gt 1 ] ||
			    continue
			printf '  %-10s %-8s %d worker%s  ' "$workload" "$mode" \
			    "$(echo "$cpus" | wc -w)" \
			    "$([ "$cpus" = 0 ] && echo ' ' || echo s)"
			ratio "$workload" "$mode" "$cpus"
		done
	done
done

# ---- 3: watching --------------------------------------------------------------------

# one: a workload with more fields, lines and a group; other: without.
one() {
	cell_rate "$1" process "$all" "$2" "$3" "$4"
}

other() {
	cell_rate "$1" process "$all"
}

# watched WHAT FIELDS LINES GROUP WORKLOAD...: a line for each workload.
watched() {
	what=$1
	fields=$2
	lines=$3
	in=$4
	shift 4
	for workload in "$@"; do
		printf '  %-10s %-18s all CPUs  ' "$workload" "$what"
		ratio "$workload" "$fields" "$lines" "$in"
	done
}

title "rate with something watched by the rate without"
watched probe probe=1 "" "" getppid zfod fork
watched statistics statistics=1 "" "" getppid zfod fork
[ "$(uname)" = Linux ] && [ "$(id -u)" -eq 0 ] || exit 0

# Software events that are there on every Linux: those of the default set, and
# all that happen often.
default='event name=page-faults type=1 config=2
event name=context-switches type=1 config=3
event name=cpu-migrations type=1 config=4'
events='event name=task-clock type=1 config=1
event name=page-faults type=1 config=2
event name=context-switches type=1 config=3
event name=cpu-migrations type=1 config=4
event name=minor-faults type=1 config=5
event name=major-faults type=1 config=6
event name=alignment-faults type=1 config=7'
profile="profile name=cpu-clock type=1 config=0 rate_hz=997"

mount=$(awk '$3 == "cgroup" && $4 ~ /(^|,)perf_event(,|$)/ { print $2; exit }' \
    /proc/self/mounts)
[ -n "$mount" ] || mount=$(awk '$3 == "cgroup2" { print $2; exit }' \
    /proc/self/mounts)
group=$mount/vmstress-bench-$$
if [ -n "$mount" ] && mkdir "$group" 2>/dev/null; then
	trap 'sleep 0.2; rmdir "$group"' EXIT
	trap 'exit 1' HUP INT TERM
	count="count mode=cgroup group=$group"
	watched "default, cgroup" "" "$count
$default" "$group" getppid fork pipe-pingpong
	watched "7 events, cgroup" "" "$count
$events" "$group" zfod fork
	watched "profile, cgroup" "" "$count
$profile" "$group" getppid zfod fork
fi
for mode in system task; do
	watched "default, $mode" "" "count mode=$mode
$default" "" getppid fork pipe-pingpong
	watched "7 events, $mode" "" "count mode=$mode
$events" "" zfod fork
	watched "profile, $mode" "" "count mode=$mode
$profile" "" getppid zfod fork
done
