/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of one run or boot; see same_record.h. */
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

/* Do both have all of these facts, and the same ones? */
static bool
same_facts(const struct gather *a, const struct gather *b,
    const char *const *keys)
{
	const char *x, *y;

	for (; *keys != NULL; keys++) {
		x = facts_value(&a->facts, *keys);
		y = facts_value(&b->facts, *keys);
		if (x == NULL || y == NULL || strcmp(x, y) != 0)
			return false;
	}
	return true;
}

/* No two runs begin in the same hundredth of a second of one boot. */
static bool
same_run(const struct gather *a, const struct gather *b)
{
	static const char *const keys[] = { "ids.boot_id", "ids.uptime", NULL };

	return same_facts(a, b, keys);
}

bool
same_boot(const struct gather *a, const struct gather *b)
{
	static const char *const ids[] = { "ids.boot_id", NULL };
	static const char *const places[] = {
		"boot.campaign", "boot.round", "boot.position", NULL
	};
	/* A record is like itself in what it has. */
	bool placed = same_facts(a, a, places) && same_facts(b, b, places);

	return same_facts(a, b, placed ? places : ids);
}

bool
same_record(const struct gather *a, const struct gather *b)
{
	return same_file(a, b) || same_run(a, b);
}
