/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `chain` is one generation: a process writes to `pages`
 * pages that it inherited from its parent, forks the next generation and
 * exits.  At most a few processes of a worker are alive at a time.
 *
 * The family never ends although nobody of it lives long: whatever a kernel
 * keeps for ancestors whose pages may still be mapped somewhere grows from
 * generation to generation unless it is cleaned up.  If the price of one
 * operation depends on `generations`, it is not.  A child's writes meet its
 * parent's exit: the page is copied if the parent still has it, else taken
 * over.  The exits are those of parents that leave an orphan, which the system
 * gives to another process, and that process has to reap it in turn.
 *
 * Which of the two happens to a page depends on who runs first after a fork,
 * and so on whether the worker is bound: all generations run where it may.
 * The look at the stamp that the parent has left in each page is a part of the
 * operation.  The reaping by the adopting process (on Linux the guardian of
 * the run) goes on beside it, and takes its time from a CPU that others use.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

/* A process of a static program, measured on Linux, and those not yet gone. */
#define FORK_CHAIN_PROCESS_BYTES (8 * 128 * 1024)
/* How often the waiting worker looks around, milliseconds. */
#define FORK_CHAIN_LOOK 200

struct fork_chain_params {
	uint64_t generations;
	uint64_t pages;
	int thp;
};

/* In memory that a worker shares with its descendants. */
struct fork_chain_shared {
	_Alignas(128) _Atomic uint64_t born;	/* the youngest generation */
	_Atomic int errnum;		/* of the fork that failed, or 0 */
};

struct fork_chain_worker {
	struct fork_chain_shared *shared;
	unsigned char *pages;
	/* Of this round; not changed while a generation lives. */
	int life[2];			/* ends with the worker */
	int line[2];			/* ends with the last generation */
	/* The worker's own. */
	uint64_t expected;		/* generations of this round */
};

static const char *const fork_chain_thp[] = VMS_THP_CHOICES;

static const struct vms_param fork_chain_rows[] = {
	{ "generations", VMS_COUNT,
	    offsetof(struct fork_chain_params, generations), "1000", "1",
	    "1G", NULL, "processes of each worker, one after the other" },
	{ "pages", VMS_COUNT, offsetof(struct fork_chain_params, pages), "10",
	    "0", "1G", NULL, "inherited pages that each of them writes" },
	VMS_THP_PARAM(struct fork_chain_params, thp, fork_chain_thp),
	VMS_PARAMS_END
};

/* The worker's pages, a parent's and its child's. */
static uint64_t
fork_chain_memory(const struct vms_cell *c)
{
	const struct fork_chain_params *p = c->params;

	return (uint64_t)c->workers * (3 * (p->pages + 1) * c->page_size +
	    FORK_CHAIN_PROCESS_BYTES);
}

/* The worker, a parent, its child, and one or two not yet reaped. */
static uint64_t
fork_chain_tasks(const struct vms_cell *c)
{
	return (uint64_t)c->workers * 5;
}

/* ---- the generations --------------------------------------------------- */

static uint64_t *
fork_chain_word(const struct vms_worker *w, uint64_t page)
{
	const struct fork_chain_worker *s = w->state;

	return (uint64_t *)(void *)(s->pages + page * w->cell->page_size);
}

/* What the parent wrote is there, and nothing else. */
static int
fork_chain_inherit(struct vms_worker *w, uint64_t generation)
{
	const struct fork_chain_params *p = w->cell->params;
	uint64_t i;

	for (i = 0; i < p->pages; i++) {
		uint64_t *word = fork_chain_word(w, i);

		errno = 0;
		if (*word != generation - 1)
			return vms_fail(w, "page %llu of generation %llu holds "
			    "%llu", (unsigned long long)i,
			    (unsigned long long)generation,
			    (unsigned long long)*word);
		*word = generation;
	}
	return 0;
}

/* Is the worker, on whose behalf all this happens, gone? */
static bool
fork_chain_lost(const struct fork_chain_worker *s)
{
	char byte;

	return read(s->life[0], &byte, 1) == 0;
}

/* Each turn of the loop is another process; its parent has left the loop. */
static int
fork_chain_live(void *arg)
{
	struct vms_worker *w = arg;
	const struct fork_chain_params *p = w->cell->params;
	const struct fork_chain_worker *s = w->state;
	uint64_t generation = 1;
	pid_t pid = 0;

	close(s->life[1]);
	close(s->line[0]);
	while (pid == 0) {
		if (fork_chain_inherit(w, generation) != 0)
			_exit(1);
		atomic_store(&s->shared->born, generation);
		if (generation == p->generations || vms_stopping(w) ||
		    fork_chain_lost(s))
			break;
		pid = fork();
		if (pid == -1)
			atomic_store(&s->shared->errnum, errno);
		if (pid == 0)
			generation++;
	}
	_exit(0);
}

/* ---- the phase --------------------------------------------------------- */

static int
fork_chain_pipes(struct fork_chain_worker *s)
{
	if (pipe(s->life) != 0 || pipe(s->line) != 0)
		return -1;
	return fcntl(s->life[0], F_SETFL, O_NONBLOCK);
}

/* When the launch is over, the youngest generation sees it and is the last. */
static void
fork_chain_await(const struct fork_chain_worker *s)
{
	struct pollfd pfd = { .fd = s->line[0], .events = POLLIN };

	while (poll(&pfd, 1, FORK_CHAIN_LOOK) != 1)
		continue;
}

/* Did it end where it should, or where a fork was refused? */
static int64_t
fork_chain_judge(struct vms_worker *w)
{
	const struct fork_chain_params *p = w->cell->params;
	struct fork_chain_worker *s = w->state;
	uint64_t born = atomic_load(&s->shared->born);
	int errnum = atomic_load(&s->shared->errnum);

	s->expected = errnum != 0 ? born : p->generations;
	errno = 0;
	if (errnum != 0) {
		vms_refused(w, (int64_t)p->generations, (int64_t)born, "fork",
		    errnum);
	} else if (born != p->generations && !vms_stopping(w)) {
		return vms_fail(w, "generation %llu was the last, it ended "
		    "before its time", (unsigned long long)born);
	}
	return (int64_t)born;
}

static int64_t
fork_chain_chain(struct vms_worker *w)
{
	struct fork_chain_worker *s = w->state;
	void *first;
	int rc;

	atomic_store(&s->shared->born, 0);
	atomic_store(&s->shared->errnum, 0);
	if (fork_chain_pipes(s) != 0)
		return vms_fail(w, "cannot make a pipe");
	first = vms_task_start(w, fork_chain_live, w, w->cpu);
	if (first == NULL)
		return -1;
	close(s->life[0]);
	close(s->line[1]);
	fork_chain_await(s);
	rc = vms_task_join(w, first);
	close(s->life[1]);
	close(s->line[0]);
	return rc != 0 ? -1 : fork_chain_judge(w);
}

static const struct vms_phase fork_chain_phases[] = {
	{ "chain", "generation", fork_chain_chain, true },
	{ NULL, NULL, NULL, false }
};

/* ---- hooks ------------------------------------------------------------- */

static int
fork_chain_probe(struct vms_cell *c)
{
	const struct fork_chain_params *p = c->params;
	size_t len = (p->pages + 1) * c->page_size;
	void *pages = vms_map_anon(c, len, p->thp);

	if (pages == NULL)
		return vms_skip(c, "cannot map %zu bytes with thp=%s: %s", len,
		    fork_chain_thp[p->thp], strerror(errno));
	munmap(pages, len);
	return 0;
}

/* One page more than is written, since there are no mappings of 0 bytes. */
static int
fork_chain_worker_init(struct vms_worker *w)
{
	const struct fork_chain_params *p = w->cell->params;
	struct fork_chain_worker *s = w->state;
	uint64_t i;

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (s->shared == MAP_FAILED)
		return vms_fail(w, "cannot map shared memory");
	s->pages = vms_map_anon(w->cell, (p->pages + 1) * w->cell->page_size,
	    p->thp);
	if (s->pages == NULL)
		return vms_fail(w, "cannot map the pages of the first parent");
	for (i = 0; i <= p->pages; i++)
		*(volatile uint64_t *)fork_chain_word(w, i) = 0;
	return 0;
}

/* All generations were born, and none of them wrote to the worker's pages. */
static int
fork_chain_verify(struct vms_worker *w)
{
	const struct fork_chain_params *p = w->cell->params;
	const struct fork_chain_worker *s = w->state;
	uint64_t i, born = atomic_load(&s->shared->born);

	errno = 0;
	if (born != s->expected)
		return vms_fail(w, "%llu generations of %llu were born",
		    (unsigned long long)born, (unsigned long long)s->expected);
	for (i = 0; i < p->pages; i++)
		if (*fork_chain_word(w, i) != 0)
			return vms_fail(w, "page %llu of the worker changed",
			    (unsigned long long)i);
	return 0;
}

static int
fork_chain_worker_fini(struct vms_worker *w)
{
	const struct fork_chain_params *p = w->cell->params;
	struct fork_chain_worker *s = w->state;

	munmap(s->pages, (p->pages + 1) * w->cell->page_size);
	munmap(s->shared, sizeof(*s->shared));
	return 0;
}

/*
 * Processes only: what a thread forks inherits the pipes of the others, whose
 * ends would then not be seen.
 */
const struct vms_workload vms_workload_fork_chain = {
	.abi = VMS_ABI,
	.name = "fork-chain",
	.version = 1,
	.summary = "each child forks the next and its parent exits",
	.kind = VMS_PHASES,
	.unit = "generation",
	.modes = VMS_PROCESS,
	.params = fork_chain_rows,
	.params_size = sizeof(struct fork_chain_params),
	.worker_size = sizeof(struct fork_chain_worker),
	.memory = fork_chain_memory,
	.tasks = fork_chain_tasks,
	.probe = fork_chain_probe,
	.worker_init = fork_chain_worker_init,
	.phases = fork_chain_phases,
	.verify = fork_chain_verify,
	.worker_fini = fork_chain_worker_fini,
};
