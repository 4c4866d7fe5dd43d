/* SPDX-License-Identifier: BSD-2-Clause */
/* What a comparison comes to, in words. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/report_words.h"

/* Two sides and three rows, one worker each more. */
struct made {
	struct compare c;
	struct compare_side sides[2];
	struct compare_row rows[3];
	struct compare_value values[3][2];
	struct compare_outcome outcomes[3][2];
};

static char workload[] = "zfod/1", params[] = "size=4M", mode[] = "process",
    thread[] = "thread", pin[] = "none", cores[] = "cores",
    metric[] = "fault/s", base[] = "old", new[] = "new";

static void
make(struct made *m)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->c.effect = 0.02;
	m->c.alpha = 0.05;
	m->c.sides = m->sides;
	m->c.nsides = 2;
	m->sides[0].name = base;
	m->sides[1].name = new;
	m->c.rows = m->rows;
	m->c.nrows = 3;
	for (i = 0; i < 3; i++) {
		m->rows[i] = (struct compare_row){
			.workload = workload, .params = params, .mode = mode,
			.pin = pin, .metric = metric, .unit = metric,
			.workers = (int)i + 1, .values = m->values[i],
			.outcomes = m->outcomes[i],
		};
		m->values[i][0].mean = 1000.0 * (double)(i + 1);
		m->values[i][1].mean = 1100.0 * (double)(i + 1);
		m->outcomes[i][1] = (struct compare_outcome){
			.verdict = COMPARE_BETTER, .change = 0.1, .low = 0.08,
			.high = 0.12, .p = 0.008,
		};
	}
}

static void
is(char *text, const char *wanted)
{
	assert_string_equal(text, wanted);
	free(text);
}

static void
points(void **state)
{
	struct made m;

	(void)state;
	make(&m);
	is(report_words_point(&m.c, &m.rows[0]),
	    "zfod/1 size=4M, 1 worker: fault/s");
	m.rows[1].mode = thread;
	m.rows[2].pin = cores;
	is(report_words_point(&m.c, &m.rows[1]),
	    "zfod/1 size=4M, thread mode, pin none, 2 workers: fault/s");
}

static void
changes(void **state)
{
	struct made m;

	(void)state;
	make(&m);
	is(report_words_change(&m.rows[0], 1), "+10.0% (95% interval "
	    "[+8.0, +12.0]%, p = 0.008), 1.000k to 1.100k");
	m.outcomes[0][1].p = 0.0001;
	is(report_words_change(&m.rows[0], 1), "+10.0% (95% interval "
	    "[+8.0, +12.0]%, p <.001), 1.000k to 1.100k");
	m.outcomes[0][1].p = m.outcomes[0][1].low = NAN;
	is(report_words_change(&m.rows[0], 1), "+10.0%, 1.000k to 1.100k");
	m.outcomes[0][1].change = m.values[0][1].mean = NAN;
	m.values[0][1].failed = 2;
	is(report_words_change(&m.rows[0], 1),
	    "1.000k to nothing, 2 failed, 0 before");
	m.values[0][0].mean = NAN;
	m.values[0][1].failed = 0;
	is(report_words_change(&m.rows[0], 1), "");
}

static void
counts(void **state)
{
	struct made m;

	(void)state;
	make(&m);
	is(report_words_counts(&m.c, 1), "Of 3 points 3 are better.");
	m.outcomes[0][1].verdict = COMPARE_WORSE;
	m.outcomes[1][1].verdict = COMPARE_SAME;
	is(report_words_counts(&m.c, 1), "Of 3 points 1 is better, 1 is worse, "
	    "1 is proven the same.");
	m.c.nrows = 1;
	is(report_words_counts(&m.c, 1), "Of 1 point 1 is worse.");
	m.c.nrows = 0;
	is(report_words_counts(&m.c, 1), "Of 0 points nothing can be said.");
}

static void
every_verdict_has_words(void **state)
{
	struct made m;
	char *text;
	int v;

	(void)state;
	make(&m);
	m.c.nrows = 1;
	for (v = 0; v < COMPARE_VERDICTS; v++) {
		text = report_words_verdict(&m.c, (enum compare_verdict)v);
		assert_non_null(text);
		free(text);
		free(report_words_meaning(&m.c, (enum compare_verdict)v));
		m.outcomes[0][1].verdict = (enum compare_verdict)v;
		text = report_words_counts(&m.c, 1);
		assert_non_null(strstr(text, "Of 1 point 1 is "));
		free(text);
	}
	assert_int_equal(report_words_tone(COMPARE_WORSE), REPORT_WORSE);
	assert_int_equal(report_words_tone(COMPARE_FAILED), REPORT_WORSE);
	assert_int_equal(report_words_tone(COMPARE_BETTER), REPORT_BETTER);
}

static void
sweeps(void **state)
{
	struct made m;
	const struct compare_row *rows[12];
	size_t i;

	(void)state;
	make(&m);
	for (i = 0; i < 12; i++)
		rows[i] = &m.rows[i < 3 ? i : 2];
	is(report_words_sweep(&m.c, rows, 3, 0), "zfod/1 size=4M: fault/s "
	    "1.000k with 1 worker, 2.000k with 2, 3.000k with 3 (higher is "
	    "better)");
	m.values[1][0].mean = NAN;
	is(report_words_sweep(&m.c, rows, 2, 0), "zfod/1 size=4M: fault/s "
	    "1.000k with 1 worker (higher is better)");
	m.values[0][0].mean = NAN;
	m.rows[0].lower = true;
	is(report_words_sweep(&m.c, rows, 2, 0),
	    "zfod/1 size=4M: fault/s has no value (lower is better)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points),
		cmocka_unit_test(changes),
		cmocka_unit_test(counts),
		cmocka_unit_test(every_verdict_has_words),
		cmocka_unit_test(sweeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
