/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts, counted; see compare_verdicts.h. */
#include "config.h"

#include "present/compare_verdicts.h"

#include <string.h>

#include "base/str.h"
#include "present/wrap.h"

void
compare_verdicts_count(const struct compare *c, size_t side,
    size_t count[COMPARE_VERDICTS])
{
	size_t i;

	memset(count, 0, COMPARE_VERDICTS * sizeof(*count));
	for (i = 0; i < c->nrows; i++)
		count[c->rows[i].outcomes[side].verdict]++;
}

void
compare_verdicts_print(const struct compare *c, FILE *out)
{
	size_t count[COMPARE_VERDICTS], side, k;

	for (side = 1; side < c->nsides; side++) {
		struct str b = { 0 };

		compare_verdicts_count(c, side, count);
		if (c->nsides > 2)
			str_addf(&b, "verdicts of %s:", c->sides[side].name);
		else
			str_add(&b, "verdicts:");
		for (k = 0; k < COMPARE_VERDICTS; k++)
			if (k <= COMPARE_WORSE || count[k] > 0)
				str_addf(&b, "%s %zu %s", k > 0 ? "," : "",
				    count[k], compare_word((enum compare_verdict)k));
		wrap_print("", str_text(&b), out);
		str_free(&b);
	}
}

void
compare_verdicts_json(const struct compare *c, size_t side,
    struct json_line *j)
{
	struct json_line *object = json_line_new();
	size_t count[COMPARE_VERDICTS], k;

	compare_verdicts_count(c, side, count);
	for (k = 0; k < COMPARE_VERDICTS; k++)
		json_line_u64(object, compare_word((enum compare_verdict)k),
		    count[k]);
	json_line_object(j, "verdicts", object);
}
