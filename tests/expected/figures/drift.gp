# Made by vmstress; `gnuplot drift.gp` draws it again.
set terminal svg size 960,622 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'drift.svg'
mail = 0
keylines = 1
keycolumns = 5
pixels = 622
fontsize = 15
data = 'drift.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'Drift: each launch against the mean of its point and side, up is better'
note = '140 launches; lines: medians of parts'
xlabel = 'launch, in the order of the records'
launches = 140
set yrange [-3.020353316:3.020353316]
set ytics ('-3%%' -3, '-2%%' -2, '-1%%' -1, '0%%' 0, '+1%%' 1, '+2%%' 2, '+3%%' 3)

