#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress plan on records that are made up, so that what comes out can be
# computed in another way: by R, whose lines stand beside the numbers.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# begin FILE LABEL LAUNCHES [FACTS]: cells 0 and 1 are curves at one and two
# workers, cell 2 is a rate with samples.
begin() {
	local cell

	file=$1
	{
		echo "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"$2\"${4-}}"
		for cell in 0 1; do
			echo "{\"type\":\"cell\",\"cell\":$cell,\"workload\":\"step\",\"version\":1,\"kind\":\"curve\",\"unit\":\"step\",\"params\":{\"size\":\"4M\"},\"workers\":$((cell + 1)),\"mode\":\"process\",\"pin\":\"none\",\"launches\":$3,\"samples\":0}"
		done
		echo "{\"type\":\"cell\",\"cell\":2,\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\",\"params\":{},\"workers\":1,\"mode\":\"process\",\"pin\":\"none\",\"launches\":$3,\"samples\":3}"
	} >"$file"
	launch=0
	second=0
}

line() {
	echo "{\"type\":\"$1\",\"cell\":$2,\"launch\":$launch$3}"
}

# started CELL SECONDS: it begins, and takes so long.
started() {
	line launch "$1" ",\"started\":\"$(date -u -d "2026-11-20T10:00:00Z + $second seconds" +%FT%TZ)\"" >>"$file"
	second=$((second + $2))
}

# curve CELL NANOSECONDS [VALID]: a launch of 3 seconds.
curve() {
	started "$1" 3
	{
		line curve "$1" ",\"worker\":0,\"first\":1,\"count\":1,\"min_ns\":1,\"mean_ns\":$2,\"max_ns\":9"
		[ -z "${3-}" ] || line validity "$1" ",\"valid\":false,\"rules\":[\"$3\"],\"reasons\":[\"$3\"]"
		line end "$1" ',"status":"ok"'
	} >>"$file"
}

# rate OPS...: a launch of 10 seconds, of which a second for each sample.
rate() {
	local ops index=0

	started 2 10
	{
		for ops; do
			line sample 2 ",\"index\":$index,\"elapsed_ns\":1000000000,\"ops\":[$ops]"
			index=$((index + 1))
		done
		line end 2 ',"status":"ok"'
	} >>"$file"
}

next() {
	launch=$((launch + 1))
}

# Six launches of cell 0, which vary by about one percent.
calm() {
	local ns

	for ns in 1000 1010 990 1005 995 1002; do
		curve 0 $ns
		next
	done
}

planned() {
	vmstress plan --style json "$@" | jq -r "$filter"
}

# y = log(c(1000, 1010, 990, 1005, 995, 1002)); sd(y) is 0.00712; the least n
# with sd(y) * sqrt(2/n) * (qt(.975, 2*n-2) + qt(.8, 2*n-2)) <= log(1 + change)
# is 4 for 2%, 10 for 1%, and 2 for 5%: with less than 4 nothing is marked.
@test "launches within a boot" {
	begin a.jsonl old 6
	calm
	filter='.points[0] | "\(.needed) \(.sd * 1e5 | round) \(.cv_launch * 1e5 | round) \(.cv_boot) \(.cv_sample)"'
	same "for 2%" "4 712 712 null null" "$(planned a.jsonl)"
	filter='"\(.unit) \(.plan.needed)"'
	same "for 1%" "launch 10" "$(planned a.jsonl --resolve 1%)"
	same "for 5%" "launch 4" "$(planned a.jsonl --resolve 0.05)"
	same "with more power" "launch 15" "$(planned a.jsonl --resolve 1% --power 95%)"
	same "with less alpha" "launch 14" "$(planned a.jsonl --resolve 1% --alpha 0.01)"
}

# 3 seconds each; what came between an interruption and the rest is no cost.
@test "time is that from start to start" {
	begin a.jsonl old 7
	calm
	filter='.points[0] | "\(.needed) \(.launch_s) \(.seconds)"'
	same "time" "4 3 24" "$(planned a.jsonl)"
	begin a.jsonl old 7
	calm
	second=$((second + 40000))
	curve 0 1001
	same "time with a pause" "4 3 24" "$(planned a.jsonl)"
	sed 's/,"started":"[^"]*"//' a.jsonl >b.jsonl
	filter='"\(.points[0].inside_only) \(.points[0].seconds)"'
	same "unknown" "true null" "$(planned b.jsonl)"
	run vmstress plan b.jsonl
	has "$output" "4 launches of each kernel."
	has "$output" "do not say when launches were"
}

# y <- log(matrix(c(1000,1010,1005, 1060,1050,1052, 970,985,978, 1030,1020,1041),
# nrow=3)), a column for each boot: of balanced data the components are
# sqrt((MS(boots) - MS(launches)) / 3) = 0.0320868 and 0.00729306. With 60 s of
# a boot and 3 s of a launch, sqrt(60/3 * 0.00729306^2 / 0.0320868^2) is 1.02,
# so 2 launches; the deviation of such boots is 0.0324986 and takes 9 for 5%; 2 *
# 9 * (60 + 2 * 3) s. With 3 launches it is 0.0323619, and takes 8.
four_boots() {
	local boot=0 values=$1 factor=${2-1} ns

	for boot in 0 1 2 3; do
		begin "$values$boot.jsonl" "$values" 3 ",\"ids\":{\"boot_id\":\"$values$boot\"}"
		# shellcheck disable=SC2046 # one word each
		set -- $(sed -n "$((boot + 1))p" <<<"1000 1010 1005
1060 1050 1052
970 985 978
1030 1020 1041")
		for ns; do
			curve 0 $((ns * factor))
			next
		done
	done
}

@test "boots and their launches" {
	four_boots a
	filter='"\(.unit) \(.points[0].cv_boot * 1e6 | round) \(.points[0].cv_launch * 1e6 | round)"'
	same "components" "boot 32087 7293" "$(planned a?.jsonl)"
	filter='"\(.points[0].launches_per_boot) \(.points[0].needed) \(.points[0].seconds)"'
	same "with the time of a boot" "2 9 1188" "$(planned a?.jsonl --resolve 5% --boot-time 1m)"
	filter='"\(.plan.launches_per_boot) \(.plan.needed) \(.plan.seconds)"'
	same "the sum" "2 9 1188" "$(planned a?.jsonl --resolve 5% --boot-time 1m)"
	same "without it" "3 8 144" "$(planned a?.jsonl --resolve 5%)"
	run vmstress plan a?.jsonl --resolve 5%
	has "$output" "How long a boot takes is not known (--boot-time)"
	has "$output" "8x3"
	has "$output" "2 cells have no value at all."
	run vmstress plan a?.jsonl --resolve 5% --boot-time 1m
	has "$output" "9 boots of 2 launches of each"
	has "$output" "19 min 48 s"
}

# q <- log(c(...)), the numbers below; a <- anova(lm(q ~ factor(boot) +
# factor(launch)))[["Mean Sq"]]; of balanced data the components are
# sqrt((a[1] - a[2]) / 6), sqrt((a[2] - a[3]) / 3) and sqrt(a[3]). A launch costs
# 7 s beside its samples of 1 s: ceil(2.28) samples; a boot 60 s: ceil(1.19)
# launches; such boots have the deviation 0.0688645, which takes 10 for 10%; 2 *
# 10 * (60 + 2 * (7 + 3)) s.
@test "boots, launches and samples" {
	begin a.jsonl old 2 ',"ids":{"boot_id":"a"}'
	rate 1000 1031 980
	next
	rate 1040 1070 1015
	begin b.jsonl old 2 ',"ids":{"boot_id":"b"}'
	rate 980 955 1003
	next
	rate 930 961 915
	begin c.jsonl old 2 ',"ids":{"boot_id":"c"}'
	rate 1120 1101 1145
	next
	rate 1090 1060 1075
	filter='.points[0] | "\(.cv_boot * 1e6 | round) \(.cv_launch * 1e6 | round) \(.cv_sample * 1e6 | round)"'
	same "components" "65567 26669 22937" "$(planned ./?.jsonl)"
	filter='.plan | "\(.needed) \(.launches_per_boot) \(.samples_per_launch) \(.seconds)"'
	same "plan" "10 2 3 1600" "$(planned ./?.jsonl --resolve 10% --boot-time 60s)"
	run vmstress plan ./?.jsonl --resolve 10% --boot-time 60s
	has "$output" "10x2x3"
	has "$output" "10 boots of 2 launches of 3 samples"
}

# What is between kernels is not spread: degrees of freedom are those within.
@test "records of two kernels" {
	four_boots a
	four_boots b 3
	filter='"\(.kernels | length) \(.points[0].cv_boot * 1e6 | round) \(.points[0].cv_launch * 1e6 | round) \(.points[0].boots)"'
	same "components" "2 32087 7293 8" "$(planned [ab]?.jsonl)"
	# In whatever order they are named.
	same "components" "2 32087 7293 8" "$(planned b3.jsonl a1.jsonl a0.jsonl b0.jsonl b2.jsonl a3.jsonl a2.jsonl b1.jsonl)"
	# Records of one boot are one boot.
	filter='"\(.unit) \(.points[0].boots) \(.points[0].launches)"'
	sed 's/"a1"/"a0"/' a1.jsonl >a9.jsonl
	same "one boot" "launch 1 6" "$(planned a0.jsonl a9.jsonl)"
	same "no boot twice" "launch 2 6" "$(planned a0.jsonl b0.jsonl)"
	has "$(vmstress plan a0.jsonl --boot-time 1m)" "--boot-time plays no part"
}

# As above, a column for each launch: SAMPLES.
@test "samples of a launch" {
	begin a.jsonl old 4
	rate 1000 1031 980
	next
	rate 1040 1070 1015
	next
	rate 980 955 1003
	next
	rate 1020 1041 995
	filter='.points[] | select(.workload == "zfod/1") | "\(.cv_launch * 1e6 | round) \(.cv_sample * 1e6 | round) \(.launch_s) \(.sample_s)"'
	same "components and costs" "21586 24819 7 1" "$(planned a.jsonl)"
	filter='.points[] | select(.workload == "zfod/1") | "\(.samples_per_launch) \(.needed) \(.seconds)"'
	same "optimum" "4 13 286" "$(planned a.jsonl --resolve 3%)"
}

@test "samples that take from each other say nothing about launches" {
	begin a.jsonl old 4
	rate 500 1000 1500
	next
	rate 1500 1000 510
	next
	rate 1000 520 1500
	next
	rate 515 1500 1000
	filter='.points[0] | "\(.samples_dependent) \(.cv_sample) \(.samples_per_launch) \(.needed)"'
	same "launches alone" "true null null 4" "$(planned a.jsonl)"
	has "$(vmstress plan a.jsonl)" "*: samples of a launch take from each other"
}

# sd(log(c(1000, 1100, 900, 1050, 950, 1020))) is 0.0715: more than 100, as 100
# see 2.9% only; and 35 for 5%.
@test "the noisiest, and what it takes without" {
	local ns

	begin a.jsonl old 6
	for ns in 1000 1010 990 1005 995 1002; do
		curve 0 $ns
		curve 1 $((ns * 10 - 9000))
		next
	done
	filter='"\(.plan.needed) \(.plan.beyond) \(.plan.seen_with_most * 1e3 | round) \(.points[1].needed)"'
	same "for 2%" "null 1 29 null" "$(planned a.jsonl)"
	filter='"\(.plan.needed) \(.plan.seconds) \(.noisiest[0].workers) \(.without_noisiest.needed) \(.without_noisiest.seconds)"'
	same "for 5%" "35 420 2 4 24" "$(planned a.jsonl --resolve 5%)"
	run vmstress plan a.jsonl
	has "$output" "more than 100 launches of each kernel"
	has "$output" "step/1 2 workers, process ns/step: more than 100 launches"
	has "$output" "Without it: 4 launches of each kernel, 24.0 s for both."
	has "$output" "Fix the number before looking"
	has "$output" "Launches of one boot say nothing about other boots"
}

@test "launches that are not valid are left out, unless they are kept" {
	begin a.jsonl old 7
	calm
	curve 0 2000 steal
	filter='.points[0] | "\(.launches) \(.needed)"'
	same "left out" "6 4" "$(planned a.jsonl)"
	same "kept" "7 null" "$(planned a.jsonl --keep-invalid)"
	has "$(vmstress plan a.jsonl)" "old  1 boot, 7 launches, 1 not valid: left out"
	begin a.jsonl old 2
	curve 0 1000 steal
	next
	curve 0 1001 steal
	refuses 2 "vmstress: a.jsonl: nothing to plan from: all 2 launches broke a rule of validity (--keep-invalid takes them, too)" \
	    vmstress plan a.jsonl
}

@test "points without a number stand beside those with one" {
	begin a.jsonl old 6
	curve 1 1000
	calm
	run vmstress plan a.jsonl
	same "status" 0 "$status"
	has "$output" "      2  one launch"
	has "$output" "1 point without a number, see above, is not in this."
	filter='.points[] | "\(.workers) \(.why) \(.needed)"'
	same "as data" "1 null 4
2 one launch null" "$(planned a.jsonl)"
}

@test "what cannot be planned from is refused with the reason" {
	begin one.jsonl old 1
	curve 0 1000
	refuses 2 "vmstress: one.jsonl: nothing to plan from: one launch does not show how launches differ: at least 2 are needed, better 6 or more" \
	    vmstress plan one.jsonl
	begin none.jsonl old 1
	refuses 2 "vmstress: none.jsonl: nothing to plan from: no launch has a value" \
	    vmstress plan none.jsonl
	begin flat.jsonl old 3
	for launch in 0 1 2; do
		curve 0 1000
	done
	refuses 2 "vmstress: flat.jsonl: nothing to plan from: all values are equal, which no measurement is: longer samples, or a finer metric, may show the spread" \
	    vmstress plan flat.jsonl
	begin zero.jsonl old 3
	for launch in 0 1 2; do
		curve 0 0
	done
	refuses 2 "vmstress: zero.jsonl: nothing to plan from: a value that is not above 0, and has no logarithm" \
	    vmstress plan zero.jsonl
	echo "hello" >foreign
	refuses 2 "vmstress: foreign:1: not a vmstress record: it does not begin as what \`vmstress run --output\` writes" vmstress plan foreign
	refuses 2 "vmstress: gone: cannot open the record: No such file or directory" \
	    vmstress plan gone
	refuses 2 "vmstress: plan: from which record? Name the .jsonl file of a run like the one that is planned" \
	    vmstress plan
	refuses 2 "vmstress: plan: --resolve 2: that is no share between 0 and 1, like 0.02 or 2%" \
	    vmstress plan one.jsonl --resolve 2
	refuses 2 "vmstress: plan: --power 0: that is no share between 0 and 1, like 0.02 or 2%" \
	    vmstress plan one.jsonl --power 0
	refuses 2 "vmstress: plan: --boot-time 90: that is no time, like 90s or 3m" \
	    vmstress plan one.jsonl --boot-time 90
	refuses 2 "vmstress: plan: --style mail: there is text, csv and json" \
	    vmstress plan one.jsonl --style mail
}

@test "every style has the same numbers, and text fits into a mail" {
	four_boots a
	vmstress plan --style csv a?.jsonl --boot-time 1m --all >rows
	vmstress plan --style json a?.jsonl --boot-time 1m --all >object
	same "rows" "$(jq -r '.points[] | "\(.metric) \(.needed) \(.launches_per_boot) \(.seconds)"' object)" \
	    "$(awk -F, 'NR > 1 { print $5, ($16 == "" ? "null" : $16), $14, ($17 == "" ? "null" : $17) }' rows)"
	same "metrics of --all" "ns/step last ns/step" "$(jq -r '[.points[].metric] | join(" ")' object)"
	vmstress plan a?.jsonl --boot-time 1m >text
	[ -s text ]
	same "too wide" "" "$(awk 'length($0) > 72' text)"
}

@test "a record from a hostile hand does not drive the terminal" {
	begin a.jsonl 'x\u001b[2J' 6
	calm
	sed -i 's/"size":"4M"/"size":"4M\u001b[2J"/; s/"step"/"st\u001b[1mep"/g' a.jsonl
	for style in text csv json; do
		vmstress plan --style $style a.jsonl >out
		same "escapes in $style" 0 "$(grep -c $'\033' out || true)"
	done
}
