# SPDX-License-Identifier: BSD-2-Clause
# What share of the operations took no longer than so much; the slowest are out
# of sight, they are what percentiles are for.
set xlabel unit
set ylabel 'share of the operations'
set yrange [0:100]
set format y '%g%%'
plot for [i=1:series] data index 2*i-1 using "ns":"share" with lines lc rgb faint(i) lw 1 notitle, \
    for [i=1:series] data index 2*i-2 using "ns":"share" with lines ls i notitle, \
    for [i=1:series] data index 2*i-2 using "ns":"point" with points ls i notitle, \
    for [i=1:series] NaN with linespoints ls i title names[i]
