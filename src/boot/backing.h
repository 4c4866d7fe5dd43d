/* SPDX-License-Identifier: BSD-2-Clause */
/* What the memory of a guest is made of on its host. */
#ifndef VMSTRESS_BACKING_H
#define VMSTRESS_BACKING_H

#include "base/err.h"
#include "boot/runner.h"

/*
 * Words for the record into *words (a new string), or -1 with an error when
 * huge pages are asked for and the host has not enough of them.
 */
int backing_prepare(const struct machine *m, char **words, struct err *e);

/* Before every boot: -1 with an error when the host has not the memory. */
int backing_check(const struct machine *m, struct err *e);

#endif
