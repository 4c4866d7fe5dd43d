#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Interrupts, and the sudden death of every program of a run, each at a random
# moment: no process stays, and the record can be read and completed.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# config_run [LAUNCHES]: several workloads: processes, threads, children of
# workers.
config_run() {
	cat >c.yaml <<-YAML
	launches: ${1:-1}
	samples: 2
	interval: 200ms
	warmup: 10ms
	workers: 2
	cells:
	  - {workload: null}
	  - {workload: zfod, size: 4M, mode: thread}
	  - {workload: fork}
	  - {workload: pipe-ring, tasks: 20}
	  - {workload: pipe-pingpong, near: free, mode: [process, thread]}
	YAML
	rm -f r.jsonl
	in_background run -q -o r.jsonl c.yaml
	wait_for 20 runs vmstress-cell
}

PLANNED=6

# A random moment of the next second.
random_moment() {
	sleep "$(printf '0.%03d' $((RANDOM % 1000)))"
}

# member ROLE: the id of the guardian, of the cell (its child) or of a worker
# (a child of the cell), from one look at the processes; nothing if there is
# none at the moment.
member() {
	ps axeww -o pid= -o ppid= -o args= |
	    awk -v mark="VMSTRESS_TEST_MARK=$VMSTRESS_TEST_MARK" -v role="$1" '
		index($0, mark) == 0 { next }
		{ parent[$1] = $2; name[$1] = $3 }
		END {
			for (p in parent) {
				up = parent[p]
				# What it has forked is called so for a moment, too.
				if (name[p] ~ /vmstress-guardian$/ &&
				    name[up] ~ /vmstress-guardian$/)
					continue
				if (name[p] ~ /vmstress-guardian$/)
					is = "guardian"
				else if (name[up] ~ /vmstress-guardian$/)
					is = "cell"
				else if (name[parent[up]] ~ /vmstress-guardian$/)
					is = "worker"
				else
					continue
				if (is == role) {
					print p
					exit
				}
			}
		}'
}

# SIGKILL a member of the run, as soon as there is one; fails when the run was
# over before that.
kill_member() {
	local pid

	while ! test_gone "$background"; do
		pid=$(member "$1")
		if [ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null; then
			return 0
		fi
	done
	return 1
}

test_gone() {
	! kill -0 "$1" 2>/dev/null
}

# Every launch of the plan has one result that is not "interrupted".
complete_once() {
	same "launches with a result" "$1" "$(jq -r 'select(.type == "end" and
	    .status != "interrupted") | "\(.cell):\(.launch)"' r.jsonl |
	    sort -u | wc -l)"
	same "results twice" "" "$(jq -r 'select(.type == "end" and
	    .status != "interrupted") | "\(.cell):\(.launch)"' r.jsonl |
	    sort | uniq -d)"
}

readable() {
	run --separate-stderr vmstress show r.jsonl
	same "status of show" 0 "$status"
	same "standard error of show" "" "$stderr"
}

# one_killed ROLE REASON: kill a member of a run.  The run goes on without it
# and says what happened to one launch.  Who is hit when all is said and done
# does no harm any more: such a shot does not count.
one_killed() {
	local is status=0 try

	for ((try = 0; try < 10 && status == 0; try++)); do
		config_run
		random_moment
		kill_member "$1" || true
		finish_background
		cat err
		nothing_left
		complete_once "$PLANNED"
	done
	same "status of the run" 1 "$status"
	# A machine that is busy may starve a worker, which is another matter.
	is=$(jq -r 'select(.status == "failed") | .reason' r.jsonl |
	    grep -v 'no operation was finished' || true)
	echo "reason: $is"
	same "failed launches" 1 "$(wc -l <<<"$is")"
	[[ $is =~ $2 ]]
	readable
}

# ---- interrupts ----------------------------------------------------------

@test "one SIGINT ends the run with what there is" {
	in_background run -o r.jsonl --launches 4 --samples 100 \
	    --interval 100ms --warmup 0s -w 2 null
	wait_for 20 grep -q '"type":"sample"' r.jsonl
	random_moment
	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	nothing_left 1
	has "$(cat err)" "interrupted: \`vmstress run --resume r.jsonl\` goes on"
	journal 'map(select(.type == "end")) | last | .status == "interrupted" and
	    .reason == "stopped on request"'
	journal 'map(select(.type == "sample")) | length > 0 and length < 400'
	readable
	has "$output" "interrupted"
}

@test "SIGTERM is like SIGINT" {
	in_background run -q -o r.jsonl --launches 4 --samples 100 \
	    --interval 100ms null
	wait_for 20 runs vmstress-cell
	random_moment
	kill -TERM "$background"
	finish_background
	same "status" 4 "$status"
	nothing_left 1
	readable
}

@test "a second SIGINT does not wait for a workload that hangs" {
	in_background run -q -o r.jsonl --launches 2 --samples 1 \
	    --interval 50ms --timeout 60s -w 2 test-faults -p how=hangs
	wait_for 20 grep -q '"type":"sample"' r.jsonl
	kill -INT "$background"
	sleep 0.5
	kill -0 "$background"
	kill -INT "$background"
	wait_for 10 test_gone "$background"
	finish_background
	same "status" 4 "$status"
	nothing_left
	journal 'map(select(.type == "end")) | last | .status == "interrupted"'
	readable
}

@test "a SIGINT between launches ends the run, too" {
	# Of so many launches that it is not over before.
	for _ in 1 2 3; do
		config_run 40
		random_moment
		kill -INT "$background"
		finish_background
		same "status" 4 "$status"
		nothing_left 1
		readable
	done
}

@test "a run that is told to ignore SIGHUP goes on when the terminal goes" {
	set -m
	(
		trap '' HUP
		exec "$VMS_BUILD/vmstress" run -q -o r.jsonl --launches 4 \
		    --samples 1 --interval 200ms --warmup 0s null
	) >out 2>err 3>&- 4>&- </dev/null &
	background=$!
	set +m
	wait_for 20 runs vmstress-cell
	kill -HUP "$background"
	finish_background
	same "status" 0 "$status"
	same "statuses" "ok ok ok ok" "$(statuses)"
}

@test "what the terminal sends to everybody reaches only the supervisor" {
	in_background run -q -o r.jsonl --launches 1 --samples 100 \
	    --interval 100ms -w 2 null
	wait_for 20 grep -q '"type":"sample"' r.jsonl
	# As ^C does: the whole process group of the supervisor.
	kill -INT -- "-$background"
	finish_background
	same "status" 4 "$status"
	journal 'map(select(.type == "end")) | last | .status == "interrupted" and
	    .reason == "stopped on request"'
	nothing_left 1
}

# ---- sudden death --------------------------------------------------------

@test "the death of the supervisor leaves nothing but a record to complete" {
	for _ in 1 2 3 4; do
		config_run
		random_moment
		kill -KILL "$background"
		finish_background
		same "status" 137 "$status"
		nothing_left 5
		# The first lines are written at once, so there is a plan.
		readable
		run --separate-stderr vmstress run -q --resume r.jsonl
		same "status of --resume" 0 "$status"
		complete_once "$PLANNED"
		vmstress show --json r.jsonl | jq -e '.[0].rows | length >= 6 and
		    all(.launches == 1 and .status == "ok")'
		nothing_left
	done
}

@test "the death of the supervisor while a workload hangs leaves nothing" {
	for mode in process thread; do
		rm -f r.jsonl
		in_background run -q -o r.jsonl --launches 1 --samples 1 \
		    --interval 50ms --timeout 60s -m "$mode" -w 2 \
		    test-faults -p how=hangs
		wait_for 20 grep -q '"type":"sample"' r.jsonl
		sleep 0.3
		kill -KILL "$background"
		finish_background
		nothing_left 5
	done
}

@test "the death of the guardian is a failed launch, and the run goes on" {
	for _ in 1 2 3; do
		one_killed guardian '^the guardian was killed$'
	done
}

@test "the death of the cell is a failed launch, and the run goes on" {
	for _ in 1 2 3; do
		one_killed cell '^vmstress-cell was killed by signal 9 \(Killed'
	done
}

@test "the death of a worker is a failed launch that names it" {
	for _ in 1 2 3; do
		one_killed worker \
		    '^worker [01] \(cpu [0-9]+\): killed by signal 9 \(Killed'
	done
}

@test "a guardian that dies between launches does not end the run" {
	# Launches as short as they can be: most of the time is between them.
	for _ in 1 2 3; do
		rm -f r.jsonl
		in_background run -q -o r.jsonl --launches 100 --samples 1 \
		    --interval 1ms --warmup 0s --pin none null
		wait_for 20 runs vmstress-guardian
		random_moment
		kill_member guardian || true
		finish_background
		cat err
		[ "$status" -le 1 ]
		nothing_left
		complete_once 100
	done
}

@test "the deaths of supervisor and guardian together leave nothing" {
	for _ in 1 2 3; do
		config_run
		random_moment
		guardian=$(member guardian)
		kill -KILL "$background" "$guardian"
		finish_background
		nothing_left 5
		readable
	done
}

@test "a run in which every program dies once is completed by --resume" {
	# Long enough to be there still when the last one is to die.
	config_run 5
	kill_member worker
	random_moment
	kill -KILL "$background"
	finish_background
	nothing_left 5
	run --separate-stderr vmstress run -q --resume r.jsonl
	nothing_left
	complete_once "$((5 * PLANNED))"
	readable
}
