/* SPDX-License-Identifier: BSD-2-Clause */
/* The workloads that are known, and what makes one well formed. */
#include "config.h"

#include "base/registry.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/param.h"
#include "base/str.h"

struct plugin {
	const struct vms_workload *workload;
	char *file;
};

/*
 * Grows while the command line is read, before there is a second thread, and
 * lives as long as the program does.
 */
static struct plugin *plugins;
static size_t nplugins, plugins_cap;

/* ---- finding ---------------------------------------------------------- */

const struct vms_workload *
registry_at(int i)
{
	int builtin;

	for (builtin = 0; registry_builtin[builtin].workload != NULL; builtin++)
		if (builtin == i)
			return registry_builtin[i].workload;
	if (i < builtin || (size_t)(i - builtin) >= nplugins)
		return NULL;
	return plugins[i - builtin].workload;
}

static const struct vms_workload *
lookup(const char *name)
{
	const struct vms_workload *wl;
	int i;

	for (i = 0; (wl = registry_at(i)) != NULL; i++)
		if (strcmp(wl->name, name) == 0)
			return wl;
	return NULL;
}

const struct vms_workload *
registry_find(const char *name, struct err *e)
{
	const struct vms_workload *wl = lookup(name);
	struct str_nearest near = { .wanted = name };
	int i;

	if (wl != NULL)
		return wl;
	for (i = 0; (wl = registry_at(i)) != NULL; i++)
		if (!wl->hidden)
			str_nearest_try(&near, wl->name);
	if (near.best != NULL)
		err_set(e, "no workload '%.80s' (did you mean '%s'?)", name,
		    near.best);
	else
		err_set(e, "no workload '%.80s' (see 'vmstress list')", name);
	return NULL;
}

const char *
registry_about(const struct vms_workload *wl)
{
	const struct registry_row *row;

	for (row = registry_builtin; row->workload != NULL; row++)
		if (row->workload == wl)
			return row->about;
	return NULL;
}

const char *
registry_file(const struct vms_workload *wl)
{
	size_t i;

	for (i = 0; i < nplugins; i++)
		if (plugins[i].workload == wl)
			return plugins[i].file;
	return NULL;
}

/* ---- checking --------------------------------------------------------- */

static int
check_name(const struct vms_workload *wl, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (wl->name == NULL || wl->name[0] == '\0')
		return err_set(e, "the workload has no name");
	if (strspn(wl->name, letters) == 0 ||
	    wl->name[strspn(wl->name, rest)] != '\0')
		return err_set(e, "workload '%s': the name is not lower case "
		    "letters, digits and '-'", wl->name);
	return 0;
}

static int
check_words(const struct vms_workload *wl, struct err *e)
{
	if (wl->version < 1)
		return err_set(e, "the version is %d (the first is 1)",
		    wl->version);
	if (wl->summary == NULL || wl->summary[0] == '\0')
		return err_set(e, "has no summary");
	if (wl->unit == NULL || wl->unit[0] == '\0')
		return err_set(e, "has no unit");
	if (wl->latency != NULL && wl->kind != VMS_PHASES)
		return err_set(e, "names what it records as 'latency', which "
		    "is for kind 'phases'");
	if (wl->modes == 0 || (wl->modes & ~(VMS_PROCESS | VMS_THREAD)) != 0)
		return err_set(e, "modes is %#x (set VMS_PROCESS, VMS_THREAD "
		    "or both)", wl->modes);
	return 0;
}

static int
check_rate(const struct vms_workload *wl, struct err *e)
{
	if (wl->run == NULL)
		return err_set(e, "has no hook 'run', which kind 'rate' "
		    "requires");
	return 0;
}

static int
check_phases(const struct vms_workload *wl, struct err *e)
{
	const struct vms_phase *p;

	if (wl->phases == NULL || wl->phases[0].name == NULL)
		return err_set(e, "has no 'phases', which kind 'phases' "
		    "requires");
	for (p = wl->phases; p->name != NULL; p++) {
		if (p->unit == NULL || p->unit[0] == '\0')
			return err_set(e, "phase '%s' has no unit", p->name);
		if (p->fn == NULL)
			return err_set(e, "phase '%s' has no function",
			    p->name);
	}
	return 0;
}

static int
check_curve(const struct vms_workload *wl, struct err *e)
{
	if (wl->steps == NULL)
		return err_set(e, "has no hook 'steps', which kind 'curve' "
		    "requires");
	if (wl->step == NULL)
		return err_set(e, "has no hook 'step', which kind 'curve' "
		    "requires");
	return 0;
}

static int
check_kind(const struct vms_workload *wl, struct err *e)
{
	static int (*const checks[])(const struct vms_workload *,
	    struct err *) = {
		[VMS_RATE] = check_rate,
		[VMS_PHASES] = check_phases,
		[VMS_CURVE] = check_curve,
	};

	if ((unsigned)wl->kind >= sizeof(checks) / sizeof(checks[0]))
		return err_set(e, "has no known kind (%d)", (int)wl->kind);
	return checks[wl->kind](wl, e);
}

/* Its choices must be those of enum vms_near, which is their index. */
static int
check_partner(const struct vms_workload *wl, struct err *e)
{
	static const char *const near[] = VMS_NEAR_CHOICES;
	const struct vms_param *row;
	size_t i;

	if (wl->partner_param == NULL)
		return 0;
	row = param_find(wl->params, wl->partner_param);
	if (row == NULL)
		return err_set(e, "partner_param names '%s', which is no "
		    "parameter", wl->partner_param);
	if (row->type != VMS_CHOICE)
		return err_set(e, "partner_param names '%s', which is no "
		    "VMS_CHOICE", wl->partner_param);
	for (i = 0; near[i] != NULL; i++)
		if (row->choices[i] == NULL ||
		    strcmp(row->choices[i], near[i]) != 0)
			break;
	if (near[i] != NULL || row->choices[i] != NULL)
		return err_set(e, "partner_param names '%s', whose choices "
		    "are not VMS_NEAR_CHOICES", wl->partner_param);
	return 0;
}

/* The ABI comes first: with another one no other field is where it seems. */
int
registry_check(const struct vms_workload *wl, struct err *e)
{
	if (wl->abi != VMS_ABI)
		return err_set(e, "the workload has ABI %u, this program has "
		    "ABI %u (compile it with this program's workload.h)",
		    (unsigned)wl->abi, (unsigned)VMS_ABI);
	if (check_name(wl, e) < 0)
		return -1;
	if (check_words(wl, e) < 0 || check_kind(wl, e) < 0 ||
	    param_check_table(wl->params, wl->params_size, e) < 0 ||
	    check_partner(wl, e) < 0)
		return err_prefix(e, "workload '%s'", wl->name);
	return 0;
}

int
registry_add(const struct vms_workload *wl, const char *file, struct err *e)
{
	const struct vms_workload *other;
	const char *from;

	if (registry_check(wl, e) < 0)
		return -1;
	other = lookup(wl->name);
	if (other != NULL) {
		from = registry_file(other);
		return err_set(e, "workload '%s' is already known, %s%s",
		    wl->name, from != NULL ? "from " : "built in",
		    from != NULL ? from : "");
	}
	plugins = mem_grow(plugins, nplugins, &plugins_cap, sizeof(*plugins));
	plugins[nplugins].workload = wl;
	plugins[nplugins].file = mem_strdup(file);
	nplugins++;
	return 0;
}
