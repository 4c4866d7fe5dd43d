# SPDX-License-Identifier: BSD-2-Clause
# Speed-up over the fewest workers (left), and what part of the ideal that is
# (right).
set logscale x 2
set xlabel 'workers'
set multiplot layout 1,2 title title."\n".note
set tmargin at screen 1 - 105. / pixels
set bmargin at screen keyspace + 75. / pixels
set title 'speed-up'
set yrange [0:*]
eval(keybelow)
plot x with lines lc rgb grey dashtype 2 lw 1 title 'ideal', \
    for [i=1:series] data index i-1 using "workers":"speedup" with linespoints ls i title names[i]
unset key
set title 'efficiency'
set ylabel '% of the ideal'
set yrange [0:110]
plot 100 with lines lc rgb grey dashtype 2 lw 1 notitle, \
    for [i=1:series] data index i-1 using "workers":"efficiency" with linespoints ls i notitle
unset multiplot
