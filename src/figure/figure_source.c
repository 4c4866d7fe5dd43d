/* SPDX-License-Identifier: BSD-2-Clause */
/* The records that figures are made of; see figure.h. */
#include "config.h"

#include "figure/figure.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int
figure_source_read(struct figure_source *s, const struct compare_input *in,
    size_t n, struct err *e)
{
	s->in = in;
	s->nin = n;
	s->insight = mem_zalloc(n * sizeof(struct insight *));
	s->compare.single = true;
	return compare_read(&s->compare, in, n, e);
}

const struct insight *
figure_insight(struct figure_source *s, size_t input, struct err *e)
{
	struct insight *in;

	if (s->insight[input] != NULL)
		return s->insight[input];
	in = mem_zalloc(sizeof(*in));
	/* Of a kernel without records nothing was seen. */
	if (s->in[input].path != NULL && insight_read(in, s->in[input].path, INSIGHT_COUNTERS |
	    INSIGHT_STATISTICS | INSIGHT_PROFILE, e) != 0) {
		insight_free(in);
		free(in);
		return NULL;
	}
	s->insight[input] = in;
	return in;
}

void
figure_source_free(struct figure_source *s)
{
	size_t i;

	for (i = 0; i < s->nin; i++) {
		if (s->insight[i] == NULL)
			continue;
		insight_free(s->insight[i]);
		free(s->insight[i]);
	}
	free(s->insight);
	compare_free(&s->compare);
}
