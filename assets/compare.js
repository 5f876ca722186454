// A long menu of models is filtered by typing: the box is made when the menu is first opened, and hides what does not match.
"use strict";
(function () {
  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function build(holder, list) {
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = holder.dataset.filter;
    input.setAttribute("aria-label", holder.dataset.filter);
    input.autocomplete = "off";
    input.addEventListener("input", function () {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      list.querySelectorAll("li:has(> a)").forEach(function (item) {
        const text = plain(item.textContent);
        item.hidden = !words.every((word) => text.includes(word));
      });
    });
    input.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        const first = list.querySelector("li:not([hidden]) > a");
        if (input.value && first) {
          first.click();
        }
      }
    });
    const item = document.createElement("li");
    item.append(input);
    list.prepend(item);
    return input;
  }

  document.addEventListener(
    "toggle",
    function (event) {
      const menu = event.target;
      const holder = menu.closest && menu.closest("[data-filter]");
      if (!holder || !menu.open) {
        return;
      }
      const list = menu.querySelector("ul");
      const input = list.querySelector("input") || build(holder, list);
      input.focus();
    },
    true
  );
})();
