#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress compare: what is shown beside the verdicts, and what takes them back:
# the A/A floor, intervals of the family, names by a fact, profiles.

# Variables that bats and the common files set, each test in a subshell.
# shellcheck disable=SC2154,SC2030,SC2031

load common
load compare-common

# records BASE AGAIN NEW: a, a2 and b, times factors in thousandths.
records() {
	begin a.jsonl old 6
	rounds "$1"
	begin a2.jsonl old 6
	rounds "$2"
	begin b.jsonl new 6
	rounds "$3"
}

@test "a kernel against itself: the floor is the largest change" {
	records 1000 1030 1100
	run -0 vmstress compare --null a2.jsonl a.jsonl
	has "$output" "vmstress compare: again against old"
	# 3% up for faults, 1 - 1/1.03 down for steps: as a ratio the same.
	grep -Eq "^A/A, one kernel twice: [0-9]+ of [0-9]+ points marked;$" \
	    <<<"$output"
	has "$output" "largest change "
	run -0 vmstress compare --null a2.jsonl --style json a.jsonl
	has "$output" '"self":true'
}

@test "what is proven but within the floor is called noise, and fails nothing" {
	records 1000 1120 900
	# Ten percent worse, where the same kernel twice differs by twelve.
	run -0 vmstress compare --null a2.jsonl a.jsonl b.jsonl
	has "$output" "; A/A 12.0%"
	has "$output" "n proven, but old differs from itself as much (A/A)"
	[ "$(grep -c ' n$' <<<"$output")" -ge 3 ]
	run -3 vmstress compare --fail-on inconclusive --null a2.jsonl a.jsonl b.jsonl
	# Without it, it is a regression.
	run -1 vmstress compare a.jsonl b.jsonl
	# Twenty percent are not noise.
	begin c.jsonl newer 6
	rounds 800
	run -1 vmstress compare --null a2.jsonl a.jsonl c.jsonl
	[ "$(grep -c ' -$' <<<"$output")" -ge 3 ]
	run -1 vmstress compare --null a2.jsonl --style csv a.jsonl c.jsonl
	same "floor of zfod/1 x1" "0.12" "$(awk -F, \
	    '$3 == "zfod/1" && $10 == 1 && $7 == "fault/s" {
	    printf "%.2f\n", $21 }' <<<"$output")"
}

@test "a floor of cells that the other record does not have is not known" {
	records 1000 1120 900
	sed -i 's/"workload":"step"/"workload":"stair"/' a2.jsonl
	run -1 vmstress compare --null a2.jsonl a.jsonl b.jsonl
	grep -A3 '^step/1' <<<"$output" >step
	run -1 grep -q 'A/A' step
	has "$(<step)" " -"
}

@test "intervals of the family are wider, and say what they are" {
	records 1000 1000 1010
	vmstress compare --style csv a.jsonl b.jsonl >point
	vmstress compare --style csv --ci family a.jsonl b.jsonl >wide
	awk -F, 'NR == FNR { low[FNR] = $16; high[FNR] = $17; next }
	    FNR > 1 && !($16 < low[FNR] && $17 > high[FNR]) { bad = 1 }
	    END { exit bad || FNR < 4 }' point wide
	run -0 vmstress compare --ci family a.jsonl b.jsonl
	has "$output" "CI: of all points together (Bonferroni)."
	run -2 vmstress compare --ci both a.jsonl b.jsonl
	has "$output" "--ci both: there is point and family"
}

@test "a fact may name the kernels" {
	begin a.jsonl same 6 ',"kernel":{"release":"6.1","commit":"abc"}'
	rounds 1000
	begin b.jsonl same 6 ',"kernel":{"release":"6.1","commit":"def"}'
	rounds 1100
	run -2 vmstress compare a.jsonl b.jsonl
	has "$output" "all records are of 'same'"
	run -0 vmstress compare --col kernel.commit a.jsonl b.jsonl
	has "$output" "vmstress compare: def against abc"
	run -2 vmstress compare --col kernel.colour a.jsonl b.jsonl
	has "$output" "a.jsonl: it has no 'kernel.colour' to name it by"
}

@test "benchstat's layout has the same numbers, a column for each kernel" {
	records 1000 1001 1100
	run -0 vmstress compare --style benchstat base=a.jsonl same=a2.jsonl new=b.jsonl
	grep -Eq '^fault/s +base +same +vs base +new +vs base$' <<<"$output"
	grep -Eq '^Zfod-1 .* ~ \(p=0\.[0-9]+ n=6\) [a-z]+ .* \+10\.00% \(p=0\.00[0-9] n=6\) better$' <<<"$output"
	grep -Eq '^geomean .* \+10\.00%$' <<<"$output"
}

# profiled FILE SAMPLES: with a profile of zfod of so many samples in clear_page
# out of 1000.
profiled() {
	cat "$1"
	echo "{\"type\":\"launch\",\"cell\":0,\"launch\":6,\"times\":false}"
	echo "{\"type\":\"sample\",\"cell\":0,\"launch\":6,\"index\":0,\"elapsed_ns\":1000000000,\"ops\":[1000]}"
	echo "{\"type\":\"profile\",\"cell\":0,\"launch\":6,\"index\":0,\"status\":\"ok\",\"name\":\"cpu-clock\",\"rate_hz\":997,\"scope\":\"task\",\"samples\":1000,\"kernel\":1000,\"user\":0,\"lost\":0}"
	echo "{\"type\":\"stack\",\"cell\":0,\"launch\":6,\"index\":0,\"count\":$2,\"frames\":[\"fault\",\"clear_page\"]}"
	echo "{\"type\":\"stack\",\"cell\":0,\"launch\":6,\"index\":0,\"count\":$((1000 - $2)),\"frames\":[\"fault\"]}"
	echo "{\"type\":\"end\",\"cell\":0,\"launch\":6,\"status\":\"ok\"}"
}

@test "functions whose share changed are told, beyond what sampling explains" {
	records 1000 1000 1000
	profiled a.jsonl 300 >ap.jsonl
	profiled b.jsonl 500 >bp.jsonl
	profiled b.jsonl 320 >cp.jsonl
	run -0 vmstress compare --explain ap.jsonl bp.jsonl
	has "$output" "changed by 1% of it or more: 2"
	has "$output" "one profile a side"
	grep -Eq '^ +30\.0% +50\.0%  clear_page  zfod/1 x1, process$' <<<"$output"
	# Two percent of a thousand samples are chance.
	run -0 vmstress compare --explain ap.jsonl cp.jsonl
	has "$output" "changed by 1% of it or more: 0"
}

@test "a floor that is not of the base is warned of" {
	records 1000 1120 900
	sed -i '1s/}$/,"kernel":{"release":"6.1"}}/' a.jsonl
	sed -i '1s/}$/,"kernel":{"release":"6.2"}}/' a2.jsonl
	run -0 vmstress compare --null a2.jsonl a.jsonl b.jsonl
	has "$output" "  WARNING: --null: again is not old once more: kernel.release is '6.1'
           in one, '6.2' in the other"
	run -2 vmstress compare --strict --null a2.jsonl a.jsonl b.jsonl
	sed -i '1s/}$/,"vm":{"hypervisor_flag":"no"}}/' a.jsonl
	sed -i '1s/}$/,"vm":{"hypervisor_flag":"yes"}}/' a2.jsonl
	run -2 vmstress compare --null a2.jsonl a.jsonl b.jsonl
	has "$output" "--null: old ran on bare metal, again on a virtual machine"
	# What is wrong with the base alone is said once.
	records 1000 1120 900
	head -c -1 a.jsonl | sed '$s/$/\n{"type":/' | head -c -1 >cut.jsonl
	run -0 vmstress compare --null a2.jsonl cut.jsonl b.jsonl
	same "once" 1 "$(grep -c 'cut.jsonl is cut off' <<<"$output")"
}

@test "a record that is named twice does not count twice" {
	records 1000 1010 1100
	run -2 vmstress compare x=a.jsonl x=./a.jsonl y=b.jsonl
	has "$output" "./a.jsonl: it is the same run as a.jsonl, and would count twice for 'x'"
	ln a.jsonl link.jsonl
	run -2 vmstress compare x=a.jsonl x=link.jsonl y=b.jsonl
	run -2 vmstress compare --null link.jsonl a.jsonl b.jsonl
	has "$output" "link.jsonl: --null takes another record of the base"
	run -2 vmstress plan a.jsonl link.jsonl
	has "$output" "link.jsonl: it is the same run as a.jsonl"
	# A copy is told by when it was made.
	sed -i '1s/}$/,"ids":{"boot_id":"a","uptime":"7.01 3.50"}}/' a.jsonl
	sed -i '1s/}$/,"ids":{"boot_id":"a","uptime":"8.01 3.50"}}/' a2.jsonl
	cp a.jsonl copy.jsonl
	run -2 vmstress compare x=a.jsonl x=copy.jsonl y=b.jsonl
	run -0 vmstress compare x=a.jsonl x=a2.jsonl y=b.jsonl
	# The same on two sides is a way to see what nothing looks like.
	run -0 vmstress compare x=a.jsonl y=a.jsonl
}

@test "the base may have the name that its own copy gets" {
	records 1000 1030 1100
	run -0 vmstress compare --null a2.jsonl again=a.jsonl
	has "$output" "vmstress compare: once more against again"
	run -0 vmstress compare --null a2.jsonl again=a.jsonl b.jsonl
}
