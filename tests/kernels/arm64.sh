#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A kernel for arm64 booted on another machine: vmstress is built for arm64 with
# Debian's cross compiler and libraries, and Debian's cloud kernel runs it, its
# processors emulated.  From a build tree:
#
#	apt-get install gcc-aarch64-linux-gnu qemu-system-arm
#	tests/kernels/arm64.sh [FOLDER]
#
# Everything goes into FOLDER (default: kernels-arm64): root, the libraries;
# build, the programs; campaign.  What is there already is not made again.
# Nothing is installed: libgsl-dev, for one, cannot be there for two
# architectures at once.  Status 77 with the reason when something is not to be
# had.
set -u

folder=${1-kernels-arm64}
packages="libc6-dev libyaml-dev libhwloc-dev libjansson-dev libgsl-dev
	libpfm4-dev libarchive-dev zlib1g-dev"

skip() {
	echo "skipped: $*"
	exit 77
}

fail() {
	echo "failed: $*"
	exit 1
}

for tool in aarch64-linux-gnu-gcc qemu-system-aarch64 apt-get dpkg-deb; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial" ||
    fail "$folder cannot be made"
folder=$(cd "$folder" && pwd)

# apt for another machine, which has nothing installed: ours and that of matrix.
cat >"$folder/apt/apt.conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
Dir::State::status "$folder/apt/status";
Dir::State::lists "$folder/apt/lists";
Dir::Cache "$folder/apt";
Debug::NoLocking "true";
END
export APT_CONFIG="$folder/apt/apt.conf"

# A link to /lib leads to this machine's.
own_links() {
	find "$1" -type l -lname '/*' -printf '%l %p\n' |
	    while read -r to link; do
		ln -snfr "$1$to" "$link"
	done
}

libraries() {
	: >"$folder/apt/status"
	apt-get -q update || skip "no list of packages can be had"
	# shellcheck disable=SC2086
	apt-get -q -y --no-install-recommends --download-only install \
	    $packages || skip "the libraries cannot be had"
	rm -rf "$folder/root.new"
	mkdir "$folder/root.new"
	for deb in "$folder"/apt/archives/*.deb; do
		dpkg-deb -x "$deb" "$folder/root.new" ||
		    fail "$deb is damaged"
	done
	own_links "$folder/root.new"
	mv "$folder/root.new" "$folder/root"
}

# A tree that is configured cannot be used for another build: a copy of it can.
programs() {
	rm -rf "$folder/source" "$folder/build"
	make distdir distdir="$folder/source" && mkdir "$folder/build" || return
	cd "$folder/build" && PKG_CONFIG_SYSROOT_DIR="$folder/root" \
	    PKG_CONFIG_LIBDIR="$folder/root/usr/lib/aarch64-linux-gnu/pkgconfig" \
	    ../source/configure --host=aarch64-linux-gnu \
	    CC="aarch64-linux-gnu-gcc --sysroot=$folder/root" && make -j2
}

[ -d "$folder/root" ] || libraries
[ -x "$folder/build/vmstress" ] || (programs) >"$folder/build.log" 2>&1 || {
	tail -n 20 "$folder/build.log"
	fail "vmstress cannot be built for arm64"
}

rm -rf "$folder/campaign"
./vmstress matrix --kernel arm64=deb:linux-image-cloud-arm64 \
    --program "$folder/build/vmstress" --libexec "$folder/build" \
    --sysroot "$folder/root" --allow-tcg --boots 1 --launches 1 --samples 2 \
    --interval 200ms --warmup 100ms -o "$folder/campaign" \
    configs/kernels-smoke.yaml || fail "status $?"
grep -q '"state":"result"' "$folder/campaign/campaign.jsonl" ||
    fail "no result"
echo "the kernel gave results"
