/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the engine and the program of a group of members (member.c) agree on.
 *
 *	vmstress-member KIND MEMBERS FIRST PIPE_BYTES CPU
 *
 * makes MEMBERS relays, itself the last of them: each reads bytes from one pipe
 * and writes them to the next, until the end of file.  KIND is "own" or
 * "shared", the address space of the others; FIRST is the number of the first
 * member, for its stamps; PIPE_BYTES the size of the pipes between them, 0: as
 * the system makes them; CPU is where they are made, before they run where they
 * like, -1: anywhere.
 */
#ifndef VMSTRESS_MEMBER_H
#define VMSTRESS_MEMBER_H

#include <stdint.h>

/* Descriptors that the program finds open. */
enum member_fd {
	MEMBER_IN,		/* the first member reads from it */
	MEMBER_OUT,		/* the last one writes to it */
	MEMBER_REPORT,		/* one struct member_report when all stand */
	MEMBER_LIFE,		/* held open by every member as long as it lives */
	MEMBER_STAMPS,		/* a file for stamps, or closed */
	MEMBER_FDS
};

/* What stopped the growth. */
enum member_call {
	MEMBER_NOTHING, MEMBER_PIPE, MEMBER_FORK, MEMBER_MAP,
	MEMBER_EXEC		/* of this program; nobody stands */
};

struct member_report {
	uint32_t made;		/* members that stand, the leader included */
	uint32_t call;		/* enum member_call */
	int32_t errnum;
};

/*
 * A byte with this bit asks every member to write the time (nanoseconds,
 * uint64_t) to MEMBER_STAMPS, at 8 bytes times its number, before it passes
 * the byte on.
 */
#define MEMBER_STAMP 0x80u

#endif
