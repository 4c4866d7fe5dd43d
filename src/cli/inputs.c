/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as operands; see inputs.h. */
#include "config.h"

#include "cli/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
cli_inputs_take(struct cli_inputs *in, char **operands, size_t n)
{
	size_t i;

	in->list = mem_zalloc(n * sizeof(*in->list));
	in->names = mem_zalloc(n * sizeof(*in->names));
	in->count = n;
	for (i = 0; i < n; i++) {
		const char *text = operands[i], *equals = strchr(text, '=');

		in->list[i].path = text;
		if (equals == NULL || equals == text ||
		    memchr(text, '/', (size_t)(equals - text)) != NULL)
			continue;
		in->names[i] = mem_strndup(text, (size_t)(equals - text));
		in->list[i].name = in->names[i];
		in->list[i].path = equals + 1;
	}
}

void
cli_inputs_free(struct cli_inputs *in)
{
	size_t i;

	for (i = 0; i < in->count; i++)
		free(in->names[i]);
	free(in->names);
	free(in->list);
	in->count = 0;
}
