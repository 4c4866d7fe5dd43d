/* SPDX-License-Identifier: BSD-2-Clause */
/* The spelling of placement policies; what they mean is the supervisor's. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "plan/plan.h"

/* No machine has a CPU with a higher number. */
#define PIN_CPU_MAX 65535
/* More CPUs than this in one list is a typing error. */
#define PIN_CPUS 4096

#define PIN_LIST "list:"

static const char *const pin_policies[] = {
	"none", "compact", "scatter", "cores", "l3", "numa", NULL
};

/* A list of CPUs in the making; `seen` has a flag per possible CPU. */
struct pin_list {
	struct str text;
	int count;
	bool *seen;
};

static int
pin_unknown(const char *text, struct err *e)
{
	struct str_nearest near = { .wanted = text };
	struct str known = { 0 };

	for (int i = 0; pin_policies[i] != NULL; i++) {
		str_addf(&known, "%s, ", pin_policies[i]);
		str_nearest_try(&near, pin_policies[i]);
	}
	str_addf(&known, "%s0,2,4", PIN_LIST);
	if (near.best != NULL)
		str_addf(&known, " (did you mean '%s'?)", near.best);
	err_set(e, "'%.80s' is not one of: %s", text, str_text(&known));
	str_free(&known);
	return -1;
}

static int
pin_add(struct pin_list *l, int64_t cpu, struct err *e)
{
	if (l->seen[cpu])
		return err_set(e, "a placement list has CPU %d twice",
		    (int)cpu);
	if (l->count++ == PIN_CPUS)
		return err_set(e, "a placement list has more than %d CPUs",
		    PIN_CPUS);
	l->seen[cpu] = true;
	str_addf(&l->text, "%s%d", l->count > 1 ? "," : "", (int)cpu);
	return 0;
}

static int
pin_number(const char *text, int64_t *cpu)
{
	if (units_int(text, cpu) == -1 || *cpu < 0 || *cpu > PIN_CPU_MAX)
		return -1;
	return 0;
}

/* "4" or "2-5"; the text is taken apart in place. */
static int
pin_part(struct pin_list *l, char *part, struct err *e)
{
	char *dash = strchr(part, '-');
	int64_t first, last;
	bool ok;

	if (dash != NULL)
		*dash = '\0';
	ok = pin_number(part, &first) == 0 &&
	    pin_number(dash != NULL ? dash + 1 : part, &last) == 0;
	if (dash != NULL)
		*dash = '-';
	if (!ok || last < first)
		return err_set(e, "'%.80s' is not a CPU or range of CPUs "
		    "(try list:0,2-5)", part);
	for (int64_t cpu = first; cpu <= last; cpu++)
		if (pin_add(l, cpu, e) == -1)
			return -1;
	return 0;
}

static char *
pin_cpus(const char *text, struct err *e)
{
	struct pin_list l = { .count = 0 };
	char *copy = mem_strdup(text), *at = copy, *canonical = NULL;
	int rc = 0;

	l.seen = mem_zalloc((PIN_CPU_MAX + 1) * sizeof(*l.seen));
	while (rc == 0 && at != NULL) {
		char *comma = strchr(at, ',');

		if (comma != NULL)
			*comma++ = '\0';
		rc = pin_part(&l, at, e);
		at = comma;
	}
	if (rc == 0)
		canonical = mem_printf(PIN_LIST "%s", str_text(&l.text));
	str_free(&l.text);
	free(l.seen);
	free(copy);
	return canonical;
}

char *
plan_pin(const char *text, struct err *e)
{
	for (int i = 0; pin_policies[i] != NULL; i++)
		if (strcmp(pin_policies[i], text) == 0)
			return mem_strdup(text);
	if (strncmp(text, PIN_LIST, strlen(PIN_LIST)) == 0)
		return pin_cpus(text + strlen(PIN_LIST), e);
	pin_unknown(text, e);
	return NULL;
}
