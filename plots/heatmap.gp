# SPDX-License-Identifier: BSD-2-Clause
# Changes as a map, kernels or settings by workers: the colour is the factor
# (blue: better, orange: worse, for who cannot tell red from green), the sign
# the verdict.  Grey: there is no number.
unset title
set label 1 title."\n".note at screen 0.5, screen 1 - 30. / pixels center
set tmargin at screen 1 - 75. / pixels
set bmargin at screen 145. / pixels
set lmargin at screen left
set rmargin 3
set xlabel 'workers'
set xrange [0.5:columns + 0.5]
set yrange [rows + 0.5:0.5]
set cbrange [-1:1]
set palette defined (-1 '#d9702b', -0.5 '#f2b183', 0 '#f7f7f7', 0.5 '#9cc9e4', 1 '#4a94c8')
set colorbox horizontal user origin graph 0, screen 64. / pixels size graph 1, screen 14. / pixels
set cblabel 'worse  <-  by a factor of  ->  better'
set border 0
set tics scale 0
set grid nox noy
set style fill solid 1 noborder
unset key
plot data index 0 using (column("column")):(column("row")):(column("column") - 0.48):(column("column") + 0.48):(column("row") - 0.46):(column("row") + 0.46) with boxxyerror lc rgb '#e4e4e4' notitle, \
    data index 0 using (column("column")):(column("colour") == column("colour") ? column("row") : NaN):(column("column") - 0.48):(column("column") + 0.48):(column("row") - 0.46):(column("row") + 0.46):(column("colour")) with boxxyerror lc palette notitle, \
    data index 0 using (column("column")):(column("row") - 0.2 * numbers):"mark" with labels font sprintf(',%.0f', 1.1 * fontsize) notitle, \
    data index 0 using (column("column")):(column("row")):(''):ytic(stringcolumn("label")) with labels notitle, \
    data index 0 using (column("column")):(column("row") + 0.22):(numbers ? stringcolumn("number") : '') with labels font sprintf(',%.0f', 0.85 * fontsize) notitle
