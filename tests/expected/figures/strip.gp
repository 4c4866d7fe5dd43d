# Made by vmstress; `gnuplot strip.gp` draws it again.
set terminal svg size 960,690 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'strip.svg'
mail = 0
keylines = 1
keycolumns = 5
pixels = 690
fontsize = 15
data = 'strip.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'Every launch relative to the mean of kernel-A'
note = '2 to 5 launches of each; bars: means; at the right: what 0% is'
margin = 26
rightmargin = 28.6
set xrange [-74.05883782:33.10662513]
set xtics ('-60%%' -60, '-40%%' -40, '-20%%' -20, '0%%' 0, '+20%%' 20)
right = 33.10662513
rows = 12

