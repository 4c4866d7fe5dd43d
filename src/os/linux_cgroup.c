/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: the control groups of the calling process, in either layout (one tree
 * for all controllers, or a hierarchy for each) and the mixture of both.  The
 * path that the kernel gives is relative to what is mounted, which may be a
 * part of the tree only.
 */
#include "config.h"

#include "os/os_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CGROUP_TEXT_MAX 65536

/* Version 1 spells "no limit" as the largest multiple of a page. */
#define CGROUP_UNLIMITED ((uint64_t)1 << 62)

/* Is `word` one of the words of a list like "cpu,cpuacct"? */
static bool
cgroup_has(const char *list, const char *word)
{
	size_t n, len = strlen(word);

	for (;; list += n + 1) {
		n = strcspn(list, ",");
		if (n == len && strncmp(list, word, n) == 0)
			return true;
		if (list[n] == '\0')
			return false;
	}
}

/*
 * Find the caller's path in /proc/self/cgroup: "4:memory:/path" for a
 * controller, "0::/path" for version 2.  `text` is cut up.
 */
static const char *
cgroup_path(char *text, const char *controller)
{
	char *line, *list, *path, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save)) {
		list = strchr(line, ':');
		path = list != NULL ? strchr(list + 1, ':') : NULL;
		if (path == NULL)
			continue;
		*path++ = '\0';
		list++;
		if (controller == NULL ? *list == '\0' :
		    cgroup_has(list, controller))
			return path;
	}
	return NULL;
}

/* One line of /proc/self/mountinfo, as far as it matters here. */
struct cgroup_mount {
	const char *root;	/* the part of the tree that is mounted */
	const char *point;
	const char *type;
	const char *options;	/* of the file system: the controllers of v1 */
};

/*
 * "36 35 98:0 /root /point options tag... - type source options"; false for a
 * line that is not like that.
 */
static bool
cgroup_mount_parse(char *line, struct cgroup_mount *m)
{
	char *field[5], *save = NULL, *s = strstr(line, " - ");
	int i;

	if (s == NULL)
		return false;
	*s = '\0';
	for (i = 0; i < 5; i++) {
		field[i] = strtok_r(i == 0 ? line : NULL, " ", &save);
		if (field[i] == NULL)
			return false;
	}
	m->root = field[3];
	m->point = field[4];
	m->type = strtok_r(s + 3, " ", &save);
	if (m->type == NULL || strtok_r(NULL, " ", &save) == NULL)
		return false;
	m->options = strtok_r(NULL, " ", &save);
	return m->options != NULL;
}

static bool
cgroup_mount_find(char *text, const char *controller, struct cgroup_mount *m)
{
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save)) {
		if (!cgroup_mount_parse(line, m))
			continue;
		if (controller == NULL ? strcmp(m->type, "cgroup2") == 0 :
		    strcmp(m->type, "cgroup") == 0 &&
		    cgroup_has(m->options, controller))
			return true;
	}
	return false;
}

/* The part of `path` below `root`; the root itself if it is not below. */
static const char *
cgroup_below(const char *path, const char *root)
{
	size_t n = strlen(root);

	if (strcmp(root, "/") == 0)
		return strcmp(path, "/") == 0 ? "" : path;
	if (strncmp(path, root, n) == 0 &&
	    (path[n] == '/' || path[n] == '\0'))
		return path + n;
	return "";
}

/* `controller` NULL: the tree of version 2. */
static int
cgroup_find(const char *controller, char *groups, char *mounts,
    struct linux_cgroup *cg)
{
	struct cgroup_mount m;
	const char *path;
	int n;

	if (posix_read("/proc/self/cgroup", groups, CGROUP_TEXT_MAX) <= 0 ||
	    posix_read("/proc/self/mountinfo", mounts, CGROUP_TEXT_MAX) <= 0)
		return -1;
	path = cgroup_path(groups, controller);
	if (path == NULL || strstr(path, "/..") != NULL ||
	    !cgroup_mount_find(mounts, controller, &m))
		return -1;
	n = snprintf(cg->dir, sizeof(cg->dir), "%s%s", m.point,
	    cgroup_below(path, m.root));
	if (n < 0 || (size_t)n >= sizeof(cg->dir))
		return -1;
	cg->root_len = strlen(m.point);
	cg->v2 = controller == NULL;
	return 0;
}

/*
 * Not with mem_zalloc(), which ends the program when there is nothing left:
 * that may be just what the caller wants to know the reason of.
 */
int
linux_cgroup_find(const char *controller, struct linux_cgroup *cg)
{
	char *groups = malloc(CGROUP_TEXT_MAX);
	char *mounts = malloc(CGROUP_TEXT_MAX);
	int rc = -1;

	if (groups != NULL && mounts != NULL) {
		rc = cgroup_find(controller, groups, mounts, cg);
		if (rc != 0)
			rc = cgroup_find(NULL, groups, mounts, cg);
	}
	free(groups);
	free(mounts);
	return rc;
}

bool
linux_cgroup_up(struct linux_cgroup *cg)
{
	char *slash = strrchr(cg->dir, '/');

	if (strlen(cg->dir) <= cg->root_len || slash == NULL)
		return false;
	*slash = '\0';
	return true;
}

bool
linux_cgroup_path(const struct linux_cgroup *cg, const char *file, char *buf,
    size_t len)
{
	int n = snprintf(buf, len, "%s/%s", cg->dir, file);

	return n > 0 && (size_t)n < len;
}

int
linux_cgroup_u64(const struct linux_cgroup *cg, const char *file,
    uint64_t *value)
{
	char path[PATH_MAX], text[64];
	uint64_t v;

	if (!linux_cgroup_path(cg, file, path, sizeof(path)) ||
	    posix_read(path, text, sizeof(text)) <= 0)
		return -1;
	if (strncmp(text, "max", 3) == 0 || strncmp(text, "-1", 2) == 0) {
		*value = UINT64_MAX;
		return 0;
	}
	if (posix_read_u64(path, &v) != 0)
		return -1;
	*value = v >= CGROUP_UNLIMITED ? UINT64_MAX : v;
	return 0;
}

const char *
linux_cgroup_name(const struct linux_cgroup *cg, const char *v2,
    const char *v1)
{
	return cg->v2 ? v2 : v1;
}

int
linux_cgroup_memory_used(const struct linux_cgroup *cg, uint64_t *bytes)
{
	char path[PATH_MAX];
	uint64_t used, cache;

	if (linux_cgroup_u64(cg, linux_cgroup_name(cg, "memory.current",
	    "memory.usage_in_bytes"), &used) != 0)
		return -1;
	if (linux_cgroup_path(cg, "memory.stat", path, sizeof(path)) &&
	    linux_facts_number(path, linux_cgroup_name(cg, "inactive_file",
	    "total_inactive_file"), &cache) == 0)
		used = cache < used ? used - cache : 0;
	*bytes = used;
	return 0;
}
