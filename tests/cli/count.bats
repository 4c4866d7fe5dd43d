#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Counting events in vmstress-cell: what is counted in which mode, when there
# is a line for it, and what is said of an event that cannot be counted.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

setup() {
	[ "$(uname)" = Linux ] || skip "there are no perf events here"
	common_setup
}

teardown() {
	if [ -n "$group" ]; then
		wait_for 5 rmdir "$group"
	fi
	common_teardown
}

# In `group`, a control group that a cell can be moved into.
make_group() {
	local mount

	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mount=$(awk '$3 == "cgroup" && $4 ~ /(^|,)perf_event(,|$)/ {
		print $2; exit }' /proc/self/mounts)
	[ -n "$mount" ] || mount=$(awk '$3 == "cgroup2" { print $2; exit }' \
	    /proc/self/mounts)
	[ -n "$mount" ] || skip "there are no control groups"
	mkdir "$mount/vmstress-test-$VMSTRESS_TEST_MARK" 2>/dev/null ||
	    skip "no group can be made in $mount"
	group=$mount/vmstress-test-$VMSTRESS_TEST_MARK
}

may_count_cpus() {
	[ "$(id -u)" -eq 0 ] ||
	    [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -le 0 ] ||
	    skip "no right to count events of CPUs"
}

may_count_tasks() {
	[ "$(id -u)" -eq 0 ] ||
	    [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -le 1 ] ||
	    skip "no right to count events in the kernel"
}

faults="event name=page-faults type=1 config=2"
switches="event name=switches type=1 config=3"

# cell WORKLOAD FIELDS LINE...: a launch of two workers with more fields of the
# launch line and more lines of the plan; what it writes is in `out`.
cell() {
	local workload=$1 fields=$2

	shift 2
	{
		echo "vmstress-plan version=1"
		echo "launch cell=0 launch=0 workload=$workload/1 workers=2" \
		    "pin=none warmup_ns=10000000 timeout_ns=60000000000" \
		    "$fields"
		printf '%s\n' "$@"
		echo go
	} >plan
	if [ -n "$group" ]; then
		# shellcheck disable=SC2016
		timeout 60 sh -c 'echo 0 >"$1/cgroup.procs" && exec "$2"' sh \
		    "$group" "$VMS_CELL" <plan >out
	else
		timeout 60 "$VMS_CELL" <plan >out
	fi
	has "$(cat out)" "end status=ok"
}

short="latency=0 samples=2 interval_ns=50000000"

# values KEYWORD KEY [FILTER]: of the lines that have FILTER in them.
values() {
	grep "^$1 " out | grep -e "${3-}" | tr ' ' '\n' |
	    sed -n "s/^$2=//p" | tr '\n' ' ' | sed 's/ $//'
}

# total KEYWORD KEY [FILTER]: the sum of all numbers in lists, too.
total() {
	values "$@" | tr -s ' ,' '[\n*]' | awk '{ s += $1 } END { printf "%d\n", s }'
}

# near PART A B: A is B, but for this part of it.
near() {
	awk "BEGIN { d = $2 - $3; exit !($3 > 0 && d * d <= ($1 * $3) ^ 2) }" ||
	    same "numbers (but for $1)" "$3" "$2"
}

# ---- what is counted -------------------------------------------------------

# The operations of zfod are faults, and nothing else in the group has any.
# With a latency each operation is booked at once, and none is under way in a
# batch when the counters are read.
@test "the faults of a group are the operations of zfod" {
	make_group
	for mode in process thread; do
		cell zfod "mode=$mode latency=1 samples=4 interval_ns=500000000" \
		    "param name=size value=16M" \
		    "count mode=cgroup group=$group" "$faults"
		same "statuses" "ok ok ok ok" "$(values counter status)"
		near "$(tolerance 0.001)" "$(total counter value)" "$(total sample ops)"
		same "each CPU" "$(total counter each)" \
		    "$(total counter value)"
	done
}

@test "of a whole system at least the faults of zfod are counted" {
	may_count_cpus
	cell zfod "mode=process $short" "param name=size value=16M" \
	    "count mode=system" "$faults"
	same "indices" "0 1" "$(values counter index)"
	same "cpus" 1 "$(values counter cpus | tr ' ' '\n' | sort -u | wc -l)"
	[ "$(total counter value)" -gt $(($(total sample ops) * 9 / 10)) ]
	# All of the time, on each of them.
	same "running" "$(values counter enabled_ns)" \
	    "$(values counter running_ns)"
}

# each KEYWORD KEY N: the sum of what worker N has.
each() {
	values "$1" "$2" | tr ' ' '\n' | cut -d, -f"$3" |
	    awk '{ s += $1 } END { printf "%d\n", s }'
}

@test "of tasks each worker has its own" {
	may_count_tasks
	for mode in process thread; do
		cell zfod "mode=$mode latency=1 samples=4 interval_ns=200000000" \
		    "param name=size value=16M" "count mode=task" "$faults"
		near "$(tolerance 0.01)" "$(each counter each 1)" "$(each sample ops 1)"
		near "$(tolerance 0.01)" "$(each counter each 2)" "$(each sample ops 2)"
		same "sum" "$(total counter each)" "$(total counter value)"
		run ! grep -q "^counter.* cpus=" out
		run ! grep -q "^note" out
	done
}

# Every child has faults of its own.
@test "of tasks the children are counted, and phases have a line each" {
	may_count_tasks
	cell fork-batch "mode=process latency=0 samples=2 interval_ns=1" \
	    "param name=batch value=100" "count mode=task" \
	    "$faults" "$switches"
	same "phases" "fork fork exit exit fork fork exit exit" \
	    "$(values counter phase)"
	same "indices" "0 0 0 0 1 1 1 1" "$(values counter index)"
	same "names" "page-faults switches page-faults switches" \
	    "$(values counter name index=1)"
	[ "$(total counter value 'phase=fork name=page-faults')" -ge 400 ]
	has "$(values note text)" "while%20it%20exits"
}

@test "the phases of a group have a line each" {
	make_group
	cell fork-batch "mode=process latency=0 samples=1 interval_ns=1" \
	    "param name=batch value=100" "count mode=cgroup group=$group" \
	    "$faults"
	same "phases" "fork exit" "$(values counter phase)"
	same "statuses" "ok ok" "$(values counter status)"
	[ "$(total counter value phase=fork)" -ge 200 ]
}

@test "a curve has one line" {
	may_count_tasks
	cell test-curve "mode=process latency=0 samples=1 interval_ns=1" \
	    "count mode=task" "$switches"
	same "lines" 1 "$(grep -c "^counter index=0 name=switches" out)"
}

@test "partner tasks that are not counted are named" {
	may_count_tasks
	for mode in process thread; do
		cell pipe-pingpong "mode=$mode $short" "count mode=task" \
		    "$switches"
		has "$(values note text)" "2%20partner%20tasks"
	done
}

# ---- what is not -----------------------------------------------------------

@test "what cannot be counted is said once, with the reason" {
	may_count_cpus
	cell null "mode=process $short" "count mode=system" \
	    "event name=frobs status=unknown_event reason=no%20such%20event" \
	    "event name=nothing type=1 config=9999" \
	    "event name=switches:u type=1 config=3 exclude=kh" \
	    "event name=elsewhere type=1 config=2 cpus=99999" "$faults"
	same "frobs" "unknown_event" "$(values counter status name=frobs)"
	same "frobs" "no%20such%20event" "$(values counter reason name=frobs)"
	same "nothing" "not_supported" "$(values counter status name=nothing)"
	same "nothing" "2" "$(values counter errno name=nothing)"
	same "switches:u" "masked" "$(values counter status name=switches:u)"
	same "elsewhere" "not_supported" \
	    "$(values counter status name=elsewhere)"
	same "faults" "ok ok" "$(values counter status name=page-faults)"
	run ! grep -q "^counter.*status=[^o].* value=" out
}

@test "a filter that the kernel does not take" {
	may_count_cpus
	# Mounted or not, and in a namespace of its own if not.
	id=$(cat /sys/kernel/tracing/events/sched/sched_switch/id 2>/dev/null ||
	    unshare -m sh -c 'mount -t tracefs none /sys/kernel/tracing &&
		cat /sys/kernel/tracing/events/sched/sched_switch/id' \
	    2>/dev/null) || skip "no tracepoints can be seen"
	cell null "mode=process $short" "count mode=system" \
	    "event name=all type=2 config=$id" \
	    "event name=some type=2 config=$id filter=prev_pid%3D%3D0" \
	    "event name=none type=2 config=$id filter=frobs%3D%3D1"
	same "all" "ok ok" "$(values counter status name=all)"
	same "some" "ok ok" "$(values counter status name=some)"
	[ "$(total counter value name=some)" -le \
	    "$(total counter value name=all)" ]
	same "none" "not_supported" "$(values counter status name=none)"
	has "$(values counter reason name=none)" "frobs"
}

@test "a group that is not there is a reason, not a failure" {
	cell null "mode=process $short" \
	    "count mode=cgroup group=/nonexistent/group" "$faults" \
	    "event name=frobs status=unknown_event reason=x"
	same "statuses" "error unknown_event" "$(values counter status)"
	has "$(values counter reason)" "/nonexistent/group"
}

@test "without the right the reason names the setting" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	[ "$(cat /proc/sys/kernel/perf_event_paranoid)" -gt 0 ] ||
	    skip "everybody has the right"
	for_everybody
	cat >plan <<-EOF
	vmstress-plan version=1
	launch cell=0 launch=0 workload=null/1 mode=process workers=1 pin=none samples=1 interval_ns=50000000 warmup_ns=0 timeout_ns=60000000000 latency=0
	count mode=system
	$faults
	go
	EOF
	setpriv --reuid 65534 --regid 65534 --clear-groups \
	    "$everybody/vmstress-cell" <plan >out
	same "status" "not_permitted" "$(values counter status)"
	has "$(values counter reason)" \
	    "sysctl%20kernel.perf_event_paranoid%3D0"
	has "$(cat out)" "end status=ok"
}

# is_counting N: so many processes have descriptors of counters.
is_counting() {
	local pid n=0

	for pid in $(pids_of vmstress-cell); do
		[ -z "$(find "/proc/$pid/fd" -lname '*perf_event*')" ] ||
		    n=$((n + 1))
	done
	same "processes with counters" "$1" "$n"
}

# The descriptors of counters: the main thread has them, a worker has none.
@test "without events nothing is opened, and workers never have any" {
	may_count_cpus
	for lines in "$faults" ""; do
		cat >plan <<-EOF
		vmstress-plan version=1
		launch cell=0 launch=0 workload=null/1 mode=process workers=1 pin=none samples=1 interval_ns=30000000000 warmup_ns=0 timeout_ns=60000000000 latency=0
		count mode=system
		$lines
		go
		EOF
		sed -i '/^$/d' plan
		mkfifo to_cell
		timeout 60 "$VMS_CELL" --launch <to_cell >out 2>err 3>&- &
		exec 8>to_cell
		cat plan >&8
		wait_for 10 grep -q "^describe" out
		if [ -n "$lines" ]; then
			wait_for 10 is_counting 1
		else
			sleep 0.2
		fi
		is_counting "$(grep -c . <<<"$lines")"
		echo stop >&8
		exec 8>&-
		wait
		rm to_cell
		[ -n "$lines" ] || run ! grep -q "^counter" out
	done
}
