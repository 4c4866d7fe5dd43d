#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Campaigns of vmstress matrix without a kernel that boots: what is refused, and
# what a QEMU that is a script says.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common
load matrix-common

setup() {
	common_setup
	# A machine without QEMU, and one without KVM, must not matter.
	fake_qemu
	kernels=()
}

# Of one kernel that is there.
refuses_with() {
	local message=$1

	shift
	[ -f hang.img ] || tiny hang
	refuses 2 "vmstress: $message" vmstress matrix "$@"
}

# ---- options ----------------------------------------------------------------

@test "matrix says what it lacks" {
	refuses_with "matrix: which kernels? Try --kernel old=FILE --kernel \
new=FILE"
	refuses_with "matrix: which kernels? Try --kernel old=FILE --kernel \
new=FILE" getppid
	refuses_with "matrix: run what in them? Name a workload or a config; \
\`vmstress list\` has them" -k a=hang.img
	refuses_with "matrix: one workload or config at a time, not 'null' as \
well" getppid null -k a=hang.img
	refuses_with "'nothere' is neither a workload nor a config: \`vmstress \
list\` names them, a file is written ./nothere.yaml" nothere -k a=hang.img
	refuses_with "cannot open plug-in './none.so': No such file or \
directory" getppid --plugin none.so -k a=hang.img
}

@test "kernels have a name and a file" {
	local spec name

	for spec in a =x a=; do
		refuses_with "matrix: --kernel $spec: write NAME=FILE or \
NAME=deb:PACKAGE" -k "$spec"
	done
	for name in .a -a 'a b' a/b; do
		refuses_with "'$name' is no name for a kernel: up to 64 bytes \
without blanks, '/', '=' and backslashes, and neither '.' nor '-' comes \
first" getppid --kernel "$name=hang.img"
	done
	refuses_with "kernel old: nofile: No such file or directory" \
	    getppid -k old=nofile
	refuses_with "two kernels are called 'a': give each a name of its own \
(--kernel NAME=PATH)" getppid --allow-tcg -k a=hang.img -k b=hang.img \
	    -k a=hang.img
	refuses_with "two kernels are called 'a': give each a name of its own \
(--kernel NAME=PATH)" getppid --allow-tcg -k a=hang.img -k a=nofile
	same "left" "fake hang.img" "$(echo *)"
}

@test "numbers, sizes, times and orders are checked" {
	local value

	for value in 0 1001 -1 x 1.5; do
		refuses_with "matrix: --boots $value: that is not a number \
from 1 to 1000" "--boots=$value"
	done
	for value in 0 4097 two; do
		refuses_with "matrix: --cpus $value: that is not a number from \
1 to 4096" --cpus "$value"
	done
	for value in 127M 2 lots; do
		refuses_with "matrix: --memory $value: that is not a size of \
128M or more (try 2G)" --memory "$value"
	done
	for value in -1 x; do
		refuses_with "matrix: --seed $value: that is not a number" \
		    "--seed=$value"
	done
	for value in 0s 5 soon; do
		refuses_with "matrix: --boot-timeout $value: that is not a \
time (try 90s)" --boot-timeout "$value"
	done
	refuses_with "matrix: --order: 'abab' is not an order of kernels: \
there is random, abba and listed" --order abab
}

@test "arguments for kernels do not end in ours" {
	local value

	for value in -- '-- x' 'a --' 'a -- b'; do
		refuses_with "matrix: '$value': \"--\" ends the arguments of \
the kernel and is for vmstress" "--append=$value"
		refuses_with "matrix: '$value': \"--\" ends the arguments of \
the kernel and is for vmstress" -k a=hang.img --append-to "a=$value"
	done
	for value in x =x a=; do
		refuses_with "matrix: --append-to $value: write NAME=ARGS" \
		    -k a=hang.img --append-to "$value"
	done
	refuses_with "matrix: --append-to b=x: there is no kernel 'b' \
(--kernel comes first)" -k a=hang.img --append-to b=x
	refuses_with "matrix: --append-to a=x: there is no kernel 'a' \
(--kernel comes first)" --append-to a=x -k a=hang.img
	# These are not "--".
	run -0 vmstress matrix getppid --dry-run --boots 1 \
	    --append '--x a--b y--' -k a=hang.img
}

# ---- before the first boot ----------------------------------------------------

@test "a folder that is there is not touched" {
	tiny hang
	mkdir c
	echo precious >c/file
	refuses 2 "vmstress: c is there already: choose another folder, or go \
on with it (--resume)" campaign getppid -k a=hang.img -o c
	refuses 2 "vmstress: cannot make the folder no/c: No such file or \
directory" campaign getppid -k a=hang.img -o no/c
	same "in it" file "$(ls c)"
}

@test "what the guest is made of must be there, or no folder is left" {
	tiny hang
	echo hello >text
	mkdir empty
	refuses 2 "vmstress: cannot make the image of the guest: text: not an \
ELF file" campaign getppid -k a=hang.img -o c --program text
	refuses 2 "vmstress: cannot make the image of the guest: cannot read \
empty/vmstress-cell: No such file or directory" \
	    campaign getppid -k a=hang.img -o c --libexec empty
	[ ! -e c ]
}

@test "without KVM emulation takes --allow-tcg" {
	local why

	tiny hang
	: >"$FAKE/kvm"
	if [ "$(uname -m)" != x86_64 ]; then
		why="this host does not have the processors of x86_64"
	elif [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
		why="a guest of one sector does not get through its first \
instructions"
	elif [ -e /dev/kvm ]; then
		why="/dev/kvm: Permission denied"
	else
		why="/dev/kvm: No such file or directory"
	fi
	refuses_with "kernel a: KVM cannot be used here: $why; an emulated \
processor (TCG) says little about a real one, so it takes --allow-tcg to have \
it" getppid -k a=hang.img -o c
	[ ! -e c ]
}

@test "a host without QEMU says what to install" {
	tiny hang
	refuses 2 "vmstress: kernel a: there is no qemu-system-x86_64 here, \
which boots a kernel for x86_64 (Debian: qemu-system-x86)" \
	    env PATH=/nowhere "$VMS_BUILD/vmstress" matrix getppid \
	    -k a=hang.img -o c
}

@test "memory that is not there is not given" {
	tiny hang
	run -2 --separate-stderr vmstress matrix getppid --allow-tcg \
	    --memory 1000T -k a=hang.img -o c
	[[ $stderr =~ ^"vmstress: a guest of 1000T does not fit: this host has "[0-9.]+" "[KMGT]iB" left (--memory)"$ ]]
	[ ! -e c ]
}

@test "huge pages that are not there are not used" {
	local free

	free=$(awk '/^HugePages_Free/ { print $2 }' /proc/meminfo)
	[ -n "$free" ] || skip "this kernel has no huge pages"
	[ "$free" -lt 100000 ] || skip "this host has $free huge pages"
	tiny hang
	run -2 --separate-stderr vmstress matrix getppid --allow-tcg \
	    --hugepages --memory 1000T -k a=hang.img -o c
	[[ $stderr =~ ^"vmstress: kernel a: --hugepages: "([0-9]+)" pages of "[0-9]+" KiB are needed, and $free are free: sysctl vm.nr_hugepages="([0-9]+)$ ]]
	same "pages" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
	[ ! -e c ]
}

@test "of what is no kernel none is booted" {
	echo hello >text
	mkdir folder
	refuses 2 "kernel a cannot be booted: text is a text: give a bzImage \
(x86), an Image (arm64) or user-mode Linux
kernel b cannot be booted: folder is a folder: give a bzImage (x86), an Image \
(arm64) or user-mode Linux
kernel c cannot be booted: /bin/sh is a program, and not user-mode Linux: \
give a bzImage (x86), an Image (arm64) or user-mode Linux
vmstress: none of the kernels can be booted" \
	    campaign getppid -k a=text -k b=folder -k c=/bin/sh -o c
	[ ! -e c ]
}

# ---- rounds ------------------------------------------------------------------

@test "--dry-run prints the rounds and makes nothing" {
	dry() {
		vmstress matrix getppid --dry-run -k a=x -k b=y -k c=z "$@"
	}
	same "listed" "round 1: a b c
round 2: a b c" "$(dry --order listed --boots 2)"
	same "abba" "round 1: a b c
round 2: c b a
round 3: a b c" "$(dry --order abba --boots 3)"
	# The orders of a seed are a contract.
	same "random" "round 1: a b c
round 2: c b a
round 3: a c b" "$(dry --seed 7 --boots 3)"
	same "rounds by themselves" 6 "$(dry | wc -l)"
	same "left" fake "$(echo *)"
}

# ---- what a guest says ---------------------------------------------------------

# What is common to most of them.
begin_of() {
	echo hello "${1:-vmstress-guest/1}"
	fake_head
	echo begin 0 0 1 6 1000000000 0 zfod process x2, launch 1/3
}
export -f begin_of

@test "every end of a boot is told, and none ends the campaign" {
	fake good <<'END'
echo "Linux version fake" >>"$log"
{ echo raw SeaBIOS; begin_of; fake_rest; echo end ok; } | say
END
	fake failed <<'END'
{ begin_of; fake_rest; echo end failed 1 of 6 launches failed: mmap; } | say
END
	fake lost <<'END'
{ begin_of; echo lost; fake_rest; echo end ok; } | say
END
	fake damaged <<'END'
{ begin_of; fake_rest | sed '2,3s/^/damaged /'; echo end ok; } | say
END
	fake headless <<'END'
{ echo hello vmstress-guest/1; echo lost; fake_head | sed 1d; fake_rest
echo end ok; } | say
END
	fake garbage <<'END'
{ echo hello vmstress-guest/1; fake_head | sed 1d; echo end ok; } | say
END
	fake empty <<'END'
{ echo hello vmstress-guest/1; echo end ok; } | say
END
	fake endless <<'END'
{ begin_of; fake_rest | sed '/"type":"end"/,$d'; } | say
END
	fake again <<'END'
begin_of | say
{ begin_of; fake_rest; echo end ok; sleep 600; } | say
END
	fake version <<'END'
{ begin_of vmstress-guest/99; fake_rest; sleep 600; } | say
END
	fake beginning <<'END'
{ echo hello vmstress-guest/1; echo begin at once; echo end ok; } | say
END
	fake panics <<'END'
echo "[    2.0] Kernel panic - not syncing: fake" >>"$log"
begin_of | say
END
	# It lived on after it.
	fake oops <<'END'
echo "[    2.0] BUG: Bad page state in process init  pfn:7" >>"$log"
{ begin_of; fake_rest; echo end ok; } | say
END
	fake dies <<'END'
echo "qemu: cannot set up guest memory: no memory" >&2
exit 1
END
	fake killed <<'END'
begin_of | say
kill -SEGV $$
END
	echo hello >text
	run -1 --separate-stderr campaign getppid -k "text=text" \
	    "${kernels[@]}" -o c
	same "how" "text lost unbootable
good result null
failed failed null
lost failed null
damaged failed null
headless failed null
garbage failed null
empty failed null
endless lost reset
again lost reset
version failed null
beginning failed null
panics lost panic
oops result null
dies lost runner
killed lost runner" "$(how c)"
	same "reasons" "text is a text: give a bzImage (x86), an Image \
(arm64) or user-mode Linux
null
1 of 6 launches failed: mmap
1 message of the guest was lost or came damaged: the record is not whole
2 messages of the guest were lost or came damaged: the record is not whole
1 message of the guest was lost or came damaged: the record is not whole
the guest has sent no record: not a vmstress record: it does not begin as \
what \`vmstress run --output\` writes
the guest has sent no record
the machine went off by itself in zfod process x2, launch 1/3 (1 of 6), as \
after a triple fault, without a word
the machine was reset in zfod process x2, launch 1/3 (1 of 6), and began anew
the guest speaks 'vmstress-guest/99', not vmstress-guest/1
the guest began something that is no launch: 'at once'
kernel panic in zfod process x2, launch 1/3 (1 of 6): fake
the kernel's log has 1 report, the first: BUG: Bad page state in process \
init  pfn:7
$FAKE/qemu-system-x86_64 ended with status 1 while booting: qemu: cannot set \
up guest memory: no memory
$FAKE/qemu-system-x86_64 was killed by signal 11 (Segmentation fault) in zfod \
process x2, launch 1/3 (1 of 6)" \
	    "$(jq -r 'select(.type == "end") | .reason' c/campaign.jsonl)"

	# The record of a boot has what the guest sent, and where it ran.
	sed 1d c/boots/r01-good.jsonl >sent
	{ fake_head | sed 1d; fake_rest; } | sed 's/^line //' | diff - sent
	same "facts" "good 1 qemu 9.8.7 1 134217728" "$(head -n 1 \
	    c/boots/r01-good.jsonl | jq -r '.boot | "\(.kernel) \(.round) " +
	    "\(.runner) \(.runner_version) \(.cpus) \(.memory_bytes)"')"

	# A launch that killed its kernel has failed.
	same "a launch that was lost" "0 0 failed kernel panic in zfod process \
x2, launch 1/3 (1 of 6): fake" "$(tail -n 1 c/boots/r01-panics.jsonl |
	    jq -r '"\(.cell) \(.launch) \(.status) \(.reason)"')"
	same "what the runner said" \
	    "qemu: cannot set up guest memory: no memory" \
	    "$(cat c/boots/r01-dies.said)"

	[ -s c/report.html ]
	has "$output" "panics, round 1: lost (panic)"
	has "$stderr" "[1/16] round 1 of 1, text: lost (unbootable): text is a \
text: give a bzImage (x86), an Image (arm64) or user-mode Linux
[2/16] round 1 of 1, good: result, "
	has "$stderr" "; its log: boots/r01-dies.log"
	nothing_left
}

@test "a kernel gets its arguments, and a seed that all share in a round" {
	for name in a b; do
		fake $name <<'END'
echo "$append" >>"$FAKE/appended"
{ begin_of; fake_rest; echo end ok; } | say
END
	done
	run -0 --separate-stderr campaign getppid "${kernels[@]}" -o c \
	    --boots 2 --append 'x=1 y' --append-to b=z --memory 160M
	same "seeds of a round" "2 2" "$(grep -o 'seed=[0-9]*' \
	    "$FAKE/appended" | uniq -c | awk '{ print $1 }' | xargs)"
	# No configuration comes out of them, so it is asked for again.
	same "arguments" "console=ttyS0 panic=-1 oops=panic x=1 y -- guest \
config=1
console=ttyS0 panic=-1 oops=panic x=1 y z -- guest config=1
console=ttyS0 panic=-1 oops=panic x=1 y -- guest config=1
console=ttyS0 panic=-1 oops=panic x=1 y z -- guest config=1" \
	    "$(sed 's/ seed=[0-9]*//' "$FAKE/appended")"
	same "in the manifest" '"x=1 y" "x=1 y z"' "$(jq -c \
	    'select(.type == "kernel") | .append' c/campaign.jsonl | xargs -0 \
	    | xargs -d '\n' | sed 's/ *$//')"
	has "$(head -n 1 c/boots/r02-b.jsonl | jq -r .boot.command)" \
	    " -smp 1 -m 160M "
}

@test "configurations come out of the guests and are compared" {
	for name in a b; do
		fake $name <<'END'
echo "$append" >>"$FAKE/appended"
{ echo hello vmstress-guest/1
echo config CONFIG_64BIT=y
echo config "CONFIG_NR_CPUS=$([ "$name" = a ] && echo 64 || echo 8192)"
fake_head
echo begin 0 0 1 1 1000000000 0 zfod
fake_rest; echo end ok; } | say
END
	done
	run -0 --separate-stderr campaign getppid "${kernels[@]}" -o c --boots 2
	same "difference" "CONFIG_NR_CPUS 64 -> 8192" \
	    "$(cat c/kernels/a-b.diff)"
	has "$stderr" "a and b differ in 1 option of their configuration, 1 of \
memory, processes and the like: c/kernels/a-b.diff"
	same "asked once" "2" "$(grep -c config=1 "$FAKE/appended")"
}

# ---- going on ------------------------------------------------------------------

# One that is not over before the file "go" is there.
waiting() {
	fake "$1" <<'END'
echo "waits" >>"$log"
{ begin_of
while [ ! -e "$FAKE/go" ]; do sleep 0.1; done
fake_rest; echo end ok; } | say
END
}

@test "--resume wants a campaign" {
	mkdir empty
	refuses_with "empty/campaign.jsonl: cannot open the campaign: No such \
file or directory" --resume empty
	refuses_with "nowhere/campaign.jsonl: cannot open the campaign: No \
such file or directory" --resume nowhere
	while read -r what args; do
		# shellcheck disable=SC2086 # words
		refuses_with "matrix: --resume goes on with what is in the \
folder: it takes no $what" --resume c $args
	done <<-END
		config getppid
		--kernel -k a=hang.img
		--output -o d
		--boots --boots 9 -q
		--workers -w 2
	END
}

@test "an interrupted campaign goes on with the boot that was cut short" {
	fake good <<<'{ begin_of; fake_rest; echo end ok; } | say'
	waiting slow
	in_background matrix "${VMS_CAMPAIGN[@]}" getppid "${kernels[@]}" -o c
	wait_for 20 grep -q waits c/boots/r01-slow.log

	refuses 2 "vmstress: c/campaign.jsonl: another vmstress is at work on \
this campaign (wait for it, or choose another folder)" \
	    vmstress matrix --resume c

	kill -INT "$background"
	finish_background
	same "status" 4 "$status"
	same "how" "good result null
slow interrupted null" "$(how c)"
	has "$(cat err)" "vmstress: the campaign is not done: \`vmstress \
matrix --resume c\` goes on"
	nothing_left

	touch "$FAKE/go"
	run -0 --separate-stderr vmstress matrix --resume c
	same "how" "good result null
slow interrupted null
slow result null" "$(how c)"
	same "records" "r01-good.jsonl r01-slow.jsonl r01.2-slow.jsonl" \
	    "$(cd c/boots && echo *.jsonl)"
	[ -s c/report.html ]

	# There is nothing left to do.
	run -0 --separate-stderr vmstress matrix --resume c
	same "boots" 3 "$(grep -c '"type":"begin"' c/campaign.jsonl)"
}

@test "a killed campaign goes on with a last line that is torn" {
	# Files of the second attempt are not those of a kernel of such a name.
	waiting slow
	waiting slow.2
	in_background matrix "${VMS_CAMPAIGN[@]}" getppid "${kernels[@]}" -o c
	wait_for 20 grep -q waits c/boots/r01-slow.log
	kill -KILL "$background"
	finish_background
	nothing_left
	printf '{"type":"en' >>c/campaign.jsonl
	touch "$FAKE/go"
	run -0 --separate-stderr vmstress matrix --resume c
	same "how" "slow result null
slow.2 result null" "$(how c)"
	same "attempts" "1.1 1.2 2.1" "$(jq -r 'select(.type == "begin") |
	    "\(.boot).\(.attempt)"' c/campaign.jsonl | xargs)"
}

@test "--resume insists on the same kernels, guest and whole manifest" {
	tiny panic
	fake good <<<'{ begin_of; fake_rest; echo end ok; } | say'
	run -0 --separate-stderr campaign getppid "${kernels[@]}" -o c
	cp -r c d
	cp panic.img d/kernels/good
	refuses 2 "vmstress: kernel good: d/kernels/good is not the kernel \
that the campaign began with: begin a new one" vmstress matrix --resume d
	rm d/kernels/good
	refuses 2 "vmstress: kernel good: d/kernels/good: cannot read it: No \
such file or directory" vmstress matrix --resume d

	rm -r d
	cp -r c d
	echo >>d/guest.cpio.gz
	refuses 2 "vmstress: d/guest.cpio.gz is not the guest that the \
campaign began with: begin a new one" vmstress matrix --resume d

	head -n 1 c/campaign.jsonl >d/campaign.jsonl
	refuses 2 "vmstress: d/campaign.jsonl: the campaign was cut short \
before its first boot: begin a new one" vmstress matrix --resume d

	head -n 3 c/boots/r01-good.jsonl >d/campaign.jsonl
	refuses 2 "vmstress: d/campaign.jsonl: not a campaign of vmstress" \
	    vmstress matrix --resume d
}
