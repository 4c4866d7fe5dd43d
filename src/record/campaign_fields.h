/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts of a line of a manifest, copied and of a bounded length; only for its
 * reader.  Each returns 0, or -1 with an error that names the field.
 */
#ifndef VMSTRESS_CAMPAIGN_FIELDS_H
#define VMSTRESS_CAMPAIGN_FIELDS_H

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"

enum campaign_need {
	CAMPAIGN_REQUIRED,
	CAMPAIGN_OPTIONAL,
	CAMPAIGN_INSIDE,	/* required, a file of the folder */
	CAMPAIGN_INSIDE_OR_NULL
};

struct campaign_field {
	const char *key;
	char **text;
	enum campaign_need need;
};

/* All of a table; what has been copied before an error stays. */
int campaign_fields_texts(const json_t *line, const struct campaign_field *f,
    size_t n, struct err *e);

/* An array of texts; absent: none. */
int campaign_fields_list(const json_t *line, const char *key, size_t most,
    char ***texts, size_t *n, struct err *e);

#endif
