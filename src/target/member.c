/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program of a group of members; see member.h.  A population of a million
 * is as large as its members are small: the program is static, leaves the
 * stack that it was started with, and a member touches one page of its own.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "os/bare.h"
#include "target/member.h"

/* A member that shares the memory calls half a dozen functions. */
#define MEMBER_STACK 1024u

/* What one member needs to know. */
struct member_birth {
	int in, out;
	int next;		/* the next member's end, not this one's */
	uint64_t number;
};

/* All that is written to, in one page; the stack grows down from its middle. */
static struct {
	_Alignas(4096) char stack[3584];
	bool shared;
	uint64_t members, first;
	long pipe_bytes;
	struct member_birth birth;	/* of own members: they have a copy */
	char *stacks;			/* of shared ones */
	struct member_birth *births;
} member;

static void
member_stamp(uint64_t number)
{
	uint64_t now = os_now_bare_ns();

	if (pwrite(MEMBER_STAMPS, &now, sizeof(now),
	    (off_t)(number * sizeof(now))) != (ssize_t)sizeof(now))
		return;		/* a stamp that is missing is seen */
}

static void
member_relay(int in, int out, uint64_t number)
{
	unsigned char token;

	while (read(in, &token, 1) == 1) {
		if ((token & MEMBER_STAMP) != 0)
			member_stamp(number);
		if (write(out, &token, 1) != 1)
			return;
	}
}

static int
member_main(void *arg)
{
	const struct member_birth *b = arg;
	int in = b->in, out = b->out;
	uint64_t number = b->number;

	os_unbind_bare();
	close(b->next);
	close(MEMBER_OUT);
	close(MEMBER_REPORT);
	member_relay(in, out, number);
	return 0;
}

static pid_t
member_make(uint64_t i, const struct member_birth *b)
{
	pid_t pid;

	if (member.shared) {
		/* Each its own: the next is made before this one has read. */
		member.births[i] = *b;
		return os_fork_shared_most(member_main, &member.births[i],
		    member.stacks + i * MEMBER_STACK, MEMBER_STACK);
	}
	member.birth = *b;
	pid = os_fork_bare();
	if (pid == 0)
		_exit(member_main(&member.birth));
	return pid;
}

/* Stacks and births of the members that share this memory, in one mapping. */
static int
member_map(void)
{
	size_t stacks = member.members * MEMBER_STACK;
	void *p;

	if (!member.shared)
		return 0;
	p = mmap(NULL, stacks + member.members * sizeof(*member.births),
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
	if (p == MAP_FAILED)
		return -1;
	member.stacks = p;
	member.births = (struct member_birth *)(void *)((char *)p + stacks);
	return 0;
}

static int
member_pipe(int fds[2])
{
	if (pipe(fds) != 0)
		return -1;
#ifdef F_SETPIPE_SZ
	/* A wish: where it is refused the pipe is larger, which is seen. */
	if (member.pipe_bytes > 0)
		fcntl(fds[1], F_SETPIPE_SZ, member.pipe_bytes);
#endif
	return 0;
}

/*
 * The leader makes the other members in front of itself, one by one, and is
 * the last: so a group is connected whenever it stops growing.  *in becomes
 * what the leader is to read from.
 */
static void
member_grow(int *in, struct member_report *r)
{
	struct member_birth b;
	int fds[2];

	r->call = MEMBER_MAP;
	if (member_map() != 0)
		return;
	for (; r->made < member.members; r->made++) {
		r->call = MEMBER_PIPE;
		if (member_pipe(fds) != 0)
			return;
		b = (struct member_birth){ *in, fds[1], fds[0],
		    member.first + r->made - 1 };
		r->call = MEMBER_FORK;
		if (member_make(r->made - 1, &b) < 0)
			return;
		close(fds[1]);
		close(*in);
		*in = fds[0];
	}
	r->call = MEMBER_NOTHING;
}

static void
member_lead(void)
{
	struct member_report r = { .made = 1 };
	int in = MEMBER_IN;

	errno = 0;
	member_grow(&in, &r);
	r.errnum = r.call != MEMBER_NOTHING ? errno : 0;
	if (write(MEMBER_REPORT, &r, sizeof(r)) != (ssize_t)sizeof(r))
		_exit(1);
	close(MEMBER_REPORT);
	os_unbind_bare();
	/* After a fork that failed there is a pipe too many: it does no harm. */
	member_relay(in, MEMBER_OUT, member.first + member.members - 1);
	_exit(0);
}

int
main(int argc, char *argv[])
{
	if (argc != 6)
		return 2;
	member.shared = strcmp(argv[1], "shared") == 0;
	member.members = strtoull(argv[2], NULL, 10);
	member.first = strtoull(argv[3], NULL, 10);
	member.pipe_bytes = strtol(argv[4], NULL, 10);
	os_bind_bare(atoi(argv[5]));
	signal(SIGCHLD, SIG_IGN);	/* members are not waited for */
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	os_begin_bare(member_lead, member.stack, sizeof(member.stack));
	return 1;
}
