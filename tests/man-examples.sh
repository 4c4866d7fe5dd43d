#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The examples of the manual work: commands of vmstress(1) are run, configs of
# vmstress.yaml(5) are checked, the plug-in of vmstress-workload(3) is compiled
# and run.
set -u

: "${srcdir:=.}" "${top_builddir:=.}" "${CC:=cc}"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/vmstress-man.XXXXXX") || exit 99
trap 'cd / && rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

# Absolute, because the examples run in a folder of their own.
srcdir=$(cd "$srcdir" && pwd) || exit 99
top_builddir=$(cd "$top_builddir" && pwd) || exit 99
PATH=$top_builddir:$PATH
VMSTRESS_CONFIGS=$srcdir/configs
VMSTRESS_LIBEXEC=$top_builddir
export PATH VMSTRESS_CONFIGS VMSTRESS_LIBEXEC

n=0
status=0

# try WHAT COMMAND: it succeeds and says something, on the screen or, where
# it is redirected, in a file.  Cells that are unsupported are fine: a machine
# may lack what an example needs.
try() {
	n=$((n + 1))
	to=$(printf '%s\n' "$2" | sed -n 's/.*>\([a-z.]*\)$/\1/p')
	if sh -c "$2" </dev/null >"$tmp/said" 2>&1 &&
	    [ -s "${to:-$tmp/said}" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' "$tmp/said"
		status=1
	fi
}

# Literal blocks of a page to files that are named in their first lines:
# "# NAME.yaml: ..." or "/* NAME.c */".
blocks() {
	awk '
	/^\.Bd / { inside = 1; file = ""; next }
	/^\.Ed/ { inside = 0; next }
	!inside { next }
	file == "" {
		file = "-"
		if (match($0, /^(# |\/\* )[a-z-]+\.(yaml|c)/)) {
			file = substr($0, 1, RLENGTH)
			sub(/^(# |\/\* )/, "", file)
		}
	}
	file != "-" { print > file }' "$1"
}

mkdir "$tmp/work" && cd "$tmp/work" || exit 99
sed -n 's/^\.Dl \$ //p' "$srcdir/man/vmstress.1" >"$tmp/commands"
blocks "$srcdir/man/vmstress.yaml.5"
blocks "$srcdir/man/vmstress-workload.3"

# An included file has no cells, so it is checked through the one that has it.
grep -l '^cells:' ./*.yaml >"$tmp/configs" || :
sources=$(find . -name '*.c' | wc -l)

# An escape of mdoc would not mean the same to the shell.
backslash=$(printf '\134')
commands=$(wc -l <"$tmp/commands")
configs=$(wc -l <"$tmp/configs")
echo "1..$((commands + configs + 4))"

n=$((n + 1))
if [ "$commands" -ge 8 ] && [ "$configs" -ge 2 ] && [ "$sources" -eq 1 ] &&
    ! grep -qF "$backslash" "$tmp/commands"; then
	echo "ok $n - the pages have examples"
else
	echo "not ok $n - the pages have examples"
	echo "# $commands commands, $configs configs, $sources sources"
	status=1
fi

while read -r command; do
	try "$command" "$command"
done <"$tmp/commands"

while read -r config; do
	try "vmstress check $config" "vmstress check $config"
done <"$tmp/configs"

mkdir -p "$tmp/include/vmstress"
cp "$srcdir"/src/workload*.h "$tmp/include/vmstress/" || exit 99
try "msync.c compiles without a warning" "$CC -shared -fPIC -Wall -Wextra \
    -Werror -I'$tmp/include' -o msync.so msync.c && ls msync.so"
try "list msync --plugin" \
    "vmstress list msync --plugin ./msync.so | grep 'call'"
try "run msync --plugin" "vmstress run msync --plugin ./msync.so -w 2 \
    -m process,thread --launches 1 --samples 1 --interval 50ms \
    --warmup 0s -o msync.jsonl && grep '\"ok\"' msync.jsonl"
exit $status
