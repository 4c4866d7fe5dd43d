#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Every workload for a moment: in each of its modes, with one worker and with
# two, with every choice that it offers, and with every operation timed.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# Long enough for a worker to get some time of a machine that is busy.
settings() {
	cat <<-'YAML'
	order: listed
	launches: 1
	samples: 1
	interval: 150ms
	warmup: 10ms
	cells:
	YAML
}

# "NAME KIND MODE..." for every listed workload.
workloads() {
	vmstress list | awk '
		NR == 1 { what = index($0, "what"); modes = index($0, "modes") }
		NF == 0 { exit }
		NR > 1 {
			name = $1
			sub(/\/.*/, "", name)
			m = substr($0, modes, what - modes)
			gsub(/[, ]+/, " ", m)
			print name, $2, m
		}'
}

# "PARAMETER CHOICE..." for every parameter with choices.
choices() {
	vmstress list "$1" | sed -n '/^parameter /,$p' | awk '
		NR == 1 { at = index($0, "accepts"); end = index($0, "what") }
		NR > 1 {
			accepts = substr($0, at, end - at)
			if (sub(/^one of: /, "", accepts)) {
				gsub(/[, ]+/, " ", accepts)
				print $1, accepts
			}
		}'
}

# Run c.yaml and look at every launch of the record.
smoke() {
	run --separate-stderr vmstress run -q -o r.jsonl c.yaml
	bad=$(jq -r 'select(.type == "end" and .status != "ok" and
	    (.status != "skipped" or (.reason // "") == "")) |
	    "cell \(.cell): \(.status): \(.reason)"' r.jsonl)
	same "launches that failed" "" "$bad"
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	cells=$(grep -c '"type":"cell"' r.jsonl)
	same "one end for each cell" "$cells" \
	    "$(jq -r 'select(.type == "end") | .cell' r.jsonl | sort -u | wc -l)"
	has "$output" "workload"
	nothing_left
}

# Every launch that is ok has what its kind of workload is to give.
results() {
	jq -rs '
		(map(select(.type == "cell")) | map({ (.cell | tostring): . }) |
		    add) as $cells |
		map(select(.type == "end" and .status == "ok") | .cell)[] as $c |
		$cells[$c | tostring] as $cell |
		map(select(.cell == $c)) as $lines |
		if $cell.kind == "rate" then
			($lines | map(select(.type == "sample"))) as $s |
			if ($s | length) != $cell.samples then
				"\($c) \($cell.workload): \($s | length) samples"
			elif any($s[]; (.ops | length) != $cell.workers or
			    any(.ops[]; . <= 0) or .elapsed_ns <= 0) then
				"\($c) \($cell.workload): \($s | map(.ops))"
			else empty end
		elif $cell.kind == "phases" then
			if any($lines[]; .type == "phase" and .ops > 0 and
			    .elapsed_ns > 0) then empty
			else "\($c) \($cell.workload): no phase" end
		else
			if any($lines[]; .type == "curve" and .count > 0) then
				empty
			else "\($c) \($cell.workload): no curve" end
		end' r.jsonl
}

# Under a heavy load a worker may sleep through a short sample: those cells,
# and only those, get a longer one before they count as wrong.
all_work() {
	local bad

	bad=$(results)
	if [ -n "$bad" ]; then
		mv r.jsonl first.jsonl
		sed -i 's/^interval: .*/interval: 3s/' c.yaml
		pick "$(cut -d' ' -f1 <<<"$bad")" <c.yaml >again.yaml
		mv again.yaml c.yaml
		smoke
		bad=$(results)
	fi
	same "launches without operations" "" "$bad"
}

# The settings and the cells with these numbers; every cell is one line.
pick() {
	awk -v list="$(tr '\n' ' ' <<<"$1")" '
		BEGIN { n = split(list, l); for (i = 1; i <= n; i++) want[l[i]] }
		!/^  - / { print; next }
		cell++ in want' -
}

# What makes a workload whose default takes seconds a small one.
small() {
	case $1 in
	fork-cow) echo ", children: 40, pages: 40" ;;
	pipe-chain) echo ", processes: 100, group: 10" ;;
	sleep-herd) echo ", duration: 300ms" ;;
	unmap-big | free-together) echo ", size: 16M" ;;
	unmap-only | map-only) echo ", count: 20" ;;
	esac
}

@test "every workload works in each of its modes with one worker and two" {
	{
		settings
		workloads | while read -r name _ modes; do
			for mode in $modes; do
				for workers in 1 2; do
					echo "  - {workload: $name, mode: $mode, workers: $workers$(small "$name")}"
				done
			done
		done
	} >c.yaml
	same "workloads of the config" "$(vmstress list | awk 'NF == 0 { exit }
	    NR > 1 { sub(/\/.*/, "", $1); print $1 }')" \
	    "$(sed -n 's/.*workload: \([^,]*\),.*/\1/p' c.yaml | uniq)"
	[ "$(grep -c workload: c.yaml)" -gt 20 ]
	smoke
	# The default of a workload is nothing that this machine cannot do.
	same "skipped" "" "$(jq -r 'select(.type == "end" and
	    .status == "skipped") | .reason' r.jsonl)"
	all_work
}

@test "every choice of every parameter works or says why not" {
	{
		settings
		workloads | while read -r name _ mode _; do
			choices "$name" | while read -r param list; do
				for choice in $list; do
					echo "  - {workload: $name, mode: $mode, $param: '$choice'$(small "$name")}"
				done
			done
		done
	} >c.yaml
	grep -q "workload: zfod, mode: process, thp: 'system'" c.yaml
	grep -q "workload: fork, mode: process, method: 'vfork'" c.yaml
	smoke
	all_work
}

@test "every choice works for threads, too" {
	{
		settings
		workloads | while read -r name _ modes; do
			[[ " $modes " == *" thread "* ]] || continue
			choices "$name" | while read -r param list; do
				for choice in $list; do
					echo "  - {workload: $name, mode: thread, workers: 2, $param: '$choice'}"
				done
			done
		done
	} >c.yaml
	grep -q "workload: zfod, mode: thread, workers: 2, thp: 'off'" c.yaml
	smoke
	all_work
}

@test "every rate workload can be timed operation by operation" {
	{
		settings
		workloads | while read -r name kind mode _; do
			[ "$kind" != rate ] ||
			    echo "  - {workload: $name, mode: $mode, latency: true}"
		done
	} >c.yaml
	smoke
	all_work
	# The buckets hold as many operations as were timed.
	same "histograms" "" "$(jq -r 'select(.type == "histogram") |
	    select(.count <= 0 or .max_ns <= 0 or .sum_ns < .max_ns or
	    .count != ([.buckets[][1]] | add)) | tostring' r.jsonl)"
	same "a histogram each" "$(grep -c '"status":"ok"' r.jsonl)" \
	    "$(grep -c '"type":"histogram"' r.jsonl)"
}

@test "the workloads of the contract work in both modes" {
	{
		settings
		for name in skeleton test-phases test-curve test-faults; do
			vmstress list "$name" >/dev/null || continue
			for mode in process thread; do
				echo "  - {workload: $name, mode: $mode, workers: 2}"
			done
		done
		echo "  - {workload: test-crowd, workers: 2}"
	} >c.yaml
	smoke
	all_work
}

@test "nothing that workloads make stays in the temporary directory" {
	mkdir tmp
	{
		settings
		workloads | while read -r name _ modes; do
			for mode in $modes; do
				echo "  - {workload: $name, mode: $mode, interval: 20ms$(small "$name")}"
			done
		done
	} >c.yaml
	TMPDIR=$T/tmp vmstress run -q -o r.jsonl c.yaml >/dev/null
	same "files" "" "$(ls -A tmp)"
}
