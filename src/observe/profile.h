/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often each chain of calls was seen, by parts of a launch.  All memory is
 * there beforehand and bounded: what finds no room is counted without its
 * chain, so that nothing vanishes.
 */
#ifndef VMSTRESS_PROFILE_H
#define VMSTRESS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer chains lose their outermost calls. */
#define PROFILE_FRAMES_MAX 128

/* Parts of a launch that are told apart. */
#define PROFILE_PARTS_MAX 64

enum profile_kind {
	PROFILE_KERNEL,		/* frames are addresses in the kernel */
	PROFILE_PROGRAM,	/* one frame: an address in our program */
	PROFILE_MAYBE,		/* the same, or in one that nobody knows */
	PROFILE_OTHER		/* one frame: the number of a program's name */
};

/* A chain, the innermost call first. */
struct profile_stack {
	uint64_t count;
	const uint64_t *frames;
	uint32_t hash;
	uint16_t nframes;
	uint8_t kind;		/* enum profile_kind */
	uint8_t part;
};

struct profile_totals {
	uint64_t kernel, user;	/* samples by where they were */
	uint64_t lost;		/* samples that never came */
	uint64_t idle;		/* that were of no work, and no samples */
	uint64_t roomless;	/* of the samples, those without a chain */
};

struct profile {
	uint32_t *slot;		/* number of a stack, from 1; 0: free */
	uint32_t nslots;	/* a power of two */
	struct profile_stack *stacks;
	uint32_t nstacks, stacks_max;
	uint64_t *frames;
	uint32_t nframes, frames_max;
	struct profile_totals totals[PROFILE_PARTS_MAX];
};

/* Bytes of memory for so many different stacks, and frames of all of them. */
size_t profile_bytes(uint32_t stacks, uint32_t frames);

/* The memory is zeroed, aligned as malloc() does it, and outlives the struct. */
void profile_init(struct profile *p, void *memory, uint32_t stacks,
    uint32_t frames);

/* Count a chain, so many times. */
void profile_add(struct profile *p, int part, enum profile_kind kind,
    const uint64_t *frames, int nframes, uint64_t count);

/* All of part 0 of `from` as a part, in addition to what it has. */
void profile_merge(struct profile *p, int part, const struct profile *from);

void profile_clear(struct profile *p);

/* The samples of a part: kernel and user. */
uint64_t profile_samples(const struct profile *p, int part);

/*
 * Put other numbers in place of the frames, as by the function that each is
 * in, and add up the stacks that are the same then; the stacks of each part
 * are together afterwards, those with the highest counts first.  Nothing can
 * be added any more.  `name` returns the number, and may change the kind of a
 * stack with one frame.
 */
typedef uint64_t profile_name_fn(void *arg, enum profile_kind *kind,
    uint64_t frame, bool innermost);
void profile_rename(struct profile *p, profile_name_fn *name, void *arg);

#endif
