/* SPDX-License-Identifier: BSD-2-Clause */
/* Flame graphs as SVG; see flame_draw.h. */
#include "config.h"

#include "present/flame_draw.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/profile_functions.h"

#define FLAME_WIDTH	1200
#define FLAME_PAD	10
#define FLAME_TOP	62
#define FLAME_BOTTOM	16
#define FLAME_ROW	18
#define FLAME_CHAR	6.65	/* width of a character at 11 pixels */
#define FLAME_NARROW	0.2	/* pixels: no frame that nobody can see */

/* Deeper stacks are cut: the picture would be higher than screens scroll. */
#define FLAME_DEPTH	200

/* Of a difference: points of the share that the darkest colour is at least. */
#define FLAME_POINTS	1
#define FLAME_POWER	0.7	/* below 1: small ones are not too pale */

/* A frame that stands for some of the stacks that are passed over. */
struct flame_open {
	char *name;
	double from;		/* samples to the left of it */
	double base;		/* the same of the base */
};

struct flame {
	const struct flame_picture *p;
	FILE *out;
	struct flame_open open[FLAME_DEPTH];
	int depth;		/* of them */
	int rows;		/* that are high enough for all boxes */
	bool measure;		/* find that out, draw nothing */
	double all;		/* samples of all stacks */
	double points;		/* the greatest difference of a share */
};

/* ---- text ------------------------------------------------------------- */

/* Safe, and without what XML gives a meaning or does not allow. */
static void
flame_text(const char *text, FILE *out)
{
	struct str safe = { 0 };
	const char *s;

	str_add_safe(&safe, text);
	for (s = str_text(&safe); *s != '\0'; s++) {
		if (*s == '&')
			fputs("&amp;", out);
		else if (*s == '<')
			fputs("&lt;", out);
		else if (*s == '>')
			fputs("&gt;", out);
		else if (*s == '"')
			fputs("&quot;", out);
		else if (strncmp(s, "\xef\xbf\xbe", 3) == 0 ||
		    strncmp(s, "\xef\xbf\xbf", 3) == 0)
			s += 2;
		else
			putc(*s, out);
	}
	str_free(&safe);
}

/* As much of a text as fits into a width, or nothing. */
static void
flame_clipped(const char *text, double width, FILE *out)
{
	int room = (int)((width - 6) / FLAME_CHAR);
	bool cut = (int)str_columns(text) > room;
	const char *end = text;
	int n = 0;
	char *head;

	if (cut && room < 4)
		return;
	for (; *end != '\0'; end++)
		if (((unsigned char)*end & 0xc0) != 0x80 &&
		    n++ == (cut ? room - 2 : room))
			break;
	head = mem_strndup(text, (size_t)(end - text));
	flame_text(head, out);
	if (cut)
		fputs("..", out);
	free(head);
}

/* ---- frames ----------------------------------------------------------- */

/* Some of the way from white, or another pale colour, to a colour. */
static void
flame_mix(const int pale[3], const int full[3], double part, char *colour,
    size_t size)
{
	snprintf(colour, size, "#%02x%02x%02x",
	    (unsigned)(pale[0] + (full[0] - pale[0]) * part) & 0xffu,
	    (unsigned)(pale[1] + (full[1] - pale[1]) * part) & 0xffu,
	    (unsigned)(pale[2] + (full[2] - pale[2]) * part) & 0xffu);
}

/* The same name has the same shade everywhere. */
static void
flame_colour(const char *name, char *colour, size_t size)
{
	static const int kernel[3] = { 230, 159, 0 };
	static const int user[3] = { 86, 180, 233 };
	static const int white[3] = { 255, 255, 255 };
	uint32_t hash = 2166136261u;	/* FNV-1a */
	const char *s;

	for (s = name; *s != '\0'; s++)
		hash = (hash ^ (unsigned char)*s) * 16777619u;
	flame_mix(white, profile_is_kernel(name) ? kernel : user,
	    1 - (hash >> 8) % 55 / 100.0, colour, size);
}

/* Orange: the share grew; blue: it fell. */
static void
flame_difference(const struct flame *fl, double points, char *colour,
    size_t size)
{
	static const int grew[3] = { 217, 112, 43 };
	static const int fell[3] = { 74, 148, 200 };
	static const int same[3] = { 244, 244, 244 };
	double part = pow(fmin(fabs(points) / fl->points, 1), FLAME_POWER);

	flame_mix(same, points > 0 ? grew : fell, part, colour, size);
}

/* In percent of all. */
static double
flame_points(const struct flame *fl, double now, double base)
{
	return (now - base) / fl->all * 100;
}

/* A box in row `row` from the ground, for the samples between two numbers. */
static void
flame_box(struct flame *fl, const char *name, const char *colour, int row,
    double from, double to, double base)
{
	double scale = (FLAME_WIDTH - 2 * FLAME_PAD) / fl->all;
	double x = FLAME_PAD + from * scale, w = (to - from) * scale;
	int y = FLAME_TOP + (fl->rows - 1 - row) * FLAME_ROW;

	fputs("<g class=\"f\"><title>", fl->out);
	flame_text(name, fl->out);
	if (fl->p->differs)
		fprintf(fl->out, " (%.2f%%, base %.2f%%, %+.2f points)",
		    (to - from) / fl->all * 100, base / fl->all * 100,
		    flame_points(fl, to - from, base));
	else
		fprintf(fl->out, " (%.0f samples, %.2f%%)", to - from,
		    (to - from) / fl->all * 100);
	fprintf(fl->out, "</title><rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" "
	    "height=\"%d\" fill=\"%s\"/><text x=\"%.2f\" y=\"%d\">", x, y, w,
	    FLAME_ROW - 1, colour, x + 3, y + 12);
	flame_clipped(name, w, fl->out);
	fputs("</text></g>\n", fl->out);
}

/* One that nobody can see is left out. */
static void
flame_frame(struct flame *fl, const struct flame_open *o, int level, double to,
    double base_to)
{
	double scale = (FLAME_WIDTH - 2 * FLAME_PAD) / fl->all;
	double base = base_to - o->base, points;
	char colour[8] = "#cccccc";

	if ((to - o->from) * scale < FLAME_NARROW)
		return;
	points = flame_points(fl, to - o->from, base);
	if (fl->measure) {
		fl->rows = level + 1 >= fl->rows ? level + 2 : fl->rows;
		fl->points = fmax(fl->points, fabs(points));
		return;
	}
	if (level >= fl->p->prefix && fl->p->differs)
		flame_difference(fl, points, colour, sizeof(colour));
	else if (level >= fl->p->prefix)
		flame_colour(o->name, colour, sizeof(colour));
	flame_box(fl, o->name, colour, level + 1, o->from, to, base);
}

/* Close all frames from a depth on; the stacks up to `to` were theirs. */
static void
flame_close(struct flame *fl, int depth, double to, double base_to)
{
	struct flame_open *o;

	while (fl->depth > depth) {
		o = &fl->open[--fl->depth];
		flame_frame(fl, o, fl->depth, to, base_to);
		free(o->name);
	}
}

/* How many of the open frames a stack begins with. */
static int
flame_common(const struct flame *fl, const char *frames)
{
	const char *at = frames;
	size_t len;
	int i;

	for (i = 0; i < fl->depth; i++) {
		len = strcspn(at, ";");
		if (strncmp(fl->open[i].name, at, len) != 0 ||
		    fl->open[i].name[len] != '\0')
			break;
		if (at[len] == '\0')
			return i + 1;
		at += len + 1;
	}
	return i;
}

static void
flame_open(struct flame *fl, const char *frames, double from, double base)
{
	int i, common = flame_common(fl, frames);
	const char *at = frames;
	size_t len;

	flame_close(fl, common, from, base);
	for (i = 0; i < FLAME_DEPTH; i++) {
		len = strcspn(at, ";");
		if (i >= common) {
			fl->open[fl->depth].name = mem_strndup(at, len);
			fl->open[fl->depth].from = from;
			fl->open[fl->depth++].base = base;
		}
		if (at[len] == '\0')
			break;
		at += len + 1;
	}
}

static void
flame_frames(struct flame *fl)
{
	const struct flame_stack *s;
	double at = 0, base = 0;
	size_t i;

	if (!fl->measure)
		flame_box(fl, "all", "#dddddd", 0, 0, fl->all, fl->all);
	for (i = 0; i < fl->p->count; i++) {
		s = &fl->p->stacks[i];
		if (!(s->count > 0) && !(s->base > 0))
			continue;
		flame_open(fl, s->frames, at, base);
		at += s->count;
		base += s->base;
	}
	flame_close(fl, 0, at, base);
}

/* ---- around them ------------------------------------------------------ */

static void
flame_legend(int x, const char *colour, const char *name, FILE *out)
{
	fprintf(out, "<rect x=\"%d\" y=\"34\" width=\"12\" height=\"12\" "
	    "fill=\"%s\"/><text x=\"%d\" y=\"44\">%s</text>\n", x, colour,
	    x + 17, name);
}

/* What the colours of a difference mean, in points of the share. */
static void
flame_scale(const struct flame *fl, FILE *out)
{
	int i, x = FLAME_WIDTH - 245;
	char colour[8];

	fprintf(out, "<text x=\"%d\" y=\"44\" text-anchor=\"end\">%+.1f"
	    "</text>\n", x - 5, -fl->points);
	for (i = -4; i <= 4; i++) {
		flame_difference(fl, fl->points * i / 4, colour,
		    sizeof(colour));
		fprintf(out, "<rect x=\"%d\" y=\"34\" width=\"12\" "
		    "height=\"12\" fill=\"%s\"/>\n", x, colour);
		x += 12;
	}
	fprintf(out, "<text x=\"%d\" y=\"44\">%+.1f points</text>\n", x + 5,
	    fl->points);
}

static void
flame_head(const struct flame *fl)
{
	int height = FLAME_TOP + fl->rows * FLAME_ROW + FLAME_BOTTOM;
	FILE *out = fl->out;

	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	    "height=\"%d\" viewBox=\"0 0 %d %d\">\n<title>", FLAME_WIDTH,
	    height, FLAME_WIDTH, height);
	flame_text(fl->p->title, out);
	fputs("</title>\n<style>\n"
	    "text { font-family: \"DejaVu Sans Mono\", Menlo, Consolas, "
	    "monospace; font-size: 11px; fill: #000000; }\n"
	    ".f rect { stroke: #ffffff; stroke-width: 0.5; }\n"
	    ".f text { pointer-events: none; }\n"
	    ".f:hover rect { stroke: #000000; }\n"
	    "</style>\n<rect width=\"100%\" height=\"100%\" "
	    "fill=\"#ffffff\"/>\n<text x=\"10\" y=\"22\" "
	    "style=\"font-size: 14px; font-weight: bold\">", out);
	flame_clipped(fl->p->title, (FLAME_WIDTH - 2 * FLAME_PAD) * 11.0 / 14,
	    out);
	fputs("</text>\n<text x=\"10\" y=\"44\">", out);
	flame_clipped(fl->p->about, FLAME_WIDTH - (fl->p->differs ? 330 : 180), out);
	fputs("</text>\n", out);
	if (fl->p->differs) {
		flame_scale(fl, out);
		return;
	}
	flame_legend(FLAME_WIDTH - 150, "#e69f00", "kernel", out);
	flame_legend(FLAME_WIDTH - 70, "#56b4e9", "user", out);
}

/* A click widens a frame to the whole picture, one on the ground undoes it. */
static void
flame_script(FILE *out)
{
	fprintf(out, "<script><![CDATA[\n"
	    "(function () {\n"
	    "var W = %d, P = %d, C = %g, all = [];\n", FLAME_WIDTH, FLAME_PAD,
	    FLAME_CHAR);
	fputs("document.querySelectorAll('g.f').forEach(function (g) {\n"
	    "  var r = g.querySelector('rect'), t = g.querySelector('text');\n"
	    "  var n = g.querySelector('title').textContent;\n"
	    "  var o = { g: g, r: r, t: t,\n"
	    "    n: n.replace(/ \\([^()]*\\)$/, ''),\n"
	    "    x: +r.getAttribute('x'), w: +r.getAttribute('width') };\n"
	    "  all.push(o);\n"
	    "  g.style.cursor = 'pointer';\n"
	    "  g.addEventListener('click', function () { zoom(o); });\n"
	    "});\n"
	    "function zoom(to) {\n"
	    "  var k = (W - 2 * P) / to.w;\n"
	    "  all.forEach(function (o) {\n"
	    "    var x = Math.max(P, P + (o.x - to.x) * k);\n"
	    "    var e = Math.min(W - P, P + (o.x + o.w - to.x) * k);\n"
	    "    var room = Math.floor((e - x - 6) / C), n = o.n;\n"
	    "    o.g.style.display = e - x < 0.1 ? 'none' : '';\n"
	    "    o.r.setAttribute('x', x);\n"
	    "    o.r.setAttribute('width', Math.max(0, e - x));\n"
	    "    o.t.setAttribute('x', x + 3);\n"
	    "    if (n.length > room)\n"
	    "      n = room < 4 ? '' : n.slice(0, room - 2) + '..';\n"
	    "    o.t.textContent = n;\n"
	    "  });\n"
	    "}\n"
	    "})();\n"
	    "]]></script>\n", out);
}

void
flame_draw(const struct flame_picture *p, FILE *out)
{
	struct flame fl = { .p = p, .out = out, .rows = 1, .measure = true,
	    .points = FLAME_POINTS };
	size_t i;

	for (i = 0; i < p->count; i++)
		fl.all += p->stacks[i].count;
	if (fl.all > 0)
		flame_frames(&fl);
	fl.measure = false;
	flame_head(&fl);
	if (fl.all > 0)
		flame_frames(&fl);
	flame_script(out);
	fputs("</svg>\n", out);
}
