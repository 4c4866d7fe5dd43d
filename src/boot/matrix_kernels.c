/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernels of a campaign: found, checked, kept. */
#include "config.h"

#include "boot/matrix_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "boot/fetch.h"
#include "boot/kconfig.h"

static void
matrix_kernels_say(void *arg, const char *text)
{
	const struct matrix *m = arg;

	matrix_say(m, "%s", text);
}

static int
matrix_kernels_source(struct matrix *m, const char *spec,
    struct matrix_source *source, struct err *e)
{
	size_t prefix = strlen(FETCH_PREFIX);

	if (strncmp(spec, FETCH_PREFIX, prefix) == 0)
		return fetch_package(spec + prefix, &source->path,
		    &source->config, matrix_kernels_say, m, e);
	if (access(spec, R_OK) != 0)
		return err_errno(e, "%s", spec);
	source->path = mem_strdup(spec);
	return 0;
}

/* Has its configuration what a guest needs? */
static int
matrix_kernels_config(const struct matrix_source *source,
    const struct image *image, struct err *e)
{
	struct kconfig config = { 0 };
	int rc = 0;

	if (source->config == NULL)
		return 0;
	if (kconfig_read(&config, source->config, e) != 0 ||
	    kconfig_check(&config, image->kind, e) != 0)
		rc = err_prefix(e, "%s", source->config);
	kconfig_free(&config);
	return rc;
}

static int
matrix_kernels_check(struct matrix_target *t, struct matrix_source *source,
    struct err *e)
{
	if (image_identify(source->path, &t->image, e) != 0)
		return -1;
	t->runner = runner_for(&t->image);
	if (t->runner == NULL)
		return err_set(e, "%s: nothing here boots a kernel for %s",
		    source->path, t->image.arch);
	if (source->config == NULL)
		source->config = kconfig_find(source->path, &t->image);
	return matrix_kernels_config(source, &t->image, e);
}

static char *
matrix_kernels_append(const char *all, const char *own)
{
	if (all == NULL && own == NULL)
		return NULL;
	return mem_printf("%s%s%s", all != NULL ? all : "",
	    all != NULL && own != NULL ? " " : "", own != NULL ? own : "");
}

/* Its arguments are words of one line, also those that name files. */
static int
matrix_kernels_blanks(const struct matrix *m, const struct matrix_target *t,
    struct err *e)
{
	const char *const paths[] = { m->folder, getenv("TMPDIR") };
	size_t i;

	if (t->image.kind != IMAGE_UML)
		return 0;
	for (i = 0; i < 2; i++)
		if (paths[i] != NULL && strpbrk(paths[i], " \t\n") != NULL)
			return err_set(e, "'%s': user-mode Linux takes no "
			    "blanks in names of files: choose another folder "
			    "(%s)", paths[i], i == 0 ? "-o" : "TMPDIR");
	return 0;
}

static int
matrix_kernels_prepare(const struct matrix *m, struct matrix_target *t,
    const char *kernel, struct err *e)
{
	if (matrix_kernels_blanks(m, t, e) != 0)
		return -1;
	return t->runner->prepare(&t->host, &m->machine, &t->image, kernel, e);
}

int
matrix_kernels_find(struct matrix *m, const struct matrix_kernel *asked,
    const char *append, struct campaign_kernel *k, struct matrix_target *t,
    struct matrix_source *source, struct err *e)
{
	struct err why = { 0 };

	if (!campaign_is_name(asked->name))
		return err_set(e, "'%s' is no name for a kernel: up to %d "
		    "bytes without blanks, '/', '=' and backslashes, and "
		    "neither '.' nor '-' comes first", asked->name, CAMPAIGN_NAME_MAX);
	k->name = mem_strdup(asked->name);
	k->spec = mem_strdup(asked->spec);
	k->append = matrix_kernels_append(append, asked->append);
	if (matrix_kernels_source(m, asked->spec, source, e) != 0)
		return err_prefix(e, "kernel %s", k->name);
	if (matrix_kernels_check(t, source, &why) != 0) {
		k->problem = mem_strdup(why.text);
		t->runner = NULL;
		matrix_say(m, "kernel %s cannot be booted: %s", k->name,
		    why.text);
		return 0;
	}
	k->runner = mem_strdup(t->runner->name);
	k->kind = mem_strdup(image_kind_name(t->image.kind));
	k->arch = mem_strdup(t->image.arch);
	k->version = t->image.version != NULL ?
	    mem_strdup(t->image.version) : NULL;
	if (matrix_kernels_prepare(m, t, source->path, e) != 0)
		return err_prefix(e, "kernel %s", k->name);
	return 0;
}

static int
matrix_kernels_copy(const char *from, const char *to, int mode, struct err *e)
{
	char block[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, rc = -1;
	ssize_t n;

	if (in < 0)
		return err_errno(e, "%s", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (out < 0) {
		close(in);
		return err_errno(e, "%s", to);
	}
	while ((n = read(in, block, sizeof(block))) > 0)
		if (io_write_all(out, block, (size_t)n) != 0)
			break;
	if (n < 0)
		err_errno(e, "%s: cannot read it", from);
	else if (n > 0 || fsync(out) != 0)
		err_errno(e, "%s: cannot write it", to);
	else
		rc = 0;
	close(in);
	if (close(out) != 0 && rc == 0)
		rc = err_errno(e, "%s: cannot write it", to);
	return rc;
}

/* A kernel that is a program prints its configuration. */
static int
matrix_kernels_show(const char *kernel, const char *path, struct err *e)
{
	struct kconfig config = { 0 };
	int rc;

	rc = kconfig_show(kernel, &config, e);
	if (rc == 0)
		rc = kconfig_write(&config, path, e);
	kconfig_free(&config);
	return rc;
}

static void
matrix_kernels_keep_config(struct matrix *m, struct campaign_kernel *k,
    const struct matrix_target *t, const struct matrix_source *source)
{
	char *path, *name = mem_printf(MATRIX_KERNELS "/%s.config", k->name);
	struct err e = { 0 };
	int rc = -1;

	path = matrix_path(m, name);
	if (source->config != NULL)
		rc = matrix_kernels_copy(source->config, path, 0666, &e);
	else if (t->image.kind == IMAGE_UML)
		rc = matrix_kernels_show(source->path, path, &e);
	free(path);
	if (rc == 0) {
		k->config = name;
		return;
	}
	/* It explains; nothing hangs on it. */
	if (e.set)
		matrix_say(m, "the configuration of kernel %s is not known: %s",
		    k->name, e.text);
	free(name);
}

int
matrix_kernels_keep(struct matrix *m, struct campaign_kernel *k,
    const struct matrix_target *t, const struct matrix_source *source,
    struct err *e)
{
	char *path;
	int rc;

	if (k->problem != NULL)
		return 0;
	k->file = mem_printf(MATRIX_KERNELS "/%s", k->name);
	path = matrix_path(m, k->file);
	rc = matrix_kernels_copy(source->path, path,
	    t->image.kind == IMAGE_UML ? 0777 : 0666, e);
	if (rc == 0)
		k->digest = matrix_digest(path, e);
	free(path);
	if (rc != 0 || k->digest == NULL)
		return -1;
	matrix_kernels_keep_config(m, k, t, source);
	return 0;
}

int
matrix_kernels_again(struct matrix *m, const struct campaign_kernel *k,
    struct matrix_target *t, struct err *e)
{
	char *path, *digest;
	int rc = -1;

	if (k->problem != NULL)
		return 0;
	path = matrix_path(m, k->file);
	digest = matrix_digest(path, e);
	if (digest != NULL && strcmp(digest, k->digest) != 0)
		err_set(e, "%s is not the kernel that the campaign began with: "
		    "begin a new one", path);
	else if (digest != NULL && image_identify(path, &t->image, e) == 0) {
		t->runner = runner_for(&t->image);
		rc = t->runner == NULL ? err_set(e, "%s: nothing here boots it",
		    path) : matrix_kernels_prepare(m, t, path, e);
	}
	free(digest);
	free(path);
	return rc;
}

void
matrix_kernels_free(struct matrix_source *source)
{
	free(source->path);
	free(source->config);
}
