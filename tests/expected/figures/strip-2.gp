# Made by vmstress; `gnuplot strip-2.gp` draws it again.
set terminal svg size 960,382 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'strip-2.svg'
mail = 0
keylines = 1
keycolumns = 5
pixels = 382
fontsize = 15
data = 'strip-2.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'Every launch relative to the mean of kernel-A'
note = '5 launches of each; bars: means; at the right: what 0% is'
margin = 12
rightmargin = 14.2
set xrange [-1.695812476:5.731052825]
set xtics ('-1%%' -1, '0%%' 0, '+1%%' 1, '+2%%' 2, '+3%%' 3, '+4%%' 4, '+5%%' 5)
right = 5.731052825
rows = 5

