/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder for what can be downloaded again; see cache.h.
 *
 * Source: XDG Base Directory Specification, where a relative XDG_CACHE_HOME is
 * to be ignored.
 */
#include "config.h"

#include "boot/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* It and what is above; what is there stays as it is. */
static int
cache_make(char *path)
{
	char *slash;
	int rc;

	for (slash = strchr(path + 1, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = mkdir(path, 0700) != 0 && errno != EEXIST &&
		    access(path, F_OK) != 0;
		*slash = '/';
		if (rc != 0)
			return -1;
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

/* Nobody else may put kernels there for us to boot. */
static int
cache_ours(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return -1;
	errno = EPERM;
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return access(path, W_OK | X_OK);
	return -1;
}

/* Takes `path`; it is NULL unless the folder is there and ours. */
static char *
cache_try(char *path, struct err *e)
{
	if (path == NULL)
		return NULL;
	if (cache_make(path) == 0 && cache_ours(path) == 0)
		return path;
	/* The first one is the one that is wanted. */
	err_errno(e, "cannot use %s as the cache of kernels", path);
	free(path);
	return NULL;
}

static char *
cache_below(const char *variable, const char *middle, const char *name)
{
	const char *value = getenv(variable);

	if (value == NULL || value[0] != '/')
		return NULL;
	return mem_printf("%s%s/%s", value, middle, name);
}

char *
cache_folder(const char *name, struct err *e)
{
	char *owner = mem_printf("/vmstress-%ld", (long)geteuid());
	char *paths[] = {
		cache_below("XDG_CACHE_HOME", "/vmstress", name),
		cache_below("HOME", "/.cache/vmstress", name),
		mem_printf("/var/cache/vmstress/%s", name),
		cache_below("TMPDIR", owner, name)
	};
	size_t n = sizeof(paths) / sizeof(paths[0]), i;
	struct err why = { 0 };
	char *found = NULL;

	free(owner);
	/* Who names one has no other. */
	if (paths[0] != NULL)
		found = cache_try(paths[0], &why);
	for (i = 1; i < n; i++)
		if (found == NULL && paths[0] == NULL)
			found = cache_try(paths[i], &why);
		else
			free(paths[i]);
	if (found == NULL)
		err_set(e, "%s (XDG_CACHE_HOME names another folder)",
		    why.text);
	return found;
}
