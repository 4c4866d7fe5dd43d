#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The record of a run: what other programs may rely on, and what becomes of it
# when the disk, the permissions or the user say no.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

HEADER=workload,params,mode,workers,pin,metric,unit,better,median,low,high,launches,status

teardown() {
	if [ -d "$T/small" ]; then
		umount "$T/small" 2>/dev/null || true
	fi
	common_teardown
}

mixed_config() {
	cat >c.yaml <<-'YAML'
	label: a "label", with a comma
	launches: 2
	samples: 2
	interval: 50ms
	warmup: 10ms
	cells:
	  - {workload: null, workers: [1, 2]}
	  - {workload: zfod, size: 1M, latency: true, mode: thread}
	  - {workload: test-curve, n: 100}
	  - {workload: brk, pin: none}
	  - {workload: test-faults, how: skips}
	YAML
}

mixed_run() {
	mixed_config
	vmstress run -q -o r.jsonl --seed 5 c.yaml >out
}

# "CELL:LAUNCH" of all launches with a result, in the order of the record.
order_of() {
	jq -r 'select(.type == "end") | "\(.cell):\(.launch)"' "$1"
}

# ---- the journal ---------------------------------------------------------

@test "every line is JSON with a type, and the first is the run" {
	mixed_run
	journal 'all(type == "object" and (.type | type) == "string")'
	journal '.[0] | .type == "run" and .schema == "vmstress-result/1" and
	    .label == "a \"label\", with a comma" and .name == "c" and
	    .order == "random" and .seed == 5 and .cells == 6 and
	    (.started | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")) and
	    (.tool.version | test("^[0-9]+\\."))'
	journal '[.[] | select(.type == "run")] | length == 1'
	# Terminated by newlines, every one of them.
	same "lines" "$(wc -l <r.jsonl)" "$(jq -s length r.jsonl)"
}

@test "the run line has the facts of the machine" {
	mixed_run
	journal ".[0].kernel.release == \"$(uname -r)\""
	journal ".[0].machine.page_bytes == \"$(getconf PAGESIZE)\""
	journal '.[0] | (.machine | type) == "object" and
	    (.machine.cpus_online | tonumber) >= 1 and
	    (.machine.topology | length) > 0 and
	    (.tunables | type) == "object" and (.limits | type) == "object"'
	# What changes by itself is noted before and after.
	journal '.[0].env.loadavg | length > 0'
	journal 'map(select(.type == "env")) | length == 1 and
	    .[0].when == "after" and (.[0].env.loadavg | length > 0)'
}

@test "every cell is described before anything is measured" {
	mixed_run
	journal '[.[] | select(.type == "cell")] | length == 6 and
	    map(.cell) == [range(6)]'
	journal '(map(.type) | index("launch")) > (map(.type) | rindex("cell"))'
	journal 'map(select(.type == "cell"))[1] | .workload == "null" and
	    .version == 1 and .kind == "rate" and .unit == "turn" and
	    .params == {} and .workers == 2 and .mode == "process" and
	    .pin == "cores" and .launches == 2 and .samples == 2 and
	    .interval_ns == 50000000 and .warmup_ns == 10000000 and
	    .latency == false'
	journal 'map(select(.type == "cell"))[2] | .workload == "zfod" and
	    .unit == "fault" and .mode == "thread" and .latency == true and
	    .params.size == "1M" and .params.thp == "off"'
}

@test "samples have one count per worker and a measured time" {
	mixed_run
	journal 'map(select(.type == "sample" and .cell == 1)) | length == 4 and
	    all((.ops | length) == 2 and (.ops | all(type == "number")) and
	    .elapsed_ns > 0 and (.launch == 0 or .launch == 1)) and
	    (map([.launch, .index]) | sort) == [[0,0],[0,1],[1,0],[1,1]]'
	# An interval that is exact every time was not measured.
	journal 'map(select(.type == "sample") | .elapsed_ns) | unique |
	    length > 1'
	journal 'map(select(.type == "sample" and .cell == 2)) | length == 4 and
	    all((.aside_ns | length) == 1)'
}

@test "launches say where they ran and with which clock" {
	mixed_run
	journal 'map(select(.type == "launch")) | length == 12'
	journal 'map(select(.type == "launch" and .cell == 1)) |
	    all((.cpus | length) == 2 and .clock_cost_ns > 0 and
	    .clock_step_ns > 0 and (.clock | startswith("CLOCK_")) and
	    .page_bytes > 0)'
	journal 'map(select(.type == "launch" and .cell == 4)) |
	    all(has("cpus") | not)'
}

@test "histograms, curves, skew and use of resources are kept" {
	mixed_run
	journal 'map(select(.type == "histogram")) | length == 2 and
	    all(.cell == 2 and .count > 0 and .sum_ns > 0 and .max_ns > 0 and
	    .count == ([.buckets[][1]] | add))'
	journal 'map(select(.type == "curve" and .cell == 3)) | length > 2 and
	    all(.min_ns <= .mean_ns and .mean_ns <= .max_ns and .count > 0)'
	journal 'map(select(.type == "curve" and .cell == 3 and .launch == 0) |
	    .count) | add == 100'
	journal 'map(select(.type == "rusage")) | length == 10 and
	    all(.user_ns >= 0 and .system_ns >= 0 and .wall_ns > 0)'
	journal 'map(select(.type == "skew" and .cell == 1)) | length == 2 and
	    all(.start_ns >= 0 and .stop_ns >= 0)'
}

@test "phases have names, units, operations and time, one line per repeat" {
	run --separate-stderr vmstress run -q -o r.jsonl --launches 1 \
	    --samples 2 test-phases -p items=50
	same "status" 0 "$status"
	journal 'map(select(.type == "phase") | .name) ==
	    ["build", "use", "drop", "build", "use", "drop"]'
	journal 'map(select(.type == "phase")) | all(.unit == "item" and
	    .ops == 50 and .elapsed_ns > 0 and
	    .headline == (.name == "use") and (has("asked") | not))'
}

@test "a workload in phases can record a latency by itself" {
	# Numbers from 0 to 49, by two workers in two rounds.
	for mode in process thread; do
		rm -f r.jsonl
		run --separate-stderr vmstress run -q -o r.jsonl --launches 1 \
		    --samples 2 -w 2 -m "$mode" test-phases -p items=50
		same "status" 0 "$status"
		journal 'map(select(.type == "histogram")) | length == 1 and
		    (.[0] | .count == 200 and .sum_ns == 4900 and
		    .max_ns == 49 and .buckets == [range(50) | [., 4]])'
	done
	vmstress show --json r.jsonl | jq -e '.[0].rows |
	    map(select(.metric == "p50_ns" or .metric == "max_ns") |
	    .median) == [24, 49]'
	# One that recorded nothing has no histogram.
	rm r.jsonl
	fast test-phases -p items=50 -p reach=0 >out
	journal 'all(.[]; .type != "histogram")'
}

@test "a partial population says how far it got and why" {
	fast test-phases -p items=50 -p reach=10 >out
	journal 'map(select(.type == "phase" and .name == "build"))[0] |
	    .asked == 50 and .reached == 10 and .ops == 10 and
	    .limit == "parameter reach"'
}

@test "every launch ends once, skipped ones with a reason" {
	mixed_run
	same "ends" 12 "$(order_of r.jsonl | sort -u | wc -l)"
	same "lines of ends" 12 "$(order_of r.jsonl | wc -l)"
	journal 'map(select(.type == "end")) | all(.status == "ok" or
	    (.cell == 5 and .status == "skipped" and
	    .reason == "skips as it was told to"))'
}

# ---- show ----------------------------------------------------------------

@test "the first columns of --csv are as promised" {
	mixed_run
	csv=$(vmstress show --csv r.jsonl)
	first=$(head -n 1 <<<"$csv")
	same "header" "$HEADER" "${first:0:${#HEADER}}"
	[[ ${first:${#HEADER}:1} == , || ${#first} -eq ${#HEADER} ]]
	# No title twice.
	same "titles" "" "$(tr , '\n' <<<"$first" | sort | uniq -d)"
}

@test "--csv has the same numbers as --json, and the table rounds them" {
	vmstress run -q -o r.jsonl --launches 2 --samples 2 --interval 50ms \
	    --warmup 10ms --latency -w 1,2 zfod -p size=1M >table
	vmstress show --csv r.jsonl >csv
	vmstress show --json r.jsonl >json
	jq -e 'type == "array" and length == 1 and (.[0].rows | length) > 4' json
	# No value of this record has a comma in it.
	jq -R -s 'split("\n") | map(select(. != "") | split(",")) |
	    .[0] as $names | .[1:] | map([$names, .] | transpose |
	    map({ (.[0]): .[1] }) | add)' csv >from_csv
	jq -e -s '
		.[0] as $csv | .[1][0].rows as $rows |
		($csv | length) == ($rows | length) and
		all(range($rows | length); . as $i |
		    $rows[$i] as $r | $csv[$i] as $c |
		    all($r | keys[]; . as $k |
			$r[$k] as $v | ($c[$k] // "absent") as $text |
			if $v == null then $text == ""
			elif ($v | type) == "number" then
			    ($text | tonumber) == $v
			else ($v | tostring) == $text end))' from_csv json
	same "table" "$(cat table)" "$(vmstress show r.jsonl)"
	# 1.234M of the table is 1234xxx of the record.
	median=$(jq '.[0].rows[0].median' json)
	shown=$(awk '/^workload|^cell/ { at = index($0, "median") + 6; next }
	    at && /zfod/ { s = substr($0, 1, at - 1); sub(/.* /, "", s)
		print s; exit }' table)
	awk -v m="$median" -v s="$shown" 'BEGIN {
		f["k"] = 1e3; f["M"] = 1e6; f["G"] = 1e9
		u = substr(s, length(s))
		v = s * (u in f ? f[u] : 1)
		exit !(v > 0 && (v - m) / m < 6e-4 && (m - v) / m < 6e-4) }'
}

@test "the median is the median over launches of the rates in the record" {
	fast --launches 3 --samples 2 -w 2 null >out
	want=$(jq -s '[.[] | select(.type == "sample")] | group_by(.launch) |
	    map((map(.ops | add) | add) * 1e9 / (map(.elapsed_ns) | add)) |
	    sort | .[1]' r.jsonl)
	is=$(vmstress show --json r.jsonl | jq '.[0].rows[0].median')
	jq -n -e "($want - $is) / $want | fabs < 1e-9"
}

@test "units and directions are said" {
	mixed_run
	vmstress show --json r.jsonl >json
	jq -e '.[0].rows | map(select(.headline)) | map([.unit, .better]) ==
	    [["turn/s", "higher"], ["turn/s", "higher"], ["fault/s", "higher"],
	    ["ns/step", "lower"], ["call/s", "higher"], ["addition/s", "higher"]]' json
	jq -e '.[0].rows[-1] | .status == "skipped" and .median == null and
	    .reason == "skips as it was told to"' json
	has "$(vmstress show r.jsonl)" "unsupported: skips as it was told to"
}

@test "what was not measured is empty or null, never 0" {
	fast null >out
	journal 'all(select(.type == "histogram")) and
	    (map(select(.type == "histogram")) | length == 0)'
	vmstress show --json r.jsonl | jq -e '.[0].rows[0] | .cv == null and
	    .bytes_per_s == null and .timing_cost_ns == null'
	same "cv" "" "$(vmstress show --csv r.jsonl | awk -F, '
	    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "cv") c = i }
	    NR == 2 { print $c }')"
}

@test "--json of run is that of show, and stdout has nothing else" {
	run --separate-stderr vmstress run --json "${VMS_SHORT[@]}" -o r.jsonl null
	same "status" 0 "$status"
	same "standard output" "$(vmstress show --json r.jsonl)" "$output"
	has "$stderr" "record: r.jsonl"
}

@test "several records are shown one after the other" {
	fast --label one null >/dev/null
	mv r.jsonl 1.jsonl
	fast --label two null >/dev/null
	run --separate-stderr vmstress show 1.jsonl r.jsonl
	same "status" 0 "$status"
	has "$output" "label one"
	has "$output" "label two"
	same "labels" "one two" "$(vmstress show --csv 1.jsonl r.jsonl |
	    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "label") c = i }
	    NR > 1 { print $c }' | tr '\n' ' ' | sed 's/ $//')"
	vmstress show --json 1.jsonl r.jsonl | jq -e 'length == 2'
}

@test "what is no record is refused" {
	echo hello >junk
	refuses 2 "vmstress: junk:1: not a vmstress record: it does not begin as what \`vmstress run --output\` writes" vmstress show junk
	: >empty
	refuses 2 "vmstress: empty: no vmstress record: empty file" \
	    vmstress show empty
	refuses 2 "vmstress: absent: cannot open the record: No such file or directory" \
	    vmstress show absent
	refuses 2 "vmstress: junk:1: not a vmstress record: it does not begin as what \`vmstress run --output\` writes" \
	    vmstress run --resume junk
	same "junk" hello "$(cat junk)"
}

@test "a torn last line is ignored" {
	fast --launches 2 null >/dev/null
	grep -v '"type":"env","when":"after"' r.jsonl | head -c -20 >torn.jsonl
	run --separate-stderr vmstress show torn.jsonl
	same "status" 0 "$status"
	has "$output" "1/2"
}

@test "env compares two records" {
	fast null >/dev/null
	mv r.jsonl 1.jsonl
	jq -c 'if .type == "run" then .kernel.release = "9.9-test" else . end' \
	    1.jsonl >2.jsonl
	run --separate-stderr vmstress env 1.jsonl 2.jsonl
	same "status" 0 "$status"
	same "rows" 2 "${#lines[@]}"
	has "${lines[1]}" "kernel.release"
	has "${lines[1]}" "9.9-test"
	same "no difference" "no recorded fact differs" \
	    "$(vmstress env 1.jsonl 1.jsonl)"
}

# ---- labels, seeds, files ------------------------------------------------

@test "--label is kept and shown" {
	run --separate-stderr fast --label 'mm: folios (v3)' null
	has "${lines[0]}" "label mm: folios (v3)"
	journal '.[0].label == "mm: folios (v3)"'
}

@test "the same seed gives the same order, another one another" {
	options=(-q "${VMS_SHORT[@]}" --interval 5ms --warmup 0s --launches 2
	    -w '1,2,3,4,5,6')
	vmstress run "${options[@]}" --seed 3 -o 1.jsonl null >/dev/null
	vmstress run "${options[@]}" --seed 3 -o 2.jsonl null >/dev/null
	vmstress run "${options[@]}" --seed 4 -o 3.jsonl null >/dev/null
	same "order" "$(order_of 1.jsonl)" "$(order_of 2.jsonl)"
	[ "$(order_of 1.jsonl)" != "$(order_of 3.jsonl)" ]
	same "order of check" "$(vmstress check --plan --seed 3 --launches 2 \
	    -w 1,2,3,4,5,6 null |
	    sed -n 's/^launch cell=\([0-9]*\) launch=\([0-9]*\) .*/\1:\2/p')" \
	    "$(order_of 1.jsonl)"
}

@test "without -o the record is named after what is run" {
	run --separate-stderr vmstress run "${VMS_SHORT[@]}" null
	same "status" 0 "$status"
	file=$(ls)
	[[ $file =~ ^null-[0-9]{8}-[0-9]{6}\.jsonl$ ]]
	has "$stderr" "record: $file"
}

@test "a file that exists is refused and stays untouched" {
	echo precious >r.jsonl
	refuses 2 "vmstress: r.jsonl: the file exists already (choose another name, or continue a record with --resume)" \
	    fast null
	same "content" precious "$(cat r.jsonl)"
	nothing_left
}

@test "a folder that cannot be written to is named" {
	refuses 2 "vmstress: no/r.jsonl: cannot create the record: No such file or directory" \
	    vmstress run -q -o no/r.jsonl null
	if [ "$(id -u)" -eq 0 ]; then
		command -v setpriv >/dev/null || skip "root may write anywhere"
		for_everybody
		cd "$everybody"
		as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		refuses 2 "vmstress: r.jsonl: cannot create the record: Permission denied" \
		    "${as_nobody[@]}" ./vmstress run -q -o r.jsonl null
		cd "$T"
	else
		mkdir ro
		chmod 555 ro
		refuses 2 "vmstress: ro/r.jsonl: cannot create the record: Permission denied" \
		    vmstress run -q -o ro/r.jsonl null
	fi
}

@test "two runs do not write one record" {
	in_background run -q -o r.jsonl --launches 1 --samples 1 \
	    --interval 60s null
	wait_for 10 test -s r.jsonl
	wait_for 10 runs vmstress-cell
	refuses 2 "vmstress: r.jsonl: another run is writing this record (wait for it, or choose another file)" \
	    vmstress run --resume r.jsonl
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	nothing_left
}

# ---- a full disk ---------------------------------------------------------

small_disk() {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount a small file system"
	[ "$(uname -s)" = Linux ] || skip "mounts a Linux tmpfs"
	mkdir small
	mount -t tmpfs -o "size=$1" none small 2>/dev/null ||
	    skip "cannot mount a tmpfs here"
}

@test "a disk that becomes full leaves what was measured readable" {
	small_disk 64k
	run --separate-stderr vmstress run -q -o small/r.jsonl --launches 6 \
	    --samples 250 --interval 1ms --warmup 0s null
	same "status" 1 "$status"
	has "$stderr" "vmstress: small/r.jsonl: cannot write to the record: No space left on device"
	nothing_left
	run --separate-stderr vmstress show --json small/r.jsonl
	same "status of show" 0 "$status"
	jq -e '.[0].rows[0] | .launches >= 1 and .launches < 6 and .median > 0' \
	    <<<"$output"
	# No torn line is left in the way of more.
	cp small/r.jsonl .
	journal 'length > 0'
	run --separate-stderr vmstress run -q --resume r.jsonl
	same "status of the rest" 0 "$status"
	same "launches" "0:0 0:1 0:2 0:3 0:4 0:5" \
	    "$(order_of r.jsonl | sort | tr '\n' ' ' | sed 's/ $//')"
}

@test "a disk that is full from the start leaves no empty record" {
	small_disk 4k
	head -c 4096 /dev/zero >small/filler || true
	run --separate-stderr vmstress run -q -o small/r.jsonl null
	same "status" 2 "$status"
	has "$stderr" "small/r.jsonl: cannot write to the record: No space left on device"
	same "files" filler "$(ls small)"
}

# ---- resume --------------------------------------------------------------

@test "an interrupted run is completed by --resume, each launch once" {
	in_background run -q -o r.jsonl --launches 2 --samples 1 \
	    --interval 200ms --warmup 0s -w 1,2,3,4 --seed 9 null
	wait_for 20 grep -q '"type":"end"' r.jsonl
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	before=$(wc -l <r.jsonl)
	cp r.jsonl before.jsonl
	run --separate-stderr vmstress run -q --resume r.jsonl
	same "status of --resume" 0 "$status"
	same "the old lines" "$(cat before.jsonl)" "$(head -n "$before" r.jsonl)"
	# Launches that were interrupted are made anew; none twice.
	same "completed" "0:0 0:1 1:0 1:1 2:0 2:1 3:0 3:1" "$(jq -r '
	    select(.type == "end" and .status == "ok") |
	    "\(.cell):\(.launch)"' r.jsonl | sort | tr '\n' ' ' | sed 's/ $//')"
	vmstress show --json r.jsonl | jq -e '.[0].rows | all(.launches == 2 and
	    .status == "ok")'
	# The rest keeps the order of the seed.
	planned=$(vmstress check --plan --launches 2 -w 1,2,3,4 --seed 9 null |
	    sed -n 's/^launch cell=\([0-9]*\) launch=\([0-9]*\) .*/\1:\2/p')
	same "order" "$planned" "$(jq -r 'select(.type == "end" and
	    .status == "ok") | "\(.cell):\(.launch)"' r.jsonl)"
}

@test "a complete record is resumed without a launch" {
	fast --launches 2 null >/dev/null
	cp r.jsonl before.jsonl
	run --separate-stderr vmstress run -q --resume r.jsonl
	same "status" 0 "$status"
	same "record" "$(cat before.jsonl)" "$(cat r.jsonl)"
}

@test "a record of another version of a workload is not resumed" {
	fast --launches 2 null >/dev/null
	jq -c 'if .type == "cell" then .version = 7 else . end' r.jsonl >7.jsonl
	cp 7.jsonl before.jsonl
	run --separate-stderr vmstress run -q --resume 7.jsonl
	same "status" 2 "$status"
	has "$stderr" "workload 'null' is version 1 here and version 7 in the record (resume with the program that began it)"
	same "record" "$(cat before.jsonl)" "$(cat 7.jsonl)"
}
