/* SPDX-License-Identifier: BSD-2-Clause */
/* YAML text into a tree by way of libyaml's events; see yaml.h. */
#include "config.h"

#include "plan/yaml.h"

#include <stdbool.h>
#include <string.h>

#include <yaml.h>

#include "base/mem.h"
#include "base/str.h"

#define YAML_DEPTH 16
/* Duplicates are searched for one by one, so this bounds the time, too. */
#define YAML_KEYS 1024

#define YAML_TABS "tabs cannot indent YAML: use blanks"

/* A list or map that is still open, and in a map the key without its value. */
struct yaml_level {
	struct yaml_node *node;
	struct yaml_node *key;
};

struct yaml_build {
	struct yaml_tree *tree;
	const char *text;
	size_t len;
	yaml_parser_t parser;
	struct yaml_level levels[YAML_DEPTH];
	int depth;
	int documents;
	struct err *e;
};

/* ---- nodes ------------------------------------------------------------- */

static struct yaml_node *
yaml_node_new(const struct yaml_build *b, enum yaml_kind kind,
    const yaml_mark_t *mark)
{
	struct yaml_node *n = mem_zalloc(sizeof(*n));

	n->kind = kind;
	n->file = b->tree->file;
	n->line = (int)mark->line + 1;
	n->column = (int)mark->column + 1;
	return n;
}

static void
yaml_node_add(struct yaml_node *n, struct yaml_node *key,
    struct yaml_node *item)
{
	size_t cap = n->cap;

	if (n->kind == YAML_MAP) {
		n->keys = mem_grow(n->keys, n->count, &cap, sizeof(*n->keys));
		n->keys[n->count] = key;
	}
	n->items = mem_grow(n->items, n->count, &n->cap, sizeof(*n->items));
	n->items[n->count++] = item;
}

/* ---- places ------------------------------------------------------------ */

static int
yaml_error_mark(const struct yaml_build *b, const yaml_mark_t *mark,
    const char *text)
{
	return err_set(b->e, "%s:%zu:%zu: %s", b->tree->file, mark->line + 1,
	    mark->column + 1, text);
}

/* At a byte of the text; columns count characters, as libyaml's do. */
static int
yaml_error_offset(const struct yaml_build *b, size_t offset, const char *text)
{
	yaml_mark_t mark = { .index = offset };

	for (size_t i = 0; i < offset && i < b->len; i++) {
		if (b->text[i] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if (((unsigned char)b->text[i] & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return yaml_error_mark(b, &mark, text);
}

/* ---- what libyaml would say less clearly, or not at all ---------------- */

static int
yaml_check_tabs(const struct yaml_build *b)
{
	bool indent = true;

	for (size_t i = 0; i < b->len; i++) {
		if (indent && b->text[i] == '\t')
			return yaml_error_offset(b, i, YAML_TABS);
		indent = b->text[i] == '\n' || (indent && b->text[i] == ' ');
	}
	return 0;
}

static int
yaml_check_bytes(const struct yaml_build *b)
{
	const char *nul = memchr(b->text, '\0', b->len);
	size_t bad = 0;

	if (b->len > YAML_FILE_BYTES)
		return err_set(b->e, "%s: larger than 1 MiB: this is no config",
		    b->tree->file);
	if (nul != NULL)
		return yaml_error_offset(b, (size_t)(nul - b->text),
		    "a NUL byte: this is not a text file");
	if (!str_utf8(b->text, b->len, &bad))
		return yaml_error_offset(b, bad,
		    "bytes that are not UTF-8: save the file as UTF-8");
	return yaml_check_tabs(b);
}

/* ---- events ------------------------------------------------------------ */

static struct yaml_level *
yaml_top(struct yaml_build *b)
{
	return b->depth > 0 ? &b->levels[b->depth - 1] : NULL;
}

/* Is the next node a key? */
static bool
yaml_wants_key(struct yaml_build *b)
{
	const struct yaml_level *top = yaml_top(b);

	return top != NULL && top->node->kind == YAML_MAP && top->key == NULL;
}

static int
yaml_check_key(const struct yaml_build *b, const struct yaml_node *map,
    const struct yaml_node *key)
{
	if (map->count >= YAML_KEYS)
		return yaml_error(key, b->e, "more than %d keys in one mapping",
		    YAML_KEYS);
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i]->text, key->text) == 0)
			return yaml_error(key, b->e, "duplicate key '%.80s', "
			    "first in line %d", key->text, map->keys[i]->line);
	return 0;
}

/* Hang a finished scalar or an opening list or map into the tree. */
static int
yaml_place(struct yaml_build *b, struct yaml_node *n)
{
	struct yaml_level *top = yaml_top(b);

	if (yaml_wants_key(b)) {
		top->key = n;
		return yaml_check_key(b, top->node, n);
	}
	if (top == NULL) {
		b->tree->root = n;
		return 0;
	}
	yaml_node_add(top->node, top->key, n);
	top->key = NULL;
	return 0;
}

static int
yaml_scalar(struct yaml_build *b, const yaml_event_t *ev)
{
	const char *text = (const char *)ev->data.scalar.value;
	size_t len = ev->data.scalar.length;
	const char *why = yaml_refuses(text, len);
	struct yaml_node *n;

	if (why != NULL)
		return yaml_error_mark(b, &ev->start_mark, why);
	n = yaml_node_new(b, YAML_SCALAR, &ev->start_mark);
	n->text = mem_strndup(text, len);
	return yaml_place(b, n);
}

static int
yaml_open(struct yaml_build *b, const yaml_event_t *ev, enum yaml_kind kind)
{
	struct yaml_node *n;

	if (yaml_wants_key(b))
		return yaml_error_mark(b, &ev->start_mark,
		    "a key must be a plain word, not a list or mapping");
	if (b->depth == YAML_DEPTH)
		return yaml_error_mark(b, &ev->start_mark,
		    "nested deeper than 16 levels");
	n = yaml_node_new(b, kind, &ev->start_mark);
	yaml_place(b, n);
	b->levels[b->depth++] = (struct yaml_level){ n, NULL };
	return 0;
}

/* Anchors and tags hang on three kinds of event. */
static int
yaml_check_properties(const struct yaml_build *b, const yaml_event_t *ev,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		return yaml_error_mark(b, &ev->start_mark,
		    "anchors (&) are not supported: repeat the value");
	if (tag != NULL)
		return yaml_error_mark(b, &ev->start_mark,
		    "tags (!) are not supported: write the value alone");
	return 0;
}

static int
yaml_event(struct yaml_build *b, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->documents++ > 0)
			return yaml_error_mark(b, &ev->start_mark,
			    "a second document: only one per file");
		return 0;
	case YAML_ALIAS_EVENT:
		return yaml_error_mark(b, &ev->start_mark,
		    "aliases (*) are not supported: repeat the value");
	case YAML_SCALAR_EVENT:
		if (yaml_check_properties(b, ev, ev->data.scalar.anchor,
		    ev->data.scalar.tag) == -1)
			return -1;
		return yaml_scalar(b, ev);
	case YAML_SEQUENCE_START_EVENT:
		if (yaml_check_properties(b, ev, ev->data.sequence_start.anchor,
		    ev->data.sequence_start.tag) == -1)
			return -1;
		return yaml_open(b, ev, YAML_LIST);
	case YAML_MAPPING_START_EVENT:
		if (yaml_check_properties(b, ev, ev->data.mapping_start.anchor,
		    ev->data.mapping_start.tag) == -1)
			return -1;
		return yaml_open(b, ev, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return 0;
	default:
		return 0;
	}
}

/*
 * What libyaml found wrong.  Its reader counts bytes and its scanner
 * characters; a tab where it wanted a token is always indentation.
 */
static int
yaml_syntax(const struct yaml_build *b)
{
	const yaml_parser_t *p = &b->parser;
	const char *problem = p->problem != NULL ? p->problem : "unknown error";
	struct str what = { 0 };

	if (strstr(problem, "tab character") != NULL ||
	    (p->error == YAML_SCANNER_ERROR && p->buffer.pointer != NULL &&
	    p->buffer.pointer < p->buffer.last && *p->buffer.pointer == '\t'))
		return yaml_error_mark(b, &p->problem_mark, YAML_TABS);
	str_addf(&what, "not valid YAML: %s", problem);
	if (p->context != NULL)
		str_addf(&what, " %s", p->context);
	if (p->error == YAML_READER_ERROR)
		yaml_error_offset(b, p->problem_offset, str_text(&what));
	else
		yaml_error_mark(b, &p->problem_mark, str_text(&what));
	str_free(&what);
	return -1;
}

static int
yaml_build(struct yaml_build *b)
{
	yaml_event_t ev;
	bool end = false;
	int rc = 0;

	while (rc == 0 && !end) {
		if (!yaml_parser_parse(&b->parser, &ev))
			return yaml_syntax(b);
		rc = yaml_event(b, &ev);
		end = ev.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&ev);
	}
	return rc;
}

int
yaml_read_text(struct yaml_tree *t, const char *file, const char *text,
    size_t len, struct err *e)
{
	struct yaml_build b = { .tree = t, .text = text, .len = len, .e = e };
	int rc;

	memset(t, 0, sizeof(*t));
	t->file = mem_strdup(file);
	rc = yaml_check_bytes(&b);
	if (rc == 0) {
		if (!yaml_parser_initialize(&b.parser))
			return err_set(e, "%s: libyaml cannot start", file);
		yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(&b.parser,
		    (const unsigned char *)text, len);
		rc = yaml_build(&b);
		yaml_parser_delete(&b.parser);
	}
	for (int i = 0; i < b.depth; i++)
		yaml_node_free(b.levels[i].key);
	if (rc == -1)
		yaml_tree_free(t);
	return rc;
}
