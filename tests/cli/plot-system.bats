#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Figures of what a load does to the system: growth, memory, timeline, cpu,
# counters and ipi; what is in their data.
# shellcheck disable=SC2030,SC2031

load common
load compare-common
load plot-common

# nothing NAME RECORD...: there is no such figure, and it says so.
nothing() {
	run -1 vmstress plot -o p --figure "$@"
	has "$output" "nothing to draw for $1"
}

# chain FILE LABEL SIZE...: the head of a record with a population of each size.
chain() {
	local cell=0 size

	file=$1
	launch=0
	echo "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"$2\"}" >"$file"
	shift 2
	for size; do
		echo "{\"type\":\"cell\",\"cell\":$cell,\"workload\":\"chain\",\"version\":1,\"kind\":\"phases\",\"unit\":\"process\",\"params\":{\"processes\":\"$size\"},\"workers\":1,\"mode\":\"process\",\"pin\":\"none\",\"launches\":2,\"samples\":1}"
		cell=$((cell + 1))
	done >>"$file"
}

# memory CELL MOMENT MEMBERS TABLES STACKS SLAB ANONYMOUS, all in KiB.
memory() {
	line memory "$1" ",\"index\":0,$2,\"members\":$3,\"page_tables_bytes\":$(($4 * 1024)),\"kernel_stack_bytes\":$(($5 * 1024)),\"slab_bytes\":$(($6 * 1024)),\"anonymous_bytes\":$(($7 * 1024)),\"available_bytes\":$((2147483648 - ($4 + $5 + $6 + $7) * 1024))"
}

# life CELL MEMBERS NANOSECONDS ANONYMOUS: a launch of a population.  A member
# takes so long to build and to end, and 1, 2, 3 and ANONYMOUS KiB.
life() {
	{
		line launch "$1" ''
		memory "$1" '"at":"start"' 0 100 100 100 100
		line phase "$1" ",\"index\":0,\"name\":\"build\",\"unit\":\"process\",\"ops\":$2,\"elapsed_ns\":$(($2 * $3)),\"headline\":true"
		line kstat "$1" ",\"index\":0,\"phase\":\"build\",\"elapsed_ns\":1000,\"sources\":[\"stat\"],\"values\":{\"stat.user_ns\":250,\"stat.system_ns\":1500}"
		line stall "$1" ",\"index\":0,\"phase\":\"build\",\"rounds\":2,\"refused\":0,\"worst_ns\":3000000,\"p99_ns\":3000000,\"step_ns\":$3,\"timeline\":[3000000,0]"
		memory "$1" '"phase":"build"' "$2" $((100 + $2)) $((100 + 2 * $2)) $((100 + 3 * $2)) $((100 + $4 * $2))
		line phase "$1" ",\"index\":0,\"name\":\"end\",\"unit\":\"process\",\"ops\":$2,\"elapsed_ns\":$(($2 * $3)),\"headline\":false"
		memory "$1" '"phase":"end"' "$2" 100 100 100 100
		line end "$1" ',"status":"ok"'
	} >>"$file"
}

# rate FILE LABEL WORKERS...: the head of a record with a cell for each.
rate() {
	local cell=0 workers

	file=$1
	launch=0
	echo "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"$2\"}" >"$file"
	shift 2
	for workers; do
		echo "{\"type\":\"cell\",\"cell\":$cell,\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\",\"params\":{},\"workers\":$workers,\"mode\":\"process\",\"pin\":\"none\",\"launches\":3,\"samples\":1}"
		cell=$((cell + 1))
	done >>"$file"
}

# seen CELL OPS MORE [LINE...]: a launch with what was seen in it; MORE are
# fields of its head.
seen() {
	local cell=$1

	{
		line launch "$cell" "$3"
		line sample "$cell" ",\"index\":0,\"elapsed_ns\":1000000000,\"ops\":$2"
		shift 3
		while [ $# -gt 1 ]; do
			line "$1" "$cell" "$2"
			shift 2
		done
		line end "$cell" ',"status":"ok"'
	} >>"$file"
}

stat() {
	echo ",\"index\":0,\"sources\":[\"stat\",\"interrupts\"],\"values\":{$1}"
}

@test "growth is time per operation, and the slope of its logarithms" {
	chain a.jsonl old 10 100 1k
	for launch in 0 1; do
		life 0 10 1000 4
		life 1 100 10000 4
		life 2 1000 100000 4
	done
	figure growth a.jsonl
	same "files" "p/growth-chain_1-build_process_s-processes.svg
p/growth-chain_1-end_process_s-processes.svg" "$(sort out)"
	same "times" "10 1e-06
100 1e-05
1000 0.0001" "$(block growth-chain_1-build_process_s-processes 0 | cut -d' ' -f1,2)"
	same "units" 6 "$(block growth-chain_1-build_process_s-processes 1 | wc -l)"
	has "$(cat p/growth-chain_1-build_process_s-processes.dat)" \
	    "# slope 1.00 [1.00, 1.00]: old"
	has "$(cat p/growth-chain_1-build_process_s-processes.gp)" \
	    "set xtics ('10' 10, '100' 100, '1k' 1000)"
}

@test "two sizes have no slope" {
	chain a.jsonl old 10 100
	for launch in 0 1; do
		life 0 10 1000 4
		life 1 100 10000 4
	done
	nothing growth a.jsonl
}

@test "memory against a size: each part by itself" {
	chain a.jsonl old 10 100
	for launch in 0 1; do
		life 0 10 1000 4
		life 1 100 10000 $((launch * 8))
	done
	figure memory a.jsonl
	same "files" p/memory-chain_1-processes.svg "$(cat out)"
	same "means" "10 1 2 3 4
100 1 2 3 4" "$(block memory-chain_1-processes 0)"
	same "each" "10 1 2 3 4
10 1 2 3 4
100 1 2 3 0
100 1 2 3 8" "$(block memory-chain_1-processes 1)"
	has "$(cat p/memory-chain_1-processes.gp)" "means of 2 launches"
}

@test "memory of one size: bars with their parts, unless they are dwarfed" {
	chain a.jsonl old 10
	life 0 10 1000 4
	chain b.jsonl new 10
	life 0 10 1000 18
	figure memory a.jsonl
	same "tables" '"x1" 1 0 1' "$(block memory-chain_1 0 | sed 's/old, //')"
	same "anonymous" '"x1" 1 6 10' "$(block memory-chain_1 3 | sed 's/old, //')"
	same "the sum" '1 10' "$(block memory-chain_1 4)"
	# Three times as much as all others is not more than that.
	figure memory a.jsonl b.jsonl
	same "rows" '"old, x1" 1 6 10
"new, x1" 2 6 24' "$(block memory-chain_1 3)"
	chain b.jsonl new 10
	life 0 10 1000 19
	figure memory a.jsonl b.jsonl
	same "slab" '"old, x1 + anonymous 4.00 KiB" 1 3 6
"new, x1 + anonymous 19.0 KiB" 2 3 6' "$(block memory-chain_1 2)"
	same "the sum" "1 6
2 6" "$(block memory-chain_1 3)"
}

@test "timeline: members, stalls, memory and CPUs over the phases" {
	chain a.jsonl old 512 1024
	life 0 512 1000000 1
	life 1 1024 1000000 1
	figure timeline a.jsonl
	same "the largest" p/timeline-chain_1.svg "$(cat out)"
	same "members" "0 0
1.024 1024
2.048 0" "$(block timeline-chain_1 0)"
	same "stalls, of which one is none" "0 3
2.048 NaN" "$(block timeline-chain_1 1)"
	same "memory" "0 0 0 0 0 0
1.024 7 1 2 3 1
2.048 0 0 0 0 0" "$(block timeline-chain_1 2)"
	same "CPUs" "0 1.5 0.25
1.024 1.5 0.25
2.048 NaN NaN" "$(block timeline-chain_1 3)"
	has "$(cat p/timeline-chain_1.gp)" "phase_2 = 'end'"
	figure timeline --all a.jsonl
	same "all" 2 "$(wc -l <out)"
}

@test "timeline: a launch that is not valid is none" {
	chain a.jsonl old 512
	life 0 512 1000000 1
	sed -i 's/.*"type":"end".*/{"type":"validity","cell":0,"launch":0,"valid":false,"rules":["steal"],"reasons":["x"]}\n&/' a.jsonl
	nothing timeline a.jsonl
	figure timeline --keep-invalid a.jsonl
}

@test "cpu: shares of all that is known, without launches that only count" {
	rate a.jsonl old 1
	seen 0 '[100]' '' kstat "$(stat '"stat.user_ns":200,"stat.system_ns":500,"stat.softirq_ns":100,"stat.idle_ns":200')"
	launch=1
	seen 0 '[100]' '' kstat "$(stat '"stat.user_ns":200,"stat.system_ns":700,"stat.softirq_ns":100')"
	launch=2
	seen 0 '[100]' ',"times":false' kstat "$(stat '"stat.user_ns":1000')"
	figure cpu a.jsonl
	same "system" '"x1" 1 0 60' "$(block cpu-zfod_1 0)"
	same "interrupts" '"x1" 1 60 70' "$(block cpu-zfod_1 1)"
	same "user" '"x1" 1 70 90' "$(block cpu-zfod_1 2)"
	same "idle" '"x1" 1 90 100' "$(block cpu-zfod_1 5)"
	same "system of each launch" "1 60
1 80" "$(block cpu-zfod_1 6)"
	has "$(cat p/cpu-zfod_1.gp)" "means of 2 launches"
}

@test "counters per operation, of launches that only count too" {
	rate a.jsonl old 1 2
	seen 0 '[100]' ',"times":false' counter ',"index":0,"name":"page-faults","status":"ok","value":50' \
	    counter ',"index":0,"name":"cycles","status":"not_supported","value":null'
	seen 1 '[100,100]' ',"times":false' counter ',"index":0,"name":"page-faults","status":"ok","value":300'
	launch=1
	seen 0 '[100]' ''
	seen 1 '[100,100]' ''
	figure counters a.jsonl
	same "per fault" "1 0.5
2 1.5" "$(block counters-zfod_1 0)"
	has "$(cat p/counters-zfod_1.gp)" "title_1 = 'page-faults'"
	has "$(cat p/counters-zfod_1.gp)" "events per fault"
	nothing ipi a.jsonl
}

@test "interrupts between processors: what did not change is 0" {
	rate a.jsonl old 1 2
	seen 0 '[100]' '' kstat "$(stat '"interrupts.RES":10')"
	seen 1 '[100,100]' '' kstat "$(stat '"interrupts.RES":40,"interrupts.TLB":100,"interrupts.LOC":7')"
	figure ipi a.jsonl
	has "$(cat p/ipi-zfod_1.gp)" "title_1 = 'TLB shootdowns'"
	has "$(cat p/ipi-zfod_1.gp)" "title_2 = 'reschedulings'"
	same "per fault" "1 0 0.1
2 0.5 0.2" "$(block ipi-zfod_1 0)"
	nothing counters a.jsonl
}

@test "one worker count is no line" {
	rate a.jsonl old 1
	seen 0 '[100]' '' kstat "$(stat '"interrupts.RES":10')"
	nothing ipi a.jsonl
}

@test "names out of a record cannot leave their quotes" {
	rate a.jsonl "x'; system 'touch gone" 1 2
	seen 0 '[100]' '' counter ',"index":0,"name":"a'"'"'.system(\"touch gone\").'"'"'","status":"ok","value":50'
	seen 1 '[100,100]' '' counter ',"index":0,"name":"a'"'"'.system(\"touch gone\").'"'"'","status":"ok","value":50'
	figure counters a.jsonl
	[ ! -e p/gone ]
	[ ! -e gone ]
}
