# SPDX-License-Identifier: BSD-2-Clause
# Changes against the base, a row for each point: the interval, what does not
# matter (grey band) and what the base differs from itself (hatched), with the
# verdict at the right.
set xlabel xlabel
set yrange [rows + 0.6:0.4]
set xrange [left:right]
set format y '%g'
set format x '%+g%%'
set border 1
set ytics scale 0
set grid x noy
set lmargin at screen names
set rmargin 8
unset key
set object 1 rectangle from -effect, graph 0 to effect, graph 1 fillcolor rgb '#e4e4e4' fillstyle solid noborder behind
set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb grey lw 1 back
if (mail) {
    # A row is a line of text: the interval, the change in it and its number.
    # What is better where less is, the sign says.
    unset title
    unset grid
    unset object 1
    unset arrow 1
    unset xlabel
    unset ytics
    short(label) = strstrt(label, ' (lower') > 0 ? label[1:strstrt(label, ' (lower') - 1] : label
    # Names of both that are long take two lines.
    cut = strlen(title) > 70 ? strstrt(title, ' against ') : 0
    set label 1 (cut > 0 ? plain(title[1:cut - 1], 70)."\n".plain(title[cut + 1:], 70) : title)."\n".plain(note[1:strstrt(note, '; grey') - 1], 70) at screen 0.5, screen 1 center
    set lmargin 43
    set rmargin 10
    set tmargin (cut > 0 ? 4 : 3)
    set bmargin 2
    set format x '%+.0f%%'
    set xtics (left / 2, 0, right / 2) scale 0
    set yrange [rows + 0.5:0.5]
    plot data index 0 using (column("low")):(column("row")):(column("high") - column("low")):(0) with vectors nohead notitle, \
        data index 0 using (0):(column("row")):('|') with labels notitle, \
        data index 0 using (left):(column("row")):(plain(short(stringcolumn("label")), 40)) with labels right offset -2,0 notitle, \
        data index 0 using "change":"row":('o') with labels notitle, \
        data index 0 using (right):(column("row")):(sprintf('%+6.1f%% ', column("change")).stringcolumn("mark")) with labels left offset 1,0 notitle
    exit
}
unset title
set label 1 title."\n".note at screen 0.5, screen 1 - 30. / pixels center
set tmargin at screen 1 - 75. / pixels
plot data index 0 using (-column("floor")):(column("row")):(0):(2 * column("floor")):(0):(0) with vectors nohead lc rgb '#c8b080' lw 6 notitle, \
    data index 0 using "change":"row":"low":"high" with xerrorbars lc rgb '#404040' pt 0 lw 1.5 notitle, \
    for [i=0:4] data index 0 using (column("kind") == i ? column("change") : NaN):"row":ytic(1) with points pt 7 ps 1.1 lc rgb word('#009e73 #d55e00 #0072b2 #606060 #b0b0b0', i + 1) notitle, \
    data index 0 using (right):(column("row")):"mark" with labels left offset 1,0  notitle
