# Made by vmstress; `gnuplot percentiles-zfod_1.gp` draws it again.
set terminal svg size 960,644 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'percentiles-zfod_1.svg'
mail = 0
keylines = 2
keycolumns = 4
pixels = 644
fontsize = 15
data = 'percentiles-zfod_1.dat'
series = 4
array names[4] = ['kernel-A, x1', 'kernel-B, x1', 'kernel-A, x32', 'kernel-B, x32']
title = 'zfod/1, pin cores: latency percentiles, lower is better'
note = 'means of 5 launches; faint: every launch'
unit = 'time of one fault'
set xtics ('50%%' 2, '90%%' 10, '99%%' 100, '99.9%%' 1000, '99.99%%' 10000, '99.999%%' 100000)
set xrange [1:177122.16]
set logscale y
set yrange [1082.732527:6114283.784]
set ytics ('10 µs' 10000, '100 µs' 100000, '1 ms' 1000000)

