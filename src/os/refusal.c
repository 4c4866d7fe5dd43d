/* SPDX-License-Identifier: BSD-2-Clause */
/* From an error and a table of limits to the limit; see refusal.h. */
#include "config.h"

#include "os/refusal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

#define REFUSAL_BIT(counts) (1u << (counts))

/* The first row whose error and call (NULL: any) fit says what ran out. */
struct refusal_kind {
	int errnum;
	const char *call;
	unsigned kinds;
};

static const struct refusal_kind refusal_kinds[] = {
	{ EMFILE, NULL, REFUSAL_BIT(OS_COUNTS_FDS) },
	/* Linux answers so, too, when a user has too many pipe buffers. */
	{ ENFILE, NULL, REFUSAL_BIT(OS_COUNTS_FILES) |
	    REFUSAL_BIT(OS_COUNTS_PIPE_PAGES) },
	/* Making a pipe larger. */
	{ EPERM, NULL, REFUSAL_BIT(OS_COUNTS_PIPE_PAGES) },
	{ EAGAIN, "mmap", REFUSAL_BIT(OS_COUNTS_LOCKED) },
	{ EAGAIN, "mlock", REFUSAL_BIT(OS_COUNTS_LOCKED) },
	/* The C library answers so when a stack cannot be mapped, too. */
	{ EAGAIN, "pthread_create", REFUSAL_BIT(OS_COUNTS_TASKS) |
	    REFUSAL_BIT(OS_COUNTS_MAPPINGS) | REFUSAL_BIT(OS_COUNTS_MEMORY) },
	{ EAGAIN, NULL, REFUSAL_BIT(OS_COUNTS_TASKS) },
	{ ENOMEM, "fork", REFUSAL_BIT(OS_COUNTS_MEMORY) },
	{ ENOMEM, "clone", REFUSAL_BIT(OS_COUNTS_MEMORY) },
	{ ENOMEM, "pipe", REFUSAL_BIT(OS_COUNTS_MEMORY) },
	{ ENOMEM, NULL, REFUSAL_BIT(OS_COUNTS_MAPPINGS) |
	    REFUSAL_BIT(OS_COUNTS_MEMORY) },
};

struct refusal {
	unsigned kinds;
	int errnum;
	/* The limit that has the least left, for its size; 1000: all of it. */
	bool found;
	uint64_t left;
	char text[160];
	/* The lowest limit of which nobody knows what is in use. */
	bool unknown;
	enum os_counts unknown_counts;
	uint64_t unknown_value;
	char unknown_text[160];
};

static unsigned
refusal_kinds_of(const char *call, int errnum)
{
	const struct refusal_kind *k = refusal_kinds;
	const struct refusal_kind *end = k + sizeof(refusal_kinds) / sizeof(*k);

	for (; k < end; k++)
		if (k->errnum == errnum &&
		    (k->call == NULL || strcmp(k->call, call) == 0))
			return k->kinds;
	return 0;
}

static bool
refusal_is_bytes(enum os_counts counts)
{
	return counts == OS_COUNTS_MEMORY || counts == OS_COUNTS_LOCKED;
}

/*
 * How much may be left of a limit that is used up: a system keeps some numbers
 * back, counts in batches, and tasks come and go while we look.
 */
static uint64_t
refusal_slack(const struct os_limit *l)
{
	uint64_t part = l->value / 64;

	if (refusal_is_bytes(l->counts))
		return part + 1048576;
	return (part < 4096 ? part : 4096) + 32;
}

static void
refusal_text(char *buf, size_t len, const struct os_limit *l)
{
	char a[UNITS_MAX], b[UNITS_MAX];

	if (refusal_is_bytes(l->counts)) {
		units_round_bytes(a, sizeof(a), (double)l->value);
		units_round_bytes(b, sizeof(b), (double)l->used);
	} else {
		snprintf(a, sizeof(a), "%" PRIu64, l->value);
		snprintf(b, sizeof(b), "%" PRIu64, l->used);
	}
	if (l->used > 0)
		snprintf(buf, len, "%s is %s (%s in use)", l->name, a, b);
	else
		snprintf(buf, len, "%s is %s", l->name, a);
}

static void
refusal_unknown(struct refusal *r, const struct os_limit *l)
{
	if (r->unknown && l->value >= r->unknown_value)
		return;
	r->unknown = true;
	r->unknown_counts = l->counts;
	r->unknown_value = l->value;
	refusal_text(r->unknown_text, sizeof(r->unknown_text), l);
}

static void
refusal_limit(void *arg, const struct os_limit *l)
{
	struct refusal *r = arg;
	uint64_t slack = refusal_slack(l), left;

	if ((r->kinds & REFUSAL_BIT(l->counts)) == 0 || l->value == UINT64_MAX)
		return;
	/* What only makes pipes smaller refuses to make one larger. */
	if (l->soft && r->errnum != EPERM)
		return;
	if (l->used == 0) {
		refusal_unknown(r, l);
		return;
	}
	left = l->used < l->value ? l->value - l->used : 0;
	if (left > slack)
		return;
	left = left * 1000 / slack;
	if (r->found && left >= r->left)
		return;
	r->found = true;
	r->left = left;
	refusal_text(r->text, sizeof(r->text), l);
}

/*
 * Of tasks there are limits that cannot be seen from here, and memory runs out
 * without any; the others have no other reason.
 */
static bool
refusal_is_certain(const struct refusal *r)
{
	return r->unknown && (r->unknown_counts == OS_COUNTS_FDS ||
	    r->unknown_counts == OS_COUNTS_PIPE_PAGES ||
	    r->unknown_counts == OS_COUNTS_LOCKED);
}

void
refusal_explain(char *buf, size_t len, const char *call, int errnum,
    refusal_limits_fn *limits)
{
	struct refusal r = { .errnum = errnum };

	r.kinds = refusal_kinds_of(call, errnum);
	if (r.kinds != 0)
		limits(refusal_limit, &r);
	if (r.found)
		snprintf(buf, len, "%s: %s", call, r.text);
	else if (refusal_is_certain(&r))
		snprintf(buf, len, "%s: %s", call, r.unknown_text);
	else if (r.unknown && r.unknown_counts == OS_COUNTS_TASKS)
		snprintf(buf, len, "%s: %s (%s)", call, strerror(errnum),
		    r.unknown_text);
	else
		snprintf(buf, len, "%s: %s", call, strerror(errnum));
}
