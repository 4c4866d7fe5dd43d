/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attend one execution of vmstress-cell from its block to its end: feed it,
 * take its lines, pass on ^C, and put an end to it when it hangs.
 */
#ifndef VMSTRESS_ATTEND_H
#define VMSTRESS_ATTEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/protocol.h"
#include "run/guard.h"

struct attend {
	struct guard *guard;
	const char *cell;		/* path of vmstress-cell */
	const char *arg;		/* "--launch" or "--probe" */
	uint64_t timeout_ns;		/* then it is killed; 0: never */
	/* Every line but `end`; valid during the call only. */
	void (*on_line)(void *arg, const struct protocol_line *line);
	/* Set by on_line: the launch may end now; may be NULL. */
	const bool *stop;
	/* Every 200 ms or so while it runs; may be NULL. */
	void (*on_tick)(void *arg);
	/* One more descriptor, -1: none, and what to do when it can be read. */
	int more_fd;
	void (*on_more)(void *arg);
	void *arg_of_handlers;
};

/* How it ended, also when the cell could not say so itself. */
struct attend_result {
	char status[16];		/* ok, skipped, failed, interrupted */
	char reason[ERR_MAX];		/* empty: none */
	int num;			/* errno, or 0 */
	long left;			/* processes that had to be killed */
};

/*
 * Returns 0 whenever *result is filled, however bad it is; -1 with an error
 * when no further launch makes sense (the guardian cannot be had).
 */
int attend_launch(const struct attend *a, const struct protocol_launch *l,
    struct attend_result *result, struct err *e);

#endif
