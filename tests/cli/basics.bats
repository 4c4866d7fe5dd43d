#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Commands, options, and what happens when they are mistyped.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

@test "--version and -V print name and version" {
	run --separate-stderr vmstress --version
	[ "$status" -eq 0 ]
	[[ $output =~ ^vmstress\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	same "standard error" "" "$stderr"
	same "-V" "$output" "$(vmstress -V)"
}

@test "the programs of one build have one version" {
	version=$(vmstress --version)
	same "cell" "vmstress-cell ${version#vmstress }" \
	    "$("$VMS_CELL" --version)"
}

@test "without a command the help is on stderr and the status is 2" {
	run --separate-stderr vmstress
	same "status" 2 "$status"
	same "standard output" "" "$output"
	has "$stderr" "usage: vmstress COMMAND"
}

@test "help, --help and -h say the same on stdout" {
	run --separate-stderr vmstress help
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	has "$output" "usage: vmstress COMMAND"
	same "--help" "$output" "$(vmstress --help)"
	same "-h" "$output" "$(vmstress -h)"
}

@test "help names every command, and each has help" {
	commands=$(vmstress help | sed -n '/^commands:/,/^$/p' |
	    awk '/^  / { print $1 }')
	for c in run check list show env import help; do
		grep -qx "$c" <<<"$commands"
	done
	for c in $commands; do
		run --separate-stderr vmstress help "$c"
		same "status of help $c" 0 "$status"
		has "${lines[0]}" "usage: vmstress $c"
		[ "$c" != help ] || continue
		same "$c --help" "$output" "$(vmstress "$c" --help)"
		same "$c -h" "$output" "$(vmstress "$c" -h)"
	done
}

@test "help has help of its own" {
	run --separate-stderr vmstress help --help
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	has "${lines[0]}" "usage: vmstress help"
}

@test "every option of run is in its help" {
	help=$(vmstress run --help)
	for o in workers mode param pin launches samples interval warmup \
	    timeout latency order seed label plugin output resume dry-run \
	    quiet verbose wide json; do
		has "$help" "--$o"
	done
}

@test "an unknown command is refused, with a suggestion if there is one" {
	refuses 2 "vmstress: 'rnu' is not a command (did you mean 'run'?)" \
	    vmstress rnu
	refuses 2 "vmstress: 'hlep' is not a command (did you mean 'help'?)" \
	    vmstress hlep
	refuses 2 "vmstress: 'frobnicate' is not a command: try \`vmstress help\`" \
	    vmstress frobnicate
	refuses 2 "vmstress: '' is not a command: try \`vmstress help\`" \
	    vmstress ''
	refuses 2 "vmstress: 'chek' is not a command (did you mean 'check'?)" \
	    vmstress help chek
}

@test "terminal controls in a mistyped command do not reach the terminal" {
	run --separate-stderr vmstress $'\033[2J\nx'
	same "status" 2 "$status"
	same "lines" 1 "${#stderr_lines[@]}"
	[[ $stderr != *$'\033'* ]]
}

@test "a unique prefix is the command" {
	has "$(vmstress l null)" "null/1 - "
	has "$(vmstress ch --help)" "usage: vmstress check"
	has "$(vmstress ru --help)" "usage: vmstress run"
	has "$(vmstress help i)" "usage: vmstress import"
}

@test "an unknown option is refused, with a suggestion if there is one" {
	refuses 2 "vmstress: run: unknown option '--lanches' (did you mean '--launches'?)" \
	    vmstress run --lanches 1 null
	refuses 2 "vmstress: list: unknown option '--plugn' (did you mean '--plugin'?)" \
	    vmstress list --plugn
	refuses 2 "vmstress: show: unknown option '--frobnicate': try \`vmstress show --help\`" \
	    vmstress show --frobnicate
	refuses 2 "vmstress: run: unknown option '-z': try \`vmstress run --help\`" \
	    vmstress run -z
	refuses 2 "vmstress: run: unknown option '-z': try \`vmstress run --help\`" \
	    vmstress run -qz null
}

@test "an option without its argument is refused" {
	refuses 2 "vmstress: run: option '-w' needs an argument" \
	    vmstress run null -w
	refuses 2 "vmstress: run: option '--workers' needs an argument" \
	    vmstress run null --workers
	refuses 2 "vmstress: import: option '-o' needs an argument" \
	    vmstress import -o
}

@test "run and check want one thing to run" {
	refuses 2 "vmstress: run: run what? Try \`vmstress run quick\`; \`vmstress list\` names workloads and configs" \
	    vmstress run
	refuses 2 "vmstress: run: one workload or config at a time, not 'zfod' as well: list cells in a config file" \
	    vmstress run null zfod
	refuses 2 "vmstress: check: name one workload, config file or shipped config" \
	    vmstress check
	refuses 2 "vmstress: 'nul' is neither a workload nor a config (did you mean 'null'?)" \
	    vmstress run nul
	refuses 2 "vmstress: 'quik' is neither a workload nor a config (did you mean 'quick'?)" \
	    vmstress check quik
	refuses 2 "vmstress: 'frobnicate' is neither a workload nor a config: \`vmstress list\` names them, a file is written ./frobnicate.yaml" \
	    vmstress run frobnicate
	same "files" "" "$(ls)"
}

@test "--resume takes no plan" {
	message="vmstress: run: --resume goes on with the plan in the record: it takes no workload, plan option or -o"
	refuses 2 "$message" vmstress run --resume x.jsonl null
	refuses 2 "$message" vmstress run --resume x.jsonl -w 2
	refuses 2 "$message" vmstress run --resume x.jsonl -o y.jsonl
	refuses 2 "vmstress: x.jsonl: cannot open the record: No such file or directory" \
	    vmstress run --resume x.jsonl
}

@test "-- ends the options" {
	refuses 2 "vmstress: '-w' is neither a workload nor a config: \`vmstress list\` names them, a file is written ./-w.yaml" \
	    vmstress run -- -w
}

@test "show and import say what they need" {
	refuses 2 "vmstress: show: which record? Name the .jsonl file that \`vmstress run\` wrote" \
	    vmstress show
	refuses 2 "vmstress: show: --csv and --json exclude each other" \
	    vmstress show --csv --json x
	refuses 2 "vmstress: import: name the one file that \`vmstress-cell <plan >out\` wrote" \
	    vmstress import
	refuses 2 "vmstress: env: at most two records can be compared" \
	    vmstress env a b c
}

@test "a standard output that is full is an error" {
	[ -c /dev/full ] || skip "this system has no /dev/full"
	message="vmstress: cannot write to standard output: No space left on device"
	for args in --version help list "list null" "check null" env; do
		# shellcheck disable=SC2086
		run --separate-stderr sh -c '"$@" >/dev/full' sh \
		    "$VMS_BUILD/vmstress" $args
		same "status of $args" 1 "$status"
		same "message of $args" "$message" "$stderr"
	done
}

@test "a run whose standard output is full says so and keeps its record" {
	[ -c /dev/full ] || skip "this system has no /dev/full"
	run --separate-stderr sh -c '"$@" >/dev/full' sh \
	    "$VMS_BUILD/vmstress" run -q "${VMS_SHORT[@]}" -o r.jsonl null
	same "status" 1 "$status"
	same "message" "vmstress: cannot write to standard output: No space left on device" \
	    "$stderr"
	journal 'map(select(.type == "end")) | last | .status == "ok"'
}

@test "a reader that goes away is an error, not a death by signal" {
	run bash -c '"$1" list --mdoc 2>err | head -c 1 >/dev/null
	    exit "${PIPESTATUS[0]}"' bash "$VMS_BUILD/vmstress"
	[ "$status" -le 1 ]
}

@test "env prints facts of this machine" {
	run --separate-stderr vmstress env
	same "status" 0 "$status"
	has "$output" "kernel.release"
	grep -q "^kernel.release *$(uname -r)\$" <<<"$output"
	grep -q "^machine.page_bytes *$(getconf PAGESIZE)\$" <<<"$output"
}

@test "the guardian and the cell refuse to be started by hand" {
	run --separate-stderr "$VMS_BUILD/vmstress-guardian" </dev/null
	same "guardian" 2 "$status"
	same "message" "vmstress-guardian: is started by vmstress only" "$stderr"
	run --separate-stderr "$VMS_CELL" --frobnicate </dev/null
	same "cell" 2 "$status"
	has "$stderr" "usage: vmstress-cell <plan >out"
}
