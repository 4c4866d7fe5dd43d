/* SPDX-License-Identifier: BSD-2-Clause */
/* The responsiveness probe; see probe.h. */
#include "config.h"

#include "observe/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"

#define PROBE_LOOK_NS UINT64_C(1000000000)

/* ---- the process ------------------------------------------------------ */

/* False: the system refused. */
static bool
probe_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid < 0)
		return false;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return true;
}

static bool
probe_read(const char *file)
{
	char block[4096];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = read(fd, block, sizeof(block)) >= 0;
	close(fd);
	return ok;
}

static void
probe_put(struct probe *p, const struct probe_round *r)
{
	uint64_t put = atomic_load(&p->put);

	if (put - atomic_load(&p->taken) == PROBE_ROUNDS) {
		atomic_fetch_add(&p->lost, 1);
		return;
	}
	p->ring[put % PROBE_ROUNDS] = *r;
	atomic_store(&p->put, put + 1);
}

static void
probe_round(struct probe *p, uint64_t due_ns, const char *file,
    struct probe_round *r)
{
	r->due_ns = due_ns;
	while (os_now_ns() < due_ns)
		os_sleep_until(due_ns);
	r->woke_ns = os_now_ns();
	atomic_store(&p->woke_ns, r->woke_ns);
	r->refused = !probe_fork();
	r->forked_ns = r->read_ns = os_now_ns();
	atomic_store(&p->forked_ns, r->forked_ns);
	if (file == NULL)
		return;
	r->refused |= !probe_read(file);
	r->read_ns = os_now_ns();
}

void
probe_run(struct probe *p, pid_t parent, const char *file)
{
	struct probe_round r;
	uint64_t due_ns;

	while (atomic_load(&p->order) == PROBE_REST && getppid() == parent)
		os_wait(&p->order, PROBE_REST, PROBE_LOOK_NS);
	due_ns = os_now_ns() + PROBE_PERIOD_NS;
	while (atomic_load(&p->order) == PROBE_GO && getppid() == parent) {
		atomic_store(&p->due_ns, due_ns);
		probe_round(p, due_ns, file, &r);
		probe_put(p, &r);
		due_ns = probe_next(due_ns, r.read_ns);
	}
}

/* ---- who reads it ------------------------------------------------------ */

void
probe_go(struct probe *p)
{
	atomic_store(&p->order, PROBE_GO);
	os_wake(&p->order, 1);
}

void
probe_stop(struct probe *p)
{
	atomic_store(&p->order, PROBE_STOP);
	os_wake(&p->order, 1);
}

bool
probe_take(struct probe *p, struct probe_round *r)
{
	uint64_t taken = atomic_load(&p->taken);

	if (atomic_load(&p->put) == taken)
		return false;
	*r = p->ring[taken % PROBE_ROUNDS];
	atomic_store(&p->taken, taken + 1);
	return true;
}

/*
 * The probe may have been interrupted between putting a round into the ring
 * and saying when the next one is due: then that follows from the last one.
 */
bool
probe_under_way(const struct probe *p, const struct probe_round *last,
    uint64_t now_ns, struct probe_round *r)
{
	uint64_t woke_ns = atomic_load(&p->woke_ns);
	uint64_t forked_ns = atomic_load(&p->forked_ns);
	uint64_t due_ns = atomic_load(&p->due_ns);

	if (due_ns != 0 && due_ns == last->due_ns)
		due_ns = probe_next(due_ns, last->read_ns);
	if (due_ns == 0 || due_ns >= now_ns)
		return false;
	r->due_ns = due_ns;
	r->refused = false;
	/* Times of an earlier round say that this one is not as far. */
	r->woke_ns = woke_ns >= due_ns && woke_ns < now_ns ? woke_ns : now_ns;
	r->forked_ns = forked_ns >= r->woke_ns && forked_ns < now_ns ?
	    forked_ns : now_ns;
	r->read_ns = now_ns;
	return true;
}

uint64_t
probe_next(uint64_t due_ns, uint64_t over_ns)
{
	uint64_t periods = over_ns > due_ns ?
	    (over_ns - due_ns) / PROBE_PERIOD_NS : 0;

	return due_ns + (periods + 1) * PROBE_PERIOD_NS;
}
