/* SPDX-License-Identifier: BSD-2-Clause */
/* Records that are of one run, whose launches would count twice, or one boot. */
#ifndef VMSTRESS_SAME_RECORD_H
#define VMSTRESS_SAME_RECORD_H

#include <stdbool.h>

#include "present/gather.h"

/*
 * Are both of one run: the same file, or copies of it?  Copies of records that
 * do not say when they were made are not found.
 */
bool same_record(const struct gather *a, const struct gather *b);

/*
 * Are two records of one kernel of the same boot?  A campaign says so by the
 * place of the boot in it, others by the number that the kernel drew; records
 * that do not say are of boots of their own.
 */
bool same_boot(const struct gather *a, const struct gather *b);

#endif
