#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One boot each of user-mode Linux and of Debian's cloud kernel, the same short
# plan in both, and what must come of it.  From a build tree:
#
#	tests/kernels/smoke.sh [FOLDER]
#
# Leaves the campaign in FOLDER (default: kernels-smoke).  Status 77 with the
# reason when there is no QEMU, no user-mode Linux or no kernel to be had.
set -u

folder=${1-kernels-smoke}
uml=$(command -v linux.uml || command -v linux || :)

skip() {
	echo "skipped: $*"
	exit 77
}

fail() {
	echo "failed: $*"
	for file in "$folder"/boots/*.log "$folder"/boots/*.said; do
		echo "== $file"
		tail -n 20 "$file"
	done
	exit 1
}

[ -n "$uml" ] || skip "user-mode Linux is not installed (user-mode-linux)"
command -v qemu-system-x86_64 >/dev/null ||
    skip "QEMU is not installed (qemu-system-x86)"

rm -rf "$folder"
./vmstress matrix --kernel "uml=$uml" \
    --kernel cloud=deb:linux-image-cloud-amd64 --allow-tcg --boots 1 \
    --launches 1 --samples 2 --interval 200ms --warmup 100ms \
    -o "$folder" configs/kernels-smoke.yaml >"$folder.out" 2>&1
status=$?
cat "$folder.out"
[ -d "$folder" ] || [ "$status" -ne 2 ] ||
    ! grep -q "linux-image-cloud-amd64" "$folder.out" ||
    skip "the kernel cannot be had"
[ "$status" -eq 0 ] || fail "status $status"

# Both kernels were booted once, and every launch of the plan went well.
[ "$(grep -c '"state":"result"' "$folder/campaign.jsonl")" -eq 2 ] ||
    fail "not two results"
cells=$(grep -c '"type":"cell"' "$folder/plan.jsonl")
for kernel in uml cloud; do
	record=$folder/boots/r01-$kernel.jsonl
	ended=$(grep '"type":"end"' "$record" |
	    grep -c -e '"status":"ok"' -e '"status":"skipped"')
	[ "$ended" -ge "$cells" ] ||
	    fail "$record: $ended of $cells cells have an end"
done
grep -q '^cloud  *1  *1  *0  *0$' "$folder.out" ||
    fail "the table of boots does not say so"
[ -s "$folder/report.html" ] || fail "no report"
echo "both kernels gave results"
