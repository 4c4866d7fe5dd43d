/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: why samples cannot be taken, and what lifts it. */
#include "config.h"

#include "os/linux_sampler_words.h"

#include <errno.h>
#include <linux/perf_event.h>

#include "os/os_internal.h"

#define WORDS_KERNEL "/proc/sys/kernel/"

/* A setting of the kernel; what is not there, or negative, is `none`. */
static long long
words_setting(const char *path, long long none)
{
	uint64_t value;

	return posix_read_u64(path, &value) == 0 ? (long long)value : none;
}

static int
words_permission(const struct os_sampler_plan *plan, struct err *e)
{
	bool tasks = plan->scope == OS_SAMPLER_TASKS;

	return err_set(e, "not permitted: kernel.perf_event_paranoid is %lld, "
	    "and sampling %s takes %d: sysctl kernel.perf_event_paranoid=%d, "
	    "or root or CAP_PERFMON",
	    words_setting(WORDS_KERNEL "perf_event_paranoid", -1),
	    tasks ? "the kernel" : "whole processors", tasks ? 1 : 0,
	    tasks ? 1 : 0);
}

static int
words_invalid(const struct os_sampler_plan *plan, struct err *e)
{
	long long most = words_setting(WORDS_KERNEL
	    "perf_event_max_sample_rate", INT64_MAX);

	if (plan->rate_hz > (uint64_t)most)
		return err_set(e, "%llu samples a second are more than "
		    "kernel.perf_event_max_sample_rate, which is %lld: "
		    "sysctl kernel.perf_event_max_sample_rate=%llu",
		    (unsigned long long)plan->rate_hz, most,
		    (unsigned long long)plan->rate_hz);
	return err_set(e, "the kernel cannot sample this event");
}

static bool
words_is_hardware(const struct os_sampler_plan *plan)
{
	return plan->type == PERF_TYPE_HARDWARE ||
	    plan->type == PERF_TYPE_HW_CACHE || plan->type == PERF_TYPE_RAW;
}

int
linux_sampler_words_event(const struct os_sampler_plan *plan, struct err *e)
{
	int num = errno;

	switch (num) {
	case EACCES:
	case EPERM:
		words_permission(plan, e);
		break;
	case EINVAL:
		words_invalid(plan, e);
		break;
	case ENOENT:
		err_set(e, words_is_hardware(plan) ? "the machine has no "
		    "counters of that kind (PMU): cpu-clock works without" :
		    "the kernel does not know this event");
		break;
	case EOPNOTSUPP:
		err_set(e, "the event can be counted but not sampled here");
		break;
	case ENOSYS:
		err_set(e, "the kernel has no perf events");
		break;
	case EMFILE:
		err_set(e, "too many open files: every task has an event on "
		    "every CPU; raise it with ulimit -n");
		break;
	case ESRCH:
		err_set(e, "there is no task or CPU to sample");
		break;
	default:
		err_errno(e, "cannot open the event");
	}
	e->num = num;
	return -1;
}

int
linux_sampler_words_ring(struct err *e)
{
	int num = errno;

	if (num == EPERM)
		err_set(e, "no memory for samples: kernel.perf_event_mlock_kb "
		    "is %lld and used up: sysctl kernel.perf_event_mlock_kb, "
		    "ulimit -l",
		    words_setting(WORDS_KERNEL "perf_event_mlock_kb", 0));
	else
		err_errno(e, "no memory for samples");
	e->num = num;
	return -1;
}

const char *
linux_sampler_words_user_only(void)
{
	return "no code of the kernel was sampled, only that of programs: "
	    "sysctl kernel.perf_event_paranoid=1, or root or CAP_PERFMON";
}
