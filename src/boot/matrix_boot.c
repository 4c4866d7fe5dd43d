/* SPDX-License-Identifier: BSD-2-Clause */
/* One boot of a campaign: its record, and its end in the manifest. */
#include "config.h"

#include "boot/matrix_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "boot/backing.h"
#include "boot/rounds.h"
#include "boot/session.h"
#include "os/os.h"

struct matrix_boot {
	struct matrix *m;
	struct campaign_boot *b;
	const struct campaign_kernel *kernel;
	const struct matrix_target *target;
	struct session session;
	struct runner_boot boot;
	struct journal record;		/* open once the guest has begun one */
	struct err error;		/* of the record's file */
	struct err header;		/* what the guest sent is no record */
	bool in_launch;
	int cell, launch;		/* of the launch that goes on */
	uint64_t left_ns;		/* of the boots behind */
	int *cpus;
	char *pinning;			/* why its processors are not bound */
};

/* ---- what the host knows about it ----------------------------------------- */

static void
matrix_boot_fact(void *arg, const char *key, const char *value)
{
	static const struct {
		const char *key, *name;
	} rows[] = {
		{ "kernel.release", "host_kernel" },
		{ "machine.cpu_model", "host_cpu" },
		{ "env.loadavg", "host_load" },
		{ "env.pressure_cpu", "host_pressure" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(key, rows[i].key) == 0)
			json_line_text(arg, rows[i].name, value);
}

static void
matrix_boot_number(struct json_line *j, const char *key, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	json_line_text(j, key, text);
}

/* "1:1 on 0,1", or why not. */
static void
matrix_boot_pinning(struct json_line *j, const struct matrix_boot *mb)
{
	struct str text = { 0 };
	int i;

	if (mb->session.cpus == NULL || !mb->session.pinned) {
		str_addf(&text, "none: %s", mb->pinning != NULL ? mb->pinning :
		    "unsupported: they could not be bound");
	} else {
		str_add(&text, "1:1 on ");
		for (i = 0; i < mb->session.ncpus; i++)
			str_addf(&text, "%s%d", i > 0 ? "," : "",
			    mb->session.cpus[i]);
	}
	json_line_text(j, "pinning", str_text(&text));
	str_free(&text);
}

static void
matrix_boot_commands(struct json_line *j, const struct matrix_boot *mb)
{
	struct arguments a = { 0 };
	struct str line = { 0 }, command = { 0 };

	mb->target->runner->command(&mb->boot, &a, &line);
	arguments_text(&a, &command);
	json_line_text(j, "command_line", str_text(&line));
	json_line_text(j, "command", str_text(&command));
	arguments_free(&a);
	str_free(&line);
	str_free(&command);
}

/* The section "boot" of its record: texts, as all facts are. */
static struct json_line *
matrix_boot_facts(const struct matrix_boot *mb)
{
	const struct runner_host *host = &mb->target->host;
	const struct campaign_settings *s = &mb->m->campaign.settings;
	struct json_line *j = json_line_new();

	json_line_text(j, "campaign", s->id);
	json_line_text(j, "kernel", mb->kernel->name);
	matrix_boot_number(j, "round", (uint64_t)mb->b->round);
	matrix_boot_number(j, "position", (uint64_t)mb->b->position);
	matrix_boot_number(j, "attempt", (uint64_t)mb->b->attempt);
	json_line_text(j, "runner", mb->target->runner->name);
	if (host->version != NULL)
		json_line_text(j, "runner_version", host->version);
	json_line_text(j, "accelerator", host->accelerator);
	matrix_boot_number(j, "cpus", (uint64_t)host->cpus);
	matrix_boot_number(j, "memory_bytes", s->memory_bytes);
	json_line_text(j, "backing", host->backing);
	matrix_boot_pinning(j, mb);
	json_line_text(j, "kernel_digest", mb->kernel->digest);
	json_line_text(j, "guest_digest", s->image_digest);
	matrix_boot_commands(j, mb);
	os_facts(matrix_boot_fact, j);
	os_facts_now(matrix_boot_fact, j);
	return j;
}

/* ---- its record ------------------------------------------------------------ */

static void
matrix_boot_write(struct matrix_boot *mb, const char *text)
{
	if (!mb->error.set)
		journal_write_text(&mb->record, text, &mb->error);
}

/* The first line is the header; only then there is a record. */
static void
matrix_boot_open(struct matrix_boot *mb, const char *header)
{
	char *path, *stamped;

	stamped = campaign_stamp(header, matrix_boot_facts(mb), &mb->header);
	if (stamped == NULL)
		return;
	path = matrix_path(mb->m, mb->b->record);
	if (journal_create(&mb->record, path, &mb->error) == 0)
		matrix_boot_write(mb, stamped);
	free(path);
	free(stamped);
}

static void
matrix_boot_line(void *arg, const char *json)
{
	struct matrix_boot *mb = arg;

	if (mb->record.fd >= 0)
		matrix_boot_write(mb, json);
	else if (!mb->error.set && !mb->header.set)
		matrix_boot_open(mb, json);
}

static void
matrix_boot_begin(void *arg, const struct wire_begin *b)
{
	struct matrix_boot *mb = arg;
	const struct matrix_watch *watch = mb->m->watch;

	/* What came before is a whole launch. */
	if (mb->record.fd >= 0 && !mb->error.set)
		journal_sync(&mb->record, &mb->error);
	mb->in_launch = true;
	mb->cell = b->cell;
	mb->launch = b->launch;
	if (watch->launch != NULL)
		watch->launch(watch->arg, b, b->left_ns + mb->left_ns);
}

static void
matrix_boot_config(void *arg, const char *line)
{
	struct matrix_boot *mb = arg;

	matrix_configs_line(mb->m, mb->b->kernel, line);
}

static void
matrix_boot_tick(void *arg)
{
	struct matrix_boot *mb = arg;

	if (mb->m->watch->tick != NULL)
		mb->m->watch->tick(mb->m->watch->arg);
}

/* The launch in which a machine was lost has failed. */
static void
matrix_boot_lost_launch(struct matrix_boot *mb)
{
	struct json_line *j;

	if (mb->record.fd < 0 || !mb->in_launch || mb->error.set)
		return;
	j = json_line_new();
	json_line_text(j, "type", "end");
	json_line_int(j, "cell", mb->cell);
	json_line_int(j, "launch", mb->launch);
	json_line_text(j, "status", "failed");
	json_line_text(j, "reason", mb->b->reason);
	journal_write(&mb->record, j, &mb->error);
}

/* ---- the boot --------------------------------------------------------------- */

/* A CPU of the host for each processor, when there are as many. */
static void
matrix_boot_cpus(struct matrix_boot *mb)
{
	int n = mb->target->host.cpus, there = place_ncpu(mb->m->place);
	struct err why = { 0 };

	if (n > there) {
		mb->pinning = mem_printf("%d processors, and %d CPU%s of the "
		    "host", n, there, there == 1 ? "" : "s");
		return;
	}
	mb->cpus = mem_array(NULL, (size_t)n, sizeof(int));
	if (place_workers(mb->m->place, "cores", n, mb->cpus, &why) != 1) {
		mb->pinning = mem_strdup(why.set ? why.text : "not bound");
		return;
	}
	mb->session.cpus = mb->cpus;
	mb->session.ncpus = n;
}

static void
matrix_boot_ended(struct campaign_boot *b, struct session_end *end)
{
	b->state = end->state;
	b->how = end->how != NULL ? mem_strdup(end->how) : NULL;
	b->reason = end->reason[0] != '\0' ? str_safe_copy(end->reason) : NULL;
	b->tail = end->tail;
	b->ntail = end->ntail;
	b->elapsed_ns = end->elapsed_ns > 0 ? end->elapsed_ns : 1;
	end->tail = NULL;
	end->ntail = 0;
}

/* A guest that is content without a record: there is no result without one. */
static void
matrix_boot_unrecorded(struct matrix_boot *mb)
{
	struct campaign_boot *b = mb->b;

	if (b->state != CAMPAIGN_RESULT || mb->record.fd >= 0)
		return;
	b->state = CAMPAIGN_FAILED;
	free(b->reason);
	b->reason = mem_printf("the guest has sent no record%s%s",
	    mb->header.set ? ": " : "", mb->header.text);
}

/* What keeps it from being started is a loss of its own kind. */
static void
matrix_boot_never(struct campaign_boot *b, const char *how, const char *why)
{
	struct session_end end = { .state = CAMPAIGN_LOST, .how = how };

	snprintf(end.reason, sizeof(end.reason), "%s", why);
	matrix_boot_ended(b, &end);
}

static int
matrix_boot_session(struct matrix_boot *mb, struct err *e)
{
	const struct campaign_settings *s = &mb->m->campaign.settings;
	struct session_end end = { 0 };
	char *said = NULL;
	int rc;

	mb->session.boot_timeout_ns = s->boot_timeout_ns > 0 ?
	    s->boot_timeout_ns : runner_boot_timeout_ns(&mb->target->host);
	said = mem_printf("%.*s.said", (int)(strlen(mb->boot.log) - 4),
	    mb->boot.log);
	mb->session.said = said;
	rc = session_run(&mb->session, &end, e);
	if (rc == 0) {
		/* Behind the configuration came a launch, and no gap. */
		if (end.whole && mb->in_launch)
			matrix_configs_end(mb->m, mb->b->kernel);
		matrix_boot_ended(mb->b, &end);
		matrix_boot_unrecorded(mb);
		if (mb->b->state == CAMPAIGN_LOST)
			matrix_boot_lost_launch(mb);
		if (mb->record.fd >= 0 && !mb->error.set)
			journal_sync(&mb->record, &mb->error);
	}
	session_end_free(&end);
	free(said);
	if (rc == 0 && mb->error.set) {
		*e = mb->error;
		rc = -1;
	}
	return rc;
}

static int
matrix_boot_start(struct matrix_boot *mb, struct err *e)
{
	struct matrix *m = mb->m;
	const struct campaign_settings *s = &m->campaign.settings;
	char *kernel = matrix_path(m, mb->kernel->file);
	char *guest = matrix_path(m, s->image), *log = matrix_path(m, mb->b->log);
	char *arguments = mem_printf("seed=%" PRIu64 "%s",
	    rounds_seed(s->seed, mb->b->round),
	    matrix_configs_has(m, mb->b->kernel) ? "" : " config=1");
	int rc = 0;

	matrix_configs_begin(m, mb->b->kernel);
	mb->boot = (struct runner_boot){
		.machine = &m->machine, .host = &mb->target->host,
		.image = &mb->target->image, .kernel = kernel,
		.initramfs = guest, .append = mb->kernel->append,
		.guest = arguments, .log = log, .folder = m->guard.folder,
	};
	if (m->guard.pid == 0)
		rc = guard_start(&m->guard, m->guardian, e);
	mb->boot.folder = m->guard.folder;
	if (rc == 0) {
		matrix_boot_cpus(mb);
		rc = matrix_boot_session(mb, e);
	}
	free(kernel);
	free(guest);
	free(log);
	free(arguments);
	return rc;
}

int
matrix_boot(struct matrix *m, struct campaign_boot *b, uint64_t left_ns,
    struct err *e)
{
	struct matrix_boot mb = {
		.m = m,
		.b = b,
		.kernel = &m->campaign.kernels[b->kernel],
		.target = &m->targets[b->kernel],
		.record = { .fd = -1 },
		.left_ns = left_ns,
	};
	int rc = 0;

	mb.session = (struct session){
		.guard = &m->guard, .runner = mb.target->runner,
		.boot = &mb.boot, .on_begin = matrix_boot_begin,
		.on_line = matrix_boot_line, .on_config = matrix_boot_config,
		.on_tick = matrix_boot_tick, .arg = &mb,
	};
	/* What the host lacks is no fault of the kernel's. */
	if ((mb.kernel->problem == NULL && backing_check(&m->machine, e) != 0) ||
	    matrix_write(m, campaign_begin_line(b, mb.kernel->name), e) != 0)
		return -1;
	if (mb.kernel->problem != NULL)
		matrix_boot_never(b, "unbootable", mb.kernel->problem);
	else
		rc = matrix_boot_start(&mb, e);
	journal_close(&mb.record);
	free(mb.cpus);
	free(mb.pinning);
	return rc != 0 ? -1 : matrix_write(m, campaign_end_line(b), e);
}
