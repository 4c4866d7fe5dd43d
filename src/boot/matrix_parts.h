/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of a campaign share; see matrix.h. */
#ifndef VMSTRESS_MATRIX_PARTS_H
#define VMSTRESS_MATRIX_PARTS_H

#include "boot/matrix.h"

/* Names in a folder. */
#define MATRIX_PLAN	"plan.jsonl"
#define MATRIX_GUEST	"guest.cpio.gz"
#define MATRIX_KERNELS	"kernels"
#define MATRIX_BOOTS	"boots"

/* "FOLDER/NAME" as a new string. */
char *matrix_path(const struct matrix *m, const char *name);

/* Say a sentence to who watches. */
void matrix_say(const struct matrix *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A file's digest as the manifest has it; a new string, NULL with an error. */
char *matrix_digest(const char *path, struct err *e);

/* One line of the manifest, on disk. */
int matrix_write(struct matrix *m, struct json_line *line, struct err *e);

/* ---- matrix_kernels.c ----------------------------------------------------- */

/* A kernel that was asked for, found. */
struct matrix_source {
	char *path;			/* of the kernel */
	char *config;			/* of its configuration, or NULL */
};

/*
 * Find it and fill *k (all but its file) and *t.  A file that cannot be booted
 * has the reason in k->problem.  -1 with an error when there is no such file,
 * or when the host cannot boot kernels of its kind.
 */
int matrix_kernels_find(struct matrix *m, const struct matrix_kernel *asked,
    const char *append, struct campaign_kernel *k, struct matrix_target *t,
    struct matrix_source *source, struct err *e);

/* Copy it into the folder, which is there, and its configuration. */
int matrix_kernels_keep(struct matrix *m, struct campaign_kernel *k,
    const struct matrix_target *t, const struct matrix_source *source,
    struct err *e);

/* A kernel of a folder, once more: is it what it was, how is it booted? */
int matrix_kernels_again(struct matrix *m, const struct campaign_kernel *k,
    struct matrix_target *t, struct err *e);

void matrix_kernels_free(struct matrix_source *source);

/* ---- matrix_configs.c ----------------------------------------------------- */

/* Is the kernel's configuration in the folder? */
bool matrix_configs_has(const struct matrix *m, int kernel);

/* Lines of it come out of the guest; only a whole one is kept. */
void matrix_configs_begin(const struct matrix *m, int kernel);
void matrix_configs_line(const struct matrix *m, int kernel, const char *line);
void matrix_configs_end(const struct matrix *m, int kernel);

/*
 * How the configurations differ from that of the first kernel: a file for each
 * other kernel, a sentence to who watches.
 */
void matrix_configs_differ(const struct matrix *m);

/* ---- matrix_boot.c -------------------------------------------------------- */

/*
 * One boot from its begin to its end in the manifest; b is filled but for its
 * end.  left_ns is what comes behind it.
 */
int matrix_boot(struct matrix *m, struct campaign_boot *b, uint64_t left_ns,
    struct err *e);

#endif
