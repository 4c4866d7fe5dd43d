/* SPDX-License-Identifier: BSD-2-Clause */
/* Process 1 of a guest; see guest.h. */
#include "config.h"

#include "boot/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "boot/guest_config.h"
#include "boot/guest_link.h"
#include "boot/guest_run.h"
#include "boot/pack.h"
#include "os/guest.h"

/* ---- where are we? ---------------------------------------------------- */

int
guest_check(struct err *e)
{
	char target[sizeof(PACK_PROGRAM)];
	ssize_t n;

	if (getpid() != 1)
		return err_set(e, "guest: this is for process 1 of a kernel "
		    "that `vmstress matrix` boots, and for nobody else");
	n = readlink("/init", target, sizeof(target));
	if (n != sizeof(PACK_PROGRAM) - 1 ||
	    memcmp(target, PACK_PROGRAM, (size_t)n) != 0)
		return err_set(e, "guest: /init is not a link to " PACK_PROGRAM
		    ": `vmstress matrix` has not made this system");
	return 0;
}

int
guest_arguments(struct guest *g, char *const *args, int n, struct err *e)
{
	bool have_seed = false;
	int64_t seed;
	int i;

	*g = (struct guest){ .serial = GUEST_SERIAL };
	for (i = 0; i < n; i++) {
		if (strcmp(args[i], "config=1") == 0)
			g->config = true;
		if (strncmp(args[i], "port=/", 6) == 0)
			g->serial = args[i] + 5;
		if (strncmp(args[i], "seed=", 5) != 0)
			continue;
		if (units_int(args[i] + 5, &seed) != 0 || seed < 0)
			return err_set(e, "guest: %s: that is not a number",
			    args[i]);
		g->seed = (uint64_t)seed;
		have_seed = true;
	}
	return have_seed ? 0 : err_set(e, "guest: there is no seed=N on the "
	    "kernel's command line");
}

/* ---- the run in a child ----------------------------------------------- */

/* What is left of others ends here, too; how `pid` ended. */
static int
guest_wait(pid_t pid)
{
	pid_t ended;
	int status;

	do {
		ended = waitpid(-1, &status, 0);
	} while (ended != pid && (ended > 0 || errno == EINTR));
	return ended == pid ? status : 0;
}

/* When the child could not say so itself. */
static void
guest_account(struct guest_link *l, int status)
{
	char *reason = WIFSIGNALED(status) ?
	    mem_printf("the supervisor inside was killed by signal %d (%s)",
	    WTERMSIG(status), strsignal(WTERMSIG(status))) :
	    mem_printf("the supervisor inside ended with status %d",
	    WEXITSTATUS(status));

	guest_link_status(l, "failed", reason);
	free(reason);
}

static void
guest_supervise(struct guest_link *l, uint64_t seed)
{
	struct err e = { 0 };
	pid_t pid = fork();

	if (pid == 0) {
		guest_run(l, seed);
		_exit(0);
	}
	if (pid < 0) {
		err_errno(&e, "cannot fork");
		guest_link_status(l, "failed", e.text);
		return;
	}
	guest_account(l, guest_wait(pid));
}

/* ---- process 1 -------------------------------------------------------- */

/* The kernel gives no descriptors when it has no console. */
static void
guest_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* What programs expect, whatever the kernel's command line has left here. */
static void
guest_environment(void)
{
	clearenv();
	setenv("PATH", PACK_FOLDER, 1);
	setenv("HOME", "/", 1);
	setenv("TMPDIR", "/tmp", 1);
}

static void
guest_talk(struct guest_link *l, const struct guest *g)
{
	char *end;

	guest_link_say(l, WIRE_HELLO, WIRE_VERSION);
	/* Where this fails the console costs time, as it does everywhere. */
	os_guest_quiet();
	if (g->config)
		guest_config_send(l);
	guest_link_drain(l);
	guest_supervise(l, g->seed);
	/* A child that was killed may have left half a message. */
	(void)!write(l->fd, "\n", 1);
	guest_link_record(l);
	end = mem_printf("%s %s", l->said->status, l->said->reason);
	guest_link_say(l, WIRE_END, end);
	guest_link_drain(l);
	free(end);
}

int
guest_main(const struct guest *g, void (*say)(const char *text),
    struct err *e)
{
	struct guest_link l = { .fd = -1, .record = GUEST_RECORD };
	struct err no_port = { 0 };

	if (os_guest_mount(e) != 0)
		return err_prefix(e, "guest");
	guest_descriptors();
	guest_environment();
	if (guest_link_open(&l, g->serial, &no_port) == 0)
		guest_talk(&l, g);
	else
		say(no_port.text);
	os_guest_power_off();
	return err_errno(e, "guest: cannot turn the machine off");
}
