/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's end of the line to its host.  Process 1 and the child that runs
 * the plan both speak, one after the other; what was said is in memory that
 * they share, so that process 1 can go on where the child was killed.
 */
#ifndef VMSTRESS_GUEST_LINK_H
#define VMSTRESS_GUEST_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "boot/wire.h"

/* The record, in memory. */
#define GUEST_RECORD "/run/record.jsonl"

#define GUEST_PORT_MAX 300

struct guest_said {
	uint64_t next;		/* number of the next message */
	uint64_t sent;		/* bytes of the record */
	char status[16];	/* of the message "end"; empty: not known yet */
	char reason[ERR_MAX];
};

struct guest_link {
	int fd;
	const char *record;	/* GUEST_RECORD */
	char port[GUEST_PORT_MAX];	/* its path */
	struct guest_said *said;	/* shared with children */
};

/*
 * Before anything is said; `serial` is the port where there is no virtio.  -1
 * with an error when there is no host to talk to.
 */
int guest_link_open(struct guest_link *l, const char *serial, struct err *e);

/*
 * A host that does not listen cannot be told so: nothing fails here.  A
 * message is on its way when this returns, and out after guest_link_drain().
 */
void guest_link_say(struct guest_link *l, enum wire_kind kind,
    const char *text);
void guest_link_drain(struct guest_link *l);

/* The whole lines of the record that the host does not have yet. */
void guest_link_record(struct guest_link *l);

/* What the message "end" will be; the first one that is set wins. */
void guest_link_status(struct guest_link *l, const char *status,
    const char *reason);

#endif
