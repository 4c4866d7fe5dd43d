/* SPDX-License-Identifier: BSD-2-Clause */
/* The library below: it ends the program on an error unless told not to. */
#ifndef VMSTRESS_QUIET_H
#define VMSTRESS_QUIET_H

/*
 * From now on a number that cannot be had is NAN; to be called before the
 * first of the functions of this folder.
 */
void quiet_library(void);

#endif
