# Made by vmstress; `gnuplot timeline-fork-batch_1-kernel-B.gp` draws it again.
set terminal svg size 1080,622 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'timeline-fork-batch_1-kernel-B.svg'
mail = 0
keylines = 1
keycolumns = 9
pixels = 622
fontsize = 15
data = 'timeline-fork-batch_1-kernel-B.dat'
series = 0
title = 'fork-batch/1 batch=8k x1 in time, kernel-B'
note = 'launch 0, phases laid end to end; stall: what a user waits for, lower is better'
width = 1080
panels = 3
seconds = 1.851501734
members_most = 8800
set ytics ('0' 0, '4k' 4000, '8k' 8000)
stall_low = 0.1944313445
stall_high = 19.44313445
memory_low = 0
memory_high = 838.394165
cpus_most = 0
phase_1 = 'fork'
phase_2 = 'exit'
array levels[2] = [0, 0]
levels_used = 1
array bounds[3] = [0, 0.79100836, 1.85150173]
phases = 2

