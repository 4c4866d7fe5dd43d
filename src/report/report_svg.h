/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drawings made fit to stand in a page of HTML: only elements and attributes
 * that draw are left, nothing runs and nothing is fetched; ids get a prefix, so
 * that many drawings can be in one page.
 */
#ifndef VMSTRESS_REPORT_SVG_H
#define VMSTRESS_REPORT_SVG_H

#include <stdbool.h>

/*
 * The `svg` element of a drawing, as an image with the text `alt`; a new string,
 * NULL if there is none.  Ids begin with "PREFIX-".  Unless it is a plate, white
 * ground is left out and greys become the variables --k0 (black) to --k15
 * (white) of the page, which follow its light or dark colours.
 */
char *report_svg(const char *svg, const char *prefix, const char *alt,
    bool plate);

#endif
