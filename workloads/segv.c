/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is a store to a read-only page, the signal that it causes, the
 * entry of its handler, and the handler's way back into the program by
 * siglongjmp.  The page stays read-only throughout.
 *
 * It stresses the fault path up to the decision that the access is not allowed,
 * and the delivery of a synchronous signal: choosing the handler under the
 * process's signal lock, saving the registers (all vector registers, too) to
 * the stack, and entering user mode.  Garbage collectors and run-times that
 * catch null pointers live on it.  Threads share the lock and the handlers,
 * processes do not.
 *
 * There is no sigreturn in it: a handler that returned would meet the same
 * fault again, and one that first repaired the page would measure mprotect.
 * The signal is not blocked while handled, so the jump restores no signal mask
 * and makes no system call.  Kernels that print or audit such faults, and
 * debuggers, make the figure theirs.
 */
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

struct segv_cell {
	struct sigaction old_segv;
	struct sigaction old_bus;
};

struct segv_worker {
	unsigned char *page;
	sigjmp_buf back;
	volatile uint64_t caught;
	uint64_t done;
};

/* How a handler finds the worker of the thread it interrupts. */
static _Thread_local struct segv_worker *segv_self;

static void
segv_handler(int sig, siginfo_t *info, void *context)
{
	struct segv_worker *st = segv_self;

	(void)context;
	/* Not ours: let it happen again and be fatal. */
	if (st == NULL || info->si_addr != (void *)st->page) {
		signal(sig, SIG_DFL);
		return;
	}
	st->caught++;
	siglongjmp(st->back, 1);
}

/* 0 if the store caused the signal, -1 if it went through. */
static int
segv_once(struct segv_worker *st)
{
	if (sigsetjmp(st->back, 0) != 0)
		return 0;
	*(volatile unsigned char *)st->page = 1;
	return -1;
}

static uint64_t
segv_memory(const struct vms_cell *c)
{
	return (uint64_t)c->workers * c->page_size;
}

/* Systems differ in which of the two signals a protection fault is. */
static int
segv_setup(struct vms_cell *c)
{
	struct segv_cell *cell = c->state;
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = segv_handler;
	sa.sa_flags = SA_SIGINFO | SA_NODEFER;
	sigemptyset(&sa.sa_mask);
	if (sigaction(SIGSEGV, &sa, &cell->old_segv) != 0 ||
	    sigaction(SIGBUS, &sa, &cell->old_bus) != 0)
		return vms_cell_fail(c, "sigaction");
	return 0;
}

static int
segv_worker_init(struct vms_worker *w)
{
	struct segv_worker *st = w->state;
	void *page;

	page = mmap(NULL, w->cell->page_size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);
	if (page == MAP_FAILED)
		return vms_fail(w, "cannot map a page");
	st->page = page;
	memset(st->page, 0x5a, w->cell->page_size);
	if (mprotect(page, w->cell->page_size, PROT_READ) != 0)
		return vms_fail(w, "mprotect");
	segv_self = st;
	return 0;
}

static int64_t
segv_run(struct vms_worker *w, int64_t n)
{
	struct segv_worker *st = w->state;
	int64_t i;

	for (i = 0; i < n; i++)
		if (segv_once(st) != 0) {
			errno = 0;
			return vms_fail(w, "a store to a read-only page went "
			    "through");
		}
	st->done += (uint64_t)n;
	return n;
}

/* One signal for each operation, and no store took effect. */
static int
segv_verify(struct vms_worker *w)
{
	struct segv_worker *st = w->state;
	size_t page = w->cell->page_size;

	errno = 0;
	if (st->caught != st->done)
		return vms_fail(w, "%llu stores gave %llu signals",
		    (unsigned long long)st->done,
		    (unsigned long long)st->caught);
	if (st->page[0] != 0x5a ||
	    memcmp(st->page, st->page + 1, page - 1) != 0)
		return vms_fail(w, "a read-only page has changed");
	if (segv_once(st) != 0)
		return vms_fail(w, "the page is no longer read-only");
	return 0;
}

static int
segv_worker_fini(struct vms_worker *w)
{
	struct segv_worker *st = w->state;

	segv_self = NULL;
	if (st->page != NULL)
		munmap(st->page, w->cell->page_size);
	return 0;
}

static int
segv_teardown(struct vms_cell *c)
{
	const struct segv_cell *cell = c->state;

	if (sigaction(SIGSEGV, &cell->old_segv, NULL) != 0 ||
	    sigaction(SIGBUS, &cell->old_bus, NULL) != 0)
		return vms_cell_fail(c, "sigaction");
	return 0;
}

const struct vms_workload vms_workload_segv = {
	.abi = VMS_ABI,
	.name = "segv",
	.version = 1,
	.summary = "protection faults delivered to a signal handler",
	.kind = VMS_RATE,
	.unit = "signal",
	.modes = VMS_PROCESS | VMS_THREAD,
	.cell_size = sizeof(struct segv_cell),
	.worker_size = sizeof(struct segv_worker),
	.memory = segv_memory,
	.setup = segv_setup,
	.worker_init = segv_worker_init,
	.run = segv_run,
	.verify = segv_verify,
	.worker_fini = segv_worker_fini,
	.teardown = segv_teardown,
};
