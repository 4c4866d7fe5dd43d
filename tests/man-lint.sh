#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The manual pages are well-formed mdoc, the generated one as well.
set -u

: "${srcdir:=.}" "${top_builddir:=.}"

pages="$srcdir/man/vmstress.1 $srcdir/man/vmstress.yaml.5
	$srcdir/man/vmstress-record.5
	$srcdir/man/vmstress-workload.3"

if ! command -v mandoc >/dev/null 2>&1; then
	echo "1..0 # SKIP there is no mandoc"
	exit 0
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/vmstress-lint.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

n=0
status=0

# lint NAME FILE: no warnings, and the page has content.
lint() {
	n=$((n + 1))
	if mandoc -T lint -W warning "$2" >"$tmp/lint" 2>&1 &&
	    mandoc -T ascii "$2" 2>/dev/null | grep -q VMSTRESS; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' "$tmp/lint"
		status=1
	fi
}

echo "1..5"
for page in $pages; do
	lint "$(basename "$page")" "$page"
done

"$top_builddir/vmstress" list --mdoc >"$tmp/vmstress-workloads.7" ||
    : >"$tmp/vmstress-workloads.7"
lint vmstress-workloads.7 "$tmp/vmstress-workloads.7"
exit $status
