/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ^C and its relatives.  The count of SIGINT, SIGTERM and SIGHUP so far is the
 * one stop flag of the program: 1 asks to finish, 2 to stop now.
 */
#ifndef VMSTRESS_INTERRUPT_H
#define VMSTRESS_INTERRUPT_H

/* Catch the signals from now on. */
void interrupt_catch(void);

int interrupt_count(void);

/* Readable when a signal has come since interrupt_drain(). */
int interrupt_fd(void);
void interrupt_drain(void);

#endif
