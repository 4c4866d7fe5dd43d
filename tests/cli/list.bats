#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What `vmstress list` says about workloads, from their tables.

# Variables that bats and common.bash set, each test in a subshell of its own.
# shellcheck disable=SC2154,SC2030,SC2031

load common

# shellcheck disable=SC2016 # $0 is awk's
# "NAME listed" or "NAME hidden" of the workloads in the files of the build list.
sources() {
	sed -n 's|^[ \t]*\(workloads/[a-z0-9-]*\.c\).*|\1|p' \
	    "$VMS_SOURCE/workloads/Makemodule.am" | grep -v table | sort -u |
	    (cd "$VMS_SOURCE" && xargs awk '
		/^const struct vms_workload / { inside = 1; how = "listed" }
		inside && /\.name = / { split($0, part, "\""); name = part[2] }
		inside && /\.hidden = true/ { how = "hidden" }
		inside && /^};/ { print name, how; inside = 0 }') | sort
}

# The first column of the table of workloads, without versions.
names() {
	awk 'NR > 1 && NF == 0 { exit }
	    NR > 1 { sub(/\/.*/, "", $1); print $1 }'
}

@test "every workload of the build list is listed, and nothing else" {
	run --separate-stderr vmstress list
	same "status" 0 "$status"
	same "standard error" "" "$stderr"
	want=$(sources | sed -n 's/ listed$//p')
	[ -n "$want" ]
	if [ "$(uname -s)" != Linux ]; then
		want=$(grep -vx mremap <<<"$want")
	fi
	same "workloads" "$want" "$(names <<<"$output" | sort)"
}

@test "--all adds those that only test the contract" {
	plain=$(vmstress list | names | sort)
	all=$(vmstress list --all | names | sort)
	hidden=$(sources | sed -n 's/ hidden$//p')
	[ -n "$hidden" ]
	same "added" "$hidden" "$(comm -13 <(echo "$plain") <(echo "$all"))"
	same "lost" "" "$(comm -23 <(echo "$plain") <(echo "$all"))"
	same "-a" "$all" "$(vmstress list -a | names | sort)"
}

@test "two workloads of one file have each its own text and headline" {
	one=$(vmstress list map-only)
	two=$(vmstress list unmap-only)
	has "$one" "One operation of \`map\`, the headline, is"
	has "$two" "One operation of \`unmap\`, the headline, is"
	[[ $one != *"One operation of \`unmap\`, the headline"* ]]
	[[ $two != *"One operation of \`map\`, the headline"* ]]
	# And each its own headline.
	for name in map unmap; do
		fast "$name-only" -p count=20 >/dev/null
		same "headline of $name-only" "$name" \
		    "$(jq -r 'select(.headline == true) | .name' r.jsonl)"
		rm r.jsonl
	done
}

@test "the table takes only files that define and explain what they are named after" {
	table() {
		sh "$VMS_SOURCE/build-aux/gen-workloads.sh" "$T" my-read.c
	}
	printf '/*\n * Reads.\n */\nconst struct vms_workload vms_workload_%s = {\n};\n' \
	    my_read >my-read.c
	has "$(table)" "{ &vms_workload_my_read,"
	sed s/my_read/other/ my-read.c >other.c
	cat other.c >>my-read.c
	has "$(table)" "{ &vms_workload_other,"
	sed -i 's/^ \*\/$/&\n/' my-read.c
	run --separate-stderr table
	same "status without a comment" 1 "$status"
	same "message" "my-read.c: no comment that says what vms_workload_other does" \
	    "$stderr"
	cp other.c my-read.c
	run --separate-stderr table
	same "status without its own" 1 "$status"
	same "message" "my-read.c: does not define vms_workload_my_read" "$stderr"
}

@test "the shipped configs are named" {
	configs=$(vmstress list | sed -n 's/^configs: //p')
	for file in "$VMS_SOURCE"/configs/*.yaml; do
		name=$(basename "$file" .yaml)
		has ", $configs," ", $name,"
	done
}

@test "no line of the table is torn" {
	# Five columns, each beginning where its title does.
	vmstress list | awk '
		NR == 1 { at = index($0, "what"); next }
		NF == 0 { exit }
		substr($0, at - 1, 1) != " " || substr($0, at, 1) == " " {
			print; bad = 1
		}
		END { exit bad }'
}

@test "list NAME explains a workload and its parameters" {
	run --separate-stderr vmstress list zfod
	same "status" 0 "$status"
	has "${lines[0]}" "zfod/1 - "
	has "$output" "One operation is the first write to one page"
	has "$output" "kind: rate; one operation: fault; modes: process, thread"
	has "$output" "second rate: fault-only/s"
	grep -Eq '^parameter +default +accepts +what$' <<<"$output"
	grep -Eq '^size +128M +size ' <<<"$output"
	grep -Eq '^thp +off +one of: off, on, system ' <<<"$output"
}

@test "list NAME says what a workload in phases records by itself" {
	run vmstress list test-phases
	same "status" 0 "$status"
	has "$output" "percentiles: of the number of an item"
}

@test "list NAME says when there are no parameters" {
	run vmstress list null
	same "status" 0 "$status"
	has "$output" "no parameters"
}

@test "every workload says what one operation is and all parameters have help" {
	for name in $(vmstress list | names); do
		run --separate-stderr vmstress list "$name"
		same "status of $name" 0 "$status"
		[[ ${lines[0]} =~ ^$name/[0-9]+\ -\ [a-z] ]]
		[[ $output =~ [Oo]ne\ operation ]]
		if [[ $output != *"no parameters"* ]]; then
			# Every row reaches the last column.
			sed -n '/^parameter /,$p' <<<"$output" | awk '
				NR == 1 { at = index($0, "what"); next }
				length($0) < at { print; bad = 1 }
				END { exit bad || NR < 2 }'
		fi
	done
}

@test "hidden workloads can be explained, too" {
	run vmstress list test-faults
	same "status" 0 "$status"
	has "$output" "init-fails"
}

@test "several names are explained in the order given" {
	run vmstress list null zfod
	same "status" 0 "$status"
	same "order" "null/1 zfod/1" \
	    "$(grep -o '^[a-z-]*/[0-9]* - ' <<<"$output" | sed 's/ - //' |
	    tr '\n' ' ' | sed 's/ $//')"
}

@test "an unknown name is refused, with a suggestion if there is one" {
	refuses 2 "vmstress: no workload 'zfood' (did you mean 'zfod'?)" \
	    vmstress list zfood
	refuses 2 "vmstress: no workload 'frobnicate' (see 'vmstress list')" \
	    vmstress list frobnicate
}

@test "--mdoc is a manual page that mandoc finds nothing wrong with" {
	command -v mandoc >/dev/null || skip "no mandoc"
	vmstress list --mdoc >page
	run mandoc -T lint -W warning page
	same "warnings" "" "$output"
	same "status" 0 "$status"
}

@test "--mdoc has every listed workload and parameter, and no hidden one" {
	vmstress list --mdoc >page
	same "workloads" "$(vmstress list | names)" "$(sed -n 's/^\.Ss //p' page)"
	for name in $(vmstress list | names); do
		want=$(vmstress list "$name" |
		    sed -n '/^parameter /,$p' | awk 'NR > 1 { print $1 }')
		is=$(awk -v name="$name" '
			/^\.S/ { on = $1 == ".Ss" && $2 == name }
			on && /^\.It Cm / { print $3 }' page)
		same "parameters of $name" "$want" "$is"
	done
}

@test "no line of the manual page is taken for a request by mistake" {
	vmstress list --mdoc >page
	# Requests are capitalized macros; text lines begin otherwise.
	run grep -nE "^('|\.[^A-Z\\\\])" page
	same "stray requests" "" "$output"
}
