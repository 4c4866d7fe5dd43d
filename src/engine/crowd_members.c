/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes on in the processes of a crowd: the builder, which is a partner
 * task of the worker; leaders of groups; members.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/crowd.h"

void
crowd_ring(int fd)
{
	while (write(fd, "!", 1) == -1 && errno == EINTR)
		continue;
}

/* ---- gates -------------------------------------------------------------- */

/* Memory that only those pay for that record. */
struct histogram *
crowd_histogram(const struct vms_worker *w, struct histogram *own)
{
	const struct crowd *c = crowd_of(w);
	struct histogram *h;

	if (c == NULL || c->self == NULL)
		return own;
	if (c->self->latency == NULL) {
		h = mmap(NULL, sizeof(*h), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANON, -1, 0);
		if (h == MAP_FAILED)
			return NULL;
		c->self->latency = h;
	}
	return c->self->latency;
}

static void
crowd_hand_in(const struct crowd *c)
{
	if (c->self->latency != NULL)
		histogram_hand_in(&c->shared->latency, c->self->latency);
}

void
crowd_arrive(struct vms_worker *w)
{
	const struct crowd *c = crowd_of(w);
	struct crowd_shared *sh = c->shared;

	crowd_hand_in(c);
	c->self->gate++;
	if (atomic_fetch_add(&sh->arrived, 1) + 1 == crowd_wanted(sh))
		crowd_ring(atomic_load(&sh->built) ? c->news[1] : c->turn[1]);
}

bool
crowd_pass(struct vms_worker *w)
{
	const struct crowd *c = crowd_of(w);
	int gate = c->self->gate, rc = 1;
	char byte;

	if (gate >= c->plan.gates)
		return false;
	crowd_arrive(w);
	if (c->self->children > 0)
		rc = crowd_hear(w, -1, c->gate[gate][0], CROWD_LOOK_PARENT);
	else
		while (read(c->gate[gate][0], &byte, 1) == -1 && errno == EINTR)
			continue;
	c->self->lost = rc != 1 ||
	    atomic_load(&c->shared->opened) <= (uint32_t)gate;
	return !c->self->lost;
}

/* ---- the end of a process ----------------------------------------------- */

static bool
crowd_abandoned(const struct crowd *c)
{
	return atomic_load(&c->shared->opened) < (uint32_t)c->plan.gates;
}

/*
 * All children end well, or the launch fails.  When it is being abandoned,
 * those of a leader are made to end: nobody else would know of them.
 */
static int
crowd_reap(struct vms_worker *w, const struct crowd *c)
{
	bool over = crowd_abandoned(c);
	uint64_t i, reaped = 0;
	int status, rc = 0;
	pid_t pid;

	for (i = 0; over && i < c->self->listed; i++)
		kill(c->self->child[i], SIGKILL);
	while ((pid = waitpid(-1, &status, 0)) != -1 || errno == EINTR) {
		reaped += pid != -1;
		if (pid == -1 || status == 0 || over)
			continue;
		errno = 0;
		rc = vms_fail(w, "process %ld of the crowd ended with wait "
		    "status %d", (long)pid, status);
	}
	errno = 0;
	if (rc == 0 && !over && reaped != c->self->children)
		rc = vms_fail(w, "%llu of %llu children were there to be reaped",
		    (unsigned long long)reaped,
		    (unsigned long long)c->self->children);
	return rc;
}

/* A process that is no member is through, with what crowd_hear() returned. */
static int
crowd_leave(struct vms_worker *w, int heard)
{
	const struct crowd *c = crowd_of(w);

	if (c->self->children > 0 && crowd_reap(w, c) != 0)
		return -1;
	return heard < 0 ? -1 : 0;
}

/* A member has returned: it was at every gate, or had a reason not to be. */
static int
crowd_leave_member(struct vms_worker *w, int rc)
{
	const struct crowd *c = crowd_of(w);

	crowd_hand_in(c);
	if (rc != 0) {
		errno = 0;
		rc = vms_fail(w, "a member of the crowd returned %d", rc);
	} else if (c->self->gate < c->plan.gates && !c->self->lost &&
	    !vms_stopping(w)) {
		errno = 0;
		rc = vms_fail(w, "a member of the crowd returned at gate %d of "
		    "%d", c->self->gate, c->plan.gates);
	}
	return crowd_leave(w, rc);
}

/* ---- growth ------------------------------------------------------------- */

/* May there be so many more, in every worker? */
static bool
crowd_may_grow(struct vms_worker *w, uint64_t made, uint64_t more)
{
	const struct crowd *c = crowd_of(w);
	const struct vms_crowd_plan *p = &c->plan;
	uint64_t extra = p->group > 0 && !p->leader_is_member ? 1 : 0;
	uint64_t bytes = p->bytes != NULL ? p->bytes(w, made, more) :
	    (more + extra) * p->member_bytes;

	if (vms_stopping(w))
		return false;
	if (vms_room(w->cell, (uint64_t)w->cell->workers * bytes))
		return true;
	atomic_store(&c->shared->no_room, true);
	return false;
}

/* A member is counted before it is made, and asks for a hundred. */
static bool
crowd_may_add(struct vms_worker *w)
{
	struct crowd_shared *sh = crowd_of(w)->shared;
	uint64_t made = atomic_fetch_add(&sh->made, 1);

	if (!vms_stopping(w) && !atomic_load(&sh->no_room) &&
	    atomic_load(&sh->errnum) == 0 &&
	    (made % VMS_CROWD_GROUP != 0 ||
	    crowd_may_grow(w, made, VMS_CROWD_GROUP)))
		return true;
	atomic_fetch_sub(&sh->made, 1);
	return false;
}

pid_t
crowd_fork(struct vms_worker *w)
{
	const struct crowd *c = crowd_of(w);
	struct crowd_self *self = c->self;
	bool growing = c->plan.group == 0;
	pid_t pid;

	if (growing ? !crowd_may_add(w) : vms_stopping(w) ||
	    self->listed == self->room)
		return -1;
	pid = fork();
	if (pid == 0) {
		self->children = self->listed = 0;
		self->forked = true;
		return 0;
	}
	if (pid == -1) {
		atomic_store(&c->shared->errnum, errno);
		if (growing)
			atomic_fetch_sub(&c->shared->made, 1);
		return -1;
	}
	if (!growing)
		self->child[self->listed++] = pid;
	self->children++;
	return pid;
}

/* ---- a group ------------------------------------------------------------ */

/* A group that has not become whole is as if it had never been. */
static void
crowd_dissolve(struct vms_worker *w, const struct crowd *c, int errnum)
{
	struct crowd_shared *sh = c->shared;
	uint64_t i;

	if (atomic_load(&sh->errnum) == 0 && !vms_stopping(w)) {
		atomic_store(&sh->fill_refused, true);
		atomic_store(&sh->errnum, errnum);
	}
	for (i = 0; i < c->self->listed; i++)
		kill(c->self->child[i], SIGKILL);
	while (waitpid(-1, NULL, 0) != -1 || errno == EINTR)
		continue;
	c->self->children = c->self->listed = 0;
	atomic_store(&sh->target, CROWD_UNKNOWN);
	atomic_store(&sh->arrived, atomic_load(&sh->made));
}

/* Returns in the leader 0; in a member what it exits with. */
static int
crowd_fill(struct vms_worker *w, uint64_t first, uint64_t n)
{
	const struct crowd *c = crowd_of(w);
	struct crowd_self *self = c->self;
	int rc;

	atomic_store(&c->shared->target, first + n);
	rc = c->plan.fill(w, first, n);
	if (self->forked)
		return crowd_leave_member(w, rc);
	if (rc != 0)
		crowd_dissolve(w, c, errno);
	else
		atomic_fetch_add(&c->shared->made, self->children);
	errno = 0;
	if (rc == 0 && self->children != n)
		vms_fail(w, "a group of %llu members has %llu",
		    (unsigned long long)n, (unsigned long long)self->children);
	return 0;
}

static int
crowd_group(struct vms_worker *w, uint64_t first, uint64_t n)
{
	const struct crowd *c = crowd_of(w);
	uint64_t i = c->plan.leader_is_member ? 1 : 0;
	pid_t pid = 1;

	for (; i < n; i++) {
		pid = crowd_fork(w);
		if (pid <= 0)
			break;
	}
	if (pid == 0)
		return crowd_leave_member(w, c->plan.member(w, first + i));
	atomic_fetch_add(&c->shared->made, i);
	return 0;
}

/* The leader: make a group, pass the turn on, stay, see its end. */
static int
crowd_lead(struct vms_worker *w, uint64_t first, uint64_t n)
{
	struct crowd *c = crowd_of(w);
	struct crowd_self self = { .child = c->pids + first, .room = n };
	int rc;

	c->self = &self;
	rc = c->plan.fill != NULL ? crowd_fill(w, first, n) :
	    crowd_group(w, first, n);
	if (self.forked)
		return rc;
	atomic_fetch_add(&c->shared->turns, 1);
	crowd_ring(c->turn[1]);
	if (c->plan.leader_is_member)
		return crowd_leave_member(w, c->plan.member(w, first));
	rc = crowd_hear(w, -1, c->gate[c->plan.gates - 1][0],
	    CROWD_LOOK_PARENT);
	return crowd_leave(w, rc);
}

/* ---- the builder -------------------------------------------------------- */

/*
 * Until the leader is through; one that makes its group as a whole also sees
 * all of it at the gate.
 */
static int
crowd_await_turn(struct vms_worker *w, const struct crowd *c, uint64_t turns)
{
	const struct crowd_shared *sh = c->shared;
	char bytes[16];
	int rc = 1;

	while (rc == 1 && (atomic_load(&sh->turns) < turns ||
	    (c->plan.fill != NULL &&
	    atomic_load(&sh->arrived) != atomic_load(&sh->made)))) {
		rc = crowd_hear(w, -1, c->turn[0], CROWD_LOOK);
		if (rc == 1 && read(c->turn[0], bytes, sizeof(bytes)) <= 0)
			rc = vms_fail(w, "cannot read from a pipe");
	}
	return rc;
}

/* One group after the other: one process forks at a time. */
static int
crowd_build(struct vms_worker *w)
{
	const struct crowd *c = crowd_of(w);
	struct crowd_shared *sh = c->shared;
	uint64_t made, left, n;
	int rc = 1;
	pid_t pid;

	while (rc == 1 && (made = atomic_load(&sh->made)) < c->plan.members &&
	    atomic_load(&sh->errnum) == 0) {
		left = c->plan.members - made;
		n = left < c->plan.group ? left : c->plan.group;
		if (!crowd_may_grow(w, made, n))
			break;
		pid = fork();
		if (pid == 0)
			_exit(crowd_lead(w, made, n) != 0);
		if (pid == -1) {
			atomic_store(&sh->errnum, errno);
			break;
		}
		rc = crowd_await_turn(w, c, ++c->self->children);
	}
	return rc;
}

/* The worker waits for all that were made to be at the first gate. */
static void
crowd_built(const struct crowd *c)
{
	struct crowd_shared *sh = c->shared;

	atomic_store(&sh->target, atomic_load(&sh->made));
	atomic_store(&sh->built, true);
	if (atomic_load(&sh->arrived) == atomic_load(&sh->made))
		crowd_ring(c->news[1]);
}

/* It does not count: it makes the crowd and sees its end. */
int
crowd_builder(void *worker)
{
	struct crowd_self self = { .children = 0 };
	struct vms_worker *w = worker;
	struct crowd *c = crowd_of(w);
	int g, rc = 1;

	c->self = &self;
	for (g = 0; g < c->plan.gates; g++)
		close(c->gate[g][1]);
	close(c->news[0]);
	if (c->plan.group > 0)
		rc = crowd_build(w);
	else if (crowd_fork(w) == 0)
		return crowd_leave_member(w, c->plan.member(w, 0));
	crowd_built(c);
	if (rc == 1)
		rc = crowd_hear(w, -1, c->gate[c->plan.gates - 1][0],
		    CROWD_LOOK);
	return crowd_leave(w, rc);
}
