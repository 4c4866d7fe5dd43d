#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Workloads that fail: each failure is a failed cell with its reason and its
# worker, the other cells still run, and nothing is left behind.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# A run of three cells, of which the middle one goes wrong; it must leave
# STATUS and the reason, a regular expression, in both modes or in those given.
fails() {
	local how=$1 reason=$2 mode

	shift 2
	for mode in "${@:-process}"; do
		cat >c.yaml <<-YAML
		order: listed
		launches: 1
		samples: 1
		interval: 50ms
		warmup: 10ms
		mode: $mode
		workers: 3
		cells:
		  - {workload: test-faults, how: none}
		  - {workload: test-faults, how: $how, worker: 1}
		  - {workload: test-faults, how: none}
		YAML
		rm -f r.jsonl
		run --separate-stderr vmstress run -q -o r.jsonl c.yaml
		echo "$how as $mode: status $status"
		is=$(jq -r 'select(.type == "end" and .cell == 1) | .reason' r.jsonl)
		echo "reason: $is"
		same "status" 1 "$status"
		[[ $is =~ $reason ]]
		has "$output" "cell 1: of 1 launch, 1 failed: $is"
		same "statuses" "ok failed ok" "$(jq -r 'select(.type == "end") |
		    .status' r.jsonl | tr '\n' ' ' | sed 's/ $//')"
		# What went well has its number.
		vmstress show --json r.jsonl | jq -e '.[0].rows |
		    map([.status, .median != null]) ==
		    [["ok", true], ["failed", false], ["ok", true]]'
		nothing_left
	done
}

@test "a failing worker_init" {
	fails init-fails '^worker 1 \(cpu [0-9]+\): worker_init fails as it was told to: Resource temporarily unavailable$' \
	    process thread
}

@test "a failing run" {
	fails run-fails '^worker 1 \(cpu [0-9]+\): run fails as it was told to: Input/output error$' \
	    process thread
	journal 'map(select(.type == "end" and .cell == 1))[0].errno == 5'
}

@test "a failing verify" {
	fails verify-fails '^worker 1 \(cpu [0-9]+\): verify fails as it was told to$' \
	    process thread
}

@test "a failing worker_fini" {
	fails fini-fails '^worker 1 \(cpu [0-9]+\): worker_fini fails as it was told to: Device or resource busy$' \
	    process thread
}

@test "a failing set-up and teardown have no worker" {
	fails setup-fails '^setup fails as it was told to: Cannot allocate memory$' \
	    process thread
	fails teardown-fails '^teardown fails as it was told to: Device or resource busy$' \
	    process thread
}

@test "a worker that exits" {
	fails exits '^worker 1 \(cpu [0-9]+\): ended by itself with status 3$'
	fails exits 'status 3' thread
}

@test "a worker that crashes" {
	fails crashes '^worker 1 \(cpu [0-9]+\): killed by signal 11 \(Segmentation fault.*\)$'
	fails crashes '^vmstress-cell was killed by signal 11 \(Segmentation fault.*\)$' \
	    thread
}

@test "a worker without a CPU is named without one" {
	run --separate-stderr fast test-faults -p how=run-fails --pin none
	same "status" 1 "$status"
	same "reason" "worker 0: run fails as it was told to: Input/output error" \
	    "$(jq -r 'select(.type == "end") | .reason' r.jsonl)"
}

@test "every launch of a failing cell is tried and counted" {
	run --separate-stderr fast --launches 3 test-faults -p how=run-fails
	same "status" 1 "$status"
	has "$output" "of 3 launches, 3 failed: worker 0 "
	same "statuses" "failed failed failed" "$(statuses)"
}

@test "output of a workload does not disturb the protocol" {
	for mode in process thread; do
		rm -f r.jsonl
		run --separate-stderr fast -m "$mode" -w 2 test-faults -p how=prints
		same "status" 0 "$status"
		same "statuses" ok "$(statuses)"
		journal 'map(select(.type == "sample")) | length == 1 and
		    .[0].elapsed_ns > 1000 and .[0].ops != [999999]'
		[[ $output != *"stray text"* ]]
	done
}

@test "a worker that hangs is ended by the timeout" {
	cat >c.yaml <<-'YAML'
	order: listed
	launches: 1
	samples: 1
	interval: 50ms
	warmup: 10ms
	timeout: 2s
	cells:
	  - {workload: test-faults, how: hangs, worker: 1, mode: [process, thread], workers: 2}
	  - {workload: test-faults, how: none}
	YAML
	run --separate-stderr vmstress run -q -o r.jsonl c.yaml
	same "status" 1 "$status"
	same "statuses" "failed failed ok" "$(statuses)"
	for cell in 0 1; do
		# By the cell itself: the supervisor's own patience is longer.
		reason=$(jq -r "select(.type == \"end\" and .cell == $cell) |
		    .reason" r.jsonl)
		echo "reason: $reason"
		# When it hangs from its first sample on, that is said instead.
		[[ $reason =~ ^worker\ 1\ \(cpu\ [0-9]+\):\ (timeout:\ .*2\ s|no\ operation\ was\ finished) ]]
	done
	nothing_left
}

@test "a workload that skips is unsupported, and that is no failure" {
	run --separate-stderr fast --launches 2 -w 2 test-faults -p how=skips
	same "status" 0 "$status"
	has "$output" "unsupported: skips as it was told to"
	same "statuses" "skipped skipped" "$(statuses)"
	run --separate-stderr vmstress check test-faults -p how=skips
	same "status of check" 0 "$status"
	has "$output" "unsupported: skips as it was told to"
}

@test "a workload that is limited says so in a note" {
	run --separate-stderr fast test-faults -p how=limited
	same "status" 0 "$status"
	has "$output" "note: limited to 1: limited as it was told to"
	run --separate-stderr vmstress check test-faults -p how=limited
	same "status of check" 0 "$status"
	has "$output" "limited: limited as it was told to"
}

@test "a workload that makes no progress fails" {
	# Its first call counts; a warm-up takes that out of the sample.
	run --separate-stderr fast --warmup 300ms --interval 100ms \
	    test-faults -p how=stalls
	same "status" 1 "$status"
	[[ $(jq -r 'select(.type == "end") | .reason' r.jsonl) =~ \
	    ^worker\ 0\ .*:\ no\ operation\ was\ finished ]]
}

@test "a worker without a CPU of its own that makes no progress is noted" {
	cpus=$(vmstress check --plan null -w ncpu --launches 1 |
	    sed -n 's/^launch .* workers=\([0-9]*\) .*/\1/p')
	run --separate-stderr fast --warmup 300ms --interval 300ms \
	    -w $((cpus + 1)) test-faults -p how=stalls -p worker="$cpus"
	same "status" 0 "$status"
	has "$output" "of $((cpus + 1)) workers finished no operation while measured"
	journal "map(select(.type == \"sample\"))[0].ops | .[$cpus] == 0 and
	    .[0] > 0"
	vmstress show --json r.jsonl | jq -e '.[0].rows[0] | .worker_min == 0 and
	    .fairness < 1'
}

@test "a failing phase is named, and nobody waits for it for ever" {
	for phase in build use drop; do
		for mode in process thread; do
			rm -f r.jsonl
			run --separate-stderr fast -m $mode -w 3 \
			    --timeout 20s test-phases -p fail=$phase -p worker=2
			same "status" 1 "$status"
			[[ $(jq -r 'select(.type == "end") | .reason' r.jsonl) =~ \
			    ^worker\ 2\ .*:\ fails\ in\ phase\ $phase\ as\ it\ was\ told\ to$ ]]
			nothing_left
		done
	done
}

@test "a failing step of a curve is named" {
	run --separate-stderr fast -w 2 test-curve -p fail-at=17
	same "status" 1 "$status"
	[[ $(jq -r 'select(.type == "end") | .reason' r.jsonl) =~ \
	    ^worker\ [01]\ .*:\ fails\ at\ step\ 17\ as\ it\ was\ told\ to$ ]]
	nothing_left
}

@test "-q prints no progress, a log has a line for each launch" {
	run --separate-stderr vmstress run "${VMS_SHORT[@]}" -o r.jsonl \
	    --launches 2 test-faults -p how=run-fails
	same "status" 1 "$status"
	same "lines" 3 "${#stderr_lines[@]}"
	[[ ${stderr_lines[0]} =~ ^\[1/2\]\ test-faults\ how=run-fails\ process\ x1,\ launch\ 1/2:\ failed:\ worker\ 0 ]]
	same "record" "record: r.jsonl" "${stderr_lines[2]}"
	rm r.jsonl
	run --separate-stderr fast --launches 2 test-faults -p how=run-fails
	same "with -q" "" "$stderr"
}
