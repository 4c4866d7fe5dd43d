#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The sampling profile of vmstress-cell: plans by hand, since who may sample,
# and what, is the supervisor's question.

# Variables that bats and common.bash set, each test in a subshell of its own;
# functions that are called by their name.
# shellcheck disable=SC2154,SC2030,SC2031,SC2317

load common

teardown() {
	if [ -n "$group" ]; then
		rmdir "$group" || true
	fi
	common_teardown
}

CLOCK="profile name=cpu-clock type=1 config=0 rate_hz=997"

# plan WORKLOAD MODE SAMPLES INTERVAL_MS: a block; what it counts is on stdin.
plan() {
	local workers=1

	echo "vmstress-plan version=1"
	echo "launch cell=0 launch=0 workload=$1/1 mode=$2 workers=$workers" \
	    "pin=none samples=$3 interval_ns=${4}000000 warmup_ns=0" \
	    "timeout_ns=60000000000 latency=0"
	cat
	echo go
}

# Run a plan; its lines, without those that repeat the plan, are in `out`.
cell() {
	timeout 60 "$VMS_CELL" >all
	grep -v '^profile name=' all >out
	same "end" "end status=ok" "$(tail -n 1 out)"
}

# field KEY [FILTER]: of the first profile line that matches.
field() {
	grep '^profile' out | grep -e "${2:-.}" | head -n 1 | tr ' ' '\n' |
	    sed -n "s/^$1=//p"
}

# Reasons are written with %20 for blanks.
reason() {
	field reason | sed 's/%20/ /g; s/%3D/=/g'
}

# seen REGEX COMMAND...: run the command, which leaves `out`, until a line is
# like that.  Samples are few when others use the machine.
seen() {
	local re=$1 i

	shift
	for ((i = 0; i < 10; i++)); do
		"$@" || return 1
		if grep -qE -e "$re" out; then
			return 0
		fi
	done
	printf 'no line like %s in:\n' "$re" >&2
	cat out >&2
	return 1
}

# May we sample whole processors here?  Root in some containers may not.
needs_sampling() {
	null() { plan null process 1 50; }
	{ echo "count mode=system"; echo "$CLOCK"; } | null | cell
	[ "$(field status)" == ok ] || skip "$(reason)"
}

# The counts of the stacks add up to the samples.
adds_up() {
	awk '
	$1 == "profile" {
		for (i = 2; i <= NF; i++) {
			if ($i ~ /^index=|^phase=/) key = key $i
			if ($i ~ /^samples=/) n[key] = substr($i, 9)
		}
		key = ""
	}
	$1 == "stack" {
		for (i = 2; i <= NF; i++) {
			if ($i ~ /^index=|^phase=/) key = key $i
			if ($i ~ /^count=/) c = substr($i, 7)
		}
		sum[key] += c
		key = ""
	}
	END {
		for (k in n)
			if (n[k] != sum[k] + 0) {
				print k ": " n[k] " samples, stacks " sum[k]
				exit 1
			}
	}' out
}

@test "a profile names functions of the kernel" {
	needs_sampling
	zfod() {
		{ echo "count mode=system"; echo "$CLOCK"; } |
		    plan zfod process 2 250 | cell
	}
	# By the fault, whatever this kernel calls it, comes a page.
	seen '^stack .*frames=([^ ]*;)?[^ ]*(anon|alloc|clear_page|zero|0x)' \
	    zfod
	same "profiles" 1 "$(grep -c '^profile' out)"
	same "scope" system "$(field scope)"
	[ "$(field samples)" -gt 0 ]
	same "samples" "$(field samples)" \
	    $(($(field kernel) + $(field user)))
	adds_up
	if ! grep -q frames=0x out; then
		grep -qE '^stack .*frames=[^ ]*(page_fault|do_fault|el0_da)' out
	fi
	nothing_left
}

@test "a profile names functions of the program" {
	needs_sampling
	null() {
		{ echo "count mode=system"; echo "$CLOCK"; } |
		    plan null process 2 250 | cell
	}
	seen '^stack .*frames=vmstress-cell:null_run$' null
	adds_up
}

@test "the largest stack comes first" {
	needs_sampling
	{ echo "count mode=system"; echo "$CLOCK"; } |
	    plan mmap-anon process 1 300 | cell
	grep '^stack' out | sed 's/.*count=\([0-9]*\).*/\1/' | sort -rnc
}

@test "each phase of each repeat has its own profile" {
	needs_sampling
	{ echo "count mode=system"; echo "$CLOCK"; } |
	    plan test-naive-wait process 2 50 | cell
	same "profiles" "0:make 0:end 1:make 1:end" "$(grep '^profile' out |
	    sed 's/.*index=\([0-9]*\) phase=\([a-z]*\).*/\1:\2/' |
	    tr '\n' ' ' | sed 's/ $//')"
	adds_up
	nothing_left
}

@test "what makes a naive wait slow has a name" {
	needs_sampling
	naive() {
		{
			echo "param name=children value=2000"
			echo "count mode=system"
			echo "$CLOCK"
		} | plan test-naive-wait process 1 50 | cell
	}
	seen '^stack .*phase=end .*(wait_consider_task|frames=0x)' naive
	! grep -q frames=0x out || skip "no names of kernel functions here"
	nothing_left
}

@test "tasks and their children are sampled" {
	forks() {
		{ echo "count mode=task"; echo "$CLOCK"; } |
		    plan fork "$mode" 1 400 | cell
	}
	for mode in process thread; do
		seen '^stack|status=not_permitted' forks
		[ "$(field status)" == ok ] || skip "$(reason)"
		same "scope" task "$(field scope)"
		[ "$(field samples)" -gt 0 ]
		adds_up
	done
}

@test "a group and nobody else is sampled" {
	local root

	needs_sampling
	root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	[ -n "$root" ] || skip "no control groups of version 2"
	group=$root/vmstress-test.$$.$BATS_TEST_NUMBER
	mkdir "$group" 2>/dev/null || { group=; skip "cannot make a group"; }
	grouped() {
		{ echo "count mode=cgroup group=$group"; echo "$CLOCK"; } |
		    plan fork process 1 300 |
		    (echo "$BASHPID" >"$group/cgroup.procs" && cell)
	}
	seen '^stack .*frames=.*(exit|0x)' grouped
	same "scope" cgroup "$(field scope)"
	# Who else is on the machine is not in it.
	if grep '\[user\]' out |
	    grep -vE 'frames=(vmstress-cell|timeout|\[gone\]):'; then
		return 1
	fi
	adds_up
	wait_for 5 rmdir "$group"
	group=
}

@test "after many repeats profiles of a phase are put together" {
	needs_sampling
	{ echo "count mode=system"; echo "$CLOCK"; } |
	    plan test-phases process 30 50 | cell
	same "profiles" 64 "$(grep -c '^profile' out)"
	same "repeats" 90 "$(grep '^profile' out | awk '
	{
		n = 1
		for (i = 2; i <= NF; i++)
			if ($i ~ /^merged=/) n = substr($i, 8)
		sum += n
	}
	END { print sum }')"
	adds_up
}

@test "an event that cannot be sampled has a status and a reason" {
	{ echo "count mode=system"; echo "profile name=bogus type=4711" \
	    "config=1 rate_hz=997"; } | plan null process 1 50 | cell
	[[ $(field status) == not_supported || $(field status) == not_permitted ]]
	[ -n "$(field reason)" ]
	same "samples" "" "$(field samples)"
	same "stacks" 0 "$(grep -c '^stack' out)"
	grep -q '^sample' out
}

@test "an event that the supervisor has refused keeps its reason" {
	echo "profile name=frobs status=unknown_event reason=no%20such%20thing" |
	    plan null process 1 50 | cell
	same "status" unknown_event "$(field status)"
	same "reason" "no such thing" "$(reason)"
}

@test "a group that is not there is a reason" {
	{ echo "count mode=cgroup group=/no/such/group"; echo "$CLOCK"; } |
	    plan null process 1 50 | cell
	same "status" not_supported "$(field status)"
	has "$(reason)" "/no/such/group"
}

@test "without a profile there is no line of it" {
	plan null process 1 50 </dev/null | cell
	same "lines" 0 "$(grep -cE '^(profile|stack)' out)"
}

@test "the unprivileged see their own programs, or a reason" {
	[ "$(id -u)" -eq 0 ] || skip "needs root, to be somebody else"
	for_everybody
	VMS_CELL=$everybody/vmstress-cell
	nobody() {
		timeout 60 setpriv --reuid=65534 --regid=65534 --clear-groups \
		    "$VMS_CELL" >all
		grep -v '^profile name=' all >out
		same "end" "end status=ok" "$(tail -n 1 out)"
	}
	tasks() {
		{ echo "count mode=task"; echo "$CLOCK"; } |
		    plan null process 1 300 | nobody
	}
	seen '^stack|status=not_' tasks
	if [ "$(field status)" == ok ]; then
		[ "$(field samples)" -gt 0 ]
		if [ -n "$(field reason)" ]; then
			same "kernel" "" "$(field kernel)"
			has "$(reason)" "sysctl kernel.perf_event_paranoid"
		fi
	else
		[ -n "$(field reason)" ]
	fi
	{ echo "count mode=system"; echo "$CLOCK"; } |
	    plan zfod process 1 100 | nobody
	[ "$(field status)" == ok ] || [ -n "$(field reason)" ]
}
