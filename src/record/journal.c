/* SPDX-License-Identifier: BSD-2-Clause */
/* The append-only file of a run; see journal.h. */
#include "config.h"

#include "record/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/registry.h"

/* The header line is looked for a schema in this much of a file. */
#define JOURNAL_SNIFF (1u << 20)

static const char *const journal_kinds[] = {
	[VMS_RATE] = "rate",
	[VMS_PHASES] = "phases",
	[VMS_CURVE] = "curve",
};

static const struct journal_kind journal_record = {
	.noun = "record",
	.schema = "\"vmstress-result/",
	.foreign = "not a vmstress record",
	.busy = "another run is writing this record (wait for it, or choose "
	    "another file)",
	.exists = "the file exists already (choose another name, or continue "
	    "a record with --resume)",
};

/* ---- the file --------------------------------------------------------- */

static const struct journal_kind *
journal_kind(const struct journal *j)
{
	return j->kind != NULL ? j->kind : &journal_record;
}

/*
 * flock(), because a fcntl() lock is lost as soon as anything in the process
 * closes the same file.  A file system that cannot lock is no reason not to
 * run; a lock that somebody has is.
 */
static int
journal_lock(const struct journal *j, struct err *e)
{
	if (flock(j->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return 0;
	return err_set(e, "%s: %s", j->path, journal_kind(j)->busy);
}

/* A new name is safe only when its directory is; not every system can. */
static void
journal_sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;
	int fd;

	if (slash == NULL)
		dir = mem_strdup(".");
	else
		dir = mem_strndup(path, slash > path ? slash - path : 1);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(dir);
}

int
journal_create_kind(struct journal *j, const struct journal_kind *kind,
    const char *path, struct err *e)
{
	int flags = O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC;

	j->path = mem_strdup(path);
	j->kind = kind;
	j->fd = open(path, flags, 0666);
	if (j->fd < 0 && errno == EEXIST)
		err_set(e, "%s: %s", path, kind->exists);
	else if (j->fd < 0)
		err_errno(e, "%s: cannot create the %s", path, kind->noun);
	else if (journal_lock(j, e) == 0) {
		journal_sync_directory(path);
		return 0;
	}
	journal_close(j);
	return -1;
}

int
journal_create(struct journal *j, const char *path, struct err *e)
{
	return journal_create_kind(j, &journal_record, path, e);
}

/* Is the beginning of the file that of one with this schema? */
static bool
journal_has_schema(int fd, const char *schema)
{
	char *text = mem_zalloc(JOURNAL_SNIFF);
	ssize_t n = pread(fd, text, JOURNAL_SNIFF, 0);
	bool found;

	found = n > 0 && text[0] == '{' &&
	    memmem(text, (size_t)n, schema, strlen(schema)) != NULL;
	free(text);
	return found;
}

/* The offset behind the last newline before `end`, or -1 when reading fails. */
static off_t
journal_whole_lines(int fd, off_t end)
{
	char block[4096];
	size_t len;
	char *newline;

	while (end > 0) {
		len = end < (off_t)sizeof(block) ? (size_t)end : sizeof(block);
		if (pread(fd, block, len, end - (off_t)len) != (ssize_t)len)
			return -1;
		newline = memrchr(block, '\n', len);
		if (newline != NULL)
			return end - (off_t)len + (newline - block) + 1;
		end -= (off_t)len;
	}
	return 0;
}

/* Cut a torn last line off. */
static int
journal_mend(const struct journal *j, struct err *e)
{
	const struct journal_kind *kind = journal_kind(j);
	struct stat st;
	off_t whole;

	if (fstat(j->fd, &st) < 0)
		return err_errno(e, "%s: cannot read the %s", j->path,
		    kind->noun);
	if (!S_ISREG(st.st_mode))
		return err_set(e, "%s: not a regular file", j->path);
	if (!journal_has_schema(j->fd, kind->schema))
		return err_set(e, "%s: %s", j->path, kind->foreign);
	whole = journal_whole_lines(j->fd, st.st_size);
	if (whole < 0)
		return err_errno(e, "%s: cannot read the %s", j->path,
		    kind->noun);
	if (whole == 0)
		return err_set(e, "%s: the %s ends in its first line, so "
		    "there is nothing to continue (remove it)", j->path,
		    kind->noun);
	if (whole < st.st_size && ftruncate(j->fd, whole) < 0)
		return err_errno(e, "%s: cannot cut off the torn last line",
		    j->path);
	return 0;
}

int
journal_append_kind(struct journal *j, const struct journal_kind *kind,
    const char *path, struct err *e)
{
	j->path = mem_strdup(path);
	j->kind = kind;
	j->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
	if (j->fd < 0)
		err_errno(e, "%s: cannot open the %s", path, kind->noun);
	else if (journal_lock(j, e) == 0 && journal_mend(j, e) == 0)
		return 0;
	journal_close(j);
	return -1;
}

int
journal_append_to(struct journal *j, const char *path, struct err *e)
{
	return journal_append_kind(j, &journal_record, path, e);
}

/*
 * Back to the last whole line.  If that fails, the file is given up: a line
 * appended to a torn one would make the middle of the record unreadable.
 */
static void
journal_cut(struct journal *j, off_t size)
{
	if (size >= 0 && ftruncate(j->fd, size) == 0)
		return;
	close(j->fd);
	j->fd = -1;
}

/* Takes over the text; the newline comes where its NUL was: a write() needs none. */
static int
journal_put(struct journal *j, char *text, struct err *e)
{
	size_t len = strlen(text);
	int errnum, status = 0;
	off_t size;

	text[len++] = '\n';
	size = lseek(j->fd, 0, SEEK_END);
	if (io_write_all(j->fd, text, len) < 0) {
		errnum = errno;
		journal_cut(j, size);
		errno = errnum;
		status = err_errno(e, "%s: cannot write to the %s", j->path,
		    journal_kind(j)->noun);
	}
	free(text);
	return status;
}

int
journal_write(struct journal *j, struct json_line *line, struct err *e)
{
	char *text = json_line_string(line);

	json_line_free(line);
	return journal_put(j, text, e);
}

int
journal_write_text(struct journal *j, const char *text, struct err *e)
{
	return journal_put(j, mem_strdup(text), e);
}

/* EINVAL: the file is of a kind that cannot be synchronized, a pipe. */
int
journal_sync(struct journal *j, struct err *e)
{
	if (fsync(j->fd) < 0 && errno != EINVAL)
		return err_errno(e, "%s: cannot write to the %s", j->path,
		    journal_kind(j)->noun);
	return 0;
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	free(j->path);
	j->path = NULL;
}

/* ---- the lines that describe a run ------------------------------------ */

struct json_line *
journal_run_line(const struct plan *p, const char *started,
    struct json_line *tool, struct json_line *facts)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "type", "run");
	json_line_text(j, "schema", "vmstress-result/1");
	json_line_text(j, "label", p->label);
	json_line_text(j, "name", p->name);
	json_line_text(j, "started", started);
	json_line_object(j, "tool", tool);
	json_line_text(j, "order",
	    p->order == PLAN_RANDOM ? "random" : "listed");
	json_line_u64(j, "seed", p->seed);
	json_line_text(j, "counting", plan_count_words[p->counting]);
	json_line_u64(j, "cells", p->ncells);
	json_line_merge(j, facts);
	return j;
}

struct json_line *
journal_env_line(const char *when, struct json_line *env)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "type", "env");
	json_line_text(j, "when", when);
	json_line_object(j, "env", env);
	return j;
}

struct json_line *
journal_cell_line(const struct plan_cell *c)
{
	const struct vms_workload *wl = c->workload;
	struct json_line *j = json_line_new();
	struct json_line *params = json_line_new();
	int i;

	json_line_text(j, "type", "cell");
	json_line_int(j, "cell", c->id);
	json_line_text(j, "workload", wl->name);
	json_line_int(j, "version", wl->version);
	json_line_text(j, "kind", journal_kinds[wl->kind]);
	json_line_text(j, "unit", wl->unit);
	if (wl->net != NULL)
		json_line_text(j, "net", wl->net);
	for (i = 0; i < c->nparams; i++)
		json_line_text(params, c->params[i].row->name,
		    c->params[i].text);
	json_line_object(j, "params", params);
	json_line_int(j, "workers", c->workers);
	json_line_text(j, "mode", c->threads ? "thread" : "process");
	json_line_text(j, "pin", c->pin);
	json_line_int(j, "launches", c->launches);
	json_line_int(j, "samples", c->samples);
	json_line_u64(j, "interval_ns", c->interval_ns);
	json_line_u64(j, "warmup_ns", c->warmup_ns);
	json_line_u64(j, "timeout_ns", c->timeout_ns);
	json_line_bool(j, "latency", c->latency);
	json_line_bool(j, "probe", c->probe);
	json_line_bool(j, "statistics", c->statistics);
	json_line_text(j, "events", c->events);
	json_line_text(j, "profile", c->profile);
	if (registry_file(wl) != NULL)
		json_line_text(j, "plugin", registry_file(wl));
	return j;
}
