#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Bad input: the whole error line, status 2, no record, and nothing started.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# Programs that leave a trace in $T when they are started.
trap_programs() {
	mkdir -p "$BATS_TEST_TMPDIR/traps"
	for name in vmstress-guardian vmstress-cell vmstress-cell-dynamic; do
		printf '#!/bin/sh\n: >"%s/started"\nexit 1\n' "$T" \
		    >"$BATS_TEST_TMPDIR/traps/$name"
		chmod +x "$BATS_TEST_TMPDIR/traps/$name"
	done
	export VMSTRESS_LIBEXEC=$BATS_TEST_TMPDIR/traps
}

# Names and contents.
files() {
	find . -print -type f -exec cksum {} +
}

# rejects MESSAGE COMMAND...: the files in the cwd stay what they are.
rejects() {
	local message=$1 before

	shift
	[ -n "$VMSTRESS_LIBEXEC" ] || trap_programs
	before=$(files)
	refuses 2 "vmstress: $message" "$@"
	same "files" "$before" "$(files)"
}

# bad MESSAGE <config: run and check say the same about c.yaml.
bad() {
	cat >c.yaml
	rejects "$1" vmstress run c.yaml
	rejects "$1" vmstress check c.yaml
}

@test "the traps of these tests work" {
	trap_programs
	run vmstress run -q -o r.jsonl null
	[ "$status" -ne 0 ]
	[ -e started ]
}

# ---- keys ----------------------------------------------------------------

@test "an unknown key is refused with a suggestion" {
	bad "c.yaml:2:1: unknown key 'lanches' (did you mean 'launches'?)" <<-'YAML'
	label: x
	lanches: 1
	cells: [null]
	YAML
	bad "c.yaml:1:1: unknown key 'size': parameters of a workload belong in 'cells'" <<-'YAML'
	size: 64M
	cells: [zfod]
	YAML
	bad "c.yaml:3:5: workload 'zfod': unknown key 'sise' (did you mean 'size'?)" <<-'YAML'
	cells:
	  - workload: zfod
	    sise: 64M
	YAML
	bad "c.yaml:3:5: workload 'zfod': unknown key 'frobnicate': neither a setting nor a parameter of it" <<-'YAML'
	cells:
	  - workload: zfod
	    frobnicate: 1
	YAML
}

@test "an unknown workload is refused with a suggestion" {
	bad "c.yaml:2:15: no workload 'zfood' (did you mean 'zfod'?)" <<-'YAML'
	cells:
	  - workload: zfood
	YAML
	bad "c.yaml:2:5: no workload 'zfood' (did you mean 'zfod'?)" <<-'YAML'
	cells:
	  - zfood
	YAML
	bad "c.yaml:2:5: no workload 'frobnicate' (see 'vmstress list')" <<-'YAML'
	cells:
	  - frobnicate
	YAML
}

@test "a duplicate key is refused" {
	bad "c.yaml:2:1: duplicate key 'samples', first in line 1" <<-'YAML'
	samples: 1
	samples: 2
	cells: [null]
	YAML
	bad "c.yaml:4:5: duplicate key 'size', first in line 3" <<-'YAML'
	cells:
	  - workload: zfod
	    size: 1M
	    size: 2M
	YAML
}

# ---- values --------------------------------------------------------------

@test "a bad size is refused" {
	bad "c.yaml:3:11: workload 'zfod': parameter 'size': '12q' is not a size (try 64M)" <<-'YAML'
	cells:
	  - workload: zfod
	    size: 12q
	YAML
}

@test "bad values of settings are refused" {
	bad_setting() {
		bad "c.yaml:1:$((${#1} + 3)): $3" <<<"$1: $2
cells: [null]"
	}
	bad_setting samples many "setting 'samples': 'many' is not a count (try 900k)"
	bad_setting samples 0 "setting 'samples': '0' is below the minimum 1"
	bad_setting launches -1 "setting 'launches': '-1' is not a count (try 900k)"
	bad_setting launches 1001 "setting 'launches': '1001' is above the maximum 1000"
	bad_setting interval 1 "setting 'interval': '1' is not a time (try 500ms)"
	bad_setting interval 2h "setting 'interval': '2h' is above the maximum 1h"
	bad_setting latency maybe "setting 'latency': 'maybe' is not true or false (try true)"
	bad_setting mode fibre "setting 'mode': 'fibre' is not one of: process, thread"
	bad_setting workers 0 "setting 'workers': '0' is less than one worker"
	bad_setting pin here "setting 'pin': 'here' is not one of: none, compact, scatter, cores, l3, numa, list:0,2,4"
	bad_setting order sorted "'order': 'sorted' is not one of: random, listed"
	bad_setting seed -1 "'seed': '-1' is not a count (try 900k)"
}

@test "negative numbers and overflow are refused" {
	bad "c.yaml:3:11: workload 'zfod': parameter 'size': '-1M' is not a size (try 64M)" <<-'YAML'
	cells:
	  - workload: zfod
	    size: -1M
	YAML
	bad "c.yaml:3:11: workload 'zfod': parameter 'size': '99999999999T' is not a size (try 64M)" <<-'YAML'
	cells:
	  - workload: zfod
	    size: 99999999999T
	YAML
	bad "c.yaml:3:11: workload 'zfod': parameter 'size': '18446744073709551616' is not a size (try 64M)" <<-'YAML'
	cells:
	  - workload: zfod
	    size: 18446744073709551616
	YAML
	bad "c.yaml:1:10: setting 'workers': '99999999999' is more than 65536 workers" <<-'YAML'
	workers: 99999999999
	cells: [null]
	YAML
}

@test "a list for a single value is refused" {
	bad "c.yaml:1:10: setting 'samples': takes one value, not a list" <<-'YAML'
	samples: [1, 2]
	cells: [null]
	YAML
	bad "c.yaml:1:8: 'label' takes one value" <<-'YAML'
	label: [a, b]
	cells: [null]
	YAML
	bad "c.yaml:1:10: setting 'workers': a value must be plain, not a list or mapping" <<-'YAML'
	workers: {from: 1}
	cells: [null]
	YAML
	bad "c.yaml:1:10: setting 'workers': an empty list" <<-'YAML'
	workers: []
	cells: [null]
	YAML
}

@test "a mode that the workload does not have is refused" {
	bad "c.yaml:3:11: workload 'brk': setting 'mode': it has no 'thread' mode, only 'process'" <<-'YAML'
	cells:
	  - workload: brk
	    mode: thread
	YAML
}

@test "a timeout shorter than a launch is refused" {
	bad "c.yaml:1:10: workload 'null': setting 'timeout': 1s is shorter than a launch, which takes 3500ms" <<-'YAML'
	timeout: 1s
	cells: [null]
	YAML
}

@test "a plan without bound is refused" {
	many=$(seq -s, 1 64)
	bad "c.yaml:2:5: workload 'zfod': the plan grows over 100000 cells: shorten its lists" <<-YAML
	cells:
	  - workload: zfod
	    mode: [process, thread]
	    pin: [none, compact, cores, scatter, l3, numa]
	    latency: [true, false]
	    size: [$(seq -s, -f %gM 1 64)]
	    thp: [off, on, system]
	    workers: [$many]
	YAML
}

# ---- YAML ----------------------------------------------------------------

@test "anchors, aliases and tags are refused" {
	bad "c.yaml:2:17: anchors (&) are not supported: repeat the value" <<-'YAML'
	cells:
	    - workload: &w null
	    - workload: *w
	YAML
	bad "c.yaml:2:17: aliases (*) are not supported: repeat the value" <<-'YAML'
	cells:
	    - workload: *w
	YAML
	bad "c.yaml:1:10: tags (!) are not supported: write the value alone" <<-'YAML'
	samples: !!int 3
	cells: [null]
	YAML
}

@test "tabs as indentation are refused" {
	printf 'cells:\n\t- null\n' | bad "c.yaml:2:1: tabs cannot indent YAML: use blanks"
	printf 'cells:\n  - workload: zfod\n  \t  size: 1M\n' |
	    bad "c.yaml:3:3: tabs cannot indent YAML: use blanks"
}

@test "NUL bytes, control characters and bytes that are not UTF-8 are refused" {
	printf 'cells: [n\0ull]\n' |
	    bad "c.yaml:1:10: a NUL byte: this is not a text file"
	printf 'label: \xff\ncells: [null]\n' |
	    bad "c.yaml:1:8: bytes that are not UTF-8: save the file as UTF-8"
	printf 'label: "\\e[2J"\ncells: [null]\n' |
	    bad "c.yaml:1:8: a line break or control character in a value"
}

@test "large scalars and large files are refused" {
	{
		printf 'label: '
		head -c 5000 /dev/zero | tr '\0' x
		printf '\ncells: [null]\n'
	} | bad "c.yaml:1:8: a value over 4 KiB"
	{
		printf 'label: '
		head -c 1000000 /dev/zero | tr '\0' x
		printf '\ncells: [null]\n'
	} | bad "c.yaml:1:8: a value over 4 KiB"
	{
		printf 'label: '
		head -c 1048576 /dev/zero | tr '\0' x
		printf '\ncells: [null]\n'
	} | bad "c.yaml: larger than 1 MiB: this is no config"
}

@test "deep nesting is refused" {
	printf 'cells: %s\n' "[[[[[[[[[[[[[[[[[[[[" |
	    bad "c.yaml:1:23: nested deeper than 16 levels"
}

@test "a second document is refused" {
	bad "c.yaml:2:1: a second document: only one per file" <<-'YAML'
	cells: [null]
	---
	cells: [null]
	YAML
}

@test "broken YAML is refused where it breaks" {
	cat >c.yaml <<-'YAML'
	cells: [null
	YAML
	run --separate-stderr vmstress run c.yaml
	same "status" 2 "$status"
	[[ $stderr =~ ^vmstress:\ c.yaml:[0-9]+:[0-9]+:\ not\ valid\ YAML:\  ]]
	same "lines" 1 "${#stderr_lines[@]}"
}

@test "a config of the wrong shape is refused" {
	bad "c.yaml: no 'cells': list at least one workload under it" <<<"samples: 1"
	bad "c.yaml:1:8: 'cells' is a list of at least one workload" <<<"cells: []"
	bad "c.yaml:1:8: 'cells' is a list of at least one workload" <<<"cells: null"
	bad "c.yaml:1:1: a config is a mapping: 'key: value' lines" <<<"- null"
	bad "c.yaml:1:1: a config is a mapping: 'key: value' lines" <<<"null"
	bad "c.yaml:1:9: a cell needs 'workload: NAME'" <<<"cells: [{size: 1M}]"
	bad "c.yaml:1:9: a cell needs 'workload: NAME'" <<<"cells: [[null]]"
	bad "c.yaml:1:20: 'workload' takes one name" <<<"cells: [{workload: [null]}]"
}

# ---- files ---------------------------------------------------------------

@test "an empty file, a directory and a missing file are refused" {
	bad "c.yaml: an empty file: list workloads under 'cells'" </dev/null
	bad "c.yaml: an empty file: list workloads under 'cells'" <<<"# only words"
	mkdir d.yaml
	rejects "d.yaml: a directory, not a config file" vmstress run d.yaml
	rejects "m.yaml: cannot open: No such file or directory" \
	    vmstress run m.yaml
	rejects "./c: cannot open: No such file or directory" vmstress run ./c
}

@test "includes that go round, are missing or have cells are refused" {
	printf 'include: b.yaml\ncells: [null]\n' >a.yaml
	printf 'include: a.yaml\n' >b.yaml
	rejects "b.yaml:1:10: a.yaml includes itself by way of this line" \
	    vmstress run a.yaml
	printf 'include: c.yaml\n' |
	    bad "c.yaml:1:10: c.yaml includes itself by way of this line"
	printf 'include: m.yaml\ncells: [null]\n' |
	    bad "c.yaml:1:10: cannot include m.yaml: No such file or directory"
	printf 'cells: [null]\n' >b.yaml
	printf 'include: b.yaml\ncells: [null]\n' |
	    bad "b.yaml:1:1: an included file cannot have 'cells', only settings"
	printf 'include: .\ncells: [null]\n' |
	    bad ".: a directory, not a config file"
}

@test "a chain of includes ends after eight files" {
	for i in 1 2 3 4 5 6 7 8 9; do
		printf 'include: %d.yaml\n' $((i + 1)) >$i.yaml
	done
	printf 'samples: 1\n' >10.yaml
	printf 'include: 1.yaml\ncells: [null]\n' |
	    bad "8.yaml:1:10: includes nested deeper than 8 files"
}

@test "an included file gives settings, found beside the file" {
	mkdir sub
	printf 'samples: 7\nlaunches: 2\n' >sub/base.yaml
	printf 'include: base.yaml\nlaunches: 3\ncells: [null]\n' >sub/c.yaml
	run --separate-stderr vmstress check --plan sub/c.yaml
	same "status" 0 "$status"
	same "launches" 3 "$(grep -c '^launch .* samples=7 ' <<<"$output")"
}

# ---- the command line ----------------------------------------------------

@test "bad options are refused with the option in front" {
	rejects "-w 1,x: setting 'workers': 'x' is not a worker count (try 4, 1..ncpu, ncpu/2 or 50%)" \
	    vmstress run -w 1,x null
	rejects "-m fibre: setting 'mode': 'fibre' is not one of: process, thread" \
	    vmstress run -m fibre null
	rejects "--launches 0: setting 'launches': '0' is below the minimum 1" \
	    vmstress run --launches 0 null
	rejects "--interval soon: setting 'interval': 'soon' is not a time (try 500ms)" \
	    vmstress run --interval soon null
	rejects "--pin here: setting 'pin': 'here' is not one of: none, compact, scatter, cores, l3, numa, list:0,2,4" \
	    vmstress run --pin here null
	rejects "--order sorted: 'order': 'sorted' is not one of: random, listed" \
	    vmstress run --order sorted null
	rejects "--seed x: 'seed': 'x' is not a count (try 900k)" \
	    vmstress run --seed x null
	rejects "--timeout 1s: workload 'null': setting 'timeout': 1s is shorter than a launch, which takes 3500ms" \
	    vmstress run --timeout 1s null
	rejects "-m thread: workload 'brk': setting 'mode': it has no 'thread' mode, only 'process'" \
	    vmstress run -m thread brk
}

@test "bad parameters are refused with the option in front" {
	rejects "-p size: write KEY=VALUE, e.g. -p size=64M" \
	    vmstress run -p size zfod
	rejects "-p =1: write KEY=VALUE, e.g. -p size=64M" \
	    vmstress run -p =1 zfod
	rejects "-p sise=1M: no cell has a parameter 'sise' (did you mean 'size'?)" \
	    vmstress run -p sise=1M zfod
	rejects "-p size=1M: no cell has a parameter 'size'" \
	    vmstress run -p size=1M null
	rejects "-p workers=2: 'workers' is a setting, not a parameter" \
	    vmstress run -p workers=2 null
	rejects "-p size=12q: workload 'zfod': parameter 'size': '12q' is not a size (try 64M)" \
	    vmstress run -p size=12q zfod
	rejects "-p thp=maybe: workload 'zfod': parameter 'thp': 'maybe' is not one of: off, on, system" \
	    vmstress run -p thp=maybe zfod
}

@test "control characters and other bytes in options are refused" {
	rejects "--label a\\x1b[2J: a line break or control character in a value" \
	    vmstress run --label $'a\033[2J' null
	rejects "--label \\xff: bytes that are not UTF-8" \
	    vmstress run --label $'\xff' null
}

@test "an error in a file is one line, whatever its name is" {
	name=$'a\nb\033.yaml'
	printf 'cells: [zfood]\n' >"$name"
	run --separate-stderr vmstress run "$name"
	same "status" 2 "$status"
	same "lines" 1 "${#stderr_lines[@]}"
	[[ $stderr != *$'\033'* ]]
}
