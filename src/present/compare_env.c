/* SPDX-License-Identifier: BSD-2-Clause */
/* In what two machines differ; see compare_env.h. */
#include "config.h"

#include "present/compare_env.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

static bool
env_is_of(const char *key, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strncmp(key, *list, strlen(*list)) == 0)
			return true;
	return false;
}

static void
env_take(struct compare_env **list, size_t *count, size_t *cap,
    const char *key, const char *base, const char *new)
{
	if (env_is_of(key, env_ignored) ||
	    (base != NULL && new != NULL && strcmp(base, new) == 0))
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
