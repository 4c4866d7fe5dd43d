# SPDX-License-Identifier: BSD-2-Clause
# Every launch or boot as a point, a row for each point of the sweep and a lane in
# it for each side; bars are means.  At the right: what 0% is.
set xlabel 'difference (higher is better where nothing else is said)'
set yrange [rows:0]
set format y '%g'
set border 1
set ytics scale 0
set grid x noy
set lmargin margin
set rmargin rightmargin
do for [i=1:rows - 1] { set arrow i from graph 0, first i to graph 1, first i nohead lc rgb '#dddddd' lw 1 back }
set arrow 100 from 0, graph 0 to 0, graph 1 nohead lc rgb grey lw 1 back
plot data index 0 using (NaN):"row":ytic(1) with points notitle, \
    for [i=1:series] data index 3*i-1 using "percent":"place" with points lc rgb faint(i) pt 7 ps 0.5 notitle, \
    for [i=1:series] data index 3*i using "percent":"place":(0):"height" with vectors nohead ls i lw 3 notitle, \
    for [i=1:series] data index 3*i-2 using "percent":"place" with points ls i ps 0.8 notitle, \
    data index 0 using (right):"row":"value" with labels left offset 1,0 font ',10' notitle, \
    for [i=1:series] NaN with points ls i title names[i]
