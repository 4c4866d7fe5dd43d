/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one mremap call on a mapping of `size` anonymous bytes.
 * how=move moves it to another address with MREMAP_FIXED; how=grow lengthens it
 * by one page where it is.  What is needed to go on, reserving address space
 * after 16 moves or cutting the mapping back after 1,024 pages, is in the main
 * rate and not in call-only.
 *
 * Moving stresses the transfer of page-table entries, their locks and the flush
 * of the old range, and is linear in the touched pages; growing is only a
 * change of one map entry.  Allocators use both to enlarge big blocks without
 * copying.
 *
 * Without `touched` a move has nothing to transfer.  The destination of a move
 * is a reserved, inaccessible range, so that no other mapping can be hit, and
 * its removal is part of the call.  Where both ends happen to be aligned to
 * what one page-table page spans, the kernel moves whole tables and a size of
 * 2M can be faster than one of 1M.
 */
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

enum { MREMAP_HOW_MOVE, MREMAP_HOW_GROW };

/* Moves for which room is reserved at once, and pages before cutting back. */
#define MREMAP_SLOTS 16
#define MREMAP_PAGES 1024

struct mremap_params {
	uint64_t size;
	int how;
	bool touched;
	int thp;
};

struct mremap_worker {
	unsigned char *base;
	size_t grown;		/* pages beyond size */
	unsigned char *room;	/* MREMAP_SLOTS times size, or NULL */
	size_t used;		/* slots of it that are ours no more */
};

static const char *const mremap_how[] = { "move", "grow", NULL };
static const char *const mremap_thp[] = VMS_THP_CHOICES;

static const struct vms_param mremap_rows[] = {
	{ "how", VMS_CHOICE, offsetof(struct mremap_params, how),
	    "move", NULL, NULL, mremap_how, "what the call does" },
	{ "size", VMS_SIZE, offsetof(struct mremap_params, size),
	    "1M", "4K", "64G", NULL, "length of the mapping" },
	{ "touched", VMS_BOOL, offsetof(struct mremap_params, touched),
	    "true", NULL, NULL, NULL, "its pages were written before" },
	VMS_THP_PARAM(struct mremap_params, thp, mremap_thp),
	VMS_PARAMS_END
};

static size_t
mremap_len(const struct vms_cell *c)
{
	const struct mremap_params *p = c->params;

	return vms_pages(c, p->size);
}

/*
 * The mapping, grown to its full length: the room above it is taken while
 * other workers still map theirs.  NULL with errno.
 */
static unsigned char *
mremap_map(const struct vms_cell *c)
{
	const struct mremap_params *p = c->params;
	size_t len = mremap_len(c) + MREMAP_PAGES * c->page_size;

	return vms_map_anon(c, len, p->thp);
}

static uint64_t
mremap_memory(const struct vms_cell *c)
{
	const struct mremap_params *p = c->params;

	return (uint64_t)c->workers * (p->touched ? mremap_len(c) : 0);
}

static int
mremap_probe(struct vms_cell *c)
{
	size_t len = mremap_len(c) + MREMAP_PAGES * c->page_size;
	unsigned char *base = mremap_map(c);

	if (base == NULL)
		return vms_skip(c, "cannot map %zu bytes with this thp: %s",
		    len, strerror(errno));
	munmap(base, len);
	return 0;
}

static int
mremap_worker_init(struct vms_worker *w)
{
	const struct mremap_params *p = w->cell->params;
	struct mremap_worker *st = w->state;
	size_t at;

	st->base = mremap_map(w->cell);
	if (st->base == NULL)
		return vms_fail(w, "cannot map %zu bytes",
		    mremap_len(w->cell));
	st->grown = MREMAP_PAGES;
	st->used = MREMAP_SLOTS;
	if (p->touched)
		for (at = 0; at < mremap_len(w->cell);
		    at += w->cell->page_size)
			st->base[at] = (unsigned char)(at / 4096 % 255 + 1);
	return 0;
}

/* Back to its size. */
static int
mremap_cut(struct vms_worker *w)
{
	struct mremap_worker *st = w->state;
	size_t page = w->cell->page_size, len = mremap_len(w->cell);
	uint64_t since = vms_now(w);

	if (st->grown > 0 &&
	    mremap(st->base, len + st->grown * page, len, 0) != st->base)
		return vms_fail(w, "mremap back to %zu bytes", len);
	st->grown = 0;
	vms_aside(w, since);
	return 0;
}

static int
mremap_grow(struct vms_worker *w)
{
	struct mremap_worker *st = w->state;
	size_t page = w->cell->page_size;
	size_t len = mremap_len(w->cell) + st->grown * page;

	if (st->grown == MREMAP_PAGES) {
		if (mremap_cut(w) != 0)
			return -1;
		len = mremap_len(w->cell);
	}
	if (mremap(st->base, len, len + page, 0) != st->base)
		return vms_fail(w, "mremap from %zu to %zu bytes", len,
		    len + page);
	st->grown++;
	return 0;
}

/* Room for more moves.  What was left behind by the last ones is free. */
static int
mremap_reserve(struct vms_worker *w)
{
	struct mremap_worker *st = w->state;
	uint64_t since = vms_now(w);
	void *room = mmap(NULL, MREMAP_SLOTS * mremap_len(w->cell), PROT_NONE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);

	if (room == MAP_FAILED)
		return vms_fail(w, "cannot reserve address space");
	st->room = room;
	st->used = 0;
	vms_aside(w, since);
	return 0;
}

static int
mremap_move(struct vms_worker *w)
{
	struct mremap_worker *st = w->state;
	size_t len = mremap_len(w->cell);
	unsigned char *to;

	if (st->used == MREMAP_SLOTS && mremap_reserve(w) != 0)
		return -1;
	to = st->room + st->used * len;
	if (mremap(st->base, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to) !=
	    to)
		return vms_fail(w, "mremap of %zu bytes to a new place", len);
	st->base = to;
	st->used++;
	return 0;
}

static int64_t
mremap_run(struct vms_worker *w, int64_t n)
{
	const struct mremap_params *p = w->cell->params;
	struct mremap_worker *st = w->state;
	int64_t i;

	if (p->how == MREMAP_HOW_GROW) {
		for (i = 0; i < n; i++)
			if (mremap_grow(w) != 0)
				return -1;
		return n;
	}
	if (st->grown > 0 && mremap_cut(w) != 0)
		return -1;
	for (i = 0; i < n; i++)
		if (mremap_move(w) != 0)
			return -1;
	return n;
}

/* After a move the old place is free; others may take it, but not each time. */
static int
mremap_check_moves(struct vms_worker *w)
{
	const struct mremap_params *p = w->cell->params;
	struct mremap_worker *st = w->state;
	unsigned char *old;
	int attempt;

	if (p->how != MREMAP_HOW_MOVE)
		return 0;
	for (attempt = 0; attempt < 100; attempt++) {
		old = st->base;
		if (mremap_run(w, 1) != 1)
			return -1;
		if (msync(old, w->cell->page_size, MS_ASYNC) != 0)
			return 0;
	}
	errno = 0;
	return vms_fail(w, "the old place is still mapped after a move");
}

/* Every byte came along, and what was added is zero. */
static int
mremap_verify(struct vms_worker *w)
{
	const struct mremap_params *p = w->cell->params;
	struct mremap_worker *st = w->state;
	size_t page = w->cell->page_size, len = mremap_len(w->cell), at;
	unsigned char want;

	if (mremap_check_moves(w) != 0)
		return -1;
	errno = 0;
	for (at = 0; at < len + st->grown * page; at += page) {
		want = (unsigned char)(at / 4096 % 255 + 1);
		if (!p->touched || at >= len)
			want = 0;
		if (st->base[at] != want || st->base[at + 1] != 0)
			return vms_fail(w, "byte %zu is %#x, not %#x", at,
			    st->base[at], want);
	}
	return 0;
}

static int
mremap_worker_fini(struct vms_worker *w)
{
	struct mremap_worker *st = w->state;
	size_t len = mremap_len(w->cell);

	if (st->base != NULL)
		munmap(st->base, len + st->grown * w->cell->page_size);
	if (st->used < MREMAP_SLOTS && st->room != NULL)
		munmap(st->room + st->used * len,
		    (MREMAP_SLOTS - st->used) * len);
	return 0;
}

const struct vms_workload vms_workload_mremap = {
	.abi = VMS_ABI,
	.name = "mremap",
	.version = 1,
	.summary = "move or lengthen a mapping without copying",
	.kind = VMS_RATE,
	.unit = "call",
	.net = "call-only",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = mremap_rows,
	.params_size = sizeof(struct mremap_params),
	.worker_size = sizeof(struct mremap_worker),
	.memory = mremap_memory,
	.probe = mremap_probe,
	.worker_init = mremap_worker_init,
	.run = mremap_run,
	.verify = mremap_verify,
	.worker_fini = mremap_worker_fini,
};
