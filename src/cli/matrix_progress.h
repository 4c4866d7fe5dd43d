/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person sees on stderr while kernels are booted: one live line on a
 * terminal, and one plain line per boot.
 */
#ifndef VMSTRESS_MATRIX_PROGRESS_H
#define VMSTRESS_MATRIX_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "boot/matrix.h"

struct matrix_progress {
	bool quiet, terminal;
	size_t done, total;		/* boots */
	struct str what;		/* "round 2 of 6, new" */
	struct str launch;		/* what goes on in it */
	uint64_t left_ns, said_ns, drawn_ns;
	bool line_open;			/* a live line is on the screen */
};

void matrix_progress_init(struct matrix_progress *p, bool quiet);

/* The watch of a campaign; `p` must outlive it. */
struct matrix_watch matrix_progress_watch(struct matrix_progress *p);

void matrix_progress_free(struct matrix_progress *p);

#endif
