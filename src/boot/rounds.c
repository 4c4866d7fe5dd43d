/* SPDX-License-Identifier: BSD-2-Clause */
/* Which kernel boots when; see rounds.h. */
#include "config.h"

#include "boot/rounds.h"

#include <string.h>

#include "base/random.h"

static const char *const rounds_names[] = {
	[ROUNDS_RANDOM] = "random",
	[ROUNDS_ABBA] = "abba",
	[ROUNDS_LISTED] = "listed",
};
#define ROUNDS_ORDERS (sizeof(rounds_names) / sizeof(rounds_names[0]))

int
rounds_order_read(const char *text, enum rounds_order *order, struct err *e)
{
	size_t i;

	for (i = 0; i < ROUNDS_ORDERS; i++)
		if (strcmp(text, rounds_names[i]) == 0) {
			*order = (enum rounds_order)i;
			return 0;
		}
	return err_set(e, "'%s' is not an order of kernels: there is random, "
	    "abba and listed", text);
}

const char *
rounds_order_name(enum rounds_order order)
{
	return rounds_names[order];
}

void
rounds_kernels(enum rounds_order how, uint64_t seed, int round, int n,
    int *order)
{
	struct random r = random_round(seed, round);
	int i, j, swap;

	for (i = 0; i < n; i++)
		order[i] = how == ROUNDS_ABBA && round % 2 == 0 ? n - 1 - i : i;
	if (how != ROUNDS_RANDOM)
		return;
	/* Fisher-Yates (Durstenfeld 1964). */
	for (i = n; i > 1; i--) {
		j = (int)random_below(&r, (uint64_t)i);
		swap = order[i - 1];
		order[i - 1] = order[j];
		order[j] = swap;
	}
}

/* 32 bits, so that everybody can read the number out of a record. */
uint64_t
rounds_seed(uint64_t seed, int round)
{
	struct random r = random_round(seed, round);

	random_next(&r);
	return random_next(&r) & 0xffffffff;
}
