/* SPDX-License-Identifier: BSD-2-Clause */
/* The block of lines that asks for one launch; see protocol.h. */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/protocol.h"
#include "engine/protocol_events.h"

/* ---- writing ---------------------------------------------------------- */

static void
flush(struct str *block, struct str *line)
{
	protocol_end(line);
	str_addn(block, line->s, line->len);
}

static void
put_launch_line(struct str *line, const struct protocol_launch *l)
{
	protocol_begin(line, "launch");
	protocol_u64(line, "cell", l->cell);
	protocol_u64(line, "launch", l->launch);
	protocol_text(line, "workload", l->workload);
	protocol_text(line, "mode", l->threads ? "thread" : "process");
	protocol_i64(line, "workers", l->workers);
	protocol_text(line, "pin", l->pin);
	protocol_i64(line, "samples", l->samples);
	protocol_u64(line, "interval_ns", l->interval_ns);
	protocol_u64(line, "warmup_ns", l->warmup_ns);
	protocol_u64(line, "timeout_ns", l->timeout_ns);
	protocol_u64(line, "latency", l->latency ? 1 : 0);
	protocol_u64(line, "probe", l->probe ? 1 : 0);
	protocol_u64(line, "statistics", l->statistics ? 1 : 0);
	if (l->plugin != NULL)
		protocol_text(line, "plugin", l->plugin);
	if (l->member_bytes != 0)
		protocol_u64(line, "member_bytes", l->member_bytes);
	if (l->counts_only)
		protocol_u64(line, "times", 0);
}

void
protocol_put_launch(struct str *b, const struct protocol_launch *l)
{
	struct str line = { 0 };
	size_t i;

	protocol_begin(&line, "vmstress-plan");
	protocol_u64(&line, "version", PROTOCOL_VERSION);
	flush(b, &line);
	put_launch_line(&line, l);
	flush(b, &line);
	for (i = 0; i < l->nparams; i++) {
		protocol_begin(&line, "param");
		protocol_text(&line, "name", l->params[i].name);
		protocol_text(&line, "value", l->params[i].value);
		flush(b, &line);
	}
	if (l->cpus != NULL) {
		protocol_begin(&line, "cpus");
		protocol_int_list(&line, "list", l->cpus, l->workers);
		flush(b, &line);
	}
	if (l->partners != NULL) {
		protocol_begin(&line, "partners");
		protocol_int_list(&line, "list", l->partners, l->workers);
		flush(b, &line);
	}
	protocol_events_put(b, l);
	protocol_begin(&line, "go");
	flush(b, &line);
	str_free(&line);
}

/* ---- reading ---------------------------------------------------------- */

static int
take_header(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	uint64_t version;

	if (l->header)
		return err_set(e, "a plan begins before the 'go' of the one "
		    "before it");
	if (protocol_get_u64(line, "version", &version, e) < 0)
		return -1;
	if (version != PROTOCOL_VERSION)
		return err_set(e, "the plan has version %llu, this program "
		    "reads version %d", (unsigned long long)version,
		    PROTOCOL_VERSION);
	l->header = true;
	return 0;
}

/* A number of at most `max` into an int. */
static int
get_int(const struct protocol_line *line, const char *key, int min, int max,
    int *value, struct err *e)
{
	uint64_t v;

	if (protocol_get_u64(line, key, &v, e) < 0)
		return -1;
	if (v < (uint64_t)min || v > (uint64_t)max)
		return err_set(e, "line '%s': field '%s': %llu is not in "
		    "%d..%d", line->keyword, key, (unsigned long long)v, min,
		    max);
	*value = (int)v;
	return 0;
}

static int
get_mode(const struct protocol_line *line, bool *threads, struct err *e)
{
	const char *mode;

	if (protocol_get_text(line, "mode", &mode, e) < 0)
		return -1;
	*threads = strcmp(mode, "thread") == 0;
	if (!*threads && strcmp(mode, "process") != 0)
		return err_set(e, "line '%s': field 'mode': '%.80s' is not "
		    "one of: process, thread", line->keyword, mode);
	return 0;
}

/* "zfod/1": who asks must mean the same operation as who runs it. */
static int
get_workload(const struct protocol_line *line, const char **workload,
    struct err *e)
{
	const char *slash, *version;

	if (protocol_get_text(line, "workload", workload, e) < 0)
		return -1;
	slash = strchr(*workload, '/');
	version = slash != NULL ? slash + 1 : "";
	if (slash == NULL || slash == *workload || *version == '\0' ||
	    version[strspn(version, "0123456789")] != '\0')
		return err_set(e, "line '%s': field 'workload': '%.80s' is "
		    "not a workload with its version, like zfod/1",
		    line->keyword, *workload);
	return 0;
}

static int
take_numbers(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	int latency, probe = 0, statistics = 0, times = 1;

	if (protocol_get_u64(line, "cell", &l->cell, e) < 0 ||
	    protocol_get_u64(line, "launch", &l->launch, e) < 0 ||
	    get_int(line, "workers", 1, PROTOCOL_WORKERS_MAX, &l->workers,
	    e) < 0 ||
	    get_int(line, "samples", 0, INT_MAX, &l->samples, e) < 0 ||
	    protocol_get_u64(line, "interval_ns", &l->interval_ns, e) < 0 ||
	    protocol_get_u64(line, "warmup_ns", &l->warmup_ns, e) < 0 ||
	    protocol_get_u64(line, "timeout_ns", &l->timeout_ns, e) < 0 ||
	    get_int(line, "latency", 0, 1, &latency, e) < 0)
		return -1;
	if (protocol_get(line, "member_bytes") != NULL &&
	    protocol_get_u64(line, "member_bytes", &l->member_bytes, e) < 0)
		return -1;
	/* Plans of the first hour do not speak of it. */
	if (protocol_get(line, "probe") != NULL &&
	    get_int(line, "probe", 0, 1, &probe, e) < 0)
		return -1;
	if (protocol_get(line, "statistics") != NULL &&
	    get_int(line, "statistics", 0, 1, &statistics, e) < 0)
		return -1;
	if (protocol_get(line, "times") != NULL &&
	    get_int(line, "times", 0, 1, &times, e) < 0)
		return -1;
	l->statistics = statistics != 0;
	l->counts_only = times == 0;
	l->latency = latency != 0;
	l->probe = probe != 0;
	return 0;
}

static int
take_launch_line(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	const char *workload, *pin, *plugin;

	if (l->workload != NULL)
		return err_set(e, "a second 'launch' line before 'go'");
	if (get_workload(line, &workload, e) < 0 ||
	    get_mode(line, &l->threads, e) < 0 ||
	    protocol_get_text(line, "pin", &pin, e) < 0 ||
	    take_numbers(l, line, e) < 0)
		return -1;
	plugin = protocol_get(line, "plugin");
	if (plugin != NULL && *plugin == '\0')
		return err_set(e, "line 'launch': field 'plugin' is empty");
	l->workload = mem_strdup(workload);
	l->pin = mem_strdup(pin);
	l->plugin = plugin != NULL ? mem_strdup(plugin) : NULL;
	return 0;
}

/* Lines about a launch are meaningless before it is named. */
static int
need_launch(const struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	if (l->workload == NULL)
		return err_set(e, "'%s' before 'launch'", line->keyword);
	return 0;
}

static int
take_param(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	const char *name, *value;
	size_t i;

	if (need_launch(l, line, e) < 0 ||
	    protocol_get_text(line, "name", &name, e) < 0 ||
	    protocol_get_text(line, "value", &value, e) < 0)
		return -1;
	for (i = 0; i < l->nparams; i++)
		if (strcmp(l->params[i].name, name) == 0)
			return err_set(e, "parameter '%.80s' is there twice",
			    name);
	if (l->nparams == PROTOCOL_PARAMS_MAX)
		return err_set(e, "more than %d parameters",
		    PROTOCOL_PARAMS_MAX);
	l->params = mem_grow(l->params, l->nparams, &l->params_cap,
	    sizeof(*l->params));
	l->params[l->nparams].name = mem_strdup(name);
	l->params[l->nparams].value = mem_strdup(value);
	l->nparams++;
	return 0;
}

/* One CPU per worker, none below `least`. */
static int
take_cpu_list(struct protocol_launch *l, const struct protocol_line *line,
    int least, int **list, struct err *e)
{
	int *v, i, n;

	if (need_launch(l, line, e) < 0)
		return -1;
	if (*list != NULL)
		return err_set(e, "a second '%s' line before 'go'",
		    line->keyword);
	n = protocol_get_int_list(line, "list", &v, e);
	if (n < 0)
		return -1;
	if (n != l->workers)
		err_set(e, "line '%s': a list of %d for %d workers",
		    line->keyword, n, l->workers);
	for (i = 0; i < n; i++)
		if (v[i] < least)
			err_set(e, "line '%s': %d is not a CPU", line->keyword,
			    v[i]);
	if (e->set) {
		free(v);
		return -1;
	}
	*list = v;
	return 0;
}

static int
take_cpus(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	return take_cpu_list(l, line, 0, &l->cpus, e);
}

/* A partner of CPU -1 is wherever the scheduler puts it. */
static int
take_partners(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	return take_cpu_list(l, line, -1, &l->partners, e);
}

static int
take_count(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	return need_launch(l, line, e) < 0 ? -1 :
	    protocol_events_take_mode(l, line, e);
}

static int
take_event(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	return need_launch(l, line, e) < 0 ? -1 :
	    protocol_events_take(l, line, e);
}

static int
take_profile(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	return need_launch(l, line, e) < 0 ? -1 :
	    protocol_events_take_profile(l, line, e);
}

static int
take_go(struct protocol_launch *l, const struct protocol_line *line,
    struct err *e)
{
	if (!l->header)
		return err_set(e, "'go' without a line 'vmstress-plan'");
	if (need_launch(l, line, e) < 0)
		return -1;
	return 1;
}

int
protocol_take_launch(struct protocol_launch *l,
    const struct protocol_line *line, struct err *e)
{
	static const struct {
		const char *keyword;
		int (*take)(struct protocol_launch *,
		    const struct protocol_line *, struct err *);
	} lines[] = {
		{ "vmstress-plan", take_header },
		{ "launch", take_launch_line },
		{ "param", take_param },
		{ "cpus", take_cpus },
		{ "partners", take_partners },
		{ "count", take_count },
		{ "event", take_event },
		{ "profile", take_profile },
		{ "go", take_go },
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(line->keyword, lines[i].keyword) == 0)
			return lines[i].take(l, line, e);
	return 0;
}

void
protocol_launch_free(struct protocol_launch *l)
{
	size_t i;

	for (i = 0; i < l->nparams; i++) {
		free(l->params[i].name);
		free(l->params[i].value);
	}
	free(l->params);
	protocol_events_free(l);
	free(l->workload);
	free(l->plugin);
	free(l->pin);
	free(l->cpus);
	free(l->partners);
	memset(l, 0, sizeof(*l));
}
