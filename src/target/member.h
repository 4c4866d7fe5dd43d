/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the engine and the program of a group of members (member.c) agree on.
 *
 *	vmstress-member KIND MEMBERS FIRST PIPE_BYTES CPU GROUP
 *
 * makes MEMBERS relays: each reads bytes from one pipe and writes them to the
 * next, until the end of file.  It is none of them but their parent, and ends
 * when they are gone; only if one cannot be made it takes that one's place, so
 * that the row is connected.  KIND is "own" or "shared", the address space of
 * the members; FIRST is the number of the first one, for its stamps; PIPE_BYTES
 * the size of the pipes between them, 0: as the system makes them; CPU is where
 * they are made, before they run where they like, -1: anywhere; GROUP is the
 * process group that they join, 0: the first one's.
 */
#ifndef VMSTRESS_MEMBER_H
#define VMSTRESS_MEMBER_H

#include <stdint.h>

/* Descriptors that the program finds open. */
enum member_fd {
	MEMBER_IN,		/* the first member reads from it */
	MEMBER_OUT,		/* the last one writes to it */
	MEMBER_REPORT,		/* one struct member_report when all stand */
	MEMBER_LIFE,		/* held open by each of them as long as it lives */
	MEMBER_STAMPS,		/* a file for stamps, or closed */
	MEMBER_FDS
};

/* What stopped the growth. */
enum member_call {
	MEMBER_NOTHING, MEMBER_PIPE, MEMBER_FORK, MEMBER_MAP,
	MEMBER_EXEC		/* of this program; nobody stands */
};

struct member_report {
	uint32_t made;		/* members that stand */
	uint32_t call;		/* enum member_call */
	int32_t errnum;
	int32_t group;		/* the process group that they are in */
};

/*
 * A byte with this bit asks every member to write the time (nanoseconds,
 * uint64_t) to MEMBER_STAMPS, at 8 bytes times its number, before it passes
 * the byte on.
 */
#define MEMBER_STAMP 0x80u

#endif
