/* SPDX-License-Identifier: BSD-2-Clause */
/* A command line that grows, for a program that is to be started. */
#ifndef VMSTRESS_ARGUMENTS_H
#define VMSTRESS_ARGUMENTS_H

#include <stddef.h>

struct str;

/* Zero-initialize; `list` ends with NULL once there is something in it. */
struct arguments {
	char **list;
	size_t count, cap;
};

void arguments_add(struct arguments *a, const char *text);
void arguments_addf(struct arguments *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Every word of a text, which blanks part. */
void arguments_words(struct arguments *a, const char *text);

/* Append them as one would type them into a shell. */
void arguments_text(const struct arguments *a, struct str *out);

void arguments_free(struct arguments *a);

#endif
