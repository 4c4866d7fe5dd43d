/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums and differences of what processes used. */
#include "config.h"

#include "observe/consumed.h"

#include <stddef.h>
#include <string.h>

/* All fields of the struct are numbers of one kind. */
#define CONSUMED_FIELDS (sizeof(struct os_usage) / sizeof(uint64_t))

static uint64_t
consumed_plus(uint64_t a, uint64_t b)
{
	return a == OS_USAGE_UNKNOWN || b == OS_USAGE_UNKNOWN ?
	    OS_USAGE_UNKNOWN : a + b;
}

/* Counts of a process do not fall; one that does is not to be trusted. */
static uint64_t
consumed_minus(uint64_t to, uint64_t from)
{
	return to == OS_USAGE_UNKNOWN || from == OS_USAGE_UNKNOWN ||
	    to < from ? OS_USAGE_UNKNOWN : to - from;
}

void
consumed_add(struct os_usage *sum, const struct os_usage *one)
{
	uint64_t a[CONSUMED_FIELDS], b[CONSUMED_FIELDS];
	size_t i;

	memcpy(a, sum, sizeof(a));
	memcpy(b, one, sizeof(b));
	for (i = 0; i < CONSUMED_FIELDS; i++)
		a[i] = consumed_plus(a[i], b[i]);
	memcpy(sum, a, sizeof(a));
}

/* ns * part / whole, part <= whole, within 64 bits. */
static uint64_t
consumed_share(uint64_t ns, uint64_t part, uint64_t whole)
{
	while (whole > UINT32_MAX) {
		whole /= 2;
		part /= 2;
	}
	return ns / whole * part + ns % whole * part / whole;
}

static void
consumed_divide(struct os_usage *d)
{
	uint64_t ticks = consumed_plus(d->user_ns, d->system_ns);

	if (d->run_ns == OS_USAGE_UNKNOWN || ticks == OS_USAGE_UNKNOWN)
		return;
	if (ticks == 0 && d->run_ns > 0) {
		d->user_ns = d->system_ns = OS_USAGE_UNKNOWN;
	} else if (ticks > 0) {
		d->user_ns = consumed_share(d->run_ns, d->user_ns, ticks);
		d->system_ns = d->run_ns - d->user_ns;
	}
}

void
consumed_between(const struct os_usage *from, const struct os_usage *to,
    struct os_usage *used)
{
	uint64_t a[CONSUMED_FIELDS], b[CONSUMED_FIELDS];
	size_t i;

	memcpy(a, from, sizeof(a));
	memcpy(b, to, sizeof(b));
	for (i = 0; i < CONSUMED_FIELDS; i++)
		b[i] = consumed_minus(b[i], a[i]);
	memcpy(used, b, sizeof(b));
	consumed_divide(used);
	used->user_ns = consumed_plus(used->user_ns, used->children_user_ns);
	used->system_ns = consumed_plus(used->system_ns,
	    used->children_system_ns);
}
