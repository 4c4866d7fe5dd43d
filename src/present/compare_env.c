/* SPDX-License-Identifier: BSD-2-Clause */
/* In what two machines differ; see compare_env.h. */
#include "config.h"

#include "present/compare_env.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ENV_SAME_SIZE 0.02

/* Beginnings of keys. */
static const char *const env_ignored[] = {
	"boot.campaign", "boot.kernel", "boot.position", "boot.round",
	"env.", "ids.", "tool.", "limits.cgroup", "limits.raised",
	"limits.oom_score_adj", "vm.setup_swap", NULL
};
static const char *const env_expected[] = {
	"kernel.release", "kernel.version", "kernel.proc_version",
	"kernel.commit", "kernel.config_path", NULL
};

/*
 * Of what the host knows about a boot, the conditions; the rest tells one boot
 * from another.
 */
static const char *const env_conditions[] = {
	"boot.runner", "boot.accelerator", "boot.cpus", "boot.memory_bytes",
	"boot.pinning", "boot.backing", "boot.host_kernel", "boot.host_cpu",
	NULL
};

static bool
env_is_of(const char *key, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strncmp(key, *list, strlen(*list)) == 0)
			return true;
	return false;
}

static bool
env_is_left_out(const char *key)
{
	return env_is_of(key, env_ignored) || (strncmp(key, "boot.", 5) == 0 &&
	    !env_is_of(key, env_conditions));
}

/* The next word of a command line that is not of matrix itself. */
static const char *
env_word(const char *at, size_t *len)
{
	for (;; at += *len) {
		at += strspn(at, " ");
		*len = strcspn(at, " ");
		if (strncmp(at, "seed=", 5) != 0 &&
		    strncmp(at, "config=", 7) != 0)
			return at;
	}
}

/* matrix tells the guest its seed there, which every round has its own of. */
static bool
env_same_command(const char *a, const char *b)
{
	size_t n, m;

	do {
		a = env_word(a, &n);
		b = env_word(b, &m);
		if (n != m || memcmp(a, b, n) != 0)
			return false;
		a += n;
		b += m;
	} while (n > 0);
	return true;
}

/*
 * What follows from how much memory there is, which a kernel counts after it has
 * taken its own: another boot has a little more or less.
 */
static bool
env_same_size(const char *key, const char *a, const char *b)
{
	static const char *const sizes[] = {
		"limits.rlimit_nproc", "limits.rlimit_sigpending",
		"machine.memory", "tunables.file_max",
		"tunables.min_free_kbytes", "tunables.threads_max", NULL
	};
	double x, y;

	if (!env_is_of(key, sizes))
		return false;
	a += strcspn(a, "0123456789");
	b += strcspn(b, "0123456789");
	x = strtod(a, NULL);
	y = strtod(b, NULL);
	return x > 0 && y > 0 && fabs(x - y) <= ENV_SAME_SIZE * fmax(x, y);
}

static bool
env_same(const char *key, const char *base, const char *new)
{
	if (base == NULL || new == NULL)
		return false;
	if (strcmp(base, new) == 0 || env_same_size(key, base, new))
		return true;
	return strcmp(key, "kernel.cmdline") == 0 &&
	    env_same_command(base, new);
}

static void
env_take(struct compare_env **list, size_t *count, size_t *cap,
    const char *key, const char *base, const char *new)
{
	if (env_is_left_out(key) || env_same(key, base, new))
		return;
	*list = mem_grow(*list, *count, cap, sizeof(**list));
	(*list)[(*count)++] = (struct compare_env){
		.key = key, .base = base, .new = new,
		.expected = env_is_of(key, env_expected),
	};
}

static int
env_order(const void *a, const void *b)
{
	return strcmp(((const struct compare_env *)a)->key,
	    ((const struct compare_env *)b)->key);
}

struct compare_env *
compare_env_differences(const struct facts *base, const struct facts *new,
    size_t *count)
{
	struct compare_env *list = NULL;
	size_t cap = 0, i;

	*count = 0;
	/* Of a record without facts nothing is known, nor different. */
	if (base->count == 0 || new->count == 0)
		return NULL;
	for (i = 0; i < base->count; i++)
		env_take(&list, count, &cap, base->list[i].key,
		    base->list[i].value, facts_value(new, base->list[i].key));
	for (i = 0; i < new->count; i++)
		if (facts_value(base, new->list[i].key) == NULL)
			env_take(&list, count, &cap, new->list[i].key, NULL,
			    new->list[i].value);
	if (*count > 0)
		qsort(list, *count, sizeof(*list), env_order);
	return list;
}
