# Made by vmstress; `gnuplot growth-fork-batch_1-fork_child_s-batch.gp` draws it again.
set terminal svg size 960,644 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'growth-fork-batch_1-fork_child_s-batch.svg'
mail = 0
keylines = 2
keycolumns = 2
pixels = 644
fontsize = 15
data = 'growth-fork-batch_1-fork_child_s-batch.dat'
series = 2
array names[2] = ['slope 0.05 [0.03, 0.07]: kernel-A', 'slope 0.13 [0.11, 0.15]: kernel-B']
title = 'fork-batch/1: fork child/s as time per child against batch, lower is better'
note = 'means of 5 launches, bars: 95% intervals, grey: each; slope 0: the same cost at every size'
xlabel = 'batch'
ylabel = 'time per child'
set xrange [769.231:10400]
set xtics ('1k' 1000, '2k' 2000, '5k' 5000, '10k' 10000)
set xtics ('1k' 1000, '2k' 2000, '4k' 4000, '8k' 8000)
set yrange [4.14339e-05:0.000165736]
set ytics ('50 us' 5e-05, '70 us' 7e-05, '100 us' 0.0001, '150 us' 0.00015)
array factors[2] = [5.419782508e-05, 3.153400265e-05]
array slopes[2] = [0.04889285009, 0.1281192429]

