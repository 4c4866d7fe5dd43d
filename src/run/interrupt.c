/* SPDX-License-Identifier: BSD-2-Clause */
/* ^C and its relatives; see interrupt.h. */
#include "config.h"

#include "run/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"

static volatile sig_atomic_t interrupts;
static int interrupt_pipe[2] = { -1, -1 };

static void
interrupt_on_signal(int signo)
{
	int saved = errno;

	(void)signo;
	interrupts++;
	if (write(interrupt_pipe[1], "i", 1) < 0)
		errno = saved;	/* full: a wake-up is under way already */
	errno = saved;
}

/* What is ignored stays ignored: nohup(1) means it. */
static void
interrupt_catch_one(int signo)
{
	struct sigaction sa;

	if (sigaction(signo, NULL, &sa) != 0 || sa.sa_handler == SIG_IGN)
		return;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = interrupt_on_signal;
	sa.sa_flags = SA_RESTART;
	sigaction(signo, &sa, NULL);
}

void
interrupt_catch(void)
{
	if (interrupt_pipe[0] < 0 && os_pipe(interrupt_pipe) == 0) {
		fcntl(interrupt_pipe[0], F_SETFL, O_NONBLOCK);
		fcntl(interrupt_pipe[1], F_SETFL, O_NONBLOCK);
	}
	interrupt_catch_one(SIGINT);
	interrupt_catch_one(SIGTERM);
	interrupt_catch_one(SIGHUP);
}

int
interrupt_count(void)
{
	return interrupts;
}

int
interrupt_fd(void)
{
	return interrupt_pipe[0];
}

void
interrupt_drain(void)
{
	char buf[64];

	while (read(interrupt_pipe[0], buf, sizeof(buf)) > 0)
		continue;
}
