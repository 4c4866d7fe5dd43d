/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: what the first process of a machine of our own has to do. */
#include "config.h"

#include "os/guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

#include <linux/magic.h>

#include "os/os_internal.h"

/* ---- mounting --------------------------------------------------------- */

/* In this order: a later one may be inside an earlier one. */
static const struct guest_mount {
	const char *type, *path, *data;
	bool needed;
} guest_mounts[] = {
	{ "proc", "/proc", NULL, true },
	{ "sysfs", "/sys", NULL, true },
	{ "devtmpfs", "/dev", "mode=0755", true },
	{ "devpts", "/dev/pts", "mode=0620,ptmxmode=0666", false },
	{ "tmpfs", "/dev/shm", "mode=1777", false },
	{ "tmpfs", "/tmp", "mode=1777", false },
	{ "tmpfs", "/run", "mode=0755", false },
	{ "tracefs", "/sys/kernel/tracing", NULL, false },
	{ "debugfs", "/sys/kernel/debug", NULL, false },
	{ "cgroup2", "/sys/fs/cgroup", NULL, false },
};
#define GUEST_MOUNTS (sizeof(guest_mounts) / sizeof(guest_mounts[0]))

/* The PID namespace that every machine begins with has this number. */
#define GUEST_FIRST_NAMESPACE "pid:[4026531836]"

/*
 * Is the caller process 1 of the machine, and not of a container?  A kernel
 * that does not know of namespaces has only one.
 */
static bool
guest_is_first(void)
{
	char name[64];
	ssize_t n = readlink("/proc/self/ns/pid", name, sizeof(name) - 1);

	if (n < 0)
		return errno == ENOENT;
	name[n] = '\0';
	return strcmp(name, GUEST_FIRST_NAMESPACE) == 0;
}

/* EBUSY: it is there already. */
static int
guest_mount(const struct guest_mount *m, struct err *e)
{
	if ((mkdir(m->path, 0755) != 0 && errno != EEXIST) ||
	    (mount(m->type, m->path, m->type, MS_NOSUID, m->data) != 0 &&
	    errno != EBUSY)) {
		if (!m->needed)
			return 0;
		return err_errno(e, "cannot mount %s on %s (the kernel needs "
		    "it)", m->type, m->path);
	}
	return 0;
}

int
os_guest_mount(struct err *e)
{
	size_t i;

	for (i = 0; i < GUEST_MOUNTS; i++) {
		if (guest_mount(&guest_mounts[i], e) != 0)
			return -1;
		/* Before anything of a machine of others is touched. */
		if (i == 0 && !guest_is_first())
			return err_set(e, "this is process 1 of a container, "
			    "not of a machine");
	}
	return 0;
}

int
os_guest_root(char *name, size_t len)
{
	struct statfs fs;

	if (statfs("/", &fs) != 0)
		return -1;
	if (fs.f_type == TMPFS_MAGIC)
		snprintf(name, len, "tmpfs");
	else if (fs.f_type == RAMFS_MAGIC)
		snprintf(name, len, "ramfs");
	else
		snprintf(name, len, "0x%lx", (unsigned long)fs.f_type);
	return 0;
}

/* ---- the port --------------------------------------------------------- */

#define GUEST_VIRTIO "/sys/class/virtio-ports"
#define GUEST_VIRTIO_DRIVER "/sys/bus/virtio/drivers/virtio_console"
/* How often, and how long, a port is waited for. */
#define GUEST_VIRTIO_TRIES 40
#define GUEST_VIRTIO_WAIT_NS 50000000u

/* Is the port of that directory entry called `name`? */
static bool
guest_port_is(const char *entry, const char *name)
{
	char path[PATH_MAX], text[256];

	if (entry[0] == '.')
		return false;
	snprintf(path, sizeof(path), GUEST_VIRTIO "/%s/name", entry);
	if (posix_read(path, text, sizeof(text)) < 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return strcmp(text, name) == 0;
}

/* Has the driver a device, whose ports may still be on their way? */
static bool
guest_has_virtio(void)
{
	DIR *dir = opendir(GUEST_VIRTIO_DRIVER);
	struct dirent *d;
	bool has = false;

	while (dir != NULL && !has && (d = readdir(dir)) != NULL)
		has = strncmp(d->d_name, "virtio", 6) == 0;
	if (dir != NULL)
		closedir(dir);
	return has;
}

static int
guest_virtio_now(const char *name, char *path, size_t len)
{
	DIR *dir = opendir(GUEST_VIRTIO);
	struct dirent *d;
	int fd = -1;

	while (dir != NULL && fd < 0 && (d = readdir(dir)) != NULL) {
		if (!guest_port_is(d->d_name, name))
			continue;
		snprintf(path, len, "/dev/%s", d->d_name);
		fd = open(path, O_WRONLY | O_CLOEXEC);
	}
	if (dir != NULL)
		closedir(dir);
	return fd;
}

/* The host tells the names of ports after the device is there. */
static int
guest_virtio(const char *name, char *path, size_t len)
{
	int i, fd = guest_virtio_now(name, path, len);

	for (i = 0; fd < 0 && i < GUEST_VIRTIO_TRIES && guest_has_virtio();
	    i++) {
		posix_sleep(GUEST_VIRTIO_WAIT_NS);
		fd = guest_virtio_now(name, path, len);
	}
	return fd;
}

/*
 * Where there is no such line the device may still be: it can be opened, but
 * has no settings.
 */
static int
guest_serial(const char *path)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC), errnum;
	struct termios t;

	if (fd < 0)
		return -1;
	if (tcgetattr(fd, &t) == 0) {
		cfmakeraw(&t);
		t.c_cflag |= CLOCAL;
		cfsetspeed(&t, B115200);
		if (tcsetattr(fd, TCSANOW, &t) == 0)
			return fd;
	}
	errnum = errno;
	close(fd);
	errno = errnum;
	return -1;
}

int
os_guest_port(const char *virtio, const char *serial, char *path, size_t len)
{
	int fd = guest_virtio(virtio, path, len);

	if (fd >= 0)
		return fd;
	snprintf(path, len, "%s", serial);
	return guest_serial(serial);
}

/* Numbers of syslog(2), which has no names for them. */
#define GUEST_CONSOLE_LEVEL	8
#define GUEST_BELOW_NOTICE	5

int
os_guest_quiet(void)
{
	return klogctl(GUEST_CONSOLE_LEVEL, NULL, GUEST_BELOW_NOTICE) < 0 ? -1 :
	    0;
}

/* A virtio port has nothing to wait for: its write() returns when all is out. */
void
os_guest_drain(int fd)
{
	while (tcdrain(fd) != 0 && errno == EINTR)
		continue;
}

/* ---- the end ---------------------------------------------------------- */

int
os_guest_power_off(void)
{
	sync();
	return reboot(RB_POWER_OFF);
}
