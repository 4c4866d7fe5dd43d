/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of commands that judge records; see judging.h. */
#include "config.h"

#include "cli/judging.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/share.h"

static int
judging_seed(const char *command, const char *text, uint64_t *seed,
    struct err *e)
{
	char *end;

	errno = 0;
	*seed = strtoull(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 ||
	    *text < '0' || *text > '9')
		return err_set(e, "%s: --seed %s: that is no whole number",
		    command, text);
	return 0;
}

static int
judging_intervals(const char *command, const char *value, bool *family,
    struct err *e)
{
	if (strcmp(value, "point") != 0 && strcmp(value, "family") != 0)
		return err_set(e, "%s: --ci %s: there is point and family",
		    command, value);
	*family = strcmp(value, "family") == 0;
	return 0;
}

static void
judging_null(struct cli_judging *j, struct compare *c, const char *path)
{
	j->null = mem_array(j->null, j->nnull + 1, sizeof(*j->null));
	j->null[j->nnull++] = (struct compare_input){ .path = path };
	c->null = j->null;
	c->nnull = j->nnull;
}

int
cli_judging_option(struct cli_judging *j, struct compare *c,
    const char *command, const char *option, const char *value, struct err *e)
{
	int rc = 0;

	if (strcmp(option, "alpha") == 0)
		rc = cli_share(command, option, value, &c->alpha, e);
	else if (strcmp(option, "min-effect") == 0)
		rc = cli_share(command, option, value, &c->effect, e);
	else if (strcmp(option, "ci") == 0)
		rc = judging_intervals(command, value, &c->family, e);
	else if (strcmp(option, "seed") == 0)
		rc = judging_seed(command, value, &c->seed, e);
	else if (strcmp(option, "col") == 0)
		c->column = value;
	else if (strcmp(option, "null") == 0)
		judging_null(j, c, value);
	else if (strcmp(option, "all") == 0)
		c->all = true;
	else if (strcmp(option, "keep-invalid") == 0)
		c->keep_invalid = true;
	else
		return 0;
	return rc == 0 ? 1 : -1;
}

void
cli_judging_free(struct cli_judging *j)
{
	free(j->null);
	memset(j, 0, sizeof(*j));
}
