# Made by vmstress; `gnuplot throughput-zfod_1-fault_s.gp` draws it again.
set terminal svg size 960,622 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'throughput-zfod_1-fault_s.svg'
mail = 0
keylines = 1
keycolumns = 5
pixels = 622
fontsize = 15
data = 'throughput-zfod_1-fault_s.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'zfod/1: fault/s, higher is better'
note = 'means of 5 launches, bars: 95% intervals'
ylabel = 'fault/s'
set xtics (1, 2, 4, 8, 16, 32)
most = 6320833
set ytics ('0' 0, '1M' 1000000, '2M' 2000000, '3M' 3000000, '4M' 4000000, '5M' 5000000, '6M' 6000000)
ideal = 397509.0894
array usl_gamma[2] = [397344.9587, 415327.4655]
array usl_alpha[2] = [0.02773759731, 0.02990320034]
array usl_beta[2] = [0.0002507260111, 0.0002027694926]

