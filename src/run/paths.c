/* SPDX-License-Identifier: BSD-2-Clause */
/* Where our own programs and configs are; see paths.h. */
#include "config.h"

#include "run/paths.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
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

static bool
paths_has(const char *folder, const char *file, int mode)
{
	char *path = mem_printf("%s/%s", folder, file);
	bool has = access(path, mode) == 0;

	free(path);
	return has;
}

/*
 * The folder that has `file`: the one that the environment names, one of those
 * that hang on our own, or the compiled one.  A new string, or NULL.
 */
static char *
paths_folder(const char *env, const char *const *relative,
    const char *compiled, const char *file, int mode)
{
	const char *given = getenv(env);
	char *own = paths_own_folder(), *folder = NULL;
	int i;

	if (given != NULL && given[0] != '\0')
		folder = mem_strdup(given);
	for (i = 0; folder == NULL && relative[i] != NULL; i++) {
		folder = mem_printf("%s/%s", own, relative[i]);
		if (!paths_has(folder, file, mode)) {
			free(folder);
			folder = NULL;
		}
	}
	free(own);
	if (folder == NULL)
		folder = mem_strdup(compiled);
	if (paths_has(folder, file, mode))
		return folder;
	free(folder);
	return NULL;
}

static const char *const paths_programs_at[] = {
	".", "../libexec/vmstress", NULL
};
static const char *const paths_configs_at[] = {
	"configs", "../share/vmstress/configs", NULL
};

static const char *const paths_templates_at[] = {
	"plots", "../share/vmstress/plots", NULL
};

static char *
paths_configs_folder(const char *file)
{
	return paths_folder("VMSTRESS_CONFIGS", paths_configs_at,
	    VMSTRESS_DATADIR "/configs", file, R_OK);
}

/* FOLDER/FILE as a new string; takes the folder. */
static char *
paths_join(char *folder, const char *file)
{
	char *path = folder != NULL ? mem_printf("%s/%s", folder, file) : NULL;

	free(folder);
	return path;
}

char *
paths_program(const char *name, struct err *e)
{
	char *path = paths_join(paths_folder("VMSTRESS_LIBEXEC",
	    paths_programs_at, VMSTRESS_LIBEXECDIR, name, X_OK), name);

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
	path = paths_join(paths_configs_folder(file), file);
	free(file);
	return path;
}

char *
paths_templates(struct err *e)
{
	char *folder = paths_folder("VMSTRESS_PLOTS", paths_templates_at,
	    VMSTRESS_DATADIR "/plots", "style.gp", R_OK);

	if (folder == NULL)
		err_set(e, "cannot find the templates of figures: neither "
		    "beside vmstress nor in %s (set VMSTRESS_PLOTS to the "
		    "folder that has style.gp)", VMSTRESS_DATADIR "/plots");
	return folder;
}

int
paths_configs(void (*each)(void *arg, const char *name), void *arg)
{
	char *folder = paths_configs_folder(".");
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	dir = folder != NULL ? opendir(folder) : NULL;
	free(folder);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!str_ends(entry->d_name, ".yaml"))
			continue;
		entry->d_name[strlen(entry->d_name) - 5] = '\0';
		each(arg, entry->d_name);
		count++;
	}
	if (dir != NULL)
		closedir(dir);
	return count;
}
