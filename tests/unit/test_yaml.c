/* SPDX-License-Identifier: BSD-2-Clause */
/* YAML trees: places, and everything that is refused. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "plan/yaml.h"

static struct yaml_tree
parse(const char *text)
{
	struct yaml_tree t;
	struct err e = { 0 };

	if (yaml_read_text(&t, "f", text, strlen(text), &e) == -1)
		fail_msg("%s", e.text);
	return t;
}

static void
check_scalar(const struct yaml_node *n, const char *text, int line, int column)
{
	assert_non_null(n);
	assert_int_equal(n->kind, YAML_SCALAR);
	assert_string_equal(n->text, text);
	assert_string_equal(n->file, "f");
	assert_int_equal(n->line, line);
	assert_int_equal(n->column, column);
}

static void
test_tree(void **state)
{
	struct yaml_tree t = parse("# comment\n"
	    "workers: 1,2,4..ncpu\n"
	    "\xc3\xa4: { mode: [process, 'thread'], empty: }\r\n"
	    "cells:\n"
	    "  - workload: zfod\n"
	    "    size: \"4M\"\n"
	    "  - fork\n");
	const struct yaml_node *r = t.root, *map, *cells;

	(void)state;
	assert_int_equal(r->kind, YAML_MAP);
	assert_int_equal(r->count, 3);
	check_scalar(r->keys[0], "workers", 2, 1);
	check_scalar(r->items[0], "1,2,4..ncpu", 2, 10);
	check_scalar(r->keys[1], "\xc3\xa4", 3, 1);
	/* Columns count characters, not bytes. */
	map = yaml_get(r, "\xc3\xa4");
	assert_int_equal(map->kind, YAML_MAP);
	assert_int_equal(map->column, 4);
	assert_int_equal(yaml_get(map, "mode")->kind, YAML_LIST);
	assert_int_equal(yaml_get(map, "mode")->count, 2);
	check_scalar(yaml_get(map, "mode")->items[1], "thread", 3, 22);
	check_scalar(yaml_get(map, "empty"), "", 3, 40);
	cells = yaml_get(r, "cells");
	assert_int_equal(cells->kind, YAML_LIST);
	assert_int_equal(cells->line, 5);
	assert_int_equal(cells->column, 3);
	check_scalar(yaml_get(cells->items[0], "size"), "4M", 6, 11);
	check_scalar(cells->items[1], "fork", 7, 5);
	assert_null(yaml_get(r, "nothing"));
	assert_null(yaml_get(cells, "size"));
	yaml_tree_free(&t);
	assert_null(t.root);
	assert_null(t.file);
}

static void
test_empty(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "# only a comment\n", "\xef\xbb\xbf"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct yaml_tree t = parse(texts[i]);

		assert_null(t.root);
		assert_string_equal(t.file, "f");
		yaml_tree_free(&t);
	}
	yaml_tree_free(NULL);
	yaml_node_free(NULL);
}

/* With its length, since some have NULs. */
#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char *text;
	size_t len;
	const char *error;
} bad[] = {
	{ TEXT("a: b\n\tc: d\n"), "f:2:1: tabs cannot indent YAML: use blanks" },
	{ TEXT("a:\n  \tb: c\n"), "f:2:3: tabs cannot indent YAML: use blanks" },
	{ TEXT("-\ta: b\n"), "f:1:2: tabs cannot indent YAML: use blanks" },
	{ TEXT("\t\n"), "f:1:1: tabs cannot indent YAML: use blanks" },
	{ TEXT("a: b\nc: \0d\n"),
	    "f:2:4: a NUL byte: this is not a text file" },
	{ TEXT("a: b\n\xc3\xa4: \xff\n"),
	    "f:2:4: bytes that are not UTF-8: save the file as UTF-8" },
	{ TEXT("\xff\xfe" "a\0"), "f:1:4: a NUL byte: this is not a text file" },
	{ TEXT("a: \"x\\0y\"\n"),
	    "f:1:4: a line break or control character in a value" },
	{ TEXT("a: \"\\e[31m\"\n"),
	    "f:1:4: a line break or control character in a value" },
	{ TEXT("a: \"\\x9b\"\n"),
	    "f:1:4: a line break or control character in a value" },
	{ TEXT("a: \"\\x7f\"\n"),
	    "f:1:4: a line break or control character in a value" },
	{ TEXT("a: |\n  two\n  lines\n"),
	    "f:1:4: a line break or control character in a value" },
	{ TEXT("a: &x b\n"),
	    "f:1:4: anchors (&) are not supported: repeat the value" },
	{ TEXT("a: &x [b]\n"),
	    "f:1:4: anchors (&) are not supported: repeat the value" },
	{ TEXT("a: &x {b: c}\n"),
	    "f:1:4: anchors (&) are not supported: repeat the value" },
	{ TEXT("a: *x\n"),
	    "f:1:4: aliases (*) are not supported: repeat the value" },
	{ TEXT("a: !!int 3\n"),
	    "f:1:4: tags (!) are not supported: write the value alone" },
	{ TEXT("a: !x [b]\n"),
	    "f:1:4: tags (!) are not supported: write the value alone" },
	{ TEXT("!x\na: b\n"),
	    "f:1:1: tags (!) are not supported: write the value alone" },
	{ TEXT("a: b\n---\nc: d\n"),
	    "f:2:1: a second document: only one per file" },
	{ TEXT("a: b\nc: d\na: e\n"), "f:3:1: duplicate key 'a', first in "
	    "line 1" },
	{ TEXT("[a]: b\n"),
	    "f:1:1: a key must be a plain word, not a list or mapping" },
	{ TEXT("? {a: b}\n: c\n"),
	    "f:1:3: a key must be a plain word, not a list or mapping" },
	{ TEXT("[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]"),
	    "f:1:17: nested deeper than 16 levels" },
	{ TEXT("a: [b\n"), "f:2:1: not valid YAML: did not find expected ',' "
	    "or ']' while parsing a flow sequence" },
	{ TEXT("a: b\n  c: d\n"), "f:2:4: not valid YAML: mapping values are "
	    "not allowed in this context" },
	{ TEXT("a: b\nc\n"), "f:3:1: not valid YAML: could not find expected "
	    "':' while scanning a simple key" },
	{ TEXT("a: \"b\n"), "f:2:1: not valid YAML: found unexpected end of "
	    "stream while scanning a quoted scalar" },
	{ TEXT("a: @b\n"), "f:1:4: not valid YAML: found character that "
	    "cannot start any token while scanning for the next token" },
	{ TEXT("a: b\nc: \x01\n"), "f:2:4: not valid YAML: control characters "
	    "are not allowed" },
	{ TEXT("%YAML 3.0\n---\na: b\n"), "f:1:1: not valid YAML: found "
	    "incompatible YAML document" },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct yaml_tree t;
		struct err e = { 0 };

		assert_int_equal(yaml_read_text(&t, "f", bad[i].text,
		    bad[i].len, &e), -1);
		assert_string_equal(e.text, bad[i].error);
		assert_null(t.root);
		assert_null(t.file);
	}
}

static int
read_repeated(const char *head, char c, size_t n, const char *tail,
    struct err *e)
{
	struct yaml_tree t;
	struct str b = { 0 };
	int rc;

	str_add(&b, head);
	for (size_t i = 0; i < n; i++)
		str_addn(&b, &c, 1);
	str_add(&b, tail);
	rc = yaml_read_text(&t, "f", str_text(&b), b.len, e);
	yaml_tree_free(&t);
	str_free(&b);
	return rc;
}

/* The largest that is allowed, and one more. */
static void
test_limits(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(read_repeated("a: ", 'x', 4096, "\n", &e), 0);
	assert_int_equal(read_repeated("a: ", 'x', 4097, "\n", &e), -1);
	assert_string_equal(e.text, "f:1:4: a value over 4 KiB");
	err_clear(&e);
	assert_int_equal(read_repeated("#", 'x', (1 << 20) - 2, "\n", &e), 0);
	assert_int_equal(read_repeated("#", 'x', (1 << 20) - 1, "\n", &e), -1);
	assert_string_equal(e.text, "f: larger than 1 MiB: this is no config");
	err_clear(&e);
	assert_int_equal(read_repeated("", '[', 16,
	    "x]]]]]]]]]]]]]]]]", &e), 0);
}

static void
test_many_keys(void **state)
{
	struct yaml_tree t;
	struct str b = { 0 };
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 1024; i++)
		str_addf(&b, "k%d: v\n", i);
	assert_int_equal(yaml_read_text(&t, "f", str_text(&b), b.len, &e), 0);
	assert_int_equal(t.root->count, 1024);
	assert_string_equal(yaml_get(t.root, "k1023")->text, "v");
	yaml_tree_free(&t);
	str_add(&b, "last: v\n");
	assert_int_equal(yaml_read_text(&t, "f", str_text(&b), b.len, &e), -1);
	assert_string_equal(e.text,
	    "f:1025:1: more than 1024 keys in one mapping");
	str_free(&b);
}

static void
test_errors(void **state)
{
	struct yaml_tree t = parse("a: b\n");
	struct yaml_node option = { .file = "-w x" };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(yaml_error(t.root->items[0], &e, "no %s", "b"), -1);
	assert_string_equal(e.text, "f:1:4: no b");
	assert_int_equal(yaml_error(t.root, &e, "later"), -1);
	assert_string_equal(e.text, "f:1:4: no b");
	err_clear(&e);
	assert_int_equal(yaml_error(&option, &e, "no"), -1);
	assert_string_equal(e.text, "-w x: no");
	err_clear(&e);
	assert_int_equal(yaml_locate(t.root, &e), -1);
	assert_false(e.set);
	yaml_tree_free(&t);
}

static void
test_values(void **state)
{
	char *large = mem_zalloc(4098);

	(void)state;
	memset(large, 'x', 4097);
	assert_null(yaml_refuses("", 0));
	assert_null(yaml_refuses(TEXT("128M \xc3\xa4 \xc2\xa0")));
	assert_null(yaml_refuses(large, 4096));
	assert_string_equal(yaml_refuses(large, 4097), "a value over 4 KiB");
	assert_string_equal(yaml_refuses(TEXT("a\nb")),
	    "a line break or control character in a value");
	assert_string_equal(yaml_refuses(TEXT("a\xc2\x85")),
	    "a line break or control character in a value");
	assert_string_equal(yaml_refuses(TEXT("a\x85")),
	    "bytes that are not UTF-8");
	free(large);
}

/* ---- files -------------------------------------------------------------- */

static char dir[] = "/tmp/test_yaml.XXXXXX";

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static char *
write_file(const char *name, const char *bytes, size_t len)
{
	char *path = mem_printf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void
check_file(const char *path, const char *expected)
{
	struct yaml_tree t;
	struct err e = { 0 };
	char *text = mem_printf("%s%s", path, expected);

	assert_int_equal(yaml_read_file(&t, path, &e), -1);
	assert_string_equal(e.text, text);
	assert_null(t.root);
	free(text);
}

static void
test_good_file(void **state)
{
	char *path = write_file("good.yaml", TEXT("a: b\n"));
	char *empty = write_file("empty.yaml", "", 0);
	struct yaml_tree t;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(yaml_read_file(&t, path, &e), 0);
	assert_string_equal(t.file, path);
	assert_string_equal(yaml_get(t.root, "a")->text, "b");
	yaml_tree_free(&t);
	assert_int_equal(yaml_read_file(&t, empty, &e), 0);
	assert_null(t.root);
	yaml_tree_free(&t);
	unlink(path);
	unlink(empty);
	free(path);
	free(empty);
}

static void
test_bad_files(void **state)
{
	size_t large = ((size_t)1 << 20) + 1;
	char *bytes = mem_zalloc(large);
	char *path;

	(void)state;
	check_file(dir, ": a directory, not a config file");
	check_file("/nonexistent/x.yaml",
	    ": cannot open: No such file or directory");
	memset(bytes, '#', large);
	path = write_file("bad.yaml", bytes, large);
	check_file(path, ": larger than 1 MiB: this is no config");
	free(path);
	path = write_file("bad.yaml", TEXT("\x7f" "ELF\0\0"));
	check_file(path, ":1:5: a NUL byte: this is not a text file");
	free(path);
	path = write_file("bad.yaml", TEXT("label: \xe4\n"));
	check_file(path,
	    ":1:8: bytes that are not UTF-8: save the file as UTF-8");
	unlink(path);
	free(path);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_good_file),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
