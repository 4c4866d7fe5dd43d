/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernels of a campaign and their configurations, without a boot. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "boot/matrix_parts.h"
#include "fake_qemu.h"
#include "fake_workloads.h"

/* What was said, one line each. */
static struct str said;

static void
say(void *arg, const char *text)
{
	(void)arg;
	str_addf(&said, "%s\n", text);
}

static const struct matrix_watch watch = { .say = say };
static struct campaign_kernel kernels[2];
static struct matrix_target targets[2];
static struct matrix m;

static int
setup(void **state)
{
	(void)state;
	scratch_folder_begin();
	mkdir(scratch_in("kernels"), 0755);
	m = (struct matrix){
		.folder = scratch_folder, .watch = &watch,
		.campaign = { .kernels = kernels, .nkernels = 2 },
		.machine = { .cpus = 1, .memory_bytes = 1 << 20,
		    .allow_tcg = true },
		.targets = targets,
	};
	memset(kernels, 0, sizeof(kernels));
	memset(targets, 0, sizeof(targets));
	return 0;
}

static void
kernel_free(struct campaign_kernel *k)
{
	free(k->name);
	free(k->spec);
	free(k->runner);
	free(k->kind);
	free(k->arch);
	free(k->file);
	free(k->digest);
	free(k->version);
	free(k->append);
	free(k->config);
	free(k->problem);
	*k = (struct campaign_kernel){ 0 };
}

static int
teardown(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		kernel_free(&kernels[i]);
		image_free(&targets[i].image);
		runner_host_free(&targets[i].host);
	}
	str_free(&said);
	scratch_folder_end();
	return 0;
}

static char *
content(const char *name)
{
	FILE *f = fopen(scratch_in(name), "r");
	char text[512];
	size_t n;

	if (f == NULL)
		return NULL;
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return strdup(text);
}

static void
content_is(const char *name, const char *want)
{
	char *text = content(name);

	if (want == NULL)
		assert_null(text);
	else
		assert_string_equal(text, want);
	free(text);
}

/* ---- kernels -------------------------------------------------------------- */

/* A bzImage of 1040 bytes for processors that are not this host's... */
static const char *
bzimage(const char *name, bool wide)
{
	unsigned char b[1040] = { 'M', 'Z' };

	b[0x1f1] = 1;
	b[0x1f4] = 1;
	b[0x1fe] = 0x55;
	b[0x1ff] = 0xaa;
	memcpy(b + 0x202, "HdrS", 4);
	b[0x206] = 0x0f;
	b[0x207] = 0x02;
	b[0x20e] = 0x80;
	b[0x236] = wide;
	strcpy((char *)b + 0x280, "6.1.0-test #1");
	return scratch_file(name, b, sizeof(b));
}

/* ... or of them: its QEMU is not asked for more than its version. */
static void
fake_both(void)
{
	fake_qemu("qemu-system-i386", "exit 1");
	fake_qemu("qemu-system-x86_64", "exit 1");
	fake_qemu_path();
}

static int
find(const char *name, const char *spec, const char *append, const char *own,
    struct matrix_source *source, struct err *e)
{
	struct matrix_kernel asked = { name, spec, own };

	*source = (struct matrix_source){ 0 };
	return matrix_kernels_find(&m, &asked, append, &kernels[0],
	    &targets[0], source, e);
}

static void
a_name_must_be_one(void **state)
{
	static const char *const names[] = { "", ".", "-q", "a/b", "a b",
	    "a\\b", "\xff" };
	struct matrix_source source;
	struct err e = { 0 };
	char want[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		err_clear(&e);
		assert_int_equal(find(names[i], "k", NULL, NULL, &source, &e),
		    -1);
		snprintf(want, sizeof(want), "'%s' is no name for a kernel: "
		    "up to 64 bytes without blanks, '/', '=' and backslashes, "
		    "and neither '.' nor '-' comes first", names[i]);
		assert_string_equal(e.text, want);
	}
}

static void
a_file_must_be_there(void **state)
{
	struct matrix_source source;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(find("old", "/nowhere/k", NULL, NULL, &source, &e),
	    -1);
	assert_string_equal(e.text,
	    "kernel old: /nowhere/k: No such file or directory");
	matrix_kernels_free(&source);
}

/* It is no reason not to boot the others. */
static void
what_is_no_kernel_has_a_problem(void **state)
{
	const char *path = scratch_text("text", "hello\n");
	struct matrix_source source;
	struct err e = { 0 };
	char want[512];

	(void)state;
	assert_int_equal(find("old", path, NULL, NULL, &source, &e), 0);
	assert_false(e.set);
	assert_non_null(kernels[0].problem);
	assert_memory_equal(kernels[0].problem, path, strlen(path));
	assert_null(kernels[0].runner);
	assert_null(targets[0].runner);
	snprintf(want, sizeof(want), "kernel old cannot be booted: %s\n",
	    kernels[0].problem);
	assert_string_equal(str_text(&said), want);
	/* There is nothing to keep. */
	assert_int_equal(matrix_kernels_keep(&m, &kernels[0], &targets[0],
	    &source, &e), 0);
	assert_null(kernels[0].file);
	assert_int_equal(matrix_kernels_again(&m, &kernels[0], &targets[1],
	    &e), 0);
	matrix_kernels_free(&source);
}

static void
a_configuration_that_is_not_enough_is_a_problem(void **state)
{
	struct matrix_source source;
	struct err e = { 0 };

	(void)state;
	fake_both();
	scratch_text("old.config", "CONFIG_64BIT=y\n");
	assert_int_equal(find("old", bzimage("old", true), NULL, NULL,
	    &source, &e), 0);
	assert_non_null(strstr(kernels[0].problem, "/old.config: the kernel "
	    "lacks what a guest needs: CONFIG_BINFMT_ELF=y (programs), "));
	matrix_kernels_free(&source);
}

static void
a_kernel_is_described(void **state)
{
	struct matrix_source source;
	struct err e = { 0 };
	const char *path;

	(void)state;
	fake_both();
	path = bzimage("old", true);
	assert_int_equal(find("old", path, "quiet", "debug", &source, &e), 0);
	assert_string_equal(kernels[0].name, "old");
	assert_string_equal(kernels[0].spec, path);
	assert_string_equal(kernels[0].append, "quiet debug");
	assert_string_equal(kernels[0].runner, "qemu");
	assert_string_equal(kernels[0].kind, "bzImage");
	assert_string_equal(kernels[0].arch, "x86_64");
	assert_string_equal(kernels[0].version, "6.1.0-test #1");
	assert_null(kernels[0].problem);
	assert_null(kernels[0].file);
	assert_ptr_equal(targets[0].runner, &runner_qemu);
	assert_string_equal(targets[0].host.version, "9.8.7");
	assert_string_equal(str_text(&said), "");
	matrix_kernels_free(&source);
}

static void
arguments_for_all_and_for_one(void **state)
{
	static const struct {
		const char *all, *own, *want;
	} rows[] = {
		{ NULL, NULL, NULL }, { "a", NULL, "a" }, { NULL, "b", "b" },
		{ "a", "b", "a b" },
	};
	const char *path = scratch_text("text", "hello\n");
	struct matrix_source source;
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(find("k", path, rows[i].all, rows[i].own,
		    &source, &e), 0);
		if (rows[i].want == NULL)
			assert_null(kernels[0].append);
		else
			assert_string_equal(kernels[0].append, rows[i].want);
		matrix_kernels_free(&source);
		kernel_free(&kernels[0]);
	}
}

static void
a_kernel_is_kept_and_found_again(void **state)
{
	struct matrix_source source;
	struct err e = { 0 };
	char want[512];

	(void)state;
	fake_both();
	assert_int_equal(find("old", bzimage("source", true), NULL, NULL,
	    &source, &e), 0);
	assert_int_equal(matrix_kernels_keep(&m, &kernels[0], &targets[0],
	    &source, &e), 0);
	assert_string_equal(kernels[0].file, "kernels/old");
	assert_int_equal(strlen(kernels[0].digest), 16);
	assert_null(kernels[0].config);
	matrix_kernels_free(&source);

	unlink(scratch_in("source"));
	assert_int_equal(matrix_kernels_again(&m, &kernels[0], &targets[1],
	    &e), 0);
	assert_ptr_equal(targets[1].runner, &runner_qemu);
	assert_string_equal(targets[1].image.version, "6.1.0-test #1");

	bzimage("kernels/old", false);
	assert_int_equal(matrix_kernels_again(&m, &kernels[0], &targets[1],
	    &e), -1);
	snprintf(want, sizeof(want), "%s is not the kernel that the campaign "
	    "began with: begin a new one", scratch_in("kernels/old"));
	assert_string_equal(e.text, want);

	err_clear(&e);
	unlink(scratch_in("kernels/old"));
	assert_int_equal(matrix_kernels_again(&m, &kernels[0], &targets[1],
	    &e), -1);
	snprintf(want, sizeof(want), "%s: cannot read it: No such file or "
	    "directory", scratch_in("kernels/old"));
	assert_string_equal(e.text, want);
}

static void
a_file_that_is_there_is_not_overwritten(void **state)
{
	struct matrix_source source;
	struct err e = { 0 };
	char want[512];

	(void)state;
	fake_both();
	scratch_text("kernels/old", "precious\n");
	assert_int_equal(find("old", bzimage("source", true), NULL, NULL,
	    &source, &e), 0);
	assert_int_equal(matrix_kernels_keep(&m, &kernels[0], &targets[0],
	    &source, &e), -1);
	snprintf(want, sizeof(want), "%s: File exists",
	    scratch_in("kernels/old"));
	assert_string_equal(e.text, want);
	content_is("kernels/old", "precious\n");
	matrix_kernels_free(&source);
}

/* ---- configurations ------------------------------------------------------- */

static void
two_kernels(void)
{
	kernels[0].name = mem_strdup("old");
	kernels[1].name = mem_strdup("new");
}

static void
only_a_whole_configuration_is_kept(void **state)
{
	(void)state;
	two_kernels();
	assert_false(matrix_configs_has(&m, 0));
	matrix_configs_begin(&m, 0);
	matrix_configs_line(&m, 0, "CONFIG_A=y");
	/* The boot ended here. */
	assert_false(matrix_configs_has(&m, 0));
	matrix_configs_begin(&m, 0);
	matrix_configs_line(&m, 0, "CONFIG_B=y");
	matrix_configs_line(&m, 0, "# CONFIG_C is not set");
	matrix_configs_end(&m, 0);
	assert_true(matrix_configs_has(&m, 0));
	assert_false(matrix_configs_has(&m, 1));
	content_is("kernels/old.config",
	    "CONFIG_B=y\n# CONFIG_C is not set\n");
	content_is("kernels/old.config.part", NULL);
}

static void
without_lines_there_is_none(void **state)
{
	(void)state;
	two_kernels();
	matrix_configs_begin(&m, 0);
	matrix_configs_end(&m, 0);
	assert_false(matrix_configs_has(&m, 0));
	matrix_configs_differ(&m);
	assert_string_equal(str_text(&said), "");
}

static void
what_differs_is_told(void **state)
{
	char want[512];

	(void)state;
	two_kernels();
	scratch_text("kernels/old.config", "CONFIG_A=y\nCONFIG_B=64\n");
	matrix_configs_differ(&m);
	assert_string_equal(str_text(&said), "");
	/* What is built in stands before modules, and preemption before all. */
	scratch_text("kernels/new.config", "CONFIG_A=y\nCONFIG_AC97=m\n"
	    "CONFIG_B=32\nCONFIG_PREEMPT_RT=y\n");
	matrix_configs_differ(&m);
	snprintf(want, sizeof(want), "old and new differ in 3 options of "
	    "their configuration, 1 of memory, processes and the like: %s\n",
	    scratch_in("kernels/old-new.diff"));
	assert_string_equal(str_text(&said), want);
	content_is("kernels/old-new.diff", "CONFIG_PREEMPT_RT n -> y\n"
	    "CONFIG_B 64 -> 32\nCONFIG_AC97 n -> m\n");
}

static void
what_is_the_same_is_told(void **state)
{
	(void)state;
	two_kernels();
	scratch_text("kernels/old.config", "CONFIG_A=y\n");
	scratch_text("kernels/new.config", "# a comment\nCONFIG_A=y\n");
	matrix_configs_differ(&m);
	assert_string_equal(str_text(&said),
	    "old and new have the same configuration\n");
}

/* Nothing hangs on them. */
static void
what_is_no_configuration_is_passed_over(void **state)
{
	(void)state;
	two_kernels();
	scratch_text("kernels/old.config", "CONFIG_A=y\n");
	scratch_text("kernels/new.config", "hello\n");
	matrix_configs_differ(&m);
	assert_string_equal(str_text(&said), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_name_must_be_one),
		TEST(a_file_must_be_there),
		TEST(what_is_no_kernel_has_a_problem),
		TEST(a_configuration_that_is_not_enough_is_a_problem),
		TEST(a_kernel_is_described),
		TEST(arguments_for_all_and_for_one),
		TEST(a_kernel_is_kept_and_found_again),
		TEST(a_file_that_is_there_is_not_overwritten),
		TEST(only_a_whole_configuration_is_kept),
		TEST(without_lines_there_is_none),
		TEST(what_differs_is_told),
		TEST(what_is_the_same_is_told),
		TEST(what_is_no_configuration_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
