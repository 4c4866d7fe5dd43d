/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences in lines that fit a mail. */
#ifndef VMSTRESS_WRAP_H
#define VMSTRESS_WRAP_H

#include <stdio.h>

#define WRAP_WIDTH 72

/*
 * The text after `first`, broken at blanks; further lines begin with as many
 * blanks as `first` has bytes.  A longer word stays in one piece.
 */
void wrap_print(const char *first, const char *text, FILE *out);

#endif
