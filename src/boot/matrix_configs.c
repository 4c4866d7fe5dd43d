/* SPDX-License-Identifier: BSD-2-Clause */
/* How the kernels of a campaign were configured, and how that differs. */
#include "config.h"

#include "boot/matrix_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "boot/kconfig.h"

static char *
matrix_configs_path(const struct matrix *m, int kernel)
{
	return mem_printf("%s/" MATRIX_KERNELS "/%s.config", m->folder,
	    m->campaign.kernels[kernel].name);
}

bool
matrix_configs_has(const struct matrix *m, int kernel)
{
	char *path = matrix_configs_path(m, kernel);
	bool has = access(path, R_OK) == 0;

	free(path);
	return has;
}

/* As long as it comes it has another name: a boot may end in the middle. */
static char *
matrix_configs_part(const struct matrix *m, int kernel)
{
	return mem_printf("%s/" MATRIX_KERNELS "/%s.config.part", m->folder,
	    m->campaign.kernels[kernel].name);
}

void
matrix_configs_begin(const struct matrix *m, int kernel)
{
	char *part = matrix_configs_part(m, kernel);

	unlink(part);
	free(part);
}

/* It is of use when it can be kept, and no reason to end a boot otherwise. */
void
matrix_configs_line(const struct matrix *m, int kernel, const char *line)
{
	char *part = matrix_configs_part(m, kernel);
	FILE *file = fopen(part, "a");

	if (file != NULL) {
		fprintf(file, "%s\n", line);
		fclose(file);
	}
	free(part);
}

void
matrix_configs_end(const struct matrix *m, int kernel)
{
	char *part = matrix_configs_part(m, kernel);
	char *path = matrix_configs_path(m, kernel);

	if (access(part, R_OK) == 0)
		rename(part, path);
	free(part);
	free(path);
}

struct matrix_configs_diff {
	FILE *file;
	enum kconfig_rank rank;		/* that is written now */
	size_t count[KCONFIG_RANKS];
};

static void
matrix_configs_row(void *arg, const char *name, const char *in_a,
    const char *in_b)
{
	struct matrix_configs_diff *d = arg;

	if (kconfig_rank(name, in_a, in_b) != d->rank)
		return;
	fprintf(d->file, "%s %s -> %s\n", name, in_a, in_b);
	d->count[d->rank]++;
}

/* What matters most comes first; how many differ. */
static size_t
matrix_configs_write(struct matrix_configs_diff *d, const struct kconfig *a,
    const struct kconfig *b)
{
	size_t n = 0;

	for (d->rank = KCONFIG_MECHANISM; d->rank < KCONFIG_RANKS; d->rank++)
		n = kconfig_difference(a, b, matrix_configs_row, d);
	return n;
}

static void
matrix_configs_pair(const struct matrix *m, const struct kconfig *base,
    int kernel)
{
	const char *first = m->campaign.kernels[0].name;
	const char *name = m->campaign.kernels[kernel].name;
	char *path = matrix_configs_path(m, kernel);
	char *diff = mem_printf("%s/" MATRIX_KERNELS "/%s-%s.diff", m->folder,
	    first, name);
	struct matrix_configs_diff d = { .file = NULL };
	struct kconfig other = { 0 };
	struct err e = { 0 };
	size_t n;

	if (kconfig_read(&other, path, &e) == 0 &&
	    (d.file = fopen(diff, "w")) != NULL) {
		n = matrix_configs_write(&d, base, &other);
		fclose(d.file);
		if (n > 0)
			matrix_say(m, "%s and %s differ in %zu option%s of "
			    "their configuration, %zu of memory, processes and "
			    "the like: %s", first, name, n, n == 1 ? "" : "s",
			    d.count[KCONFIG_MECHANISM], diff);
		else
			matrix_say(m, "%s and %s have the same configuration",
			    first, name);
	}
	kconfig_free(&other);
	free(path);
	free(diff);
}

void
matrix_configs_differ(const struct matrix *m)
{
	char *path = matrix_configs_path(m, 0);
	struct kconfig base = { 0 };
	struct err e = { 0 };
	int i;

	if (matrix_configs_has(m, 0) && kconfig_read(&base, path, &e) == 0)
		for (i = 1; i < (int)m->campaign.nkernels; i++)
			if (matrix_configs_has(m, i))
				matrix_configs_pair(m, &base, i);
	kconfig_free(&base);
	free(path);
}
