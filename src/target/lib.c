/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A shared object that is nothing but work for the loader: it is found, mapped
 * and, because a pointer in it must be relocated, written to once.  Built
 * several times under different names; nobody calls into it.
 */

static int lib_value;

__attribute__((used)) static int *lib_relocated = &lib_value;
