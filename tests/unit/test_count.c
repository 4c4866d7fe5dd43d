/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting events (observe/count.c and os/linux_counter.c) on a machine that
 * is made up: the system calls for perf events are the ones below.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "observe/count.h"
#include "no_rings.h"
#include "os/linux_perf_calls.h"

#define FIRST_FD 100
#define FDS_MAX 20000

/* ---- the machine ------------------------------------------------------- */

static struct counter {
	bool open, enabled;
	struct perf_event_attr attr;
	pid_t pid;
	int cpu;
	unsigned long flags;
	uint64_t value[3];	/* raw, enabled, running */
	size_t short_by;	/* so much is missing when it is read */
	int read_errno;
} fds[FDS_MAX];
static int opened, closed, tries;
static int fds_max;		/* what the machine has; the limit is checked, too */
static bool obey_limit;
static char filter[64];

/* The errno of an attempt to open, or 0. */
static int (*refuse)(const struct perf_event_attr *, pid_t, int,
    unsigned long);

static bool
over_limit(int n)
{
	struct rlimit rl;

	if (n >= fds_max)
		return true;
	return obey_limit && getrlimit(RLIMIT_NOFILE, &rl) == 0 &&
	    (rlim_t)(n + FIRST_FD) >= rl.rlim_cur;
}

int
linux_perf_calls_open(const struct perf_event_attr *attr, pid_t pid, int cpu,
    int group_fd, unsigned long flags)
{
	int i, errnum;

	tries++;
	assert_int_equal(group_fd, -1);
	assert_true((flags & PERF_FLAG_FD_CLOEXEC) != 0);
	errnum = refuse != NULL ? refuse(attr, pid, cpu, flags) : 0;
	for (i = 0; errnum == 0 && fds[i].open; i++)
		continue;
	if (errnum == 0 && over_limit(i))
		errnum = EMFILE;
	if (errnum != 0) {
		errno = errnum;
		return -1;
	}
	fds[i] = (struct counter){ .open = true, .attr = *attr, .pid = pid,
	    .cpu = cpu, .flags = flags };
	opened++;
	return FIRST_FD + i;
}

static struct counter *
of_fd(int fd)
{
	assert_in_range(fd, FIRST_FD, FIRST_FD + FDS_MAX - 1);
	assert_true(fds[fd - FIRST_FD].open);
	return &fds[fd - FIRST_FD];
}

int
linux_perf_calls_ioctl(int fd, unsigned long request, const void *arg)
{
	struct counter *c = of_fd(fd);

	/* Never: it leaves the counts of descendants. */
	assert_int_not_equal(request, PERF_EVENT_IOC_RESET);
	if (request == PERF_EVENT_IOC_SET_FILTER) {
		strncpy(filter, arg, sizeof(filter) - 1);
		errno = EINVAL;
		return strcmp(filter, "nonsense") == 0 ? -1 : 0;
	}
	c->enabled = request == PERF_EVENT_IOC_ENABLE;
	return 0;
}

ssize_t
linux_perf_calls_read(int fd, void *buf, size_t len)
{
	const struct counter *c = of_fd(fd);

	assert_int_equal(len, sizeof(c->value));
	if (c->read_errno != 0) {
		errno = c->read_errno;
		return -1;
	}
	memcpy(buf, c->value, len - c->short_by);
	return (ssize_t)(len - c->short_by);
}

void
linux_perf_calls_close(int fd)
{
	of_fd(fd)->open = false;
	closed++;
}

static int
reset_machine(void **state)
{
	(void)state;
	memset(fds, 0, sizeof(fds));
	opened = closed = tries = 0;
	fds_max = FDS_MAX;
	obey_limit = false;
	refuse = NULL;
	filter[0] = '\0';
	return 0;
}

/* The counters of a row go on. */
static void
advance(const struct count *c, int event, int place, uint64_t raw,
    uint64_t enabled_ns, uint64_t running_ns)
{
	struct counter *x = of_fd(c->rows[event].fd[place]);

	assert_true(x->enabled);
	x->value[0] += raw;
	x->value[1] += enabled_ns;
	x->value[2] += running_ns;
}

/* ---- what is counted in most tests -------------------------------------- */

static const int cpus[] = { 0, 1 };
static const struct count_places on_cpus = {
	.cpus = cpus, .n = 2, .group_fd = -1
};
static const pid_t tasks[] = { 71, 72 };
static const struct count_places on_tasks = {
	.task = true, .tasks = tasks, .n = 2, .group_fd = -1
};
static const struct count_event cycles = {
	.os = { .type = PERF_TYPE_HARDWARE, .exclude = "uhg" }
};

static void
begin(struct count *c, const struct count_event *events, int n,
    const struct count_places *places)
{
	count_open(c, events, n, places);
	count_read(c);
	count_enable(c);
}

static void
all_closed(struct count *c)
{
	count_free(c);
	assert_int_equal(opened, closed);
}

/* ---- tests --------------------------------------------------------------- */

static void
test_ok(void **state)
{
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, &cycles, 1, &on_cpus);
	assert_int_equal(fds[0].pid, -1);
	assert_int_equal(fds[0].cpu, 0);
	assert_int_equal(fds[1].cpu, 1);
	assert_int_equal(fds[0].attr.disabled, 1);
	assert_int_equal(fds[0].attr.inherit, 0);
	assert_int_equal(fds[0].attr.exclude_user, 1);
	assert_int_equal(fds[0].attr.exclude_kernel, 0);
	assert_int_equal(fds[0].attr.exclude_hv, 1);
	assert_int_equal(fds[0].attr.exclude_guest, 1);
	assert_int_equal(fds[0].attr.exclude_idle, 0);
	advance(&c, 0, 0, 1000, 50, 50);
	advance(&c, 0, 1, 3, 50, 50);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 1003);
	assert_int_equal(r.raw, 1003);
	assert_int_equal(r.enabled_ns, 100);
	assert_int_equal(r.each[0], 1000);
	assert_int_equal(r.each[1], 3);
	free(r.each);
	/* The next stretch has what came since. */
	advance(&c, 0, 1, 4, 10, 10);
	count_disable(&c);
	assert_false(fds[0].enabled || fds[1].enabled);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.value, 4);
	assert_int_equal(r.running_ns, 10);
	assert_int_equal(r.each[0], 0);
	free(r.each);
	all_closed(&c);
}

/* Each place is scaled by its own time. */
static void
test_multiplexed(void **state)
{
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, &cycles, 1, &on_cpus);
	advance(&c, 0, 0, 1000, 4000000000, 1000000000);
	advance(&c, 0, 1, 5, 100, 100);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_SCALED);
	assert_string_equal(count_status_name(r.status), "scaled");
	assert_int_equal(r.value, 4005);
	assert_int_equal(r.raw, 1005);
	assert_int_equal(r.enabled_ns, 4000000100);
	assert_int_equal(r.running_ns, 1000000100);
	assert_int_equal(r.each[0], 4000);
	assert_int_equal(r.each[1], 5);
	free(r.each);
	/* A product that is beyond 64 bits. */
	advance(&c, 0, 0, UINT64_C(1) << 61, UINT64_C(1) << 40,
	    UINT64_C(1) << 39);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.each[0], UINT64_C(1) << 62);
	free(r.each);
	all_closed(&c);
}

/* Of a CPU where it never had a turn nobody knows: there is no list. */
static void
test_starved_place(void **state)
{
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, &cycles, 1, &on_cpus);
	advance(&c, 0, 0, 600, 100, 100);
	advance(&c, 0, 1, 0, 100, 0);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_SCALED);
	assert_int_equal(r.value, 1200);
	assert_int_equal(r.raw, 600);
	assert_null(r.each);
	all_closed(&c);
}

/* A group that did not run on a CPU has done nothing there, and that is 0. */
static void
test_group(void **state)
{
	struct count_places places = on_cpus;
	struct count_result r;
	struct count c;

	(void)state;
	places.group_fd = 55;
	begin(&c, &cycles, 1, &places);
	/* Two that never happen, and are on all the time. */
	assert_int_equal(opened, 4);
	assert_int_equal(fds[0].attr.type, PERF_TYPE_SOFTWARE);
	assert_int_equal(fds[0].attr.config, PERF_COUNT_SW_DUMMY);
	assert_int_equal(fds[2].pid, 55);
	assert_int_equal(fds[3].cpu, 1);
	assert_true((fds[2].flags & PERF_FLAG_PID_CGROUP) != 0);
	advance(&c, 0, 0, 600, 100, 100);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 600);
	assert_int_equal(r.each[1], 0);
	free(r.each);
	count_disable(&c);
	assert_true(fds[0].enabled && fds[1].enabled);
	all_closed(&c);
}

static void
test_tasks(void **state)
{
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, &cycles, 1, &on_tasks);
	assert_int_equal(fds[0].pid, 71);
	assert_int_equal(fds[1].pid, 72);
	assert_int_equal(fds[0].cpu, -1);
	assert_int_equal(fds[0].attr.inherit, 1);
	advance(&c, 0, 0, 10, 100, 100);
	advance(&c, 0, 1, 30, 300, 300);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 40);
	assert_int_equal(r.each[1], 30);
	free(r.each);
	all_closed(&c);
}

static void
test_not_counted(void **state)
{
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, &cycles, 1, &on_tasks);
	advance(&c, 0, 0, 0, 100, 0);
	advance(&c, 0, 1, 0, 100, 0);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_NOT_COUNTED);
	assert_non_null(strstr(r.reason, "other events"));
	assert_null(r.each);
	/* Nothing ran at all: that is no measured 0 either. */
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_NOT_COUNTED);
	assert_non_null(strstr(r.reason, "has run"));
	/* Counts whose times come in the next reading. */
	advance(&c, 0, 0, 70, 0, 0);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 70);
	free(r.each);
	/* And then it counts again. */
	advance(&c, 0, 1, 7, 100, 100);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 7);
	free(r.each);
	all_closed(&c);
}

/* Cores of two kinds: time on the other one is no time that was missed. */
static void
test_hybrid(void **state)
{
	static const int big[] = { 1 };
	static const struct count_event on_big = {
		.os = { .type = 10 }, .cpus = big, .ncpus = 1
	};
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, &on_big, 1, &on_tasks);
	assert_int_equal(opened, 2);
	advance(&c, 0, 0, 10, 100, 30);
	advance(&c, 0, 1, 0, 100, 0);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 10);
	assert_int_equal(r.running_ns, 30);
	assert_int_equal(r.each[0], 10);
	assert_int_equal(r.each[1], 0);
	free(r.each);
	advance(&c, 0, 0, 0, 100, 0);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_NOT_COUNTED);
	assert_non_null(strstr(r.reason, "CPUs that count it"));
	all_closed(&c);
	/* On CPUs it is opened where it is, and scaled as any other. */
	begin(&c, &on_big, 1, &on_cpus);
	assert_int_equal(c.rows[0].n, 1);
	assert_int_equal(c.rows[0].place[0], 1);
	advance(&c, 0, 0, 10, 100, 50);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_SCALED);
	assert_int_equal(r.value, 20);
	free(r.each);
	all_closed(&c);
}

/* ---- refusals ------------------------------------------------------------ */

static int
refuse_hardware(const struct perf_event_attr *a, pid_t pid, int cpu,
    unsigned long flags)
{
	(void)pid;
	(void)cpu;
	(void)flags;
	return a->type == PERF_TYPE_HARDWARE ? ENOENT : 0;
}

static void
test_no_pmu(void **state)
{
	struct count_event two[] = {
		cycles,
		{ .os = { .type = PERF_TYPE_SOFTWARE, .config = 2 } },
	};
	struct count_result r;
	struct count c;

	(void)state;
	refuse = refuse_hardware;
	begin(&c, two, 2, &on_cpus);
	assert_int_equal(c.rows[0].status, COUNT_NOT_SUPPORTED);
	assert_int_equal(c.rows[0].errnum, ENOENT);
	assert_int_equal(c.rows[1].status, COUNT_OK);
	advance(&c, 1, 0, 5, 10, 10);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_NOT_SUPPORTED);
	assert_int_equal(r.value, 0);
	assert_null(r.each);
	count_result(&c, 1, &r);
	assert_int_equal(r.value, 5);
	free(r.each);
	all_closed(&c);
}

static int
refuse_all(const struct perf_event_attr *a, pid_t pid, int cpu,
    unsigned long flags)
{
	(void)a;
	(void)pid;
	(void)cpu;
	(void)flags;
	return EACCES;
}

static void
test_not_permitted(void **state)
{
	struct count c;

	(void)state;
	refuse = refuse_all;
	begin(&c, &cycles, 1, &on_cpus);
	assert_int_equal(c.rows[0].status, COUNT_NOT_PERMITTED);
	assert_int_equal(c.rows[0].errnum, EACCES);
	assert_non_null(strstr(c.rows[0].reason,
	    "kernel.perf_event_paranoid"));
	assert_int_equal(opened, 0);
	all_closed(&c);
}

static int
refuse_cpu_1(const struct perf_event_attr *a, pid_t pid, int cpu,
    unsigned long flags)
{
	(void)a;
	(void)pid;
	(void)flags;
	return cpu == 1 ? ENODEV : 0;
}

static void
test_cpu_offline(void **state)
{
	static const int second[] = { 1 };
	struct count_event events[] = {
		cycles, cycles, { .os = { .type = 10 }, .cpus = second,
		    .ncpus = 1 },
	};
	struct count_result r;
	struct count c;

	(void)state;
	refuse = refuse_cpu_1;
	begin(&c, events, 3, &on_cpus);
	assert_string_equal(str_text(&c.left_out), "CPU 1 (No such device)");
	advance(&c, 0, 0, 5, 10, 10);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 5);
	assert_int_equal(c.rows[0].n, 1);
	assert_int_equal(c.rows[0].place[0], 0);
	free(r.each);
	/* That it would have counted there only is its end. */
	assert_int_equal(c.rows[2].status, COUNT_NOT_SUPPORTED);
	assert_int_equal(c.rows[2].errnum, ENODEV);
	all_closed(&c);
}

/* A PMU that cannot leave out anything. */
static int
refuse_exclusion(const struct perf_event_attr *a, pid_t pid, int cpu,
    unsigned long flags)
{
	(void)pid;
	(void)cpu;
	(void)flags;
	return a->exclude_hv || a->exclude_guest || a->exclude_user ||
	    a->exclude_kernel ? EINVAL : 0;
}

static void
test_exclusion_refused(void **state)
{
	struct count_event events[] = {
		{ .os = { .type = 9, .exclude = "hg" } },
		{ .os = { .type = 9, .exclude = "uhg" } },
		{ .os = { .type = 9, .exclude = "u" } },
	};
	struct count c;

	(void)state;
	refuse = refuse_exclusion;
	begin(&c, events, 1, &on_cpus);
	assert_int_equal(c.rows[0].status, COUNT_OK);
	assert_int_equal(tries, 4);
	assert_int_equal(fds[0].attr.exclude_hv, 0);
	all_closed(&c);
	/* What was asked for is not given up. */
	tries = 0;
	begin(&c, events + 1, 1, &on_cpus);
	assert_int_equal(c.rows[0].status, COUNT_NOT_SUPPORTED);
	assert_int_equal(c.rows[0].errnum, EINVAL);
	assert_int_equal(tries, 2);
	all_closed(&c);
	/* There is nothing to try again. */
	tries = 0;
	begin(&c, events + 2, 1, &on_cpus);
	assert_int_equal(c.rows[0].status, COUNT_NOT_SUPPORTED);
	assert_int_equal(tries, 1);
	all_closed(&c);
}

static void
test_masked(void **state)
{
	struct count_event events[] = {
		{ .os = { .type = PERF_TYPE_SOFTWARE,
		    .config = PERF_COUNT_SW_CONTEXT_SWITCHES,
		    .exclude = "kh" } },
		{ .os = { .type = PERF_TYPE_TRACEPOINT, .config = 77,
		    .exclude = "k" } },
		{ .os = { .type = PERF_TYPE_SOFTWARE,
		    .config = PERF_COUNT_SW_PAGE_FAULTS, .exclude = "k" } },
	};
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, events, 3, &on_cpus);
	assert_int_equal(opened, 2);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_MASKED);
	assert_string_not_equal(r.reason, "");
	count_result(&c, 1, &r);
	assert_int_equal(r.status, COUNT_MASKED);
	assert_int_equal(c.rows[2].status, COUNT_OK);
	all_closed(&c);
}

static void
test_filter(void **state)
{
	struct count_event events[] = {
		{ .os = { .type = PERF_TYPE_TRACEPOINT, .config = 77,
		    .filter = "reason==1" } },
		{ .os = { .type = PERF_TYPE_TRACEPOINT, .config = 77,
		    .filter = "nonsense" } },
	};
	struct count c;

	(void)state;
	begin(&c, events, 1, &on_cpus);
	assert_string_equal(filter, "reason==1");
	assert_int_equal(c.rows[0].status, COUNT_OK);
	all_closed(&c);
	begin(&c, events + 1, 1, &on_cpus);
	assert_int_equal(c.rows[0].status, COUNT_NOT_SUPPORTED);
	assert_non_null(strstr(c.rows[0].reason, "nonsense"));
	all_closed(&c);
}

/* ---- descriptors ---------------------------------------------------------- */

static void
set_files(rlim_t soft)
{
	struct rlimit rl;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &rl), 0);
	rl.rlim_cur = soft < rl.rlim_max ? soft : rl.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &rl), 0);
}

/*
 * Thousands of workers: the events that have room count, the others say what
 * is missing, and leave the room as it was.
 */
static void
test_too_many_files(void **state)
{
	enum { WORKERS = 3000 };
	static pid_t many[WORKERS];
	struct count_places places = { .task = true, .tasks = many,
	    .n = WORKERS, .group_fd = -1 };
	struct count_event events[4];
	struct count_result r;
	struct count c;
	int i;

	(void)state;
	for (i = 0; i < WORKERS; i++)
		many[i] = 1000 + i;
	for (i = 0; i < 4; i++)
		events[i] = cycles;
	fds_max = 2 * WORKERS + WORKERS / 2;
	begin(&c, events, 4, &places);
	assert_int_equal(c.rows[1].status, COUNT_OK);
	assert_int_equal(c.rows[1].n, WORKERS);
	assert_int_equal(c.rows[2].status, COUNT_ERROR);
	assert_int_equal(c.rows[3].status, COUNT_ERROR);
	assert_int_equal(c.rows[3].errnum, EMFILE);
	assert_non_null(strstr(c.rows[3].reason, "RLIMIT_NOFILE"));
	assert_non_null(strstr(c.rows[3].reason, "12000"));
	assert_int_equal(opened - closed, 2 * WORKERS);
	for (i = 0; i < WORKERS; i++)
		advance(&c, 1, i, 2, 10, 10);
	count_read(&c);
	count_result(&c, 1, &r);
	assert_int_equal(r.value, 2 * WORKERS);
	free(r.each);
	count_result(&c, 3, &r);
	assert_int_equal(r.status, COUNT_ERROR);
	all_closed(&c);
}

static void
test_soft_limit_is_raised(void **state)
{
	struct rlimit was, now;
	struct count_event events[40];
	struct count c;
	int i;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	if (was.rlim_max < FIRST_FD + 100)
		skip();
	for (i = 0; i < 40; i++)
		events[i] = cycles;
	obey_limit = true;
	set_files(FIRST_FD + 30);
	begin(&c, events, 40, &on_cpus);
	assert_int_equal(c.rows[39].status, COUNT_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &now), 0);
	assert_int_equal(now.rlim_cur, was.rlim_max);
	all_closed(&c);
	set_files(was.rlim_cur);
}

/* ---- reading --------------------------------------------------------------- */

static void
test_read_fails(void **state)
{
	struct count_result r;
	struct count c;

	(void)state;
	begin(&c, &cycles, 1, &on_cpus);
	/* The end of file is that of an event which lost its counter. */
	fds[1].short_by = sizeof(fds[1].value);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_NOT_COUNTED);
	assert_non_null(strstr(r.reason, "for good"));
	/* A half of a reading is none. */
	fds[1].short_by = 8;
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_NOT_COUNTED);
	fds[1].short_by = 0;
	fds[0].read_errno = EIO;
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_ERROR);
	assert_int_equal(r.errnum, EIO);
	/* The stretch after a failure has no beginning. */
	fds[0].read_errno = 0;
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_ERROR);
	advance(&c, 0, 0, 5, 10, 10);
	count_read(&c);
	count_result(&c, 0, &r);
	assert_int_equal(r.status, COUNT_OK);
	assert_int_equal(r.value, 5);
	free(r.each);
	all_closed(&c);
}

#define TEST(f) cmocka_unit_test_setup(f, reset_machine)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ok),
		TEST(test_multiplexed),
		TEST(test_starved_place),
		TEST(test_group),
		TEST(test_tasks),
		TEST(test_not_counted),
		TEST(test_hybrid),
		TEST(test_no_pmu),
		TEST(test_not_permitted),
		TEST(test_cpu_offline),
		TEST(test_exclusion_refused),
		TEST(test_masked),
		TEST(test_filter),
		TEST(test_too_many_files),
		TEST(test_soft_limit_is_raised),
		TEST(test_read_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
