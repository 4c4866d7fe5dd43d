#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every command and every long option is in the manual, in the section of its
# command, and the manual has no others.
set -u

: "${srcdir:=.}" "${top_builddir:=.}"

vmstress=$top_builddir/vmstress
page=$srcdir/man/vmstress.1

tmp=$(mktemp -d "${TMPDIR:-/tmp}/vmstress-options.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

n=0
status=0

# same WHAT: the files help and manual hold the same words.
same() {
	n=$((n + 1))
	if cmp -s "$tmp/help" "$tmp/manual"; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1 (< in --help only, > in the manual only)"
		diff "$tmp/help" "$tmp/manual" | sed 's/^/# /'
		status=1
	fi
}

# The .Ss of one command under .Sh COMMANDS.
section() {
	awk -v name="$1" '
	/^\.Sh / { commands = $2 == "COMMANDS"; inside = 0 }
	/^\.Ss / { inside = commands && $2 == name && NF == 2 }
	inside' "$page"
}

# Long options in mdoc: "Fl -name", wherever the macro stands.
manual_options() {
	section "$1" | awk '
	/^\./ {
		for (i = 1; i < NF; i++)
			if ($i ~ /^\.?Fl$/ && $(i + 1) ~ /^-[a-z]/)
				print $(i + 1)
	}' | sed 's/^-//' | sort -u
}

# Options as --help prints them, one a line: "  -w, --workers LIST   ...".
help_options() {
	"$vmstress" help "$1" |
	    sed -n 's/^  .\{4\}--\([a-z][a-z-]*\).*/\1/p' | sort -u
}

"$vmstress" help | awk '/^commands:/ { on = 1; next } /^$/ { on = 0 } on {
	print $1 }' | sort >"$tmp/help"
awk '/^\.Sh / { on = $2 == "COMMANDS" } on && /^\.Ss / { print $2 }' "$page" |
    sort >"$tmp/manual"
cp "$tmp/help" "$tmp/commands"

count=$(wc -l <"$tmp/commands")
if [ "$count" -lt 2 ]; then
	echo "1..1"
	echo "not ok 1 - \`vmstress help\` names commands"
	exit 1
fi

# Commands; options of each; and that options were found at all.
echo "1..$((count + 2))"
same "commands"
: >"$tmp/all"
while read -r command; do
	help_options "$command" >"$tmp/help"
	manual_options "$command" >"$tmp/manual"
	cat "$tmp/help" >>"$tmp/all"
	same "options of $command"
done <"$tmp/commands"

n=$((n + 1))
if grep -qx workers "$tmp/all" && grep -qx csv "$tmp/all"; then
	echo "ok $n - options were found"
else
	echo "not ok $n - options were found"
	status=1
fi
exit $status
