/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A flame graph (Gregg 2016, "The Flame Graph", CACM 59/6) as one SVG file: the
 * width of a frame is its share of the samples, what it called stands on it.
 * It can be read without the small script that widens a frame when it is
 * clicked.
 *
 * Frames of the kernel are orange and those of user code blue, which everybody
 * can tell apart (Okabe and Ito 2008).  Of a difference orange is what has a
 * greater share than in the base, and blue what has a smaller one.
 */
#ifndef VMSTRESS_FLAME_DRAW_H
#define VMSTRESS_FLAME_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct flame_stack {
	const char *frames;	/* "root;...;leaf" */
	double count;
	/* Of a difference: samples of the base, if it had as many in all. */
	double base;
};

struct flame_picture {
	const char *title, *about;
	/* Sorted as those of struct folded. */
	const struct flame_stack *stacks;
	size_t count;
	int prefix;		/* first frames that are of no program */
	bool differs;
};

void flame_draw(const struct flame_picture *p, FILE *out);

#endif
