# SPDX-License-Identifier: BSD-2-Clause
# Percentiles of latency, each nine as wide as the one before; a quantile only
# where at least 10 operations of every unit lie beyond it.
set logscale x
# In a mail only the means can be told apart.
units = mail ? 0 : series
if (mail) { unset grid; set title title }
set xlabel 'percentile'
set ylabel unit
plot for [i=1:units] data index 2*i-1 using "x":"unit" with lines lc rgb faint(i) lw 1 notitle, \
    for [i=1:series] data index 2*i-2 using "x":"mean" with lines ls i notitle, \
    for [i=1:series] data index 2*i-2 using "x":"named" with points ls i notitle, \
    for [i=1:series] NaN with linespoints ls i title names[i]
