/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of a campaign share; see matrix_parts.h. */
#include "config.h"

#include "boot/matrix_parts.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"

char *
matrix_path(const struct matrix *m, const char *name)
{
	return campaign_path(m->folder, name);
}

void
matrix_say(const struct matrix *m, const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	if (m->watch->say == NULL)
		return;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	m->watch->say(m->watch->arg, str_text(&text));
	str_free(&text);
}

char *
matrix_digest(const char *path, struct err *e)
{
	uint64_t hash;

	if (hash_file(path, &hash) == 0)
		return mem_printf("%016" PRIx64, hash);
	err_errno(e, "%s: cannot read it", path);
	return NULL;
}

int
matrix_write(struct matrix *m, struct json_line *line, struct err *e)
{
	if (journal_write(&m->manifest, line, e) != 0)
		return -1;
	return journal_sync(&m->manifest, e);
}
