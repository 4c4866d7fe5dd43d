/* SPDX-License-Identifier: BSD-2-Clause */
/* FNV-1a; see hash.h. */
#include "config.h"

#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HASH_PRIME UINT64_C(1099511628211)
#define HASH_BLOCK 65536

uint64_t
hash_bytes(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ p[i]) * HASH_PRIME;
	return hash;
}

uint64_t
hash_text(const char *text)
{
	return hash_bytes(HASH_START, text, strlen(text));
}

int
hash_file(const char *path, uint64_t *hash)
{
	char block[HASH_BLOCK];
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;

	if (fd < 0)
		return -1;
	*hash = HASH_START;
	do {
		if (got > 0)
			*hash = hash_bytes(*hash, block, (size_t)got);
		got = read(fd, block, sizeof(block));
	} while (got > 0 || (got < 0 && errno == EINTR));
	saved = errno;
	close(fd);
	errno = saved;
	return got < 0 ? -1 : 0;
}
