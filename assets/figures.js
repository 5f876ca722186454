// Figures: a click on one leads to the page about what was clicked; its data opens as a table when asked for, and is
// saved as a file, as is its picture.
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
    place.append(box);
  }

  // A number as the reader's language writes it; the file has it as it is.
  function words(value) {
    return typeof value === "number"
      ? value.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: Number.isInteger(value) ? 21 : 6 })
      : String(value);
  }

  function row(values, kind) {
    const line = element("tr");
    values.forEach(function (value) {
      const cell = element(kind, value === null ? "–" : words(value));
      if (kind === "th") {
        cell.scope = "col";
      } else if (typeof value === "number") {
        cell.className = "number";
      }
      line.append(cell);
    });
    return line;
  }

  // The files of a figure: its data, and pictures of it.
  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("[data-save]");
    const foot = button && button.closest(".chart-foot");
    if (!foot) {
      return;
    }
    const place = foot.querySelector(".chart-data");
    const name = button.closest("[data-file]").dataset.file + "." + button.dataset.save;
    if (button.dataset.save === "csv") {
      save(name, new Blob(["\ufeff" + csv(JSON.parse(place.dataset.table))], { type: "text/csv;charset=utf-8" }));
    } else {
      picture(foot, place.dataset.caption, button.dataset.save, name);
    }
  });

  function save(name, blob) {
    const link = element("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    // Whoever asks where to save the file may take a while to answer.
    window.setTimeout(function () {
      URL.revokeObjectURL(link.href);
    }, 60000);
  }

  function picture(foot, message, format, name) {
    const plot = foot.parentNode.querySelector(".js-plotly-plot");
    if (!plot || !plot.layout || !window.Plotly) {
      return; // not drawn yet
    }
    const figure = onPaper(plot, message);
    const size = { width: figure.layout.width, height: figure.layout.height };
    window.Plotly.toImage(figure, { format: format, scale: format === "png" ? 2 : 1, imageDataOnly: true, ...size }).then(
      function (made) {
        if (format === "svg") {
          save(name, new Blob([made], { type: "image/svg+xml;charset=utf-8" }));
        } else {
          const bytes = Uint8Array.from(window.atob(made), (letter) => letter.charCodeAt(0));
          save(name, new Blob([bytes], { type: "image/png" }));
        }
      },
    );
  }

  // The figure as it is on screen, with what it has there from the page: a ground, dark words, and its message above.
  function onPaper(plot, message) {
    const layout = JSON.parse(JSON.stringify(plot.layout));
    const ink = "#16202a";
    const width = Math.max(plot.clientWidth, 640);
    const lines = wrapped(message, Math.floor((width - 28) / 6.9));
    const room = 18 * lines.length + 20;
    layout.width = width;
    layout.height = plot.clientHeight + room;
    layout.autosize = false;
    layout.margin = { ...layout.margin, t: layout.margin.t + room };
    layout.paper_bgcolor = layout.plot_bgcolor = "#ffffff";
    layout.font = { ...layout.font, color: "#3f4c58", family: "Helvetica, Arial, 'Liberation Sans', sans-serif" };
    layout.title = {
      text: lines.map(plain).join("<br>"),
      font: { size: 14, color: ink },
      x: 0, xref: "container", xanchor: "left",
      y: 1 - 14 / layout.height, yref: "container", yanchor: "top",
      pad: { l: 14 },
    };
    (layout.annotations || []).forEach(function (words) {
      words.font = { ...words.font, color: ink };
    });
    const context = plot._context || {};
    return { data: plot.data, layout: layout, config: { locale: context.locale, locales: context.locales } };
  }

  function wrapped(text, most) {
    const lines = [""];
    text.split(/\s+/).forEach(function (word) {
      const last = lines[lines.length - 1];
      if (last && last.length + 1 + word.length > most) {
        lines.push(word);
      } else {
        lines[lines.length - 1] = last ? last + " " + word : word;
      }
    });
    return lines;
  }

  // Plotly reads a little HTML in its words: what is none stays as it is.
  function plain(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  // The same file as dashboard/web/data.py writes.
  function csv(data) {
    return [data.columns].concat(data.rows).map(function (values) {
      const line = values.map(field).join(",");
      return (line === "" && values.length === 1 ? '""' : line) + "\r\n";
    }).join("");
  }

  function field(value) {
    if (value === null) {
      return "";
    }
    if (typeof value === "number") {
      return String(value);
    }
    // A text that begins like a formula must not become one in a spreadsheet.
    const text = /^[=+\-@\t\r\n]/.test(value) ? "'" + value : value;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
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
