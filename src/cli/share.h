/* SPDX-License-Identifier: BSD-2-Clause */
/* The argument of an option that is a share: 2%, or 0.02. */
#ifndef VMSTRESS_SHARE_H
#define VMSTRESS_SHARE_H

#include "base/err.h"

/*
 * 0, or -1 with an error that names the command and its option when `text` is
 * no share between 0 and 1, both excluded; *value is not written then.
 */
int cli_share(const char *command, const char *option, const char *text,
    double *value, struct err *e);

#endif
