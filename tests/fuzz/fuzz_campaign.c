/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as the manifest of a campaign: it is refused with a sentence, or
 * what is read is within the bounds that campaign.h promises.
 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fake_workloads.h"
#include "record/campaign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
look_inside(const char *file)
{
	require(file != NULL && file[0] != '\0' && file[0] != '/');
	require(strncmp(file, "../", 3) != 0 && strstr(file, "/../") == NULL);
}

static void
look_at(const struct campaign *c)
{
	size_t i, k, counted;

	require(c->nkernels <= CAMPAIGN_KERNELS_MAX);
	for (i = 0; i < c->nkernels; i++) {
		require(campaign_is_name(c->kernels[i].name));
		look_inside(c->kernels[i].file);
	}
	for (i = 0; i < c->nboots; i++) {
		const struct campaign_boot *b = &c->boots[i];

		require(b->number >= 1 && b->attempt >= 1 && b->kernel >= 0 &&
		    (size_t)b->kernel < c->nkernels);
		look_inside(b->record);
		look_inside(b->log);
		for (k = counted = 0; k < c->nboots && i < 100; k++)
			counted += c->boots[k].number == b->number &&
			    campaign_counts(&c->boots[k]);
		require(counted <= 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct campaign c = { 0 };
	struct err e = { 0 };
	FILE *in;

	if (size == 0)
		return 0;
	in = fmemopen((void *)(uintptr_t)data, size, "r");
	require(in != NULL);
	if (campaign_read_stream(&c, in, "f", &e) == 0)
		look_at(&c);
	else
		require(e.set && strncmp(e.text, "f:", 2) == 0);
	campaign_free(&c);
	fclose(in);
	return 0;
}
