/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters between text and a workload's typed struct; see param.h. */
#include "config.h"

#include "base/param.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/units.h"

/* What a field holds, whatever its type. */
union value {
	int64_t integer;
	uint64_t number;
	double share;
	bool truth;
	int choice;
	const char *string;
};

/* Everything that depends on the type of a row. */
struct type {
	const char *name;	/* in "size (4K..1T)" */
	const char *article;	/* "'12q' is not a size" */
	const char *example;	/* "try 64M" */
	size_t bytes;		/* of the field */
	int (*parse)(const struct vms_param *, const char *, union value *);
	void (*put)(const struct vms_param *, const union value *,
	    struct str *);
	/* Below 0, 0 or above 0; NULL for a type that has no order. */
	int (*compare)(const union value *, const union value *);
};

/* ---- types ------------------------------------------------------------ */

static int
parse_int(const struct vms_param *row, const char *text, union value *v)
{
	(void)row;
	return units_int(text, &v->integer);
}

static int
parse_count(const struct vms_param *row, const char *text, union value *v)
{
	(void)row;
	return units_count(text, &v->number);
}

static int
parse_size(const struct vms_param *row, const char *text, union value *v)
{
	(void)row;
	return units_size(text, &v->number);
}

static int
parse_time(const struct vms_param *row, const char *text, union value *v)
{
	(void)row;
	return units_time(text, &v->number);
}

static int
parse_percent(const struct vms_param *row, const char *text, union value *v)
{
	(void)row;
	return units_percent(text, &v->share);
}

static int
parse_bool(const struct vms_param *row, const char *text, union value *v)
{
	static const struct {
		const char *word;
		bool truth;
	} words[] = {
		{ "true", true }, { "yes", true }, { "on", true },
		{ "false", false }, { "no", false }, { "off", false },
	};
	size_t i;

	(void)row;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i].word) == 0) {
			v->truth = words[i].truth;
			return 0;
		}
	return -1;
}

static int
parse_choice(const struct vms_param *row, const char *text, union value *v)
{
	int i;

	for (i = 0; row->choices[i] != NULL; i++)
		if (strcmp(text, row->choices[i]) == 0) {
			v->choice = i;
			return 0;
		}
	return -1;
}

static int
parse_string(const struct vms_param *row, const char *text, union value *v)
{
	(void)row;
	v->string = text;
	return 0;
}

static int
compare_int(const union value *a, const union value *b)
{
	return (a->integer > b->integer) - (a->integer < b->integer);
}

static int
compare_number(const union value *a, const union value *b)
{
	return (a->number > b->number) - (a->number < b->number);
}

static int
compare_share(const union value *a, const union value *b)
{
	return (a->share > b->share) - (a->share < b->share);
}

static void
put_int(const struct vms_param *row, const union value *v, struct str *b)
{
	(void)row;
	str_addf(b, "%" PRId64, v->integer);
}

static void
put_count(const struct vms_param *row, const union value *v, struct str *b)
{
	char text[UNITS_MAX];

	(void)row;
	str_add(b, units_put_count(text, sizeof(text), v->number));
}

static void
put_size(const struct vms_param *row, const union value *v, struct str *b)
{
	char text[UNITS_MAX];

	(void)row;
	str_add(b, units_put_size(text, sizeof(text), v->number));
}

static void
put_time(const struct vms_param *row, const union value *v, struct str *b)
{
	char text[UNITS_MAX];

	(void)row;
	str_add(b, units_put_time(text, sizeof(text), v->number));
}

static void
put_percent(const struct vms_param *row, const union value *v, struct str *b)
{
	char text[UNITS_MAX];

	(void)row;
	str_add(b, units_put_percent(text, sizeof(text), v->share));
}

static void
put_bool(const struct vms_param *row, const union value *v, struct str *b)
{
	(void)row;
	str_add(b, v->truth ? "true" : "false");
}

static void
put_choice(const struct vms_param *row, const union value *v, struct str *b)
{
	str_add(b, row->choices[v->choice]);
}

static void
put_string(const struct vms_param *row, const union value *v, struct str *b)
{
	(void)row;
	str_add(b, v->string);
}

static const struct type types[] = {
	[VMS_INT] = { "integer", "an integer", "12", sizeof(int64_t),
	    parse_int, put_int, compare_int },
	[VMS_COUNT] = { "count", "a count", "900k", sizeof(uint64_t),
	    parse_count, put_count, compare_number },
	[VMS_SIZE] = { "size", "a size", "64M", sizeof(uint64_t),
	    parse_size, put_size, compare_number },
	[VMS_TIME] = { "time", "a time", "500ms", sizeof(uint64_t),
	    parse_time, put_time, compare_number },
	[VMS_PERCENT] = { "percentage", "a percentage", "50%", sizeof(double),
	    parse_percent, put_percent, compare_share },
	[VMS_BOOL] = { "true or false", "true or false", "true", sizeof(bool),
	    parse_bool, put_bool, NULL },
	[VMS_CHOICE] = { "choice", "a choice", "", sizeof(int),
	    parse_choice, put_choice, NULL },
	[VMS_STRING] = { "text", "text", "", sizeof(const char *),
	    parse_string, put_string, NULL },
};

/* ---- rows ------------------------------------------------------------- */

/* Of what somebody wrote, so much is repeated in an error. */
#define QUOTE_MAX 80

const struct vms_param *
param_find(const struct vms_param *rows, const char *name)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

int
param_count(const struct vms_param *rows)
{
	int n = 0;

	while (rows != NULL && rows[n].name != NULL)
		n++;
	return n;
}

static void
put_choices(const struct vms_param *row, struct str *b)
{
	int i;

	str_add(b, "one of: ");
	for (i = 0; row->choices[i] != NULL; i++)
		str_addf(b, "%s%s", i > 0 ? ", " : "", row->choices[i]);
}

static int
wrong_choice(const struct vms_param *row, const char *text, struct err *e)
{
	struct str_nearest near = { .wanted = text };
	struct str all = { 0 };
	int i;

	for (i = 0; row->choices[i] != NULL; i++)
		str_nearest_try(&near, row->choices[i]);
	put_choices(row, &all);
	if (near.best != NULL)
		str_addf(&all, " (did you mean '%s'?)", near.best);
	err_set(e, "'%.*s' is not %s", QUOTE_MAX, text, str_text(&all));
	str_free(&all);
	return -1;
}

static int
parse(const struct vms_param *row, const char *text, union value *v,
    struct err *e)
{
	const struct type *type = &types[row->type];

	if (type->parse(row, text, v) == 0)
		return 0;
	if (row->type == VMS_CHOICE)
		return wrong_choice(row, text, e);
	return err_set(e, "'%.*s' is not %s (try %s)", QUOTE_MAX, text,
	    type->article, type->example);
}

/* Bounds are read anew each time: there are few, and a row is constant. */
static int
check_bounds(const struct vms_param *row, const union value *v,
    const char *text, struct err *e)
{
	const struct type *type = &types[row->type];
	union value bound;

	if (type->compare == NULL)
		return 0;
	if (row->min != NULL && type->parse(row, row->min, &bound) == 0 &&
	    type->compare(v, &bound) < 0)
		return err_set(e, "'%.*s' is below the minimum %s", QUOTE_MAX,
		    text, row->min);
	if (row->max != NULL && type->parse(row, row->max, &bound) == 0 &&
	    type->compare(v, &bound) > 0)
		return err_set(e, "'%.*s' is above the maximum %s", QUOTE_MAX,
		    text, row->max);
	return 0;
}

int
param_set(const struct vms_param *row, void *params, const char *text,
    struct err *e)
{
	union value v;

	if (parse(row, text, &v, e) < 0 || check_bounds(row, &v, text, e) < 0)
		return -1;
	memcpy((char *)params + row->offset, &v, types[row->type].bytes);
	return 0;
}

int
param_defaults(const struct vms_param *rows, void *params, struct err *e)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (param_set(rows, params, rows->def, e) < 0)
			return err_prefix(e, "parameter '%s': default",
			    rows->name);
	return 0;
}

void
param_put(const struct vms_param *row, const void *params, struct str *b)
{
	union value v;

	memcpy(&v, (const char *)params + row->offset,
	    types[row->type].bytes);
	types[row->type].put(row, &v, b);
}

void
param_accepts(const struct vms_param *row, struct str *b)
{
	const struct type *type = &types[row->type];

	if (row->type == VMS_CHOICE) {
		put_choices(row, b);
		return;
	}
	str_add(b, type->name);
	if (type->compare == NULL)
		return;
	if (row->min != NULL && row->max != NULL)
		str_addf(b, " (%s..%s)", row->min, row->max);
	else if (row->min != NULL)
		str_addf(b, " (at least %s)", row->min);
	else if (row->max != NULL)
		str_addf(b, " (at most %s)", row->max);
}

/* ---- tables ----------------------------------------------------------- */

/* Lower case, digits, dashes and underscores, a letter first. */
static bool
good_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

	return strspn(s, letters) > 0 && s[strspn(s, rest)] == '\0';
}

static int
check_choices(const struct vms_param *row, struct err *e)
{
	int i, j;

	if (row->choices == NULL || row->choices[0] == NULL)
		return err_set(e, "has no choices");
	for (i = 0; row->choices[i] != NULL; i++)
		for (j = 0; j < i; j++)
			if (strcmp(row->choices[i], row->choices[j]) == 0)
				return err_set(e, "has the choice '%s' twice",
				    row->choices[i]);
	return 0;
}

static int
check_default(const struct vms_param *row, struct err *e)
{
	const struct type *type = &types[row->type];
	union value def, min, max;

	if (row->def == NULL)
		return err_set(e, "has no default");
	if (type->compare != NULL) {
		if (row->min != NULL && parse(row, row->min, &min, e) < 0)
			return err_prefix(e, "minimum");
		if (row->max != NULL && parse(row, row->max, &max, e) < 0)
			return err_prefix(e, "maximum");
		if (row->min != NULL && row->max != NULL &&
		    type->compare(&min, &max) > 0)
			return err_set(e, "minimum %s is above maximum %s",
			    row->min, row->max);
	}
	if (parse(row, row->def, &def, e) < 0 ||
	    check_bounds(row, &def, row->def, e) < 0)
		return err_prefix(e, "default");
	return 0;
}

/* Two rows for one field, or a field of another type than its row's. */
static int
check_overlap(const struct vms_param *row, const struct vms_param *other,
    struct err *e)
{
	if (row->offset < other->offset + types[other->type].bytes &&
	    other->offset < row->offset + types[row->type].bytes)
		return err_set(e, "its field overlaps that of '%s'",
		    other->name);
	return 0;
}

static int
check_row(const struct vms_param *rows, const struct vms_param *row,
    size_t params_size, struct err *e)
{
	const struct vms_param *other;
	size_t bytes;

	if (!good_name(row->name))
		return err_set(e, "the name is not lower case letters, "
		    "digits, '-' and '_'");
	if ((unsigned)row->type > VMS_STRING)
		return err_set(e, "has no known type (%d)", (int)row->type);
	if (row->help == NULL || row->help[0] == '\0')
		return err_set(e, "has no help");
	bytes = types[row->type].bytes;
	if (params_size < bytes || row->offset > params_size - bytes)
		return err_set(e, "its field at byte %zu does not fit into "
		    "the parameter struct of %zu bytes", row->offset,
		    params_size);
	for (other = rows; other != row; other++) {
		if (strcmp(other->name, row->name) == 0)
			return err_set(e, "the name is there twice");
		if (check_overlap(row, other, e) < 0)
			return -1;
	}
	if (row->type == VMS_CHOICE && check_choices(row, e) < 0)
		return -1;
	return check_default(row, e);
}

int
param_check_table(const struct vms_param *rows, size_t params_size,
    struct err *e)
{
	const struct vms_param *row;

	for (row = rows; row != NULL && row->name != NULL; row++)
		if (check_row(rows, row, params_size, e) < 0)
			return err_prefix(e, "parameter '%s'", row->name);
	return 0;
}
