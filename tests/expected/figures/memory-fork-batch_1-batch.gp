# Made by vmstress; `gnuplot memory-fork-batch_1-batch.gp` draws it again.
set terminal svg size 1080,652 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'memory-fork-batch_1-batch.svg'
mail = 0
keylines = 1
keycolumns = 4
pixels = 652
fontsize = 15
data = 'memory-fork-batch_1-batch.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
xlabel = 'batch'
title_1 = 'page tables, KiB'
title_2 = 'kernel stacks, KiB'
title_3 = 'slab, KiB'
title_4 = 'anonymous, KiB'
title = 'fork-batch/1: memory of the system per member against batch, lower is better'
note = 'KiB at full size; means of 2 launches, grey: each launch'
width = 1080
panels = 4
across = 2
xbase = 10
xleft = 833.3333333
xright = 9600
array lows[4] = [0, 0, 0, 0]
array highs[4] = [47.4725, 17.2627, 16.3313, 21.5784]
set xtics ('1k' 1000, '2k' 2000, '4k' 4000, '8k' 8000)

