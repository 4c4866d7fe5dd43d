/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: events are described below /sys/bus/event_source (PMUs) and in tracefs
 * (tracepoints), and perf_event_open(2) knows whether they can be counted.
 *
 * Where nobody has mounted tracefs, it is mounted for this process alone:
 * fsmount(2) gives a descriptor of a mount that is in no folder, so that nobody
 * else sees it and nothing stays behind.
 */
#include "config.h"

#include "os/events.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "os/linux_perf_calls.h"

#define EVENTS_PMUS "/sys/bus/event_source/devices"
#define EVENTS_PARANOID "/proc/sys/kernel/perf_event_paranoid"

/* From <linux/mount.h>, which some C libraries do not get along with. */
#define EVENTS_FSOPEN_CLOEXEC 1u
#define EVENTS_FSCONFIG_CMD_CREATE 6u
#define EVENTS_FSMOUNT_CLOEXEC 1u

/* No description is longer. */
#define EVENTS_TEXT_MAX ((size_t)16 << 20)

/* Any rate that every kernel allows; nothing is ever sampled with it. */
#define EVENTS_SAMPLE_HZ 100

/* Of the whole program, which has one thread when it looks for events. */
static struct {
	const char *pmus;
	const char *paranoid;
	const char *tracepoints;	/* set by a test */
	int fd;				/* of the folder of tracepoints */
	bool open;
} events_state = { EVENTS_PMUS, EVENTS_PARANOID, NULL, -1, false };

/* ---- trying ------------------------------------------------------------ */

int
os_events_try(const struct os_event *v)
{
	struct perf_event_attr attr;
	const char *exclude = v->exclude != NULL ? v->exclude : "";
	int fd, r = 0, error;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = v->type;
	attr.config = v->config;
	attr.config1 = v->config1;
	attr.config2 = v->config2;
	attr.disabled = 1;
	attr.exclude_user = strchr(exclude, 'u') != NULL;
	attr.exclude_kernel = strchr(exclude, 'k') != NULL;
	attr.exclude_hv = strchr(exclude, 'h') != NULL;
	attr.exclude_guest = strchr(exclude, 'g') != NULL;
	attr.exclude_idle = strchr(exclude, 'i') != NULL;
	if (v->sample) {
		attr.freq = 1;
		attr.sample_freq = EVENTS_SAMPLE_HZ;
		attr.sample_type = PERF_SAMPLE_IP;
	}
	fd = linux_perf_calls_open(&attr, v->cpu >= 0 ? -1 : 0, v->cpu, -1,
	    PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -1;
	if (v->filter != NULL)
		r = linux_perf_calls_ioctl(fd, PERF_EVENT_IOC_SET_FILTER,
		    v->filter);
	error = errno;
	linux_perf_calls_close(fd);
	errno = error;
	return r;
}

/* ---- reading ----------------------------------------------------------- */

/* All that comes, without line ends at its end; NULL with errno. */
static char *
events_read(int fd)
{
	struct str text = { 0 };
	char buf[16384];
	ssize_t n;

	for (;;) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || text.len + (size_t)n > EVENTS_TEXT_MAX)
			break;
		str_addn(&text, buf, (size_t)n);
	}
	if (n != 0) {
		if (n > 0)
			errno = EFBIG;
		str_free(&text);
		return NULL;
	}
	while (text.len > 0 && text.s[text.len - 1] == '\n')
		text.s[--text.len] = '\0';
	return text.s != NULL ? text.s : mem_strdup("");
}

static char *
events_file(int folder, const char *file)
{
	int error, fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
	char *text;

	if (fd < 0)
		return NULL;
	text = events_read(fd);
	error = errno;
	close(fd);
	errno = error;
	return text;
}

int
os_events_paranoid(int *level)
{
	char *end, *text = events_file(AT_FDCWD, events_state.paranoid);
	long v;

	if (text == NULL)
		return -1;
	v = strtol(text, &end, 10);
	if (end == text || *end != '\0') {
		free(text);
		errno = EINVAL;
		return -1;
	}
	free(text);
	*level = (int)v;
	return 0;
}

/* ---- PMUs -------------------------------------------------------------- */

char *
os_events_pmu_text(const char *file)
{
	char *path = mem_printf("%s/%s", events_state.pmus, file);
	char *text = events_file(AT_FDCWD, path);
	int error = errno;

	free(path);
	errno = error;
	return text;
}

static int
events_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
os_events_pmu_names(const char *folder, char ***names)
{
	char *path = mem_printf("%s/%s", events_state.pmus, folder);
	DIR *dir = opendir(path);
	size_t count = 0, cap = 0;
	int error = errno;
	struct dirent *d;

	free(path);
	*names = NULL;
	if (dir == NULL) {
		errno = error;
		return -1;
	}
	while ((d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		*names = mem_grow(*names, count, &cap, sizeof(**names));
		(*names)[count++] = mem_strdup(d->d_name);
	}
	closedir(dir);
	if (count > 0)
		qsort(*names, count, sizeof(**names), events_compare);
	return (int)count;
}

void
os_events_free_names(char **names, int count)
{
	int i;

	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

/* ---- tracepoints ------------------------------------------------------- */

/* A mount of tracefs in no folder; -1 with errno. */
static int
events_mount(void)
{
#if defined(SYS_fsopen) && defined(SYS_fsconfig) && defined(SYS_fsmount)
	int mount = -1, error;
	long fs;

	fs = syscall(SYS_fsopen, "tracefs", EVENTS_FSOPEN_CLOEXEC);
	if (fs < 0)
		return -1;
	if (syscall(SYS_fsconfig, (int)fs, EVENTS_FSCONFIG_CMD_CREATE, NULL,
	    NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, (int)fs,
		    EVENTS_FSMOUNT_CLOEXEC, 0);
	error = errno;
	close((int)fs);
	errno = error;
	return mount;
#else
	errno = ENOSYS;
	return -1;
#endif
}

/* Open a folder if it has tracepoints in it; -1 with errno. */
static int
events_open(const char *path)
{
	int error, fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || faccessat(fd, "events", F_OK, 0) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* The folder of tracepoints, wherever it is; -1 with errno. */
static int
events_tracing(void)
{
	static const char *const paths[] = {
		"/sys/kernel/tracing", "/sys/kernel/debug/tracing"
	};
	size_t i;
	int fd;

	if (events_state.tracepoints != NULL)
		return events_open(events_state.tracepoints);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		fd = events_open(paths[i]);
		if (fd >= 0)
			return fd;
		/* It is there, and only some may look at it. */
		if (i == 0 && errno == EACCES)
			return -1;
	}
	fd = events_mount();
	/* Before Linux 5.2 only a folder can be mounted on. */
	if (fd < 0 && errno == ENOSYS)
		errno = EPERM;
	return fd;
}

char *
os_events_tracepoint_text(const char *file)
{
	if (!events_state.open) {
		events_state.fd = events_tracing();
		if (events_state.fd < 0)
			return NULL;
		events_state.open = true;
	}
	return events_file(events_state.fd, file);
}

/* ---- life -------------------------------------------------------------- */

void
os_events_set_root(const char *pmus, const char *tracepoints,
    const char *paranoid)
{
	os_events_close();
	events_state.pmus = pmus != NULL ? pmus : EVENTS_PMUS;
	events_state.paranoid = paranoid != NULL ? paranoid : EVENTS_PARANOID;
	events_state.tracepoints = tracepoints;
}

void
os_events_close(void)
{
	if (events_state.open)
		close(events_state.fd);
	events_state.open = false;
}
