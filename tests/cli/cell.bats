#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# vmstress-cell by itself, as on a kernel that cannot run vmstress: plans on
# standard input, results on standard output, and the way back into a record.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# block CELL LAUNCH WORKLOAD [FIELD=VALUE...]: a hand-written block; fields
# replace those of the launch line.  Parameters and lists come on stdin.
block() {
	local cell=$1 launch=$2 workload=$3 f
	declare -A field=(
		[mode]=process [workers]=1 [pin]=none [samples]=1
		[interval_ns]=50000000 [warmup_ns]=0 [timeout_ns]=60000000000
		[latency]=0
	)

	shift 3
	for f; do
		field[${f%%=*}]=${f#*=}
	done
	echo "vmstress-plan version=1"
	printf 'launch cell=%s launch=%s workload=%s' "$cell" "$launch" "$workload"
	for f in mode workers pin samples interval_ns warmup_ns timeout_ns \
	    latency; do
		printf ' %s=%s' "$f" "${field[$f]}"
	done
	printf '\n'
	cat
	echo go
}

# Keep standard input open, as a supervisor does, until the cell is done.
attended() {
	local arg=$1

	mkfifo to_cell
	"$VMS_CELL" "$arg" <to_cell >out 2>err &
	cell=$!
	exec 8>to_cell
	cat >&8
}

finish_attended() {
	status=0
	wait "$cell" || status=$?
	exec 8>&-
	rm to_cell
}

value_of() {
	tr ' ' '\n' | sed -n "s/^$1=//p"
}

# ---- one block -----------------------------------------------------------

@test "--launch runs a hand-written block" {
	attended --launch < <(block 7 3 null/1 workers=2 samples=2 </dev/null)
	finish_attended
	same "status" 0 "$status"
	same "first line" "vmstress-out version=1 tool=$("$VMS_CELL" --version |
	    sed 's/.* //')" "$(head -n 1 out)"
	same "keywords" "describe end launch rusage sample skew vmstress-out" \
	    "$(cut -d' ' -f1 out | sort -u | grep -v '^note$' | tr '\n' ' ' |
	    sed 's/ $//')"
	same "launch" "launch cell=7 launch=3 workload=null/1" \
	    "$(grep '^launch' out | cut -d' ' -f1-4)"
	same "samples" "0 1" "$(grep '^sample' out | value_of index |
	    tr '\n' ' ' | sed 's/ $//')"
	[[ $(grep '^sample' out | head -n 1 | value_of ops) =~ ^[0-9]+,[0-9]+$ ]]
	same "end" "end status=ok" "$(tail -n 1 out)"
	same "standard error" "" "$(cat err)"
	nothing_left 1
}

@test "--launch takes parameters and CPUs" {
	cpu=$(vmstress check --plan null --launches 1 |
	    sed -n 's/^cpus list=//p')
	attended --launch < <(block 0 0 zfod/1 pin=cores latency=1 <<-EOF
	param name=size value=1M
	cpus list=$cpu
	EOF
	)
	finish_attended
	same "status" 0 "$status"
	same "end" "end status=ok" "$(tail -n 1 out)"
	same "bound" 1 "$(grep '^describe' out | value_of bound)"
	same "cpus" "cpus list=$cpu" "$(grep '^cpus' out)"
	same "param" "param name=size value=1M" "$(grep '^param' out)"
	[ "$(grep '^histogram' out | value_of count)" -gt 0 ]
	[ "$(grep '^describe' out | value_of memory_bytes)" -ge 1048576 ]
}

@test "--probe only examines" {
	attended --probe < <(block 0 0 null/1 samples=1000 </dev/null)
	finish_attended
	same "status" 0 "$status"
	same "probe" "probe status=ok" "$(grep '^probe' out)"
	same "samples" "" "$(grep '^sample' out || true)"
	attended --probe < <(block 0 0 test-faults/1 <<<"param name=how value=skips")
	finish_attended
	same "probe" "probe status=skip reason=skips%20as%20it%20was%20told%20to" \
	    "$(grep '^probe' out)"
	attended --probe < <(block 0 0 test-faults/1 <<<"param name=how value=limited")
	finish_attended
	same "probe" "probe status=limit max=1 reason=limited%20as%20it%20was%20told%20to" \
	    "$(grep '^probe' out)"
}

@test "stop ends a launch early with what there is" {
	attended --launch < <(block 0 0 null/1 samples=1000 </dev/null)
	wait_for 10 grep -q '^sample' out
	echo stop >&8
	finish_attended
	same "status" 0 "$status"
	same "end" "end status=interrupted reason=stopped%20on%20request" \
	    "$(tail -n 1 out)"
	nothing_left 1
}

@test "the end of the supervisor's pipe ends the launch without a trace" {
	for mode in process thread; do
		attended --launch < <(block 0 0 null/1 samples=1000 workers=2 \
		    mode=$mode </dev/null)
		wait_for 10 grep -q '^sample' out
		exec 8>&-
		wait_for 5 is_left 0
		wait "$cell" || true
		rm to_cell
		[[ $(cat out) != *"end status=ok"* ]]
	done
}

@test "a block that makes no sense to the cell is a failed launch" {
	attended --launch < <(block 0 0 frobnicate/1 </dev/null)
	finish_attended
	[[ $(tail -n 1 out) == "end status=failed reason=no%20workload%20'frobnicate'"* ]]
	attended --launch < <(block 0 0 null/9 </dev/null)
	finish_attended
	same "version" "end status=failed reason=the%20plan%20asks%20for%20null/9,%20this%20vmstress-cell%20has%20null/1" \
	    "$(tail -n 1 out)"
	attended --launch < <(block 0 0 zfod/1 <<<"param name=size value=12q")
	finish_attended
	has "$(tail -n 1 out)" "end status=failed reason=workload%20'zfod':%20parameter%20'size':%20'12q'%20is%20not%20a%20size"
	attended --launch < <(block 0 0 brk/1 mode=thread </dev/null)
	finish_attended
	same "mode" "end status=failed reason=workload%20'brk'%20has%20no%20thread%20mode" \
	    "$(tail -n 1 out)"
}

# ---- malformed plans -----------------------------------------------------

# malformed MESSAGE: stdin to --launch gives status 2 and the message.
malformed() {
	cat >plan
	run --separate-stderr "$VMS_CELL" --launch <plan
	same "status" 2 "$status"
	same "message" "vmstress-cell: $1" "$stderr"
	same "standard output" "" "$output"
}

@test "malformed plans are refused with status 2 and the reason" {
	malformed "the plan ends before \`go\`" </dev/null
	malformed "the plan ends before \`go\`" <<<"vmstress-plan version=1"
	malformed "the plan ends before \`go\`" \
	    < <(block 0 0 null/1 </dev/null | sed '$d')
	for plan in hello "launch cell=0" "vmstress-plan version=99" \
	    "vmstress-plan" "=" "a=b=c d%zz"; do
		run --separate-stderr "$VMS_CELL" --launch <<<"$plan"
		same "status of '$plan'" 2 "$status"
		[[ $stderr == "vmstress-cell: "?* ]]
		same "lines of '$plan'" 1 "${#stderr_lines[@]}"
		same "output of '$plan'" "" "$output"
	done
}

@test "launch lines with a field missing or wrong are refused" {
	good=$(block 0 0 null/1 </dev/null)
	for f in cell launch workload mode workers pin samples interval_ns \
	    warmup_ns timeout_ns latency; do
		for to in "" "$f= " "$f=x%00y " "$f=-1 "; do
			# A workload or a placement may have any name.
			case $f$to in
			workload*=-1*|pin*=-1*|"pinpin= ") continue ;;
			esac
			sed "2s|\\b$f=[^ ]* *|$to|" <<<"$good" >plan
			[ "$good" != "$(cat plan)" ]
			run --separate-stderr "$VMS_CELL" --launch <plan
			same "status with '$f' as '$to'" 2 "$status"
			[[ $stderr == "vmstress-cell: "?* ]]
			same "lines" 1 "${#stderr_lines[@]}"
		done
	done
}

@test "lists that do not fit the workers are refused" {
	for list in "cpus list=0" "cpus list=0,1,2" "cpus list=0,x" \
	    "cpus list=0,-1" "partners list=0" "cpus"; do
		block 0 0 null/1 workers=2 <<<"$list" >plan
		run --separate-stderr "$VMS_CELL" --launch <plan
		same "status of $list" 2 "$status"
		[[ $stderr == "vmstress-cell: "?* ]]
	done
}

@test "a whole plan that is malformed is refused, too" {
	{
		block 0 0 null/1 </dev/null
		echo "vmstress-plan version=1"
		echo "launch cell=1"
	} >plan
	run --separate-stderr "$VMS_CELL" <plan
	same "status" 2 "$status"
	same "message" "vmstress-cell: the plan ends in the middle of a block (no \`go\`)" \
	    "$stderr"
	same "the first block" 1 "$(grep -c '^end status=ok' <<<"$output")"
	run --separate-stderr "$VMS_CELL" <<<"hello"
	same "status of nonsense" 2 "$status"
	# A broken block in the middle is noticed, and the others still run.
	{
		block 0 0 null/1 </dev/null
		block 1 0 null/1 workers=x </dev/null
		block 2 0 null/1 </dev/null
	} >plan
	run --separate-stderr "$VMS_CELL" <plan
	same "the good blocks" 2 "$(grep -c '^end status=ok' <<<"$output")"
	[ "$status" -ne 0 ] || grep -q '^note ' <<<"$output"
}

# ---- whole plans ---------------------------------------------------------

two_blocks() {
	block 0 0 null/1 workers=2 </dev/null
	block 1 0 zfod/1 mode=thread samples=2 <<<"param name=size value=1M"
}

@test "a plan of two blocks gives facts and two results" {
	two_blocks >plan
	run --separate-stderr "$VMS_CELL" <plan
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	has "$output" "fact key=kernel.release value=$(uname -r)"
	same "launches" "0 1" "$(grep '^launch ' <<<"$output" |
	    value_of cell | tr '\n' ' ' | sed 's/ $//')"
	same "ends" 2 "$(grep -c '^end status=ok$' <<<"$output")"
	nothing_left 1
}

@test "a launch that dies does not take the plan with it" {
	{
		block 0 0 test-faults/1 mode=thread \
		    <<<"param name=how value=crashes"
		block 1 0 null/1 </dev/null
	} >plan
	run --separate-stderr "$VMS_CELL" <plan
	same "status" 0 "$status"
	same "ends" "end status=ok" "$(grep '^end' <<<"$output")"
	has "$output" "note text=the%20launch%20before%20this%20line%20ended%20with"
	nothing_left 1
}

# ---- import --------------------------------------------------------------

@test "import makes a record that show prints" {
	two_blocks | "$VMS_CELL" >out
	run --separate-stderr vmstress import --label old-kernel out
	same "status" 0 "$status"
	same "standard output" "" "$output"
	same "message" "record: out.jsonl: 2 launches" "$stderr"
	journal '.[0] | .type == "run" and .schema == "vmstress-result/1" and
	    .label == "old-kernel" and .kernel.release == "'"$(uname -r)"'"' \
	    out.jsonl
	journal 'map(select(.type == "sample")) | length == 3' out.jsonl
	same "counts" "$(grep '^sample' out | value_of ops | tr , '\n')" \
	    "$(jq -r 'select(.type == "sample") | .ops[]' out.jsonl)"
	run --separate-stderr vmstress show out.jsonl
	same "status of show" 0 "$status"
	has "$output" "null/1"
	has "$output" "zfod/1"
	vmstress show --json out.jsonl | jq -e '.[0].rows |
	    map(select(.headline)) | length == 2 and all(.status == "ok") and
	    (.[1].params | contains("size=1M"))'
}

@test "import reads what came over a serial line" {
	two_blocks | "$VMS_CELL" >out
	vmstress import -o clean.jsonl out 2>/dev/null
	awk '{ printf "%s\r\n", $0 }
	    NR % 3 == 0 { printf "[   12.345678] random: crng init done %d\r\n", NR }
	    NR == 5 { printf "\033[1mWelcome to end of sample\033[0m\r\n\r\n" }
	    END { printf "[   13.000000] reboot: Power down\r\n" }' out >serial
	{ printf 'SeaBIOS (version 1.16)\r\n'; cat serial; } >noisy
	run --separate-stderr vmstress import -o r.jsonl noisy
	same "status" 0 "$status"
	[[ $stderr =~ ^record:\ r.jsonl:\ 2\ launches\;\ [0-9]+\ lines\ of\ other\ origin\ left\ out$ ]]
	same "lines" "$(jq -c 'select(.type != "run")' clean.jsonl)" \
	    "$(jq -c 'select(.type != "run")' r.jsonl)"
	same "facts" "$(jq -c 'select(.type == "run") | .kernel' clean.jsonl)" \
	    "$(jq -c 'select(.type == "run") | .kernel' r.jsonl)"
}

@test "import says which launches have no end" {
	two_blocks | "$VMS_CELL" >out
	sed '$d' out >out.cut
	grep -q '^end' out.cut
	run --separate-stderr vmstress import -o r.jsonl out.cut
	same "status" 0 "$status"
	same "message" "record: r.jsonl: 1 launches, 1 without an end" "$stderr"
	journal 'map(select(.type == "end")) | last | .cell == 1 and .status == "failed" and
	    .reason == "the output has no end of this launch"'
	run vmstress show r.jsonl
	same "status of show" 0 "$status"
}

@test "import refuses what is no output, and leaves no file" {
	echo hello >junk
	refuses 2 "vmstress: junk: no output of vmstress-cell" \
	    vmstress import -o r.jsonl junk
	: >empty
	refuses 2 "vmstress: empty: no output of vmstress-cell" \
	    vmstress import -o r.jsonl empty
	run --separate-stderr vmstress import -o r.jsonl absent
	same "status" 2 "$status"
	has "$stderr" "absent"
	has "$stderr" "No such file or directory"
	two_blocks | "$VMS_CELL" >out
	sed 's|null/1|frobnicate/1|' out >unknown
	run --separate-stderr vmstress import -o r.jsonl unknown
	same "status" 2 "$status"
	has "$stderr" "no workload 'frobnicate'"
	[ ! -e r.jsonl ]
	echo precious >r.jsonl
	refuses 2 "vmstress: r.jsonl: the file exists already (choose another name, or continue a record with --resume)" \
	    vmstress import -o r.jsonl out
	same "content" precious "$(cat r.jsonl)"
}

# ---- how lean it is ------------------------------------------------------

@test "the cell is static, with at most 15 mappings when a worker starts" {
	[ "$(uname -s)" = Linux ] || skip "reads /proc"
	attended --launch < <(block 0 0 null/1 samples=1000 workers=2 </dev/null)
	wait_for 10 grep -q '^sample' out
	describe=$(grep '^describe' out)
	if [ "$(value_of static <<<"$describe")" = 0 ]; then
		kill "$cell"
		skip "static programs cannot be linked here"
	fi
	mappings=$(value_of mappings <<<"$describe")
	echo "mappings: $mappings"
	[ "$mappings" -gt 4 ]
	[ "$mappings" -le 15 ]
	workers=$(pids_of vmstress-cell | grep -vx "$cell")
	same "workers" 2 "$(wc -w <<<"$workers")"
	for pid in $workers; do
		same "libraries" "" "$(grep '\.so' "/proc/$pid/maps" || true)"
		grep -q vmstress-cell "/proc/$pid/maps"
		[ "$(wc -l <"/proc/$pid/maps")" -le 20 ]
	done
	exec 8>&-
	wait "$cell" || true
	nothing_left
}

@test "workers hold no descriptor but the standard ones" {
	[ "$(uname -s)" = Linux ] || skip "reads /proc"
	attended --launch < <(block 0 0 null/1 samples=1000 workers=2 </dev/null)
	wait_for 10 grep -q '^sample' out
	for pid in $(pids_of vmstress-cell | grep -vx "$cell"); do
		for fd in "/proc/$pid/fd/"*; do
			target=$(readlink "$fd")
			echo "$fd $target"
			# What a bats of this test leaks is not the cell's.
			case ${fd##*/} in
			0|1) same "$fd" /dev/null "$target" ;;
			2) same "$fd" "$T/err" "$target" ;;
			*) [[ $target != *to_cell* && $target != "$T/out" ]] ;;
			esac
		done
	done
	exec 8>&-
	wait "$cell" || true
}
