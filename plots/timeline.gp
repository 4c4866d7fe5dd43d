# SPDX-License-Identifier: BSD-2-Clause
# One launch in time, panels above each other: members of the population, stalls
# of what else wants to run, memory taken, and CPUs at work.  Phases are shaded in
# turn and named at the top; where they meet is what the arrays tell.
set multiplot
unset title
set label 1 title."\n".note at screen 0.5, screen 1 - 26. / pixels center
top = 1 - (64. + levels_used * 20) / pixels
bottom = 60. / pixels
tall = (top - bottom) / panels
set lmargin at screen 90. / width
set rmargin at screen 1 - 170. / width
set xrange [0:seconds]
set yrange [0:1]
do for [i=1:phases] {
    set object i rectangle from bounds[i], graph 0 to bounds[i + 1], graph 1 fillcolor rgb (i % 2 ? '#f0f0f0' : '#ffffff') fillstyle solid noborder behind
    if (levels[i] >= 0) {
        set label i + 1 value(sprintf('phase_%d', i)) at (bounds[i] + bounds[i + 1]) / 2, screen top + (12. + levels[i] * 20) / pixels center
        if (levels[i] > 0) {
            set arrow i from (bounds[i] + bounds[i + 1]) / 2, screen top to (bounds[i] + bounds[i + 1]) / 2, screen top + (2. + levels[i] * 20) / pixels nohead lc rgb '#b0b0b0' lw 1
        }
    }
}
set key at screen 1 - 160. / width, graph 1 left top Left reverse vertical maxrows 6 samplen 1.5 spacing 1.1
# Few tics: a panel is low.
power(most) = 10 ** floor(log10(most))
step(most) = power(most) * (most / power(most) > 4 ? 2 : most / power(most) > 2 ? 1 : 0.5)
panel = 0
place = 'set tmargin at screen top - panel * tall - 6. / pixels; set bmargin at screen top - (panel + 1) * tall + 10. / pixels; set format x (panel + 1 == panels ? "%g" : ""); set xlabel (panel + 1 == panels ? "time of the phases, s" : ""); panel = panel + 1'
after = 'unset label; unset arrow'
if (members_most > 0) {
    eval(place)
    set yrange [0:members_most]
    set label 9999 'members' at screen 18. / width, graph 0.5 center rotate
    plot data index 0 using "time":"members" with linespoints ls 1 title 'members'
    eval(after)
}
set ytics autofreq
if (stall_low == stall_low) {
    eval(place)
    set logscale y
    set yrange [stall_low:stall_high]
    set label 9999 'ms' at screen 18. / width, graph 0.5 center rotate
    plot data index 1 using "time":"stall" with impulses lc rgb '#e8b090' lw 1 notitle, \
        data index 1 using "time":"stall" with points ls 2 ps 0.4 title 'worst stall'
    unset logscale y
    eval(after)
}
if (memory_high > memory_low) {
    eval(place)
    set yrange [memory_low:memory_high]
    set ytics step(memory_high)
    set label 9999 'MiB' at screen 18. / width, graph 0.5 center rotate
    plot data index 2 using "time":"taken" with linespoints ls 7 title 'no longer free', \
        data index 2 using "time":"anonymous" with linespoints ls 4 title 'anonymous', \
        data index 2 using "time":"slab" with linespoints ls 3 title 'slab', \
        data index 2 using "time":"page_tables" with linespoints ls 1 title 'page tables', \
        data index 2 using "time":"kernel_stacks" with linespoints ls 5 title 'kernel stacks'
    eval(after)
}
if (cpus_most > 0) {
    eval(place)
    set yrange [0:cpus_most]
    set ytics step(cpus_most)
    set label 9999 'CPUs' at screen 18. / width, graph 0.5 center rotate
    plot data index 3 using "time":"system" with lines ls 1 title 'system', \
        data index 3 using "time":"user" with lines ls 3 title 'user'
}
unset multiplot
