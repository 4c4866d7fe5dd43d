/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events in the words of the PMUs themselves, "cpu/event=0x3c,umask=1/k": the
 * kernel describes for each PMU which bits a word sets ("config:0-7,21") and
 * which words an event of that name consists of.  This reaches processors that
 * libpfm4 does not know yet.
 */
#include "config.h"

#include "run/events_source.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "os/events.h"
#include "os/os.h"

/* More than any list of processors has. */
#define PMU_CPUS_MAX 65536

/* ---- files ------------------------------------------------------------- */

static char *
pmu_text(const char *pmu, const char *folder, const char *file, size_t len)
{
	char *path = mem_printf("%s/%s%.*s", pmu, folder, (int)len, file);
	char *text = os_events_pmu_text(path);
	int error = errno;

	free(path);
	errno = error;
	return text;
}

/* "0-3,8": how many CPUs, or -1. */
static int
pmu_cpus(const char *text, int **cpus)
{
	size_t n = 0, cap = 0;
	long first, last;
	char *end;

	*cpus = NULL;
	while (*text != '\0') {
		first = last = strtol(text, &end, 10);
		if (end == text)
			return -1;
		if (*end == '-') {
			text = end + 1;
			last = strtol(text, &end, 10);
			if (end == text)
				return -1;
		}
		if ((*end != ',' && *end != '\0') || first < 0 ||
		    last < first || last >= PMU_CPUS_MAX)
			return -1;
		for (; first <= last; first++) {
			*cpus = mem_grow(*cpus, n, &cap, sizeof(**cpus));
			(*cpus)[n++] = (int)first;
		}
		text = end + (*end == ',');
	}
	return (int)n;
}

/* The CPUs in a file of a PMU; 0 when there is none. */
static int
pmu_cpus_of(const char *pmu, const char *file, int **cpus)
{
	char *text = pmu_text(pmu, "", file, strlen(file));
	int n;

	*cpus = NULL;
	if (text == NULL)
		return 0;
	n = pmu_cpus(text, cpus);
	free(text);
	if (n > 0)
		return n;
	free(*cpus);
	*cpus = NULL;
	return 0;
}

static int
pmu_type(const char *pmu, uint32_t *type)
{
	char *end, *text = pmu_text(pmu, "type", "", 0);
	unsigned long v;

	if (text == NULL)
		return -1;
	v = strtoul(text, &end, 10);
	errno = end == text || *end != '\0' || v > UINT32_MAX ? EINVAL : 0;
	free(text);
	*type = (uint32_t)v;
	return errno != 0 ? -1 : 0;
}

/* ---- kinds of processors ----------------------------------------------- */

static struct {
	struct events_core *list;
	size_t count, cap;
	bool known;
} cores;

static void
pmu_core(const char *pmu)
{
	struct events_core c = { 0 };

	c.ncpus = pmu_cpus_of(pmu, "cpus", &c.cpus);
	if (c.ncpus == 0)
		return;
	if (pmu_type(pmu, &c.type) < 0) {
		free(c.cpus);
		return;
	}
	c.name = mem_strdup(pmu);
	cores.list = mem_grow(cores.list, cores.count, &cores.cap,
	    sizeof(*cores.list));
	cores.list[cores.count++] = c;
}

void
events_pmu_free(void)
{
	size_t i;

	for (i = 0; i < cores.count; i++) {
		free(cores.list[i].name);
		free(cores.list[i].cpus);
	}
	free(cores.list);
	memset(&cores, 0, sizeof(cores));
}

int
events_pmu_cores(const struct events_core **list)
{
	char **names;
	int i, n;

	if (!cores.known) {
		n = os_events_pmu_names("", &names);
		for (i = 0; i < n; i++)
			pmu_core(names[i]);
		if (n >= 0)
			os_events_free_names(names, n);
		/* One kind that is everywhere is no kind. */
		if (cores.count < 2)
			events_pmu_free();
		cores.known = true;
	}
	*list = cores.list;
	return (int)cores.count;
}

/* ---- words ------------------------------------------------------------- */

/*
 * Put the bits of `value` where a format, "config1:0-7,21", says, lowest first.
 * 0, or -1 when it is no format; 1 when the value has more bits than it.
 */
static int
pmu_put(const char *format, uint64_t value, struct protocol_event *v)
{
	uint64_t *config;
	unsigned long bit, last;
	char *end;

	if (strncmp(format, "config:", 7) == 0)
		config = &v->config;
	else if (strncmp(format, "config1:", 8) == 0)
		config = &v->config1;
	else if (strncmp(format, "config2:", 8) == 0)
		config = &v->config2;
	else
		return -1;
	format = strchr(format, ':');
	do {
		format++;
		bit = last = strtoul(format, &end, 10);
		if (end == format)
			return -1;
		if (*end == '-') {
			format = end + 1;
			last = strtoul(format, &end, 10);
			if (end == format)
				return -1;
		}
		if (last > 63 || bit > last || (*end != ',' && *end != '\0'))
			return -1;
		for (; bit <= last; bit++) {
			*config &= ~(UINT64_C(1) << bit);
			*config |= (value & 1) << bit;
			value >>= 1;
		}
		format = end;
	} while (*format == ',');
	return value != 0;
}

/* One word: "umask=0x1", "inv", or the name of an event. */
struct pmu_word {
	const char *pmu;
	const char *name;
	size_t len;
	const char *value;	/* behind '=', or NULL */
	size_t value_len;
};

static enum events_found pmu_words(const char *pmu, const char *words,
    bool alias, struct protocol_event *v);

static int
pmu_number(const struct pmu_word *w, uint64_t *number)
{
	char *text, *end;

	*number = 1;
	if (w->value == NULL)
		return 0;
	text = mem_strndup(w->value, w->value_len);
	errno = 0;
	*number = strtoull(text, &end, 0);
	if (end == text || *end != '\0' || !isdigit((unsigned char)text[0]))
		errno = EINVAL;
	free(text);
	return errno != 0 ? -1 : 0;
}

/* The names in a folder of a PMU, after `lead`. */
static void
pmu_words_known(const char *pmu, const char *folder, const char *lead,
    struct str *text)
{
	char *path = mem_printf("%s/%s", pmu, folder);
	char **names;
	int i, n = os_events_pmu_names(path, &names);

	free(path);
	for (i = 0; i < n; i++)
		if (strchr(names[i], '.') == NULL)
			str_addf(text, "%s%s", i > 0 ? ", " : lead, names[i]);
	if (n >= 0)
		os_events_free_names(names, n);
}

static enum events_found
pmu_bad_word(const struct pmu_word *w, struct protocol_event *v,
    const char *what)
{
	struct str known = { 0 };

	pmu_words_known(w->pmu, "format", "; its words are ", &known);
	pmu_words_known(w->pmu, "events", "; its events are ", &known);
	events_reason(v, "unknown_event", "PMU %s: %s '%.*s'%s", w->pmu, what,
	    (int)w->len, w->name, str_text(&known));
	str_free(&known);
	return EVENTS_WRONG;
}

static enum events_found
pmu_word(const struct pmu_word *w, bool alias, struct protocol_event *v)
{
	static const char *const whole[] = { "config", "config1", "config2" };
	uint64_t *const configs[] = { &v->config, &v->config1, &v->config2 };
	enum events_found found;
	uint64_t number;
	char *text;
	size_t i;
	int r;

	text = alias && w->value == NULL ?
	    pmu_text(w->pmu, "events/", w->name, w->len) : NULL;
	if (text != NULL) {
		found = pmu_words(w->pmu, text, false, v);
		free(text);
		return found;
	}
	if (pmu_number(w, &number) < 0)
		return pmu_bad_word(w, v, w->value_len > 0 &&
		    *w->value == '?' ? "a value must be given for" :
		    "no number is given for");
	for (i = 0; i < 3; i++) {
		if (strlen(whole[i]) == w->len &&
		    strncmp(whole[i], w->name, w->len) == 0) {
			*configs[i] = number;
			return EVENTS_FOUND;
		}
	}
	text = pmu_text(w->pmu, "format/", w->name, w->len);
	if (text == NULL)
		return pmu_bad_word(w, v, "no word");
	r = pmu_put(text, number, v);
	free(text);
	if (r == 0)
		return EVENTS_FOUND;
	return pmu_bad_word(w, v, r > 0 ? "the number is too large for" :
	    "this is beyond vmstress:");
}

/*
 * All words, separated by commas.  Events are words of the user only, lest they
 * consist of each other.
 */
static enum events_found
pmu_words(const char *pmu, const char *words, bool alias,
    struct protocol_event *v)
{
	struct pmu_word w = { .pmu = pmu };
	size_t len;

	for (;; words += len + 1) {
		len = strcspn(words, ",");
		w.name = words;
		w.len = strcspn(words, "=,");
		w.value = w.len < len ? words + w.len + 1 : NULL;
		w.value_len = w.len < len ? len - w.len - 1 : 0;
		if (w.len == 0 || memchr(w.name, '/', w.len) != NULL ||
		    w.name[0] == '.')
			return pmu_bad_word(&w, v, "no word");
		if (pmu_word(&w, alias, v) != EVENTS_FOUND)
			return EVENTS_WRONG;
		if (words[len] == '\0')
			return EVENTS_FOUND;
	}
}

/* ---- names ------------------------------------------------------------- */

static enum events_found
pmu_missing(const char *pmu, struct protocol_event *v)
{
	struct str_nearest near = { .wanted = pmu };
	struct str have = { 0 };
	char **names;
	int i, n = os_events_pmu_names("", &names);

	for (i = 0; i < n; i++) {
		str_nearest_try(&near, names[i]);
		str_addf(&have, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	if (near.best != NULL)
		events_reason(v, "unknown_event", "there is no PMU '%s'; did "
		    "you mean %s", pmu, near.best);
	else if (have.len > 0 && have.len < 200)
		events_reason(v, "not_supported", "there is no PMU '%s' here; "
		    "there is %s", pmu, str_text(&have));
	else
		events_reason(v, "not_supported", "there is no PMU '%s' here",
		    pmu);
	str_free(&have);
	if (n >= 0)
		os_events_free_names(names, n);
	return EVENTS_WRONG;
}

/*
 * Where it counts: each kind of processors has its own PMU (`cpus`); a PMU
 * outside of them is asked by one CPU for many (`cpumask`).
 */
static void
pmu_where(const char *pmu, struct protocol_event *v)
{
	v->ncpus = pmu_cpus_of(pmu, "cpus", &v->cpus);
	if (v->ncpus == 0)
		v->ncpus = pmu_cpus_of(pmu, "cpumask", &v->cpus);
	else if (v->ncpus == os_cpus_online()) {
		free(v->cpus);
		v->cpus = NULL;
		v->ncpus = 0;
	}
}

static enum events_found
pmu_find(const char *pmu, const char *words, const char *modes,
    struct protocol_event *v)
{
	enum events_found found;

	/* It becomes a part of a path. */
	if (*pmu == '\0' || *pmu == '.' || strchr(pmu, '/') != NULL)
		return EVENTS_UNKNOWN;
	if (pmu_type(pmu, &v->type) < 0)
		return errno == ENOENT ? pmu_missing(pmu, v) :
		    events_reason(v, "not_supported", "what the PMUs are is "
		    "not to be found out here: %s", strerror(errno));
	found = pmu_words(pmu, words, true, v);
	if (found != EVENTS_FOUND)
		return found;
	if (events_table_modes(modes + (*modes == ':'), v) < 0)
		return events_reason(v, "unknown_event", "'%s' behind the "
		    "last '/' is not out of the letters ukh", modes);
	pmu_where(pmu, v);
	return EVENTS_FOUND;
}

enum events_found
events_pmu(const char *name, struct protocol_event *v)
{
	enum events_found found = EVENTS_UNKNOWN;
	char *text = mem_strdup(name), *words, *modes;

	words = strchr(text, '/');
	modes = words != NULL ? strchr(words + 1, '/') : NULL;
	if (modes != NULL && strchr(modes + 1, '/') == NULL) {
		*words++ = '\0';
		*modes++ = '\0';
		found = pmu_find(text, words, modes, v);
	}
	free(text);
	v->name = mem_strdup(name);
	return found;
}
