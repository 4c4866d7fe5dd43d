# Made by vmstress; `gnuplot throughput-dontneed_1-page_s.gp` draws it again.
set terminal svg size 960,622 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'throughput-dontneed_1-page_s.svg'
mail = 0
keylines = 1
keycolumns = 5
pixels = 622
fontsize = 15
data = 'throughput-dontneed_1-page_s.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'dontneed/1: page/s, higher is better'
note = 'means of 5 launches, bars: 95% intervals'
ylabel = 'page/s'
set xtics (1, 2, 4, 8, 16, 32)
most = 5537982.871
set ytics ('0' 0, '1M' 1000000, '2M' 2000000, '3M' 3000000, '4M' 4000000, '5M' 5000000)
ideal = 798159.3842
array usl_gamma[2] = [799032.7472, 801933.8554]
array usl_alpha[2] = [0.07912915658, 0.08016960898]
array usl_beta[2] = [0.001217024057, 0.01207331835]

