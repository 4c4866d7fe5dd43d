#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The kernel's log followed during a run, and launches that are not valid.
# Most of it is told by a cell program and a log of the test's own, so that
# both say what the test wants, when it wants it.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

setup() {
	common_setup
	unset VMSTRESS_KERNEL_LOG
}

teardown() {
	common_teardown
	if [ -n "$group" ] && [ -d "$group" ]; then
		wait_for 5 rmdir "$group"
	fi
}

# own_log: a log of the test's own, which has something in it from before.
own_log() {
	echo "4,1,1000,-;WARNING: from before" >kmsg
	export VMSTRESS_KERNEL_LOG=$T/kmsg
}

# own_cell: a cell program that says and does what is on standard input, for
# the launch $launch; `say` is for the log.
own_cell() {
	mkdir bin
	ln -s "$VMS_BUILD"/vmstress-guardian "$VMS_BUILD"/vmstress-cell-dynamic \
	    bin/
	{
		cat <<-'EOS'
		#!/bin/bash
		seq=100
		say() {
			echo "$1,$seq,$((seq * 1000)),-;$2" >>"$VMSTRESS_KERNEL_LOG"
			seq=$((seq + 1))
		}
		while read -r word rest; do
			case $word in
			launch) launch=${rest#*launch=} launch=${launch%% *} ;;
			go) break ;;
			esac
		done
		echo "vmstress-out version=1 tool=0"
		[ "$1" = --launch ] || { echo "end status=ok"; exit 0; }
		echo "describe unit=x kind=rate clock_step_ns=1"
		EOS
		cat
		echo 'echo "end status=ok"'
	} >bin/vmstress-cell
	chmod +x bin/vmstress-cell
	export VMSTRESS_LIBEXEC=$T/bin
}

sample='echo "sample index=0 elapsed_ns=1000000000 ops=5000"'

logged() {
	journal 'map(select(.type == "log"))'"$1"
}

@test "what the kernel says belongs to the launch in which it says it" {
	own_log
	own_cell <<-EOS
	$sample
	if [ \$launch = 1 ]; then
		say 4 "WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2"
		say 4 "Call Trace:"
		say 4 "---[ end trace 0000000000000000 ]---"
		say 6 "nothing of interest"
		say 12 "WARNING: a program wrote this"
	fi
	EOS
	run --separate-stderr vmstress run --launches 3 -o r.jsonl null
	same "status" 0 "$status"
	logged ' | length == 1'
	logged '[0] | .cell == 0 and .launch == 1 and .class == "warning" and
	    .level == 4 and .seq == 100 and .time_us == 100000 and
	    .text == "WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2" and
	    .detail == ["Call Trace:", "---[ end trace 0000000000000000 ]---"]
	    and .phase == null'
	# Between the beginning and the end of its launch.
	journal 'map(select(.launch == 1) | .type) |
	    index("launch") < index("log") and index("log") < index("end")'
	has "$stderr" "launch 2/3: kernel log: warning: WARNING: CPU: 0 PID: 1 at mm/x.c:1"
	has "$output" "kernel log:"
	has "$output" "  warning (1): WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2 (cell 0, launch 1)"
	nothing_left
}

@test "a line stands with the phase in which it came" {
	# A pipe is read as soon as something comes.
	mkfifo kmsg
	export VMSTRESS_KERNEL_LOG=$T/kmsg
	own_cell <<-'EOS'
	sleep 0.5
	say 4 "one: before"
	sleep 0.5
	echo "step index=0 phase=make"
	sleep 0.5
	say 4 "two: make"
	sleep 0.5
	echo "phase name=make unit=x ops=1 elapsed_ns=1000000"
	sleep 0.5
	say 4 "three: between"
	sleep 0.5
	echo "step index=0 phase=reap"
	sleep 0.5
	say 4 "four: reap"
	EOS
	vmstress run -q --launches 1 -o r.jsonl zombie -p zombies=1
	logged ' | map([.text, .phase]) == [["one: before", null],
	    ["two: make", "make"], ["three: between", null],
	    ["four: reap", "reap"]]'
	has "$(vmstress show r.jsonl)" "  other (4): one: before (first in cell 0, launch 0)"
}

@test "what is said after the last line of a launch is still of it" {
	own_log
	own_cell <<-EOS
	$sample
	say 3 "INFO: task a:1 blocked for more than 120 seconds."
	EOS
	vmstress run -q --launches 1 -o r.jsonl null
	logged '[0] | .class == "hung-task" and .launch == 0'
}

@test "a kernel that does not stop is counted" {
	own_log
	own_cell <<-EOS
	$sample
	for ((i = 0; i < 250; i++)); do
		say 4 "again \$i"
	done
	seq=\$((seq + 7))
	say 4 "after a gap"
	EOS
	vmstress run -q --launches 1 -o r.jsonl null
	logged ' | map(select(.class == "other")) | length == 200'
	logged ' | map(select(.class == "dropped"))[0] | .count == 51 and
	    .text == "51 more events of the kernel log are not kept"'
	logged ' | map(select(.class == "lost"))[0].count == 7'
}

@test "a log that cannot be followed is one note, not a failure" {
	export VMSTRESS_KERNEL_LOG=$T/absent
	fast --launches 2 null
	same "statuses" "ok ok" "$(statuses)"
	journal 'map(select(.type == "note" and (.text |
	    startswith("kernel log not followed")))) | length == 1'
	has "$(vmstress show r.jsonl)" "note: kernel log not followed: $T/absent: No such file or directory"
}

@test "without the right to read the log, the command that gives it is named" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to give rights up"
	command -v setpriv >/dev/null || skip "no setpriv"
	[ "$(cat /proc/sys/kernel/dmesg_restrict 2>/dev/null)" == 1 ] ||
	    skip "everybody may read the log"
	[ -r /dev/kmsg ] || skip "no /dev/kmsg"
	for_everybody
	cd "$everybody"
	chmod 777 .
	setpriv --reuid=65534 --regid=65534 --clear-groups ./vmstress run -q \
	    "${VMS_SHORT[@]}" -o r.jsonl null
	has "$(cat r.jsonl)" "kernel log not followed: /dev/kmsg is for root alone; lift that: sysctl kernel.dmesg_restrict=0"
	same "statuses" ok "$(statuses)"
}

@test "a process that the kernel kills for memory is in the record" {
	[ "$(id -u)" -eq 0 ] || skip "groups are for root"
	[ -r /dev/kmsg ] || skip "no /dev/kmsg"
	group=/sys/fs/cgroup/memory/vmstress-test.$$
	limit=memory.limit_in_bytes
	if [ ! -d /sys/fs/cgroup/memory ]; then
		group=/sys/fs/cgroup/vmstress-test.$$
		limit=memory.max
	fi
	mkdir "$group" 2>/dev/null || skip "cannot make a group of memory"
	[ -w "$group/$limit" ] || skip "groups have no limit of memory"
	echo 192M >"$group/$limit"
	if [ -w "$group/memory.swap.max" ]; then
		echo 0 >"$group/memory.swap.max"
	fi
	# shellcheck disable=SC2016
	run --separate-stderr bash -c 'echo $$ >"$1/cgroup.procs" || exit 99
	    shift; "$@"' bash "$group" "$VMS_BUILD/vmstress" run \
	    --launches 1 --samples 5 --interval 2s -o r.jsonl zfod \
	    -p size=512M -w 1
	same "status" 1 "$status"
	same "statuses" failed "$(statuses)"
	# Only what is of our group: others may be killed at the same time.
	logged ' | map(select(.class == "oom" and .cell == 0 and .launch == 0 and
	    (.text | test("emory.*: Killed process [0-9]+ \\(vmstress-cell\\)"))
	    and (.detail[0] | test("invoked oom-killer")))) | length >= 1'
	has "$stderr" "kernel log: oom: "
	nothing_left
}

# ---- validity -------------------------------------------------------------

verdict() {
	journal 'map(select(.type == "validity"))'"$1"
}

@test "a launch is judged, marked, and stays a result" {
	own_log
	own_cell <<-EOS
	$sample
	steal=0
	[ \$launch = 0 ] || steal=300000000
	echo "kstat index=0 elapsed_ns=1000000000 sources=stat,vmstat" \
	    "values=stat.user_ns:1000000000,stat.idle_ns:900000000,stat.steal_ns:\$steal"
	[ \$launch = 2 ] && say 2 "BUG: something"
	EOS
	vmstress run -q --launches 3 -o r.jsonl null
	verdict ' | sort_by(.launch) | map([.launch, .valid, .rules]) ==
	    [[0, true, []], [1, false, ["steal"]], [2, false, ["steal", "log"]]]'
	verdict ' | sort_by(.launch)[2] | .reasons ==
	    ["steal 13.6% of CPU time (limit 1%)", "in the kernel'"'"'s log: bug (1)"]
	    and .swap_in_pages == 0 and .ops_min == 5000'
	has "$(vmstress show r.jsonl)" "note: 2 of 3 launches not valid: steal (2), log (1) (cell 0); the first: steal 13.6% of CPU time (limit 1%)"
	same "launches, marked ones" "3,2" \
	    "$(vmstress show --csv r.jsonl | sed -n 2p |
	    awk -F, '{ print $12 "," $NF }')"
	vmstress show --json r.jsonl |
	    jq -e '.[0].rows[0] | .launches == 3 and .invalid == 2'
}

@test "every launch that gave numbers is judged, others are not" {
	fast --launches 2 null
	verdict ' | length == 2'
	verdict '[0] | .ops_min > 0 and .shortest_ns > 40000000 and
	    .start_skew_share == 0 and (.time_of_day_moved_ns | type == "number")'
	own_log
	own_cell <<-EOS
	$sample
	echo "end status=failed reason=bad"
	exit
	EOS
	run vmstress run -q --launches 1 -o failed.jsonl null
	journal 'map(.type) | index("end") != null and index("validity") == null
	    ' failed.jsonl
}

@test "a record from before has no verdicts, and says so" {
	fast null
	grep -v '"validity"' r.jsonl >old.jsonl
	vmstress show --json old.jsonl | jq -e '.[0].rows[0].invalid == null'
	same "column" "" "$(vmstress show --csv old.jsonl | sed -n 2p |
	    awk -F, '{ print $NF }')"
}

@test "import judges by what the output says" {
	cat >out <<-'EOS'
	vmstress-out version=1 tool=0.1.0
	fact key=machine.cpus_online value=2
	launch cell=0 launch=0 workload=null/1 mode=process workers=1 pin=none samples=4 interval_ns=1000000000 warmup_ns=0 timeout_ns=0 latency=0 probe=0 statistics=1
	describe unit=turn kind=rate clock_step_ns=1
	sample index=0 elapsed_ns=1000000000 ops=1000
	sample index=1 elapsed_ns=1000000000 ops=900
	sample index=2 elapsed_ns=1000000000 ops=800
	sample index=3 elapsed_ns=1000000000 ops=700
	end status=ok
	EOS
	vmstress import -o r.jsonl out
	verdict '[0] | .valid == false and .rules == ["drift"] and .drift < -0.29
	    and .time_of_day_moved_ns == null'
}
