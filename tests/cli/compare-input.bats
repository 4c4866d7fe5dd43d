#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress compare on files that are damaged, foreign, empty or strange: every
# one has an answer that says where and what to do, and nothing is lost in
# silence.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

HEADER='{"type":"run","schema":"vmstress-result/1"}'
FOREIGN="not a vmstress record: it does not begin as what \`vmstress run --output\` writes"

# cell ID PARAMS LAUNCHES [KIND]
cell() {
	echo "{\"type\":\"cell\",\"cell\":$1,\"workload\":\"w\",\"version\":1,\"kind\":\"${4-rate}\",\"unit\":\"op\",\"params\":{$2},\"workers\":1,\"mode\":\"process\",\"pin\":\"none\",\"launches\":$3,\"samples\":1}"
}

# launch CELL LAUNCH OPS: all lines of it.
launch() {
	echo "{\"type\":\"launch\",\"cell\":$1,\"launch\":$2}"
	echo "{\"type\":\"sample\",\"cell\":$1,\"launch\":$2,\"index\":0,\"elapsed_ns\":1000000000,\"ops\":[$3]}"
	echo "{\"type\":\"end\",\"cell\":$1,\"launch\":$2,\"status\":\"ok\"}"
}

# bin CELL LAUNCH NANOSECONDS: the same of a curve.
bin() {
	echo "{\"type\":\"launch\",\"cell\":$1,\"launch\":$2}"
	echo "{\"type\":\"curve\",\"cell\":$1,\"launch\":$2,\"worker\":0,\"first\":1,\"count\":1,\"min_ns\":1,\"mean_ns\":$3,\"max_ns\":1}"
	echo "{\"type\":\"end\",\"cell\":$1,\"launch\":$2,\"status\":\"ok\"}"
}

# record OPS...: one cell, a launch for each number.
record() {
	echo "$HEADER"
	cell 0 '"n":"1"' $#
	n=0
	for ops; do
		launch 0 $n "$ops"
		n=$((n + 1))
	done
}

# curve NANOSECONDS...: the same, where less is better.
curve() {
	echo "$HEADER"
	cell 0 '"n":"1"' $# curve
	n=0
	for ns; do
		bin 0 $n "$ns"
		n=$((n + 1))
	done
}

# refused FILE MESSAGE: as the new one and as the base.
refused() {
	record 100 101 99 100 102 >fine
	refuses 2 "vmstress: $2" vmstress compare x=fine y="$1"
	refuses 2 "vmstress: $2" vmstress compare x="$1" y=fine
}

# The verdicts of all points in one line.
verdicts() {
	vmstress compare --style csv "$@" 2>/dev/null |
	    awk -F, 'NR > 1 { print $9 }' | tr '\n' ' ' | sed 's/ $//'
}

# warned TEXT FILE FILE: in the text, and beside every other style.
warned() {
	run -0 vmstress compare x="$2" y="$3"
	text=$(tr -s ' \n' ' ' <<<"$output")
	has "$text" "WARNING: $1"
	for style in mmtests ministat markdown csv json; do
		run --separate-stderr -0 vmstress compare --style $style \
		    x="$2" y="$3"
		has "$stderr" "vmstress: compare: warning: $1"
	done
	run -2 vmstress compare --strict x="$2" y="$3"
}

# ---- files that are no records ----------------------------------------------

@test "foreign files are refused, and where they are foreign" {
	echo hello >text
	refused text "text:1: $FOREIGN"
	printf '\177ELF\002\001\n\000\377\n' >binary
	refused binary "binary:1: $FOREIGN"
	head -c 5000 /dev/zero >zeros
	refused zeros "zeros: no vmstress record: the first line has no end"
	: >empty
	refused empty "empty: no vmstress record: empty file"
	echo >blank
	refused blank "blank:1: $FOREIGN"
	mkdir folder
	refused folder "folder: no campaign: there is no campaign.jsonl in it, as \`vmstress matrix\` writes"
	refused absent "absent: cannot open the record: No such file or directory"
	echo '{"type":"run","name":"of another program"}' >json
	refused json "json:1: $FOREIGN"
	echo '[1,2]' >list
	refused list "list:1: $FOREIGN"
	printf '{\n "a": 1\n}\n' >lines
	refused lines "lines:1: $FOREIGN"
}

@test "other schemas are refused" {
	record 1 2 3 4 5 | sed 's,result/1,result/2,' >newer
	refused newer "newer:1: vmstress-result/2 is newer than this program: a newer vmstress reads it"
	record 1 2 3 4 5 | sed 's,result/1,result/x,' >unknown
	refused unknown "unknown:1: not a vmstress record: its schema has no version"
	record 1 2 3 4 5 | sed 's,vmstress-result/1,other/1,' >other
	refused other "other:1: $FOREIGN"
	cat <(record 1 2) <(record 3 4) >two
	refused two "two:9: run: a second header: this is more than one record, and each needs a file of its own"
	cat <(record 1 2) newer >mixed
	refused mixed "mixed:9: run: a second header: this is more than one record, and each needs a file of its own"
}

# ---- records that are damaged --------------------------------------------------

@test "a hole in the middle is refused with its line" {
	record 1 2 3 4 5 >whole
	{ head -c 400 whole; tail -c +420 whole; } >hole
	record 100 101 >fine
	run -2 vmstress compare x=fine y=hole
	has "$output" "vmstress: hole:6: not JSON (column "
	has "$output" "): the file is damaged here"
	sed '4s/$/}/' whole >added
	run -2 vmstress compare x=fine y=added
	has "$output" "vmstress: added:4: not JSON (column"
	sed 4d whole >less
	run -0 vmstress compare x=fine y=less
	has "$(tr -s ' \n' ' ' <<<"$output")" "WARNING: y has launches that ended well, but without a value, at w/1 op/s n=1 x1"
	sed 3d whole >headless
	refused headless "headless:3: sample: launch 0 of cell 0 has not begun"
	sed 2d whole >cellless
	refused cellless "cellless:2: launch: cell 0 is not described before"
	sed 1d whole >beginning
	refused beginning "beginning:1: $FOREIGN"
	{ cat whole; sed -n 2p whole; } >twice
	refused twice "twice:18: cell: cell 0 is described twice"
}

@test "a record that was cut off counts as far as it goes, and it is said" {
	record 100 101 99 100 102 103 >whole
	record 100 101 99 100 102 103 | head -n 16 >short
	warned "short is not complete: 2 of 6 launches have not ended (\`vmstress run --resume\` goes on)" whole short
	head -c -30 whole >torn
	warned "torn is not complete: its last line, 20, has no end and is left out; 1 of 6 launches have not ended" whole torn
	{ cat whole; printf '{"type":"end'; } >late
	warned "late is cut off: its last line, 21, has no end and is left out; all its launches are there" whole late
	same "verdict" "undecided" "$(verdicts x=whole y=short)"
	# Wherever it is cut: an answer, and none without a word of it.
	size=$(wc -c <whole)
	for at in $(seq 20 97 $((size - 1))); do
		head -c "$at" whole >part
		run vmstress compare x=whole y=part
		case $status in
		0) has "$(tr -s ' \n' ' ' <<<"$output")" "WARNING: part is" ;;
		2) has "$output" "part" ;;
		*) same "status when cut at $at" "0 or 2" "$status" ;;
		esac
	done
}

@test "a side without a number, or with nothing in common, is refused" {
	record 1 2 3 4 5 >fine
	echo "$HEADER" >header
	run -2 vmstress compare x=fine y=header
	has "$output" "y (header) has no result: none of its launches gave a number (--force compares them)"
	run -2 vmstress compare x=header y=fine
	has "$output" "x (header) has no result"
	head -n 2 fine >cells
	run -2 vmstress compare x=fine y=cells
	has "$output" "y (cells) has no result"
	sed 's/"n":"1"/"n":"2"/' fine >other
	run -2 vmstress compare x=fine y=other
	has "$output" "x and y have no point in common: their workloads, parameters, workers, modes or places are others"
	run -0 vmstress compare --force x=fine y=other
	same "missing" "missing missing" "$(verdicts --force x=fine y=other)"
	# Nothing but failures is a regression, not bad data.
	grep -v '"sample"' fine | sed 's/"ok"/"failed","reason":"oom"/' >failed
	run -1 vmstress compare x=fine y=failed
	same "verdict" "failed" "$(verdicts x=fine y=failed)"
}

# ---- strange numbers -----------------------------------------------------------------

@test "one launch a side proves nothing" {
	record 100 >a
	record 200 >b
	run -0 vmstress compare x=a y=b
	has "$output" "nothing can be proven with less than 4 launches a side"
	same "verdict" "few" "$(verdicts x=a y=b)"
	run -3 vmstress compare --fail-on inconclusive x=a y=b
}

@test "no variance on both sides" {
	record 100 100 100 100 100 >a
	record 110 110 110 110 110 >b
	same "equal" "same" "$(verdicts x=a y=a)"
	same "more" "better" "$(verdicts x=a y=b)"
	run -1 vmstress compare x=b y=a
	# No surer than the 252 labellings allow.
	same "p" "0.008" "$(vmstress compare --style csv x=a y=b |
	    awk -F, 'NR > 1 { printf "%.3f", $18 }')"
}

@test "values that are no numbers are refused with their line" {
	record 100 101 99 100 102 >fine
	bad="sample: 'ops' holds something that is not a whole number of 0 or more"
	for value in null -5 1.5 1e308 true '"x"' '[]'; do
		record 100 "$value" 99 100 >bad
		refused bad "bad:7: $bad"
	done
	for value in NaN Infinity -Infinity 1e999; do
		record 100 "$value" 99 100 >bad
		run -2 vmstress compare x=fine y=bad
		has "$output" "vmstress: bad:7: not JSON (column "
	done
	curve 100 -5 99 100 >bad
	refused bad "bad:7: curve: 'mean_ns' is -5, which is no time"
	curve 100 1e308 99 100 >bad
	refused bad "bad:7: curve: 'mean_ns' is 1e+308, which is no time"
	record 100 9223372036854775807 '"18446744073709551616"' 100 >bad
	refused bad "bad:10: $bad"
}

@test "a value that is not there is told" {
	curve 100 101 99 100 102 103 >a
	curve null 101 99 100 102 103 >b
	warned "y has launches that ended well, but without a value, at w/1 ns/op n=1 x1" a b
	curve null null null null null >c
	run -2 vmstress compare x=a y=c
	has "$output" "y (c) has no result"
	# A sample that took no time has no rate.
	record 100 101 99 100 102 >d
	sed '4s/1000000000/0/' d >e
	warned "y has launches that ended well, but without a value, at w/1 op/s n=1 x1" d e
}

@test "a value of 0 proves nothing and does not vanish" {
	record 100 101 99 100 102 103 >a
	record 100 0 101 99 100 103 >b
	warned "y has values that are not above 0, which have no ratio and are not judged, at w/1 op/s n=1 x1" a b
	same "one" "undecided" "$(verdicts x=a y=b)"
	same "one of the base" "undecided" "$(verdicts x=b y=a)"
	record 0 0 0 0 0 0 >z
	warned "y has values that are not above 0" a z
	same "all" "undecided" "$(verdicts x=a y=z)"
	same "all of both" "undecided" "$(verdicts x=z y=z)"
	run -0 vmstress compare x=a y=z
	has "$output" "~ undecided: a value that is not above 0 has no ratio"
	run -3 vmstress compare --fail-on inconclusive x=a y=z
}

@test "huge values and huge changes keep to the page" {
	record 1 1 1 1 1 >a
	record 9223372036854775807 9223372036854775806 9223372036854775805 \
	    '"18446744073709551615"' 9223372036854775807 >b
	run -0 vmstress compare x=a y=b
	same "verdict" "better" "$(verdicts x=a y=b)"
	same "long lines" "" "$(awk 'length > 80' <<<"$output")"
	run -1 vmstress compare x=b y=a
	for style in text mmtests ministat markdown csv json; do
		vmstress compare --style $style x=a y=b >out
		run -1 grep -Ei '(^|[^a-z])[-+]?(nan|inf)([^a-z]|$)' out
	done
	vmstress compare --style json x=a y=b | jq -e '.points | length == 1'
	# Sums of more than 64 bits.
	record 1 2 3 4 5 | sed '4p' | sed '4,5s/\[1\]/["18446744073709551615"]/' >over
	refused over "over:5: sample: 'ops' adds up to more than 64 bits hold"
}

# ---- order, and much of it -----------------------------------------------------------

# shuffled A B C FILE: three cells under these numbers, five launches.
shuffled() {
	echo "$HEADER"
	i=0
	for id in "$1" "$2" "$3"; do
		i=$((i + 1))
		cell "$id" "\"n\":\"$i\"" 5
	done
	for n in 0 1 2 3 4; do
		launch "$1" $n $((1000 + n))
		launch "$2" $n $((2000 + n))
		launch "$3" $n $((3000 + n))
	done
}

@test "cells in another order and under other numbers are matched" {
	shuffled 0 1 2 >a
	shuffled 7 2 0 >b
	same "all" "same same same" "$(verdicts x=a y=b)"
	same "means" "1002 2002 3002" "$(vmstress compare --style csv x=a y=b |
	    awk -F, 'NR > 1 { printf "%s%.0f", s, $13; s = " " }')"
}

@test "of a launch that was done again the last one counts, once" {
	record 100 101 99 100 102 >a
	{ record 100 101 99 100 102; launch 0 1 50; launch 0 1 101; } >b
	same "verdict" "same" "$(verdicts x=a y=b)"
	same "units" "5" "$(vmstress compare --style csv x=a y=b |
	    awk -F, 'NR > 1 { print $14 }')"
	run -0 vmstress compare x=a y=b
	run -1 grep WARNING <<<"$output"
	# An interrupted one that was not done again is missing.
	record 100 101 99 100 102 | sed '$s/"ok"/"interrupted"/' >c
	warned "c is not complete: 1 of 5 launches have not ended" a c
}

# many FILE CELLS LAUNCHES
many() {
	awk -v header="$HEADER" -v cells="$2" -v launches="$3" 'BEGIN {
		print header
		for (c = 0; c < cells; c++)
			printf "{\"type\":\"cell\",\"cell\":%d,\"workload\":\"w\",\"version\":1,\"kind\":\"rate\",\"unit\":\"op\",\"params\":{\"n\":\"%d\"},\"workers\":1,\"mode\":\"process\",\"pin\":\"none\",\"launches\":%d,\"samples\":1}\n", c, c + 1, launches
		for (l = 0; l < launches; l++)
			for (c = 0; c < cells; c++) {
				printf "{\"type\":\"launch\",\"cell\":%d,\"launch\":%d}\n", c, l
				printf "{\"type\":\"sample\",\"cell\":%d,\"launch\":%d,\"index\":0,\"elapsed_ns\":1000000000,\"ops\":[%d]}\n", c, l, 1000000 + 37 * c + 1000 * ((l * 7 + c * 3) % 5)
				printf "{\"type\":\"end\",\"cell\":%d,\"launch\":%d,\"status\":\"ok\"}\n", c, l
			}
	}' >"$1"
}

@test "a hundred thousand points" {
	many a 100000 1
	run -0 --separate-stderr vmstress compare --style csv x=a y=a
	same "rows" 100001 "${#lines[@]}"
	vmstress compare x=a y=a >out
	same "printed" 100000 "$(grep -c '^ .* \.$' out)"
	many b 2000 5
	same "verdicts" "2000 same" "$(vmstress compare --style csv x=b y=b |
	    awk -F, 'NR > 1 { n[$9]++ } END { for (v in n) print n[v], v }')"
}

@test "what is explained is read twice, and is text" {
	many a 2 5
	many b 2 5
	run -2 --separate-stderr vmstress compare --explain x=- y=b <a
	same "nothing is shown" "" "$output"
	has "$stderr" "--explain reads records twice, which standard input cannot be"
	run -0 vmstress compare x=- y=b <a
	run -0 --separate-stderr vmstress compare --explain --style csv x=a y=b
	has "$stderr" "--explain: only the style text has what else changed"
}
