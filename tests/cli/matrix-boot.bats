#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Campaigns of real kernels: user-mode Linux where it is installed, and under
# QEMU the one that VMSTRESS_TEST_KERNEL names (a file, or deb:PACKAGE).

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common
load matrix-common

# A boot takes seconds, so whether there can be one is asked once.
setup_file() {
	load common
	load matrix-common
	command -v linux.uml >/dev/null || return 0
	campaign -q getppid -k first="$(command -v linux.uml)" --memory 256M \
	    -o "$BATS_FILE_TMPDIR/first" >"$BATS_FILE_TMPDIR/first.out" \
	    2>"$BATS_FILE_TMPDIR/first.err" || true
}

needs_uml() {
	local how

	UML=$(command -v linux.uml) ||
	    skip "there is no linux.uml here (Debian: user-mode-linux)"
	FIRST=$BATS_FILE_TMPDIR/first
	how=$(how "$FIRST" 2>/dev/null) || true
	[ "$how" == "first result null" ] ||
	    ! grep -qa __asan_init "$VMS_BUILD/vmstress" ||
	    skip "user-mode Linux does not run programs with a sanitizer: $how"
}

uml() {
	campaign --memory 256M "$@"
}

# User-mode Linux of this test's folder.
machines() {
	pgrep -fc "^$T/[^ ]*/kernels/[^ ]* initrd=$T/" || true
}

no_machines() {
	[ "$(machines)" -eq 0 ]
}

teardown() {
	pkill -KILL -f "^$T/[^ ]*/kernels/[^ ]* initrd=$T/" || true
	common_teardown
}

# The workload that ends its guest, from tests/plugins.
guest_end() {
	"${CC:-cc}" -shared -fPIC -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra \
	    -Werror -I "$VMS_SOURCE/src" -o guest-end.so \
	    "$VMS_SOURCE/tests/plugins/guest-end.c"
}

@test "user-mode Linux boots, measures and turns itself off" {
	needs_uml
	cat "$BATS_FILE_TMPDIR/first.err" "$FIRST"/boots/*.log >&2
	same "how" "first result null" "$(how "$FIRST")"
	same "statuses" ok "$(statuses "$FIRST/boots/r01-first.jsonl")"
	same "reason" null "$(reason "$FIRST" first)"
	same "where" "first uml none 1" "$(head -n 1 \
	    "$FIRST/boots/r01-first.jsonl" | jq -r '.boot | "\(.kernel) " +
	    "\(.runner) \(.accelerator) \(.cpus)"')"
	# It says of itself what the host has found in the file.
	same "release" "$(jq -r 'select(.type == "kernel") | .version |
	    split(" ")[0]' "$FIRST/campaign.jsonl")" "$(head -n 1 \
	    "$FIRST/boots/r01-first.jsonl" | jq -r .kernel.release)"
	[ -s "$FIRST/kernels/first.config" ]
	[ -s "$FIRST/report.html" ]
	nothing_left
}

@test "a guest that is lost, one that fails, and one whose files are full" {
	needs_uml
	guest_end
	run -1 --separate-stderr uml --plugin guest-end.so guest-end \
	    -p how=panic,exit,fill -k uml="$UML" -o "$T/c"
	# Launches are in an order of their own, and the panic is the last.
	same "how" "uml lost panic" "$(how c)"
	has "$(reason c uml)" "kernel panic in guest-end how=panic process x1, \
launch 1/1 ("
	has "$(reason c uml)" " of 3): sysrq triggered crash"
	has "$(tail -n 1 c/boots/r01-uml.jsonl | jq -r .reason)" \
	    "sysrq triggered crash"

	run -1 --separate-stderr uml --plugin guest-end.so guest-end \
	    -p how=exit,fill -k uml="$UML" -o "$T/d"
	same "how" "uml failed null" "$(how d)"
	has "$(reason d uml)" "2 of 2 launches failed: worker 0 (cpu 0): "
	same "reasons" "worker 0 (cpu 0): cannot write more: No space left on \
device
worker 0 (cpu 0): ended by itself with status 3" "$(jq -r \
	    'select(.type == "end") | .reason' d/boots/r01-uml.jsonl | sort)"
	no_machines
	nothing_left
}

@test "the workload that ends guests does nothing on a host" {
	guest_end
	run -0 --separate-stderr fast --plugin guest-end.so guest-end \
	    -p how=panic,exit,fill
	same "statuses" "skipped skipped skipped" "$(statuses)"
}

@test "a campaign killed in its second round goes on" {
	needs_uml
	in_background matrix "${VMS_CAMPAIGN[@]}" --memory 256M getppid \
	    --boots 2 -k a="$UML" -k b="$UML" --append-to b=quiet -o "$T/c"
	wait_for 120 test -s c/boots/r02-a.log
	[ "$(machines)" -gt 0 ]
	kill -KILL "$background"
	finish_background
	wait_for 10 no_machines
	nothing_left
	same "how" "a result null
b result null" "$(how c)"

	run -0 --separate-stderr vmstress matrix --resume "$T/c"
	same "how" "a result null
b result null
a result null
b result null" "$(how c)"
	same "begun" "1.1 2.1 3.1 3.2 4.1" "$(jq -r 'select(.type == "begin") |
	    "\(.boot).\(.attempt)"' c/campaign.jsonl | xargs)"
	# The seed of a round is that of the attempt before.
	same "seeds" "2" "$(head -qn 1 c/boots/*.jsonl | jq .seed | sort -u |
	    wc -l)"
	has "$stderr" "a and b have the same configuration"
	has "$output" "vmstress compare: b against a"
	has "$output" "getppid/1"
	no_machines
	nothing_left
}

@test "user-mode Linux takes no blanks in names of files" {
	needs_uml
	refuses 2 "vmstress: kernel a: 'a b': user-mode Linux takes no blanks \
in names of files: choose another folder (-o)" \
	    uml getppid -k a="$UML" -o "a b"
	mkdir "$T/t m"
	refuses 2 "vmstress: kernel a: '$T/t m': user-mode Linux takes no \
blanks in names of files: choose another folder (TMPDIR)" \
	    env TMPDIR="$T/t m" "$VMS_BUILD/vmstress" matrix getppid \
	    -k a="$UML" -o c
	[ ! -e "a b" ] && [ ! -e c ]
}

@test "a kernel under QEMU boots and measures" {
	[ -n "$VMSTRESS_TEST_KERNEL" ] ||
	    skip "VMSTRESS_TEST_KERNEL names no kernel"
	command -v qemu-system-x86_64 >/dev/null ||
	    skip "there is no qemu-system-x86_64 here"
	run --separate-stderr campaign getppid --memory 512M \
	    -k real="$VMSTRESS_TEST_KERNEL" -o "c d,e"
	cat <<<"$stderr" >&2
	tail -n 20 "c d,e"/boots/*.log >&2
	same "how" "real result null" "$(how "c d,e")"
	same "statuses" ok "$(statuses "c d,e/boots/r01-real.jsonl")"
	nothing_left
}
