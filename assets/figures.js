// Figures: a click on one leads to the page about what was clicked, and its data opens as a table when asked for.
"use strict";
(function () {
  const handlers = new WeakMap();

  // Plotly makes and remakes its plots as it likes; whoever presses on one finds the handler in place.
  document.addEventListener(
    "pointerdown",
    function (event) {
      const plot = event.target.closest && event.target.closest(".js-plotly-plot");
      const place = plot && plot.closest("[data-targets]");
      if (!place || typeof plot.on !== "function") {
        return;
      }
      if (handlers.has(plot)) {
        plot.removeListener("plotly_click", handlers.get(plot));
      }
      const open = function (clicked) {
        const href = target(JSON.parse(place.dataset.targets), clicked.points && clicked.points[0]);
        if (href) {
          window.vigie.go(href, { stay: new URL(href).pathname === window.location.pathname });
        }
      };
      handlers.set(plot, open);
      plot.on("plotly_click", open);
    },
    true,
  );

  function target(targets, point) {
    if (!point) {
      return null;
    }
    const number = point.pointNumber === undefined ? point.pointIndex : point.pointNumber;
    const row = Array.isArray(number) ? number[0] : 0;
    const column = Array.isArray(number) ? number[1] : number;
    const values = targets.columns[column];
    const href = targets.rows.length > 1 ? targets.rows[row] : targets.rows[0];
    if (!values || !href) {
      return null;
    }
    const address = new URL(href, window.location.href);
    targets.keys.forEach(function (key, place) {
      address.searchParams.set(key, values[place]);
    });
    return address.href;
  }

  document.addEventListener(
    "toggle",
    function (event) {
      const place = event.target.open && event.target.querySelector(":scope > .chart-data[data-table]");
      if (place && !place.firstChild) {
        draw(place, JSON.parse(place.dataset.table));
      }
    },
    true,
  );

  function draw(place, data) {
    const table = element("table");
    table.append(element("caption", place.dataset.caption, "unseen"));
    table.append(element("thead"));
    table.tHead.append(row(data.columns, "th"));
    const body = element("tbody");
    data.rows.forEach(function (values) {
      body.append(row(values, "td"));
    });
    table.append(body);
    const box = element("div", null, "table");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", place.dataset.caption);
    box.append(table);
    const save = element("a", place.dataset.csv, "chart-csv");
    save.href = URL.createObjectURL(new Blob(["\ufeff" + csv(data)], { type: "text/csv;charset=utf-8" }));
    save.download = "vigie-" + place.dataset.name + ".csv";
    place.append(save, box);
  }

  function row(values, kind) {
    const line = element("tr");
    values.forEach(function (value) {
      const cell = element(kind, value === null ? "–" : String(value));
      if (kind === "th") {
        cell.scope = "col";
      } else if (typeof value === "number") {
        cell.className = "number";
      }
      line.append(cell);
    });
    return line;
  }

  function csv(data) {
    return [data.columns].concat(data.rows).map(function (values) {
      return values.map(field).join(",");
    }).join("\r\n");
  }

  function field(value) {
    if (value === null) {
      return "";
    }
    if (typeof value === "number") {
      return String(value);
    }
    // A text that begins like a formula must not become one in a spreadsheet.
    const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
    return '"' + text.replace(/"/g, '""') + '"';
  }

  function element(kind, text, name) {
    const made = document.createElement(kind);
    if (text !== null && text !== undefined) {
      made.textContent = text;
    }
    if (name) {
      made.className = name;
    }
    return made;
  }
})();
