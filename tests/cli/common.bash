# SPDX-License-Identifier: BSD-2-Clause
# What the command-line tests share: where the programs are, short runs, and
# how to see that nothing was left behind.
#
# Every test has a folder of its own, $T, which is also its cwd, and a mark in
# its environment that all processes it starts inherit: other tests and other
# people may run vmstress on the machine at the same time.
# shellcheck shell=bash disable=SC2154,SC2034

bats_require_minimum_version 1.5.0

VMS_BUILD=${top_builddir:-$PWD}
VMS_BUILD=$(cd "$VMS_BUILD" && pwd)
VMS_SOURCE=${srcdir:-$BATS_TEST_DIRNAME/../..}
VMS_SOURCE=$(cd "$VMS_SOURCE" && pwd)
VMS_CELL=$VMS_BUILD/vmstress-cell

export VMSTRESS_CONFIGS=$VMS_SOURCE/configs
export VMSTRESS_PLOTS=$VMS_SOURCE/plots
export LC_ALL=C
# The same launches whether processors can count here or not.
export VMSTRESS_EVENTS=none
unset VMSTRESS_LIBEXEC VMSTRESS_RUNDIR HWLOC_SYNTHETIC HWLOC_XMLFILE NO_COLOR

# Settings for a run of which nobody wants to know the numbers.
VMS_SHORT=(--launches 1 --samples 1 --interval 50ms --warmup 10ms)

common_setup() {
	T=$BATS_TEST_TMPDIR/t
	VMSTRESS_TEST_MARK=$$.$RANDOM.$RANDOM.$BATS_TEST_NUMBER
	export VMSTRESS_TEST_MARK
	export TMPDIR=$BATS_TEST_TMPDIR
	mkdir "$T"
	cd "$T" || return 1
}

setup() {
	common_setup
}

# A test that failed half-way ends its own processes, and only those.
common_teardown() {
	local pid

	for pid in $(ours); do
		kill -KILL "$pid" 2>/dev/null || true
	done
	cd / || return 1
	if [ -n "$everybody" ]; then
		rm -r "$everybody"
	fi
}

teardown() {
	common_teardown
}

vmstress() {
	"$VMS_BUILD/vmstress" "$@"
}

# A short run; output goes to the record r.jsonl unless -o says otherwise.
fast() {
	vmstress run -q "${VMS_SHORT[@]}" -o r.jsonl "$@"
}

# ---- processes -----------------------------------------------------------

# Process ids, names and argument lists of this test's part of vmstress.
# Zombies have no environment left and are their parent's business.
ours_named() {
	ps axeww -o pid= -o args= |
	    awk -v mark="VMSTRESS_TEST_MARK=$VMSTRESS_TEST_MARK" '
		index($0, mark) == 0 { next }
		{ name = $2; sub(/.*\//, "", name) }
		name ~ /^vmstress/ { print $1, name, $3 }'
}

ours() {
	ours_named | awk '{ print $1 }'
}

# The ids of one of our programs, in the order of their ids.
pids_of() {
	ours_named | awk -v name="$1" '$2 == name { print $1 }'
}

# How many processes of vmstress this test has left behind.
left() {
	ours | wc -l
}

is_left() {
	[ "$(left)" -eq "$1" ]
}

# The guardian, once it is alone: what it has forked is called so for a moment.
the_guardian() {
	local i found

	for ((i = 0; i < 400; i++)); do
		found=$(pids_of vmstress-guardian)
		if [ "$(wc -w <<<"$found")" -eq 1 ]; then
			echo "$found"
			return 0
		fi
		sleep 0.05
	done
	echo "no guardian, or several: $found" >&2
	return 1
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
	local i limit=$(($1 * 20))

	shift
	for ((i = 0; i < limit; i++)); do
		if "$@" >/dev/null 2>&1; then
			return 0
		fi
		sleep 0.05
	done
	echo "gave up waiting for: $*" >&2
	return 1
}

nothing_left() {
	if wait_for "${1:-5}" is_left 0; then
		return 0
	fi
	echo "left behind:" >&2
	ours_named >&2
	return 1
}

# Is a program of that name among them?
runs() {
	[ -n "$(pids_of "$1")" ]
}

# Start vmstress in the background, away from the descriptors of bats; its id
# is in $background.  Job control, since without it a shell starts background
# programs with SIGINT ignored.
in_background() {
	set -m
	"$VMS_BUILD/vmstress" "$@" >out 2>err 3>&- 4>&- </dev/null &
	background=$!
	set +m
}

# The exit status of the background program, in $status.
finish_background() {
	status=0
	wait "$background" || status=$?
}

# ---- numbers ---------------------------------------------------------------

# tolerance PART: or more, where a sanitizer has faults of its own whenever
# memory is mapped.
tolerance() {
	if grep -qa __asan_init "$VMS_CELL"; then
		echo 0.03
	else
		echo "$1"
	fi
}

# ---- without privilege ---------------------------------------------------

# Programs in the folder $everybody, which every user may enter.
for_everybody() {
	everybody=$(mktemp -d /tmp/vmstress-test.XXXXXX)
	chmod 755 "$everybody"
	cp "$VMS_BUILD"/vmstress "$VMS_BUILD"/vmstress-cell \
	    "$VMS_BUILD"/vmstress-cell-dynamic \
	    "$VMS_BUILD"/vmstress-guardian \
	    "$VMS_BUILD"/vmstress-member "$VMS_BUILD"/vmstress-target-* "$VMS_BUILD"/vmstress-lib*.so \
	    "$everybody"
}

# ---- assertions ----------------------------------------------------------

# same WHAT EXPECTED ACTUAL
same() {
	if [ "$2" == "$3" ]; then
		return 0
	fi
	printf '%s\n  expected: %s\n  but is:   %s\n' "$1" "$2" "$3" >&2
	return 1
}

# has TEXT PART: the text has the part in it.
has() {
	if [[ $1 == *"$2"* ]]; then
		return 0
	fi
	printf 'no "%s" in:\n%s\n' "$2" "$1" >&2
	return 1
}

# refuses STATUS MESSAGE COMMAND...: exactly this line on stderr, and nothing
# on stdout.
refuses() {
	local want=$1 message=$2

	shift 2
	run --separate-stderr "$@"
	same "status of: $*" "$want" "$status"
	same "standard error" "$message" "$stderr"
	same "standard output" "" "$output"
}

# journal FILTER [FILE]: jq over all lines of a record at once.
journal() {
	jq -es "$1" "${2:-r.jsonl}"
}

# Statuses of all launches of a record, e.g. "failed ok ok".
statuses() {
	jq -r 'select(.type == "end") | .status' "${1:-r.jsonl}" | sort |
	    tr '\n' ' ' | sed 's/ $//'
}
