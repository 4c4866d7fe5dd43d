/* SPDX-License-Identifier: BSD-2-Clause */
/* The facts of the system, sorted into the sections of a record. */
#include "config.h"

#include "record/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "os/os.h"

/* In the order in which a reader wants them. */
static const char *const fingerprint_sections[] = {
	"kernel", "machine", "tunables", "limits", "vm", "ids", "env", NULL
};

/* The first dot ends the section; a key without one belongs to env. */
void
fingerprint_add(struct json_line *facts, const char *key, const char *value)
{
	const char *dot = strchr(key, '.');
	char *section;

	if (dot == NULL) {
		json_line_fact(facts, "env", key, value);
		return;
	}
	section = mem_strndup(key, (size_t)(dot - key));
	json_line_fact(facts, section, dot + 1, value);
	free(section);
}

static void
fingerprint_take(void *arg, const char *key, const char *value)
{
	fingerprint_add(arg, key, value);
}

static void
fingerprint_take_flat(void *arg, const char *key, const char *value)
{
	const char *dot = strchr(key, '.');

	json_line_text(arg, dot != NULL ? dot + 1 : key, value);
}

struct json_line *
fingerprint_now(void)
{
	struct json_line *now = json_line_new();

	os_facts_now(fingerprint_take_flat, now);
	return now;
}

struct json_line *
fingerprint_read(void)
{
	struct json_line *facts = json_line_new();
	int i;

	for (i = 0; fingerprint_sections[i] != NULL; i++)
		json_line_object(facts, fingerprint_sections[i],
		    json_line_new());
	os_facts(fingerprint_take, facts);
	os_facts_now(fingerprint_take, facts);
	return facts;
}
