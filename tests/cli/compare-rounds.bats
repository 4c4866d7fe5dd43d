#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress compare on boots that a campaign made in rounds: what the unit is,
# when labels are permuted within rounds, and how it is said.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common
load compare-common

# boot NAME ROUND POSITION [CAMPAIGN]: begin its record, NAMEROUND.jsonl.
boot() {
	begin "$1$2.jsonl" "$1" "${launches:-1}" ",\"kernel\":{\"release\":\"6.17\"},\"ids\":{\"boot_id\":\"$1$2\"},\"boot\":{\"campaign\":\"${4-c1}\",\"kernel\":\"$1\",\"round\":\"$2\",\"position\":\"$3\"}"
}

# What a round does to all boots in it, and what is left of noise, in
# thousandths.
rounds_differ=(1000 1100 900 1200 850 1050 1300 950)
rounds_alike=(1000 1000 1000 1000 1000 1000 1000 1000)
noise_a=(1000 1004 998 1002 996 1001 999 1003)
noise_b=(1003 999 1001 997 1002 998 1000 1004)

# campaign ROUNDS FACTOR: kernels a and b, b by FACTOR thousandths, each round
# with effects[].
campaign() {
	local round factor value
	for ((round = 1; round <= $1; round++)); do
		boot a "$round" 1
		value=$((effects[round - 1] * noise_a[round - 1]))
		launch $value $((2 * value)) $((1000000000 / value))
		boot b "$round" 2
		factor=$(($2 * noise_b[round - 1] / 1000))
		value=$((effects[round - 1] * factor))
		launch $value $((2 * value)) $((1000000000 / value))
	done
}

@test "launches of a boot are one number: boots that differ are no evidence" {
	# Kernel a is slow in all its launches by chance of two boots.
	launches=8
	levels=(900 1010 1120 940 1060 980 1100 1020 930 1080 990 1130)
	index=0
	for name in a b; do
		for round in 1 2 3 4 5 6; do
			boot $name $round 1
			level=${levels[index++]}
			for noise in 1000 1001 999 1002 998 1000 1001 999; do
				value=$((level * noise))
				launch $value $((2 * value)) $((1000000000 / value))
			done
		done
	done
	run -0 vmstress compare a?.jsonl b?.jsonl
	has "$output" "  base  a  6.17  6 boots
  new   b  6.17  6 boots"
	same "boots" "undecided" "$(verdicts a?.jsonl b?.jsonl |
	    awk '{ print $NF }' | sort -u)"
	# One number of each boot, and the mean of logarithms.
	same "units" "6 900" "$(vmstress compare --style json a?.jsonl b?.jsonl |
	    jq -r '.points[0].base.values | "\(length) \(.[0] / 1000 | round)"')"
	# Were launches taken for independent, as those of one boot are, there would
	# be a difference.
	sed -i '1s/"boot_id":"\(.\).*"boot":{[^}]*}/"boot_id":"\1"}/' ./?[1-6].jsonl
	has "$(verdicts a?.jsonl b?.jsonl)" "zfod/1 1 fault/s better"
}

@test "labels are permuted within rounds where rounds differ" {
	effects=("${rounds_differ[@]}")
	campaign 6 1030
	run -0 vmstress compare a?.jsonl b?.jsonl
	has "$output" "p.adj: max-T over all points, 64 labellings
labels permuted within rounds: the rounds differ (p = 0.0014); intervals
are of differences within 6 rounds
"
	same "better" "better" "$(verdicts a?.jsonl b?.jsonl |
	    awk '{ print $NF }' | sort -u)"
	has "$(tail -n 1 <<<"$output")" "verdicts: 4 better, 0 worse"
	vmstress report -f md -o page.md a?.jsonl b?.jsonl
	has "$(tr '\n' ' ' <page.md)" "b: labels permuted within rounds: the rounds differ (p = 0.0014)"
	# Without the rounds nobody knows.
	sed -i '1s/"round":"."/"round":"1"/; 1s/"campaign":"c1"/"campaign":"x"/' b?.jsonl
	for round in 1 2 3 4 5 6; do
		sed -i "1s/\"position\":\"2\"/\"position\":\"$round\"/" b$round.jsonl
	done
	run -0 vmstress compare a?.jsonl b?.jsonl
	has "$output" "p.adj: max-T over all points, 924 labellings
+ - better"
	same "undecided" "undecided" "$(verdicts a?.jsonl b?.jsonl |
	    awk '{ print $NF }' | sort -u)"
}

@test "the interval is that of paired differences" {
	effects=("${rounds_differ[@]}")
	campaign 6 1030
	vmstress compare --style json a?.jsonl b?.jsonl >got.json
	jq -e '.sides[1] | .within_rounds and .rounds == 6 and .labellings == 64 and
	    .without_partner == 0 and .rounds_p < 0.0014 and .rounds_p > 0.0013' got.json
	# By hand from the values that are there; 2.570582 is of 5 degrees.
	jq -r '.points[0] | [.base.values, .against[0].values.values] | transpose[] |
	    (.[1] / .[0] | log)' got.json | awk '{ s += $1; q += $1 * $1; n++ } END {
		h = 2.570582 * sqrt((q - s * s / n) / (n - 1) / n)
		printf "%.5f %.5f %.5f\n", exp(s / n) - 1, exp(s / n - h) - 1, exp(s / n + h) - 1
	}' >wanted
	same "interval" "$(<wanted)" "$(jq -r '.points[0].against[0] | .change, .low, .high' got.json |
	    xargs printf '%.5f %.5f %.5f\n')"
	# Of the whole as well.
	jq -e '.sides[1] | .overall_high - .overall_low < 0.02' got.json
}

@test "boots without a partner do not take part, and are counted" {
	effects=("${rounds_differ[@]}")
	campaign 8 1030
	rm a8.jsonl
	# A boot of which nothing is valid has no part either.
	sed -i 's/"status":"ok"/"status":"failed"/' b3.jsonl
	run vmstress compare a?.jsonl b?.jsonl
	has "$output" "labels permuted within rounds: the rounds differ (p = 0.0014); intervals
are of differences within 6 rounds; 2 boots without a partner in their
round left out
"
	# The mean of b alone, in which a round of 950 stands for one of 900, would
	# be 0.8% more.
	vmstress compare --style json a?.jsonl b?.jsonl |
	    jq -e '(.sides[1] | .rounds == 6 and .without_partner == 2) and
	    (.points[0].against[0].change | . > 0.026 and . < 0.034)'
}

@test "rounds that are too few, or do not differ, permute all labels" {
	effects=("${rounds_differ[@]}")
	campaign 5 1030
	run vmstress compare a?.jsonl b?.jsonl
	has "$output" "p.adj: max-T over all points, 252 labellings
labels permuted over all boots: 5 rounds in common are too few to
permute them within, 6 are needed
"
	effects=("${rounds_alike[@]}")
	campaign 6 1030
	run -0 vmstress compare a?.jsonl b?.jsonl
	has "$output" "p.adj: max-T over all points, 924 labellings
labels permuted over all boots: it is not clear that rounds differ (p ="
	vmstress compare --style json a?.jsonl b?.jsonl |
	    jq -e '.sides[1] | .within_rounds == false and .rounds_p > 0.01'
}

@test "of three kernels seven rounds are needed, and verdicts are named" {
	effects=("${rounds_differ[@]}")
	campaign 6 1030
	for round in 1 2 3 4 5 6; do
		sed '1s/"position":"2"/"position":"3"/; 1s/"b\(.\)"/"c\1"/; 1s/"b"/"c"/g' \
		    b$round.jsonl >c$round.jsonl
	done
	run -0 vmstress compare a?.jsonl b?.jsonl c?.jsonl
	has "$output" "labels permuted over all boots: 6 rounds in common are too few to
permute them within, 7 are needed
"
	same "verdicts" "verdicts of b: 0 better, 0 worse, 4 undecided
verdicts of c: 0 better, 0 worse, 4 undecided" "$(tail -n 2 <<<"$output")"
}

@test "how much kernels differ has no say in the choice" {
	effects=("${rounds_differ[@]}")
	for factor in 1000 1030 3000; do
		campaign 6 $factor
		vmstress compare --style json a?.jsonl b?.jsonl |
		    jq '.sides[1] | .within_rounds, .rounds_p' >p$factor || true
	done
	cmp p1000 p1030
	cmp p1000 p3000
}

@test "one kernel twice in a campaign" {
	effects=("${rounds_differ[@]}")
	campaign 8 1000
	run -0 vmstress compare a?.jsonl b?.jsonl
	same "verdicts" "verdicts: 0 better, 0 worse, 4 same" "$(tail -n 1 <<<"$output")"
	# Where it stands in the campaign is no difference of machines.
	[[ $output != *CONFOUNDS* && $output != *WARNING* ]]
	run -0 vmstress compare --style markdown a?.jsonl b?.jsonl
	same "markdown" "verdicts: 0 better, 0 worse, 4 same" "$(tail -n 1 <<<"$output")"
	vmstress compare --style json a?.jsonl b?.jsonl | jq -e '.sides[1].verdicts ==
	    { better: 0, worse: 0, small: 0, same: 4, undecided: 0, failed: 0,
	    missing: 0, few: 0, noise: 0 }'
}

@test "records of one boot are one unit by their place in the campaign" {
	effects=("${rounds_differ[@]}")
	campaign 6 1030
	sed '1s/"boot_id":"b1"/"boot_id":"other"/' b1.jsonl >b1a.jsonl
	run -0 vmstress compare a?.jsonl b?.jsonl b1a.jsonl
	has "$output" "  new   b  6.17  6 boots"
	# Two boots are two, whatever their kernels drew.
	sed -i '1s/"boot_id":"a."/"boot_id":"a"/' a?.jsonl
	run -0 vmstress compare a?.jsonl b?.jsonl
	has "$output" "  base  a  6.17  6 boots"
	run -0 vmstress plan a?.jsonl --resolve 30%
	has "$output" "boots of 1 launch of each"
}

@test "a side without a value, and one with values elsewhere" {
	effects=("${rounds_differ[@]}")
	campaign 6 1030
	sed -i 's/"status":"ok"/"status":"failed"/' b?.jsonl
	run -1 vmstress compare --force a?.jsonl b?.jsonl
	same "verdicts" "verdicts: 0 better, 0 worse, 4 failed" "$(tail -n 1 <<<"$output")"
	# Nothing at all but a header.
	for round in 1 2 3 4 5 6; do
		sed -i 1q b$round.jsonl
	done
	run -0 vmstress compare --force a?.jsonl b?.jsonl
	same "verdicts" "verdicts: 0 better, 0 worse, 4 missing" "$(tail -n 1 <<<"$output")"
	sed -i 1q a2.jsonl
	head -1 b1.jsonl >b.jsonl
	run -0 vmstress compare --force x=a1.jsonl y=b.jsonl
	same "launches" "verdicts: 0 better, 0 worse, 4 missing" "$(tail -n 1 <<<"$output")"
	campaign 6 1030
	sed -i 's/"workers":[12]/"workers":7/; s/"step"/"stop"/' b?.jsonl
	sed -i '/"cell":[01]/s/"ops":\[[0-9]*[,0]*\]/"ops":[1,1,1,1,1,1,1]/' b?.jsonl
	run -0 vmstress compare --force a?.jsonl b?.jsonl
	has "$(tail -n 1 <<<"$output")" " missing"
}
