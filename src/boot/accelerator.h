/* SPDX-License-Identifier: BSD-2-Clause */
/* Can the host's own processors run a guest? */
#ifndef VMSTRESS_ACCELERATOR_H
#define VMSTRESS_ACCELERATOR_H

#include "base/err.h"

/*
 * 0, or -1 with the reason.  Not a guess from /dev/kvm, which is there on
 * machines on which no guest gets anywhere: a guest of one sector is booted and
 * has to say a word within seconds.  Asked once per program.
 */
int accelerator_kvm(const char *qemu, const char *arch, struct err *e);

#endif
