/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What observers saw during the launch that is being read; it waits for the
 * end of the launch, when it is known how much work it is about.  Only for the
 * reader.
 */
#ifndef VMSTRESS_READER_INSIGHT_H
#define VMSTRESS_READER_INSIGHT_H

#include <jansson.h>

#include "base/err.h"
#include "record/reader.h"

struct reader_open;

/* A line that waits; what it points to is kept beside it. */
struct reader_seen {
	enum {
		SEEN_COUNTER, SEEN_KSTAT, SEEN_SLAB, SEEN_USAGE, SEEN_PROFILE,
		SEEN_STACK
	} type;
	union {
		struct reader_work work;	/* the beginning of all */
		struct reader_counter counter;
		struct reader_deltas deltas;
		struct reader_usage usage;
		struct reader_profile profile;
		struct reader_stack stack;
	} u;
};

struct reader_insight {
	struct reader_work *works;	/* phases belong to somebody else */
	size_t nworks, works_cap;
	struct reader_seen *seen;
	size_t nseen, seen_cap;
	void **kept;			/* texts and arrays */
	size_t nkept, kept_cap;
};

/*
 * So much was done; `phase` (NULL: the measured part) must live as long as the
 * launch is open.
 */
int reader_insight_work(struct reader_open *o, const char *phase,
    uint64_t index, uint64_t ops, uint64_t elapsed_ns, struct err *e);

/* Lines of the launch; each type has its function. */
int reader_insight_counter(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);
int reader_insight_kstat(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);
int reader_insight_slab(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);
int reader_insight_usage(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);
int reader_insight_profile(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);
int reader_insight_stack(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e);

/* Tell the handler everything; -1 when it wants no more. */
int reader_insight_tell(struct reader_open *o, const struct reader_handler *h);

/* Forget what is of the launch; free what is left. */
void reader_insight_drop(struct reader_insight *in);
void reader_insight_free(struct reader_insight *in);

#endif
