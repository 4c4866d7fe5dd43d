# Made by vmstress; `gnuplot distribution-zfod_1.gp` draws it again.
set terminal svg size 960,644 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'distribution-zfod_1.svg'
mail = 0
keylines = 2
keycolumns = 4
pixels = 644
fontsize = 15
data = 'distribution-zfod_1.dat'
series = 4
array names[4] = ['kernel-A, x1', 'kernel-B, x1', 'kernel-A, x32', 'kernel-B, x32']
title = 'zfod/1, pin cores: distribution of latency, further left is better'
note = 'means of 5 launches; faint: every launch'
unit = 'time of one fault'
set logscale x
set xrange [693.1462928:58687.82308]
set xtics ('1 µs' 1000, '2 µs' 2000, '5 µs' 5000, '10 µs' 10000, '20 µs' 20000, '50 µs' 50000)

