# SPDX-License-Identifier: BSD-2-Clause
# Small multiples: a panel for each quantity over the same axis, a line for each
# side, and every launch as a faint point.
down = ceil(panels / (across * 1.))
# The key as a plot of its own: it is as wide as the figure.
keyalone = 'unset title; unset xlabel; unset ylabel; unset tics; unset border; unset grid; unset logscale; unset xzeroaxis; unset object; unset label; set xrange [0:1]; set yrange [0:1]; set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen keyspace; '.keybelow
set multiplot title title."\n".note
unset title
set logscale x xbase
set xzeroaxis lc rgb grey lw 1 lt 1
set xrange [xleft:xright]
top = 1 - 62. / pixels
bottom = keyspace + 30. / pixels
tall = (top - bottom) / down
wide = 1. / across
do for [p=1:panels] {
    row = (p - 1) / across
    col = (p - 1) % across
    set tmargin at screen top - row * tall - 26. / pixels
    set bmargin at screen top - (row + 1) * tall + 34. / pixels
    set lmargin at screen col * wide + 80. / width
    set rmargin at screen (col + 1) * wide - 20. / width
    set title value(sprintf("title_%d", p)) offset 0,-0.6
    set yrange [lows[p]:highs[p]]
    set xlabel (p + across > panels ? xlabel : '')
    unset key
    plot for [i=1:series] data index 2*i-1 using "x":(column(sprintf("p%d", p))) with points lc rgb '#b0b0b0' pt 7 ps 0.5 notitle, \
        for [i=1:series] data index 2*i-2 using "x":(column(sprintf("p%d", p))) with linespoints ls i notitle
}
eval(keyalone)
plot for [i=1:series] NaN with linespoints ls i title names[i]
unset multiplot
