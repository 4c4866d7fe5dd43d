/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of a comparison that belong together, found by a key. */
#ifndef VMSTRESS_COMPARE_GROUPS_H
#define VMSTRESS_COMPARE_GROUPS_H

#include <stddef.h>

#include "present/names.h"

#define COMPARE_GROUPS_END ((size_t)-1)

/* Zero-initialize. */
struct compare_groups {
	struct names keys;
	struct compare_group {
		size_t first, last;	/* members */
	} *groups;			/* by number of the key */
	struct compare_member {
		size_t row;
		size_t next;		/* of the group, or the end */
	} *members;
	size_t count;			/* of members */
	size_t groups_cap, members_cap;
};

/* Rows of a group stay in the order in which they are added. */
void compare_groups_add(struct compare_groups *g, const char *key, size_t row);

/* The first member of a group, or the end. */
size_t compare_groups_first(const struct compare_groups *g, const char *key);

void compare_groups_free(struct compare_groups *g);

#endif
