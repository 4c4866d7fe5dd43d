/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `wake` is one sleeper waking up from a timed wait of
 * `period` and going to sleep again; of `start`, one sleeper created that has
 * come to a gate; of `exit`, one gone and reaped.  `wake` lasts `duration`,
 * and up to one `period` more until all have woken up for the last time.
 *
 * Nobody has anything to do, so what there is to see is the price of timers and
 * wake-ups by the thousand: queues of timers for each CPU, their interrupts,
 * and a scheduler with long queues for a moment.  How late the sleepers were is
 * told by the gauges lateness_p99_ns and lateness_max_ns, over all samples of a
 * launch: time asleep beyond `period`, of which the first part is the slack
 * that the system allows itself (50 us on Linux) and the last is waiting for a
 * CPU.
 *
 * The rate says little as long as the machine keeps up: it is `sleepers` by
 * `period` by design, and falls when it does not.  All sleepers start together
 * and stay near each other for some periods; with `spread` each first sleeps a
 * part of a period of its own.  Each wake-up includes two readings of the
 * clock, a short system call and a place in a histogram.
 */
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

/* Children of one parent: every wait() walks through them. */
#define SLEEP_HERD_GROUP 100
/* A sleeper of a static program with its histogram, measured on Linux. */
#define SLEEP_HERD_CHILD_BYTES (136 * 1024)
/* How often a waiting process looks around, milliseconds. */
#define SLEEP_HERD_LOOK 200
#define SLEEP_HERD_LOOK_LEADER 2000
#define SLEEP_HERD_UNKNOWN UINT64_MAX
/* Eight bins for each power of two, one for each of the first 16 ns. */
#define SLEEP_HERD_BINS 496

struct sleep_herd_params {
	uint64_t sleepers;
	uint64_t period;
	uint64_t duration;
	bool spread;
	int near;
};

enum sleep_herd_gate { SLEEP_HERD_GO, SLEEP_HERD_LEAVE, SLEEP_HERD_GATES };

/* All sleepers of the cell. */
struct sleep_herd_cell {
	_Atomic uint64_t bin[SLEEP_HERD_BINS];
	_Atomic uint64_t late_max_ns;
};

/* In memory that a worker shares with its sleepers. */
struct sleep_herd_shared {
	/* Sleepers that have come to the next gate. */
	_Alignas(128) _Atomic uint64_t arrived;
	/* How many there are; who makes it full wakes the worker. */
	_Alignas(128) _Atomic uint64_t target;
	_Atomic uint32_t opened;	/* gates; the others were lost */
	_Atomic uint32_t over;		/* no further wait */
	_Atomic uint64_t made;
	_Atomic int errnum;		/* of the fork that failed, or 0 */
	_Atomic bool no_room;
	_Alignas(128) _Atomic uint64_t wakes;	/* in this round */
	_Atomic uint64_t slept;		/* sleepers with at least one wake */
};

struct sleep_herd_worker {
	struct sleep_herd_shared *shared;
	/* Of this round; not changed while its sleepers live. */
	int gate[SLEEP_HERD_GATES][2];	/* a gate opens by end of file */
	int news[2];			/* wakes the worker */
	int turn[2];			/* wakes the builder */
	void *builder;			/* NULL: there is no herd */
	/* The worker's own. */
	int opened;			/* gates whose write end is closed */
	uint64_t made;			/* in this round */
};

/* What one sleeper saw; private to it. */
struct sleep_herd_diary {
	uint64_t wakes, late_max_ns;
	uint32_t bin[SLEEP_HERD_BINS];
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

	return (uint64_t)c->workers * p->sleepers * SLEEP_HERD_CHILD_BYTES;
}

/* A worker, the builder of its herd, and the herd. */
static uint64_t
sleep_herd_tasks(const struct vms_cell *c)
{
	const struct sleep_herd_params *p = c->params;

	return (uint64_t)c->workers * (p->sleepers + 2);
}

/* ---- lateness ---------------------------------------------------------- */

static size_t
sleep_herd_bin(uint64_t ns)
{
	unsigned int e = 0;

	while (ns >> e > 15)
		e++;
	return e * 8 + (size_t)(ns >> e);
}

/* The longest time that belongs to a bin. */
static uint64_t
sleep_herd_bin_top(size_t i)
{
	if (i < 16)
		return i;
	return ((8 + i % 8 + 1) << (i / 8 - 1)) - 1;
}

static void
sleep_herd_hand_in(struct vms_worker *w, const struct sleep_herd_diary *d)
{
	const struct sleep_herd_worker *s = w->state;
	struct sleep_herd_cell *all = w->cell->state;
	uint64_t seen = atomic_load(&all->late_max_ns);
	size_t i;

	for (i = 0; i < SLEEP_HERD_BINS; i++)
		if (d->bin[i] != 0)
			atomic_fetch_add(&all->bin[i], d->bin[i]);
	while (d->late_max_ns > seen)
		if (atomic_compare_exchange_weak(&all->late_max_ns, &seen,
		    d->late_max_ns))
			break;
	atomic_fetch_add(&s->shared->wakes, d->wakes);
	atomic_fetch_add(&s->shared->slept, d->wakes > 0);
}

/* ---- in the herd ------------------------------------------------------- */

/*
 * Wait until a pipe has something to read or its end: 1; 0 when the launch is
 * over; -1 after vms_fail() when a child of this process has ended meanwhile.
 */
static int
sleep_herd_hear(struct vms_worker *w, int fd, int look_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int status;
	pid_t pid;

	while (poll(&pfd, 1, look_ms) != 1) {
		if (vms_stopping(w))
			return 0;
		pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0)
			continue;
		errno = 0;
		return vms_fail(w, "process %ld of the herd ended before its "
		    "time, with wait status %d", (long)pid, status);
	}
	return 1;
}

static void
sleep_herd_ring(int fd)
{
	while (write(fd, "!", 1) == -1 && errno == EINTR)
		continue;
}

static void
sleep_herd_arrive(const struct sleep_herd_worker *s)
{
	struct sleep_herd_shared *sh = s->shared;

	if (atomic_fetch_add(&sh->arrived, 1) + 1 == atomic_load(&sh->target))
		sleep_herd_ring(s->news[1]);
}

/* Has the gate opened?  If it was lost, the worker is gone or wants the end. */
static bool
sleep_herd_pass(const struct sleep_herd_worker *s, enum sleep_herd_gate g)
{
	char byte;

	while (read(s->gate[g][0], &byte, 1) == -1 && errno == EINTR)
		continue;
	return atomic_load(&s->shared->opened) > (uint32_t)g;
}

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

/* Until it is over.  A parent that is gone has left nobody to sleep for. */
static int
sleep_herd_doze(struct vms_worker *w, uint64_t number, pid_t parent)
{
	const struct sleep_herd_params *p = w->cell->params;
	const struct sleep_herd_worker *s = w->state;
	static struct sleep_herd_diary d;	/* too large for comfort */
	uint64_t late;

	memset(&d, 0, sizeof(d));
	/* The golden section scatters any count evenly over the period. */
	if (p->spread)
		sleep_herd_sleep((uint64_t)((double)p->period * 0x1p-32 *
		    (double)(uint32_t)(number * 2654435769u)));
	do {
		late = sleep_herd_sleep(p->period);
		errno = 0;
		if (late == UINT64_MAX)
			return vms_fail(w, "a sleeper woke up too early");
		d.wakes++;
		d.bin[sleep_herd_bin(late)]++;
		if (late > d.late_max_ns)
			d.late_max_ns = late;
	} while (atomic_load(&s->shared->over) == 0 && !vms_stopping(w) &&
	    getppid() == parent);
	sleep_herd_hand_in(w, &d);
	return 0;
}

static int
sleep_herd_sleeper(struct vms_worker *w, uint64_t number, pid_t parent)
{
	const struct sleep_herd_worker *s = w->state;

	sleep_herd_arrive(s);
	if (!sleep_herd_pass(s, SLEEP_HERD_GO))
		return 0;
	if (sleep_herd_doze(w, number, parent) != 0)
		return -1;
	sleep_herd_arrive(s);
	sleep_herd_pass(s, SLEEP_HERD_LEAVE);
	return 0;
}

/* All end well, or the launch fails. */
static int
sleep_herd_reap(struct vms_worker *w)
{
	int status, rc = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, 0)) != -1 || errno == EINTR) {
		if (pid == -1 || status == 0)
			continue;
		errno = 0;
		rc = vms_fail(w, "a sleeper ended with wait status %d", status);
	}
	return rc;
}

/* The parent of a group is none of the sleepers: it waits for their end. */
static int
sleep_herd_lead(struct vms_worker *w, uint64_t first, uint64_t n)
{
	const struct sleep_herd_worker *s = w->state;
	struct sleep_herd_shared *sh = s->shared;
	pid_t pid, self = getpid();
	uint64_t i;
	int rc;

	for (i = 0; i < n && !vms_stopping(w); i++) {
		pid = fork();
		if (pid == 0)
			_exit(sleep_herd_sleeper(w, first + i, self) != 0);
		if (pid == -1) {
			atomic_store(&sh->errnum, errno);
			break;
		}
	}
	atomic_fetch_add(&sh->made, i);
	sleep_herd_ring(s->turn[1]);
	rc = sleep_herd_hear(w, s->gate[SLEEP_HERD_LEAVE][0],
	    SLEEP_HERD_LOOK_LEADER);
	if (rc == 1 && atomic_load(&sh->opened) <= SLEEP_HERD_LEAVE)
		return 0;		/* the sleepers see that we are gone */
	return sleep_herd_reap(w) != 0 || rc < 0 ? -1 : 0;
}

/* May there be so many more, in every worker? */
static bool
sleep_herd_may_grow(struct vms_worker *w, uint64_t more)
{
	const struct sleep_herd_worker *s = w->state;
	uint64_t bytes = (uint64_t)w->cell->workers * (more + 1) *
	    SLEEP_HERD_CHILD_BYTES;

	if (vms_stopping(w))
		return false;
	if (vms_room(w->cell, bytes))
		return true;
	atomic_store(&s->shared->no_room, true);
	return false;
}

/* One group after the other: one process forks at a time. */
static int
sleep_herd_build(struct vms_worker *w)
{
	const struct sleep_herd_params *p = w->cell->params;
	const struct sleep_herd_worker *s = w->state;
	struct sleep_herd_shared *sh = s->shared;
	uint64_t made, n;
	int rc = 1;
	char byte;
	pid_t pid;

	while (rc == 1 && (made = atomic_load(&sh->made)) < p->sleepers &&
	    atomic_load(&sh->errnum) == 0) {
		n = p->sleepers - made < SLEEP_HERD_GROUP ?
		    p->sleepers - made : SLEEP_HERD_GROUP;
		if (!sleep_herd_may_grow(w, n))
			break;
		pid = fork();
		if (pid == 0)
			_exit(sleep_herd_lead(w, made, n) != 0);
		if (pid == -1) {
			atomic_store(&sh->errnum, errno);
			break;
		}
		rc = sleep_herd_hear(w, s->turn[0], SLEEP_HERD_LOOK);
		if (rc == 1 && read(s->turn[0], &byte, 1) != 1)
			rc = vms_fail(w, "cannot read from a pipe");
	}
	return rc;
}

/* The builder is no sleeper either: it makes the herd and sees its end. */
static int
sleep_herd_builder(void *arg)
{
	struct vms_worker *w = arg;
	const struct sleep_herd_worker *s = w->state;
	struct sleep_herd_shared *sh = s->shared;
	uint64_t made;
	int g, rc;

	for (g = 0; g < SLEEP_HERD_GATES; g++)
		close(s->gate[g][1]);
	close(s->news[0]);
	rc = sleep_herd_build(w);
	made = atomic_load(&sh->made);
	atomic_store(&sh->target, made);
	if (atomic_load(&sh->arrived) == made)
		sleep_herd_ring(s->news[1]);
	if (rc == 1)
		rc = sleep_herd_hear(w, s->gate[SLEEP_HERD_LEAVE][0],
		    SLEEP_HERD_LOOK);
	return sleep_herd_reap(w) != 0 || rc < 0 ? -1 : 0;
}

/* ---- phases ------------------------------------------------------------ */

/* Until all sleepers stand before the next gate: as sleep_herd_hear(). */
static int
sleep_herd_await(struct vms_worker *w)
{
	const struct sleep_herd_worker *s = w->state;
	struct sleep_herd_shared *sh = s->shared;
	char bytes[16];
	int rc = 1;

	while (rc == 1 &&
	    atomic_load(&sh->arrived) != atomic_load(&sh->target)) {
		rc = sleep_herd_hear(w, s->news[0], SLEEP_HERD_LOOK);
		errno = 0;
		if (rc == 1 && read(s->news[0], bytes, sizeof(bytes)) <= 0)
			rc = vms_fail(w, "the herd is gone");
	}
	return rc;
}

static void
sleep_herd_open(struct sleep_herd_worker *s, enum sleep_herd_gate g)
{
	atomic_store(&s->shared->arrived, 0);
	atomic_store(&s->shared->opened, (uint32_t)g + 1);
	close(s->gate[g][1]);
	s->opened = (int)g + 1;
}

/* Everybody leaves, by the gates that were not opened if need be. */
static int
sleep_herd_end(struct vms_worker *w)
{
	struct sleep_herd_worker *s = w->state;
	int rc;

	atomic_store(&s->shared->over, 1);
	for (; s->opened < SLEEP_HERD_GATES; s->opened++)
		close(s->gate[s->opened][1]);
	rc = vms_task_join(w, s->builder);
	s->builder = NULL;
	close(s->news[0]);
	return rc;
}

static int
sleep_herd_pipes(struct sleep_herd_worker *s)
{
	int g;

	for (g = 0; g < SLEEP_HERD_GATES; g++)
		if (pipe(s->gate[g]) != 0)
			return -1;
	return pipe(s->news) != 0 || pipe(s->turn) != 0 ? -1 : 0;
}

static void
sleep_herd_close_theirs(const struct sleep_herd_worker *s)
{
	int g;

	for (g = 0; g < SLEEP_HERD_GATES; g++)
		close(s->gate[g][0]);
	close(s->news[1]);
	close(s->turn[0]);
	close(s->turn[1]);
}

static void
sleep_herd_begin(struct sleep_herd_worker *s)
{
	struct sleep_herd_shared *sh = s->shared;

	atomic_store(&sh->arrived, 0);
	atomic_store(&sh->target, SLEEP_HERD_UNKNOWN);
	atomic_store(&sh->opened, 0);
	atomic_store(&sh->over, 0);
	atomic_store(&sh->made, 0);
	atomic_store(&sh->errnum, 0);
	atomic_store(&sh->no_room, false);
	atomic_store(&sh->wakes, 0);
	atomic_store(&sh->slept, 0);
	s->opened = 0;
}

/* Limits of processes look alike: say the one that can be asked for. */
static void
sleep_herd_say_limit(struct vms_worker *w)
{
	const struct sleep_herd_params *p = w->cell->params;
	const struct sleep_herd_worker *s = w->state;
	int errnum = atomic_load(&s->shared->errnum);
	struct rlimit rl = { 0 };

	if (s->made == p->sleepers)
		return;
	if (errnum == 0) {
		vms_partial(w, (int64_t)p->sleepers, (int64_t)s->made,
		    atomic_load(&s->shared->no_room) ? "memory budget" :
		    "stopped");
		return;
	}
	getrlimit(RLIMIT_NPROC, &rl);
	vms_partial(w, (int64_t)p->sleepers, (int64_t)s->made,
	    "fork: %s (RLIMIT_NPROC is %lld; limits of the system and of a "
	    "cgroup look the same)", strerror(errnum), (long long)rl.rlim_cur);
}

static int64_t
sleep_herd_start(struct vms_worker *w)
{
	const struct sleep_herd_params *p = w->cell->params;
	struct sleep_herd_worker *s = w->state;
	int rc;

	sleep_herd_begin(s);
	if (sleep_herd_pipes(s) != 0)
		return vms_fail(w, "cannot make the pipes of a herd");
	s->builder = vms_task_start(w, sleep_herd_builder, w,
	    p->near == VMS_NEAR_SAME ? w->cpu : -1);
	if (s->builder == NULL)
		return -1;
	sleep_herd_close_theirs(s);
	rc = sleep_herd_await(w);
	s->made = atomic_load(&s->shared->made);
	sleep_herd_say_limit(w);
	return rc < 0 ? -1 : (int64_t)s->made;
}

/* The worker sleeps too, but looks up now and then. */
static int64_t
sleep_herd_wake(struct vms_worker *w)
{
	const struct sleep_herd_params *p = w->cell->params;
	struct sleep_herd_worker *s = w->state;
	uint64_t left, end = sleep_herd_clock() + p->duration;
	uint64_t now, look = SLEEP_HERD_LOOK * (uint64_t)1000000;

	sleep_herd_open(s, SLEEP_HERD_GO);
	while ((now = sleep_herd_clock()) < end && !vms_stopping(w)) {
		left = end - now;
		sleep_herd_sleep(left < look ? left : look);
	}
	atomic_store(&s->shared->over, 1);
	if (sleep_herd_await(w) < 0)
		return -1;
	return (int64_t)atomic_load(&s->shared->wakes);
}

static int64_t
sleep_herd_exit(struct vms_worker *w)
{
	struct sleep_herd_worker *s = w->state;

	sleep_herd_open(s, SLEEP_HERD_LEAVE);
	return sleep_herd_end(w) != 0 ? -1 : (int64_t)s->made;
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

static int
sleep_herd_worker_init(struct vms_worker *w)
{
	struct sleep_herd_worker *s = w->state;

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (s->shared == MAP_FAILED)
		return vms_fail(w, "cannot map shared memory");
	return 0;
}

/* Nobody woke up early, which each has seen to, and nobody overslept it all. */
static int
sleep_herd_verify(struct vms_worker *w)
{
	const struct sleep_herd_worker *s = w->state;
	uint64_t slept = atomic_load(&s->shared->slept);
	int status;

	errno = 0;
	if (slept != s->made)
		return vms_fail(w, "%llu of %llu sleepers woke up",
		    (unsigned long long)slept, (unsigned long long)s->made);
	if (waitpid(-1, &status, WNOHANG) != -1 || errno != ECHILD) {
		errno = 0;
		return vms_fail(w, "there is a process left at the end");
	}
	return 0;
}

static int
sleep_herd_worker_fini(struct vms_worker *w)
{
	struct sleep_herd_worker *s = w->state;
	int rc = s->builder != NULL ? sleep_herd_end(w) : 0;

	munmap(s->shared, sizeof(*s->shared));
	return rc;
}

/* The upper end of the bin that holds the 99th percentile. */
static int
sleep_herd_teardown(struct vms_cell *c)
{
	struct sleep_herd_cell *all = c->state;
	uint64_t n = 0, below = 0;
	size_t i;

	for (i = 0; i < SLEEP_HERD_BINS; i++)
		n += atomic_load(&all->bin[i]);
	if (n == 0)
		return 0;
	for (i = 0; i < SLEEP_HERD_BINS; i++) {
		below += atomic_load(&all->bin[i]);
		if (below >= n - n / 100)
			break;
	}
	vms_gauge(c, "lateness_p99_ns", (double)sleep_herd_bin_top(i));
	vms_gauge(c, "lateness_max_ns",
	    (double)atomic_load(&all->late_max_ns));
	return 0;
}

/*
 * Processes only: what a thread forks inherits the pipes of the others, whose
 * gates would then not open.
 */
const struct vms_workload vms_workload_sleep_herd = {
	.abi = VMS_ABI,
	.name = "sleep-herd",
	.version = 1,
	.summary = "many sleepers in short timed waits",
	.kind = VMS_PHASES,
	.unit = "wake-up",
	.population = "sleepers",
	.modes = VMS_PROCESS,
	.params = sleep_herd_rows,
	.params_size = sizeof(struct sleep_herd_params),
	.cell_size = sizeof(struct sleep_herd_cell),
	.worker_size = sizeof(struct sleep_herd_worker),
	.memory = sleep_herd_memory,
	.tasks = sleep_herd_tasks,
	.probe = sleep_herd_probe,
	.worker_init = sleep_herd_worker_init,
	.phases = sleep_herd_phases,
	.verify = sleep_herd_verify,
	.worker_fini = sleep_herd_worker_fini,
	.teardown = sleep_herd_teardown,
};
