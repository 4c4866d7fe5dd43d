/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels that do one thing: a bzImage of a kilobyte, whose setup code never
 * leaves real mode.  For tests of how boots end, with a real QEMU and without a
 * real kernel:
 *
 *	tiny KIND FILE
 *
 *	hang	print nothing, and stop with interrupts off
 *	panic	print what a kernel prints that panics, and stop so
 *	flood	print the same line without end
 *	reset	fault three times, which resets the machine
 *	off	print a line, and turn the power off
 *
 * Source: "The Linux/x86 Boot Protocol" (Documentation/arch/x86/boot.rst); Intel
 * Software Developer's Manual, volume 2, for the codes.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/*
 * The setup is the boot sector and one more, at whose beginning it is entered;
 * the kernel behind them is never run.  The loader makes the data segment the
 * address of the file's first byte, so offsets in the file are addresses.
 */
enum {
	TINY_SECTORS = 0x1f1,	/* of the setup, without the boot sector */
	TINY_SYSSIZE = 0x1f4,	/* of the kernel, in 16 bytes */
	TINY_FLAG = 0x1fe,
	TINY_ENTRY = 0x200,
	TINY_MAGIC = 0x202,
	TINY_PROTOCOL = 0x206,
	TINY_VERSION = 0x20e,	/* where it is, less 0x200 */
	TINY_LOADER = 0x210,	/* and load flags: bit 0 is "loaded high" */
	TINY_INITRD_MAX = 0x22c,
	TINY_XLOADFLAGS = 0x236,	/* bit 0: 64 bits */
	TINY_CMDLINE = 0x238,
	TINY_CODE = 0x268,	/* behind the header */
	TINY_TEXT = 0x340,	/* what is printed */
	TINY_NAME = 0x380,	/* the version */
	TINY_ZEROS = 0x3f0,
	TINY_SIZE = 0x410
};

/* Print the text at TINY_TEXT on the first serial port. */
static const unsigned char tiny_print[] = {
	0xfa,				/*	cli */
	0xfc,				/*	cld */
	0xbe, TINY_TEXT & 0xff, TINY_TEXT >> 8,	/* 2: mov si, TINY_TEXT */
	0xac,				/* 5:	lodsb */
	0x84, 0xc0,			/*	test al, al */
	0x74, 0x12,			/*	jz 28 */
	0x88, 0xc4,			/*	mov ah, al */
	0xba, 0xfd, 0x03,		/*	mov dx, 0x3fd */
	0xec,				/* 15:	in al, dx */
	0xa8, 0x20,			/*	test al, 0x20 */
	0x74, 0xfb,			/*	jz 15 */
	0xba, 0xf8, 0x03,		/*	mov dx, 0x3f8 */
	0x88, 0xe0,			/*	mov al, ah */
	0xee,				/*	out dx, al */
	0xeb, 0xe9			/*	jmp 5 */
};					/* 28: */

/* Print it again; right behind tiny_print. */
static const unsigned char tiny_again[] = {
	0xeb, 0xe4			/* 28:	jmp 2 */
};

static const unsigned char tiny_stop[] = {
	0xfa,				/*	cli */
	0xf4,				/* 1:	hlt */
	0xeb, 0xfd			/*	jmp 1 */
};

/*
 * A breakpoint without a table of interrupts, nor one for the fault that this
 * is, nor one for the second.
 */
static const unsigned char tiny_fault[] = {
	0x0f, 0x01, 0x1e, TINY_ZEROS & 0xff, TINY_ZEROS >> 8,
					/*	lidt [TINY_ZEROS] */
	0xcc				/*	int3 */
};

/*
 * Sleep state 5 in the register that QEMU's firmware puts at 0x604; where there
 * is none, the keyboard controller pulls the reset line.
 */
static const unsigned char tiny_off[] = {
	0xba, 0x04, 0x06,		/*	mov dx, 0x604 */
	0xb8, 0x00, 0x20,		/*	mov ax, 0x2000 */
	0xef,				/*	out dx, ax */
	0xb0, 0xfe,			/*	mov al, 0xfe */
	0xe6, 0x64			/*	out 0x64, al */
};

#define TINY_PART(bytes) { bytes, sizeof(bytes) }

/* At most two parts, and then it stops. */
static const struct tiny_kind {
	const char *name;
	const char *text;
	struct {
		const unsigned char *bytes;
		size_t len;
	} parts[2];
} tiny_kinds[] = {
	{ "hang", "", { { NULL, 0 } } },
	{ "panic", "Kernel panic - not syncing: tiny\r\n",
	    { TINY_PART(tiny_print) } },
	{ "flood", "tiny: one line of very many\r\n",
	    { TINY_PART(tiny_print), TINY_PART(tiny_again) } },
	{ "reset", "", { TINY_PART(tiny_fault) } },
	{ "off", "tiny: power off\r\n",
	    { TINY_PART(tiny_print), TINY_PART(tiny_off) } },
};
#define TINY_KINDS (sizeof(tiny_kinds) / sizeof(tiny_kinds[0]))

static void
tiny_number(unsigned char *at, int len, uint32_t value)
{
	for (; len > 0; len--, value >>= 8)
		*at++ = (unsigned char)value;
}

static void
tiny_header(unsigned char *k, const char *name)
{
	k[TINY_SECTORS] = 1;
	k[TINY_SYSSIZE] = 1;
	tiny_number(k + TINY_FLAG, 2, 0xaa55);
	k[TINY_ENTRY] = 0xeb;	/* jmp TINY_CODE */
	k[TINY_ENTRY + 1] = TINY_CODE - TINY_ENTRY - 2;
	memcpy(k + TINY_MAGIC, "HdrS", 4);
	tiny_number(k + TINY_PROTOCOL, 2, 0x20c);
	tiny_number(k + TINY_VERSION, 2, TINY_NAME - 0x200);
	k[TINY_LOADER + 1] = 1;
	tiny_number(k + TINY_INITRD_MAX, 4, 0x7fffffff);
	k[TINY_XLOADFLAGS] = 1;
	tiny_number(k + TINY_CMDLINE, 4, 2047);
	snprintf((char *)k + TINY_NAME, 64, "0.1.0-%s (tiny) #1", name);
}

static void
tiny_make(unsigned char *k, const struct tiny_kind *kind)
{
	unsigned char *code = k + TINY_CODE;
	size_t i;

	tiny_header(k, kind->name);
	strcpy((char *)k + TINY_TEXT, kind->text);
	for (i = 0; i < 2; i++) {
		if (kind->parts[i].len == 0)
			continue;
		memcpy(code, kind->parts[i].bytes, kind->parts[i].len);
		code += kind->parts[i].len;
	}
	memcpy(code, tiny_stop, sizeof(tiny_stop));
}

static int
tiny_write(const char *path, const unsigned char *k)
{
	FILE *f = fopen(path, "w");
	int rc = 0;

	if (f == NULL || fwrite(k, 1, TINY_SIZE, f) != TINY_SIZE)
		rc = 1;
	if (f != NULL && fclose(f) != 0)
		rc = 1;
	if (rc != 0)
		perror(path);
	return rc;
}

int
main(int argc, char **argv)
{
	unsigned char k[TINY_SIZE] = { 0 };
	size_t i;

	for (i = 0; argc == 3 && i < TINY_KINDS; i++) {
		if (strcmp(argv[1], tiny_kinds[i].name) != 0)
			continue;
		tiny_make(k, &tiny_kinds[i]);
		return tiny_write(argv[2], k);
	}
	fprintf(stderr, "usage: tiny hang|panic|flood|reset|off FILE\n");
	return 2;
}
