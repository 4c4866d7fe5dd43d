/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one mprotect call that turns a range of `pages` pages of
 * anonymous memory from read-write to read-only, or back.  The two alternate.
 *
 * It stresses the change of a map entry under the lock of the address space,
 * the walk over its page tables and, on the way to read-only, the flush of the
 * TLBs, which for threads on several processors is a shootdown.  The range
 * lies between two inaccessible pages, so it is one entry before and after and
 * none is ever split or merged.
 *
 * The two directions cost differently and the figure is their mean.  Without
 * `touched` there are no page-table entries to change and nothing to flush;
 * kernels can also leave the work of the way back to the next write, which
 * then takes a fault that is not in this figure.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

/* What every touched page begins with. */
#define MPROTECT_MARK 0x5a

struct mprotect_params {
	uint64_t pages;
	bool touched;
	int thp;
};

struct mprotect_worker {
	unsigned char *guard;	/* page, then the range, then a page */
	unsigned char *range;
	bool read_only;
};

static const char *const mprotect_thp[] = VMS_THP_CHOICES;

static const struct vms_param mprotect_rows[] = {
	{ "pages", VMS_COUNT, offsetof(struct mprotect_params, pages),
	    "1", "1", "100M", NULL, "length of the range" },
	{ "touched", VMS_BOOL, offsetof(struct mprotect_params, touched),
	    "true", NULL, NULL, NULL, "the pages were written before" },
	VMS_THP_PARAM(struct mprotect_params, thp, mprotect_thp),
	VMS_PARAMS_END
};

static size_t
mprotect_len(const struct vms_cell *c)
{
	const struct mprotect_params *p = c->params;

	return p->pages * c->page_size;
}

/* The range between its guards, not touched yet; NULL with errno. */
static unsigned char *
mprotect_map(const struct vms_cell *c)
{
	const struct mprotect_params *p = c->params;
	size_t page = c->page_size, len = mprotect_len(c);
	unsigned char *guard;

	guard = mmap(NULL, len + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANON,
	    -1, 0);
	if (guard == MAP_FAILED)
		return NULL;
	if (mprotect(guard + page, len, PROT_READ | PROT_WRITE) == 0 &&
	    (vms_thp(c, guard + page, len, p->thp) == 0 ||
	    (errno == ENOTSUP && p->thp != VMS_THP_ON)))
		return guard;
	munmap(guard, len + 2 * page);
	return NULL;
}

static uint64_t
mprotect_memory(const struct vms_cell *c)
{
	const struct mprotect_params *p = c->params;

	return (uint64_t)c->workers * (p->touched ? mprotect_len(c) : 0);
}

static int
mprotect_probe(struct vms_cell *c)
{
	size_t len = mprotect_len(c);
	unsigned char *guard = mprotect_map(c);

	if (guard == NULL)
		return vms_skip(c, "cannot map %zu bytes with this thp: %s",
		    len, strerror(errno));
	munmap(guard, len + 2 * c->page_size);
	return 0;
}

static int
mprotect_worker_init(struct vms_worker *w)
{
	const struct mprotect_params *p = w->cell->params;
	struct mprotect_worker *st = w->state;
	size_t page = w->cell->page_size, i;

	st->guard = mprotect_map(w->cell);
	if (st->guard == NULL)
		return vms_fail(w, "cannot map %zu bytes",
		    mprotect_len(w->cell));
	st->range = st->guard + page;
	for (i = 0; p->touched && i < p->pages; i++)
		st->range[i * page] = MPROTECT_MARK;
	return 0;
}

static int64_t
mprotect_run(struct vms_worker *w, int64_t n)
{
	static const int prot[] = { PROT_READ | PROT_WRITE, PROT_READ };
	struct mprotect_worker *st = w->state;
	size_t len = mprotect_len(w->cell);
	int64_t i;

	for (i = 0; i < n; i++) {
		if (mprotect(st->range, len, prot[!st->read_only]) != 0)
			return vms_fail(w, "mprotect of %zu bytes", len);
		st->read_only = !st->read_only;
	}
	return n;
}

/*
 * Let the kernel write one byte to an address: it says EFAULT where a store
 * would be a signal.  1: it could, 0: it could not, -1: no pipe.
 */
static int
mprotect_writable(unsigned char *at, unsigned char byte)
{
	int fd[2], status = -1;

	if (pipe(fd) != 0)
		return -1;
	if (write(fd[1], &byte, 1) == 1) {
		if (read(fd[0], at, 1) == 1)
			status = 1;
		else if (errno == EFAULT)
			status = 0;
	}
	close(fd[0]);
	close(fd[1]);
	return status;
}

/* Are both ends of the range as they should be, and the guards closed? */
static int
mprotect_check(struct vms_worker *w)
{
	const struct mprotect_params *p = w->cell->params;
	const struct mprotect_worker *st = w->state;
	size_t page = w->cell->page_size, len = mprotect_len(w->cell);
	unsigned char mark = p->touched ? MPROTECT_MARK : 0;
	int first = mprotect_writable(st->range, mark);
	int last = mprotect_writable(st->range + len - page, mark);
	int guards = mprotect_writable(st->guard, mark) |
	    mprotect_writable(st->range + len, mark);

	if (first < 0 || last < 0 || guards < 0)
		return vms_fail(w, "cannot try the protection with a pipe");
	errno = 0;
	if (guards != 0)
		return vms_fail(w, "a page beside the range became writable");
	if (first != !st->read_only || last != !st->read_only)
		return vms_fail(w, "the range should be %s and is not",
		    st->read_only ? "read-only" : "writable");
	return 0;
}

/* Both protections take effect, and no byte has changed. */
static int
mprotect_verify(struct vms_worker *w)
{
	const struct mprotect_params *p = w->cell->params;
	const struct mprotect_worker *st = w->state;
	size_t page = w->cell->page_size, i;
	unsigned char mark = p->touched ? MPROTECT_MARK : 0;

	if (mprotect_check(w) != 0 || mprotect_run(w, 1) != 1 ||
	    mprotect_check(w) != 0)
		return -1;
	errno = 0;
	for (i = 0; i < p->pages; i++)
		if (st->range[i * page] != mark ||
		    st->range[i * page + 1] != 0)
			return vms_fail(w, "page %zu has changed", i);
	return 0;
}

static int
mprotect_worker_fini(struct vms_worker *w)
{
	struct mprotect_worker *st = w->state;

	if (st->guard != NULL)
		munmap(st->guard,
		    mprotect_len(w->cell) + 2 * w->cell->page_size);
	return 0;
}

const struct vms_workload vms_workload_mprotect = {
	.abi = VMS_ABI,
	.name = "mprotect",
	.version = 1,
	.summary = "make a range read-only and writable again, in turn",
	.kind = VMS_RATE,
	.unit = "call",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = mprotect_rows,
	.params_size = sizeof(struct mprotect_params),
	.worker_size = sizeof(struct mprotect_worker),
	.memory = mprotect_memory,
	.probe = mprotect_probe,
	.worker_init = mprotect_worker_init,
	.run = mprotect_run,
	.verify = mprotect_verify,
	.worker_fini = mprotect_worker_fini,
};
