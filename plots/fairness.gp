# SPDX-License-Identifier: BSD-2-Clause
# Slowest and fastest worker relative to the mean worker (above) and Jain's index
# of fairness (below), of each worker count beside each other.
set multiplot title title."\n".note
unset title
set xrange [-0.5:places - 0.5]
set lmargin at screen 0.1
set rmargin at screen 0.97
split = keyspace + 0.3 * (1 - keyspace)
do for [i=1:places - 1] { set arrow i from i - 0.5, graph 0 to i - 0.5, graph 1 nohead lc rgb '#dddddd' lw 1 back }
set grid noxtics
set tmargin at screen 1 - 60. / pixels
set bmargin at screen split + 50. / pixels
set ylabel '% of the mean worker'
low = least - 0.06 * (most - least)
set yrange [(low < 0 ? 0 : low):most + 0.06 * (most - least)]
eval(keybelow)
size = lines > 6 ? 0.7 : 1
plot 100 with lines lc rgb grey dashtype 2 lw 1 notitle, \
    for [i=1:series] data index 2*i-1 using "place":"slowest" with points lc rgb faint(i) pt 7 ps 0.5 notitle, \
    for [i=1:series] data index 2*i-1 using "place":"fastest" with points lc rgb faint(i) pt 7 ps 0.5 notitle, \
    for [i=1:series] data index 2*i-2 using "place":"slowest":(0):(column("fastest") - column("slowest")) with vectors nohead ls i notitle, \
    for [i=1:series] data index 2*i-2 using "place":"slowest" with points ls i ps size notitle, \
    for [i=1:series] data index 2*i-2 using "place":"fastest" with points ls i ps size notitle, \
    for [i=1:series] NaN with linespoints ls i title names[i]
unset key
set tmargin at screen split
set bmargin at screen keyspace + 60. / pixels
set xlabel 'workers'
set ylabel 'fairness (1: equal)'
set yrange [(worst < 0.95 ? 0 : 0.9):1 + (worst < 0.95 ? 0.05 : 0.005)]
plot for [i=1:series] data index 2*i-1 using "place":"index" with points lc rgb faint(i) pt 7 ps 0.5 notitle, \
    for [i=1:series] data index 2*i-2 using "place":"index" with points ls i ps size notitle
unset multiplot
