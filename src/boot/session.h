/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One boot of one kernel: its command is started, what the guest says is taken,
 * the log is followed, deadlines are kept, and how it ended is told in one of
 * three ways.
 */
#ifndef VMSTRESS_SESSION_H
#define VMSTRESS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "boot/runner.h"
#include "boot/wire.h"
#include "record/campaign.h"
#include "run/guard.h"

struct session {
	struct guard *guard;
	const struct runner *runner;
	const struct runner_boot *boot;
	const char *said;		/* file for what the runner itself says */
	uint64_t boot_timeout_ns;	/* until the guest says hello */
	const int *cpus;		/* host CPUs for its processors; NULL: free */
	int ncpus;
	bool pinned;			/* it has them: set as soon as they are bound */
	/* All of these may be NULL. */
	void (*on_begin)(void *arg, const struct wire_begin *b);
	void (*on_line)(void *arg, const char *json);
	void (*on_config)(void *arg, const char *line);
	void (*on_tick)(void *arg);	/* several times a second */
	void *arg;
};

struct session_end {
	enum campaign_state state;	/* never CAMPAIGN_OPEN */
	/*
	 * Of a loss: "panic", "oops", "hang", "silent" (never said a word),
	 * "reset" (off by itself, as after a triple fault, or begun anew),
	 * "flood" (a log without end), "runner" (the program that runs it
	 * failed).
	 */
	const char *how;
	char reason[ERR_MAX];		/* empty: none */
	char **tail;			/* last lines of the log */
	size_t ntail;
	uint64_t elapsed_ns;
	bool whole;			/* no message of the guest is missing */
};

/*
 * 0 when *end is filled (session_end_free() it), however the boot ended; -1
 * with an error when no boot makes sense any more.
 */
int session_run(struct session *s, struct session_end *end,
    struct err *e);
void session_end_free(struct session_end *end);

#endif
