/* SPDX-License-Identifier: BSD-2-Clause */
/* Configs into cells: what wins, what multiplies, and every error. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Before cmocka.h, whose macros fail and skip are names in workload.h. */
#include "base/mem.h"
#include "base/param.h"
#include "base/str.h"
#include "fake_workloads.h"
#include "plan/config_plan.h"
#include "plan/config_settings.h"

#include <cmocka.h>

static const struct config_overrides none = { .ncpu = 8, .seed = 99 };

/* One line per cell: workload, parameters, mode, pin, workers. */
static char *
show(const struct plan *p)
{
	struct str b = { 0 };
	char *text;

	for (size_t i = 0; i < p->ncells; i++) {
		const struct plan_cell *c = &p->cells[i];

		assert_int_equal(c->id, i);
		str_add(&b, c->workload->name);
		for (int k = 0; k < c->nparams; k++)
			str_addf(&b, " %s=%s", c->params[k].row->name,
			    c->params[k].text);
		str_addf(&b, " %s%s %s %d\n", c->latency ? "latency " : "",
		    c->threads ? "thread" : "process", c->pin, c->workers);
	}
	text = mem_strdup(str_text(&b));
	str_free(&b);
	return text;
}

static struct plan
read_with(const char *text, const struct config_overrides *o)
{
	struct plan p;
	struct err e = { 0 };

	if (config_read_text(&p, "f", text, strlen(text), o, &e) == -1)
		fail_msg("%s", e.text);
	return p;
}

static void
check_with(const char *text, const struct config_overrides *o,
    const char *cells)
{
	struct plan p = read_with(text, o);
	char *shown = show(&p);

	assert_string_equal(shown, cells);
	free(shown);
	plan_free(&p);
}

static void
check(const char *text, const char *cells)
{
	check_with(text, &none, cells);
}

static void
check_error_with(const char *text, const struct config_overrides *o,
    const char *error)
{
	struct plan p;
	struct err e = { 0 };

	assert_int_equal(config_read_text(&p, "f", text, strlen(text), o, &e),
	    -1);
	assert_string_equal(e.text, error);
	assert_null(p.cells);
	assert_null(p.name);
}

/* ---- what is right ------------------------------------------------------ */

static void
test_defaults(void **state)
{
	struct plan p = read_with("cells: [zfod]\n", &none);
	const struct plan_cell *c = &p.cells[0];

	(void)state;
	assert_int_equal(p.ncells, 1);
	assert_ptr_equal(c->workload, &fake_zfod);
	assert_int_equal(c->workers, 1);
	assert_false(c->threads);
	assert_string_equal(c->pin, "cores");
	assert_int_equal(c->launches, 5);
	assert_int_equal(c->samples, 3);
	assert_true(c->interval_ns == 1000000000);
	assert_true(c->warmup_ns == 500000000);
	assert_true(c->timeout_ns == 0);
	assert_false(c->latency);
	assert_false(c->probe);
	assert_string_equal(plan_param(c, "size"), "128M");
	assert_string_equal(plan_param(c, "thp"), "off");
	assert_int_equal(p.order, PLAN_RANDOM);
	assert_true(p.seed == 99);
	assert_null(p.label);
	assert_string_equal(p.name, "f");
	plan_free(&p);
	assert_null(p.cells);
}

static void
test_settings(void **state)
{
	struct plan p = read_with("label: 6.18-rc3\n"
	    "order: listed\n"
	    "seed: 18446744073709551615\n"
	    "launches: 1000\n"
	    "samples: 1M\n"
	    "interval: 1ms\n"
	    "warmup: 0s\n"
	    "timeout: 2h\n"
	    "latency: yes\n"
	    "probe: yes\n"
	    "cells:\n"
	    "- workload: zfod\n"
	    "  launches: 7\n"
	    "  size: 1024K\n", &none);
	const struct plan_cell *c = &p.cells[0];

	(void)state;
	assert_string_equal(p.label, "6.18-rc3");
	assert_int_equal(p.order, PLAN_LISTED);
	assert_true(p.seed == UINT64_MAX);
	assert_int_equal(c->launches, 7);
	assert_int_equal(c->samples, 1000000);
	assert_true(c->interval_ns == 1000000);
	assert_true(c->warmup_ns == 0);
	assert_true(c->timeout_ns == UINT64_C(7200000000000));
	assert_true(c->latency);
	assert_true(c->probe);
	assert_string_equal(plan_param(c, "size"), "1M");
	plan_free(&p);
}

/* Where a population is the subject the probe is on unless told otherwise. */
static void
test_probe(void **state)
{
	const struct config_overrides off = {
		.list = (const struct config_override[]){
			{ "probe", "false", "--no-probe", false },
		},
		.count = 1, .ncpu = 8,
	};
	const char *text = "cells: [command, zfod, {workload: zfod, probe: on},"
	    " {workload: command, probe: off}]\n";
	struct plan p = read_with(text, &none);

	(void)state;
	assert_int_equal(p.ncells, 4);
	assert_true(p.cells[0].probe);
	assert_false(p.cells[1].probe);
	assert_true(p.cells[2].probe);
	assert_false(p.cells[3].probe);
	plan_free(&p);
	p = read_with("probe: false\ncells: [command, {workload: command, "
	    "probe: true}]\n", &none);
	assert_false(p.cells[0].probe);
	assert_true(p.cells[1].probe);
	plan_free(&p);
	p = read_with(text, &off);
	for (int i = 0; i < 4; i++)
		assert_false(p.cells[i].probe);
	plan_free(&p);
}

/* A list of events is one value, whoever writes it, and never multiplies. */
static void
test_events(void **state)
{
	const struct config_overrides line = {
		.list = (const struct config_override[]){
			{ "events", "tlb, ipi", "--events tlb, ipi", false },
			{ "profile", "auto", "--profile auto", false },
		},
		.count = 2, .ncpu = 8,
	};
	const char *text = "counting: task\nevents: [default, cycles:k, "
	    "\"tlb:tlb_flush[reason==1]\"]\ncells: [zfod, "
	    "{workload: zfod, events: none, profile: cycles, "
	    "statistics: false}]\n";
	struct plan p;

	(void)state;
	p = read_with(text, &none);
	assert_int_equal(p.counting, PLAN_COUNT_TASK);
	assert_int_equal(p.ncells, 2);
	assert_string_equal(p.cells[0].events,
	    "default,cycles:k,tlb:tlb_flush[reason==1]");
	assert_string_equal(p.cells[0].profile, "none");
	assert_true(p.cells[0].statistics);
	assert_string_equal(p.cells[1].events, "none");
	assert_string_equal(p.cells[1].profile, "cycles");
	assert_false(p.cells[1].statistics);
	plan_free(&p);
	p = read_with("cells: [zfod]\n", &none);
	assert_int_equal(p.counting, PLAN_COUNT_AUTO);
	assert_string_equal(p.cells[0].events, "auto");
	plan_free(&p);
	p = read_with(text, &line);
	assert_string_equal(p.cells[0].events, "tlb,ipi");
	assert_string_equal(p.cells[1].events, "tlb,ipi");
	assert_string_equal(p.cells[1].profile, "auto");
	plan_free(&p);
}

/* Workers vary fastest, then pin, mode, latency; parameters slowest. */
static void
test_product(void **state)
{
	(void)state;
	check("cells:\n"
	    "- workload: zfod\n"
	    "  workers: [1, 2..4]\n"
	    "  mode: [thread, process]\n"
	    "  thp: [on, off]\n"
	    "  size: 4M\n",
	    "zfod size=4M thp=on thread cores 1\n"
	    "zfod size=4M thp=on thread cores 2\n"
	    "zfod size=4M thp=on thread cores 4\n"
	    "zfod size=4M thp=on process cores 1\n"
	    "zfod size=4M thp=on process cores 2\n"
	    "zfod size=4M thp=on process cores 4\n"
	    "zfod size=4M thp=off thread cores 1\n"
	    "zfod size=4M thp=off thread cores 2\n"
	    "zfod size=4M thp=off thread cores 4\n"
	    "zfod size=4M thp=off process cores 1\n"
	    "zfod size=4M thp=off process cores 2\n"
	    "zfod size=4M thp=off process cores 4\n");
	check("cells:\n"
	    "- workload: zfod\n"
	    "  size: [1M, 2M]\n"
	    "  thp: [off, on]\n"
	    "  latency: [off, on]\n"
	    "  pin: [compact, 'list:0,2-3']\n",
	    "zfod size=1M thp=off process compact 1\n"
	    "zfod size=1M thp=off process list:0,2,3 1\n"
	    "zfod size=1M thp=off latency process compact 1\n"
	    "zfod size=1M thp=off latency process list:0,2,3 1\n"
	    "zfod size=1M thp=on process compact 1\n"
	    "zfod size=1M thp=on process list:0,2,3 1\n"
	    "zfod size=1M thp=on latency process compact 1\n"
	    "zfod size=1M thp=on latency process list:0,2,3 1\n"
	    "zfod size=2M thp=off process compact 1\n"
	    "zfod size=2M thp=off process list:0,2,3 1\n"
	    "zfod size=2M thp=off latency process compact 1\n"
	    "zfod size=2M thp=off latency process list:0,2,3 1\n"
	    "zfod size=2M thp=on process compact 1\n"
	    "zfod size=2M thp=on process list:0,2,3 1\n"
	    "zfod size=2M thp=on latency process compact 1\n"
	    "zfod size=2M thp=on latency process list:0,2,3 1\n");
}

static void
test_doubles(void **state)
{
	(void)state;
	check("cells:\n"
	    "- workload: zfod\n"
	    "  size: [1M, 1024K, 1M]\n"
	    "  workers: [1, 1..2, ncpu/4]\n"
	    "  pin: ['list:0-1', 'list:0,1']\n"
	    "- workload: zfod\n"
	    "  size: 1M\n",
	    "zfod size=1M thp=off process list:0,1 1\n"
	    "zfod size=1M thp=off process list:0,1 2\n"
	    "zfod size=1M thp=off process cores 1\n");
}

/* A cell's own value replaces the file's. */
static void
test_precedence(void **state)
{
	(void)state;
	check("workers: 1,2\n"
	    "pin: compact\n"
	    "cells:\n"
	    "- fork\n"
	    "- workload: zfod\n"
	    "  workers: 4\n"
	    "- command\n",
	    "fork pages=0 share=50% verify=false process compact 1\n"
	    "fork pages=0 share=50% verify=false process compact 2\n"
	    "zfod size=128M thp=off process compact 4\n"
	    "command argv=true process compact 1\n"
	    "command argv=true process compact 2\n");
}

static void
test_modes(void **state)
{
	(void)state;
	check("cells: [mmap-nth, fork]\n",
	    "mmap-nth thread cores 1\n"
	    "fork pages=0 share=50% verify=false process cores 1\n");
	/* A default is reduced to what each workload has. */
	check("mode: [process, thread]\n"
	    "cells: [mmap-nth, fork, zfod]\n",
	    "mmap-nth thread cores 1\n"
	    "fork pages=0 share=50% verify=false process cores 1\n"
	    "zfod size=128M thp=off process cores 1\n"
	    "zfod size=128M thp=off thread cores 1\n");
	check_error_with("mode: thread\ncells: [zfod, fork]\n", &none,
	    "f:1:7: workload 'fork': setting 'mode': it has no 'thread' mode, "
	    "only 'process'");
	check_error_with("mode: [process]\ncells: [zfod, mmap-nth]\n", &none,
	    "f:1:7: workload 'mmap-nth': setting 'mode': it has no 'process' "
	    "mode, only 'thread'");
	/* What the cell asks for itself is not. */
	check_error_with("cells:\n- workload: fork\n"
	    "  mode: [process, thread]\n", &none,
	    "f:3:19: workload 'fork': setting 'mode': it has no 'thread' mode, "
	    "only 'process'");
	check_error_with("cells: [{ workload: mmap-nth, mode: process }]\n",
	    &none, "f:1:37: workload 'mmap-nth': setting 'mode': it has no "
	    "'process' mode, only 'thread'");
}

/* ---- what is wrong ------------------------------------------------------ */

#define ZFOD "cells:\n- workload: zfod\n  "

static const struct {
	const char *text;
	const char *error;
} bad[] = {
	{ "", "f: an empty file: list workloads under 'cells'" },
	{ "# nothing\n", "f: an empty file: list workloads under 'cells'" },
	{ "zfod\n", "f:1:1: a config is a mapping: 'key: value' lines" },
	{ "- zfod\n", "f:1:1: a config is a mapping: 'key: value' lines" },
	{ "workers: 1\n",
	    "f: no 'cells': list at least one workload under it" },
	{ "cells: zfod\n",
	    "f:1:8: 'cells' is a list of at least one workload" },
	{ "cells: []\n", "f:1:8: 'cells' is a list of at least one workload" },
	{ "cells:\n", "f:1:7: 'cells' is a list of at least one workload" },
	{ "cells: [[zfod]]\n", "f:1:9: a cell needs 'workload: NAME'" },
	{ "cells: [{size: 4M}]\n", "f:1:9: a cell needs 'workload: NAME'" },
	{ "cells: [{workload: [zfod]}]\n",
	    "f:1:20: 'workload' takes one name" },
	{ "cells: [zfdo]\n",
	    "f:1:9: no workload 'zfdo' (did you mean 'zfod'?)" },
	{ "cells:\n- workload: xyzzy\n",
	    "f:2:13: no workload 'xyzzy' (see 'vmstress list')" },
	/* Keys. */
	{ "lauches: 3\ncells: [zfod]\n",
	    "f:1:1: unknown key 'lauches' (did you mean 'launches'?)" },
	{ "size: 4M\ncells: [zfod]\n", "f:1:1: unknown key 'size': parameters "
	    "of a workload belong in 'cells'" },
	{ "cell: [zfod]\n",
	    "f:1:1: unknown key 'cell' (did you mean 'cells'?)" },
	{ "cells: [zfod]\ncells: [fork]\n",
	    "f:2:1: duplicate key 'cells', first in line 1" },
	{ ZFOD "szie: 4M\n", "f:3:3: workload 'zfod': unknown key 'szie' (did "
	    "you mean 'size'?)" },
	{ ZFOD "worker: 2\n", "f:3:3: workload 'zfod': unknown key 'worker' "
	    "(did you mean 'workers'?)" },
	{ ZFOD "argv: 2\n", "f:3:3: workload 'zfod': unknown key 'argv': "
	    "neither a setting nor a parameter of it" },
	{ ZFOD "label: x\n", "f:3:3: workload 'zfod': unknown key 'label': "
	    "neither a setting nor a parameter of it" },
	/* Values of parameters. */
	{ ZFOD "size: 12q\n", "f:3:9: workload 'zfod': parameter 'size': "
	    "'12q' is not a size (try 64M)" },
	{ ZFOD "size: [4M, 12q]\n", "f:3:14: workload 'zfod': parameter "
	    "'size': '12q' is not a size (try 64M)" },
	{ ZFOD "size: 1M,2M\n", "f:3:9: workload 'zfod': parameter 'size': "
	    "'1M,2M' is not a size (try 64M)" },
	{ ZFOD "size: 1K\n", "f:3:9: workload 'zfod': parameter 'size': '1K' "
	    "is below the minimum 4K" },
	{ ZFOD "size: 2T\n", "f:3:9: workload 'zfod': parameter 'size': '2T' "
	    "is above the maximum 1T" },
	{ ZFOD "size: []\n", "f:3:9: workload 'zfod': parameter 'size': an "
	    "empty list" },
	{ ZFOD "size: {a: b}\n", "f:3:9: workload 'zfod': parameter 'size': a "
	    "value must be plain, not a list or mapping" },
	{ ZFOD "size: [[4M]]\n", "f:3:10: workload 'zfod': parameter 'size': "
	    "a value must be plain, not a list or mapping" },
	{ ZFOD "size:\n", "f:3:8: workload 'zfod': parameter 'size': '' is "
	    "not a size (try 64M)" },
	{ ZFOD "thp: onn\n", "f:3:8: workload 'zfod': parameter 'thp': 'onn' "
	    "is not one of: off, on, system (did you mean 'on'?)" },
	/* Values of settings. */
	{ "workers: 1,x\ncells: [zfod]\n", "f:1:10: setting 'workers': 'x' is "
	    "not a worker count (try 4, 1..ncpu, ncpu/2 or 50%)" },
	{ "workers: [1, 8..4]\ncells: [zfod]\n", "f:1:14: setting 'workers': "
	    "'8..4' counts down: write the smaller end first" },
	{ ZFOD "workers: 0\n", "f:3:12: workload 'zfod': setting 'workers': "
	    "'0' is less than one worker" },
	{ "mode: proces\ncells: [zfod]\n", "f:1:7: setting 'mode': 'proces' "
	    "is not one of: process, thread (did you mean 'process'?)" },
	{ "pin: core\ncells: [zfod]\n", "f:1:6: setting 'pin': 'core' is not "
	    "one of: none, compact, scatter, cores, l3, numa, list:0,2,4 (did "
	    "you mean 'cores'?)" },
	{ "pin: compact,none\ncells: [zfod]\n", "f:1:6: setting 'pin': "
	    "'compact,none' is not one of: none, compact, scatter, cores, l3, "
	    "numa, list:0,2,4" },
	{ ZFOD "pin: 'list:0,0'\n", "f:3:8: workload 'zfod': setting 'pin': a "
	    "placement list has CPU 0 twice" },
	{ "launches: 0\ncells: [zfod]\n", "f:1:11: setting 'launches': '0' is "
	    "below the minimum 1" },
	{ "launches: 1001\ncells: [zfod]\n", "f:1:11: setting 'launches': "
	    "'1001' is above the maximum 1000" },
	{ "launches: [1, 2]\ncells: [zfod]\n", "f:1:11: setting 'launches': "
	    "takes one value, not a list" },
	{ "samples: 0\ncells: [zfod]\n", "f:1:10: setting 'samples': '0' is "
	    "below the minimum 1" },
	{ "samples: 1000001\ncells: [zfod]\n", "f:1:10: setting 'samples': "
	    "'1000001' is above the maximum 1M" },
	{ "interval: 999us\ncells: [zfod]\n", "f:1:11: setting 'interval': "
	    "'999us' is below the minimum 1ms" },
	{ "interval: 61m\ncells: [zfod]\n", "f:1:11: setting 'interval': "
	    "'61m' is above the maximum 1h" },
	{ "interval: 5\ncells: [zfod]\n", "f:1:11: setting 'interval': '5' is "
	    "not a time (try 500ms)" },
	{ "warmup: 2h\ncells: [zfod]\n", "f:1:9: setting 'warmup': '2h' is "
	    "above the maximum 1h" },
	{ "cells: [{workload: zfod, probe: [on, off]}]\n", "f:1:33: workload "
	    "'zfod': setting 'probe': takes one value, not a list" },
	{ "latency: maybe\ncells: [zfod]\n", "f:1:10: setting 'latency': "
	    "'maybe' is not true or false (try true)" },
	{ "timeout: 3s\ncells: [zfod]\n", "f:1:10: workload 'zfod': setting "
	    "'timeout': 3s is shorter than a launch, which takes 3500ms" },
	/* What is overridden is checked all the same. */
	{ "launches: 0\ncells: [{workload: zfod, launches: 1}]\n",
	    "f:1:11: setting 'launches': '0' is below the minimum 1" },
	/* Keys of the plan. */
	{ "order: rand\ncells: [zfod]\n", "f:1:8: 'order': 'rand' is not one "
	    "of: random, listed (did you mean 'random'?)" },
	{ "order: [random]\ncells: [zfod]\n",
	    "f:1:8: 'order' takes one value" },
	{ "seed: -1\ncells: [zfod]\n", "f:1:7: 'seed': '-1' is not a count "
	    "(try 900k)" },
	{ "label: [a]\ncells: [zfod]\n", "f:1:8: 'label' takes one value" },
	{ "include: x\ncells: [zfod]\n",
	    "f:1:10: 'include' works in files only" },
	/* Too much. */
	{ "workers: 1..4096:+1\npin: [none, compact, scatter, cores, l3]\n"
	    "cells:\n- workload: zfod\n  size: [1M, 2M, 3M, 4M, 5M]\n",
	    "f:4:3: workload 'zfod': the plan grows over 100000 cells: "
	    "shorten its lists" },
	{ "workers: 1..4096:+1\npin: [none, compact, scatter]\n"
	    "launches: 1000\ncells: [zfod]\n",
	    "f:4:9: workload 'zfod': the plan grows over 10000000 launches: "
	    "lower 'launches' or shorten its lists" },
	{ "cells:\n\t- zfod\n", "f:2:1: tabs cannot indent YAML: use blanks" },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_error_with(bad[i].text, &none, bad[i].error);
}

/* Exactly as many cells as are allowed, and one list that is too long. */
static void
test_limits(void **state)
{
	struct plan p = read_with("launches: 1\n"
	    "workers: 1..4000:+1\n"
	    "cells:\n"
	    "- workload: zfod\n"
	    "  size: [1M, 2M, 3M, 4M, 5M]\n"
	    "  pin: [none, compact, scatter, cores, l3]\n", &none);
	struct str b = { 0 };

	(void)state;
	assert_int_equal(p.ncells, 100000);
	plan_free(&p);
	str_add(&b, "cells: [{workload: fork, pages: [");
	for (int i = 0; i < 4097; i++)
		str_addf(&b, "%s%d", i > 0 ? "," : "", i);
	str_add(&b, "]}]");
	check_error_with(str_text(&b), &none, "f:1:19404: workload 'fork': "
	    "parameter 'pages': more than 4096 values");
	str_free(&b);
}

/* ---- the command line ---------------------------------------------------- */

#define OVERRIDES(...) {						\
	.list = (const struct config_override[]){ __VA_ARGS__ },	\
	.count = sizeof((const struct config_override[]){ __VA_ARGS__ }) / \
	    sizeof(struct config_override),				\
	.ncpu = 4, .seed = 99 }

static void
test_overrides(void **state)
{
	const struct config_overrides o = OVERRIDES(
	    { "workers", "ncpu/2,ncpu", "-w ncpu/2,ncpu", false },
	    { "mode", "process,thread", "-m process,thread", false },
	    { "pin", "list:0,1,none", "-b list:0,1,none", false },
	    { "size", "1M,2M", "-p size=1M,2M", true },
	    { "argv", "ls a,b", "-p argv=ls a,b", true });

	(void)state;
	check_with("workers: 1\n"
	    "cells:\n"
	    "- workload: zfod\n"
	    "  size: 64M\n"
	    "  mode: thread\n"
	    "- command\n", &o,
	    "zfod size=1M thp=off process list:0,1 2\n"
	    "zfod size=1M thp=off process list:0,1 4\n"
	    "zfod size=1M thp=off process none 2\n"
	    "zfod size=1M thp=off process none 4\n"
	    "zfod size=1M thp=off thread list:0,1 2\n"
	    "zfod size=1M thp=off thread list:0,1 4\n"
	    "zfod size=1M thp=off thread none 2\n"
	    "zfod size=1M thp=off thread none 4\n"
	    "zfod size=2M thp=off process list:0,1 2\n"
	    "zfod size=2M thp=off process list:0,1 4\n"
	    "zfod size=2M thp=off process none 2\n"
	    "zfod size=2M thp=off process none 4\n"
	    "zfod size=2M thp=off thread list:0,1 2\n"
	    "zfod size=2M thp=off thread list:0,1 4\n"
	    "zfod size=2M thp=off thread none 2\n"
	    "zfod size=2M thp=off thread none 4\n"
	    "command argv=ls a,b process list:0,1 2\n"
	    "command argv=ls a,b process list:0,1 4\n"
	    "command argv=ls a,b process none 2\n"
	    "command argv=ls a,b process none 4\n");
}

static void
test_override_plan(void **state)
{
	const struct config_overrides o = OVERRIDES(
	    { "label", "a,b", "--label a,b", false },
	    { "seed", "7", "--seed 7", false },
	    { "order", "listed", "--order listed", false },
	    { "launches", "2", "-n 2", false },
	    { "launches", "9", "-n 9", false });
	struct plan p = read_with("label: x\nseed: 1\nlaunches: 3\n"
	    "cells: [{workload: zfod, launches: 4}]\n", &o);

	(void)state;
	assert_string_equal(p.label, "a,b");
	assert_true(p.seed == 7);
	assert_int_equal(p.order, PLAN_LISTED);
	assert_int_equal(p.cells[0].launches, 9);
	plan_free(&p);
}

static const struct {
	struct config_override o;
	const char *error;
} bad_overrides[] = {
	{ { "workers", "1,x", "-w 1,x", false }, "-w 1,x: setting 'workers': "
	    "'x' is not a worker count (try 4, 1..ncpu, ncpu/2 or 50%)" },
	{ { "workers", "", "-w ''", false }, "-w '': setting 'workers': '' is "
	    "not a worker count (try 4, 1..ncpu, ncpu/2 or 50%)" },
	{ { "launches", "1,2", "-n 1,2", false }, "-n 1,2: setting "
	    "'launches': '1,2' is not a count (try 900k)" },
	{ { "mode", "process,", "-m process,", false }, "-m process,: setting "
	    "'mode': '' is not one of: process, thread" },
	{ { "mode", "thread", "-m thread", false }, "-m thread: workload "
	    "'fork': setting 'mode': it has no 'thread' mode, only "
	    "'process'" },
	{ { "pin", "list:0,0", "-b list:0,0", false }, "-b list:0,0: setting "
	    "'pin': a placement list has CPU 0 twice" },
	{ { "size", "12q", "-p size=12q", true }, "-p size=12q: workload "
	    "'zfod': parameter 'size': '12q' is not a size (try 64M)" },
	{ { "size", "1M,,2M", "-p size=1M,,2M", true }, "-p size=1M,,2M: "
	    "workload 'zfod': parameter 'size': '' is not a size (try 64M)" },
	{ { "szie", "1M", "-p szie=1M", true }, "-p szie=1M: no cell has a "
	    "parameter 'szie' (did you mean 'size'?)" },
	{ { "argv", "x", "-p argv=x", true },
	    "-p argv=x: no cell has a parameter 'argv'" },
	{ { "workers", "2", "-p workers=2", true },
	    "-p workers=2: 'workers' is a setting, not a parameter" },
	{ { "wrkers", "2", "--set wrkers=2", false }, "--set wrkers=2: "
	    "unknown setting 'wrkers' (did you mean 'workers'?)" },
	{ { "cells", "2", "--set cells=2", false },
	    "--set cells=2: unknown setting 'cells'" },
	{ { "label", "a\nb", "--label", false }, "--label: a line break or "
	    "control character in a value" },
	{ { "label", "\xff", "--label", false },
	    "--label: bytes that are not UTF-8" },
	{ { "seed", "x", "--seed x", false },
	    "--seed x: 'seed': 'x' is not a count (try 900k)" },
	{ { "timeout", "1s", "--timeout 1s", false }, "--timeout 1s: workload "
	    "'zfod': setting 'timeout': 1s is shorter than a launch, which "
	    "takes 3500ms" },
};

static void
test_bad_overrides(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_overrides) /
	    sizeof(bad_overrides[0]); i++) {
		struct config_overrides o = { .list = &bad_overrides[i].o,
		    .count = 1, .ncpu = 4 };

		check_error_with("cells: [zfod, fork]\n", &o,
		    bad_overrides[i].error);
	}
}

/* A file is right or wrong whatever the options are. */
static void
test_override_hides_nothing(void **state)
{
	const struct config_overrides o = OVERRIDES(
	    { "workers", "2", "-w 2", false });

	(void)state;
	check_error_with(ZFOD "workers: x\n", &o, "f:3:12: workload 'zfod': "
	    "setting 'workers': 'x' is not a worker count (try 4, 1..ncpu, "
	    "ncpu/2 or 50%)");
}

static void
test_workload(void **state)
{
	const struct config_overrides o = OVERRIDES(
	    { "workers", "1,2", "-w 1,2", false },
	    { "label", "new", "--label new", false });
	const struct config_overrides wrong = OVERRIDES(
	    { "size", "1M", "-p size=1M", true });
	struct plan p;
	struct err e = { 0 };
	char *shown;

	(void)state;
	assert_int_equal(config_workload(&p, "zfod", &o, &e), 0);
	assert_string_equal(p.name, "zfod");
	assert_string_equal(p.label, "new");
	assert_true(p.seed == 99);
	shown = show(&p);
	assert_string_equal(shown, "zfod size=128M thp=off process cores 1\n"
	    "zfod size=128M thp=off process cores 2\n");
	free(shown);
	plan_free(&p);
	assert_int_equal(config_workload(&p, "zfdo", &o, &e), -1);
	assert_string_equal(e.text,
	    "no workload 'zfdo' (did you mean 'zfod'?)");
	assert_null(p.name);
	err_clear(&e);
	assert_int_equal(config_workload(&p, "mmap-nth", &wrong, &e), -1);
	assert_string_equal(e.text, "-p size=1M: no cell has a parameter "
	    "'size'");
}

/* Too many cells or launches without a file to blame. */
static void
test_workload_limits(void **state)
{
	const struct config_overrides o = OVERRIDES(
	    { "workers", "1..4096:+1", "-w 1..4096:+1", false },
	    { "pin", "none,compact,scatter", "-b none,compact,scatter", false },
	    { "launches", "1000", "-n 1000", false });
	struct plan p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(config_workload(&p, "zfod", &o, &e), -1);
	assert_string_equal(e.text, "workload 'zfod': the plan grows over "
	    "10000000 launches: lower 'launches' or shorten its lists");
}

/* The rows that everything is read from are well formed themselves. */
static void
test_rows(void **state)
{
	const struct vms_param *rows = config_settings();
	struct err e = { 0 };

	(void)state;
	assert_int_equal(param_check_table(rows, 4096, &e), 0);
	assert_int_equal(param_count(rows), CONFIG_SETTINGS);
	assert_non_null(param_find(rows, "workers"));
	assert_non_null(param_find(rows, "timeout"));
}

/* ---- files -------------------------------------------------------------- */

static char dir[] = "/tmp/test_config.XXXXXX";

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static void
in_dir(const char *name, int (*fn)(const char *))
{
	char *path = mem_printf("%s/%s", dir, name);

	assert_int_equal(fn(path), 0);
	free(path);
}

static int
make_subdir(const char *path)
{
	return mkdir(path, 0777);
}

static void
write_file(const char *name, const char *text)
{
	char *path = mem_printf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(path);
}

/* `error` is a format for the directory, once or twice. */
static void
check_file_error(const char *name, const char *error)
{
	char *path = mem_printf("%s/%s", dir, name);
	struct plan p;
	struct err e = { 0 };
	struct str expected = { 0 };

	assert_int_equal(config_read(&p, path, &none, &e), -1);
	for (const char *s = error; *s != '\0'; s++) {
		if (*s == '@')
			str_add(&expected, dir);
		else
			str_addn(&expected, s, 1);
	}
	assert_string_equal(e.text, str_text(&expected));
	assert_null(p.name);
	str_free(&expected);
	free(path);
}

/* The nearer file wins; paths are relative to the file that names them. */
static void
test_include(void **state)
{
	char *path = mem_printf("%s/main.yaml", dir);
	struct plan p;
	struct err e = { 0 };
	char *shown;

	(void)state;
	in_dir("sub", make_subdir);
	write_file("main.yaml", "cells: [zfod]\npin: none\n"
	    "include: sub/near.yaml\n");
	write_file("sub/near.yaml", "include: far.yaml\nworkers: 2\n"
	    "label: near\n");
	write_file("sub/far.yaml", "include: ../empty.yaml\nworkers: 4\n"
	    "pin: l3\nlabel: far\nseed: 5\nmode: thread\n");
	write_file("empty.yaml", "# nothing\n");
	assert_int_equal(config_read(&p, path, &none, &e), 0);
	assert_string_equal(p.name, "main");
	assert_string_equal(p.label, "near");
	assert_true(p.seed == 5);
	shown = show(&p);
	assert_string_equal(shown, "zfod size=128M thp=off thread none 2\n");
	free(shown);
	plan_free(&p);
	free(path);
	in_dir("main.yaml", unlink);
	in_dir("sub/near.yaml", unlink);
	in_dir("sub/far.yaml", unlink);
	in_dir("empty.yaml", unlink);
	in_dir("sub", rmdir);
}

static void
test_bad_include(void **state)
{
	(void)state;
	write_file("a.yaml", "include: b.yaml\ncells: [zfod]\n");
	write_file("b.yaml", "include: ./a.yaml\n");
	check_file_error("a.yaml", "@/b.yaml:1:10: @/./a.yaml includes itself "
	    "by way of this line");
	write_file("b.yaml", "include: b.yaml\n");
	check_file_error("a.yaml", "@/b.yaml:1:10: @/b.yaml includes itself "
	    "by way of this line");
	write_file("b.yaml", "cells: [fork]\n");
	check_file_error("a.yaml", "@/b.yaml:1:1: an included file cannot "
	    "have 'cells', only settings");
	write_file("b.yaml", "workers: x\n");
	check_file_error("a.yaml", "@/b.yaml:1:10: setting 'workers': 'x' is "
	    "not a worker count (try 4, 1..ncpu, ncpu/2 or 50%)");
	write_file("b.yaml", "- workers\n");
	check_file_error("a.yaml", "@/b.yaml:1:1: a config is a mapping: 'key: "
	    "value' lines");
	write_file("b.yaml", "a: [\n");
	check_file_error("a.yaml", "@/b.yaml:2:1: not valid YAML: did not find "
	    "expected node content while parsing a flow node");
	in_dir("b.yaml", unlink);
	check_file_error("a.yaml", "@/a.yaml:1:10: cannot include @/b.yaml: No "
	    "such file or directory");
	write_file("a.yaml", "include: [b.yaml]\ncells: [zfod]\n");
	check_file_error("a.yaml",
	    "@/a.yaml:1:10: 'include' takes one file name");
	write_file("a.yaml", "include:\ncells: [zfod]\n");
	check_file_error("a.yaml",
	    "@/a.yaml:1:9: 'include' takes one file name");
	write_file("a.yaml", "include: .\ncells: [zfod]\n");
	check_file_error("a.yaml", "@/.: a directory, not a config file");
	in_dir("a.yaml", unlink);
}

/* Eight files deep is allowed, nine are not. */
static void
test_include_depth(void **state)
{
	char *path = mem_printf("%s/1.yaml", dir);
	struct plan p;
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 10; i++) {
		char *name = mem_printf("%d.yaml", i);
		char *text = i == 9 ? mem_strdup("workers: 3\n") :
		    mem_printf("include: %d.yaml\n%s", i + 1,
		    i < 2 ? "cells: [zfod]\n" : "");

		write_file(name, text);
		free(name);
		free(text);
	}
	assert_int_equal(config_read(&p, path, &none, &e), 0);
	assert_int_equal(p.cells[0].workers, 3);
	plan_free(&p);
	check_file_error("0.yaml", "@/8.yaml:1:10: includes nested deeper than "
	    "8 files");
	for (int i = 0; i < 10; i++) {
		char *name = mem_printf("%d.yaml", i);

		in_dir(name, unlink);
		free(name);
	}
	free(path);
}

static void
test_bad_files(void **state)
{
	(void)state;
	check_file_error("none.yaml",
	    "@/none.yaml: cannot open: No such file or directory");
	check_file_error("", "@/: a directory, not a config file");
	write_file("x.yaml", "");
	check_file_error("x.yaml",
	    "@/x.yaml: an empty file: list workloads under 'cells'");
	in_dir("x.yaml", unlink);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_product),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_override_plan),
		cmocka_unit_test(test_bad_overrides),
		cmocka_unit_test(test_override_hides_nothing),
		cmocka_unit_test(test_workload),
		cmocka_unit_test(test_workload_limits),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_include),
		cmocka_unit_test(test_bad_include),
		cmocka_unit_test(test_include_depth),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
