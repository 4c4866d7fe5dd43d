/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is the creation of a child by `method`, the execution of a
 * program in it that does nothing, its exit(0) and the waitpid() that reaps
 * it; the status is checked.  A worker has one child at a time.  The program
 * is linked static or dynamic (`link`), a dynamic one needs `libs` shared
 * objects beside the C library, and all these files are copies made in `dir`:
 * one that all workers execute or, with `binary` independent, one for each.
 *
 * This is the start of a command: the path is walked, the old address space
 * goes, a new one is made from the file, and its pages are faulted in and
 * torn down again at once.  Workers with the same binary share its inode, its
 * memory object and the reverse mappings of its pages, with all their locks;
 * independent copies share none of it.  A dynamic program adds the loader,
 * which opens and maps every shared object and writes to the pages it
 * relocates.  With `method` fork the parent is copied first.
 *
 * The number lies when the binary is not what it seems.  All files are in the
 * page cache, of the file system that `dir` is on (a tmpfs needs no disk): this
 * is never the first start after a boot.  The loader and the C library of a
 * dynamic program are common to all workers even with independent copies, so
 * only static programs are independent of each other altogether.  With `libs`
 * the loader looks for the C library beside the program first.  A configuration
 * of the loader or a preloaded object makes dynamic programs dearer; a shell's
 * environment is not empty.  Security modules and audits work at every exec.
 */
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* A child's kernel memory and first pages, measured on Linux. */
#define EXEC_CHILD_BYTES (256 * 1024)
/* A copy in the page cache; a dynamic program is less. */
#define EXEC_COPY_BYTES (1024 * 1024)
/* The exit status of a complete chain: plus its length modulo 100. */
#define EXEC_COMPLETE 10
/* Plus errno: the exit status after an execve() that failed. */
#define EXEC_FAILED 128

/* Special arguments of exec_path(). */
#define EXEC_ORIGINAL (-1)
#define EXEC_FOLDER (-1)

struct exec_params {
	uint64_t length;	/* 0 in exec, which does not have it */
	int link;
	int binary;
	int method;
	int libs;
	const char *dir;
};

enum exec_link { EXEC_STATIC, EXEC_DYNAMIC };
enum exec_binary { EXEC_SHARED, EXEC_INDEPENDENT };
enum exec_method { EXEC_VFORK, EXEC_FORK, EXEC_SPAWN };

static const char *const exec_links[] = { "static", "dynamic", NULL };
static const char *const exec_binaries[] = { "shared", "independent", NULL };
static const char *const exec_methods[] = { "vfork", "fork", "posix-spawn", NULL };
static const char *const exec_libs[] = { "0", "4", "8", NULL };

/* exec has all of these but the first. */
static const struct vms_param exec_chain_rows[] = {
	{ "length", VMS_COUNT, offsetof(struct exec_params, length),
	    "32", "1", "10k", NULL, "executions of one child" },
	{ "link", VMS_CHOICE, offsetof(struct exec_params, link), "dynamic",
	    NULL, NULL, exec_links, "how the program is linked" },
	{ "binary", VMS_CHOICE, offsetof(struct exec_params, binary), "shared",
	    NULL, NULL, exec_binaries, "one for all workers, or a copy each" },
	{ "method", VMS_CHOICE, offsetof(struct exec_params, method), "vfork",
	    NULL, NULL, exec_methods, "how a child is created" },
	{ "libs", VMS_CHOICE, offsetof(struct exec_params, libs), "0", NULL,
	    NULL, exec_libs, "additional shared objects of a dynamic program" },
	{ "dir", VMS_STRING, offsetof(struct exec_params, dir), "", NULL, NULL,
	    NULL, "where the copies are made; empty: the temporary directory" },
	VMS_PARAMS_END
};

/* Every worker has one child at a time. */
static uint64_t
exec_tasks(const struct vms_cell *c)
{
	return (uint64_t)c->workers * 2;
}

static int
exec_copies(const struct vms_cell *c)
{
	const struct exec_params *p = c->params;

	return p->binary == EXEC_INDEPENDENT ? c->workers : 1;
}

static uint64_t
exec_memory(const struct vms_cell *c)
{
	return (uint64_t)exec_copies(c) * EXEC_COPY_BYTES +
	    (uint64_t)c->workers * EXEC_CHILD_BYTES;
}

/* ---- files ------------------------------------------------------------- */

/* The program and the shared objects beside it. */
static int
exec_files(const struct vms_cell *c)
{
	const struct exec_params *p = c->params;

	return 1 + atoi(exec_libs[p->libs]);
}

/*
 * The i-th of them, the program first, in the folder of a copy, or with copy
 * EXEC_ORIGINAL our own; with i EXEC_FOLDER the folder.
 */
static int
exec_path(const struct vms_cell *c, int copy, int i, char *path)
{
	const struct exec_params *p = c->params;
	char folder[32] = "", name[64] = "";
	int len;

	if (copy != EXEC_ORIGINAL)
		snprintf(folder, sizeof(folder), "/%d", copy);
	if (i > 0)
		snprintf(name, sizeof(name), "vmstress-lib%d.so", i - 1);
	else if (i == 0)
		snprintf(name, sizeof(name), "vmstress-target-%s%s",
		    exec_links[p->link], p->link == EXEC_STATIC ? "" :
		    exec_libs[p->libs]);
	len = snprintf(path, PATH_MAX, "%s%s/%s", copy == EXEC_ORIGINAL ?
	    c->targets : (const char *)c->state, folder, name);
	errno = ENAMETOOLONG;
	return len < PATH_MAX ? 0 : -1;
}

static const char *
exec_parent_dir(const struct vms_cell *c)
{
	const struct exec_params *p = c->params;

	return p->dir[0] != '\0' ? p->dir : c->tmpdir;
}

static int
exec_make_dir(const struct vms_cell *c)
{
	char *dir = c->state;

	errno = ENAMETOOLONG;
	if (snprintf(dir, PATH_MAX, "%s/vmstress-exec-XXXXXX",
	    exec_parent_dir(c)) < PATH_MAX && mkdtemp(dir) != NULL)
		return 0;
	dir[0] = '\0';
	return -1;
}

/* Written back, so that no disk works while programs run. */
static int
exec_copy_bytes(int from, int to)
{
	char block[16384];
	ssize_t n;

	while ((n = read(from, block, sizeof(block))) > 0) {
		errno = ENOSPC;		/* if it is less */
		if (write(to, block, (size_t)n) != n)
			return -1;
	}
	return n == 0 ? fsync(to) : -1;
}

/* Closed at once: what is open for writing cannot be executed. */
static int
exec_copy_file(const char *from, const char *to)
{
	int a = open(from, O_RDONLY | O_CLOEXEC);
	int b = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	int rc = a != -1 && b != -1 ? exec_copy_bytes(a, b) : -1;
	int why = errno;

	if (a != -1)
		close(a);
	if (b != -1)
		close(b);
	errno = why;
	return rc;
}

static int
exec_make_copy(const struct vms_cell *c, int copy)
{
	char from[PATH_MAX], to[PATH_MAX];
	int i;

	if (exec_path(c, copy, EXEC_FOLDER, to) != 0 || mkdir(to, 0700) != 0)
		return -1;
	for (i = 0; i < exec_files(c); i++)
		if (exec_path(c, EXEC_ORIGINAL, i, from) != 0 ||
		    exec_path(c, copy, i, to) != 0 ||
		    exec_copy_file(from, to) != 0)
			return -1;
	return 0;
}

/* Whatever there is of the copies goes. */
static int
exec_teardown(struct vms_cell *c)
{
	char path[PATH_MAX], *dir = c->state;
	int copy, i, copies = exec_copies(c);

	for (copy = 0; dir[0] != '\0' && copy < copies; copy++)
		for (i = exec_files(c) - 1; i >= EXEC_FOLDER; i--)
			if (exec_path(c, copy, i, path) == 0)
				remove(path);
	if (dir[0] != '\0' && rmdir(dir) != 0)
		return vms_cell_fail(c, "cannot remove %s", dir);
	dir[0] = '\0';
	return 0;
}

/* ---- one child --------------------------------------------------------- */

/* A vfork()ed child may do no more than this. */
static pid_t
exec_create(const struct vms_cell *c, char *const argv[])
{
	const struct exec_params *p = c->params;
	char *envp[] = { NULL };
	pid_t pid;

	if (p->method == EXEC_SPAWN) {
		errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, envp);
		return errno == 0 ? pid : -1;
	}
	pid = p->method == EXEC_FORK ? fork() : vfork();
	if (pid == 0) {
		execve(argv[0], argv, envp);
		_exit(EXEC_FAILED + errno);
	}
	return pid;
}

/*
 * The wait status of one child that executes the program `length` times, which
 * tells how often it did, or with 0 once and tells nothing; -1 with errno.  It
 * is awaited by its id: in thread mode the others' are not ours to reap.
 */
static int
exec_one(const struct vms_cell *c, const char *program, uint64_t length)
{
	char left[32], done[] = "00";
	char *argv[] = { (char *)(uintptr_t)program, NULL, done, NULL };
	int status;
	pid_t got, pid;

	if (length > 0) {
		snprintf(left, sizeof(left), "%llu",
		    (unsigned long long)length - 1);
		argv[1] = left;
	}
	pid = exec_create(c, argv);
	if (pid == -1)
		return -1;
	do {
		got = waitpid(pid, &status, 0);
	} while (got == -1 && errno == EINTR);
	return got == pid ? status : -1;
}

/* What the result of exec_one() says is wrong, or NULL. */
static const char *
exec_wrong(int status, uint64_t length, char *text, size_t size)
{
	int want = length > 0 ? EXEC_COMPLETE + (int)(length % 100) : 0;

	if (status == -1)
		snprintf(text, size, "cannot be started: %s", strerror(errno));
	else if (!WIFEXITED(status))
		snprintf(text, size, "was ended by signal %d",
		    WTERMSIG(status));
	else if (WEXITSTATUS(status) > EXEC_FAILED)
		snprintf(text, size, "cannot be executed: %s",
		    strerror(WEXITSTATUS(status) - EXEC_FAILED));
	else if (WEXITSTATUS(status) != want)
		snprintf(text, size, "ended with exit status %d",
		    WEXITSTATUS(status));
	else
		return NULL;
	return text;
}

static int
exec_do(struct vms_worker *w, uint64_t length)
{
	int status = exec_one(w->cell, w->state, length);
	char text[128];
	const char *wrong = exec_wrong(status, length, text, sizeof(text));

	errno = 0;
	return wrong == NULL ? 0 :
	    vms_fail(w, "%s %s", (const char *)w->state, wrong);
}

static int64_t
exec_run(struct vms_worker *w, int64_t n)
{
	const struct exec_params *p = w->cell->params;
	int64_t did, each = p->length > 0 ? (int64_t)p->length : 1;

	for (did = 0; did < n; did += each)
		if (exec_do(w, p->length) != 0)
			return -1;
	return did;
}

/* ---- hooks ------------------------------------------------------------- */

/* Our own files: what an installation or a build can lack. */
static int
exec_probe_files(struct vms_cell *c)
{
	const struct exec_params *p = c->params;
	char path[PATH_MAX];
	int i;

	if (p->link == EXEC_STATIC && p->libs != 0)
		return vms_skip(c, "libs=%s needs link=dynamic: a static "
		    "program has no shared objects", exec_libs[p->libs]);
	for (i = 0; i < exec_files(c); i++)
		if (exec_path(c, EXEC_ORIGINAL, i, path) != 0 ||
		    access(path, R_OK) != 0)
			return vms_skip(c, "cannot read %s: %s (%s)", path,
			    strerror(errno), p->link == EXEC_STATIC ?
			    "no static programs were built: use link=dynamic" :
			    "install vmstress with its small programs");
	return 0;
}

/* A directory may be mounted noexec, and a copied program lack its objects. */
static int
exec_probe(struct vms_cell *c)
{
	char path[PATH_MAX], text[128];
	const char *wrong;
	int rc = exec_probe_files(c);

	if (rc != 0)
		return rc;
	if (exec_make_dir(c) != 0 || exec_make_copy(c, 0) != 0 ||
	    exec_path(c, 0, 0, path) != 0) {
		rc = vms_skip(c, "cannot copy the program into %s: %s (set "
		    "dir)", exec_parent_dir(c), strerror(errno));
	} else {
		wrong = exec_wrong(exec_one(c, path, 2), 2, text, sizeof(text));
		if (wrong != NULL)
			rc = vms_skip(c, "%s %s (is it mounted noexec? set "
			    "dir)", path, wrong);
	}
	return exec_teardown(c) == 0 ? rc : -1;
}

static int
exec_setup(struct vms_cell *c)
{
	return exec_make_dir(c) == 0 ? 0 : vms_cell_fail(c, "cannot make a "
	    "directory in %s", exec_parent_dir(c));
}

/* By the worker itself, so that its pages are near to it. */
static int
exec_worker_init(struct vms_worker *w)
{
	int copies = exec_copies(w->cell);

	if ((w->index < copies && exec_make_copy(w->cell, w->index) != 0) ||
	    exec_path(w->cell, w->index % copies, 0, w->state) != 0)
		return vms_fail(w, "cannot copy the program into %s",
		    exec_parent_dir(w->cell));
	return 0;
}

/* Is a file of the worker another than that of each worker before it? */
static int
exec_check_file(struct vms_worker *w, int i)
{
	char path[PATH_MAX];
	struct stat st[2];	/* the worker's own, another's */
	int k;

	for (k = w->index; k >= 0; k--) {
		if (exec_path(w->cell, k, i, path) != 0 ||
		    stat(path, &st[k < w->index]) != 0)
			return vms_fail(w, "cannot find the copy %s", path);
		errno = 0;
		if (k < w->index && st[0].st_dev == st[1].st_dev &&
		    st[0].st_ino == st[1].st_ino)
			return vms_fail(w, "workers %d and %d have the same "
			    "file %s", k, w->index, strrchr(path, '/') + 1);
	}
	return 0;
}

/*
 * Chains of two lengths show that the exit status is no constant, and thereby
 * that it was this program.  A worker process has no child left; a thread
 * cannot tell whose one is.
 */
static int
exec_verify(struct vms_worker *w)
{
	const struct exec_params *p = w->cell->params;
	int i, status;

	if (exec_do(w, 1) != 0 || exec_do(w, 12) != 0)
		return -1;
	if (!w->cell->threads && (waitpid(-1, &status, WNOHANG) != -1 ||
	    errno != ECHILD)) {
		errno = 0;
		return vms_fail(w, "there is a child left at the end");
	}
	if (p->binary == EXEC_INDEPENDENT)
		for (i = 0; i < exec_files(w->cell); i++)
			if (exec_check_file(w, i) != 0)
				return -1;
	return 0;
}

const struct vms_workload vms_workload_exec = {
	.abi = VMS_ABI,
	.name = "exec",
	.version = 1,
	.summary = "creation of a child, execution of a trivial program, exit",
	.kind = VMS_RATE,
	.unit = "exec",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = &exec_chain_rows[1],
	.params_size = sizeof(struct exec_params),
	.cell_size = PATH_MAX,	/* directory with a folder for each copy, or empty */
	.worker_size = PATH_MAX,	/* the program to execute */
	.memory = exec_memory,
	.tasks = exec_tasks,
	.probe = exec_probe,
	.setup = exec_setup,
	.worker_init = exec_worker_init,
	.run = exec_run,
	.verify = exec_verify,
	.teardown = exec_teardown,
};

/*
 * One operation is one execve() of a program that executes itself.  A worker
 * creates a child by `method`, which executes the program for the first time;
 * after `length` executions it exits and is reaped.  Its exit status tells how
 * many there were and is checked.  A worker always does whole chains.  The
 * program and its copies are those of exec.
 *
 * This is the execution without the birth and the death of a process: the path
 * is walked, the old address space is torn down, a new one is made from the
 * file, its pages are faulted in, and a dynamic program is loaded.  What workers
 * share is the same as in exec; the difference to exec is what the process
 * itself costs.
 *
 * The number contains one creation, exit and wait for every `length`
 * executions: a short chain is the workload exec, and a long one makes samples
 * coarse, since a worker counts when its chain is complete.  The arguments are
 * two short numbers and the environment is empty, which a shell's is not.  If
 * the worker is not bound, the scheduler may move a program whenever it is
 * executed.  What is said of the files in exec is true here as well.
 */
const struct vms_workload vms_workload_exec_chain = {
	.abi = VMS_ABI,
	.name = "exec-chain",
	.version = 1,
	.summary = "execution of a program that executes itself",
	.kind = VMS_RATE,
	.unit = "exec",
	.modes = VMS_PROCESS | VMS_THREAD,
	.params = exec_chain_rows,
	.params_size = sizeof(struct exec_params),
	.cell_size = PATH_MAX,	/* directory with a folder for each copy, or empty */
	.worker_size = PATH_MAX,	/* the program to execute */
	.memory = exec_memory,
	.tasks = exec_tasks,
	.probe = exec_probe,
	.setup = exec_setup,
	.worker_init = exec_worker_init,
	.run = exec_run,
	.verify = exec_verify,
	.teardown = exec_teardown,
};
