/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder of a campaign: made new, or gone on with. */
#include "config.h"

#include "boot/matrix.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "boot/backing.h"
#include "boot/matrix_parts.h"
#include "boot/pack.h"
#include "os/os.h"
#include "run/run.h"
#include "run/tool.h"

static void
matrix_create_machine(struct matrix *m)
{
	const struct campaign_settings *s = &m->campaign.settings;

	m->machine = (struct machine){
		.cpus = s->cpus,
		.memory_bytes = s->memory_bytes,
		.allow_tcg = s->allow_tcg,
		.hugepages = s->hugepages,
		.qemu_args = s->qemu_args,
		.nqemu_args = s->nqemu_args,
	};
}

/* ---- what it is made of --------------------------------------------------- */

static int
matrix_create_unique(const struct matrix_request *q, size_t i, struct err *e)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (strcmp(q->kernels[i].name, q->kernels[j].name) == 0)
			return err_set(e, "two kernels are called '%s': give "
			    "each a name of its own (--kernel NAME=PATH)",
			    q->kernels[i].name);
	return 0;
}

static int
matrix_create_find(struct matrix *m, const struct matrix_request *q,
    struct matrix_source *sources, struct err *e)
{
	struct campaign *c = &m->campaign;
	size_t i, good = 0;

	for (i = 0; i < q->nkernels; i++) {
		if (matrix_create_unique(q, i, e) != 0 ||
		    matrix_kernels_find(m, &q->kernels[i], q->append,
		    &c->kernels[i], &m->targets[i], &sources[i], e) != 0)
			return -1;
		good += c->kernels[i].problem == NULL;
	}
	if (good == 0)
		return err_set(e, "none of the kernels can be booted");
	return backing_check(&m->machine, e);
}

/* The header and the cells of a record without launches. */
static int
matrix_create_plan(struct matrix *m, const struct plan *plan, struct err *e)
{
	struct journal j = { .fd = -1 };
	char *path = matrix_path(m, MATRIX_PLAN);
	size_t i;
	int rc;

	rc = journal_create(&j, path, e);
	if (rc == 0)
		rc = journal_write(&j, journal_run_line(plan,
		    m->campaign.settings.started, tool_facts(plan), NULL), e);
	for (i = 0; i < plan->ncells && rc == 0; i++)
		rc = journal_write(&j, journal_cell_line(&plan->cells[i]), e);
	if (rc == 0)
		rc = journal_sync(&j, e);
	journal_close(&j);
	free(path);
	return rc;
}

/* A kernel for other processors than those of the program cannot run it. */
static void
matrix_create_arch(struct matrix *m, const char *arch)
{
	size_t i;

	for (i = 0; i < m->campaign.nkernels; i++) {
		struct campaign_kernel *k = &m->campaign.kernels[i];

		if (k->problem != NULL || strcmp(k->arch, arch) == 0)
			continue;
		k->problem = mem_printf("it is a kernel for %s, and vmstress "
		    "in the guest is a program for %s (--program)", k->arch,
		    arch);
		matrix_say(m, "kernel %s cannot be booted: %s", k->name,
		    k->problem);
	}
}

static int
matrix_create_guest(struct matrix *m, const struct matrix_request *q,
    struct err *e)
{
	struct campaign_settings *s = &m->campaign.settings;
	char *plan = matrix_path(m, MATRIX_PLAN);
	char *path = matrix_path(m, MATRIX_GUEST);
	const char *arch = NULL;
	struct pack pack = {
		.program = q->program, .libexec = q->libexec,
		.sysroot = q->sysroot, .plan = plan, .plugins = q->plugins,
		.nplugins = q->nplugins,
	};
	int rc = pack_make(&pack, path, &arch, e);

	if (rc == 0) {
		matrix_create_arch(m, arch);
		s->image = mem_strdup(MATRIX_GUEST);
		s->image_digest = matrix_digest(path, e);
		rc = s->image_digest != NULL ? 0 : -1;
	}
	free(plan);
	free(path);
	return rc;
}

static int
matrix_create_manifest(struct matrix *m, struct err *e)
{
	struct campaign *c = &m->campaign;
	size_t i;
	int rc;

	if (campaign_create(&m->manifest, m->folder, e) != 0)
		return -1;
	rc = journal_write(&m->manifest, campaign_header_line(&c->settings), e);
	for (i = 0; i < c->nkernels && rc == 0; i++)
		rc = journal_write(&m->manifest,
		    campaign_kernel_line(&c->kernels[i]), e);
	return rc == 0 ? journal_sync(&m->manifest, e) : -1;
}

static int
matrix_create_mkdir(const struct matrix *m, const char *name, struct err *e)
{
	char *path = matrix_path(m, name);
	int rc = mkdir(path, 0777);

	if (rc != 0)
		err_errno(e, "cannot make the folder %s", path);
	free(path);
	return rc;
}

/* In the folder, which has just been made. */
static int
matrix_create_fill(struct matrix *m, const struct matrix_request *q,
    const struct matrix_source *sources, struct err *e)
{
	size_t i;

	if (matrix_create_mkdir(m, MATRIX_KERNELS, e) != 0 ||
	    matrix_create_mkdir(m, MATRIX_BOOTS, e) != 0 ||
	    matrix_create_plan(m, q->plan, e) != 0 ||
	    matrix_create_guest(m, q, e) != 0)
		return -1;
	for (i = 0; i < q->nkernels; i++)
		if (matrix_kernels_keep(m, &m->campaign.kernels[i],
		    &m->targets[i], &sources[i], e) != 0)
			return err_prefix(e, "kernel %s",
			    m->campaign.kernels[i].name);
	return matrix_create_manifest(m, e);
}

static int
matrix_create_folder(struct matrix *m, const struct matrix_request *q,
    const struct matrix_source *sources, struct err *e)
{
	if (mkdir(m->folder, 0777) != 0)
		return errno == EEXIST ? err_set(e, "%s is there already: "
		    "choose another folder, or go on with it (--resume)",
		    m->folder) : err_errno(e, "cannot make the folder %s",
		    m->folder);
	if (matrix_create_fill(m, q, sources, e) == 0)
		return 0;
	io_remove_folder(m->folder);
	return -1;
}

/* ---- new -------------------------------------------------------------------- */

static char *
matrix_create_dup(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

/* What was asked for, and what makes this campaign itself. */
static void
matrix_create_settings(struct matrix *m, const struct matrix_request *q)
{
	struct campaign_settings *s = &m->campaign.settings;
	char started[32];
	uint64_t id, now = os_now_ns();
	size_t i;

	*s = q->settings;
	run_now_text(started, sizeof(started));
	s->started = mem_strdup(started);
	id = hash_bytes(hash_text(started), &now, sizeof(now));
	s->id = mem_printf("%016" PRIx64, id);
	s->tool = mem_strdup(PACKAGE_VERSION);
	s->kernels = (int)q->nkernels;
	s->config = matrix_create_dup(q->plan->name);
	s->order = matrix_create_dup(q->settings.order);
	s->qemu_args = mem_zalloc((s->nqemu_args + 1) * sizeof(char *));
	for (i = 0; i < s->nqemu_args; i++)
		s->qemu_args[i] = mem_strdup(q->settings.qemu_args[i]);
}

int
matrix_create(struct matrix *m, const struct matrix_request *q, struct err *e)
{
	struct matrix_source *sources;
	size_t i;
	int rc;

	m->manifest.fd = m->guard.fd = -1;
	matrix_create_settings(m, q);
	matrix_create_machine(m);
	m->campaign.kernels = mem_zalloc(q->nkernels *
	    sizeof(*m->campaign.kernels));
	m->campaign.nkernels = q->nkernels;
	m->targets = mem_zalloc(q->nkernels * sizeof(*m->targets));
	sources = mem_zalloc(q->nkernels * sizeof(*sources));
	rc = matrix_create_find(m, q, sources, e);
	if (rc == 0)
		rc = matrix_create_folder(m, q, sources, e);
	for (i = 0; i < q->nkernels; i++)
		matrix_kernels_free(&sources[i]);
	free(sources);
	return rc;
}

/* ---- again ------------------------------------------------------------------ */

static int
matrix_create_same_guest(struct matrix *m, struct err *e)
{
	const struct campaign_settings *s = &m->campaign.settings;
	char *path = matrix_path(m, s->image);
	char *digest = matrix_digest(path, e);
	int rc = digest == NULL ? -1 : 0;

	if (rc == 0 && strcmp(digest, s->image_digest) != 0)
		rc = err_set(e, "%s is not the guest that the campaign began "
		    "with: begin a new one", path);
	free(path);
	free(digest);
	return rc;
}

int
matrix_resume(struct matrix *m, struct err *e)
{
	size_t i;

	m->manifest.fd = m->guard.fd = -1;
	/* The lock first: two may not go on with one campaign. */
	if (campaign_append(&m->manifest, m->folder, e) != 0 ||
	    campaign_read(&m->campaign, m->folder, e) != 0)
		return -1;
	matrix_create_machine(m);
	if (m->campaign.nkernels != (size_t)m->campaign.settings.kernels)
		return err_set(e, "%s/" CAMPAIGN_FILE ": the campaign was cut "
		    "short before its first boot: begin a new one", m->folder);
	m->targets = mem_zalloc(m->campaign.nkernels * sizeof(*m->targets));
	if (matrix_create_same_guest(m, e) != 0)
		return -1;
	for (i = 0; i < m->campaign.nkernels; i++)
		if (matrix_kernels_again(m, &m->campaign.kernels[i],
		    &m->targets[i], e) != 0)
			return err_prefix(e, "kernel %s",
			    m->campaign.kernels[i].name);
	return 0;
}
