/* SPDX-License-Identifier: BSD-2-Clause */
/* The manual page vmstress-workloads(7), written from the tables. */
#ifndef VMSTRESS_LIST_MDOC_H
#define VMSTRESS_LIST_MDOC_H

/* Print it to stdout; hidden workloads are left out. */
void list_mdoc_print(void);

#endif
