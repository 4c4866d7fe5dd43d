/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of comma-separated values. */
#ifndef VMSTRESS_CSV_H
#define VMSTRESS_CSV_H

#include <stdio.h>

/*
 * Quoted as in RFC 4180 where needed; nothing for NULL.  Control characters
 * are written as \xNN, so that a row is always one line and cannot drive a
 * terminal.
 */
void csv_text(const char *text, FILE *out);

/*
 * The fewest digits that are read back as the same number; nothing for one
 * that is not finite.
 */
void csv_real(double value, FILE *out);

#endif
