/* SPDX-License-Identifier: BSD-2-Clause */
/* Axes with units; see figure_scale.h. */
#include "config.h"

#include "figure/figure_scale.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* A logarithmic axis spans so much at least, or noise would look like more. */
#define SCALE_SPAN_MIN 4.0
#define SCALE_ROOM 1.3

/* With more powers of ten than this they are enough. */
#define SCALE_POWERS 2.5
#define SCALE_POWERS_FINE 1.0

/* Pixels of a key: around a name, and of its characters. */
#define SCALE_KEY_ROOM 180
#define SCALE_KEY_CHARACTER 9

void
figure_range_add(struct figure_range *r, double value)
{
	if (!isfinite(value))
		return;
	r->low = fmin(r->low, value);
	r->high = fmax(r->high, value);
}

char *
figure_scale_text(double value, const char *unit)
{
	static const char *const prefixes[] = { "n", "u", "m", "", "k", "M",
	    "G", "T", "P" };
	const int none = 3, last = sizeof(prefixes) / sizeof(prefixes[0]) - 1;
	int at = none;

	/* Rounding must not leave 1000 of something. */
	while (fabs(value) >= 999.5 && at < last) {
		value /= 1000;
		at++;
	}
	while (value != 0 && fabs(value) < 0.9995 && at > 0) {
		value *= 1000;
		at--;
	}
	return mem_printf("%.3g%s%s%s", value, unit[0] != '\0' ? " " : "",
	    prefixes[at], unit);
}

static void
scale_tic(struct figure *f, size_t *n, double value, const char *unit)
{
	char *text = figure_scale_text(value, unit);

	str_addf(&f->head, "%s'%s' %.10g", (*n)++ > 0 ? ", " : "", text, value);
	free(text);
}

void
figure_scale_log(struct figure *f, const char *axis, struct figure_range r,
    const char *unit)
{
	double middle = sqrt(r.low * r.high), power, powers, value;
	static const double coarse[] = { 1, 2, 5 };
	static const double fine[] = { 1, 1.5, 2, 3, 5, 7 };
	const double *steps = coarse;
	size_t n = 0, many, i;

	if (!(r.low > 0) || !isfinite(r.high))
		return;
	r.low = fmin(r.low / SCALE_ROOM, middle / sqrt(SCALE_SPAN_MIN));
	r.high = fmax(r.high * SCALE_ROOM, middle * sqrt(SCALE_SPAN_MIN));
	powers = log10(r.high / r.low);
	if (powers < SCALE_POWERS_FINE)
		steps = fine;
	many = powers < SCALE_POWERS_FINE ? 6 : powers < SCALE_POWERS ? 3 : 1;
	str_addf(&f->head, "set %srange [%.6g:%.6g]\nset %stics (", axis, r.low,
	    r.high, axis);
	for (power = floor(log10(r.low)); power <= log10(r.high); power++)
		for (i = 0; i < many; i++) {
			value = steps[i] * pow(10, power);
			if (value >= r.low && value <= r.high)
				scale_tic(f, &n, value, unit);
		}
	str_add(&f->head, ")\n");
}

void
figure_scale_at(struct figure *f, const char *axis, const double *values,
    size_t n, int labels)
{
	double apart = n > 1 ? pow(values[n - 1] / values[0],
	    1.0 / labels) : 1, last = 0;
	size_t i, written = 0;

	str_addf(&f->head, "set %stics (", axis);
	for (i = 0; i < n; i++) {
		if (values[i] <= last * apart && i > 0)
			continue;
		last = values[i];
		scale_tic(f, &written, last, "");
	}
	str_add(&f->head, ")\n");
}

char *
figure_launch_count(size_t least, size_t most)
{
	return least < most ? mem_printf("%zu to %zu launches", least, most) :
	    mem_printf("%zu launch%s", most, most == 1 ? "" : "es");
}

void
figure_wide_key(struct figure *f)
{
	size_t longest = f->longest < FIGURE_TEXT_MAX ? f->longest :
	    FIGURE_TEXT_MAX;
	int need = SCALE_KEY_ROOM + (int)longest * SCALE_KEY_CHARACTER;

	if (f->width < need)
		f->width = need;
}
