/* SPDX-License-Identifier: BSD-2-Clause */
/* How the hypervisor calls itself; see hypervisor.h. */
#include "config.h"

#include "os/hypervisor.h"

#include <string.h>

#if defined(__x86_64__) || defined(__i386__)

#include <cpuid.h>

#define HYPERVISOR_LEAF 0x40000000u
#define HYPERVISOR_FLAG (1u << 31)	/* of leaf 1, ecx: there is one */

int
hypervisor_name(char name[HYPERVISOR_NAME_MAX])
{
	unsigned a, b, c, d, i;

	if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & HYPERVISOR_FLAG) == 0)
		return -1;
	__cpuid(HYPERVISOR_LEAF, a, b, c, d);
	memcpy(name, &b, sizeof(b));
	memcpy(name + 4, &c, sizeof(c));
	memcpy(name + 8, &d, sizeof(d));
	name[HYPERVISOR_NAME_MAX - 1] = '\0';
	for (i = 0; name[i] != '\0'; i++)
		if (name[i] < ' ' || name[i] > '~')
			return -1;
	return i > 0 ? 0 : -1;
}

#else

int
hypervisor_name(char name[HYPERVISOR_NAME_MAX])
{
	name[0] = '\0';
	return -1;
}

#endif
