#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What was measured in the forms of other tools.  The record is a fixture with
# launches of every kind: valid and not, failed, skipped, only counted, partial.
# (Profiles: insight.bats.)

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

setup() {
	common_setup
	R=$VMS_SOURCE/tests/fixtures/export.jsonl
}

LEFT_REST="vmstress: export: left out, since not ended well: 2 launches
vmstress: export: left out, since they only counted: 1 launch"
LEFT="vmstress: export: left out, since not valid: 1 launch (--keep-invalid keeps them)
$LEFT_REST"

# exports FORMAT STDERR: byte by byte what stands in tests/expected.
exports() {
	run --separate-stderr vmstress export -f "$1" "$R"
	same "status" 0 "$status"
	same "standard error" "$2" "$stderr"
	printf '%s\n' "$output" >got
	diff -u "$VMS_SOURCE/tests/expected/export.$1" got
}

# How many fields each line of RFC 4180 on standard input has, once each.
csv_fields() {
	awk '{
		n = 1
		quoted = 0
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (c == "\"")
				quoted = !quoted
			else if (c == "," && !quoted)
				n++
		}
		print quoted ? "open" : n
	}' | sort -u
}

# Every line of the Go benchmark format on standard input is one that its
# grammar knows; prints how many results there are.
gobench_results() {
	LC_ALL=C awk '
	/[^ -~]/ && !/^[a-z]+: / { exit bad = 1 }
	/^#/ || /^[a-z]+: ?/ { next }
	/^Unit / {
		if (NF != 3 || $3 !~ /^better=(higher|lower)$/ || seen[$2]++)
			exit bad = 1
		next
	}
	/^Benchmark[^a-z ]/ {
		if (NF < 4 || NF % 2 != 0 || $1 !~ /-[0-9]+$/ ||
		    $2 !~ /^[1-9][0-9]*$/)
			exit bad = 1
		for (i = 3; i < NF; i += 2)
			if ($i !~ /^-?[0-9.]+(e[-+][0-9]+)?$/)
				exit bad = 1
		n++
		next
	}
	{ exit bad = 1 }
	END { if (bad) { print "bad: " $0; exit 1 } print n + 0 }'
}

# column N: what ministat takes of standard input.
column() {
	awk -v n="$1" '
	/[^ -~]/ && !/^#/ { print "bad" }
	/^#/ { next }
	NF >= n { print $n }' | tr '\n' ' ' | sed 's/ $//'
}

# A record in which every text is from a hostile hand.
evil() {
	{
		printf '%s\n' '{"type":"run","schema":"vmstress-result/1","label":"a \"q\", b\nBenchmarkX 1 2 c\u001b[1m","kernel":{"name":"K\n1 2 3","release":"r\u0007"},"machine":{"cpu_model":"c\r\nd","arch":""},"ids":{"boot_id":"\n"}}' \
		    '{"type":"cell","cell":0,"workload":"ev il/x\n#\u2028\u00e9","version":3,"kind":"rate","unit":"f au\nlt","params":{"a b/=\n":"x y/z\u001b\"=,1","\u00e9":"\u0085"},"workers":1,"mode":"process","pin":"a b\n/c","launches":2,"samples":1,"interval_ns":1,"warmup_ns":0}' \
		    '{"type":"launch","cell":0,"launch":0}' \
		    '{"type":"sample","cell":0,"launch":0,"index":0,"elapsed_ns":1000000000,"ops":[7]}' \
		    '{"type":"gauge","cell":0,"launch":0,"name":"g\n\" 1","value":-0.1}' \
		    '{"type":"gauge","cell":0,"launch":0,"name":"","value":1e300}' \
		    '{"type":"end","cell":0,"launch":0,"status":"ok"}' \
		    '{"type":"launch","cell":0,"launch":1}' \
		    '{"type":"end","cell":0,"launch":1,"status":"failed","reason":"bad\n\"thing\", really"}'
	} >evil.jsonl
}

# ---- csv -----------------------------------------------------------------

@test "csv: every launch, also those without a number" {
	exports csv ""
	same "fields" 18 "$(csv_fields <got)"
	same "launches" 10 "$(cut -d, -f5,11 got | sed 1d | sort -u | wc -l)"
	same "only cell 2" "label,0,1" "$(vmstress export -f csv --cell 2 "$R" |
	    awk -F, 'NR == 1 { print $1 } NR > 1 { print $11 }' | paste -sd,)"
}

# The numbers are those of `show`, which are medians over the launches.
@test "csv: as many launches and the same numbers as show has" {
	vmstress run -q --launches 1 --samples 2 --interval 50ms --warmup 10ms \
	    -o r.jsonl -p size=1M zfod >table
	vmstress export -f csv r.jsonl >all.csv
	vmstress show --json r.jsonl |
	    jq -r '.[0].rows[] | select(.metric == "fault/s") | .median' >shown
	awk -F, '$14 == "fault/s" { print $17 }' all.csv >exported
	diff shown exported
	same "boot" "$(jq -r 'select(.type == "run") | .ids.boot_id // ""' \
	    r.jsonl)" "$(awk -F, 'NR == 2 { print $3 }' all.csv)"
	vmstress export -f gobench r.jsonl >go
	same "results" 1 "$(gobench_results <go)"
	same "operations" \
	    "$(jq -s 'map(select(.type == "sample") | .ops | add) | add' r.jsonl)" \
	    "$(awk '/^Benchmark/ { print $2 }' go)"
	same "column" "$(cat shown)" \
	    "$(vmstress export -f ministat r.jsonl | column 1)"
}

# ---- gobench --------------------------------------------------------------

@test "gobench: a line for each launch that counts" {
	exports gobench "$LEFT"
	same "results" 6 "$(gobench_results <got)"
	run --separate-stderr vmstress export -f gobench --keep-invalid "$R"
	same "standard error" "$LEFT_REST" "$stderr"
	same "results" 7 "$(gobench_results <<<"$output")"
	has "$output" "-2 600 200 fault/s"
	run --separate-stderr vmstress export -f gobench --cell 3 "$R"
	same "standard error" "" "$stderr"
	same "results" 1 "$(gobench_results <<<"$output")"
}

# ---- ministat --------------------------------------------------------------

@test "ministat: a column for each cell, the longest first" {
	exports ministat "$LEFT"
	same "pipe-chain" "200 250 400" "$(column 1 <got)"
	same "zfod" "3.666666666666667 10" "$(column 2 <got)"
	same "test-curve" "30" "$(column 3 <got)"
}

@test "ministat: another metric, one cell, invalid launches" {
	run --separate-stderr vmstress export -f ministat --keep-invalid \
	    --cell 0 "$R"
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	same "values" "3.666666666666667 200 10" "$(column 1 <<<"$output")"
	run --separate-stderr vmstress export -f ministat \
	    --metric "build process/s" "$R"
	same "values" "100 125" "$(column 1 <<<"$output")"
	same "columns" 1 "$(grep -c '^# column' <<<"$output")"
	same "no columns" 4 "$(grep -c '^# no column' <<<"$output")"
	run --separate-stderr vmstress export -f ministat \
	    --metric clear_bytes_per_s "$R"
	same "values" "1500000000" "$(column 1 <<<"$output")"
	run ! grep better <<<"$output"
	refuses 2 "vmstress: $R: there is no metric 'x'; there are: last ns/step, ns/step" \
	    vmstress export -f ministat --cell 3 --metric x "$R"
}

# ministat of FreeBSD has 1024 bytes for a line.
@test "ministat: lines that it would take for two are counted" {
	# The first cell and its first launch, 80 times.
	jq -cs '.[0], (.[1] as $c | range(80) | $c + {cell: .}),
	    (map(select(.cell == 0 and .launch == 0)) as $l | range(80) as $i |
	    $l[] + {cell: $i})' "$R" >wide.jsonl
	run --separate-stderr vmstress export -f ministat wide.jsonl
	same "status" 0 "$status"
	same "standard error" "vmstress: export: lines longer than the 1022 bytes that readers of ministat take: 1 (choose with --cell)" "$stderr"
	same "last" "3.666666666666667" "$(column 80 <<<"$output")"
	# What tells is cut instead.
	long=$(printf '%02000d' 0)
	sed 's/"size":"4M"/"size":"'"$long"'"/' "$R" >long.jsonl
	vmstress export -f ministat long.jsonl >out
	same "longest" 1005 "$(awk '{ print length }' out | sort -n | tail -n 1)"
}

# ---- all of them ------------------------------------------------------------

@test "text from a hostile hand does not break a format" {
	evil
	vmstress export -f csv evil.jsonl >evil.csv
	same "lines" 5 "$(wc -l <evil.csv)"
	same "fields" 18 "$(csv_fields <evil.csv)"
	run --separate-stderr vmstress export -f gobench evil.jsonl
	same "results" 1 "$(gobench_results <<<"$output")"
	has "$output" 'BenchmarkEv%20il%2Fx%0A#%E2%80%A8%C3%A9/version=3/a%20b%2F%3D%0A=x%20y%2Fz%1B"=,1/%C3%A9=%C2%85/mode=process/pin=a%20b%0A%2Fc-1 7 7 f-au%0Alt/s -0.1 g%0A"-1 1e+300 unnamed'
	printf '%s\n' "$output" >out
	run --separate-stderr vmstress export -f ministat evil.jsonl
	same "values" 7 "$(column 1 <<<"$output")"
	printf '%s\n' "$output" >>out
	run ! grep -q $'[\033\007\r]' out evil.csv
}

@test "an option that means nothing for a format is refused" {
	refuses 2 "vmstress: export: --phase means nothing for --format csv (it is for folded, flamegraph)" \
	    vmstress export -f csv --phase x "$R"
	refuses 2 "vmstress: export: --keep-invalid means nothing for --format csv (it is for gobench, ministat)" \
	    vmstress export -f csv --keep-invalid "$R"
	refuses 2 "vmstress: export: --metric means nothing for --format gobench (it is for ministat)" \
	    vmstress export --metric x -f gobench "$R"
	refuses 2 "vmstress: export: --metric means nothing for --format folded (it is for ministat)" \
	    vmstress export --metric x -f folded "$R"
}

@test "what cannot be exported is said, and nothing is written" {
	cp "$R" r.jsonl
	for format in csv gobench ministat; do
		refuses 2 "vmstress: r.jsonl: there is no cell 9 in the record" \
		    vmstress export -f "$format" --cell 9 -o out r.jsonl
	done
	refuses 2 "vmstress: r.jsonl: no launch counts: none ended well with times and is valid" \
	    vmstress export -f gobench --cell 2 -o out r.jsonl
	refuses 2 "vmstress: r.jsonl: no launch counts: none has a value and is valid" \
	    vmstress export -f ministat --cell 2 -o out r.jsonl
	refuses 2 "vmstress: r.jsonl: no launch counts: none has a value" \
	    vmstress export -f ministat --keep-invalid --cell 2 -o out r.jsonl
	[ ! -e out ]
	ln -s r.jsonl link
	refuses 2 "vmstress: link: cannot write: it is the record itself" \
	    vmstress export -f csv -o link r.jsonl
	cmp "$R" r.jsonl
	vmstress export -f csv -o out r.jsonl
	diff "$VMS_SOURCE/tests/expected/export.csv" out
	refuses 1 "vmstress: /dev/full: cannot write: No space left on device" \
	    vmstress export -f csv -o /dev/full r.jsonl
}
