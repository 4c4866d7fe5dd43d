/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From two readings of an event to what it counted between them; see count.h.
 *
 * Where the hardware has fewer counters than there are events, an event counts
 * in turn with others.  What it would have counted all the time is estimated
 * from the time that it did, as perf-stat(1) does: raw * enabled / running.
 */
#include "config.h"

#include "observe/count.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *
count_status_name(enum count_status status)
{
	static const char *const names[] = {
		[COUNT_OK] = "ok",
		[COUNT_SCALED] = "scaled",
		[COUNT_NOT_COUNTED] = "not_counted",
		[COUNT_NOT_SUPPORTED] = "not_supported",
		[COUNT_NOT_PERMITTED] = "not_permitted",
		[COUNT_MASKED] = "masked",
		[COUNT_ERROR] = "error",
	};

	return names[status];
}

static struct os_counter_value
result_at(const struct count_row *row, int k)
{
	const struct os_counter_value *from = &row->from.value[k];
	const struct os_counter_value *to = &row->to.value[k];

	return (struct os_counter_value){
		.raw = to->raw - from->raw,
		.enabled_ns = to->enabled_ns - from->enabled_ns,
		.running_ns = to->running_ns - from->running_ns,
	};
}

/* An estimate: a double holds more digits than are known of it. */
static uint64_t
result_scale(const struct os_counter_value *v)
{
	if (v->running_ns == 0 || v->running_ns >= v->enabled_ns)
		return v->raw;
	return (uint64_t)((double)v->raw * (double)v->enabled_ns /
	    (double)v->running_ns + 0.5);
}

/*
 * A task on a CPU of another kind than the event's does not run there; that is
 * no time that the event missed.
 */
static bool
result_is_partial(const struct count *c, const struct count_row *row)
{
	return c->places.task && row->event->cpus != NULL;
}

static void
result_none(struct count_result *r, enum count_status status, int errnum,
    const char *reason)
{
	r->status = status;
	r->errnum = errnum;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

static void
result_unread(struct count_result *r, int errnum)
{
	char reason[COUNT_REASON_MAX];

	if (errnum == ENODATA) {
		result_none(r, COUNT_NOT_COUNTED, 0,
		    "it has lost its counter for good");
		return;
	}
	snprintf(reason, sizeof(reason), "cannot be read: %s",
	    strerror(errnum));
	result_none(r, COUNT_ERROR, errnum, reason);
}

/*
 * Add up the places.  One that it was to count at and never did is estimated
 * from the others.
 */
static void
result_sum(const struct count_row *row, bool partial, struct count_result *r)
{
	struct os_counter_value v, sum = { 0 };
	bool starved = false;
	int k;

	r->each = mem_array(NULL, (size_t)row->n, sizeof(*r->each));
	for (k = 0; k < row->n; k++) {
		v = result_at(row, k);
		sum.raw += v.raw;
		sum.enabled_ns += v.enabled_ns;
		sum.running_ns += v.running_ns;
		r->each[k] = partial ? v.raw : result_scale(&v);
		r->value += r->each[k];
		starved |= v.enabled_ns > 0 && v.running_ns == 0;
	}
	r->raw = sum.raw;
	r->enabled_ns = sum.enabled_ns;
	r->running_ns = sum.running_ns;
	if (starved && !partial) {
		r->value = result_scale(&sum);
		free(r->each);
		r->each = NULL;
	}
}

void
count_result(const struct count *c, int event, struct count_result *r)
{
	const struct count_row *row = &c->rows[event];
	bool partial = result_is_partial(c, row);

	memset(r, 0, sizeof(*r));
	if (row->status != COUNT_OK) {
		result_none(r, row->status, row->errnum, row->reason);
		return;
	}
	if (row->from.errnum != 0 || row->to.errnum != 0) {
		result_unread(r, row->to.errnum != 0 ? row->to.errnum :
		    row->from.errnum);
		return;
	}
	result_sum(row, partial, r);
	/*
	 * The times of a group on another CPU may be those of its last change
	 * of tasks, and then come in the next reading: what was counted was.
	 */
	if (r->running_ns > 0 || r->raw > 0) {
		r->status = r->running_ns < r->enabled_ns && !partial ?
		    COUNT_SCALED : COUNT_OK;
		return;
	}
	free(r->each);
	r->each = NULL;
	if (r->enabled_ns == 0)
		result_none(r, COUNT_NOT_COUNTED, 0,
		    "nothing that it counts for has run");
	else if (partial)
		result_none(r, COUNT_NOT_COUNTED, 0,
		    "nothing has run on the CPUs that count it");
	else
		result_none(r, COUNT_NOT_COUNTED, 0,
		    "other events had all counters of the hardware");
}
