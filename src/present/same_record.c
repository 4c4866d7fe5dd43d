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

/* Are all of these facts known of both, and the same? */
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

/*
 * A kernel's own name of its boot is random, and may be missing or, where
 * nothing is random yet, the same: the host knows better.
 */
bool
same_boot(const struct gather *a, const struct gather *b)
{
	static const char *const hosts[] = { "boot.campaign", "boot.round",
	    "boot.position", NULL };
	static const char *const own[] = { "ids.boot_id", NULL };

	if (facts_value(&a->facts, "boot.campaign") != NULL ||
	    facts_value(&b->facts, "boot.campaign") != NULL)
		return same_facts(a, b, hosts);
	return same_facts(a, b, own);
}

/* No two runs begin in the same hundredth of a second of one boot. */
bool
same_record(const struct gather *a, const struct gather *b)
{
	static const char *const keys[] = { "ids.uptime", NULL };

	return same_file(a, b) || (same_boot(a, b) && same_facts(a, b, keys));
}
