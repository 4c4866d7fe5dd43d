/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: statistics out of files that a test brings, broken ones as well. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/str.h"
#include "os/os_internal.h"
#include "os/statistics.h"

static char root[64];
static struct str found;
static struct os_statistics *opened;

static int
set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/vmstress-test-XXXXXX");
	return mkdtemp(root) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	os_statistics_close(opened);
	opened = NULL;
	io_remove_folder(root);
	str_free(&found);
	return 0;
}

/* A file under the root, with the folders that it needs. */
static void
put(const char *path, const char *text)
{
	char full[128], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (slash = strchr(full + strlen(root) + 1, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0777);
		*slash = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_int_equal(fputs(text, f) < 0, 0);
	assert_int_equal(fclose(f), 0);
}

static void
take(void *arg, const char *source, const char *name, size_t len,
    uint64_t value)
{
	(void)arg;
	str_addf(&found, "%s.%.*s=%" PRIu64 "\n", source, (int)len, name,
	    value);
}

/* All values, one a line. */
static const char *
values(void)
{
	uint64_t at_ns;

	if (opened == NULL)
		opened = os_statistics_open(root);
	assert_non_null(opened);
	str_reset(&found);
	assert_int_equal(os_statistics_read(opened, &at_ns, take, NULL), 0);
	assert_true(at_ns > 0);
	return str_text(&found);
}

static const char *
slabs(void)
{
	if (opened == NULL)
		opened = os_statistics_open(root);
	assert_non_null(opened);
	str_reset(&found);
	assert_int_equal(os_statistics_slabs(opened, take, NULL), 0);
	return str_text(&found);
}

static uint64_t
ticks_ns(uint64_t ticks)
{
	return ticks * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
}

static void
test_nothing_there(void **state)
{
	(void)state;
	assert_null(os_statistics_open(root));
	assert_int_equal(errno, ENOTSUP);
	assert_null(os_statistics_open("/nonexistent"));
	assert_int_equal(errno, ENOTSUP);
}

static void
test_vmstat(void **state)
{
	(void)state;
	put("proc/vmstat", "nr_free_pages 5865769\npgfault 18446744073709551615\n"
	    "nr_dirty_threshold 123\nnr_dirty_background_threshold 12\n"
	    "nr_dirty 0\n");
	assert_string_equal(values(), "vmstat.nr_free_pages=5865769\n"
	    "vmstat.pgfault=18446744073709551615\nvmstat.nr_dirty=0\n");
	/* The open file is read anew, with rows that were not there before. */
	put("proc/vmstat", "nr_free_pages 1\nnew_row 7\npgfault 3\n");
	assert_string_equal(values(), "vmstat.nr_free_pages=1\n"
	    "vmstat.new_row=7\nvmstat.pgfault=3\n");
}

static void
test_stat(void **state)
{
	char want[512];

	(void)state;
	put("proc/stat",
	    "cpu  41738 1 114825 168124 501 2 1223 657 3 4\n"
	    "cpu0 20247 0 58412 83838 76 0 541 317 0 0\n"
	    "intr 7744276 0 0 1 2 3\nctxt 23790075\nbtime 1795790632\n"
	    "processes 3113532\nprocs_running 3\nprocs_blocked 0\n"
	    "softirq 1179073 1 109930 3 946 40530 2 4 132053 5 895608\n");
	snprintf(want, sizeof(want), "stat.user_ns=%" PRIu64
	    "\nstat.nice_ns=%" PRIu64 "\nstat.system_ns=%" PRIu64
	    "\nstat.idle_ns=%" PRIu64 "\nstat.iowait_ns=%" PRIu64
	    "\nstat.irq_ns=%" PRIu64 "\nstat.softirq_ns=%" PRIu64
	    "\nstat.steal_ns=%" PRIu64 "\nstat.guest_ns=%" PRIu64
	    "\nstat.guest_nice_ns=%" PRIu64 "\n", ticks_ns(41738), ticks_ns(1),
	    ticks_ns(114825), ticks_ns(168124), ticks_ns(501), ticks_ns(2),
	    ticks_ns(1223), ticks_ns(657), ticks_ns(3), ticks_ns(4));
	values();
	assert_int_equal(strncmp(str_text(&found), want, strlen(want)), 0);
	assert_string_equal(str_text(&found) + strlen(want),
	    "stat.intr=7744276\nstat.ctxt=23790075\nstat.processes=3113532\n"
	    "softirqs.HI=1\nsoftirqs.TIMER=109930\nsoftirqs.NET_TX=3\n"
	    "softirqs.NET_RX=946\nsoftirqs.BLOCK=40530\nsoftirqs.IRQ_POLL=2\n"
	    "softirqs.TASKLET=4\nsoftirqs.SCHED=132053\nsoftirqs.HRTIMER=5\n"
	    "softirqs.RCU=895608\n");
}

/* Linux 2.6 had four times and no softirqs. */
static void
test_old_stat(void **state)
{
	char want[256];

	(void)state;
	put("proc/stat", "cpu 1 2 3 4\nctxt 9\n");
	snprintf(want, sizeof(want), "stat.user_ns=%" PRIu64 "\nstat.nice_ns=%"
	    PRIu64 "\nstat.system_ns=%" PRIu64 "\nstat.idle_ns=%" PRIu64
	    "\nstat.ctxt=9\n", ticks_ns(1), ticks_ns(2), ticks_ns(3),
	    ticks_ns(4));
	assert_string_equal(values(), want);
}

static void
test_interrupts(void **state)
{
	(void)state;
	put("proc/interrupts",
	    "           CPU0       CPU1       \n"
	    " 24:          1          0  IO-APIC   5-edge      ACPI:Ged\n"
	    "NMI:          0          0   Non-maskable interrupts\n"
	    "CAL:    1425197    1432793   Function call interrupts\n"
	    "TLB:     251745 18446744073709299870   TLB shootdowns\n"
	    "ERR:          7\n"
	    "IPI0:      3          4       Rescheduling interrupts\n"
	    "ODD:          5   9 lives\n");
	/* A third number in a row of two processors is a description. */
	assert_string_equal(values(), "interrupts.NMI=0\n"
	    "interrupts.CAL=2857990\ninterrupts.TLB=18446744073709551615\n"
	    "interrupts.ERR=7\ninterrupts.IPI0=7\ninterrupts.ODD=14\n");
}

static void
test_pressure_and_schedstat(void **state)
{
	(void)state;
	put("proc/pressure/cpu",
	    "some avg10=98.14 avg60=84.83 avg300=36.37 total=368762237\n"
	    "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
	put("proc/pressure/memory",
	    "some avg10=0.00 avg60=0.00 avg300=0.00 total=12\n"
	    "full avg10=0.00 avg60=0.00 avg300=0.00 total=11\n");
	put("proc/pressure/irq",
	    "full avg10=0.00 avg60=0.00 avg300=0.00 total=10\n");
	put("proc/schedstat", "version 15\ntimestamp 4295\n"
	    "cpu0 0 0 0 0 0 0 100 200 30\ndomain0 3 1 2 3 4 5 6 7 8 9\n"
	    "cpu1 0 0 0 0 0 0 1000 2000 300\n");
	assert_string_equal(values(), "psi.cpu_some_us=368762237\n"
	    "psi.cpu_full_us=0\npsi.memory_some_us=12\npsi.memory_full_us=11\n"
	    "psi.irq_full_us=10\nschedstat.run_ns=1100\n"
	    "schedstat.wait_ns=2200\nschedstat.timeslices=330\n");
}

static void
test_swap(void **state)
{
	(void)state;
	put("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	put("sys/block/zram0/mm_stat",
	    "    4096     1024    8192        0   9000        0        0   0\n");
	put("sys/block/zram3/mm_stat", "1 2 3 4\n");
	assert_string_equal(values(), "swap.used_bytes=0\n"
	    "zram.orig_bytes=4097\nzram.compressed_bytes=1026\n"
	    "zram.used_bytes=8195\n");
	put("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
	    "/dev/zram0       partition\t2097148\t\t12\t\t-2\n"
	    "/swap\\040file    file\t\t1000\t\t3\t\t-3\n");
	put("sys/block/zram3/mm_stat", "");
	assert_string_equal(values(), "swap.used_bytes=15360\n"
	    "zram.orig_bytes=4096\nzram.compressed_bytes=1024\n"
	    "zram.used_bytes=8192\n");
}

#define SLABS_HEAD "slabinfo - version: 2.1\n" \
	"# name            <active_objs> <num_objs> <objsize> <objperslab> " \
	"<pagesperslab> : tunables <limit> : slabdata <active_slabs> 1 2\n"

static void
test_slabs(void **state)
{
	char want[128];

	(void)state;
	put("proc/vmstat", "pgfault 1\n");
	put("proc/slabinfo", SLABS_HEAD
	    "task_struct 390 400 4224 7 8 : tunables 0 0 0 : slabdata 57 58 0\n"
	    "dentry 10 20 192 21 1 : tunables 0 0 0 : slabdata 1 1 0\n"
	    "two words 10 20 192 21 1 : tunables 0 0 0 : slabdata 1 1 0\n"
	    "cut 10 20 192 21 1 : tunables 0 0 0 : slabdata 1\n"
	    "cut 10 20 192 21 1\n"
	    "k(1:x) 0 0 192 21 1 : tunables 0 0 0 : slabdata 0 0 0\n");
	snprintf(want, sizeof(want), "slab.task_struct=%zu\nslab.dentry=%zu\n"
	    "slab.k(1:x)=0\n", 58 * 8 * os_page_size(), os_page_size());
	assert_string_equal(slabs(), want);
}

static void
test_no_slabs(void **state)
{
	(void)state;
	put("proc/vmstat", "pgfault 1\n");
	opened = os_statistics_open(root);
	assert_non_null(opened);
	assert_int_equal(os_statistics_slabs(opened, take, NULL), -1);
	assert_int_equal(errno, ENOTSUP);
	assert_string_equal(values(), "vmstat.pgfault=1\n");
}

/* What is not understood is left out, and nothing is read beyond the end. */
static void
test_broken(void **state)
{
	(void)state;
	put("proc/vmstat", "\n\n \npgfault\npgfault \npgfault x\npgfault 12x\n"
	    "pgfault -1\npgfault 18446744073709551616\n 5\ngood 6");
	put("proc/stat", "cpu\ncpu x\nintr\nctxt many\nsoftirq\nsoftirq x 1\n"
	    "softirq 1 2 x\nprocesses 4");
	put("proc/interrupts", "TLB: 1 2\n:\n: 5\nTLB\nTLB:\nCAL: x\nRES: 1");
	put("proc/pressure/cpu", "some\nsome total=\nfull total=x\n"
	    "some avg10=0.00\nfull avg10=1 total=5");
	put("proc/pressure/memory", "");
	put("proc/pressure/io", "a_word_that_is_very_much_longer_than_any_kind_"
	    "of_pressure_that_there_could_ever_be total=5\n");
	put("proc/schedstat", "cpu0 1 2 3\ncpu\ncpu1");
	put("proc/swaps", "");
	put("sys/block/zram0/mm_stat", "1 2\n");
	/* The first line of interrupts has words, which stand for processors. */
	assert_string_equal(values(), "vmstat.good=6\nsoftirqs.HI=2\n"
	    "stat.processes=4\ninterrupts.RES=1\npsi.cpu_full_us=5\n"
	    "swap.used_bytes=0\n");
}

/* More than fits at first; more than any such file can be is left out. */
static void
test_huge(void **state)
{
	struct str text = { 0 };
	char full[128];
	int i;

	(void)state;
	for (i = 0; i < 20000; i++)
		str_addf(&text, "row_%d %d\n", i, i);
	put("proc/vmstat", str_text(&text));
	put("proc/swaps", "Filename\n");
	values();
	assert_non_null(strstr(str_text(&found), "vmstat.row_0=0\n"));
	assert_non_null(strstr(str_text(&found),
	    "vmstat.row_19999=19999\nswap.used_bytes=0\n"));
	str_free(&text);

	snprintf(full, sizeof(full), "%s/proc/vmstat", root);
	assert_int_equal(truncate(full, 100 << 20), 0);
	assert_string_equal(values(), "swap.used_bytes=0\n");
	/* Smaller again, it is back. */
	put("proc/vmstat", "pgfault 1\n");
	assert_string_equal(values(), "vmstat.pgfault=1\nswap.used_bytes=0\n");
}

/* The system at hand, whatever it has. */
static void
test_this_system(void **state)
{
	(void)state;
	opened = os_statistics_open(NULL);
	if (opened == NULL)
		skip();
	values();
	assert_non_null(strstr(str_text(&found), "stat.ctxt="));
	assert_non_null(strstr(str_text(&found), "vmstat.pgfault="));
}

/* ---- what a process used --------------------------------------------------- */

static void
test_process_stat(void **state)
{
	struct os_usage u;

	(void)state;
	assert_int_equal(linux_usage_parse("12 (a) b (c) R -1 2 3 4 -5 6 "
	    "100 20 3 4 50 60 7 8 20 0 1 0", 10, &u), 0);
	assert_int_equal(u.minor_faults, 120);
	assert_int_equal(u.major_faults, 7);
	assert_true(u.run_ns == OS_USAGE_UNKNOWN);
	assert_int_equal(u.user_ns, 500);
	assert_int_equal(u.system_ns, 600);
	assert_int_equal(u.children_user_ns, 70);
	assert_int_equal(u.children_system_ns, 80);
	assert_true(u.voluntary == OS_USAGE_UNKNOWN &&
	    u.involuntary == OS_USAGE_UNKNOWN);
}

static void
test_broken_process_stat(void **state)
{
	static const char *const broken[] = {
		"", ")", ") ", ") R", "12 (a) R", "12 (a R 1 2 3 4 5 6 1 2 3 4 5 6",
		"12 (a) R 1 2 3 4 5 6 1 2 3 4 5 6 7",
		"12 (a) R 1 2 3 4 5 6 1 2 3 4 5 6 -7 8",
		"12 (a) R 1 2 3 4 5 6 1 2 3 4 5 6  7 8",
		"12 (a) R 1 2 3 4 5 6 1 2 3 4 5 6 x 8",
		"12 (a) R 1 2 3 4 5 6 1 2 3 4 5 6 7 18446744073709551616",
	};
	struct os_usage u;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_int_equal(linux_usage_parse(broken[i], 10, &u), -1);
}

/* A child that waits is read while it lives, and then no more. */
static void
test_a_process(void **state)
{
	struct os_usage_source s, self;
	struct os_usage u;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	assert_int_equal(os_usage_open(&s, pid), 0);
	assert_int_equal(os_usage_read(&s, &u), 0);
	assert_true(u.run_ns != OS_USAGE_UNKNOWN);
	assert_true(u.minor_faults < 100000);
	assert_true(u.voluntary == OS_USAGE_UNKNOWN);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(os_usage_read(&s, &u), -1);
	os_usage_close(&s);
	os_usage_close(&s);
	assert_int_equal(os_usage_open(&s, pid), -1);

	assert_int_equal(os_usage_open(&self, 0), 0);
	assert_int_equal(os_usage_read(&self, &u), 0);
	assert_true(u.minor_faults > 0 && u.voluntary != OS_USAGE_UNKNOWN &&
	    u.run_ns == OS_USAGE_UNKNOWN);
	os_usage_close(&self);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_there),
		TEST(test_vmstat),
		TEST(test_stat),
		TEST(test_old_stat),
		TEST(test_interrupts),
		TEST(test_pressure_and_schedstat),
		TEST(test_swap),
		TEST(test_slabs),
		TEST(test_no_slabs),
		TEST(test_broken),
		TEST(test_huge),
		TEST(test_this_system),
		TEST(test_process_stat),
		TEST(test_broken_process_stat),
		TEST(test_a_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
