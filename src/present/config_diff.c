/* SPDX-License-Identifier: BSD-2-Clause */
/* Differences of kernel configurations; see config_diff.h. */
#include "config.h"

#include "present/config_diff.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "present/campaign_print.h"

/* No pipe and no device: whoever made the folder may be somebody else. */
static FILE *
config_diff_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	FILE *in = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		in = fdopen(fd, "r");
	if (in == NULL)
		close(fd);
	return in;
}

/* A line of at most so many bytes; the rest of a longer one is passed over. */
static bool
config_diff_line(FILE *in, char *line, size_t size)
{
	size_t len;
	int c;

	if (fgets(line, (int)size, in) == NULL)
		return false;
	len = strcspn(line, "\n");
	if (line[len] == '\0')
		while ((c = getc(in)) != EOF && c != '\n')
			continue;
	line[len] = '\0';
	return true;
}

bool
config_diff_read(struct config_diff *d, const char *folder, const char *base,
    const char *name)
{
	char *file = mem_printf("kernels/%s-%s.diff", base, name);
	char line[256];
	FILE *in;

	memset(d, 0, sizeof(*d));
	d->path = campaign_path(folder, file);
	free(file);
	in = config_diff_open(d->path);
	if (in == NULL)
		return false;
	while (config_diff_line(in, line, sizeof(line))) {
		if (line[0] == '\0')
			continue;
		if (d->kept < CONFIG_DIFF_LINES)
			d->lines[d->kept++] = campaign_print_line(line);
		d->count++;
	}
	fclose(in);
	return true;
}

void
config_diff_free(struct config_diff *d)
{
	size_t i;

	for (i = 0; i < d->kept; i++)
		free(d->lines[i]);
	free(d->path);
	memset(d, 0, sizeof(*d));
}
