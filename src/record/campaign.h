/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manifest of a campaign, schema vmstress-campaign/1: a journal (one JSON
 * object per line) called campaign.jsonl in the folder that has everything
 * else.  Every line is on disk before what it announces is done.
 *
 *	campaign	header: settings, the order of kernels in every round
 *	kernel		one per kernel, before the first boot
 *	begin		a boot begins: its record and its log
 *	end		how it ended
 *
 * A boot that has begun without an end was cut short with the host; it is done
 * again, into files of other names, and only what has an end counts.
 */
#ifndef VMSTRESS_CAMPAIGN_H
#define VMSTRESS_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "record/journal.h"
#include "record/json_line.h"

#define CAMPAIGN_FILE "campaign.jsonl"

/* Bounds of what is believed. */
#define CAMPAIGN_KERNELS_MAX	1024
#define CAMPAIGN_BOOTS_MAX	(1 << 20)	/* attempts, too */
#define CAMPAIGN_ARGS_MAX	1024
#define CAMPAIGN_TAIL_MAX	1024		/* lines */
#define CAMPAIGN_TEXT_MAX	65536		/* bytes */
#define CAMPAIGN_NAME_MAX	64

/*
 * What all boots have in common; texts are owned by who has the struct.  Here
 * and below a text that may be NULL says so; the reader insists on the others.
 */
struct campaign_settings {
	char *id;		/* of this campaign, in every record of it */
	char *started;		/* RFC 3339, UTC */
	char *tool;		/* version of vmstress */
	char *config;		/* what is run: the name of the plan */
	char *order;		/* "random", "abba", "listed" */
	uint64_t seed;
	int kernels;		/* that are described below it */
	int boots;		/* of every kernel: rounds */
	int cpus;
	uint64_t memory_bytes;
	bool allow_tcg, hugepages;
	uint64_t boot_timeout_ns;	/* until the guest says hello; 0: by kind */
	char **qemu_args;
	size_t nqemu_args;
	char *image;		/* the initramfs, relative to the folder */
	char *image_digest;
};

struct campaign_kernel {
	char *name;
	char *spec;		/* as it was given */
	/* The next ones may be NULL when there is a problem. */
	char *runner;		/* "qemu", "uml" */
	char *kind, *arch;	/* of image.h */
	char *file;		/* copy of the kernel, relative to the folder */
	char *digest;
	char *version;		/* or NULL */
	char *append;		/* more arguments for it, or NULL */
	char *config;		/* its configuration, relative; or NULL */
	char *problem;		/* why it cannot be booted at all, or NULL */
};

enum campaign_state {
	CAMPAIGN_OPEN,		/* begun, no end */
	CAMPAIGN_RESULT,	/* all launches ok or skipped */
	CAMPAIGN_FAILED,	/* the kernel lived, the benchmark failed */
	CAMPAIGN_LOST,		/* the machine was lost: that is a result, too */
	CAMPAIGN_INTERRUPTED	/* by ^C: to be done again */
};

/* "result", "failed", "lost", "interrupted"; NULL for CAMPAIGN_OPEN. */
const char *campaign_state_name(enum campaign_state state);

struct campaign_boot {
	int number;		/* from 1, in the order of the plan */
	int round;		/* from 1 */
	int position;		/* in its round, from 1 */
	int kernel;		/* index */
	int attempt;		/* from 1 */
	char *record, *log;	/* relative to the folder; the record may not exist */
	char *started;
	enum campaign_state state;
	char *how;		/* "panic", "oops", "hang", "timeout", ...; or NULL */
	char *reason;		/* a sentence, or NULL */
	char **tail;		/* last lines of a lost kernel */
	size_t ntail;
	uint64_t elapsed_ns;	/* 0: no end */
};

struct campaign {
	struct campaign_settings settings;
	struct campaign_kernel *kernels;
	size_t nkernels;
	struct campaign_boot *boots;	/* in order of their begin */
	size_t nboots;
};

/* ---- writing ------------------------------------------------------------ */

/*
 * FOLDER/campaign.jsonl, new or to go on with; a torn last line is cut off.
 * Locked as a record is.
 */
int campaign_create(struct journal *j, const char *folder, struct err *e);
int campaign_append(struct journal *j, const char *folder, struct err *e);

/* For journal_write(), which is to be followed by journal_sync(). */
struct json_line *campaign_header_line(const struct campaign_settings *s);
struct json_line *campaign_kernel_line(const struct campaign_kernel *k);
struct json_line *campaign_begin_line(const struct campaign_boot *b,
    const char *kernel);
struct json_line *campaign_end_line(const struct campaign_boot *b);

/* ---- reading ------------------------------------------------------------ */

/*
 * Zero-initialize, and free in any case.  Unknown lines and fields are passed
 * over, and so is a torn last line.  What is read is sound: names are names
 * (below), files are in the folder, and no boot counts twice.
 */
int campaign_read(struct campaign *c, const char *folder, struct err *e);

/* The same of an open stream, which errors call `name`. */
int campaign_read_stream(struct campaign *c, FILE *in, const char *name,
    struct err *e);
void campaign_free(struct campaign *c);

/* Is there a manifest in this folder? */
bool campaign_is_folder(const char *folder);

/* Does this boot count: did it end with a result, a failure or a loss? */
bool campaign_counts(const struct campaign_boot *b);

/*
 * May a kernel be called so?  Its name is in names of files and in NAME=RECORD:
 * up to CAMPAIGN_NAME_MAX bytes of UTF-8 without blanks, '/', '\\', '=' and
 * control characters, and neither '.' nor '-' comes first.
 */
bool campaign_is_name(const char *name);

/* A file of the folder as a path; a new string. */
char *campaign_path(const char *folder, const char *file);

/* The log of a boot as such a path, or NULL: it never began to have one. */
char *campaign_log(const char *folder, const struct campaign_boot *b);

/* ---- the records of its boots -------------------------------------------- */

/*
 * The header of a guest's record with one more section, "boot": what the host
 * knows about the boot.  Takes over `boot`.  A new string without newline, or
 * NULL with an error when `header` is no header of a record.
 */
char *campaign_stamp(const char *header, struct json_line *boot,
    struct err *e);

#endif
