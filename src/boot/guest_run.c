/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plan of the image, run; see guest_run.h.  The line to the host costs
 * processor time, so it is silent while a launch goes on: what a launch has
 * given is sent before the next one, and the name of that one is out before it
 * begins, because a kernel may die in it.
 */
#include "config.h"

#include "boot/guest_run.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/plugin.h"
#include "boot/pack.h"
#include "os/guest.h"
#include "record/fingerprint.h"
#include "record/journal.h"
#include "record/resume.h"
#include "run/equip.h"
#include "run/interrupt.h"
#include "run/opening.h"
#include "run/run.h"

struct guest_run {
	struct guest_link *link;
	uint64_t seed;
	struct resume resume;		/* the plan */
	struct place *place;
	struct setup setup;
	struct journal journal;
	struct run_outcome outcome;
	char reason[ERR_MAX];		/* of the first launch that failed */
};

/* ---- telling the host ------------------------------------------------- */

static void
guest_run_on_begin(void *arg, size_t k, size_t n, const struct plan_cell *c,
    int launch, uint64_t left_ns)
{
	struct guest_run *r = arg;
	struct str name = { 0 }, text = { 0 };
	struct wire_begin b = {
		.cell = c->id,
		.launch = launch,
		.k = k + 1,
		.n = n,
		.timeout_ns = run_timeout_ns(c),
		.left_ns = left_ns,
	};

	plan_launch_name(c, launch, &name);
	b.text = str_text(&name);
	wire_begin_write(&text, &b);
	guest_link_record(r->link);
	guest_link_say(r->link, WIRE_BEGIN, str_text(&text));
	guest_link_drain(r->link);
	str_free(&name);
	str_free(&text);
}

static void
guest_run_on_end(void *arg, const struct attend_result *result)
{
	struct guest_run *r = arg;

	if (strcmp(result->status, "failed") == 0 && r->reason[0] == '\0')
		snprintf(r->reason, sizeof(r->reason), "%s",
		    result->reason[0] != '\0' ? result->reason :
		    "no reason known");
	guest_link_record(r->link);
	guest_link_drain(r->link);
}

static void
guest_run_status(struct guest_run *r, const struct err *e)
{
	const struct run_outcome *o = &r->outcome;
	char *reason;

	if (e->set) {
		guest_link_status(r->link, "failed", e->text);
	} else if (o->interrupted) {
		guest_link_status(r->link, "interrupted", "");
	} else if (o->failed > 0) {
		reason = mem_printf("%zu of %zu launches failed: %s",
		    o->failed, o->ok + o->skipped + o->failed, r->reason);
		guest_link_status(r->link, "failed", reason);
		free(reason);
	} else {
		guest_link_status(r->link, "ok", "");
	}
}

/* ---- the run ---------------------------------------------------------- */

/* Every file in the folder for them, which need not be there. */
static int
guest_run_plugins(struct err *e)
{
	DIR *dir = opendir(PACK_PLUGINS);
	struct dirent *d;
	char *path;

	while (dir != NULL && !e->set && (d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		path = mem_printf(PACK_PLUGINS "/%s", d->d_name);
		plugin_load(path, e);
		free(path);
	}
	if (dir != NULL)
		closedir(dir);
	return e->set ? -1 : 0;
}

static int
guest_run_prepare(struct guest_run *r, struct err *e)
{
	/* It is the last file of the image. */
	if (access(PACK_PLAN, R_OK) != 0)
		return err_errno(e, "the image is not whole, so there may have "
		    "been too little memory to unpack it: " PACK_PLAN);
	if (guest_run_plugins(e) != 0)
		return -1;
	r->place = place_new(e);
	if (r->place == NULL || resume_read(&r->resume, PACK_PLAN, e) != 0)
		return -1;
	r->resume.plan.seed = r->seed;
	return equip_check(&r->resume.plan, e) == 0 ? run_ready(e) : -1;
}

static struct json_line *
guest_run_facts(const struct guest_run *r)
{
	struct json_line *facts = opening_facts(r->place, &r->setup);
	char root[32];

	if (os_guest_root(root, sizeof(root)) == 0)
		fingerprint_add(facts, "boot.root", root);
	fingerprint_add(facts, "boot.port", r->link->port);
	return facts;
}

static int
guest_run_launches(struct guest_run *r, struct err *e)
{
	const struct run_watch watch = {
		.begin = guest_run_on_begin,
		.end = guest_run_on_end,
		.arg = r,
	};
	const struct run run = {
		.plan = &r->resume.plan,
		.place = r->place,
		.journal = &r->journal,
		.watch = &watch,
		.setup = &r->setup,
	};

	if (opening_write(&r->journal, &r->resume.plan, guest_run_facts(r),
	    e) != 0)
		return -1;
	if (run_plan(&run, &r->outcome, e) != 0)
		return -1;
	return opening_end(&r->journal, e);
}

/* The limits that were raised are in the header. */
static void
guest_run_quiet(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static int
guest_run_record(struct guest_run *r, struct err *e)
{
	int rc;

	if (setup_begin(&r->setup, &r->resume.plan, r->place, e) != 0)
		return -1;
	rc = journal_create(&r->journal, GUEST_RECORD, e);
	if (rc == 0) {
		rc = guest_run_launches(r, e);
		journal_close(&r->journal);
	}
	setup_end(&r->setup);
	return rc;
}

void
guest_run(struct guest_link *l, uint64_t seed)
{
	struct guest_run r = {
		.link = l,
		.seed = seed,
		.setup = { .raise = true, .say = guest_run_quiet },
		.journal = { .fd = -1 },
	};
	struct err e = { 0 };

	interrupt_catch();
	if (guest_run_prepare(&r, &e) == 0)
		guest_run_record(&r, &e);
	guest_run_status(&r, &e);
	resume_free(&r.resume);
	place_free(r.place);
}
