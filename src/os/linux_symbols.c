/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: the names of functions.  The kernel's come from /proc/kallsyms, the
 * program's from its own ELF symbol table, which is not loaded and is read from
 * the file.
 */
#include "config.h"

#include "os/sampler.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/os_internal.h"

/* ---- the kernel --------------------------------------------------------- */

/* "ffffffff81000000 T name\t[module]"; false: no function. */
static bool
symbols_kernel_line(char *line, uint64_t *address, char **name, char **module)
{
	char *end;

	*address = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || end[1] == '\0' || end[2] != ' ' ||
	    strchr("tTwW", end[1]) == NULL)
		return false;
	*name = end + 3;
	end = *name + strcspn(*name, "\t\n ");
	*module = strchr(end, '[');
	*end = '\0';
	if (*module != NULL) {
		++*module;
		(*module)[strcspn(*module, "]\n")] = '\0';
	}
	return true;
}

int
os_kernel_symbols(os_symbol_fn *fn, void *arg)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[1024], *name, *module;
	uint64_t address, any = 0;

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (!symbols_kernel_line(line, &address, &name, &module) ||
		    address == 0)
			continue;
		any = 1;
		fn(arg, address, 0, name, module);
	}
	fclose(f);
	errno = EACCES;	/* whom it does not trust it shows zeros */
	return any ? 0 : -1;
}

/* ---- the program -------------------------------------------------------- */

/* A file of `size` bytes, mapped; nothing in it is trusted. */
struct symbols_file {
	const char *base;
	size_t size;
};

/* `count` things of `each` bytes at an offset; NULL when they are not there. */
static const void *
symbols_at(const struct symbols_file *f, uint64_t offset, uint64_t count,
    uint64_t each)
{
	if (offset > f->size || offset % 4 != 0 ||
	    (each != 0 && count > (f->size - offset) / each))
		return NULL;
	return f->base + offset;
}

/*
 * How far from where it was linked to is the program?  The kernel tells where
 * it begins to run, which the file says too.
 */
static uint64_t
symbols_bias(const ElfW(Ehdr) *eh)
{
	return (uint64_t)getauxval(AT_ENTRY) - (uint64_t)eh->e_entry;
}

static void
symbols_table(const struct symbols_file *f, const ElfW(Shdr) *table,
    const ElfW(Shdr) *strings, uint64_t bias, os_symbol_fn *fn, void *arg)
{
	uint64_t i, n = table->sh_size / sizeof(ElfW(Sym));
	const ElfW(Sym) *sym = symbols_at(f, table->sh_offset, n,
	    sizeof(*sym));
	const char *text = strings->sh_offset <= f->size &&
	    strings->sh_size <= f->size - strings->sh_offset ?
	    f->base + strings->sh_offset : NULL;

	if (sym == NULL || text == NULL || strings->sh_size == 0 ||
	    text[strings->sh_size - 1] != '\0')
		return;
	for (i = 0; i < n; i++) {
		/* The same bits in both classes. */
		unsigned type = ELF64_ST_TYPE(sym[i].st_info);

		if ((type == STT_FUNC || type == STT_GNU_IFUNC) &&
		    sym[i].st_shndx != SHN_UNDEF &&
		    sym[i].st_name < strings->sh_size)
			fn(arg, sym[i].st_value + bias, sym[i].st_size,
			    text + sym[i].st_name, NULL);
	}
}

static int
symbols_elf(const struct symbols_file *f, os_symbol_fn *fn, void *arg)
{
	const ElfW(Ehdr) *eh = symbols_at(f, 0, 1, sizeof(*eh));
	const ElfW(Shdr) *sh;
	int i, found = 0;

	if (eh == NULL || memcmp(eh->e_ident, ELFMAG, SELFMAG) != 0 ||
	    eh->e_shentsize != sizeof(*sh))
		return -1;
	sh = symbols_at(f, eh->e_shoff, eh->e_shnum, sizeof(*sh));
	for (i = 0; sh != NULL && i < eh->e_shnum; i++) {
		if (sh[i].sh_type != SHT_SYMTAB || sh[i].sh_link >= eh->e_shnum)
			continue;
		symbols_table(f, &sh[i], &sh[sh[i].sh_link], symbols_bias(eh),
		    fn, arg);
		found = 1;
	}
	return found ? 0 : -1;
}

/* The part of the kernel that runs in programs, as one function. */
static void
symbols_vdso(os_symbol_fn *fn, void *arg)
{
	const ElfW(Ehdr) *eh = (const void *)getauxval(AT_SYSINFO_EHDR);
	const ElfW(Phdr) *ph;
	int i;

	if (eh == NULL)
		return;
	ph = (const void *)((const char *)eh + eh->e_phoff);
	for (i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_LOAD)
			fn(arg, (uint64_t)(uintptr_t)eh + ph[i].p_offset,
			    ph[i].p_memsz, "[vdso]", NULL);
}

int
os_program_symbols(os_symbol_fn *fn, void *arg)
{
	int rc = -1, fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct symbols_file f = { 0 };
	struct stat st;
	void *p;

	symbols_vdso(fn, arg);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		f.size = (size_t)st.st_size;
		p = mmap(NULL, f.size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (p != MAP_FAILED) {
			f.base = p;
			errno = ENOEXEC;
			rc = symbols_elf(&f, fn, arg);
			munmap(p, f.size);
		}
	}
	close(fd);
	return rc;
}

/* ---- whose program ------------------------------------------------------ */

int
os_same_program(pid_t pid, char *name, size_t len)
{
	struct stat own, other;
	char path[64];

	if (pid <= 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%ld/exe", (long)pid);
	if (stat("/proc/self/exe", &own) == 0 && stat(path, &other) == 0 &&
	    own.st_dev == other.st_dev && own.st_ino == other.st_ino)
		return 1;
	snprintf(path, sizeof(path), "/proc/%ld/comm", (long)pid);
	if (posix_read(path, name, len) <= 0)
		return -1;
	name[strcspn(name, "\n")] = '\0';
	return 0;
}
