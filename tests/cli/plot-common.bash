# SPDX-License-Identifier: BSD-2-Clause
# Figures and their data, for the tests of vmstress plot.
# shellcheck shell=bash

# figure NAME RECORD...: the data of all figures of a kind, without pictures.
figure() {
	vmstress plot -o p --figure "$@" >out
}

# block FILE N: the rows of a block of data, without the names of columns.
block() {
	awk -v n="$2" '
	NF == 0 { blank++; next }
	blank >= 2 { index_++; seen = 0 }
	{ blank = 0 }
	/^#/ { next }
	index_ == n && seen++ { print }' "p/$1.dat"
}
