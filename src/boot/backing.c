/* SPDX-License-Identifier: BSD-2-Clause */
/* What the memory of a guest is made of; see backing.h. */
#include "config.h"

#include "boot/backing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "os/os.h"

/* What a runner takes for itself. */
#define BACKING_RUNNER_BYTES (UINT64_C(128) << 20)

struct backing_host {
	uint64_t page_kb, free;		/* huge pages; 0: none */
	bool free_known;
	char *transparent;		/* "always [madvise] never", or NULL */
};

static void
backing_fact(void *arg, const char *key, const char *value)
{
	struct backing_host *h = arg;

	if (strcmp(key, "machine.hugepage_size") == 0)
		h->page_kb = strtoull(value, NULL, 10);
	if (strcmp(key, "env.hugepages_free") == 0) {
		h->free = strtoull(value, NULL, 10);
		h->free_known = true;
	}
	if (strcmp(key, "tunables.thp_enabled") == 0 && h->transparent == NULL)
		h->transparent = mem_strdup(value);
}

/* QEMU asks for transparent huge pages by itself. */
static char *
backing_ordinary(const struct backing_host *h)
{
	if (h->transparent == NULL)
		return mem_strdup("small pages");
	return mem_printf("transparent huge pages: %s", h->transparent);
}

int
backing_prepare(const struct machine *m, char **words, struct err *e)
{
	struct backing_host h = { 0 };
	uint64_t need;
	int rc = 0;

	os_facts(backing_fact, &h);
	os_facts_now(backing_fact, &h);
	if (!m->hugepages) {
		*words = backing_ordinary(&h);
	} else if (h.page_kb == 0 || !h.free_known) {
		rc = err_set(e, "--hugepages: this system has none");
	} else {
		need = (m->memory_bytes + (h.page_kb << 10) - 1) /
		    (h.page_kb << 10);
		*words = mem_printf("huge pages of %" PRIu64 " KiB", h.page_kb);
		if (h.free < need)
			rc = err_set(e, "--hugepages: %" PRIu64 " pages of "
			    "%" PRIu64 " KiB are needed, and %" PRIu64 " are "
			    "free: sysctl vm.nr_hugepages=%" PRIu64, need,
			    h.page_kb, h.free, need);
	}
	free(h.transparent);
	return rc;
}

int
backing_check(const struct machine *m, struct err *e)
{
	uint64_t need = m->memory_bytes + BACKING_RUNNER_BYTES;
	uint64_t available = os_memory_available();
	char asked[32], there[32];

	if (m->hugepages || available == 0 || available >= need)
		return 0;
	units_put_size(asked, sizeof(asked), m->memory_bytes);
	units_round_bytes(there, sizeof(there), (double)available);
	return err_set(e, "a guest of %s does not fit: this host has %s left "
	    "(--memory)", asked, there);
}
