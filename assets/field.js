// Fields: a native input in each place that asks for one; what it holds becomes a parameter of the address.
"use strict";
(function () {
  function build(place) {
    const input = document.createElement("input");
    input.type = place.dataset.field;
    input.maxLength = 200;
    input.autocomplete = "off";
    input.spellcheck = false;
    input.addEventListener("change", function () {
      commit(place, input);
    });
    // The cross of a search box empties it without a change.
    input.addEventListener("search", function () {
      commit(place, input);
    });
    place.append(input);
    return input;
  }

  function commit(place, input) {
    const value = input.value.trim();
    const unfit = !input.validity.valid || (place.dataset.field === "date" && !value);
    if (unfit || value === place.dataset.value) {
      return;
    }
    const address = new URL(place.dataset.address, window.location.href);
    address.searchParams.delete(place.dataset.key);
    if (value) {
      address.searchParams.set(place.dataset.key, value);
    }
    const menu = place.closest("details[data-menu]");
    if (menu) {
      menu.open = false;
    }
    window.vigie.go(address.href, { stay: true });
  }

  // A page is drawn into the elements of the one before, so a place may come to ask for something else.
  function tend() {
    document.querySelectorAll("[data-field]").forEach(function (place) {
      let input = place.querySelector("input");
      if (input && input.type !== place.dataset.field) {
        input.remove();
        input = null;
      }
      const made = !input;
      input = input || build(place);
      input.setAttribute("aria-label", place.dataset.label);
      input.placeholder = place.dataset.field === "search" ? place.dataset.label : "";
      input.min = place.dataset.least || "";
      input.max = place.dataset.most || "";
      if (made || place.shown !== place.dataset.value) {
        place.shown = place.dataset.value;
        input.value = place.dataset.value;
      }
    });
  }

  new MutationObserver(tend).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-field", "data-value", "data-label", "data-least", "data-most"],
  });
})();
