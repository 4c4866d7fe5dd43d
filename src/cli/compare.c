/* SPDX-License-Identifier: BSD-2-Clause */
/* vmstress compare: better, worse, proven the same, or not enough data. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/judging.h"
#include "present/compare.h"
#include "present/compare_explain.h"
#include "present/compare_print.h"

/* The others are taken by their names, see judging.h. */
enum {
	COMPARE_OPT_STYLE = CLI_JUDGING_COUNT, COMPARE_OPT_EXPLAIN, COMPARE_OPT_STRICT,
	COMPARE_OPT_FORCE, COMPARE_OPT_FAIL_ON
};

static const struct cli_option compare_options[] = {
	CLI_JUDGING_OPTIONS,
	{ "style", 0, "STYLE", "text, benchstat, mmtests, ministat, markdown, ..." },
	{ "explain", 0, NULL, "what else changed, below the text" },
	{ "strict", 0, NULL, "refuse machines that differ beside the kernel" },
	{ "force", 0, NULL, "compare kinds of machine that cannot be compared" },
	{ "fail-on", 0, "WHAT", "inconclusive: exit 3 if a point is undecided" },
	CLI_OPTIONS_END
};

struct compare_request {
	struct compare compare;
	struct cli_inputs inputs;
	struct cli_judging judging;
	void (*print)(const struct compare *c, FILE *out);
	bool explain, strict, force, fail_inconclusive;
};

static int
compare_style(struct compare_request *q, const char *name, struct err *e)
{
	static const struct {
		const char *name;
		void (*print)(const struct compare *c, FILE *out);
	} styles[] = {
		{ "text", compare_print_text },
		{ "benchstat", compare_print_benchstat },
		{ "mmtests", compare_print_mmtests },
		{ "ministat", compare_print_ministat },
		{ "markdown", compare_print_markdown },
		{ "csv", compare_print_csv },
		{ "json", compare_print_json },
	};
	size_t i;

	for (i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (strcmp(styles[i].name, name) != 0)
			continue;
		q->print = styles[i].print;
		return 0;
	}
	return err_set(e, "compare: --style %s: there is text, benchstat, "
	    "mmtests, ministat, markdown, csv and json", name);
}

static int
compare_option(struct compare_request *q, int opt, const char *value,
    struct err *e)
{
	int taken = cli_judging_option(&q->judging, &q->compare, "compare",
	    compare_options[opt].name, value, e);

	if (taken != 0)
		return taken > 0 ? 0 : -1;
	if (opt == COMPARE_OPT_STYLE)
		return compare_style(q, value, e);
	if (opt == COMPARE_OPT_FAIL_ON && strcmp(value, "inconclusive") != 0)
		return err_set(e, "compare: --fail-on %s: there is only "
		    "inconclusive", value);
	q->fail_inconclusive |= opt == COMPARE_OPT_FAIL_ON;
	q->explain |= opt == COMPARE_OPT_EXPLAIN;
	q->strict |= opt == COMPARE_OPT_STRICT;
	q->force |= opt == COMPARE_OPT_FORCE;
	return 0;
}

/* 1: a regression is proven, launches failed or a kernel was lost, 3: undecided, if asked. */
static int
compare_status(const struct compare_request *q)
{
	const struct compare *c = &q->compare;
	int status = CLI_OK;
	size_t i, side;

	for (side = 1; side < c->nsides; side++)
		if (compare_lost(c, side))
			return CLI_FAILED;
	for (i = 0; i < c->nrows; i++) {
		for (side = 1; side < c->nsides; side++) {
			switch (c->rows[i].outcomes[side].verdict) {
			case COMPARE_WORSE:
			case COMPARE_FAILED:
				return CLI_FAILED;
			case COMPARE_UNDECIDED:
			case COMPARE_FEW:
			case COMPARE_MISSING:
			case COMPARE_NOISE:
				if (q->fail_inconclusive)
					status = CLI_INCONCLUSIVE;
				break;
			default:
				break;
			}
		}
	}
	return status;
}

/* Other kinds of machine; --strict: anything that must be warned of. */
static int
compare_refuse_warned(const struct compare_request *q)
{
	const struct compare *c = &q->compare;
	int rc = 0;
	size_t i;

	for (i = 0; i < c->nwarnings; i++) {
		const struct compare_warning *w = &c->warnings[i];

		if (q->strict || (w->refuse && !q->force)) {
			cli_complainf(0, "compare: %s%s", w->text, w->refuse &&
			    !q->strict ? " (--force compares them)" : "");
			rc = -1;
		} else if (q->print != compare_print_text) {
			cli_complainf(0, "compare: warning: %s", w->text);
		}
	}
	return rc;
}

/* --strict: is there anything between the machines but the kernel? */
static int
compare_refuse(const struct compare *c)
{
	size_t side, i, n = 0;

	for (side = 1; side < c->nsides; side++) {
		for (i = 0; i < c->ndiffers[side]; i++) {
			const struct compare_env *d = &c->differs[side][i];

			if (d->expected)
				continue;
			cli_complainf(0, "compare: --strict: %s is '%s' for %s, "
			    "'%s' for %s", d->key, d->base != NULL ? d->base :
			    "(not known)", c->sides[0].name, d->new != NULL ?
			    d->new : "(not known)", c->sides[side].name);
			n++;
		}
	}
	return n > 0 ? -1 : 0;
}

/* Records are read once more to be explained, and only as text. */
static int
compare_check_explain(const struct compare_request *q)
{
	size_t i;

	if (q->explain && q->print != compare_print_text)
		cli_complainf(0, "compare: --explain: only the style text has "
		    "what else changed");
	for (i = 0; q->explain && q->print == compare_print_text &&
	    i < q->inputs.count; i++)
		if (q->inputs.list[i].path != NULL &&
		    strcmp(q->inputs.list[i].path, "-") == 0)
			return cli_complainf(-1, "compare: --explain reads "
			    "records twice, which standard input cannot be");
	return 0;
}

static int
compare_files(struct compare_request *q, char **operands, size_t n)
{
	struct err e = { 0 };

	if (cli_inputs_take(&q->inputs, operands, n, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	if (q->inputs.count < (q->judging.nnull > 0 ? 1 : 2))
		return cli_complainf(CLI_USAGE, "compare: name at least two "
		    "records: base=A.jsonl new=B.jsonl");
	q->compare.campaigns = q->inputs.campaigns;
	q->compare.ncampaigns = q->inputs.ncampaigns;
	if (compare_check_explain(q) != 0)
		return CLI_USAGE;
	if (compare_read(&q->compare, q->inputs.list, q->inputs.count, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	if (compare_refuse_warned(q) != 0 ||
	    (q->strict && compare_refuse(&q->compare) != 0))
		return CLI_USAGE;
	q->print(&q->compare, stdout);
	if (q->explain && q->print == compare_print_text &&
	    compare_explain(&q->compare, stdout, &e) != 0)
		return cli_complain(CLI_USAGE, &e);
	return compare_status(q);
}

static int
compare_run(int argc, char **argv)
{
	struct compare_request q = {
		.compare = { .seed = 1 }, .print = compare_print_text
	};
	struct err e = { 0 };
	const char *value;
	int opt, next, status;

	while ((opt = cli_next_option(&cli_compare, argc, argv, &value, &next))
	    >= 0)
		if (compare_option(&q, opt, value, &e) != 0)
			return cli_complain(CLI_USAGE, &e);
	if (opt != CLI_DONE)
		return opt == CLI_HELP ? CLI_OK : CLI_USAGE;
	status = compare_files(&q, &argv[next], (size_t)(argc - next));
	cli_inputs_free(&q.inputs);
	cli_judging_free(&q.judging);
	compare_free(&q.compare);
	return status;
}

const struct cli_command cli_compare = {
	.name = "compare",
	.args = "[NAME=]RECORD|CAMPAIGN...",
	.summary = "say what is better, worse, the same, or undecided",
	.options = compare_options,
	.run = compare_run,
};
