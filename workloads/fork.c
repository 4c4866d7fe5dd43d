/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is the creation of one child by `method`, its immediate
 * _exit(0) and the waitpid() that reaps it; the status is checked.  A worker
 * has one child at a time.  `clone-vm` is a child with its own process id in
 * the parent's address space.  `posix-spawn` needs a program and so includes
 * an exec of `true`, found in /bin or /usr/bin: compare it with the workload
 * `exec`, not with `fork`.
 *
 * This is the life of a process without a life: its kernel objects, its id,
 * with `fork` the copy and the teardown of an address space, the first switch
 * to it, and the notification of its parent.  The system's list of processes
 * and its locks are shared by all workers.  The ballast shows what grows with
 * the parent: `rss` page tables, `vmas` map entries, `fds` descriptors.  It
 * belongs to every worker in process mode and to the one process of all
 * workers in thread mode.
 *
 * The number lies when the parent is not what it seems: a dynamic program has
 * more mappings, huge pages make page tables 512 times smaller, a tracer or
 * inherited event counters work at every birth and death.  A threaded parent
 * also pays for the locks that the C library takes around fork(), and for
 * copying an address space that other threads use.  The child may run on
 * another CPU than its parent if the worker is not bound.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* Descriptors that the program itself may need. */
#define FORK_OTHERS 64
/* For a child that only exits. */
#define FORK_STACK_BYTES (64 * 1024)
/* A child's kernel memory and first pages, measured on Linux. */
#define FORK_CHILD_BYTES (128 * 1024)

struct fork_params {
	int method;
	uint64_t rss;
	uint64_t vmas;
	uint64_t fds;
	int thp;
};

enum fork_method { FORK_FORK, FORK_VFORK, FORK_SPAWN, FORK_CLONE_VM };

/* In the worker's state, or in the cell's when all share one process. */
struct fork_ballast {
	unsigned char *rss;	/* one byte of every page is stamped */
	unsigned char *vmas;	/* neighbours with different protections */
	int *fds;
};

struct fork_worker {
	struct fork_ballast ballast;
	void *stack;		/* of a clone-vm child */
	const char *program;	/* of a posix-spawn child */
};

static const char *const fork_methods[] = {
	"fork", "vfork", "posix-spawn", "clone-vm", NULL
};
static const char *const fork_thp[] = VMS_THP_CHOICES;

static const struct vms_param fork_rows[] = {
	{ "method", VMS_CHOICE, offsetof(struct fork_params, method), "fork",
	    NULL, NULL, fork_methods, "how a child is created" },
	{ "rss", VMS_SIZE, offsetof(struct fork_params, rss), "0", "0", "1T",
	    NULL, "touched memory of the parent" },
	{ "vmas", VMS_COUNT, offsetof(struct fork_params, vmas), "0", "0",
	    "10M", NULL, "additional untouched mappings of the parent" },
	{ "fds", VMS_COUNT, offsetof(struct fork_params, fds), "0", "0",
	    "10M", NULL, "additional open descriptors of the parent" },
	VMS_THP_PARAM(struct fork_params, thp, fork_thp),
	VMS_PARAMS_END
};

/* Every worker has one child at a time. */
static uint64_t
fork_tasks(const struct vms_cell *c)
{
	return (uint64_t)c->workers * 2;
}

static uint64_t
fork_fds(const struct vms_cell *c)
{
	const struct fork_params *p = c->params;

	return p->fds;
}

static uint64_t
fork_mappings(const struct vms_cell *c)
{
	const struct fork_params *p = c->params;

	return p->vmas;
}

static uint64_t
fork_memory(const struct vms_cell *c)
{
	const struct fork_params *p = c->params;
	uint64_t workers = (uint64_t)c->workers;
	uint64_t parents = c->threads ? 1 : workers;
	uint64_t tables = p->rss / c->page_size * sizeof(void *);
	uint64_t entries = 256 * (p->vmas + p->fds);

	return parents * (p->rss + tables + entries) +
	    workers * (FORK_CHILD_BYTES + tables + entries);
}

/* ---- the parent's ballast ---------------------------------------------- */

static unsigned char *
fork_map(uint64_t len, int prot)
{
	void *p = mmap(NULL, len, prot, MAP_PRIVATE | MAP_ANON, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

static int
fork_map_rss(const struct vms_cell *c, struct fork_ballast *b)
{
	const struct fork_params *p = c->params;

	if (p->rss == 0)
		return 0;
	b->rss = fork_map(p->rss, PROT_READ | PROT_WRITE);
	if (b->rss == NULL)
		return -1;
	if (vms_thp(c, b->rss, p->rss, p->thp) == 0)
		return 0;
	return errno == ENOTSUP && p->thp != VMS_THP_ON ? 0 : -1;
}

static unsigned char
fork_stamp(uint64_t page)
{
	return (unsigned char)(page % 255 + 1);
}

static void
fork_touch_rss(const struct vms_cell *c, struct fork_ballast *b)
{
	const struct fork_params *p = c->params;
	uint64_t at;

	for (at = 0; at < p->rss; at += c->page_size)
		b->rss[at] = fork_stamp(at / c->page_size);
}

/* A protection that alternates keeps neighbours from being merged. */
static int
fork_map_vmas(const struct vms_cell *c, struct fork_ballast *b)
{
	const struct fork_params *p = c->params;
	uint64_t i;

	if (p->vmas == 0)
		return 0;
	b->vmas = fork_map(p->vmas * c->page_size, PROT_NONE);
	if (b->vmas == NULL)
		return -1;
	for (i = 1; i < p->vmas; i += 2)
		if (mprotect(b->vmas + i * c->page_size, c->page_size,
		    PROT_READ) != 0)
			return -1;
	return 0;
}

/* Opened one by one, not duplicated: every one is a file of its own. */
static int
fork_open_fds(const struct vms_cell *c, struct fork_ballast *b)
{
	const struct fork_params *p = c->params;
	uint64_t i;

	b->fds = calloc(p->fds + 1, sizeof(*b->fds));
	if (b->fds == NULL)
		return -1;
	for (i = 0; i < p->fds; i++) {
		b->fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (b->fds[i] == -1)
			return -1;
	}
	return 0;
}

static int
fork_make_ballast(const struct vms_cell *c, struct fork_ballast *b)
{
	if (fork_map_rss(c, b) != 0 || fork_map_vmas(c, b) != 0)
		return -1;
	fork_touch_rss(c, b);
	return fork_open_fds(c, b);
}

/* No child can have changed what is the parent's. */
static int
fork_check_ballast(struct vms_worker *w, const struct fork_ballast *b)
{
	const struct fork_params *p = w->cell->params;
	uint64_t at, page = w->cell->page_size;

	for (at = 0; at < p->fds; at++)
		if (fcntl(b->fds[at], F_GETFD) != FD_CLOEXEC)
			return vms_fail(w, "a held descriptor is gone");
	errno = 0;
	for (at = 0; at < p->rss; at += page)
		if (b->rss[at] != fork_stamp(at / page))
			return vms_fail(w, "page %llu of the parent changed",
			    (unsigned long long)(at / page));
	return 0;
}

static void
fork_drop_ballast(const struct vms_cell *c, struct fork_ballast *b)
{
	const struct fork_params *p = c->params;
	uint64_t i;

	for (i = 0; b->fds != NULL && i < p->fds; i++)
		close(b->fds[i]);
	free(b->fds);
	if (b->vmas != NULL)
		munmap(b->vmas, p->vmas * c->page_size);
	if (b->rss != NULL)
		munmap(b->rss, p->rss);
}

/* ---- one child --------------------------------------------------------- */

static int
fork_child(void *arg)
{
	(void)arg;
	return 0;
}

/* vfork's child must not return from here, so it is made in place. */
static pid_t
fork_create(const struct vms_cell *c, const struct fork_worker *s)
{
	const struct fork_params *p = c->params;
	char *argv[] = { (char *)(uintptr_t)s->program, NULL };
	char *envp[] = { NULL };
	pid_t pid = -1;

	switch ((enum fork_method)p->method) {
	case FORK_FORK:
		pid = fork();
		if (pid == 0)
			_exit(0);
		break;
	case FORK_VFORK:
		pid = vfork();
		if (pid == 0)
			_exit(0);
		break;
	case FORK_SPAWN:
		errno = posix_spawn(&pid, s->program, NULL, NULL, argv, envp);
		return errno == 0 ? pid : -1;
	case FORK_CLONE_VM:
		return vms_fork_shared(c, fork_child, NULL, s->stack,
		    FORK_STACK_BYTES);
	}
	return pid;
}

/* By its id: in thread mode the others' children are not ours to reap. */
static int
fork_reap(pid_t pid, int *status)
{
	pid_t got;

	do {
		got = waitpid(pid, status, 0);
	} while (got == -1 && errno == EINTR);
	return got == pid ? 0 : -1;
}

static int
fork_prepare(const struct vms_cell *c, struct fork_worker *s)
{
	const struct fork_params *p = c->params;

	s->program = access("/bin/true", X_OK) == 0 ? "/bin/true" :
	    "/usr/bin/true";
	if (p->method != FORK_CLONE_VM)
		return 0;
	s->stack = aligned_alloc(c->page_size, FORK_STACK_BYTES);
	return s->stack != NULL ? 0 : -1;
}

static int64_t
fork_run(struct vms_worker *w, int64_t n)
{
	const struct fork_worker *s = w->state;
	int64_t i;
	int status;
	pid_t pid;

	for (i = 0; i < n; i++) {
		pid = fork_create(w->cell, s);
		if (pid == -1)
			return vms_fail(w, "cannot create a child");
		if (fork_reap(pid, &status) != 0)
			return vms_fail(w, "cannot reap a child");
		errno = 0;
		if (status != 0)
			return vms_fail(w, "a child ended with wait status %d",
			    status);
	}
	return n;
}

/* ---- hooks ------------------------------------------------------------- */

/* The limit of mappings has no portable name, so it is found by trying. */
static int
fork_probe_ballast(struct vms_cell *c)
{
	const struct fork_params *p = c->params;
	struct fork_ballast b = { 0 };
	struct rlimit rl;
	int rc = 0;

	if (getrlimit(RLIMIT_NOFILE, &rl) != 0)
		return vms_cell_fail(c, "cannot read RLIMIT_NOFILE");
	if (rl.rlim_cur != RLIM_INFINITY && rl.rlim_cur < p->fds + FORK_OTHERS)
		return vms_skip(c, "fds=%llu needs %llu descriptors, "
		    "RLIMIT_NOFILE is %llu (ulimit -n %llu)",
		    (unsigned long long)p->fds,
		    (unsigned long long)p->fds + FORK_OTHERS,
		    (unsigned long long)rl.rlim_cur,
		    (unsigned long long)p->fds + FORK_OTHERS);
	if (fork_map_rss(c, &b) != 0)
		rc = vms_skip(c, "cannot map rss=%llu bytes with this thp: %s",
		    (unsigned long long)p->rss, strerror(errno));
	else if (fork_map_vmas(c, &b) != 0)
		rc = vms_skip(c, "cannot make vmas=%llu mappings: %s (the "
		    "limit on Linux is vm.max_map_count)",
		    (unsigned long long)p->vmas, strerror(errno));
	fork_drop_ballast(c, &b);
	return rc;
}

static int
fork_probe(struct vms_cell *c)
{
	const struct fork_params *p = c->params;
	struct fork_worker s = { 0 };
	int status, rc = 0;
	pid_t pid;

	if (fork_prepare(c, &s) != 0)
		return vms_cell_fail(c, "cannot allocate a child's stack");
	pid = fork_create(c, &s);
	if (pid == -1)
		rc = vms_skip(c, "method=%s does not work here: %s",
		    fork_methods[p->method], strerror(errno));
	else if (fork_reap(pid, &status) != 0)
		rc = vms_cell_fail(c, "cannot reap a child");
	else if (status != 0)
		rc = vms_skip(c, "a child of method=%s ended with wait status "
		    "%d", fork_methods[p->method], status);
	free(s.stack);
	return rc != 0 ? rc : fork_probe_ballast(c);
}

static int
fork_setup(struct vms_cell *c)
{
	if (c->threads && fork_make_ballast(c, c->state) != 0)
		return vms_cell_fail(c, "cannot make the parent's ballast");
	return 0;
}

static int
fork_worker_init(struct vms_worker *w)
{
	struct fork_worker *s = w->state;

	if (fork_prepare(w->cell, s) != 0)
		return vms_fail(w, "cannot allocate a child's stack");
	if (!w->cell->threads && fork_make_ballast(w->cell, &s->ballast) != 0)
		return vms_fail(w, "cannot make the parent's ballast");
	return 0;
}

/* A worker process has no child left; a thread cannot tell whose one is. */
static int
fork_verify(struct vms_worker *w)
{
	const struct fork_worker *s = w->state;
	int status;

	if (w->cell->threads)
		return fork_check_ballast(w, w->cell->state);
	if (waitpid(-1, &status, WNOHANG) != -1 || errno != ECHILD) {
		errno = 0;
		return vms_fail(w, "there is a child left at the end");
	}
	return fork_check_ballast(w, &s->ballast);
}

static int
fork_worker_fini(struct vms_worker *w)
{
	struct fork_worker *s = w->state;

	free(s->stack);
	if (!w->cell->threads)
		fork_drop_ballast(w->cell, &s->ballast);
	return 0;
}

static int
fork_teardown(struct vms_cell *c)
{
	if (c->threads)
		fork_drop_ballast(c, c->state);
	return 0;
}

const struct vms_workload vms_workload_fork = {
	.abi = VMS_ABI,
	.name = "fork",
	.version = 1,
	.summary = "creation, exit and reaping of a child",
	.kind = VMS_RATE,
	.unit = "child",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = fork_rows,
	.params_size = sizeof(struct fork_params),
	.cell_size = sizeof(struct fork_ballast),
	.worker_size = sizeof(struct fork_worker),
	.memory = fork_memory,
	.tasks = fork_tasks,
	.fds = fork_fds,
	.mappings = fork_mappings,
	.probe = fork_probe,
	.setup = fork_setup,
	.worker_init = fork_worker_init,
	.run = fork_run,
	.verify = fork_verify,
	.worker_fini = fork_worker_fini,
	.teardown = fork_teardown,
};
