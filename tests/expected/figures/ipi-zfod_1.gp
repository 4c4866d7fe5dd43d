# Made by vmstress; `gnuplot ipi-zfod_1.gp` draws it again.
set terminal svg size 1080,382 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'ipi-zfod_1.svg'
mail = 0
keylines = 1
keycolumns = 4
pixels = 382
fontsize = 15
data = 'ipi-zfod_1.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'zfod/1: interrupts between processors per fault, lower is better'
xlabel = 'workers'
title_1 = 'TLB shootdowns'
note = 'means of 2 launches, grey: each launch'
width = 1080
panels = 1
across = 1
xbase = 2
xleft = 0.8333333333
xright = 38.4
array lows[1] = [0]
array highs[1] = [1.12967e-05]
set xtics ('1' 1, '2' 2, '4' 4, '8' 8, '16' 16, '32' 32)

