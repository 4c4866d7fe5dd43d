#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The files that exec and exec-chain execute: whose copy is whose, what happens
# without them, and that none stays behind.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# begin OPTION...: exec with eight shared objects, until all copies are there;
# $copies is where.  The number of files it waits for comes first.
begin() {
	local files=$1

	shift
	mkdir -p here
	in_background run -q --launches 1 --samples 1 --warmup 10ms -o r.jsonl \
	    -p dir="$T/here" -p libs=8 "$@"
	wait_for 60 are_there "$files"
	copies=$(echo here/*)
}

# So many files, and none of them is still being written.
are_there() {
	local file

	[ "$(find here -type f | wc -l)" -eq "$1" ] || return 1
	find here -type f | while read -r file; do
		cmp -s "$file" "$VMS_BUILD/$(basename "$file")" || return 1
	done
}

inodes() {
	find here -type f -name "$1" -exec ls -i {} + | awk '{ print $1 }' |
	    sort -u | wc -l
}

interrupt() {
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	same "files" "" "$(ls -A here)"
	nothing_left
}

# The run has ended by itself; its one launch failed, and this says why.
failed_because() {
	finish_background
	same "status" 1 "$status"
	same "reason" "$1" "$(jq -r 'select(.type == "end") | .reason' r.jsonl)"
	same "files" "" "$(ls -A here)"
	nothing_left
}

@test "independent workers have each their own files" {
	for workload in exec exec-chain; do
		begin 27 --interval 60s -w 3 -p binary=independent "$workload"
		same "programs" 3 "$(inodes vmstress-target-dynamic8)"
		for i in 0 1 2 3 4 5 6 7; do
			same "lib $i" 3 "$(inodes vmstress-lib$i.so)"
		done
		interrupt
		rm r.jsonl
	done
}

@test "workers that share have one set of files" {
	begin 9 --interval 60s -w 3 -p binary=shared exec
	same "programs" 1 "$(inodes vmstress-target-dynamic8)"
	interrupt
}

@test "a worker executes its own copy, and none but that" {
	begin 18 --interval 60s -w 2 --pin none -p binary=independent exec
	rm "$copies/1/vmstress-target-dynamic8"
	failed_because "worker 1: $T/$copies/1/vmstress-target-dynamic8 cannot be executed: No such file or directory"
}

@test "a program loads the shared objects beside it, and none but those" {
	begin 18 --interval 60s -w 2 --pin none -p binary=independent exec
	rm "$copies/0/vmstress-lib7.so"
	finish_background
	same "status" 1 "$status"
	[[ $(jq -r 'select(.type == "end") | .reason' r.jsonl) == \
	    "worker 0: $T/$copies/0/vmstress-target-dynamic8 "* ]]
	same "files" "" "$(ls -A here)"
}

@test "two workers with one file are found out" {
	for name in vmstress-target-dynamic8 vmstress-lib3.so; do
		begin 18 --interval 4s -w 2 --pin none -p binary=independent exec
		# In one step: the program is being executed.
		ln "$copies/0/$name" "$copies/1/new"
		mv -f "$copies/1/new" "$copies/1/$name"
		failed_because "worker 1: workers 0 and 1 have the same file $name"
		rm r.jsonl
	done
}

@test "a chain counts all of its executions" {
	fast exec-chain -p length=7 --samples 3 --interval 200ms
	journal 'map(select(.type == "sample") | .ops[]) | length == 3 and
	    all(.[]; . % 7 == 0) and add > 0'
	fast -o one.jsonl exec-chain -p length=1
	same "statuses" ok "$(statuses one.jsonl)"
	fast -o long.jsonl exec-chain -p length=250
	same "statuses" ok "$(statuses long.jsonl)"
}

# ---- what can be missing -------------------------------------------------

# unsupported REASON-BEGINNING OPTION...
unsupported() {
	local want=$1

	shift
	rm -f r.jsonl
	run --separate-stderr "$program" run -q "${VMS_SHORT[@]}" -o r.jsonl "$@"
	same "status" 0 "$status"
	same "statuses" skipped "$(statuses)"
	reason=$(jq -r 'select(.type == "end") | .reason' r.jsonl)
	same "reason" "$want" "${reason:0:${#want}}"
}

@test "a folder that cannot have copies is a reason to skip" {
	program=$VMS_BUILD/vmstress
	for workload in exec exec-chain; do
		unsupported "cannot copy the program into $T/no: No such file or directory (set dir)" \
		    "$workload" -p dir="$T/no"
	done
	unsupported "libs=4 needs link=dynamic: a static program has no shared objects" \
	    exec -p link=static -p libs=4
}

@test "an installation without the programs says so" {
	for_everybody
	program=$everybody/vmstress
	rm -f "$everybody"/vmstress-target-static "$everybody"/vmstress-lib3.so
	unsupported "cannot read $everybody/vmstress-target-static: No such file or directory (no static programs were built: use link=dynamic)" \
	    exec -p link=static
	unsupported "cannot read $everybody/vmstress-lib3.so: No such file or directory (install vmstress with its small programs)" \
	    exec-chain -p libs=4
	rm "$everybody"/vmstress-target-*
	unsupported "cannot read $everybody/vmstress-target-dynamic0: No such file or directory (install vmstress with its small programs)" \
	    exec
}

@test "neither needs any privilege" {
	for_everybody
	mkdir "$everybody/out"
	as=()
	if [ "$(id -u)" -eq 0 ]; then
		command -v setpriv >/dev/null || skip "no setpriv"
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		chown 65534:65534 "$everybody/out"
	fi
	cd "$everybody/out"
	for workload in exec exec-chain; do
		TMPDIR=$everybody/out run --separate-stderr "${as[@]}" \
		    ../vmstress run -q "${VMS_SHORT[@]}" -o "$workload.jsonl" \
		    "$workload" -w 2 -p binary=independent -p libs=4
		same "status" 0 "$status"
		same "statuses" ok "$(statuses "$workload.jsonl")"
		rm "$workload.jsonl"
	done
	same "files" "" "$(ls -A)"
	cd "$T"
}
