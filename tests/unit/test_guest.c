/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest does before it is one, and what it says to its host. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "fake_workloads.h"

#include <cmocka.h>

#include <fcntl.h>

#include "base/mem.h"
#include "boot/guest.h"
#include "boot/guest_config.h"
#include "boot/guest_link.h"
#include "scratch_file.h"

/* ---- arguments -------------------------------------------------------- */

#define ARGUMENTS(g, e, ...) \
	guest_arguments(g, (char *const[]){ __VA_ARGS__ }, \
	    (int)(sizeof((char *const[]){ __VA_ARGS__ }) / sizeof(char *)), e)

static void
arguments_are_read(void **state)
{
	struct guest g = { .config = true };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(ARGUMENTS(&g, &e, "seed=9007199254740991"), 0);
	assert_int_equal(g.seed, 9007199254740991);
	assert_false(g.config);
	assert_int_equal(ARGUMENTS(&g, &e, "root=98:0", "config=1", "seed=0",
	    "console=tty0", "single"), 0);
	assert_int_equal(g.seed, 0);
	assert_true(g.config);
	assert_int_equal(ARGUMENTS(&g, &e, "config=0", "seed=1"), 0);
	assert_false(g.config);
	assert_false(e.set);
}

static void
arguments_that_are_wrong(void **state)
{
	static const char *const seeds[] = { "seed=", "seed=x", "seed=-1",
	    "seed=1k", "seed=99999999999999999999" };
	struct guest g;
	struct err e = { 0 };
	char *want;
	size_t i;

	(void)state;
	assert_int_equal(ARGUMENTS(&g, &e, "config=1", "seed"), -1);
	assert_string_equal(e.text, "guest: there is no seed=N on the kernel's "
	    "command line");
	for (i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		err_clear(&e);
		assert_int_equal(ARGUMENTS(&g, &e,
		    (char *)(uintptr_t)seeds[i]), -1);
		want = mem_printf("guest: %s: that is not a number", seeds[i]);
		assert_string_equal(e.text, want);
		free(want);
	}
}

static void
only_process_1_is_a_guest(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(guest_check(&e), -1);
	assert_string_equal(e.text, "guest: this is for process 1 of a kernel "
	    "that `vmstress matrix` boots, and for nobody else");
}

/* ---- the configuration ------------------------------------------------ */

/* "CONFIG_SMP=y\n# CONFIG_X is not set\n", as gzip(1) packs it. */
static const unsigned char packed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
	0x73, 0xf6, 0xf7, 0x73, 0xf3, 0x74, 0x8f, 0x0f, 0xf6, 0x0d,
	0xb0, 0xad, 0xe4, 0x52, 0x56, 0x70, 0x86, 0x70, 0x23, 0x14,
	0x32, 0x8b, 0x15, 0xf2, 0xf2, 0x4b, 0x14, 0x8a, 0x53, 0x4b,
	0xb8, 0x00, 0xa4, 0xb1, 0xb9, 0xf4, 0x23, 0x00, 0x00, 0x00
};

static void
a_packed_configuration_is_read(void **state)
{
	struct str text = { 0 };

	(void)state;
	scratch_begin();
	scratch_put((const char *)packed, sizeof(packed));
	assert_int_equal(guest_config_read(scratch_path, &text), 0);
	assert_string_equal(str_text(&text),
	    "CONFIG_SMP=y\n# CONFIG_X is not set\n");
	str_free(&text);
	scratch_end();
}

static void
no_configuration_and_a_part_of_one(void **state)
{
	struct str text = { 0 };

	(void)state;
	assert_int_equal(guest_config_read("/nowhere/at/all", &text), -1);
	scratch_begin();
	scratch_put((const char *)packed, sizeof(packed) - 12);
	assert_int_equal(guest_config_read(scratch_path, &text), -1);
	str_free(&text);
	scratch_end();
}

/* ---- the line to the host --------------------------------------------- */

struct host {
	struct guest_link link;
	struct guest_said said;
	int fd;
	struct wire wire;
	struct str got;
};

static void
host_begin(struct host *h)
{
	int fds[2];

	memset(h, 0, sizeof(*h));
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	h->fd = fds[0];
	h->link.fd = fds[1];
	h->link.said = &h->said;
	scratch_begin();
	h->link.record = scratch_path;
}

static void
host_end(struct host *h)
{
	close(h->fd);
	close(h->link.fd);
	wire_free(&h->wire);
	str_free(&h->got);
	scratch_end();
}

static void
host_take(void *arg, enum wire_kind kind, const char *text)
{
	str_addf(arg, "%d %s|", (int)kind, text);
}

/* What has come since the last time. */
static const char *
host_read(struct host *h)
{
	char buf[4096];
	ssize_t n;

	str_reset(&h->got);
	while ((n = read(h->fd, buf, sizeof(buf))) > 0)
		wire_take(&h->wire, buf, (size_t)n, host_take, &h->got);
	assert_int_equal(h->wire.lost, 0);
	return str_text(&h->got);
}

static void
only_whole_lines_go_and_each_once(void **state)
{
	struct host h;

	(void)state;
	host_begin(&h);
	guest_link_record(&h.link);
	assert_string_equal(host_read(&h), "");
	scratch_put("{1}\n{2}\n{3", 10);
	guest_link_record(&h.link);
	assert_string_equal(host_read(&h), "3 {1}|3 {2}|");
	guest_link_record(&h.link);
	assert_string_equal(host_read(&h), "");
	scratch_put("{1}\n{2}\n{3}\n", 12);
	guest_link_say(&h.link, WIRE_BEGIN, "next");
	guest_link_record(&h.link);
	assert_string_equal(host_read(&h), "2 next|3 {3}|");
	assert_int_equal(h.said.next, 4);
	assert_int_equal(h.said.sent, 12);
	host_end(&h);
}

/* Longer than what is read or written at once. */
static void
a_long_line_goes_as_one(void **state)
{
	size_t len = 40000;
	char *text = mem_zalloc(len + 2);
	struct host h;

	(void)state;
	memset(text, 'x', len);
	text[len] = '\n';
	host_begin(&h);
	scratch_put(text, len + 1);
	guest_link_record(&h.link);
	host_read(&h);
	assert_int_equal(h.got.len, len + 3);
	host_end(&h);
	free(text);
}

static void
a_host_that_is_gone_stops_nothing(void **state)
{
	struct host h;

	(void)state;
	host_begin(&h);
	close(h.link.fd);
	h.link.fd = open("/dev/null", O_RDONLY);
	scratch_put("{1}\n", 4);
	guest_link_record(&h.link);
	guest_link_drain(&h.link);
	assert_int_equal(h.said.sent, 4);
	host_end(&h);
}

static void
the_first_status_wins(void **state)
{
	struct host h;

	(void)state;
	host_begin(&h);
	guest_link_status(&h.link, "failed", "no plan");
	guest_link_status(&h.link, "ok", "");
	assert_string_equal(h.said.status, "failed");
	assert_string_equal(h.said.reason, "no plan");
	scratch_put("", 0);
	host_end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_read),
		cmocka_unit_test(arguments_that_are_wrong),
		cmocka_unit_test(only_process_1_is_a_guest),
		cmocka_unit_test(a_packed_configuration_is_read),
		cmocka_unit_test(no_configuration_and_a_part_of_one),
		cmocka_unit_test(only_whole_lines_go_and_each_once),
		cmocka_unit_test(a_long_line_goes_as_one),
		cmocka_unit_test(a_host_that_is_gone_stops_nothing),
		cmocka_unit_test(the_first_status_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
