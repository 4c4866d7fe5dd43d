# SPDX-License-Identifier: BSD-2-Clause
# Campaigns without a kernel: tiny ones, and a QEMU that is a script.
# shellcheck shell=bash disable=SC2154,SC2030,SC2031,SC2034

# tiny KIND [FILE]: a kernel of tests/kernels/tiny.c, "KIND.img".
tiny() {
	"$VMS_BUILD/tests/kernels/tiny" "$1" "${2:-$1.img}"
}

# As short as a campaign can be.
VMS_CAMPAIGN=(-w 1 "${VMS_SHORT[@]}" --cpus 1 --memory 128M --allow-tcg
    --boots 1 --order listed)

campaign() {
	vmstress matrix "${VMS_CAMPAIGN[@]}" "$@"
}

# how FOLDER: "NAME STATE HOW" of every boot that has an end.
how() {
	jq -rs '(map(select(.type == "begin")) |
	    map({ key: "\(.boot) \(.attempt)", value: .kernel }) |
	    from_entries) as $name | .[] | select(.type == "end") |
	    "\($name["\(.boot) \(.attempt)"]) \(.state) \(.how)"' \
	    "$1/campaign.jsonl"
}

# reason FOLDER KERNEL: why its boots ended so, one line each.
reason() {
	jq -rs --arg name "$2" '(map(select(.type == "begin" and
	    .kernel == $name) | "\(.boot) \(.attempt)")) as $its | .[] |
	    select(.type == "end" and ("\(.boot) \(.attempt)" |
	    IN($its[]))) | .reason' "$1/campaign.jsonl"
}

# ---- a QEMU that is a script ------------------------------------------------

# In the folder $FAKE, which is first in PATH from now on.  A kernel is what
# $FAKE/NAME.sh does, with its log in $log and its arguments in $append; what it
# prints is for `say`.  Whoever asks for KVM is told what is in $FAKE/kvm: K.
fake_qemu() {
	FAKE=$PWD/fake
	export FAKE
	mkdir -p "$FAKE"
	PATH=$FAKE:$PATH
	ln -sf "$VMS_BUILD/tests/kernels/say" "$FAKE/say"
	printf K >"$FAKE/kvm"
	cat >"$FAKE/qemu-system-x86_64" <<'END'
#!/bin/bash
case " $* " in
*" --version "*)
	echo "QEMU emulator version 9.8.7 (Fake)"
	exit 0 ;;
*" -debugcon "*)
	cat "$FAKE/kvm"
	exit 0 ;;
esac
while [ $# -gt 0 ]; do
	case $1 in
	file,id=log,path=*) log=${1#file,id=log,path=} ;;
	-kernel) name=${2##*/} ;;
	-append) append=$2 ;;
	esac
	shift
done
. "$FAKE/$name.sh"
END
	chmod +x "$FAKE/qemu-system-x86_64"
}

# fake NAME: a kernel that does what is on standard input.
fake() {
	tiny hang "$1.img"
	cat >"$FAKE/$1.sh"
	kernels+=(-k "$1=$1.img")
}

# A record of two cells as messages: its header and cells, and its launches.
fake_head() {
	sed -n '/"type":"\(run\|cell\)"/s/^/line /p' \
	    "$VMS_SOURCE/tests/fixtures/two-cells.jsonl"
}

# Its last line is torn.
fake_rest() {
	sed -e '/"type":"\(run\|cell\)"/d' -e '$d' -e 's/^/line /' \
	    "$VMS_SOURCE/tests/fixtures/two-cells.jsonl"
}
export VMS_SOURCE
export -f fake_head fake_rest
