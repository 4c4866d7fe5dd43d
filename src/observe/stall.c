/* SPDX-License-Identifier: BSD-2-Clause */
/* Stalls of a stretch of time; see stall.h. */
#include "config.h"

#include "observe/stall.h"

#include <string.h>

void
stall_begin(struct stall *s, uint64_t open_ns)
{
	memset(s, 0, sizeof(*s));
	s->open_ns = open_ns;
	s->close_ns = UINT64_MAX;
	s->step_ns = PROBE_PERIOD_NS;
}

/* How much of a time lies in the stretch. */
static uint64_t
stall_inside(const struct stall *s, uint64_t from_ns, uint64_t to_ns)
{
	if (from_ns < s->open_ns)
		from_ns = s->open_ns;
	if (to_ns > s->close_ns)
		to_ns = s->close_ns;
	return to_ns > from_ns ? to_ns - from_ns : 0;
}

static void
stall_worst(uint64_t *worst, uint64_t ns)
{
	if (ns > *worst)
		*worst = ns;
}

/* Two bins become one, until there is one for the time `at_ns` after open. */
static void
stall_stretch(struct stall *s, uint64_t at_ns)
{
	unsigned i;

	while (at_ns / s->step_ns >= STALL_BINS) {
		for (i = 0; i < STALL_BINS / 2; i++) {
			s->bin[i] = s->bin[2 * i];
			stall_worst(&s->bin[i], s->bin[2 * i + 1]);
		}
		memset(s->bin + STALL_BINS / 2, 0, sizeof(s->bin) / 2);
		s->step_ns *= 2;
	}
}

/* From `from_ns` after the opening on, for `ns`. */
static void
stall_timeline(struct stall *s, uint64_t from_ns, uint64_t ns)
{
	uint64_t i;

	stall_stretch(s, from_ns + ns - 1);
	for (i = from_ns / s->step_ns; i <= (from_ns + ns - 1) / s->step_ns;
	    i++)
		stall_worst(&s->bin[i], ns);
}

void
stall_add(struct stall *s, const struct probe_round *r)
{
	uint64_t ns = stall_inside(s, r->due_ns, r->read_ns);

	if (ns == 0)
		return;
	s->rounds++;
	s->refused += r->refused;
	histogram_add(&s->all, ns);
	stall_worst(&s->worst_ns, ns);
	stall_worst(&s->wake_worst_ns, stall_inside(s, r->due_ns, r->woke_ns));
	stall_worst(&s->fork_worst_ns,
	    stall_inside(s, r->woke_ns, r->forked_ns));
	stall_worst(&s->read_worst_ns,
	    stall_inside(s, r->forked_ns, r->read_ns));
	stall_timeline(s, r->due_ns > s->open_ns ? r->due_ns - s->open_ns : 0,
	    ns);
}

uint64_t
stall_p99(const struct stall *s)
{
	return histogram_quantile(&s->all, 0.99);
}

unsigned
stall_bins(const struct stall *s)
{
	uint64_t n = (s->close_ns - s->open_ns + s->step_ns - 1) / s->step_ns;

	return n < STALL_BINS ? (unsigned)n : STALL_BINS;
}
