/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole plans, when nobody attends: `vmstress-cell <plan >out` on a kernel
 * that cannot run the supervisor.  Every block runs in a fresh execution of
 * this program, which then does for it what the supervisor and the guardian
 * would: hold its control pipe, and leave no process behind.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/engine.h"
#include "os/os.h"

#define BATCH_KILL_NS 10000000000ull

static void
batch_fact(void *arg, const char *key, const char *value)
{
	struct engine *en = arg;
	struct str line = { 0 };

	protocol_begin(&line, "fact");
	protocol_text(&line, "key", key);
	protocol_text(&line, "value", value);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

static _Noreturn void
batch_exec(int plan_fd, int out_fd)
{
	char self[4096];

	if (dup2(plan_fd, STDIN_FILENO) < 0 || dup2(out_fd, STDOUT_FILENO) < 0 ||
	    os_self_path(self, sizeof(self)) != 0)
		_exit(127);
	execl(self, "vmstress-cell", "--launch", (char *)NULL);
	_exit(127);
}

/*
 * One block through a child; its lines go straight to our output.  1: the
 * block was malformed, -1: nothing more can be run.
 */
static int
batch_launch(struct engine *en, const struct str *block, struct err *e)
{
	struct engine feed = { .out_fd = -1 };
	int fds[2], status;
	pid_t pid;

	if (os_pipe(fds) != 0)
		return err_errno(e, "cannot make a pipe");
	pid = fork();
	if (pid == 0)
		batch_exec(fds[0], en->out_fd);
	close(fds[0]);
	if (pid < 0) {
		close(fds[1]);
		return err_errno(e, "cannot fork");
	}
	feed.out_fd = fds[1];
	emit_line(&feed, block);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	close(fds[1]);
	if (os_kill_descendants(BATCH_KILL_NS) < 0)
		return err_set(e, "processes of the last launch cannot be ended");
	/* It said why on standard error, if it could. */
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		emit_note(en, "the launch before this line ended with wait "
		    "status 0x%x", (unsigned)status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 2 ? 1 : 0;
}

int
batch_run(int in_fd, int out_fd, struct err *e)
{
	struct engine en = { .out_fd = out_fd, .control_fd = -1 };
	struct protocol_reader in;
	struct str block = { 0 };
	char *line;
	int rc = 0, malformed = 0;

	signal(SIGPIPE, SIG_IGN);
	os_adopt_orphans();
	os_oom_first();
	emit_hello(&en);
	os_facts(batch_fact, &en);
	os_facts_now(batch_fact, &en);
	protocol_reader_init(&in, in_fd);
	while (rc >= 0 && (line = protocol_read_line(&in, e)) != NULL) {
		str_addf(&block, "%s\n", line);
		if (strcmp(line, "go") != 0)
			continue;
		rc = batch_launch(&en, &block, e);
		malformed += rc > 0;
		str_reset(&block);
	}
	if (rc >= 0 && !e->set && block.len > 0)
		err_set(e, "the plan ends in the middle of a block (no `go`)");
	if (malformed > 0)
		err_set(e, "malformed blocks in the plan: %d", malformed);
	protocol_reader_free(&in);
	str_free(&block);
	return e->set ? -1 : 0;
}
