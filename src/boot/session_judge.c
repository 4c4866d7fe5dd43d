/* SPDX-License-Identifier: BSD-2-Clause */
/* How a boot ended: a result, a failed benchmark, or a lost machine. */
#include "config.h"

#include "boot/session_state.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/units.h"

/* Of what the runner said, the last line. */
#define JUDGE_SAID_MAX 400

/* ": in mmap-anon (launch 3 of 16)" and the like. */
static void
session_judge_where(const struct session_state *s, struct str *out)
{
	if (s->stage == SESSION_BOOTING)
		str_add(out, " while booting");
	else if (s->stage == SESSION_LAUNCH)
		str_addf(out, " in %s (%" PRIu64 " of %" PRIu64 ")",
		    s->launch_text, s->k, s->n);
	else if (s->stage == SESSION_IDLE)
		str_add(out, " between launches");
	else
		str_add(out, " while turning itself off");
}

/* The last line of a file that has something in it; a new string. */
static char *
session_judge_last_line(const char *path)
{
	char line[JUDGE_SAID_MAX];
	char *last = NULL;
	FILE *file = fopen(path, "r");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[strspn(line, " \t")] == '\0')
			continue;
		free(last);
		last = str_safe_copy(line);
	}
	if (file != NULL)
		fclose(file);
	return last;
}

static void
session_judge_panic(const struct session_state *s, struct session_end *end,
    struct str *why)
{
	const struct console *c = &s->console;

	end->how = c->oops != NULL ? "oops" : "panic";
	str_add(why, "kernel panic");
	session_judge_where(s, why);
	str_addf(why, ": %s", c->panic);
	if (c->oops != NULL)
		str_addf(why, "; before it: %s", c->oops);
}

/* The deadline has passed. */
static void
session_judge_late(const struct session_state *s, struct session_end *end,
    struct str *why)
{
	const struct console *c = &s->console;
	char time[32];

	units_round_time(time, sizeof(time),
	    (double)s->session->boot_timeout_ns);
	if (s->stage == SESSION_BOOTING && c->bytes == 0) {
		end->how = "silent";
		str_addf(why, "the kernel printed nothing within %s: has it a "
		    "console on the serial line (CONFIG_SERIAL_8250_CONSOLE), "
		    "and does it boot at all?", time);
		return;
	}
	end->how = "hang";
	if (s->stage == SESSION_BOOTING) {
		str_addf(why, "the guest did not start within %s", time);
	} else {
		str_add(why, "the machine hangs");
		session_judge_where(s, why);
	}
	if (c->stuck != NULL)
		str_addf(why, ": %s", c->stuck);
	else if (console_last(c) != NULL)
		str_addf(why, "; the last line of its log: %s",
		    console_last(c));
}

static bool
session_judge_died_well(const struct session_state *s)
{
	return WIFEXITED(s->ended.status) && WEXITSTATUS(s->ended.status) == 0;
}

/* It ended by itself and before its time. */
static void
session_judge_gone(const struct session_state *s, struct session_end *end,
    struct str *why)
{
	const char *file = s->session->runner->log_is_stderr ?
	    s->session->boot->log : s->session->said;
	char *said;

	if (session_judge_died_well(s)) {
		end->how = "reset";
		str_add(why, "the machine went off by itself");
		session_judge_where(s, why);
		str_add(why, ", as after a triple fault, without a word");
		return;
	}
	end->how = "runner";
	if (WIFSIGNALED(s->ended.status))
		str_addf(why, "%s was killed by signal %d (%s)",
		    s->arguments.list[0], WTERMSIG(s->ended.status),
		    strsignal(WTERMSIG(s->ended.status)));
	else
		str_addf(why, "%s ended with status %d", s->arguments.list[0],
		    WEXITSTATUS(s->ended.status));
	session_judge_where(s, why);
	said = session_judge_last_line(file);
	if (said != NULL)
		str_addf(why, ": %s", said);
	free(said);
}

static void
session_judge_lost(const struct session_state *s, struct session_end *end,
    struct str *why)
{
	end->state = CAMPAIGN_LOST;
	end->tail = console_tail(&s->console, &end->ntail);
	if (s->console.panic != NULL) {
		session_judge_panic(s, end, why);
	} else if (s->again) {
		end->how = "reset";
		str_add(why, "the machine was reset");
		session_judge_where(s, why);
		str_add(why, ", and began anew");
	} else if (s->killed == SESSION_KILLED_FLOOD) {
		end->how = "flood";
		str_addf(why, "the kernel's log went beyond %" PRIu64 " MiB",
		    CONSOLE_BYTES_MAX >> 20);
		session_judge_where(s, why);
	} else if (s->killed == SESSION_KILLED_LATE) {
		session_judge_late(s, end, why);
	} else {
		session_judge_gone(s, end, why);
	}
}

/* The guest has said all; a machine that cannot turn itself off is no loss. */
static void
session_judge_over(const struct session_state *s, struct session_end *end,
    struct str *why)
{
	end->state = s->ok ? CAMPAIGN_RESULT : CAMPAIGN_FAILED;
	if (!s->ok)
		str_add(why, s->why[0] != '\0' ? s->why : "no reason given");
	else if (s->console.warning != NULL)
		str_addf(why, "the kernel's log has %u report%s, the first: %s",
		    s->console.warnings, s->console.warnings == 1 ? "" : "s",
		    s->console.warning);
}

void
session_judge(const struct session_state *s, struct session_end *end)
{
	struct str why = { 0 };

	end->whole = s->wire.lost == 0;
	if (s->killed == SESSION_KILLED_INTERRUPT) {
		end->state = CAMPAIGN_INTERRUPTED;
	} else if (s->protocol.set) {
		end->state = CAMPAIGN_FAILED;
		str_add(&why, s->protocol.text);
	} else if (s->stage != SESSION_OVER || s->console.panic != NULL) {
		session_judge_lost(s, end, &why);
	} else if (s->wire.lost > 0) {
		end->state = CAMPAIGN_FAILED;
		str_addf(&why, "%" PRIu64 " message%s of the guest %s lost or "
		    "came damaged: the record is not whole", s->wire.lost,
		    s->wire.lost == 1 ? "" : "s",
		    s->wire.lost == 1 ? "was" : "were");
	} else {
		session_judge_over(s, end, &why);
	}
	snprintf(end->reason, sizeof(end->reason), "%s", str_text(&why));
	str_free(&why);
}
