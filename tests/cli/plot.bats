#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress plot: what it writes, byte by byte, what gnuplot makes of it, and
# what becomes of records that mean no good.  The records are fixtures of
# kernels that do not exist, see tests/fixtures/figures/make.sh.
#
# VMS_RENEW=1 bats tests/cli/plot.bats writes tests/expected/figures anew.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

FIXTURES=$VMS_SOURCE/tests/fixtures/figures
A=$FIXTURES/a.jsonl
B=$FIXTURES/b.jsonl
EXPECTED=$VMS_SOURCE/tests/expected/figures
KINDS="forest heatmap throughput speedup percentiles distribution curve strip
    drift growth memory timeline counters ipi"

with_gnuplot() {
	command -v gnuplot >/dev/null || skip "there is no gnuplot"
}

# plot ARGUMENT...: it succeeds and has nothing to complain of.
plot() {
	run --separate-stderr vmstress plot "$@"
	same "status of: plot $*" 0 "$status"
	same "standard error of: plot $*" "" "$stderr"
}

# The same where nothing can be found.
plot_alone() {
	run --separate-stderr env PATH="$T/none" "$VMS_BUILD/vmstress" plot "$@"
	same "status" 1 "$status"
}

# fake_gnuplot LINE...: a gnuplot that does this.
fake_gnuplot() {
	mkdir -p bin
	printf '%s\n' '#!/bin/sh' "$@" >bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$T/bin:$PATH
}

# evil TEXT <RECORD: the text wherever a record has names.
evil() {
	jq -c --arg evil "$1" '
		if .type == "run" then .label = $evil
		elif .type == "cell" then
			.params[$evil] = $evil | .workload = "w" + $evil |
			.unit = $evil
		elif .type == "phase" then .name += $evil
		elif .type == "stack" then .frames = [$evil] + .frames
		else . end'
}

# is_well_formed FILE...: in XML.
is_well_formed() {
	local file

	command -v xmllint >/dev/null || return 0
	for file in "$@"; do
		xmllint --noout "$file"
	done
}

# ---- what is written -------------------------------------------------------

# The text of the templates is not repeated in what is expected.
@test "data and scripts are the same bytes for the same records" {
	local kind file name

	fake_gnuplot 'exit 0'
	for kind in $KINDS; do
		plot --figure "$kind" -o out "$A" "$B"
	done
	for file in out/*.gp; do
		sed '/^# ---- style ----$/,$d' "$file" >part
		mv part "$file"
	done
	if [ -n "${VMS_RENEW-}" ]; then
		rm -rf "$EXPECTED"
		cp -r out "$EXPECTED"
	fi
	for file in "$EXPECTED"/* out/*; do
		name=${file##*/}
		diff -u "$EXPECTED/$name" "out/$name"
	done
	same "files" 40 "$(find out -type f | wc -l)"
}

@test "a script has its template and draws alone" {
	with_gnuplot
	plot --figure heatmap -f png -o out "$A" "$B"
	same "standard output" "out/heatmap-kernel-B.png" "$output"
	tail -n 3 "$VMS_SOURCE/plots/heatmap.gp" >last
	tail -n 3 out/heatmap-kernel-B.gp | diff -u last -
	mkdir alone
	cp out/*.gp out/*.dat alone
	(cd alone && gnuplot heatmap-kernel-B.gp)
	cmp alone/heatmap-kernel-B.png out/heatmap-kernel-B.png
}

@test "svg, png and pdf are what they say" {
	local format

	with_gnuplot
	for format in svg png pdf; do
		plot -f "$format" --figure forest -o "$format" "$A" "$B"
		[ -s "$format/forest-kernel-B.$format" ]
	done
	is_well_formed svg/forest-kernel-B.svg
	head -c 60 svg/forest-kernel-B.svg | grep -q '<?xml'
	same "start of the PNG" 89504e470d0a1a0a \
	    "$(head -c 8 png/forest-kernel-B.png | od -An -tx1 | tr -d ' \n')"
	same "start of the PDF" "%PDF-" "$(head -c 5 pdf/forest-kernel-B.pdf)"
}

@test "svg in a folder of its own is the default" {
	with_gnuplot
	plot --figure speedup "$A" "$B"
	has "$output" "plots/speedup-zfod_1-fault_s.svg"
	[ -s plots/speedup-zfod_1-fault_s.svg ]
}

@test "--list names the kinds, --figure takes them" {
	local kind

	fake_gnuplot 'exit 0'
	plot --list
	for kind in $KINDS flame flamediff; do
		has "$output" "
$kind "
		(plot --figure "$kind" -o "out-$kind" "$A" "$B")
		[ "$(find "out-$kind" -name "${kind}[-.]*" | wc -l)" -ge 1 ]
		[ "$(find "out-$kind" -type f ! -name "${kind}[-.]*" | wc -l)" -eq 0 ]
	done
	run --separate-stderr vmstress plot --figure none "$A"
	same "status" 2 "$status"
	has "$stderr" "vmstress: there is no figure 'none'; there are: "
	refuses 2 "vmstress: plot: there is no format 'gif'; there are: svg, png, pdf" \
	    vmstress plot -f gif "$A"
	refuses 2 "vmstress: plot: --term x11: there is only dumb; for files see --format" \
	    vmstress plot --term x11 "$A"
}

# ---- few and many ----------------------------------------------------------

@test "one record has no comparison" {
	fake_gnuplot 'exit 0'
	plot -o out "$A"
	[ -e out/throughput-zfod_1-fault_s.gp ]
	[ -e out/flame-zfod_1-x32-kernel-A.svg ]
	same "comparisons" 0 "$(find out -name 'forest*' -o -name 'heatmap*' \
	    -o -name 'flamediff*' | wc -l)"
	run --separate-stderr vmstress plot --figure heatmap -o out "$A"
	same "status" 1 "$status"
	same "standard error" "vmstress: plot: there is nothing to draw for \
heatmap: \`vmstress show\` tells what the record has" "$stderr"
}

@test "six kernels" {
	with_gnuplot
	plot -o out "$FIXTURES"/[a-f].jsonl
	is_well_formed out/*.svg
	same "against the base" 5 "$(find out -name 'forest-*.svg' | wc -l)"
	same "maps" 2 "$(find out -name 'heatmap-*.svg' | wc -l)"
	# Five kernels by six counts of workers, and a line of names.
	same "cells" 31 "$(wc -l <out/heatmap-zfod_1-fault_s.dat)"
	grep -q '"kernel-F" "!" ' out/heatmap-dontneed_1-page_s.dat
	for name in A B C D E F; do
		grep -q "kernel-$name" out/throughput-zfod_1-fault_s.svg
	done
	# The colour is that of better and worse, whatever the sign.
	awk '$1 == "\"kernel-E\"" { print $2, $3, ($10 > 0 ? "blue" : "orange") }' \
	    out/heatmap-zfod_1-fault_s.dat >colours
	same "colours of kernel-E" '"-" orange' \
	    "$(sed -n 1p colours | cut -d' ' -f1,3)"
	same "colours of kernel-E" '"+" blue' \
	    "$(sed -n 6p colours | cut -d' ' -f1,3)"
}

@test "names of 60 characters" {
	local i name=linux-7.0-rc1-with-a-name-that-is-as-long-as-60-characters

	with_gnuplot
	for i in 1 2 3; do
		sed "1s/kernel-./$name-$i/" "$FIXTURES/$(echo $i | tr 123 abe).jsonl" \
		    >"$i.jsonl"
	done
	plot -o out 1.jsonl 2.jsonl 3.jsonl
	is_well_formed out/*.svg
	grep -q "$name-3" out/heatmap-zfod_1-fault_s.svg
	grep -q "$name-3" out/throughput-zfod_1-fault_s.svg
}

# ---- flame graphs ----------------------------------------------------------

@test "flame graphs, and of the difference" {
	fake_gnuplot 'exit 0'
	plot --figure flame -o out "$A" "$B"
	same "standard output" "out/flame-zfod_1-x32-kernel-A.svg
out/flame-zfod_1-x32-kernel-B.svg" "$output"
	is_well_formed out/*.svg
	vmstress export --format flamegraph "$A" |
	    diff - out/flame-zfod_1-x32-kernel-A.svg
	vmstress export --format folded "$A" |
	    diff - out/flame-zfod_1-x32-kernel-A.dat
	plot --figure flamediff -o out "$A" "$FIXTURES/d.jsonl"
	same "standard output" "out/flamediff-zfod_1-x32-kernel-D.svg" "$output"
	is_well_formed out/flamediff-*.svg
	grep -q 'against kernel-A' out/flamediff-*.svg
	# The share of what it got more of, in percent and points.
	grep -q '<title>add_to_lru (27.5[0-9]%, base 21.9[0-9]%, +5.6[0-9] points)' \
	    out/flamediff-*.svg
	grep -Eq 'add_to_lru [0-9]+ [0-9]+$' out/flamediff-*.dat
}

@test "stacks that are gone are said, and not drawn" {
	grep -v wait_for_lock "$B" >less.jsonl
	fake_gnuplot 'exit 0'
	plot --figure flamediff -o out "$A" less.jsonl
	grep -q '16.1% of the base in stacks that are gone' out/*.svg
	[ "$(grep -c '<title>wait_for_lock' out/*.svg)" -eq 0 ]
	grep -q 'wait_for_lock [1-9][0-9]* 0$' out/*.dat
}

# ---- for a mail ------------------------------------------------------------

@test "a mail has 72 columns of ASCII" {
	with_gnuplot
	sed '1s/kernel-B/a-kernel-with-a-näme-that-is-as-long-as-60-characters-and-more/' \
	    "$B" >long.jsonl
	plot --term dumb "$A" long.jsonl
	has "$output" "dontneed/1: page/s, higher is better"
	has "$output" "A  kernel-A"
	has "$output" "B  a-kernel-with-a-n?me"
	has "$output" "against kernel-A"
	has "$output" "dontneed/1 x32 thread, page/s"
	has "$output" "% -"
	printf '%s\n' "$output" >mail
	same "lines that are too long" "" "$(awk 'length($0) > 72' mail)"
	same "what is not ASCII" "" "$(tr -d ' -~\n' <mail)"
	same "blanks at the ends of lines" "" "$(grep ' $' mail || true)"
	same "files" "" "$(find . -name '*.gp' -o -name plots)"
}

# ---- what is not there -----------------------------------------------------

@test "records with nothing in them" {
	: >empty.jsonl
	refuses 2 "vmstress: empty.jsonl: no vmstress record: empty file" \
	    vmstress plot empty.jsonl
	sed -n 1,18p "$A" >cells.jsonl
	refuses 1 "vmstress: plot: there is nothing to draw: \`vmstress show\` \
tells what the record has" vmstress plot cells.jsonl
	sed 's/"status":"ok"/"status":"failed","reason":"broken"/' "$A" >failed.jsonl
	refuses 1 "vmstress: plot: there is nothing to draw: \`vmstress show\` \
tells what the record has" vmstress plot failed.jsonl
	refuses 2 "vmstress: none.jsonl: cannot open the record: No such file or directory" \
	    vmstress plot none.jsonl
	[ ! -e plots ]
}

@test "one launch, launches without a number, a kernel on which all failed" {
	with_gnuplot
	grep -E '"type":"(run|cell)"|"launch":0[,}]' "$A" >one.jsonl
	plot -o one one.jsonl
	is_well_formed one/*.svg
	# There is no interval of one.
	grep -Eq '^1 [0-9.]+ NaN NaN$' one/throughput-zfod_1-fault_s.dat
	sed 's/"status":"ok"/"status":"failed","reason":"broken"/' "$B" >failed.jsonl
	plot -o failed "$A" failed.jsonl
	[ -s failed/throughput-zfod_1-fault_s.svg ]
	sed '/"cell":3,/s/"elapsed_ns":1000000000,"ops"/"elapsed_ns":0,"ops"/' "$B" \
	    >nan.jsonl
	plot -o nan "$A" nan.jsonl
	is_well_formed nan/*.svg
	grep -q '"zfod/1: fault/s, process" "?" "" 4 2 8 NaN' nan/heatmap-kernel-B.dat
}

@test "a folder that cannot be written" {
	touch file
	refuses 2 "vmstress: file: is no folder (--output DIR)" \
	    vmstress plot -o file "$A"
	refuses 2 "vmstress: file/x: cannot make the folder: Not a directory" \
	    vmstress plot -o file/x "$A"
	refuses 2 "vmstress: no/x: cannot make the folder: No such file or directory" \
	    vmstress plot -o no/x "$A"
	refuses 2 "vmstress: the folder for figures has no name" \
	    vmstress plot -o "" "$A"
	mkdir -p blocked/throughput-zfod_1-fault_s.dat
	refuses 2 "vmstress: blocked/throughput-zfod_1-fault_s.dat: cannot write: Is a directory" \
	    vmstress plot --figure throughput -o blocked "$A"
	[ "$(id -u)" -ne 0 ] || return 0
	mkdir closed
	chmod 555 closed
	run --separate-stderr vmstress plot -o closed "$A"
	same "status" 2 "$status"
	has "$stderr" "cannot write: Permission denied"
}

@test "without gnuplot there are data and scripts" {
	plot_alone -o out "$A"
	same "standard error" "vmstress: gnuplot cannot be run: is it installed? \
(data and scripts are in out)" "$stderr"
	same "standard output" "out/flame-zfod_1-x32-kernel-A.svg" "$output"
	[ -s out/throughput-zfod_1-fault_s.dat ]
	[ -s out/throughput-zfod_1-fault_s.gp ]
	plot_alone --term dumb "$A"
	same "standard error" "vmstress: gnuplot cannot be run: is it installed?" \
	    "$stderr"
}

@test "a gnuplot that fails says why, and leaves no half figure" {
	fake_gnuplot 'echo half >throughput-zfod_1-fault_s.svg' \
	    'printf "\n  line 3:\033[31m broken\nmore\n" >&2' 'exit 1'
	run --separate-stderr vmstress plot --figure throughput -o out "$A"
	same "status" 1 "$status"
	same "standard output" "" "$output"
	has "$stderr" 'vmstress: out/throughput-zfod_1-fault_s.gp: gnuplot failed: line 3:\x1b[31m broken'
	same "messages" 2 "$(printf '%s\n' "$stderr" | wc -l)"
	[ ! -e out/throughput-zfod_1-fault_s.svg ]
	fake_gnuplot 'kill -KILL $$'
	run --separate-stderr vmstress plot --figure throughput -o out "$A"
	same "status" 1 "$status"
	has "$stderr" "gnuplot failed: it did not say why"
}

# ---- what means no good ----------------------------------------------------

@test "nothing in a record is run" {
	local text number=0
	# shellcheck disable=SC2016,SC1003 # nobody is to expand them
	local texts=(
		'"; system("touch '"$T"'/run"); print "'
		"'; system('touch $T/run'); '"
		"'.system('touch $T/run').'"
		"''''"
		'`touch '"$T"'/run`$(touch '"$T"'/run)'
		$'two\nsystem("touch run")\n\n\nlines\t\x1b[31m\r'
		'@x %s %n %d {/Bold b} _a^b \n \'
		$'\xef\xbf\xbe\xef\xbf\xbf ]]> -->'
	)

	with_gnuplot
	for text in "${texts[@]}"; do
		number=$((number + 1))
		evil "$text" <"$A" >a.jsonl
		evil "$text" <"$B" | sed '1s/"label":"/&new/' >b.jsonl
		plot -o "out$number" a.jsonl b.jsonl
		plot -o "out$number" -f png --figure heatmap a.jsonl b.jsonl
		plot --term dumb a.jsonl b.jsonl
		same "what is not ASCII" "" "$(tr -d ' -~\n' <<<"$output")"
		is_well_formed "out$number"/*.svg
		same "what was run" "" "$(find . -name run -o -name '*.bak')"
		same "lines that are a record's" "" \
		    "$(grep -E '^ *(system|touch)' "out$number"/*.gp || true)"
	done
}

@test "in a picture it is text" {
	with_gnuplot
	evil '<script>alert(1)</script>&amp;"' <"$A" >a.jsonl
	evil '<script>alert(1)</script>&amp;"' <"$B" >b.jsonl
	plot -o out base=a.jsonl new=b.jsonl
	is_well_formed out/*.svg
	same "scripts" "" "$(grep -l '<script>alert' out/*.svg || true)"
	grep -q '&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;' out/flame-*new.svg
	grep -Eq '&lt;script(&gt;|>)alert\(1\)&lt;/script(&gt;|>)&amp;amp;' \
	    out/throughput-*.svg
}

@test "texts of 10,000 characters" {
	local long wide

	with_gnuplot
	long=$(printf '%010000d' 0)
	wide=${long//0/é}
	evil "$long" <"$A" >a.jsonl
	evil "$wide" <"$B" >b.jsonl
	plot -o out a.jsonl b.jsonl
	is_well_formed out/*.svg
	# Short names of files, short texts.
	same "long names" "" "$(find out -name '?????????????????????????????????????????????????????????????????????????????????????????????????????*')"
	same "long texts" "" \
	    "$(awk 'length($0) > 1500' out/*.gp out/heatmap-*.dat out/through*.dat)"
}
