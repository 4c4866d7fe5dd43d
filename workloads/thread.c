/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one pthread_create() and the pthread_join() of the thread.
 * With `batch` above 1 that many threads are created first, all of them alive
 * at once, and joined then; a call always does whole batches.  A thread
 * writes to `touch` bytes of its stack, one byte in every 4 KiB, and returns.
 *
 * This is a process's life without its address space: the task itself, its
 * id, the first switch to it and the wake-up of who waits for it.  Threads of
 * one address space also meet at its lock, where stacks are mapped, protected
 * and unmapped; workers in thread mode have that in common, too.
 *
 * The C library has the greater part in it: it keeps stacks of dead threads
 * for the next ones (glibc 40 MiB of them), so that with small batches the
 * kernel maps no stack, and touches no new page for it either.  What a thread
 * does in its start-up differs from library to library as well: compare
 * kernels with the same static program.  A new thread inherits the binding of
 * its worker; on an unbound one the result depends on where it is put.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "workload.h"

/* The smallest stack, apart from what is to be touched. */
#define THREAD_STACK_BYTES (128 * 1024)
/* A thread's kernel memory, measured on Linux. */
#define THREAD_KERNEL_BYTES (32 * 1024)
#define THREAD_FRAME_BYTES 4096

struct thread_params {
	uint64_t batch;
	uint64_t touch;
};

struct thread_worker {
	pthread_t *thread;
	pthread_attr_t attr;
	pthread_rwlock_t gate;	/* closed while a batch is being created */
	const struct thread_params *params;
	uintptr_t frames;	/* what every thread returns */
};

static const struct vms_param thread_rows[] = {
	{ "batch", VMS_COUNT, offsetof(struct thread_params, batch), "1", "1",
	    "100k", NULL, "threads alive at once" },
	{ "touch", VMS_SIZE, offsetof(struct thread_params, touch), "0", "0",
	    "64M", NULL, "stack that a thread writes to" },
	VMS_PARAMS_END
};

static uint64_t
thread_tasks(const struct vms_cell *c)
{
	const struct thread_params *p = c->params;

	return (uint64_t)c->workers * (1 + p->batch);
}

/* A stack and its guard each, all in one process if workers are threads. */
static uint64_t
thread_mappings(const struct vms_cell *c)
{
	const struct thread_params *p = c->params;

	return (c->threads ? (uint64_t)c->workers : 1) * 2 * p->batch;
}

static uint64_t
thread_memory(const struct vms_cell *c)
{
	const struct thread_params *p = c->params;

	return (uint64_t)c->workers * p->batch *
	    (THREAD_KERNEL_BYTES + p->touch + 2 * c->page_size);
}

/*
 * Go down the stack a frame at a time; returns how many.  The frame is read
 * after the call, lest the compiler makes a loop in one frame of this.
 */
static uintptr_t
thread_touch(uint64_t left)
{
	volatile unsigned char frame[THREAD_FRAME_BYTES];
	uintptr_t below = 0;

	if (left == 0)
		return 0;
	frame[0] = 1;
	if (left > THREAD_FRAME_BYTES)
		below = thread_touch(left - THREAD_FRAME_BYTES);
	return below + frame[0];
}

static void *
thread_main(void *arg)
{
	struct thread_worker *s = arg;

	pthread_rwlock_rdlock(&s->gate);
	pthread_rwlock_unlock(&s->gate);
	return (void *)thread_touch(s->params->touch);
}

/* As many as can be: the caller joins them also when one failed. */
static uint64_t
thread_create_batch(struct vms_worker *w)
{
	struct thread_worker *s = w->state;
	uint64_t i;
	int rc = 0;

	for (i = 0; i < s->params->batch; i++) {
		rc = pthread_create(&s->thread[i], &s->attr, thread_main, s);
		if (rc != 0)
			break;
	}
	errno = rc;
	if (rc != 0)
		vms_fail(w, "cannot create thread %llu of %llu",
		    (unsigned long long)i + 1,
		    (unsigned long long)s->params->batch);
	return i;
}

static int
thread_join_batch(struct vms_worker *w, uint64_t count)
{
	struct thread_worker *s = w->state;
	uint64_t i;
	void *frames;

	for (i = 0; i < count; i++) {
		errno = pthread_join(s->thread[i], &frames);
		if (errno != 0)
			return vms_fail(w, "cannot join a thread");
		if ((uintptr_t)frames != s->frames)
			return vms_fail(w, "a thread touched %llu frames, not "
			    "%llu", (unsigned long long)(uintptr_t)frames,
			    (unsigned long long)s->frames);
	}
	return 0;
}

static int64_t
thread_run(struct vms_worker *w, int64_t n)
{
	struct thread_worker *s = w->state;
	uint64_t made, batch = s->params->batch;
	int64_t done = 0;

	while (done < n) {
		if (batch > 1)
			pthread_rwlock_wrlock(&s->gate);
		made = thread_create_batch(w);
		if (batch > 1)
			pthread_rwlock_unlock(&s->gate);
		if (thread_join_batch(w, made) != 0 || made < batch)
			return -1;
		done += (int64_t)batch;
	}
	return done;
}

static int
thread_worker_init(struct vms_worker *w)
{
	const struct thread_params *p = w->cell->params;
	struct thread_worker *s = w->state;

	s->params = p;
	s->frames = (uintptr_t)((p->touch + THREAD_FRAME_BYTES - 1) /
	    THREAD_FRAME_BYTES);
	s->thread = calloc(p->batch, sizeof(*s->thread));
	if (s->thread == NULL)
		return vms_fail(w, "cannot allocate a list of threads");
	/* A frame is more than what it touches: twice is safe. */
	errno = pthread_attr_init(&s->attr);
	if (errno == 0)
		errno = pthread_attr_setstacksize(&s->attr, THREAD_STACK_BYTES +
		    2 * s->frames * THREAD_FRAME_BYTES);
	if (errno == 0)
		errno = pthread_rwlock_init(&s->gate, NULL);
	return errno == 0 ? 0 : vms_fail(w, "cannot prepare threads");
}

/* No thread of a batch is left inside, and one more does what it should. */
static int
thread_verify(struct vms_worker *w)
{
	struct thread_worker *s = w->state;

	errno = pthread_rwlock_trywrlock(&s->gate);
	if (errno != 0)
		return vms_fail(w, "a thread is left at the end");
	pthread_rwlock_unlock(&s->gate);
	return thread_run(w, 1) > 0 ? 0 : -1;
}

static int
thread_worker_fini(struct vms_worker *w)
{
	struct thread_worker *s = w->state;

	pthread_rwlock_destroy(&s->gate);
	pthread_attr_destroy(&s->attr);
	free(s->thread);
	return 0;
}

const struct vms_workload vms_workload_thread = {
	.abi = VMS_ABI,
	.name = "thread",
	.version = 1,
	.summary = "creation and join of a thread",
	.kind = VMS_RATE,
	.unit = "thread",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = thread_rows,
	.params_size = sizeof(struct thread_params),
	.worker_size = sizeof(struct thread_worker),
	.memory = thread_memory,
	.tasks = thread_tasks,
	.mappings = thread_mappings,
	.worker_init = thread_worker_init,
	.run = thread_run,
	.verify = thread_verify,
	.worker_fini = thread_worker_fini,
};
