/* SPDX-License-Identifier: BSD-2-Clause */
/* A record that is named twice; see same_record.h. */
#include "config.h"

#include "present/same_record.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

static bool
same_file(const struct gather *a, const struct gather *b)
{
	struct stat x, y;

	return a->path != NULL && b->path != NULL &&
	    stat(a->path, &x) == 0 && stat(b->path, &y) == 0 &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* No two runs begin in the same hundredth of a second of one boot. */
static bool
same_run(const struct gather *a, const struct gather *b)
{
	static const char *const keys[] = { "ids.boot_id", "ids.uptime" };
	const char *x, *y;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		x = facts_value(&a->facts, keys[i]);
		y = facts_value(&b->facts, keys[i]);
		if (x == NULL || y == NULL || strcmp(x, y) != 0)
			return false;
	}
	return true;
}

bool
same_record(const struct gather *a, const struct gather *b)
{
	return same_file(a, b) || same_run(a, b);
}
