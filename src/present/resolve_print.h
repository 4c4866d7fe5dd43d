/* SPDX-License-Identifier: BSD-2-Clause */
/* What resolve.h found, for people and for programs. */
#ifndef VMSTRESS_RESOLVE_PRINT_H
#define VMSTRESS_RESOLVE_PRINT_H

#include <stdio.h>

#include "present/resolve.h"

/* 72 columns of ASCII. */
void resolve_print_text(const struct resolve *r, FILE *out);

/* A row for each point and metric. */
void resolve_print_csv(const struct resolve *r, FILE *out);

/* One object. */
void resolve_print_json(const struct resolve *r, FILE *out);

#endif
