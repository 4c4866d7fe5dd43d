/* SPDX-License-Identifier: BSD-2-Clause */
/* The rounds of a campaign; see matrix.h. */
#include "config.h"

#include "boot/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "boot/matrix_parts.h"
#include "boot/rounds.h"
#include "os/os.h"
#include "run/interrupt.h"
#include "run/paths.h"
#include "run/run.h"

#define MATRIX_LOAD 0.5

size_t
matrix_count(const struct matrix *m, enum campaign_state state)
{
	size_t i, n = 0;

	for (i = 0; i < m->campaign.nboots; i++)
		n += m->campaign.boots[i].state == state;
	return n;
}

/* ---- what is left --------------------------------------------------------- */

static size_t
matrix_total(const struct matrix *m)
{
	return (size_t)m->campaign.settings.boots * m->campaign.nkernels;
}

static bool
matrix_is_done(const struct matrix *m, int number)
{
	size_t i;

	for (i = 0; i < m->campaign.nboots; i++)
		if (m->campaign.boots[i].number == number &&
		    campaign_counts(&m->campaign.boots[i]))
			return true;
	return false;
}

static size_t
matrix_done(const struct matrix *m)
{
	size_t i, n = 0;

	for (i = 0; i < m->campaign.nboots; i++)
		n += campaign_counts(&m->campaign.boots[i]);
	return n;
}

/* How often it has been tried. */
static int
matrix_attempts(const struct matrix *m, int number)
{
	size_t i;
	int n = 0;

	for (i = 0; i < m->campaign.nboots; i++)
		n += m->campaign.boots[i].number == number;
	return n;
}

/* Mean length of a kernel's boots so far, or of all kernels'; 0: unknown. */
static uint64_t
matrix_boot_ns(const struct matrix *m, int kernel)
{
	uint64_t own = 0, all = 0, nown = 0, nall = 0;
	size_t i;

	for (i = 0; i < m->campaign.nboots; i++) {
		const struct campaign_boot *b = &m->campaign.boots[i];

		if (!campaign_counts(b))
			continue;
		all += b->elapsed_ns;
		nall++;
		own += b->kernel == kernel ? b->elapsed_ns : 0;
		nown += b->kernel == kernel;
	}
	if (nown > 0)
		return own / nown;
	return nall > 0 ? all / nall : 0;
}

/* ---- the rounds ----------------------------------------------------------- */

/* The kernel of every boot, by its number - 1; a new array. */
static int *
matrix_schedule(const struct matrix *m, enum rounds_order order)
{
	const struct campaign_settings *s = &m->campaign.settings;
	int n = (int)m->campaign.nkernels, round;
	int *list = mem_array(NULL, matrix_total(m), sizeof(*list));

	for (round = 1; round <= s->boots; round++)
		rounds_kernels(order, s->seed, round, n, list + (round - 1) * n);
	return list;
}

/* Of the boots from the number on; 0: unknown. */
static uint64_t
matrix_left_ns(const struct matrix *m, const int *schedule, size_t number)
{
	uint64_t ns = 0;

	for (; number <= matrix_total(m); number++)
		if (!matrix_is_done(m, (int)number))
			ns += matrix_boot_ns(m, schedule[number - 1]);
	return ns;
}

/* A new one at the end of the list. */
static struct campaign_boot *
matrix_new_boot(struct matrix *m, int number, int kernel)
{
	struct campaign *c = &m->campaign;
	int attempt = matrix_attempts(m, number) + 1;
	struct campaign_boot *b;
	char started[32], *stem;

	run_now_text(started, sizeof(started));
	c->boots = mem_array(c->boots, c->nboots + 1, sizeof(*c->boots));
	b = &c->boots[c->nboots++];
	*b = (struct campaign_boot){
		.number = number,
		.round = (number - 1) / (int)c->nkernels + 1,
		.position = (number - 1) % (int)c->nkernels + 1,
		.kernel = kernel,
		.attempt = attempt,
		.started = mem_strdup(started),
	};
	/*
	 * Files of an attempt that was cut short stay as they are; its number
	 * is where no name of a kernel can look like it.
	 */
	stem = attempt == 1 ? mem_printf(MATRIX_BOOTS "/r%02d-%s", b->round,
	    c->kernels[kernel].name) : mem_printf(MATRIX_BOOTS "/r%02d.%d-%s",
	    b->round, attempt, c->kernels[kernel].name);
	b->record = mem_printf("%s.jsonl", stem);
	b->log = mem_printf("%s.log", stem);
	free(stem);
	return b;
}

static int
matrix_one(struct matrix *m, const int *schedule, size_t number, struct err *e)
{
	uint64_t left_ns = matrix_left_ns(m, schedule, number);
	uint64_t behind_ns = matrix_left_ns(m, schedule, number + 1);
	struct campaign_boot *b;
	int rc;

	b = matrix_new_boot(m, (int)number, schedule[number - 1]);
	if (m->watch->boot != NULL)
		m->watch->boot(m->watch->arg, &m->campaign, b, matrix_done(m),
		    matrix_total(m), left_ns);
	rc = matrix_boot(m, b, behind_ns, e);
	if (rc != 0)
		return -1;
	m->interrupted |= b->state == CAMPAIGN_INTERRUPTED;
	if (m->watch->end != NULL)
		m->watch->end(m->watch->arg, &m->campaign, b);
	return 0;
}

static void
matrix_load_fact(void *arg, const char *key, const char *value)
{
	if (strcmp(key, "env.loadavg") == 0)
		*(double *)arg = strtod(value, NULL);
}

/* Others take from what is measured; half a CPU of the host is too much. */
static void
matrix_look_at_load(const struct matrix *m)
{
	double load = 0;

	os_facts_now(matrix_load_fact, &load);
	if (load > MATRIX_LOAD)
		matrix_say(m, "this host is busy: its load was %.1f in the "
		    "last minute, which every boot will feel", load);
}

int
matrix_run(struct matrix *m, struct err *e)
{
	enum rounds_order order;
	size_t number;
	int *schedule, rc = 0;

	if (rounds_order_read(m->campaign.settings.order, &order, e) != 0)
		return -1;
	m->guardian = paths_program("vmstress-guardian", e);
	if (m->guardian == NULL)
		return -1;
	interrupt_catch();
	matrix_look_at_load(m);
	schedule = matrix_schedule(m, order);
	for (number = 1; number <= matrix_total(m) && rc == 0; number++) {
		if (interrupt_count() > 0)
			m->interrupted = true;
		if (m->interrupted)
			break;
		if (!matrix_is_done(m, (int)number))
			rc = matrix_one(m, schedule, number, e);
	}
	free(schedule);
	guard_stop(&m->guard);
	matrix_configs_differ(m);
	return rc;
}

void
matrix_free(struct matrix *m)
{
	size_t i;

	for (i = 0; m->targets != NULL && i < m->campaign.nkernels; i++) {
		image_free(&m->targets[i].image);
		runner_host_free(&m->targets[i].host);
	}
	free(m->targets);
	guard_stop(&m->guard);
	free(m->guardian);
	journal_close(&m->manifest);
	campaign_free(&m->campaign);
}
