/* SPDX-License-Identifier: BSD-2-Clause */
/* The services behind workload_relays.h. */
#ifndef VMSTRESS_RELAYS_H
#define VMSTRESS_RELAYS_H

#include "workload_relays.h"

int relays_probe(struct vms_cell *c, int member);
int relays_prepare(struct vms_worker *w, struct vms_relays *r);
int relays_build(struct vms_worker *w, struct vms_relays *r, int in, int out,
    int stamps);
void relays_kill(struct vms_relays *r, int signo, bool leaders);
void relays_await_end(struct vms_relays *r);
int relays_verify(struct vms_worker *w, const struct vms_relays *r);
void relays_free(struct vms_worker *w, struct vms_relays *r);

#endif
