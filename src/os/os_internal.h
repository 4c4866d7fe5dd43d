/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of src/os share with each other and with nobody else.  The
 * prefix of a function is the file that defines it.
 */
#ifndef VMSTRESS_OS_INTERNAL_H
#define VMSTRESS_OS_INTERNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "os/os.h"
#include "os/usage.h"

/* ---- posix.c ---------------------------------------------------------- */

/* No value of a fact is longer than this, terminator included. */
#define POSIX_FACT_MAX 4096

/*
 * Report a fact on one line: line ends become "; ", other blanks and control
 * characters one blank, the ends are trimmed.  Nothing is left: nothing is
 * reported.
 */
void posix_fact(os_fact_fn *fn, void *arg, const char *key, const char *value);
void posix_fact_u64(os_fact_fn *fn, void *arg, const char *key,
    uint64_t value);

/* uname, page size, processors, resource limits. */
void posix_facts(os_fact_fn *fn, void *arg);

/*
 * The rows of os_limits() that resource limits give.  A limit that the system
 * does not apply to the caller, `exempt`, is reported as none.  `tasks` counts
 * those of the caller's user, for RLIMIT_NPROC; NULL: not known.
 */
void posix_limits(os_limit_fn *fn, void *arg, bool nproc_exempt,
    uint64_t (*tasks)(void), bool memlock_exempt);

/* os_limit_get() and os_limit_set() for resource limits, else ENOTSUP. */
enum os_scope posix_limit_scope(const char *name);
int posix_limit_get(const char *name, uint64_t *value);
int posix_limit_set(const char *name, uint64_t value);

/*
 * The beginning of a file, terminated; what does not fit is left out.  The
 * length, or -1 with errno.
 */
ssize_t posix_read(const char *path, char *buf, size_t len);

/* The number that a file starts with; -1 if it does not. */
int posix_read_u64(const char *path, uint64_t *value);

/* Sleep that a signal may end early. */
void posix_sleep(uint64_t ns);

/*
 * Reap children that have ended, without waiting.  Returns how many, and in
 * `*none_left` whether the caller has no children any more.
 */
long posix_reap(bool *none_left);

/*
 * SIGKILL to every child.  POSIX does not list them, but it answers whether a
 * number is a child's, so every number is tried: about a second.  A child's
 * number is not given away before it is reaped, so nobody else can be hit as
 * long as no other thread reaps and SIGCHLD is not ignored.
 */
void posix_kill_children(void);

/* ---- posix_usage.c ---------------------------------------------------- */

/* The caller and the children that it has waited for. */
int posix_usage_self(struct os_usage *u);

/* ---- linux_usage.c ---------------------------------------------------- */

/* The text of /proc/PID/stat; -1 for one that is not. */
int linux_usage_parse(const char *text, uint64_t tick_ns, struct os_usage *u);

/* ---- linux_cgroup.c --------------------------------------------------- */

/* A control group of the caller, in the file system. */
struct linux_cgroup {
	char dir[PATH_MAX];
	size_t root_len;	/* of dir: where the visible tree starts */
	bool v2;
};

/*
 * The caller's group for a controller ("memory", "pids"): in the v1 hierarchy
 * that carries it, else in the v2 tree.  0, or -1 when there is none.
 */
int linux_cgroup_find(const char *controller, struct linux_cgroup *cg);

/* Go to the parent; false at the root. */
bool linux_cgroup_up(struct linux_cgroup *cg);

/* The path of a file of the group; false when it is too long. */
bool linux_cgroup_path(const struct linux_cgroup *cg, const char *file,
    char *buf, size_t len);

/* A number; UINT64_MAX is "no limit".  -1: the group has no such file. */
int linux_cgroup_u64(const struct linux_cgroup *cg, const char *file,
    uint64_t *value);

/* The v2 or the v1 name of a file. */
const char *linux_cgroup_name(const struct linux_cgroup *cg, const char *v2,
    const char *v1);

/*
 * Bytes that the group uses and that cannot be had back without swapping:
 * usage without the page cache that was not touched lately.
 */
int linux_cgroup_memory_used(const struct linux_cgroup *cg, uint64_t *bytes);

/* ---- linux_limits.c --------------------------------------------------- */

/* Write to a control file, which takes all or nothing; 0, or -1 with errno. */
int linux_write(const char *path, const char *text, size_t len);

/* ---- linux_facts.c ---------------------------------------------------- */

/*
 * The value of the line "name: value", "name=value" or "name 123" of a text,
 * copied to `buf` without blanks at its ends; -1 when there is none.
 */
int linux_facts_field(const char *text, const char *name, char *buf,
    size_t len);

/* The number in such a line of a file, without its unit. */
int linux_facts_number(const char *path, const char *name, uint64_t *value);

/* ---- linux_gather.c --------------------------------------------------- */

/* Report the facts that no single file holds. */
void linux_gather(os_fact_fn *fn, void *arg);

/* ---- bsd.c ------------------------------------------------------------ */

/* A number of 4 or 8 bytes, whichever the system has. */
int bsd_sysctl_u64(const char *name, uint64_t *value);

/* How a system control is spelled as text. */
enum bsd_type { BSD_TEXT, BSD_NUMBER };

struct bsd_fact {
	const char *key;
	const char *name;
	enum bsd_type type;
};

/* Report the rows that the system has; the last row has no key. */
/* What the system at hand has; each table ends with a row of NULLs. */
extern const struct bsd_fact bsd_system_facts[];
extern const struct bsd_fact bsd_system_facts_now[];

struct bsd_limit {
	const char *name;
	enum os_counts counts;
	const char *used;	/* control with the number in use, or NULL */
	bool root_exempt;
	const char *lift;
};

extern const struct bsd_limit bsd_system_limits[];

/* What the times in kern.cp_time count, in nanoseconds; 0: not known. */
uint64_t bsd_system_time_unit(void);

#endif
