/* SPDX-License-Identifier: BSD-2-Clause */
/* The circumstances of a launch, seen from outside; see judge.h. */
#include "config.h"

#include "run/judge.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "os/os.h"
#include "os/threads.h"

#define JUDGE_SECOND_NS 1000000000ll

static int64_t
judge_ahead(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * JUDGE_SECOND_NS + ts.tv_nsec -
	    (int64_t)os_now_ns();
}

static void
judge_note(void *arg, const char *key, const char *value)
{
	struct judge *j = arg;

	if (j->nbefore == JUDGE_FACTS)
		return;
	j->before[j->nbefore].key = mem_strdup(key);
	j->before[j->nbefore++].value = mem_strdup(value);
}

void
judge_begin(struct judge *j, const struct protocol_launch *l, int ncpus,
    bool swap_is_fine)
{
	judge_free(j);
	validity_begin(&j->validity, l, ncpus, swap_is_fine);
	os_steady(judge_note, j);
	j->kernel_threads_ns = os_threads_kernel_ns();
	j->begun_ns = os_now_ns();
	j->ahead_ns = judge_ahead();
}

void
judge_line(struct judge *j, const struct protocol_line *l)
{
	validity_line(&j->validity, l);
}

void
judge_log(struct judge *j, const char *class)
{
	validity_log(&j->validity, class);
}

static const char *
judge_before(const struct judge *j, const char *key)
{
	size_t i;

	for (i = 0; i < j->nbefore; i++)
		if (strcmp(j->before[i].key, key) == 0)
			return j->before[i].value;
	return NULL;
}

static void
judge_compare(void *arg, const char *key, const char *value)
{
	static const struct {
		const char *key;
		enum validity_rule rule;
	} rules[] = {
		{ "governor", VALIDITY_GOVERNOR },
		{ "frequency.", VALIDITY_FREQUENCY },
		{ "clocksource", VALIDITY_CLOCKSOURCE },
	};
	struct judge *j = arg;
	const char *before = judge_before(j, key);
	size_t i;

	if (before == NULL)
		return;
	if (strcmp(key, "throttles") == 0)
		validity_throttles(&j->validity, strtoull(value, NULL, 10) -
		    strtoull(before, NULL, 10));
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strncmp(key, rules[i].key, strlen(rules[i].key)) == 0 &&
		    strcmp(before, value) != 0)
			validity_changed(&j->validity, rules[i].rule, before,
			    value);
}

struct json_line *
judge_end(struct judge *j, const char *status, int cell, int launch)
{
	uint64_t threads_ns;

	if (strcmp(status, "ok") != 0)
		return NULL;
	os_steady(judge_compare, j);
	threads_ns = os_threads_kernel_ns();
	if (threads_ns != UINT64_MAX && threads_ns >= j->kernel_threads_ns)
		validity_kernel_threads(&j->validity,
		    threads_ns - j->kernel_threads_ns);
	validity_step(&j->validity, judge_ahead() - j->ahead_ns,
	    os_now_ns() - j->begun_ns);
	return validity_judge(&j->validity, cell, launch);
}

void
judge_free(struct judge *j)
{
	size_t i;

	for (i = 0; i < j->nbefore; i++) {
		free(j->before[i].key);
		free(j->before[i].value);
	}
	validity_free(&j->validity);
	memset(j, 0, sizeof(*j));
}
