/* SPDX-License-Identifier: BSD-2-Clause */
/* How the hypervisor calls itself.  Only for the system layers. */
#ifndef VMSTRESS_HYPERVISOR_H
#define VMSTRESS_HYPERVISOR_H

/* "KVMKVMKVM", "TCGTCGTCGTCG", "bhyve bhyve ", "Microsoft Hv", ... */
#define HYPERVISOR_NAME_MAX 13

/*
 * What leaf 0x40000000 of CPUID says (Intel and AMD keep it for hypervisors).
 * -1 where there is no such instruction, no hypervisor or no name.
 */
int hypervisor_name(char name[HYPERVISOR_NAME_MAX]);

#endif
