#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What `vmstress events` says a machine can count.  Every machine can count
# something else, so what is not the same everywhere is only compared with
# itself.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

unset LIBPFM_FORCE_PMU LIBPFM_ENCODE_INACTIVE

linux_only() {
	[ "$(uname -s)" = Linux ] || skip "no counters on this system"
	[ "$(vmstress events --json page-faults |
	    jq -r '.events[0].reason // ""')" != \
	    "vmstress has no counters on this system" ] ||
	    skip "built without counters"
}

# Run vmstress, copied to where everybody may, as nobody.
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups -- \
	    "$everybody/vmstress" "$@"
}

@test "without a pattern: sets, what is counted, and why not the rest" {
	run --separate-stderr vmstress events
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	same "first line" "sets:" "${lines[0]}"
	for set in default tlb cache faults sched ipi none; do
		grep -Eq "^  $set  " <<<"$output"
	done
	has "$output" "cycles:u, cycles:k, instructions:u"
	has "$output" "page-faults"
	# Nothing hangs over, except reasons.
	same "long lines" "" "$(awk 'length($0) > 79 && !/^  [a-z]*: /' \
	    <<<"$output")"
}

@test "a pattern is a part of a name or one for the shell, in any case" {
	run --separate-stderr vmstress events PAGE-faults
	same "status" 0 "$status"
	grep -Eq '^page-faults +software ' <<<"$output"
	run --separate-stderr vmstress events '*-FAULTS'
	same "status of a pattern" 0 "$status"
	grep -Eq '^major-faults +software ' <<<"$output"
	run ! grep -q '^cycles' <<<"$output"
	run --separate-stderr vmstress events 'cycles'
	grep -Eq '^ref-cycles +hardware ' <<<"$output"
	run --separate-stderr vmstress events 'cycle?'
	run ! grep -q '^ref-cycles' <<<"$output"
}

@test "a pattern finds sets, too" {
	run --separate-stderr vmstress events default
	same "status" 0 "$status"
	has "$output" "  default   cycles:u, cycles:k"
	run --separate-stderr vmstress events non
	same "status of the empty set" 0 "$status"
	has "$output" "  none      (nothing)"
}

@test "what nothing is called is said, with a suggestion if there is one" {
	refuses 1 "vmstress: events: nothing is called 'frobs*'" \
	    vmstress events 'frobs*'
	refuses 1 "vmstress: events: unknown event 'cylces:k'; did you mean cycles:k" \
	    vmstress events cylces:k
	refuses 1 "vmstress: events: unknown event 'frobnicate'; \`vmstress events\` lists what there is" \
	    vmstress events frobnicate
	refuses 1 "vmstress: events: nothing is called 'a b'" \
	    vmstress events 'a b'
	refuses 2 "vmstress: events: one pattern at most" vmstress events a b
}

@test "--json has every event, with a reason for what is not counted" {
	vmstress events --json >e.json
	jq -e . e.json >/dev/null
	same "sets" "cache default faults ipi none sched tlb" \
	    "$(jq -r '.sets | keys | join(" ")' e.json)"
	same "empty set" 0 "$(jq '.sets.none | length' e.json)"
	jq -e '[.events[] | select(.name == "cycles" or
	    (.name | tostring | startswith("cycles@")))] | length > 0' e.json
	same "counted with a reason, or not without one" 0 \
	    "$(jq '[.events[] | select((.status == "ok") == has("reason"))] |
	    length' e.json)"
	same "kinds" "" "$(jq -r '.events[].kind' e.json | sort -u |
	    grep -Evx 'software|hardware|processor|pmu|tracepoint' || true)"
	same "twice the same name" "" \
	    "$(jq -r '.events[].name' e.json | sort | uniq -d)"
}

@test "--json with a pattern" {
	same "names" "major-faults minor-faults" \
	    "$(vmstress events --json 'm*-faults' |
	    jq -r '[.events[].name] | sort | join(" ")')"
	same "one with modes" "page-faults:k" \
	    "$(vmstress events --json page-faults:k | jq -r '.events[].name')"
	refuses 1 "vmstress: events: nothing is called 'frobs*'" \
	    vmstress events --json 'frobs*'
}

@test "what would silently be 0 is masked" {
	linux_only
	run --separate-stderr vmstress events context-switches:u
	same "status" 0 "$status"
	has "$output" "masked: it happens in the kernel, which is excluded"
	has "$output" "write context-switches or context-switches:k"
}

@test "tracepoints are listed and counted by root, mounted or not" {
	linux_only
	[ "$(id -u)" -eq 0 ] || skip "not root"
	run --separate-stderr vmstress events 'sched:sched_switch'
	[[ $output == *" yes"* ]] || skip "this root may not: $output"
	mounts=$(cat /proc/self/mounts)
	grep -Eq '^    .*sched \([0-9]+\)' <<<"$(vmstress events)"
	run --separate-stderr vmstress events 'sched:sched_sw[i]tch'
	same "status" 0 "$status"
	grep -Eq '^sched:sched_switch +tracepoint +yes$' <<<"$output"
	run --separate-stderr vmstress events 'sched:sched_switch[prev_prio<5]'
	grep -Eq '^sched:sched_switch\[.*\] +tracepoint +yes$' <<<"$output"
	run --separate-stderr vmstress events 'sched:sched_switch[frobs<5]'
	same "status of a bad filter" 1 "$status"
	has "$stderr" "the kernel does not accept the filter 'frobs<5'"
	has "$stderr" "has the fields prev_comm, prev_pid,"
	refuses 1 "vmstress: events: unknown event 'sched:sched_swich'; did you mean sched:sched_switch" \
	    vmstress events sched:sched_swich
	same "mounts" "$mounts" "$(cat /proc/self/mounts)"
}

@test "an ordinary user is told the setting and the command" {
	linux_only
	[ "$(id -u)" -eq 0 ] || skip "not root"
	command -v setpriv >/dev/null || skip "no setpriv"
	level=$(cat /proc/sys/kernel/perf_event_paranoid)
	[ "$level" -eq 2 ] || skip "kernel.perf_event_paranoid is $level"
	for_everybody
	run --separate-stderr as_nobody events context-switches
	same "status" 0 "$status"
	has "$output" "not permitted: kernel.perf_event_paranoid is 2"
	has "$output" "sysctl kernel.perf_event_paranoid=1"
	run --separate-stderr as_nobody events page-faults:u
	grep -Eq '^page-faults:u +software +yes$' <<<"$output"
	run --separate-stderr as_nobody events
	same "status of all" 0 "$status"
	if ! grep -q ' /sys/kernel/tracing ' /proc/mounts &&
	    ! grep -q ' /sys/kernel/debug ' /proc/mounts; then
		has "$output" "mount -t tracefs"
	fi
	run --separate-stderr as_nobody events --json
	same "status of JSON" 0 "$status"
	jq -e . <<<"$output" >/dev/null
}
