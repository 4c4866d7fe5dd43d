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
if (mail) {
    # Letters of one count of workers stand beside each other.
    unset grid
    unset key
    means = strstrt(note, ', bars') > 0 ? note[1:strstrt(note, ', bars') - 1] : note
    set title plain(title, 70)."\n".plain(means, 70)
    list = ''
    do for [i=1:series] { list = list.substr('ABCDEFGHIJKL', i, i).'  '.plain(names[i], 60)."\n" }
    set label 1 list.(ideal == ideal ? '.  ideal: the fewest workers scaled' : '') at character 8, character (series + 1) left
    set bmargin series + 5
    stats data index 0 using "workers" name 'at' nooutput
    octaves = log(at_max / at_min) / log(2)
    beside(i) = 2 ** ((i - (series + 1) / 2.) * (octaves + 0.4) / 62)
    set xrange [at_min * beside(0):at_max * beside(series + 1)]
    plot ideal * x with dots notitle, \
        for [i=1:series] data index 2*i-2 using (column("workers") * beside(i)):"mean" with points pt i notitle
    exit
}
plot for [i=1:series] data index 2*i-1 using "workers":"value" with points lc rgb '#b8b8b8' pt 7 ps 0.5 notitle, \
    for [i=1:series] law(i, x) with lines ls i dashtype 3 lw 1 notitle, \
    ideal * x with lines lc rgb grey dashtype 2 lw 1 title (ideal == ideal ? 'ideal: the fewest workers scaled' : ''), \
    for [i=1:series] data index 2*i-2 using "workers":"mean":"low":"high" with yerrorbars ls i notitle, \
    for [i=1:series] data index 2*i-2 using "workers":"mean" with linespoints ls i title names[i]
