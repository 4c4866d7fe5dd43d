/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is moving the stack pointer one page down and writing there,
 * below everything the stack had so far.  Operations come in groups of `pages`,
 * because no stack can be made short again: each group is grown by a child
 * forked for it.  Forking, ending and reaping the child are in the main rate;
 * growth-only is the loop alone, timed by the child.
 *
 * It stresses the growth of the one mapping that grows by itself: the fault
 * finds no map entry, the kernel decides that the stack may be lengthened
 * (limit, gap to the next mapping), does so, and fills a page with zeros.
 * Against zfod it shows what that decision costs.
 *
 * Only the stack that the kernel gave to the program grows like this: those of
 * threads are ordinary mappings on most systems, so there is no thread mode.
 * The part of the stack that is already there is passed over first, untimed.
 * The main rate is mostly fork and exit: read growth-only.  A child shares
 * the pages of its parent, which costs it a few copies before its clock starts.
 * Huge pages play no part, because the mapping always ends at the new page.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* More than a program uses of its stack before and after the pages grown. */
#define STACK_SPARE (2u << 20)

struct stack_params {
	uint64_t pages;
};

/* Shared by a worker and its children, which die before the next is made. */
struct stack_report {
	uint64_t grow_ns;
	uint64_t intact;	/* pages that were zero and kept their mark */
};

struct stack_worker {
	struct stack_report *report;
	size_t lead;		/* pages of stack below, already there */
	uint64_t groups;
	uint64_t intact;
};

static const struct vms_param stack_rows[] = {
	{ "pages", VMS_COUNT, offsetof(struct stack_params, pages),
	    "1024", "1", "1M", NULL, "stack grown by each child" },
	VMS_PARAMS_END
};

static uint64_t
stack_pages(const struct vms_cell *c)
{
	const struct stack_params *p = c->params;

	return p->pages;
}

static uint64_t
stack_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * stack_pages(c) * c->page_size;
}

static uint64_t
stack_op_bytes(const struct vms_cell *c)
{
	return c->page_size;
}

static int
stack_probe(struct vms_cell *c)
{
	uint64_t need = stack_pages(c) * c->page_size + STACK_SPARE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) != 0)
		return vms_cell_fail(c, "getrlimit");
	if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < need)
		return vms_skip(c, "a stack of %llu bytes is needed, but "
		    "RLIMIT_STACK is %llu", (unsigned long long)need,
		    (unsigned long long)limit.rlim_cur);
	return 0;
}

/* How much of the stack below is there, touched or not: at most half spare. */
static int
stack_worker_init(struct vms_worker *w)
{
	struct stack_worker *st = w->state;
	size_t page = w->cell->page_size, most = STACK_SPARE / 2 / page;
	unsigned char *here = __builtin_frame_address(0);
	void *report;

	report = mmap(NULL, sizeof(*st->report), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (report == MAP_FAILED)
		return vms_fail(w, "cannot map a page");
	st->report = report;
	here -= (uintptr_t)here % page;
	while (st->lead < most &&
	    msync(here - st->lead * page, page, MS_ASYNC) == 0)
		st->lead++;
	return 0;
}

/*
 * Runs in the child.  Each block of the stack, which begins in another page
 * than the one before, starts with the address of the block above it.
 */
static void __attribute__((noinline))
stack_grow(const struct vms_worker *w)
{
	const struct stack_worker *st = w->state;
	struct stack_report *report = st->report;
	size_t page = w->cell->page_size, middle, i;
	void **block = NULL, **above = NULL;
	uint64_t start, pages = stack_pages(w->cell);

	for (i = 0; i < st->lead; i++)
		*(volatile char *)__builtin_alloca(page) = 0;
	start = vms_now(w);
	for (i = 0; i < pages; i++) {
		block = __builtin_alloca(page);
		*(void *volatile *)block = above;
		above = block;
	}
	report->grow_ns = vms_now(w) - start;
	/* The block looked at last may share a page with what was there. */
	middle = page / sizeof(*block) / 2;
	for (i = 1; block != NULL; block = *block, i++)
		if (i == pages || (block[1] == NULL && block[middle] == NULL))
			report->intact++;
}

static int
stack_group(struct vms_worker *w)
{
	struct stack_worker *st = w->state;
	uint64_t since = vms_now(w);
	pid_t child;
	int status;

	memset(st->report, 0, sizeof(*st->report));
	child = fork();
	if (child < 0)
		return vms_fail(w, "fork");
	if (child == 0) {
		stack_grow(w);
		_exit(0);
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return vms_fail(w, "waitpid");
	errno = 0;
	if (!WIFEXITED(status))
		return vms_fail(w, "the child that grows its stack died of "
		    "signal %d", WTERMSIG(status));
	st->groups++;
	st->intact += st->report->intact;
	/* Everything but the child's own time. */
	vms_aside(w, since + st->report->grow_ns);
	return 0;
}

static int64_t
stack_run(struct vms_worker *w, int64_t n)
{
	int64_t pages = (int64_t)stack_pages(w->cell), done;

	for (done = 0; done < n; done += pages)
		if (stack_group(w) != 0)
			return -1;
	return done;
}

/* Every page came as zeros and kept what was written to it. */
static int
stack_verify(struct vms_worker *w)
{
	const struct stack_worker *st = w->state;
	uint64_t pages = st->groups * stack_pages(w->cell);

	errno = 0;
	if (st->intact != pages)
		return vms_fail(w, "only %llu of %llu stack pages came as "
		    "zeros and kept their mark", (unsigned long long)st->intact,
		    (unsigned long long)pages);
	return 0;
}

static int
stack_worker_fini(struct vms_worker *w)
{
	struct stack_worker *st = w->state;

	if (st->report != NULL)
		munmap(st->report, sizeof(*st->report));
	return 0;
}

const struct vms_workload vms_workload_stack = {
	.abi = VMS_ABI,
	.name = "stack",
	.version = 1,
	.summary = "faults that make the stack of a process grow",
	.kind = VMS_RATE,
	.unit = "page",
	.net = "growth-only",
	.modes = VMS_PROCESS,
	.params = stack_rows,
	.params_size = sizeof(struct stack_params),
	.worker_size = sizeof(struct stack_worker),
	.memory = stack_memory,
	.op_bytes = stack_op_bytes,
	.probe = stack_probe,
	.worker_init = stack_worker_init,
	.run = stack_run,
	.verify = stack_verify,
	.worker_fini = stack_worker_fini,
};
