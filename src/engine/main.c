/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmstress-cell: the program that is measured.  People do not call it, except
 * on a machine that cannot run the supervisor: `vmstress-cell <plan >out`.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/engine.h"
#include "os/os.h"

static const char main_usage[] =
    "usage: vmstress-cell <plan >out    run a plan of `vmstress check --plan`\n"
    "       vmstress-cell --launch      one block, attended by vmstress\n"
    "       vmstress-cell --probe       only examine the block\n"
    "       vmstress-cell --version\n";

static int
main_complain(const struct err *e)
{
	fprintf(stderr, "vmstress-cell: %s\n", e->text);
	return 2;
}

/*
 * Keep the protocol's descriptors out of the way of workloads, which may print
 * or read by mistake: 0 and 1 become /dev/null.
 */
static int
main_set_aside(int fd, int flags)
{
	int kept = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	int null = open("/dev/null", flags);

	if (null >= 0 && null != fd) {
		dup2(null, fd);
		close(null);
	}
	return kept;
}

static int
main_read_block(struct engine *en, struct err *e)
{
	struct protocol_line line;
	char *text;
	int rc = 0;

	protocol_reader_init(&en->control, en->control_fd);
	while (rc == 0) {
		text = protocol_read_line(&en->control, e);
		if (text == NULL)
			return err_set(e, "the plan ends before `go`");
		if (protocol_parse(text, &line, e) != 0)
			return -1;
		rc = protocol_take_launch(&en->plan, &line, e);
	}
	return rc < 0 ? -1 : 0;
}

static int
main_attended(void (*what)(struct engine *))
{
	static struct engine en;	/* zeroed; reachable for leak checkers */
	struct err e = { 0 };

	en.control_fd = main_set_aside(STDIN_FILENO, O_RDONLY);
	en.out_fd = main_set_aside(STDOUT_FILENO, O_WRONLY);
	en.is_static = VMSTRESS_CELL_STATIC;
	os_oom_first();
	if (main_read_block(&en, &e) != 0)
		return main_complain(&e);
	what(&en);
	return 0;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };

	if (argc == 1) {
		if (isatty(STDIN_FILENO)) {
			fputs(main_usage, stderr);
			return 2;
		}
		return batch_run(STDIN_FILENO, STDOUT_FILENO, &e) == 0 ? 0 :
		    main_complain(&e);
	}
	if (argc == 2 && strcmp(argv[1], "--launch") == 0)
		return main_attended(launch_run);
	if (argc == 2 && strcmp(argv[1], "--probe") == 0)
		return main_attended(launch_probe);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("vmstress-cell %s\n", PACKAGE_VERSION);
		return 0;
	}
	fputs(main_usage, stderr);
	return 2;
}
