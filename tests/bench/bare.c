/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bare loops that `make bench` holds the harness against: the operations
 * of four workloads with nothing around them but a stop flag.
 *
 *	bare OPERATION process|thread SECONDS CPU...
 *
 * One worker for each CPU, bound to it.  Prints operations per second, the sum
 * over workers of each one's own count by its own time.
 */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"

#define BARE_WARMUP_NS 200000000ull
#define BARE_SIZE ((size_t)128 << 20)
#define BARE_WORKERS 64

struct bare_slot {
	_Alignas(128) _Atomic uint64_t ops;
};

struct bare_shared {
	_Atomic uint32_t ready, go, stop;
	struct bare_slot slot[BARE_WORKERS];
};

static struct bare_shared *shared;
static int64_t (*operation)(uint64_t n);
static int cpus[BARE_WORKERS];

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

static int64_t
bare_getppid(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		getppid();
	return (int64_t)n;
}

static void *
map(void)
{
	void *p = mmap(NULL, BARE_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static int64_t
bare_mmap_anon(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (munmap(map(), BARE_SIZE) != 0)
			die("munmap");
	return (int64_t)n;
}

static int64_t
bare_zfod(uint64_t n)
{
	static _Thread_local volatile unsigned char *base;
	static _Thread_local size_t at;
	size_t page = os_page_size();

	for (uint64_t i = 0; i < n; i++) {
		if (base == NULL || at == BARE_SIZE) {
			if (base != NULL)
				munmap((void *)(uintptr_t)base, BARE_SIZE);
			base = map();
			os_thp((void *)(uintptr_t)base, BARE_SIZE, 0);
			at = 0;
		}
		base[at] = 1;
		at += page;
	}
	return (int64_t)n;
}

static int64_t
bare_pipe_rw(uint64_t n)
{
	static _Thread_local int fds[2] = { -1, -1 };
	char c = 'x';

	if (fds[0] < 0 && pipe(fds) != 0)
		die("pipe");
	for (uint64_t i = 0; i < n; i++)
		if (write(fds[1], &c, 1) != 1 || read(fds[0], &c, 1) != 1)
			die("pipe");
	return (int64_t)n;
}

static const struct {
	const char *name;
	int64_t (*run)(uint64_t n);
	uint64_t batch;			/* operations between looks at the flag */
} operations[] = {
	{ "getppid", bare_getppid, 1000 },
	{ "mmap-anon", bare_mmap_anon, 100 },
	{ "zfod", bare_zfod, 100 },
	{ "pipe-rw", bare_pipe_rw, 100 },
};

static void
work(int index, uint64_t batch)
{
	uint64_t ops = 0;

	atomic_fetch_add(&shared->ready, 1);
	while (atomic_load(&shared->go) == 0)
		os_wait(&shared->go, 0, 0);
	while (atomic_load_explicit(&shared->stop, memory_order_relaxed) == 0) {
		ops += (uint64_t)operation(batch);
		atomic_store_explicit(&shared->slot[index].ops, ops,
		    memory_order_relaxed);
	}
}

struct start {
	int index;
	uint64_t batch;
};

static void *
thread(void *arg)
{
	const struct start *s = arg;

	work(s->index, s->batch);
	return NULL;
}

static uint64_t
sum(int workers)
{
	uint64_t ops = 0;

	for (int i = 0; i < workers; i++)
		ops += atomic_load(&shared->slot[i].ops);
	return ops;
}

static double
measure(int workers, double seconds)
{
	uint64_t t0, t1, before;

	while (atomic_load(&shared->ready) < (uint32_t)workers)
		usleep(1000);
	atomic_store(&shared->go, 1);
	os_wake(&shared->go, workers);
	os_sleep_until(os_now_ns() + BARE_WARMUP_NS);
	before = sum(workers);
	t0 = os_now_ns();
	os_sleep_until(t0 + (uint64_t)(seconds * 1e9));
	t1 = os_now_ns();
	before = sum(workers) - before;
	atomic_store(&shared->stop, 1);
	return (double)before * 1e9 / (double)(t1 - t0);
}

static double
run(int workers, int threads, uint64_t batch, double seconds)
{
	struct start starts[BARE_WORKERS];
	pthread_t tids[BARE_WORKERS];
	double rate;
	int i;

	for (i = 0; i < workers; i++) {
		starts[i].index = i;
		starts[i].batch = batch;
		if (os_pin(cpus[i]) != 0)
			die("pin");
		if (threads) {
			if (pthread_create(&tids[i], NULL, thread,
			    &starts[i]) != 0)
				die("pthread_create");
		} else if (fork() == 0) {
			work(i, batch);
			_exit(0);
		}
	}
	os_pin_set(cpus, workers);
	os_urgent();
	rate = measure(workers, seconds);
	for (i = 0; threads && i < workers; i++)
		pthread_join(tids[i], NULL);
	while (!threads && wait(NULL) > 0)
		continue;
	return rate;
}

int
main(int argc, char **argv)
{
	size_t i, n = sizeof(operations) / sizeof(operations[0]);
	int workers = argc - 4;

	for (i = 0; argc > 4 && i < n; i++)
		if (strcmp(argv[1], operations[i].name) == 0)
			break;
	if (argc < 5 || i == n || workers > BARE_WORKERS) {
		fprintf(stderr, "usage: bare getppid|mmap-anon|zfod|pipe-rw "
		    "process|thread SECONDS CPU...\n");
		return 2;
	}
	operation = operations[i].run;
	for (int k = 0; k < workers; k++)
		cpus[k] = atoi(argv[4 + k]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	printf("%.1f\n", run(workers, strcmp(argv[2], "thread") == 0,
	    operations[i].batch, atof(argv[3])));
	return 0;
}
