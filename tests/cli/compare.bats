#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress compare on records that are made up: what is concluded from them,
# what cannot be, and how it is said.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common
load compare-common

@test "better and worse, whichever way is better" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1100
	verdicts a.jsonl b.jsonl >got || true
	same "faster" "zfod/1 1 fault/s better
zfod/1 2 fault/s better
step/1 1 ns/step better" "$(grep -v last got)"
	run vmstress compare a.jsonl b.jsonl
	same "status" 0 "$status"
	has "$output" "vmstress compare: new against old"
	run vmstress compare b.jsonl a.jsonl
	same "status of a regression" 1 "$status"
	same "marks" "4" "$(grep -c ' -$' <<<"$output")"
	# Ten percent of one is nine of the other.
	has "$output" "-9.1%"
}

@test "proven the same, and not enough to tell" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1001
	same "all" "same" "$(verdicts a.jsonl b.jsonl | awk '{ print $NF }' |
	    sort -u)"
	begin c.jsonl loud 6
	for noise in 800 1200 900 1150 1000 950; do
		launch $((noise * 1000)) $((noise * 2000)) $((noise * 5))
	done
	same "all" "undecided" "$(verdicts a.jsonl c.jsonl |
	    awk '{ print $NF }' | sort -u)"
	run vmstress compare a.jsonl c.jsonl
	same "status" 0 "$status"
	has "$output" "could not have been seen"
	run -3 vmstress compare --fail-on inconclusive a.jsonl c.jsonl
	run -0 vmstress compare --fail-on inconclusive a.jsonl b.jsonl
}

@test "proven, but less than what matters" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1012
	same "one percent" "small" "$(verdicts a.jsonl b.jsonl |
	    awk '{ print $NF }' | sort -u)"
	same "that matters" "better" "$(verdicts --min-effect 0.5% a.jsonl \
	    b.jsonl | awk '{ print $NF }' | sort -u)"
}

@test "four launches are too few for three kernels" {
	for name in a b c; do
		begin $name.jsonl $name 4
		factor=$([ $name = a ] && echo 1000 || echo 1500)
		for noise in 1000 1001 999 1002; do
			launch $((noise * factor)) $((noise * factor)) $noise
		done
	done
	# Two of 70 labellings, by Holm for two kernels: 0.057.
	run -3 vmstress compare --fail-on inconclusive a.jsonl b.jsonl c.jsonl
	has "$output" "~ undecided: with so few launches p.adj is 0.057 at least, and no change
  can be proven; 5 launches a side could prove one"
	# Of one kernel less it can be proven.
	run -0 vmstress compare a.jsonl b.jsonl
	[ "$(grep -c ' +$' <<<"$output")" -eq 2 ]
	run -0 vmstress compare --alpha 0.01 a.jsonl b.jsonl
	has "$output" "p.adj is 0.029 at least, and no change
  can be proven; 5 launches"
	run -0 vmstress compare --alpha 0.001 a.jsonl b.jsonl
	has "$output" "  can be proven; 7 launches"
	run -0 vmstress compare --alpha 0.000001 a.jsonl b.jsonl
	has "$output" "~ undecided: p.adj cannot be as small as 1e-06 asks for"
	# Nor is that planned.
	run -0 vmstress plan --resolve 50% a.jsonl
	has "$output" "To resolve 50% at every point: 4 launches"
	run -0 vmstress plan --alpha 0.01 --resolve 50% a.jsonl
	has "$output" "To resolve 50% at every point: 5 launches"
	run -2 vmstress compare --seed 99999999999999999999 a.jsonl b.jsonl
}

@test "three launches prove nothing" {
	for name in a b; do
		begin $name.jsonl $name 3
		factor=$([ $name = a ] && echo 1 || echo 9)
		for noise in 1000 1001 999; do
			launch $((noise * factor)) $((noise * factor)) $noise
		done
	done
	same "no marks" "few" "$(verdicts a.jsonl b.jsonl |
	    awk '{ print $NF }' | sort -u)"
	run vmstress compare a.jsonl b.jsonl
	has "$output" "nothing can be proven with less than 4 launches a side"
}

@test "boots are the units where there are several" {
	inputs=()
	for boot in 1 2 3 4; do
		for name in a b; do
			begin $name$boot.jsonl $name 2 \
			    ",\"ids\":{\"boot_id\":\"$name$boot\"}"
			base=$([ $name = a ] && echo 1000 || echo 1500)
			launch $((base + boot)) 2000 100
			launch $((base - boot)) 2000 100
			inputs+=("$name=$name$boot.jsonl")
		done
	done
	run vmstress compare "${inputs[@]}"
	same "status" 0 "$status"
	has "$output" "4 boots"
	same "verdict" "better" "$(verdicts "${inputs[@]}" |
	    awk '$1 == "zfod/1" && $2 == 1 { print $NF }')"
	# What never varies proves nothing by a test, and is the same all the same.
	same "no change" "same" "$(verdicts "${inputs[@]}" |
	    awk '$1 == "zfod/1" && $2 == 2 { print $NF }')"
}

@test "launches that are not valid are left out, unless they are kept" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	for noise in 1000 1004 998 1002; do
		launch $((noise * 1000)) $((noise * 2000)) $((noise * 5))
	done
	launch 5 5 99999 steal
	launch 5 5 99999 steal
	run vmstress compare a.jsonl b.jsonl
	same "status" 0 "$status"
	has "$output" "new: 4 of 18 launches not valid (steal): left out"
	same "without" "same" "$(verdicts a.jsonl b.jsonl |
	    awk '$1 == "zfod/1" { print $NF }' | sort -u)"
	same "with" "undecided" "$(verdicts --keep-invalid a.jsonl b.jsonl |
	    awk '$1 == "zfod/1" { print $NF }' | sort -u)"
}

@test "points of one side only are shown as missing" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1000
	sed -i 's/"workers":2/"workers":3/; s/,0\]/,0,0]/' b.jsonl
	same "missing" "zfod/1 2 fault/s missing
zfod/1 3 fault/s missing" "$(verdicts a.jsonl b.jsonl | grep missing)"
}

@test "launches that fail where they did not before are a regression" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 7
	rounds 1000
	line launch 0 '' >>b.jsonl
	line end 0 ',"status":"failed","reason":"oom"' >>b.jsonl
	run vmstress compare a.jsonl b.jsonl
	same "status" 1 "$status"
	same "verdict" "failed" "$(verdicts a.jsonl b.jsonl |
	    awk '$2 == 1 && $1 == "zfod/1" { print $NF }')"
}

@test "launches that fail are counted, and all are worse than some" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1000
	sed -i '0,/"type":"end","cell":1/s/\("type":"end","cell":1.*\)"ok"/\1"failed","reason":"no memory"/' a.jsonl
	sed -i '/"type":"end","cell":1/s/"ok"/"failed"/' b.jsonl
	run -1 vmstress compare a.jsonl b.jsonl
	has "$output" "  old: 1 of 18 launches failed, the first of zfod/1 x2: no memory
  new: 6 of 18 launches failed, the first of zfod/1 x2
"
	same "verdict" "zfod/1 2 fault/s failed" "$(verdicts a.jsonl b.jsonl |
	    grep failed)"
	# Some of them are not more than some.
	sed -i '/"launch":[1-5].*"status":"failed"/s/"failed"/"ok"/' b.jsonl
	run -0 vmstress compare a.jsonl b.jsonl
	has "$output" "  new: 1 of 18 launches failed"
	# Of a point without any number there is no row, but it is counted.
	sed -i '/"type":"end","cell":1/s/"ok"/"failed"/' a.jsonl b.jsonl
	run -0 vmstress compare a.jsonl b.jsonl
	has "$output" "  old: 6 of 18 launches failed"
	vmstress compare --style json a.jsonl b.jsonl |
	    jq -e '[.sides[].failed] == [6, 6]'
}

@test "machines that differ beside the kernel are told, and refused on request" {
	begin a.jsonl old 6 ',"kernel":{"release":"6.17"},"tunables":{"thp":"on"}'
	rounds 1000
	begin b.jsonl new 6 ',"kernel":{"release":"6.18"},"tunables":{"thp":"off"}'
	rounds 1000
	run vmstress compare a.jsonl b.jsonl
	has "$output" "kernel.release: 6.17 -> 6.18"
	has "$output" "CONFOUNDS:"
	has "$output" "tunables.thp: on -> off"
	run -2 vmstress compare --strict a.jsonl b.jsonl
	has "$output" "--strict: tunables.thp is 'on' for old, 'off' for new"
}

@test "three kernels: each against the first" {
	for name in a b c; do
		begin $name.jsonl $name 6
		rounds "$([ $name = c ] && echo 1200 || echo 1000)"
	done
	run vmstress compare a.jsonl b.jsonl c.jsonl
	has "$output" "vmstress compare: b against a"
	has "$output" "vmstress compare: c against a"
	same "c" "better" "$(vmstress compare --style csv a.jsonl b.jsonl c.jsonl |
	    awk -F, '$2 == "c" && $3 == "zfod/1" { print $9 }' | sort -u)"
}

@test "text fits into a mail" {
	begin a.jsonl 'a-kernel-with-a-long-name' 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1100
	vmstress compare a.jsonl b.jsonl >text
	awk 'length > 72 { print; bad = 1 } /\t|^---|^#|[ ]$/ { print; bad = 1 }
	    END { exit bad }' text
	run -1 grep -q '[^ -~]' text
}

# long CHARACTER: a name of sixty columns.
long() {
	printf "%60s" "" | tr ' ' "$1"
}

@test "text with long names fits into a mail, and tells them apart" {
	release=6.18.0-rc3-next-20251127-gdcb6fa37fd7b-with-a-long-suffix-
	begin a.jsonl "$(long a)" 6 ",\"kernel\":{\"release\":\"${release}x\"},\"tunables\":{\"$(long t)\":\"on\"}"
	rounds 1000
	begin b.jsonl "$(long b)" 6 ",\"kernel\":{\"release\":\"${release}y\"},\"tunables\":{\"$(long t)\":\"off\"}"
	rounds 1100
	launch 5 5 99 steal
	sed -i "s/\"zfod\"/\"$(long w)\"/; s/\"size\":\"4M\"/&,\"$(long p)\":\"$(long q)\"/" a.jsonl b.jsonl
	sed "1s/$(long b)/$(long c)/" b.jsonl >c.jsonl
	cp a.jsonl a2.jsonl
	counted a.jsonl 1 >a1.jsonl
	counted b.jsonl 2 >b1.jsonl
	counted c.jsonl 3 >c1.jsonl
	sweep a3.jsonl "$(long a)" 0.05 0.004 1.30
	sweep b3.jsonl "$(long b)" 0.05 0.001 1.02
	vmstress compare --explain a1.jsonl b1.jsonl c1.jsonl >text
	vmstress compare --null a2.jsonl a.jsonl b.jsonl c.jsonl >>text
	vmstress compare --null a2.jsonl a.jsonl >>text
	vmstress compare a3.jsonl b3.jsonl >>text || [ $? -eq 1 ]
	# A word of more than 72 columns stays in one piece: the two parameters.
	awk 'length > 72 && !/^  p*=q*,$/ { print; bad = 1 }
	    END { exit bad }' text
	has "$(<text)" "    ...ab-with-a-long-suffix-x -> " ||
	    has "$(<text)" "long-suffix-x -> ..."
	has "$(<text)" "tunables.$(long t):"
	has "$(<text)" "$(long a)
          waiting, alpha"
	has "$(<text)" "vmstat.pgfault
      $(long w)/1 x1,
      process
      ($(long c))"
}

@test "what has not been measured is not counted" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	launch 1000000 2000000 5000
	launch 1000000 2000000 5000
	run -0 vmstress compare a.jsonl b.jsonl
	has "$output" "  new   new  2 of 6 launches"
}

@test "bad input is refused with what to do" {
	begin a.jsonl old 6
	rounds 1000
	run -2 vmstress compare a.jsonl
	has "$output" "name at least two records"
	run -2 vmstress compare a.jsonl a.jsonl
	has "$output" "all records are of 'old' (name them: base=A new=B)"
	run -2 vmstress compare x=a.jsonl y=nowhere.jsonl
	has "$output" "nowhere.jsonl"
	run -2 vmstress compare --alpha 7 x=a.jsonl y=a.jsonl
	has "$output" "--alpha 7: that is no share between 0 and 1"
	run -2 vmstress compare --fail-on rain x=a.jsonl y=a.jsonl
	echo '{"type":"run","schema":"other/1"}' >b.jsonl
	run -2 vmstress compare x=a.jsonl y=b.jsonl
	head -c 2000 a.jsonl >torn.jsonl
	run vmstress compare x=a.jsonl y=torn.jsonl
	same "status of a torn record" 0 "$status"
}

@test "the same record twice is the same" {
	begin a.jsonl old 6
	rounds 1000
	same "all" "same" "$(verdicts x=a.jsonl y=a.jsonl |
	    awk '{ print $NF }' | sort -u)"
}

@test "the munmap study of 2018 in the style of ministat" {
	# Five before as they were; of those after only mean and deviation are
	# known, so three means and two beside them stand for them.
	for name in before after; do
		{
			echo "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"$name\"}"
			echo '{"type":"cell","cell":0,"workload":"mmap-anon","version":1,"kind":"rate","unit":"cycle","params":{},"workers":1,"mode":"process","pin":"none","launches":5,"samples":1}'
			launch=0
			if [ $name = before ]; then
				values="1005918 1006319 1009119 1013143 1009155"
			else
				values="3550909 3550909 3550909 3553793.8236 3548024.1764"
			fi
			for value in $values; do
				line launch 0 ''
				ops=$(awk "BEGIN { printf \"%.0f\", $value * 10000 }")
				line sample 0 ",\"index\":0,\"elapsed_ns\":10000000000000,\"ops\":[$ops]"
				line end 0 ',"status":"ok"'
				launch=$((launch + 1))
			done
		} >$name.jsonl
	done
	run vmstress compare --style ministat before.jsonl after.jsonl
	has "$output" "x   5       1005918       1013143       1009119     1008730.8     2895.1156"
	has "$output" "     3550909     2039.8783"
	has "$output" "2.54218e+06 +/- 3652.34"
	has "$output" "252.018% +/- 1.06257%"
	has "$output" "(Student's t, pooled s = 2504.28)"
}

@test "every style has the same points" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1100
	vmstress compare --style mmtests a.jsonl b.jsonl >m.txt
	same "means" 4 "$(grep -Ec '^[AH]mean .*\*' m.txt)"
	vmstress compare --style markdown a.jsonl b.jsonl >md.txt
	same "rows" 4 "$(grep -c '| better |$' md.txt)"
	vmstress compare --style ministat a.jsonl b.jsonl >mi.txt
	same "differences" 4 "$(grep -c '^Difference at 95.0%' mi.txt)"
	vmstress compare --style json a.jsonl b.jsonl | jq -e '
	    .unit == "launch" and (.sides | length) == 2 and
	    (.points | length) == 4 and (.points | all(
	    (.base.values | length) == 6 and .against[0].verdict == "better" and
	    .against[0].p_adjusted <= 0.05))'
	run -2 vmstress compare --style haiku a.jsonl b.jsonl
	has "$output" "there is text, benchstat, mmtests, ministat, markdown, csv and json"
}

@test "no style has two points of one name, or two kernels" {
	begin a.jsonl linux-6.18.0-rc1 6
	rounds 1000
	begin b.jsonl 'linux-6.18.0-rc1-x|y' 6
	rounds 1100
	begin c.jsonl linux-6.18.0-rc1-z 6
	rounds 1100
	# The second cell becomes the first again, but of a thread elsewhere.
	sed -i '/"workers":2/{ s/"workers":2/"workers":1/; s/"process"/"thread"/
	    s/"none"/"packed"/; }; s/,0\]/]/' a.jsonl b.jsonl c.jsonl
	vmstress compare --style mmtests a.jsonl b.jsonl >m.txt
	same "rows" 2 "$(grep -c '^Hmean' m.txt)"
	same "names" 2 "$(awk '/^Hmean/ { print $2 }' m.txt | sort -u | wc -l)"
	vmstress compare --style benchstat a.jsonl b.jsonl c.jsonl >b.txt
	same "names" 2 "$(awk '/^Zfod/ { print $1 }' b.txt | sort -u | wc -l)"
	grep -Eq '^base: linux-6.18.0-rc1$' b.txt
	grep -Eq '^fault/s .* linux-6.18.0-rc1-x\|y .* linux-6.18.0-rc1-z ' b.txt
	vmstress compare --style markdown a.jsonl b.jsonl >md.txt
	same "names" 2 "$(awk -F'|' '/^. zfod/ { print $2, $3 }' md.txt | sort -u | wc -l)"
	grep -Fq '| linux-6.18.0-rc1-x\|y |' md.txt
	vmstress compare --style ministat a.jsonl b.jsonl >mi.txt
	same "names" 2 "$(grep '^zfod' mi.txt | sort -u | wc -l)"
}

@test "small numbers are no zeros in the style of mmtests" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1100
	sed -i 's/"elapsed_ns":1000000000/"elapsed_ns":1000000000000000000/' a.jsonl b.jsonl
	vmstress compare --style mmtests a.jsonl b.jsonl >m.txt
	grep -Eq '^Hmean     zfod-1             0\.001000 \(   0\.00%\)     0\.001100 \*' m.txt
}

# sweep FILE LABEL ALPHA BETA EXPONENT: six worker counts of one workload, and
# six sizes of another, whose time grows with the exponent; five launches.
sweep() {
	awk -v label="$2" -v alpha="$3" -v beta="$4" -v b="$5" 'BEGIN {
		printf "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"%s\"}\n", label
		for (i = 0; i < 12; i++) {
			w = i < 6 ? 2 ^ i : 1
			size[i] = i < 6 ? 1 : 1000 * 2 ^ (i - 6)
			printf "{\"type\":\"cell\",\"cell\":%d,\"workload\":\"%s\",\"version\":1,\"kind\":\"rate\",\"unit\":\"op\",\"params\":{\"n\":\"%d\"},\"workers\":%d,\"mode\":\"process\",\"pin\":\"none\",\"launches\":5,\"samples\":1}\n", i, i < 6 ? "scale" : "grow", size[i], w
		}
		for (l = 0; l < 5; l++)
			for (i = 0; i < 12; i++) {
				w = i < 6 ? 2 ^ i : 1
				rate = i < 6 ? 1e6 * w / (1 + alpha * (w - 1) + beta * w * (w - 1)) : 1e9 * size[i] ^ (1 - b)
				rate *= 1 + 0.001 * ((l * 7 + i * 3) % 5 - 2)
				zeros = ""
				for (k = 1; k < w; k++)
					zeros = zeros ",0"
				printf "{\"type\":\"launch\",\"cell\":%d,\"launch\":%d}\n", i, l
				printf "{\"type\":\"sample\",\"cell\":%d,\"launch\":%d,\"index\":0,\"elapsed_ns\":1000000000000,\"ops\":[%.0f%s]}\n", i, l, rate * 1000, zeros
				printf "{\"type\":\"end\",\"cell\":%d,\"launch\":%d,\"status\":\"ok\"}\n", i, l
			}
	}' >"$1"
}

@test "how two kernels scale, over workers and over a size" {
	sweep a.jsonl old 0.05 0.004 1.30
	sweep b.jsonl new 0.05 0.001 1.02
	run vmstress compare a.jsonl b.jsonl
	has "$output" "scaling over workers: scale/1 op/s"
	grep -Eq '^old +waiting, alpha +0\.05 \[' <<<"$output"
	grep -A5 '^old  *waiting' <<<"$output" >old
	grep -A5 '^new  *waiting' <<<"$output" >new
	grep -Eq 'agreeing, beta +0\.004 \[' old
	grep -Eq 'agreeing, beta +0\.001 \[' new
	# The peak is at the root of (1 - alpha) / beta.
	grep -Eq 'peak +15\.4 \[.*\] workers$' old
	grep -Eq 'peak +30\.8 \[.*\] workers$' new
	grep -Eq 'most seen at +16 \[16, 16\] workers$' old
	grep -Eq 'most seen at +32 \[32, 32\] workers$' new
	grep -Eq 'knee +[4-7]\.[0-9]+ \[.*\] workers$' old
	has "$output" "knee: where one more worker adds half of what the first one does"
	has "$output" "growth of the time with n: grow/1 op/s"
	has "$output" "exponent 1.30 [1.30, 1.30]"
	has "$output" "exponent 1.02 [1.02, 1.02], difference -0.28 [-0.28, -0.28]"
	vmstress compare --style json a.jsonl b.jsonl | jq -e '.scaling |
	    map(select(.over == "workers" and .name == "old"))[0] |
	    (.peak[0] - 15.4 | fabs) < 0.1 and .peak[1] < .peak[0] and
	    .most_seen_at == [16, 16, 16]'
	vmstress compare --style json a.jsonl b.jsonl | jq -e '.scaling |
	    map(select(.over == "n" and .name == "new"))[0] |
	    (.exponent[0] - 1.02 | fabs) < 0.01 and
	    (.difference[0] + 0.28 | fabs) < 0.01'
	sweep c.jsonl none 0 0 1
	run vmstress compare a.jsonl c.jsonl
	grep -A4 '^none  *waiting' <<<"$output" >none
	grep -Eq 'knee +none workers$' none
	grep -Eq 'peak +none workers$' none
}

# With so many faults and switches of the kernel for each operation.
counted() {
	awk -v faults="$2" '
	{ print }
	/"type":"sample","cell":0/ {
		match($0, /"ops":\[[0-9]+/)
		ops = substr($0, RSTART + 7, RLENGTH - 7)
		match($0, /"launch":[0-9]+/)
		n = substr($0, RSTART + 9, RLENGTH - 9)
		printf "{\"type\":\"kstat\",\"cell\":0,\"launch\":%d,\"index\":0,\"elapsed_ns\":1000000000,\"sources\":[\"vmstat\",\"stat\"],\"values\":{\"vmstat.pgfault\":%d,\"stat.ctxt\":%d}}\n", n, ops * faults * (1 + n / 1000), 5000 + n
	}' "$1"
}

@test "what else changed, and not what did not" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1000
	counted a.jsonl 1 >a1.jsonl
	counted b.jsonl 2 >b1.jsonl
	run -0 vmstress compare --explain a1.jsonl b1.jsonl
	has "$output" "1 of 2 numbers"
	grep -Eq '^ *\+100\.0% .* vmstat\.pgfault  zfod/1 x1, process$' <<<"$output"
	run -1 grep stat.ctxt <<<"$output"
	# The verdict does not know of it.
	same "verdicts" "same" "$(verdicts a1.jsonl b1.jsonl |
	    awk '{ print $NF }' | sort -u)"
}

@test "of boots and of launches that count, as in the verdicts" {
	# Two boots a side of eight launches, of which each differs from the others, and
	# launches of one boot hardly at all.
	inputs=()
	for name in a b; do
		for boot in 1 2; do
			begin $name$boot.jsonl $name 8 \
			    ",\"ids\":{\"boot_id\":\"$name$boot\"}"
			rounds 1000
			launch 1000000 2000000 5000
			launch 1000000 2000000 5000
			faults=$([ $boot = 1 ] && echo 1 || echo 3)
			[ $name = a ] || faults=$((faults * 2))
			counted $name$boot.jsonl "$faults" >$name$boot.counted
			inputs+=("$name=$name$boot.counted")
		done
	done
	run -0 vmstress compare --explain "${inputs[@]}"
	has "$output" "0 of 1 numbers"
	# A launch that is left out explains nothing.
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 8
	rounds 1000
	launch 1000000 2000000 5000 steal
	launch 1000000 2000000 5000 steal
	counted a.jsonl 1 >a1.jsonl
	counted b.jsonl 1 |
	    sed '/"kstat".*"launch":[67],/s/"vmstat.pgfault":/&999/' >b1.jsonl
	run -0 vmstress compare --explain a1.jsonl b1.jsonl
	has "$output" "0 of 2 numbers"
}

@test "a count that never varies has changed when it is another one" {
	begin a.jsonl old 4
	for _ in 1 2 3 4; do launch 1000000 2000000 5000; done
	begin b.jsonl new 4
	for _ in 1 2 3 4; do launch 1000000 2000000 5000; done
	counted a.jsonl 1 | sed 's/"vmstat.pgfault":[0-9]*/"vmstat.pgfault":1000/' >a1.jsonl
	counted b.jsonl 1 | sed 's/"vmstat.pgfault":[0-9]*/"vmstat.pgfault":2000/' >b1.jsonl
	run -0 vmstress compare --explain a1.jsonl b1.jsonl
	grep -Eq '^ +\+100\.0% .* vmstat\.pgfault  zfod/1 x1, process$' <<<"$output"
}

@test "a record from a hostile hand does not drive the terminal" {
	begin a.jsonl 'old\u001b[31m' 6 ',"kernel":{"release":"6\u001b[1m"},"tunables":{"x":"\u0007"}'
	rounds 1000
	begin b.jsonl new 6 ',"kernel":{"release":"7"},"tunables":{"x":"y"}'
	rounds 1000
	sed -i 's/"zfod"/"z\\u001b[2J"/; s/"4M"/"\\u0008"/' a.jsonl b.jsonl
	for style in text benchstat mmtests ministat markdown csv json; do
		vmstress compare --style $style --explain a.jsonl b.jsonl >out
		run -1 grep -q "$(printf '[\001-\010\013-\037\177]')" out
	done
}

@test "other kinds of machine are refused, and compared only by force" {
	begin a.jsonl old 6 ',"vm":{"hypervisor_flag":"no"}'
	rounds 1000
	begin b.jsonl new 6 ',"vm":{"hypervisor_flag":"yes","hypervisor_name":"KVMKVMKVM"}'
	rounds 1000
	begin c.jsonl soft 6 ',"vm":{"hypervisor_flag":"yes","hypervisor_name":"TCGTCGTCGTCG"}'
	rounds 1000
	begin d.jsonl some 6 ',"vm":{"hypervisor_flag":"yes"}'
	rounds 1000
	run -2 --separate-stderr vmstress compare a.jsonl b.jsonl
	same "nothing is shown" "" "$output"
	has "$stderr" "old ran on bare metal, new on a virtual machine (KVMKVMKVM)"
	run -2 vmstress compare b.jsonl c.jsonl
	has "$output" "soft on an emulated machine (TCG) (--force compares them)"
	run -0 vmstress compare --force b.jsonl c.jsonl
	has "$output" "  NOT COMPARABLE: new ran on"
	run -2 vmstress compare --force --strict b.jsonl c.jsonl
	run -0 --separate-stderr vmstress compare --force --style csv b.jsonl c.jsonl
	has "$stderr" "warning: new ran on"
	# Of which nothing is known, it may be the same.
	run -0 vmstress compare b.jsonl d.jsonl
	[[ $output != *"NOT COMPARABLE"* ]]
	run -2 vmstress compare a.jsonl d.jsonl
}

@test "other builds of vmstress and of plug-ins, and other versions of workloads" {
	begin a.jsonl old 6 ',"tool":{"version":"1","digest":"aa","plugin_x.so":"bb"}'
	rounds 1000
	begin b.jsonl new 6 ',"tool":{"version":"1","digest":"ab","plugin_x.so":"bc"}'
	rounds 1000
	sed -i 's/"workload":"step","version":1/"workload":"step","version":2/' b.jsonl
	run -0 vmstress compare a.jsonl b.jsonl
	has "$output" "  WARNING: old and new were measured by different builds of vmstress:
           digest aa, ab"
	has "$output" "  WARNING: old and new were measured with different builds of the
           plug-in x.so"
	has "$output" "  WARNING: old has step/1, new has step/2: another version measures"
	run -2 vmstress compare --strict a.jsonl b.jsonl
	has "$output" "different builds of the plug-in"
	run -0 vmstress compare --style json a.jsonl b.jsonl
	same "warnings" "3" "$(grep -o "\"warnings\":\[[^]]*" <<<"$output" | grep -o "\",\"\|\[\"" | wc -l)"
}

@test "records of one side that are not of one kernel" {
	begin a.jsonl old 6 ',"kernel":{"release":"6.1"},"ids":{"boot_id":"1"}'
	rounds 1000
	begin a2.jsonl old 6 ',"kernel":{"release":"6.2"},"ids":{"boot_id":"2"}'
	rounds 1000
	begin b.jsonl new 6 ',"kernel":{"release":"6.3"},"ids":{"boot_id":"3"}'
	rounds 1000
	run vmstress compare a.jsonl a2.jsonl b.jsonl
	has "$output" "  WARNING: the records of old are not of one kernel and machine:
           kernel.release is '6.1' in one, '6.2' in another"
}

@test "a phase that the machine cannot do has no rate, not one of 0" {
	local name
	for name in x y; do
		begin $name.jsonl $name 6
		rounds 1000
		sed -i '/"type":"curve","cell":2,"launch":0,/a\
{"type":"phase","cell":2,"launch":0,"index":0,"name":"swap","unit":"page","ops":0,"elapsed_ns":5,"headline":false,"asked":8,"reached":0,"limit":"unsupported: no swap"}' $name.jsonl
		grep -q unsupported $name.jsonl
	done
	run vmstress show x.jsonl
	has "$output" "note: swap: unsupported: no swap (cell 2)"
	[[ $output != *"swap page/s"* ]]
	run vmstress compare x.jsonl y.jsonl
	has "$output" "step/1"
	[[ $output != *swap* ]]
}
