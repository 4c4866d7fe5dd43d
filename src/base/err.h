/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error is a sentence.  The function that fails writes it, callers put
 * their context in front, and only src/cli prints it.  The first error wins:
 * setting one that is already set changes nothing.
 */
#ifndef VMSTRESS_ERR_H
#define VMSTRESS_ERR_H

#include <stdbool.h>

#define ERR_MAX 1024

struct err {
	bool set;
	int num;		/* errno of the cause, or 0 */
	char text[ERR_MAX];	/* cut with "..." when longer */
};

#define ERR_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* All setters return -1, so that a caller can `return err_set(...)`. */
int err_set(struct err *e, const char *fmt, ...) ERR_PRINTF(2, 3);

/* The same, followed by ": " and the words for the current errno. */
int err_errno(struct err *e, const char *fmt, ...) ERR_PRINTF(2, 3);

/* Put context and ": " in front of an error that is set; else do nothing. */
int err_prefix(struct err *e, const char *fmt, ...) ERR_PRINTF(2, 3);

void err_clear(struct err *e);

#endif
