#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Crowds of processes that are interrupted or lose a process to SIGKILL: nobody
# may be left.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

SHAPES="led apart whole chain"

# The crowd of a launch is there and would be for an hour.
long_crowd() {
	rm -f r.jsonl
	in_background run -q -o r.jsonl --launches 1 -w 2 test-crowd \
	    -p shape="$1" -p wait=1h -p members=100
	wait_for 30 grep -q '"name":"make"' r.jsonl
	crowd_is_there
}

# The cell, two workers, two builders, two hundred members.
crowd_is_there() {
	[ "$(pids_of vmstress-cell | wc -l)" -ge 205 ]
}

# The ids of the processes of vmstress-cell that are N below the cell.
generation() {
	ps axeww -o pid= -o ppid= -o args= |
	    awk -v mark="VMSTRESS_TEST_MARK=$VMSTRESS_TEST_MARK" -v n="$1" '
		index($0, mark) == 0 { next }
		{ parent[$1] = $2; name[$1] = $3 }
		function depth(p) {
			if (name[p] ~ /vmstress-guardian$/)
				return -1
			return (p in parent) ? depth(parent[p]) + 1 : -100
		}
		END {
			for (p in parent)
				if (depth(p) == n)
					print p
		}'
}

@test "a crowd that is interrupted is gone" {
	for shape in $SHAPES; do
		long_crowd "$shape"
		kill -INT "$background"
		finish_background
		same "status" 4 "$status"
		same "statuses" interrupted "$(statuses)"
		nothing_left
	done
}

@test "a crowd that is interrupted while it grows is gone" {
	for shape in $SHAPES; do
		rm -f r.jsonl
		in_background run -q -o r.jsonl --launches 100 test-crowd \
		    -p shape="$shape" -p members=2000
		wait_for 20 runs vmstress-cell
		sleep "0.$((RANDOM % 10))"
		kill -INT "$background"
		finish_background
		same "status" 4 "$status"
		nothing_left
	done
}

@test "the death of cell, worker, builder or leader leaves nobody" {
	for shape in $SHAPES; do
		for n in 0 1 2 3; do
			long_crowd "$shape"
			one=$(generation $n | head -n 1)
			[ -n "$one" ]
			kill -KILL "$one"
			finish_background
			same "status" 1 "$status"
			same "statuses" failed "$(statuses)"
			nothing_left 10
		done
	done
}
