/* SPDX-License-Identifier: BSD-2-Clause */
/* Samples of the launch that is being read; see reader_sample.h. */
#include "config.h"

#include "record/reader_sample.h"

#include <stdint.h>
#include <string.h>

#include "record/reader_fields.h"

/* ---- both ways -------------------------------------------------------- */

/* Of all workers so far; wraps for numbers that nobody measured. */
static uint64_t
sample_ops(const struct reader_launch *l)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < l->workers; i++)
		sum += l->ops[i];
	return sum;
}

/* ---- from JSON -------------------------------------------------------- */

int
reader_sample_line(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_launch *l = &o->sum;
	uint64_t elapsed_ns, index, before = sample_ops(l);

	(void)h;
	if (l->samples == READER_SAMPLES_MAX)
		return err_set(e, "more than %d samples in one launch",
		    READER_SAMPLES_MAX);
	if (reader_fields_u64(line, "elapsed_ns", &elapsed_ns, e) < 0 ||
	    reader_fields_sum(&l->elapsed_ns, elapsed_ns, "elapsed_ns", e) < 0
	    || reader_fields_add(line, "ops", l->ops, l->workers, e) < 0)
		return -1;
	/* The time of some samples is no use without that of the others. */
	if (reader_fields_get(line, "aside_ns") == NULL)
		o->aside = false;
	else if (reader_fields_add(line, "aside_ns", l->aside_ns, l->workers,
	    e) < 0)
		return -1;
	if (reader_fields_u64_or(line, "index", (uint64_t)l->samples, &index,
	    e) < 0)
		return -1;
	l->samples++;
	return reader_insight_work(o, NULL, index, sample_ops(l) - before,
	    elapsed_ns, e);
}

/* ---- from text -------------------------------------------------------- */

/* More digits may be more than the other way takes for a number. */
#define SAMPLE_DIGITS 18

/* What is left of the line. */
struct sample_text {
	const char *at, *end;
};

struct sample {
	uint64_t index, elapsed_ns;
	uint64_t *ops, *aside_ns;	/* of each worker; belong to the launch */
	bool aside;
};

static bool
sample_word(struct sample_text *t, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(t->end - t->at) < len || memcmp(t->at, word, len) != 0)
		return false;
	t->at += len;
	return true;
}

/* Digits, as many as there are; in JSON none but 0 itself begins with 0. */
static bool
sample_number(struct sample_text *t, uint64_t *value)
{
	const char *begin = t->at;
	uint64_t v = 0;

	while (t->at < t->end && *t->at >= '0' && *t->at <= '9' &&
	    t->at - begin <= SAMPLE_DIGITS)
		v = v * 10 + (uint64_t)(*t->at++ - '0');
	*value = v;
	return t->at > begin && t->at - begin <= SAMPLE_DIGITS &&
	    (*begin != '0' || t->at - begin == 1);
}

/* "[1,2]" with exactly so many numbers. */
static bool
sample_list(struct sample_text *t, uint64_t *values, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (!sample_word(t, i == 0 ? "[" : ",") ||
		    !sample_number(t, &values[i]))
			return false;
	return sample_word(t, "]");
}

/* Is the line of the launch that is open? */
static bool
sample_ours(struct sample_text *t, const struct reader_launch *l)
{
	uint64_t cell, launch;

	return sample_word(t, "{\"type\":\"sample\",\"cell\":") &&
	    sample_number(t, &cell) && sample_word(t, ",\"launch\":") &&
	    sample_number(t, &launch) && cell == (uint64_t)l->cell &&
	    launch == (uint64_t)l->launch;
}

/* A sample of the launch as the journal writes it, and nothing more. */
static bool
sample_parse(struct sample_text *t, const struct reader_launch *l,
    struct sample *s)
{
	if (!sample_ours(t, l) || !sample_word(t, ",\"index\":") ||
	    !sample_number(t, &s->index) ||
	    !sample_word(t, ",\"elapsed_ns\":") ||
	    !sample_number(t, &s->elapsed_ns) ||
	    !sample_word(t, ",\"ops\":") ||
	    !sample_list(t, s->ops, l->workers))
		return false;
	s->aside = sample_word(t, ",\"aside_ns\":");
	if (s->aside && !sample_list(t, s->aside_ns, l->workers))
		return false;
	return sample_word(t, "}") && t->at == t->end;
}

static bool
sample_fits(const uint64_t *sums, const uint64_t *values, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (values[i] > UINT64_MAX - sums[i])
			return false;
	return true;
}

static void
sample_add(uint64_t *sums, const uint64_t *values, int count)
{
	int i;

	for (i = 0; i < count; i++)
		sums[i] += values[i];
}

int
reader_sample_text(struct reader_open *o, const char *text, size_t len,
    struct err *e)
{
	struct sample_text t = { text, text + len };
	struct reader_launch *l = &o->sum;
	struct sample s = { 0 };
	uint64_t before;

	if (!o->open || l->samples == READER_SAMPLES_MAX)
		return 0;
	s.ops = o->values;
	s.aside_ns = o->values + l->workers;
	if (!sample_parse(&t, l, &s) ||
	    s.elapsed_ns > UINT64_MAX - l->elapsed_ns ||
	    !sample_fits(l->ops, s.ops, l->workers) || (s.aside &&
	    !sample_fits(l->aside_ns, s.aside_ns, l->workers)))
		return 0;
	before = sample_ops(l);
	l->elapsed_ns += s.elapsed_ns;
	sample_add(l->ops, s.ops, l->workers);
	if (s.aside)
		sample_add(l->aside_ns, s.aside_ns, l->workers);
	else
		o->aside = false;
	l->samples++;
	return reader_insight_work(o, NULL, s.index, sample_ops(l) - before,
	    s.elapsed_ns, e) < 0 ? -1 : 1;
}
