#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Crowds of processes: their gates, members that go wrong, and limits.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

SHAPES="led apart whole chain"

# Run test-crowd in every shape with these arguments.
in_every_shape() {
	local check=$1 shape

	shift
	for shape in $SHAPES; do
		rm -f r.jsonl
		run --separate-stderr vmstress run -q --launches 1 \
		    -o r.jsonl --timeout 60s test-crowd -p shape="$shape" "$@"
		echo "shape $shape"
		"$check"
		nothing_left
	done
}

# How the crowd of `make` stayed partial: asked, reached, limit.
partial() {
	jq -r 'select(.type == "phase" and .name == "make" and
	    has("limit")) | "\(.asked) \(.reached) \(.limit)"' r.jsonl |
	    head -n 1
}

reason() {
	jq -r 'select(.type == "end") | .reason' r.jsonl
}

# ---- what goes well --------------------------------------------------------

all_at_all_gates() {
	same "status" 0 "$status"
	journal 'map(select(.type == "phase")) | length == 6 and
	    all(.ops == 100 and (has("limit") | not))'
	# Numbers from 0 to 49, in two workers, twice each in two rounds.
	journal 'map(select(.type == "histogram")) | length == 1 and
	    .[0].buckets == [range(50) | [., 8]] and .[0].max_ns == 49'
}

@test "all members come to all gates, whoever makes them" {
	in_every_shape all_at_all_gates -w 2 --samples 2
}

one_member() {
	same "status" 0 "$status"
	journal 'map(select(.type == "phase")) | length == 3 and
	    all(.ops == 1)'
}

@test "a crowd of one" {
	in_every_shape one_member --samples 1 -p members=1 -p group=1
}

@test "a worker that is a thread has no crowd" {
	run --separate-stderr fast -m thread test-crowd
	same "status" 1 "$status"
	[[ $(reason) =~ ^worker\ 0.*:\ a\ crowd\ needs\ a\ worker\ that\ is\ a\ process$ ]]
}

# ---- members that go wrong ---------------------------------------------

# fails_with REASON
failed_with() {
	same "status" 1 "$status"
	[[ $(reason) =~ ^worker\ 0\ .*:\ $want$ ]]
}

@test "a member that dies early fails the launch, and is named" {
	want='process [0-9]+ of the crowd was killed by signal 9'
	in_every_shape failed_with -p how=dies-early
	in_every_shape failed_with -p how=dies-late
}

@test "a member that exits by itself fails the launch" {
	want='process [0-9]+ of the crowd ended before its time, with status 5'
	in_every_shape failed_with -p how=exits
}

@test "a member that fails says why" {
	want='member 7 fails as it was told to: Input/output error'
	in_every_shape failed_with -p how=fails
}

@test "a member that returns a failure without a reason is a failure" {
	want='a member of the crowd returned -3'
	in_every_shape failed_with -p how=fails-silently
}

@test "a member that returns before it came to all gates is a failure" {
	want='a member of the crowd returned at gate 0 of 2'
	in_every_shape failed_with -p how=leaves
}

@test "a worker that fails leaves no crowd behind" {
	want='the worker fails as it was told to'
	in_every_shape failed_with -p how=worker-fails
	want='killed by signal 9 .*'
	in_every_shape failed_with -p how=worker-dies
}

# ---- partial crowds --------------------------------------------------------

nothing_but_a_reason() {
	same "status" 0 "$status"
	same "partial" "50 0 memory budget" "$(partial)"
	journal 'map(select(.type == "phase")) | all(.ops == 0)'
}

@test "a crowd without room is empty, and says so" {
	in_every_shape nothing_but_a_reason -p bytes=1T
}

@test "a group that is refused something is not there at all" {
	run --separate-stderr fast test-crowd -p shape=whole -p how=refused \
	    -p member=27
	same "status" 0 "$status"
	[[ $(partial) =~ ^50\ 20\ pipe ]]
	journal 'map(select(.type == "phase")) | all(.ops == 20)'
	nothing_left
}

# Some, not all, and whole groups only where they are made as a whole.
stopped_by_a_limit() {
	local asked reached limit

	same "status" 0 "$status"
	read -r asked reached limit <<<"$(partial)"
	same "asked" 150 "$asked"
	[ "$reached" -gt 0 ]
	[ "$reached" -lt 150 ]
	[[ $limit != "memory budget" && $limit != stopped && -n $limit ]]
	journal "map(select(.type == \"phase\")) | all(.ops == $reached)"
	if [ "$shape" == whole ]; then
		same "rest of a group" 0 $((reached % 20))
	fi
}

@test "a limit of the number of processes makes a crowd partial" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	command -v setpriv >/dev/null && command -v prlimit >/dev/null ||
	    skip "no setpriv or prlimit"
	for_everybody
	cd "$everybody" || return 1
	chown 61234 .
	# A user of our own: all his processes count.
	for shape in $SHAPES; do
		rm -f r.jsonl
		run --separate-stderr prlimit --nproc=100:100 setpriv \
		    --reuid=61234 --regid=61234 --clear-groups \
		    ./vmstress run -q -o r.jsonl --launches 1 \
		    test-crowd -p shape="$shape" -p members=150
		echo "$stderr"
		stopped_by_a_limit
		nothing_left
	done
}

@test "a limit of a cgroup makes a crowd partial" {
	group=/sys/fs/cgroup/pids/vmstress-test.$BATS_TEST_NUMBER.$$
	mkdir "$group" 2>/dev/null || skip "cannot make a cgroup of pids"
	for shape in $SHAPES; do
		rm -f r.jsonl
		echo 100 >"$group/pids.max"
		run --separate-stderr bash -c "echo \$\$ >$group/cgroup.procs &&
		    exec \"\$@\"" - "$VMS_BUILD/vmstress" run -q -o r.jsonl \
		    --launches 1 test-crowd -p shape="$shape" -p members=150
		echo "$stderr"
		stopped_by_a_limit
		nothing_left
	done
	wait_for 5 rmdir "$group"
}
