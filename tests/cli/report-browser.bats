#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The page of vmstress report in a browser: nothing fails, nothing is fetched,
# all figures are there, and a telephone need not scroll sideways.

load common

export VMSTRESS_PLOTS=$VMS_SOURCE/plots
FIXTURES=$VMS_SOURCE/tests/fixtures/figures

setup() {
	browser=$(command -v chromium || command -v chromium-browser ||
	    command -v google-chrome) || skip "there is no chromium"
	command -v gnuplot >/dev/null || skip "gnuplot is not installed"
	common_setup
}

# Headless, with a profile of its own, in 120 seconds at most.
browse() {
	HOME=$T timeout 120 "$browser" --headless --no-sandbox --disable-gpu \
	    --disable-dev-shm-usage --user-data-dir="$T/profile" "$@" \
	    2>browser.log
}

# checked FILE: the page with scripts around it that tell what they find.
checked() {
	awk '
	/<\/head>/ {
		print "<script>var bad = [];"
		print "addEventListener(\"error\", function (e) {" \
		    " bad.push(e.message); });"
		print "addEventListener(\"securitypolicyviolation\"," \
		    " function (e) { bad.push(e.blockedURI); });</script>"
	}
	/<\/body>/ {
		print "<script>"
		while ((getline line < script) > 0)
			print line
		print "</script>"
	}
	{ print }' script="$T/check.js" "$1"
}

# findings FILE WIDTH [OPTION]: as lines of "name value", of a page so wide.
findings() {
	cat >check.js <<-'EOF'
	(function () {
		function all(what) {
			return Array.from(document.querySelectorAll(what));
		}
		var seen = all("figure svg").filter(function (svg) {
			var box = svg.getBoundingClientRect();
			return box.width > 300 && box.height > 30;
		});
		var table = document.querySelector("#points-1");
		var column = Array.from(table.tHead.rows[0].cells).findIndex(
		    function (h) { return h.textContent === "workers"; });
		function order() {
			return Array.from(table.tBodies[0].rows).map(
			    function (r) {
				return +r.cells[column].textContent;
			});
		}
		function rises(list) {
			return list.every(function (v, i) {
				return i === 0 || list[i - 1] <= v;
			});
		}
		table.tHead.rows[0].cells[column].firstChild.click();
		var up = rises(order());
		table.tHead.rows[0].cells[column].firstChild.click();
		var down = rises(order().reverse());
		location.hash = "#figure-1-data-1";
		var page = document.scrollingElement;
		dispatchEvent(new HashChangeEvent("hashchange"));
		var found = {
			errors: bad.join("; ") || "none",
			figures: all("figure").length,
			drawn: seen.length,
			unnamed: all("svg:not([aria-label])").length,
			overflow: Math.max(0, page.scrollWidth - innerWidth),
			width: innerWidth,
			sorted: up && down,
			revealed: document.querySelector("#figure-1 details")
			    .open,
			ink: getComputedStyle(document.body).color,
			paper: getComputedStyle(document.body).backgroundColor
		};
		parent.postMessage(Object.keys(found).map(function (k) {
			return "\n=" + k + " " + found[k];
		}).join("") + "\n", "*");
	})();
	EOF
	# No window is narrower than 500 pixels, but a frame is.
	cat >frame.html <<-EOF
	<!DOCTYPE html><body style="margin:0"><pre id="found"></pre>
	<script>addEventListener("message", function (e) {
		document.getElementById("found").textContent = e.data;
	});</script>
	<iframe src="checked.html" style="border:0" width="$2" height="900">
	</iframe></body>
	EOF
	checked "$1" >checked.html
	browse --window-size=1400,1000 "${@:3}" --virtual-time-budget=20000 \
	    --dump-dom "file://$T/frame.html" >dom.html
	sed -n 's/^=//p' dom.html >found
	cat found
}

# found NAME: its value.
found() {
	awk -v name="$1" '$1 == name { sub(/^[^ ]* /, ""); print }' found
}

make_page() {
	vmstress report -o r.html "$FIXTURES/a.jsonl" "$FIXTURES/b.jsonl"
}

page_is_good() {
	[ "$(found errors)" = none ]
	[ "$(found figures)" -gt 3 ]
	[ "$(found drawn)" -eq "$(found figures)" ]
	[ "$(found unnamed)" -eq 0 ]
	[ "$(found overflow)" -eq 0 ]
	[ "$(found sorted)" = true ]
	[ "$(found revealed)" = true ]
}

@test "the page in a browser: no error, all figures, tables that sort" {
	make_page
	findings r.html 1280
	page_is_good
}

@test "the page on a telephone does not scroll sideways" {
	make_page
	findings r.html 390
	[ "$(found width)" -eq 390 ]
	page_is_good
}

@test "long names do not make the page wider, either" {
	long=$(head -c 300 /dev/zero | tr '\0' x)
	vmstress report -o r.html "$long=$FIXTURES/a.jsonl" \
	    "y$long=$FIXTURES/b.jsonl"
	findings r.html 390
	[ "$(found errors)" = none ]
	[ "$(found overflow)" -eq 0 ]
}

@test "in the dark, ink and paper change places" {
	make_page
	findings r.html 1280
	light=$(found ink)$(found paper)
	findings r.html 1280 --blink-settings=preferredColorScheme=0
	page_is_good
	[ "$(found ink)$(found paper)" != "$light" ]
}

@test "the page is printed with its tables" {
	make_page
	browse --no-pdf-header-footer --print-to-pdf="$T/r.pdf" \
	    "file://$T/r.html"
	[ "$(head -c 5 r.pdf)" = %PDF- ]
	command -v pdftotext >/dev/null || skip "there is no pdftotext"
	pdftotext -layout r.pdf r.txt
	grep -q 'The numbers' r.txt
	grep -q 'All points' r.txt
	grep -q 'change *low *high' r.txt
}
