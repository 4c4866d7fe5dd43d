/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a config file and what it includes.  A file includes at most one
 * other, so that they form a chain and nearer files simply win.
 */
#include "config.h"

#include "plan/config_files.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static char *
config_beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	if (name[0] == '/' || slash == NULL)
		return mem_strdup(name);
	return mem_printf("%.*s%s", (int)(slash + 1 - path), path, name);
}

static int
config_check_include(struct config_files *f, const struct yaml_node *node,
    const char *path, struct err *e)
{
	struct stat *st = &f->list[f->count].st;

	if (stat(path, st) == -1) {
		err_errno(e, "cannot include %s", path);
		return yaml_locate(node, e);
	}
	for (int i = 0; i < f->count; i++)
		if (f->list[i].st.st_dev == st->st_dev &&
		    f->list[i].st.st_ino == st->st_ino)
			return yaml_error(node, e, "%s includes itself by way "
			    "of this line", path);
	return 0;
}

/* Read the file that the last one includes; *more says whether there is. */
static int
config_include(struct config_files *f, bool *more, struct err *e)
{
	const struct yaml_tree *last = &f->list[f->count - 1].tree;
	const struct yaml_node *node = NULL;
	char *path;
	int rc;

	if (last->root != NULL)
		node = yaml_get(last->root, "include");
	*more = node != NULL;
	if (node == NULL)
		return 0;
	if (node->kind != YAML_SCALAR || node->text[0] == '\0')
		return yaml_error(node, e, "'include' takes one file name");
	if (f->count == CONFIG_FILES)
		return yaml_error(node, e, "includes nested deeper than %d "
		    "files", CONFIG_FILES - 1);
	path = config_beside(last->file, node->text);
	rc = config_check_include(f, node, path, e);
	if (rc == 0)
		rc = yaml_read_file(&f->list[f->count].tree, path, e);
	if (rc == 0)
		f->count++;
	free(path);
	return rc;
}

int
config_files_read(struct config_files *f, const char *path, struct err *e)
{
	bool more = true;

	if (yaml_read_file(&f->list[0].tree, path, e) == -1)
		return -1;
	f->count = 1;
	if (stat(path, &f->list[0].st) == -1)
		return err_errno(e, "%s: cannot open", path);
	while (more)
		if (config_include(f, &more, e) == -1)
			return -1;
	return 0;
}

int
config_files_text(struct config_files *f, const char *file, const char *text,
    size_t len, struct err *e)
{
	const struct yaml_node *include = NULL;
	struct yaml_tree *t = &f->list[0].tree;

	if (yaml_read_text(t, file, text, len, e) == -1)
		return -1;
	f->count = 1;
	if (t->root != NULL)
		include = yaml_get(t->root, "include");
	if (include != NULL)
		return yaml_error(include, e, "'include' works in files only");
	return 0;
}

void
config_files_free(struct config_files *f)
{
	for (int i = 0; i < f->count; i++)
		yaml_tree_free(&f->list[i].tree);
	f->count = 0;
}
