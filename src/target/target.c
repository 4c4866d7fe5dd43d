/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trivial program that workloads execute: what it costs is what the system
 * does.  It is built static and dynamic, and with more shared objects that the
 * loader has to bring in.
 *
 * Without arguments it exits with 0.  With LEFT and DONE it executes itself
 * LEFT times more.  DONE, two digits, is how many executions there have been,
 * modulo 100; in the end the exit status is 10 plus that, or 128 plus errno
 * when an execution failed.  Both numbers are counted in place, as decimal
 * digits, so that nothing of a C library runs between two executions.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define TARGET_COMPLETE 10
#define TARGET_FAILED 128

/* One less, keeping the width; false when it was zero. */
static bool
target_count_down(char *digits)
{
	size_t at = strlen(digits);

	while (at > 0 && digits[at - 1] == '0')
		digits[--at] = '9';
	if (at == 0)
		return false;
	digits[at - 1]--;
	return true;
}

static void
target_count_up(char *digits)
{
	size_t at = strlen(digits);

	while (at > 0 && digits[at - 1] == '9')
		digits[--at] = '0';
	if (at > 0)
		digits[at - 1]++;
}

int
main(int argc, char *argv[])
{
	char *envp[] = { NULL };

	if (argc == 1)
		return 0;
	if (argc != 3 || strlen(argv[2]) != 2)
		return TARGET_FAILED + EINVAL;
	target_count_up(argv[2]);
	if (!target_count_down(argv[1]))
		return TARGET_COMPLETE + 10 * (argv[2][0] - '0') +
		    (argv[2][1] - '0');
	execve(argv[0], argv, envp);
	return TARGET_FAILED + errno;
}
