/* SPDX-License-Identifier: BSD-2-Clause */
/* The block that asks for a launch: complete and consistent, or an error. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "engine/protocol.h"

/* Feed lines that are separated by newlines; the last result. */
static int
take(struct protocol_launch *l, const char *text, struct err *e)
{
	char *copy = strdup(text), *line, *rest = copy;
	struct protocol_line parsed;
	int rc = 0;

	err_clear(e);
	memset(l, 0, sizeof(*l));
	while (rc == 0 && (line = strsep(&rest, "\n")) != NULL &&
	    *line != '\0') {
		rc = protocol_parse(line, &parsed, e);
		if (rc == 0)
			rc = protocol_take_launch(l, &parsed, e);
	}
	free(copy);
	return rc;
}

static void
test_launch_round_trip(void **state)
{
	struct protocol_param params[] = {
		{ (char *)(uintptr_t)"size", (char *)(uintptr_t)"64M" },
		{ (char *)(uintptr_t)"argv", (char *)(uintptr_t)"a b=%" },
	};
	int cpus[] = { 0, 4 }, partners[] = { -1, 2 };
	char workload[] = "zfod/1", plugin[] = "/a path/x.so", pin[] = "cores";
	struct protocol_launch sent = {
		.cell = 7, .launch = 3, .workload = workload, .plugin = plugin,
		.threads = true, .workers = 2, .pin = pin, .samples = 5,
		.interval_ns = 1000000000, .warmup_ns = 500000000,
		.timeout_ns = UINT64_C(60000000000), .latency = true,
		.probe = true, .member_bytes = 71680,
		.params = params, .nparams = 2,
		.cpus = cpus, .partners = partners
	}, got;
	struct str b = { 0 };
	struct err e = { 0 };

	(void)state;
	protocol_put_launch(&b, &sent);
	assert_string_equal(b.s,
	    "vmstress-plan version=1\n"
	    "launch cell=7 launch=3 workload=zfod/1 mode=thread workers=2 "
	    "pin=cores samples=5 interval_ns=1000000000 warmup_ns=500000000 "
	    "timeout_ns=60000000000 latency=1 probe=1 statistics=0 plugin=/a%20path/x.so "
	    "member_bytes=71680\n"
	    "param name=size value=64M\n"
	    "param name=argv value=a%20b%3D%25\n"
	    "cpus list=0,4\n"
	    "partners list=-1,2\n"
	    "go\n");
	assert_int_equal(take(&got, b.s, &e), 1);
	assert_int_equal(got.cell, 7);
	assert_int_equal(got.launch, 3);
	assert_string_equal(got.workload, "zfod/1");
	assert_string_equal(got.plugin, "/a path/x.so");
	assert_true(got.threads);
	assert_int_equal(got.workers, 2);
	assert_string_equal(got.pin, "cores");
	assert_int_equal(got.samples, 5);
	assert_int_equal(got.interval_ns, 1000000000);
	assert_int_equal(got.warmup_ns, 500000000);
	assert_true(got.timeout_ns == UINT64_C(60000000000));
	assert_true(got.latency);
	assert_true(got.probe);
	assert_int_equal(got.member_bytes, 71680);
	assert_int_equal(got.nparams, 2);
	assert_string_equal(got.params[1].name, "argv");
	assert_string_equal(got.params[1].value, "a b=%");
	assert_memory_equal(got.cpus, cpus, sizeof(cpus));
	assert_memory_equal(got.partners, partners, sizeof(partners));
	protocol_launch_free(&got);
	assert_null(got.workload);
	assert_int_equal(got.nparams, 0);

	/* What is optional is absent; a block is appended to what is there. */
	sent.plugin = NULL;
	sent.threads = sent.latency = sent.probe = false;
	sent.member_bytes = 0;
	sent.nparams = 0;
	sent.cpus = sent.partners = NULL;
	str_reset(&b);
	str_add(&b, "before\n");
	protocol_put_launch(&b, &sent);
	assert_string_equal(b.s,
	    "before\n"
	    "vmstress-plan version=1\n"
	    "launch cell=7 launch=3 workload=zfod/1 mode=process workers=2 "
	    "pin=cores samples=5 interval_ns=1000000000 warmup_ns=500000000 "
	    "timeout_ns=60000000000 latency=0 probe=0 statistics=0\n"
	    "go\n");
	assert_int_equal(take(&got, b.s, &e), 1);
	assert_null(got.plugin);
	assert_null(got.cpus);
	assert_null(got.partners);
	assert_false(got.threads);
	assert_false(got.probe);
	protocol_launch_free(&got);
	str_free(&b);
}

#define HEAD "vmstress-plan version=1\n"
#define LAUNCH(workers)							\
	"launch cell=7 launch=0 workload=zfod/1 mode=process workers="	\
	workers " pin=none samples=5 interval_ns=1 warmup_ns=2 "	\
	"timeout_ns=3 latency=0\n"

/* Lines and keys that are not known yet are passed over. */
static void
test_launch_unknown(void **state)
{
	struct protocol_launch l;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(take(&l, "future line=1\n"
	    "vmstress-plan version=1 by=2\nstop\n"
	    "launch cell=7 new=1 launch=0 workload=zfod/1 mode=process "
	    "workers=1 pin=none samples=5 interval_ns=1 warmup_ns=2 "
	    "timeout_ns=3 latency=0\nbudget bytes=5\ngo now=1\n", &e), 1);
	assert_int_equal(l.workers, 1);
	/* A plan that does not speak of the probe has none. */
	assert_false(l.probe);
	protocol_launch_free(&l);
	/* Without go there is more to come. */
	assert_int_equal(take(&l, HEAD LAUNCH("1"), &e), 0);
	assert_false(e.set);
	protocol_launch_free(&l);
}

/* Each required key is missed. */
static void
test_launch_missing(void **state)
{
	static const char *const fields[] = { "cell=7", "launch=0",
	    "workload=zfod/1", "mode=process", "workers=1", "pin=none",
	    "samples=5", "interval_ns=1", "warmup_ns=2", "timeout_ns=3",
	    "latency=0" };
	const size_t count = sizeof(fields) / sizeof(fields[0]);
	struct protocol_launch l;
	struct str b = { 0 }, wanted = { 0 };
	struct err e = { 0 };
	size_t i, gone;

	(void)state;
	for (gone = 0; gone < count; gone++) {
		str_reset(&b);
		str_add(&b, HEAD "launch");
		for (i = 0; i < count; i++)
			if (i != gone)
				str_addf(&b, " %s", fields[i]);
		assert_int_equal(take(&l, b.s, &e), -1);
		str_reset(&wanted);
		str_addf(&wanted, "line 'launch': field '%.*s' is missing",
		    (int)strcspn(fields[gone], "="), fields[gone]);
		assert_string_equal(e.text, wanted.s);
		protocol_launch_free(&l);
	}
	str_free(&b);
	str_free(&wanted);
}

static void
test_launch_bad(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "vmstress-plan\n",
		    "line 'vmstress-plan': field 'version' is missing" },
		{ "vmstress-plan version=2\n",
		    "the plan has version 2, this program reads version 1" },
		{ HEAD LAUNCH("1") HEAD "go\n", "a plan begins before the "
		    "'go' of the one before it" },
		{ "go\n", "'go' without a line 'vmstress-plan'" },
		{ LAUNCH("1") "go\n", "'go' without a line 'vmstress-plan'" },
		{ HEAD "go\n", "'go' before 'launch'" },
		{ HEAD "param name=a value=b\n", "'param' before 'launch'" },
		{ HEAD "cpus list=0\n", "'cpus' before 'launch'" },
		{ HEAD "partners list=0\n", "'partners' before 'launch'" },
		{ HEAD LAUNCH("1") LAUNCH("1"),
		    "a second 'launch' line before 'go'" },
		{ HEAD LAUNCH("0"), "line 'launch': field 'workers': 0 is not "
		    "in 1..65536" },
		{ HEAD LAUNCH("65537"), "line 'launch': field 'workers': "
		    "65537 is not in 1..65536" },
		{ HEAD LAUNCH("18446744073709551615"), "line 'launch': field "
		    "'workers': 18446744073709551615 is not in 1..65536" },
		{ HEAD LAUNCH("-1"), "line 'launch': field 'workers': '-1' is "
		    "not a whole number below 2^64" },
		{ HEAD LAUNCH("1") "param name=a\n",
		    "line 'param': field 'value' is missing" },
		{ HEAD LAUNCH("1") "param value=a\n",
		    "line 'param': field 'name' is missing" },
		{ HEAD LAUNCH("1") "param name=a value=b\n"
		    "param name=a value=b\n",
		    "parameter 'a' is there twice" },
		{ HEAD LAUNCH("2") "cpus list=0\n",
		    "line 'cpus': a list of 1 for 2 workers" },
		{ HEAD LAUNCH("1") "cpus list=0,1\n",
		    "line 'cpus': a list of 2 for 1 workers" },
		{ HEAD LAUNCH("1") "cpus list=\n",
		    "line 'cpus': a list of 0 for 1 workers" },
		{ HEAD LAUNCH("1") "cpus\n",
		    "line 'cpus': field 'list' is missing" },
		{ HEAD LAUNCH("2") "cpus list=0,-1\n",
		    "line 'cpus': -1 is not a CPU" },
		{ HEAD LAUNCH("2") "cpus list=0,x\n", "line 'cpus': field "
		    "'list': '0,x' is not a list of numbers" },
		{ HEAD LAUNCH("1") "cpus list=0\ncpus list=0\n",
		    "a second 'cpus' line before 'go'" },
		{ HEAD LAUNCH("1") "partners list=-2\n",
		    "line 'partners': -2 is not a CPU" },
		{ HEAD LAUNCH("1") "partners list=2147483648\n",
		    "line 'partners': field 'list': '2147483648' is not a "
		    "list of numbers" },
	};
	struct protocol_launch l;
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(take(&l, rows[i].text, &e), -1);
		assert_string_equal(e.text, rows[i].error);
		protocol_launch_free(&l);
	}
}

/* One field of a good launch line is replaced at a time. */
static void
test_launch_bad_fields(void **state)
{
	static const struct {
		const char *workload, *mode, *samples, *rest, *error;
	} rows[] = {
		{ "zfod", "process", "1", "latency=0", "field 'workload': "
		    "'zfod' is not a workload with its version, like "
		    "zfod/1" },
		{ "/1", "process", "1", "latency=0", "field 'workload': '/1' "
		    "is not a workload with its version, like zfod/1" },
		{ "zfod/", "process", "1", "latency=0", "field 'workload': "
		    "'zfod/' is not a workload with its version, like "
		    "zfod/1" },
		{ "zfod/1/2", "process", "1", "latency=0", "field 'workload': "
		    "'zfod/1/2' is not a workload with its version, like "
		    "zfod/1" },
		{ "zfod/1", "both", "1", "latency=0", "field 'mode': 'both' "
		    "is not one of: process, thread" },
		{ "zfod/1", "thread", "2147483648", "latency=0", "field "
		    "'samples': 2147483648 is not in 0..2147483647" },
		{ "zfod/1", "thread", "1", "latency=2", "field 'latency': 2 "
		    "is not in 0..1" },
		{ "zfod/1", "thread", "1", "latency=yes", "field 'latency': "
		    "'yes' is not a whole number below 2^64" },
		{ "zfod/1", "thread", "1", "latency=0 probe=2", "field "
		    "'probe': 2 is not in 0..1" },
		{ "zfod/1", "thread", "1", "latency=0 plugin=", "field "
		    "'plugin' is empty" },
	};
	struct protocol_launch l;
	struct str b = { 0 }, wanted = { 0 };
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str_reset(&b);
		str_addf(&b, HEAD "launch cell=7 launch=0 workload=%s mode=%s "
		    "workers=1 pin=none samples=%s interval_ns=1 warmup_ns=2 "
		    "timeout_ns=3 %s\n", rows[i].workload, rows[i].mode,
		    rows[i].samples, rows[i].rest);
		assert_int_equal(take(&l, b.s, &e), -1);
		str_reset(&wanted);
		str_addf(&wanted, "line 'launch': %s", rows[i].error);
		assert_string_equal(e.text, wanted.s);
		protocol_launch_free(&l);
	}
	str_free(&b);
	str_free(&wanted);
}

static void
test_launch_many_params(void **state)
{
	struct protocol_launch l;
	struct str b = { 0 };
	struct err e = { 0 };
	int i;

	(void)state;
	str_add(&b, HEAD LAUNCH("1"));
	for (i = 0; i < PROTOCOL_PARAMS_MAX; i++)
		str_addf(&b, "param name=p%d value=%d\n", i, i);
	assert_int_equal(take(&l, b.s, &e), 0);
	assert_int_equal(l.nparams, PROTOCOL_PARAMS_MAX);
	assert_string_equal(l.params[255].value, "255");
	protocol_launch_free(&l);
	str_add(&b, "param name=last value=1\n");
	assert_int_equal(take(&l, b.s, &e), -1);
	assert_string_equal(e.text, "more than 256 parameters");
	protocol_launch_free(&l);
	str_free(&b);
}

/* ---- what is counted and sampled --------------------------------------- */

/* Read, written and read again it is the same text. */
static void
test_launch_events(void **state)
{
	const char *text = HEAD
	    "launch cell=7 launch=5 workload=zfod/1 mode=process workers=1 "
	    "pin=none samples=5 interval_ns=1 warmup_ns=2 timeout_ns=3 "
	    "latency=0 probe=0 statistics=1 times=0\n"
	    "count mode=cgroup group=/a%20b\n"
	    "event name=cycles:k type=0 config=0 exclude=uhg\n"
	    "event name=tlb:tlb_flush[reason%3D%3D1] type=2 config=77 "
	    "filter=reason%3D%3D1\n"
	    "event name=cpu_core/x/ type=10 config=1 config1=2 config2=3 "
	    "cpus=0,2\n"
	    "event name=frobs status=unknown_event reason=no%20such\n"
	    "profile name=cpu-clock type=1 config=0 rate_hz=997\n"
	    "go\n";
	struct protocol_launch l;
	struct str b = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(take(&l, text, &e), 1);
	assert_true(l.statistics);
	assert_true(l.counts_only);
	assert_string_equal(l.count_mode, "cgroup");
	assert_string_equal(l.count_group, "/a b");
	assert_int_equal(l.nevents, 4);
	assert_string_equal(l.events[0].exclude, "uhg");
	assert_int_equal(l.events[1].type, 2);
	assert_int_equal(l.events[1].config, 77);
	assert_string_equal(l.events[1].filter, "reason==1");
	assert_int_equal(l.events[2].config2, 3);
	assert_int_equal(l.events[2].ncpus, 2);
	assert_int_equal(l.events[2].cpus[1], 2);
	assert_string_equal(l.events[3].status, "unknown_event");
	assert_string_equal(l.events[3].reason, "no such");
	assert_string_equal(l.profile->name, "cpu-clock");
	assert_int_equal(l.profile_hz, 997);
	protocol_put_launch(&b, &l);
	assert_string_equal(b.s, text);
	protocol_launch_free(&l);
	str_free(&b);
}

static void
test_launch_bad_events(void **state)
{
	static const struct {
		const char *lines, *error;
	} rows[] = {
		{ "count mode=all", "line 'count': field 'mode': 'all' is not "
		    "one of: cgroup, system, task" },
		{ "count mode=cgroup", "line 'count': field 'group' is missing" },
		{ "count mode=task\ncount mode=task",
		    "a second 'count' line before 'go'" },
		{ "event type=1 config=1", "line 'event': field 'name' is missing" },
		{ "event name=a config=1", "line 'event': field 'type' is missing" },
		{ "event name=a type=1", "line 'event': field 'config' is missing" },
		{ "event name=a type=4294967296 config=0",
		    "line 'event': field 'type' is too large" },
		{ "event name=a type=1 config=0 exclude=ux", "line 'event': "
		    "field 'exclude': 'ux' is not out of the letters ukhgi" },
		{ "event name=a type=1 config=0 cpus=1,x", "line 'event': "
		    "field 'cpus': '1,x' is not a list of numbers" },
		{ "event name=a type=1 config=0 cpus=-1",
		    "line 'event': -1 is not a CPU" },
		{ "profile name=a type=1 config=0",
		    "line 'profile': a rate of 0" },
		{ "profile name=a status=error\nprofile name=b status=error",
		    "a second 'profile' line before 'go'" },
	};
	struct protocol_launch l;
	struct str b = { 0 };
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str_reset(&b);
		str_addf(&b, HEAD LAUNCH("1") "%s\n", rows[i].lines);
		assert_int_equal(take(&l, b.s, &e), -1);
		assert_string_equal(e.text, rows[i].error);
		protocol_launch_free(&l);
	}
	str_reset(&b);
	str_add(&b, HEAD LAUNCH("1"));
	for (i = 0; i <= PROTOCOL_EVENTS_MAX; i++)
		str_add(&b, "event name=a type=1 config=0\n");
	assert_int_equal(take(&l, b.s, &e), -1);
	assert_string_equal(e.text, "more than 256 events");
	protocol_launch_free(&l);
	assert_int_equal(take(&l, HEAD "event name=a type=1 config=0\n", &e),
	    -1);
	assert_string_equal(e.text, "'event' before 'launch'");
	protocol_launch_free(&l);
	str_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_launch_round_trip),
		cmocka_unit_test(test_launch_unknown),
		cmocka_unit_test(test_launch_events),
		cmocka_unit_test(test_launch_bad_events),
		cmocka_unit_test(test_launch_missing),
		cmocka_unit_test(test_launch_bad),
		cmocka_unit_test(test_launch_bad_fields),
		cmocka_unit_test(test_launch_many_params),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
