/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of changes and its copy on disk; see undo.h.  One line for each:
 *
 *	limit NAME OLD NEW
 *	swap DEVICE ADDED
 */
#include "config.h"

#include "run/undo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "os/os.h"

#define UNDO_PREFIX "vmstress-undo."
/* More than a list of all limits takes. */
#define UNDO_FILE_MAX 8192
/* A file so young may still be waiting for its first line. */
#define UNDO_EMPTY_S 60

/*
 * Where the copies are: the first folder that can be written to.  With a NULL
 * in front, which stands for the one that the user names.
 */
static const char *const undo_dirs[] = { NULL, "/run", "/var/run", "/tmp" };
#define UNDO_NDIRS (sizeof(undo_dirs) / sizeof(undo_dirs[0]))

/* The i-th folder; NULL: not this one.  Who names one has no other. */
static const char *
undo_dir(size_t i)
{
	const char *named = getenv("VMSTRESS_RUNDIR");

	if (named == NULL || named[0] == '\0')
		return undo_dirs[i];
	return i == 0 ? named : NULL;
}

/* ---- the file ---------------------------------------------------------- */

int
undo_create(char **path, int *fd, struct err *e)
{
	size_t i;

	for (i = 0; i < UNDO_NDIRS; i++) {
		if (undo_dir(i) == NULL)
			continue;
		*path = mem_printf("%s/" UNDO_PREFIX "%ld", undo_dir(i),
		    (long)getpid());
		*fd = open(*path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
		if (*fd >= 0 && flock(*fd, LOCK_SH) == 0)
			return 0;
		err_clear(e);
		err_errno(e, "cannot write down what is to be put back in %s",
		    *path);
		if (*fd >= 0) {
			close(*fd);
			unlink(*path);
		}
		free(*path);
	}
	*path = NULL;
	*fd = -1;
	return -1;
}

static struct undo_step *
undo_add(struct undo *u)
{
	struct undo_step *s;

	u->steps = mem_grow(u->steps, u->nsteps, &u->cap, sizeof(*u->steps));
	s = &u->steps[u->nsteps++];
	memset(s, 0, sizeof(*s));
	return s;
}

/* Only what we could have written is believed. */
static void
undo_parse(struct undo *u, const char *line)
{
	struct undo_step s = { .is_swap = true };
	int added;

	if (sscanf(line, "limit %63s %" SCNu64 " %" SCNu64, s.name, &s.old,
	    &s.set) == 3 && os_limit_scope(s.name) == OS_SCOPE_SYSTEM)
		s.is_swap = false;
	else if (sscanf(line, "swap %63s %d", s.name, &added) == 2)
		s.added = added != 0;
	else
		return;
	*undo_add(u) = s;
}

/* A last line without its end was never acted upon. */
static void
undo_load(struct undo *u)
{
	char text[UNDO_FILE_MAX], *line = text, *end;
	ssize_t n = pread(u->fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		undo_parse(u, line);
	}
}

int
undo_open(struct undo *u, const char *path)
{
	memset(u, 0, sizeof(*u));
	u->fd = -1;
	if (path == NULL)
		return 0;
	u->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (u->fd < 0)
		return -1;
	if (flock(u->fd, LOCK_SH) != 0) {
		close(u->fd);
		u->fd = -1;
		return -1;
	}
	u->path = mem_strdup(path);
	undo_load(u);
	return 0;
}

/* On disk before it happens. */
static int
undo_note(struct undo *u, const struct undo_step *s)
{
	char line[UNDO_NAME_MAX + 64];
	int n;

	*undo_add(u) = *s;
	if (u->fd < 0)
		return 0;
	if (s->is_swap)
		n = snprintf(line, sizeof(line), "swap %s %d\n", s->name,
		    s->added ? 1 : 0);
	else
		n = snprintf(line, sizeof(line), "limit %s %" PRIu64 " %"
		    PRIu64 "\n", s->name, s->old, s->set);
	if (io_write_all(u->fd, line, (size_t)n) != 0)
		return -1;
	/* Some file systems cannot; those of /run need not. */
	return fsync(u->fd) == 0 || errno == EINVAL ? 0 : -1;
}

/* ---- changes ----------------------------------------------------------- */

int
undo_raise(struct undo *u, const char *name, uint64_t value, uint64_t *old)
{
	struct undo_step s = { .set = value };
	uint64_t now;

	if (os_limit_get(name, old) != 0)
		return -1;
	if (*old >= value)
		return 0;
	if (os_limit_scope(name) == OS_SCOPE_PROCESS)
		return os_limit_set(name, value);
	snprintf(s.name, sizeof(s.name), "%s", name);
	s.old = *old;
	if (undo_note(u, &s) != 0 || os_limit_set(name, value) != 0 ||
	    os_limit_get(name, &now) != 0)
		return -1;
	/* The system may have made another number of it. */
	s.set = now;
	return now == value ? 0 : undo_note(u, &s);
}

int
undo_swap(struct undo *u, uint64_t bytes, char name[UNDO_NAME_MAX])
{
	struct undo_step s = { .is_swap = true };

	if (os_swap_device(s.name, sizeof(s.name), &s.added) != 0 ||
	    undo_note(u, &s) != 0 || os_swap_on(s.name, bytes) != 0)
		return -1;
	snprintf(name, UNDO_NAME_MAX, "%s", s.name);
	return 0;
}

/* ---- putting back ------------------------------------------------------ */

static void
undo_limit(const struct undo_step *s, bool loud, undo_say_fn *say, void *arg)
{
	uint64_t now;
	char *text = NULL;

	if (os_limit_get(s->name, &now) != 0)
		text = mem_printf("cannot put %s back to %" PRIu64 ": %s",
		    s->name, s->old, strerror(errno));
	else if (now == s->old)
		return;
	else if (now != s->set)
		text = mem_printf("%s is %" PRIu64 " now, which is not from "
		    "this run: it is left alone (it was %" PRIu64 ")", s->name,
		    now, s->old);
	else if (os_limit_set(s->name, s->old) != 0)
		text = mem_printf("cannot put %s back to %" PRIu64 ": %s",
		    s->name, s->old, strerror(errno));
	else if (loud)
		text = mem_printf("%s is %" PRIu64 " again", s->name, s->old);
	if (text != NULL)
		say(arg, text);
	free(text);
}

static void
undo_swap_off(const struct undo_step *s, bool loud, undo_say_fn *say, void *arg)
{
	char *text = NULL;

	if (os_swap_off(s->name, s->added) != 0)
		text = mem_printf("cannot end the swap on %s: %s", s->name,
		    strerror(errno));
	else if (loud)
		text = mem_printf("the swap on %s is gone", s->name);
	if (text != NULL)
		say(arg, text);
	free(text);
}

void
undo_all(struct undo *u, bool loud, undo_say_fn *say, void *arg)
{
	size_t i;

	for (i = u->nsteps; i > 0; i--) {
		if (u->steps[i - 1].is_swap)
			undo_swap_off(&u->steps[i - 1], loud, say, arg);
		else
			undo_limit(&u->steps[i - 1], loud, say, arg);
	}
	if (u->path != NULL)
		unlink(u->path);
	if (u->fd >= 0)
		close(u->fd);
	free(u->path);
	free(u->steps);
	memset(u, 0, sizeof(*u));
	u->fd = -1;
}

/* Is it a list of ours, with nobody alive to act on it? */
static bool
undo_is_orphan(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 022) == 0 &&
	    st.st_nlink == 1 && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    (st.st_size > 0 || time(NULL) - st.st_mtime > UNDO_EMPTY_S);
}

static void
undo_leftover(const char *path, undo_say_fn *say, void *arg)
{
	struct undo u = { .fd = -1 };
	char *text;

	u.fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (u.fd >= 0 && undo_is_orphan(u.fd)) {
		u.path = mem_strdup(path);
		undo_load(&u);
		text = mem_printf("a run was killed together with its "
		    "guardian: putting back what it had changed (%s)", path);
		say(arg, text);
		free(text);
		undo_all(&u, true, say, arg);
	} else if (u.fd >= 0) {
		close(u.fd);
	}
}

void
undo_leftovers(undo_say_fn *say, void *arg)
{
	struct dirent *d;
	char *path;
	size_t i;
	DIR *dir;

	for (i = 0; i < UNDO_NDIRS; i++) {
		if (undo_dir(i) == NULL)
			continue;
		dir = opendir(undo_dir(i));
		while (dir != NULL && (d = readdir(dir)) != NULL) {
			if (strncmp(d->d_name, UNDO_PREFIX,
			    strlen(UNDO_PREFIX)) != 0)
				continue;
			path = mem_printf("%s/%s", undo_dir(i), d->d_name);
			undo_leftover(path, say, arg);
			free(path);
		}
		if (dir != NULL)
			closedir(dir);
	}
}
