/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors as sentences; see err.h. */
#include "config.h"

#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text that does not fit ends in "..." rather than in the middle of a word. */
static void
err_fit(char *text, int wanted)
{
	if (wanted >= ERR_MAX)
		memcpy(text + ERR_MAX - 4, "...", 4);
}

int
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (e->set)
		return -1;
	va_start(ap, fmt);
	err_fit(e->text, vsnprintf(e->text, ERR_MAX, fmt, ap));
	va_end(ap);
	e->set = true;
	e->num = 0;
	return -1;
}

int
err_errno(struct err *e, const char *fmt, ...)
{
	int errnum = errno;
	char what[ERR_MAX];
	va_list ap;

	if (e->set)
		return -1;
	va_start(ap, fmt);
	err_fit(what, vsnprintf(what, sizeof(what), fmt, ap));
	va_end(ap);
	err_set(e, "%s: %s", what, strerror(errnum));
	e->num = errnum;
	return -1;
}

int
err_prefix(struct err *e, const char *fmt, ...)
{
	char context[ERR_MAX], old[ERR_MAX];
	va_list ap;

	if (!e->set)
		return -1;
	va_start(ap, fmt);
	err_fit(context, vsnprintf(context, sizeof(context), fmt, ap));
	va_end(ap);
	memcpy(old, e->text, sizeof(old));
	err_fit(e->text, snprintf(e->text, ERR_MAX, "%s: %s", context, old));
	return -1;
}

void
err_clear(struct err *e)
{
	e->set = false;
	e->num = 0;
	e->text[0] = '\0';
}
