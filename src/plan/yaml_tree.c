/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree that YAML becomes, places in it, and files; see yaml.h. */
#include "config.h"

#include "plan/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

#define YAML_SCALAR_BYTES 4096

/* ---- nodes ------------------------------------------------------------- */

void
yaml_node_free(struct yaml_node *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->count; i++) {
		yaml_node_free(n->items[i]);
		if (n->kind == YAML_MAP)
			yaml_node_free(n->keys[i]);
	}
	free(n->items);
	free(n->keys);
	free(n->text);
	free(n);
}

struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
	if (map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i]->text, key) == 0)
			return map->items[i];
	return NULL;
}

void
yaml_tree_free(struct yaml_tree *t)
{
	if (t == NULL)
		return;
	yaml_node_free(t->root);
	free(t->file);
	memset(t, 0, sizeof(*t));
}

/* ---- places ------------------------------------------------------------ */

int
yaml_locate(const struct yaml_node *at, struct err *e)
{
	if (at->line == 0)
		return err_prefix(e, "%s", at->file);
	return err_prefix(e, "%s:%d:%d", at->file, at->line, at->column);
}

int
yaml_error(const struct yaml_node *at, struct err *e, const char *fmt, ...)
{
	char text[ERR_MAX];
	va_list ap;

	if (e->set)
		return -1;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(e, "%s", text);
	return yaml_locate(at, e);
}

/* ---- values ------------------------------------------------------------ */

/* C0, DEL and C1 (U+0080 to U+009F, two bytes in UTF-8). */
static bool
yaml_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < len &&
		    (unsigned char)text[i + 1] < 0xa0)
			return true;
	}
	return false;
}

const char *
yaml_refuses(const char *text, size_t len)
{
	size_t bad;

	if (len > YAML_SCALAR_BYTES)
		return "a value over 4 KiB";
	if (!str_utf8(text, len, &bad))
		return "bytes that are not UTF-8";
	if (yaml_control(text, len))
		return "a line break or control character in a value";
	return NULL;
}

/* ---- files ------------------------------------------------------------- */

/* One byte more than is allowed, so that too much is noticed. */
static ssize_t
yaml_slurp(int fd, char *buf)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, buf + len, YAML_FILE_BYTES + 1 - len);
		if (n > 0)
			len += (size_t)n;
	} while (n > 0 || (n == -1 && errno == EINTR));
	return n == -1 ? -1 : (ssize_t)len;
}

int
yaml_read_file(struct yaml_tree *t, const char *path, struct err *e)
{
	struct stat st;
	char *buf = NULL;
	ssize_t len;
	int rc = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	memset(t, 0, sizeof(*t));
	if (fd == -1)
		return err_errno(e, "%s: cannot open", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(e, "%s: a directory, not a config file", path);
		goto out;
	}
	buf = mem_array(NULL, YAML_FILE_BYTES + 1, 1);
	len = yaml_slurp(fd, buf);
	if (len == -1)
		err_errno(e, "%s: cannot read", path);
	else
		rc = yaml_read_text(t, path, buf, (size_t)len, e);
out:
	free(buf);
	close(fd);
	return rc;
}
