/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of bytes in somebody else's format; see binary.h. */
#include "config.h"

#include "boot/binary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define BINARY_CHUNK (1u << 16)

/* A pipe would make open() wait, so it is not opened. */
int
binary_open(struct binary *b, const char *path, struct err *e)
{
	struct stat st;

	*b = (struct binary){ .fd = -1 };
	if (stat(path, &st) != 0)
		return err_errno(e, "cannot read %s", path);
	if (S_ISDIR(st.st_mode))
		return err_set(e, "%s is a directory", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, "%s is not a regular file", path);
	b->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (b->fd < 0)
		return err_errno(e, "cannot read %s", path);
	b->size = (uint64_t)st.st_size;
	return 0;
}

void
binary_close(struct binary *b)
{
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
}

struct binary
binary_of(const void *bytes, size_t len)
{
	return (struct binary){ .fd = -1, .bytes = bytes, .size = len };
}

bool
binary_read(const struct binary *b, uint64_t at, void *to, size_t len)
{
	unsigned char *out = to;
	ssize_t n;

	if (at > b->size || len > b->size - at)
		return false;
	if (b->fd < 0) {
		if (len > 0)
			memcpy(to, b->bytes + at, len);
		return true;
	}
	while (len > 0) {
		n = pread(b->fd, out, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		out += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

bool
binary_has(const struct binary *b, uint64_t at, const void *bytes, size_t len)
{
	unsigned char there[64];

	return len <= sizeof(there) && binary_read(b, at, there, len) &&
	    memcmp(there, bytes, len) == 0;
}

char *
binary_text(const struct binary *b, uint64_t at, size_t max)
{
	size_t room, len;
	char *text;

	if (at >= b->size)
		return NULL;
	room = b->size - at < max ? (size_t)(b->size - at) : max;
	text = mem_zalloc(room + 1);
	if (!binary_read(b, at, text, room)) {
		free(text);
		return NULL;
	}
	len = strlen(text);
	if (len == room && room < max) {
		free(text);
		return NULL;
	}
	return text;
}

uint64_t
binary_find(const struct binary *b, uint64_t from, const void *bytes,
    size_t len)
{
	unsigned char *chunk = mem_zalloc(BINARY_CHUNK), *hit = NULL;
	size_t n = 0;

	/* Chunks overlap by what a hit across their border needs. */
	while (from < b->size && len <= b->size - from) {
		n = b->size - from < BINARY_CHUNK ? (size_t)(b->size - from) :
		    BINARY_CHUNK;
		if (!binary_read(b, from, chunk, n))
			break;
		hit = memmem(chunk, n, bytes, len);
		if (hit != NULL || n < BINARY_CHUNK)
			break;
		from += n - (len - 1);
	}
	if (hit != NULL)
		from += (uint64_t)(hit - chunk);
	free(chunk);
	return hit != NULL ? from : UINT64_MAX;
}

uint64_t
binary_number(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t value = 0;

	while (len > 0)
		value = value << 8 | p[--len];
	return value;
}
