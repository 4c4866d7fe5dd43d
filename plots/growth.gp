# SPDX-License-Identifier: BSD-2-Clause
# Time per operation against a number that grows, both logarithmic: means with
# their intervals, every unit as a faint point, and the straight line through the
# logarithms (dotted), whose slope is in the key.
set logscale xy
set xlabel xlabel
set ylabel ylabel
set samples 200
law(i, x) = factors[i] * x ** slopes[i]
# Beside each other, where they would hide each other.
beside(i, x) = x * (1 + 0.01 * (i - (series + 1) / 2.))
plot for [i=1:series] data index 2*i-1 using (beside(i, column("size"))):"value" with points lc rgb '#b8b8b8' pt 7 ps 0.6 notitle, \
    for [i=1:series] law(i, x) with lines ls i dashtype 3 lw 1 notitle, \
    for [i=1:series] data index 2*i-2 using (beside(i, column("size"))):"mean":"low":"high" with yerrorbars ls i lw 1 notitle, \
    for [i=1:series] data index 2*i-2 using (beside(i, column("size"))):"mean" with linespoints ls i title names[i]
