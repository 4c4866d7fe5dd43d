# Made by vmstress; `gnuplot forest-kernel-B.gp` draws it again.
set terminal svg size 1067,988 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'forest-kernel-B.svg'
mail = 0
keylines = 1
keycolumns = 6
pixels = 988
fontsize = 15
data = 'forest-kernel-B.dat'
series = 1
array names[1] = ['kernel-B']
title = 'kernel-B against kernel-A'
note = '5 and 5 launches; bars: 95% intervals; grey: what does not matter'
xlabel = 'change'
rows = 34
effect = 2
left = -100
right = 100
names = 0.5501405811

