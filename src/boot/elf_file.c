/* SPDX-License-Identifier: BSD-2-Clause */
/* What an ELF file says of itself; see elf_file.h. */
#include "config.h"

#include "boot/elf_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * Where things are in the headers.  Not <elf.h>, which not every system has and
 * whose structs are in the order of this machine's bytes.
 */
enum {
	ELF_FILE_HEADER = 64,
	ELF_FILE_PROGRAM = 56,
	ELF_FILE_SECTION = 64,
	ELF_FILE_DYNAMIC = 16
};
enum { ELF_FILE_LOAD = 1, ELF_FILE_DYNAMICS = 2, ELF_FILE_INTERP = 3 };
enum {
	ELF_FILE_NEEDED = 1, ELF_FILE_STRTAB = 5, ELF_FILE_RPATH = 15,
	ELF_FILE_RUNPATH = 29
};

/* More than any file has that we have met. */
#define ELF_FILE_PATH_MAX 4096
#define ELF_FILE_DYNAMIC_MAX 4096

struct elf_file_header {
	uint64_t programs, sections;	/* their offsets */
	unsigned nprograms, program_size;
	unsigned nsections, section_size, names;
};

static const struct elf_file_arch {
	int machine;
	const char *name;
} elf_file_archs[] = {
	{ 62, "x86_64" },
	{ 183, "aarch64" },
	{ 243, "riscv64" },
	{ 258, "loongarch64" },
};
#define ELF_FILE_ARCHS (sizeof(elf_file_archs) / sizeof(elf_file_archs[0]))

bool
elf_file_is(const struct binary *b)
{
	return binary_has(b, 0, "\177ELF", 4);
}

static int
elf_file_header(struct elf_file_header *h, struct elf_file *f,
    const struct binary *b, struct err *e)
{
	unsigned char x[ELF_FILE_HEADER];

	if (!elf_file_is(b))
		return err_set(e, "not an ELF file");
	if (!binary_read(b, 0, x, sizeof(x)))
		return err_set(e, "a damaged ELF file: it ends in its header");
	if (x[4] != 2 || x[5] != 1)
		return err_set(e, "an ELF file, but not of 64 bits and little "
		    "endian");
	f->type = (int)binary_number(x + 16, 2);
	f->machine = (int)binary_number(x + 18, 2);
	h->programs = binary_number(x + 32, 8);
	h->sections = binary_number(x + 40, 8);
	h->program_size = (unsigned)binary_number(x + 54, 2);
	h->nprograms = (unsigned)binary_number(x + 56, 2);
	h->section_size = (unsigned)binary_number(x + 58, 2);
	h->nsections = (unsigned)binary_number(x + 60, 2);
	h->names = (unsigned)binary_number(x + 62, 2);
	if (h->nprograms > 0 && h->program_size < ELF_FILE_PROGRAM)
		return err_set(e, "a damaged ELF file: its program headers are "
		    "too small");
	return 0;
}

/* Header number i of a table; false when it is not in the file. */
static bool
elf_file_row(const struct binary *b, uint64_t table, unsigned size, unsigned i,
    unsigned char *to, size_t len)
{
	uint64_t skip = (uint64_t)size * i;

	return table <= UINT64_MAX - skip &&
	    binary_read(b, table + skip, to, len);
}

/* Where in the file an address is loaded from; UINT64_MAX: from nowhere. */
static uint64_t
elf_file_offset(const struct binary *b, const struct elf_file_header *h,
    uint64_t address)
{
	unsigned char p[ELF_FILE_PROGRAM];
	uint64_t at, offset, len;
	unsigned i;

	for (i = 0; i < h->nprograms; i++) {
		if (!elf_file_row(b, h->programs, h->program_size, i, p,
		    sizeof(p)) || binary_number(p, 4) != ELF_FILE_LOAD)
			continue;
		offset = binary_number(p + 8, 8);
		at = binary_number(p + 16, 8);
		len = binary_number(p + 32, 8);
		if (address >= at && address - at < len &&
		    offset <= UINT64_MAX - (address - at))
			return offset + (address - at);
	}
	return UINT64_MAX;
}

static char *
elf_file_string(const struct binary *b, uint64_t strings, uint64_t at,
    struct err *e)
{
	char *text = NULL;

	if (at <= UINT64_MAX - strings)
		text = binary_text(b, strings + at, ELF_FILE_PATH_MAX);
	if (text == NULL)
		err_set(e, "a damaged ELF file: the name of a library is "
		    "outside of it");
	return text;
}

/* Entry i of the dynamic section; false behind its last. */
static bool
elf_file_tag(const struct binary *b, uint64_t at, uint64_t len, uint64_t i,
    uint64_t *tag, uint64_t *value)
{
	unsigned char d[ELF_FILE_DYNAMIC];

	if (i >= ELF_FILE_DYNAMIC_MAX || (i + 1) * sizeof(d) > len ||
	    at > UINT64_MAX - i * sizeof(d) ||
	    !binary_read(b, at + i * sizeof(d), d, sizeof(d)))
		return false;
	*tag = binary_number(d, 8);
	*value = binary_number(d + 8, 8);
	return *tag != 0;
}

static int
elf_file_dynamic(struct elf_file *f, const struct binary *b,
    const struct elf_file_header *h, uint64_t at, uint64_t len, struct err *e)
{
	uint64_t strings = 0, tag, value, i;
	char *text;

	for (i = 0; elf_file_tag(b, at, len, i, &tag, &value); i++)
		if (tag == ELF_FILE_STRTAB)
			strings = value;
	strings = elf_file_offset(b, h, strings);
	for (i = 0; elf_file_tag(b, at, len, i, &tag, &value); i++) {
		if (tag != ELF_FILE_NEEDED && tag != ELF_FILE_RPATH &&
		    tag != ELF_FILE_RUNPATH)
			continue;
		text = elf_file_string(b, strings, value, e);
		if (text == NULL)
			return -1;
		if (tag == ELF_FILE_NEEDED) {
			f->needed = mem_grow(f->needed, f->nneeded,
			    &f->capneeded, sizeof(*f->needed));
			f->needed[f->nneeded++] = text;
		} else if (tag == ELF_FILE_RUNPATH || f->runpath == NULL) {
			/* Of both, RPATH is not looked at. */
			free(f->runpath);
			f->runpath = text;
		} else {
			free(text);
		}
	}
	return 0;
}

static int
elf_file_interpreter(struct elf_file *f, const struct binary *b,
    const unsigned char *p, struct err *e)
{
	uint64_t len = binary_number(p + 32, 8);

	free(f->interpreter);
	f->interpreter = binary_text(b, binary_number(p + 8, 8),
	    len < ELF_FILE_PATH_MAX ? (size_t)len : ELF_FILE_PATH_MAX);
	if (f->interpreter == NULL || f->interpreter[0] != '/')
		return err_set(e, "a damaged ELF file: the name of its loader "
		    "is no path");
	return 0;
}

int
elf_file_read(struct elf_file *f, const struct binary *b, struct err *e)
{
	unsigned char p[ELF_FILE_PROGRAM];
	uint64_t dynamic = 0, len = 0, type, address;
	struct elf_file_header h;
	unsigned i;
	int rc;

	*f = (struct elf_file){ 0 };
	rc = elf_file_header(&h, f, b, e);
	for (i = 0; rc == 0 && i < h.nprograms; i++) {
		if (!elf_file_row(b, h.programs, h.program_size, i, p,
		    sizeof(p))) {
			rc = err_set(e, "a damaged ELF file: it ends in its "
			    "program headers");
			break;
		}
		type = binary_number(p, 4);
		address = binary_number(p + 16, 8);
		if (type == ELF_FILE_INTERP) {
			rc = elf_file_interpreter(f, b, p, e);
		} else if (type == ELF_FILE_LOAD && address > f->highest) {
			f->highest = address;
		} else if (type == ELF_FILE_DYNAMICS) {
			dynamic = binary_number(p + 8, 8);
			len = binary_number(p + 32, 8);
		}
	}
	if (rc == 0)
		rc = elf_file_dynamic(f, b, &h, dynamic, len, e);
	if (rc != 0)
		elf_file_free(f);
	return rc;
}

int
elf_file_open(struct elf_file *f, const char *path, struct err *e)
{
	struct binary b;
	int rc;

	if (binary_open(&b, path, e) != 0)
		return -1;
	rc = elf_file_read(f, &b, e);
	if (rc != 0)
		err_prefix(e, "%s", path);
	binary_close(&b);
	return rc;
}

void
elf_file_free(struct elf_file *f)
{
	size_t i;

	for (i = 0; i < f->nneeded; i++)
		free(f->needed[i]);
	free(f->needed);
	free(f->interpreter);
	free(f->runpath);
	*f = (struct elf_file){ 0 };
}

bool
elf_file_section(const struct binary *b, const char *name)
{
	unsigned char s[ELF_FILE_SECTION];
	struct elf_file_header h;
	struct elf_file f = { 0 };
	struct err ignored = { 0 };
	uint64_t names, at;
	unsigned i;

	if (elf_file_header(&h, &f, b, &ignored) != 0 ||
	    h.section_size < ELF_FILE_SECTION ||
	    !elf_file_row(b, h.sections, h.section_size, h.names, s, sizeof(s)))
		return false;
	names = binary_number(s + 24, 8);
	for (i = 0; i < h.nsections; i++) {
		if (!elf_file_row(b, h.sections, h.section_size, i, s,
		    sizeof(s)))
			return false;
		at = binary_number(s, 4);
		if (at <= UINT64_MAX - names &&
		    binary_has(b, names + at, name, strlen(name) + 1))
			return true;
	}
	return false;
}

const char *
elf_file_arch(const struct elf_file *f)
{
	size_t i;

	for (i = 0; i < ELF_FILE_ARCHS; i++)
		if (elf_file_archs[i].machine == f->machine)
			return elf_file_archs[i].name;
	return NULL;
}
