# SPDX-License-Identifier: BSD-2-Clause
# Throughput against workers: means with their intervals, every unit as a faint
# point, what one worker does times workers, and the Universal Scalability Law
# (dotted) where it fits.
set logscale x 2
set xlabel 'workers'
set ylabel ylabel
set yrange [0:1.08 * most]
set samples 200
law(i, x) = usl_gamma[i] * x / (1 + usl_alpha[i] * (x - 1) + usl_beta[i] * x * (x - 1))
plot for [i=1:series] data index 2*i-1 using "workers":"value" with points lc rgb '#b8b8b8' pt 7 ps 0.5 notitle, \
    for [i=1:series] law(i, x) with lines ls i dashtype 3 lw 1 notitle, \
    ideal * x with lines lc rgb grey dashtype 2 lw 1 title (ideal == ideal ? 'ideal: the fewest workers scaled' : ''), \
    for [i=1:series] data index 2*i-2 using "workers":"mean":"low":"high" with yerrorbars ls i notitle, \
    for [i=1:series] data index 2*i-2 using "workers":"mean" with linespoints ls i title names[i]
