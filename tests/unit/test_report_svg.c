/* SPDX-License-Identifier: BSD-2-Clause */
/* Drawings and text made fit for a page. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/report_doc.h"
#include "report/report_escape.h"
#include "report/report_svg.h"

static void
has(const char *svg, bool plate, const char *wanted, const char *unwanted)
{
	char *out = report_svg(svg, "p", "what \"it\" <shows>", plate);

	assert_non_null(out);
	if (wanted != NULL && strstr(out, wanted) == NULL)
		fail_msg("no %s in %s", wanted, out);
	if (unwanted != NULL && strstr(out, unwanted) != NULL)
		fail_msg("%s in %s", unwanted, out);
	free(out);
}

static void
has_its_text(void **state)
{
	(void)state;
	has("<?xml version='1.0'?><!-- a --><svg width='9' height='7'></svg>",
	    false, "<svg role=\"img\" aria-label=\"what &quot;it&quot; "
	    "&lt;shows&gt;\" viewBox=\"0 0 9 7\"></svg>", NULL);
	has("<svg viewBox='1 2 3 4'><title>Gnuplot</title></svg>", false,
	    "viewBox=\"1 2 3 4\"", "Gnuplot");
	has("<svg><g><title>one</title></g></svg>", false,
	    "<title>one</title>", NULL);
}

static void
has_ids_of_its_own(void **state)
{
	(void)state;
	has("<svg><path id='a'/><use xlink:href='#a'/></svg>", false,
	    "<path id=\"p-a\"/><use href=\"#p-a\"/>", NULL);
	has("<svg><g clip-path='url(#c)'></g></svg>", false,
	    "clip-path=\"url(#p-c)\"", NULL);
	has("<svg><style>.f rect { fill: red }</style></svg>", true,
	    "<style>#p .f rect { fill: red }</style>", NULL);
}

static void
follows_the_page(void **state)
{
	static const char ground[] = "<svg><rect width='9' fill='#ffffff'/>"
	    "<rect fill='white'/><g stroke='black' color='rgb( 96,  96, 96)'>"
	    "</g><g fill='#0072b2'/></svg>";

	(void)state;
	has(ground, false, "<rect fill=\"var(--k15)\"/>", "#ffffff");
	has(ground, false, "stroke=\"var(--k0)\" color=\"var(--k6)\"", NULL);
	has(ground, false, "fill=\"#0072b2\"", NULL);
	has(ground, true, "fill=\"#ffffff\"", "var(");
}

static void
runs_and_fetches_nothing(void **state)
{
	(void)state;
	has("<svg><script>alert('<g>')</script><g/></svg>", false, "<g/>",
	    "alert");
	has("<svg><SCRIPT>alert(1)</SCRIPT></svg>", false, NULL, "alert");
	has("<svg><foreignObject><p onclick='a()'>x</p></foreignObject><g/>"
	    "</svg>", false, "<g/>", "onclick");
	has("<svg><g onload='a()' ONCLICK=b()></g></svg>", false, "<g></g>",
	    NULL);
	has("<svg><use xlink:href='http://a/b.svg#c'/></svg>", false, "<use/>",
	    "http");
	has("<svg><image href='javascript:a()'/></svg>", false, "<image/>",
	    "javascript");
	has("<svg><image href='data:image/png;base64,AA'/></svg>", false,
	    "data:image/png;base64,AA", NULL);
	has("<svg><g style='background: URL(http://a)'/></svg>", false,
	    "<g/>", "http");
	has("<svg><style>@import 'http://a';</style></svg>", true, NULL,
	    "import");
	has("<svg><style>a { b: url(http://a) }</style></svg>", true, NULL,
	    "http");
	has("<svg><text>&lt;b&gt;</text></svg>", false,
	    "<text>&lt;b&gt;</text>", NULL);
	has("<svg><g class='a\"b'/></svg>", false, "class=\"a&quot;b\"", NULL);
}

static void
is_one_element_or_none(void **state)
{
	static const char *const broken[] = {
		"", "text", "<p></p>", "<svg", "<svg>", "<svg><g>", "<svg><g",
		"<svg><script>", "<svg><style>", "<svg><!--", "<svg a='",
		"<svg><p><svg>", "<", "</svg>"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_null(report_svg(broken[i], "p", "", false));
	has("<svg></svg><p>after</p>", false, "</svg>", "after");
	has("<svg><svg><g/></svg></svg>", false, "<svg role", "<svg>");
}

static void
escapes(void **state)
{
	struct str b = { 0 };

	(void)state;
	report_escape_html(&b, "<a b=\"c\" d='e'>&\n\x1b");
	assert_string_equal(str_text(&b), "&lt;a b=&quot;c&quot; d=&#39;e&#39;"
	    "&gt;&amp;\\x0a\\x1b");
	str_reset(&b);
	report_escape_md(&b, "a|b_c*d`e<f>[g](h)\n");
	assert_string_equal(str_text(&b), "a\\|b\\_c\\*d\\`e&lt;f&gt;\\[g\\](h)"
	    "\\\\x0a");
	str_free(&b);
}

/* Never within a character. */
static void
cuts(void **state)
{
	char *a = report_cut("abc", 3), *b = report_cut("abcd", 3);
	char *c = report_cut("ab\xc3\xa9", 3);

	(void)state;
	assert_string_equal(a, "abc");
	assert_string_equal(b, "abc...");
	assert_string_equal(c, "ab...");
	free(a);
	free(b);
	free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_its_text),
		cmocka_unit_test(has_ids_of_its_own),
		cmocka_unit_test(follows_the_page),
		cmocka_unit_test(runs_and_fetches_nothing),
		cmocka_unit_test(is_one_element_or_none),
		cmocka_unit_test(escapes),
		cmocka_unit_test(cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
