/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation of `map`, the headline, is one mmap() of private anonymous
 * memory; all `count` mappings of a worker stay.  With `touched` every page of
 * a mapping is read or written right after its call, in the operation.  One
 * operation of `unmap` is one munmap() of one of them, in the same order.
 *
 * It stresses making map entries while there are ever more of them: finding a
 * place, allocating the entry, putting it into the tree or list.  mmap-anon
 * unmaps at once and so works with one entry that is warm in the caches.
 * Neighbours have different protections, because a kernel would else make one
 * long entry of them all.
 *
 * Threads map into one address space: there the mappings of one worker come to
 * lie beside another's, and some that have the same protection are merged.  If
 * the system allows fewer mappings, the number is that of a smaller
 * population; the result says so.  Without `touched` no page exists and thp has
 * no effect; with it and thp=off or on, one madvise() is in each operation.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

/* A map entry in the kernel, measured on Linux, and ours for it. */
#define MAP_ONLY_ENTRY_BYTES 256

enum { MAP_ONLY_NONE, MAP_ONLY_READ, MAP_ONLY_WRITE };

struct map_only_params {
	uint64_t count;
	uint64_t size;
	int touched;
	int thp;
};

struct map_only_worker {
	unsigned char **at;	/* `count` of them, in the order of the calls */
	size_t mapped;		/* that many are there now */
	size_t last;		/* and were there in the last round */
	unsigned char wrong;	/* bits found in pages that were to be zero */
};

static const char *const map_only_touched[] = { "none", "read", "write", NULL };
static const char *const map_only_thp[] = VMS_THP_CHOICES;

static const struct vms_param map_only_rows[] = {
	{ "count", VMS_COUNT, offsetof(struct map_only_params, count),
	    "1000", "1", "100M", NULL, "mappings that each worker makes" },
	{ "size", VMS_SIZE, offsetof(struct map_only_params, size),
	    "64K", "1", "1T", NULL, "length of each mapping" },
	{ "touched", VMS_CHOICE, offsetof(struct map_only_params, touched),
	    "none", NULL, NULL, map_only_touched,
	    "what is done to every page of a new mapping" },
	VMS_THP_PARAM(struct map_only_params, thp, map_only_thp),
	VMS_PARAMS_END
};

static size_t
map_only_len(const struct vms_cell *c)
{
	const struct map_only_params *p = c->params;

	return vms_pages(c, p->size);
}

/* The i-th mapping, or NULL with errno. */
static unsigned char *
map_only_one(const struct vms_cell *c, size_t i)
{
	const struct map_only_params *p = c->params;
	size_t len = map_only_len(c);
	int other = p->touched == MAP_ONLY_WRITE ? PROT_WRITE : PROT_READ;
	void *base;

	base = mmap(NULL, len, i % 2 == 0 ? PROT_READ | PROT_WRITE : other,
	    MAP_PRIVATE | MAP_ANON, -1, 0);
	if (base == MAP_FAILED)
		return NULL;
	if (p->touched == MAP_ONLY_NONE || p->thp == VMS_THP_SYSTEM ||
	    vms_thp(c, base, len, p->thp) == 0 ||
	    (errno == ENOTSUP && p->thp != VMS_THP_ON))
		return base;
	munmap(base, len);
	return NULL;
}

static uint64_t
map_only_memory(const struct vms_cell *c)
{
	const struct map_only_params *p = c->params;
	uint64_t one = MAP_ONLY_ENTRY_BYTES + sizeof(void *);
	uint64_t tables = map_only_len(c) / c->page_size * sizeof(void *);

	if (p->touched == MAP_ONLY_READ)
		one += tables;
	else if (p->touched == MAP_ONLY_WRITE)
		one += tables + map_only_len(c);
	/* A huge page that is only read may be a page of its own. */
	if (p->touched == MAP_ONLY_READ && p->thp != VMS_THP_OFF)
		one += map_only_len(c);
	return (uint64_t)c->workers * p->count * one;
}

/* Neighbours do not merge; threads of one process have theirs together. */
static uint64_t
map_only_mappings(const struct vms_cell *c)
{
	const struct map_only_params *p = c->params;

	return (c->threads ? (uint64_t)c->workers : 1) * p->count;
}

static int
map_only_probe(struct vms_cell *c)
{
	unsigned char *at = map_only_one(c, 0);
	uint64_t bytes = map_only_memory(c);

	if (at == NULL)
		return vms_skip(c, "cannot map %zu bytes with this thp: %s",
		    map_only_len(c), strerror(errno));
	munmap(at, map_only_len(c));
	if (!vms_room(c, bytes))
		return vms_skip(c, "%llu bytes are more memory than is to "
		    "spare here (choose a smaller count or size)",
		    (unsigned long long)bytes);
	return 0;
}

static int
map_only_worker_init(struct vms_worker *w)
{
	const struct map_only_params *p = w->cell->params;
	struct map_only_worker *s = w->state;

	s->at = calloc(p->count, sizeof(*s->at));
	if (s->at == NULL)
		return vms_fail(w, "no memory for the list of mappings");
	/* Else the first round would pay for the pages of the list. */
	memset(s->at, 0xff, p->count * sizeof(*s->at));
	return 0;
}

/* Every page; what was written cannot be taken for what should be zero. */
static unsigned char
map_only_touch(const struct vms_cell *c, volatile unsigned char *base, size_t i)
{
	const struct map_only_params *p = c->params;
	size_t at, len = map_only_len(c);
	unsigned char wrong = 0;

	for (at = 0; at < len; at += c->page_size) {
		if (p->touched == MAP_ONLY_WRITE)
			base[at] = (unsigned char)(i % 255 + 1);
		else
			wrong |= base[at];
	}
	return wrong;
}

/*
 * Each still holds its own number, now that all are there.  Only every second
 * one may be read.
 */
static void
map_only_look(struct vms_worker *w)
{
	const struct map_only_params *p = w->cell->params;
	struct map_only_worker *s = w->state;
	size_t i, last = map_only_len(w->cell) - w->cell->page_size;

	for (i = 0; p->touched == MAP_ONLY_WRITE && i < s->mapped; i += 2)
		if (s->at[i][0] != i % 255 + 1 || s->at[i][last] != i % 255 + 1)
			s->wrong |= 0x80;
}

static int64_t
map_only_map(struct vms_worker *w)
{
	const struct map_only_params *p = w->cell->params;
	struct map_only_worker *s = w->state;
	unsigned char wrong = 0;
	size_t i;

	for (i = 0; i < p->count && !vms_stopping(w); i++) {
		s->at[i] = map_only_one(w->cell, i);
		if (s->at[i] == NULL)
			break;
		if (p->touched != MAP_ONLY_NONE)
			wrong |= map_only_touch(w->cell, s->at[i], i);
		s->mapped++;
	}
	s->wrong |= wrong;
	if (s->mapped == p->count || vms_stopping(w))
		return (int64_t)s->mapped;
	if ((errno != ENOMEM && errno != EAGAIN) || s->mapped == 0)
		return vms_fail(w, "cannot make mapping %zu", s->mapped + 1);
	vms_refused(w, (int64_t)p->count, (int64_t)s->mapped, "mmap", errno);
	return (int64_t)s->mapped;
}

static int64_t
map_only_unmap(struct vms_worker *w)
{
	struct map_only_worker *s = w->state;
	size_t i, len = map_only_len(w->cell), n = s->mapped;

	/* Even if it fails, nobody else must unmap any of them again. */
	s->mapped = 0;
	for (i = 0; i < n; i++)
		if (munmap(s->at[i], len) != 0)
			return vms_fail(w, "munmap");
	s->last = n;
	return (int64_t)n;
}

/* The look belongs to the phase that is not the headline. */
static int64_t
map_only_map_look(struct vms_worker *w)
{
	int64_t n = map_only_map(w);

	map_only_look(w);
	return n;
}

static int64_t
map_only_look_unmap(struct vms_worker *w)
{
	map_only_look(w);
	return map_only_unmap(w);
}

static const struct vms_phase map_only_phases[] = {
	{ "map", "mapping", map_only_map, true },
	{ "unmap", "mapping", map_only_look_unmap, false },
	{ NULL, NULL, NULL, false }
};

static const struct vms_phase map_only_unmap_phases[] = {
	{ "map", "mapping", map_only_map_look, false },
	{ "unmap", "mapping", map_only_unmap, true },
	{ NULL, NULL, NULL, false }
};

/*
 * Shell's sort, because qsort() may allocate: memory that the C library maps
 * now could come to lie where another worker has yet to find nothing.
 */
static void
map_only_sort(unsigned char **at, size_t n)
{
	unsigned char *held;
	size_t gap, i, j;

	for (gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
		for (i = gap; i < n; i++) {
			held = at[i];
			for (j = i; j >= gap && at[j - gap] > held; j -= gap)
				at[j] = at[j - gap];
			at[j] = held;
		}
	}
}

/* The mappings were all beside each other, and all of them are gone. */
static int
map_only_verify(struct vms_worker *w)
{
	const struct map_only_worker *s = w->state;
	size_t i, len = map_only_len(w->cell), page = w->cell->page_size;

	errno = 0;
	if (s->wrong != 0)
		return vms_fail(w, "a page did not hold what it should");
	if (s->mapped != 0 || s->last == 0)
		return vms_fail(w, "%zu mappings were unmapped, %zu not",
		    s->last, s->mapped);
	for (i = 0; i < s->last; i++) {
		if (msync(s->at[i], page, MS_ASYNC) == 0 ||
		    msync(s->at[i] + len - page, page, MS_ASYNC) == 0) {
			errno = 0;
			return vms_fail(w, "mapping %zu is still there after "
			    "munmap", i);
		}
	}
	map_only_sort(s->at, s->last);
	errno = 0;
	for (i = 1; i < s->last; i++)
		if ((size_t)(s->at[i] - s->at[i - 1]) < len)
			return vms_fail(w, "two mappings overlapped");
	return 0;
}

static int
map_only_worker_fini(struct vms_worker *w)
{
	struct map_only_worker *s = w->state;
	size_t i;

	/* Of a launch that was stopped. */
	for (i = 0; i < s->mapped; i++)
		munmap(s->at[i], map_only_len(w->cell));
	free(s->at);
	return 0;
}

const struct vms_workload vms_workload_map_only = {
	.abi = VMS_ABI,
	.name = "map-only",
	.version = 1,
	.summary = "mappings made one after the other, all of them kept",
	.kind = VMS_PHASES,
	.unit = "mapping",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = map_only_rows,
	.params_size = sizeof(struct map_only_params),
	.worker_size = sizeof(struct map_only_worker),
	.memory = map_only_memory,
	.mappings = map_only_mappings,
	.probe = map_only_probe,
	.worker_init = map_only_worker_init,
	.phases = map_only_phases,
	.verify = map_only_verify,
	.worker_fini = map_only_worker_fini,
};

/*
 * One operation of `unmap`, the headline, is one munmap() of one of `count`
 * private anonymous mappings of a worker, in the order in which they were made.
 * Before that, in `map`, one operation is making one of them, including the
 * first read or write of every page of it with `touched`, and a look at what
 * it holds when all are there.
 *
 * It stresses taking map entries away while there are still many: finding the
 * entry, removing it from the tree or list, walking page tables, freeing pages,
 * and telling the other processors.  With touched=none it is the entry alone;
 * with `read` page tables come to it, with `write` pages, of which an operation
 * then frees `size` bytes.  Neighbours have different protections, because a
 * kernel would else make one long entry of them, and cut a piece off with every
 * call.
 *
 * Threads share an address space: there the mappings of one worker lie beside
 * another's, some that have the same protection are merged and then split, and
 * the flush of a page that was touched interrupts other processors.  If the
 * system allows fewer mappings, the number is that of a smaller population; the
 * result says so.  Without `touched` no page exists and thp has no effect; huge
 * pages need a size that holds one.
 */
const struct vms_workload vms_workload_unmap_only = {
	.abi = VMS_ABI,
	.name = "unmap-only",
	.version = 1,
	.summary = "many mappings taken away one after the other",
	.kind = VMS_PHASES,
	.unit = "mapping",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = map_only_rows,
	.params_size = sizeof(struct map_only_params),
	.worker_size = sizeof(struct map_only_worker),
	.memory = map_only_memory,
	.mappings = map_only_mappings,
	.probe = map_only_probe,
	.worker_init = map_only_worker_init,
	.phases = map_only_unmap_phases,
	.verify = map_only_verify,
	.worker_fini = map_only_worker_fini,
};
