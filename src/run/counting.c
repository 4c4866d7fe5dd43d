/* SPDX-License-Identifier: BSD-2-Clause */
/* Choosing a way to count events; see counting.h. */
#include "config.h"

#include "run/counting.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "os/counter.h"
#include "os/group.h"

/* ---- trying ------------------------------------------------------------ */

static int
counting_refused(const char *what, bool cpu, struct err *why)
{
	static const struct os_counter_event plain = { .exclude = "k" };
	char text[256];

	if (errno != EACCES && errno != EPERM)
		return err_errno(why, "%s", what);
	os_counter_permission(&plain, cpu, text, sizeof(text));
	return err_set(why, "%s", text);
}

static int
counting_try_at(const struct os_counter_place *place)
{
	int fd = os_counter_open_dummy(place);

	if (fd < 0)
		return -1;
	os_counter_close(fd);
	return 0;
}

static int
counting_try_task(struct err *why)
{
	const struct os_counter_place self = { 0, -1, -1, true };

	return counting_try_at(&self) == 0 ? 0 :
	    counting_refused("cannot count events of a task", false, why);
}

/* On one CPU, of everybody or of the members of a group. */
static int
counting_try_cpu(int group_fd, struct err *why)
{
	struct os_counter_place place = { -1, 0, group_fd, false };

	if (os_counter_cpus(&place.cpu, 1) > 0 && counting_try_at(&place) == 0)
		return 0;
	return counting_refused(group_fd >= 0 ? "cannot count the events of a "
	    "group" : "cannot count events of a CPU", true, why);
}

static int
counting_try_group(const char *path, struct err *why)
{
	int rc, fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(why, "cannot open the group %s", path);
	rc = counting_try_cpu(fd, why);
	close(fd);
	return rc;
}

/* -1 with `why`, or with `e` when the guardian died. */
static int
counting_make_group(struct counting *c, struct guard *g, struct err *why,
    struct err *e)
{
	char path[PATH_MAX];
	struct err asked = { 0 };

	if (os_group_path(getpid(), path, sizeof(path)) != 0)
		return err_errno(why, "there is no place for a control group");
	if (guard_group(g, path, &asked) != 0) {
		if (asked.num == 0) {
			*e = asked;
			return -1;
		}
		errno = asked.num;
		return err_errno(why, "cannot make the group %s and move "
		    "a process into it", path);
	}
	if (counting_try_group(path, why) == 0) {
		c->group = mem_strdup(path);
		return 0;
	}
	guard_group(g, NULL, e);
	return -1;
}

static int
counting_try(struct counting *c, struct guard *g, enum plan_count mode,
    struct err *why, struct err *e)
{
	switch (mode) {
	case PLAN_COUNT_CGROUP:
		/* What is not allowed for CPUs is not for groups on them. */
		if (counting_try_cpu(-1, why) != 0)
			return -1;
		return counting_make_group(c, g, why, e);
	case PLAN_COUNT_SYSTEM:
		return counting_try_cpu(-1, why);
	case PLAN_COUNT_TASK:
		return counting_try_task(why);
	default:
		return 0;
	}
}

int
counting_choose(struct counting *c, struct guard *g, enum plan_count wish,
    struct err *e)
{
	struct err why;
	int mode;

	memset(c, 0, sizeof(*c));
	for (mode = PLAN_COUNT_CGROUP; mode <= PLAN_COUNT_NONE; mode++) {
		if (wish != PLAN_COUNT_AUTO && (int)wish != mode)
			continue;
		err_clear(&why);
		c->mode = (enum plan_count)mode;
		if (counting_try(c, g, c->mode, &why, e) == 0)
			return 0;
		if (e->set)
			return -1;
		str_addf(&c->why, "%s%s: %s", c->why.len > 0 ? "; " : "",
		    plan_count_words[mode], why.text);
	}
	c->mode = PLAN_COUNT_NONE;
	return err_set(e, "events cannot be counted that way: %s",
	    str_text(&c->why));
}

int
counting_again(const struct counting *c, struct guard *g, struct err *e)
{
	return c->group != NULL ? guard_group(g, c->group, e) : 0;
}

void
counting_put(const struct counting *c, struct protocol_launch *l)
{
	if ((l->nevents == 0 && l->profile == NULL) ||
	    c->mode == PLAN_COUNT_NONE)
		return;
	l->count_mode = mem_strdup(plan_count_words[c->mode]);
	l->count_group = c->group != NULL ? mem_strdup(c->group) : NULL;
}

void
counting_free(struct counting *c)
{
	free(c->group);
	str_free(&c->why);
	memset(c, 0, sizeof(*c));
}
