/* SPDX-License-Identifier: BSD-2-Clause */
/* What a record begins and ends with; see opening.h. */
#include "config.h"

#include "run/opening.h"

#include "record/fingerprint.h"
#include "run/run.h"
#include "run/tool.h"

struct json_line *
opening_facts(const struct place *place, const struct setup *setup)
{
	struct json_line *facts = fingerprint_read();

	fingerprint_add(facts, "machine.topology", place_summary(place));
	if (setup->raised.len > 0)
		fingerprint_add(facts, "limits.raised",
		    str_text(&setup->raised));
	if (setup->swap.len > 0)
		fingerprint_add(facts, "vm.setup_swap",
		    str_text(&setup->swap));
	return facts;
}

int
opening_write(struct journal *j, const struct plan *p,
    struct json_line *facts, struct err *e)
{
	char started[32];
	size_t i;

	run_now_text(started, sizeof(started));
	if (journal_write(j, journal_run_line(p, started, tool_facts(p),
	    facts), e) != 0)
		return -1;
	for (i = 0; i < p->ncells; i++)
		if (journal_write(j, journal_cell_line(&p->cells[i]), e) != 0)
			return -1;
	return journal_sync(j, e);
}

int
opening_end(struct journal *j, struct err *e)
{
	if (journal_write(j, journal_env_line("after", fingerprint_now()),
	    e) != 0)
		return -1;
	return journal_sync(j, e);
}
