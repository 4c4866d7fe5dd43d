# SPDX-License-Identifier: BSD-2-Clause
# What all figures have in common: quiet lines, and colours that also people
# with a colour vision deficiency can tell apart (Okabe and Ito 2008), each with
# a point of its own.
set encoding utf8
set datafile missing 'NaN'
set datafile columnheaders
grey = '#606060'
set border 3 linecolor rgb grey linewidth 1
set tics nomirror
set grid linecolor rgb '#dddddd' linewidth 1 linetype 1 dashtype solid
set key below left Left reverse samplen 2 spacing 1.1 height 1
# Of several panels only one has the key, below all of them: they end at
# `keyspace`, and the panel with the key sets `keybelow`.
keyspace = (keylines * 22. + 14) / pixels
keybelow = 'set key at screen 0.03, screen '.sprintf('%.4f', keyspace).' left top Left reverse horizontal maxcols '.keycolumns.' samplen 2 spacing 1.1 height 0'
set style line 1 lc rgb '#0072b2' lw 2 pt 7 ps 1
set style line 2 lc rgb '#d55e00' lw 2 pt 5 ps 1
set style line 3 lc rgb '#009e73' lw 2 pt 9 ps 1.2
set style line 4 lc rgb '#cc79a7' lw 2 pt 13 ps 1.2
set style line 5 lc rgb '#e69f00' lw 2 pt 11 ps 1.2
set style line 6 lc rgb '#56b4e9' lw 2 pt 6 ps 1.1
set style line 7 lc rgb '#404040' lw 2 pt 4 ps 1.1
set style line 8 lc rgb '#7f3c8d' lw 2 pt 8 ps 1.2
set style line 9 lc rgb '#a05a2c' lw 2 pt 12 ps 1.2
set style line 10 lc rgb '#2a9d8f' lw 2 pt 10 ps 1.2
set style line 11 lc rgb '#b80058' lw 2 pt 2 ps 1.1
set style line 12 lc rgb '#6b7a00' lw 2 pt 1 ps 1.1
set style fill solid 0.8 noborder
# In a mail no colours and few columns: every series is a letter, A to L.
plain(text, most) = strlen(text) > most ? text[1:most - 3].'...' : text
if (exists('title')) set title title.(exists('note') ? "\n".note : '')
# The colour of a series, and a pale one for single units behind their mean; not
# a transparent one, since lines in svg have none.
colours = '0072b2 d55e00 009e73 cc79a7 e69f00 56b4e9 404040 7f3c8d a05a2c 2a9d8f b80058 6b7a00'
colour(i) = int('0x'.word(colours, i))
pale(v) = int(255 - (series > 6 ? 0.35 : 0.45) * (255 - (v & 255)))
faint(i) = pale(colour(i) / 65536) * 65536 + pale(colour(i) / 256) * 256 + pale(colour(i))
