/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors of the library are values; see quiet.h. */
#include "config.h"

#include "stats/quiet.h"

#include <gsl/gsl_errno.h>

void
quiet_library(void)
{
	gsl_set_error_handler_off();
}
