/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an ELF file says of itself (64 bits, little endian): what it runs on and
 * what it needs to be loaded.  The file may be hostile.
 *
 * Source: System V ABI, "Object Files" and "Program Loading and Dynamic
 * Linking".
 */
#ifndef VMSTRESS_ELF_FILE_H
#define VMSTRESS_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "boot/binary.h"

enum elf_file_type {
	ELF_FILE_OBJECT = 1, ELF_FILE_FIXED = 2, ELF_FILE_SHARED = 3,
	ELF_FILE_CORE = 4
};

struct elf_file {
	int type;		/* enum elf_file_type, or anything */
	int machine;
	uint64_t highest;	/* address where a part of it is loaded */
	char *interpreter;	/* the loader; NULL: it needs none */
	char **needed;		/* names of shared objects, in order */
	size_t nneeded, capneeded;
	char *runpath;		/* folders to look in, or NULL */
};

/* Does it begin as an ELF file of any kind does? */
bool elf_file_is(const struct binary *b);

/* Fill *f; elf_file_free() it when this was 0. */
int elf_file_read(struct elf_file *f, const struct binary *b, struct err *e);
int elf_file_open(struct elf_file *f, const char *path, struct err *e);
void elf_file_free(struct elf_file *f);

/* Has it a section of that name? */
bool elf_file_section(const struct binary *b, const char *name);

/* As uname -m has it, "x86_64"; NULL for one that no guest of ours can be. */
const char *elf_file_arch(const struct elf_file *f);

#endif
