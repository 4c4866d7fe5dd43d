#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What README.md shows, once more: half an hour on two processors without KVM.
# From a build tree, with qemu-system-x86, user-mode-linux and gnuplot:
#
#	doc/matrix/make.sh FOLDER
#
# FOLDER, which must not exist, gets the campaigns; what they print goes into
# FOLDER/*.txt, the figure into FOLDER/forest.
set -u

here=$(pwd)
folder=${1:?where to? A folder that does not exist}
cloud=deb:linux-image-6.1.0-56-cloud-amd64
rt=deb:linux-image-6.1.0-56-rt-amd64
mkdir "$folder" && cd "$folder" || exit 1

matrix() {
	"$here/vmstress" matrix --allow-tcg "$@"
}

# Three kernels, and one of them twice.
matrix -k cloud=$cloud -k rt=$rt -k uml="$(command -v linux.uml)" --boots 6 \
    --seed 1 -o three kernels-smoke >three.txt 2>three.err
matrix -k cloud=$cloud -k again=$cloud --boots 4 --seed 2 \
    -o twice kernels-smoke >twice.txt 2>twice.err
"$here/vmstress" plot --figure forest -f png -o forest three >/dev/null

# A kernel that finds no first process, one that hangs, one that is none.
"$here/tests/kernels/tiny" hang hang.img
matrix -k good=$cloud -k panics=$cloud --append-to panics=rdinit=/none \
    -k hangs=hang.img -k text="$here/README.md" --boots 2 --seed 3 \
    --boot-timeout 30s --launches 1 -o lost getppid >lost.txt 2>lost.err

# vmstress killed in the middle of round 2, and gone on with.
"$here/vmstress" matrix --allow-tcg -k a=$cloud -k b="$(command -v linux.uml)" \
    --boots 3 --seed 4 --launches 2 -o killed getppid >killed.txt \
    2>killed.err &
pid=$!
until grep -q '"type":"begin".*"round":2,"position":2' killed/campaign.jsonl
do
	sleep 1
done 2>/dev/null
kill -KILL $pid
wait $pid
echo "status $?" >>killed.err
"$here/vmstress" matrix --resume killed >>killed.txt 2>>killed.err
grep -c '"type":"end"' killed/campaign.jsonl >killed.ends
