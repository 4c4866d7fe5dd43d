/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: reading perf records from the ring they are written to. */
#include "config.h"

#include "os/linux_ring.h"

#include <string.h>

/* Names of a length that no kernel gives are cut. */
#define RING_NAME_MAX 64

/* The number of such records since Linux 3.19 may be unknown to the headers. */
#define RING_LOST_SAMPLES 13

/* ---- records ------------------------------------------------------------ */

static uint64_t
ring_tail(const struct linux_ring *r)
{
	return __atomic_load_n(&r->page->data_tail, __ATOMIC_RELAXED);
}

/* Copy out of the ring, over its end if need be. */
static void
ring_copy(const struct linux_ring *r, uint64_t at, void *to, size_t len)
{
	size_t from = (size_t)(at & (r->bytes - 1));
	size_t first = r->bytes - from < len ? r->bytes - from : len;

	memcpy(to, r->data + from, first);
	memcpy((char *)to + first, r->data, len - first);
}

/*
 * The record at *at, which then is where the next one begins; NULL at the end.
 * Records are multiples of 8 bytes long, and so is the ring, so that a header
 * never goes over its end.  What cannot be a record ends the reading: nobody
 * could tell where the next begins.
 */
static const struct perf_event_header *
ring_next(const struct linux_ring *r, uint64_t *at)
{
	struct perf_event_header h;
	size_t from = (size_t)(*at & (r->bytes - 1));

	if (r->end - *at < sizeof(h))
		return NULL;
	ring_copy(r, *at, &h, sizeof(h));
	if (h.size < sizeof(h) || h.size % 8 != 0 || h.size > r->end - *at)
		return NULL;
	*at += h.size;
	if (from + h.size <= r->bytes)
		return (const void *)(r->data + from);
	ring_copy(r, *at - h.size, r->whole, h.size);
	return (const void *)r->whole;
}

/* ---- their contents ----------------------------------------------------- */

static bool
ring_in_user(const struct perf_event_header *h)
{
	unsigned mode = h->misc & PERF_RECORD_MISC_CPUMODE_MASK;

	return mode == PERF_RECORD_MISC_USER ||
	    mode == PERF_RECORD_MISC_GUEST_USER;
}

/*
 * The kernel's part of a chain: what follows its mark, up to the next mark.
 * Marks are the last 4095 numbers, as errors are.
 */
static void
ring_chain(const uint64_t *chain, uint64_t n, struct os_sample *s)
{
	uint64_t i = 0, first;

	while (i < n && chain[i] != (uint64_t)PERF_CONTEXT_KERNEL &&
	    chain[i] != (uint64_t)PERF_CONTEXT_GUEST_KERNEL)
		i++;
	first = i < n ? i + 1 : n;
	for (i = first; i < n; i++)
		if (chain[i] >= (uint64_t)PERF_CONTEXT_MAX)
			break;
	s->kernel = chain + first;
	s->nkernel = (int)(i - first);
}

/* ip, pid and tid, length of the chain, chain. */
#define RING_SAMPLE_FIXED 3

static void
ring_sample(const struct linux_ring *r, const struct perf_event_header *h,
    const struct os_sampler_sink *sink, void *arg)
{
	const uint64_t *v = (const void *)(h + 1);
	uint64_t words = (h->size - sizeof(*h)) / sizeof(*v), n;
	struct os_sample s = { 0 };
	uint32_t ids[2];

	if (words < RING_SAMPLE_FIXED)
		return;
	s.ip = v[0];
	memcpy(ids, &v[1], sizeof(ids));
	s.pid = (pid_t)ids[0];
	s.tid = (pid_t)ids[1];
	s.idle = r->idle_pid_0 && ids[0] == 0 && ids[1] == 0;
	n = v[2] < words - RING_SAMPLE_FIXED ? v[2] : words - RING_SAMPLE_FIXED;
	if (!ring_in_user(h)) {
		ring_chain(v + RING_SAMPLE_FIXED, n, &s);
		if (s.nkernel == 0) {	/* the chain could not be followed */
			s.kernel = v;
			s.nkernel = 1;
		}
	}
	sink->sample(arg, &s);
}

static void
ring_lost(const struct perf_event_header *h,
    const struct os_sampler_sink *sink, void *arg)
{
	const uint64_t *v = (const void *)(h + 1);
	size_t words = (h->size - sizeof(*h)) / sizeof(*v);
	size_t at = h->type == PERF_RECORD_LOST ? 1 : 0;	/* an id */

	if (words > at)
		sink->lost(arg, v[at]);
}

static void
ring_exec(const struct perf_event_header *h,
    const struct os_sampler_sink *sink, void *arg)
{
	const char *p = (const void *)(h + 1);
	size_t len = h->size - sizeof(*h);
	char name[RING_NAME_MAX] = "";
	uint32_t pid;

	if (len < 2 * sizeof(pid) || (h->misc & PERF_RECORD_MISC_COMM_EXEC) == 0)
		return;
	memcpy(&pid, p, sizeof(pid));
	len -= 2 * sizeof(pid);
	if (len > sizeof(name) - 1)
		len = sizeof(name) - 1;
	memcpy(name, p + 2 * sizeof(pid), len);
	sink->exec(arg, (pid_t)pid, name);
}

/* ---- reading ------------------------------------------------------------ */

void
linux_ring_look(struct linux_ring *r)
{
	/* What was written before the number was is seen after it. */
	r->end = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);
}

void
linux_ring_drop(struct linux_ring *r)
{
	/* The room is written again only after it was read. */
	__atomic_store_n(&r->page->data_tail, r->end, __ATOMIC_RELEASE);
}

void
linux_ring_execs(struct linux_ring *r, const struct os_sampler_sink *sink,
    void *arg)
{
	const struct perf_event_header *h;
	uint64_t at = ring_tail(r);

	while ((h = ring_next(r, &at)) != NULL)
		if (h->type == PERF_RECORD_COMM)
			ring_exec(h, sink, arg);
}

void
linux_ring_samples(struct linux_ring *r, const struct os_sampler_sink *sink,
    void *arg)
{
	const struct perf_event_header *h;
	uint64_t at = ring_tail(r);

	while ((h = ring_next(r, &at)) != NULL) {
		if (h->type == PERF_RECORD_SAMPLE)
			ring_sample(r, h, sink, arg);
		else if (!r->skip_lost && (h->type == PERF_RECORD_LOST ||
		    h->type == RING_LOST_SAMPLES))
			ring_lost(h, sink, arg);
	}
	linux_ring_drop(r);
}
