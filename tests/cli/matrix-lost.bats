#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Machines that are lost, with a real QEMU and kernels of a kilobyte: how they
# end is told, none ends the campaign, and none is left behind.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common
load matrix-common

setup() {
	common_setup
	command -v qemu-system-x86_64 >/dev/null ||
	    skip "there is no qemu-system-x86_64 here"
	for kind in hang panic reset flood off; do
		tiny $kind
	done
}

# Machines are not ours by name: those with a log in this test's folder are.
machines() {
	pgrep -fc "^[^ ]*qemu-system-x86_64 .*file,id=log,path=$T/" || true
}

no_machines() {
	[ "$(machines)" -eq 0 ]
}

teardown() {
	pkill -KILL -f "^[^ ]*qemu-system-x86_64 .*file,id=log,path=$T/" || true
	common_teardown
}

# reasons_begin FOLDER TEXT...: of all boots, in turn.
reasons_begin() {
	local folder=$1 i=0

	shift
	while read -r line; do
		i=$((i + 1))
		[[ $line == "${!i}"* ]] || same "reason $i" "${!i}..." "$line"
	done < <(jq -r 'select(.type == "end") | .reason' \
	    "$folder/campaign.jsonl")
	same "reasons" $# $i
}

@test "a kernel that says nothing is lost after its time" {
	run -1 --separate-stderr campaign getppid --boot-timeout 2s --boots 2 \
	    -k hang=hang.img -o "$T/c"
	same "how" "hang lost silent
hang lost silent" "$(how c)"
	same "reason" "the kernel printed nothing within 2.00 s: has it a \
console on the serial line (CONFIG_SERIAL_8250_CONSOLE), and does it boot at \
all?" "$(reason c hang | head -n 1)"
	has "$stderr" "[1/2] round 1 of 2, hang: lost (silent): the kernel \
printed nothing within 2.00 s: "
	no_machines
	nothing_left
}

@test "kernels that panic, reset, and write without end, in one campaign" {
	run -1 --separate-stderr campaign getppid --boot-timeout 10s \
	    -k panic=panic.img -k reset=reset.img -k off=off.img \
	    -k flood=flood.img -o "$T/c"
	same "how" "panic lost panic
reset lost reset
off lost reset" "$(how c | grep -v flood)"
	# Whichever limit it meets first.
	[[ "$(how c | grep flood)" == "flood lost "@(hang|flood) ]]
	reasons_begin c "kernel panic while booting: tiny" \
	    "the machine went off by itself while booting, as after a triple \
fault, without a word" "the machine went off by itself while booting, as \
after a triple fault, without a word" "the "

	same "the last line of a panic" "Kernel panic - not syncing: tiny" \
	    "$(jq -r 'select(.boot == 1 and .type == "end") | .tail[-1]' \
	    c/campaign.jsonl)"
	same "of a power-off" "tiny: power off" "$(jq -r \
	    'select(.boot == 3 and .type == "end") | .tail[-1]' \
	    c/campaign.jsonl)"
	same "of a flood" "tiny: one line of very many" "$(jq -r \
	    'select(.boot == 4 and .type == "end") | .tail[0]' \
	    c/campaign.jsonl)"
	# There is nothing to compare, which is a result as well.
	has "$output" "kernel  boots  result  failed  lost
panic       1       0       0     1
reset       1       0       0     1
off         1       0       0     1
flood       1       0       0     1"
	has "$output" "panic, round 1: lost (panic): kernel panic while \
booting: tiny"
	has "$(cat c/report.html)" "kernel panic while booting: tiny"
	no_machines
	nothing_left
}

# A reset is over at once, and after a panic there are five seconds.
start_campaign() {
	in_background matrix "${VMS_CAMPAIGN[@]}" getppid --boot-timeout 60s \
	    -k reset=reset.img -k panic=panic.img -o "$T/c"
	wait_for 60 grep -q panic c/boots/r01-panic.log
	same "machines" 1 "$(machines)"
}

@test "^C in a boot leaves no machine, and the boot is done again" {
	start_campaign
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	no_machines
	nothing_left
	same "how" "reset lost reset
panic interrupted null" "$(how c)"
	has "$(cat err)" "the campaign is not done: \`vmstress matrix \
--resume $T/c\` goes on"

	run -1 --separate-stderr vmstress matrix --resume "$T/c"
	same "how" "reset lost reset
panic interrupted null
panic lost panic" "$(how c)"
	[ -s c/boots/r01.2-panic.log ]
	has "$(cat c/report.html)" "kernel panic while booting: tiny"
	no_machines
	nothing_left
}

@test "a killed vmstress leaves no machine, and no boot counts twice" {
	start_campaign
	kill -KILL "$background"
	finish_background
	wait_for 10 no_machines
	nothing_left
	same "how" "reset lost reset" "$(how c)"

	run -1 --separate-stderr vmstress matrix --resume "$T/c"
	same "how" "reset lost reset
panic lost panic" "$(how c)"
	same "begun" "1.1 2.1 2.2" "$(jq -r 'select(.type == "begin") |
	    "\(.boot).\(.attempt)"' c/campaign.jsonl | xargs)"
	has "$output" "kernel  boots  result  failed  lost
reset       1       0       0     1
panic       1       0       0     1"
	no_machines
	nothing_left
}
