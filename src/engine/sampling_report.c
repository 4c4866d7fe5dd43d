/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of a profile: addresses become functions, and chains which then
 * are the same become one.
 */
#include "config.h"

#include "engine/sampling_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "observe/symbols.h"
#include "os/sampler.h"

/* Stacks of one part that have their own line. */
#define REPORT_STACKS_MAX 2000

#define REPORT_PROGRAM "vmstress-cell"

struct report {
	struct engine *en;
	const struct sampling_result *r;
	struct symbols kernel, program;
	struct str line, frames;
};

/* ---- what could not be done --------------------------------------------- */

static const char *
report_status(int num)
{
	static const struct {
		int num;
		const char *status;
	} rows[] = {
		{ EACCES, "not_permitted" },
		{ EPERM, "not_permitted" },
		{ EINVAL, "not_supported" },
		{ ENOENT, "not_supported" },
		{ ENOSYS, "not_supported" },
		{ ENOTSUP, "not_supported" },
		{ EOPNOTSUPP, "not_supported" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].num == num)
			return rows[i].status;
	return "error";
}

void
sampling_report_refused(struct engine *en, int num, const char *reason)
{
	const struct protocol_event *v = en->plan.profile;
	struct str line = { 0 };

	protocol_begin(&line, "profile");
	protocol_u64(&line, "index", 0);
	protocol_text(&line, "name", v->name);
	protocol_text(&line, "status", v->status != NULL ? v->status :
	    report_status(num));
	if (num != 0)
		protocol_i64(&line, "errno", num);
	if (reason != NULL)
		protocol_text(&line, "reason", reason);
	protocol_end(&line);
	emit_line(en, &line);
	str_free(&line);
}

/* ---- names -------------------------------------------------------------- */

static bool
report_has_kernel(const struct sampling_result *r)
{
	int i;

	for (i = 0; i < r->nparts; i++)
		if (r->profile->totals[i].kernel > 0)
			return true;
	return false;
}

static void
report_load(struct report *rp)
{
	if (report_has_kernel(rp->r) &&
	    os_kernel_symbols(symbols_add, &rp->kernel) != 0)
		emit_note(rp->en, errno == EACCES ? "the profile has numbers "
		    "for the kernel's functions, whose addresses it does not "
		    "tell us: sysctl kernel.kptr_restrict=0 "
		    "kernel.perf_event_paranoid=1, or root or CAP_SYSLOG" :
		    "the profile has numbers for the kernel's functions, "
		    "which it does not list");
	os_program_symbols(symbols_add, &rp->program);
	symbols_ready(&rp->kernel);
	symbols_ready(&rp->program);
}

/*
 * An address becomes the beginning of its function.  A caller's is the one to
 * return to, which may be behind the end of the function when the call was its
 * last instruction.  What is unknown stays in the kernel, and in our program
 * becomes 0; what may have been our program was another one then.
 */
static uint64_t
report_begin(void *arg, enum profile_kind *kind, uint64_t frame,
    bool innermost)
{
	const struct report *rp = arg;
	uint64_t begin = 0, at = innermost ? frame : frame - 1;
	bool kernel = *kind == PROFILE_KERNEL, maybe = *kind == PROFILE_MAYBE;

	if (*kind == PROFILE_OTHER)
		return frame;
	if (symbols_find(kernel ? &rp->kernel : &rp->program, at,
	    &begin) == NULL && kernel)
		return frame;
	if (maybe)
		*kind = begin != 0 ? PROFILE_PROGRAM : PROFILE_OTHER;
	return maybe && begin == 0 ? SAMPLING_NAME_GONE : begin;
}

static void
report_frame(struct report *rp, enum profile_kind kind, uint64_t frame)
{
	const char *name;
	uint64_t begin;

	if (kind == PROFILE_OTHER) {
		str_addf(&rp->frames, "%s:[user]", rp->r->names[frame]);
		return;
	}
	name = symbols_find(kind == PROFILE_KERNEL ? &rp->kernel :
	    &rp->program, frame, &begin);
	if (kind == PROFILE_PROGRAM)
		str_addf(&rp->frames, REPORT_PROGRAM ":%s",
		    name != NULL ? name : "[user]");
	else if (name != NULL)
		str_add(&rp->frames, name);
	else
		str_addf(&rp->frames, "0x%" PRIx64, frame);
}

/* ---- lines -------------------------------------------------------------- */

static void
report_place(struct report *rp, const char *keyword,
    const struct sampling_part *part)
{
	protocol_begin(&rp->line, keyword);
	protocol_i64(&rp->line, "index", part->index);
	if (part->phase != NULL)
		protocol_text(&rp->line, "phase", part->phase);
}

static void
report_flush(struct report *rp)
{
	protocol_end(&rp->line);
	emit_line(rp->en, &rp->line);
}

static void
report_totals(struct report *rp, int part)
{
	const struct protocol_event *v = rp->en->plan.profile;
	const struct profile_totals *t = &rp->r->profile->totals[part];
	const char *no = v->exclude != NULL ? v->exclude : "";
	bool kernel = rp->r->without == NULL && strchr(no, 'k') == NULL;

	report_place(rp, "profile", &rp->r->part[part]);
	if (rp->r->part[part].merged > 1)
		protocol_i64(&rp->line, "merged", rp->r->part[part].merged);
	protocol_text(&rp->line, "name", v->name);
	protocol_u64(&rp->line, "rate_hz", rp->en->plan.profile_hz);
	protocol_text(&rp->line, "scope", rp->r->scope);
	protocol_text(&rp->line, "status", "ok");
	protocol_u64(&rp->line, "samples",
	    profile_samples(rp->r->profile, part));
	if (kernel)
		protocol_u64(&rp->line, "kernel", t->kernel);
	if (strchr(no, 'u') == NULL)
		protocol_u64(&rp->line, "user", t->user);
	protocol_u64(&rp->line, "lost", t->lost);
	if (t->idle > 0)
		protocol_u64(&rp->line, "idle", t->idle);
	if (rp->r->without != NULL)
		protocol_text(&rp->line, "reason", rp->r->without);
	report_flush(rp);
}

static void
report_stack(struct report *rp, int part, uint64_t count, const char *frames)
{
	report_place(rp, "stack", &rp->r->part[part]);
	protocol_u64(&rp->line, "count", count);
	protocol_text(&rp->line, "frames", frames);
	report_flush(rp);
}

/* The stacks of a part from number `i` on; returns where the next part is. */
static uint32_t
report_part(struct report *rp, int part, uint32_t i)
{
	const struct profile *p = rp->r->profile;
	uint64_t rest = p->totals[part].roomless;
	const struct profile_stack *s;
	int k, lines = 0;

	report_totals(rp, part);
	for (; i < p->nstacks && p->stacks[i].part == part; i++) {
		s = &p->stacks[i];
		if (lines++ >= REPORT_STACKS_MAX) {
			rest += s->count;
			continue;
		}
		str_reset(&rp->frames);
		for (k = s->nframes - 1; k >= 0; k--) {
			report_frame(rp, (enum profile_kind)s->kind,
			    s->frames[k]);
			if (k > 0)
				str_add(&rp->frames, ";");
		}
		report_stack(rp, part, s->count, str_text(&rp->frames));
	}
	if (rest > 0)
		report_stack(rp, part, rest, "[other stacks]");
	return i;
}

void
sampling_report(struct engine *en, const struct sampling_result *r)
{
	struct report rp = { .en = en, .r = r };
	uint32_t at = 0;
	int i;

	if (r->nparts == 0)
		return;
	report_load(&rp);
	profile_rename(r->profile, report_begin, &rp);
	for (i = 0; i < r->nparts; i++)
		at = report_part(&rp, i, at);
	symbols_free(&rp.kernel);
	symbols_free(&rp.program);
	str_free(&rp.line);
	str_free(&rp.frames);
}
