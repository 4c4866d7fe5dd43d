# SPDX-License-Identifier: BSD-2-Clause
# Parts of a whole as bars beside each other, a row for each cell and side, and
# where each launch ends as a point.
unset title
set label 1 title."\n".note at screen 0.5, screen 1 - 26. / pixels center
set tmargin at screen 1 - 68. / pixels
set xlabel xlabel
set yrange [rows + 0.6:0.4]
set xrange [least:most]
set border 1
set ytics scale 0
set grid x noy
set lmargin margin
set rmargin 6
set style fill solid 0.85 border lc rgb 'white'
part_colour(i) = word('#0072b2 #e69f00 #009e73 #cc79a7 #56b4e9 #d55e00 #7f3c8d #a05a2c', i)
plot for [i=1:series] data index i-1 using "from":"row":"from":"to":(column("row") - 0.36):(column("row") + 0.36):ytic(1) with boxxyerror lc rgb (names[i] eq 'idle' ? '#dddddd' : part_colour(i)) title names[i], \
    data index series using "value":"row" with points pt 6 ps 0.8 lw 1.5 lc rgb '#202020' notitle
