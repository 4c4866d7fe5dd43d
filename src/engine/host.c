/* SPDX-License-Identifier: BSD-2-Clause */
/* The services behind workload.h: failures, skips, partner tasks. */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/crowd.h"
#include "engine/engine.h"
#include "engine/relays.h"
#include "os/bare.h"
#include "os/os.h"

bool
host_failed(const struct engine *en)
{
	return atomic_load(&en->shared->failed) != 0;
}

static void VMS_PRINTF(4, 0)
host_vfail(struct engine *en, const struct vms_worker *w, int errnum,
    const char *fmt, va_list ap)
{
	struct engine_shared *sh = en->shared;
	uint32_t none = 0;
	char what[ERR_MAX / 2], who[64] = "";

	if (!atomic_compare_exchange_strong(&sh->failed, &none, 1))
		return;
	vsnprintf(what, sizeof(what), fmt, ap);
	if (w != NULL && w->cpu >= 0)
		snprintf(who, sizeof(who), "worker %d (cpu %d): ", w->index,
		    w->cpu);
	else if (w != NULL)
		snprintf(who, sizeof(who), "worker %d: ", w->index);
	snprintf(sh->text, sizeof(sh->text), "%s%s%s%s", who, what,
	    errnum != 0 ? ": " : "", errnum != 0 ? strerror(errnum) : "");
	sh->errnum = errnum;
	atomic_store(&sh->failed, 2);
	control_wake(en);
}

void
host_fail(struct engine *en, const struct vms_worker *w, int errnum,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	host_vfail(en, w, errnum, fmt, ap);
	va_end(ap);
}

static int VMS_PRINTF(4, 0)
host_fail_hook(struct vms_cell *c, struct vms_worker *w, int errnum,
    const char *fmt, va_list ap)
{
	host_vfail(c->engine, w, errnum, fmt, ap);
	return -1;
}

static int VMS_PRINTF(2, 0)
host_skip(struct vms_cell *c, const char *fmt, va_list ap)
{
	struct engine *en = c->engine;

	vsnprintf(en->skipped, sizeof(en->skipped), fmt, ap);
	return VMS_SKIP;
}

static int VMS_PRINTF(3, 0)
host_limit(struct vms_cell *c, int64_t max, const char *fmt, va_list ap)
{
	struct engine *en = c->engine;

	en->limit_max = max;
	vsnprintf(en->limited, sizeof(en->limited), fmt, ap);
	return 0;
}

static void VMS_PRINTF(4, 0)
host_partial(struct vms_worker *w, int64_t asked, int64_t reached,
    const char *fmt, va_list ap)
{
	struct engine *en = w->cell->engine;
	struct engine_block *b = en->workers[w->index].block;

	b->asked = asked;
	b->reached = reached;
	vsnprintf(b->limit, sizeof(b->limit), fmt, ap);
}

static void
host_gauge(struct vms_cell *c, const char *name, double value)
{
	struct engine *en = c->engine;
	struct str line = { 0 };

	if (!en->in_parent)
		return;		/* contract: from setup and teardown only */
	protocol_begin(&line, "gauge");
	protocol_text(&line, "name", name);
	protocol_double(&line, "value", value);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

static void
host_latency(struct vms_worker *w, uint64_t ns)
{
	struct engine *en = w->cell->engine;
	struct histogram *own = en->workers[w->index].block->latency;
	struct histogram *h = own != NULL ? crowd_histogram(w, own) : NULL;

	if (h != NULL)
		histogram_add(h, ns);
	else if (own == NULL)
		host_fail(en, w, 0, "the workload records a latency and has no "
		    "name for it");
	else
		host_fail(en, w, errno, "cannot map a histogram");
}

void
host_tie_to(pid_t parent)
{
	if (os_die_with_parent() != 0 && errno != ENOTSUP)
		_exit(1);
	/* It may have died before we asked. */
	if (getppid() != parent)
		_exit(1);
}

/* ---- partner tasks ---------------------------------------------------- */

struct host_task {
	struct vms_worker *worker;
	int (*fn)(void *);
	void *arg;
	int cpu;
	pid_t pid;
	pthread_t thread;
	int result;
};

/*
 * A partner goes where the plan says or, if nowhere, anywhere: a task that is
 * made by a bound worker would otherwise inherit its one CPU.
 */
static void
host_task_place(const struct host_task *t)
{
	const struct engine *en = t->worker->cell->engine;

	if (t->cpu >= 0)
		os_pin(t->cpu);
	else if (t->worker->cpu >= 0)
		os_pin_set(en->allowed, en->nallowed);
}

static void *
host_task_thread(void *arg)
{
	struct host_task *t = arg;

	host_task_place(t);
	t->result = t->fn(t->arg);
	return NULL;
}

/* Partners of a worker that there are. */
static _Atomic uint32_t *
host_task_count(const struct vms_worker *w)
{
	const struct engine *en = w->cell->engine;

	return &en->workers[w->index].block->partners;
}

static void *
host_task_start(struct vms_worker *w, int (*fn)(void *), void *arg, int cpu)
{
	struct host_task *t = mem_zalloc(sizeof(*t));
	pid_t parent = getpid();
	bool made;

	t->worker = w;
	t->fn = fn;
	t->arg = arg;
	t->cpu = cpu;
	if (w->cell->threads) {
		errno = pthread_create(&t->thread, NULL, host_task_thread, t);
		made = errno == 0;
	} else {
		t->pid = fork();
		if (t->pid == 0) {
			host_tie_to(parent);
			host_task_place(t);
			_exit(fn(arg) == 0 ? 0 : 1);
		}
		made = t->pid > 0;
	}
	if (made) {
		atomic_fetch_add(host_task_count(w), 1);
		return t;
	}
	vms_fail(w, "cannot %s", w->cell->threads ? "make a partner thread" :
	    "fork a partner process");
	free(t);
	return NULL;
}

pid_t
host_task_pid(const void *task)
{
	return ((const struct host_task *)task)->pid;
}

static int
host_task_join(struct vms_worker *w, void *task)
{
	struct host_task *t = task;
	int rc, status = 0;

	if (w->cell->threads) {
		rc = pthread_join(t->thread, NULL);
		status = t->result;
	} else {
		do {
			rc = (int)waitpid(t->pid, &status, 0);
		} while (rc < 0 && errno == EINTR);
		rc = rc == t->pid ? 0 : errno;
	}
	free(t);
	atomic_fetch_sub(host_task_count(w), 1);
	errno = rc;
	if (rc != 0)
		return vms_fail(w, "cannot join a partner task");
	if (status != 0)
		return vms_fail(w, "a partner task did not end well");
	return 0;
}

const struct vms_host host_services = {
	.fail = host_fail_hook,
	.skip = host_skip,
	.limit = host_limit,
	.partial = host_partial,
	.refused = host_refused,
	.gauge = host_gauge,
	.latency = host_latency,
	.now = os_now_ns,
	.thp = os_thp,
	.map_anon = host_map_anon,
	.temp_file = host_temp_file,
	.room = host_room,
	.task_start = host_task_start,
	.task_join = host_task_join,
	.fork_shared = os_fork_shared,
	.relays_probe = relays_probe,
	.relays_prepare = relays_prepare,
	.relays_build = relays_build,
	.relays_kill = relays_kill,
	.relays_await_end = relays_await_end,
	.relays_verify = relays_verify,
	.relays_free = relays_free,
	.crowd_start = crowd_start,
	.crowd_open = crowd_open,
	.crowd_await = crowd_await,
	.crowd_end = crowd_end,
	.crowd_pass = crowd_pass,
	.crowd_arrive = crowd_arrive,
	.crowd_fork = crowd_fork,
};
