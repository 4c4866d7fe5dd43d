/* SPDX-License-Identifier: BSD-2-Clause */
/* The services behind workload.h that give memory and files to map. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/budget.h"
#include "engine/engine.h"
#include "os/os.h"

void *
host_map_anon(size_t len, int thp)
{
	void *base = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);

	if (base == MAP_FAILED)
		return NULL;
	if (os_thp(base, len, thp) == 0 ||
	    (errno == ENOTSUP && thp != VMS_THP_ON))
		return base;
	munmap(base, len);
	return NULL;
}

/* The rule of the budget stands in workload.h, vms_room(). */
bool
host_room(const struct vms_cell *c, uint64_t bytes)
{
	const struct engine *en = c->engine;
	uint64_t available = os_memory_available();

	if (available == 0)
		return true;
	return available > en->reserve_bytes &&
	    available - en->reserve_bytes >= bytes;
}

uint64_t
host_reserve(void)
{
	return budget_reserve(os_memory_available());
}

/* In small pieces, so that the page cache is made of small pages. */
static int
host_fill(int fd, uint64_t len, int fill)
{
	char block[4096];
	uint64_t at;
	ssize_t n;

	memset(block, fill, sizeof(block));
	for (at = 0; at < len; at += (uint64_t)n) {
		n = write(fd, block, len - at < sizeof(block) ?
		    (size_t)(len - at) : sizeof(block));
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0)
			return -1;
	}
	/* Else the write-back of this would go on while the clock runs. */
	return fsync(fd);
}

int
host_temp_file(const struct vms_cell *c, uint64_t len, int fill)
{
	char path[PATH_MAX];
	int errnum, fd;

	if (snprintf(path, sizeof(path), "%s/vmstress-XXXXXX", c->tmpdir) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	unlink(path);
	if ((fill == VMS_SPARSE ? ftruncate(fd, (off_t)len) :
	    host_fill(fd, len, fill)) == 0)
		return fd;
	errnum = errno;
	close(fd);
	errno = errnum;
	return -1;
}
