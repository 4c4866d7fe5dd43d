#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Populations: what their members are, and that none of them is left.  Members
# have given back their environment, so they are found by the session that the
# guardian makes for a run.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# Members of the run whose guardian is $guardian: their parents run the same
# program.
members() {
	ps -o pid= -o ppid= -o comm= -s "$guardian" | awk '
	    $3 == "vmstress-member" { parent[$1] = $2 }
	    END { for (p in parent) if (parent[p] in parent) print p }'
}

everybody_of_it() {
	ps -o pid= -o comm= -s "$guardian" | awk '
	    $2 == "vmstress-member" { print $1 }'
}

at_least() {
	[ "$(members | wc -l)" -ge "$1" ]
}

no_members() {
	[ -z "$(everybody_of_it)" ]
}

# chain MEMBERS ARGUMENT...: a chain in the background that stays for long.
chain() {
	local n=$1

	shift
	in_background run -q --launches 1 -w 2 -o r.jsonl pipe-chain \
	    -p processes="$n" -p laps=1000000 "$@"
	wait_for 20 runs vmstress-guardian
	guardian=$(the_guardian)
	wait_for 60 at_least "$n"
}

end_chain() {
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	wait_for 20 no_members
	nothing_left
}

# What distinguishes members: their address spaces, or programs.
programs() {
	local pid

	for pid in $(members); do
		stat -L -c %d:%i "/proc/$pid/exe"
	done | sort -u | wc -l
}

@test "exec-copy gives each group a program of its own" {
	chain 200 -p group=20 -p member=exec-copy
	same "programs of ten groups" 10 "$(programs)"
	end_chain
	same "files left" "" "$(find "$TMPDIR" -name 'vmstress-chain*')"
}

@test "members of one program are small, and have pids of their own" {
	chain 200 -p group=20 -p member=own
	same "programs of ten groups" 1 "$(programs)"
	same "pids" 200 "$(members | sort -u | wc -l)"
	# Nobody has more children than a group, whatever the chain's length.
	most=$(ps -o ppid= -s "$guardian" | sort | uniq -c | sort -rn |
	    awk 'NR == 1 { print $1 }')
	[ "$most" -le 20 ]
	end_chain
}

@test "members are free to run anywhere unless they are to stay" {
	allowed=$(awk '/Cpus_allowed_list/ { print $2 }' /proc/self/status)
	if [ "$(nproc)" -lt 2 ]; then
		skip "there is one CPU only"
	fi
	chain 40 -p group=10 -p near=free
	for pid in $(members); do
		awk '/Cpus_allowed_list/ { print $2 }' "/proc/$pid/status"
	done | sort -u >places
	same "where free members may run" "$allowed" "$(cat places)"
	end_chain
	rm r.jsonl
	chain 40 -p group=10 -p near=same
	for pid in $(members); do
		awk '/Cpus_allowed_list/ { print $2 }' "/proc/$pid/status"
	done | sort | uniq -c | awk '{ print $1 }' | tr '\n' ' ' >places
	same "members on each of two CPUs" "20 20 " "$(cat places)"
	end_chain
}

@test "the death of the supervisor leaves no member" {
	for member in shared own exec-copy; do
		rm -f r.jsonl
		chain 1000 -p member="$member"
		kill -KILL "$background"
		finish_background
		wait_for 30 no_members
		nothing_left
	done
}

@test "the death of a worker leaves no member, and the run says why" {
	chain 1000
	cell=$(pids_of vmstress-cell | head -n 1)
	worker=$(ps -o pid= -o comm= --ppid "$cell" |
	    awk '$2 != "vmstress-probe" { print $1; exit }')
	kill -KILL "$worker"
	finish_background
	same "status" 1 "$status"
	wait_for 30 no_members
	nothing_left
	journal 'map(select(.type == "end")) | last |
	    .reason | test("killed by signal 9|chain is broken")'
}

@test "the death of members breaks the chain, which is said" {
	chain 1000
	members | sed -n '100p;500p' | xargs kill -KILL
	finish_background
	same "status" 1 "$status"
	wait_for 30 no_members
	journal 'map(select(.type == "end")) | last |
	    .reason | test("chain is broken")'
}

@test "without the members' program the launch fails and says so" {
	mkdir bin
	cp "$VMS_BUILD"/vmstress "$VMS_BUILD"/vmstress-cell \
	    "$VMS_BUILD"/vmstress-cell-dynamic \
	    "$VMS_BUILD"/vmstress-guardian bin
	run --separate-stderr bin/vmstress run -q --launches 1 -o r.jsonl \
	    pipe-chain
	same "status" 1 "$status"
	journal 'map(select(.type == "end")) | last | .reason |
	    test("cannot close the row of 0 processes: exec: No such file")'
	nothing_left
}
