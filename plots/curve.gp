# SPDX-License-Identifier: BSD-2-Clause
# Cost of the n-th operation against n, where what the earlier ones made is still
# there.
# In a mail only the means can be told apart.
units = mail ? 0 : series
if (mail) { unset grid; set title title }
set xlabel 'n'
set ylabel 'time of the n-th '.unit
if (ranges && !mail) {
    plot for [i=1:series] data index 2*i-2 using "n":"least":"most" with filledcurves fc rgb colour(i) fs transparent solid 0.15 noborder notitle, \
        for [i=1:units] data index 2*i-1 using "n":"unit" with lines lc rgb faint(i) lw 1 notitle, \
        for [i=1:series] data index 2*i-2 using "n":"mean" with linespoints ls i pi 3 title names[i]
} else {
    plot for [i=1:units] data index 2*i-1 using "n":"unit" with lines lc rgb faint(i) lw 1 notitle, \
        for [i=1:series] data index 2*i-2 using "n":"mean" with linespoints ls i pi 3 title names[i]
}
