#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Campaigns as operands: all their records, and how their boots ended.
# shellcheck disable=SC2154,SC2030,SC2031,SC2034

load common
load campaign-common

# words TEXT: with one blank between words.
words() {
	tr -s ' \n' ' ' <<<"$1"
}

@test "a campaign is all its records, named and in the order of its kernels" {
	campaign c 4 old new
	for round in 1 2 3 4; do
		boot $round new result $((500 + round))
		boot $round old result $((1000 + round))
	done
	run -1 vmstress compare c
	has "$output" "vmstress compare: new against old"
	run -1 vmstress compare --style csv c
	csv=$output
	run -1 vmstress compare --style csv old=c/boots/r01-old.jsonl \
	    old=c/boots/r02-old.jsonl old=c/boots/r03-old.jsonl \
	    old=c/boots/r04-old.jsonl new=c/boots/r01-new.jsonl \
	    new=c/boots/r02-new.jsonl new=c/boots/r03-new.jsonl \
	    new=c/boots/r04-new.jsonl
	same "as its records" "$output" "$csv"
}

# The kernels of all these boots say that they are of one.
@test "every boot is a unit, whatever its kernel calls it" {
	four c 1000
	run -0 vmstress compare --style json c
	same "unit" '"boot"' "$(jq -c .unit <<<"$output")"
	same "units" "[4,4]" "$(jq -c '[.sides[].units]' <<<"$output")"
	run -0 vmstress compare c/boots/r0?-old.jsonl c/boots/r0?-new.jsonl
	has "$(words "$output")" "base old 6.1-old 4 boots new new 6.1-new 4 boots"
	run -0 vmstress plan c
	has "$output" "  old  4 boots, 24 launches"
}

@test "two records of one boot are one unit" {
	four c 1000
	cp c/boots/r01-old.jsonl again.jsonl
	sed -i 's/"uptime":"1"/"uptime":"2"/' again.jsonl
	run -0 vmstress compare c old=again.jsonl
	has "$(words "$output")" "base old 6.1-old 4 boots"
}

@test "several campaigns and records are taken together" {
	four c 1000
	four d 1000
	begin more.jsonl other 2 ',"ids":{"boot_id":"other"}'
	launch 1000000 2000000 5000
	run -0 --separate-stderr vmstress compare --style json c d new=more.jsonl
	same "sides" '[["old",8],["new",9]]' \
	    "$(jq -c '[.sides[] | [.name, .units]]' <<<"$output")"
	same "boots" 16 "$(jq '.boots | length' <<<"$output")"
}

@test "only what has ended counts" {
	four c 1000
	boot 5 old interrupted 10
	boot 5 new open 10
	run -0 vmstress compare --style json c
	same "units" "[4,4]" "$(jq -c '[.sides[].units]' <<<"$output")"
	run -0 vmstress compare c
	has "$output" "2 boots were cut short or interrupted and do not count"
}

@test "a round more does not look like another machine" {
	own=',"cmdline":"console=ttyS0 seed=ROUND config=1"'
	four c 1000
	for round in 1 2 3 4; do
		sed -i "s/seed=ROUND/seed=$round/" c/boots/r0$round-*.jsonl
	done
	run -0 vmstress compare --strict c
	[[ $output != *WARNING* && $output != *CONFOUNDS* ]]
	sed -i 's/ttyS0/ttyS1/' c/boots/r0?-new.jsonl
	run -2 --separate-stderr vmstress compare --strict c
	has "$stderr" "kernel.cmdline is"
}

# ---- the three ends -----------------------------------------------------------

@test "failed and lost boots are told, with the end of the log" {
	campaign c 2 old new
	boot 1 old result 1000
	boot 1 new lost
	boot 2 old result 1001
	boot 2 new failed 1000
	run -1 vmstress compare c
	same "the table" "boots of the campaign c: quick, 2 rounds
kernel  boots  result  failed  lost
old         2       2       0     0
new         2       0       1     1
new, round 1: lost (panic): the kernel panicked
    Kernel panic - not syncing
    \\x1b[31mend
  log: c/boots/r01-new.log
new, round 2: failed: no memory
  log: c/boots/r02-new.log" "$(head -n 10 <<<"$output")"
}

@test "a kernel that was always lost is a regression, and is compared" {
	campaign c 4 old new
	for round in 1 2 3 4; do
		boot $round old result $((1000 + round))
		boot $round new lost
	done
	run -1 --separate-stderr vmstress compare c
	has "$output" "  WARNING: new: no result: lost in 4 of 4 boots (panic)"
	has "$(words "$output")" " 1 1.003M 0.1% - - - - - ?"
	for style in benchstat mmtests ministat markdown csv json; do
		run -1 --separate-stderr vmstress compare --style $style c
	done
	same "lost" '["new",4,4,0]' "$(jq -c \
	    '.sides[1] | [.name, .boots, .boots_lost, .units]' <<<"$output")"
	same "ends" '["new",1,"lost","panic",["Kernel panic - not syncing","\u001b[31mend"]]' \
	    "$(jq -c '.boots[1] | [.kernel, .round, .state, .how, .tail]' <<<"$output")"
	run -1 vmstress compare --explain c
	run -0 vmstress plot -o p c
	run -0 vmstress show c
	run -0 vmstress plan c
}

@test "a base that was always lost is none" {
	campaign c 4 old new
	for round in 1 2 3 4; do
		boot $round old lost
		boot $round new result $((1000 + round))
	done
	run -0 vmstress compare c
	has "$output" "  WARNING: old: no result: lost in 4 of 4 boots (panic)"
	run -3 vmstress compare --fail-on inconclusive c
	run -0 vmstress plot -o p c
}

@test "a record that a lost kernel has only begun is none" {
	campaign c 1 old new
	boot 1 old result 1000
	boot 1 new lost
	printf '{"type":"run","sche' >c/boots/r01-new.jsonl
	run -1 vmstress compare c
	has "$output" "new: no result: lost in 1 of 1 boots (panic)"
}

@test "nothing but losses is a table" {
	campaign c 1 old new
	boot 1 old lost
	boot 1 new lost
	run -0 vmstress compare c
	has "$output" "old: no result: lost in 1 of 1 boots (panic)"
	has "$output" "new: no result: lost in 1 of 1 boots (panic)"
	refuses 2 "vmstress: c: no boot of this campaign has left a record" \
	    vmstress show c
}

@test "emulated boots are marked" {
	mark="emulated (TCG): times are of the emulator, not of a processor"
	facts=',"accelerator":"tcg"'
	four c 1000
	run -0 vmstress compare c
	has "$output" "  WARNING: $mark"
	run -0 --separate-stderr vmstress compare --style markdown c
	has "$stderr" "compare: warning: $mark"
	# The fixture names no machine, and this one does.
	sed "s/\"boot\":{/\"machine\":{\"arch\":\"x86_64\"},&/" c/boots/r01-old.jsonl >one.jsonl
	run -0 vmstress show one.jsonl
	has "$output" "x86_64 (emulated)"
	facts=',"accelerator":"kvm"'
	four d 1000
	run -0 vmstress compare d
	[[ $output != *"$mark"* ]]
	run -2 vmstress compare base=c/boots/r01-old.jsonl new=d/boots/r01-new.jsonl
	has "$output" "base ran on an emulated machine (TCG), new on a virtual machine"
}

# ---- the report ------------------------------------------------------------------

# section FILE: the part on boots of a report in Markdown.
section() {
	sed -n '/^## Boots/,/^## Kernels/p' "$1"
}

@test "a report has the boots, their conditions and the configurations" {
	facts=',"accelerator":"kvm","cpus":"2","memory_bytes":"1073741824"'
	campaign c 2 old new
	boot 1 old result 1000
	boot 1 new lost
	facts=',"accelerator":"kvm","cpus":"4","memory_bytes":"1073741824"'
	boot 2 old result 1001
	boot 2 new failed
	boot 3 new open
	for i in {1..25}; do
		echo "CONFIG_O$i y -> n"
	done >c/kernels/old-new.diff
	run -0 vmstress report -f md -o r.md c
	text=$(section r.md)
	has "$text" "### c: quick, order listed"
	has "$text" "| old | 6.1-old | qemu |  | 2 | 2 | 0 | 0 |"
	has "$text" "| new | 6.1-new | qemu |  | 2 | 0 | 1 | 1 |"
	has "$text" "new, round 1: lost (panic): the kernel panicked (log: c/boots/r01-new.log)

    Kernel panic - not syncing
    \\x1b[31mend
"
	has "$text" "new, round 2: failed: no memory (log: c/boots/r02-new.log)"
	has "$text" "1 boot was cut short or interrupted and does not count."
	has "$text" "| accelerator | kvm |"
	has "$text" "| processors | not the same in all boots |"
	has "$text" "| memory | 1073741824 bytes |"
	has "$text" "new is configured differently from old in 25 options, of which the first are shown (c/kernels/old-new.diff):

    CONFIG_O1 y -> n
    CONFIG_O2 y -> n"
	has "$text" "CONFIG_O20 y"
	[[ $text != *CONFIG_O21* ]]
	has "$(cat r.md)" "new: no result: lost in 1 of 2 boots (panic), failed in 1 of 2 boots"
	run -0 vmstress report -o r.html c
	has "$(cat r.html)" "Kernel panic - not syncing"
}

@test "a report of other records has no boots, one of emulators is marked" {
	facts=',"accelerator":"tcg"'
	four c 1000
	run -0 vmstress report -f md -o r.md c/boots/r01-old.jsonl
	same "no section" "" "$(section r.md)"
	run -0 vmstress report -f md -o r.md c
	has "$(cat r.md)" "emulated (TCG): times are of the emulator, not of a processor"
	mkfifo c/kernels/old-new.diff
	run -0 vmstress report -f md -o r.md c
	[[ $(section r.md) != *configured* ]]
}

# ---- what is no campaign --------------------------------------------------------

@test "other folders are refused" {
	mkdir folder
	for command in compare plot report show plan; do
		refuses 2 "vmstress: folder: no campaign: there is no campaign.jsonl in it, as \`vmstress matrix\` writes" \
		    vmstress $command folder
	done
	campaign c 2 old new
	refuses 2 "vmstress: c: none of the boots of this campaign has ended (\`vmstress matrix --resume\` goes on)" \
	    vmstress compare c
	refuses 2 "vmstress: x=c: a campaign has the names of its kernels (give the folder alone)" \
	    vmstress compare x=c
	refuses 2 "vmstress: export: c is a folder: name one record (of a campaign, one of its boots)" \
	    vmstress export -f csv c
	echo '{"type":"end","boot":1}' >>c/campaign.jsonl
	refuses 2 "vmstress: c/campaign.jsonl:4: end: 'attempt' is missing" \
	    vmstress compare c
}
