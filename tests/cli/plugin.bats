#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Workloads from shared objects, built out of tree against what `make install`
# installs, and run by the installed program from a place it was not
# configured for.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# One installation for all tests of this file.
setup_file() {
	DESTDIR=$BATS_FILE_TMPDIR/dest
	export DESTDIR
	make_in_build install >"$BATS_FILE_TMPDIR/install.log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/install.log" >&2
		return 1
	}
}

make_in_build() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES \
	    "${MAKE:-make}" -C "$VMS_BUILD" DESTDIR="$DESTDIR" "$@"
}

# Without these the installed program has to find its parts by itself.
setup_installed() {
	unset VMSTRESS_CONFIGS VMSTRESS_LIBEXEC
	bin=$(find "$DESTDIR" -type f -path '*/bin/vmstress')
	[ -x "$bin" ]
	include=$(find "$DESTDIR" -type f -path '*/vmstress/workload.h')
	[ -f "$include" ]
	include=$(dirname "$(dirname "$include")")
}

installed() {
	"$bin" "$@"
}

# source_of NAME [SED]: the template as a workload of another name.
source_of() {
	local identifier=${1//-/_}

	sed -e "s/skeleton_/${identifier}_/g" \
	    -e "s/vms_workload_skeleton/vms_workload_$identifier/" \
	    -e "s/\"skeleton\"/\"$1\"/" \
	    -e 's|#include "workload.h"|#include <vmstress/workload.h>|' \
	    -e '/\.hidden = true/d' \
	    -e "${2:-}" "$VMS_SOURCE/workloads/skeleton.c" >"$1.c"
}

# build NAME: strictly, with nothing in sight but what is installed.
build() {
	"${CC:-cc}" -shared -fPIC -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra \
	    -Werror -I "$include" -o "$1.so" "$1.c"
}

plugin() {
	setup_installed
	source_of "$@"
	build "$1"
}

@test "the installation is complete and stays inside DESTDIR" {
	setup_installed
	run --separate-stderr installed --version
	same "status" 0 "$status"
	for name in vmstress-cell vmstress-cell-dynamic vmstress-guardian \
	    vmstress-target-dynamic{0,4,8} vmstress-lib{0..7}.so; do
		[ -x "$(find "$DESTDIR" -type f -path "*/libexec/*/$name")" ]
	done
	for file in "$VMS_SOURCE"/configs/*.yaml; do
		[ -f "$(find "$DESTDIR" -path "*/vmstress/configs/$(basename "$file")")" ]
	done
}

@test "the installed program finds its parts wherever it is" {
	setup_installed
	run --separate-stderr installed run -q "${VMS_SHORT[@]}" -o r.jsonl null
	same "status" 0 "$status"
	same "statuses" ok "$(statuses)"
	run --separate-stderr installed check quick
	same "status of check quick" 0 "$status"
	has "${lines[0]}" "quick: "
	rm r.jsonl
	run --separate-stderr installed run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    exec -p libs=8
	same "statuses of exec" ok "$(statuses)"
	# Also by way of a symbolic link in the PATH.
	mkdir links
	ln -s "$bin" links/vmstress
	rm r.jsonl
	PATH=$T/links:$PATH run --separate-stderr bash -c \
	    'vmstress run -q --launches 1 --samples 1 --interval 50ms -o r.jsonl null'
	same "status by way of a link" 0 "$status"
	nothing_left
}

@test "each installed header compiles alone" {
	setup_installed
	for header in workload workload_crowd workload_relays; do
		echo "#include <vmstress/$header.h>" >alone.c
		"${CC:-cc}" -std=gnu11 -Wall -Wextra -Werror -pedantic \
		    -I "$include" -c -o alone.o alone.c
	done
}

@test "a plug-in runs like a built-in workload, in a dynamic cell" {
	plugin my-read
	run --separate-stderr installed run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    --plugin ./my-read.so -w 2 -m process,thread my-read -p size=8K
	same "standard error" "" "$stderr"
	same "status" 0 "$status"
	has "$output" "my-read/1"
	same "statuses" "ok ok" "$(statuses)"
	journal 'map(select(.type == "sample")) | length == 2 and
	    all(.ops | length == 2 and all(. > 0))'
	# The record says so.
	journal 'map(select(.type == "cell")) | all(.plugin == "./my-read.so" and
	    .params.size == "8K")'
	journal 'map(select(.type == "launch")) | length == 2 and
	    all(.static == false)'
	run --separate-stderr installed show r.jsonl
	same "status of show without the plug-in" 0 "$status"
	nothing_left
}

@test "a plug-in is found without ./ as well" {
	plugin plain
	run --separate-stderr installed check --plugin plain.so plain
	same "status" 0 "$status"
	has "$output" "plain/1"
	has "$output" " yes"
}

@test "list --plugin shows it" {
	plugin my-read
	run --separate-stderr installed list --plugin ./my-read.so
	same "status" 0 "$status"
	grep -q '^my-read/1 ' <<<"$output"
	run --separate-stderr installed list --plugin ./my-read.so my-read
	same "status" 0 "$status"
	has "$output" "plug-in: ./my-read.so"
	grep -Eq '^size +4K ' <<<"$output"
	run installed list
	[[ $output != *my-read* ]]
}

@test "a config may name the workload of a plug-in" {
	plugin my-read
	cat >c.yaml <<-'YAML'
	cells:
	  - {workload: my-read, size: [1K, 2K]}
	  - null
	YAML
	run --separate-stderr installed run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    --plugin ./my-read.so c.yaml
	same "status" 0 "$status"
	same "statuses" "ok ok ok" "$(statuses)"
	# The built-in one runs in the static cell, if this build has one.
	installed run -q "${VMS_SHORT[@]}" -o null.jsonl null >/dev/null
	static=$(jq -r 'select(.type == "launch") | .static' null.jsonl)
	same "static" "false false $static" "$(jq -r 'select(.type == "launch") |
	    .static' r.jsonl | sort | tr '\n' ' ' | sed 's/ $//')"
	run --separate-stderr installed check c.yaml
	same "status without it" 2 "$status"
	[[ $stderr == "vmstress: c.yaml:2:16: no workload 'my-read' ("* ]]
}

@test "two plug-ins can be loaded" {
	plugin one
	plugin two
	run --separate-stderr installed list --plugin ./one.so --plugin ./two.so
	same "status" 0 "$status"
	grep -q '^one/1 ' <<<"$output"
	grep -q '^two/1 ' <<<"$output"
}

@test "a run of a plug-in is resumed with it" {
	plugin my-read
	installed run -q "${VMS_SHORT[@]}" --launches 2 -o r.jsonl \
	    --plugin ./my-read.so my-read >/dev/null
	# As if it had been interrupted before its last launch.
	last=$(grep -n '"type":"launch"' r.jsonl | tail -n 1 | cut -d: -f1)
	head -n $((last - 1)) r.jsonl >cut.jsonl
	run --separate-stderr installed run -q --resume cut.jsonl
	same "status without" 2 "$status"
	has "$stderr" "its workload came from the plug-in ./my-read.so (load that with --plugin)"
	run --separate-stderr installed run -q --plugin ./my-read.so \
	    --resume cut.jsonl
	same "status with" 0 "$status"
	same "statuses" "ok ok" "$(statuses cut.jsonl)"
}

@test "a plug-in that crashes is a failed cell, not a dead run" {
	plugin crash '/^crash_run(/,/^}/s/^{$/{\n\tsignal(11, SIG_DFL); raise(11);/
	    s/^#include <fcntl.h>/&\n#include <signal.h>/'
	grep -q 'raise(11)' crash.c
	cat >c.yaml <<-'YAML'
	order: listed
	cells:
	  - crash
	  - {workload: crash, mode: thread}
	  - null
	YAML
	run --separate-stderr installed run -q "${VMS_SHORT[@]}" -o r.jsonl \
	    --plugin ./crash.so c.yaml
	same "status" 1 "$status"
	same "statuses" "failed failed ok" "$(statuses)"
	[[ $(jq -r 'select(.type == "end" and .cell == 0) | .reason' r.jsonl) =~ \
	    ^worker\ 0\ .*:\ killed\ by\ signal\ 11\  ]]
	[[ $(jq -r 'select(.type == "end" and .cell == 1) | .reason' r.jsonl) =~ \
	    ^vmstress-cell\ was\ killed\ by\ signal\ 11\  ]]
	nothing_left
}

# ---- what is no plug-in --------------------------------------------------

# rejected MESSAGE FILE: by every command that takes plug-ins.
rejected() {
	refuses 2 "$1" installed list --plugin "$2"
	refuses 2 "$1" installed check --plugin "$2" null
	refuses 2 "$1" installed run -q -o r.jsonl --plugin "$2" null
	[ ! -e r.jsonl ]
}

@test "a wrong ABI number is refused" {
	plugin old 's/\.abi = VMS_ABI/.abi = VMS_ABI + 1/'
	abi=$(sed -n 's/^#define VMS_ABI \([0-9]*\)$/\1/p' \
	    "$include/vmstress/workload.h")
	run --separate-stderr installed run -q -o r.jsonl --plugin ./old.so old
	same "status" 2 "$status"
	[[ $stderr =~ ^vmstress:\ plug-in\ \'\./old\.so\':\ the\ workload\ has\ ABI\ $((abi + 1)),\ this\ program\ has\ ABI\ $abi\ \(compile\ it ]]
	same "lines" 1 "${#stderr_lines[@]}"
	[ ! -e r.jsonl ]
}

@test "an object without the symbol of its name is refused" {
	plugin my-read
	mv my-read.so other.so
	rejected "vmstress: plug-in './other.so' exports no 'vms_workload_other' (the file is named after the workload that it defines)" \
	    ./other.so
}

@test "what is no object, or is not there, is refused" {
	setup_installed
	echo hello >text.so
	run --separate-stderr installed list --plugin ./text.so
	same "status" 2 "$status"
	[[ $stderr == "vmstress: cannot load plug-in './text.so': "?* ]]
	same "lines" 1 "${#stderr_lines[@]}"
	rejected "vmstress: cannot open plug-in './absent.so': No such file or directory" \
	    ./absent.so
	mkdir dir.so
	run --separate-stderr installed list --plugin ./dir.so
	same "status" 2 "$status"
	[[ $stderr == "vmstress: cannot load plug-in './dir.so': "?* ]]
}

@test "a name that is known already is refused" {
	plugin zfod
	rejected "vmstress: plug-in './zfod.so': workload 'zfod' is already known, built in" \
	    ./zfod.so
	source_of twice
	build twice
	refuses 2 "vmstress: plug-in './twice.so': workload 'twice' is already known, from ./twice.so" \
	    installed list --plugin ./twice.so --plugin ./twice.so
}

@test "an incomplete workload is refused" {
	plugin norun 's/^\t\.run = .*//
	    s/^static int64_t$/__attribute__((unused)) static int64_t/'
	rejected "vmstress: plug-in './norun.so': workload 'norun': has no hook 'run', which kind 'rate' requires" \
	    ./norun.so
}

# ---- and away again; keep this one last ----------------------------------

@test "make uninstall leaves nothing behind" {
	[ -n "$(find "$DESTDIR" -type f)" ]
	make_in_build uninstall
	same "files" "" "$(find "$DESTDIR" ! -type d)"
}
