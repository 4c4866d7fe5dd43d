/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared objects that are no plug-ins; real ones are loaded by tests/cli. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka.h, whose macros fail and skip are names in workload.h. */
#include "base/plugin.h"
#include "base/registry.h"

#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct registry_row registry_builtin[] = { { NULL, NULL } };

static void
test_missing(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_null(plugin_load("no-such-plugin.so", &e));
	assert_string_equal(e.text, "cannot open plug-in "
	    "'./no-such-plugin.so': No such file or directory");
	assert_int_equal(e.num, ENOENT);
	err_clear(&e);
	assert_null(plugin_load("/no/such/plugin.so", &e));
	assert_string_equal(e.text, "cannot open plug-in "
	    "'/no/such/plugin.so': No such file or directory");
}

/* The linker's words are its own; what comes before them is ours. */
static void
test_not_an_object(void **state)
{
	char file[] = "test_plugin.XXXXXX", begin[100];
	struct err e = { 0 };
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "not an object\n", 14), 14);
	close(fd);
	assert_null(plugin_load(file, &e));
	unlink(file);
	snprintf(begin, sizeof(begin), "cannot load plug-in './%s': ", file);
	assert_memory_equal(e.text, begin, strlen(begin));
	assert_true(strlen(e.text) > strlen(begin));
	assert_null(strstr(e.text + strlen(begin), file));
}

/* The library that this test is linked with exports no workload. */
static void
test_no_symbol(void **state)
{
	struct err e = { 0 };
	char *wanted, *name;
	Dl_info info;

	(void)state;
	assert_int_not_equal(dladdr(
	    dlsym(RTLD_DEFAULT, "_cmocka_run_group_tests"), &info), 0);
	/* The linker's own spelling: .../libcmocka.so.0 */
	name = strrchr(info.dli_fname, '/');
	if (name == NULL || strncmp(name, "/libcmocka.so", 13) != 0)
		skip();
	assert_null(plugin_load(info.dli_fname, &e));
	assert_true(asprintf(&wanted, "plug-in '%s' exports no "
	    "'vms_workload_cmocka' (the file is named after the workload that "
	    "it defines)", info.dli_fname) > 0);
	assert_string_equal(e.text, wanted);
	assert_null(registry_at(0));
	free(wanted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_not_an_object),
		cmocka_unit_test(test_no_symbol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
