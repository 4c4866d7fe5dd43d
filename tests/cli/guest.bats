#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The first process of a guest, where it must not be: it refuses, and changes
# nothing.  In a kernel of its own it is tested with matrix.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# The folder `root` as pack.h lays it out, on a file system of its own; a
# command in it as process 1 of namespaces of its own.
in_image() {
	# shellcheck disable=SC2016 # for the other shell
	unshare --mount --pid --fork sh -c '
		mount -t tmpfs tmpfs root || exit 99
		mkdir -p root/vmstress
		cp "$0" root/vmstress/vmstress
		ln -s /vmstress/vmstress root/init
		for lib in $(ldd "$0" | grep -o "/[^ ]*"); do
			mkdir -p "root${lib%/*}"
			cp "$lib" "root$lib"
		done
		exec chroot root "$@"' "$VMS_BUILD/vmstress" "$@"
}

can_unshare() {
	mkdir root
	unshare --mount --pid --fork mount -t tmpfs tmpfs root 2>/dev/null ||
	    skip "no namespaces to be had here"
}

@test "guest refuses to be anything but process 1" {
	refuses 2 "vmstress: guest: this is for process 1 of a kernel that \
\`vmstress matrix\` boots, and for nobody else" vmstress guest seed=7
}

@test "guest refuses to be process 1 of a system that is not its own" {
	can_unshare
	refuses 2 "vmstress: guest: /init is not a link to \
/vmstress/vmstress: \`vmstress matrix\` has not made this system" \
	    unshare --pid --fork "$VMS_BUILD/vmstress" guest seed=7
}

# A sanitizer reads /proc before the guest has had a chance to mount it.
has_no_sanitizer() {
	! grep -qa __asan_init "$VMS_BUILD/vmstress" ||
	    skip "a sanitizer wants /proc before the guest mounts it"
}

@test "guest refuses to be process 1 of a container" {
	can_unshare
	has_no_sanitizer
	refuses 2 "vmstress: guest: this is process 1 of a container, not of \
a machine" in_image /init guest seed=7
}

@test "guest wants a seed, and passes over what is the kernel's" {
	can_unshare
	has_no_sanitizer
	refuses 2 "vmstress: guest: there is no seed=N on the kernel's \
command line" in_image /init guest root=98:0 console=tty0 seed7
	refuses 2 "vmstress: guest: seed=x: that is not a number" \
	    in_image /init guest root=98:0 seed=x
	refuses 2 "vmstress: guest: seed=-1: that is not a number" \
	    in_image /init guest seed=-1
}
