# SPDX-License-Identifier: BSD-2-Clause
# Records that are made up, for the tests of vmstress compare.
# shellcheck shell=bash disable=SC2030,SC2031

# begin FILE LABEL LAUNCHES [FACTS]: a record with the cells 0 and 1 of zfod, at
# one and two workers, and cell 2 of a curve, where less is better.
begin() {
	file=$1
	{
		echo "{\"type\":\"run\",\"schema\":\"vmstress-result/1\",\"label\":\"$2\"${4-}}"
		for cell in 0 1; do
			echo "{\"type\":\"cell\",\"cell\":$cell,\"workload\":\"zfod\",\"version\":1,\"kind\":\"rate\",\"unit\":\"fault\",\"params\":{\"size\":\"4M\"},\"workers\":1,\"mode\":\"process\",\"pin\":\"none\",\"launches\":$3,\"samples\":1}" |
			    sed "s/\"workers\":1/\"workers\":$((cell + 1))/"
		done
		echo "{\"type\":\"cell\",\"cell\":2,\"workload\":\"step\",\"version\":1,\"kind\":\"curve\",\"unit\":\"step\",\"params\":{},\"workers\":1,\"mode\":\"process\",\"pin\":\"none\",\"launches\":$3,\"samples\":1}"
	} >"$file"
	launch=0
}

# launch OPS OPS NANOSECONDS [VALID]: one round of the record.
launch() {
	{
		for cell in 0 1; do
			ops=$([ $cell -eq 0 ] && echo "[$1]" || echo "[$2,0]")
			line launch $cell ''
			line sample $cell ",\"index\":0,\"elapsed_ns\":1000000000,\"ops\":$ops"
			[ -z "${4-}" ] || line validity $cell ",\"valid\":false,\"rules\":[\"$4\"],\"reasons\":[\"$4\"]"
			line end $cell ',"status":"ok"'
		done
		line launch 2 ''
		line curve 2 ",\"worker\":0,\"first\":1,\"count\":1,\"min_ns\":$3,\"mean_ns\":$3,\"max_ns\":$3"
		line end 2 ',"status":"ok"'
	} >>"$file"
	launch=$((launch + 1))
}

line() {
	echo "{\"type\":\"$1\",\"cell\":$2,\"launch\":$launch$3}"
}

# Six rounds about the same numbers, times a factor in thousandths.
rounds() {
	for noise in 1000 1004 998 1002 996 1001; do
		launch $((noise * $1)) $((noise * $1 * 2)) $((noise * 5000 / $1))
	done
}

# The verdicts of all points, one line each: workload, workers, metric, verdict.
verdicts() {
	vmstress compare --style csv "$@" | awk -F, 'NR > 1 { print $3, $10, $7, $9 }'
}
