# SPDX-License-Identifier: BSD-2-Clause
# Changes against the base, a row for each point: the interval, what does not
# matter (grey band) and what the base differs from itself (hatched), with the
# verdict at the right.
set xlabel xlabel
set yrange [rows + 0.6:0.4]
set xrange [left:right]
set format y '%g'
set format x '%+g%%'
set border 1
set ytics scale 0
set grid x noy
set lmargin margin
set rmargin 8
unset key
set object 1 rectangle from -effect, graph 0 to effect, graph 1 fillcolor rgb '#e4e4e4' fillstyle solid noborder behind
set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb grey lw 1 back
plot data index 0 using (-column("floor")):(column("row")):(0):(2 * column("floor")):(0):(0) with vectors nohead lc rgb '#c8b080' lw 6 notitle, \
    data index 0 using "change":"row":"low":"high" with xerrorbars lc rgb '#404040' pt 0 lw 1.5 notitle, \
    for [i=0:4] data index 0 using (column("kind") == i ? column("change") : NaN):"row":ytic(1) with points pt 7 ps 1.1 lc rgb word('#009e73 #d55e00 #0072b2 #606060 #b0b0b0', i + 1) notitle, \
    data index 0 using (right):(column("row")):"mark" with labels left offset 1,0 font ',12' notitle
