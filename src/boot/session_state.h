/* SPDX-License-Identifier: BSD-2-Clause */
/* A boot that goes on, and the judgement when it is over; see session.h. */
#ifndef VMSTRESS_SESSION_STATE_H
#define VMSTRESS_SESSION_STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "boot/arguments.h"
#include "boot/console.h"
#include "boot/session.h"
#include "boot/wire.h"

/* How far it has come. */
enum session_stage {
	SESSION_BOOTING,	/* the guest has not said hello */
	SESSION_IDLE,		/* between launches */
	SESSION_LAUNCH,
	SESSION_OVER		/* it has said its end */
};

enum session_killed {
	SESSION_NOT_KILLED,
	SESSION_KILLED_LATE,
	SESSION_KILLED_FLOOD,
	SESSION_KILLED_USELESS,		/* nothing can come of it any more */
	SESSION_KILLED_INTERRUPT
};

struct session_state {
	struct session *session;
	struct arguments arguments;
	pid_t pid;
	int port;			/* what the guest says */
	struct wire wire;
	struct console console;
	enum session_stage stage;
	uint64_t deadline_ns;
	bool panicked;
	bool again;			/* it has said hello once more */
	enum session_killed killed;
	struct guard_ended ended;
	/* Of the launch that goes on, k of n. */
	char *launch_text;
	uint64_t k, n;
	/* What the guest said at its end. */
	bool ok;
	char *why;
	struct err protocol;		/* it says what makes no sense */
};

/* Fill *end but for its time; the file `said` is read. */
void session_judge(const struct session_state *s, struct session_end *end);

#endif
