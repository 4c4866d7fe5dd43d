/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of one launch, from the plan's block to its `end` line. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/param.h"
#include "base/plugin.h"
#include "base/registry.h"
#include "engine/engine.h"
#include "engine/footprint.h"
#include "engine/insight.h"
#include "engine/watch.h"
#include "os/os.h"

const struct engine_kind *
kind_of(const struct engine *en)
{
	static const struct engine_kind *const kinds[] = {
		[VMS_RATE] = &kind_rate,
		[VMS_PHASES] = &kind_phases,
		[VMS_CURVE] = &kind_curve,
	};

	return kinds[en->workload->kind];
}

/*
 * The mean cost of reading the clock, its smallest step, and what timing an
 * operation adds to it: the median of many empty ones.
 */
static int
launch_compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
launch_time_clock(struct engine *en)
{
	enum { READS = 2001 };
	uint64_t *t = mem_zalloc(READS * sizeof(*t)), step = UINT64_MAX;
	int i;

	for (i = 0; i < READS; i++)
		t[i] = os_now_ns();
	en->clock_cost_ns = (double)(t[READS - 1] - t[0]) / (READS - 1);
	for (i = 0; i < READS - 1; i++) {
		t[i] = t[i + 1] - t[i];
		if (t[i] > 0 && t[i] < step)
			step = t[i];
	}
	qsort(t, READS - 1, sizeof(*t), launch_compare_u64);
	en->timing_cost_ns = (double)t[(READS - 1) / 2];
	en->clock_step_ns = step;
	free(t);
}

static int
launch_find_workload(struct engine *en, struct err *e)
{
	char *slash, name[128];
	char found[160];

	if (en->plan.plugin != NULL && plugin_load(en->plan.plugin, e) == NULL)
		return -1;
	snprintf(name, sizeof(name), "%s", en->plan.workload);
	slash = strchr(name, '/');
	if (slash != NULL)
		*slash = '\0';
	en->workload = registry_find(name, e);
	if (en->workload == NULL)
		return -1;
	snprintf(found, sizeof(found), "%s/%d", en->workload->name,
	    en->workload->version);
	if (slash != NULL && strcmp(found, en->plan.workload) != 0)
		return err_set(e, "the plan asks for %s, this vmstress-cell "
		    "has %s", en->plan.workload, found);
	return 0;
}

bool
launch_has_latency(const struct engine *en)
{
	return en->plan.latency || en->workload->latency != NULL;
}

static int
launch_check_mode(struct engine *en, struct err *e)
{
	const struct vms_workload *wl = en->workload;
	unsigned mode = en->plan.threads ? VMS_THREAD : VMS_PROCESS;

	if ((wl->modes & mode) == 0)
		return err_set(e, "workload '%s' has no %s mode", wl->name,
		    en->plan.threads ? "thread" : "process");
	if (en->plan.latency && wl->kind != VMS_RATE)
		return err_set(e, "workload '%s' is no rate workload: it has "
		    "no latency histogram", wl->name);
	return 0;
}

static int
launch_params(struct engine *en, struct err *e)
{
	const struct vms_workload *wl = en->workload;
	void *params = mem_zalloc(wl->params_size);
	const struct vms_param *row;
	size_t i;

	en->cell.params = params;
	if (param_defaults(wl->params, params, e) != 0)
		return -1;
	for (i = 0; i < en->plan.nparams; i++) {
		row = param_find(wl->params, en->plan.params[i].name);
		if (row == NULL)
			return err_set(e, "workload '%s' has no parameter '%s'",
			    wl->name, en->plan.params[i].name);
		if (param_set(row, params, en->plan.params[i].value, e) != 0)
			return err_prefix(e, "workload '%s': parameter '%s'",
			    wl->name, row->name);
	}
	return 0;
}

/* Small programs to exec are where this one is. */
static void
launch_find_targets(struct engine *en)
{
	char *slash;

	if (os_self_path(en->targets, sizeof(en->targets)) != 0)
		snprintf(en->targets, sizeof(en->targets), "./");
	slash = strrchr(en->targets, '/');
	if (slash != NULL)
		*slash = '\0';
	en->cell.targets = en->targets;
}

static int
launch_prepare(struct engine *en, struct err *e)
{
	const char *tmpdir = getenv("TMPDIR");

	signal(SIGPIPE, SIG_IGN);
	launch_time_clock(en);
	en->reserve_bytes = host_reserve();
	if (launch_find_workload(en, e) != 0 || launch_check_mode(en, e) != 0 ||
	    launch_params(en, e) != 0)
		return -1;
	en->cell.host = &host_services;
	en->cell.workload = en->workload;
	en->cell.workers = en->plan.workers;
	en->cell.threads = en->plan.threads;
	en->cell.page_size = os_page_size();
	en->cell.member_bytes = en->plan.member_bytes;
	en->cell.tmpdir = tmpdir != NULL && tmpdir[0] == '/' ? tmpdir : "/tmp";
	en->cell.engine = en;
	launch_find_targets(en);
	if (workers_allocate(en, e) != 0)
		return -1;
	return control_start(en, e);
}

/* probe, setup or teardown; true when the launch may go on. */
static bool
launch_hook(struct engine *en, int (*hook)(struct vms_cell *),
    const char *name)
{
	int rc;

	if (hook == NULL)
		return true;
	errno = 0;
	rc = hook(&en->cell);
	if (rc == VMS_SKIP && en->skipped[0] != '\0')
		return false;
	if (rc != 0)
		host_fail(en, NULL, 0, "%s returned %d", name, rc);
	return !host_failed(en);
}

/* Everything between the set-up and the teardown of the workload. */
static void
launch_measure(struct engine *en)
{
	const struct engine_kind *kind = kind_of(en);
	struct err e = { 0 };

	watch_go(en);
	footprint_report(en, 0, "setup");
	/* With more workers than CPUs we would else read counters far too late. */
	en->urgent = os_urgent() == 0;
	if (workers_make(en, &e) != 0) {
		host_fail(en, NULL, 0, "%s", e.text);
		gate_abort(en);
	} else if (gate_await(en, 0)) {
		emit_describe(en);
		footprint_report(en, 0, "start");
		kind->measure(en);
		if (gate_await(en, kind->last_stage(en)))
			gate_open(en, kind->last_stage(en));
		else
			gate_abort(en);
	} else {
		gate_abort(en);
	}
	workers_finish(en);
	insight_finish(en);
	emit_usage(en);
	emit_latency(en);
	footprint_report_end(en);
}

/* A thread that does not stop takes its process with it. */
static bool
launch_threads_left(const struct engine *en)
{
	int i;

	for (i = 0; en->plan.threads && en->workers != NULL &&
	    i < en->plan.workers; i++)
		if (en->workers[i].made &&
		    atomic_load(&en->workers[i].block->done) == 0)
			return true;
	return false;
}

static int
launch_begin(struct engine *en, struct err *e)
{
	en->in_parent = true;
	en->shared = mmap(NULL, sizeof(*en->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (en->shared == MAP_FAILED)
		return err_errno(e, "cannot map the engine's state");
	if (en->plan.timeout_ns != 0)
		en->deadline_ns = os_now_ns() + en->plan.timeout_ns;
	return 0;
}

static void
launch_free(struct engine *en)
{
	workers_free(en);
	free((void *)(uintptr_t)en->cell.params);
	protocol_launch_free(&en->plan);
	protocol_reader_free(&en->control);
	munmap(en->shared, sizeof(*en->shared));
}

/* The plan's own lines again, so that the output stands alone. */
static void
launch_echo(struct engine *en)
{
	struct str block = { 0 };
	const char *body;

	protocol_put_launch(&block, &en->plan);
	/* Without the header line and the final "go". */
	body = strchr(str_text(&block), '\n') + 1;
	block.len -= (size_t)(body - block.s);
	memmove(block.s, body, block.len);
	block.len -= strlen("go\n");
	emit_line(en, &block);
	str_free(&block);
}

void
launch_run(struct engine *en)
{
	struct err e = { 0 };

	if (launch_begin(en, &e) != 0)
		return;		/* no end line: a failure for the reader */
	emit_hello(en);
	launch_echo(en);
	if (launch_prepare(en, &e) != 0)
		host_fail(en, NULL, 0, "%s", e.text);
	else if (launch_hook(en, en->workload->probe, "probe")) {
		watch_start(en);
		if (launch_hook(en, en->workload->setup, "setup"))
			launch_measure(en);
		watch_stop(en);
		if (!launch_threads_left(en))
			launch_hook(en, en->workload->teardown, "teardown");
	}
	if (en->limited[0] != '\0')
		emit_note(en, "limited to %lld: %s", (long long)en->limit_max,
		    en->limited);
	emit_end(en);
	if (launch_threads_left(en))
		_exit(1);
	launch_free(en);
}

void
launch_probe(struct engine *en)
{
	struct err e = { 0 };
	struct str line = { 0 };
	const char *status = "ok", *reason = NULL;

	if (launch_begin(en, &e) != 0)
		return;
	emit_hello(en);
	launch_echo(en);
	if (launch_prepare(en, &e) != 0)
		host_fail(en, NULL, 0, "%s", e.text);
	else {
		emit_describe(en);
		launch_hook(en, en->workload->probe, "probe");
	}
	if (en->skipped[0] != '\0') {
		status = "skip";
		reason = en->skipped;
	} else if (en->limited[0] != '\0') {
		status = "limit";
		reason = en->limited;
	}
	protocol_begin(&line, "probe");
	protocol_text(&line, "status", status);
	if (en->limited[0] != '\0')
		protocol_i64(&line, "max", en->limit_max);
	if (reason != NULL)
		protocol_text(&line, "reason", reason);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
	emit_end(en);
	launch_free(en);
}
