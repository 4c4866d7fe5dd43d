/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows that belong together; see compare_groups.h. */
#include "config.h"

#include "present/compare_groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
compare_groups_add(struct compare_groups *g, const char *key, size_t row)
{
	size_t known = g->keys.count, member = g->count, at;

	at = names_add(&g->keys, key, strlen(key));
	g->members = mem_grow(g->members, g->count, &g->members_cap,
	    sizeof(*g->members));
	g->members[g->count++] = (struct compare_member){
		.row = row, .next = COMPARE_GROUPS_END,
	};
	if (at == known) {
		g->groups = mem_grow(g->groups, known, &g->groups_cap,
		    sizeof(*g->groups));
		g->groups[at].first = member;
	} else {
		g->members[g->groups[at].last].next = member;
	}
	g->groups[at].last = member;
}

size_t
compare_groups_first(const struct compare_groups *g, const char *key)
{
	size_t at = names_get(&g->keys, key, strlen(key));

	return at != SIZE_MAX ? g->groups[at].first : COMPARE_GROUPS_END;
}

void
compare_groups_free(struct compare_groups *g)
{
	names_free(&g->keys);
	free(g->groups);
	free(g->members);
	memset(g, 0, sizeof(*g));
}
