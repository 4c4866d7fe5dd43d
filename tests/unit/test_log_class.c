/* SPDX-License-Identifier: BSD-2-Clause */
/* What lines of kernels' logs are about. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "observe/log_class.h"

static const struct {
	int level;
	const char *text;
	const char *class;
} lines[] = {
	/* Assertions of Linux. */
	{ 4, "------------[ cut here ]------------", "warning" },
	{ 4, "WARNING: CPU: 1 PID: 4711 at mm/rmap.c:1234 "
	  "folio_add_anon_rmap_ptes+0x2c/0x90", "warning" },
	{ 4, "WARNING: mm/page_alloc.c:5000 at __alloc_pages+0x1/0x2, CPU#1: "
	  "vmstress-cell/99", "warning" },
	{ 2, "BUG: unable to handle page fault for address: ffffea0000001008",
	  "bug" },
	{ 1, "BUG: kernel NULL pointer dereference, address: 0000000000000008",
	  "bug" },
	{ 2, "kernel BUG at mm/rmap.c:442!", "bug" },
	{ 1, "BUG: Bad page state in process vmstress-cell  pfn:12345", "bug" },
	{ 1, "BUG: Bad rss-counter state mm:00000000deadbeef "
	  "type:MM_ANONPAGES val:3", "bug" },
	{ 3, "BUG: KASAN: slab-use-after-free in anon_vma_clone+0x1f/0x2a0",
	  "bug" },
	{ 3, "BUG: sleeping function called from invalid context at "
	  "kernel/locking/rwsem.c:1519", "bug" },
	{ 3, "BUG: scheduling while atomic: fork/123/0x00000002", "bug" },
	{ 3, "UBSAN: array-index-out-of-bounds in fs/pipe.c:12:3", "bug" },
	{ 1, "Oops: 0000 [#1] PREEMPT SMP NOPTI", "bug" },
	{ 0, "general protection fault, probably for non-canonical address "
	  "0xdead000000000108: 0000 [#1] SMP", "bug" },
	{ 1, "Unable to handle kernel NULL pointer dereference at virtual "
	  "address 0000000000000010", "bug" },
	{ 0, "Internal error: Oops: 0000000096000004 [#1] SMP", "bug" },
	{ 0, "Kernel panic - not syncing: Fatal exception", "bug" },
	/* Those of others. */
	{ 4, "panic: vm_page_free: page 0xfffff80012345678 is busy", "bug" },
	{ 4, "Fatal trap 12: page fault while in kernel mode", "bug" },

	/* Locks. */
	{ 4, "WARNING: possible circular locking dependency detected",
	  "lockdep" },
	{ 4, "WARNING: possible recursive locking detected", "lockdep" },
	{ 4, "WARNING: inconsistent lock state", "lockdep" },
	{ 4, "WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected",
	  "lockdep" },
	{ 4, "WARNING: possible irq lock inversion dependency detected",
	  "lockdep" },
	{ 4, "WARNING: suspicious RCU usage", "lockdep" },
	{ 4, "WARNING: bad unlock balance detected!", "lockdep" },
	{ 4, "[ BUG: Invalid wait context ]", "lockdep" },
	{ 6, "INFO: trying to register non-static key.", "lockdep" },
	{ 5, "lock order reversal:", "lockdep" },
	{ 4, "lock order reversal: (sleepable after non-sleepable)", "lockdep" },

	/* Nothing goes on. */
	{ 0, "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! "
	  "[vmstress-cell:4711]", "soft-lockup" },
	{ 0, "NMI watchdog: BUG: soft lockup - CPU#0 stuck for 23s! [init:1]",
	  "soft-lockup" },
	{ 0, "watchdog: Watchdog detected hard LOCKUP on cpu 3", "soft-lockup" },
	{ 0, "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 "
	  "stuck for 33s!", "soft-lockup" },
	{ 3, "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
	  "rcu-stall" },
	{ 3, "rcu: INFO: rcu_sched self-detected stall on CPU", "rcu-stall" },
	{ 3, "INFO: rcu_sched detected stalls on CPUs/tasks: { 1} (detected by "
	  "0, t=21002 jiffies)", "rcu-stall" },
	{ 3, "rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: "
	  "{ 1-.... } 21 jiffies s: 1 root: 0x2/.", "rcu-stall" },
	{ 3, "INFO: task vmstress-cell:4711 blocked for more than 120 seconds.",
	  "hung-task" },

	/* Memory. */
	{ 4, "vmstress-cell invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), "
	  "order=0, oom_score_adj=1000", "oom" },
	{ 6, "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
	  "mems_allowed=0,global_oom,task_memcg=/,task=a,pid=1,uid=0", "oom" },
	{ 3, "Out of memory: Killed process 4711 (vmstress-cell) "
	  "total-vm:264004kB, anon-rss:1kB", "oom" },
	{ 3, "Out of memory: Kill process 4711 (a) score 900 or sacrifice child",
	  "oom" },
	{ 3, "Memory cgroup out of memory: Killed process 1 (a) total-vm:1kB",
	  "oom" },
	{ 4, "Out of memory and no killable processes...", "oom" },
	{ 3, "pid 812 (a.out), jid 0, uid 1001, was killed: failed to reclaim "
	  "memory", "oom" },
	{ 3, "pid 812 (a.out), uid 1001, was killed: out of swap space", "oom" },
	{ 4, "swap_pager: out of swap space", "oom" },
	{ 4, "kworker/0:1: page allocation failure: order:4, "
	  "mode:0xdc0(GFP_KERNEL|__GFP_ZERO)", "memory" },
	{ 4, "vmap allocation for size 20480 failed: use vmalloc=<size> to "
	  "increase size", "memory" },
	{ 4, "SLUB: Unable to allocate memory on node -1 (gfp=0xcc0)",
	  "memory" },

	/* Limits. */
	{ 6, "cgroup: fork rejected by pids controller in /user.slice",
	  "limit" },
	{ 6, "VFS: file-max limit 808344 reached", "limit" },
	{ 4, "nf_conntrack: nf_conntrack: table full, dropping packet", "limit" },
	{ 4, "maxproc limit exceeded by uid 0 (pid 812); see tuning(7) and "
	  "login.conf(5)", "limit" },
	{ 4, "kern.maxfiles limit exceeded by uid 1001, (a.out) please see "
	  "tuning(7).", "limit" },
	{ 3, "proc: table is full - increase kern.maxproc", "limit" },
	{ 4, "neighbour: arp_cache: neighbor table overflow!", "limit" },

	/* The rest. */
	{ 4, "__ratelimit: 63 callbacks suppressed", "throttled" },
	{ 4, "printk: systemd: 25 output lines suppressed due to ratelimiting",
	  "throttled" },
	{ 4, "** 123 printk messages dropped **", "throttled" },
	{ 4, "hrtimer: interrupt took 8406 ns", "other" },
	{ 4, "sched: RT throttling activated", "other" },
	{ 3, "EXT4-fs error (device vda): ext4_lookup:1: inode #2", "other" },

	/* No news: what happens anyway, to programs or because of us. */
	{ 6, "traps: a.out[812] general protection fault ip:401136 "
	  "sp:7ffd error:0 in a.out[401000+1000]", "none" },
	{ 6, "a.out[812]: segfault at 0 ip 0000000000401136 error 6 in a.out",
	  "none" },
	{ 6, "Adding 2097148k swap on /dev/zram0.  Priority:100 extents:1 "
	  "across:2097148k SSDsc", "none" },
	{ 6, "zram0: detected capacity change from 0 to 4194304", "none" },
	{ 5, "random: crng reseeded due to virtual machine fork", "none" },
	{ 6, "bash (812): drop_caches: 3", "none" },
	{ 6, "oom_reaper: reaped process 812 (a.out), now anon-rss:0kB", "none" },
	{ 7, "drm DEBUG: something", "none" },
	{ 4, "======================================================", "none" },
	{ 4, " ", "none" },
	{ 4, "", "none" },
};

static void
test_lines(void **state)
{
	const char *class;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		class = log_class_name(log_class_of(lines[i].level,
		    lines[i].text));
		if (strcmp(class, lines[i].class) != 0)
			fail_msg("%s, not %s: %s", class, lines[i].class,
			    lines[i].text);
	}
}

/* "DEBUG: " is not "BUG: ", and a driver's "BUG: " is not the kernel's. */
static void
test_patterns_are_words(void **state)
{
	(void)state;
	assert_int_equal(log_class_of(6, "DEBUG: all is well"), LOG_CLASS_NONE);
	assert_int_equal(log_class_of(6, "foo: WARNING: low ink"),
	    LOG_CLASS_NONE);
	assert_int_equal(log_class_of(4, "foo: WARNING: low ink"),
	    LOG_CLASS_OTHER);
	assert_int_equal(log_class_of(6, "xlimit exceeded"), LOG_CLASS_NONE);
	assert_int_equal(log_class_of(6, "the limit exceeded"),
	    LOG_CLASS_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_patterns_are_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
