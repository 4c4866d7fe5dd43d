/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run has changed about the system, and how it was before.  The
 * guardian keeps the list and puts everything back when the run is over.  A
 * copy is on disk before anything is changed, for the supervisor in case the
 * guardian is killed, and for the next run in case both are: whoever can lock
 * the file alone knows that its run is dead.
 */
#ifndef VMSTRESS_UNDO_H
#define VMSTRESS_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define UNDO_NAME_MAX 64

struct undo_step {
	bool is_swap;		/* else a limit */
	char name[UNDO_NAME_MAX];
	uint64_t old, set;	/* of a limit */
	bool added;		/* the device of the swap is ours to remove */
};

struct undo {
	char *path;		/* of the copy; NULL: there is none */
	int fd;
	struct undo_step *steps;
	size_t nsteps, cap;
};

/* One sentence for the user. */
typedef void undo_say_fn(void *arg, const char *text);

/*
 * Make a file for the copy of a new list and lock it together with others; the
 * name is the caller's to free, *fd to close when the run is over.  -1 with an
 * error.
 */
int undo_create(char **path, int *fd, struct err *e);

/* Take over the list that is in the file; `path` NULL: it is in memory only. */
int undo_open(struct undo *u, const char *path);

/*
 * Raise a limit of the whole system or of this process (os_limit_scope());
 * never lower one.  0 with the value that it had, or -1 with errno.
 */
int undo_raise(struct undo *u, const char *name, uint64_t value, uint64_t *old);

/* Set up swap (os_swap_on()); its device goes to `name`. */
int undo_swap(struct undo *u, uint64_t bytes, char name[UNDO_NAME_MAX]);

/*
 * Put everything back, in reverse order, and remove the file; then the list is
 * empty.  What somebody else has changed meanwhile is left alone.  What was
 * not done or left alone is said; with `loud` what was done, too.
 */
void undo_all(struct undo *u, bool loud, undo_say_fn *say, void *arg);

/* Put back what runs have left that nobody is alive of.  For root. */
void undo_leftovers(undo_say_fn *say, void *arg);

#endif
