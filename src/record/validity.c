/* SPDX-License-Identifier: BSD-2-Clause */
/* Is a launch a fair one? What is known of it; see validity.h. */
#include "config.h"

#include "record/validity.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- the lines of a launch -------------------------------------------- */

void
validity_begin(struct validity *v, const struct protocol_launch *l, int ncpus,
    bool swap_is_fine)
{
	memset(v, 0, sizeof(*v));
	v->workers = l->workers;
	v->ncpus = ncpus;
	v->swap_is_fine = swap_is_fine;
	v->ops_min = NAN;
	v->shortest_ns = UINT64_MAX;
	v->kernel_threads_ns = UINT64_MAX;
}

static bool
number(const struct protocol_line *l, const char *key, uint64_t *value)
{
	struct err e = { 0 };

	return protocol_get_u64(l, key, value, &e) == 0;
}

static void
take_time(struct validity *v, uint64_t elapsed_ns)
{
	v->measured = true;
	v->measured_ns += elapsed_ns;
	if (elapsed_ns < v->shortest_ns)
		v->shortest_ns = elapsed_ns;
}

static void
take_sample(struct validity *v, const struct protocol_line *l)
{
	struct err e = { 0 };
	uint64_t *ops = NULL, elapsed_ns;
	int i, n = protocol_get_list(l, "ops", &ops, &e);
	double sum = 0;

	if (n > 0 && number(l, "elapsed_ns", &elapsed_ns) && elapsed_ns > 0) {
		for (i = 0; i < n; i++)
			sum += (double)ops[i];
		take_time(v, elapsed_ns);
		v->rates = mem_grow(v->rates, v->nrates, &v->rates_cap,
		    sizeof(*v->rates));
		v->rates[v->nrates++] = sum * 1e9 / (double)elapsed_ns;
		if (isnan(v->ops_min) || sum / n < v->ops_min)
			v->ops_min = sum / n;
	}
	free(ops);
}

static void
take_phase(struct validity *v, const struct protocol_line *l)
{
	uint64_t elapsed_ns;

	if (number(l, "elapsed_ns", &elapsed_ns))
		take_time(v, elapsed_ns);
}

static void
take_curve(struct validity *v, const struct protocol_line *l)
{
	(void)l;
	v->measured = true;
}

static void
take_describe(struct validity *v, const struct protocol_line *l)
{
	v->own_tasks = protocol_get(l, "tasks") != NULL;
	number(l, "clock_step_ns", &v->clock_step_ns);
}

static void
take_skew(struct validity *v, const struct protocol_line *l)
{
	v->have_skew = number(l, "start_ns", &v->start_skew_ns);
}

static void
take_usage(struct validity *v, const struct protocol_line *l)
{
	uint64_t user_ns, system_ns;

	if (!number(l, "user_ns", &user_ns) ||
	    !number(l, "system_ns", &system_ns))
		return;
	v->nusage++;
	v->used_ns += user_ns + system_ns;
}

/* ---- statistics of the kernel ----------------------------------------- */

/* Is a word in a list with commas? */
static bool
lists(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list != NULL && *list != '\0') {
		if (strncmp(list, word, len) == 0 &&
		    (list[len] == ',' || list[len] == '\0'))
			return true;
		list = strchr(list, ',');
		if (list != NULL)
			list++;
	}
	return false;
}

/* The value of a name in "name:12,other:-3"; what is not there is 0. */
static int64_t
delta(const char *values, const char *name)
{
	size_t len = strlen(name);

	while (values != NULL && *values != '\0') {
		if (strncmp(values, name, len) == 0 && values[len] == ':')
			return strtoll(values + len + 1, NULL, 10);
		values = strchr(values, ',');
		if (values != NULL)
			values++;
	}
	return 0;
}

static void
take_stat(struct validity *v, const char *values, uint64_t elapsed_ns)
{
	static const char *const busy[] = {
		"stat.user_ns", "stat.nice_ns", "stat.system_ns",
		"stat.irq_ns", "stat.softirq_ns"
	};
	int64_t sum = 0, steal = delta(values, "stat.steal_ns");
	size_t i;

	for (i = 0; i < sizeof(busy) / sizeof(busy[0]); i++)
		sum += delta(values, busy[i]);
	v->nstat++;
	v->stat_elapsed_ns += elapsed_ns;
	v->busy_ns += sum;
	v->steal_ns += steal;
	v->total_ns += sum + steal + delta(values, "stat.idle_ns") +
	    delta(values, "stat.iowait_ns");
}

/* A phase that is about finding mappings swaps on purpose. */
static bool
is_about_swap(const char *phase)
{
	return phase != NULL && strncmp(phase, "rmap", strlen("rmap")) == 0;
}

static void
take_kstat(struct validity *v, const struct protocol_line *l)
{
	const char *sources = protocol_get(l, "sources");
	const char *values = protocol_get(l, "values");
	uint64_t elapsed_ns;

	if (lists(sources, "stat") && number(l, "elapsed_ns", &elapsed_ns))
		take_stat(v, values, elapsed_ns);
	if (!lists(sources, "vmstat") ||
	    is_about_swap(protocol_get(l, "phase")))
		return;
	v->nvmstat++;
	v->swap_in += delta(values, "vmstat.pswpin");
	v->swap_out += delta(values, "vmstat.pswpout");
}

void
validity_line(struct validity *v, const struct protocol_line *l)
{
	static const struct {
		const char *keyword;
		void (*take)(struct validity *v, const struct protocol_line *l);
	} known[] = {
		{ "describe", take_describe },
		{ "sample", take_sample },
		{ "phase", take_phase },
		{ "curve", take_curve },
		{ "skew", take_skew },
		{ "usage", take_usage },
		{ "kstat", take_kstat },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(l->keyword, known[i].keyword) == 0)
			known[i].take(v, l);
}

/* ---- from outside ----------------------------------------------------- */

void
validity_log(struct validity *v, const char *class)
{
	size_t i;

	for (i = 0; i < v->nclasses; i++)
		if (strcmp(v->classes[i].name, class) == 0)
			break;
	if (i == VALIDITY_CLASSES)
		return;
	if (i == v->nclasses)
		snprintf(v->classes[v->nclasses++].name,
		    sizeof(v->classes[i].name), "%s", class);
	v->classes[i].count++;
}

void
validity_changed(struct validity *v, enum validity_rule rule,
    const char *before, const char *after)
{
	snprintf(v->changed[rule], sizeof(v->changed[rule]),
	    "from %.60s to %.60s", before, after);
}

void
validity_throttles(struct validity *v, uint64_t events)
{
	v->have_throttles = true;
	v->throttles = events;
}

void
validity_step(struct validity *v, int64_t step_ns, uint64_t elapsed_ns)
{
	v->have_step = true;
	v->step_ns = step_ns;
	v->step_of_ns = elapsed_ns;
}

void
validity_kernel_threads(struct validity *v, uint64_t ns)
{
	v->kernel_threads_ns = ns;
}

void
validity_free(struct validity *v)
{
	free(v->rates);
	memset(v, 0, sizeof(*v));
}
