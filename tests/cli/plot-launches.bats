#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Figures that show every launch: percentiles, distribution, curve, fairness,
# strip, drift; what is in their data.
# shellcheck disable=SC2030,SC2031

load common
load compare-common
load plot-common

# timed FILE LABEL LAUNCHES WORKERS: the head of a record with latencies.
timed() {
	file=$1
	launch=0
	{
		echo "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"$2\"}"
		echo "{\"type\":\"cell\",\"cell\":0,\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\",\"params\":{},\"workers\":$4,\"mode\":\"process\",\"pin\":\"none\",\"launches\":$3,\"samples\":1,\"latency\":true}"
	} >"$file"
}

# shot OPS BUCKETS COUNT [LINE]: one launch of it.
shot() {
	{
		line launch 0 "${5-}"
		line sample 0 ",\"index\":0,\"elapsed_ns\":1000000000,\"ops\":$1"
		[ -z "$2" ] || line histogram 0 ",\"count\":$3,\"sum_ns\":1000,\"max_ns\":255,\"timing_cost_ns\":20.0,\"buckets\":$2"
		[ -z "${4-}" ] || echo "$4"
		line end 0 ',"status":"ok"'
	} >>"$file"
	launch=$((launch + 1))
}

@test "percentiles are those of each launch, and their geometric mean" {
	timed a.jsonl old 2 1
	shot '[100]' '[[50,60],[200,40]]' 100
	shot '[100]' '[[200,60],[242,40]]' 100
	figure percentiles a.jsonl
	same "the median of each" "2 50
2 200" "$(block percentiles-zfod_1 1 | grep '^2 ')"
	same "their mean" "2 100 100" "$(block percentiles-zfod_1 0 | grep '^2 ')"
	same "90%" "10 220 220" "$(block percentiles-zfod_1 0 | grep '^10 ')"
	same "what has too few operations beyond it" "" \
	    "$(block percentiles-zfod_1 0 | awk '$1 > 10')"
}

@test "the launch with the fewest operations decides how far percentiles go" {
	timed a.jsonl old 2 1
	shot '[100]' '[[50,10000]]' 10000
	shot '[100]' '[[50,100]]' 100
	figure percentiles a.jsonl
	same "rows beyond 90%" "" "$(block percentiles-zfod_1 1 | awk '$1 > 10')"
	timed b.jsonl old 1 1
	shot '[100]' '[[50,19]]' 19
	run -1 figure percentiles b.jsonl
	run -1 figure distribution b.jsonl
}

@test "a distribution weighs every launch the same" {
	timed a.jsonl old 2 1
	shot '[100]' '[[50,100]]' 100
	shot '[100]' '[[200,3000]]' 3000
	figure distribution a.jsonl
	same "the mean" "50 0
51 50
200 50
201 100" "$(block distribution-zfod_1 0 | awk '{ print $1, $2 }')"
	same "each" "50 0
51 100
200 0
201 100" "$(block distribution-zfod_1 1 | awk '{ print $1, $2 }')"
}

@test "a launch that was done again counts once, an invalid one not" {
	timed a.jsonl old 2 1
	shot '[100]' '[[50,100]]' 100
	launch=0
	shot '[100]' '[[60,100]]' 100
	shot '[100]' '[[90,100]]' 100 \
	    '{"type":"validity","cell":0,"launch":1,"valid":false,"rules":["steal"],"reasons":["steal"]}'
	figure percentiles a.jsonl
	same "the median" "2 60" "$(block percentiles-zfod_1 1 | grep '^2 ')"
	figure percentiles --keep-invalid a.jsonl
	same "with it" "2 60
2 90" "$(block percentiles-zfod_1 1 | grep '^2 ')"
}

@test "lines are named by side and by what differs" {
	timed a.jsonl old 1 1
	shot '[100]' '[[50,100]]' 100
	timed b.jsonl new 1 1
	shot '[100]' '[[50,100]]' 100
	timed c.jsonl new 1 2
	shot '[100,100]' '[[50,100]]' 100
	figure percentiles a.jsonl b.jsonl
	same "one setting" "# old
# new" "$(grep '^#' p/percentiles-zfod_1.dat)"
	has "$(cat p/percentiles-zfod_1.gp)" "'zfod/1, x1: latency percentiles"
	figure percentiles a.jsonl b.jsonl c.jsonl
	same "two settings" "# old, x1
# new, x1
# new, x2" "$(grep '^#' p/percentiles-zfod_1.dat)"
}

@test "with thirteen sides there are two figures" {
	for i in $(seq 13); do
		timed "$i.jsonl" "side-$i" 2 2
		shot '[300,100]' '[[50,100]]' 100
		shot '[300,200]' '[[50,100]]' 100
	done
	vmstress plot -o p ./[0-9]*.jsonl >out
	for kind in percentiles-zfod_1 distribution-zfod_1 fairness-zfod_1; do
		same "$kind" 12 "$(grep -c '^# side' p/$kind.dat)"
		same "$kind, second" 1 "$(grep -c '^# side' p/$kind-2.dat)"
	done
	same "drift" "12 1" "$(grep -c '^# side' p/drift.dat) $(grep -c '^# side' p/drift-2.dat)"
	# The base is in both.
	same "strip" "12 2" "$(grep -c '^# side' p/strip.dat) $(grep -c '^# side' p/strip-2.dat)"
	same "pictures that are not there" "" "$(while read -r f; do [ -s "$f" ] || echo "$f"; done <out)"
}

@test "names out of a record run nothing and end no line" {
	timed a.jsonl "x'.system('touch ran').'\`touch ran\`\\n\$(touch ran)%s\\u0007" 9 2
	for i in $(seq 9); do
		shot '[300,100]' '[[50,100]]' 100
	done
	sed 's/zfod/z\\"\x27.system(\\"touch ran\\").\x27/' a.jsonl >b.jsonl
	vmstress plot -o p a.jsonl >out
	vmstress plot -o p b.jsonl >>out
	has "$(cat out)" p/percentiles-z__.system
	[ ! -e ran ] && [ ! -e p/ran ]
}

@test "a curve: launches, their mean, and the fastest and slowest step" {
	begin r.jsonl old 2
	for ns in 100 400; do
		{
			line launch 2 ''
			line curve 2 ",\"worker\":0,\"first\":0,\"count\":1,\"min_ns\":$ns,\"mean_ns\":$ns,\"max_ns\":$ns"
			line curve 2 ",\"worker\":0,\"first\":7,\"count\":25,\"min_ns\":7,\"mean_ns\":$((ns * 2)),\"max_ns\":900"
			line end 2 ',"status":"ok"'
		} >>r.jsonl
		launch=$((launch + 1))
	done
	figure curve r.jsonl
	same "means" "1 200 100 400
16 400 7 900" "$(block curve-step_1 0)"
	same "launches" "1 100
16 200
1 400
16 800" "$(block curve-step_1 1)"
}

@test "a curve over decades has logarithmic axes, another has not" {
	begin r.jsonl old 1
	{
		line launch 2 ''
		line curve 2 ',"worker":0,"first":0,"count":1,"min_ns":100,"mean_ns":100,"max_ns":100'
		line curve 2 ',"worker":0,"first":5,"count":1,"min_ns":110,"mean_ns":110,"max_ns":110'
	} >>r.jsonl
	cp r.jsonl long.jsonl
	line end 2 ',"status":"ok"' >>r.jsonl
	{
		line curve 2 ',"worker":0,"first":99999,"count":1,"min_ns":90000,"mean_ns":90000,"max_ns":90000'
		line end 2 ',"status":"ok"'
	} >>long.jsonl
	figure curve r.jsonl
	same "axes" 0 "$(grep -c 'set logscale' p/curve-step_1.gp)"
	figure curve long.jsonl
	same "axes" "set logscale x
set logscale y" "$(grep 'set logscale' p/curve-step_1.gp)"
}

@test "fairness: slowest and fastest relative to the mean worker" {
	timed a.jsonl old 2 2
	shot '[300,100]' ''
	shot '[200,200]' ''
	figure fairness a.jsonl
	same "means" "0 75 125 0.9" "$(block fairness-zfod_1 0)"
	same "launches" "0 50 150 0.8
0 100 100 1" "$(block fairness-zfod_1 1)"
}

@test "nothing is said of workers that are equal, unless asked for" {
	timed a.jsonl old 1 2
	shot '[201,199]' ''
	run -1 figure fairness a.jsonl
	figure fairness --all a.jsonl
	timed b.jsonl old 1 1
	shot '[100]' ''
	run -1 figure fairness --all b.jsonl
}

@test "a strip has every launch and the means, relative to the base" {
	timed a.jsonl old 2 1
	shot '[100]' ''
	shot '[400]' ''
	timed b.jsonl new 2 1
	shot '[300]' ''
	shot '[300]' ''
	figure strip a.jsonl b.jsonl
	same "row" '"zfod/1 x1" "200.0 fault/s" 0.5' "$(block strip 0)"
	same "base" "-50 100" "$(block strip 1 | awk '{ print $1 }' | xargs)"
	same "mean of the base" 0 "$(block strip 3 | awk '{ printf "%d", $1 }')"
	same "new" "50 50" "$(block strip 4 | awk '{ print $1 }' | xargs)"
	same "mean of new" 50 "$(block strip 6 | awk '{ print $1 }')"
	has "$(cat p/strip.gp)" "'Every launch relative to the mean of old'"
}

@test "a strip of boots has their means, and their launches beside them" {
	for boot in 1 2; do
		timed "$boot.jsonl" old 2 1
		sed -i "1s/}\$/,\"ids\":{\"boot_id\":\"$boot\"}}/" "$boot.jsonl"
		shot "[$((100 * boot))]" ''
		shot "[$((400 * boot))]" ''
	done
	figure strip 1.jsonl 2.jsonl
	has "$(cat p/strip.gp)" "'Every boot relative to their mean, old'"
	same "boots" 2 "$(block strip 1 | wc -l)"
	same "launches" 4 "$(block strip 2 | wc -l)"
}

@test "one launch is no strip, and a few are no drift" {
	timed a.jsonl old 1 1
	shot '[100]' ''
	run -1 figure strip a.jsonl
	run -1 figure drift a.jsonl
}

@test "drift is in the order in which launches ran, up is better" {
	for side in old new; do
		timed $side.jsonl $side 8 1
		for i in $(seq 0 7); do
			shot "[$((100 + i % 2 * 300))]" '' '' '' \
			    ",\"started\":\"2024-01-01T00:0$((i % 8)):$([ $side = old ] && echo 30 || echo 10)Z\""
		done
	done
	figure drift old.jsonl new.jsonl
	same "old" "2:-50 4:100 6:-50 8:100 10:-50 12:100 14:-50 16:100" \
	    "$(block drift 0 | awk '{ print $1 ":" $2 }' | xargs)"
	same "new" "1:-50 3:100" \
	    "$(block drift 2 | awk '{ print $1 ":" $2 }' | head -n 2 | xargs)"
	has "$(cat p/drift.gp)" "in the order in which they ran"
	timed l.jsonl old 9 1
	sed -i 's/"rate"/"curve"/' l.jsonl
	for i in $(seq 9); do
		ns=$([ "$i" -eq 9 ] && echo 200 || echo 100)
		{
			line launch 0 ''
			line curve 0 ",\"worker\":0,\"first\":1,\"count\":1,\"min_ns\":1,\"mean_ns\":$ns,\"max_ns\":900"
			line end 0 ',"status":"ok"'
		} >>l.jsonl
		launch=$((launch + 1))
	done
	figure drift l.jsonl
	same "the slow one is low" 1 \
	    "$(block drift 0 | tail -n 1 | awk '{ print $2 < -30 }')"
	has "$(cat p/drift.gp)" "in the order of the records"
}

@test "scripts run alone and draw the same again" {
	timed a.jsonl old 9 2
	for i in $(seq 9); do
		shot "[30$i,100]" "[[50,100],[6$i,20]]" 120
	done
	vmstress plot -f png -o p a.jsonl >out
	mkdir q
	cp p/*.gp p/*.dat q
	cd q
	for f in percentiles-zfod_1 distribution-zfod_1 fairness-zfod_1 strip drift; do
		gnuplot $f.gp
		cmp $f.png ../p/$f.png
	done
}

@test "percentiles can be in a mail, without single launches" {
	timed a.jsonl old 2 1
	shot '[100]' '[[50,100],[200,100]]' 200
	shot '[100]' '[[50,100],[240,100]]' 200
	run vmstress plot --term dumb --figure percentiles a.jsonl
	same "status" 0 "$status"
	has "$output" "zfod/1, x1: latency percentiles, lower is better"
	[[ $output != *faint* ]]
}
