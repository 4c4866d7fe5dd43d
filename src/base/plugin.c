/* SPDX-License-Identifier: BSD-2-Clause */
/* Workloads from shared objects; see plugin.h. */
#include "config.h"

#include "base/plugin.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/registry.h"

/* The linker searches its own path for a name without a slash. */
static char *
path_of(const char *file)
{
	return mem_printf("%s%s", strchr(file, '/') == NULL ? "./" : "", file);
}

/* vms_workload_NAME; no identifier has a dot, so NAME ends at the first. */
static char *
symbol_of(const char *file)
{
	const char *base = strrchr(file, '/');
	char *symbol, *s;

	base = base != NULL ? base + 1 : file;
	if (strncmp(base, "lib", 3) == 0)
		base += 3;
	symbol = mem_printf("vms_workload_%.*s", (int)strcspn(base, "."),
	    base);
	for (s = symbol; *s != '\0'; s++)
		if (*s == '-')
			*s = '_';
	return symbol;
}

/* What the linker says, without the path that the caller says already. */
static const char *
reason(const char *path)
{
	const char *text = dlerror();
	size_t n = strlen(path);

	if (text == NULL)
		return "unknown reason";
	if (strncmp(text, path, n) == 0 && strncmp(text + n, ": ", 2) == 0)
		return text + n + 2;
	return text;
}

static void *
open_object(const char *path, struct err *e)
{
	void *object;

	if (access(path, R_OK) < 0) {
		err_errno(e, "cannot open plug-in '%s'", path);
		return NULL;
	}
	object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (object == NULL)
		err_set(e, "cannot load plug-in '%s': %s", path, reason(path));
	return object;
}

static const struct vms_workload *
take(void *object, const char *path, const char *file, struct err *e)
{
	const struct vms_workload *wl;
	char *symbol = symbol_of(file);

	wl = dlsym(object, symbol);
	if (wl == NULL)
		err_set(e, "plug-in '%s' exports no '%s' (the file is named "
		    "after the workload that it defines)", path, symbol);
	else if (registry_add(wl, path, e) < 0) {
		err_prefix(e, "plug-in '%s'", path);
		wl = NULL;
	}
	free(symbol);
	return wl;
}

const struct vms_workload *
plugin_load(const char *file, struct err *e)
{
	const struct vms_workload *wl = NULL;
	char *path = path_of(file);
	void *object = open_object(path, e);

	if (object != NULL) {
		wl = take(object, path, file, e);
		/* A workload in use stays loaded for good. */
		if (wl == NULL)
			dlclose(object);
	}
	free(path);
	return wl;
}
