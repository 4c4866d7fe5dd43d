/* SPDX-License-Identifier: BSD-2-Clause */
/* From operands and options to a plan; see request.h. */
#include "config.h"

#include "cli/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/plugin.h"
#include "base/registry.h"
#include "base/str.h"
#include "os/os.h"
#include "run/paths.h"

static const char *
request_own(struct request *q, char *text)
{
	q->owned = mem_grow(q->owned, q->nowned, &q->owned_cap, sizeof(char *));
	q->owned[q->nowned++] = text;
	return text;
}

static void
request_override(struct request *q, const char *key, const char *value,
    const char *from, bool is_param)
{
	struct config_override *o;

	q->overrides = mem_grow(q->overrides, q->noverrides, &q->overrides_cap,
	    sizeof(*q->overrides));
	o = &q->overrides[q->noverrides++];
	o->key = key;
	o->value = value;
	o->from = from;
	o->is_param = is_param;
}

static int
request_param(struct request *q, const char *text, struct err *e)
{
	const char *equals = strchr(text, '=');
	const char *key;

	if (equals == NULL || equals == text)
		return err_set(e, "-p %s: write KEY=VALUE, e.g. -p size=64M",
		    text);
	key = request_own(q, mem_strndup(text, (size_t)(equals - text)));
	request_override(q, key, equals + 1,
	    request_own(q, mem_printf("-p %s", text)), true);
	return 0;
}

int
request_option(struct request *q, const struct cli_option *o,
    const char *value, struct err *e)
{
	char *from;

	if (strcmp(o->name, "param") == 0)
		return request_param(q, value, e);
	if (strcmp(o->name, "plugin") == 0)
		return plugin_load(value, e) != NULL ? 0 : -1;
	if (strncmp(o->name, "no-", 3) == 0) {
		request_override(q, o->name + 3, "false",
		    request_own(q, mem_printf("--%s", o->name)), false);
		return 0;
	}
	if (value == NULL)
		value = strcmp(o->name, "profile") == 0 ? "auto" : "true";
	from = o->letter != 0 ? mem_printf("-%c %s", o->letter, value) :
	    mem_printf("--%s %s", o->name, value);
	request_override(q, o->name, value, request_own(q, from), false);
	return 0;
}

int
request_place(struct request *q, struct err *e)
{
	q->place = place_new(e);
	return q->place != NULL ? 0 : -1;
}

static bool
request_is_path(const char *what)
{
	return strchr(what, '/') != NULL || str_ends(what, ".yaml") ||
	    str_ends(what, ".yml");
}

struct request_near {
	struct str_nearest near;
	struct request *request;	/* keeps the candidates */
};

static void
request_try_config(void *arg, const char *name)
{
	struct request_near *n = arg;

	str_nearest_try(&n->near, request_own(n->request, mem_strdup(name)));
}

/* Neither a workload nor a config of that name. */
static int
request_unknown(struct request *q, const char *what, struct err *e)
{
	struct request_near n = { { .wanted = what }, q };
	const struct vms_workload *wl;
	int i;

	for (i = 0; (wl = registry_at(i)) != NULL; i++)
		if (!wl->hidden)
			str_nearest_try(&n.near, wl->name);
	paths_configs(request_try_config, &n);
	if (n.near.best != NULL)
		return err_set(e, "'%s' is neither a workload nor a config "
		    "(did you mean '%s'?)", what, n.near.best);
	return err_set(e, "'%s' is neither a workload nor a config: "
	    "`vmstress list` names them, a file is written ./%s.yaml", what,
	    what);
}

int
request_plan(struct request *q, const char *what, struct err *e)
{
	struct config_overrides o = {
		.list = q->overrides,
		.count = q->noverrides,
		.ncpu = q->ncpu > 0 ? q->ncpu : place_ncpu(q->place),
		.seed = os_now_ns() ^ (uint64_t)time(NULL) << 20,
	};
	struct err none = { 0 };
	char *path;
	int rc;

	/* JSON readers keep 53 bits of a number. */
	o.seed &= (1ull << 53) - 1;
	if (request_is_path(what))
		return config_read(&q->plan, what, &o, e);
	if (registry_find(what, &none) != NULL)
		return config_workload(&q->plan, what, &o, e);
	path = paths_config(what);
	if (path == NULL)
		return request_unknown(q, what, e);
	rc = config_read(&q->plan, path, &o, e);
	free(path);
	return rc;
}

void
request_free(struct request *q)
{
	size_t i;

	for (i = 0; i < q->nowned; i++)
		free(q->owned[i]);
	free(q->owned);
	free(q->overrides);
	plan_free(&q->plan);
	place_free(q->place);
}
