/* SPDX-License-Identifier: BSD-2-Clause */
/* The responsiveness probe: its rounds, its ring, and the process itself. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "observe/probe.h"
#include "os/os.h"

#define MS UINT64_C(1000000)

static struct probe p;

/* What was missed is not made up for. */
static void
test_next(void **state)
{
	(void)state;
	assert_int_equal(probe_next(100 * MS, 100 * MS + 5), 110 * MS);
	assert_int_equal(probe_next(100 * MS, 109 * MS), 110 * MS);
	assert_int_equal(probe_next(100 * MS, 110 * MS), 120 * MS);
	assert_int_equal(probe_next(100 * MS, 3104 * MS), 3110 * MS);
	/* A clock that stands still does not hold it up. */
	assert_int_equal(probe_next(100 * MS, 99 * MS), 110 * MS);
}

static void
put(uint64_t due_ns)
{
	uint64_t n = atomic_load(&p.put);

	memset(&p.ring[n % PROBE_ROUNDS], 0, sizeof(p.ring[0]));
	p.ring[n % PROBE_ROUNDS].due_ns = due_ns;
	atomic_store(&p.put, n + 1);
}

static void
test_take_in_order(void **state)
{
	struct probe_round r;
	uint64_t i, seen = 0;

	(void)state;
	memset(&p, 0, sizeof(p));
	assert_false(probe_take(&p, &r));
	for (i = 1; i <= 3 * PROBE_ROUNDS; i++) {
		put(i);
		if (i % 100 == 0)
			while (probe_take(&p, &r))
				assert_int_equal(r.due_ns, ++seen);
	}
	while (probe_take(&p, &r))
		assert_int_equal(r.due_ns, ++seen);
	assert_int_equal(seen, 3 * PROBE_ROUNDS);
}

static void
under_way(uint64_t due_ns, uint64_t woke_ns, uint64_t forked_ns)
{
	memset(&p, 0, sizeof(p));
	atomic_store(&p.due_ns, due_ns);
	atomic_store(&p.woke_ns, woke_ns);
	atomic_store(&p.forked_ns, forked_ns);
}

static void
expect_round(const struct probe_round *r, uint64_t due_ns, uint64_t woke_ns,
    uint64_t forked_ns, uint64_t read_ns)
{
	assert_int_equal(r->due_ns, due_ns);
	assert_int_equal(r->woke_ns, woke_ns);
	assert_int_equal(r->forked_ns, forked_ns);
	assert_int_equal(r->read_ns, read_ns);
	assert_false(r->refused);
}

/* Stuck in each of its parts at 900; the times before are of a round before. */
static void
test_under_way(void **state)
{
	struct probe_round last = { 100, 110, 120, 130, false }, r;

	(void)state;
	under_way(200, 110, 120);
	assert_true(probe_under_way(&p, &last, 900, &r));
	expect_round(&r, 200, 900, 900, 900);
	under_way(200, 210, 120);
	assert_true(probe_under_way(&p, &last, 900, &r));
	expect_round(&r, 200, 210, 900, 900);
	under_way(200, 210, 220);
	assert_true(probe_under_way(&p, &last, 900, &r));
	expect_round(&r, 200, 210, 220, 900);
}

static void
test_not_under_way(void **state)
{
	struct probe_round last = { 0 }, r;

	(void)state;
	/* It has not begun. */
	under_way(0, 0, 0);
	assert_false(probe_under_way(&p, &last, 900, &r));
	/* It sleeps. */
	under_way(901, 110, 120);
	assert_false(probe_under_way(&p, &last, 900, &r));
	under_way(900, 110, 120);
	assert_false(probe_under_way(&p, &last, 900, &r));
}

/* Interrupted before it could say when the next round is due. */
static void
test_under_way_unsaid(void **state)
{
	struct probe_round last = { 100 * MS, 101 * MS, 102 * MS, 123 * MS,
	    false };
	struct probe_round r;

	(void)state;
	under_way(100 * MS, 101 * MS, 102 * MS);
	assert_false(probe_under_way(&p, &last, 129 * MS, &r));
	assert_true(probe_under_way(&p, &last, 500 * MS, &r));
	expect_round(&r, 130 * MS, 500 * MS, 500 * MS, 500 * MS);
}

/* ---- the process -------------------------------------------------------- */

static struct probe *
shared_probe(void)
{
	struct probe *q = mmap(NULL, sizeof(*q), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);

	assert_true(q != MAP_FAILED);
	return q;
}

static pid_t
start(struct probe *q, const char *file, void (*before)(void))
{
	pid_t parent = getpid(), pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (before != NULL)
			before();
		probe_run(q, parent, file);
		_exit(7);
	}
	return pid;
}

/* The next round, or a failure after far too long a time. */
static void
take(struct probe *q, struct probe_round *r)
{
	uint64_t until_ns = os_now_ns() + 60000 * MS;

	while (!probe_take(q, r)) {
		if (os_now_ns() > until_ns)
			fail_msg("no round in a minute");
		os_sleep_until(os_now_ns() + MS);
	}
}

static void
finish(struct probe *q, pid_t pid)
{
	int status;

	probe_stop(q);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	munmap(q, sizeof(*q));
}

static void
test_run(void **state)
{
	struct probe *q = shared_probe();
	pid_t pid = start(q, "/dev/null", NULL);
	uint64_t before_ns, due_ns = 0;
	struct probe_round r;
	int i;

	(void)state;
	before_ns = os_now_ns();
	probe_go(q);
	for (i = 0; i < 5; i++) {
		take(q, &r);
		assert_true(r.due_ns > before_ns);
		assert_true(r.due_ns <= r.woke_ns);
		assert_true(r.woke_ns < r.forked_ns);
		assert_true(r.forked_ns < r.read_ns);
		assert_true(r.read_ns < os_now_ns());
		assert_false(r.refused);
		if (due_ns != 0) {
			assert_true(r.due_ns > due_ns);
			assert_int_equal((r.due_ns - due_ns) % PROBE_PERIOD_NS,
			    0);
		}
		due_ns = r.due_ns;
	}
	finish(q, pid);
}

/* At rest it does nothing, and it can be told to stop at once. */
static void
test_run_not(void **state)
{
	struct probe *q = shared_probe();
	pid_t pid = start(q, NULL, NULL);
	struct probe_round r;

	(void)state;
	os_sleep_until(os_now_ns() + 50 * MS);
	assert_false(probe_take(q, &r));
	assert_int_equal(atomic_load(&q->due_ns), 0);
	finish(q, pid);
}

/* Neither a file that is not there nor a fork that is refused ends it. */
static void
test_run_refused(void **state)
{
	struct probe *q = shared_probe();
	pid_t pid = start(q, "/nowhere/at/all", NULL);
	struct probe_round r;

	(void)state;
	probe_go(q);
	take(q, &r);
	assert_true(r.refused);
	take(q, &r);
	assert_true(r.refused);
	finish(q, pid);
}

/* No process more; root is exempt from the limit and becomes somebody. */
static void
forbid_fork(void)
{
	const struct rlimit none = { 0, 0 };

	if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		_exit(1);
	if (setrlimit(RLIMIT_NPROC, &none) != 0)
		_exit(1);
}

static void
test_run_cannot_fork(void **state)
{
	struct probe *q = shared_probe();
	pid_t pid = start(q, NULL, forbid_fork);
	struct probe_round r;

	(void)state;
	probe_go(q);
	take(q, &r);
	assert_true(r.refused);
	assert_int_equal(r.forked_ns, r.read_ns);
	finish(q, pid);
}

/* A reader that does not come costs rounds, and they are counted. */
static void
test_ring_is_full(void **state)
{
	struct probe *q = shared_probe();
	uint64_t until_ns = os_now_ns() + 60000 * MS;
	struct probe_round r;
	pid_t pid;

	(void)state;
	atomic_store(&q->put, PROBE_ROUNDS);
	q->ring[0].due_ns = 17;
	pid = start(q, NULL, NULL);
	probe_go(q);
	while (atomic_load(&q->lost) < 2 && os_now_ns() < until_ns)
		os_sleep_until(os_now_ns() + MS);
	assert_true(atomic_load(&q->lost) >= 2);
	assert_int_equal(atomic_load(&q->put), PROBE_ROUNDS);
	assert_true(probe_take(q, &r));
	assert_int_equal(r.due_ns, 17);
	while (atomic_load(&q->put) == PROBE_ROUNDS && os_now_ns() < until_ns)
		os_sleep_until(os_now_ns() + MS);
	assert_int_equal(atomic_load(&q->put), PROBE_ROUNDS + 1);
	finish(q, pid);
}

/* Its parent is gone: there is nobody to tell. */
static void
test_orphan(void **state)
{
	struct probe *q = shared_probe();
	int fds[2], status;
	char none;
	pid_t pid;

	(void)state;
	assert_int_equal(os_pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		start(q, NULL, NULL);
		_exit(0);
	}
	close(fds[1]);
	probe_go(q);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* The end of the pipe is the end of all who hold it. */
	assert_int_equal(read(fds[0], &none, 1), 0);
	close(fds[0]);
	munmap(q, sizeof(*q));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_take_in_order),
		cmocka_unit_test(test_under_way),
		cmocka_unit_test(test_not_under_way),
		cmocka_unit_test(test_under_way_unsaid),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_run_not),
		cmocka_unit_test(test_run_refused),
		cmocka_unit_test(test_run_cannot_fork),
		cmocka_unit_test(test_ring_is_full),
		cmocka_unit_test(test_orphan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
