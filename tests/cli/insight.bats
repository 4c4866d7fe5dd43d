#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Counters, statistics of the kernel and profiles of a record: how they are
# shown and exported.  The record is a fixture written in the schema, as of a
# machine with a PMU; see its first line.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

PMU=tests/fixtures/record-pmu.jsonl

in_source() {
	(cd "$VMS_SOURCE" && vmstress "$@")
}

# shows EXPECTED ARGUMENT...: byte by byte what a file in tests/expected holds.
shows() {
	local want=$VMS_SOURCE/tests/expected/$1

	shift
	run --separate-stderr in_source "$@"
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	printf '%s\n' "$output" >got
	diff -u "$want" got
}

# ---- show ----------------------------------------------------------------

@test "counters, per operation, with what could not be counted and why" {
	shows pmu-counters.txt show --counters "$PMU"
	shows pmu-counters-wide.txt show --counters --wide "$PMU"
}

@test "statistics of the kernel that moved" {
	shows pmu-statistics.txt show --statistics "$PMU"
}

@test "the functions of a profile" {
	shows pmu-profile.txt show --profile "$PMU"
}

@test "all of it for other programs" {
	shows pmu.csv show --counters --statistics --profile --csv "$PMU"
	in_source show --counters --statistics --profile --json "$PMU" >all.json
	# One row in each form for each thing.
	same "rows" "$(($(wc -l <got) - 1))" "$(jq '.[0].rows | length' all.json)"
	jq -e '.[0] | .label == "6.18-pmu" and (.cells | length) == 2 and
	    .cells[1].counted_only == 1' all.json
	jq -e '.[0].rows | map(select(.kind == "counter" and .cell == 0)) |
	    (map(select(.name == "dTLB-load-misses"))[0] |
		.status == "scaled" and .per_op == 1.25 and .counted == 0.5) and
	    (map(select(.name == "LLC-load-misses"))[0] |
		.status == "not_supported" and .per_op == null and
		.total == null and .reason == "this PMU has no such event")' \
	    all.json
	# What counts does not have to be asked for together.
	jq -e '.[0].rows | all(.kind == "counter")' \
	    <(in_source show --counters --json "$PMU")
}

@test "a launch that only counts is no result" {
	in_source show --json "$PMU" | jq -e '.[0].rows |
	    map(select(.cell == 1)) | all(.launches == 2 and .planned == 2 and
	    .status == "ok")'
	in_source show "$PMU" >table
	grep -q ' sys ' table
	in_source show --json "$PMU" |
	    jq -e '.[0].rows[0].system_share | . > 0.974 and . < 0.976'
}

@test "a record without any of it says so" {
	run --separate-stderr in_source show --counters --profile \
	    tests/fixtures/two-cells.jsonl
	same "status" 0 "$status"
	has "$output" "no events were counted in this record"
	has "$output" "no profile in this record"
	shows show-two-cells.txt show tests/fixtures/two-cells.jsonl
	shows show-two-cells.csv show --csv tests/fixtures/two-cells.jsonl
}

@test "a record from a hostile hand does not drive the terminal" {
	{
		head -n 2 "$VMS_SOURCE/$PMU"
		printf '%s\n' '{"type":"launch","cell":0,"launch":0}' \
		    '{"type":"counter","cell":0,"launch":0,"name":"a\u001b[1m","status":"ok","value":1}' \
		    '{"type":"counter","cell":0,"launch":0,"name":"b","status":"\u001b","value":null,"reason":"\u0007"}' \
		    '{"type":"kstat","cell":0,"launch":0,"elapsed_ns":1,"values":{"x\u001b":1}}' \
		    '{"type":"profile","cell":0,"launch":0,"name":"\u001b","status":"ok","scope":"\u001b","samples":1}' \
		    '{"type":"stack","cell":0,"launch":0,"count":1,"frames":["\u001b]</title>"]}' \
		    '{"type":"end","cell":0,"launch":0,"status":"ok"}'
	} >evil.jsonl
	for form in "" --wide --csv --json; do
		# shellcheck disable=SC2086
		vmstress show --counters --statistics --profile $form \
		    evil.jsonl >out
		! grep -q $'[\033\007]' out
	done
	for format in folded flamegraph; do
		vmstress export --format "$format" evil.jsonl >out
		! grep -q $'[\033\007]' out
	done
}

# ---- export --------------------------------------------------------------

@test "folded stacks: each sample once, kernel frames marked" {
	shows pmu.folded export --format folded --cell 0 "$PMU"
	same "samples" 7970 "$(awk '{ n += $NF } END { print n }' got)"
	shows pmu-cow.folded export --format folded --phase cow "$PMU"
	# Of several parts the first frames tell which.
	in_source export -f folded "$PMU" >all
	same "samples of both" 7985 "$(awk '{ n += $NF } END { print n }' all)"
	same "cells" 2 "$(cut -d';' -f1 all | sort -u | wc -l)"
}

# Every frame of the folded stacks is a box: with its text, one level up, and
# no part of it outside of what called it.
@test "a flame graph is well-formed and has every function" {
	in_source export -f flamegraph --cell 0 "$PMU" >flame.svg
	in_source export -f folded --cell 0 "$PMU" >stacks
	if command -v xmllint >/dev/null; then
		xmllint --noout flame.svg
	fi
	same "svg" 1 "$(grep -c '^<svg ' flame.svg)"
	same "groups end" "$(grep -o '<g ' flame.svg | wc -l)" \
	    "$(grep -o '</g>' flame.svg | wc -l)"
	has "$(cat flame.svg)" "<title>cell 0: zfod/1 size=64M thp=off, process mode, 2 workers, label 6.18-pmu</title>"
	has "$(cat flame.svg)" "7970 samples of cycles at 997 Hz"
	while read -r name; do
		grep -q "<title>$name (" flame.svg
	done < <(sed 's/ [0-9]*$//; s/_\[k\]//g' stacks | tr ';' '\n' | sort -u |
	    grep -v '\[user\]')
	# x and width of the boxes stay within the picture.
	grep -o '^<g class="f".*<rect x="[0-9.]*" y="[0-9]*" width="[0-9.]*"' \
	    flame.svg | sed 's/.*x="\([0-9.]*\)" y.*width="\([0-9.]*\)"/\1 \2/' |
	    awk '{ if ($1 < 10 || $1 + $2 > 1190.01) exit 1 } END { exit NR < 15 }'
}

@test "export writes to a file" {
	in_source export -f folded --cell 0 -o "$T/x.folded" "$PMU" >out
	same "standard output" "" "$(cat out)"
	diff "$VMS_SOURCE/tests/expected/pmu.folded" x.folded
	refuses 2 "vmstress: no/x: cannot write: No such file or directory" \
	    vmstress export -f folded -o no/x "$VMS_SOURCE/$PMU"
}

@test "export says what it needs" {
	refuses 2 "vmstress: export: which --format? There are: csv, gobench, ministat, folded, flamegraph" \
	    vmstress export r.jsonl
	refuses 2 "vmstress: export: there is no format 'png'; there are: csv, gobench, ministat, folded, flamegraph" \
	    vmstress export --format png r.jsonl
	refuses 2 "vmstress: export: name the one record to export" \
	    vmstress export -f folded
	refuses 2 "vmstress: export: 'x' is not the number of a cell" \
	    vmstress export -f folded --cell x r.jsonl
	cp "$VMS_SOURCE/$PMU" r.jsonl
	refuses 2 "vmstress: r.jsonl: there is no cell 9 in the record" \
	    vmstress export -f folded --cell 9 r.jsonl
	refuses 2 "vmstress: r.jsonl: there is no phase 'x' in the record" \
	    vmstress export -f folded --phase x r.jsonl
	refuses 2 "vmstress: r.jsonl: no stacks were sampled: the phase was over before a sample was due" \
	    vmstress export -f folded --phase exit r.jsonl
	cp "$VMS_SOURCE/tests/fixtures/two-cells.jsonl" r.jsonl
	refuses 2 "vmstress: r.jsonl: there is no profile in the record (run with --profile)" \
	    vmstress export -f folded r.jsonl
}

# ---- from a cell by itself -----------------------------------------------

# The plan of a launch that counts, and what a cell would say of it.
@test "import keeps what observers say" {
	vmstress check --plan --launches 1 --samples 2 --interval 10ms \
	    --warmup 0s null >plain
	awk '/^go/ { print "event name=cycles:k type=0 config=0"
		print "profile name=cpu-clock type=1 config=0 rate_hz=997"
		print "count mode=system" } { print }' plain >plan
	"$VMS_CELL" <plan >cell.out
	grep -q '^profile name=cpu-clock type=1' cell.out
	# Not what this cell itself may have observed.
	awk '$1 == "counter" || ($1 == "profile" && /index=/) ||
	    $1 == "stack" { next }
	    $1 == "end" {
		print "counter index=0 name=cycles:k status=ok value=7 raw=7"
		print "counter index=1 name=cycles:k status=ok value=8 raw=8"
		print "kstat index=0 elapsed_ns=5 sources=stat values=stat.ctxt:-3"
		print "profile index=0 name=cpu-clock rate_hz=997 scope=system status=ok samples=3 kernel=2 user=1 lost=0"
		print "stack index=0 count=3 frames=a:main;do_exit"
	    } { print }' cell.out >out
	run --separate-stderr vmstress import -o r.jsonl out
	same "status" 0 "$status"
	same "message" "record: r.jsonl: 1 launches" "$stderr"
	journal 'map(select(.type == "launch")) | .[0].count_mode == "system"'
	journal 'map(select(.type == "counter")) | map(.value) == [7, 8]'
	journal 'map(select(.type == "stack")) |
	    .[0].frames == ["a:main", "do_exit"]'
	journal 'map(select(.type == "profile")) | length == 1'
	ops=$(jq -s 'map(select(.type == "sample") | .ops[0]) | add' r.jsonl)
	vmstress show --counters --json r.jsonl | jq -e --argjson ops "$ops" \
	    '.[0].rows[0] | .total == 15 and
	    ((.per_op * $ops - 15) | fabs) < 0.001'
	same "folded" "a:main;do_exit_[k] 3" \
	    "$(vmstress export -f folded r.jsonl)"
}
