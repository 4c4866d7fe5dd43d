/* SPDX-License-Identifier: BSD-2-Clause */
/* A profile for reading: the functions that took the time. */
#include "config.h"

#include "present/insight_print.h"

#include "present/profile_functions.h"
#include "present/table.h"

#define PROFILE_ROWS		20
#define PROFILE_ROWS_WIDE	60

/* "cpu-clock at 997 Hz, cgroup" */
static void
print_method(const struct insight_part *p, FILE *out)
{
	fputs("profile of ", out);
	insight_print_safe(out, p->event != NULL ? p->event : "?");
	if (p->rate_hz > 0)
		fprintf(out, " at %llu Hz", (unsigned long long)p->rate_hz);
	if (p->scope != NULL) {
		fputs(", ", out);
		insight_print_safe(out, p->scope);
	}
}

/* "3981 samples in 2 launches: 81.2% kernel, 18.8% user; 3 lost" */
static void
print_counts(const struct profile_functions *f, FILE *out)
{
	double both = f->kernel + f->user;

	fprintf(out, ": %.0f samples in %d launch%s", f->samples, f->launches,
	    f->launches == 1 ? "" : "es");
	if (both > 0)
		fprintf(out, ", %.1f%% kernel, %.1f%% user",
		    f->kernel / both * 100, f->user / both * 100);
	fprintf(out, ", %.0f lost\n", f->lost);
}

static void
print_functions(const struct profile_functions *f, FILE *out, bool wide)
{
	size_t i, n = wide ? PROFILE_ROWS_WIDE : PROFILE_ROWS;
	struct table *t = table_new();

	table_column(t, "self", true);
	table_column(t, "total", true);
	table_column(t, "function", false);
	for (i = 0; i < f->count && i < n && f->list[i].self > 0; i++) {
		table_cellf(t, "%.1f%%", f->list[i].self / f->samples * 100);
		table_cellf(t, "%.1f%%", f->list[i].total / f->samples * 100);
		table_cell(t, f->list[i].name);
	}
	if (i > 0)
		table_print(t, out);
	table_free(t);
}

void
profile_print(const struct insight_part *p, FILE *out, bool wide)
{
	struct profile_functions f;

	profile_functions(p, &f);
	print_method(p, out);
	if (f.launches > 0 || f.count > 0) {
		print_counts(&f, out);
		print_functions(&f, out, wide);
	}
	if (p->status != NULL) {
		if (f.launches > 0)
			fputs("in other launches", out);
		fputs(": ", out);
		insight_print_safe(out, p->reason != NULL ? p->reason :
		    p->status);
		putc('\n', out);
	}
	profile_functions_free(&f);
}
