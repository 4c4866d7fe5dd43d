/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making and ending workers.  The creator binds itself to the worker's CPU
 * first, so that the kernel's and the libc's first touches for the new task
 * are local; the worker's own block is touched by the worker.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/crowd.h"
#include "engine/engine.h"
#include "engine/watch.h"
#include "os/counter.h"
#include "os/os.h"

/* After the end was asked for, a worker of a rate or curve has this long. */
#define WORKERS_GRACE_NS 30000000000ull

static size_t
workers_round(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* A shared anonymous mapping: zeroed, and untouched until its owner comes. */
static void *
workers_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Where the parts of a block are; all are multiples of 128 from its start. */
struct workers_layout {
	size_t state, latency, bins, size;
};

static struct workers_layout
workers_layout(const struct engine *en)
{
	struct workers_layout l;

	l.state = workers_round(sizeof(struct engine_block), 128);
	l.latency = l.state + workers_round(en->workload->worker_size, 128);
	l.bins = l.latency;
	if (launch_has_latency(en))
		l.bins += workers_round(sizeof(struct histogram), 128);
	l.size = l.bins;
	if (en->workload->kind == VMS_CURVE)
		l.size += ENGINE_CURVE_BINS * sizeof(struct engine_bin);
	l.size = workers_round(l.size, os_page_size());
	return l;
}

int
workers_allocate(struct engine *en, struct err *e)
{
	struct workers_layout l = workers_layout(en);
	size_t state = workers_round(en->workload->cell_size, os_page_size());
	int i, n = en->plan.workers;

	/* One mapping for both: every one more is copied by every fork. */
	en->blocks_size = state + l.size * (size_t)n;
	en->blocks = workers_map(en->blocks_size);
	if (en->blocks == NULL)
		return err_errno(e, "cannot map %zu bytes for %d workers",
		    en->blocks_size, n);
	en->cell.state = en->blocks;
	en->workers = mem_zalloc((size_t)n * sizeof(*en->workers));
	for (i = 0; i < n; i++) {
		struct engine_worker *w = &en->workers[i];
		char *at = (char *)en->blocks + state + l.size * (size_t)i;

		w->engine = en;
		w->block = (struct engine_block *)(void *)at;
		w->view.cell = &en->cell;
		w->view.index = i;
		w->view.cpu = en->plan.cpus != NULL ? en->plan.cpus[i] : -1;
		w->view.partner_cpu = en->plan.partners != NULL ?
		    en->plan.partners[i] : -1;
		w->view.state = at + l.state;
		w->view.slot = &w->block->slot;
		w->view.stop = &en->shared->stop;
	}
	return 0;
}

/* Pointers into the block are set by its owner: the first touch is local. */
static void
workers_open_block(struct engine_worker *w)
{
	struct workers_layout l = workers_layout(w->engine);
	char *at = (char *)w->block;

	atomic_store(&w->block->slot.ops, 0);
	if (launch_has_latency(w->engine))
		w->block->latency = (struct histogram *)(void *)(at + l.latency);
	if (w->engine->workload->kind == VMS_CURVE)
		w->block->bins = (struct engine_bin *)(void *)(at + l.bins);
}

static uint64_t
workers_timeval_ns(struct timeval tv)
{
	return (uint64_t)tv.tv_sec * 1000000000u + (uint64_t)tv.tv_usec * 1000u;
}

/* Add (sign 1) or subtract (sign -1) what a process and its children used. */
static void
workers_usage(struct engine_block *b, int who, int sign)
{
	struct rusage ru;
	uint64_t s = (uint64_t)(int64_t)sign;	/* modular: -1 subtracts */

	if (getrusage(who, &ru) != 0)
		return;
	b->user_ns += s * workers_timeval_ns(ru.ru_utime);
	b->system_ns += s * workers_timeval_ns(ru.ru_stime);
	b->minor_faults += s * (uint64_t)ru.ru_minflt;
	b->major_faults += s * (uint64_t)ru.ru_majflt;
	b->voluntary += s * (uint64_t)ru.ru_nvcsw;
	b->involuntary += s * (uint64_t)ru.ru_nivcsw;
}

/* In thread mode the usage of the whole process is booked on worker 0. */
static void
workers_book(struct engine_worker *w, int sign)
{
	if (w->engine->plan.threads && w->view.index != 0)
		return;
	workers_usage(w->block, RUSAGE_SELF, sign);
	workers_usage(w->block, RUSAGE_CHILDREN, sign);
}

/* The measured part between the first gate and the common end. */
static int
workers_work(struct engine_worker *w)
{
	const struct engine_kind *kind = kind_of(w->engine);
	struct engine_shared *sh = w->engine->shared;
	int rc;

	w->block->start_ns = os_now_ns();
	if (atomic_fetch_add(&sh->started, 1) + 1 ==
	    (uint32_t)w->engine->plan.workers)
		os_wake(&sh->started, 1);
	workers_book(w, -1);
	atomic_store(&w->block->where, ENGINE_MEASURED);
	rc = kind->work(w);
	atomic_store(&w->block->where, ENGINE_WAITING);
	w->block->stop_ns = os_now_ns();
	if (rc != 0 || !gate_pass(w, kind->last_stage(w->engine)))
		rc = -1;
	workers_book(w, 1);
	return rc;
}

static const char *const workers_where[] = {
	[ENGINE_STARTING] = "starting",
	[ENGINE_IN_INIT] = "worker_init",
	[ENGINE_WAITING] = "waiting",
	[ENGINE_MEASURED] = "the measured part",
	[ENGINE_IN_VERIFY] = "verify",
	[ENGINE_IN_FINI] = "worker_fini",
};

void
workers_blame(struct engine *en)
{
	double seconds = (double)en->plan.timeout_ns * 1e-9;
	int i;

	for (i = 0; en->workers != NULL && i < en->plan.workers; i++) {
		struct engine_worker *w = &en->workers[i];
		uint32_t where = atomic_load(&w->block->where);

		if (!w->made || where == ENGINE_WAITING ||
		    atomic_load(&w->block->done) != 0)
			continue;
		host_fail(en, &w->view, 0, "timeout: still in %s %.3g s after "
		    "the start of the launch", workers_where[where], seconds);
	}
	host_fail(en, NULL, 0, "timeout: the launch did not end within %.3g s",
	    seconds);
}

/* A hook that fails without saying why is a failure all the same. */
static int
workers_hook(struct engine_worker *w, int (*hook)(struct vms_worker *),
    enum engine_where where)
{
	int rc;

	if (hook == NULL)
		return 0;
	atomic_store(&w->block->where, where);
	errno = 0;
	rc = hook(&w->view);
	atomic_store(&w->block->where, ENGINE_WAITING);
	if (rc != 0)
		host_fail(w->engine, &w->view, 0, "%s returned %d",
		    workers_where[where], rc);
	return rc;
}

static void
workers_body(struct engine_worker *w)
{
	struct engine *en = w->engine;
	const struct vms_workload *wl = en->workload;
	int rc;

	workers_open_block(w);
	w->block->task = os_counter_self();
	if (w->view.index == 0)
		en->shared->mappings = os_mappings();
	rc = workers_hook(w, wl->worker_init, ENGINE_IN_INIT);
	if (rc != 0)
		return;
	rc = gate_pass(w, 0) ? workers_work(w) : -1;
	/* Phases that were cut short leave a crowd behind. */
	if (crowd_end(&w->view) == 0 && rc == 0)
		workers_hook(w, wl->verify, ENGINE_IN_VERIFY);
	workers_hook(w, wl->worker_fini, ENGINE_IN_FINI);
}

/*
 * A worker process gives up what belongs to the cell's main thread: its signal
 * handling and its descriptors.
 */
static _Noreturn void
workers_process(struct engine_worker *w, pid_t parent)
{
	struct engine *en = w->engine;

	en->in_parent = false;
	signal(SIGCHLD, SIG_DFL);
	close(en->event[0]);
	close(en->out_fd);
	if (en->control_fd >= 0)
		close(en->control_fd);
	watch_release(en);
	host_tie_to(parent);
	workers_body(w);
	atomic_store(&w->block->done, 1);
	_exit(host_failed(en) ? 1 : 0);
}

static void *
workers_thread(void *arg)
{
	struct engine_worker *w = arg;

	workers_body(w);
	atomic_store(&w->block->done, 1);
	control_wake(w->engine);
	return NULL;
}

static int
workers_make_one(struct engine_worker *w, struct err *e)
{
	struct engine *en = w->engine;
	pid_t parent = getpid();

	if (en->plan.threads) {
		errno = pthread_create(&w->thread, NULL, workers_thread, w);
		if (errno != 0)
			return err_errno(e, "cannot make thread %d of %d",
			    w->view.index + 1, en->plan.workers);
	} else {
		w->pid = fork();
		if (w->pid == 0)
			workers_process(w, parent);
		if (w->pid < 0) {
			w->pid = 0;
			return err_errno(e, "cannot fork worker %d of %d",
			    w->view.index + 1, en->plan.workers);
		}
	}
	w->made = true;
	return 0;
}

/* Bind the creator; a system that cannot is noted once, not hidden. */
static void
workers_bind(struct engine *en, struct engine_worker *w)
{
	if (!en->bound) {
		w->view.cpu = -1;
		return;
	}
	if (os_pin(w->view.cpu) == 0)
		return;
	emit_note(en, "workers are not bound to CPUs: cpu %d: %s", w->view.cpu,
	    strerror(errno));
	en->bound = false;
	w->view.cpu = -1;
}

int
workers_make(struct engine *en, struct err *e)
{
	int i, rc = 0, online = os_cpus_online();
	int room = online > 1024 ? online * 2 : 1024;

	en->allowed = mem_zalloc((size_t)room * sizeof(int));
	en->nallowed = os_cpus_allowed(en->allowed, room);
	if (en->nallowed > room)
		en->nallowed = room;
	en->bound = en->plan.cpus != NULL;
	for (i = 0; i < en->plan.workers && rc == 0; i++) {
		workers_bind(en, &en->workers[i]);
		rc = workers_make_one(&en->workers[i], e);
		if (control_wait(en, os_now_ns()))
			break;
	}
	if (en->plan.cpus != NULL && en->nallowed > 0)
		os_pin_set(en->allowed, en->nallowed);
	return rc;
}

/* ---- the end of workers ----------------------------------------------- */

static struct engine_worker *
workers_by_pid(struct engine *en, pid_t pid)
{
	int i;

	for (i = 0; en->workers != NULL && i < en->plan.workers; i++)
		if (en->workers[i].pid == pid)
			return &en->workers[i];
	return NULL;
}

static void
workers_ended(struct engine *en, struct engine_worker *w, int status)
{
	w->pid = 0;
	if (WIFSIGNALED(status))
		host_fail(en, &w->view, 0, "killed by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (atomic_load(&w->block->done) == 0)
		host_fail(en, &w->view, 0, "ended by itself with status %d",
		    WEXITSTATUS(status));
}

void
workers_reap(struct engine *en)
{
	struct engine_worker *w;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		w = workers_by_pid(en, pid);
		if (w != NULL)
			workers_ended(en, w, status);
	}
}

void
workers_kill(struct engine *en)
{
	int i;

	if (en->plan.threads || en->workers == NULL)
		return;		/* threads end with the process */
	for (i = 0; i < en->plan.workers; i++)
		if (en->workers[i].pid > 0)
			kill(en->workers[i].pid, SIGKILL);
}

/* The first worker that has not ended, or NULL. */
static struct engine_worker *
workers_left(struct engine *en)
{
	int i;

	for (i = 0; i < en->plan.workers; i++) {
		struct engine_worker *w = &en->workers[i];

		if (!w->made)
			continue;
		if (en->plan.threads ? atomic_load(&w->block->done) == 0 :
		    w->pid > 0)
			return w;
	}
	return NULL;
}

static uint64_t
workers_finish_by(const struct engine *en)
{
	uint64_t by = en->deadline_ns;
	uint64_t grace = os_now_ns() + WORKERS_GRACE_NS;

	if (en->workload->kind != VMS_PHASES && (by == 0 || grace < by))
		by = grace;
	return by;
}

void
workers_finish(struct engine *en)
{
	uint64_t by = workers_finish_by(en);
	struct engine_worker *w;
	int i;

	while ((w = workers_left(en)) != NULL) {
		if (by != 0 && os_now_ns() >= by) {
			host_fail(en, &w->view, 0, "did not stop when asked to");
			if (en->plan.threads)
				return;	/* launch.c leaves without joining */
			workers_kill(en);
			by = 0;
		}
		control_nap(en);
	}
	for (i = 0; en->plan.threads && i < en->plan.workers; i++)
		if (en->workers[i].made)
			pthread_join(en->workers[i].thread, NULL);
}

void
workers_free(struct engine *en)
{
	if (en->blocks != NULL)
		munmap(en->blocks, en->blocks_size);
	free(en->workers);
	free(en->allowed);
	en->blocks = NULL;
	en->workers = NULL;
	en->allowed = NULL;
}
