/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `wake` is one sleeper waking up from a timed wait of
 * `period` and going to sleep again; of `start`, one sleeper created that has
 * come to a gate; of `exit`, one gone and reaped.  `wake` lasts `duration`,
 * and up to one `period` more until all have woken up for the last time.
 *
 * Nobody has anything to do, so what there is to see is the price of timers and
 * wake-ups by the thousand: queues of timers for each CPU, their interrupts,
 * and a scheduler with long queues for a moment.  The percentiles tell how late
 * the sleepers were: time asleep beyond `period`, of which the first part is
 * the slack that the system allows itself (50 us on Linux) and the last is
 * waiting for a CPU.
 *
 * The rate says little as long as the machine keeps up: it is `sleepers` by
 * `period` by design, and falls when it does not.  All sleepers start together
 * and stay near each other for some periods; with `spread` each first sleeps a
 * part of a period of its own.  Each wake-up includes two readings of the
 * clock and a place in a histogram.
 */
#include <time.h>
#include <unistd.h>

#include "workload.h"
#include "workload_crowd.h"

/* A sleeper of a static program with its histogram, measured on Linux. */
#define SLEEP_HERD_CHILD_BYTES (144 * 1024)
/* How often the worker looks up, nanoseconds. */
#define SLEEP_HERD_LOOK_NS 200000000u

struct sleep_herd_params {
	uint64_t sleepers;
	uint64_t period;
	uint64_t duration;
	bool spread;
	int near;
};

struct sleep_herd_worker {
	uint64_t made;			/* in this round */
	_Alignas(128) _Atomic bool over;	/* no further wait */
	_Alignas(128) _Atomic uint64_t wakes;	/* in this round */
	_Atomic uint64_t slept;		/* sleepers with at least one wake */
};

/* The first two of enum vms_near: there is no one partner to be placed. */
static const char *const sleep_herd_near[] = { "free", "same", NULL };

static const struct vms_param sleep_herd_rows[] = {
	{ "sleepers", VMS_COUNT, offsetof(struct sleep_herd_params, sleepers),
	    "1000", "1", "1M", NULL, "sleepers of each worker" },
	{ "period", VMS_TIME, offsetof(struct sleep_herd_params, period),
	    "100ms", "1us", "10s", NULL, "length of one wait" },
	{ "duration", VMS_TIME, offsetof(struct sleep_herd_params, duration),
	    "3s", "1ms", "24h", NULL, "how long they go on" },
	{ "spread", VMS_BOOL, offsetof(struct sleep_herd_params, spread),
	    "yes", NULL, NULL, NULL, "do not begin all at the same time" },
	{ "near", VMS_CHOICE, offsetof(struct sleep_herd_params, near), "free",
	    NULL, NULL, sleep_herd_near,
	    "sleepers where the scheduler puts them, or on the worker's CPU" },
	VMS_PARAMS_END
};

static uint64_t
sleep_herd_memory(const struct vms_cell *c)
{
	const struct sleep_herd_params *p = c->params;

	return (uint64_t)c->workers * p->sleepers *
	    vms_member_bytes(c, SLEEP_HERD_CHILD_BYTES);
}

/* A worker, the builder of its herd, and the herd. */
static uint64_t
sleep_herd_tasks(const struct vms_cell *c)
{
	const struct sleep_herd_params *p = c->params;

	return (uint64_t)c->workers * (p->sleepers + 2);
}

/* ---- in the herd ------------------------------------------------------- */

/* The clock that nanosleep() goes by. */
static uint64_t
sleep_herd_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* How late the end was, or UINT64_MAX when it came too early. */
static uint64_t
sleep_herd_sleep(uint64_t ns)
{
	struct timespec left = {
		.tv_sec = (time_t)(ns / 1000000000u),
		.tv_nsec = (long)(ns % 1000000000u)
	};
	uint64_t slept, start = sleep_herd_clock();

	while (nanosleep(&left, &left) == -1 && errno == EINTR)
		continue;
	slept = sleep_herd_clock() - start;
	return slept >= ns ? slept - ns : UINT64_MAX;
}

/* Until it is over; the wake-ups, or -1. */
static int64_t
sleep_herd_doze(struct vms_worker *w, uint64_t index)
{
	const struct sleep_herd_params *p = w->cell->params;
	const struct sleep_herd_worker *s = w->state;
	int64_t wakes = 0;
	uint64_t late;

	/* The golden section scatters any count evenly over the period. */
	if (p->spread)
		sleep_herd_sleep((uint64_t)((double)p->period * 0x1p-32 *
		    (double)(uint32_t)(index * 2654435769u)));
	do {
		late = sleep_herd_sleep(p->period);
		errno = 0;
		if (late == UINT64_MAX)
			return vms_fail(w, "a sleeper woke up too early");
		wakes++;
		vms_latency(w, late);
	} while (!atomic_load(&s->over) && !vms_stopping(w));
	return wakes;
}

static int
sleep_herd_sleeper(struct vms_worker *w, uint64_t index)
{
	struct sleep_herd_worker *s = w->state;
	int64_t wakes;

	if (!vms_crowd_pass(w))
		return 0;
	wakes = sleep_herd_doze(w, index);
	if (wakes < 0)
		return -1;
	atomic_fetch_add(&s->wakes, (uint64_t)wakes);
	atomic_fetch_add(&s->slept, wakes > 0);
	vms_crowd_pass(w);
	return 0;
}

/* ---- phases ------------------------------------------------------------ */

static int64_t
sleep_herd_start(struct vms_worker *w)
{
	const struct sleep_herd_params *p = w->cell->params;
	const struct vms_crowd_plan plan = {
		.members = p->sleepers,
		.group = VMS_CROWD_GROUP,
		.gates = 2,
		.cpu = p->near == VMS_NEAR_SAME ? w->cpu : -1,
		.member_bytes = vms_member_bytes(w->cell,
		    SLEEP_HERD_CHILD_BYTES),
		.member = sleep_herd_sleeper,
	};
	struct sleep_herd_worker *s = w->state;
	int64_t made;

	atomic_store(&s->over, false);
	atomic_store(&s->wakes, 0);
	atomic_store(&s->slept, 0);
	made = vms_crowd_start(w, &plan);
	s->made = made < 0 ? 0 : (uint64_t)made;
	return made;
}

/* The worker sleeps too, but looks up now and then. */
static int64_t
sleep_herd_wake(struct vms_worker *w)
{
	const struct sleep_herd_params *p = w->cell->params;
	struct sleep_herd_worker *s = w->state;
	uint64_t now, end = sleep_herd_clock() + p->duration;

	if (vms_crowd_open(w) != 0)
		return -1;
	while ((now = sleep_herd_clock()) < end && !vms_stopping(w))
		sleep_herd_sleep(end - now < SLEEP_HERD_LOOK_NS ? end - now :
		    SLEEP_HERD_LOOK_NS);
	atomic_store(&s->over, true);
	if (vms_crowd_await(w) != 0)
		return -1;
	return (int64_t)atomic_load(&s->wakes);
}

static int64_t
sleep_herd_exit(struct vms_worker *w)
{
	const struct sleep_herd_worker *s = w->state;

	if (vms_crowd_open(w) != 0 || vms_crowd_end(w) != 0)
		return -1;
	return (int64_t)s->made;
}

static const struct vms_phase sleep_herd_phases[] = {
	{ "start", "sleeper", sleep_herd_start, false },
	{ "wake", "wake-up", sleep_herd_wake, true },
	{ "exit", "sleeper", sleep_herd_exit, false },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks ------------------------------------------------------------- */

static int
sleep_herd_probe(struct vms_cell *c)
{
	const struct sleep_herd_params *p = c->params;

	if (p->period > p->duration)
		return vms_skip(c, "in duration=%llu ns nobody wakes up from "
		    "period=%llu ns", (unsigned long long)p->duration,
		    (unsigned long long)p->period);
	return 0;
}

/* Nobody woke up early, which each has seen to, and nobody overslept it all. */
static int
sleep_herd_verify(struct vms_worker *w)
{
	const struct sleep_herd_worker *s = w->state;
	uint64_t slept = atomic_load(&s->slept);

	errno = 0;
	if (slept == s->made)
		return 0;
	return vms_fail(w, "%llu of %llu sleepers woke up",
	    (unsigned long long)slept, (unsigned long long)s->made);
}

const struct vms_workload vms_workload_sleep_herd = {
	.abi = VMS_ABI,
	.name = "sleep-herd",
	.version = 1,
	.summary = "many sleepers in short timed waits",
	.kind = VMS_PHASES,
	.unit = "wake-up",
	.latency = "lateness of a wake-up",
	.population = "sleepers",
	.modes = VMS_PROCESS,
	.params = sleep_herd_rows,
	.params_size = sizeof(struct sleep_herd_params),
	.worker_size = sizeof(struct sleep_herd_worker),
	.memory = sleep_herd_memory,
	.tasks = sleep_herd_tasks,
	.probe = sleep_herd_probe,
	.phases = sleep_herd_phases,
	.verify = sleep_herd_verify,
};
