/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The journal: the append-only file that a run is written to, schema
 * vmstress-result/1 (one JSON object per line).
 *
 *	run	header: label, plan, tool, environment
 *	cell	one per cell of the plan, all of them before the first launch
 *	launch	a launch began; its lines follow until its end
 *	sample, phase, curve, histogram, gauge, note, stall, memory, skew,
 *	rusage, counter, kstat, slab, usage, profile, stack
 *	log	what the kernel said; without a cell: between launches
 *	validity  was the launch a fair one?
 *	end	how the launch ended
 *	env	the machine's state after the last launch
 *
 * Every line is one write(); journal_sync() makes what is written survive a
 * power loss and is called at the end of every launch.
 */
#ifndef VMSTRESS_JOURNAL_H
#define VMSTRESS_JOURNAL_H

#include "base/err.h"
#include "plan/plan.h"
#include "record/json_line.h"

/* What a file is that is written so: other files are not touched. */
struct journal_kind {
	const char *noun;	/* in messages: "record" */
	const char *schema;	/* that its first line has, with the quote */
	const char *foreign;	/* "not a vmstress record" */
	const char *busy;	/* somebody writes it, and what to do then */
	const char *exists;	/* it is there already, and what to do then */
};

struct journal {
	int fd;
	char *path;
	const struct journal_kind *kind;	/* NULL: a record */
};

/* A new file; it must not exist.  The path is tested by creating it. */
int journal_create(struct journal *j, const char *path, struct err *e);
int journal_create_kind(struct journal *j, const struct journal_kind *kind,
    const char *path, struct err *e);

/*
 * An existing file, to go on with.  A torn last line is cut off.  Takes an
 * advisory lock, so that two runs cannot append to the same record.
 */
int journal_append_to(struct journal *j, const char *path, struct err *e);
int journal_append_kind(struct journal *j, const struct journal_kind *kind,
    const char *path, struct err *e);

/*
 * Write one line and free `line`, also on failure.  On failure (disk full) the
 * file is cut back to its last whole line, so that what was measured before
 * stays readable.
 */
int journal_write(struct journal *j, struct json_line *line, struct err *e);

/* The same for a line that somebody else has made, without its newline. */
int journal_write_text(struct journal *j, const char *text, struct err *e);

int journal_sync(struct journal *j, struct err *e);
void journal_close(struct journal *j);

/* ---- the lines that describe a run ------------------------------------ */

/*
 * The header.  `tool` is an object of texts about this program, `facts` one of
 * sections about the machine (or NULL); both are taken over.
 */
struct json_line *journal_run_line(const struct plan *p, const char *started,
    struct json_line *tool, struct json_line *facts);

/*
 * What changes while a run goes on, once more: `when` is "after".  Takes over
 * `env`.
 */
struct json_line *journal_env_line(const char *when, struct json_line *env);

/* One cell of the plan with everything that is needed to launch it again. */
struct json_line *journal_cell_line(const struct plan_cell *c);

#endif
