/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of events, counted at a set of places: tasks with what descends from
 * them, or CPUs.  One descriptor for each event at each place and no groups of
 * events, so that one that cannot be counted takes no other with it.
 *
 * Counters only count up, in front of and behind every stretch of time stands
 * a reading, and the result is the difference.  They are never reset: that
 * would leave the counts of descendants as they are.
 */
#ifndef VMSTRESS_COUNT_H
#define VMSTRESS_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"
#include "os/counter.h"

/* What became of an event; the words are those of protocol.h. */
enum count_status {
	COUNT_OK,
	COUNT_SCALED,		/* counted a part of the time, and estimated */
	COUNT_NOT_COUNTED,	/* could be, but was not */
	COUNT_NOT_SUPPORTED,
	COUNT_NOT_PERMITTED,
	COUNT_MASKED,		/* would count a silent 0 */
	COUNT_ERROR
};

const char *count_status_name(enum count_status status);

#define COUNT_REASON_MAX 256

struct count_event {
	struct os_counter_event os;
	const int *cpus;	/* of its PMU; NULL: all.  Sorted */
	int ncpus;
};

/* Where it is counted.  The arrays are the caller's and stay. */
struct count_places {
	bool task;		/* tasks, else CPUs */
	const pid_t *tasks;
	const int *cpus;
	int n;			/* of the one or the other */
	int group_fd;		/* on CPUs: of whose members; -1: of anybody */
};

/* One event. */
struct count_row {
	const struct count_event *event;
	/*
	 * COUNT_OK, or why it is not counted at all, with the reason and, if
	 * it has one, the errno.
	 */
	enum count_status status;
	char reason[COUNT_REASON_MAX];
	int errnum;
	/* The places that count it: an index of places, and a descriptor. */
	int n;
	int *place;
	int *fd;
	struct count_reading {
		struct os_counter_value *value;	/* at each place */
		int errnum;			/* it failed; else 0 */
	} from, to;
};

struct count {
	struct count_places places;
	struct count_row *rows;		/* one for each event */
	int n;
	int *primer;			/* see count_prime(); or NULL */
	bool raised;			/* more descriptors were asked for */
	/* CPUs that are left out, in words; empty: none is. */
	struct str left_out;
};

/* What happened between the last two readings. */
struct count_result {
	enum count_status status;
	char reason[COUNT_REASON_MAX];	/* unless ok or scaled */
	int errnum;
	uint64_t value;			/* of ok and scaled */
	uint64_t raw, enabled_ns, running_ns;
	/*
	 * The value at each place that counts it (row->place), for the caller
	 * to free; NULL: not known of every one of them.
	 */
	uint64_t *each;
};

/* Open all events, disabled.  What cannot be opened says so in its row. */
void count_open(struct count *c, const struct count_event *events, int n,
    const struct count_places *places);

void count_enable(struct count *c);
void count_disable(struct count *c);

/* A reading: the one that was the last becomes the one before it. */
void count_read(struct count *c);

/* count_result.c: the difference of the last two readings of an event. */
void count_result(const struct count *c, int event, struct count_result *r);

void count_free(struct count *c);

#endif
