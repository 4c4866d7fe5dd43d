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
 * Are both of one boot?  Records of a campaign are told apart by what the host
 * says about their boots, others by the boot_id of the kernel.
 */
bool same_boot(const struct gather *a, const struct gather *b);

#endif
