# Made by vmstress; `gnuplot counters-zfod_1.gp` draws it again.
set terminal svg size 1080,382 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'counters-zfod_1.svg'
mail = 0
keylines = 1
keycolumns = 4
pixels = 382
fontsize = 15
data = 'counters-zfod_1.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'zfod/1: events per fault'
xlabel = 'workers'
title_1 = 'cycles:k'
title_2 = 'instructions:k'
note = 'means of 2 launches that counted, grey: each launch'
width = 1080
panels = 2
across = 2
xbase = 2
xleft = 0.8333333333
xright = 38.4
array lows[2] = [0, 0]
array highs[2] = [8608.61, 6603.73]
set xtics ('1' 1, '2' 2, '4' 4, '8' 8, '16' 16, '32' 32)

