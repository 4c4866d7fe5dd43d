/* SPDX-License-Identifier: BSD-2-Clause */
/* Records and campaigns as operands; see inputs.h. */
#include "config.h"

#include "cli/inputs.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "record/campaign.h"

static char *
inputs_keep(struct cli_inputs *in, char *text)
{
	in->texts = mem_array(in->texts, in->ntexts + 1, sizeof(*in->texts));
	in->texts[in->ntexts++] = text;
	return text;
}

static void
inputs_add(struct cli_inputs *in, const char *name, const char *path)
{
	in->list = mem_array(in->list, in->count + 1, sizeof(*in->list));
	in->list[in->count++] = (struct compare_input){
		.name = name, .path = path,
	};
}

/* ---- campaigns --------------------------------------------------------------- */

/*
 * Is there a record, and in it a whole line?  A kernel may be lost before its
 * record has begun.
 */
static bool
inputs_has_record(const char *path)
{
	char block[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool found = false;
	ssize_t n;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		while (!found && (n = read(fd, block, sizeof(block))) > 0)
			found = memchr(block, '\n', (size_t)n) != NULL;
	close(fd);
	return found;
}

/* The records of one kernel; without any an input that says so. */
static void
inputs_add_kernel(struct cli_inputs *in, const struct campaign *c,
    size_t kernel, const char *folder, bool named)
{
	const char *name = c->kernels[kernel].name;
	size_t i, records = 0;

	for (i = 0; i < c->nboots; i++) {
		const struct campaign_boot *b = &c->boots[i];
		char *path;

		if ((size_t)b->kernel != kernel || !campaign_counts(b))
			continue;
		path = inputs_keep(in, campaign_path(folder, b->record));
		if (!inputs_has_record(path))
			continue;
		inputs_add(in, name, path);
		records++;
	}
	if (records == 0 && named)
		inputs_add(in, name, NULL);
}

static int
inputs_add_campaign(struct cli_inputs *in, const char *folder, bool named,
    struct err *e)
{
	struct campaign *c = mem_zalloc(sizeof(*c));
	size_t i, ended = 0;

	in->campaigns = mem_array(in->campaigns, in->ncampaigns + 1,
	    sizeof(*in->campaigns));
	in->campaigns[in->ncampaigns++] = (struct compare_campaign){
		.folder = folder, .data = c,
	};
	if (campaign_read(c, folder, e) != 0)
		return -1;
	for (i = 0; i < c->nboots; i++)
		ended += campaign_counts(&c->boots[i]);
	if (ended == 0)
		return err_set(e, "%s: none of the boots of this campaign has "
		    "ended (`vmstress matrix --resume` goes on)", folder);
	for (i = 0; i < c->nkernels; i++)
		inputs_add_kernel(in, c, i, folder, named);
	return 0;
}

/* ---- operands ---------------------------------------------------------------- */

static bool
inputs_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* NAME=PATH; NULL when there is no name. */
static char *
inputs_name(struct cli_inputs *in, const char *operand, const char **path)
{
	const char *equals = strchr(operand, '=');

	*path = operand;
	if (equals == NULL || equals == operand ||
	    memchr(operand, '/', (size_t)(equals - operand)) != NULL)
		return NULL;
	*path = equals + 1;
	return inputs_keep(in, mem_strndup(operand,
	    (size_t)(equals - operand)));
}

int
cli_inputs_take(struct cli_inputs *in, char **operands, size_t n,
    struct err *e)
{
	const char *name, *path;
	size_t i;

	for (i = 0; i < n; i++) {
		name = inputs_name(in, operands[i], &path);
		if (name != NULL && campaign_is_folder(path))
			return err_set(e, "%s: a campaign has the names of its "
			    "kernels (give the folder alone)", operands[i]);
		if (!inputs_is_folder(path))
			inputs_add(in, name, path);
		else if (inputs_add_campaign(in, path, true, e) != 0)
			return -1;
	}
	return 0;
}

int
cli_inputs_paths(struct cli_inputs *in, char **operands, size_t n,
    struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!inputs_is_folder(operands[i]))
			inputs_add(in, NULL, operands[i]);
		else if (inputs_add_campaign(in, operands[i], false, e) != 0)
			return -1;
	if (in->count == 0)
		return err_set(e, "%s: no boot of this campaign has left a "
		    "record", operands[0]);
	return 0;
}

char **
cli_inputs_list(const struct cli_inputs *in)
{
	char **paths = mem_array(NULL, in->count, sizeof(*paths));
	size_t i;

	for (i = 0; i < in->count; i++)
		paths[i] = (char *)(uintptr_t)in->list[i].path;
	return paths;
}

void
cli_inputs_free(struct cli_inputs *in)
{
	size_t i;

	for (i = 0; i < in->ntexts; i++)
		free(in->texts[i]);
	for (i = 0; i < in->ncampaigns; i++) {
		campaign_free(in->campaigns[i].data);
		free(in->campaigns[i].data);
	}
	free(in->texts);
	free(in->campaigns);
	free(in->list);
	memset(in, 0, sizeof(*in));
}
