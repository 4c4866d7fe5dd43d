/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: the values in the files that hold statistics. */
#include "config.h"

#include "os/linux_statistics_parse.h"

#include <stdbool.h>
#include <string.h>

/* ---- pieces of a text -------------------------------------------------- */

static const char *
parse_blanks(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

/* The word that begins here has so many bytes. */
static size_t
parse_word(const char *s)
{
	return strcspn(s, " \t\n");
}

static const char *
parse_next_line(const char *s)
{
	s += strcspn(s, "\n");
	return *s == '\n' ? s + 1 : s;
}

/*
 * A number that is a word of its own, and what follows it.  What is more than
 * 64 bits is none.
 */
static bool
parse_number(const char **s, uint64_t *value)
{
	const char *at = parse_blanks(*s);
	uint64_t v = 0, digit;

	if (*at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++) {
		digit = (uint64_t)(*at - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (*at != ' ' && *at != '\t' && *at != '\n' && *at != '\0')
		return false;
	*s = at;
	*value = v;
	return true;
}

int
linux_statistics_parse_numbers(const char *text, uint64_t *sum, int n)
{
	uint64_t value;
	int i;

	for (i = 0; i < n && parse_number(&text, &value); i++)
		sum[i] += value;
	return i;
}

/* Does the line begin with this word?  What follows it, or NULL. */
static const char *
parse_after(const char *line, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(line, word, len) != 0 || parse_word(line) != len)
		return NULL;
	return line + len;
}

static void
parse_give(const struct linux_statistics_sink *to, const char *source,
    const char *name, uint64_t value)
{
	to->fn(to->arg, source, name, strlen(name), value);
}

/* ---- /proc/vmstat ------------------------------------------------------- */

/* Limits that are computed from others; they change whenever memory does. */
static bool
parse_derived(const char *line)
{
	return parse_after(line, "nr_dirty_threshold") != NULL ||
	    parse_after(line, "nr_dirty_background_threshold") != NULL;
}

void
linux_statistics_parse_vmstat(const struct linux_statistics_sink *to,
    const char *text, const char *what)
{
	const char *line, *at;
	uint64_t value;
	size_t len;

	(void)what;
	for (line = text; *line != '\0'; line = parse_next_line(line)) {
		len = parse_word(line);
		at = line + len;
		if (len > 0 && parse_number(&at, &value) &&
		    !parse_derived(line))
			to->fn(to->arg, "vmstat", line, len, value);
	}
}

/* ---- /proc/stat --------------------------------------------------------- */

static const char *const parse_times[] = {
	"user_ns", "nice_ns", "system_ns", "idle_ns", "iowait_ns", "irq_ns",
	"softirq_ns", "steal_ns", "guest_ns", "guest_nice_ns",
};

/* As the rows of /proc/softirqs, which says the same for each processor. */
static const char *const parse_softirqs[] = {
	"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET",
	"SCHED", "HRTIMER", "RCU",
};

#define PARSE_COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static void
parse_stat_times(const struct linux_statistics_sink *to, const char *at)
{
	uint64_t value;
	int i;

	for (i = 0; i < PARSE_COUNT(parse_times); i++)
		if (parse_number(&at, &value))
			parse_give(to, "stat", parse_times[i],
			    value * to->tick_ns);
}

static void
parse_stat_softirqs(const struct linux_statistics_sink *to, const char *at)
{
	uint64_t value;
	int i;

	if (!parse_number(&at, &value))		/* of all kinds */
		return;
	for (i = 0; i < PARSE_COUNT(parse_softirqs); i++)
		if (parse_number(&at, &value))
			parse_give(to, "softirqs", parse_softirqs[i], value);
}

void
linux_statistics_parse_stat(const struct linux_statistics_sink *to,
    const char *text, const char *what)
{
	static const char *const singles[] = { "intr", "ctxt", "processes" };
	const char *line, *at;
	uint64_t value;
	int i;

	(void)what;
	for (line = text; *line != '\0'; line = parse_next_line(line)) {
		at = parse_after(line, "cpu");
		if (at != NULL)
			parse_stat_times(to, at);
		at = parse_after(line, "softirq");
		if (at != NULL)
			parse_stat_softirqs(to, at);
		for (i = 0; i < PARSE_COUNT(singles); i++) {
			at = parse_after(line, singles[i]);
			if (at != NULL && parse_number(&at, &value))
				parse_give(to, "stat", singles[i], value);
		}
	}
}

/* ---- /proc/interrupts --------------------------------------------------- */

/* One word of the first line for each processor. */
static int
parse_columns(const char *line)
{
	int n = 0;

	for (line = parse_blanks(line); *line != '\n' && *line != '\0'; n++)
		line = parse_blanks(line + parse_word(line));
	return n;
}

/*
 * Rows that have a name instead of a number: those of the processors
 * themselves (TLB, CAL, RES, LOC; IPI0 and so on), not those of devices.
 */
void
linux_statistics_parse_interrupts(const struct linux_statistics_sink *to,
    const char *text, const char *what)
{
	int i, columns = parse_columns(text);
	const char *line, *at;
	uint64_t sum, value;
	size_t len;

	(void)what;
	line = parse_next_line(text);
	for (; *line != '\0'; line = parse_next_line(line)) {
		at = parse_blanks(line);
		len = strcspn(at, ": \t\n");
		if (len == 0 || at[len] != ':' || (at[0] >= '0' && at[0] <= '9'))
			continue;
		line = at;
		at += len + 1;
		sum = 0;
		for (i = 0; i < columns && parse_number(&at, &value); i++)
			sum += value;
		if (i > 0)
			to->fn(to->arg, "interrupts", line, len, sum);
	}
}

/* ---- /proc/pressure ----------------------------------------------------- */

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=12345": microseconds. */
void
linux_statistics_parse_pressure(const struct linux_statistics_sink *to,
    const char *text, const char *what)
{
	const char *line, *at, *end;
	uint64_t value;
	char name[64];
	size_t n, len;

	for (line = text; *line != '\0'; line = parse_next_line(line)) {
		len = parse_word(line);
		end = line + strcspn(line, "\n");
		at = strstr(line, " total=");
		n = strlen(what);
		if (at == NULL || at > end || len + n + 5 > sizeof(name))
			continue;
		at += strlen(" total=");
		if (!parse_number(&at, &value))
			continue;
		/* what_some_us */
		memcpy(name, what, n);
		name[n++] = '_';
		memcpy(name + n, line, len);
		memcpy(name + n + len, "_us", 3);
		to->fn(to->arg, "psi", name, n + len + 3, value);
	}
}

/* ---- /proc/schedstat ---------------------------------------------------- */

/*
 * The last three of the nine numbers of a processor are the time that tasks
 * ran, the time that they waited to run, and how often they did.
 */
void
linux_statistics_parse_schedstat(const struct linux_statistics_sink *to,
    const char *text, const char *what)
{
	static const char *const names[] = { "run_ns", "wait_ns", "timeslices" };
	uint64_t sum[9] = { 0 }, v[9];
	const char *line;
	int i, cpus = 0;

	(void)what;
	for (line = text; *line != '\0'; line = parse_next_line(line)) {
		memset(v, 0, sizeof(v));
		if (strncmp(line, "cpu", 3) != 0 ||
		    linux_statistics_parse_numbers(line + parse_word(line), v,
		    9) != 9)
			continue;
		for (i = 0; i < 9; i++)
			sum[i] += v[i];
		cpus++;
	}
	for (i = 0; cpus > 0 && i < 3; i++)
		parse_give(to, "schedstat", names[i], sum[6 + i]);
}

/* ---- /proc/swaps -------------------------------------------------------- */

/* Name, type, size, used, priority; sizes in KiB.  None is none in use. */
void
linux_statistics_parse_swaps(const struct linux_statistics_sink *to,
    const char *text, const char *what)
{
	const char *line = parse_next_line(text), *at;
	uint64_t kib[2], used = 0;

	(void)what;
	for (; *line != '\0'; line = parse_next_line(line)) {
		at = parse_blanks(line + parse_word(line));
		at += parse_word(at);
		kib[0] = kib[1] = 0;
		if (linux_statistics_parse_numbers(at, kib, 2) == 2)
			used += kib[1] * 1024;
	}
	parse_give(to, "swap", "used_bytes", used);
}

/* ---- /proc/slabinfo ----------------------------------------------------- */

/*
 * name, active objects, objects, bytes of each, objects in a slab, pages of a
 * slab, " : tunables a b c : slabdata", active slabs, slabs, shared.  The pages
 * are what the cache takes.
 */
void
linux_statistics_parse_slabs(const struct linux_statistics_sink *to,
    const char *text, const char *what)
{
	const char *line, *at, *end;
	uint64_t head[5], tail[2];
	size_t len;

	(void)what;
	for (line = text; *line != '\0'; line = parse_next_line(line)) {
		/* A name may have blanks in it, and '#' is the header's. */
		end = line + strcspn(line, "\n");
		at = strstr(line, " : slabdata ");
		if (at == NULL || at > end || line[0] == '#')
			continue;
		memset(tail, 0, sizeof(tail));
		if (linux_statistics_parse_numbers(at +
		    strlen(" : slabdata "), tail, 2) != 2)
			continue;
		len = parse_word(line);
		memset(head, 0, sizeof(head));
		if (len > 0 && linux_statistics_parse_numbers(line + len, head,
		    5) == 5)
			to->fn(to->arg, "slab", line, len,
			    tail[1] * head[4] * to->page_bytes);
	}
}
