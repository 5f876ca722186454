// A timeline by days: whoever drags over the days goes to those days, a click on a model's strip opens the model, and
// what stands under the pointer is said. The same by the keyboard: the days are a slider. Two dates go where they say.
"use strict";
(function () {
  const LEAST = 6; // pixels: less is a click
  const DAY = 86400000;
  let drag = null;
  let band = null;

  function boxOf(target) {
    const axis = target.closest && target.closest("[data-brush] .strip, [data-brush] .day-cursor");
    return axis ? { axis, box: axis.closest("[data-brush]") } : null;
  }

  function daysOf(box) {
    return Number(box.dataset.days);
  }

  function placeAt(box, axis, x) {
    const area = axis.getBoundingClientRect();
    const place = Math.floor(((x - area.left) / area.width) * daysOf(box));
    return Math.min(Math.max(place, 0), daysOf(box) - 1);
  }

  function dayOf(box, place) {
    return new Date(Date.parse(box.dataset.first) + place * DAY);
  }

  // The band over the chosen days (or the one day) from the trend down to the last strip.
  function show(box, from, to, chosen) {
    const area = box.querySelector(".day-cursor").getBoundingClientRect();
    const whole = box.getBoundingClientRect();
    const width = area.width / daysOf(box);
    if (!band) {
      band = document.createElement("div");
      document.body.append(band);
    }
    band.className = chosen ? "brush-band chosen" : "brush-band";
    band.style.left = window.scrollX + area.left + Math.min(from, to) * width + "px";
    band.style.width = Math.max((Math.abs(to - from) + 1) * width, 1) + "px";
    band.style.top = window.scrollY + area.top + "px";
    band.style.height = whole.bottom - area.top + "px";
  }

  function hide() {
    if (band) {
      band.remove();
      band = null;
    }
    document.querySelectorAll("[data-brush] .readout").forEach(function (readout) {
      readout.textContent = "";
    });
  }

  function words(box, from, to) {
    const french = document.documentElement.lang === "fr";
    const date = new Intl.DateTimeFormat(french ? "fr" : "en-GB", { dateStyle: "long", timeZone: "UTC" });
    if (from !== to) {
      return date.formatRange(dayOf(box, Math.min(from, to)), dayOf(box, Math.max(from, to)));
    }
    const counts = JSON.parse(box.dataset.counts);
    const said = JSON.parse(box.dataset.words)
      .map((word, place) => [counts[place][from], word])
      .filter((one) => one[0])
      .map((one) => one.join("\u00a0"));
    return date.format(dayOf(box, from)) + (french ? "\u00a0: " : ": ") + said.join(", ");
  }

  function say(box, from, to) {
    box.querySelector(".readout").textContent = words(box, from, to);
  }

  function go(address, first, last) {
    const target = new URL(address, window.location.href);
    target.searchParams.set("from", first);
    target.searchParams.set("to", last);
    window.vigie.go(target.href, { stay: true });
  }

  function look(box, from, to) {
    const iso = (place) => dayOf(box, place).toISOString().slice(0, 10);
    hide();
    go(box.dataset.brush, iso(Math.min(from, to)), iso(Math.max(from, to)));
  }

  document.addEventListener("pointerdown", function (event) {
    const found = event.button === 0 && boxOf(event.target);
    if (!found) {
      return;
    }
    if (event.pointerType === "mouse") {
      event.preventDefault(); // the words beside would be selected
    }
    const place = placeAt(found.box, found.axis, event.clientX);
    drag = { ...found, id: event.pointerId, x: event.clientX, from: place, to: place, moved: false };
  });

  document.addEventListener("pointermove", function (event) {
    if (!drag) {
      const found = event.pointerType !== "touch" && boxOf(event.target);
      if (found) {
        const place = placeAt(found.box, found.axis, event.clientX);
        show(found.box, place, place, false);
        say(found.box, place, place);
      } else if (band && !document.activeElement.matches(".day-cursor")) {
        hide();
      }
      return;
    }
    if (event.pointerId !== drag.id) {
      return;
    }
    if (!drag.moved && Math.abs(event.clientX - drag.x) >= LEAST) {
      drag.moved = true;
      drag.axis.setPointerCapture(event.pointerId);
    }
    drag.to = placeAt(drag.box, drag.axis, event.clientX);
    if (drag.moved) {
      show(drag.box, drag.from, drag.to, true);
      say(drag.box, drag.from, drag.to);
    }
  });

  document.addEventListener("pointerup", function (event) {
    if (!drag || event.pointerId !== drag.id) {
      return;
    }
    const done = drag;
    drag = null;
    if (done.moved && done.from !== done.to) {
      look(done.box, done.from, done.to);
      return;
    }
    hide();
    const row = !done.moved && done.axis.closest("tr");
    const link = row && row.querySelector("th a");
    if (link && !event.ctrlKey && !event.metaKey) {
      window.vigie.go(link.href);
    }
  });

  document.addEventListener("pointercancel", stop);

  function stop() {
    drag = null;
    hide();
  }

  // A strip is an image: the browser would drag its picture away.
  document.addEventListener("dragstart", function (event) {
    if (boxOf(event.target)) {
      event.preventDefault();
    }
  });

  // -- the keyboard: a cursor on a day, and with Shift the days since it was pressed ---------------------------

  const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7 };

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && (drag || band)) {
      stop();
    }
    const cursor = event.target;
    if (!cursor.matches || !cursor.matches("[data-brush] .day-cursor") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const box = cursor.closest("[data-brush]");
    const last = daysOf(box) - 1;
    const at = Math.min(Number(cursor.getAttribute("aria-valuenow")), last);
    const anchor = cursor.dataset.anchor === undefined ? at : Number(cursor.dataset.anchor);
    if (event.key === "Enter") {
      if (anchor !== at) {
        event.preventDefault();
        delete cursor.dataset.anchor;
        look(box, anchor, at);
      }
      return;
    }
    const ends = { Home: 0, End: last };
    const wanted = event.key in STEPS ? at + STEPS[event.key] : ends[event.key];
    if (wanted === undefined) {
      return;
    }
    event.preventDefault();
    const place = Math.min(Math.max(wanted, 0), last);
    const from = event.shiftKey ? anchor : place;
    cursor.dataset.anchor = String(from);
    cursor.setAttribute("aria-valuenow", String(place));
    cursor.setAttribute("aria-valuetext", words(box, from, place));
    show(box, from, place, from !== place);
    say(box, from, place);
  });

  document.addEventListener("focusout", function (event) {
    if (event.target.matches("[data-brush] .day-cursor")) {
      delete event.target.dataset.anchor;
      hide();
    }
  });

  // -- two dates ----------------------------------------------------------------------------------------------

  function element(kind, properties, children) {
    const made = document.createElement(kind);
    Object.entries(properties).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...(children || []));
    return made;
  }

  function build(place) {
    const facts = place.dataset;
    const limits = { type: "date", min: facts.oldest, max: facts.newest, required: "" };
    const from = element("input", { ...limits, value: facts.first });
    const to = element("input", { ...limits, value: facts.last });
    const form = element("form", {}, [
      element("label", {}, [facts.from + " ", from]),
      element("label", {}, [facts.to + " ", to]),
      element("button", { type: "submit" }, [facts.show]),
    ]);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const days = [from.value, to.value].sort();
      go(facts.spanDates, days[0], days[1]);
    });
    place.replaceChildren(form);
    place.dataset.built = stateOf(place);
  }

  function stateOf(place) {
    const facts = place.dataset;
    return [facts.spanDates, facts.first, facts.last, facts.newest, facts.from].join(" ");
  }

  // The place is drawn with each page; its form is made when it is empty, or says other days than the page.
  function tend() {
    const place = document.querySelector("[data-span-dates]");
    if (place && (place.dataset.built !== stateOf(place) || !place.firstChild)) {
      build(place);
    }
    if (band && !document.querySelector("[data-brush]")) {
      hide();
    }
  }

  new MutationObserver(tend).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-first", "data-last", "data-from", "data-span-dates"],
  });
})();
