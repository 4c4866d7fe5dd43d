/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of two or more kernels side by side: the same cells matched, one
 * number of each unit, and what may be concluded from them.
 *
 * A unit is a boot, where every kernel was booted more than once, else a
 * launch; of a boot the mean of its launches counts.  All arithmetic is on
 * logarithms, so that changes are ratios and means are geometric.
 */
#ifndef VMSTRESS_COMPARE_H
#define VMSTRESS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "present/compare_env.h"
#include "present/gather.h"

/* With fewer units a side nothing is ever marked. */
#define COMPARE_UNITS_MIN 4

enum compare_verdict {
	COMPARE_BETTER,		/* +  proven, at least the least effect */
	COMPARE_WORSE,		/* - */
	COMPARE_SMALL,		/* s  proven, but smaller than that */
	COMPARE_SAME,		/* =  proven to be no more than that */
	COMPARE_UNDECIDED,	/* ~ */
	COMPARE_FAILED,		/* !  launches failed that did not before, or
				 * all that there are */
	COMPARE_MISSING,	/* ?  not there on one side */
	COMPARE_FEW,		/* .  fewer units than can prove anything */
	COMPARE_NOISE,		/* n  proven, but not beyond the A/A floor */
	COMPARE_VERDICTS
};

/* One kernel. */
struct compare_side {
	char *name;
	struct gather *runs;	/* its records; a lost kernel may have none */
	size_t nruns;
	size_t *unit;		/* of each record: of its boot, or its first */
	size_t nunits;
	size_t launches;	/* that ended well */
	size_t invalid;		/* of them, by the rules of validity */
	char *rules;		/* that were broken: "steal,load"; or NULL */
	size_t failed;		/* launches, beside those that ended well */
	char *failure;		/* the first: "zfod/1 x2: no memory"; or NULL */
	/* Of a kernel of campaigns: its boots that count, see compare_boots.h. */
	bool of_campaign;
	size_t boots_ended, boots_failed, boots_lost;
};

/* What one side has at a point. */
struct compare_value {
	double *log;		/* mean of each unit; NAN: none */
	size_t *launches;	/* that it is of */
	size_t n;		/* units with a value */
	double mean;		/* geometric; NAN: no value */
	double cv;		/* between units; NAN: n < 2 */
	int failed;		/* launches */
	bool bad;		/* a value that is not above 0: no ratio */
	size_t absent;		/* launches that count, without a value */
};

/* One side against the first. */
struct compare_outcome {
	enum compare_verdict verdict;
	double change;		/* new / base - 1 */
	double low, high;	/* its interval, of this point alone */
	double p;		/* adjusted over all points and sides */
	double p_same;		/* of equivalence */
	double seen;		/* smallest change that could have been seen */
	size_t needed;		/* units that would see the least effect; 0:
				 * more than are reasonable */
	size_t rounds;		/* whose differences it is of; 0: labels were
				 * not permuted within rounds */
};

struct compare_row {
	char *workload;		/* "zfod/1" */
	char *params;		/* those that differ within the workload */
	char *params_all;
	char *mode, *pin;
	bool by_mode, by_pin;	/* others of its workload have another one */
	int workers;
	char *metric, *unit;
	bool lower;		/* is better */
	bool headline;		/* its workload is known for it */
	double floor;		/* largest change of the base from itself, in
				 * its workload and metric; NAN: not known */
	struct compare_value *values;		/* one for each side */
	struct compare_outcome *outcomes;	/* and one for each but the
						 * first, at its index */
};

/*
 * A record of a side; the name may repeat, NULL: what the record says.  Without
 * a path: there is a kernel of this name, but no record of it.
 */
struct compare_input {
	const char *name;
	const char *path;
};

struct campaign;

/* A campaign whose records are among the inputs. */
struct compare_campaign {
	const char *folder;
	struct campaign *data;
};

struct compare {
	/* To be set before. */
	double alpha;		/* 0: 0.05 */
	double effect;		/* the least that matters; 0: 0.02 */
	uint64_t seed;		/* of labellings that are drawn */
	bool all;		/* details as well */
	bool keep_invalid;	/* launches that broke a rule count, too */
	bool family;		/* intervals hold for all points together */
	bool single;		/* one side is enough: there is no verdict */
	const char *column;	/* a fact that names the sides; NULL: the label */
	/* Records of the base once more, for the A/A floor. */
	const struct compare_input *null;
	size_t nnull;
	/* How the boots ended that the inputs are of. */
	const struct compare_campaign *campaigns;
	size_t ncampaigns;
	/* Filled. */
	size_t *side_of;	/* of each input */
	bool self;		/* only the base, against itself */
	struct compare_side *sides;
	size_t nsides;
	bool boots;		/* units are boots, not launches */
	struct compare_row *rows;
	size_t nrows, rows_cap;
	/* Of each side against the first, at its index. */
	struct compare_overall {
		double change, low, high;	/* over headlines; NAN: none */
		size_t points;
		size_t tried;		/* labellings; 0: no test was made */
		bool exact;
		double smallest_p;
		/* See compare_rounds.h. */
		size_t (*pairs)[2];	/* units of both sides in a round */
		size_t rounds;		/* in which both have a boot */
		size_t alone;		/* boots with a value, but no partner */
		double rounds_p;	/* of no difference of rounds; NAN: not
					 * tested */
		bool within;		/* labels were permuted within rounds */
	} *overall;
	/* Of each side against the first: in what the machines differ. */
	struct compare_env **differs;
	size_t *ndiffers;
	/* What must be said first. */
	struct compare_warning {
		char *text;
		bool refuse;	/* the numbers are not of the same thing */
	} *warnings;
	size_t nwarnings;
};

/*
 * Read, match and judge; the inputs stay the caller's and are kept.  -1 with an
 * error for a record that cannot be read or fewer than two sides.  With one side
 * and records of it once more, these are the other side.
 */
int compare_read(struct compare *c, const struct compare_input *in, size_t n,
    struct err *e);
void compare_free(struct compare *c);

/* Facts of the first record of a side; none where it has no record. */
const struct facts *compare_facts(const struct compare *c, size_t side);

/* Were boots of a side lost, and of the base none? */
bool compare_lost(const struct compare *c, size_t side);

/* Did a launch end well, and may its numbers be used? */
bool compare_counts(const struct compare *c, const struct gather_launch *l);

/* Has a unit of a side a value at any point? */
bool compare_measured(const struct compare *c, size_t side, size_t unit);

/* Is no row before this one of the same metric? */
bool compare_first_of_metric(const struct compare *c, size_t row);

/*
 * The least adjusted p that a side can have at a point where all of its units
 * are, if other sides have the same; NAN: no test was made.
 */
double compare_smallest_p(const struct compare *c, size_t side);

/*
 * The fewest units a side with which anything can be proven of so many sides,
 * the base included; 0: no number is enough.
 */
size_t compare_units_least(double alpha, size_t sides);

/*
 * "size=4M thread pin=cores": what tells a row from others of its workload and
 * metric beside the workers; may be empty.  A new string.
 */
char *compare_row_words(const struct compare_row *row);

/*
 * The logarithms that are there, of one side at a point; there is room for all
 * units.  Returns how many.
 */
size_t compare_values(const struct compare_value *v, size_t units,
    double *logs);

/* Is it the cell of a record that the row has been matched with? */
bool compare_row_is_of(const struct compare_row *row,
    const struct gather_cell *cell);

/* "+", "-", ... and "better", "worse", ... */
char compare_mark(enum compare_verdict v);
const char *compare_word(enum compare_verdict v);

#endif
