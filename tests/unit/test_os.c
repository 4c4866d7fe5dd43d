/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract of os.h, with whichever implementation is linked: what a system
 * cannot do must fail with ENOTSUP, and what it can do must have happened.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/bare.h"
#include "os/os_internal.h"

#define NS_PER_S 1000000000ull
#define CPUS_MAX 4096
#define FORK_SHARED_STACK 65536

/* ---- helpers ---------------------------------------------------------- */

static void *
shared_page(void)
{
	void *p = mmap(NULL, os_page_size(), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(p != MAP_FAILED);
	return p;
}

/* The exit status of a child that must end by itself. */
static int
exit_status(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Run `fn` in a process of its own, so that its settings end with it. */
static int
in_child(int (*fn)(_Atomic uint32_t *), _Atomic uint32_t *word)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(fn(word));
	return exit_status(pid);
}

static void
wait_for(_Atomic uint32_t *word, uint32_t value)
{
	uint32_t v;

	while ((v = atomic_load(word)) != value)
		os_wait(word, v, 0);
}

static void
announce(_Atomic uint32_t *word)
{
	atomic_fetch_add(word, 1);
	os_wake(word, INT_MAX);
}

/*
 * What a test leaves must not reach the next one.  As process 1 of a container
 * the test inherits orphans, which may be on their way out.
 */
static int
no_children(void **state)
{
	uint64_t deadline = os_now_ns() + 10 * NS_PER_S;
	pid_t pid;

	(void)state;
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0)
		if (pid == 0 && os_now_ns() >= deadline)
			return -1;
	return errno == ECHILD ? 0 : -1;
}

/* ---- time ------------------------------------------------------------- */

static void
clock_goes_forward(void **state)
{
	uint64_t last = os_now_ns(), now;
	int i;

	(void)state;
	assert_true(last > 0);
	for (i = 0; i < 10000; i++, last = now) {
		now = os_now_ns();
		assert_true(now >= last);
	}
}

static void
clock_has_the_name_it_says(void **state)
{
	clockid_t id = CLOCK_MONOTONIC;
	struct timespec before, after;
	uint64_t now;

	(void)state;
#ifdef CLOCK_MONOTONIC_RAW
	if (strcmp(os_clock_name(), "CLOCK_MONOTONIC_RAW") == 0)
		id = CLOCK_MONOTONIC_RAW;
	else
#endif
		assert_string_equal(os_clock_name(), "CLOCK_MONOTONIC");
	assert_int_equal(clock_gettime(id, &before), 0);
	now = os_now_ns();
	assert_int_equal(clock_gettime(id, &after), 0);
	assert_true(now >= (uint64_t)before.tv_sec * NS_PER_S +
	    (uint64_t)before.tv_nsec);
	assert_true(now <= (uint64_t)after.tv_sec * NS_PER_S +
	    (uint64_t)after.tv_nsec);
}

static void
sleep_lasts_until_the_deadline(void **state)
{
	uint64_t deadline = os_now_ns() + 2000000;

	(void)state;
	os_sleep_until(deadline);
	assert_true(os_now_ns() >= deadline);
	os_sleep_until(0);
	os_sleep_until(deadline);
}

/* ---- processors ------------------------------------------------------- */

static void
cpus_are_listed_in_order(void **state)
{
	static int cpus[CPUS_MAX];
	int one, i, n = os_cpus_allowed(cpus, CPUS_MAX);

	(void)state;
	assert_true(os_cpus_online() >= 1);
	if (n < 0) {
		assert_int_equal(errno, ENOTSUP);
		return;
	}
	assert_in_range(n, 1, CPUS_MAX);
	assert_true(cpus[0] >= 0);
	for (i = 1; i < n; i++)
		assert_true(cpus[i] > cpus[i - 1]);

	/* A short array is not overrun, and the count is still the whole. */
	one = -1;
	assert_int_equal(os_cpus_allowed(&one, 1), n);
	assert_int_equal(one, cpus[0]);
	assert_int_equal(os_cpus_allowed(NULL, 0), n);
}

static void
pin_is_what_allowed_then_says(void **state)
{
	static int cpus[CPUS_MAX];
	int now[2] = { -1, -1 }, i, n = os_cpus_allowed(cpus, CPUS_MAX);

	(void)state;
	if (n < 0) {
		assert_int_equal(os_pin(0), -1);
		assert_int_equal(errno, ENOTSUP);
		assert_int_equal(os_pin_set(&n, 1), -1);
		assert_int_equal(errno, ENOTSUP);
		return;
	}
	for (i = 0; i < n; i++) {
		assert_int_equal(os_pin(cpus[i]), 0);
		assert_int_equal(os_cpus_allowed(now, 2), 1);
		assert_int_equal(now[0], cpus[i]);
	}
	assert_int_equal(os_pin_set(cpus, n), 0);
	assert_int_equal(os_cpus_allowed(now, 2), n);
}

static void
pin_to_nowhere_fails(void **state)
{
	static int before[CPUS_MAX], after[CPUS_MAX];
	int n = os_cpus_allowed(before, CPUS_MAX);
	int bad[2] = { 0, -1 };

	(void)state;
	if (n < 0)
		skip();
	assert_int_equal(os_pin(-1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(os_pin(INT_MAX), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(os_pin_set(bad, 2), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(os_pin_set(bad, 0), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(os_cpus_allowed(after, CPUS_MAX), n);
	assert_memory_equal(before, after, (size_t)n * sizeof(*before));
}

/* The caller must be more than ordinary, and its child ordinary again. */
static int
urgent_parent(_Atomic uint32_t *word)
{
	pid_t pid;

	(void)word;
	if (os_urgent() != 0)
		return errno == ENOTSUP || errno == EPERM ? 77 : 1;
	if (sched_getscheduler(0) == SCHED_OTHER)
		return 2;
	pid = fork();
	if (pid == 0)
		_exit(sched_getscheduler(0) == SCHED_OTHER ? 0 : 1);
	return pid > 0 && exit_status(pid) == 0 ? 0 : 3;
}

static void
urgent_is_not_inherited(void **state)
{
	int rc;

	(void)state;
	rc = in_child(urgent_parent, NULL);
	assert_true(rc == 0 || rc == 77);
}

/* ---- memory ----------------------------------------------------------- */

static void
page_size_is_the_mapping_unit(void **state)
{
	size_t size = os_page_size();

	(void)state;
	assert_true(size >= 512 && (size & (size - 1)) == 0);
	assert_int_equal(munmap(shared_page(), size), 0);
}

/* Zero is "cannot tell"; what is told must fit into an address. */
static void
memory_available_is_plausible(void **state)
{
	uint64_t bytes = os_memory_available();

	(void)state;
	assert_true(bytes == 0 || bytes < UINT64_MAX / 2);
	assert_true(bytes == 0 || bytes >= os_page_size());
}

static void
thp_succeeds_or_is_not_supported(void **state)
{
	static const int how[] = { VMS_THP_OFF, VMS_THP_ON };
	size_t i, len = 4 << 20;
	char *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(p != MAP_FAILED);
	assert_int_equal(os_thp(p, len, VMS_THP_SYSTEM), 0);
	for (i = 0; i < 2; i++) {
		errno = 0;
		if (os_thp(p, len, how[i]) != 0)
			assert_int_equal(errno, ENOTSUP);
	}
	/* Touching it works, whatever was asked for. */
	memset(p, 1, len);
	assert_int_equal(munmap(p, len), 0);
	assert_int_equal(os_thp(p, len, VMS_THP_OFF), -1);
	assert_true(errno == ENOMEM || errno == ENOTSUP);
}

/* ---- waiting on a shared word ----------------------------------------- */

static void
wait_returns_when_the_word_differs(void **state)
{
	_Atomic uint32_t word = 7;

	(void)state;
	assert_int_equal(os_wait(&word, 6, 0), 0);
	assert_int_equal(os_wait(&word, 6, NS_PER_S), 0);
}

static void
wait_times_out(void **state)
{
	_Atomic uint32_t word = 7;
	uint64_t start = os_now_ns();

	(void)state;
	while (os_wait(&word, 7, 3000000) == 0)
		;
	assert_int_equal(errno, ETIMEDOUT);
	assert_true(os_now_ns() - start >= 2000000);
}

/* A word in a page that two processes share carries a ball to and fro. */
static void
wait_and_wake_between_processes(void **state)
{
	_Atomic uint32_t *word = shared_page();
	const uint32_t rounds = 200;
	uint32_t i;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	for (i = 0; i < rounds; i++) {
		wait_for(word, 2 * i + (pid == 0));
		announce(word);
	}
	if (pid == 0)
		_exit(0);
	assert_int_equal(exit_status(pid), 0);
	assert_int_equal(atomic_load(word), 2 * rounds);
	munmap(word, os_page_size());
}

static void
wake_reaches_everybody(void **state)
{
	_Atomic uint32_t *word = shared_page();
	pid_t pid[20];
	int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] == 0) {
			announce(word + 1);
			wait_for(word, 1);
			_exit(0);
		}
	}
	wait_for(word + 1, 20);
	announce(word);
	for (i = 0; i < 20; i++)
		assert_int_equal(exit_status(pid[i]), 0);
	munmap(word, os_page_size());
}

/* ---- processes -------------------------------------------------------- */

/* Sleep until killed. */
static _Noreturn void
sleep_forever(_Atomic uint32_t *word)
{
	announce(word);
	for (;;)
		pause();
}

/*
 * A child that is stopped, one that ignores what can be ignored, and with
 * `orphan` one whose parent is gone and that leads a session of its own.
 */
static int
make_family(_Atomic uint32_t *word, bool orphan)
{
	pid_t pid;
	int status;

	pid = fork();
	if (pid == 0) {
		raise(SIGSTOP);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, WUNTRACED) != pid ||
	    !WIFSTOPPED(status))
		return -1;

	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		sleep_forever(word);
	}
	if (pid < 0)
		return -1;
	if (!orphan) {
		wait_for(word, 1);
		return 2;
	}

	pid = fork();
	if (pid == 0) {
		if (fork() == 0) {
			setsid();
			sleep_forever(word);
		}
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	wait_for(word, 2);
	return 3;
}

/* 0: everything as it should be; else the number of what was not. */
static int
kill_family(_Atomic uint32_t *word)
{
	bool adopts = os_adopt_orphans() == 0;
	int members;

	if (!adopts && errno != ENOTSUP)
		return 1;
	members = make_family(word, adopts);
	if (members < 0)
		return 2;
	if (os_kill_descendants(60 * NS_PER_S) != members)
		return 3;
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		return 4;
	return os_kill_descendants(0) == 0 ? 0 : 5;
}

static void
kill_descendants_leaves_nobody(void **state)
{
	_Atomic uint32_t *word = shared_page();

	(void)state;
	assert_int_equal(in_child(kill_family, word), 0);
	munmap(word, os_page_size());
}

/* Each generation makes the next, and only the first is a child. */
static int
kill_line(_Atomic uint32_t *word)
{
	const uint32_t generations = 200;
	uint32_t i;

	if (os_adopt_orphans() != 0)
		return errno == ENOTSUP ? 77 : 1;
	for (i = 0; i < generations; i++) {
		pid_t pid = fork();

		if (pid < 0)
			_exit(2);
		if (pid > 0)
			break;
		announce(word);
	}
	if (i > 0)
		for (;;)
			pause();
	wait_for(word, generations);
	return os_kill_descendants(60 * NS_PER_S) == (long)generations ? 0 : 3;
}

static void
kill_descendants_follows_generations(void **state)
{
	_Atomic uint32_t *word = shared_page();
	int rc = in_child(kill_line, word);

	(void)state;
	munmap(word, os_page_size());
	if (rc == 77)
		skip();
	assert_int_equal(rc, 0);
}

static int
kill_ignored(_Atomic uint32_t *word)
{
	struct sigaction sa;
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0)
		sleep_forever(word);
	wait_for(word, 1);
	if (os_kill_descendants(60 * NS_PER_S) < 0)
		return 1;
	if (kill(pid, 0) == 0)
		return 2;
	sigaction(SIGCHLD, NULL, &sa);
	return sa.sa_handler == SIG_IGN ? 0 : 3;
}

static void
kill_descendants_with_sigchld_ignored(void **state)
{
	_Atomic uint32_t *word = shared_page();

	(void)state;
	assert_int_equal(in_child(kill_ignored, word), 0);
	munmap(word, os_page_size());
}

/* A sibling of the caller is no descendant and must live. */
static int
kill_nobody(_Atomic uint32_t *word)
{
	(void)word;
	return os_kill_descendants(0) == 0 ? 0 : 1;
}

static void
kill_descendants_spares_others(void **state)
{
	_Atomic uint32_t *word = shared_page();
	pid_t sibling = fork();
	int status;

	(void)state;
	assert_true(sibling >= 0);
	if (sibling == 0) {
		announce(word);
		wait_for(word, 2);
		_exit(0);
	}
	wait_for(word, 1);
	assert_int_equal(in_child(kill_nobody, word), 0);
	assert_int_equal(in_child(kill_family, word + 1), 0);
	assert_int_equal(waitpid(sibling, &status, WNOHANG), 0);
	announce(word);
	assert_int_equal(exit_status(sibling), 0);
	munmap(word, os_page_size());
}

/* The child of a parent that exits is killed; its pipe end closes by that. */
static int
leave_dependant(_Atomic uint32_t *word)
{
	pid_t pid = fork();

	if (pid < 0)
		return 1;
	if (pid == 0) {
		if (os_die_with_parent() != 0) {
			atomic_store(word + 1, errno == ENOTSUP ? 77 : 1);
			announce(word);
			_exit(0);
		}
		sleep_forever(word);
	}
	wait_for(word, 1);
	return 0;
}

static void
die_with_parent_kills(void **state)
{
	_Atomic uint32_t *word = shared_page();
	int fds[2];
	char c;
	pid_t pid;

	(void)state;
	assert_int_equal(os_pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(leave_dependant(word));
	close(fds[1]);
	assert_int_equal(exit_status(pid), 0);
	/* End of file: nobody who inherited the other end is alive. */
	assert_int_equal(read(fds[0], &c, 1), 0);
	assert_true(atomic_load(word + 1) == 0 || atomic_load(word + 1) == 77);
	close(fds[0]);
	munmap(word, os_page_size());
}

struct shared_arg {
	_Atomic uint32_t word;
	pid_t parent;
};

static int
shared_child(void *p)
{
	struct shared_arg *arg = p;

	if (getppid() != arg->parent)
		return 1;
	atomic_store(&arg->word, 4711);
	return 42;
}

/* What the child writes to ordinary memory is seen by its maker. */
static void
fork_shared_shares_memory(void **state)
{
	struct shared_arg arg = { 0, getpid() };
	void *stack = malloc(FORK_SHARED_STACK);
	pid_t pid;

	(void)state;
	assert_non_null(stack);
	pid = os_fork_shared(shared_child, &arg, stack, FORK_SHARED_STACK);
	if (pid < 0) {
		assert_int_equal(errno, ENOTSUP);
		free(stack);
		return;
	}
	assert_true(pid != getpid());
	assert_int_equal(exit_status(pid), 42);
	assert_int_equal(atomic_load(&arg.word), 4711);
	free(stack);
}

static void
pipe_closes_on_exec(void **state)
{
	int fds[2];
	char c = 0;

	(void)state;
	assert_int_equal(os_pipe(fds), 0);
	assert_true((fcntl(fds[0], F_GETFD) & FD_CLOEXEC) != 0);
	assert_true((fcntl(fds[1], F_GETFD) & FD_CLOEXEC) != 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(read(fds[0], &c, 1), 1);
	assert_int_equal(c, 'x');
	close(fds[0]);
	close(fds[1]);
}

static void
pipe_says_why_it_fails(void **state)
{
	struct rlimit old, none;
	int fds[2], rc;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	errno = 0;
	rc = os_pipe(fds);
	assert_int_equal(errno, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(rc, -1);
}

static void
self_path_is_this_program(void **state)
{
	char path[PATH_MAX], tiny[2];

	(void)state;
	if (os_self_path(path, sizeof(path)) != 0) {
		assert_int_equal(errno, ENOTSUP);
		return;
	}
	assert_int_equal(path[0], '/');
	assert_int_equal(access(path, X_OK), 0);
	assert_int_equal(os_self_path(tiny, sizeof(tiny)), -1);
}

/* Every second page read-only: neighbours cannot be merged into one mapping. */
static void
mappings_are_counted(void **state)
{
	size_t i, size = os_page_size();
	int before = os_mappings();
	char *p;

	(void)state;
	if (before < 0) {
		assert_int_equal(errno, ENOTSUP);
		return;
	}
	assert_true(before > 0);
	p = mmap(NULL, 64 * size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(p != MAP_FAILED);
	for (i = 0; i < 64; i += 2)
		assert_int_equal(mprotect(p + i * size, size, PROT_READ), 0);
	assert_true(os_mappings() >= before + 63);
	munmap(p, 64 * size);
}

static int
oom_first(_Atomic uint32_t *word)
{
	(void)word;
	return os_oom_first() == 0 ? 0 : errno == ENOTSUP ? 77 : 1;
}

static void
oom_first_succeeds_or_is_not_supported(void **state)
{
	int rc = in_child(oom_first, NULL);

	(void)state;
	assert_true(rc == 0 || rc == 77);
}

/* ---- facts ------------------------------------------------------------ */

struct seen {
	int n;
	bool release;
	bool page_bytes;
	bool nofile;
	bool now;		/* the keys of os_facts_now() are expected */
	char keys[512][96];
};

static bool
known_section(const char *key, bool now)
{
	static const char *const sections[] = { "kernel.", "machine.",
	    "tunables.", "limits.", "vm.", "ids." };
	size_t i;

	if (now)
		return strncmp(key, "env.", 4) == 0;
	for (i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (strncmp(key, sections[i], strlen(sections[i])) == 0)
			return true;
	return false;
}

/* "section.name": lower case, digits and underscores, one dot. */
static void
check_key(const char *key, bool now)
{
	const char *s;
	int dots = 0;

	assert_true(known_section(key, now));
	for (s = key; *s != '\0'; s++) {
		dots += *s == '.';
		if (!islower((unsigned char)*s) &&
		    !isdigit((unsigned char)*s) && *s != '_' && *s != '.')
			fail_msg("key '%s' has a '%c'", key, *s);
	}
	if (dots != 1 || s[-1] == '.')
		fail_msg("key '%s' is not section.name", key);
}

static void
check_value(const char *key, const char *value)
{
	size_t len = strlen(value);
	const char *s;

	if (len == 0 || len >= 4096)
		fail_msg("%s: %zu bytes", key, len);
	if (value[0] == ' ' || value[len - 1] == ' ')
		fail_msg("%s: '%s' is not trimmed", key, value);
	for (s = value; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			fail_msg("%s: byte %d", key, *s);
}

static void
see_fact(void *arg, const char *key, const char *value)
{
	struct seen *seen = arg;
	struct utsname u;
	char number[32];
	int i;

	check_key(key, seen->now);
	check_value(key, value);
	for (i = 0; i < seen->n; i++)
		if (strcmp(seen->keys[i], key) == 0)
			fail_msg("'%s' is reported twice", key);
	assert_true(seen->n < 512 && strlen(key) < 96);
	strcpy(seen->keys[seen->n++], key);

	if (strcmp(key, "kernel.release") == 0) {
		assert_int_equal(uname(&u), 0);
		assert_string_equal(value, u.release);
		seen->release = true;
	}
	if (strcmp(key, "machine.page_bytes") == 0) {
		snprintf(number, sizeof(number), "%zu", os_page_size());
		assert_string_equal(value, number);
		seen->page_bytes = true;
	}
	if (strcmp(key, "limits.rlimit_nofile") == 0)
		seen->nofile = true;
}

static void
facts_are_well_formed(void **state)
{
	struct seen *seen = calloc(1, sizeof(*seen));

	(void)state;
	assert_non_null(seen);
	os_facts(see_fact, seen);
	assert_true(seen->release);
	assert_true(seen->page_bytes);
	assert_true(seen->nofile);
	free(seen);
}

static void
facts_now_are_well_formed(void **state)
{
	struct seen *seen = calloc(1, sizeof(*seen));

	(void)state;
	assert_non_null(seen);
	seen->now = true;
	os_facts_now(see_fact, seen);
	free(seen);
}

static void
copy_fact(void *arg, const char *key, const char *value)
{
	assert_string_equal(key, "kernel.k");
	assert_true(strlen(value) < POSIX_FACT_MAX);
	strcpy(arg, value);
}

static void
a_fact_is_one_trimmed_line(void **state)
{
	static const struct {
		const char *in;
		const char *out;
	} rows[] = {
		{ "plain", "plain" },
		{ "  a\t\tb \n", "a b" },
		{ "a\n b\nc\n\n", "a; b; c" },
		{ "a\x7f\x01z", "a z" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ " \n\t", "untouched" },
		{ "", "untouched" },
	};
	char value[POSIX_FACT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		strcpy(value, "untouched");
		posix_fact(copy_fact, value, "kernel.k", rows[i].in);
		assert_string_equal(value, rows[i].out);
	}
}

/* The cut never leaves half of a character, wherever the text starts. */
static void
a_long_fact_is_cut(void **state)
{
	char text[2 * POSIX_FACT_MAX], value[POSIX_FACT_MAX];
	size_t i, start, len;

	(void)state;
	for (start = 0; start < 2; start++) {
		memset(text, 'x', sizeof(text));
		for (i = start; i + 2 < sizeof(text); i += 2)
			memcpy(text + i, "\xc3\xa9", 2);
		text[sizeof(text) - 1] = '\0';
		posix_fact(copy_fact, value, "kernel.k", text);
		len = strlen(value);
		assert_true(len > POSIX_FACT_MAX - 16);
		assert_string_equal(value + len - 3, "...");
		assert_int_equal((len - 3 - start) % 2, 0);
		assert_memory_equal(value, text, len - 3);
	}
}

/* ---- limits ----------------------------------------------------------- */

/* What is expected of RLIMIT_NOFILE, and how often it was seen. */
struct nofile {
	uint64_t value;
	int seen;
};

static void
see_limit(void *arg, const struct os_limit *l)
{
	struct nofile *nofile = arg;
	const char *percent;

	assert_non_null(l->name);
	assert_true(l->name[0] != '\0');
	assert_in_range(l->counts, OS_COUNTS_TASKS, OS_COUNTS_MAPPING_BYTES);
	assert_non_null(l->lift);
	assert_true(l->lift[0] != '\0');
	percent = strchr(l->lift, '%');
	if (percent != NULL) {
		if (strncmp(percent, "%llu", 4) != 0 ||
		    strchr(percent + 1, '%') != NULL)
			fail_msg("%s: '%s'", l->name, l->lift);
	}
	if (strcmp(l->name, "RLIMIT_NOFILE") == 0) {
		assert_int_equal(l->counts, OS_COUNTS_FDS);
		assert_true(l->value == nofile->value);
		nofile->seen++;
	}
}

static void
limits_are_well_formed(void **state)
{
	struct rlimit old, low;
	struct nofile nofile = { 0, 0 };

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	nofile.value = old.rlim_cur == RLIM_INFINITY ? UINT64_MAX :
	    (uint64_t)old.rlim_cur;
	os_limits(see_limit, &nofile);
	assert_int_equal(nofile.seen, 1);

	/* The number in force, not the one that could be had. */
	low = old;
	low.rlim_cur = 64;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	nofile.value = 64;
	os_limits(see_limit, &nofile);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(nofile.seen, 2);
}

/* ---- what processes cost the kernel -------------------------------------- */

/* Of the whole system, so it is at least what this process has. */
static void
kernel_memory_is_plausible(void **state)
{
	enum { SIZE = 32 << 20 };
	struct os_kernel_memory m;
	char *p;

	(void)state;
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(p != MAP_FAILED);
	memset(p, 1, SIZE);
	memset(&m, 0, sizeof(m));
	if (os_kernel_memory(&m) != 0) {
		assert_int_equal(errno, ENOTSUP);
		munmap(p, SIZE);
		return;
	}
	/* Each is either known, and not nothing, or said not to be. */
	assert_true(m.anonymous_bytes >= SIZE);
	assert_true(m.page_tables_bytes >= os_page_size());
	assert_true(m.kernel_stack_bytes > 0);
	assert_true(m.slab_bytes > 0);
	assert_true(m.percpu_bytes > 0);
	assert_true(m.available_bytes > 0);
	if (m.slab_bytes != OS_MEMORY_UNKNOWN &&
	    m.slab_unreclaimable_bytes != OS_MEMORY_UNKNOWN)
		assert_true(m.slab_unreclaimable_bytes <= m.slab_bytes);
	munmap(p, SIZE);
}

/* ---- a child apart -------------------------------------------------------- */

static volatile sig_atomic_t children_ended;

static void
on_child_end(int signo)
{
	(void)signo;
	children_ended++;
}

/* -1: the system has no such children. */
static pid_t
fork_apart(void)
{
	pid_t pid = os_fork_apart();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	if (pid < 0)
		assert_int_equal(errno, ENOTSUP);
	return pid;
}

static void
fork_apart_is_not_waited_for(void **state)
{
	void (*before)(int) = signal(SIGCHLD, on_child_end);
	pid_t pid = fork_apart();

	(void)state;
	if (pid < 0) {
		signal(SIGCHLD, before);
		return;
	}
	assert_false(os_ended(pid, false));
	assert_false(os_ended(pid, true));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(kill(pid, SIGKILL), 0);
	while (!os_ended(pid, false))
		continue;
	/* A look leaves it as it is. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(kill(pid, 0), 0);
	assert_true(os_ended(pid, true));
	assert_int_equal(kill(pid, 0), -1);
	assert_true(os_ended(pid, true));
	assert_int_equal(children_ended, 0);
	signal(SIGCHLD, before);
}

/* os_ended() also knows an ordinary child. */
static void
ended_knows_a_child(void **state)
{
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		pause();
		_exit(0);
	}
	assert_false(os_ended(pid, false));
	kill(pid, SIGKILL);
	while (!os_ended(pid, false))
		continue;
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(os_ended(pid, false));
}

/* It dies with the process that made it like any other. */
static void
fork_apart_dies_with_parent(void **state)
{
	int fds[2];
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(os_pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		pid = os_fork_apart();
		if (pid == 0) {
			if (os_die_with_parent() != 0)
				_exit(1);
			if (write(fds[1], "!", 1) == 1)
				pause();
			_exit(0);
		}
		if (pid > 0)
			pause();
		_exit(0);
	}
	close(fds[1]);
	if (read(fds[0], &byte, 1) == 1) {
		kill(pid, SIGKILL);
		/* The end of the pipe is the end of all who hold it. */
		assert_int_equal(read(fds[0], &byte, 1), 0);
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(fds[0]);
}

#define TEST(fn) cmocka_unit_test_teardown(fn, no_children)

static void
limits_without_scope_cannot_be_set(void **state)
{
	uint64_t value;

	(void)state;
	assert_int_equal(os_limit_scope("cgroup pids.max"), OS_SCOPE_NONE);
	errno = 0;
	assert_int_equal(os_limit_get("cgroup pids.max", &value), -1);
	assert_int_equal(errno, ENOTSUP);
	errno = 0;
	assert_int_equal(os_limit_set("cgroup pids.max", 1000), -1);
	assert_int_equal(errno, ENOTSUP);
}

static int
lower_and_raise(_Atomic uint32_t *word)
{
	uint64_t before, now;

	(void)word;
	if (os_limit_get("RLIMIT_NOFILE", &before) != 0 || before < 64)
		return 1;
	if (os_limit_set("RLIMIT_NOFILE", before - 1) != 0 ||
	    os_limit_get("RLIMIT_NOFILE", &now) != 0 || now != before - 1)
		return 2;
	/* The upper bound is still where it was. */
	if (os_limit_set("RLIMIT_NOFILE", before) != 0 ||
	    os_limit_get("RLIMIT_NOFILE", &now) != 0 || now != before)
		return 3;
	return 0;
}

static void
limits_are_set_for_the_caller(void **state)
{
	(void)state;
	assert_int_equal(os_limit_scope("RLIMIT_NOFILE"), OS_SCOPE_PROCESS);
	assert_int_equal(in_child(lower_and_raise, NULL), 0);
}

static void
swap_is_there_or_not(void **state)
{
	char name[256] = "";
	int rc = os_swap_active(name, sizeof(name));

	(void)state;
	if (rc < 0)
		assert_int_equal(errno, ENOTSUP);
	else
		assert_int_equal(rc == 1, name[0] == '/');
	/* What is no device of ours is not touched. */
	assert_int_equal(os_swap_on("/dev/null", 1 << 20), -1);
	assert_int_equal(os_swap_off("/dev/null", true), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(clock_goes_forward),
		TEST(clock_has_the_name_it_says),
		TEST(sleep_lasts_until_the_deadline),
		TEST(cpus_are_listed_in_order),
		TEST(pin_is_what_allowed_then_says),
		TEST(pin_to_nowhere_fails),
		TEST(urgent_is_not_inherited),
		TEST(page_size_is_the_mapping_unit),
		TEST(memory_available_is_plausible),
		TEST(thp_succeeds_or_is_not_supported),
		TEST(wait_returns_when_the_word_differs),
		TEST(wait_times_out),
		TEST(wait_and_wake_between_processes),
		TEST(wake_reaches_everybody),
		TEST(kill_descendants_leaves_nobody),
		TEST(kill_descendants_follows_generations),
		TEST(kill_descendants_with_sigchld_ignored),
		TEST(kill_descendants_spares_others),
		TEST(die_with_parent_kills),
		TEST(fork_shared_shares_memory),
		TEST(pipe_closes_on_exec),
		TEST(pipe_says_why_it_fails),
		TEST(self_path_is_this_program),
		TEST(mappings_are_counted),
		TEST(oom_first_succeeds_or_is_not_supported),
		TEST(facts_are_well_formed),
		TEST(facts_now_are_well_formed),
		TEST(a_fact_is_one_trimmed_line),
		TEST(a_long_fact_is_cut),
		TEST(limits_are_well_formed),
		TEST(limits_without_scope_cannot_be_set),
		TEST(limits_are_set_for_the_caller),
		TEST(swap_is_there_or_not),
		TEST(kernel_memory_is_plausible),
		TEST(fork_apart_is_not_waited_for),
		TEST(ended_knows_a_child),
		TEST(fork_apart_dies_with_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
