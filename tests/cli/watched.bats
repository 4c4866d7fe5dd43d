#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# A whole run and what is watched inside the kernel meanwhile: what is on by
# default, what can be asked for, and that nothing is left of it.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

setup() {
	[ "$(uname)" = Linux ] || skip "there are no perf events here"
	common_setup
}

# How many lines of a type the record has; more is a condition on them.
count() {
	jq -s "map(select(.type == \"$1\" and (${2:-true}))) | length" r.jsonl
}

# Groups of our guardians: those of others may come and go.
groups() {
	find /sys/fs/cgroup -maxdepth 2 -name 'vmstress-[0-9]*' 2>/dev/null |
	    while read -r path; do
		pid=${path##*/vmstress-}
		[ -d "/proc/$pid" ] || echo "$path"
	done
}

no_group() {
	[ -z "$(groups)" ]
}

may_count_cpus() {
	[ "$(id -u)" -eq 0 ] ||
	    [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -le 0 ] ||
	    skip "no right to count events of CPUs"
}

@test "statistics are of every launch, counters of one more" {
	may_count_cpus
	fast zfod --samples 2 --launches 2 --interval 100ms \
	    --events default >table
	[ "$(count launch '.times != false')" -eq 2 ]
	[ "$(count launch '.times == false')" -eq 1 ]
	[ "$(count kstat)" -eq 6 ]
	[ "$(count usage)" -eq 6 ]
	[ "$(count counter '.name == "page-faults" and .status == "ok" and
	    .value > 0')" -eq 2 ]
	[ "$(count counter '.launch != 2')" -eq 0 ]
	# No 0 for what was not counted, and a reason instead.
	[ "$(count counter '.status != "ok" and .status != "scaled" and
	    (.value != null or (.reason | length) == 0)')" -eq 0 ]
	[ "$(count validity)" -eq 3 ]
	grep -q ' sys ' table
	grep -q ' 2/2$' table
}

@test "unasked, only what a processor counts is worth a launch more" {
	fast zfod >table
	hardware=$(vmstress events --json cycles | jq '[.events[] |
	    select(.status == null or .status == "ok")] | length')
	if [ "$hardware" -eq 0 ]; then
		[ "$(count launch)" -eq 1 ]
		[ "$(count counter)" -eq 0 ]
	else
		[ "$(count launch)" -eq 2 ]
		[ "$(count counter '.name == "cycles:k"')" -eq 1 ]
	fi
}

@test "nothing is watched that was switched off" {
	fast zfod --events none --no-statistics >table
	[ "$(count counter)" -eq 0 ]
	[ "$(count kstat)" -eq 0 ]
	[ "$(count usage)" -eq 0 ]
	[ "$(count launch '.count_mode != null')" -eq 0 ]
}

# A stolen processor at an edge of a sample costs the agreement of that run, so
# there are three.
three_agree() {
	rm -f r.jsonl
	vmstress run -q zfod -w 2 -p size=1M --launches 1 --samples 2 \
	    --interval 1s --warmup 300ms --events page-faults -o r.jsonl >table
	jq -s -e --argjson part "$(tolerance 0.001)" 'map(select(.launch == 1)) |
	    (map(select(.type == "sample") | .ops | add) | add) as $ops |
	    (map(select(.type == "counter") | .value) | add) as $perf |
	    (map(select(.type == "usage") | .minor_faults) | add) as $usage |
	    def near: . / $ops > 1 - $part and . / $ops < 1 + $part;
	    ($perf | near) and ($usage | near)' r.jsonl && return
	jq -c 'select(.type == "sample" or .type == "counter" or
	    .type == "usage")' r.jsonl
	return 1
}

@test "the faults of zfod, counted three ways, are the same" {
	may_count_cpus
	three_agree || three_agree || three_agree
}

@test "counting as tasks is possible" {
	fast fork --counting task --events page-faults >table
	[ "$(count launch '.times == false')" -eq 1 ]
	[ "$(count launch '.count_mode == "task"')" -eq 1 ]
	[ "$(count counter '.launch != 1')" -eq 0 ]
	[ "$(count counter)" -ge 1 ]
	grep -q ' 1/1$' table
}

@test "a profile takes a launch of its own and names functions" {
	may_count_cpus
	fast zfod --interval 500ms --profile >table
	[ "$(count launch '.times == false')" -eq 1 ]
	jq -s -e 'map(select(.type == "profile")) | length == 1 and
	    .[0].launch == 1 and .[0].samples > 0' r.jsonl
	vmstress show --profile r.jsonl >profile
	grep -q '%  .*[a-z_]' profile
	vmstress export --format folded -o folded r.jsonl
	grep -q ';.* [0-9][0-9]*$' folded
}

@test "an event that nobody knows stops the run before it begins" {
	run -2 fast zfod --events cylces:k
	[[ "$output" == *"unknown event 'cylces:k'; did you mean cycles:k"* ]]
	[ ! -e r.jsonl ]
	run -2 vmstress check zfod --profile=cylces
	[[ "$output" == *"setting 'profile'"* ]]
}

@test "a way to count that is not possible stops the run, unless it may choose" {
	for_everybody
	[ "$(id -u)" -eq 0 ] || skip "needs root to become somebody else"
	[ "$(cat /proc/sys/kernel/perf_event_paranoid)" -ge 2 ] ||
	    skip "everybody may count"
	chmod 777 "$T"
	run setpriv --reuid=65534 --regid=65534 --clear-groups \
	    "$everybody/vmstress" run -q "${VMS_SHORT[@]}" -o a.jsonl zfod \
	    --counting system
	[ "$status" -ne 0 ]
	[[ "$output" == *perf_event_paranoid* ]]
	setpriv --reuid=65534 --regid=65534 --clear-groups \
	    "$everybody/vmstress" run -q "${VMS_SHORT[@]}" -o r.jsonl zfod \
	    --events page-faults,context-switches >table
	[ "$(count end '.status == "ok"')" -ge 1 ]
	[ "$(count counter '.status == "ok" and .value == null')" -eq 0 ]
}

@test "no control group is left, also after kill -9" {
	may_count_cpus
	fast zfod >table
	wait_for 10 no_group
	in_background run -q zfod --launches 1 --samples 1 --interval 30s \
	    -o k.jsonl
	wait_for 10 runs vmstress-cell
	kill -KILL "$background"
	finish_background
	nothing_left 20
	wait_for 10 no_group
}

@test "a run that counted apart can be gone on with" {
	cat >two.yaml <<-END
		launches: 2
		samples: 1
		interval: 300ms
		warmup: 10ms
		counting: task
		events: page-faults
		cells: [fork, zfod]
	END
	in_background run -q two.yaml -o r.jsonl
	wait_for 20 grep -q '"type":"end"' r.jsonl
	kill -INT "$background"
	finish_background
	[ "$status" -eq 4 ]
	vmstress run -q --resume r.jsonl >table
	jq -s -e 'map(select(.type == "end" and .status == "ok") |
	    [.cell, .launch]) | unique | length == 6' r.jsonl
	[ "$(grep -c ' 2/2$' table)" -ge 2 ]
}
