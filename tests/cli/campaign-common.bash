# SPDX-License-Identifier: BSD-2-Clause
# Campaigns that are made up, for the tests of what takes them as operands.
# shellcheck shell=bash disable=SC2030,SC2031,SC2034

load compare-common

# campaign FOLDER ROUNDS KERNEL...: a manifest without boots.
campaign() {
	folder=$1
	id=$(basename "$folder")
	boot=0
	mkdir -p "$folder/boots" "$folder/kernels"
	echo "{\"type\":\"campaign\",\"schema\":\"vmstress-campaign/1\",\"id\":\"$id\",\"started\":\"2026-11-27T10:00:00Z\",\"tool\":\"1\",\"config\":\"quick\",\"order\":\"listed\",\"seed\":1,\"kernels\":$(($# - 2)),\"boots\":$2,\"cpus\":2,\"memory_bytes\":1073741824,\"image\":\"guest.cpio\",\"image_digest\":\"00\"}" >"$folder/campaign.jsonl"
	shift 2
	for name in "$@"; do
		echo "{\"type\":\"kernel\",\"name\":\"$name\",\"spec\":\"$name=bzImage\",\"runner\":\"qemu\",\"kind\":\"bzImage\",\"arch\":\"x86_64\",\"version\":\"6.1-$name\",\"file\":\"kernels/$name\",\"digest\":\"01\",\"config\":null}"
	done >>"$folder/campaign.jsonl"
}

# boot ROUND KERNEL STATE [SPEED]: with a record if there is a speed.  What the
# host knows of it is in $facts, more of the kernel's own in $own.
facts=
own=
boot() {
	local path=boots/r0$1-$2 position end=

	boot=$((boot + 1))
	position=$(((boot - 1) % 2 + 1))
	echo "{\"type\":\"begin\",\"boot\":$boot,\"attempt\":1,\"round\":$1,\"position\":$position,\"kernel\":\"$2\",\"started\":\"2026-11-27T10:00:00Z\",\"record\":\"$path.jsonl\",\"log\":\"$path.log\"}" >>"$folder/campaign.jsonl"
	: >"$folder/$path.log"
	if [ -n "${4-}" ]; then
		begin "$folder/$path.jsonl" "$2" 2 ",\"kernel\":{\"release\":\"6.1-$2\"$own},\"ids\":{\"boot_id\":\"same\",\"uptime\":\"1\"},\"boot\":{\"campaign\":\"$id\",\"kernel\":\"$2\",\"round\":\"$1\",\"position\":\"$position\",\"runner\":\"qemu\",\"host_load\":\"$boot\"$facts}"
		launch $((1000 * $4)) $((2000 * $4)) $((5000000 / $4))
		launch $((1001 * $4)) $((2001 * $4)) $((5001000 / $4))
	fi
	case $3 in
	lost) end=',"how":"panic","reason":"the kernel panicked","tail":["Kernel panic - not syncing","\u001b[31mend"]' ;;
	failed) end=',"reason":"no memory"' ;;
	open) return 0 ;;
	esac
	echo "{\"type\":\"end\",\"boot\":$boot,\"attempt\":1,\"state\":\"$3\"$end}" >>"$folder/campaign.jsonl"
}

# Four rounds of old and new, whose speeds differ a little from boot to boot.
# four FOLDER NEW: speed of new in thousandths of old.
four() {
	local round

	campaign "$1" 4 old new
	for round in 1 2 3 4; do
		boot $round old result $((1000 + round))
		boot $round new result $(($2 + round))
	done
}
