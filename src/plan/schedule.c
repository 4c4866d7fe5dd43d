/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of launches: rounds, so that the machine's drift spreads over all
 * cells, each in an order of its own that a record can repeat.
 */
#include "config.h"

#include "plan/plan.h"

#include "base/mem.h"
#include "base/random.h"

/* Fisher-Yates (Durstenfeld 1964). */
static void
schedule_shuffle(struct plan_launch *list, size_t count, struct random *r)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)random_below(r, i);
		struct plan_launch swap = list[i - 1];

		list[i - 1] = list[j];
		list[j] = swap;
	}
}

static int
schedule_launches(const struct plan_cell *c)
{
	return c->launches <= 0 ? 0 : c->launches + (c->counts_apart ? 1 : 0);
}

/* Launch `round` of every cell that has one, as listed. */
static size_t
schedule_round(const struct plan *p, int round, struct plan_launch *list)
{
	size_t count = 0;

	for (size_t i = 0; i < p->ncells; i++)
		if (schedule_launches(&p->cells[i]) > round)
			list[count++] = (struct plan_launch){
			    p->cells[i].id, round };
	return count;
}

struct plan_launch *
plan_schedule(const struct plan *p, size_t *count)
{
	struct plan_launch *list;
	size_t total = 0, done = 0;

	for (size_t i = 0; i < p->ncells; i++)
		total += (size_t)schedule_launches(&p->cells[i]);
	list = mem_array(NULL, total, sizeof(*list));
	for (int round = 0; done < total; round++) {
		size_t n = schedule_round(p, round, list + done);
		struct random r = random_round(p->seed, round);

		if (p->order == PLAN_RANDOM)
			schedule_shuffle(list + done, n, &r);
		done += n;
	}
	*count = total;
	return list;
}
