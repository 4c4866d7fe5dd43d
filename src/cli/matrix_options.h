/* SPDX-License-Identifier: BSD-2-Clause */
/* What `vmstress matrix` is asked to do. */
#ifndef VMSTRESS_MATRIX_OPTIONS_H
#define VMSTRESS_MATRIX_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "boot/matrix.h"
#include "cli/cli.h"
#include "cli/request.h"

struct matrix_options {
	struct request request;		/* the plan */
	struct matrix_request q;	/* all the rest of a new campaign */
	const char *what;		/* workload or config */
	const char *resume;		/* a folder to go on with; or NULL */
	char *folder;			/* NULL: not said */
	const char *given;		/* an option that --resume does not take */
	bool seeded, dry, quiet;
	/* What the request points to. */
	size_t kernels_cap;
	char **owned;
	size_t nowned;
	const char **plugins;
};

extern const struct cli_option matrix_options_table[];

void matrix_options_init(struct matrix_options *c);

/* Take one option, an index of the table. */
int matrix_options_take(struct matrix_options *c, int opt, const char *value,
    struct err *e);

/* After all of them: the operands, and what excludes what. */
int matrix_options_check(struct matrix_options *c, int operands, char **argv,
    struct err *e);

void matrix_options_free(struct matrix_options *c);

#endif
