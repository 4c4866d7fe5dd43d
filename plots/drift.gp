# SPDX-License-Identifier: BSD-2-Clause
# Residual of every launch in the order in which they ran: what is level has no
# drift.  Lines are medians of parts, triangles are beyond the edge.
set xlabel xlabel
set lmargin 12
set ylabel 'residual' offset -1,0
set xrange [0:launches + 1]
size = launches > 200 ? 0.5 : 0.8
plot 0 with lines lc rgb grey lw 1 notitle, \
    for [i=1:series] data index 2*i-2 using "launch":"inside" with points ls i lc rgb faint(i) ps size notitle, \
    for [i=1:series] data index 2*i-2 using "launch":(column("outside") > 0 ? column("outside") : NaN) with points ls i pt 9 ps 1.2 notitle, \
    for [i=1:series] data index 2*i-2 using "launch":(column("outside") < 0 ? column("outside") : NaN) with points ls i pt 11 ps 1.2 notitle, \
    for [i=1:series] data index 2*i-1 using "launch":"median" with lines ls i notitle, \
    for [i=1:series] NaN with linespoints ls i title names[i]
