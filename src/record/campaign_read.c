/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the manifest of a campaign; see campaign.h. */
#include "config.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "record/campaign.h"
#include "record/campaign_fields.h"
#include "record/reader_fields.h"
#include "record/reader_lines.h"
#include "record/reader_schema.h"

struct campaign_reading {
	struct campaign *c;
	size_t kernels_cap, boots_cap;
	/* The last attempt of each boot by its number, from 1; 0: none. */
	size_t *last;		/* index + 1 */
	size_t nlast;
};

static const struct reader_schema campaign_schema = {
	.type = "campaign",
	.schema = "vmstress-campaign/",
	.version = 1,
	.what = "a campaign of vmstress",
	.writer = "vmstress matrix",
};

/* ---- settings and kernels -------------------------------------------- */

static int
campaign_header(struct campaign_reading *r, const json_t *line, struct err *e)
{
	struct campaign_settings *s = &r->c->settings;
	const struct campaign_field texts[] = {
		{ "id", &s->id, CAMPAIGN_REQUIRED },
		{ "started", &s->started, CAMPAIGN_REQUIRED },
		{ "tool", &s->tool, CAMPAIGN_REQUIRED },
		{ "config", &s->config, CAMPAIGN_REQUIRED },
		{ "order", &s->order, CAMPAIGN_REQUIRED },
		{ "image", &s->image, CAMPAIGN_INSIDE },
		{ "image_digest", &s->image_digest, CAMPAIGN_REQUIRED },
	};

	if (campaign_fields_texts(line, texts,
	    sizeof(texts) / sizeof(texts[0]), e) < 0 ||
	    reader_fields_u64(line, "seed", &s->seed, e) < 0 ||
	    reader_fields_int(line, "kernels", 1, CAMPAIGN_KERNELS_MAX,
	    &s->kernels, e) < 0 ||
	    reader_fields_int(line, "boots", 1, CAMPAIGN_BOOTS_MAX, &s->boots,
	    e) < 0 ||
	    reader_fields_int(line, "cpus", 1, 1 << 20, &s->cpus, e) < 0 ||
	    reader_fields_u64(line, "memory_bytes", &s->memory_bytes, e) < 0)
		return -1;
	if (reader_fields_bool(line, "allow_tcg", &s->allow_tcg, e) < 0 ||
	    reader_fields_bool(line, "hugepages", &s->hugepages, e) < 0 ||
	    reader_fields_u64_or(line, "boot_timeout_ns", 0,
	    &s->boot_timeout_ns, e) < 0)
		return -1;
	return campaign_fields_list(line, "qemu_args", CAMPAIGN_ARGS_MAX,
	    &s->qemu_args, &s->nqemu_args, e);
}

/* The index of a kernel, or -1. */
static int
campaign_find(const struct campaign *c, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(c->kernels[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int
campaign_check_name(const struct campaign *c, const char *name, struct err *e)
{
	struct str safe = { 0 };
	int status = 0;

	str_add_safe(&safe, name);
	if (!campaign_is_name(name))
		status = err_set(e, "'%.80s' is no name of a kernel",
		    str_text(&safe));
	else if (campaign_find(c, name, c->nkernels - 1) >= 0)
		status = err_set(e, "there are two kernels '%s'",
		    str_text(&safe));
	str_free(&safe);
	return status;
}

static int
campaign_kernel(struct campaign_reading *r, const json_t *line, struct err *e)
{
	struct campaign *c = r->c;
	struct campaign_kernel *k;

	if (c->nkernels == CAMPAIGN_KERNELS_MAX)
		return err_set(e, "there are more than %d kernels",
		    CAMPAIGN_KERNELS_MAX);
	c->kernels = mem_grow(c->kernels, c->nkernels, &r->kernels_cap,
	    sizeof(*c->kernels));
	k = &c->kernels[c->nkernels++];
	memset(k, 0, sizeof(*k));

	const struct campaign_field texts[] = {
		{ "name", &k->name, CAMPAIGN_REQUIRED },
		{ "spec", &k->spec, CAMPAIGN_REQUIRED },
		{ "version", &k->version, CAMPAIGN_OPTIONAL },
		{ "append", &k->append, CAMPAIGN_OPTIONAL },
		{ "config", &k->config, CAMPAIGN_INSIDE_OR_NULL },
		{ "problem", &k->problem, CAMPAIGN_OPTIONAL },
	};
	const struct campaign_field bootable[] = {
		{ "runner", &k->runner, CAMPAIGN_REQUIRED },
		{ "kind", &k->kind, CAMPAIGN_REQUIRED },
		{ "arch", &k->arch, CAMPAIGN_REQUIRED },
		{ "file", &k->file, CAMPAIGN_INSIDE },
		{ "digest", &k->digest, CAMPAIGN_REQUIRED },
	};

	if (campaign_fields_texts(line, texts, sizeof(texts) / sizeof(texts[0]),
	    e) < 0 || (k->problem == NULL && campaign_fields_texts(line,
	    bootable, sizeof(bootable) / sizeof(bootable[0]), e) < 0))
		return -1;
	return campaign_check_name(c, k->name, e);
}

/* ---- boots ----------------------------------------------------------- */

/* The last attempt at a boot, or NULL. */
static struct campaign_boot *
campaign_last(const struct campaign_reading *r, int number)
{
	if ((size_t)number > r->nlast || r->last[number - 1] == 0)
		return NULL;
	return &r->c->boots[r->last[number - 1] - 1];
}

static void
campaign_remember(struct campaign_reading *r, int number, size_t index)
{
	size_t n = r->nlast > 0 ? r->nlast : 64;

	while (n < (size_t)number)
		n *= 2;
	if (n > r->nlast) {
		r->last = mem_array(r->last, n, sizeof(*r->last));
		memset(r->last + r->nlast, 0,
		    (n - r->nlast) * sizeof(*r->last));
		r->nlast = n;
	}
	r->last[number - 1] = index + 1;
}

/* An attempt comes after others of the same boot, of which none counts. */
static int
campaign_check_again(const struct campaign_boot *before,
    const struct campaign_boot *b, struct err *e)
{
	if (before == NULL)
		return 0;
	if (before->kernel != b->kernel || before->round != b->round)
		return err_set(e, "boot %d is of another kernel or round than "
		    "before", b->number);
	if (b->attempt <= before->attempt)
		return err_set(e, "attempt %d at boot %d follows attempt %d",
		    b->attempt, b->number, before->attempt);
	if (campaign_counts(before))
		return err_set(e, "boot %d has ended, and begins again",
		    b->number);
	return 0;
}

static int
campaign_begin_kernel(const struct campaign *c, const json_t *line,
    struct campaign_boot *b, struct err *e)
{
	struct str safe = { 0 };
	const char *name;

	if (reader_fields_text(line, "kernel", &name, e) < 0)
		return -1;
	b->kernel = campaign_find(c, name, c->nkernels);
	if (b->kernel >= 0)
		return 0;
	b->kernel = 0;
	str_add_safe(&safe, name);
	err_set(e, "kernel '%.80s' is not described before", str_text(&safe));
	str_free(&safe);
	return -1;
}

static int
campaign_begin(struct campaign_reading *r, const json_t *line, struct err *e)
{
	struct campaign *c = r->c;
	struct campaign_boot b = { 0 };
	const struct campaign_field texts[] = {
		{ "started", &b.started, CAMPAIGN_REQUIRED },
		{ "record", &b.record, CAMPAIGN_INSIDE },
		{ "log", &b.log, CAMPAIGN_INSIDE },
	};
	int status;

	if (c->nboots == CAMPAIGN_BOOTS_MAX)
		return err_set(e, "there are more than %d boots",
		    CAMPAIGN_BOOTS_MAX);
	if (reader_fields_int(line, "boot", 1, CAMPAIGN_BOOTS_MAX, &b.number,
	    e) < 0 || reader_fields_int(line, "attempt", 1, CAMPAIGN_BOOTS_MAX,
	    &b.attempt, e) < 0 || reader_fields_int(line, "round", 1,
	    CAMPAIGN_BOOTS_MAX, &b.round, e) < 0 || reader_fields_int(line,
	    "position", 1, CAMPAIGN_KERNELS_MAX, &b.position, e) < 0 ||
	    campaign_begin_kernel(c, line, &b, e) < 0 ||
	    campaign_check_again(campaign_last(r, b.number), &b, e) < 0)
		return -1;
	status = campaign_fields_texts(line, texts,
	    sizeof(texts) / sizeof(texts[0]), e);
	/* The array owns the texts, whatever has become of them. */
	c->boots = mem_grow(c->boots, c->nboots, &r->boots_cap,
	    sizeof(*c->boots));
	campaign_remember(r, b.number, c->nboots);
	c->boots[c->nboots++] = b;
	return status;
}

static int
campaign_end_state(const json_t *line, enum campaign_state *state,
    struct err *e)
{
	const char *names[CAMPAIGN_INTERRUPTED + 1] = { NULL };
	const char *word;
	int i;

	for (i = CAMPAIGN_RESULT; i <= CAMPAIGN_INTERRUPTED; i++)
		names[i - CAMPAIGN_RESULT] =
		    campaign_state_name((enum campaign_state)i);
	if (reader_fields_choice(line, "state", names, &word, e) < 0)
		return -1;
	for (i = 0; strcmp(word, names[i]) != 0; i++)
		continue;
	*state = (enum campaign_state)(i + CAMPAIGN_RESULT);
	return 0;
}

/* Which attempt a line ends; NULL with an error when none is open. */
static struct campaign_boot *
campaign_ending(const struct campaign_reading *r, const json_t *line,
    struct err *e)
{
	struct campaign_boot *b;
	int number, attempt;

	if (reader_fields_int(line, "boot", 1, CAMPAIGN_BOOTS_MAX, &number,
	    e) < 0 || reader_fields_int(line, "attempt", 1, CAMPAIGN_BOOTS_MAX,
	    &attempt, e) < 0)
		return NULL;
	b = campaign_last(r, number);
	if (b != NULL && b->attempt == attempt && b->state == CAMPAIGN_OPEN)
		return b;
	if (b != NULL && b->attempt == attempt)
		err_set(e, "attempt %d at boot %d has ended already", attempt,
		    number);
	else
		err_set(e, "attempt %d at boot %d has not begun", attempt,
		    number);
	return NULL;
}

static int
campaign_end(struct campaign_reading *r, const json_t *line, struct err *e)
{
	struct campaign_boot *b = campaign_ending(r, line, e);
	struct campaign_field texts[] = {
		{ "how", NULL, CAMPAIGN_OPTIONAL },
		{ "reason", NULL, CAMPAIGN_OPTIONAL },
	};

	if (b == NULL)
		return -1;
	texts[0].text = &b->how;
	texts[1].text = &b->reason;
	if (campaign_end_state(line, &b->state, e) < 0 ||
	    campaign_fields_texts(line, texts,
	    sizeof(texts) / sizeof(texts[0]), e) < 0 ||
	    campaign_fields_list(line, "tail", CAMPAIGN_TAIL_MAX, &b->tail,
	    &b->ntail, e) < 0)
		return -1;
	return reader_fields_u64_or(line, "elapsed_ns", 0, &b->elapsed_ns, e);
}

/* ---- lines ----------------------------------------------------------- */

typedef int campaign_line_fn(struct campaign_reading *r, const json_t *line,
    struct err *e);

static int
campaign_second(struct campaign_reading *r, const json_t *line, struct err *e)
{
	(void)r;
	(void)line;
	return err_set(e, "a second header: each campaign needs a folder of "
	    "its own");
}

static campaign_line_fn *
campaign_line_find(const char *type)
{
	static const struct {
		const char *type;
		campaign_line_fn *fn;
	} lines[] = {
		{ "campaign", campaign_second },
		{ "kernel", campaign_kernel },
		{ "begin", campaign_begin },
		{ "end", campaign_end },
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(lines[i].type, type) == 0)
			return lines[i].fn;
	return NULL;
}

static int
campaign_line(struct campaign_reading *r, const json_t *line, struct err *e)
{
	campaign_line_fn *fn;
	const char *type;

	if (reader_fields_text(line, "type", &type, e) < 0)
		return -1;
	fn = campaign_line_find(type);
	if (fn != NULL && fn(r, line, e) < 0)
		return err_prefix(e, "%s", type);
	return 0;
}

static int
campaign_first(struct campaign_reading *r, const json_t *line, struct err *e)
{
	if (!json_is_object(line))
		return reader_schema_foreign(&campaign_schema, e);
	if (reader_schema_check(&campaign_schema, line, e) < 0)
		return -1;
	return campaign_header(r, line, e) < 0 ? err_prefix(e, "campaign") : 0;
}

static int
campaign_json(struct campaign_reading *r, const char *text, size_t len,
    bool first, struct err *e)
{
	json_error_t why;
	json_t *line = json_loadb(text, len, 0, &why);
	int status;

	if (first)
		status = campaign_first(r, line, e);
	else if (line == NULL)
		status = err_set(e, "not JSON (column %d): the file is "
		    "damaged here", why.column);
	else if (!json_is_object(line))
		status = err_set(e, "not a JSON object");
	else
		status = campaign_line(r, line, e);
	json_decref(line);
	return status;
}

static int
campaign_all(struct campaign_reading *r, struct reader_lines *lines,
    const char *name, struct err *e)
{
	const char *text;
	size_t len;
	int status;

	while ((status = reader_lines_next(lines, &text, &len, e)) > 0)
		if (campaign_json(r, text, len, lines->number == 1, e) < 0)
			return err_prefix(e, "%s:%lu", name, lines->number);
	if (status == 0 && lines->number == 0)
		status = err_set(e, "no campaign: %s", lines->torn == 0 ?
		    "empty file" : "the first line has no end");
	return status < 0 ? err_prefix(e, "%s", name) : 0;
}

int
campaign_read_stream(struct campaign *c, FILE *in, const char *name,
    struct err *e)
{
	struct campaign_reading r = { .c = c };
	struct reader_lines lines;
	int status;

	reader_lines_init(&lines, in);
	status = campaign_all(&r, &lines, name, e);
	reader_lines_free(&lines);
	free(r.last);
	return status;
}

int
campaign_read(struct campaign *c, const char *folder, struct err *e)
{
	char *path = campaign_path(folder, CAMPAIGN_FILE);
	FILE *in = fopen(path, "re");
	int status;

	if (in == NULL && errno == ENOENT)
		status = err_set(e, "%s: no campaign: there is no "
		    CAMPAIGN_FILE " in it, as `vmstress matrix` writes",
		    folder);
	else if (in == NULL)
		status = err_errno(e, "%s: cannot open the campaign", path);
	else
		status = campaign_read_stream(c, in, path, e);
	if (in != NULL)
		fclose(in);
	free(path);
	return status;
}
