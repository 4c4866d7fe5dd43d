/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's end of the line to its host; see guest_link.h. */
#include "config.h"

#include "boot/guest_link.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "boot/guest.h"
#include "os/guest.h"

#define GUEST_BLOCK 65536

int
guest_link_open(struct guest_link *l, const char *serial, struct err *e)
{
	l->said = mmap(NULL, sizeof(*l->said), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (l->said == MAP_FAILED)
		return err_errno(e, "cannot have memory that is shared");
	l->fd = os_guest_port(GUEST_PORT, serial, l->port,
	    sizeof(l->port));
	if (l->fd < 0)
		return err_errno(e, "there is no port to the host: neither a "
		    "virtio port '" GUEST_PORT "' nor %s", serial);
	/* Firmware may have left a line without its end. */
	if (io_write_all(l->fd, "\n", 1) != 0)
		return err_errno(e, "cannot write to the port to the host, %s",
		    l->port);
	return 0;
}

void
guest_link_say(struct guest_link *l, enum wire_kind kind, const char *text)
{
	struct str message = { 0 };

	wire_write(&message, l->said->next++, kind, text);
	(void)!io_write_all(l->fd, message.s, message.len);
	str_free(&message);
}

void
guest_link_drain(struct guest_link *l)
{
	os_guest_drain(l->fd);
}

/* What is behind the last line end is not a line yet. */
static void
guest_link_lines(struct guest_link *l, char *line)
{
	char *newline;

	for (; (newline = strchr(line, '\n')) != NULL; line = newline + 1) {
		*newline = '\0';
		l->said->sent += (uint64_t)(newline + 1 - line);
		guest_link_say(l, WIRE_LINE, line);
	}
}

void
guest_link_record(struct guest_link *l)
{
	int fd = open(l->record, O_RDONLY | O_CLOEXEC);
	char block[GUEST_BLOCK];
	struct str text = { 0 };
	ssize_t n;

	if (fd < 0)
		return;
	if (lseek(fd, (off_t)l->said->sent, SEEK_SET) >= 0)
		while ((n = read(fd, block, sizeof(block))) > 0)
			str_addn(&text, block, (size_t)n);
	close(fd);
	if (text.len > 0)
		guest_link_lines(l, text.s);
	str_free(&text);
}

void
guest_link_status(struct guest_link *l, const char *status, const char *reason)
{
	if (l->said->status[0] != '\0')
		return;
	snprintf(l->said->reason, sizeof(l->said->reason), "%s", reason);
	snprintf(l->said->status, sizeof(l->said->status), "%s", status);
}
