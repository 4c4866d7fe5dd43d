/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: sampling with perf events.  One event and one ring for each processor;
 * when tasks are sampled, one event for each task and processor (an event that
 * children inherit must be bound to one), all of a processor writing to the
 * same ring.
 */
#include "config.h"

#include "os/sampler.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "os/linux_perf_calls.h"
#include "os/linux_ring.h"
#include "os/linux_sampler_words.h"
#include "os/os_internal.h"

/*
 * A ring: 1,000 samples a second with a chain of 50 calls are 230 KiB in half
 * a second.  An unprivileged user gets less (kernel.perf_event_mlock_kb).
 */
#define SAMPLER_RING_BYTES (512 * 1024)

/* Since Linux 6.0; the headers may be older. */
#define SAMPLER_FORMAT_LOST (1u << 4)

#define SAMPLER_ONLINE "/sys/devices/system/cpu/online"

struct os_sampler {
	struct linux_ring *rings;
	int nrings;
	int *fds;		/* of the events */
	size_t nfds, fds_cap;
	int group_fd;		/* or -1 */
	uint64_t *whole;	/* see struct linux_ring */
	bool user_only;
	/*
	 * The records that tell of lost samples come with the next sample, so
	 * the last ones never come.  Where events count them, that is better.
	 */
	bool counts_lost;
	uint64_t lost;		/* counted so far */
	uint64_t lost_new;	/* and not handed over yet */
};

/* What os_sampler_open() has found out so far. */
struct sampler_try {
	const struct os_sampler_plan *plan;
	struct os_sampler *s;
	struct perf_event_attr attr;
	int *cpus, ncpus;
	pid_t *tasks;
	int ntasks;
};

/* ---- where to sample ---------------------------------------------------- */

static void
sampler_add_cpu(struct sampler_try *t, size_t *cap, long cpu)
{
	t->cpus = mem_grow(t->cpus, (size_t)t->ncpus, cap, sizeof(*t->cpus));
	t->cpus[t->ncpus++] = (int)cpu;
}

/* "0-3,8" */
static void
sampler_parse_cpus(struct sampler_try *t, char *p)
{
	long first, last;
	size_t cap = 0;

	while (isdigit((unsigned char)*p)) {
		first = last = strtol(p, &p, 10);
		if (*p == '-')
			last = strtol(p + 1, &p, 10);
		for (; first <= last && first < INT_MAX; first++)
			sampler_add_cpu(t, &cap, first);
		if (*p == ',')
			p++;
	}
}

static void
sampler_find_cpus(struct sampler_try *t)
{
	char text[4096];
	size_t cap = 0;
	int i;

	for (i = 0; i < t->plan->ncpus; i++)
		sampler_add_cpu(t, &cap, t->plan->cpus[i]);
	if (t->plan->cpus == NULL &&
	    posix_read(SAMPLER_ONLINE, text, sizeof(text)) > 0)
		sampler_parse_cpus(t, text);
	for (i = 0; t->ncpus == 0 && i < os_cpus_online(); i++)
		sampler_add_cpu(t, &cap, i);
}

static void
sampler_add_task(struct sampler_try *t, size_t *cap, pid_t task)
{
	t->tasks = mem_grow(t->tasks, (size_t)t->ntasks, cap,
	    sizeof(*t->tasks));
	t->tasks[t->ntasks++] = task;
}

/* The threads of this process but the first, which looks after them. */
static void
sampler_find_threads(struct sampler_try *t)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *ent;
	size_t cap = 0;
	long tid;

	while (dir != NULL && (ent = readdir(dir)) != NULL) {
		tid = strtol(ent->d_name, NULL, 10);
		if (tid > 0 && tid != (long)getpid())
			sampler_add_task(t, &cap, (pid_t)tid);
	}
	if (dir != NULL)
		closedir(dir);
}

static void
sampler_find_tasks(struct sampler_try *t)
{
	size_t cap = 0;
	int i;

	if (t->plan->scope != OS_SAMPLER_TASKS)
		sampler_add_task(t, &cap, -1);
	else if (t->plan->threads)
		sampler_find_threads(t);
	else
		for (i = 0; i < t->plan->ntasks; i++)
			if (t->plan->tasks[i] > 0)	/* 0 is the caller */
				sampler_add_task(t, &cap, t->plan->tasks[i]);
}

/* ---- events ------------------------------------------------------------- */

static void
sampler_attr(struct sampler_try *t)
{
	const struct os_sampler_plan *p = t->plan;
	const char *no = p->exclude != NULL ? p->exclude : "";
	struct perf_event_attr *a = &t->attr;

	memset(a, 0, sizeof(*a));
	a->size = sizeof(*a);
	a->type = p->type;
	a->config = p->config;
	a->config1 = p->config1;
	a->config2 = p->config2;
	a->freq = 1;
	a->sample_freq = p->rate_hz;
	a->sample_type = LINUX_RING_SAMPLE_TYPE;
	a->disabled = 1;
	a->inherit = p->scope == OS_SAMPLER_TASKS;
	a->comm = 1;
	a->comm_exec = 1;
	a->exclude_callchain_user = 1;
	/* Asking an event that is inherited is asking all heirs. */
	if (p->scope != OS_SAMPLER_TASKS)
		a->read_format = SAMPLER_FORMAT_LOST;
	a->exclude_user = strchr(no, 'u') != NULL;
	a->exclude_kernel = strchr(no, 'k') != NULL;
	a->exclude_hv = strchr(no, 'h') != NULL;
	a->exclude_guest = strchr(no, 'g') != NULL;
	a->exclude_idle = 1;
}

static int
sampler_try_event(struct sampler_try *t, pid_t task, int cpu)
{
	unsigned long flags = PERF_FLAG_FD_CLOEXEC;

	if (t->plan->scope == OS_SAMPLER_GROUP) {
		task = t->s->group_fd;
		flags |= PERF_FLAG_PID_CGROUP;
	}
	return linux_perf_calls_open(&t->attr, task, cpu, -1, flags);
}

/*
 * What the kernel may refuse and we can do without: counts of lost samples,
 * which are new; that the idle task is left out, which not every PMU can do;
 * and the kernel's own code, which not every user may see, of our own tasks.
 */
static bool
sampler_give_up(struct sampler_try *t, int step)
{
	struct perf_event_attr *a = &t->attr;
	bool may = errno == EACCES || errno == EPERM;

	if (step == 0 && errno == EINVAL)
		a->read_format = 0;
	else if (step == 1 && (errno == EINVAL || errno == EPERM ||
	    errno == EOPNOTSUPP))
		a->exclude_idle = 0;
	else if (step == 2 && may && t->plan->scope == OS_SAMPLER_TASKS &&
	    !a->exclude_user)
		a->exclude_kernel = 1;
	else
		return false;
	return true;
}

/* What was given up for one event is given up for all. */
static int
sampler_open_event(struct sampler_try *t, pid_t task, int cpu)
{
	int fd = sampler_try_event(t, task, cpu), first = errno, step;
	struct perf_event_attr before;

	for (step = 0; fd < 0 && step < 3; step++) {
		before = t->attr;
		errno = first;
		if (!sampler_give_up(t, step))
			continue;
		fd = sampler_try_event(t, task, cpu);
		if (fd < 0 && errno == first)
			t->attr = before;	/* it was not that */
		else if (fd < 0)
			first = errno;
	}
	if (fd < 0)
		errno = first;
	return fd;
}

static int
sampler_map(struct os_sampler *s, int fd)
{
	struct linux_ring *r = &s->rings[s->nrings];
	size_t page = os_page_size(), bytes = SAMPLER_RING_BYTES;

	for (; bytes >= page; bytes /= 2) {
		r->page = linux_perf_calls_map(fd, page + bytes);
		if (r->page != NULL)
			break;
		if (errno != EPERM && errno != ENOMEM)
			return -1;
	}
	if (r->page == NULL)
		return -1;
	r->data = (const unsigned char *)r->page + page;
	r->bytes = bytes;
	r->whole = s->whole;
	s->nrings++;
	return 0;
}

static void
sampler_add_fd(struct os_sampler *s, int fd)
{
	s->fds = mem_grow(s->fds, s->nfds, &s->fds_cap, sizeof(*s->fds));
	s->fds[s->nfds++] = fd;
}

/* A processor that went away, or a task: there is nothing to sample. */
static bool
sampler_is_gone(int errnum)
{
	return errnum == ENODEV || errnum == ESRCH;
}

/* The events of one processor, of which the first one has the ring. */
static int
sampler_open_cpu(struct sampler_try *t, int cpu, struct err *e)
{
	struct os_sampler *s = t->s;
	int i, fd, first = -1;

	for (i = 0; i < t->ntasks; i++) {
		fd = sampler_open_event(t, t->tasks[i], cpu);
		if (fd < 0 && sampler_is_gone(errno))
			continue;
		if (fd < 0)
			return linux_sampler_words_event(t->plan, e);
		sampler_add_fd(s, fd);
		if (first >= 0 ? linux_perf_calls_ioctl(fd,
		    PERF_EVENT_IOC_SET_OUTPUT,
		    (const void *)(uintptr_t)(unsigned)first) != 0 :
		    sampler_map(s, fd) != 0)
			return linux_sampler_words_ring(e);
		first = first < 0 ? fd : first;
	}
	return 0;
}

/*
 * When a task and a child of it take turns on a processor, the kernel saves
 * itself the exchange of their events if they are the same, and then the time
 * to the next sample begins anew each time: what forks often is hardly ever
 * sampled.  One event that is not inherited makes them differ.
 */
static void
sampler_tell_apart(struct sampler_try *t)
{
	struct os_sampler *s = t->s;
	struct perf_event_attr attr;
	int i, fd;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_DUMMY;
	attr.exclude_kernel = 1;
	for (i = 0; i < t->ntasks; i++) {
		fd = linux_perf_calls_open(&attr, t->tasks[i], -1, -1,
		    PERF_FLAG_FD_CLOEXEC);
		if (fd < 0)
			continue;
		sampler_add_fd(s, fd);
	}
}

static int
sampler_open_all(struct sampler_try *t, struct err *e)
{
	int i;

	if (t->plan->scope == OS_SAMPLER_GROUP) {
		t->s->group_fd = open(t->plan->group, O_RDONLY | O_DIRECTORY |
		    O_CLOEXEC);
		if (t->s->group_fd < 0) {
			e->num = errno;
			return err_errno(e, "cannot open the group %s",
			    t->plan->group);
		}
	}
	for (i = 0; i < t->ncpus; i++)
		if (sampler_open_cpu(t, t->cpus[i], e) != 0)
			return -1;
	if (t->plan->scope == OS_SAMPLER_TASKS)
		sampler_tell_apart(t);
	errno = ESRCH;
	return t->s->nrings > 0 ? 0 : linux_sampler_words_event(t->plan, e);
}

/*
 * What came of it.  The clocks leave the idle task out when told to, so that a
 * process 0 there is one that our namespace does not know.  Not so every PMU.
 */
static void
sampler_note(struct sampler_try *t)
{
	struct os_sampler *s = t->s;
	bool idle = t->plan->type != PERF_TYPE_SOFTWARE ||
	    !t->attr.exclude_idle;
	int i;

	s->counts_lost = t->attr.read_format != 0;
	s->user_only = t->attr.exclude_kernel && (t->plan->exclude == NULL ||
	    strchr(t->plan->exclude, 'k') == NULL);
	for (i = 0; i < s->nrings; i++) {
		s->rings[i].idle_pid_0 = idle;
		s->rings[i].skip_lost = s->counts_lost;
	}
}

struct os_sampler *
os_sampler_open(const struct os_sampler_plan *plan, struct err *e)
{
	struct sampler_try t = { .plan = plan };
	struct os_sampler *s;
	int rc;

	s = t.s = mem_zalloc(sizeof(*s));
	s->group_fd = -1;
	sampler_find_cpus(&t);
	sampler_find_tasks(&t);
	sampler_attr(&t);
	s->rings = mem_zalloc((size_t)t.ncpus * sizeof(*s->rings));
	s->whole = mem_zalloc(LINUX_RING_RECORD_MAX);
	rc = sampler_open_all(&t, e);
	sampler_note(&t);
	free(t.cpus);
	free(t.tasks);
	if (rc == 0)
		return s;
	os_sampler_close(s);
	return NULL;
}

const char *
os_sampler_without(const struct os_sampler *s)
{
	return s->user_only ? linux_sampler_words_user_only() : NULL;
}

/* ---- running ------------------------------------------------------------ */

static void
sampler_ioctl(struct os_sampler *s, unsigned long request)
{
	size_t i;

	for (i = 0; i < s->nfds; i++)
		linux_perf_calls_ioctl(s->fds[i], request, NULL);
}

void
os_sampler_enable(struct os_sampler *s)
{
	sampler_ioctl(s, PERF_EVENT_IOC_ENABLE);
}

/* Events that are not running are read without a call to their CPU. */
static uint64_t
sampler_lost(const struct os_sampler *s)
{
	uint64_t v[2], sum = 0;	/* the count, and how many were lost */
	size_t i;

	for (i = 0; s->counts_lost && i < s->nfds; i++)
		if (linux_perf_calls_read(s->fds[i], v, sizeof(v)) ==
		    sizeof(v))
			sum += v[1];
	return sum;
}

void
os_sampler_disable(struct os_sampler *s)
{
	uint64_t lost;

	sampler_ioctl(s, PERF_EVENT_IOC_DISABLE);
	lost = sampler_lost(s);
	s->lost_new += lost - s->lost;
	s->lost = lost;
}

void
os_sampler_drain(struct os_sampler *s, const struct os_sampler_sink *sink,
    void *arg)
{
	int i;

	for (i = 0; i < s->nrings; i++)
		linux_ring_look(&s->rings[i]);
	for (i = 0; sink != NULL && i < s->nrings; i++)
		linux_ring_execs(&s->rings[i], sink, arg);
	for (i = 0; i < s->nrings; i++) {
		if (sink != NULL)
			linux_ring_samples(&s->rings[i], sink, arg);
		else
			linux_ring_drop(&s->rings[i]);
	}
	if (sink != NULL && s->lost_new > 0)
		sink->lost(arg, s->lost_new);
	s->lost_new = 0;
}

void
os_sampler_close(struct os_sampler *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < (size_t)s->nrings; i++)
		linux_perf_calls_unmap(s->rings[i].page, os_page_size() +
		    s->rings[i].bytes);
	for (i = 0; i < s->nfds; i++)
		linux_perf_calls_close(s->fds[i]);
	if (s->group_fd >= 0)
		close(s->group_fd);
	free(s->rings);
	free(s->fds);
	free(s->whole);
	free(s);
}
