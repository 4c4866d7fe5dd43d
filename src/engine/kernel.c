/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel statistics: a reading where the measured part or a phase begins, one
 * where each sample ends, and the differences between neighbours.  The caches
 * of the kernel's allocators are read before the first and after the last of
 * them, since to walk them all takes a while.
 */
#include "config.h"

#include "engine/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "observe/kstat.h"
#include "os/statistics.h"

/* So many caches are of interest. */
#define KERNEL_SLABS 10

/* More than most lines take. */
#define KERNEL_LINE 16384

struct kernel {
	struct os_statistics *os;
	struct kstat values, slabs;
	uint64_t at_ns, elapsed_ns;	/* of the last reading; since the one before */
	bool readable, slabs_readable;	/* the last time */
	bool marked;			/* a sample has ended */
	struct str line, text;		/* they keep their memory */
};

static void
kernel_put_value(void *arg, const char *source, const char *name, size_t len,
    uint64_t value)
{
	struct kernel *k = arg;

	kstat_put(&k->values, source, name, len, value);
}

static void
kernel_put_slab(void *arg, const char *source, const char *name, size_t len,
    uint64_t value)
{
	struct kernel *k = arg;

	kstat_put(&k->slabs, source, name, len, value);
}

/* True: there are two readings to compare. */
static bool
kernel_read(struct kernel *k)
{
	bool before = k->readable;
	uint64_t at_ns = 0;

	kstat_begin(&k->values);
	k->readable = os_statistics_read(k->os, &at_ns, kernel_put_value,
	    k) == 0;
	k->elapsed_ns = at_ns - k->at_ns;
	k->at_ns = at_ns;
	return before && k->readable;
}

static bool
kernel_read_slabs(struct kernel *k)
{
	bool before = k->slabs_readable;

	kstat_begin(&k->slabs);
	k->slabs_readable = os_statistics_slabs(k->os, kernel_put_slab,
	    k) == 0;
	return before && k->slabs_readable;
}

/* ---- lines --------------------------------------------------------------- */

/* What parts names from each other in a line is no part of a name. */
static void
kernel_add_name(struct str *b, const char *name)
{
	char text[KSTAT_NAME_MAX];
	size_t i;

	for (i = 0; name[i] != '\0' && i < sizeof(text) - 1; i++)
		text[i] = name[i] > 32 && name[i] < 127 &&
		    strchr(",:=%", name[i]) == NULL ? name[i] : '_';
	str_addn(b, text, i);
}

static void
kernel_add_change(struct str *b, const char *source,
    const struct kstat_change *c)
{
	if (b->len > 0)
		str_add(b, ",");
	if (source != NULL)
		str_addf(b, "%s.", source);
	kernel_add_name(b, c->name);
	str_addf(b, ":%lld", (long long)c->more);
}

static void
kernel_begin(struct kernel *k, const char *keyword, int index,
    const char *phase)
{
	protocol_begin(&k->line, keyword);
	protocol_i64(&k->line, "index", index);
	if (phase != NULL)
		protocol_text(&k->line, "phase", phase);
}

static void
kernel_emit_sources(struct kernel *k)
{
	const char *source;
	size_t at = 0;

	str_reset(&k->text);
	while (kstat_next_source(&k->values, &at, &source))
		str_addf(&k->text, "%s%s", k->text.len > 0 ? "," : "", source);
	protocol_text(&k->line, "sources", str_text(&k->text));
}

static void
kernel_emit(struct engine *en, int index, const char *phase)
{
	struct kernel *k = en->kernel;
	struct kstat_change c;
	size_t at = 0;

	kernel_begin(k, "kstat", index, phase);
	protocol_u64(&k->line, "elapsed_ns", k->elapsed_ns);
	kernel_emit_sources(k);
	str_reset(&k->text);
	while (kstat_next(&k->values, &at, &c))
		kernel_add_change(&k->text, c.source, &c);
	protocol_text(&k->line, "values", str_text(&k->text));
	protocol_end(&k->line);
	emit_line(en, &k->line);
}

static void
kernel_emit_slabs(struct engine *en, int index, const char *phase)
{
	struct kstat_change top[KERNEL_SLABS];
	struct kernel *k = en->kernel;
	int i, n = kstat_top(&k->slabs, top, KERNEL_SLABS);

	str_reset(&k->text);
	for (i = 0; i < n; i++)
		kernel_add_change(&k->text, NULL, &top[i]);
	kernel_begin(k, "slab", index, phase);
	protocol_text(&k->line, "values", str_text(&k->text));
	protocol_end(&k->line);
	emit_line(en, &k->line);
}

/* ---- the hooks of an observer -------------------------------------------- */

void
kernel_start(struct engine *en)
{
	struct os_statistics *os;
	struct kernel *k;

	if (!en->plan.statistics)
		return;
	os = os_statistics_open(NULL);
	if (os == NULL) {
		/* What a system does not have is no news. */
		if (errno != ENOTSUP)
			emit_note(en, "no statistics of the kernel: %s",
			    strerror(errno));
		return;
	}
	k = en->kernel = mem_zalloc(sizeof(*k));
	k->os = os;
	k->slabs.absent_is_zero = true;
	/* Twice, and lines of blanks, so that all that needs memory has it. */
	str_addf(&k->line, "%*s", KERNEL_LINE, "");
	str_addf(&k->text, "%*s", KERNEL_LINE, "");
	kernel_read_slabs(k);
	kernel_read_slabs(k);
	kernel_read(k);
	kernel_read(k);
}

void
kernel_open(struct engine *en)
{
	struct kernel *k = en->kernel;

	if (k == NULL)
		return;
	k->marked = false;
	kernel_read_slabs(k);
	kernel_read(k);
}

void
kernel_mark(struct engine *en, int index, uint64_t now_ns)
{
	struct kernel *k = en->kernel;

	(void)now_ns;
	if (k == NULL)
		return;
	k->marked = true;
	if (kernel_read(k))
		kernel_emit(en, index, NULL);
}

/* Samples have had their lines; the caches are those of all of them. */
void
kernel_close(struct engine *en, int index, const char *phase,
    uint64_t close_ns)
{
	struct kernel *k = en->kernel;

	(void)close_ns;
	if (k == NULL)
		return;
	if (!k->marked && kernel_read(k))
		kernel_emit(en, index, phase);
	if (kernel_read_slabs(k))
		kernel_emit_slabs(en, index, phase);
}

void
kernel_finish(struct engine *en)
{
	struct kernel *k = en->kernel;

	if (k == NULL)
		return;
	os_statistics_close(k->os);
	kstat_free(&k->values);
	kstat_free(&k->slabs);
	str_free(&k->line);
	str_free(&k->text);
	free(k);
	en->kernel = NULL;
}
