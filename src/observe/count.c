/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening, switching and reading a set of events; see count.h. */
#include "config.h"

#include "observe/count.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/mem.h"

/* ---- what went wrong --------------------------------------------------- */

struct count_refusal {
	int errnum;
	enum count_status status;
	const char *words;
};

/* With words of their own in count_refuse(): permissions and descriptors. */
static const struct count_refusal count_refusals[] = {
	{ ENOENT, COUNT_NOT_SUPPORTED, "nothing on this machine counts it" },
	{ EOPNOTSUPP, COUNT_NOT_SUPPORTED, "it cannot be counted here" },
	{ ENOSYS, COUNT_NOT_SUPPORTED, "this system counts no events" },
	{ EINVAL, COUNT_NOT_SUPPORTED, "the system does not take it" },
	{ ENODEV, COUNT_NOT_SUPPORTED, "no CPU that counts it is online" },
	{ ENXIO, COUNT_NOT_SUPPORTED, "no CPU that counts it is online" },
	{ ESRCH, COUNT_ERROR, "a task to be counted is gone" },
	{ E2BIG, COUNT_NOT_SUPPORTED, "it is too new for this system" },
	{ EBUSY, COUNT_NOT_COUNTED, "somebody else has its counter" },
};

static const struct count_refusal *
count_find_refusal(int errnum)
{
	size_t i, n = sizeof(count_refusals) / sizeof(count_refusals[0]);

	for (i = 0; i < n; i++)
		if (count_refusals[i].errnum == errnum)
			return &count_refusals[i];
	return NULL;
}

static void
count_refuse_files(const struct count *c, struct count_row *row)
{
	struct rlimit rl;
	unsigned long long need = (unsigned long long)c->n *
	    (unsigned long long)c->places.n;

	if (getrlimit(RLIMIT_NOFILE, &rl) != 0)
		rl.rlim_cur = 0;
	snprintf(row->reason, sizeof(row->reason), "too many open files: "
	    "RLIMIT_NOFILE is %llu, and %d events at %d places need %llu; "
	    "raise it: ulimit -n %llu", (unsigned long long)rl.rlim_cur, c->n,
	    c->places.n, need, need + need / 16 + 256);
}

static void
count_refuse(const struct count *c, struct count_row *row, int errnum)
{
	const struct count_refusal *r = count_find_refusal(errnum);
	const char *filter = row->event->os.filter;

	row->errnum = errnum;
	row->status = r != NULL ? r->status : COUNT_ERROR;
	if (errnum == EACCES || errnum == EPERM) {
		row->status = COUNT_NOT_PERMITTED;
		os_counter_permission(&row->event->os, !c->places.task,
		    row->reason, sizeof(row->reason));
	} else if (errnum == EMFILE) {
		count_refuse_files(c, row);
	} else {
		snprintf(row->reason, sizeof(row->reason), "%s%s%s%s%s",
		    r != NULL ? r->words : "", r != NULL ? ": " : "",
		    strerror(errnum), filter != NULL ? "; its filter is " : "",
		    filter != NULL ? filter : "");
	}
}

/* ---- opening ----------------------------------------------------------- */

static void
count_close_row(struct count_row *row)
{
	while (row->n > 0)
		os_counter_close(row->fd[--row->n]);
}

/*
 * Descriptors up to the hard limit are ours for the asking; more are for the
 * user to give.
 */
static bool
count_raise(struct count *c)
{
	struct rlimit rl;

	if (c->raised || getrlimit(RLIMIT_NOFILE, &rl) != 0 ||
	    rl.rlim_cur >= rl.rlim_max)
		return false;
	c->raised = true;
	rl.rlim_cur = rl.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &rl) == 0;
}

static int
count_open_at(struct count *c, const struct count_event *ev, int place)
{
	struct os_counter_place at = {
		.task = c->places.task ? c->places.tasks[place] : -1,
		.cpu = c->places.task ? -1 : c->places.cpus[place],
		.group_fd = c->places.task ? -1 : c->places.group_fd,
		.inherit = c->places.task,
	};
	int fd = os_counter_open(&ev->os, &at);

	if (fd < 0 && errno == EMFILE && count_raise(c))
		fd = os_counter_open(&ev->os, &at);
	return fd;
}

/* Tasks go where they want, so for them an event has no CPUs. */
static bool
count_is_place(const struct count *c, const struct count_event *ev, int place)
{
	int i;

	if (c->places.task || ev->cpus == NULL)
		return true;
	for (i = 0; i < ev->ncpus; i++)
		if (ev->cpus[i] == c->places.cpus[place])
			return true;
	return false;
}

/* Once for each CPU, however many events are without it. */
static void
count_leave_out(struct count *c, int cpu, int errnum)
{
	char text[64];

	snprintf(text, sizeof(text), "CPU %d (", cpu);
	if (strstr(str_text(&c->left_out), text) == NULL)
		str_addf(&c->left_out, "%s%s%s)", c->left_out.len > 0 ? ", " :
		    "", text, strerror(errnum));
}

/*
 * A CPU that is not there, or not now, is left out as long as another one
 * counts; everything else is the end of the event.
 */
static void
count_open_row(struct count *c, struct count_row *row)
{
	int place, fd, gone = ENODEV;

	for (place = 0; place < c->places.n; place++) {
		if (!count_is_place(c, row->event, place))
			continue;
		fd = count_open_at(c, row->event, place);
		if (fd >= 0) {
			row->place[row->n] = place;
			row->fd[row->n++] = fd;
		} else if (!c->places.task &&
		    (errno == ENODEV || errno == ENXIO)) {
			gone = errno;
			count_leave_out(c, c->places.cpus[place], errno);
		} else {
			count_refuse(c, row, errno);
			count_close_row(row);
			return;
		}
	}
	if (row->n == 0)
		count_refuse(c, row, gone);
}

/*
 * With the first event of a group on a CPU, Linux begins to keep the time that
 * the group runs there, and may begin with a time that never was: seen were
 * half an hour of one second.  So one that never happens is on before all
 * others and stays.  Where it cannot be opened the others cannot either, and
 * say why.
 */
static void
count_prime(struct count *c)
{
	struct os_counter_place at = { .task = -1 };
	int i;

	if (c->places.task || c->places.group_fd < 0)
		return;
	at.group_fd = c->places.group_fd;
	c->primer = mem_array(NULL, (size_t)c->places.n, sizeof(*c->primer));
	for (i = 0; i < c->places.n; i++) {
		at.cpu = c->places.cpus[i];
		c->primer[i] = os_counter_open_dummy(&at);
		if (c->primer[i] >= 0)
			os_counter_enable(c->primer[i]);
	}
}

void
count_open(struct count *c, const struct count_event *events, int n,
    const struct count_places *places)
{
	size_t each = (size_t)places->n;
	int i;

	memset(c, 0, sizeof(*c));
	c->places = *places;
	c->n = n;
	count_prime(c);
	c->rows = mem_array(NULL, (size_t)n, sizeof(*c->rows));
	memset(c->rows, 0, (size_t)n * sizeof(*c->rows));
	for (i = 0; i < n; i++) {
		struct count_row *row = &c->rows[i];

		row->event = &events[i];
		if (os_counter_masked(&events[i].os)) {
			row->status = COUNT_MASKED;
			snprintf(row->reason, sizeof(row->reason), "it happens "
			    "in the kernel only, which is left out");
			continue;
		}
		row->place = mem_array(NULL, each, sizeof(*row->place));
		row->fd = mem_array(NULL, each, sizeof(*row->fd));
		row->from.value = mem_array(NULL, each,
		    sizeof(*row->from.value));
		row->to.value = mem_array(NULL, each, sizeof(*row->to.value));
		count_open_row(c, row);
	}
}

void
count_free(struct count *c)
{
	int i;

	for (i = 0; i < c->n; i++) {
		struct count_row *row = &c->rows[i];

		count_close_row(row);
		free(row->place);
		free(row->fd);
		free(row->from.value);
		free(row->to.value);
	}
	for (i = 0; c->primer != NULL && i < c->places.n; i++)
		if (c->primer[i] >= 0)
			os_counter_close(c->primer[i]);
	free(c->primer);
	free(c->rows);
	str_free(&c->left_out);
	memset(c, 0, sizeof(*c));
}

/* ---- switching and reading --------------------------------------------- */

/* A counter that cannot be switched shows that by the time it was enabled. */
void
count_enable(struct count *c)
{
	int i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < c->rows[i].n; k++)
			os_counter_enable(c->rows[i].fd[k]);
}

void
count_disable(struct count *c)
{
	int i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < c->rows[i].n; k++)
			os_counter_disable(c->rows[i].fd[k]);
}

static void
count_read_row(struct count_row *row)
{
	struct count_reading last = row->to;
	int k;

	row->to = row->from;
	row->from = last;
	row->to.errnum = 0;
	for (k = 0; k < row->n; k++)
		if (os_counter_read(row->fd[k], &row->to.value[k]) != 0)
			row->to.errnum = errno;
}

void
count_read(struct count *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		count_read_row(&c->rows[i]);
}
