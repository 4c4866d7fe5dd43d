/* SPDX-License-Identifier: BSD-2-Clause */
/* Worker counts as people write them; the grammar is in range.h. */
#include "config.h"

#include "plan/range.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"

/* Values so far.  `seen` has a flag per possible count. */
struct range {
	int ncpu;
	int *values;
	size_t count, cap;
	bool *seen;
};

/* One end of a range, or a lone count. */
struct range_term {
	int count;		/* 1 to RANGE_MAX */
	double share;		/* of ncpu, when it was written with % */
	bool is_share;
	bool is_number;		/* the same on every machine */
};

struct range_step {
	int64_t factor;		/* 0: not a multiplication */
	int64_t addend;
	double share;		/* to add, when is_share */
	bool is_share;
};

/* Of a part so much is repeated in an error. */
static int
range_error(struct err *e, const char *part, const char *why)
{
	return err_set(e, "'%.80s' %s", part, why);
}

static int
range_add(struct range *r, int64_t value, const char *part, struct err *e)
{
	if (r->seen[value])
		return 0;
	if (r->count == RANGE_VALUES)
		return range_error(e, part, "makes more than 4096 values");
	r->seen[value] = true;
	r->values = mem_grow(r->values, r->count, &r->cap, sizeof(*r->values));
	r->values[r->count++] = (int)value;
	return 0;
}

/* The tiny addend makes a sum of shares round like the share itself. */
static int64_t
range_share(const struct range *r, double share)
{
	int64_t n = (int64_t)(share * r->ncpu + 0.5 + 1e-9);

	return n > 0 ? n : 1;
}

static int
range_limit(struct range_term *t, int64_t n, const char *part, struct err *e)
{
	if (n < 1)
		return range_error(e, part, "is less than one worker");
	if (n > RANGE_MAX)
		return range_error(e, part, "is more than 65536 workers");
	t->count = (int)n;
	return 0;
}

/* ncpu, ncpu*K or ncpu/K; *n is 0 when it is none of them. */
static int
range_ncpu(const struct range *r, const char *part, int64_t *n, struct err *e)
{
	const char *rest = part + strlen("ncpu");
	int64_t k;

	*n = 0;
	if (*rest == '\0') {
		*n = r->ncpu;
		return 0;
	}
	if ((*rest != '*' && *rest != '/') || units_int(rest + 1, &k) == -1)
		return 0;
	if (k < 1)
		return range_error(e, part, "needs a number from 1");
	if (*rest == '/')
		*n = r->ncpu / k > 0 ? r->ncpu / k : 1;
	else
		*n = k > RANGE_MAX ? k : r->ncpu * k;
	return 0;
}

static int
range_term(const struct range *r, const char *part, struct range_term *t,
    struct err *e)
{
	int64_t n = 0;

	memset(t, 0, sizeof(*t));
	if (units_percent(part, &t->share) == 0) {
		t->is_share = true;
		if (t->share <= 0)
			return range_error(e, part, "is less than one worker");
		if (t->share > RANGE_MAX)
			return range_error(e, part,
			    "is more than 65536 workers");
		return range_limit(t, range_share(r, t->share), part, e);
	}
	if (units_int(part, &n) == 0) {
		t->is_number = true;
		return range_limit(t, n, part, e);
	}
	if (strncmp(part, "ncpu", strlen("ncpu")) == 0 &&
	    range_ncpu(r, part, &n, e) == -1)
		return -1;
	if (n == 0)
		return range_error(e, part, "is not a worker count "
		    "(try 4, 1..ncpu, ncpu/2 or 50%)");
	return range_limit(t, n, part, e);
}

/* The step of a range of shares has a '%', that of a range of counts not. */
static int
range_step(const char *text, const struct range_term *first, bool shares,
    struct range_step *s, struct err *e)
{
	memset(s, 0, sizeof(*s));
	s->is_share = shares;
	if (text == NULL) {
		s->factor = shares ? 0 : 2;
		s->share = first->share;
		return 0;
	}
	if (text[0] == 'x') {
		if (units_int(text + 1, &s->factor) == -1 || s->factor < 2 ||
		    s->factor > RANGE_MAX)
			return range_error(e, text,
			    "is not a factor (try x2)");
		return 0;
	}
	if (shares) {
		if (text[0] != '+' ||
		    units_percent(text + 1, &s->share) == -1 || s->share <= 0)
			return range_error(e, text,
			    "is not a step of a range of shares "
			    "(try +10% or x2)");
		return 0;
	}
	if (text[0] != '+' || units_int(text + 1, &s->addend) == -1 ||
	    s->addend < 1 || s->addend > RANGE_MAX)
		return range_error(e, text,
		    "is not a step (try x2 or +1)");
	return 0;
}

static int
range_counts(struct range *r, const struct range_term *first,
    const struct range_term *last, const struct range_step *s,
    const char *part, struct err *e)
{
	for (int64_t n = first->count; n < last->count;
	    n = s->factor > 0 ? n * s->factor : n + s->addend)
		if (range_add(r, n, part, e) == -1)
			return -1;
	return range_add(r, last->count, part, e);
}

/*
 * Shares are counted by index, since a sum of fractions drifts; tiny ones all
 * become one worker, so their number is bounded before they are added.
 */
static int
range_shares(struct range *r, const struct range_term *first,
    const struct range_term *last, const struct range_step *s,
    const char *part, struct err *e)
{
	double share = first->share;

	for (int i = 1; share < last->share - 1e-9; i++) {
		if (i > RANGE_VALUES)
			return range_error(e, part,
			    "makes more than 4096 values");
		if (range_add(r, range_share(r, share), part, e) == -1)
			return -1;
		share = s->factor > 0 ? share * (double)s->factor :
		    first->share + i * s->share;
	}
	return range_add(r, last->count, part, e);
}

/* `part` is quoted whole; `text` is the same, taken apart in place. */
static int
range_between(struct range *r, const char *part, char *text, char *dots,
    struct err *e)
{
	struct range_term first, last;
	struct range_step step;
	char *colon = strchr(dots, ':');
	bool shares, down;

	*dots = '\0';
	if (colon != NULL)
		*colon++ = '\0';
	if (range_term(r, text, &first, e) == -1 ||
	    range_term(r, dots + 2, &last, e) == -1)
		return -1;
	shares = first.is_share && last.is_share;
	if (range_step(colon, &first, shares, &step, e) == -1)
		return -1;
	down = shares ? first.share > last.share : first.count > last.count;
	if (down && (!first.is_number || last.is_number))
		return range_error(e, part, "counts down: write the smaller "
		    "end first");
	if (shares)
		return range_shares(r, &first, &last, &step, part, e);
	return range_counts(r, &first, &last, &step, part, e);
}

static int
range_part(struct range *r, const char *part, struct err *e)
{
	struct range_term term;
	const char *dots = strstr(part, "..");
	char *text;
	int rc;

	if (dots == NULL) {
		if (range_term(r, part, &term, e) == -1)
			return -1;
		return range_add(r, term.count, part, e);
	}
	text = mem_strdup(part);
	rc = range_between(r, part, text, text + (dots - part), e);
	free(text);
	return rc;
}

/* A part ends at a comma; blanks around it do not belong to it. */
static char *
range_next(const char **at)
{
	const char *start = *at + strspn(*at, " ");
	size_t len = strcspn(start, ",");

	*at = start[len] == ',' ? start + len + 1 : NULL;
	while (len > 0 && start[len - 1] == ' ')
		len--;
	return mem_strndup(start, len);
}

int
range_expand(const char *text, int ncpu, int **values, struct err *e)
{
	struct range r = { .ncpu = ncpu };
	int rc = 0;

	r.seen = mem_zalloc((RANGE_MAX + 1) * sizeof(*r.seen));
	for (const char *at = text; rc == 0 && at != NULL; ) {
		char *part = range_next(&at);

		rc = range_part(&r, part, e);
		free(part);
	}
	free(r.seen);
	if (rc == -1) {
		free(r.values);
		return -1;
	}
	*values = r.values;
	return (int)r.count;
}
