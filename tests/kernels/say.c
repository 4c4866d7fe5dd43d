/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that only speaks, for tests of what a host makes of it: lines of
 * standard input become messages of wire.h on standard output.
 *
 *	KIND TEXT		the next message
 *	damaged KIND TEXT	the same, with one wrong byte
 *	lost			a message that never comes
 *	raw TEXT		no message at all
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "boot/wire.h"

static const char *const say_kinds[WIRE_KINDS] = {
	[WIRE_HELLO] = "hello ", [WIRE_CONFIG] = "config ",
	[WIRE_BEGIN] = "begin ", [WIRE_LINE] = "line ", [WIRE_END] = "end ",
};

static int
say_message(const char *line, uint64_t number, struct str *out)
{
	int kind;

	for (kind = 0; kind < WIRE_KINDS; kind++)
		if (strncmp(line, say_kinds[kind],
		    strlen(say_kinds[kind])) == 0) {
			wire_write(out, number, (enum wire_kind)kind,
			    line + strlen(say_kinds[kind]));
			return 0;
		}
	return -1;
}

/* One line, without its end, into `out`; -1 when nobody knows it. */
static int
say_line(const char *line, uint64_t *number, struct str *out)
{
	if (strncmp(line, "raw ", 4) == 0) {
		str_addf(out, "%s\n", line + 4);
		return 0;
	}
	if (strcmp(line, "lost") == 0) {
		++*number;
		return 0;
	}
	if (strncmp(line, "damaged ", 8) != 0)
		return say_message(line, (*number)++, out);
	if (say_message(line + 8, (*number)++, out) != 0)
		return -1;
	out->s[out->len - 2] ^= 1;
	return 0;
}

int
main(void)
{
	struct str out = { 0 };
	uint64_t number = 0;
	char *line = NULL;
	size_t cap = 0;
	int rc = 0;

	while (rc == 0 && getline(&line, &cap, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		str_reset(&out);
		if (say_line(line, &number, &out) != 0) {
			fprintf(stderr, "say: '%s'?\n", line);
			rc = 2;
		} else if (io_write_all(STDOUT_FILENO, str_text(&out),
		    out.len) != 0) {
			rc = 1;
		}
	}
	free(line);
	str_free(&out);
	return rc;
}
