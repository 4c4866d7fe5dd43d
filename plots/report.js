/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables sorted by a click on a heading, and on paper open, but for the longest.  The
 * page says everything without it.
 */
(function () {
	"use strict";

	function key(row, column) {
		var cell = row.cells[column], text = cell.textContent;

		if (cell.dataset.k !== undefined)
			return Number(cell.dataset.k);
		return text !== "" && isFinite(text) ? Number(text) : text;
	}

	/* Numbers in their order, then texts; what is not known comes last. */
	function order(a, b, sign) {
		var na = typeof a === "number", nb = typeof b === "number";
		var ea = a === "" || a === "-", eb = b === "" || b === "-";

		if (ea !== eb)
			return ea ? 1 : -1;
		if (na !== nb)
			return na ? -1 : 1;
		if (na)
			return sign * (a - b);
		return sign * a.localeCompare(b, "en", { numeric: true });
	}

	function sort(table, heads, column) {
		var head = heads[column], body = table.tBodies[0], rows;
		var down = head.getAttribute("aria-sort") === "ascending";

		rows = Array.prototype.map.call(body.rows, function (row) {
			return { row: row, key: key(row, column) };
		});
		rows.sort(function (a, b) {
			return order(a.key, b.key, down ? -1 : 1);
		});
		rows.forEach(function (r) { body.appendChild(r.row); });
		heads.forEach(function (h) { h.removeAttribute("aria-sort"); });
		head.setAttribute("aria-sort", down ? "descending" :
		    "ascending");
	}

	document.querySelectorAll("table").forEach(function (table) {
		var heads = Array.from(table.tHead.rows[0].cells);

		if (table.tBodies[0].rows.length < 2)
			return;
		heads.forEach(function (head, column) {
			var button = document.createElement("button");

			button.type = "button";
			button.textContent = head.textContent;
			button.addEventListener("click", function () {
				sort(table, heads, column);
			});
			head.replaceChildren(button);
		});
	});

	/* What a link leads to must be seen. */
	function reveal() {
		var id = decodeURIComponent(location.hash.slice(1));
		var at = id === "" ? null : document.getElementById(id);

		for (; at !== null; at = at.parentElement)
			if (at.tagName === "DETAILS")
				at.open = true;
	}
	window.addEventListener("hashchange", reveal);
	reveal();

	var opened = [];
	window.addEventListener("beforeprint", function () {
		opened = Array.from(document.querySelectorAll(
		    "details:not([open]):not(.long)"));
		opened.forEach(function (d) { d.open = true; });
	});
	window.addEventListener("afterprint", function () {
		opened.forEach(function (d) { d.open = false; });
		opened = [];
	});
})();
