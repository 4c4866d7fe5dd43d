/* SPDX-License-Identifier: BSD-2-Clause */
/* The output of an unattended cell into a record; see import.h. */
#include "config.h"

#include "record/import.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/registry.h"
#include "engine/protocol.h"
#include "record/fingerprint.h"
#include "record/journal_lines.h"
#include "record/validity.h"

struct import {
	struct plan *plan;
	struct journal *journal;	/* NULL in the first pass */
	struct json_line *facts;	/* NULL in the second pass */
	struct import_counts *counts;
	struct protocol_launch launch;	/* the block that is being echoed */
	bool in_block, open, opened;
	struct json_line **pending;	/* before its describe line */
	size_t npending, pending_cap;
	struct validity validity;	/* of the launch */
	int ncpus;			/* 0: not known */
};

/* ---- the plan --------------------------------------------------------- */

static const char *
import_param(const struct protocol_launch *l, const struct vms_param *row)
{
	size_t i;

	for (i = 0; i < l->nparams; i++)
		if (strcmp(l->params[i].name, row->name) == 0)
			return l->params[i].value;
	return row->def;
}

static struct plan_cell *
import_find_cell(struct plan *p, uint64_t id)
{
	size_t i;

	for (i = 0; i < p->ncells; i++)
		if ((uint64_t)p->cells[i].id == id)
			return &p->cells[i];
	return NULL;
}

static int
import_add_cell(struct import *im, struct err *e)
{
	const struct protocol_launch *l = &im->launch;
	struct plan *p = im->plan;
	const struct vms_param *row;
	struct plan_cell *c;
	char *name = mem_strdup(l->workload);
	const struct vms_workload *wl;

	name[strcspn(name, "/")] = '\0';
	wl = registry_find(name, e);
	free(name);
	if (wl == NULL)
		return -1;
	p->cells = mem_grow(p->cells, p->ncells, &p->cells_cap,
	    sizeof(*p->cells));
	c = &p->cells[p->ncells++];
	memset(c, 0, sizeof(*c));
	c->id = (int)l->cell;
	c->workload = wl;
	c->threads = l->threads;
	c->workers = l->workers;
	c->pin = mem_strdup(l->pin);
	c->samples = l->samples;
	c->interval_ns = l->interval_ns;
	c->warmup_ns = l->warmup_ns;
	c->timeout_ns = l->timeout_ns;
	c->latency = l->latency;
	c->probe = l->probe;
	c->statistics = l->statistics;
	c->events = mem_strdup("none");
	c->profile = mem_strdup("none");
	for (row = wl->params; row != NULL && row->name != NULL; row++) {
		c->params = mem_array(c->params, (size_t)c->nparams + 1,
		    sizeof(*c->params));
		c->params[c->nparams].row = row;
		c->params[c->nparams].text = mem_strdup(import_param(l, row));
		c->nparams++;
	}
	return 0;
}

/* A whole block was echoed: its cell, and how many launches it has. */
static int
import_note_launch(struct import *im, struct err *e)
{
	struct plan_cell *c = import_find_cell(im->plan, im->launch.cell);

	if (c == NULL && import_add_cell(im, e) != 0)
		return -1;
	c = import_find_cell(im->plan, im->launch.cell);
	if ((uint64_t)c->launches < im->launch.launch + 1)
		c->launches = (int)im->launch.launch + 1;
	return 0;
}

/* ---- the lines -------------------------------------------------------- */

static int
import_write(struct import *im, struct json_line *line, struct err *e)
{
	return journal_write(im->journal, line, e);
}

/* The launch line, and what came before its describe line. */
static int
import_open(struct import *im, const struct protocol_line *describe,
    struct err *e)
{
	struct json_line *line;
	size_t i;
	int rc;

	if (im->opened)
		return 0;
	im->opened = true;
	rc = journal_lines_launch(&im->launch, NULL, describe, &line, e);
	if (rc == 0)
		rc = import_write(im, line, e);
	for (i = 0; i < im->npending; i++)
		if (rc == 0)
			rc = import_write(im, im->pending[i], e);
		else
			json_line_free(im->pending[i]);
	im->npending = 0;
	return rc;
}

static int
import_keep(struct import *im, struct json_line *line, struct err *e)
{
	if (im->opened)
		return import_write(im, line, e);
	im->pending = mem_grow(im->pending, im->npending, &im->pending_cap,
	    sizeof(struct json_line *));
	im->pending[im->npending++] = line;
	return 0;
}

/* The output went on, or ended, without this launch's end. */
static int
import_unfinished(struct import *im, struct err *e)
{
	struct json_line *line;

	if (!im->open)
		return 0;
	im->open = false;
	im->counts->unfinished++;
	if (import_open(im, NULL, e) != 0)
		return -1;
	line = json_line_new();
	json_line_text(line, "type", "end");
	json_line_u64(line, "cell", im->launch.cell);
	json_line_u64(line, "launch", im->launch.launch);
	json_line_text(line, "status", "failed");
	json_line_text(line, "reason", "the output has no end of this launch");
	return import_write(im, line, e);
}

/* By what the output says; nobody looked from outside. */
static int
import_judge(struct import *im, const struct protocol_line *end, struct err *e)
{
	const char *status = protocol_get(end, "status");
	struct json_line *line;

	if (status == NULL || strcmp(status, "ok") != 0)
		return 0;
	line = validity_judge(&im->validity, (int)im->launch.cell,
	    (int)im->launch.launch);
	return line != NULL ? import_write(im, line, e) : 0;
}

static int
import_launch_line(struct import *im, const struct protocol_line *l,
    struct err *e)
{
	struct json_line *line = NULL;
	bool end = strcmp(l->keyword, "end") == 0;

	if (!im->open)
		return 0;
	validity_line(&im->validity, l);
	if (strcmp(l->keyword, "describe") == 0)
		return import_open(im, l, e);
	if (journal_lines_make(l, (int)im->launch.cell,
	    (int)im->launch.launch, &line, e) != 0)
		return -1;
	if (end && (import_open(im, NULL, e) != 0 ||
	    import_judge(im, l, e) != 0)) {
		json_line_free(line);
		return -1;
	}
	if (end) {
		im->open = false;
		im->counts->launches++;
	}
	return line != NULL ? import_keep(im, line, e) : 0;
}

/*
 * The echo of a block is the block without header and `go`; both are put back
 * here, since protocol_take_launch() wants them.
 */
static int
import_begin_block(struct import *im, struct err *e)
{
	char header[] = "vmstress-plan version=1";
	struct protocol_line line;

	if (im->journal != NULL && import_unfinished(im, e) != 0)
		return -1;
	protocol_launch_free(&im->launch);
	memset(&im->launch, 0, sizeof(im->launch));
	im->in_block = true;
	im->opened = false;
	return protocol_parse(header, &line, e) != 0 ||
	    protocol_take_launch(&im->launch, &line, e) < 0 ? -1 : 0;
}

static int
import_end_block(struct import *im, struct err *e)
{
	char go[] = "go";
	struct protocol_line line;

	im->in_block = false;
	if (protocol_parse(go, &line, e) != 0 ||
	    protocol_take_launch(&im->launch, &line, e) != 1)
		return -1;
	im->open = true;
	validity_free(&im->validity);
	validity_begin(&im->validity, &im->launch, im->ncpus, false);
	return im->journal == NULL ? import_note_launch(im, e) : 0;
}

static void
import_fact(struct import *im, const char *key, const char *value)
{
	if (key == NULL || value == NULL)
		return;
	if (strcmp(key, "machine.cpus_online") == 0)
		im->ncpus = atoi(value);
	if (im->facts != NULL)
		fingerprint_add(im->facts, key, value);
}

/* `profile` is a line of the plan and another one of the output. */
static bool
import_is_of_block(const struct protocol_line *l)
{
	static const char *const keywords[] = {
		"param", "cpus", "partners", "count", "event"
	};
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcmp(l->keyword, keywords[i]) == 0)
			return true;
	return strcmp(l->keyword, "profile") == 0 &&
	    protocol_get(l, "index") == NULL;
}

static bool
import_is_known(const char *keyword)
{
	static const char *const keywords[] = {
		"vmstress-out", "fact", "launch", "param", "cpus", "partners",
		"count", "event", "describe", "probe", "note", "gauge", "sample", "phase",
		"curve", "histogram", "stall", "memory", "step", "counter",
		"kstat", "slab", "usage", "profile", "stack", "skew", "rusage",
		"end"
	};
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcmp(keyword, keywords[i]) == 0)
			return true;
	return false;
}

static int
import_line(struct import *im, char *text, struct err *e)
{
	struct protocol_line l;
	struct err foreign = { 0 };

	text[strcspn(text, "\r")] = '\0';
	if (protocol_parse(text, &l, &foreign) != 0 ||
	    !import_is_known(l.keyword)) {
		im->counts->foreign += im->journal != NULL;
		return 0;
	}
	if (im->in_block && import_is_of_block(&l))
		return protocol_take_launch(&im->launch, &l, e) < 0 ? -1 : 0;
	if (im->in_block && import_end_block(im, e) != 0)
		return -1;
	if (strcmp(l.keyword, "launch") == 0)
		return import_begin_block(im, e) != 0 ||
		    protocol_take_launch(&im->launch, &l, e) < 0 ? -1 : 0;
	if (strcmp(l.keyword, "fact") == 0)
		import_fact(im, protocol_get(&l, "key"),
		    protocol_get(&l, "value"));
	return im->journal != NULL ? import_launch_line(im, &l, e) : 0;
}

static int
import_pass(struct import *im, const char *path, struct err *e)
{
	struct protocol_reader in;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
	char *text;

	if (fd < 0)
		return err_errno(e, "cannot read %s", path);
	protocol_reader_init(&in, fd);
	while (rc == 0 && (text = protocol_read_line(&in, e)) != NULL)
		rc = import_line(im, text, e);
	if (rc == 0 && !e->set && im->in_block)
		rc = import_end_block(im, e);
	if (rc == 0 && !e->set && im->journal != NULL)
		rc = import_unfinished(im, e);
	protocol_reader_free(&in);
	protocol_launch_free(&im->launch);
	memset(&im->launch, 0, sizeof(im->launch));
	close(fd);
	if (e->set)
		return err_prefix(e, "%s", path);
	return rc;
}

static int
import_header(struct import *im, struct err *e)
{
	const struct plan *p = im->plan;
	struct json_line *facts = im->facts, *tool = json_line_new();
	size_t i;

	im->facts = NULL;
	json_line_text(tool, "version", PACKAGE_VERSION);
	if (journal_write(im->journal, journal_run_line(p, NULL, tool,
	    facts), e) != 0)
		return -1;
	for (i = 0; i < p->ncells; i++)
		if (journal_write(im->journal, journal_cell_line(&p->cells[i]),
		    e) != 0)
			return -1;
	return 0;
}

int
import_run(struct plan *p, const char *path, struct journal *j,
    struct import_counts *counts, struct err *e)
{
	struct import im = { .plan = p, .counts = counts };
	int rc;

	memset(counts, 0, sizeof(*counts));
	p->order = PLAN_LISTED;
	im.facts = json_line_new();
	rc = import_pass(&im, path, e);
	if (rc == 0 && p->ncells == 0)
		rc = err_set(e, "%s: no output of vmstress-cell", path);
	im.journal = j;
	im.in_block = im.open = false;
	if (rc == 0)
		rc = import_header(&im, e);
	if (rc == 0)
		rc = import_pass(&im, path, e);
	if (rc == 0)
		rc = journal_sync(j, e);
	json_line_free(im.facts);
	validity_free(&im.validity);
	free(im.pending);
	return rc;
}
