/* SPDX-License-Identifier: BSD-2-Clause */
/* The figures there are, each in a file with its like. */
#ifndef VMSTRESS_FIGURE_KINDS_H
#define VMSTRESS_FIGURE_KINDS_H

#include "figure/figure.h"

/* A struct figure_kind has one of these. */
typedef int figure_make(struct figures *set, const struct figure_kind *kind,
    struct figure_source *s, struct err *e);

figure_make figure_throughput;
figure_make figure_speedup;
figure_make figure_forest;
figure_make figure_growth;
figure_make figure_memory;
figure_make figure_cpu;
figure_make figure_counters;
figure_make figure_ipi;
figure_make figure_timeline;
figure_make figure_percentiles;
figure_make figure_distribution;
figure_make figure_curve;
figure_make figure_fairness;
figure_make figure_strip;
figure_make figure_drift;
figure_make figure_heatmap;
figure_make figure_flame;
figure_make figure_flamediff;

#endif
