/* SPDX-License-Identifier: BSD-2-Clause */
/* The service behind vms_refused(): which limit stopped a population. */
#include "config.h"

#include <string.h>

#include "engine/engine.h"

void
host_refused(struct vms_worker *w, int64_t asked, int64_t reached,
    const char *call, int errnum)
{
	vms_partial(w, asked, reached, "%s: %s", call, strerror(errnum));
}
