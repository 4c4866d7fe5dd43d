#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress compare on records that are made up: what looks odd is shown, and
# changes nothing else.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common
load compare-common

# series FILE LABEL VALUE...: zfod with one worker takes these values, in
# thousands; everything else hardly varies, and in no order.
series() {
	local noise=(1000 1003 998 1001 997 1002 999 1004) i=0 value

	begin "$1" "$2" $(($# - 2))
	shift 2
	for value in "$@"; do
		launch $((value * 1000)) $((noise[i % 8] * 2000)) \
		    $((noise[i % 8] * 5))
		i=$((i + 1))
	done
}

# The section as it is printed.
odd() {
	vmstress compare "$@" | awk '/^Looked odd/ { on = 1 } /^[^ ]/ &&
	    !/^Looked odd/ { on = 0 } on'
}

even=(1000 1003 998 1001 997 1002 999 1004)

@test "nothing odd, nothing said" {
	series a.jsonl old "${even[@]}"
	series b.jsonl new "${even[@]}"
	same "text" "" "$(odd a.jsonl b.jsonl)"
	vmstress compare --style json a.jsonl b.jsonl | jq -e '.odd == []'
}

@test "a launch far from the others" {
	series a.jsonl old "${even[@]}"
	series b.jsonl new 1000 1003 998 1001 997 1002 999 1123
	same "text" "Looked odd (nothing was dropped):
  zfod/1 fault/s x1 new: launch 7 is far from the others (+12.2%)" \
	    "$(odd a.jsonl b.jsonl)"
	same "the other side" "Looked odd (nothing was dropped):
  zfod/1 fault/s x1 new: launch 7 is far from the others (+12.2%)" \
	    "$(odd b.jsonl a.jsonl)"
	vmstress compare --style json a.jsonl b.jsonl | jq -e '
	    (.odd | length) == 1 and (.odd[0] | .side == "new" and
	    .kind == "outlier" and .unit == 7 and .clear and .z > 10 and
	    (.change * 1000 | round) == 122) and
	    .points[.odd[0].point].workload == "zfod/1" and
	    (.points[.odd[0].point].against[0].values.values | length) == 8'
	# It is less than what matters.
	same "text" "" "$(odd --min-effect 13% a.jsonl b.jsonl)"
	vmstress compare --style json --min-effect 13% a.jsonl b.jsonl |
	    jq -e '(.odd | length) == 1 and (.odd[0].clear | not)'
}

@test "no verdict knows of it" {
	series a.jsonl old "${even[@]}"
	series b.jsonl new 1200 1203 1198 1201 1197 1202 1199 1900
	has "$(odd a.jsonl b.jsonl)" "launch 7 is far from the others"
	# The mean is of all eight: the geometric one, by hand.
	vmstress compare --style json a.jsonl b.jsonl | jq -e '
	    .points[0].against[0] | .verdict == "better" and
	    ((.values.mean / 1e6 - (1200 * 1203 * 1198 * 1201 * 1197 * 1202 *
	    1199 * 1900 | log / 8 | exp) / 1000) | fabs) < 1e-9'
}

@test "two groups, and no member of one is an outlier" {
	series a.jsonl old "${even[@]}"
	series b.jsonl new 1020 1200 1021 1201 1019 1199 1022 1198
	same "text" "Looked odd (nothing was dropped):
  zfod/1 fault/s x1 new: two groups: 4 at 1.020M, 4 at 1.199M" \
	    "$(odd a.jsonl b.jsonl)"
	series c.jsonl new 1020 1020 1021 1201 1019 1020 1022 1198
	same "text" "Looked odd (nothing was dropped):
  zfod/1 fault/s x1 new: two groups: 6 at 1.020M, 2 at 1.199M" \
	    "$(odd a.jsonl c.jsonl)"
	vmstress compare --style json a.jsonl c.jsonl | jq -e '
	    (.odd | length) == 1 and (.odd[0] | .kind == "groups" and
	    .n_low == 6 and .n_high == 2 and (.mean_high / 1e4 | round) == 120
	    and (.change * 1000 | round) == 176 and .gap_per_sd > 100)'
}

@test "drift over the rounds" {
	series a.jsonl old "${even[@]}"
	series b.jsonl new 1090 1071 1080 1060 1050 1030 1041 1010
	same "text" "Looked odd (nothing was dropped):
  zfod/1 fault/s x1 new: falls with time (rho -0.95)" \
	    "$(odd a.jsonl b.jsonl)"
	vmstress compare --style json a.jsonl b.jsonl | jq -e '
	    (.odd | length) == 1 and (.odd[0] | .kind == "drift" and .clear and
	    (.rho * 100 | round) == -95 and .p < 0.01 and
	    .p_adjusted > .p and .p_adjusted < 0.01)'
	# Less of it has p < 0.01 for itself, but not among eight sets of values.
	series c.jsonl new 1071 1060 1080 1050 1030 1041 1010 1020
	same "text" "" "$(odd a.jsonl c.jsonl)"
	vmstress compare --style json a.jsonl c.jsonl | jq -e '
	    (.odd | length) == 1 and (.odd[0] | .kind == "drift" and
	    (.clear | not) and .p < 0.01 and .p_adjusted > 0.01)'
	# The order of five may be chance.
	series d.jsonl new 1050 1040 1030 1020 1010
	vmstress compare --style json a.jsonl d.jsonl | jq -e '.odd == []'
}

@test "what small noise often has is not printed" {
	# Modified z of 5.4 is more than 3.5; one set of five in twelve has it.
	series a.jsonl old 1000 1010 1020 1030 1090
	series b.jsonl new 1000 1010 1020 1030 1040
	same "text" "" "$(odd a.jsonl b.jsonl)"
	vmstress compare --style json a.jsonl b.jsonl | jq -e '
	    (.odd | length) == 1 and (.odd[0] | .side == "old" and
	    .kind == "outlier" and (.clear | not) and .unit == 4)'
	# A gap of 5.5 deviations is more than 3, and as common.
	series d.jsonl new 1000 1080 1010 1070 1020
	series e.jsonl old 1000 1010 1020 1030 1040
	same "text" "" "$(odd e.jsonl d.jsonl)"
	vmstress compare --style json e.jsonl d.jsonl | jq -e '
	    (.odd | length) == 1 and (.odd[0] | .side == "new" and
	    .kind == "groups" and (.clear | not) and .gap_per_sd < 6)'
	# Beside one that is clear it is counted.
	series c.jsonl new 1000 1001 1002 1001 1000 1002 1001 1900
	has "$(odd a.jsonl c.jsonl)" \
	    "(not shown: 1 weak ones; --style json has them)"
}

@test "boots, and launches of several records, are named" {
	inputs=()
	noise=(0 3 1 4 2 6 5)
	for boot in 1 2 3 4 5 6; do
		for name in a b; do
			begin $name$boot.jsonl $name 1 \
			    ",\"ids\":{\"boot_id\":\"$name$boot\"}"
			[ $name$boot = b4 ] && base=3000 || base=1000
			launch $((base + noise[boot])) $((2000 + noise[boot])) 100
			inputs+=("$name=$name$boot.jsonl")
		done
	done
	has "$(odd "${inputs[@]}")" \
	    "zfod/1 fault/s x1 b: boot 4 is far from the others (+198.9%)"
	series a.jsonl a "${even[@]}"
	series b.jsonl b 1000 1003 998 1001
	series c.jsonl b 997 1002 1900 1004
	sed -i 's/"label":"b"/&,"ids":{"boot_id":"x"}/' b.jsonl c.jsonl
	has "$(odd a.jsonl b.jsonl c.jsonl)" \
	    "x1 b: launch 2 of record 2 is far from the others"
}

# wide FILE LABEL CELLS LAST: cells that differ in a parameter and the mode; the
# last of eight launches has LAST.
wide() {
	awk -v label="$2" -v cells="$3" -v last="$4" 'BEGIN {
		printf "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"%s\"}\n", label
		for (i = 0; i < cells; i++)
			printf "{\"type\":\"cell\",\"cell\":%d,\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\",\"params\":{\"size\":\"%dM\",\"a-parameter\":\"with-much-text-in-it\",\"n\":\"%d\"},\"workers\":1,\"mode\":\"%s\",\"pin\":\"none\",\"launches\":8,\"samples\":1}\n", i, i, i, i % 2 ? "thread" : "process"
		for (l = 0; l < 8; l++)
			for (i = 0; i < cells; i++) {
				printf "{\"type\":\"launch\",\"cell\":%d,\"launch\":%d}\n", i, l
				printf "{\"type\":\"sample\",\"cell\":%d,\"launch\":%d,\"index\":0,\"elapsed_ns\":1000000000,\"ops\":[%d]}\n", i, l, l == 7 ? last : 100000 + (l * 5 % 7) * 100
				printf "{\"type\":\"end\",\"cell\":%d,\"launch\":%d,\"status\":\"ok\"}\n", i, l
			}
	}' >"$1"
}

@test "no more than ten, and all of it fits into a mail" {
	wide a.jsonl 'a-kernel-with-a-name-that-is-longer-than-that' 13 100350
	wide b.jsonl 'another-kernel-with-a-name-that-is-long-as-well' 13 150000
	odd a.jsonl b.jsonl >text
	same "findings" 10 "$(grep -c 'far from the others' text)"
	has "$(cat text)" "  and 3 more"
	has "$(cat text)" "fault/s size=0M n=0 process"
	has "$(cat text)" "fault/s size=1M n=1 thread"
	awk 'length > 72 { print; bad = 1 } /\t|[ ]$/ { print; bad = 1 }
	    END { exit bad }' text
	vmstress compare --style json a.jsonl b.jsonl |
	    jq -e '[.odd[] | select(.clear)] | length == 13'
	# 26 sets of values are none of which noise gives two; 60 are.
	run -1 grep -q 'noise alone' text
	wide a.jsonl a 30 100350
	wide b.jsonl b 30 150000
	odd a.jsonl b.jsonl >text
	has "$(cat text)" "  (up to about 1 of them may be noise alone)"
}

@test "three kernels: what is odd with the first one stands by both" {
	series a.jsonl a 1000 1003 998 1001 997 1002 999 1123
	series b.jsonl b "${even[@]}"
	series c.jsonl c 1500 1003 998 1001 997 1002 999 1000
	odd a.jsonl b.jsonl c.jsonl >text
	same "of each" "2 0 1" "$(for name in a b c; do
		grep -c "x1 $name: launch" text || true
	done | xargs)"
}

@test "launches that are left out of one side may be the effect" {
	series a.jsonl old "${even[@]}"
	series b.jsonl new "${even[@]:0:6}"
	sed -i 's/"launches":6/"launches":8/' b.jsonl
	launch 5 5 99999 steal
	launch 5 5 99999 steal
	line='left out: 0 of base, 4 of new; what is missing may be the effect'
	has "$(vmstress compare a.jsonl b.jsonl)" "  $line"
	has "$(vmstress compare b.jsonl a.jsonl)" \
	    "  left out: 4 of base, 0 of new; what is missing may be the effect"
	# Kept, or as many on both sides: none is missing on one.
	run -0 vmstress compare --keep-invalid a.jsonl b.jsonl
	run -1 grep -q 'left out:' <<<"$output"
	sed 's/"new"/"other"/' b.jsonl >c.jsonl
	run -0 vmstress compare b.jsonl c.jsonl
	has "$output" "not valid"
	run -1 grep -q 'left out:.*effect' <<<"$output"
}
