/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring of perf records that the kernel writes and we read: page 0 tells
 * how far each has come, a power of two of pages with the records follows.
 */
#ifndef VMSTRESS_LINUX_RING_H
#define VMSTRESS_LINUX_RING_H

#include <linux/perf_event.h>
#include <stddef.h>
#include <stdint.h>

#include "os/sampler.h"

/* A record's length has 16 bits. */
#define LINUX_RING_RECORD_MAX 65536

/* What samples of linux_ring_samples() must hold, and nothing else. */
#define LINUX_RING_SAMPLE_TYPE						\
	(PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_CALLCHAIN)

struct linux_ring {
	struct perf_event_mmap_page *page;
	const unsigned char *data;
	size_t bytes;		/* of data, a power of two */
	uint64_t end;		/* records before this are to be read now */
	bool idle_pid_0;	/* process 0 is the idle one, and not one of
				 * another namespace */
	bool skip_lost;		/* who is lost is known from elsewhere */
	uint64_t *whole;	/* LINUX_RING_RECORD_MAX bytes, for a record
				 * that goes over the end; rings may share it */
};

/* Fix what is to be read now; more may come while it is read. */
void linux_ring_look(struct linux_ring *r);

/* Of that, hand over the programs that were exec'd; nothing is used up. */
void linux_ring_execs(struct linux_ring *r, const struct os_sampler_sink *sink,
    void *arg);

/* Hand over samples and lost ones, and give the room back. */
void linux_ring_samples(struct linux_ring *r,
    const struct os_sampler_sink *sink, void *arg);

/* Give the room back unread. */
void linux_ring_drop(struct linux_ring *r);

#endif
