/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as lines to the protocol's readers (libFuzzer).  What `go` accepts
 * must be consistent, and must come out the same when written and read again.
 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

/* An error is a sentence, and no error is none. */
static int
checked(int rc, const struct err *e)
{
	require((rc < 0) == e->set);
	require(!e->set || e->text[0] != '\0');
	return rc;
}

static void
get_all(const struct protocol_line *line)
{
	struct err e = { 0 };
	uint64_t *numbers, number;
	double real;
	int i, *ints;

	for (i = 0; i < line->nfields; i++) {
		const char *key = line->field[i].key;

		err_clear(&e);
		checked(protocol_get_u64(line, key, &number, &e), &e);
		err_clear(&e);
		checked(protocol_get_double(line, key, &real, &e), &e);
		err_clear(&e);
		if (checked(protocol_get_list(line, key, &numbers, &e),
		    &e) >= 0)
			free(numbers);
		err_clear(&e);
		if (checked(protocol_get_int_list(line, key, &ints, &e),
		    &e) >= 0)
			free(ints);
	}
}

/* Give whole lines of a text to a launch; the last result. */
static int
take(struct protocol_launch *l, char *text, struct err *e)
{
	struct protocol_line line;
	char *newline;
	int rc = 0;

	for (; rc == 0 && (newline = strchr(text, '\n')) != NULL;
	    text = newline + 1) {
		*newline = '\0';
		if (checked(protocol_parse(text, &line, e), e) < 0) {
			/* As a careless caller goes on after an error. */
			err_clear(e);
			continue;
		}
		get_all(&line);
		rc = checked(protocol_take_launch(l, &line, e), e);
	}
	return rc;
}

static void
check_launch(const struct protocol_launch *l)
{
	struct protocol_launch again = { 0 };
	struct str first = { 0 }, second = { 0 };
	struct err e = { 0 };
	char *copy;
	int i;

	require(l->workload != NULL && l->pin != NULL);
	require(l->workers >= 1 && l->workers <= PROTOCOL_WORKERS_MAX);
	for (i = 0; l->cpus != NULL && i < l->workers; i++)
		require(l->cpus[i] >= 0);
	for (i = 0; l->partners != NULL && i < l->workers; i++)
		require(l->partners[i] >= -1);
	protocol_put_launch(&first, l);
	copy = strdup(first.s);
	require(copy != NULL && take(&again, copy, &e) == 1);
	protocol_put_launch(&second, &again);
	require(strcmp(first.s, second.s) == 0);
	free(copy);
	protocol_launch_free(&again);
	str_free(&first);
	str_free(&second);
}

static void
fuzz_lines(const uint8_t *data, size_t size)
{
	struct protocol_launch l = { 0 };
	struct str text = { 0 };
	struct err e = { 0 };

	str_addn(&text, (const char *)data, size);
	if (take(&l, text.s, &e) == 1)
		check_launch(&l);
	protocol_launch_free(&l);
	str_free(&text);
}

/* The same bytes through a descriptor; a pipe holds no more than this. */
static void
fuzz_reader(const uint8_t *data, size_t size)
{
	struct protocol_reader r;
	struct err e = { 0 };
	size_t lines = 0;
	int fd[2];

	if (size > 4096)
		return;
	require(pipe(fd) == 0);
	require(write(fd[1], data, size) == (ssize_t)size);
	close(fd[1]);
	protocol_reader_init(&r, fd[0]);
	while (protocol_read_line(&r, &e) != NULL)
		require(++lines <= size);
	require(r.eof || e.set);
	protocol_reader_free(&r);
	close(fd[0]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_lines(data, size);
	fuzz_reader(data, size);
	return 0;
}
