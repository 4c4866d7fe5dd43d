/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs need to be loaded; see closure.h. */
#include "config.h"

#include "boot/closure.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "boot/command.h"
#include "boot/elf_file.h"
#include "os/os.h"

#define CLOSURE_TIMEOUT_NS 60000000000u
/*
 * Code for processors of a level that the guest's may not have; the same
 * library for all of them is in the folder above.
 */
#define CLOSURE_LEVELS "/glibc-hwcaps/"

/* ---- the list ---------------------------------------------------------- */

static bool
closure_has(const struct closure *c, const char *guest)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (strcmp(c->files[i].guest, guest) == 0)
			return true;
	return false;
}

/* Takes `guest`. */
static void
closure_put(struct closure *c, const char *host, char *guest)
{
	struct closure_file *f;

	if (closure_has(c, guest)) {
		free(guest);
		return;
	}
	c->files = mem_grow(c->files, c->count, &c->cap, sizeof(*c->files));
	f = &c->files[c->count++];
	f->host = mem_strdup(host);
	f->guest = guest;
}

void
closure_free(struct closure *c)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		free(c->files[i].host);
		free(c->files[i].guest);
	}
	free(c->files);
	*c = (struct closure){ 0 };
}

/* ---- by the loader ----------------------------------------------------- */

/* "\tNAME => PATH (0x7f12)", "\tPATH (0x7f12)", "\tNAME => not found". */
int
closure_line(const char *line, char **name, char **path, struct err *e)
{
	const char *arrow, *end;

	*name = *path = NULL;
	line += strspn(line, " \t");
	arrow = strstr(line, " => ");
	if (arrow != NULL) {
		*name = mem_strndup(line, (size_t)(arrow - line));
		line = arrow + 4;
		if (strncmp(line, "not found", 9) == 0) {
			err_set(e, "the library %s is not on this system",
			    *name);
			free(*name);
			*name = NULL;
			return -1;
		}
	}
	end = strstr(line, " (0x");
	if (line[0] == '/')
		*path = end != NULL ? mem_strndup(line, (size_t)(end - line)) :
		    mem_strdup(line);
	else {
		free(*name);
		*name = NULL;
	}
	return 0;
}

/* The library that every processor can run, as a new string. */
static char *
closure_plain(const char *path)
{
	const char *levels = strstr(path, CLOSURE_LEVELS);
	const char *slash = strrchr(path, '/');
	char *plain;

	if (levels == NULL)
		return mem_strdup(path);
	plain = mem_printf("%.*s%s", (int)(levels - path), path, slash);
	if (access(plain, R_OK) == 0)
		return plain;
	free(plain);
	return mem_strdup(path);
}

/* A folder that the loader searches for sure: that of its C library. */
static char *
closure_folder(const char *list, const char *loader)
{
	const char *at = strstr(list, "libc.so.6 => /"), *end;

	if (at != NULL)
		at = strchr(at, '/');
	else
		at = loader;
	end = at + strcspn(at, " \n");
	while (end > at && *end != '/')
		end--;
	return mem_strndup(at, (size_t)(end - at));
}

static int
closure_list(struct closure *c, char *list, const char *loader,
    struct err *e)
{
	char *folder = closure_folder(list, loader), *line, *name, *path;
	char *plain, *rest;
	int rc = 0;

	for (line = strtok_r(list, "\n", &rest); rc == 0 && line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		rc = closure_line(line, &name, &path, e);
		if (rc != 0 || path == NULL)
			continue;
		plain = closure_plain(path);
		closure_put(c, plain, name != NULL ?
		    mem_printf("%s/%s", folder, name) : mem_strdup(path));
		free(plain);
		free(name);
		free(path);
	}
	free(folder);
	return rc;
}

/* Is the file for the machine that we run on? */
static int
closure_native(const struct elf_file *f, struct err *e)
{
	struct elf_file own;
	struct err ignored = { 0 };
	char self[PATH_MAX];
	int rc = 0;

	if (os_self_path(self, sizeof(self)) != 0 ||
	    elf_file_open(&own, self, &ignored) != 0)
		return 0;
	if (own.machine != f->machine)
		rc = err_set(e, "it is for another machine (%s): the folder "
		    "that has its libraries is needed (--sysroot)",
		    elf_file_arch(f) != NULL ? elf_file_arch(f) : "unknown");
	elf_file_free(&own);
	return rc;
}

static int
closure_ask(struct closure *c, const char *file, const struct elf_file *f,
    const char *loader, struct err *e)
{
	char *absolute = realpath(file, NULL);
	char *argv[] = { (char *)loader, "--list", absolute, NULL };
	struct str list = { 0 };
	int rc;

	if (absolute == NULL)
		return err_errno(e, "cannot find it");
	rc = closure_native(f, e);
	if (rc == 0)
		rc = command_run(argv, NULL, CLOSURE_TIMEOUT_NS, &list, e);
	if (rc == 0) {
		closure_put(c, loader, mem_strdup(loader));
		/* str_text() of nothing is no memory of the string's. */
		str_add(&list, "\n");
		rc = closure_list(c, list.s, loader, e);
	}
	str_free(&list);
	free(absolute);
	return rc;
}

/* ---- by the sysroot ---------------------------------------------------- */

/* With a triplet behind it, "x86_64-linux-gnu", or as it is. */
static const struct {
	const char *folder;
	bool triplet;
} closure_folders[] = {
	{ "/lib/", true },
	{ "/usr/lib/", true },
	{ "/lib64", false },
	{ "/usr/lib64", false },
	{ "/lib", false },
	{ "/usr/lib", false },
};
#define CLOSURE_FOLDERS (sizeof(closure_folders) / sizeof(closure_folders[0]))

/* A loader keeps one library of a name, and is itself one of them. */
static bool
closure_has_name(const struct closure *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (strcmp(strrchr(c->files[i].guest, '/') + 1, name) == 0)
			return true;
	return false;
}

/* Is it there, and for the same machine?  Then what it needs is in *needs. */
static bool
closure_fits(const char *path, int machine, struct elf_file *needs)
{
	struct err ignored = { 0 };

	if (access(path, R_OK) != 0 ||
	    elf_file_open(needs, path, &ignored) != 0)
		return false;
	if (needs->machine == machine)
		return true;
	elf_file_free(needs);
	return false;
}

/* Where the sysroot has a library: the folder inside, as a new string, or NULL. */
static char *
closure_search(const char *sysroot, const struct elf_file *f,
    const char *name, struct elf_file *needs)
{
	const char *arch = elf_file_arch(f);
	char *folder, *path;
	bool fits;
	size_t i;

	for (i = 0; i < CLOSURE_FOLDERS; i++) {
		folder = closure_folders[i].triplet ?
		    mem_printf("%s%s-linux-gnu", closure_folders[i].folder,
			arch != NULL ? arch : "unknown") :
		    mem_strdup(closure_folders[i].folder);
		path = mem_printf("%s%s/%s", sysroot, folder, name);
		fits = closure_fits(path, f->machine, needs);
		free(path);
		if (fits)
			return folder;
		free(folder);
	}
	return NULL;
}

static bool
closure_beside(const char *file, const struct elf_file *f, const char *name,
    char **path, struct elf_file *needs)
{
	const char *slash = strrchr(file, '/');

	*path = NULL;
	if (f->runpath == NULL || strstr(f->runpath, "$ORIGIN") == NULL ||
	    slash == NULL)
		return false;
	*path = mem_printf("%.*s/%s", (int)(slash - file), file, name);
	if (closure_fits(*path, f->machine, needs))
		return true;
	free(*path);
	*path = NULL;
	return false;
}

static int closure_needs(struct closure *c, const char *file,
    const struct elf_file *f, const char *sysroot, struct err *e);

static int
closure_need(struct closure *c, const char *file, const struct elf_file *f,
    const char *name, const char *sysroot, struct err *e)
{
	struct elf_file needs;
	char *folder, *path, *guest;
	size_t before = c->count;
	int rc = 0;

	if (closure_has_name(c, name))
		return 0;
	if (closure_beside(file, f, name, &path, &needs)) {
		guest = mem_printf("/lib/%s", name);
	} else {
		folder = closure_search(sysroot, f, name, &needs);
		if (folder == NULL)
			return err_set(e, "the library %s is not in %s", name,
			    sysroot);
		guest = mem_printf("%s/%s", folder, name);
		path = mem_printf("%s%s", sysroot, guest);
		free(folder);
	}
	closure_put(c, path, guest);
	if (c->count > before)
		rc = closure_needs(c, path, &needs, sysroot, e);
	elf_file_free(&needs);
	free(path);
	return rc;
}

static int
closure_needs(struct closure *c, const char *file, const struct elf_file *f,
    const char *sysroot, struct err *e)
{
	size_t i;

	for (i = 0; i < f->nneeded; i++)
		if (closure_need(c, file, f, f->needed[i], sysroot, e) != 0)
			return -1;
	return 0;
}

static int
closure_gather(struct closure *c, const char *file, const struct elf_file *f,
    const char *loader, const char *sysroot, struct err *e)
{
	char *path = mem_printf("%s%s", sysroot, loader);
	int rc = 0;

	if (access(path, R_OK) == 0)
		closure_put(c, path, mem_strdup(loader));
	else
		rc = err_set(e, "the loader %s is not in %s", loader, sysroot);
	free(path);
	return rc != 0 ? rc : closure_needs(c, file, f, sysroot, e);
}

/* ---- both -------------------------------------------------------------- */

int
closure_add(struct closure *c, const char *file, const char *loader,
    const char *sysroot, struct err *e)
{
	struct elf_file f;
	int rc = 0;

	if (elf_file_open(&f, file, e) != 0)
		return -1;
	if (f.interpreter != NULL)
		loader = f.interpreter;
	else if (f.type != ELF_FILE_SHARED || f.nneeded == 0)
		loader = NULL;
	if (loader != NULL && sysroot != NULL)
		rc = closure_gather(c, file, &f, loader, sysroot, e);
	else if (loader != NULL)
		rc = closure_ask(c, file, &f, loader, e);
	if (rc != 0)
		err_prefix(e, "%s", file);
	elf_file_free(&f);
	return rc;
}
