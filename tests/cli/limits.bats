#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Limits: what check foretells, what a result says, and what --raise-limits and
# --setup-swap change.  However a run ends, the system is as it was before; a
# test that fails puts it back itself.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

MAPS=/proc/sys/vm/max_map_count

# Lists of changes in a folder of the test: any run of root on the machine puts
# back what it finds in the usual one.
setup() {
	common_setup
	export VMSTRESS_RUNDIR=$T
}

teardown() {
	local device group

	common_teardown
	if [ -n "$maps_before" ] && [ "$(cat $MAPS)" != "$maps_before" ]; then
		echo "$maps_before" >$MAPS
	fi
	if [ -n "$swaps_counted" ]; then
		end_swaps
	fi
	for group in $groups; do
		wait_for 5 rmdir "$group"
	done
}

# Swap that a test has left: there was none before it.
end_swaps() {
	local device

	for device in $(swaps); do
		case $device in
		/dev/zram*) ;;
		*) continue ;;
		esac
		swapoff "$device"
		wait_for 5 remove_zram "${device#/dev/zram}"
	done
}

remove_zram() {
	echo 1 >"/sys/block/zram$1/reset" &&
	    echo "$1" >/sys/class/zram-control/hot_remove
}

swaps() {
	awk 'NR > 1 { print $1 }' /proc/swaps | sort
}

zrams() {
	echo /sys/block/zram*
}

# ---- what check says ------------------------------------------------------

@test "check counts how many of a population are reachable" {
	run --separate-stderr vmstress check --launches 1 zombie -p zombies=1200
	has "$output" "reach: cell 0: all 1,200 zombies"
	has "$output" "limits: none would stop this plan"
	same "status" 0 "$status"
}

@test "more than there is memory for is counted, too" {
	run --separate-stderr vmstress check --launches 1 zombie \
	    -p zombies=4M -w 200
	same "status" 1 "$status"
	has "$output" " of 4,000,000 zombies: memory budget allows "
}

@test "what stops a population is listed in rising order" {
	run --separate-stderr vmstress check --launches 1 zombie \
	    -p zombies=4M -w 200
	n=$(sed -n 's/^reach: cell 0: \([0-9,]*\) of .*/\1/p' <<<"$output" |
	    tr -d ,)
	[ "$(wc -l <<<"$n")" -ge 2 ]
	same "order" "$(sort -n <<<"$n")" "$n"
}

@test "RLIMIT_NOFILE stops what holds descriptors" {
	run --separate-stderr bash -c 'ulimit -Sn 300; "$@"' bash \
	    "$VMS_BUILD/vmstress" check --launches 1 fd-teardown -p fds=1k
	same "status" 1 "$status"
	has "$output" "limit: cell 0 needs 1081 descriptors in a process, RLIMIT_NOFILE allows 300; lift it: ulimit -n "
	has "$output" "vmstress run --raise-limits"
}

@test "mappings and pipes are counted against their limits" {
	[ -e $MAPS ] || skip "no vm.max_map_count"
	n=$(($(cat $MAPS) + 1000))
	run --separate-stderr vmstress check --launches 1 map-only -p count="$n"
	same "status" 1 "$status"
	has "$output" "limit: cell 0 needs $((n + 64)) mappings in a process, vm.max_map_count allows $(cat $MAPS)"
	if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null; then
		return 0
	fi
	for_everybody
	run --separate-stderr setpriv --reuid=65534 --regid=65534 \
	    --clear-groups "$everybody/vmstress" check --launches 1 \
	    pipe-chain -p processes=1M
	has "$output" "note: cell 0: the rest of its pipes is smaller: fs.pipe-user-pages-soft allows "
}

# ---- groups ---------------------------------------------------------------

# group CONTROLLER FILE-V1 FILE-V2 VALUE: a group with this limit, in $group.
group() {
	local file

	[ "$(id -u)" -eq 0 ] || skip "groups are for root"
	group=/sys/fs/cgroup/$1/vmstress-test.$$
	file=$2
	if [ ! -d "/sys/fs/cgroup/$1" ]; then
		group=/sys/fs/cgroup/vmstress-test.$$
		file=$3
	fi
	mkdir "$group" 2>/dev/null || skip "cannot make a group of $1"
	groups="$groups $group"
	[ -w "$group/$file" ] || skip "groups have no limit of $1"
	echo "$4" >"$group/$file"
}

# in_group COMMAND...
in_group() {
	# shellcheck disable=SC2016
	bash -c 'echo $$ >"$1/cgroup.procs" || exit 99; shift; "$@"' bash \
	    "$group" "$@"
}

@test "pids.max is foretold and named" {
	group pids pids.max pids.max 300
	run --separate-stderr in_group "$VMS_BUILD/vmstress" check \
	    --launches 1 zombie -p zombies=1k
	same "status" 1 "$status"
	[[ $output =~ reach:\ cell\ 0:\ (29[0-9])\ of\ 1,000\ zombies:\ cgroup\ pids.max\ allows\ 300\ \([0-9]+\ in\ use\)\;\ lift\ it:\ echo\ [0-9]+\ \|\ tee\ "$group"/pids.max ]]
	in_group "$VMS_BUILD/vmstress" run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    zombie -p zombies=1k
	journal 'map(select(.type == "phase" and .name == "make"))[0] |
	    .asked == 1000 and .reached < 300 and .reached > 280 and
	    (.limit | test("^fork: cgroup pids.max is 300 \\([0-9]+ in use\\)$"))'
	same "statuses" ok "$(statuses)"
	nothing_left
}

@test "--raise-limits leaves a group's limit alone and names the command" {
	group pids pids.max pids.max 300
	run --separate-stderr in_group "$VMS_BUILD/vmstress" run -q \
	    "${VMS_SHORT[@]}" -o r.jsonl --raise-limits zombie -p zombies=1k
	same "status" 0 "$status"
	has "$stderr" "vmstress: cell 0: cgroup pids.max stays what it is; lift it: echo "
	same "the limit" 300 "$(cat "$group/pids.max")"
}

@test "a memory group ends a population before the OOM killer does" {
	# A build with sanitizers takes a good part of this for itself.
	group memory memory.limit_in_bytes memory.max 300M
	run --separate-stderr in_group "$VMS_BUILD/vmstress" run -q \
	    "${VMS_SHORT[@]}" -o r.jsonl fork-batch -p batch=4000
	same "status" 0 "$status"
	same "statuses" ok "$(statuses)"
	journal 'map(select(.type == "phase" and .asked != null))[0] |
	    .reached < 4000 and .reached > 0 and
	    (.limit | test("^memory budget$|cgroup memory"))'
	nothing_left
}

# Both die at once: a guardian that is stopped cannot act on the other's death.
kill_both() {
	local guardian

	guardian=$(the_guardian)
	kill -STOP "$guardian"
	kill -KILL "$background"
	kill -KILL "$guardian"
	finish_background
}

# ---- --raise-limits and --setup-swap --------------------------------------

# A run that raises vm.max_map_count and lasts long enough to be killed.
changing_run() {
	[ "$(id -u)" -eq 0 ] || skip "only root raises limits"
	[ -w $MAPS ] || skip "vm.max_map_count cannot be set"
	maps_before=$(cat $MAPS)
	maps_raised=$((maps_before + 2000))
	cat >c.yaml <<-YAML
	launches: 1
	samples: ${1:-100}
	interval: 100ms
	warmup: 0s
	order: listed
	cells:
	  - {workload: null}
	  - {workload: map-only, count: $maps_raised, samples: 1}
	YAML
	shift
	in_background run -o r.jsonl --raise-limits "$@" c.yaml
	wait_for 20 grep -q '"type":"sample"' r.jsonl || cat err
	[ "$(cat $MAPS)" -ge "$maps_raised" ]
}

can_swap() {
	[ "$(id -u)" -eq 0 ] || skip "only root sets up swap"
	[ -e /sys/class/zram-control/hot_add ] || skip "no zram"
	[ -z "$(swaps)" ] || skip "there is swap already"
	swaps_before=$(swaps)
	swaps_counted=yes
	zrams_before=$(zrams)
}

maps_are_back() {
	[ "$(cat $MAPS)" == "$maps_before" ]
}

swap_is_gone() {
	[ "$(swaps)" == "$swaps_before" ] && [ "$(zrams)" == "$zrams_before" ]
}

no_list_left() {
	! ls "$T"/vmstress-undo.* >/dev/null 2>&1
}

@test "--raise-limits raises, records it, and puts back" {
	changing_run 3
	finish_background
	same "status" 0 "$status"
	maps_are_back
	no_list_left
	has "$(cat err)" "vmstress: vm.max_map_count raised from $maps_before to "
	journal 'map(select(.type == "run"))[0].limits.raised |
	    startswith("vm.max_map_count '"$maps_before"' -> ")'
	# All of them were made: it was high enough.
	journal 'map(select(.type == "phase" and .name == "map"))[0] |
	    .ops == '"$maps_raised"' and .asked == null'
	nothing_left
}

@test "limits are put back when the run is interrupted" {
	changing_run 100
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	maps_are_back
	no_list_left
}

@test "limits are put back when the supervisor is killed" {
	changing_run 100
	kill -KILL "$background"
	finish_background
	wait_for 10 maps_are_back
	nothing_left 5
	wait_for 5 no_list_left
}

@test "limits stay raised when the guardian is killed, and are put back" {
	changing_run 4
	kill -KILL "$(the_guardian)"
	finish_background
	same "status" 1 "$status"
	# The next guardian went on: the second cell had its mappings.
	journal 'map(select(.type == "phase" and .name == "map"))[0] |
	    .ops == '"$maps_raised"
	maps_are_back
	no_list_left
	nothing_left
}

@test "limits are put back when the guardian is killed in the last launch" {
	can_swap
	changing_run 100 --setup-swap=64M
	[ -n "$(swaps)" ]
	guardian=$(the_guardian)
	kill -STOP "$guardian"
	kill -INT "$background"
	sleep 0.5
	kill -KILL "$guardian"
	finish_background
	maps_are_back
	swap_is_gone
	no_list_left
	nothing_left
}

@test "what two killed programs have left the next run puts back" {
	changing_run 100
	kill_both
	nothing_left 5
	[ "$(cat $MAPS)" -ge "$maps_raised" ]
	run --separate-stderr vmstress run -q "${VMS_SHORT[@]}" -o n.jsonl null
	same "status" 0 "$status"
	has "$stderr" "vmstress: a run was killed together with its guardian: putting back what it had changed ("
	has "$stderr" "vmstress: vm.max_map_count is $maps_before again"
	maps_are_back
	no_list_left
	run --separate-stderr vmstress run -q "${VMS_SHORT[@]}" -o m.jsonl null
	same "standard error of one more" "" "$stderr"
}

@test "the changes of a run that lives are not touched by another" {
	changing_run 20
	run --separate-stderr vmstress run -q "${VMS_SHORT[@]}" -o n.jsonl null
	same "standard error" "" "$stderr"
	[ "$(cat $MAPS)" -ge "$maps_raised" ]
	finish_background
	same "status" 0 "$status"
	maps_are_back
}

@test "what somebody else has changed meanwhile is left alone" {
	changing_run 10
	other=$((maps_raised + 5000))
	echo $other >$MAPS
	finish_background
	same "status" 0 "$status"
	same "the limit" $other "$(cat $MAPS)"
	has "$(cat err)" "vmstress: vm.max_map_count is $other now, which is not from this run: it is left alone (it was $maps_before)"
	echo "$maps_before" >$MAPS
}

@test "limits of the process are raised for the cells" {
	run --separate-stderr bash -c 'ulimit -Sn 300; "$@"' bash \
	    "$VMS_BUILD/vmstress" run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    --raise-limits fd-teardown -p fds=1k
	same "status" 0 "$status"
	has "$stderr" "vmstress: RLIMIT_NOFILE raised from 300 to "
	journal 'map(select(.type == "phase" and .name == "open"))[0] |
	    .ops == 1000'
}

@test "without privilege nothing is raised and nothing runs" {
	[ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null || skip "no setpriv"
	for_everybody
	maps_before=$(cat $MAPS)
	run --separate-stderr setpriv --reuid=65534 --regid=65534 \
	    --clear-groups "$everybody/vmstress" run -q -o "$everybody/r.jsonl" \
	    --raise-limits map-only -p count=$((maps_before + 2000))
	same "status" 2 "$status"
	has "$stderr" "vmstress: --raise-limits: cannot raise vm.max_map_count to "
	has "$stderr" ": Permission denied (as root: sysctl -w vm.max_map_count="
	[ ! -e "$everybody/r.jsonl" ]
	run --separate-stderr setpriv --reuid=65534 --regid=65534 \
	    --clear-groups "$everybody/vmstress" run -q -o "$everybody/r.jsonl" \
	    --setup-swap null
	has "$stderr" "--setup-swap"
	[ ! -e "$everybody/r.jsonl" ] || has "$stderr" "there is swap already"
}

@test "--raise-limits changes nothing when nothing has to be changed" {
	run --separate-stderr vmstress run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    --raise-limits null
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	journal 'map(select(.type == "run"))[0].limits | has("raised") | not'
}

@test "--setup-swap wants a size" {
	for size in 12q 0 -1 4K; do
		refuses 2 "vmstress: run: --setup-swap=$size: that is not a size of 1M or more (try 2G)" \
		    vmstress run --setup-swap="$size" null
	done
}

@test "--setup-swap has pages reclaimed and is gone afterwards" {
	can_swap
	run --separate-stderr vmstress run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    --setup-swap=256M fork-cow -p children=50 -p pages=50
	same "status" 0 "$status"
	has "$stderr" "vmstress: swap of 256 MiB on /dev/zram"
	swap_is_gone
	journal 'map(select(.type == "run"))[0].vm.setup_swap |
	    startswith("/dev/zram")'
	journal 'map(select(.type == "phase" and .name == "rmap"))[0] |
	    .ops > 0 and (.limit // "" | test("no swap") | not)'
}

# swapping_run [SAMPLES]
swapping_run() {
	can_swap
	in_background run -o r.jsonl --setup-swap=64M --launches 1 \
	    --samples "${1:-100}" --interval 100ms null
	wait_for 20 grep -q '"type":"sample"' r.jsonl
	[ -n "$(swaps)" ]
}

@test "swap is gone when the run is interrupted" {
	swapping_run
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	swap_is_gone
}

@test "swap is gone when the supervisor is killed" {
	swapping_run
	kill -KILL "$background"
	finish_background
	wait_for 10 swap_is_gone
	wait_for 5 no_list_left
}

@test "swap is gone when the guardian is killed" {
	swapping_run
	kill -KILL "$(the_guardian)"
	finish_background
	same "status" 1 "$status"
	swap_is_gone
	no_list_left
}

@test "swap of a run that died with its guardian goes with the next run" {
	swapping_run
	kill_both
	[ -n "$(swaps)" ]
	run --separate-stderr vmstress run -q "${VMS_SHORT[@]}" -o n.jsonl null
	has "$stderr" "vmstress: the swap on /dev/zram"
	swap_is_gone
}

@test "swap that is there is used as it is" {
	swapping_run 20
	run --separate-stderr vmstress run -q "${VMS_SHORT[@]}" -o n.jsonl \
	    --setup-swap null
	same "status" 0 "$status"
	has "$stderr" "vmstress: there is swap already, on /dev/zram"
	[ -n "$(swaps)" ]
	finish_background
	swap_is_gone
}
