# Made by vmstress; `gnuplot speedup-zfod_1-fault_s.gp` draws it again.
set terminal svg size 960,644 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'speedup-zfod_1-fault_s.svg'
mail = 0
keylines = 2
keycolumns = 2
pixels = 644
fontsize = 15
data = 'speedup-zfod_1-fault_s.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'zfod/1: speed-up of fault/s, higher is better'
note = 'of the means of 5 launches'
set xtics (1, 2, 4, 8, 16, 32)

