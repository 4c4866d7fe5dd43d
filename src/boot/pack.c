/* SPDX-License-Identifier: BSD-2-Clause */
/* All that a guest needs, in one initramfs; see pack.h. */
#include "config.h"

#include "boot/pack.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "boot/closure.h"
#include "boot/elf_file.h"
#include "boot/initramfs.h"
#include "os/os.h"
#include "run/paths.h"

/* Where the guest mounts things. */
static const char *const pack_mounts[] = {
	"/dev", "/proc", "/run", "/sys", "/tmp"
};
#define PACK_MOUNTS (sizeof(pack_mounts) / sizeof(pack_mounts[0]))

/* Programs of ours that every build has. */
static const char *const pack_programs[] = {
	"vmstress-cell", "vmstress-cell-dynamic", "vmstress-guardian",
	"vmstress-member"
};
#define PACK_PROGRAMS (sizeof(pack_programs) / sizeof(pack_programs[0]))

/* Programs that workloads execute, by the beginnings and ends of their names. */
static const struct {
	const char *begin, *end;
} pack_patterns[] = {
	{ "vmstress-lib", ".so" },
	{ "vmstress-target-", "" },
};
#define PACK_PATTERNS (sizeof(pack_patterns) / sizeof(pack_patterns[0]))

struct pack_work {
	struct initramfs *image;
	const char *sysroot;
	char *program;		/* vmstress */
	char *loader;		/* that it names, or NULL */
	char *libexec;
	int machine;
	char **names;		/* in libexec, sorted */
	size_t nnames, capnames;
	struct pack_seen {	/* files that are in the image */
		dev_t device;
		ino_t inode;
	} *seen;
	size_t nseen, capseen;
	struct closure closure;
};

/* ---- what is ours ------------------------------------------------------ */

static void
pack_name(struct pack_work *w, const char *name)
{
	w->names = mem_grow(w->names, w->nnames, &w->capnames,
	    sizeof(*w->names));
	w->names[w->nnames++] = mem_strdup(name);
}

/* A build leaves other files with such names: vmstress-target-static.o. */
static bool
pack_matches(const char *name)
{
	size_t i, len = strlen(name), begin, end;

	for (i = 0; i < PACK_PATTERNS; i++) {
		begin = strlen(pack_patterns[i].begin);
		end = strlen(pack_patterns[i].end);
		if (len > begin + end &&
		    strncmp(name, pack_patterns[i].begin, begin) == 0 &&
		    strcmp(name + len - end, pack_patterns[i].end) == 0 &&
		    memchr(name, '.', len - end) == NULL)
			return true;
	}
	return false;
}

static int
pack_by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
pack_list(struct pack_work *w, struct err *e)
{
	struct dirent *entry;
	size_t i;
	DIR *dir;

	dir = opendir(w->libexec);
	if (dir == NULL)
		return err_errno(e, "cannot read %s", w->libexec);
	while ((entry = readdir(dir)) != NULL)
		if (pack_matches(entry->d_name))
			pack_name(w, entry->d_name);
	closedir(dir);
	for (i = 0; i < PACK_PROGRAMS; i++)
		pack_name(w, pack_programs[i]);
	qsort(w->names, w->nnames, sizeof(*w->names), pack_by_name);
	return 0;
}

static int
pack_find(struct pack_work *w, const struct pack *p, struct err *e)
{
	char self[PATH_MAX];

	if (p->program == NULL && os_self_path(self, sizeof(self)) != 0)
		return err_errno(e, "cannot find the program that runs");
	w->program = mem_strdup(p->program != NULL ? p->program : self);
	if (p->libexec != NULL) {
		w->libexec = mem_strdup(p->libexec);
		return 0;
	}
	w->libexec = paths_program(pack_programs[0], e);
	if (w->libexec == NULL)
		return -1;
	*strrchr(w->libexec, '/') = '\0';
	return 0;
}

/* ---- putting in -------------------------------------------------------- */

/* Is that file in the image already?  Afterwards it is. */
static bool
pack_seen(struct pack_work *w, const char *file)
{
	struct stat st;
	size_t i;

	if (stat(file, &st) != 0)
		return false;
	for (i = 0; i < w->nseen; i++)
		if (w->seen[i].device == st.st_dev &&
		    w->seen[i].inode == st.st_ino)
			return true;
	w->seen = mem_grow(w->seen, w->nseen, &w->capseen, sizeof(*w->seen));
	w->seen[w->nseen].device = st.st_dev;
	w->seen[w->nseen++].inode = st.st_ino;
	return false;
}

/* A program or shared object, and what it needs. */
static int
pack_code(struct pack_work *w, const char *file, const char *at,
    struct err *e)
{
	struct elf_file f;
	int rc = 0;

	if (elf_file_open(&f, file, e) != 0)
		return -1;
	if (f.machine != w->machine)
		rc = err_set(e, "%s is not for the machine that %s is for",
		    file, w->program);
	elf_file_free(&f);
	if (rc != 0)
		return rc;
	pack_seen(w, file);
	if (initramfs_file(w->image, at, file, 0755, e) != 0)
		return -1;
	return closure_add(&w->closure, file, w->loader, w->sysroot, e);
}

static int
pack_code_in(struct pack_work *w, const char *folder, const char *name,
    const char *to, struct err *e)
{
	char *file = mem_printf("%s/%s", folder, name);
	char *at = mem_printf("%s/%s", to, name);
	int rc = pack_code(w, file, at, e);

	free(file);
	free(at);
	return rc;
}

static int
pack_skeleton(struct pack_work *w, struct err *e)
{
	size_t i;

	for (i = 0; i < PACK_MOUNTS; i++)
		if (initramfs_folder(w->image, pack_mounts[i], e) != 0)
			return -1;
	/* Before /dev is mounted: what the kernel opens for us, and nothing. */
	if (initramfs_device(w->image, "/dev/console", 5, 1, e) != 0 ||
	    initramfs_device(w->image, "/dev/null", 1, 3, e) != 0)
		return -1;
	return initramfs_link(w->image, "/init", PACK_PROGRAM, e);
}

static int
pack_own(struct pack_work *w, struct err *e)
{
	size_t i;

	if (pack_code(w, w->program, PACK_PROGRAM, e) != 0)
		return -1;
	for (i = 0; i < w->nnames; i++)
		if (pack_code_in(w, w->libexec, w->names[i], PACK_FOLDER,
		    e) != 0)
			return -1;
	return 0;
}

static int
pack_plugins(struct pack_work *w, const struct pack *p, struct err *e)
{
	const char *slash;
	char *at;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < p->nplugins; i++) {
		slash = strrchr(p->plugins[i], '/');
		at = mem_printf("%s/%s", PACK_PLUGINS,
		    slash != NULL ? slash + 1 : p->plugins[i]);
		rc = pack_code(w, p->plugins[i], at, e);
		free(at);
	}
	return rc;
}

/* What is beside a program of ours is there for it, and not once more. */
static int
pack_libraries(struct pack_work *w, struct err *e)
{
	const struct closure_file *f;
	size_t i;

	for (i = 0; i < w->closure.count; i++) {
		f = &w->closure.files[i];
		if (!pack_seen(w, f->host) && initramfs_file(w->image,
		    f->guest, f->host, 0755, e) != 0)
			return -1;
	}
	return 0;
}

/* The last of all: a guest that finds it has got everything. */
static int
pack_plan(struct pack_work *w, const struct pack *p, struct err *e)
{
	if (p->plan == NULL)
		return 0;
	return initramfs_file(w->image, PACK_PLAN, p->plan, 0644, e);
}

/* ---- the whole --------------------------------------------------------- */

static int
pack_identify(struct pack_work *w, const char **arch, struct err *e)
{
	struct elf_file f;
	const char *name;
	int rc = 0;

	if (elf_file_open(&f, w->program, e) != 0)
		return -1;
	name = elf_file_arch(&f);
	w->machine = f.machine;
	if (f.interpreter != NULL)
		w->loader = mem_strdup(f.interpreter);
	if (name == NULL)
		rc = err_set(e, "%s is for a machine that cannot be a guest",
		    w->program);
	else if (arch != NULL)
		*arch = name;
	elf_file_free(&f);
	return rc;
}

static int
pack_fill(struct pack_work *w, const struct pack *p, const char *path,
    struct err *e)
{
	w->image = initramfs_new(path, e);
	if (w->image == NULL)
		return -1;
	if (pack_skeleton(w, e) != 0 || pack_own(w, e) != 0 ||
	    pack_plugins(w, p, e) != 0 || pack_libraries(w, e) != 0 ||
	    pack_plan(w, p, e) != 0) {
		initramfs_drop(w->image);
		return -1;
	}
	return initramfs_close(w->image, e);
}

static void
pack_free(struct pack_work *w)
{
	size_t i;

	for (i = 0; i < w->nnames; i++)
		free(w->names[i]);
	free(w->names);
	free(w->seen);
	free(w->program);
	free(w->loader);
	free(w->libexec);
	closure_free(&w->closure);
}

int
pack_make(const struct pack *p, const char *path, const char **arch,
    struct err *e)
{
	struct pack_work w = { .sysroot = p->sysroot };
	int rc;

	rc = pack_find(&w, p, e);
	if (rc == 0)
		rc = pack_identify(&w, arch, e);
	if (rc == 0)
		rc = pack_list(&w, e);
	if (rc == 0)
		rc = pack_fill(&w, p, path, e);
	if (rc != 0)
		err_prefix(e, "cannot make the image of the guest");
	pack_free(&w);
	return rc;
}
