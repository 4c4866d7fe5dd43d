/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The observers of a launch in a row.  They are opened from the first to the
 * last and closed from the last to the first, so that those which disturb
 * least and count most exactly are the nearest to what is measured.
 */
#include "config.h"

#include "engine/insight.h"

#include "engine/kernel.h"
#include "engine/sampling.h"
#include "engine/tally.h"
#include "engine/usage.h"
#include "engine/watch.h"

static const struct insight insight_watch = {
	.open = watch_open,
	.close = watch_close,
};

static const struct insight insight_kernel = {
	.start = kernel_start,
	.open = kernel_open,
	.mark = kernel_mark,
	.close = kernel_close,
	.finish = kernel_finish,
};

static const struct insight insight_usage = {
	.start = usage_start,
	.open = usage_open,
	.mark = usage_mark,
	.close = usage_close,
	.finish = usage_finish,
};

static const struct insight insight_sampling = {
	.start = sampling_start,
	.open = sampling_open,
	.close = sampling_close,
	.finish = sampling_finish,
};

static const struct insight insight_tally = {
	.start = tally_start,
	.open = tally_open,
	.mark = tally_mark,
	.close = tally_close,
	.finish = tally_finish,
};

static const struct insight *const insight_all[] = {
	&insight_watch,
	&insight_kernel,
	&insight_usage,
	&insight_sampling,
	&insight_tally,		/* the last: it counts what others do */
};

#define INSIGHT_COUNT ((int)(sizeof(insight_all) / sizeof(insight_all[0])))

void
insight_start(struct engine *en)
{
	for (int i = 0; i < INSIGHT_COUNT; i++)
		if (insight_all[i]->start != NULL)
			insight_all[i]->start(en);
}

void
insight_open(struct engine *en)
{
	for (int i = 0; i < INSIGHT_COUNT; i++)
		if (insight_all[i]->open != NULL)
			insight_all[i]->open(en);
}

void
insight_mark(struct engine *en, int index, uint64_t now_ns)
{
	for (int i = INSIGHT_COUNT - 1; i >= 0; i--)
		if (insight_all[i]->mark != NULL)
			insight_all[i]->mark(en, index, now_ns);
}

void
insight_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns)
{
	for (int i = INSIGHT_COUNT - 1; i >= 0; i--)
		if (insight_all[i]->close != NULL)
			insight_all[i]->close(en, index, phase, close_ns);
}

void
insight_finish(struct engine *en)
{
	for (int i = 0; i < INSIGHT_COUNT; i++)
		if (insight_all[i]->finish != NULL)
			insight_all[i]->finish(en);
}

void
insight_look(struct engine *en)
{
	watch_look(en);
	sampling_look(en);
}

uint64_t
insight_wake_by(const struct engine *en, uint64_t wake_ns)
{
	return sampling_wake_by(en, watch_wake_by(en, wake_ns));
}
