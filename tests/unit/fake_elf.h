/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF files made up by a test: headers, names and nothing behind them. */
#ifndef VMSTRESS_FAKE_ELF_H
#define VMSTRESS_FAKE_ELF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FAKE_ELF_MAX 4096

/* Bytes of a file at its offsets; `size` is where the next text goes. */
struct fake_elf {
	unsigned char bytes[FAKE_ELF_MAX];
	size_t size;
};

/* Offsets in it: 4 program headers, the dynamic section, 3 section headers. */
enum {
	FAKE_ELF_PROGRAMS = 64,
	FAKE_ELF_DYNAMIC = FAKE_ELF_PROGRAMS + 4 * 56,
	FAKE_ELF_SECTIONS = FAKE_ELF_DYNAMIC + 16 * 16,
	FAKE_ELF_STRINGS = FAKE_ELF_SECTIONS + 3 * 64
};

static inline void
fake_elf_number(struct fake_elf *f, size_t at, size_t len, uint64_t value)
{
	for (; len > 0; len--, value >>= 8)
		f->bytes[at++] = (unsigned char)value;
}

/* Append a text; returns where in the table of strings it is. */
static inline uint64_t
fake_elf_text(struct fake_elf *f, const char *text)
{
	size_t at = f->size;

	memcpy(f->bytes + at, text, strlen(text) + 1);
	f->size += strlen(text) + 1;
	return at - FAKE_ELF_STRINGS;
}

static inline void
fake_elf_program(struct fake_elf *f, int i, int type, uint64_t offset,
    uint64_t address, uint64_t len)
{
	size_t at = FAKE_ELF_PROGRAMS + (size_t)i * 56;

	fake_elf_number(f, at, 4, (uint64_t)type);
	fake_elf_number(f, at + 8, 8, offset);
	fake_elf_number(f, at + 16, 8, address);
	fake_elf_number(f, at + 32, 8, len);
	fake_elf_number(f, at + 40, 8, len);
}

/* Entry i of the dynamic section. */
static inline void
fake_elf_dynamic(struct fake_elf *f, int i, uint64_t tag, uint64_t value)
{
	fake_elf_number(f, FAKE_ELF_DYNAMIC + (size_t)i * 16, 8, tag);
	fake_elf_number(f, FAKE_ELF_DYNAMIC + (size_t)i * 16 + 8, 8, value);
}

/* One that is loaded at `address` as a whole and needs nothing. */
static inline void
fake_elf_begin(struct fake_elf *f, int type, int machine, uint64_t address)
{
	static const unsigned char ident[] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };

	memset(f, 0, sizeof(*f));
	memcpy(f->bytes, ident, sizeof(ident));
	f->size = FAKE_ELF_STRINGS;
	fake_elf_text(f, "");
	fake_elf_number(f, 16, 2, (uint64_t)type);
	fake_elf_number(f, 18, 2, (uint64_t)machine);
	fake_elf_number(f, 32, 8, FAKE_ELF_PROGRAMS);
	fake_elf_number(f, 54, 2, 56);
	fake_elf_number(f, 56, 2, 4);
	fake_elf_program(f, 0, 1, 0, address, FAKE_ELF_MAX);
}

/* Give it a dynamic section, whose first entry is that of the strings. */
static inline void
fake_elf_libraries(struct fake_elf *f, uint64_t address, const char *loader,
    const char *const *names)
{
	int i;

	fake_elf_program(f, 1, 2, FAKE_ELF_DYNAMIC, 0, 16 * 16);
	fake_elf_dynamic(f, 0, 5, address + FAKE_ELF_STRINGS);
	for (i = 0; names[i] != NULL; i++)
		fake_elf_dynamic(f, i + 1, 1, fake_elf_text(f, names[i]));
	if (loader != NULL)
		fake_elf_program(f, 2, 3, FAKE_ELF_STRINGS +
		    fake_elf_text(f, loader), 0, strlen(loader) + 1);
}

/* Give it one section of that name. */
static inline void
fake_elf_section(struct fake_elf *f, const char *name)
{
	fake_elf_number(f, 40, 8, FAKE_ELF_SECTIONS);
	fake_elf_number(f, 58, 2, 64);
	fake_elf_number(f, 60, 2, 3);
	fake_elf_number(f, 62, 2, 2);
	fake_elf_number(f, FAKE_ELF_SECTIONS + 64, 4, fake_elf_text(f, name));
	fake_elf_number(f, FAKE_ELF_SECTIONS + 2 * 64 + 24, 8,
	    FAKE_ELF_STRINGS);
}

#endif
