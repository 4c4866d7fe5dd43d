/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of a kernel that somebody else writes to a file: followed while it
 * grows, scanned for the ways in which a kernel ends, and its last lines kept.
 */
#ifndef VMSTRESS_CONSOLE_H
#define VMSTRESS_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Lines that are kept of the end. */
#define CONSOLE_TAIL 20
/* A kernel that writes more has lost its way; the host has a disk to lose. */
#define CONSOLE_BYTES_MAX (UINT64_C(64) << 20)

struct console {
	int fd;
	uint64_t bytes;			/* read so far */
	struct str line;		/* what has come of the next one */
	char *tail[CONSOLE_TAIL];	/* a ring */
	size_t lines;			/* that went through it */
	char *panic;			/* what it panicked for, or NULL */
	char *oops;			/* the headline of the first oops, or NULL */
	char *stuck;			/* of the last lockup, stall or hung task */
	char *warning;			/* the first that it lived on after */
	unsigned warnings;
};

/* The file must exist. */
int console_open(struct console *c, const char *path, struct err *e);

/* Take what has come; -1 when it has become too long. */
int console_look(struct console *c);

/*
 * Its last lines, oldest first, control characters made visible: new strings in
 * a new list.
 */
char **console_tail(const struct console *c, size_t *n);

/* The last line that has something in it, or NULL. */
const char *console_last(const struct console *c);

void console_close(struct console *c);

#endif
