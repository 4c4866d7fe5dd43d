/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: statistics of the whole system.  The files stay open; all are read
 * before the first is looked into, so that the values are of one moment.
 *
 * To read all of them takes as long as some hundred system calls, 140 us on two
 * processors (mean of 5000 readings in a row, getrusage), nine tenths of it in
 * the kernel, which adds up what each processor counts: half of it is for
 * /proc/interrupts, which grows with their number as /proc/stat does.
 */
#include "config.h"

#include "os/statistics.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "os/linux_statistics_parse.h"
#include "os/os.h"

/* What a file is expected to hold, and what no file holds. */
#define STATISTICS_ROOM 8192
#define STATISTICS_ROOM_MAX (16u << 20)

#define STATISTICS_ZRAM_MAX 8

struct statistics_row {
	const char *path;
	linux_statistics_parse_fn *parse;
	const char *what;
};

/* /proc/softirqs has a line in /proc/stat that costs less. */
static const struct statistics_row statistics_rows[] = {
	{ "proc/vmstat", linux_statistics_parse_vmstat, NULL },
	{ "proc/stat", linux_statistics_parse_stat, NULL },
	{ "proc/interrupts", linux_statistics_parse_interrupts, NULL },
	{ "proc/pressure/cpu", linux_statistics_parse_pressure, "cpu" },
	{ "proc/pressure/memory", linux_statistics_parse_pressure, "memory" },
	{ "proc/pressure/io", linux_statistics_parse_pressure, "io" },
	{ "proc/pressure/irq", linux_statistics_parse_pressure, "irq" },
	{ "proc/schedstat", linux_statistics_parse_schedstat, NULL },
	{ "proc/swaps", linux_statistics_parse_swaps, NULL },
};

#define STATISTICS_ROWS \
	((int)(sizeof(statistics_rows) / sizeof(statistics_rows[0])))

struct statistics_file {
	int fd;			/* -1: there is none */
	int errnum;		/* why */
	char *text;
	size_t cap;
	bool whole;		/* it was read to its end */
};

struct os_statistics {
	struct statistics_file row[STATISTICS_ROWS];
	struct statistics_file zram[STATISTICS_ZRAM_MAX];
	struct statistics_file slabs;
	uint64_t tick_ns;
};

static void
statistics_open_file(struct statistics_file *f, const char *root,
    const char *path)
{
	char full[PATH_MAX];
	int n = snprintf(full, sizeof(full), "%s/%s", root, path);

	errno = ENAMETOOLONG;
	f->fd = n < (int)sizeof(full) ? open(full, O_RDONLY | O_CLOEXEC) : -1;
	f->errnum = f->fd < 0 ? errno : 0;
	if (f->fd < 0)
		return;
	f->cap = STATISTICS_ROOM;
	f->text = mem_array(NULL, f->cap, 1);
}

static void
statistics_close_file(struct statistics_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->text);
}

/*
 * From the start to the end.  What is longer than any such file is, or cannot
 * be read now, is left out.
 */
static bool
statistics_read_file(struct statistics_file *f)
{
	size_t have = 0;
	ssize_t n;

	f->whole = false;
	if (f->fd < 0)
		return false;
	for (;;) {
		if (have + 1 >= f->cap) {
			if (f->cap >= STATISTICS_ROOM_MAX)
				return false;
			f->cap *= 2;
			f->text = mem_array(f->text, f->cap, 1);
		}
		n = pread(f->fd, f->text + have, f->cap - 1 - have,
		    (off_t)have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		have += (size_t)n;
	}
	f->text[have] = '\0';
	f->whole = n == 0;
	return f->whole;
}

struct os_statistics *
os_statistics_open(const char *root)
{
	struct os_statistics *s = mem_zalloc(sizeof(*s));
	long ticks = sysconf(_SC_CLK_TCK);
	char path[64];
	int i, n = 0;

	if (root == NULL)
		root = "";
	s->tick_ns = 1000000000u / (uint64_t)(ticks > 0 ? ticks : 100);
	for (i = 0; i < STATISTICS_ROWS; i++) {
		statistics_open_file(&s->row[i], root, statistics_rows[i].path);
		n += s->row[i].fd >= 0;
	}
	for (i = 0; i < STATISTICS_ZRAM_MAX; i++) {
		snprintf(path, sizeof(path), "sys/block/zram%d/mm_stat", i);
		statistics_open_file(&s->zram[i], root, path);
	}
	statistics_open_file(&s->slabs, root, "proc/slabinfo");
	if (n > 0)
		return s;
	os_statistics_close(s);
	errno = ENOTSUP;
	return NULL;
}

void
os_statistics_close(struct os_statistics *s)
{
	int i;

	if (s == NULL)
		return;
	for (i = 0; i < STATISTICS_ROWS; i++)
		statistics_close_file(&s->row[i]);
	for (i = 0; i < STATISTICS_ZRAM_MAX; i++)
		statistics_close_file(&s->zram[i]);
	statistics_close_file(&s->slabs);
	free(s);
}

/* Memory compressed into memory: of all devices together. */
static void
statistics_parse_zram(const struct os_statistics *s,
    const struct linux_statistics_sink *to)
{
	uint64_t sum[3] = { 0 };
	bool any = false;
	int i;

	for (i = 0; i < STATISTICS_ZRAM_MAX; i++)
		if (s->zram[i].whole && linux_statistics_parse_numbers(
		    s->zram[i].text, sum, 3) == 3)
			any = true;
	if (!any)
		return;
	to->fn(to->arg, "zram", "orig_bytes", 10, sum[0]);
	to->fn(to->arg, "zram", "compressed_bytes", 16, sum[1]);
	to->fn(to->arg, "zram", "used_bytes", 10, sum[2]);
}

int
os_statistics_read(struct os_statistics *s, uint64_t *at_ns,
    os_statistics_fn *fn, void *arg)
{
	struct linux_statistics_sink to = { fn, arg, s->tick_ns, 0 };
	uint64_t from_ns = os_now_ns();
	int i, n = 0;

	for (i = 0; i < STATISTICS_ROWS; i++)
		n += statistics_read_file(&s->row[i]);
	for (i = 0; i < STATISTICS_ZRAM_MAX; i++)
		statistics_read_file(&s->zram[i]);
	*at_ns = from_ns + (os_now_ns() - from_ns) / 2;
	for (i = 0; i < STATISTICS_ROWS; i++)
		if (s->row[i].whole)
			statistics_rows[i].parse(&to, s->row[i].text,
			    statistics_rows[i].what);
	statistics_parse_zram(s, &to);
	return n > 0 ? 0 : -1;
}

int
os_statistics_slabs(struct os_statistics *s, os_statistics_fn *fn, void *arg)
{
	struct linux_statistics_sink to = { fn, arg, 0, os_page_size() };

	if (s->slabs.fd < 0) {
		errno = s->slabs.errnum == ENOENT ? ENOTSUP : s->slabs.errnum;
		return -1;
	}
	if (!statistics_read_file(&s->slabs)) {
		errno = EIO;
		return -1;
	}
	linux_statistics_parse_slabs(&to, s->slabs.text, NULL);
	return 0;
}
