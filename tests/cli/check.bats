#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The plan in words and as text for vmstress-cell, placement on described
# machines, and limits.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

TWO_SOCKETS="pack:2 [numa] l3:1 core:4 pu:2"
TWO_CACHES="pack:2 [numa] l3:2 core:2 pu:2"
FOUR_NODES="numa:4 core:2 pu:1"
NO_SMT="pack:1 l3:1 core:4 pu:1"

# on TOPOLOGY COMMAND...: as if this machine looked like that.
on() {
	local topology=$1

	shift
	HWLOC_SYNTHETIC=$topology "$@"
}

# The CPUs of all workers of one cell.
cpus() {
	on "$1" vmstress check --plan null --pin "$2" -w "$3" --launches 1 |
	    sed -n 's/^cpus list=//p'
}

# A row of the table for the cell, blanks squeezed.
row() {
	awk -v cell="$1" '$1 == cell' <<<"$output" | tr -s ' ' |
	    sed 's/^ //; s/ $//'
}

limit_lines() {
	grep '^limit: ' <<<"$output"
}

# ---- cells and their order -----------------------------------------------

@test "lists multiply out in the documented order" {
	cat >plan.yaml <<-'YAML'
	order: listed
	launches: 1
	cells:
	  - workload: mmap-touch
	    workers: [2, 1]
	    pin: [none, compact]
	    mode: [process, thread]
	    size: [1M, 2M]
	    touch: [1, 2]
	  - null
	YAML
	run --separate-stderr vmstress check --plan plan.yaml
	same "status" 0 "$status"
	want=
	n=0
	for size in 1M 2M; do for touch in 1 2; do
	for mode in process thread; do for pin in none compact; do
	for workers in 2 1; do
		want+="$n mmap-touch/1 $mode $workers $pin $size $touch"$'\n'
		n=$((n + 1))
	done; done; done; done; done
	want+="$n null/1 process 1 cores"
	is=$(awk '
		/^launch / {
			split("", f)
			for (i = 2; i <= NF; i++) {
				split($i, kv, "=")
				f[kv[1]] = kv[2]
			}
			line = f["cell"] " " f["workload"] " " f["mode"] " " \
			    f["workers"] " " f["pin"]
		}
		/^param name=size/ { sub(/.*value=/, ""); size = $0
			line = line " " size }
		/^param name=touch/ { sub(/.*value=/, ""); line = line " " $0 }
		/^go$/ { print line }' <<<"$output")
	same "cells" "$want" "$is"
}

@test "launches go in rounds, listed or in a random order of the seed" {
	cat >plan.yaml <<-'YAML'
	order: listed
	launches: 3
	cells:
	  - workload: null
	    workers: [1, 2, 3, 4, 5, 6, 7, 8]
	YAML
	order() {
		vmstress check --plan "$@" plan.yaml |
		    sed -n 's/^launch cell=\([0-9]*\) launch=\([0-9]*\) .*/\2:\1/p'
	}
	want=$(for l in 0 1 2; do for c in 0 1 2 3 4 5 6 7; do
		echo "$l:$c"
	done; done)
	same "listed" "$want" "$(order)"
	random=$(order --order random --seed 7)
	same "the same seed" "$random" "$(order --order random --seed 7)"
	[ "$random" != "$want" ]
	[ "$random" != "$(order --order random --seed 8)" ]
	same "all launches, round by round" "$want" "$(sort -t: -n <<<"$random")"
	same "rounds" "$(cut -d: -f1 <<<"$want")" "$(cut -d: -f1 <<<"$random")"
}

@test "the heading counts cells and launches and estimates the time" {
	cat >plan.yaml <<-'YAML'
	launches: 3
	samples: 4
	interval: 500ms
	warmup: 1s
	seed: 11
	cells:
	  - workload: null
	    workers: [1, 2]
	  - workload: getppid
	    launches: 2
	YAML
	run --separate-stderr vmstress check plan.yaml
	same "status" 0 "$status"
	# 8 launches of 4 x 500 ms and 1 s.
	same "heading" "plan: 3 cells, 8 launches, about 24.0 s" "${lines[0]}"
	same "order" "order: random, seed 11" "${lines[1]}"
	[[ ${lines[2]} =~ ^machine:\ [0-9]+\ CPUs\ allowed,\ . ]]
	same "cell 1" "1 null/1 process 2 cores" "$(row 1 | cut -d' ' -f1-5)"
	same "last line" "limits: none would stop this plan" "${lines[-1]}"
}

@test "every shipped config has a plan that is unremarkable" {
	for file in "$VMS_SOURCE"/configs/*.yaml; do
		name=$(basename "$file" .yaml)
		run --separate-stderr vmstress check "$name"
		# The big ones need more than a small machine has, and say so.
		if [ "$status" -ne 0 ]; then
			same "status of $name" 1 "$status"
			[[ $output =~ (limit|reach):\ cell\  ]]
		fi
		same "standard error of $name" "" "$stderr"
		has "${lines[0]}" "$name: "
		same "$name by path" "${lines[0]}" \
		    "$(vmstress check "$file" | head -n 1)"
	done
}

@test "--dry-run is check" {
	run --separate-stderr vmstress run --dry-run --seed 1 null
	same "status" 0 "$status"
	same "text" "$(vmstress check --seed 1 null)" "$output"
	same "files" "" "$(ls)"
}

@test "options override the file" {
	cat >plan.yaml <<-'YAML'
	workers: [1, 2]
	cells: [null, {workload: zfod, size: 8M, pin: none}]
	YAML
	run vmstress check -w 3 --pin compact -p size=1M --launches 1 plan.yaml
	same "status" 0 "$status"
	has "${lines[0]}" "plan: 2 cells, 2 launches"
	same "cell 0" "0 null/1 process 3 compact" "$(row 0 | cut -d' ' -f1-5)"
	same "cell 1" "1 zfod/1 size=1M process 3 compact" \
	    "$(row 1 | cut -d' ' -f1-6)"
}

@test "check starts no measurement and leaves nothing behind" {
	vmstress check quick >/dev/null
	nothing_left
	same "files" "" "$(ls)"
}

# ---- placement -----------------------------------------------------------

@test "compact fills threads, cores, caches and packages in turn" {
	same "two sockets" 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 \
	    "$(cpus "$TWO_SOCKETS" compact 16)"
	same "nodes" 0,1,2,3,4,5,6,7 "$(cpus "$FOUR_NODES" compact 8)"
	same "no SMT" 0,1,2,3 "$(cpus "$NO_SMT" compact 4)"
}

@test "cores takes one thread of each core first" {
	same "two sockets" 0,2,4,6,8,10,12,14,1,3,5,7,9,11,13,15 \
	    "$(cpus "$TWO_SOCKETS" cores 16)"
	same "nodes" 0,1,2,3,4,5,6,7 "$(cpus "$FOUR_NODES" cores 8)"
	same "no SMT" 0,1,2,3 "$(cpus "$NO_SMT" cores 4)"
}

@test "scatter spreads over packages, caches, cores, then threads" {
	same "two sockets" 0,8,2,10,4,12,6,14,1,9,3,11,5,13,7,15 \
	    "$(cpus "$TWO_SOCKETS" scatter 16)"
	same "two caches" 0,8,4,12,2,10,6,14,1,9,5,13,3,11,7,15 \
	    "$(cpus "$TWO_CACHES" scatter 16)"
	same "nodes" 0,2,4,6,1,3,5,7 "$(cpus "$FOUR_NODES" scatter 8)"
}

@test "l3 deals to last-level caches, numa to nodes" {
	same "two caches" 0,4,8,12,2,6,10,14,1,5,9,13,3,7,11,15 \
	    "$(cpus "$TWO_CACHES" l3 16)"
	same "numa, two caches" 0,8,2,10,4,12,6,14,1,9,3,11,5,13,7,15 \
	    "$(cpus "$TWO_CACHES" numa 16)"
	same "nodes" 0,2,4,6,1,3,5,7 "$(cpus "$FOUR_NODES" numa 8)"
	same "no SMT, l3" 0,1,2,3 "$(cpus "$NO_SMT" l3 4)"
	same "no SMT, numa" 0,1,2,3 "$(cpus "$NO_SMT" numa 4)"
}

@test "fewer workers get the beginning of the same order" {
	for t in "$TWO_SOCKETS" "$TWO_CACHES" "$FOUR_NODES" "$NO_SMT"; do
		for p in compact cores scatter l3 numa; do
			all=$(cpus "$t" "$p" ncpu)
			[ -n "$all" ]
			for n in 1 2 3 4; do
				same "$p, $n on $t" "$(cut -d, -f"1-$n" <<<"$all")" \
				    "$(cpus "$t" "$p" "$n")"
			done
		done
	done
}

@test "more workers than CPUs go round" {
	same "compact" 0,1,2,3,0,1 "$(cpus "$NO_SMT" compact 6)"
	same "list" 3,1,3,1,3 "$(cpus "$NO_SMT" list:3,1 5)"
}

@test "none binds nobody" {
	run on "$TWO_SOCKETS" vmstress check --plan null --pin none -w 2
	same "status" 0 "$status"
	[[ $output != *"cpus list"* ]]
}

@test "the table shows where workers go" {
	run --separate-stderr on "$TWO_SOCKETS" vmstress check null \
	    -w 2,16 --pin scatter --launches 1 --samples 1 --warmup 0s
	same "status" 0 "$status"
	has "$output" "machine: 16 CPUs allowed, "
	same "cell 0" "0 null/1 process 2 scatter 0,8 1 1.00 s" "$(row 0)"
	same "cell 1" "1 null/1 process 16 scatter 0,8,2,10,4,12,6,14,... 1 1.00 s" \
	    "$(row 1)"
}

@test "a CPU that is not there is named" {
	run --separate-stderr on "$NO_SMT" vmstress check null --pin list:0,77 \
	    -w 2
	has "$output" "cpu 77 is not among the CPUs allowed here (0-3)"
}

@test "worker ranges know the machine" {
	run on "$TWO_SOCKETS" vmstress check null -w 1,2,4..ncpu --launches 1
	same "status" 0 "$status"
	same "workers" "1 2 4 8 16" "$(awk '/null\/1/ { print $4 }' \
	    <<<"$output" | tr '\n' ' ' | sed 's/ $//')"
	run on "$TWO_SOCKETS" vmstress check null -w 25%,100% --launches 1
	same "shares" "4 16" "$(awk '/null\/1/ { print $4 }' <<<"$output" |
	    tr '\n' ' ' | sed 's/ $//')"
}

@test "a machine that is only described is not run on" {
	refuses 2 "vmstress: HWLOC_SYNTHETIC or HWLOC_XMLFILE describe another machine: a plan for it can be checked (\`vmstress check\`), not run" \
	    on "$TWO_SOCKETS" vmstress run null
	same "files" "" "$(ls)"
	run on "$TWO_SOCKETS" vmstress run --dry-run null
	same "a dry run" 0 "$status"
}

@test "a description of a machine that is none is refused" {
	run --separate-stderr on "bogus" vmstress check null
	same "status" 2 "$status"
	has "$stderr" "HWLOC_SYNTHETIC"
}

# ---- partners ------------------------------------------------------------

# Partners of two workers for a place of the parameter `near`.
partners() {
	on "$1" vmstress check --plan pipe-pingpong -p near="$2" -w "$3" \
	    --launches 1 | sed -n 's/^partners list=//p'
}

@test "partners are where they are asked for" {
	same "same" 0,2 "$(partners "$TWO_CACHES" same 2)"
	same "smt" 1,3 "$(partners "$TWO_CACHES" smt 2)"
	same "core" 2 "$(partners "$TWO_CACHES" core 1)"
	same "node" 4 "$(partners "$TWO_CACHES" node 1)"
	same "far" 8 "$(partners "$TWO_CACHES" far 1)"
	same "free" "" "$(partners "$TWO_CACHES" free 2)"
}

@test "partners keep off the CPUs of workers and of each other" {
	for near in smt core node far; do
		list=$(partners "$TWO_CACHES" "$near" 4)
		same "$near: different CPUs" 4 "$(tr , '\n' <<<"$list" |
		    sort -u | wc -l)"
		for cpu in ${list//,/ }; do
			case $cpu in 0|2|4|6) false ;; esac
		done
	done
}

@test "a partner's place that there is not is unsupported, with the reason" {
	run --separate-stderr vmstress check pipe-pingpong -p near=core --pin none
	same "status" 0 "$status"
	has "$(row 0)" "unsupported: a partner at 'core' needs bound workers, but pin is none"
}

@test "a described machine shows unsupported places, too" {
	run --separate-stderr on "$NO_SMT" vmstress check pipe-pingpong \
	    -p near=smt,core --launches 1
	same "status" 0 "$status"
	has "$(row 0)" "unsupported: cpu 0 has no other CPU at 'smt'"
	[[ $(row 1) != *unsupported* ]]
}

@test "a run skips a place that there is not" {
	fast pipe-pingpong -p near=core --pin none >out
	journal 'map(select(.type == "end")) | last | .status == "skipped" and
	    .reason == "a partner at '"'core'"' needs bound workers, but pin is none"'
	has "$(cat out)" "unsupported: a partner at 'core' needs bound workers"
}

@test "a plan for the cell does not measure what cannot be placed" {
	vmstress check --plan "${VMS_SHORT[@]}" --pin none pipe-pingpong \
	    -p near=core >plan 2>err
	has "$(cat err)" "cell 0: a partner at 'core' needs bound workers, but pin is none"
	"$VMS_CELL" <plan >out
	# Without its place the number would be that of `near: free`.
	[[ $(grep '^end' out) != *status=ok* ]]
}

# ---- the plan as text ----------------------------------------------------

@test "vmstress-cell takes the plan that check writes" {
	cat >plan.yaml <<-'YAML'
	cells:
	  - {workload: null, mode: [process, thread], workers: [1, 2]}
	  - {workload: zfod, size: 1M, latency: true}
	YAML
	run --separate-stderr vmstress check --plan "${VMS_SHORT[@]}" plan.yaml
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	printf '%s\n' "$output" >plan
	same "blocks" 5 "$(grep -cx go plan)"
	run --separate-stderr "$VMS_CELL" <plan
	same "status of the cell" 0 "$status"
	same "ends" "end status=ok" "$(grep '^end' <<<"$output" | sort -u)"
	same "number of ends" 5 "$(grep -c '^end' <<<"$output")"
	nothing_left
}

# ---- limits --------------------------------------------------------------

@test "RLIMIT_NOFILE is named with the command that lifts it" {
	for cell in "fork -p fds=1000" "pipe-create -p hold=500" \
	    "pipe-ring -p tasks=600 -m thread"; do
		# shellcheck disable=SC2086
		run --separate-stderr bash -c 'ulimit -Sn 300; "$@"' bash \
		    "$VMS_BUILD/vmstress" check --launches 1 $cell
		has "$output" "RLIMIT_NOFILE"
		[[ $output =~ ulimit\ -n\ ([0-9]+) ]]
		enough=${BASH_REMATCH[1]}
		[ "$enough" -ge 1000 ]
		# And that command is enough.
		# shellcheck disable=SC2086,SC2016
		run --separate-stderr bash -c 'ulimit -Sn "$1"; shift; "$@"' \
		    bash "$enough" "$VMS_BUILD/vmstress" check --launches 1 $cell
		same "status of $cell with $enough" 0 "$status"
		has "$(row 0)" " yes"
		has "$output" "limits: none would stop this plan"
	done
}

# Without privilege, which exempts from RLIMIT_NPROC, and a limit of tasks.
with_tasks() {
	local limit=$1

	shift
	if [ "$(id -u)" -ne 0 ]; then
		bash -c 'ulimit -u "$1"; shift; "$@"' bash "$limit" "$@"
	else
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		    prlimit --nproc="$limit" "$@"
	fi
}

can_limit_tasks() {
	[ "$(id -u)" -eq 0 ] || return 0
	command -v setpriv >/dev/null && command -v prlimit >/dev/null
}

@test "RLIMIT_NPROC is named with the command that lifts it" {
	can_limit_tasks || skip "no setpriv or prlimit"
	for_everybody
	run --separate-stderr with_tasks 100 "$everybody/vmstress" check \
	    --launches 1 null -w 200 --pin none
	same "status" 1 "$status"
	line=$(limit_lines | grep RLIMIT_NPROC)
	[[ $line =~ ^limit:\ cell\ 0\ needs\ 2[0-9][0-9]\ processes\ and\ threads,\ RLIMIT_NPROC\ allows\ 100 ]]
	[[ $line =~ lift\ it:\ ulimit\ -u\ [0-9]+$ ]]
}

@test "the tasks that a workload makes count against RLIMIT_NPROC" {
	can_limit_tasks || skip "no setpriv or prlimit"
	for_everybody
	for cell in "pipe-ring -p tasks=200" "thread -p batch=1k"; do
		# shellcheck disable=SC2086
		run --separate-stderr with_tasks 100 "$everybody/vmstress" \
		    check --launches 1 $cell
		has "$output" "RLIMIT_NPROC allows 100"
		has "$output" "lift it: ulimit -u"
		same "status of $cell" 1 "$status"
	done
}

@test "more memory than there is stops a plan" {
	run --separate-stderr vmstress check --launches 1 zfod -p size=1T -w 64
	same "status" 1 "$status"
	[[ $(limit_lines) =~ needs\ 6[4-9](\.[0-9]*)?\ TiB\ of\ memory,\ .*\ are\ available ]]
}
