#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `make gallery`: figures beside this file, smaller than plot makes them, drawn
# from the records of six kernels that do not exist (tests/fixtures/figures), and
# a page of them.
#
# Reads srcdir and top_builddir, as the tests do.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
src=$(cd "${srcdir:-$here/../..}" && pwd) || exit 1
build=$(cd "${top_builddir:-.}" && pwd) || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/gallery.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
most=400	# kB of all files
kinds="forest heatmap throughput percentiles growth memory timeline flame flamediff"

# small SCRIPT: as the figure, with less than half as many pixels.
small() {
	awk '/^set terminal pngcairo / {
		split($5, size, ",")
		$5 = int(size[1] * 0.65) "," int(size[2] * 0.65) " fontscale " \
		    "0.65 pointscale 0.7 linewidth 0.7"
	}
	{ print }' "$1" >"$tmp/small.gp" &&
	(cd "$tmp" && gnuplot -d small.gp 2>/dev/null)
}

"$build/vmstress" plot --list >"$tmp/kinds" || exit 1
rm -f "$here"/*.png "$here"/*.svg
{
	echo "# What \`vmstress plot\` draws"
	echo
	echo "From records of six kernels that do not exist: the numbers come"
	echo "from models (tests/fixtures/figures/make.sh), and say nothing of"
	echo "any kernel. \`make gallery\` draws them again."
} >"$here/README.md"
for kind in $kinds; do
	summary=$(sed -n "s/^$kind  *//p" "$tmp/kinds")
	[ -n "$summary" ] || continue
	"$build/vmstress" plot --figure "$kind" -f png -o "$tmp" \
	    "$src"/tests/fixtures/figures/[a-f].jsonl >"$tmp/made" || exit 1
	first=$(head -n 1 "$tmp/made")
	[ "${first%.png}" = "$first" ] || small "${first%.png}.gp" || exit 1
	cp "$first" "$here/$kind.${first##*.}" || exit 1
	printf '\n## %s\n\n%s\n\n![%s](%s)\n' "$kind" "$summary" "$summary" \
	    "$kind.${first##*.}" >>"$here/README.md"
done

size=$(cat "$here"/*.png "$here"/*.svg | wc -c)
if [ "$size" -gt $((most * 1000)) ]; then
	echo "the gallery has $size bytes, more than $most kB" >&2
	exit 1
fi
