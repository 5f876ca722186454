// The controls of the policy simulator: a number box, with a slider where there are bounds, in each place that asks for
// one. What it holds becomes a parameter of the address; the value in force leaves the address again.
"use strict";
(function () {
  const folds = {}; // which sections the reader has opened and closed
  let moved = null; // the control whose value was committed last, until the page is drawn anew

  function box(type, place) {
    const made = document.createElement("input");
    made.type = type;
    made.addEventListener("change", function () {
      commit(place, made.value.trim());
    });
    place.append(made);
    return made;
  }

  function commit(place, value) {
    // Not the page's own links: while it is being drawn anew, the address is ahead of what it shows.
    const address = new URL(window.location.href);
    address.searchParams.delete("page");
    address.searchParams.delete(place.dataset.key);
    if (value && Number(value) !== Number(place.dataset.force)) {
      address.searchParams.set(place.dataset.key, value);
    }
    if (place.contains(document.activeElement)) {
      moved = { key: place.dataset.key, type: document.activeElement.type };
    }
    window.vigie.go(address.href, { stay: true });
  }

  function build(place) {
    if (place.dataset.from) {
      const slider = box("range", place);
      slider.tabIndex = -1; // the number box beside it does the same, and takes any value
      slider.setAttribute("aria-hidden", "true");
      slider.addEventListener("input", function () {
        place.querySelector("[type=number]").value = slider.value;
      });
    }
    box("number", place);
  }

  // The page is drawn anew with each address: what the reader had opened, and where they were, is put back.
  function tend() {
    document.querySelectorAll("details[data-fold]").forEach(function (section) {
      const open = folds[section.dataset.fold];
      if (!section.tended && open !== undefined) {
        section.open = open;
      }
      section.tended = true;
    });
    document.querySelectorAll("[data-move]").forEach(function (place) {
      const asked = [place.dataset.key, place.dataset.value, place.dataset.force, place.dataset.label].join(" ");
      if (place.shown === asked) {
        return;
      }
      place.shown = asked;
      place.replaceChildren();
      build(place);
      const number = place.querySelector("[type=number]");
      const slider = place.querySelector("[type=range]");
      number.setAttribute("aria-label", place.dataset.label);
      number.min = place.dataset.least || "";
      number.max = place.dataset.most || "";
      number.step = "any";
      number.value = Number.isFinite(Number(place.dataset.value)) ? place.dataset.value : "";
      if (slider) {
        slider.min = place.dataset.from;
        slider.max = place.dataset.to;
        slider.step = place.dataset.step;
        slider.value = number.value;
      }
      if (moved && moved.key === place.dataset.key && !place.contains(document.activeElement)) {
        place.querySelector("[type=" + moved.type + "]").focus({ preventScroll: true });
        moved = null;
      }
    });
  }

  document.addEventListener(
    "toggle",
    function (event) {
      if (event.target.matches && event.target.matches("details[data-fold]") && event.target.tended) {
        folds[event.target.dataset.fold] = event.target.open;
      }
    },
    true,
  );

  new MutationObserver(tend).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-value", "data-key", "data-force", "data-label"],
  });
})();
