/* SPDX-License-Identifier: BSD-2-Clause */
/* A line that is written over itself; see live.h. */
#include "config.h"

#include "cli/live.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/units.h"

static size_t
live_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 79;
	return size.ws_col - 1u;
}

void
live_draw(const char *text)
{
	fprintf(stderr, "\r\033[K%.*s", (int)str_cut(text, live_width()), text);
	fflush(stderr);
}

void
live_wipe(bool *open)
{
	if (*open)
		fputs("\r\033[K", stderr);
	*open = false;
}

void
live_left(struct str *b, uint64_t left_ns, uint64_t spent_ns)
{
	char left[UNITS_MAX];
	uint64_t seconds;

	if (left_ns <= spent_ns)
		return;
	seconds = (left_ns - spent_ns + 500000000) / 1000000000;
	if (seconds < 60)
		str_addf(b, ", %d s left", (int)seconds);
	else
		str_addf(b, ", %s left", units_round_time(left, sizeof(left),
		    (double)seconds * 1e9));
}
