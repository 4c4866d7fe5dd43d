/* SPDX-License-Identifier: BSD-2-Clause */
/* A share as people write it; see share.h. */
#include "config.h"

#include "cli/share.h"

#include <stdlib.h>

int
cli_share(const char *command, const char *option, const char *text,
    double *value, struct err *e)
{
	char *end;
	double v = strtod(text, &end);

	if (*end == '%' && end[1] == '\0') {
		v /= 100;
		end++;
	}
	if (end == text || *end != '\0' || !(v > 0) || !(v < 1))
		return err_set(e, "%s: --%s %s: that is no share between 0 and "
		    "1, like 0.02 or 2%%", command, option, text);
	*value = v;
	return 0;
}
