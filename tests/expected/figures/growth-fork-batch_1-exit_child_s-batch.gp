# Made by vmstress; `gnuplot growth-fork-batch_1-exit_child_s-batch.gp` draws it again.
set terminal svg size 960,644 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'growth-fork-batch_1-exit_child_s-batch.svg'
mail = 0
keylines = 2
keycolumns = 2
pixels = 644
fontsize = 15
data = 'growth-fork-batch_1-exit_child_s-batch.dat'
series = 2
array names[2] = ['slope 0.02 [0.00, 0.04]: kernel-A', 'slope 0.40 [0.39, 0.41]: kernel-B']
title = 'fork-batch/1: exit child/s as time per child against batch, lower is better'
note = 'means of 5 launches, bars: 95% intervals, grey: each; slope 0: the same cost at every size'
xlabel = 'batch'
ylabel = 'time per child'
set xrange [769.231:10400]
set xtics ('1k' 1000, '2k' 2000, '5k' 5000, '10k' 10000)
set xtics ('1k' 1000, '2k' 2000, '4k' 4000, '8k' 8000)
set yrange [3.69663e-05:0.000184806]
set ytics ('50 us' 5e-05, '70 us' 7e-05, '100 us' 0.0001, '150 us' 0.00015)
array factors[2] = [4.983627094e-05, 3.734178067e-06]
array slopes[2] = [0.0194314927, 0.3984830135]

