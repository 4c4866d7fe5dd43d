/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest of a campaign: written, read back, and what is refused. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka, whose macros fail() and skip() are names of members here. */
#include "workload.h"

#include <cmocka.h>

#include "base/str.h"
#include "fake_workloads.h"
#include "record/campaign.h"
#include "scratch_file.h"

#define HEADER_OF(id, image) "{\"type\":\"campaign\",\"schema\":"	\
	"\"vmstress-campaign/1\",\"id\":" id ",\"started\":"		\
	"\"2026-11-27T10:00:00Z\",\"tool\":\"0.9\",\"config\":\"quick\"," \
	"\"order\":\"random\",\"seed\":7,\"kernels\":2,\"boots\":2,\"cpus\":2,"	\
	"\"memory_bytes\":1073741824,\"image\":" image			\
	",\"image_digest\":\"00\"}\n"
#define HEADER HEADER_OF("\"c1\"", "\"guest.cpio\"")
#define KERNEL_OF(name, file) "{\"type\":\"kernel\",\"name\":" name	\
	",\"spec\":\"old=bzImage\",\"runner\":\"qemu\","		\
	"\"kind\":\"bzImage\",\"arch\":\"x86_64\",\"file\":" file	\
	",\"digest\":\"01\"}\n"
#define KERNEL(name) KERNEL_OF("\"" name "\"", "\"kernels/" name "\"")
#define BEGIN_OF(boot, attempt, round, kernel, record)			\
	"{\"type\":\"begin\",\"boot\":" boot ",\"attempt\":" attempt	\
	",\"round\":" round ",\"position\":1,\"kernel\":\"" kernel	\
	"\",\"started\":\"2026-11-27T10:00:01Z\",\"record\":" record	\
	",\"log\":\"boots/a.log\"}\n"
#define BEGIN(boot, attempt, round, kernel)				\
	BEGIN_OF(boot, attempt, round, kernel, "\"boots/a.jsonl\"")
#define END(boot, attempt, state) "{\"type\":\"end\",\"boot\":" boot	\
	",\"attempt\":" attempt ",\"state\":\"" state "\"}\n"
#define TWO HEADER KERNEL("old") KERNEL("new")

static char manifest[sizeof(scratch_dir) + 64];

static int
begin(void **state)
{
	(void)state;
	scratch_begin();
	snprintf(manifest, sizeof(manifest), "%s/%s", scratch_dir,
	    CAMPAIGN_FILE);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	unlink(manifest);
	scratch_end();
	return 0;
}

static void
put(const char *text)
{
	FILE *f = fopen(manifest, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void
expect_sound(struct campaign *c, const char *text)
{
	struct err e = { 0 };

	memset(c, 0, sizeof(*c));
	put(text);
	if (campaign_read(c, scratch_dir, &e) != 0)
		fail_msg("%s", e.text);
}

/* The folder is FOLDER in what is expected. */
static void
expect_refused(const char *text, const char *want)
{
	struct campaign c = { 0 };
	struct err e = { 0 };
	struct str full = { 0 };

	put(text);
	assert_int_equal(campaign_read(&c, scratch_dir, &e), -1);
	str_addf(&full, "%s/campaign.jsonl%s", scratch_dir, want);
	assert_string_equal(e.text, str_text(&full));
	str_free(&full);
	campaign_free(&c);
}

/* ---- there and back ---------------------------------------------------- */

static char *args[] = { (char *)"-cpu", (char *)"max" };
static const struct campaign_settings settings = {
	.id = (char *)"20261127-abcd", .started = (char *)"2026-11-27T10:00:00Z",
	.tool = (char *)"0.9", .config = (char *)"quick",
	.order = (char *)"abba", .seed = UINT64_MAX, .kernels = 2, .boots = 6, .cpus = 4,
	.memory_bytes = 1u << 30, .allow_tcg = true, .hugepages = true,
	.boot_timeout_ns = 5, .qemu_args = args, .nqemu_args = 2,
	.image = (char *)"guest.cpio", .image_digest = (char *)"ff00",
};
static const struct campaign_kernel kernel = {
	.name = (char *)"old", .spec = (char *)"old=/boot/a b",
	.runner = (char *)"qemu", .kind = (char *)"bzImage",
	.arch = (char *)"x86_64", .version = (char *)"6.1.0 #1 SMP",
	.file = (char *)"kernels/old", .digest = (char *)"12",
	.append = (char *)"mitigations=off", .config = (char *)"kernels/old.config",
};
static char *tail[] = { (char *)"Kernel panic", (char *)"---[ end ]---" };
static const struct campaign_boot boot = {
	.number = 3, .round = 2, .position = 1, .kernel = 0, .attempt = 1,
	.record = (char *)"boots/r02-old.jsonl",
	.log = (char *)"boots/r02-old.log", .started = (char *)"2026-11-27T10:05:00Z",
	.state = CAMPAIGN_LOST, .how = (char *)"panic",
	.reason = (char *)"the kernel panicked", .tail = tail, .ntail = 2,
	.elapsed_ns = 12345,
};

static void
write_line(struct journal *j, struct json_line *line)
{
	struct err e = { 0 };

	assert_int_equal(journal_write(j, line, &e), 0);
	assert_int_equal(journal_sync(j, &e), 0);
}

static void
write_campaign(void)
{
	struct err e = { 0 };
	struct journal j;

	assert_int_equal(campaign_create(&j, scratch_dir, &e), 0);
	write_line(&j, campaign_header_line(&settings));
	write_line(&j, campaign_kernel_line(&kernel));
	write_line(&j, campaign_begin_line(&boot, "old"));
	write_line(&j, campaign_end_line(&boot));
	journal_close(&j);
}

static void
expect_settings(const struct campaign_settings *s)
{
	assert_string_equal(s->id, settings.id);
	assert_string_equal(s->started, settings.started);
	assert_string_equal(s->tool, settings.tool);
	assert_string_equal(s->config, settings.config);
	assert_string_equal(s->order, settings.order);
	assert_true(s->seed == settings.seed);
	assert_int_equal(s->kernels, 2);
	assert_int_equal(s->boots, 6);
	assert_int_equal(s->cpus, 4);
	assert_true(s->memory_bytes == settings.memory_bytes);
	assert_true(s->allow_tcg);
	assert_true(s->hugepages);
	assert_int_equal(s->boot_timeout_ns, 5);
	assert_int_equal(s->nqemu_args, 2);
	assert_string_equal(s->qemu_args[0], "-cpu");
	assert_string_equal(s->qemu_args[1], "max");
	assert_string_equal(s->image, "guest.cpio");
	assert_string_equal(s->image_digest, "ff00");
}

static void
expect_kernel(const struct campaign_kernel *k)
{
	assert_string_equal(k->name, "old");
	assert_string_equal(k->spec, "old=/boot/a b");
	assert_string_equal(k->runner, "qemu");
	assert_string_equal(k->kind, "bzImage");
	assert_string_equal(k->arch, "x86_64");
	assert_string_equal(k->version, "6.1.0 #1 SMP");
	assert_string_equal(k->file, "kernels/old");
	assert_string_equal(k->digest, "12");
	assert_string_equal(k->append, "mitigations=off");
	assert_string_equal(k->config, "kernels/old.config");
}

static void
expect_boot(const struct campaign_boot *b)
{
	assert_int_equal(b->number, 3);
	assert_int_equal(b->round, 2);
	assert_int_equal(b->position, 1);
	assert_int_equal(b->kernel, 0);
	assert_int_equal(b->attempt, 1);
	assert_string_equal(b->record, boot.record);
	assert_string_equal(b->log, boot.log);
	assert_string_equal(b->started, boot.started);
	assert_int_equal(b->state, CAMPAIGN_LOST);
	assert_string_equal(b->how, "panic");
	assert_string_equal(b->reason, "the kernel panicked");
	assert_int_equal(b->ntail, 2);
	assert_string_equal(b->tail[0], tail[0]);
	assert_string_equal(b->tail[1], tail[1]);
	assert_int_equal(b->elapsed_ns, 12345);
}

static void
test_there_and_back(void **state)
{
	struct campaign c = { 0 };
	struct err e = { 0 };

	(void)state;
	write_campaign();
	assert_int_equal(campaign_read(&c, scratch_dir, &e), 0);
	expect_settings(&c.settings);
	assert_int_equal(c.nkernels, 1);
	expect_kernel(&c.kernels[0]);
	assert_int_equal(c.nboots, 1);
	expect_boot(&c.boots[0]);
	campaign_free(&c);
	assert_null(c.kernels);
}

/* A slash at the end of the folder changes nothing. */
static void
test_goes_on(void **state)
{
	struct campaign_boot next = boot;
	struct campaign c = { 0 };
	struct err e = { 0 };
	struct journal j;
	char folder[sizeof(scratch_dir) + 2];
	FILE *f;

	(void)state;
	write_campaign();
	f = fopen(manifest, "a");
	assert_non_null(f);
	fputs("{\"type\":\"begin\",\"bo", f);
	fclose(f);
	snprintf(folder, sizeof(folder), "%s//", scratch_dir);
	assert_int_equal(campaign_append(&j, folder, &e), 0);
	next.number = 4;
	write_line(&j, campaign_begin_line(&next, "old"));
	journal_close(&j);
	assert_int_equal(campaign_read(&c, folder, &e), 0);
	assert_int_equal(c.nboots, 2);
	assert_int_equal(c.boots[1].number, 4);
	assert_int_equal(c.boots[1].state, CAMPAIGN_OPEN);
	campaign_free(&c);
}

static void
expect_journal_error(const struct err *e, const char *want)
{
	size_t len = strlen(manifest);

	assert_true(strncmp(e->text, manifest, len) == 0);
	assert_string_equal(e->text + len, want);
}

static void
test_one_writer_and_only_campaigns(void **state)
{
	struct err e = { 0 };
	struct journal j, second;

	(void)state;
	assert_int_equal(campaign_append(&j, scratch_dir, &e), -1);
	expect_journal_error(&e, ": cannot open the campaign: No such file or "
	    "directory");
	err_clear(&e);
	assert_int_equal(campaign_create(&j, scratch_dir, &e), 0);
	assert_int_equal(campaign_create(&second, scratch_dir, &e), -1);
	expect_journal_error(&e, ": there is a campaign already (choose "
	    "another folder, or continue it with --resume)");
	err_clear(&e);
	assert_int_equal(campaign_append(&second, scratch_dir, &e), -1);
	expect_journal_error(&e, ": another vmstress is at work on this "
	    "campaign (wait for it, or choose another folder)");
	journal_close(&j);
	err_clear(&e);
	put("{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n");
	assert_int_equal(campaign_append(&j, scratch_dir, &e), -1);
	expect_journal_error(&e, ": not a campaign of vmstress");
	err_clear(&e);
	put("{\"schema\":\"vmstress-campaign/1\"");
	assert_int_equal(campaign_append(&j, scratch_dir, &e), -1);
	expect_journal_error(&e, ": the campaign ends in its first line, so "
	    "there is nothing to continue (remove it)");
	err_clear(&e);
	put(HEADER);
	assert_int_equal(journal_append_to(&j, manifest, &e), -1);
	expect_journal_error(&e, ": not a vmstress record");
}

/* ---- reading ------------------------------------------------------------ */

static void
test_is_folder(void **state)
{
	char inside[sizeof(manifest) + 8];

	(void)state;
	assert_false(campaign_is_folder(scratch_dir));
	assert_false(campaign_is_folder(""));
	put(HEADER);
	assert_true(campaign_is_folder(scratch_dir));
	snprintf(inside, sizeof(inside), "%s/", scratch_dir);
	assert_true(campaign_is_folder(inside));
	assert_false(campaign_is_folder(manifest));
}

static void
test_no_manifest(void **state)
{
	struct campaign c = { 0 };
	struct err e = { 0 };
	struct str want = { 0 };

	(void)state;
	assert_int_equal(campaign_read(&c, scratch_dir, &e), -1);
	str_addf(&want, "%s: no campaign: there is no campaign.jsonl in it, "
	    "as `vmstress matrix` writes", scratch_dir);
	assert_string_equal(e.text, str_text(&want));
	str_free(&want);
	campaign_free(&c);
}

static void
test_torn_and_unknown(void **state)
{
	struct campaign c;

	(void)state;
	expect_sound(&c, TWO "{\"type\":\"weather\",\"boot\":\"x\"}\n"
	    BEGIN("1", "1", "1", "new") END("1", "1", "result")
	    "{\"type\":\"begin\",\"boot\":2");
	assert_int_equal(c.nkernels, 2);
	assert_null(c.kernels[0].version);
	assert_int_equal(c.nboots, 1);
	assert_int_equal(c.boots[0].kernel, 1);
	assert_int_equal(c.boots[0].state, CAMPAIGN_RESULT);
	assert_null(c.boots[0].how);
	assert_true(campaign_counts(&c.boots[0]));
	campaign_free(&c);
}

static void
test_attempts(void **state)
{
	struct campaign c;

	(void)state;
	expect_sound(&c, TWO BEGIN("1", "1", "1", "old")
	    BEGIN("1", "2", "1", "old") END("1", "2", "interrupted")
	    BEGIN("2", "1", "1", "new") END("2", "1", "lost")
	    BEGIN("1", "3", "1", "old") END("1", "3", "failed"));
	assert_int_equal(c.nboots, 4);
	assert_int_equal(c.boots[0].state, CAMPAIGN_OPEN);
	assert_int_equal(c.boots[1].state, CAMPAIGN_INTERRUPTED);
	assert_int_equal(c.boots[2].state, CAMPAIGN_LOST);
	assert_int_equal(c.boots[3].state, CAMPAIGN_FAILED);
	assert_false(campaign_counts(&c.boots[0]));
	assert_false(campaign_counts(&c.boots[1]));
	assert_true(campaign_counts(&c.boots[2]));
	assert_true(campaign_counts(&c.boots[3]));
	campaign_free(&c);
}

static void
test_states_have_names(void **state)
{
	(void)state;
	assert_null(campaign_state_name(CAMPAIGN_OPEN));
	assert_string_equal(campaign_state_name(CAMPAIGN_RESULT), "result");
	assert_string_equal(campaign_state_name(CAMPAIGN_FAILED), "failed");
	assert_string_equal(campaign_state_name(CAMPAIGN_LOST), "lost");
	assert_string_equal(campaign_state_name(CAMPAIGN_INTERRUPTED),
	    "interrupted");
}

static void
test_names(void **state)
{
	char long_name[CAMPAIGN_NAME_MAX + 2];

	(void)state;
	assert_true(campaign_is_name("6.1.0-rc1+"));
	assert_true(campaign_is_name("base'"));
	assert_true(campaign_is_name("k\xc3\xa4se"));
	assert_false(campaign_is_name(""));
	assert_false(campaign_is_name("../a"));
	assert_false(campaign_is_name("a/b"));
	assert_false(campaign_is_name("a=b"));
	assert_false(campaign_is_name("a b"));
	assert_false(campaign_is_name("a\x1b"));
	assert_false(campaign_is_name("-a"));
	assert_false(campaign_is_name("\xff"));
	memset(long_name, 'a', sizeof(long_name));
	long_name[CAMPAIGN_NAME_MAX + 1] = '\0';
	assert_false(campaign_is_name(long_name));
	long_name[CAMPAIGN_NAME_MAX] = '\0';
	assert_true(campaign_is_name(long_name));
}

/* ---- refused ------------------------------------------------------------ */

static void
test_other_files(void **state)
{
	(void)state;
	expect_refused("", ": no campaign: empty file");
	expect_refused("{\"type\":", ": no campaign: the first line has no "
	    "end");
	expect_refused("dear diary\n", ":1: not a campaign of vmstress: it "
	    "does not begin as what `vmstress matrix` writes");
	expect_refused("{\"type\":\"run\",\"schema\":\"vmstress-result/1\"}\n",
	    ":1: not a campaign of vmstress: it does not begin as what "
	    "`vmstress matrix` writes");
	expect_refused("{\"type\":\"campaign\",\"schema\":"
	    "\"vmstress-campaign/x\"}\n", ":1: not a campaign of vmstress: "
	    "its schema has no version");
	expect_refused("{\"type\":\"campaign\",\"schema\":"
	    "\"vmstress-campaign/2\"}\n", ":1: vmstress-campaign/2 is newer "
	    "than this program: a newer vmstress reads it");
	expect_refused(HEADER HEADER, ":2: campaign: a second header: each "
	    "campaign needs a folder of its own");
	expect_refused(HEADER "{\"type\"}\n", ":2: not JSON (column 8): the "
	    "file is damaged here");
	expect_refused(HEADER "[]\n", ":2: not a JSON object");
	expect_refused(HEADER "{}\n", ":2: 'type' is missing");
}

static void
test_bad_headers(void **state)
{
	(void)state;
	expect_refused(HEADER_OF("null", "\"a\""), ":1: campaign: 'id' is "
	    "missing");
	expect_refused(HEADER_OF("7", "\"a\""), ":1: campaign: 'id' is not "
	    "text");
	expect_refused(HEADER_OF("\"c\"", "\"/etc/a\""), ":1: campaign: "
	    "'image' is not a file in the folder");
	expect_refused(HEADER_OF("\"c\",\"boots\":0,\"x\":7", "\"a\",\"boots\":0"),
	    ":1: campaign: 'boots' is 0, not between 1 and 1048576");
	expect_refused(HEADER_OF("\"c\"", "\"a\",\"qemu_args\":\"-cpu\""),
	    ":1: campaign: 'qemu_args' is not an array");
	expect_refused(HEADER_OF("\"c\"", "\"a\",\"qemu_args\":[7]"),
	    ":1: campaign: 'qemu_args' holds something that is not text");
	expect_refused(HEADER_OF("\"c\"", "\"a\",\"allow_tcg\":1"),
	    ":1: campaign: 'allow_tcg' is neither true nor false");
}

static void
test_bad_kernels(void **state)
{
	(void)state;
	expect_refused(HEADER KERNEL("a") KERNEL("a"), ":3: kernel: there are "
	    "two kernels 'a'");
	expect_refused(HEADER KERNEL_OF("\"a/b\"", "\"x\""), ":2: kernel: "
	    "'a/b' is no name of a kernel");
	expect_refused(HEADER KERNEL_OF("\"\\u001b[31m\"", "\"x\""), ":2: "
	    "kernel: '\\x1b[31m' is no name of a kernel");
	expect_refused(HEADER KERNEL_OF("\"a\"", "\"../x\""), ":2: kernel: "
	    "'file' is not a file in the folder");
	expect_refused(HEADER KERNEL_OF("\"a\"", "\"x\",\"config\":\"a//b\""),
	    ":2: kernel: 'config' is not a file in the folder");
	expect_refused(HEADER KERNEL_OF("null", "\"x\""), ":2: kernel: 'name' "
	    "is missing");
}

static void
test_bad_boots(void **state)
{
	(void)state;
	expect_refused(TWO BEGIN("1", "1", "1", "other"), ":4: begin: kernel "
	    "'other' is not described before");
	expect_refused(TWO BEGIN("0", "1", "1", "old"), ":4: begin: 'boot' is "
	    "0, not between 1 and 1048576");
	expect_refused(TWO BEGIN_OF("1", "1", "1", "old", "\"a/../../b\""),
	    ":4: begin: 'record' is not a file in the folder");
	expect_refused(TWO BEGIN_OF("1", "1", "1", "old", "\"\""),
	    ":4: begin: 'record' is not a file in the folder");
	expect_refused(TWO BEGIN("1", "1", "1", "old")
	    BEGIN("1", "1", "1", "old"), ":5: begin: attempt 1 at boot 1 "
	    "follows attempt 1");
	expect_refused(TWO BEGIN("1", "1", "1", "old")
	    BEGIN("1", "2", "1", "new"), ":5: begin: boot 1 is of another "
	    "kernel or round than before");
	expect_refused(TWO BEGIN("1", "1", "1", "old") END("1", "1", "lost")
	    BEGIN("1", "2", "1", "old"), ":6: begin: boot 1 has ended, and "
	    "begins again");
}

static void
test_bad_ends(void **state)
{
	(void)state;
	expect_refused(TWO END("1", "1", "result"), ":4: end: attempt 1 at "
	    "boot 1 has not begun");
	expect_refused(TWO BEGIN("1", "1", "1", "old") END("1", "2", "result"),
	    ":5: end: attempt 2 at boot 1 has not begun");
	expect_refused(TWO BEGIN("1", "1", "1", "old") END("1", "1", "result")
	    END("1", "1", "lost"), ":6: end: attempt 1 at boot 1 has ended "
	    "already");
	expect_refused(TWO BEGIN("1", "1", "1", "old") END("1", "1", "fine"),
	    ":5: end: 'state' has the unknown value 'fine'");
	expect_refused(TWO BEGIN("1", "1", "1", "old")
	    "{\"type\":\"end\",\"boot\":1,\"attempt\":1,\"state\":\"lost\","
	    "\"tail\":[1]}\n", ":5: end: 'tail' holds something that is not "
	    "text");
}

static void
test_long_texts(void **state)
{
	struct str text = { 0 }, list = { 0 };
	size_t i;

	(void)state;
	str_add(&text, TWO BEGIN("1", "1", "1", "old")
	    "{\"type\":\"end\",\"boot\":1,\"attempt\":1,\"state\":\"lost\","
	    "\"reason\":\"");
	for (i = 0; i <= CAMPAIGN_TEXT_MAX; i++)
		str_add(&text, "x");
	str_add(&text, "\"}\n");
	expect_refused(str_text(&text), ":5: end: 'reason' is longer than "
	    "65536 bytes");
	str_add(&list, TWO BEGIN("1", "1", "1", "old")
	    "{\"type\":\"end\",\"boot\":1,\"attempt\":1,\"state\":\"lost\","
	    "\"tail\":[\"\"");
	for (i = 0; i < CAMPAIGN_TAIL_MAX; i++)
		str_add(&list, ",\"\"");
	str_add(&list, "]}\n");
	expect_refused(str_text(&list), ":5: end: 'tail' has 1025 texts, more "
	    "than 1024");
	str_free(&text);
	str_free(&list);
}

/* ---- the records of its boots -------------------------------------------- */

static void
test_stamp(void **state)
{
	struct json_line *section = json_line_new();
	struct err e = { 0 };
	char *text;

	(void)state;
	json_line_text(section, "kernel", "old");
	json_line_text(section, "round", "1");
	text = campaign_stamp("{\"type\":\"run\",\"schema\":"
	    "\"vmstress-result/1\",\"seed\":\"18446744073709551615\","
	    "\"kernel\":{\"release\":\"6.1\"},\"boot\":{\"old\":\"x\"}}",
	    section, &e);
	assert_non_null(text);
	assert_string_equal(text, "{\"type\":\"run\",\"schema\":"
	    "\"vmstress-result/1\",\"seed\":\"18446744073709551615\","
	    "\"kernel\":{\"release\":\"6.1\"},\"boot\":{\"old\":\"x\","
	    "\"kernel\":\"old\",\"round\":\"1\"}}");
	free(text);
}

static void
test_stamp_refuses(void **state)
{
	static const char *const wrong[] = { "", "{\"type\":", "[]",
	    "{\"type\":\"cell\",\"schema\":\"vmstress-result/1\"}" };
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err_clear(&e);
		assert_null(campaign_stamp(wrong[i], json_line_new(), &e));
		assert_string_equal(e.text, "not a vmstress record: it does "
		    "not begin as what `vmstress run --output` writes");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_there_and_back, begin, end),
		cmocka_unit_test_setup_teardown(test_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(
		    test_one_writer_and_only_campaigns, begin, end),
		cmocka_unit_test_setup_teardown(test_is_folder, begin, end),
		cmocka_unit_test_setup_teardown(test_no_manifest, begin, end),
		cmocka_unit_test_setup_teardown(test_torn_and_unknown, begin,
		    end),
		cmocka_unit_test_setup_teardown(test_attempts, begin, end),
		cmocka_unit_test_setup_teardown(test_other_files, begin, end),
		cmocka_unit_test_setup_teardown(test_bad_headers, begin, end),
		cmocka_unit_test_setup_teardown(test_bad_kernels, begin, end),
		cmocka_unit_test_setup_teardown(test_bad_boots, begin, end),
		cmocka_unit_test_setup_teardown(test_bad_ends, begin, end),
		cmocka_unit_test_setup_teardown(test_long_texts, begin, end),
		cmocka_unit_test(test_states_have_names),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_stamp),
		cmocka_unit_test(test_stamp_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
