# Made by vmstress; `gnuplot heatmap-kernel-B.gp` draws it again.
set terminal svg size 960,330 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'heatmap-kernel-B.svg'
mail = 0
keylines = 1
keycolumns = 8
pixels = 330
fontsize = 15
data = 'heatmap-kernel-B.dat'
series = 0
title = 'kernel-B against kernel-A'
note = '5 launches; blue: better, orange: worse; marks as in compare'
set xtics ('1' 1, '2' 2, '4' 3, '8' 4, '16' 5, '32' 6)
set cbtics ('1' 0, '2+' 1.0000, '2+' -1.0000, '1.5' 0.6871, '1.5' -0.6871, '1.2' 0.3927, '1.2' -0.3927, '1.05' 0.1560, '1.05' -0.1560)
rows = 2
columns = 6
numbers = 1
left = 0.275

