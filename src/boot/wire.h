/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest says to its host over a serial line: text, one message a line,
 *
 *	@ CHECK NUMBER KIND TEXT
 *
 * NUMBER counts the messages from 0, CHECK is the low half of hash.h over
 * "NUMBER KIND TEXT" in 8 hex digits.  TEXT is one line and may be empty.
 * What does not begin with "@ " was written by somebody else (firmware, the
 * kernel) and is passed over.  Both directions of errors are seen: a damaged
 * line by its check, a lost one by the gap in the numbers.
 *
 *	hello	VERSION			the guest program runs, protocol version
 *	config	LINE			of /proc/config.gz, when asked for
 *	begin	CELL LAUNCH K N TIMEOUT_NS LEFT_NS TEXT
 *					launch K of N begins and is over after
 *					TIMEOUT_NS at the latest; LEFT_NS is what
 *					is left to do, this launch included; TEXT
 *					names it
 *	line	JSON			a line of the record
 *	end	STATUS REASON		ok | failed | interrupted: all is said
 */
#ifndef VMSTRESS_WIRE_H
#define VMSTRESS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define WIRE_VERSION "vmstress-guest/1"
/* The longest message; a line of a record may be long. */
#define WIRE_MAX (64u << 20)

enum wire_kind {
	WIRE_HELLO, WIRE_CONFIG, WIRE_BEGIN, WIRE_LINE, WIRE_END, WIRE_KINDS
};

/* Append a message, newline included, to `out`; line ends in `text` become blanks. */
void wire_write(struct str *out, uint64_t number, enum wire_kind kind,
    const char *text);

/* The reading side; zero-initialize. */
struct wire {
	struct str line;	/* what has come of the next line */
	uint64_t next;		/* number of the next message */
	uint64_t lost;		/* messages that are missing or damaged */
	uint64_t damaged;	/* of them, since the last one that was whole */
	uint64_t foreign;	/* lines of others */
	bool overlong;		/* the rest of this line is thrown away */
};

/*
 * Take bytes as they come; `each` gets every whole message.  `text` is valid
 * during the call.  Empty lines are nobody's.  Message 0 begins the count anew:
 * the guest has been started again.
 */
void wire_take(struct wire *w, const char *data, size_t len,
    void (*each)(void *arg, enum wire_kind kind, const char *text), void *arg);
void wire_free(struct wire *w);

/* The fields of "begin". */
struct wire_begin {
	int cell, launch;
	uint64_t k, n;		/* 1 <= k <= n */
	uint64_t timeout_ns, left_ns;
	const char *text;	/* inside the message */
};

/* -1 when it is none. */
int wire_begin_read(const char *text, struct wire_begin *b);
void wire_begin_write(struct str *out, const struct wire_begin *b);

#endif
