/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest of a campaign, and what it is written with; see campaign.h. */
#include "config.h"

#include "record/campaign.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"
#include "record/reader_schema.h"

static const struct journal_kind campaign_journal = {
	.noun = "campaign",
	.schema = "\"vmstress-campaign/",
	.foreign = "not a campaign of vmstress",
	.busy = "another vmstress is at work on this campaign (wait for it, "
	    "or choose another folder)",
	.exists = "there is a campaign already (choose another folder, or "
	    "continue it with --resume)",
};

static const char *const campaign_states[] = {
	[CAMPAIGN_OPEN] = NULL,
	[CAMPAIGN_RESULT] = "result",
	[CAMPAIGN_FAILED] = "failed",
	[CAMPAIGN_LOST] = "lost",
	[CAMPAIGN_INTERRUPTED] = "interrupted",
};

const char *
campaign_state_name(enum campaign_state state)
{
	return campaign_states[state];
}

bool
campaign_counts(const struct campaign_boot *b)
{
	return b->state == CAMPAIGN_RESULT || b->state == CAMPAIGN_FAILED ||
	    b->state == CAMPAIGN_LOST;
}

bool
campaign_is_name(const char *name)
{
	size_t len = strlen(name), bad;
	const char *p;

	for (p = name; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f ||
		    strchr("/\\=", *p) != NULL)
			return false;
	return len > 0 && len <= CAMPAIGN_NAME_MAX && name[0] != '.' &&
	    name[0] != '-' && str_utf8(name, len, &bad);
}

char *
campaign_path(const char *folder, const char *file)
{
	size_t len = strlen(folder);

	while (len > 1 && folder[len - 1] == '/')
		len--;
	return mem_printf("%.*s%s%s", (int)len, folder,
	    folder[len - 1] == '/' ? "" : "/", file);
}

char *
campaign_log(const char *folder, const struct campaign_boot *b)
{
	char *path = campaign_path(folder, b->log);

	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

bool
campaign_is_folder(const char *folder)
{
	char *path;
	struct stat st;
	bool is;

	if (folder[0] == '\0')
		return false;
	path = campaign_path(folder, CAMPAIGN_FILE);
	is = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	free(path);
	return is;
}

/* ---- writing ------------------------------------------------------------ */

int
campaign_create(struct journal *j, const char *folder, struct err *e)
{
	char *path = campaign_path(folder, CAMPAIGN_FILE);
	int status = journal_create_kind(j, &campaign_journal, path, e);

	free(path);
	return status;
}

int
campaign_append(struct journal *j, const char *folder, struct err *e)
{
	char *path = campaign_path(folder, CAMPAIGN_FILE);
	int status = journal_append_kind(j, &campaign_journal, path, e);

	free(path);
	return status;
}

static void
campaign_put_texts(struct json_line *j, const char *key, char *const *texts,
    size_t n)
{
	size_t i;

	json_line_list(j, key);
	for (i = 0; i < n; i++)
		json_line_append_text(j, key, texts[i]);
}

struct json_line *
campaign_header_line(const struct campaign_settings *s)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "type", "campaign");
	json_line_text(j, "schema", "vmstress-campaign/1");
	json_line_text(j, "id", s->id);
	json_line_text(j, "started", s->started);
	json_line_text(j, "tool", s->tool);
	json_line_text(j, "config", s->config);
	json_line_text(j, "order", s->order);
	json_line_u64(j, "seed", s->seed);
	json_line_int(j, "kernels", s->kernels);
	json_line_int(j, "boots", s->boots);
	json_line_int(j, "cpus", s->cpus);
	json_line_u64(j, "memory_bytes", s->memory_bytes);
	json_line_bool(j, "allow_tcg", s->allow_tcg);
	json_line_bool(j, "hugepages", s->hugepages);
	json_line_u64(j, "boot_timeout_ns", s->boot_timeout_ns);
	campaign_put_texts(j, "qemu_args", s->qemu_args, s->nqemu_args);
	json_line_text(j, "image", s->image);
	json_line_text(j, "image_digest", s->image_digest);
	return j;
}

struct json_line *
campaign_kernel_line(const struct campaign_kernel *k)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "type", "kernel");
	json_line_text(j, "name", k->name);
	json_line_text(j, "spec", k->spec);
	json_line_text(j, "runner", k->runner);
	json_line_text(j, "kind", k->kind);
	json_line_text(j, "arch", k->arch);
	json_line_text(j, "version", k->version);
	json_line_text(j, "file", k->file);
	json_line_text(j, "digest", k->digest);
	json_line_text(j, "append", k->append);
	json_line_text(j, "config", k->config);
	json_line_text(j, "problem", k->problem);
	return j;
}

struct json_line *
campaign_begin_line(const struct campaign_boot *b, const char *kernel)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "type", "begin");
	json_line_int(j, "boot", b->number);
	json_line_int(j, "attempt", b->attempt);
	json_line_int(j, "round", b->round);
	json_line_int(j, "position", b->position);
	json_line_text(j, "kernel", kernel);
	json_line_text(j, "started", b->started);
	json_line_text(j, "record", b->record);
	json_line_text(j, "log", b->log);
	return j;
}

struct json_line *
campaign_end_line(const struct campaign_boot *b)
{
	struct json_line *j = json_line_new();

	json_line_text(j, "type", "end");
	json_line_int(j, "boot", b->number);
	json_line_int(j, "attempt", b->attempt);
	json_line_text(j, "state", campaign_state_name(b->state));
	json_line_text(j, "how", b->how);
	json_line_text(j, "reason", b->reason);
	campaign_put_texts(j, "tail", b->tail, b->ntail);
	json_line_u64(j, "elapsed_ns", b->elapsed_ns);
	return j;
}

/* ---- the records of its boots -------------------------------------------- */

char *
campaign_stamp(const char *header, struct json_line *boot, struct err *e)
{
	char *section = json_line_string(boot), *text = NULL;
	json_t *host = json_loads(section, 0, NULL);
	json_t *line = json_loads(header, 0, NULL), *guest;

	json_line_free(boot);
	if (reader_schema_check(&reader_schema_record, line, e) == 0) {
		/* The guest has begun it; the host knows better. */
		guest = json_object_get(line, "boot");
		if (json_is_object(guest))
			json_object_update(guest, host);
		else
			json_object_set(line, "boot", host);
		text = json_dumps(line, JSON_COMPACT);
	}
	json_decref(host);
	json_decref(line);
	free(section);
	return text;
}

/* ---- the end ------------------------------------------------------------- */

static void
campaign_free_texts(char **texts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(texts[i]);
	free(texts);
}

static void
campaign_free_settings(struct campaign_settings *s)
{
	free(s->id);
	free(s->started);
	free(s->tool);
	free(s->config);
	free(s->order);
	campaign_free_texts(s->qemu_args, s->nqemu_args);
	free(s->image);
	free(s->image_digest);
}

static void
campaign_free_kernel(struct campaign_kernel *k)
{
	free(k->name);
	free(k->spec);
	free(k->runner);
	free(k->kind);
	free(k->arch);
	free(k->version);
	free(k->file);
	free(k->digest);
	free(k->append);
	free(k->config);
	free(k->problem);
}

static void
campaign_free_boot(struct campaign_boot *b)
{
	free(b->record);
	free(b->log);
	free(b->started);
	free(b->how);
	free(b->reason);
	campaign_free_texts(b->tail, b->ntail);
}

void
campaign_free(struct campaign *c)
{
	size_t i;

	campaign_free_settings(&c->settings);
	for (i = 0; i < c->nkernels; i++)
		campaign_free_kernel(&c->kernels[i]);
	for (i = 0; i < c->nboots; i++)
		campaign_free_boot(&c->boots[i]);
	free(c->kernels);
	free(c->boots);
	memset(c, 0, sizeof(*c));
}
