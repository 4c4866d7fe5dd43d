/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A campaign: several kernels booted in rounds, the same plan run in each boot,
 * everything kept in one folder (record/campaign.h):
 *
 *	campaign.jsonl	the manifest
 *	plan.jsonl	the plan, as it is in the guest
 *	guest.cpio.gz	the guest
 *	kernels/	the kernels, their configurations, and how those differ
 *	boots/		r01-old.jsonl, .log, .said for every boot: record, log of
 *			the kernel, output of the runner
 */
#ifndef VMSTRESS_MATRIX_H
#define VMSTRESS_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "boot/image.h"
#include "boot/runner.h"
#include "boot/wire.h"
#include "plan/plan.h"
#include "record/campaign.h"
#include "record/journal.h"
#include "run/guard.h"
#include "run/place.h"

/* What a person may want to see; NULL members are skipped. */
struct matrix_watch {
	/* A sentence about what is being prepared, or what went wrong. */
	void (*say)(void *arg, const char *text);
	/* Boot `done` + 1 of `total`; left_ns is what is left, 0: unknown. */
	void (*boot)(void *arg, const struct campaign *c,
	    const struct campaign_boot *b, size_t done, size_t total,
	    uint64_t left_ns);
	/* A launch begins in it; left_ns is of the whole campaign. */
	void (*launch)(void *arg, const struct wire_begin *b, uint64_t left_ns);
	void (*tick)(void *arg);
	void (*end)(void *arg, const struct campaign *c,
	    const struct campaign_boot *b);
	void *arg;
};

/* What a new campaign is made of. */
struct matrix_request {
	struct matrix_kernel {
		const char *name, *spec;	/* path or "deb:PACKAGE" */
		const char *append;		/* for it alone; or NULL */
	} *kernels;
	size_t nkernels;
	const char *append;		/* for all kernels; or NULL */
	const struct plan *plan;
	const char *const *plugins;	/* their files */
	size_t nplugins;
	struct campaign_settings settings;	/* id, started, image: filled in */
	const char *program, *libexec, *sysroot;	/* of pack.h; or NULL */
};

struct matrix {
	const char *folder;
	const struct matrix_watch *watch;
	const struct place *place;	/* of this host */
	struct campaign campaign;
	struct journal manifest;
	struct machine machine;
	struct matrix_target *targets;	/* one per kernel */
	struct guard guard;
	char *guardian;
	bool interrupted;
};

/* A kernel and how it is booted here. */
struct matrix_target {
	struct image image;
	const struct runner *runner;	/* NULL: it cannot be booted */
	struct runner_host host;
};

/*
 * Find the kernels and what is needed to boot them, and make the folder.  A
 * file that is there and no kernel is no reason not to boot the others: its
 * boots are lost, with that reason.  -1 with an error, and no folder is left,
 * when a file is not there, when no kernel can be booted, or when this host
 * cannot do what is asked for.
 */
int matrix_create(struct matrix *m, const struct matrix_request *q,
    struct err *e);

/* Go on with a folder: the same kernels, the same guest, the same settings. */
int matrix_resume(struct matrix *m, struct err *e);

/*
 * All boots that have not been done.  0 when the campaign went to its end or
 * was interrupted (m->interrupted), -1 with an error when it cannot go on.
 */
int matrix_run(struct matrix *m, struct err *e);

/* Boots that ended in a state. */
size_t matrix_count(const struct matrix *m, enum campaign_state state);

void matrix_free(struct matrix *m);

#endif
