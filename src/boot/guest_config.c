/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of the kernel that runs, as it keeps it in itself
 * (CONFIG_IKCONFIG_PROC): gzipped text.  Many kernels keep none.
 */
#include "config.h"

#include "boot/guest_config.h"

#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#define GUEST_CONFIG "/proc/config.gz"
#define GUEST_CONFIG_MAX (4u << 20)
#define GUEST_CONFIG_BLOCK 16384

int
guest_config_read(const char *path, struct str *text)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	char block[GUEST_CONFIG_BLOCK];
	la_ssize_t n = -1;

	if (a == NULL)
		return -1;
	if (archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	    archive_read_support_format_raw(a) == ARCHIVE_OK &&
	    archive_read_open_filename(a, path, sizeof(block)) ==
	    ARCHIVE_OK && archive_read_next_header(a, &entry) == ARCHIVE_OK)
		while ((n = archive_read_data(a, block, sizeof(block))) > 0 &&
		    text->len < GUEST_CONFIG_MAX)
			str_addn(text, block, (size_t)n);
	archive_read_free(a);
	return n == 0 ? 0 : -1;
}

void
guest_config_send(struct guest_link *l)
{
	struct str text = { 0 };
	char *line, *next;

	/* A part of it would be taken for all. */
	if (guest_config_read(GUEST_CONFIG, &text) != 0)
		str_reset(&text);
	for (next = text.s; next != NULL;) {
		line = strsep(&next, "\n");
		if (line[0] != '\0')
			guest_link_say(l, WIRE_CONFIG, line);
	}
	str_free(&text);
}
