/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the sums are kept while a record is read, within bounds; only for
 * insight_gather.c.
 */
#ifndef VMSTRESS_INSIGHT_STORE_H
#define VMSTRESS_INSIGHT_STORE_H

#include "present/insight_gather.h"

/*
 * A part of a cell, an item of a part, its value in a launch; made when it is
 * new.  NULL with an error when there are too many.
 */
struct insight_part *insight_store_part(struct insight *in, int cell,
    const char *phase);
struct insight_item *insight_store_item(struct insight *in,
    struct insight_part *p, enum insight_kind kind, const char *name);

/* The work `w` that took `ns` (NAN: not known) is added to the value's. */
struct insight_value *insight_store_value(struct insight *in,
    struct insight_item *item, int launch, const struct reader_work *w,
    double ns);

/* A launch that was done before counts no more. */
void insight_store_forget(struct insight_cell *c, int launch);

void insight_store_free(struct insight_part *p);

#endif
