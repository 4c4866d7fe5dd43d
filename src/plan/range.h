/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Worker counts as people write them, against a number of CPUs:
 *
 *	1,2,4..ncpu	4..ncpu doubles from 4 and always ends with ncpu
 *	1..64:x2	1 2 4 8 16 32 64; the step is xFACTOR or +ADDEND
 *	1..ncpu:+1	every count
 *	10%..100%	shares of ncpu in steps of 10%, at least one worker
 *	10%..100%:+30%	10% 40% 70% 100%
 *	ncpu, ncpu*2, ncpu/2, 50%
 *
 * Without a step, a range of counts doubles and a range of shares adds its
 * first share (10%..100% is ten values).  The end is always included, doubles
 * are dropped, the order is kept.  Shares are rounded to the nearest count; a
 * range is one of shares when both its ends are.
 *
 * A range that counts down is an error, unless it starts with a number and
 * only this machine's CPUs make its end smaller: then it is its end, so that
 * 1,2,4..ncpu is 1,2 on two CPUs.
 */
#ifndef VMSTRESS_RANGE_H
#define VMSTRESS_RANGE_H

#include "base/err.h"

/* More workers than this is a typing error. */
#define RANGE_MAX 65536
/* More values than this is, too. */
#define RANGE_VALUES 4096

/*
 * Expand `text` into a new array (free it); returns how many values, at least
 * one, or -1 with an error that quotes the offending part.  Blanks around a
 * comma are ignored.
 */
int range_expand(const char *text, int ncpu, int **values, struct err *e);

#endif
