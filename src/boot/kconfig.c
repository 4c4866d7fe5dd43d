/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration that a kernel was built with; see kconfig.h. */
#include "config.h"

#include "boot/kconfig.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"
#include "boot/binary.h"
#include "boot/command.h"
#include "boot/gunzip.h"

#define KCONFIG_PREFIX "CONFIG_"
#define KCONFIG_UNSET " is not set"
/* Those of distributions have 0.3 MB. */
#define KCONFIG_MAX ((size_t)16 << 20)
#define KCONFIG_SHOW_NS 60000000000u

/* ---- finding ----------------------------------------------------------- */

/* Takes `path`; it is NULL unless a file is there. */
static char *
kconfig_if_file(char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return path;
	free(path);
	return NULL;
}

/* TREE/arch/x86/boot/bzImage and TREE/linux have TREE/.config. */
static char *
kconfig_in_tree(const char *folder, const struct image *image)
{
	const char *boot = strrchr(folder, '/'), *arch;

	if (image->kind == IMAGE_UML)
		return kconfig_if_file(mem_printf("%s/.config", folder));
	if (boot == NULL || strcmp(boot, "/boot") != 0)
		return NULL;
	for (arch = boot; arch > folder && arch[-1] != '/'; arch--)
		;
	if (arch - folder < 6 || strncmp(arch - 6, "/arch/", 6) != 0)
		return NULL;
	return kconfig_if_file(mem_printf("%.*s/.config",
	    (int)(arch - 6 - folder), folder));
}

/* Beside it; vmlinuz-6.1 has config-6.1, whatever it says its version is. */
static char *
kconfig_beside(const char *folder, const char *name,
    const struct image *image)
{
	const char *dash = strchr(name, '-'), *version = image->version;
	char *found = NULL;

	if (version != NULL && memchr(version, '/', strcspn(version, " ")) ==
	    NULL)
		found = kconfig_if_file(mem_printf("%s/config-%.*s", folder,
		    (int)strcspn(version, " "), version));
	if (found == NULL && dash != NULL && strncmp(name, "vmlinu", 6) == 0)
		found = kconfig_if_file(mem_printf("%s/config%s", folder,
		    dash));
	if (found == NULL)
		found = kconfig_if_file(mem_printf("%s/%s.config", folder,
		    name));
	return found;
}

static char *
kconfig_find_at(const char *kernel, const struct image *image)
{
	const char *slash = strrchr(kernel, '/');
	char *folder, *found;

	folder = slash == NULL ? mem_strdup(".") :
	    mem_strndup(kernel, (size_t)(slash - kernel));
	found = kconfig_beside(folder, slash != NULL ? slash + 1 : kernel,
	    image);
	if (found == NULL)
		found = kconfig_in_tree(folder, image);
	free(folder);
	return found;
}

/* Where it is, and where it leads to when it is a link. */
char *
kconfig_find(const char *kernel, const struct image *image)
{
	char *found = kconfig_find_at(kernel, image), *real;

	if (found != NULL)
		return found;
	real = realpath(kernel, NULL);
	if (real != NULL)
		found = kconfig_find_at(real, image);
	free(real);
	return found;
}

/* ---- reading ----------------------------------------------------------- */

static size_t
kconfig_name(const char *text)
{
	size_t len = strlen(KCONFIG_PREFIX);

	if (strncmp(text, KCONFIG_PREFIX, len) != 0)
		return 0;
	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len > strlen(KCONFIG_PREFIX) ? len : 0;
}

static void
kconfig_add(struct kconfig *k, size_t *cap, const char *name, size_t len,
    const char *value)
{
	struct kconfig_symbol *s;

	k->symbols = mem_grow(k->symbols, k->count, cap, sizeof(*k->symbols));
	s = &k->symbols[k->count++];
	s->name = mem_strndup(name, len);
	s->value = mem_strdup(value);
}

/* A line that is neither a symbol nor a comment is -1. */
static int
kconfig_line(struct kconfig *k, size_t *cap, const char *line)
{
	size_t len;

	if (strncmp(line, "# " KCONFIG_PREFIX, 2 + strlen(KCONFIG_PREFIX)) ==
	    0) {
		len = kconfig_name(line + 2);
		if (len > 0 && strcmp(line + 2 + len, KCONFIG_UNSET) == 0)
			kconfig_add(k, cap, line + 2, len, "n");
		return 0;
	}
	if (line[strspn(line, " \t")] == '\0' || line[0] == '#')
		return 0;
	len = kconfig_name(line);
	if (len == 0 || line[len] != '=')
		return -1;
	kconfig_add(k, cap, line, len, line + len + 1);
	return 0;
}

static int
kconfig_by_name(const void *a, const void *b)
{
	const struct kconfig_symbol *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* A file of kbuild has a symbol once; in which one to believe is not ours to say. */
static int
kconfig_sort(struct kconfig *k, const char *what, struct err *e)
{
	size_t i;

	if (k->count == 0)
		return err_set(e, "%s is no configuration of a kernel: no "
		    "symbol is in it", what);
	qsort(k->symbols, k->count, sizeof(*k->symbols), kconfig_by_name);
	for (i = 1; i < k->count; i++)
		if (strcmp(k->symbols[i - 1].name, k->symbols[i].name) == 0)
			return err_set(e, "%s: %s is twice in it", what,
			    k->symbols[i].name);
	return 0;
}

static int
kconfig_parse(struct kconfig *k, char *text, const char *what, struct err *e)
{
	char *line = text, *end;
	size_t cap = 0, number;

	for (number = 1; line != NULL; number++, line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		line[strcspn(line, "\r")] = '\0';
		if (kconfig_line(k, &cap, line) != 0)
			return err_set(e, "%s:%zu: no line of the configuration "
			    "of a kernel", what, number);
	}
	return kconfig_sort(k, what, e);
}

int
kconfig_read(struct kconfig *k, const char *path, struct err *e)
{
	struct str text = { 0 };
	struct binary b;
	int rc;

	/* For its words about what cannot be read. */
	if (binary_open(&b, path, e) != 0)
		return -1;
	binary_close(&b);
	/* Plain files pass through; /proc/config.gz is not one. */
	rc = gunzip_file(path, KCONFIG_MAX, &text, e);
	str_add(&text, "\n");
	if (rc == 0)
		rc = kconfig_parse(k, text.s, path, e);
	str_free(&text);
	return rc;
}

int
kconfig_show(const char *kernel, struct kconfig *k, struct err *e)
{
	char *path = mem_printf("%s%s", strchr(kernel, '/') == NULL ? "./" :
	    "", kernel);
	char *argv[] = { path, "--showconfig", NULL };
	struct str text = { 0 };
	int rc;

	rc = command_run(argv, NULL, KCONFIG_SHOW_NS, &text, e);
	str_add(&text, "\n");
	if (rc == 0)
		rc = kconfig_parse(k, text.s, "what it shows", e);
	if (rc != 0)
		err_prefix(e, "cannot read the configuration of %s", kernel);
	str_free(&text);
	free(path);
	return rc;
}

/* ---- writing ----------------------------------------------------------- */

int
kconfig_write(const struct kconfig *k, const char *path, struct err *e)
{
	const struct kconfig_symbol *s;
	bool failed;
	size_t i;
	FILE *f;

	f = fopen(path, "we");
	if (f == NULL)
		return err_errno(e, "cannot write %s", path);
	for (i = 0; i < k->count; i++) {
		s = &k->symbols[i];
		if (strcmp(s->value, "n") == 0)
			fprintf(f, "# %s" KCONFIG_UNSET "\n", s->name);
		else
			fprintf(f, "%s=%s\n", s->name, s->value);
	}
	failed = ferror(f) != 0;
	if (fclose(f) != 0 || failed)
		return err_errno(e, "cannot write %s", path);
	return 0;
}

void
kconfig_free(struct kconfig *k)
{
	size_t i;

	for (i = 0; i < k->count; i++) {
		free(k->symbols[i].name);
		free(k->symbols[i].value);
	}
	free(k->symbols);
	*k = (struct kconfig){ 0 };
}

/* ---- asking ------------------------------------------------------------ */

const char *
kconfig_value(const struct kconfig *k, const char *name)
{
	const struct kconfig_symbol wanted = { (char *)name, NULL }, *s = NULL;

	if (k->count > 0)
		s = bsearch(&wanted, k->symbols, k->count,
		    sizeof(*k->symbols), kconfig_by_name);
	return s != NULL ? s->value : "n";
}

size_t
kconfig_difference(const struct kconfig *a, const struct kconfig *b,
    void (*each)(void *arg, const char *name, const char *in_a,
    const char *in_b), void *arg)
{
	size_t i = 0, j = 0, count = 0;
	const char *in_a, *in_b, *name;
	int order;

	while (i < a->count || j < b->count) {
		if (i == a->count || j == b->count)
			order = i == a->count ? 1 : -1;
		else
			order = strcmp(a->symbols[i].name, b->symbols[j].name);
		name = order <= 0 ? a->symbols[i].name : b->symbols[j].name;
		in_a = order <= 0 ? a->symbols[i++].value : "n";
		in_b = order >= 0 ? b->symbols[j++].value : "n";
		if (strcmp(in_a, in_b) == 0)
			continue;
		count++;
		if (each != NULL)
			each(arg, name, in_a, in_b);
	}
	return count;
}
