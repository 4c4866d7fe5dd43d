#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The conventions that keep the tree in layers, checked on the sources:
# who may include whom, where each library and each #ifdef for a system is,
# who may print, what a file may export, and how long it may be.
#
# TAP on standard output.  Reads srcdir (default: the folder above this one),
# top_builddir (for config.h; without one an empty one does) and CC.

here=$(dirname "$0")
src=$(cd "${srcdir:-$here/..}" && pwd) || exit 1
build=$(cd "${top_builddir:-.}" && pwd) || exit 1
: "${CC:=cc}"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/layers.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
cd "$src" || exit 1

count=0
failed=0

# result NAME: what is in $tmp/bad are the findings, none is a success.
result() {
	count=$((count + 1))
	if [ -s "$tmp/bad" ]; then
		failed=$((failed + 1))
		echo "not ok $count - $1"
		sed 's/^/# /' "$tmp/bad"
	else
		echo "ok $count - $1"
	fi
	: >"$tmp/bad"
}

# Source without comments and without what is in string literals, so that words
# in those are not taken for code; lines stay where they are.
cat >"$tmp/code.awk" <<'EOF'
{
	line = $0
	out = ""
	while (line != "") {
		if (comment) {
			end = index(line, "*/")
			comment = end == 0
			line = comment ? "" : substr(line, end + 2)
			continue
		}
		c = substr(line, 1, 1)
		if (substr(line, 1, 2) == "/*") {
			comment = 1
			line = substr(line, 3)
			continue
		}
		if (c != "\"" && c != "\047") {
			out = out c
			line = substr(line, 2)
			continue
		}
		for (i = 2; i <= length(line) && substr(line, i, 1) != c; i++)
			if (substr(line, i, 1) == "\\")
				i++
		out = out c c
		line = substr(line, i + 1)
	}
	print out
}
EOF

code() {
	awk -f "$tmp/code.awk" "$1"
}

# A check whose tool is broken finds nothing, so the tool is tried first.
cat >"$tmp/try.c" <<'EOF'
a(); /* b(); */ c("d();", '"', "\"e();"); /*
f(); */ g();
EOF
tried=$(code "$tmp/try.c" | tr '\n' '|')
if [ "$tried" != "a();  c(\"\", '', \"\"); | g();|" ]; then
	echo "Bail out! this awk does not do what the test wants"
	exit 1
fi

# "FILE:LINE:NAME" of all includes in quotes.
quoted() {
	for file in "$@"; do
		awk -v file="$file" '
		/^[ \t]*#[ \t]*include[ \t]*"/ {
			split($0, part, "\"")
			print file ":" FNR ":" part[2]
		}' "$file"
	done
}

# "FILE:LINE:NAME" of all includes in angle brackets.
system_includes() {
	for file in "$@"; do
		awk -v file="$file" '
		/^[ \t]*#[ \t]*include[ \t]*</ {
			name = $0
			sub(/^[^<]*</, "", name)
			sub(/>.*/, "", name)
			print file ":" FNR ":" name
		}' "$file"
	done
}

# allow FOLDER PATTERN: files of src/FOLDER include, apart from their own
# folder and config.h, only headers that match the extended regular expression.
allow() {
	ls src/"$1"/*.[ch] >/dev/null 2>&1 || return 0
	quoted src/"$1"/*.[ch] |
	    awk -F: -v own="^$1/" -v pattern="$2" '
		$3 != "config.h" && $3 !~ own && $3 !~ pattern {
			print $1 ":" $2 ": may not include \"" $3 "\""
		}' >>"$tmp/bad"
}

sources=$(find src workloads -name '*.[ch]' ! -name table.c | sort)
if [ "$(echo "$sources" | wc -l)" -lt 50 ]; then
	echo "Bail out! no sources in $src"
	exit 1
fi
: >"$tmp/bad"

# ---- who may include whom -------------------------------------------------

# The contract is below everything: it includes nothing of ours.
quoted src/workload.h | sed 's/$/: workload.h stands alone/' >>"$tmp/bad"
quoted src/workload_crowd.h src/workload_relays.h | awk -F: '$3 != "workload.h" {
	print $1 ":" $2 ": may include workload.h only" }' >>"$tmp/bad"
allow base '^workload\.h$'
allow os '^base/|^workload\.h$'
allow observe '^(os|base)/'
allow engine '^(observe|os|base)/|^workload(_crowd|_relays)?\.h$|^target/member\.h$'
allow plan '^(os|base)/|^workload\.h$'
allow record '^(os|base)/|^(engine/protocol|observe/histogram|plan/plan)\.h$|^workload\.h$'
allow stats '^(os|base)/'
allow present '^(record|stats|os|base)/|^observe/histogram\.h$'
allow figure '^(present|stats|base)/'
allow report '^(figure|present|stats|base)/'
allow run '^(plan|record|os|base)/|^engine/protocol\.h$|^observe/log_(class|events)\.h$|^workload\.h$'
allow boot '^(run|plan|record|os|base)/|^engine/protocol\.h$|^observe/log_class\.h$|^workload\.h$'
allow cli '^(report|figure|present|boot|run|plan|record|stats|observe|os|base)/|^engine/protocol\.h$|^workload\.h$'
allow target '^os/bare\.h$'
quoted src/main.c | awk -F: '$3 != "config.h" && $3 !~ /^cli\// {
	print $1 ":" $2 ": may not include \"" $3 "\"" }' >>"$tmp/bad"
result "folders include only the layers below them"

quoted workloads/*.[ch] | awk -F: '$1 !~ /\/table\.c$/ && $3 !~ /^workload(_crowd|_relays)?\.h$/ {
	print $1 ":" $2 ": may not include \"" $3 "\"" }' >>"$tmp/bad"
result "workloads include the contract and system headers only"

for dir in src/*/; do
	case $dir in
	src/base/|src/boot/|src/cli/|src/engine/|src/figure/|src/observe/|src/os/|\
	src/plan/|src/present/|src/record/|src/report/|src/run/|src/stats/|src/target/)
		;;
	*)
		echo "$dir: a folder that this test knows no rule for" >>"$tmp/bad"
		;;
	esac
done
result "every folder has its rule"

# ---- third parties --------------------------------------------------------

# only HEADER-PATTERN FILE-PATTERN
only() {
	# shellcheck disable=SC2086 # one word per file
	system_includes $sources | awk -F: -v header="$1" -v files="$2" '
		$3 ~ header && $1 !~ files {
			print $1 ":" $2 ": may not include <" $3 ">"
		}' >>"$tmp/bad"
}

only '^yaml\.h$' '^src/plan/'
only '^hwloc(\.h|/)' '^src/run/place\.c$'
only '^jansson' '^src/record/'
only '^gsl/' '^src/stats/'
only '^perfmon/' '^src/run/events_pfm\.c$'
only '^archive' '^src/boot/'
result "each library has its one place"

# ---- systems --------------------------------------------------------------

for file in $sources; do
	case $file in
	src/os/*) continue ;;
	esac
	code "$file" | awk -v file="$file" '
	/^[ \t]*#[ \t]*(if|ifdef|ifndef|elif)/ &&
	    /__linux|linux__|__FreeBSD|__DragonFly|__NetBSD|__OpenBSD|__APPLE__|__sun|__unix|BSD|__GLIBC__|__ANDROID__|_WIN32|__gnu_linux__/ {
		print file ":" FNR ": " $0
	}' >>"$tmp/bad"
done
result "no #ifdef for a system outside src/os"

# ---- printing and exiting -------------------------------------------------

for file in $sources; do
	case $file in
	src/cli/*|src/main.c|src/engine/main.c|src/run/guardian.c|src/target/*)
		continue
		;;
	esac
	# present prints to the FILE that it is given.
	code "$file" | awk -v file="$file" '
	/(^|[^A-Za-z0-9_])(printf|vprintf|puts|putchar|perror|exit|abort|assert)[ \t]*\(/ ||
	    /(^|[^A-Za-z0-9_])(stdout|stderr)([^A-Za-z0-9_]|$)/ {
		line = $0
		sub(/^[ \t]*/, "", line)
		print file ":" FNR ": " line
	}' >>"$tmp/bad"
done
result "only src/cli and the programs print or exit"

# ---- headers --------------------------------------------------------------

if [ -f "$build/config.h" ]; then
	cp "$build/config.h" "$tmp/config.h"
else
	: >"$tmp/config.h"
fi
for file in src/*.h src/*/*.h; do
	name=${file#src/}
	printf '#include "%s"\nextern int layers_unused;\n' "$name" >"$tmp/one.c"
	if ! $CC -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror \
	    -Wno-unused-function -fsyntax-only -iquote src \
	    "$tmp/one.c" >"$tmp/log" 2>&1; then
		echo "$file:" >>"$tmp/bad"
		head -n 5 "$tmp/log" >>"$tmp/bad"
	fi
done
result "every header compiles alone"

for file in src/*/*.c workloads/*.c; do
	case $file in
	workloads/*) continue ;;
	esac
	own=${file%.c}.h
	# What two programs agree on is no header of one of them.
	[ "$file" != src/target/member.c ] || own=
	first=$(quoted "$file" | head -n 1 | cut -d: -f3)
	[ "$first" = config.h ] || [ -z "$first" ] ||
	    echo "$file: config.h is not its first include" >>"$tmp/bad"
	[ -f "$own" ] || continue
	second=$(quoted "$file" | grep -v ':config\.h$' | head -n 1 |
	    cut -d: -f3)
	[ "src/$second" = "$own" ] ||
	    echo "$file: its own header is not the first after config.h" \
	    >>"$tmp/bad"
done
result "config.h comes first, then the own header"

# ---- names ----------------------------------------------------------------

# Functions with a column-0 name after a line that is a return type without
# `static`: what the house style makes of an exported function.
exported() {
	code "$1" | awk -v file="$1" '
	/^[a-z_][A-Za-z0-9_]*\(/ && before !~ /(^|[^a-z])(static|typedef)([^a-z]|$)/ &&
	    before ~ /^[a-z_][A-Za-z0-9_ *(),]*$/ && before !~ /[;{}]/ {
		name = $0
		sub(/\(.*/, "", name)
		print name ":" FNR
	}
	NF { before = $0 }'
}

for file in src/*/*.c; do
	folder=${file%/*}
	module=$(basename "$file" .c | tr - _)
	for item in $(exported "$file"); do
		name=${item%:*}
		case $name in
		main|"$module"_*|"${folder#src/}"_*) continue ;;
		esac
		# Shared by the files of a folder, and said so in its header.
		grep -qw "$name" "$folder"/*.h && continue
		echo "$file:${item#*:}: $name() begins with neither" \
		    "${module}_ nor ${folder#src/}_" >>"$tmp/bad"
	done
done
result "exported functions begin with the name of their file or folder"

for file in workloads/*.c; do
	[ "$file" != workloads/table.c ] || continue
	for item in $(exported "$file"); do
		echo "$file:${item#*:}: ${item%:*}() is not static" >>"$tmp/bad"
	done
done
result "workloads export nothing but their struct"

# ---- size -----------------------------------------------------------------

for file in $sources; do
	lines=$(awk 'END { print NR }' "$file")
	[ "$lines" -le 500 ] || echo "$file: $lines lines" >>"$tmp/bad"
done
result "no file is longer than 500 lines"

for file in $sources; do
	awk -v file="$file" '
	FNR == 1 && $0 != "/* SPDX-License-Identifier: BSD-2-Clause */" {
		print file ":1: no license line"
	}
	FNR == 2 && !/^\/\*/ {
		print file ":2: no comment that says what the file is"
	}
	/[ \t]$/ { print file ":" FNR ": blanks at the end of the line" }
	{
		line = $0
		width = 0
		while ((i = index(line, "\t")) > 0) {
			width += i - 1
			width += 8 - width % 8
			line = substr(line, i + 1)
		}
		width += length(line)
		if (width > 100)
			print file ":" FNR ": " width " columns"
	}' "$file" >>"$tmp/bad"
done
result "license line, idea of the file, no line over 100 columns"

# ---- parameters -----------------------------------------------------------

# Names of the rows of tables of struct vms_param: { "name", VMS_TYPE, ...
rows() {
	tr '\n' ' ' <"$1" | grep -o '{[ 	]*"[a-z0-9-]*",[ 	]*VMS_[A-Z]*' |
	    sed 's/.*"\([a-z0-9-]*\)".*/\1/'
}

rows src/plan/config_settings.c >"$tmp/settings"
rows src/plan/config_plan.c >>"$tmp/settings"
[ "$(wc -l <"$tmp/settings")" -ge 9 ] ||
    echo "the settings of a config are not where this test looks" >>"$tmp/bad"
printf 'workload\ninclude\ncells\n' >>"$tmp/settings"
for file in workloads/*.c; do
	for name in $(rows "$file"); do
		if grep -qx -e "$name" "$tmp/settings"; then
			echo "$file: parameter '$name' is a setting of configs" \
			    >>"$tmp/bad"
		fi
	done
done
result "no parameter has the name of a config setting"

echo "1..$count"
[ "$failed" -eq 0 ]
