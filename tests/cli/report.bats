#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress report: the page and the Markdown, of good records and of bad ones.

load common
load compare-common

export VMSTRESS_PLOTS=$VMS_SOURCE/plots

needs_gnuplot() {
	command -v gnuplot >/dev/null || skip "gnuplot is not installed"
}

# PATH without gnuplot.
no_gnuplot() {
	local tool

	mkdir -p bin
	for tool in sh env; do
		ln -sf "$(command -v $tool)" bin/
	done
	PATH=$PWD/bin "$VMS_BUILD/vmstress" report "$@"
}

# a.jsonl, and b.jsonl that is a tenth faster.
pair() {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1100
}

# well_formed FILE: every element that is opened is closed, in order, and no id
# is there twice; what they are is printed on failure.
well_formed() {
	awk '
	function fail(text) { print FILENAME ": " text; bad = 1; exit 1 }
	{ page = page $0 "\n" }
	END {
		if (bad)
			exit 1
		sub(/<script>.*<\/script>/, "", page)
		while ((at = index(page, "<")) > 0) {
			page = substr(page, at + 1)
			end = index(page, ">")
			tag = substr(page, 1, end - 1)
			page = substr(page, end + 1)
			if (tag ~ /^!/ || tag ~ /\/$/)
				continue
			name = tag
			sub(/[ \n].*/, "", name)
			if (match(tag, / id="[^"]*"/) &&
			    seen[substr(tag, RSTART, RLENGTH)]++)
				fail("twice" substr(tag, RSTART, RLENGTH))
			if (name == "meta")
				continue
			if (name ~ /^\//) {
				if (open[depth] != substr(name, 2))
					fail(name " closes " open[depth])
				depth--
			} else {
				open[++depth] = name
			}
		}
		if (depth > 0)
			fail("left open: " open[depth])
	}' "$1"
}

# Every link within the page leads somewhere.
links_lead() {
	local id

	while read -r id; do
		grep -q " id=\"${id#\#}\"" "$1" || {
			echo "$1: nothing is $id"
			return 1
		}
	done < <(grep -o '<a href="#[^"]*"' "$1" | cut -d'"' -f2 | sort -u)
}

# No level of headings is left out.
headings_in_order() {
	grep -o '<h[1-6]' "$1" | awk '
	{ level = substr($0, 3) }
	level > last + 1 { print "h" level " after h" last; bad = 1 }
	{ last = level }
	END { exit bad }'
}

@test "a page on two kernels: well-formed, linked, in order" {
	pair
	run -0 vmstress report a.jsonl b.jsonl
	[[ $output == *report.html ]]
	well_formed report.html
	links_lead report.html
	headings_in_order report.html
	grep -q '<html lang="en">' report.html
	grep -q '<h1>new against old</h1>' report.html
	better=$(verdicts a.jsonl b.jsonl | grep -c better)
	[ "$better" -gt 0 ]
	grep -q " $better are better" report.html
	run ! grep -E '(src|href)="?(https?:)?//' report.html
	run ! ls report.html.*
}

@test "every point has its row, and every figure its numbers and text" {
	needs_gnuplot
	pair
	vmstress report -o r.html a.jsonl b.jsonl
	points=$(vmstress compare --style csv a.jsonl b.jsonl | sed 1d | wc -l)
	[ "$(grep -c '<tr id="point-' r.html)" -eq "$points" ]
	rows=$(vmstress show --csv a.jsonl | sed 1d | wc -l)
	awk '/<table id="results-1"/ { on = 1 } on && /^<tr>/ { n++ }
	    on && /<tr><th scope="row"/ { n++ } /<\/table>/ { on = 0 }
	    END { print n }' r.html >n
	[ "$(cat n)" -ge "$rows" ]
	vmstress plot -o plots a.jsonl b.jsonl >drawn
	figures=$(wc -l <drawn)
	[ "$figures" -gt 0 ]
	[ "$(grep -c '<figure id=' r.html)" -eq "$figures" ]
	[ "$(grep -c '<svg role="img" aria-label="[^"]' r.html)" -eq "$figures" ]
	[ "$(grep -c '<summary>The numbers' r.html)" -eq "$figures" ]
	# White paper and black ink are the page's business, but on plates.
	awk '/<figure/ { plate = /class="plate"/ } !plate' r.html >ink
	grep -q 'var(--k0)' ink
	run ! grep -iE '<rect[^>]*fill="(#ffffff|white)"' ink
	run ! grep -E '(stroke|fill|color)="(black|rgb\( *0, *0, *0\))"' ink
}

@test "one kernel: what was measured, and no verdicts" {
	begin a.jsonl old 6
	rounds 1000
	run -0 vmstress report -o one.html a.jsonl
	well_formed one.html
	links_lead one.html
	grep -q 'What was measured on old' one.html
	grep -q 'fault/s 1.000M with 1 worker, 2.000M with 2' one.html
	run ! grep -q 'id="points"' one.html
}

@test "warnings and confounds come first" {
	begin a.jsonl old 6 ',"machine":{"cpu_model":"A"}'
	rounds 1000
	begin b.jsonl new 6 ',"machine":{"cpu_model":"B"}'
	rounds 1100
	vmstress report -o r.html a.jsonl b.jsonl
	awk '/id="warnings"/ { w = NR } /id="summary"/ { s = NR }
	    /1 fact beside the kernel/ { f = NR }
	    END { exit !(w && w < f && f < s) }' r.html
	grep -q 'machine.cpu_model' r.html
}

@test "launches that are not valid, and --keep-invalid" {
	begin a.jsonl old 6
	rounds 1000
	begin b.jsonl new 6
	rounds 1100
	launch 900 900 900 steal
	vmstress report -o r.html a.jsonl b.jsonl
	grep -q 'not valid (steal) and do not count' r.html
	vmstress report --keep-invalid -o r.html a.jsonl b.jsonl
	grep -q 'count all the same' r.html
}

@test "options of compare are taken and checked" {
	pair
	vmstress report --alpha 0.1 --min-effect 50% -o r.html a.jsonl b.jsonl
	grep -q 'a change of 50% or more' r.html
	run -2 vmstress report --alpha 7 a.jsonl b.jsonl
	[[ $output == *"report: --alpha 7"* ]]
	run -2 vmstress report -f pdf a.jsonl
	[[ $output == *"there is no format 'pdf'"* ]]
	run -2 vmstress report
	[[ $output == *"which record?"* ]]
}

@test "the same bytes for the same records" {
	pair
	vmstress report -o r.html a.jsonl b.jsonl
	mv r.html first
	vmstress report -o r.html a.jsonl b.jsonl
	cmp first r.html
}

@test "Markdown has the same words, with figures beside it" {
	needs_gnuplot
	pair
	mkdir d
	run -0 vmstress report -f md -o d/report.md a.jsonl b.jsonl
	[[ $output == d/report.md ]]
	grep -q '^# new against old' d/report.md
	grep -q ' are better' d/report.md
	grep -o '](report-figures/[^)]*)' d/report.md | tr -d ']()' >names
	[ -s names ]
	while read -r name; do
		[ -s "d/$name" ]
	done <names
	points=$(vmstress compare --style csv a.jsonl b.jsonl | sed 1d | wc -l)
	awk '/^## All points/ { on = 1; next } /^## / { on = 0 }
	    on && /^\| / { n++ } END { print n - 1 }' d/report.md >n
	[ "$(cat n)" -eq "$points" ]
}

@test "without gnuplot there are the numbers, and a word on it" {
	pair
	run -0 no_gnuplot -o r.html a.jsonl b.jsonl
	[[ $output == *"without figures, only their numbers"* ]]
	well_formed r.html
	grep -q 'gnuplot is not installed' r.html
	grep -q '<details open><summary>The numbers' r.html
	run ! grep -q '<svg' r.html
	run -0 no_gnuplot -f md -o r.md a.jsonl b.jsonl
	run ! grep -q '!\[' r.md
}

@test "a gnuplot that fails is told of, and the report is there" {
	pair
	mkdir fake
	printf '#!/bin/sh\necho "no such <b>terminal" >&2\nexit 1\n' \
	    >fake/gnuplot
	chmod +x fake/gnuplot
	PATH=$PWD/fake:$PATH run -1 vmstress report -o r.html a.jsonl b.jsonl
	[[ $output == *"a figure is missing"*"no such <b>terminal"* ]]
	well_formed r.html
	grep -q 'no such &lt;b&gt;terminal' r.html
}

@test "what records say is never markup, nor is it run" {
	needs_gnuplot
	# shellcheck disable=SC2016 # nobody is to run it
	evil='<script>alert(1)</script>\"><img src=x onerror=alert(2)>`touch ran`'
	evil="$evil'\$(touch ran)|*_[a](javascript:b)"
	begin a.jsonl "$evil" 6
	rounds 1000
	begin b.jsonl "$evil 2" 6
	rounds 1100
	for file in a.jsonl b.jsonl; do
		text=$(<"$file")
		echo "${text//4M/$evil}" >"$file"
	done
	vmstress report -o r.html a.jsonl b.jsonl
	well_formed r.html
	[ "$(grep -c '<script' r.html)" -eq 1 ]
	run ! grep -q '<img' r.html
	grep -q '&lt;script&gt;alert(1)' r.html
	[ ! -e ran ]
	vmstress report -f md -o r.md a.jsonl b.jsonl
	run ! grep -q '<script' r.md
	run ! grep -q '[^\\]](javascript' r.md
	[ ! -e ran ] && [ ! -e r-figures/ran ]
}

@test "names of ten thousand characters are cut" {
	long=$(head -c 10000 /dev/zero | tr '\0' x)
	begin a.jsonl "$long" 6
	rounds 1000
	begin b.jsonl "b$long" 6
	rounds 1100
	vmstress report -o r.html a.jsonl b.jsonl
	well_formed r.html
	run ! grep -q 'x\{1100\}' r.html
}

@test "records without a number: a report that says so" {
	begin a.jsonl old 1
	for cell in 0 1 2; do
		line launch $cell ''
		line end $cell ',"status":"failed","reason":"no <memory>"'
	done >>a.jsonl
	run -0 vmstress report -o r.html a.jsonl
	well_formed r.html
	grep -q 'No launch gave a number' r.html
	grep -q 'no &lt;memory&gt;' r.html
}

@test "what is no record is an error, and leaves nothing" {
	: >empty.jsonl
	run -2 vmstress report -o r.html empty.jsonl
	[[ $output == *empty.jsonl* ]]
	run -2 vmstress report -o r.html missing.jsonl
	[[ $output == *"missing.jsonl: cannot open"* ]]
	echo nonsense >bad.jsonl
	run -2 vmstress report -o r.html bad.jsonl
	[ ! -e r.html ]
}

@test "what cannot be written is an error, and leaves nothing" {
	begin a.jsonl old 6
	rounds 1000
	run -2 vmstress report -o nowhere/r.html a.jsonl
	[[ $output == *"nowhere/r.html: cannot write"* ]]
	mkdir folder
	run -2 vmstress report -o folder a.jsonl
	[[ $output == *"it is a folder"* ]]
	if [ -e /dev/full ]; then
		run -2 vmstress report -o /dev/full a.jsonl
		[[ $output == *"/dev/full: cannot write"* ]]
		[ -c /dev/full ]
	fi
	run -1 env VMSTRESS_PLOTS="$PWD/folder" "$VMS_BUILD/vmstress" report \
	    a.jsonl
	ls -A >after
	run ! grep -q 'html' after
}

@test "a link to a report stays one, and rights stay" {
	begin a.jsonl old 6
	rounds 1000
	: >real.html
	chmod 640 real.html
	ln -s real.html link.html
	vmstress report -o link.html a.jsonl
	[ -L link.html ] && [ -s real.html ]
	[ "$(find real.html -perm 640)" = real.html ]
}
