/* SPDX-License-Identifier: BSD-2-Clause */
/* KVM that works, KVM that only seems to, and none: with a QEMU that is made up. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/wait.h>

#include "boot/accelerator.h"
#include "fake_qemu.h"

/*
 * Asked in a process of its own, since a program asks once; what it answers is
 * the error, or empty.
 */
static const char *
ask(const char *qemu, const char *arch)
{
	static char text[ERR_MAX];
	struct err e = { 0 };
	size_t len = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		/* Twice: it is the same answer. */
		if (accelerator_kvm(qemu, arch, &e) != 0) {
			err_clear(&e);
			accelerator_kvm(qemu, arch, &e);
		}
		n = write(fds[1], e.text, strlen(e.text));
		_exit(n < 0);
	}
	assert_true(pid > 0);
	close(fds[1]);
	while ((n = read(fds[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return text;
}

/* What this host answers before QEMU is asked, or NULL. */
static const char *
host_reason(void)
{
	static char text[256];

	if (!fake_qemu_is_x86())
		return "this host does not have the processors of x86_64";
	if (access("/dev/kvm", R_OK | W_OK) == 0)
		return NULL;
	snprintf(text, sizeof(text), "/dev/kvm: %s", strerror(errno));
	return text;
}

static void
answers(const char *body, const char *want)
{
	const char *qemu = fake_qemu("q", body), *reason = host_reason();

	assert_string_equal(ask(qemu, "x86_64"), reason != NULL ? reason :
	    want);
}

/* QEMU's own failure, which begins with its path. */
static void
fails(const char *body, const char *how)
{
	char want[512];

	snprintf(want, sizeof(want), "%s %s", scratch_in("q"), how);
	answers(body, want);
}

static void
a_guest_that_says_its_letter(void **state)
{
	(void)state;
	answers("printf K", "");
}

static void
a_guest_that_does_not(void **state)
{
	static const char want[] =
	    "a guest of one sector does not get through its first instructions";

	(void)state;
	answers("exit 0", want);
	answers("echo K", want);
	answers("printf KVM", want);
}

static void
a_qemu_that_fails(void **state)
{
	(void)state;
	fails("echo 'q: failed to initialize kvm: No such device' >&2\n"
	    "exit 1", "ended with status 1: q: failed to initialize kvm: No "
	    "such device");
	fails("printf K; kill -SEGV $$",
	    "killed by signal 11 (Segmentation fault)");
}

/* It is asked once, and with a sector that can be booted. */
static void
what_it_is_asked(void **state)
{
	char body[256], want[128];
	FILE *f;
	int lines = 0, c;

	(void)state;
	if (host_reason() != NULL)
		skip();
	snprintf(body, sizeof(body), "echo \"$*\" >>%s/asked; for a; do case "
	    "$a in file=*) a=${a#file=}; cp \"${a%%%%,*}\" %s/sector;; esac; "
	    "done; exit 1", scratch_folder, scratch_folder);
	snprintf(want, sizeof(want), "%s ended with status 1",
	    fake_qemu("q", body));
	assert_string_equal(ask(scratch_in("q"), "i386"), want);
	f = fopen(scratch_in("asked"), "r");
	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		lines += c == '\n';
	fclose(f);
	assert_int_equal(lines, 1);
	f = fopen(scratch_in("sector"), "r");
	assert_non_null(f);
	assert_int_equal(fseek(f, 510, SEEK_SET), 0);
	assert_int_equal(getc(f), 0x55);
	assert_int_equal(getc(f), 0xaa);
	assert_int_equal(getc(f), EOF);
	fclose(f);
}

/* No file of the question stays. */
static void
nothing_is_left(void **state)
{
	(void)state;
	setenv("TMPDIR", scratch_in("tmp"), 1);
	mkdir(scratch_in("tmp"), 0755);
	answers("printf K", "");
	fails("exit 1", "ended with status 1");
	assert_int_equal(rmdir(scratch_in("tmp")), 0);
	if (host_reason() == NULL)
		assert_memory_equal(ask(fake_qemu("q", "printf K"), "x86_64"),
		    "cannot create /tmp/vmstress-test-",
		    strlen("cannot create /tmp/vmstress-test-"));
	unsetenv("TMPDIR");
}

static void
processors_of_another_kind(void **state)
{
	char want[128];

	(void)state;
	snprintf(want, sizeof(want), "this host does not have the processors "
	    "of %s", fake_qemu_foreign());
	assert_string_equal(ask(fake_qemu("q", "printf K"),
	    fake_qemu_foreign()), want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guest_that_says_its_letter),
		cmocka_unit_test(a_guest_that_does_not),
		cmocka_unit_test(a_qemu_that_fails),
		cmocka_unit_test(what_it_is_asked),
		cmocka_unit_test(nothing_is_left),
		cmocka_unit_test(processors_of_another_kind),
	};

	return cmocka_run_group_tests(tests, scratch_folder_setup,
	    scratch_folder_teardown);
}
