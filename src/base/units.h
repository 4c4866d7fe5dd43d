/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers with units, as people write and read them.  Parsers take the whole
 * string (no blanks, no sign) and return 0, or -1 when it is not such a number
 * or does not fit; they never write *value then.  Formatters write into a
 * caller's buffer and return it; UNITS_MAX bytes always suffice.
 */
#ifndef VMSTRESS_UNITS_H
#define VMSTRESS_UNITS_H

#include <stddef.h>
#include <stdint.h>

#define UNITS_MAX 32

/*
 * Bytes; K M G T are powers of 1024, fractions allowed: 4096, 4K, 1.5G.  Here
 * and below a fraction needs a unit that can be divided, and what it leaves of
 * the smallest unit is dropped: 0.1K is 102 bytes, 1.5 is no size.
 */
int units_size(const char *s, uint64_t *value);

/* Things; k M G are powers of 1000: 900k, 1M. */
int units_count(const char *s, uint64_t *value);

/* Nanoseconds; ns us ms s m h, the unit is required: 500ms, 1.5s, 8h. */
int units_time(const char *s, uint64_t *value);

/* A share; the sign is required: 50% is 0.5. */
int units_percent(const char *s, double *value);

/* Signed decimal integer. */
int units_int(const char *s, int64_t *value);

/*
 * Exact: the shortest spelling that the parser above reads back to the same
 * value ("128M", "900k", "500ms").
 */
char *units_put_size(char *buf, size_t len, uint64_t bytes);
char *units_put_count(char *buf, size_t len, uint64_t n);
char *units_put_time(char *buf, size_t len, uint64_t ns);

/* For a share that was read: the fewest decimals that read back to it. */
char *units_put_percent(char *buf, size_t len, double share);

/*
 * A plain number for other programs: the fewest digits that are read back as
 * the same one.  `value` must be finite.
 */
char *units_put_real(char *buf, size_t len, double value);

/*
 * Rounded, for reading: four significant digits and an SI prefix, "1.234M";
 * below 1 there is no prefix, "0.01234".  In all three NAN is "-".
 */
char *units_round(char *buf, size_t len, double value);

/* Rounded binary: "23.5 GiB". */
char *units_round_bytes(char *buf, size_t len, double bytes);

/* Rounded time: "1.23 us", "12.0 s", "2 h 05 min". */
char *units_round_time(char *buf, size_t len, double ns);

#endif
