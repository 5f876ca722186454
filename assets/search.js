// The search box: models by name, identifier or team. The names are fetched when the box is first used.
"use strict";
(function () {
  const MOST = 12;
  let models = null;
  let fetched = 0;

  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  async function load(address) {
    if (models && Date.now() - fetched < 60000) {
      return models;
    }
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok) {
      return models; // those of before; null where there are none yet
    }
    models = (await response.json()).map(function (model) {
      return { ...model, words: plain(model.name + " " + model.id + " " + model.team) };
    });
    fetched = Date.now();
    return models;
  }

  function ranked(all, text) {
    const words = plain(text).split(/\s+/).filter(Boolean);
    const weight = { red: 0, amber: 1, grey: 2, green: 3 };
    return all
      .filter((model) => words.every((word) => model.words.includes(word)))
      .map((model) => [words.length && model.words.startsWith(words[0]) ? 0 : 1, weight[model.colour], model])
      .sort((one, other) => one[0] - other[0] || one[1] - other[1] || (one[2].name < other[2].name ? -1 : 1))
      .slice(0, MOST)
      .map((entry) => entry[2]);
  }

  function element(kind, properties, children) {
    const made = document.createElement(kind);
    Object.entries(properties).forEach(([name, value]) => made.setAttribute(name, value));
    (children || []).forEach((child) => made.append(child));
    return made;
  }

  function build(place) {
    const label = place.dataset.label;
    const input = element("input", {
      type: "search",
      placeholder: label,
      "aria-label": label,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "search-found",
      "aria-autocomplete": "list",
      "aria-keyshortcuts": "/",
      maxlength: "200",
    });
    const list = element("ul", { id: "search-found", role: "listbox", "aria-label": label, hidden: "" });
    const hint = element("kbd", { "aria-hidden": "true" }, ["/"]);
    place.replaceChildren(input, hint, list);
    let shown = [];
    let chosen = -1;
    let turn = 0;

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      chosen = -1;
    }

    function choose(index) {
      chosen = index;
      Array.from(list.children).forEach(function (item, place) {
        item.setAttribute("aria-selected", String(place === index));
        if (place === index) {
          input.setAttribute("aria-activedescendant", item.id);
          item.scrollIntoView({ block: "nearest" });
        }
      });
    }

    function open(model) {
      close();
      input.value = "";
      input.blur();
      const language = place.dataset.language;
      window.vigie.go(model.href + (language ? "?lang=" + language : ""));
    }

    async function show() {
      const mine = ++turn;
      const all = await load(place.dataset.search).catch(() => models);
      if (mine !== turn || document.activeElement !== input) {
        return;
      }
      shown = ranked(all || [], input.value);
      list.replaceChildren(
        ...shown.map(function (model, index) {
          const item = element("li", { role: "option", id: "search-found-" + index, "aria-selected": "false" }, [
            element("span", { class: "glyph " + model.colour, role: "img", "aria-label": model.word }, [model.glyph]),
            element("span", { class: "found-name" }, [model.name]),
            element("span", { class: "found-id" }, [model.id + (model.team ? " · " + model.team : "")]),
          ]);
          item.addEventListener("pointerdown", function (event) {
            event.preventDefault();
            open(model);
          });
          return item;
        }),
      );
      if (!shown.length) {
        list.append(element("li", { class: "nothing", role: "option", "aria-disabled": "true", "aria-selected": "false" }, [all ? place.dataset.nothing : place.dataset.silent]));
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      choose(shown.length && input.value ? 0 : -1);
    }

    input.addEventListener("input", show);
    input.addEventListener("focus", show);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) {
          show();
        } else if (shown.length) {
          const step = event.key === "ArrowDown" ? 1 : -1;
          choose((chosen + step + shown.length) % shown.length);
        }
      } else if (event.key === "Enter") {
        if (chosen >= 0 && shown[chosen]) {
          event.preventDefault();
          open(shown[chosen]);
        }
      } else if (event.key === "Escape") {
        event.preventDefault(); // the browser would empty the box, which opens the list again
        if (list.hidden) {
          input.value = "";
          input.blur();
        }
        close();
      }
    });
  }

  // The header is drawn anew with each page; its box is filled when it is empty or speaks another language.
  function tend() {
    const place = document.querySelector("[data-search]");
    if (!place) {
      return;
    }
    const input = place.querySelector("input");
    if (!input) {
      build(place);
    } else if (input.placeholder !== place.dataset.label) {
      models = null;
      build(place);
    }
  }
  new MutationObserver(tend).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-label"],
  });
})();
