/* SPDX-License-Identifier: BSD-2-Clause */
/* What a gzipped file holds; see gunzip.h. */
#include "config.h"

#include "boot/gunzip.h"

#include <archive.h>
#include <archive_entry.h>

static int
gunzip_error(struct archive *a, const char *path, struct err *e)
{
	const char *why = archive_error_string(a);

	return err_set(e, "cannot unpack %s: %s", path,
	    why != NULL ? why : "out of memory");
}

static int
gunzip_read(struct archive *a, const char *path, size_t max, struct str *out,
    struct err *e)
{
	char bytes[1 << 14];
	la_ssize_t n;

	while (out->len < max) {
		n = archive_read_data(a, bytes, max - out->len < sizeof(bytes) ?
		    max - out->len : sizeof(bytes));
		if (n < 0)
			return gunzip_error(a, path, e);
		if (n == 0)
			break;
		str_addn(out, bytes, (size_t)n);
	}
	return 0;
}

int
gunzip_file(const char *path, size_t max, struct str *out, struct err *e)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int rc;

	if (a == NULL)
		return err_set(e, "cannot unpack %s: out of memory", path);
	str_reset(out);
	if (archive_read_support_filter_gzip(a) != ARCHIVE_OK ||
	    archive_read_support_format_raw(a) != ARCHIVE_OK ||
	    archive_read_support_format_empty(a) != ARCHIVE_OK ||
	    archive_read_open_filename(a, path, 1 << 14) != ARCHIVE_OK)
		rc = ARCHIVE_FATAL;
	else
		rc = archive_read_next_header(a, &entry);
	if (rc == ARCHIVE_OK)
		rc = gunzip_read(a, path, max, out, e);
	else
		/* The end at once is that of a file that holds nothing. */
		rc = rc == ARCHIVE_EOF ? 0 : gunzip_error(a, path, e);
	archive_read_free(a);
	return rc;
}
