/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The responsiveness probe of a launch: its process is made before anything
 * else, so that it is small and an ordinary one, and belongs to the cell and
 * not to the load.  The main thread takes the rounds from it whenever it looks
 * around, and reports the stalls of a phase, or of the measured part, when
 * that is over.
 */
#include "config.h"

#include "engine/watch.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "observe/probe.h"
#include "observe/stall.h"
#include "os/os.h"

/* Rounds are taken at least so often: a fraction of what the ring holds. */
#define WATCH_LOOK_NS UINT64_C(5000000000)

/* It has so long to come to the end of a round. */
#define WATCH_GRACE_NS UINT64_C(1000000000)

#define WATCH_FILE_BYTES 4096

struct watch_shared {
	struct probe probe;
	struct stall stall;	/* the main thread's; here not to be copied */
};

struct watch {
	struct watch_shared *shared;
	pid_t pid;
	bool ended;		/* before its time */
	bool open;		/* a stretch of time is being watched */
	struct probe_round last;	/* that was taken */
	uint64_t lost;		/* before this stretch */
	char file[PATH_MAX];	/* that it reads; "": none */
};

/* ---- its process ------------------------------------------------------- */

static void
watch_make_file(struct engine *en, struct watch *w)
{
	char block[WATCH_FILE_BYTES];
	int fd, n;

	n = snprintf(w->file, sizeof(w->file), "%s/vmstress-probe-XXXXXX",
	    en->cell.tmpdir);
	errno = ENAMETOOLONG;
	fd = n < (int)sizeof(w->file) ? mkstemp(w->file) : -1;
	if (fd < 0) {
		emit_note(en, "the responsiveness probe reads no file: cannot "
		    "make one in %s: %s", en->cell.tmpdir, strerror(errno));
		w->file[0] = '\0';
		return;
	}
	memset(block, 'p', sizeof(block));
	if (io_write_all(fd, block, sizeof(block)) != 0) {
		emit_note(en, "the responsiveness probe reads no file: cannot "
		    "write to one in %s: %s", en->cell.tmpdir, strerror(errno));
		unlink(w->file);
		w->file[0] = '\0';
	}
	close(fd);
}

/* As a worker, it gives up what belongs to the main thread. */
static _Noreturn void
watch_process(struct engine *en, struct watch *w, pid_t parent)
{
	en->in_parent = false;
	signal(SIGCHLD, SIG_DFL);
	close(en->event[0]);
	close(en->event[1]);
	close(en->out_fd);
	if (en->control_fd >= 0)
		close(en->control_fd);
	host_tie_to(parent);
	os_set_name("vmstress-probe");
	probe_run(&w->shared->probe, parent, w->file[0] != '\0' ? w->file :
	    NULL);
	_exit(0);
}

/*
 * Threads may wait for any child of theirs, so that one which is not must not
 * be seen by them.  The main thread of processes knows its children.
 */
static pid_t
watch_fork(const struct engine *en)
{
	pid_t pid = os_fork_apart();

	if (pid < 0 && errno == ENOTSUP && !en->plan.threads)
		pid = fork();
	return pid;
}

void
watch_start(struct engine *en)
{
	struct watch *w;
	pid_t parent = getpid();

	if (!en->plan.probe)
		return;
	w = mem_zalloc(sizeof(*w));
	w->shared = mmap(NULL, sizeof(*w->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (w->shared == MAP_FAILED) {
		emit_note(en, "no responsiveness probe: cannot map memory for "
		    "it: %s", strerror(errno));
		free(w);
		return;
	}
	watch_make_file(en, w);
	en->watch = w;
	w->pid = watch_fork(en);
	if (w->pid == 0)
		watch_process(en, w, parent);
	if (w->pid < 0) {
		emit_note(en, "no responsiveness probe: cannot fork it: %s",
		    strerror(errno));
		w->ended = true;
	}
}

void
watch_go(struct engine *en)
{
	if (en->watch != NULL)
		probe_go(&en->watch->shared->probe);
}

void
watch_release(struct engine *en)
{
	if (en->watch != NULL)
		munmap(en->watch->shared, sizeof(*en->watch->shared));
	en->watch = NULL;
}

void
watch_remove_file(struct engine *en)
{
	if (en->watch != NULL && en->watch->file[0] != '\0')
		unlink(en->watch->file);
}

/*
 * It ends between two rounds, so that no child of it is left.  One that does
 * not is killed; stuck in the kernel, it ends when that lets it go.
 */
static void
watch_await_end(struct engine *en, struct watch *w)
{
	uint64_t kill_ns = os_now_ns() + WATCH_GRACE_NS;

	probe_stop(&w->shared->probe);
	while (!os_ended(w->pid, true)) {
		if (os_now_ns() >= kill_ns)
			kill(w->pid, SIGKILL);
		control_rest(en);
	}
}

void
watch_stop(struct engine *en)
{
	struct watch *w = en->watch;

	if (w == NULL)
		return;
	watch_look(en);
	if (w->pid > 0)
		watch_await_end(en, w);
	watch_remove_file(en);
	watch_release(en);
	free(w);
}

/* ---- taking rounds ------------------------------------------------------- */

static void
watch_take(struct watch *w)
{
	while (probe_take(&w->shared->probe, &w->last))
		if (w->open)
			stall_add(&w->shared->stall, &w->last);
}

void
watch_look(struct engine *en)
{
	struct watch *w = en->watch;

	if (w == NULL || w->ended)
		return;
	watch_take(w);
	if (!os_ended(w->pid, false))
		return;
	w->ended = true;
	emit_note(en, "the responsiveness probe was killed");
}

uint64_t
watch_wake_by(const struct engine *en, uint64_t wake_ns)
{
	uint64_t look_ns = os_now_ns() + WATCH_LOOK_NS;

	if (en->watch == NULL || en->watch->ended)
		return wake_ns;
	return wake_ns == 0 || look_ns < wake_ns ? look_ns : wake_ns;
}

void
watch_open(struct engine *en)
{
	struct watch *w = en->watch;

	if (w == NULL)
		return;
	watch_look(en);
	w->lost = atomic_load(&w->shared->probe.lost);
	w->open = !w->ended;
	stall_begin(&w->shared->stall, os_now_ns());
}

/* ---- reporting ----------------------------------------------------------- */

static void
watch_emit_times(const struct watch *w, struct str *line)
{
	const struct stall *s = &w->shared->stall;

	protocol_u64(line, "worst_ns", s->worst_ns);
	protocol_u64(line, "p99_ns", stall_p99(s));
	protocol_u64(line, "wake_worst_ns", s->wake_worst_ns);
	protocol_u64(line, "fork_worst_ns", s->fork_worst_ns);
	if (w->file[0] != '\0')
		protocol_u64(line, "read_worst_ns", s->read_worst_ns);
	protocol_u64(line, "step_ns", s->step_ns);
	protocol_list(line, "timeline", s->bin, (int)stall_bins(s));
}

static void
watch_emit(struct engine *en, int index, const char *phase)
{
	const struct watch *w = en->watch;
	const struct stall *s = &w->shared->stall;
	uint64_t lost = atomic_load(&w->shared->probe.lost) - w->lost;
	struct str line = { 0 };

	protocol_begin(&line, "stall");
	protocol_i64(&line, "index", index);
	if (phase != NULL)
		protocol_text(&line, "phase", phase);
	protocol_u64(&line, "rounds", s->rounds);
	protocol_u64(&line, "refused", s->refused);
	if (lost > 0)
		protocol_u64(&line, "lost", lost);
	if (s->rounds > 0)
		watch_emit_times(w, &line);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

/* A round that came to its end meanwhile is one that can be taken. */
static void
watch_take_last(struct watch *w, uint64_t now_ns)
{
	struct watch_shared *sh = w->shared;
	struct probe_round r;
	bool under_way;

	do {
		watch_take(w);
		under_way = probe_under_way(&sh->probe, &w->last, now_ns, &r);
	} while (atomic_load(&sh->probe.put) != atomic_load(&sh->probe.taken));
	if (under_way)
		stall_add(&sh->stall, &r);
}

void
watch_close(struct engine *en, int index, const char *phase, uint64_t close_ns)
{
	struct watch *w = en->watch;

	if (w == NULL)
		return;
	watch_look(en);
	/* Of a probe that was killed nobody knows what it would have seen. */
	if (w->open && !w->ended) {
		w->shared->stall.close_ns = close_ns;
		watch_take_last(w, os_now_ns());
		watch_emit(en, index, phase);
	}
	w->open = false;
}
