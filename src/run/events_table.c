/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events that every Linux has names for, whatever the processor; numbers as
 * in perf_event_open(2).  They come before those of libpfm4, so that they are
 * called and counted alike with and without it.
 */
#include "config.h"

#include "run/events_source.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

static const struct row {
	const char *name, *alias;
	uint32_t type;
	uint64_t config;
} rows[] = {
	{ "cpu-clock", NULL, EVENTS_SOFTWARE, 0 },
	{ "task-clock", NULL, EVENTS_SOFTWARE, 1 },
	{ "page-faults", "faults", EVENTS_SOFTWARE, 2 },
	{ "context-switches", "cs", EVENTS_SOFTWARE, 3 },
	{ "cpu-migrations", "migrations", EVENTS_SOFTWARE, 4 },
	{ "minor-faults", "page-faults-min", EVENTS_SOFTWARE, 5 },
	{ "major-faults", "page-faults-maj", EVENTS_SOFTWARE, 6 },
	{ "alignment-faults", NULL, EVENTS_SOFTWARE, 7 },
	{ "emulation-faults", NULL, EVENTS_SOFTWARE, 8 },
	{ "cgroup-switches", NULL, EVENTS_SOFTWARE, 11 },
	{ "cycles", "cpu-cycles", EVENTS_HARDWARE, 0 },
	{ "instructions", NULL, EVENTS_HARDWARE, 1 },
	{ "cache-references", NULL, EVENTS_HARDWARE, 2 },
	{ "cache-misses", NULL, EVENTS_HARDWARE, 3 },
	{ "branches", "branch-instructions", EVENTS_HARDWARE, 4 },
	{ "branch-misses", NULL, EVENTS_HARDWARE, 5 },
	{ "bus-cycles", NULL, EVENTS_HARDWARE, 6 },
	{ "stalled-cycles-frontend", "idle-cycles-frontend", EVENTS_HARDWARE, 7 },
	{ "stalled-cycles-backend", "idle-cycles-backend", EVENTS_HARDWARE, 8 },
	{ "ref-cycles", NULL, EVENTS_HARDWARE, 9 },
#define CACHE(name, cache)						\
	{ name "-loads", NULL, EVENTS_CACHE, cache },			\
	{ name "-load-misses", NULL, EVENTS_CACHE, cache | 1 << 16 }
#define CACHE_STORES(name, cache)					\
	{ name "-stores", NULL, EVENTS_CACHE, cache | 1 << 8 },		\
	{ name "-store-misses", NULL, EVENTS_CACHE,			\
	    cache | 1 << 8 | 1 << 16 }
#define CACHE_PREFETCHES(name, cache)					\
	{ name "-prefetches", NULL, EVENTS_CACHE, cache | 2 << 8 },	\
	{ name "-prefetch-misses", NULL, EVENTS_CACHE,			\
	    cache | 2 << 8 | 1 << 16 }
	CACHE("L1-dcache", 0),
	CACHE_STORES("L1-dcache", 0),
	CACHE_PREFETCHES("L1-dcache", 0),
	CACHE("L1-icache", 1),
	CACHE_PREFETCHES("L1-icache", 1),
	CACHE("LLC", 2),
	CACHE_STORES("LLC", 2),
	CACHE_PREFETCHES("LLC", 2),
	CACHE("dTLB", 3),
	CACHE_STORES("dTLB", 3),
	CACHE_PREFETCHES("dTLB", 3),
	CACHE("iTLB", 4),
	CACHE("branch", 5),
	CACHE("node", 6),
	CACHE_STORES("node", 6),
	CACHE_PREFETCHES("node", 6),
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *
events_table_at(size_t i, uint32_t *type)
{
	if (i >= ROWS)
		return NULL;
	*type = rows[i].type;
	return rows[i].name;
}

int
events_table_modes(const char *modes, struct protocol_event *v)
{
	static const char letters[] = "ukh";
	bool wanted[3] = { false };
	char exclude[8];
	const char *at;
	size_t i, n = 0;

	if (*modes == '\0')
		return 0;
	for (at = modes; *at != '\0'; at++) {
		const char *letter = strchr(letters, *at);

		if (*at == ':' && at != modes && at[1] != '\0')
			continue;
		if (letter == NULL)
			return -1;
		wanted[letter - letters] = true;
	}
	for (i = 0; i < 3; i++)
		if (!wanted[i])
			exclude[n++] = letters[i];
	/* Software knows of no hypervisor. */
	if (n > 0 && exclude[n - 1] == 'h' && (v->type == EVENTS_SOFTWARE ||
	    v->type == EVENTS_TRACEPOINT))
		n--;
	free(v->exclude);
	v->exclude = n > 0 ? mem_strndup(exclude, n) : NULL;
	return 0;
}

/* "r01c4": the number that the processor knows an event by. */
static bool
table_raw(const char *name, size_t len, struct protocol_event *v)
{
	char digits[17];
	size_t n = len - 1;

	if (len < 2 || name[0] != 'r' || n >= sizeof(digits))
		return false;
	memcpy(digits, name + 1, n);
	digits[n] = '\0';
	if (digits[strspn(digits, "0123456789abcdefABCDEF")] != '\0')
		return false;
	v->type = EVENTS_RAW;
	v->config = strtoull(digits, NULL, 16);
	return true;
}

static bool
table_is(const char *row, const char *name, size_t len)
{
	return row != NULL && strlen(row) == len &&
	    strncasecmp(row, name, len) == 0;
}

static bool
table_row(const char *name, size_t len, struct protocol_event *v,
    const char **better)
{
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (!table_is(rows[i].name, name, len) &&
		    !table_is(rows[i].alias, name, len))
			continue;
		v->type = rows[i].type;
		v->config = rows[i].config;
		*better = rows[i].name;
		return true;
	}
	return false;
}

/*
 * A processor counts nothing of virtual machines that run on it at the time:
 * they are not part of what is measured.
 */
static void
table_guest(struct protocol_event *v)
{
	char *exclude;

	if (v->type == EVENTS_SOFTWARE)
		return;
	exclude = mem_printf("%sg", v->exclude != NULL ? v->exclude : "");
	free(v->exclude);
	v->exclude = exclude;
}

enum events_found
events_table(const char *name, struct protocol_event *v)
{
	const char *better = NULL, *modes;
	size_t len;

	/* As libpfm4 spells what is not of one processor. */
	if (strncasecmp(name, "perf::", 6) == 0)
		name += 6;
	len = strcspn(name, ":");
	modes = name[len] == ':' ? name + len + 1 : name + len;
	if (!table_row(name, len, v, &better) && !table_raw(name, len, v))
		return EVENTS_UNKNOWN;
	if ((name[len] == ':' && *modes == '\0') ||
	    events_table_modes(modes, v) < 0)
		return EVENTS_UNKNOWN;
	table_guest(v);
	v->name = better != NULL ?
	    mem_printf("%s%s", better, name + len) : mem_strdup(name);
	return EVENTS_FOUND;
}
