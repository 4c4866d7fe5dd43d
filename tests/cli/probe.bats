#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The responsiveness probe and the memory of the kernel: when they are there,
# that a stall is seen, and that the probe is no reason for a launch to fail.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# The ids of our probes, without the children that they make.
probes() {
	ps axeww -o pid= -o ppid= -o comm= -o args= |
	    awk -v mark="VMSTRESS_TEST_MARK=$VMSTRESS_TEST_MARK" '
		index($0, mark) > 0 && $3 == "vmstress-probe" { parent[$1] = $2 }
		END {
			for (pid in parent)
				if (!(parent[pid] in parent))
					print pid
		}'
}

probing() {
	[ -n "$(probes)" ]
}

# chain [ARGUMENT...]: a small population.
chain() {
	fast pipe-chain -p processes=200 -p group=20 "$@" >table
}

# Lines of a type, in the order of the record.
lines() {
	jq -r "select(.type == \"$1\") | .$2" r.jsonl | tr '\n' ' ' |
	    sed 's/ $//'
}

# When memory was read.
moments() {
	jq -r 'select(.type == "memory") | .at // .phase' r.jsonl |
	    tr '\n' ' ' | sed 's/ $//'
}

# ---- when it is there ------------------------------------------------------

@test "a population has stalls and memory of every phase" {
	chain --samples 2
	same "status" "ok" "$(statuses)"
	journal 'map(select(.type == "cell")) | all(.probe == true)'
	phases=$(jq -r 'select(.type == "phase" and .index == 0) | .name' \
	    r.jsonl | tr '\n' ' ' | sed 's/ $//')
	same "phases of stalls" "$phases $phases" "$(lines stall phase)"
	same "memory" "setup start $phases start $phases end" \
	    "$(moments)"
	journal 'map(select(.type == "memory")) |
	    map(.index) == (map(.index) | .[:-1] | sort) + [0] and
	    all(if has("at") then has("members") == false and
	    has("phase") == false else .members == 200 end)'
	# No phase without a round has times, and no round takes none.
	journal 'map(select(.type == "stall")) | all(.refused == 0 and
	    (if .rounds == 0 then has("worst_ns") == false else
	    .worst_ns > 0 and .p99_ns > 0 and .p99_ns <= .worst_ns and
	    .fork_worst_ns <= .worst_ns and .wake_worst_ns <= .worst_ns and
	    .read_worst_ns <= .worst_ns and .step_ns >= 10000000 and
	    (.timeline | length) >= 1 and (.timeline | max) == .worst_ns end))'
	journal '[.[] | select(.type == "memory") | .page_tables_bytes,
	    .kernel_stack_bytes, .slab_bytes, .anonymous_bytes,
	    .available_bytes] | length >= 60 and all(. > 0)'
	same "files left" "" "$(find "$TMPDIR" -name 'vmstress-*')"
}

# Without tokens there is nothing to settle or traverse.
@test "a phase that is switched off has no stall and no memory" {
	chain -p laps=0
	phases=$(jq -r 'select(.type == "phase") | .name' r.jsonl | tr '\n' ' ' |
	    sed 's/ $//')
	run ! grep -q traverse <<<"$phases"
	same "phases of stalls" "$phases" "$(lines stall phase)"
	same "memory" "setup start $phases end" "$(moments)"
}

# The counts are those of the whole system, in which others make and end
# processes as well: what they are is not looked at.
@test "what a member costs is in the table, its parts in the wide one" {
	chain
	grep -Eq 'memory bytes/member +-?[0-9.]+ ([KMG]i)?B' table
	run ! grep -Eq 'kernel_stack|not_returned' table
	vmstress show --csv r.jsonl >csv
	grep -q 'memory bytes/member,bytes/member,lower,' csv
	grep -q 'build kernel_stack_bytes/member,bytes/member,,' csv
	grep -q 'not_returned_bytes,bytes,,' csv
	vmstress show --wide r.jsonl >wide
	grep -Eq 'build kernel_stack_bytes/member +-?[0-9.]+ ([KMG]i)?B' wide
	grep -Eq 'not_returned_bytes +-?[0-9.]+ ([KMG]i)?B' wide
}

@test "a long phase of a population is in the table with its stall" {
	fast sleep-herd -p sleepers=20 -p period=50ms -p duration=300ms >table
	grep -Eq 'wake stall_worst_ns +[0-9.]+ (us|ms|s)' table
	run ! grep -q 'exit stall_worst_ns' table
	vmstress show --csv r.jsonl | grep -q 'wake stall_worst_ns,ns,lower,'
	vmstress show --json r.jsonl | jq -e '.[0].rows |
	    map(select(.metric == "wake stall_worst_ns")) | length == 1 and
	    .[0].better == "lower" and .[0].headline == false and
	    .[0].median > 0'
}

@test "without the probe there is nothing of it" {
	chain --no-probe
	cat >c.yaml <<-YAML
	launches: 1
	probe: false
	cells:
	  - {workload: pipe-chain, processes: 100, group: 20}
	YAML
	vmstress run -q -o r2.jsonl c.yaml >table2
	fast -o r3.jsonl null >table3
	fast -o r4.jsonl unmap-only -p count=20 >table4
	for r in r r2 r3 r4; do
		same "statuses of $r" "ok" "$(statuses "$r.jsonl")"
		journal 'map(select(.type == "cell")) | all(.probe == false)' \
		    "$r.jsonl"
		journal 'all(.type != "stall" and .type != "memory")' "$r.jsonl"
	done
	run ! grep -Eq 'stall|memory' table table2 table3 table4
}

@test "a rate has one stall of all its samples, and memory around it" {
	cat >c.yaml <<-YAML
	launches: 1
	samples: 3
	interval: 100ms
	warmup: 10ms
	probe: true
	order: listed
	cells:
	  - {workload: null, mode: [process, thread], workers: 2}
	YAML
	vmstress run -q -o r.jsonl c.yaml >table
	same "statuses" "ok ok" "$(statuses)"
	journal 'map(select(.type == "stall")) | length == 2 and
	    all(.index == 0 and has("phase") == false and .rounds > 0 and
	    .worst_ns > 0)'
	same "memory" "setup start end setup start end" "$(moments)"
	grep -Eq ' stall_worst_ns +[0-9.]+ (us|ms|s)' table
	run ! grep -q bytes/member table
}

@test "a curve has one stall" {
	fast test-curve --probe >table
	same "status" "ok" "$(statuses)"
	journal 'map(select(.type == "stall")) | length == 1 and
	    (.[0] | has("phase")) == false'
}

@test "the plan carries the probe to the cell, and the record to --resume" {
	vmstress check --plan null --probe --launches 1 "${VMS_SHORT[@]}" >plan
	grep -q '^launch .* probe=1' plan
	"$VMS_CELL" <plan >out
	grep -q '^stall ' out
	vmstress import -o i.jsonl out
	journal 'map(select(.type == "cell")) | length == 1 and
	    .[0].probe == true' i.jsonl
	journal 'map(select(.type == "stall")) | length == 1' i.jsonl
	vmstress check --plan null --launches 1 >plan
	grep -q '^launch .* probe=0' plan

	in_background run -q -o r.jsonl --launches 3 --samples 2 \
	    --interval 100ms --warmup 0s --probe null
	wait_for 20 grep -q '"status":"ok"' r.jsonl
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	vmstress run -q --resume r.jsonl >table
	journal '(map(select(.type == "end" and .status == "ok")) | length == 3)
	    and (map(select(.type == "stall")) | map(.launch) | unique ==
	    [0, 1, 2])'
}

# A plan that was written before there was a probe.
@test "a plan that does not speak of the probe has none" {
	vmstress check --plan null --launches 1 "${VMS_SHORT[@]}" |
	    sed 's/ probe=0//' >plan
	run ! grep -q probe plan
	"$VMS_CELL" <plan >out
	grep -q '^end status=ok' out
	run ! grep -Eq '^(stall|memory) ' out
}

# ---- what it sees ------------------------------------------------------------

# watched [ARGUMENT...]: a rate in the background, long enough for whatever a
# busy machine takes to find the probe, which is then in $probe.
watched() {
	rm -f r.jsonl
	in_background run -q -o r.jsonl --launches 1 --samples 6000 \
	    --interval 100ms --warmup 0s --probe "$@" null
	wait_for 20 probing
	wait_for 20 grep -q '"type":"sample"' r.jsonl
	probe=$(probes)
}

end_watched() {
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	nothing_left
}

@test "a stall is seen" {
	watched
	kill -STOP "$probe"
	sleep 0.3
	kill -CONT "$probe"
	sleep 0.3
	end_watched
	journal 'map(select(.type == "stall")) | length == 1 and
	    (.[0] | .worst_ns >= 200000000 and
	    ([.timeline[] | select(. >= 200000000)] | length) >= 1)'
}

# Nobody answers any more when the phase ends: that counts as well.
@test "a stall that has not ended at the end is seen" {
	watched
	kill -STOP "$probe"
	sleep 1
	end_watched
	journal 'map(select(.type == "stall")) | length == 1 and
	    .[0].worst_ns >= 500000000'
}

# ---- what it must not do -------------------------------------------------------

samples() {
	grep -c '"type":"sample"' r.jsonl
}

more_samples() {
	[ "$(samples)" -gt "$1" ]
}

@test "a probe that is killed is noted, and the launch goes on" {
	for mode in process thread; do
		watched -m "$mode"
		kill -KILL "$probe"
		wait_for 20 grep -q '"type":"note"' r.jsonl
		wait_for 20 more_samples "$(samples)"
		end_watched
		journal 'map(select(.type == "note" and
		    .text == "the responsiveness probe was killed")) |
		    length == 1'
		journal 'all(.type != "stall")'
	done
}

@test "without a file to read there is a note and no time of it" {
	TMPDIR=/nowhere/at/all fast --probe null >table
	same "statuses" ok "$(statuses)"
	journal 'map(select(.type == "note" and (.text | startswith("the " +
	    "responsiveness probe reads no file: cannot make one in " +
	    "/nowhere/at/all: No such file or directory")))) | length == 1'
	journal 'map(select(.type == "stall")) | length == 1 and
	    (.[0] | .worst_ns > 0 and has("read_worst_ns") == false)'
}

@test "threads that look for children of theirs do not find the probe" {
	fast -m thread -w 2 --probe free-together -p size=16M >table
	same "statuses" ok "$(statuses)"
	rm -f r.jsonl
	fast -m thread -w 2 --probe fork >table
	same "statuses" ok "$(statuses)"
}

@test "no process and no file of the probe is left behind" {
	# A supervisor, a cell: whoever is killed, the guardian cleans up.
	for who in supervisor cell; do
		watched -w 2
		sleep "0.$((RANDOM % 10))"
		if [ "$who" = supervisor ]; then
			kill -KILL "$background"
		else
			# Everybody's parent but the guardian's.
			kill -KILL "$(ps -o ppid= -p "$probe" | tr -d ' ')"
		fi
		finish_background
		nothing_left 5
		same "probes left" "" "$(probes)"
	done
	# It ends between two rounds, so that not even a child of it is left.
	for _ in 1 2 3 4 5; do
		rm -f r.jsonl
		fast --probe null >table
		journal 'map(select(.type == "end")) |
		    all(has("left_processes") == false)'
	done
}
