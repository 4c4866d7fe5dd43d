/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in words; see report_words.h. */
#include "config.h"

#include "report/report_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/compare_numbers.h"

/* Of a sweep so many points are named one by one. */
#define WORDS_SWEEP_MAX 8

const char *
report_words_unit(const struct compare *c, size_t n)
{
	if (c->boots)
		return n == 1 ? "boot" : "boots";
	return n == 1 ? "launch" : "launches";
}

static bool
words_pins_differ(const struct compare *c)
{
	size_t i;

	for (i = 1; i < c->nrows; i++)
		if (strcmp(c->rows[i].pin, c->rows[0].pin) != 0)
			return true;
	return false;
}

/* Workload, parameters, and mode and place where they matter. */
static void
words_setting(struct str *b, const struct compare *c,
    const struct compare_row *row)
{
	str_addf(b, "%s%s%s", row->workload, row->params[0] != '\0' ? " " : "",
	    row->params);
	if (strcmp(row->mode, "process") != 0)
		str_addf(b, ", %s mode", row->mode);
	if (words_pins_differ(c))
		str_addf(b, ", pin %s", row->pin);
}

char *
report_words_point(const struct compare *c, const struct compare_row *row)
{
	struct str b = { 0 };

	words_setting(&b, c, row);
	str_addf(&b, ", %d worker%s: %s", row->workers, row->workers == 1 ? "" :
	    "s", row->metric);
	return b.s;
}

static void
words_values(struct str *b, const struct compare_row *row, size_t side)
{
	char base[COMPARE_NUMBER_MAX], new[COMPARE_NUMBER_MAX];

	if (isnan(row->values[0].mean) && isnan(row->values[side].mean))
		return;
	compare_number(base, sizeof(base), row, row->values[0].mean);
	compare_number(new, sizeof(new), row, row->values[side].mean);
	str_addf(b, "%s%s to %s", b->len > 0 ? ", " : "",
	    isnan(row->values[0].mean) ? "nothing" : base,
	    isnan(row->values[side].mean) ? "nothing" : new);
}

char *
report_words_change(const struct compare_row *row, size_t side)
{
	const struct compare_outcome *o = &row->outcomes[side];
	char text[COMPARE_NUMBER_MAX];
	struct str b = { 0 };

	str_add(&b, "");
	if (!isnan(o->change)) {
		compare_change(text, sizeof(text), o->change);
		str_add(&b, text);
	}
	if (!isnan(o->change) && !isnan(o->low)) {
		compare_interval(text, sizeof(text), o->low, o->high);
		str_addf(&b, " (95%% interval %s%%", text);
		compare_p(text, sizeof(text), o->p);
		if (!isnan(o->p))
			str_addf(&b, ", p %s%s", text[0] == '<' ? "" : "= ",
			    text);
		str_add(&b, ")");
	}
	words_values(&b, row, side);
	if (row->values[side].failed > row->values[0].failed)
		str_addf(&b, "%s%d failed, %d before", b.len > 0 ? ", " : "",
		    row->values[side].failed, row->values[0].failed);
	return b.s;
}

/* ---- verdicts ------------------------------------------------------------------- */

enum report_tone
report_words_tone(enum compare_verdict v)
{
	static const enum report_tone tones[COMPARE_VERDICTS] = {
		[COMPARE_BETTER] = REPORT_BETTER,
		[COMPARE_WORSE] = REPORT_WORSE,
		[COMPARE_SMALL] = REPORT_SAME,
		[COMPARE_SAME] = REPORT_SAME,
		[COMPARE_UNDECIDED] = REPORT_OPEN,
		[COMPARE_FAILED] = REPORT_WORSE,
		[COMPARE_MISSING] = REPORT_OPEN,
		[COMPARE_FEW] = REPORT_OPEN,
		[COMPARE_NOISE] = REPORT_OPEN,
	};

	return tones[v];
}

char *
report_words_verdict(const struct compare *c, enum compare_verdict v)
{
	switch (v) {
	case COMPARE_BETTER:
		return mem_strdup("Better");
	case COMPARE_WORSE:
		return mem_strdup("Worse");
	case COMPARE_SMALL:
		return mem_strdup("Changed, but too little to matter");
	case COMPARE_SAME:
		return mem_printf("Proven the same (within %g%%)", c->effect *
		    100);
	case COMPARE_UNDECIDED:
		return mem_strdup("Undecided");
	case COMPARE_FAILED:
		return mem_strdup("Launches failed");
	case COMPARE_MISSING:
		return mem_strdup("Missing on one side");
	case COMPARE_FEW:
		return mem_strdup("Too few measurements to decide");
	case COMPARE_NOISE:
	default:
		return mem_strdup("No more than noise");
	}
}

char *
report_words_meaning(const struct compare *c, enum compare_verdict v)
{
	const char *units = report_words_unit(c, 2);

	switch (v) {
	case COMPARE_BETTER:
	case COMPARE_WORSE:
		return mem_printf("Proven, and by %g%% or more.", c->effect *
		    100);
	case COMPARE_SMALL:
		return mem_printf("Proven to differ, but by less than %g%%.",
		    c->effect * 100);
	case COMPARE_SAME:
		return mem_printf("Two one-sided tests show a difference of no "
		    "more than %g%%.", c->effect * 100);
	case COMPARE_UNDECIDED:
		return mem_printf("Neither a difference nor its absence is "
		    "proven: with more %s it may be.", units);
	case COMPARE_FAILED:
		return mem_strdup("Launches failed that did not fail before.");
	case COMPARE_FEW:
		return mem_printf("With fewer than %d %s a side nothing can be "
		    "proven.", COMPARE_UNITS_MIN, units);
	case COMPARE_NOISE:
		return mem_printf("Proven, but %s differs from itself as much.",
		    c->sides[0].name);
	default:
		return NULL;
	}
}

/* In the order of the sentence. */
static const struct {
	enum compare_verdict verdict;
	const char *words;
} words_verdicts[] = {
	{ COMPARE_BETTER, "better" },
	{ COMPARE_WORSE, "worse" },
	{ COMPARE_FAILED, "failing" },
	{ COMPARE_SAME, "proven the same" },
	{ COMPARE_SMALL, "changed by less than matters" },
	{ COMPARE_NOISE, "no more than noise" },
	{ COMPARE_UNDECIDED, "undecided" },
	{ COMPARE_FEW, "measured too few times" },
	{ COMPARE_MISSING, "missing on one side" },
};

#define WORDS_VERDICTS (sizeof(words_verdicts) / sizeof(words_verdicts[0]))

char *
report_words_counts(const struct compare *c, size_t side)
{
	size_t counts[COMPARE_VERDICTS] = { 0 }, i, n, named = 0;
	struct str b = { 0 };

	for (i = 0; i < c->nrows; i++)
		counts[c->rows[i].outcomes[side].verdict]++;
	str_addf(&b, "Of %zu point%s", c->nrows, c->nrows == 1 ? "" : "s");
	for (i = 0; i < WORDS_VERDICTS; i++) {
		n = counts[words_verdicts[i].verdict];
		if (n == 0)
			continue;
		str_addf(&b, "%s %zu %s %s", named++ > 0 ? "," : "", n, n == 1 ?
		    "is" : "are", words_verdicts[i].words);
	}
	str_add(&b, named > 0 ? "." : " nothing can be said.");
	return b.s;
}

/* ---- one side ------------------------------------------------------------------- */

static void
words_value(struct str *b, const struct compare_row *row, size_t side,
    bool first)
{
	char text[COMPARE_NUMBER_MAX];

	compare_number(text, sizeof(text), row, row->values[side].mean);
	str_addf(b, "%s with %d", text, row->workers);
	if (first)
		str_addf(b, " worker%s", row->workers == 1 ? "" : "s");
}

char *
report_words_sweep(const struct compare *c,
    const struct compare_row *const *rows, size_t n, size_t side)
{
	struct str b = { 0 };
	size_t i, named = 0;

	words_setting(&b, c, rows[0]);
	str_addf(&b, ": %s ", rows[0]->metric);
	for (i = 0; i < n; i++) {
		if (isnan(rows[i]->values[side].mean))
			continue;
		/* Of a long sweep its beginning and its end. */
		if (n > WORDS_SWEEP_MAX && i >= WORDS_SWEEP_MAX - 1 &&
		    i + 1 < n) {
			if (i == WORDS_SWEEP_MAX - 1)
				str_add(&b, ", ...");
			continue;
		}
		str_add(&b, named > 0 ? ", " : "");
		words_value(&b, rows[i], side, named++ == 0);
	}
	if (named == 0)
		str_add(&b, "has no value");
	str_addf(&b, " (%s is better)", rows[0]->lower ? "lower" : "higher");
	return b.s;
}
