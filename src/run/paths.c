/* SPDX-License-Identifier: BSD-2-Clause */
/* Where our own programs and configs are; see paths.h. */
#include "config.h"

#include "run/paths.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "os/os.h"

/* The folder that this program is in, or "." when the system cannot tell. */
static char *
paths_own_folder(void)
{
	char self[PATH_MAX], *slash;

	if (os_self_path(self, sizeof(self)) != 0)
		return mem_strdup(".");
	slash = strrchr(self, '/');
	if (slash != NULL)
		*slash = '\0';
	return mem_strdup(self);
}

/* Try folders in turn; `relative` ones hang on our own folder. */
static char *
paths_search(const char *env, const char *const *relative,
    const char *compiled, const char *file, int mode)
{
	const char *given = getenv(env);
	char *own = paths_own_folder(), *path = NULL;
	int i;

	if (given != NULL && given[0] != '\0') {
		path = mem_printf("%s/%s", given, file);
	} else {
		for (i = 0; relative[i] != NULL; i++) {
			path = mem_printf("%s/%s/%s", own, relative[i], file);
			if (access(path, mode) == 0)
				goto out;
			free(path);
		}
		path = mem_printf("%s/%s", compiled, file);
	}
out:
	free(own);
	if (access(path, mode) == 0)
		return path;
	free(path);
	return NULL;
}

static const char *const paths_programs_at[] = {
	".", "../libexec/vmstress", NULL
};
static const char *const paths_configs_at[] = {
	"configs", "../share/vmstress/configs", NULL
};

char *
paths_program(const char *name, struct err *e)
{
	char *path = paths_search("VMSTRESS_LIBEXEC", paths_programs_at,
	    VMSTRESS_LIBEXECDIR, name, X_OK);

	if (path == NULL)
		err_set(e, "cannot find %s: neither beside vmstress nor in %s "
		    "(set VMSTRESS_LIBEXEC to the folder that has it)", name,
		    VMSTRESS_LIBEXECDIR);
	return path;
}

char *
paths_config(const char *name)
{
	char *file, *path;

	if (strchr(name, '/') != NULL || name[0] == '\0')
		return NULL;
	file = mem_printf("%s.yaml", name);
	path = paths_search("VMSTRESS_CONFIGS", paths_configs_at,
	    VMSTRESS_DATADIR "/configs", file, R_OK);
	free(file);
	return path;
}

int
paths_configs(void (*each)(void *arg, const char *name), void *arg)
{
	char *any = paths_config("quick"), *slash;
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	if (any == NULL)
		return 0;
	slash = strrchr(any, '/');
	*slash = '\0';
	dir = opendir(any);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!str_ends(entry->d_name, ".yaml"))
			continue;
		entry->d_name[strlen(entry->d_name) - 5] = '\0';
		each(arg, entry->d_name);
		count++;
	}
	if (dir != NULL)
		closedir(dir);
	free(any);
	return count;
}
