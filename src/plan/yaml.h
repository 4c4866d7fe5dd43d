/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * YAML text into a tree that remembers where everything stood.  The only user
 * of libyaml.  Refused with file:line:column: bytes that are not UTF-8, NULs
 * and other control characters, tabs as indentation, anchors, aliases, tags,
 * several documents, scalars over 4 KiB, nesting over 16, mappings of more
 * than 1024 keys, duplicate keys, keys that are not scalars, files over 1 MiB.
 */
#ifndef VMSTRESS_YAML_TREE_H
#define VMSTRESS_YAML_TREE_H

#include <stddef.h>

#include "base/err.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	const char *file;	/* owned by the tree */
	int line, column;	/* from 1; line 0: not from a file */
	char *text;		/* scalar: its value */
	struct yaml_node **items;	/* list and map: the values */
	struct yaml_node **keys;	/* map: scalars, same order as items */
	size_t count, cap;
};

/* More than this is no config. */
#define YAML_FILE_BYTES ((size_t)1 << 20)

struct yaml_tree {
	char *file;
	struct yaml_node *root;	/* NULL for an empty document */
};

/* -1 with an error that begins "FILE:LINE:COLUMN: " (or "FILE: "). */
int yaml_read_file(struct yaml_tree *t, const char *path, struct err *e);
int yaml_read_text(struct yaml_tree *t, const char *file, const char *text,
    size_t len, struct err *e);

/*
 * Not yaml_free(): libyaml exports a function of that name and would call
 * ours in its place.
 */
void yaml_tree_free(struct yaml_tree *t);

/* A node that is in no tree yet, and all under it; NULL is fine. */
void yaml_node_free(struct yaml_node *n);

/* The value of a key of a map, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Set an error located at a node: "file:line:column: ...". */
int yaml_error(const struct yaml_node *at, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Put the place of a node in front of an error that is set already. */
int yaml_locate(const struct yaml_node *at, struct err *e);

/*
 * Why a text cannot be a value ("bytes that are not UTF-8"), or NULL when it
 * can.  Values end up in terminals, JSON and line-oriented protocols.
 */
const char *yaml_refuses(const char *text, size_t len);

#endif
