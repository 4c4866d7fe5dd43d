/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: swap in memory that is compressed, on a zram device.  Anonymous pages
 * are reclaimed only where there is swap.
 */
#include "config.h"

#include "os/os_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#define SWAP_CONTROL "/sys/class/zram-control/"
#define SWAP_DEVICES 64
/* How often, and how long, somebody else may keep a device busy. */
#define SWAP_TRIES 40
#define SWAP_WAIT_NS 50000000ull

int
os_swap_active(char *name, size_t len)
{
	char text[4096], *line;
	size_t n;

	if (posix_read("/proc/swaps", text, sizeof(text)) <= 0) {
		errno = ENOTSUP;
		return -1;
	}
	/* Below the heading, one device a line, its name first. */
	line = strchr(text, '\n');
	if (line == NULL || line[1] == '\0')
		return 0;
	n = strcspn(++line, " \t");
	snprintf(name, len, "%.*s", (int)n, line);
	return 1;
}

/* An attribute of the device "/dev/zramN". */
static void
swap_path(char *path, size_t len, const char *name, const char *attribute)
{
	snprintf(path, len, "/sys/block/%s/%s", strrchr(name, '/') + 1,
	    attribute);
}

/* Nothing else is ever touched, whatever a list of changes says. */
static bool
swap_is_zram(const char *name)
{
	static const char prefix[] = "/dev/zram";
	const char *digits = name + strlen(prefix);

	return strncmp(name, prefix, strlen(prefix)) == 0 &&
	    *digits != '\0' && strlen(digits) < 6 &&
	    strspn(digits, "0123456789") == strlen(digits);
}

/* A device that is there and has no size is nobody's. */
static int
swap_unused(char *name, size_t len)
{
	char path[128];
	uint64_t size;
	int i;

	for (i = 0; i < SWAP_DEVICES; i++) {
		snprintf(name, len, "/dev/zram%d", i);
		swap_path(path, sizeof(path), name, "disksize");
		if (posix_read_u64(path, &size) == 0 && size == 0)
			return 0;
	}
	errno = ENODEV;
	return -1;
}

/* Reading this file makes a device and gives its number. */
int
os_swap_device(char *name, size_t len, bool *added)
{
	uint64_t number;

	*added = posix_read_u64(SWAP_CONTROL "hot_add", &number) == 0;
	if (*added) {
		snprintf(name, len, "/dev/zram%" PRIu64, number);
		return 0;
	}
	if (errno == EACCES || errno == EPERM)
		return -1;
	return swap_unused(name, len);
}

/*
 * The header that mkswap(8) writes: version 1, the number of the last page, no
 * bad pages, no name; the magic at the end of the first page.
 */
static int
swap_header(const char *name, uint64_t bytes)
{
	size_t page = os_page_size();
	uint32_t info[3] = { 1, (uint32_t)(bytes / page - 1), 0 };
	unsigned char *header = calloc(1, page);
	int fd = open(name, O_RDWR | O_CLOEXEC), errnum, rc = -1;

	if (header != NULL && fd >= 0) {
		memcpy(header + 1024, info, sizeof(info));
		memcpy(header + page - 10, "SWAPSPACE2", 10);
		if (pwrite(fd, header, page, 0) == (ssize_t)page)
			rc = fsync(fd);
	}
	errnum = errno;
	if (fd >= 0)
		close(fd);
	free(header);
	errno = errnum;
	return rc;
}

int
os_swap_on(const char *name, uint64_t bytes)
{
	char path[128], text[32];
	int n;

	bytes -= bytes % os_page_size();
	/* The header counts pages in 32 bits, and ten is what swapon wants. */
	if (!swap_is_zram(name) || bytes / os_page_size() < 10 ||
	    bytes / os_page_size() > UINT32_MAX) {
		errno = EINVAL;
		return -1;
	}
	swap_path(path, sizeof(path), name, "disksize");
	n = snprintf(text, sizeof(text), "%" PRIu64 "\n", bytes);
	if (linux_write(path, text, (size_t)n) != 0 ||
	    swap_header(name, bytes) != 0)
		return -1;
	return swapon(name, 0);
}

/* Programs that look at new devices keep them busy for a moment. */
static int
swap_write_patiently(const char *path, const char *text)
{
	int i, rc = -1;

	for (i = 0; i < SWAP_TRIES; i++) {
		rc = linux_write(path, text, strlen(text));
		if (rc == 0 || errno != EBUSY)
			break;
		posix_sleep(SWAP_WAIT_NS);
	}
	return rc;
}

int
os_swap_off(const char *name, bool added)
{
	char path[128];

	if (!swap_is_zram(name)) {
		errno = EINVAL;
		return -1;
	}
	swap_path(path, sizeof(path), name, "reset");
	if (access(path, F_OK) != 0)
		return 0;	/* it is gone */
	/* EINVAL: it is no swap, or not yet. */
	if (swapoff(name) != 0 && errno != EINVAL)
		return -1;
	if (swap_write_patiently(path, "1") != 0)
		return -1;
	return added ? swap_write_patiently(SWAP_CONTROL "hot_remove",
	    name + strlen("/dev/zram")) : 0;
}
