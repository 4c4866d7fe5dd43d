/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranges and tics; see figure_axis.h. */
#include "config.h"

#include "figure/figure_axis.h"

#include <math.h>
#include <stdio.h>

/* Below, tics are evenly apart; below, at 1, 2 and 5; above, at powers of 10. */
#define AXIS_NARROW 4
#define AXIS_WIDE 1000

#define AXIS_TICS_MAX 100

struct axis {
	struct str tics;
	bool time;
	int count;
};

static void
axis_tic(struct axis *a, double value)
{
	static const char *const times[] = { "ns", "µs", "ms", "s" };
	static const char *const prefixes[] = { "", "k", "M", "G" };
	double scaled = value;
	size_t i = 0;

	while (scaled >= 999.5 && i < 3) {
		scaled /= 1000;
		i++;
	}
	str_addf(&a->tics, "%s'%.4g%s%s' %.10g", a->count++ > 0 ? ", " : "",
	    scaled, a->time && value > 0 ? " " : "", !a->time ? prefixes[i] :
	    value > 0 ? times[i] : "", value);
}

double
figure_axis_step(double width, double n)
{
	double step = pow(10, floor(log10(width / n)));

	if (width / step > 5 * n)
		return step * 5;
	return width / step > 2 * n ? step * 2 : step;
}

static void
axis_even(struct axis *a, double low, double high)
{
	double step = figure_axis_step(high - low, 5), i;

	for (i = ceil(low / step); i * step <= high &&
	    a->count < AXIS_TICS_MAX; i++)
		axis_tic(a, i * step);
}

static void
axis_decades(struct axis *a, double low, double high, bool only)
{
	static const double steps[] = { 1, 2, 5 };
	double decade;
	size_t i;

	for (decade = pow(10, floor(log10(low))); decade <= high &&
	    a->count < AXIS_TICS_MAX; decade *= 10)
		for (i = 0; i < (only ? 1 : 3); i++)
			if (decade * steps[i] >= low &&
			    decade * steps[i] <= high)
				axis_tic(a, decade * steps[i]);
}

static void
axis_log(struct figure *f, const char *axis, double low, double high, bool time)
{
	struct axis a = { .time = time };
	double around;

	if (!(low > 0) || !(high >= low) || !isfinite(high))
		return;
	around = fmax(1.04, pow(high / low, 0.04));
	low /= around;
	high *= around;
	if (high / low < AXIS_NARROW)
		axis_even(&a, low, high);
	else
		axis_decades(&a, low, high, high / low > AXIS_WIDE);
	figure_line(f, "set logscale %s", axis);
	figure_line(f, "set %srange [%.10g:%.10g]", axis, low, high);
	figure_line(f, "set %stics (%s)", axis, str_text(&a.tics));
	str_free(&a.tics);
}

void
figure_axis_log_time(struct figure *f, const char *axis, double low,
    double high)
{
	axis_log(f, axis, low, high, true);
}

void
figure_axis_log(struct figure *f, const char *axis, double low, double high)
{
	axis_log(f, axis, low, high, false);
}

void
figure_axis_time(struct figure *f, const char *axis, double high)
{
	struct axis a = { .time = true };

	if (!(high > 0) || !isfinite(high))
		return;
	high *= 1.06;
	axis_even(&a, 0, high);
	figure_line(f, "set %srange [0:%.10g]", axis, high);
	figure_line(f, "set %stics (%s)", axis, str_text(&a.tics));
	str_free(&a.tics);
}

void
figure_axis_percent(struct figure *f, const char *axis, double low,
    double high, double n)
{
	double step, i;
	struct str tics = { 0 };

	if (!(high > low) || !isfinite(high - low))
		return;
	step = figure_axis_step(high - low, n);
	for (i = ceil(low / step); i * step <= high; i++)
		str_addf(&tics, fabs(i) < 0.5 ? "%s'%g%%%%' %.10g" :
		    "%s'%+g%%%%' %.10g", tics.len > 0 ? ", " : "",
		    fabs(i) < 0.5 ? 0 : i * step, i * step);
	figure_line(f, "set %srange [%.10g:%.10g]", axis, low, high);
	figure_line(f, "set %stics (%s)", axis, str_text(&tics));
	str_free(&tics);
}
