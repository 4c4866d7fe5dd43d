# Made by vmstress; `gnuplot curve-map-held_1.gp` draws it again.
set terminal svg size 960,622 dynamic noenhanced font 'sans-serif,15' background rgb 'white'
set output 'curve-map-held_1.svg'
mail = 0
keylines = 1
keycolumns = 5
pixels = 622
fontsize = 15
data = 'curve-map-held_1.dat'
series = 2
array names[2] = ['kernel-A', 'kernel-B']
title = 'map-held/1, x1, pin cores: cost of the n-th mapping, lower is better'
note = 'means of 2 launches; faint: every launch; band: fastest to slowest'
unit = 'mapping'
ranges = 1
set logscale x
set xrange [2.237972824:1245.918988]
set xtics ('5' 5, '10' 10, '20' 20, '50' 50, '100' 100, '200' 200, '500' 500, '1k' 1000)
set logscale y
set yrange [685.8247507:10592.19428]
set ytics ('1 µs' 1000, '2 µs' 2000, '5 µs' 5000, '10 µs' 10000)

