/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guardian: a tiny program between the supervisor and the cells.  It is
 * the parent of every cell, adopts whatever a cell leaves behind, and when the
 * supervisor dies for any reason it ends every process of the run.
 *
 * They talk through a SOCK_SEQPACKET socket, one text message a packet:
 *
 *	to the guardian		launch ARG PATH		(with 3 descriptors:
 *				standard input, output, error of the cell)
 *				command ARGV		(the same for another
 *				program that is to end with the run: its
 *				arguments, each one followed by a NUL)
 *				kill			(the cell, now)
 *				state PATH		(a list of undo.h)
 *				raise NAME VALUE	(a limit)
 *				swap BYTES
 *				group PATH|-		(all cells from now on
 *				are in it, see os/group.h; or in none)
 *	from the guardian	started PID 0
 *				refused ERRNO 0
 *				ended WAITSTATUS LEFT
 *				done ERRNO TEXT		(state, raise, swap, group:
 *				TEXT is -, the old value, the device, -)
 *
 * LEFT counts the processes that outlived the cell and were killed; -1: some
 * cannot be ended.  When the socket ends, so does the run, and what was changed
 * about the system is put back.
 */
#ifndef VMSTRESS_GUARD_H
#define VMSTRESS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* A keyword, an argument and a path; or a long command line. */
#define GUARD_PACKET_MAX 16384
/* The guardian's end of the socket. */
#define GUARD_FD 3
#define GUARD_KILL_NS 30000000000ull

/*
 * The folder for what cells leave in files: emptied after each of them, and
 * removed by the guardian or, if that was killed, by us.
 */
#define GUARD_FOLDER_MAX 256

/* The group of the cells, which is removed as the folder is. */
#define GUARD_GROUP_MAX 1024
#define GUARD_GROUP_NS 2000000000ull

struct guard {
	pid_t pid;		/* 0: not running */
	int fd;			/* readable when a message is there */
	char folder[GUARD_FOLDER_MAX];	/* or empty: it could not be made */
	char group[GUARD_GROUP_MAX];	/* or empty: cells are in none */
};

struct guard_ended {
	int status;		/* as of wait() */
	long left;
};

/* Start the guardian at `path`; everything it will do hangs on this socket. */
int guard_start(struct guard *g, const char *path, struct err *e);

/*
 * Have it start `cell ARG`.  The descriptors stay the caller's to close.
 * Returns the pid of the cell, or -1; g->pid is 0 then if the guardian died.
 */
pid_t guard_launch(struct guard *g, const char *cell, const char *arg,
    int in, int out, int err, struct err *e);

/*
 * Have it start a program, argv[0] with its path, in place of a cell; the list
 * ends with NULL.
 */
pid_t guard_command(struct guard *g, char *const argv[], int in, int out,
    int err, struct err *e);

/* Read one message; 1: *ended is filled, 0: none yet, -1: the guardian died. */
int guard_read(struct guard *g, struct guard_ended *ended);

/*
 * Have it change the system while no cell runs, and put that back at its end.
 * 0, or -1 with an error; err.num is the errno, or 0 when the guardian died.
 * guard_raise() raises for cells to come, too, and gives the value that was.
 */
int guard_state(struct guard *g, const char *path, struct err *e);
int guard_raise(struct guard *g, const char *name, uint64_t value,
    uint64_t *old, struct err *e);
int guard_swap(struct guard *g, uint64_t bytes, char *device, size_t len,
    struct err *e);

/*
 * Have it make a group and start all cells in it; `path` NULL: in none any
 * more.  0, or -1 as above.
 */
int guard_group(struct guard *g, const char *path, struct err *e);

/* Kill the cell and everything below it; `ended` follows as always. */
void guard_kill(struct guard *g);

/* End the guardian and everything that may still be below it. */
void guard_stop(struct guard *g);

#endif
