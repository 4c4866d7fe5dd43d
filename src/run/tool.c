/* SPDX-License-Identifier: BSD-2-Clause */
/* Which build of vmstress this is; see tool.h. */
#include "config.h"

#include "run/tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/registry.h"
#include "run/paths.h"

#ifdef __clang__
#define TOOL_COMPILER "clang " __clang_version__
#else
#define TOOL_COMPILER "gcc " __VERSION__
#endif

static void
tool_digest(struct json_line *j, const char *key, const char *path)
{
	char text[32];
	uint64_t hash;

	if (hash_file(path, &hash) != 0)
		return;
	snprintf(text, sizeof(text), "%016" PRIx64, hash);
	json_line_text(j, key, text);
}

static void
tool_plugin(struct json_line *j, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *key = mem_printf("plugin_%s", slash != NULL ? slash + 1 : path);

	tool_digest(j, key, path);
	free(key);
}

struct json_line *
tool_facts(const struct plan *p)
{
	struct json_line *j = json_line_new();
	struct err e = { 0 };
	char *cell = paths_program("vmstress-cell", &e);
	const char *plugin;
	size_t i;

	json_line_text(j, "version", PACKAGE_VERSION);
	json_line_text(j, "compiler", TOOL_COMPILER);
	if (cell != NULL)
		tool_digest(j, "digest", cell);
	free(cell);
	for (i = 0; i < p->ncells; i++) {
		plugin = registry_file(p->cells[i].workload);
		if (plugin != NULL)
			tool_plugin(j, plugin);
	}
	return j;
}
