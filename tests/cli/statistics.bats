#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What the kernel counted and what workers used, of each sample and phase: the
# lines kstat, slab and usage of vmstress-cell.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

setup() {
	common_setup
	[ -r /proc/vmstat ] || skip "no statistics are known of this system"
}

# plan WORKLOAD MODE WORKERS SAMPLES INTERVAL_NS STATISTICS [PARAM=VALUE...]
plan() {
	local cpus p

	cpus=$(vmstress check --plan null -w "$3" --launches 1 |
	    sed -n 's/^cpus list=//p')
	echo "vmstress-plan version=1"
	echo "launch cell=0 launch=0 workload=$1 mode=$2 workers=$3 pin=cores" \
	    "samples=$4 interval_ns=$5 warmup_ns=100000000" \
	    "timeout_ns=60000000000 latency=0 probe=0 statistics=$6"
	shift 6
	for p; do
		echo "param name=${p%%=*} value=${p#*=}"
	done
	[ -z "$cpus" ] || echo "cpus list=$cpus"
	echo go
}

# cell ARGUMENT...: the plan with these, run; its output is in the file out.
cell() {
	plan "$@" | "$VMS_CELL" >out 2>err
	same "standard error" "" "$(cat err)"
	same "end" "end status=ok" "$(tail -n 1 out)"
}

# values LINE KEY: the field of all lines of that keyword.
values() {
	grep "^$1 " out | tr ' ' '\n' | sed -n "s/^$2=//p"
}

# total LINE KEY: the sum, also of lists.
total() {
	values "$1" "$2" | tr ',' '\n' | awk '{ n += $1 } END { printf "%d", n }'
}

# counted NAME: the sum of a kernel's value over all samples; 0: no change.
counted() {
	values kstat values | tr ',' '\n' | awk -F: -v name="$1" '
		$1 == name { n += $2 } END { printf "%d", n }'
}

one_line() {
	tr '\n' ' ' | sed 's/ $//'
}

# near A B PERMILLE: is their difference less than that part of B?
near() {
	awk -v a="$1" -v b="$2" -v part="$3" 'BEGIN {
		d = a > b ? a - b : b - a
		exit !(b > 0 && d * 1000 <= b * part)
	}'
}

no_statistics() {
	! grep -Eq '^(kstat|slab|usage) ' out
}

# ---- samples ---------------------------------------------------------------

# A stolen processor between the two readings of an edge costs the agreement of
# that run, so there are three.  The mapping is small because a build with
# sanitizers has page faults of its own, one for eight pages of a new place.
zfod_agrees() {
	local faults ops

	cell zfod/1 process 2 3 700000000 1 size=1M
	faults=$(total usage minor_faults)
	ops=$(total sample ops)
	near "$faults" "$ops" 1 && return
	echo "$faults faults, $ops operations" >&2
	return 1
}

@test "page faults of the workers are those that zfod counts" {
	zfod_agrees || zfod_agrees || zfod_agrees
	same "samples of usage" "0 1 2" "$(values usage index | one_line)"
	same "samples of kstat" "0 1 2" "$(values kstat index | one_line)"
	same "phases" "" "$(values kstat phase)$(values usage phase)"
	# Its own faults are among those of the whole system.
	[ "$(counted vmstat.pgfault)" -ge \
	    "$(($(total usage minor_faults) * 99 / 100))" ]
	for source in vmstat stat softirqs interrupts; do
		grep -q "sources=[^ ]*\b$source\b" out
	done
	# The kernel worked, for the workers most of all.
	[ "$(counted stat.system_ns)" -gt 0 ]
	[ "$(counted interrupts.LOC)" -gt 0 ]
	[ "$(total usage system_ns)" -gt 0 ]
	[ "$(total usage user_ns)" -ge 0 ]
	# Each line tells how long the time was that it is of.
	same "elapsed" 6 "$(grep -Ec '^(usage|kstat) .* elapsed_ns=[1-9]' out)"
}

@test "what workers used is less than the time that there was" {
	cell null/1 process 2 2 300000000 1
	awk '$1 == "usage" {
		for (i = 2; i <= NF; i++) {
			split($i, part, "=")
			v[part[1]] = part[2]
		}
		# A tick of the clock may be booked late.
		if (v["user_ns"] + v["system_ns"] > 2 * v["elapsed_ns"] + 5e7)
			exit 1
		n++
	} END { if (n != 2) exit 1 }' out
}

@test "shootdowns of threads on two processors are seen" {
	[ "$(nproc)" -ge 2 ] || skip "one processor"
	[ "$(uname -m)" = x86_64 ] || skip "other names of interrupts"
	! grep -q invlpgb /proc/cpuinfo || skip "the processor does it alone"
	cell dontneed/1 thread 2 2 300000000 1
	[ "$(total sample ops)" -gt 0 ]
	[ "$(($(counted interrupts.TLB) + $(counted interrupts.CAL)))" -gt 0 ]
	# The cell itself knows what its threads used, context switches too.
	[ "$(total usage minor_faults)" -ge "$(total sample ops)" ]
	same "switches" 2 "$(values usage voluntary | wc -l)"
}

@test "children that were waited for are the worker's" {
	cell fork/1 process 1 2 300000000 1
	[ "$(counted stat.processes)" -ge "$(total sample ops)" ]
	[ "$(total usage minor_faults)" -gt "$(total sample ops)" ]
}

# ---- phases and curves -----------------------------------------------------

@test "phases have lines of their own" {
	cell pipe-chain/1 process 1 2 0 1 processes=50 group=10
	phases=$(values phase name | one_line)
	same "repeats" "0 1" "$(values phase index | sort -u | one_line)"
	same "phases of kstat" "$phases" "$(values kstat phase | one_line)"
	same "phases of usage" "$phases" "$(values usage phase | one_line)"
	same "indices" "$(values phase index)" "$(values kstat index)"
	[ "$(counted stat.processes)" -ge 100 ]
	if [ -r /proc/slabinfo ]; then
		same "phases of slab" "$phases" "$(values slab phase | one_line)"
	fi
}

# Every child has its struct.
@test "caches that grew are named, ten at most" {
	[ -r /proc/slabinfo ] || skip "what caches take is for root"
	cell fork-batch/1 process 1 1 0 1 batch=500
	same "lines" "$(values phase name | wc -l)" "$(values slab phase | wc -l)"
	values slab values | awk -F, 'NF > 10 { exit 1 }'
	values slab values | tr ',' '\n' | grep -Eq '^task_struct:[1-9][0-9]*$'
}

@test "a rate has one line of caches" {
	[ -r /proc/slabinfo ] || skip "what caches take is for root"
	cell null/1 process 1 3 50000000 1
	same "lines" "0" "$(values slab index)"
	same "phase" "" "$(values slab phase)"
}

@test "a curve has one line of each" {
	cell test-curve/1 process 2 1 0 1 n=20000
	same "kstat" "0" "$(values kstat index)"
	same "usage" "0" "$(values usage index)"
	same "phase" "" "$(values kstat phase)$(values usage phase)"
}

# ---- when they are not there -----------------------------------------------

@test "not asked for, there are none" {
	cell zfod/1 process 1 1 50000000 0 size=1M
	no_statistics
	cell fork-batch/1 process 1 1 0 0 batch=5
	no_statistics
}

@test "without privilege only the caches are missing" {
	as_nobody=()
	if [ "$(id -u)" -eq 0 ]; then
		command -v setpriv >/dev/null || skip "no setpriv"
		as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	fi
	for_everybody
	plan zfod/1 process 2 2 100000000 1 size=1M |
	    "${as_nobody[@]}" "$everybody/vmstress-cell" >out 2>err
	same "standard error" "" "$(cat err)"
	same "end" "end status=ok" "$(tail -n 1 out)"
	same "kstat" "0 1" "$(values kstat index | one_line)"
	same "usage" "0 1" "$(values usage index | one_line)"
	[ "$(counted vmstat.pgfault)" -gt 0 ]
	[ "$(total usage minor_faults)" -gt 0 ]
	same "slab" "" "$(values slab index)"
	same "notes" "" "$(grep -E "^note .*(statistics|workers%20use)" out || true)"
}

@test "many workers are not read one by one" {
	cell null/1 process 513 1 100000000 1
	same "notes" 1 "$(grep -c '^note .*what%20workers%20use' out)"
	same "usage" "" "$(values usage index)"
	same "kstat" 0 "$(values kstat index)"
	nothing_left
}
