/* SPDX-License-Identifier: BSD-2-Clause */
/* What was remarked about a launch; see reader_remarks.h. */
#include "config.h"

#include "record/reader_remarks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "record/reader_fields.h"
#include "record/reader_launch.h"

static size_t
length(const char *text)
{
	return text != NULL ? strlen(text) : 0;
}

static char *
copy(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

/* Queue a remark; what it points to is copied. */
static int
queue(struct reader_open *o, const struct reader_remark *from, struct err *e)
{
	struct reader_remarks *r = &o->remarks;
	struct reader_remark *to;

	o->pending_bytes += sizeof(*from) + length(from->text) +
	    length(from->class) + length(from->phase);
	if (o->pending_bytes > READER_PENDING_MAX)
		return err_set(e, "one launch has more than %u MiB of notes, "
		    "log and the like", READER_PENDING_MAX >> 20);
	r->list = mem_grow(r->list, r->count, &r->cap, sizeof(*to));
	to = &r->list[r->count++];
	*to = *from;
	to->text = copy(from->text);
	to->class = copy(from->class);
	to->phase = copy(from->phase);
	return 0;
}

/* ---- the kernel's log ------------------------------------------------- */

static int
log_fields(const json_t *line, struct reader_log *log, struct err *e)
{
	reader_fields_text(line, "class", &log->class, e);
	reader_fields_text(line, "text", &log->text, e);
	reader_fields_text_or_null(line, "phase", &log->phase, e);
	reader_fields_u64_or(line, "count", 1, &log->count, e);
	return e->set ? -1 : 0;
}

int
reader_remarks_log(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_log log;
	struct reader_remark r = { .type = READER_REMARK_LOG };

	(void)h;
	if (log_fields(line, &log, e) < 0)
		return -1;
	r.text = (char *)log.text;
	r.class = (char *)log.class;
	r.phase = (char *)log.phase;
	r.count = log.count;
	return queue(o, &r, e);
}

int
reader_remarks_run_log(const json_t *line, const struct reader_handler *h,
    struct err *e)
{
	struct reader_log log;

	if (log_fields(line, &log, e) < 0)
		return -1;
	return h->log != NULL ? h->log(h->arg, -1, -1, &log) : 0;
}

/* ---- validity --------------------------------------------------------- */

/* The texts of an array with `between` between them. */
static int
join(const json_t *line, const char *key, const char *between, struct str *b,
    struct err *e)
{
	json_t *array = reader_fields_get(line, key);
	size_t i, n = json_array_size(array);
	const char *text;

	if (array != NULL && !json_is_array(array))
		return err_set(e, "'%s' is no array", key);
	for (i = 0; i < n; i++) {
		text = json_string_value(json_array_get(array, i));
		if (text == NULL)
			return err_set(e, "'%s' holds something that is not "
			    "text", key);
		str_addf(b, "%s%s", i > 0 ? between : "", text);
	}
	return 0;
}

int
reader_remarks_validity(struct reader_open *o, const json_t *line,
    const struct reader_handler *h, struct err *e)
{
	struct reader_remark r = { .type = READER_REMARK_VALIDITY };
	struct str rules = { 0 }, reasons = { 0 };
	int status = -1;

	(void)h;
	if (reader_fields_get(line, "valid") == NULL)
		return err_set(e, "'valid' is missing");
	if (reader_fields_bool(line, "valid", &r.valid, e) == 0 &&
	    join(line, "rules", ",", &rules, e) == 0 &&
	    join(line, "reasons", "; ", &reasons, e) == 0) {
		r.class = (char *)str_text(&rules);
		r.text = (char *)str_text(&reasons);
		status = queue(o, &r, e);
	}
	str_free(&rules);
	str_free(&reasons);
	return status;
}

/* ---- the end ---------------------------------------------------------- */

static int
tell(const struct reader_open *o, const struct reader_remark *r,
    const struct reader_handler *h)
{
	const struct reader_log log = {
		.class = r->class, .text = r->text, .phase = r->phase,
		.count = r->count
	};
	const struct reader_validity v = {
		.valid = r->valid, .rules = r->class, .reasons = r->text
	};
	int cell = o->sum.cell, launch = o->sum.launch;

	if (r->type == READER_REMARK_LOG)
		return h->log == NULL ? 0 : h->log(h->arg, cell, launch, &log);
	return h->validity == NULL ? 0 :
	    h->validity(h->arg, cell, launch, &v);
}

int
reader_remarks_tell(const struct reader_open *o,
    const struct reader_handler *h)
{
	size_t i;

	for (i = 0; i < o->remarks.count; i++)
		if (tell(o, &o->remarks.list[i], h) < 0)
			return -1;
	return 0;
}

void
reader_remarks_drop(struct reader_remarks *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		free(r->list[i].text);
		free(r->list[i].class);
		free(r->list[i].phase);
	}
	r->count = 0;
}

void
reader_remarks_free(struct reader_remarks *r)
{
	reader_remarks_drop(r);
	free(r->list);
}
