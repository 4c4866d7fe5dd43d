/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes to the system for a run; see setup.h. */
#include "config.h"

#include "run/setup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "os/os.h"
#include "run/preflight.h"
#include "run/run.h"

static void
setup_say(const struct setup *s, char *text)
{
	s->say(s->say_arg, text);
	free(text);
}

/* ---- what to raise ----------------------------------------------------- */

#define SETUP_KINDS (OS_COUNTS_MAPPING_BYTES + 1)

struct setup_wanted {
	struct setup *s;
	uint64_t value[SETUP_KINDS];	/* by what is counted; 0: nothing */
	enum os_scope scope;		/* of this pass */
};

static void
setup_take(void *arg, const struct os_limit *limit)
{
	struct setup_wanted *w = arg;
	struct setup *s = w->s;
	struct setup_raise *r;

	if (os_limit_scope(limit->name) != w->scope ||
	    limit->value >= w->value[limit->counts])
		return;
	s->raises = mem_grow(s->raises, s->nraises, &s->cap,
	    sizeof(*s->raises));
	r = &s->raises[s->nraises++];
	r->name = mem_strdup(limit->name);
	r->lift = limit->lift != NULL ? mem_strdup(limit->lift) : NULL;
	r->value = w->value[limit->counts];
	r->old = limit->value;
}

void
setup_collect(struct setup *s, const struct reach *cells, size_t ncells,
    reach_limits_fn *limits)
{
	struct setup_wanted w = { .s = s };
	const struct reach_stop *stop;
	size_t i, k;

	for (i = 0; i < ncells; i++) {
		for (k = 0; k < cells[i].nstops; k++) {
			stop = &cells[i].stops[k];
			if (os_limit_scope(stop->name) != OS_SCOPE_NONE &&
			    stop->enough > w.value[stop->counts])
				w.value[stop->counts] = stop->enough;
		}
	}
	/* A process may not have more than the system allows any of them. */
	w.scope = OS_SCOPE_SYSTEM;
	limits(setup_take, &w);
	w.scope = OS_SCOPE_PROCESS;
	limits(setup_take, &w);
}

/* "sysctl -w kernel.pid_max=99840" */
static void
setup_command(struct str *b, const char *lift, uint64_t value)
{
	const char *percent = strstr(lift, "%llu");

	if (percent == NULL)
		str_add(b, lift);
	else
		str_addf(b, "%.*s%" PRIu64 "%s", (int)(percent - lift), lift,
		    value, percent + 4);
}

/* What stops a cell and is not ours to set is named, and how to lift it. */
static void
setup_say_rest(const struct setup *s, const struct plan_cell *c,
    const struct reach *r)
{
	struct str b = { 0 };
	size_t k;

	for (k = 0; k < r->nstops; k++) {
		if (os_limit_scope(r->stops[k].name) != OS_SCOPE_NONE)
			continue;
		str_addf(&b, "cell %d: %s stays what it is", c->id,
		    r->stops[k].name);
		if (r->stops[k].lift != NULL) {
			str_add(&b, "; lift it: ");
			setup_command(&b, r->stops[k].lift,
			    r->stops[k].enough);
		}
		s->say(s->say_arg, str_text(&b));
		str_reset(&b);
	}
	str_free(&b);
}

static int
setup_examine(struct setup *s, const struct plan *p,
    const struct place *place, struct err *e)
{
	struct preflight *cells = mem_zalloc(p->ncells * sizeof(*cells));
	struct reach *reach = mem_zalloc(p->ncells * sizeof(*reach));
	size_t i;
	int rc = preflight_examine(p, place, cells, e);

	for (i = 0; i < p->ncells && rc == 0; i++) {
		preflight_reach(&cells[i], &reach[i]);
		setup_say_rest(s, &p->cells[i], &reach[i]);
	}
	if (rc == 0)
		setup_collect(s, reach, p->ncells, os_limits);
	for (i = 0; i < p->ncells; i++)
		reach_free(&reach[i]);
	free(reach);
	free(cells);
	return rc;
}

/* ---- the changes ------------------------------------------------------- */

static int
setup_raise_all(struct setup *s, struct guard *g, struct err *e)
{
	struct err why = { 0 };
	struct str b = { 0 };
	size_t i;

	for (i = 0; i < s->nraises; i++) {
		struct setup_raise *r = &s->raises[i];

		err_clear(&why);
		if (guard_raise(g, r->name, r->value, &r->old, &why) == 0)
			continue;
		if (why.num == 0) {
			*e = why;
			break;
		}
		str_addf(&b, "%scannot raise %s to %" PRIu64 ": %s",
		    b.len > 0 ? "; " : "", r->name, r->value,
		    strerror(why.num));
		if (r->lift != NULL) {
			str_add(&b, " (as root: ");
			setup_command(&b, r->lift, r->value);
			str_add(&b, ")");
		}
	}
	if (b.len > 0 && !e->set)
		err_set(e, "--raise-limits: %s", str_text(&b));
	str_free(&b);
	return e->set ? -1 : 0;
}

static void
setup_say_raised(struct setup *s)
{
	size_t i;

	for (i = 0; i < s->nraises; i++) {
		const struct setup_raise *r = &s->raises[i];

		str_addf(&s->raised, "%s%s %" PRIu64 " -> %" PRIu64,
		    i > 0 ? "; " : "", r->name, r->old, r->value);
		setup_say(s, mem_printf("%s raised from %" PRIu64 " to %"
		    PRIu64 " for this run", r->name, r->old, r->value));
	}
}

static int
setup_swap_on(struct setup *s, struct err *e)
{
	char device[UNDO_NAME_MAX], size[UNITS_MAX];
	struct err why = { 0 };

	if (os_swap_active(device, sizeof(device)) == 1) {
		str_addf(&s->swap, "%s, which was there", device);
		setup_say(s, mem_printf("there is swap already, on %s: it is "
		    "used as it is", device));
		return 0;
	}
	if (guard_swap(&s->guard, s->swap_bytes, device, sizeof(device),
	    &why) == 0) {
		units_round_bytes(size, sizeof(size), (double)s->swap_bytes);
		str_addf(&s->swap, "%s, %s for this run", device, size);
		setup_say(s, mem_printf("swap of %s on %s for this run", size,
		    device));
		return 0;
	}
	if (why.num == 0)
		*e = why;
	else if (why.num == ENOTSUP)
		err_set(e, "--setup-swap: on this system vmstress cannot set "
		    "up swap: do it by hand");
	else if (why.num == ENODEV)
		err_set(e, "--setup-swap: the kernel offers no zram device "
		    "(modprobe zram)");
	else
		err_set(e, "--setup-swap: cannot set up swap: %s%s",
		    strerror(why.num), why.num == EPERM || why.num == EACCES ?
		    " (only root can)" : "");
	return -1;
}

/* Only root changes what outlives the run, so only root writes it down. */
static int
setup_state(struct setup *s, struct err *e)
{
	if (geteuid() != 0)
		return 0;
	if (undo_create(&s->state, &s->state_fd, e) != 0)
		return -1;
	return guard_state(&s->guard, s->state, e);
}

static int
setup_change(struct setup *s, struct err *e)
{
	if (run_guard(&s->guard, e) != 0 || setup_state(s, e) != 0)
		return -1;
	if (s->swap_bytes > 0 && setup_swap_on(s, e) != 0)
		return -1;
	if (setup_raise_all(s, &s->guard, e) != 0)
		return -1;
	setup_say_raised(s);
	return 0;
}

int
setup_begin(struct setup *s, const struct plan *p, const struct place *place,
    struct err *e)
{
	s->guard.fd = s->state_fd = -1;
	if (s->raise && setup_examine(s, p, place, e) != 0)
		return -1;
	if ((s->nraises == 0 && s->swap_bytes == 0) || setup_change(s, e) == 0)
		return 0;
	setup_end(s);
	return -1;
}

int
setup_again(struct setup *s, struct guard *g, struct err *e)
{
	if (s->state != NULL && guard_state(g, s->state, e) != 0)
		return -1;
	return setup_raise_all(s, g, e);
}

void
setup_end(struct setup *s)
{
	struct undo undo;
	size_t i;

	if (s->guard.pid > 0)
		guard_stop(&s->guard);
	/* A guardian that has done its work has removed the file. */
	if (s->state != NULL && undo_open(&undo, s->state) == 0)
		undo_all(&undo, true, s->say, s->say_arg);
	if (s->state != NULL && s->state_fd >= 0)
		close(s->state_fd);
	for (i = 0; i < s->nraises; i++) {
		free(s->raises[i].name);
		free(s->raises[i].lift);
	}
	free(s->raises);
	free(s->state);
	str_free(&s->raised);
	str_free(&s->swap);
	s->raises = NULL;
	s->nraises = 0;
	s->state = NULL;
}
