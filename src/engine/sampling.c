/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sampling profile of a launch.  While something is measured, the main
 * thread takes the samples out of the kernel's memory now and then and counts
 * them; what costs time, names and lines, waits until the workers are gone.
 */
#include "config.h"

#include "engine/sampling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "engine/sampling_report.h"
#include "observe/profile.h"
#include "os/os.h"
#include "os/sampler.h"

/* Samples are taken so often: a fraction of what there is room for. */
#define SAMPLING_LOOK_NS UINT64_C(200000000)

/*
 * Different stacks of what is measured now, and of all parts together.  Much
 * of the memory is never touched.
 */
#define SAMPLING_STACKS 8192
#define SAMPLING_FRAMES (SAMPLING_STACKS * 32)
#define SAMPLING_KEPT_STACKS 32768
#define SAMPLING_KEPT_FRAMES (SAMPLING_KEPT_STACKS * 24)

/* Processes whose program is remembered, and names of programs. */
#define SAMPLING_PIDS 4096
#define SAMPLING_NAMES 64

/* Processes that are looked up while samples are taken once. */
#define SAMPLING_LOOKUPS 64

/* What a process runs: our own program, who knows, or the number of a name. */
#define SAMPLING_OWN (-1)
#define SAMPLING_UNKNOWN (-2)

struct sampling {
	struct os_sampler *os;
	enum os_sampler_scope scope;
	struct profile now, kept;
	void *memory;
	size_t bytes;
	bool open;		/* something is being measured */
	uint64_t look_ns;	/* when samples have to be taken */
	struct sampling_part part[PROFILE_PARTS_MAX];
	int nparts;
	struct {
		pid_t pid;
		int program;	/* SAMPLING_OWN, or a name */
	} known[SAMPLING_PIDS];
	char *name[SAMPLING_NAMES];
	int nnames;
	int lookups;		/* this time */
};

/* ---- whose samples ------------------------------------------------------ */

static int
sampling_name(struct sampling *sm, const char *name)
{
	char *p;
	int i;

	for (i = 0; i < sm->nnames; i++)
		if (strcmp(sm->name[i], name) == 0)
			return i;
	if (sm->nnames == SAMPLING_NAMES)
		return SAMPLING_NAME_OTHERS;
	sm->name[sm->nnames] = mem_strdup(name);
	/* It separates frames. */
	for (p = sm->name[sm->nnames]; (p = strchr(p, ';')) != NULL;)
		*p = ',';
	return sm->nnames++;
}

static void
sampling_know(struct sampling *sm, pid_t pid, int program)
{
	size_t i = (size_t)pid % SAMPLING_PIDS;

	sm->known[i].pid = pid;
	sm->known[i].program = program;
}

static void
sampling_exec(void *arg, pid_t pid, const char *name)
{
	struct sampling *sm = arg;

	sampling_know(sm, pid, sampling_name(sm, name));
}

/*
 * What runs in a process: what it exec'd while we looked, or what the system
 * says.  That is nothing when the process has ended meanwhile, as those of
 * workloads do: where it was may tell in the end.
 */
static int
sampling_program(struct sampling *sm, pid_t pid)
{
	size_t i = (size_t)pid % SAMPLING_PIDS;
	char name[64];
	int same;

	if (pid <= 0)
		return SAMPLING_UNKNOWN;
	if (sm->known[i].pid == pid)
		return sm->known[i].program;
	if (sm->lookups++ >= SAMPLING_LOOKUPS)
		return SAMPLING_UNKNOWN;
	same = os_same_program(pid, name, sizeof(name));
	if (same < 0)
		return SAMPLING_UNKNOWN;
	sampling_know(sm, pid, same ? SAMPLING_OWN : sampling_name(sm, name));
	return sm->known[i].program;
}

static void
sampling_user(struct sampling *sm, const struct os_sample *s)
{
	int program = sampling_program(sm, s->pid);
	enum profile_kind kind = PROFILE_PROGRAM;
	uint64_t frame = s->ip;

	if (program == SAMPLING_UNKNOWN) {
		kind = PROFILE_MAYBE;
	} else if (program != SAMPLING_OWN) {
		kind = PROFILE_OTHER;
		frame = (uint64_t)program;
	}
	profile_add(&sm->now, 0, kind, &frame, 1, 1);
}

static void
sampling_sample(void *arg, const struct os_sample *s)
{
	struct sampling *sm = arg;

	if (s->idle)
		sm->now.totals[0].idle++;
	else if (s->nkernel > 0)
		profile_add(&sm->now, 0, PROFILE_KERNEL, s->kernel, s->nkernel,
		    1);
	else
		sampling_user(sm, s);
}

static void
sampling_lost(void *arg, uint64_t n)
{
	struct sampling *sm = arg;

	sm->now.totals[0].lost += n;
}

static void
sampling_take(struct sampling *sm)
{
	static const struct os_sampler_sink sink = {
		.exec = sampling_exec,
		.sample = sampling_sample,
		.lost = sampling_lost,
	};

	sm->lookups = 0;
	os_sampler_drain(sm->os, &sink, sm);
	sm->look_ns = os_now_ns() + SAMPLING_LOOK_NS;
}

/* ---- beginning ---------------------------------------------------------- */

static enum os_sampler_scope
sampling_scope(const struct engine *en)
{
	const char *mode = en->plan.count_mode;

	if (mode != NULL && strcmp(mode, "cgroup") == 0)
		return OS_SAMPLER_GROUP;
	if (mode != NULL && strcmp(mode, "task") == 0)
		return OS_SAMPLER_TASKS;
	return OS_SAMPLER_SYSTEM;
}

static struct os_sampler *
sampling_open_event(const struct engine *en, struct err *e)
{
	const struct protocol_event *v = en->plan.profile;
	pid_t *tasks = mem_zalloc((size_t)en->plan.workers * sizeof(*tasks));
	struct os_sampler_plan plan = {
		.type = v->type,
		.config = v->config,
		.config1 = v->config1,
		.config2 = v->config2,
		.exclude = v->exclude,
		.rate_hz = en->plan.profile_hz,
		.cpus = v->cpus,
		.ncpus = v->ncpus,
		.scope = sampling_scope(en),
		.group = en->plan.count_group,
		.tasks = tasks,
		.ntasks = en->plan.workers,
		.threads = en->plan.threads,
	};
	struct os_sampler *os;
	int i;

	for (i = 0; i < en->plan.workers; i++)
		tasks[i] = en->workers[i].pid;
	os = os_sampler_open(&plan, e);
	free(tasks);
	return os;
}

/* Shared memory is nothing that a fork would have to copy. */
static bool
sampling_map(struct sampling *sm)
{
	size_t now = profile_bytes(SAMPLING_STACKS, SAMPLING_FRAMES);
	void *p;

	sm->bytes = now + profile_bytes(SAMPLING_KEPT_STACKS,
	    SAMPLING_KEPT_FRAMES);
	p = mmap(NULL, sm->bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (p == MAP_FAILED)
		return false;
	sm->memory = p;
	profile_init(&sm->now, p, SAMPLING_STACKS, SAMPLING_FRAMES);
	profile_init(&sm->kept, (char *)p + now, SAMPLING_KEPT_STACKS,
	    SAMPLING_KEPT_FRAMES);
	return true;
}

void
sampling_start(struct engine *en)
{
	const struct protocol_event *v = en->plan.profile;
	struct sampling *sm;
	struct err e = { 0 };

	if (v == NULL)
		return;
	if (v->status != NULL) {
		sampling_report_refused(en, 0, v->reason);
		return;
	}
	sm = mem_zalloc(sizeof(*sm));
	sm->scope = sampling_scope(en);
	if (!sampling_map(sm)) {
		sampling_report_refused(en, errno, "no memory to count in");
		free(sm);
		return;
	}
	sm->os = sampling_open_event(en, &e);
	if (sm->os == NULL) {
		sampling_report_refused(en, e.num, e.text);
		munmap(sm->memory, sm->bytes);
		free(sm);
		return;
	}
	sm->name[SAMPLING_NAME_OTHERS] = mem_strdup("[others]");
	sm->name[SAMPLING_NAME_GONE] = mem_strdup("[gone]");
	sm->nnames = SAMPLING_NAME_GONE + 1;
	en->sampling = sm;
}

/* ---- while something is measured ---------------------------------------- */

void
sampling_open(struct engine *en)
{
	struct sampling *sm = en->sampling;

	if (sm == NULL)
		return;
	if (sm->open)
		os_sampler_disable(sm->os);
	os_sampler_drain(sm->os, NULL, NULL);
	profile_clear(&sm->now);
	/* Of what was exec'd in between nobody told us. */
	memset(sm->known, 0, sizeof(sm->known));
	sm->open = true;
	sm->look_ns = os_now_ns() + SAMPLING_LOOK_NS;
	os_sampler_enable(sm->os);
}

void
sampling_look(struct engine *en)
{
	struct sampling *sm = en->sampling;

	if (sm != NULL && sm->open && os_now_ns() >= sm->look_ns)
		sampling_take(sm);
}

uint64_t
sampling_wake_by(const struct engine *en, uint64_t wake_ns)
{
	const struct sampling *sm = en->sampling;

	if (sm == NULL || !sm->open)
		return wake_ns;
	return wake_ns == 0 || sm->look_ns < wake_ns ? sm->look_ns : wake_ns;
}

static bool
sampling_same_phase(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/*
 * The part for a phase of this repeat.  When there are no more, it is added to
 * the last one of the same phase.  -1: nor is there any.
 */
static int
sampling_part(struct sampling *sm, int index, const char *phase)
{
	int i;

	if (sm->nparts < PROFILE_PARTS_MAX) {
		i = sm->nparts++;
		sm->part[i].index = index;
		sm->part[i].phase = phase != NULL ? mem_strdup(phase) : NULL;
		sm->part[i].merged = 1;
		return i;
	}
	for (i = sm->nparts - 1; i >= 0; i--)
		if (sampling_same_phase(sm->part[i].phase, phase))
			break;
	if (i >= 0)
		sm->part[i].merged++;
	return i;
}

void
sampling_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns)
{
	struct sampling *sm = en->sampling;
	int part;

	(void)close_ns;
	if (sm == NULL || !sm->open)
		return;
	os_sampler_disable(sm->os);
	sampling_take(sm);
	sm->open = false;
	part = sampling_part(sm, index, phase);
	if (part >= 0)
		profile_merge(&sm->kept, part, &sm->now);
	else
		emit_note(en, "too many phases: phase %s has no profile",
		    phase);
}

void
sampling_finish(struct engine *en)
{
	static const char *const scopes[] = {
		[OS_SAMPLER_SYSTEM] = "system",
		[OS_SAMPLER_GROUP] = "cgroup",
		[OS_SAMPLER_TASKS] = "task",
	};
	struct sampling *sm = en->sampling;
	struct sampling_result r;
	int i;

	if (sm == NULL)
		return;
	r.profile = &sm->kept;
	r.part = sm->part;
	r.nparts = sm->nparts;
	r.names = sm->name;
	r.scope = scopes[sm->scope];
	r.without = os_sampler_without(sm->os);
	os_sampler_disable(sm->os);
	sampling_report(en, &r);
	os_sampler_close(sm->os);
	munmap(sm->memory, sm->bytes);
	for (i = 0; i < sm->nparts; i++)
		free(sm->part[i].phase);
	for (i = 0; i < sm->nnames; i++)
		free(sm->name[i]);
	free(sm);
	en->sampling = NULL;
}
