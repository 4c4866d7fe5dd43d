/* SPDX-License-Identifier: BSD-2-Clause */
/* Drawings for a page; see report_svg.h. */
#include "config.h"

#include "report/report_svg.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "report/report_escape.h"

struct svg {
	struct str out;
	const char *at, *prefix, *alt;
	bool plate;
	bool root;		/* was there */
	bool ground;		/* the first rectangle was there */
	int depth;		/* of elements that are kept */
};

/* One tag as it stands. */
struct svg_tag {
	char *name;
	struct svg_attribute {
		char *name, *value;
	} *list;
	size_t count, cap;
	bool closes, empty;
};

static const char *const svg_elements[] = {
	"circle", "clipPath", "defs", "ellipse", "feComposite", "feFlood",
	"filter", "g", "image", "line", "linearGradient", "path", "pattern",
	"polygon", "polyline", "radialGradient", "rect", "stop", "style", "svg",
	"text", "title", "tspan", "use", NULL
};

static bool
svg_in(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

/* ---- reading ------------------------------------------------------------------- */

static bool
svg_begins(const struct svg *s, const char *text)
{
	return strncmp(s->at, text, strlen(text)) == 0;
}

static void
svg_skip(struct svg *s, const char *end)
{
	const char *found = strstr(s->at, end);

	s->at = found != NULL ? found + strlen(end) : s->at + strlen(s->at);
}

static void
svg_blanks(struct svg *s)
{
	s->at += strspn(s->at, " \t\r\n");
}

static char *
svg_word(struct svg *s)
{
	size_t len = strcspn(s->at, " \t\r\n=/>\"'<");
	char *word = mem_strndup(s->at, len);

	s->at += len;
	return word;
}

/* Without its quotes. */
static char *
svg_value(struct svg *s)
{
	char quote[2] = { *s->at, '\0' };
	char *value;
	size_t len;

	if (quote[0] != '"' && quote[0] != '\'')
		return svg_word(s);
	s->at++;
	len = strcspn(s->at, quote);
	value = mem_strndup(s->at, len);
	s->at += len;
	if (*s->at != '\0')
		s->at++;
	return value;
}

static void
svg_attribute(struct svg *s, struct svg_tag *tag)
{
	char *name = svg_word(s), *value = NULL;

	if (name[0] == '\0' && *s->at != '\0')
		s->at++;
	svg_blanks(s);
	if (name[0] != '\0' && *s->at == '=') {
		s->at++;
		svg_blanks(s);
		value = svg_value(s);
	}
	if (value == NULL) {
		free(name);
		return;
	}
	tag->list = mem_grow(tag->list, tag->count, &tag->cap,
	    sizeof(*tag->list));
	tag->list[tag->count++] = (struct svg_attribute){ name, value };
}

/* At its '<'; ends behind its '>'. */
static void
svg_read_tag(struct svg *s, struct svg_tag *tag)
{
	memset(tag, 0, sizeof(*tag));
	s->at++;
	if (*s->at == '/') {
		tag->closes = true;
		s->at++;
	}
	tag->name = svg_word(s);
	for (;;) {
		svg_blanks(s);
		tag->empty = *s->at == '/' && s->at[1] == '>';
		if (*s->at == '\0' || *s->at == '>' || tag->empty)
			break;
		svg_attribute(s, tag);
	}
	if (tag->empty)
		s->at++;
	if (*s->at != '\0')
		s->at++;
}

static void
svg_free_tag(struct svg_tag *tag)
{
	size_t i;

	for (i = 0; i < tag->count; i++) {
		free(tag->list[i].name);
		free(tag->list[i].value);
	}
	free(tag->list);
	free(tag->name);
}

static const char *
svg_get(const struct svg_tag *tag, const char *name)
{
	size_t i;

	for (i = 0; i < tag->count; i++)
		if (strcmp(tag->list[i].name, name) == 0)
			return tag->list[i].value;
	return "";
}

/* ---- colours ---------------------------------------------------------------------- */

/* 0 to 255, or -1: it is no grey. */
static int
svg_grey(const char *colour)
{
	unsigned r, g, b;

	if (strcasecmp(colour, "black") == 0)
		return 0;
	if (strcasecmp(colour, "white") == 0)
		return 255;
	if (strcasecmp(colour, "lightgrey") == 0)
		return 211;
	if (sscanf(colour, "rgb( %u , %u , %u )", &r, &g, &b) != 3 &&
	    (strlen(colour) != 7 ||
	    sscanf(colour, "#%2x%2x%2x", &r, &g, &b) != 3))
		return -1;
	return r == g && g == b && r < 256 ? (int)r : -1;
}

static bool
svg_is_colour(const char *name)
{
	static const char *const names[] = {
		"color", "fill", "flood-color", "stop-color", "stroke", NULL
	};

	return svg_in(name, names);
}

/* ---- writing ---------------------------------------------------------------------- */

/* A value is escaped as it was, but for our quotes. */
static void
svg_raw(struct str *b, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '"')
			str_add(b, "&quot;");
		else if (*value == '<')
			str_add(b, "&lt;");
		else
			str_addn(b, value, 1);
	}
}

/* "url(#a)" is of this page, any other is not fetched. */
static bool
svg_fetches(const char *value)
{
	const char *at;

	for (at = value; (at = strchr(at, '(')) != NULL; at++)
		if (at - value >= 3 && strncasecmp(at - 3, "url", 3) == 0 &&
		    at[1] != '#')
			return true;
	return strchr(value, '\\') != NULL || strchr(value, '@') != NULL;
}

static void
svg_write_attribute(struct svg *s, const char *name, const char *value)
{
	struct str *b = &s->out;
	const char *url = strstr(value, "url(#");
	int grey = svg_is_colour(name) && !s->plate ? svg_grey(value) : -1;

	str_addf(b, " %s=\"", name);
	if (grey >= 0) {
		str_addf(b, "var(--k%d)", (grey + 8) / 17);
	} else if (strcmp(name, "id") == 0) {
		str_addf(b, "%s-", s->prefix);
		svg_raw(b, value);
	} else if (value[0] == '#' && strcmp(name, "href") == 0) {
		str_addf(b, "#%s-", s->prefix);
		svg_raw(b, value + 1);
	} else if (url != NULL) {
		char *before = mem_strndup(value, (size_t)(url - value) + 5);

		svg_raw(b, before);
		str_addf(b, "%s-", s->prefix);
		svg_raw(b, url + 5);
		free(before);
	} else {
		svg_raw(b, value);
	}
	str_add(b, "\"");
}

/* What draws, and what leads nowhere else. */
static void
svg_attributes(struct svg *s, const struct svg_tag *tag)
{
	size_t i;

	for (i = 0; i < tag->count; i++) {
		const char *name = tag->list[i].name;
		const char *value = tag->list[i].value;

		if (strcmp(name, "xlink:href") == 0)
			name = "href";
		if (strcmp(name, "href") == 0) {
			if (value[0] != '#' && strncmp(value,
			    "data:image/png;base64,", 22) != 0)
				continue;
		} else if (strncasecmp(name, "on", 2) == 0 ||
		    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"
		    "STUVWXYZ0123456789-") != strlen(name) ||
		    strncmp(name, "xmlns", 5) == 0 || svg_fetches(value)) {
			continue;
		}
		svg_write_attribute(s, name, value);
	}
}

static void
svg_write_root(struct svg *s, const struct svg_tag *tag)
{
	const char *box = svg_get(tag, "viewBox");

	str_add(&s->out, "<svg role=\"img\" aria-label=\"");
	report_escape_html(&s->out, s->alt);
	str_add(&s->out, "\" viewBox=\"");
	if (box[0] != '\0') {
		svg_raw(&s->out, box);
	} else {
		str_add(&s->out, "0 0 ");
		svg_raw(&s->out, svg_get(tag, "width"));
		str_add(&s->out, " ");
		svg_raw(&s->out, svg_get(tag, "height"));
	}
	str_add(&s->out, "\">");
	s->root = true;
}

/* The rules of a drawing are for itself alone: selectors get its id. */
static void
svg_style(struct svg *s)
{
	const char *end = strstr(s->at, "</style");
	char *css, *rest, *rule, *open;

	if (end == NULL)
		end = s->at + strlen(s->at);
	css = rest = mem_strndup(s->at, (size_t)(end - s->at));
	s->at = end;
	str_add(&s->out, "<style>");
	while (!svg_fetches(css) && strpbrk(css, "<&") == NULL &&
	    (rule = strsep(&rest, "}")) != NULL) {
		open = strchr(rule, '{');
		if (open == NULL)
			continue;
		*open++ = '\0';
		rule += strspn(rule, " \t\r\n");
		if (strchr(rule, ',') == NULL)
			str_addf(&s->out, "#%s %s{%s}", s->prefix, rule, open);
	}
	str_add(&s->out, "</style>");
	svg_skip(s, ">");
	free(css);
}

/* With all that is in it. */
static void
svg_drop(struct svg *s, const struct svg_tag *dropped)
{
	struct svg_tag tag;
	char *end;
	int depth = 1;

	if (dropped->empty || dropped->closes)
		return;
	if (strcasecmp(dropped->name, "script") == 0 ||
	    strcasecmp(dropped->name, "style") == 0) {
		end = mem_printf("</%s>", dropped->name);
		svg_skip(s, end);
		free(end);
		return;
	}
	while (depth > 0 && *s->at != '\0') {
		s->at += strcspn(s->at, "<");
		if (*s->at == '\0')
			break;
		svg_read_tag(s, &tag);
		if (!tag.empty)
			depth += tag.closes ? -1 : 1;
		svg_free_tag(&tag);
	}
}

static bool
svg_is_ground(struct svg *s, const struct svg_tag *tag)
{
	if (s->ground || strcmp(tag->name, "rect") != 0)
		return false;
	s->ground = true;
	return !s->plate && svg_grey(svg_get(tag, "fill")) == 255;
}

static void
svg_element(struct svg *s, const struct svg_tag *tag)
{
	bool keep = svg_in(tag->name, svg_elements) && !svg_is_ground(s, tag);

	/* What there is in a page anyway, and what only names the drawing. */
	if (strcmp(tag->name, "svg") == 0)
		keep = !s->root || tag->closes;
	else if (strcmp(tag->name, "title") == 0)
		keep = s->depth > 1;
	if (!s->root && strcmp(tag->name, "svg") != 0)
		return;
	if (!keep) {
		svg_drop(s, tag);
		return;
	}
	if (tag->closes) {
		if (s->depth > 0)
			str_addf(&s->out, "</%s>", tag->name);
		s->depth -= s->depth > 0;
		return;
	}
	if (strcmp(tag->name, "style") == 0) {
		svg_style(s);
		return;
	}
	if (strcmp(tag->name, "svg") == 0) {
		svg_write_root(s, tag);
	} else {
		str_addf(&s->out, "<%s", tag->name);
		svg_attributes(s, tag);
		str_add(&s->out, tag->empty ? "/>" : ">");
	}
	s->depth += !tag->empty;
}

/* Up to the next tag; blanks between elements say nothing. */
static void
svg_text(struct svg *s)
{
	size_t len = strcspn(s->at, "<");

	if (s->depth > 0 && strspn(s->at, " \t\r\n") < len)
		str_addn(&s->out, s->at, len);
	else if (s->depth > 0 && len > 0)
		str_add(&s->out, "\n");
	s->at += len;
}

char *
report_svg(const char *svg, const char *prefix, const char *alt, bool plate)
{
	struct svg s = {
		.at = svg, .prefix = prefix, .alt = alt, .plate = plate,
	};
	struct svg_tag tag;

	while (*s.at != '\0' && !(s.root && s.depth == 0)) {
		if (*s.at != '<')
			svg_text(&s);
		else if (svg_begins(&s, "<!--"))
			svg_skip(&s, "-->");
		else if (svg_begins(&s, "<![CDATA["))
			svg_skip(&s, "]]>");
		else if (svg_begins(&s, "<!") || svg_begins(&s, "<?"))
			svg_skip(&s, ">");
		else {
			svg_read_tag(&s, &tag);
			svg_element(&s, &tag);
			svg_free_tag(&tag);
		}
	}
	if (s.root && s.depth == 0)
		return s.out.s;
	str_free(&s.out);
	return NULL;
}
