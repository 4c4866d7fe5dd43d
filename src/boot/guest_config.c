/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of the kernel that runs, as it keeps it in itself
 * (CONFIG_IKCONFIG_PROC): gzipped text.  Many kernels keep none.
 */
#include "config.h"

#include "boot/guest_config.h"

#include <string.h>

#include "boot/gunzip.h"

#define GUEST_CONFIG "/proc/config.gz"
#define GUEST_CONFIG_MAX (4u << 20)

int
guest_config_read(const char *path, struct str *text)
{
	struct err e = { 0 };

	/* One that fills the room may have been cut. */
	return gunzip_file(path, GUEST_CONFIG_MAX, text, &e) == 0 &&
	    text->len < GUEST_CONFIG_MAX ? 0 : -1;
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
