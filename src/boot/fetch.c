/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernels by the name of a package; see fetch.h. */
#include "config.h"

#include "boot/fetch.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "boot/cache.h"
#include "boot/command.h"
#include "boot/image.h"
#include "boot/kconfig.h"

#define FETCH_CACHE "kernels"
/* A slow line and a large package; who does not want to wait interrupts. */
#define FETCH_DOWNLOAD_NS (3600 * 1000000000ull)
#define FETCH_UNPACK_NS (600 * 1000000000ull)
#define FETCH_NAME_MAX 128
#define FETCH_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789"

/* Where packages have kernels. */
static const char *const fetch_folders[] = { "boot", "usr/bin" };
#define FETCH_FOLDERS (sizeof(fetch_folders) / sizeof(fetch_folders[0]))

/* What apt-get says, and what to do then. */
static const struct {
	const char *says, *hint;
} fetch_hints[] = {
	{ "resolving", "is there a network?" },
	{ "Could not connect", "is there a network?" },
	{ "Network is unreachable", "is there a network?" },
	{ "404", "the list of packages is old: apt-get update" },
	{ "", "apt-get update renews the list of packages, apt-cache search "
	    "linux-image shows kernels" },
};

struct fetch {
	const char *package;
	char *cache;		/* the folder of all kernels */
	char *work;		/* a folder of this call, or NULL */
	char *deb;		/* the file of the package, in it */
	char *root;		/* what was unpacked of it */
	void (*say)(void *arg, const char *text);
	void *arg;
};

/* Nothing, or ":arm64" and so on. */
static bool
fetch_arch(const char *text)
{
	size_t len;

	if (text[0] == '\0')
		return true;
	len = strspn(text + 1, FETCH_LETTERS "-");
	return text[0] == ':' && len >= 2 && len <= FETCH_NAME_MAX &&
	    text[1] != '-' && text[1 + len] == '\0';
}

/*
 * Debian's rule for the names of packages (Policy, 5.6.1): they go into a
 * command line and become the name of a folder.
 */
static int
fetch_name(const char *name, struct err *e)
{
	size_t len = strspn(name, FETCH_LETTERS "+-.");

	if (len >= 2 && len <= FETCH_NAME_MAX && fetch_arch(name + len) &&
	    strchr("+-.", name[0]) == NULL)
		return 0;
	return err_set(e, "'%s' is not the name of a package "
	    "(try deb:linux-image-cloud-amd64)", name);
}

/* ---- what is unpacked --------------------------------------------------- */

/* Neither the folder itself nor the one above. */
static int
fetch_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The first file of a folder, by name, that is a kernel. */
static char *
fetch_kernel_in(const char *folder, char **config)
{
	struct image image;
	struct err ignored;
	struct dirent **names;
	char *kernel = NULL, *path;
	struct stat st;
	int n, i;

	n = scandir(folder, &names, fetch_visible, alphasort);
	for (i = 0; i < n; i++) {
		path = mem_printf("%s/%s", folder, names[i]->d_name);
		err_clear(&ignored);
		if (kernel == NULL && lstat(path, &st) == 0 &&
		    S_ISREG(st.st_mode) &&
		    image_identify(path, &image, &ignored) == 0) {
			*config = kconfig_find(path, &image);
			image_free(&image);
			kernel = path;
		} else {
			free(path);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return kernel;
}

/* The kernel below a folder, as a new string, or NULL. */
static char *
fetch_kernel(const char *root, char **config)
{
	char *folder, *kernel = NULL;
	size_t i;

	*config = NULL;
	for (i = 0; kernel == NULL && i < FETCH_FOLDERS; i++) {
		folder = mem_printf("%s/%s", root, fetch_folders[i]);
		kernel = fetch_kernel_in(folder, config);
		free(folder);
	}
	return kernel;
}

/* ---- the tools ---------------------------------------------------------- */

/* What parts the names in a list of dependencies. */
#define FETCH_BETWEEN ",|(: \n"

static int
fetch_tools(struct err *e)
{
	static const char *const tools[] = { "apt-get", "dpkg-deb", "tar" };
	size_t i;
	char *path;

	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		path = command_find(tools[i]);
		if (path == NULL)
			return err_set(e, "this system has no %s: give the path "
			    "of a kernel", tools[i]);
		free(path);
	}
	return 0;
}

static int
fetch_hint(const char *package, const struct err *why, struct err *e)
{
	const char *arch = strchr(package, ':');
	size_t i = 0;

	if (arch != NULL && strstr(why->text, "Unable to locate") != NULL)
		return err_set(e, "%s (of another architecture after dpkg "
		    "--add-architecture %s and apt-get update)", why->text,
		    arch + 1);
	while (strstr(why->text, fetch_hints[i].says) == NULL)
		i++;
	return err_set(e, "%s (%s)", why->text, fetch_hints[i].hint);
}

/* The one file that apt-get has put there. */
static char *
fetch_deb(const char *folder)
{
	struct dirent *entry;
	char *deb = NULL;
	DIR *dir;

	dir = opendir(folder);
	while (dir != NULL && deb == NULL && (entry = readdir(dir)) != NULL)
		if (str_ends(entry->d_name, ".deb"))
			deb = mem_printf("%s/%s", folder, entry->d_name);
	if (dir != NULL)
		closedir(dir);
	return deb;
}

static int
fetch_download(struct fetch *f, struct err *e)
{
	char *argv[] = { "apt-get", "-q", "download", (char *)f->package,
	    NULL };
	struct err why = { 0 };
	char *text;

	text = mem_printf("downloading the package %s into %s", f->package,
	    f->cache);
	if (f->say != NULL)
		f->say(f->arg, text);
	free(text);
	if (command_run(argv, f->work, FETCH_DOWNLOAD_NS, NULL, &why) != 0)
		return fetch_hint(f->package, &why, e);
	f->deb = fetch_deb(f->work);
	return f->deb != NULL ? 0 :
	    err_set(e, "apt-get has downloaded nothing");
}

/* Without the modules, which are most of it and of no use to a guest. */
static int
fetch_unpack(struct fetch *f, struct err *e)
{
	static char script[] = "dpkg-deb --fsys-tarfile \"$1\" | "
	    "tar -xf - -C \"$2\" --no-same-owner --exclude=./lib "
	    "--exclude=./usr/lib --exclude=./usr/share";
	char *argv[] = { "sh", "-c", script, "sh", f->deb, f->root, NULL };

	if (mkdir(f->root, 0700) != 0)
		return err_errno(e, "cannot make %s", f->root);
	return command_run(argv, NULL, FETCH_UNPACK_NS, NULL, e);
}

/*
 * The kernel that a package without files depends on, "linux-image-6.1-amd64",
 * of the same architecture, as a new string; NULL: none.
 */
static char *
fetch_names(struct fetch *f, struct err *e)
{
	char *argv[] = { "dpkg-deb", "-f", f->deb, "Depends", NULL };
	struct str list = { 0 };
	struct err bad = { 0 };
	size_t len = strcspn(f->package, ":");
	char *word, *name = NULL, *rest;

	if (command_run(argv, NULL, FETCH_UNPACK_NS, &list, e) != 0)
		return NULL;
	str_add(&list, "\n");
	for (word = strtok_r(list.s, FETCH_BETWEEN, &rest);
	    word != NULL && name == NULL;
	    word = strtok_r(NULL, FETCH_BETWEEN, &rest)) {
		if (strncmp(word, "linux-image-", 12) == 0 &&
		    (strncmp(word, f->package, len) != 0 ||
		    word[len] != '\0') && fetch_name(word, &bad) == 0)
			name = mem_printf("%s%s", word, f->package + len);
	}
	str_free(&list);
	return name;
}

/* ---- one package -------------------------------------------------------- */

/* Two may do this at once: whose folder comes first is everybody's. */
static int
fetch_keep(struct fetch *f, const char *kept, struct err *e)
{
	if (rename(f->root, kept) == 0 || errno == EEXIST ||
	    errno == ENOTEMPTY)
		return 0;
	return err_errno(e, "cannot make %s", kept);
}

/*
 * 0 with *kernel, or with NULL when the package only names another one, which
 * is in *other then.
 */
static int
fetch_work(struct fetch *f, const char *kept, char **kernel, char **config,
    char **other, struct err *e)
{
	if (fetch_download(f, e) != 0 || fetch_unpack(f, e) != 0)
		return -1;
	*kernel = fetch_kernel(f->root, config);
	if (*kernel == NULL) {
		*other = fetch_names(f, e);
		return *other != NULL ? 0 : err_set(e, "there is no kernel in "
		    "this package (apt-cache search linux-image shows those "
		    "that have one)");
	}
	free(*kernel);
	free(*config);
	*kernel = *config = NULL;
	if (fetch_keep(f, kept, e) != 0)
		return -1;
	*kernel = fetch_kernel(kept, config);
	return *kernel != NULL ? 0 : err_set(e, "there is no kernel in %s: "
	    "remove it", kept);
}

static int
fetch_new(struct fetch *f, const char *kept, char **kernel, char **config,
    char **other, struct err *e)
{
	int rc;

	if (fetch_tools(e) != 0)
		return err_prefix(e, "cannot get the package %s", f->package);
	f->work = mem_printf("%s/.new-XXXXXX", f->cache);
	if (mkdtemp(f->work) == NULL) {
		rc = err_errno(e, "cannot make %s", f->work);
	} else {
		f->root = mem_printf("%s/root", f->work);
		rc = fetch_work(f, kept, kernel, config, other, e);
		io_remove_folder(f->work);
	}
	if (rc != 0)
		err_prefix(e, "cannot get the package %s", f->package);
	free(f->work);
	free(f->root);
	free(f->deb);
	f->work = f->root = f->deb = NULL;
	return rc;
}

static int
fetch_one(struct fetch *f, char **kernel, char **config, char **other,
    struct err *e)
{
	char *kept = mem_printf("%s/%s", f->cache, f->package);
	int rc = 0;

	*other = NULL;
	*kernel = fetch_kernel(kept, config);
	if (*kernel == NULL && access(kept, F_OK) == 0)
		rc = err_set(e, "there is no kernel in %s: remove it", kept);
	else if (*kernel == NULL)
		rc = fetch_new(f, kept, kernel, config, other, e);
	free(kept);
	return rc;
}

int
fetch_package(const char *package, char **kernel, char **config,
    void (*say)(void *arg, const char *text), void *arg, struct err *e)
{
	struct fetch f = { .package = package, .say = say, .arg = arg };
	char *other = NULL, *more = NULL;
	int rc;

	*kernel = *config = NULL;
	if (fetch_name(package, e) != 0)
		return -1;
	f.cache = cache_folder(FETCH_CACHE, e);
	if (f.cache == NULL)
		return -1;
	rc = fetch_one(&f, kernel, config, &other, e);
	if (rc == 0 && other != NULL) {
		f.package = other;
		rc = fetch_one(&f, kernel, config, &more, e);
		if (rc == 0 && more != NULL)
			rc = err_set(e, "the package %s names %s, which has no "
			    "kernel: give " FETCH_PREFIX "%s", package, other, more);
	}
	free(more);
	free(other);
	free(f.cache);
	return rc;
}
