// Keys of one letter or sign: search, keys, copy, go to a page, step to a neighbour. They are silent while the reader
// types, and altogether once switched off in their dialog; the browser keeps that switch.
"use strict";
(function () {
  const KEPT = "vigie_keys";
  const PAUSE = 1500; // milliseconds in which a letter still belongs to the g before it
  let led = 0;

  function allowed() {
    try {
      return window.localStorage.getItem(KEPT) !== "off";
    } catch (error) {
      return true;
    }
  }

  function keep(on) {
    try {
      window.localStorage.setItem(KEPT, on ? "on" : "off");
    } catch (error) {
      // a browser that keeps nothing: the switch lasts as long as the document
    }
  }

  const dialog = () => document.getElementById("keys-dialog");
  let on = allowed();

  function show() {
    const place = dialog();
    if (place && !place.open) {
      place.querySelector("[data-keys-switch]").setAttribute("aria-checked", String(on));
      place.showModal(); // the rest is out of reach until it is closed, and the focus then goes back
    }
  }

  function typing(target) {
    return target.isContentEditable || Boolean(target.closest && target.closest("input, textarea, select, [role=textbox]"));
  }

  // A key that the layout makes with AltGr comes with Ctrl and Alt; any other of these is somebody else's shortcut.
  function plain(event) {
    const made = event.getModifierState("AltGraph");
    return !event.metaKey && !event.isComposing && (made || (!event.ctrlKey && !event.altKey));
  }

  function press(selector) {
    const place = document.querySelector(selector);
    if (place) {
      place.click();
    }
    return Boolean(place);
  }

  // Where a page has steps between batches, the pager of a table is not meant.
  function step(direction) {
    const steps = document.querySelector("main .step");
    return press((steps ? "main .step" : "main a") + "[rel=" + direction + "]");
  }

  const ACTIONS = {
    "?": function () {
      show();
      return true;
    },
    "/": function () {
      const input = document.querySelector("[data-search] input");
      if (input) {
        input.focus();
        input.select();
      }
      return Boolean(input);
    },
    "c": () => press("[data-copy]"),
    "[": () => step("prev"),
    "]": () => step("next"),
  };

  document.addEventListener("keydown", function (event) {
    const modal = document.querySelector("dialog[open]");
    if (modal) {
      if (modal === dialog() && on && event.key === "?" && plain(event)) {
        event.preventDefault();
        modal.close();
      }
      return;
    }
    if (!on || event.defaultPrevented || !plain(event) || typing(event.target)) {
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "Shift" || key === "AltGraph") {
      return;
    }
    const after = led && event.timeStamp - led < PAUSE;
    led = 0;
    if (after && /^[a-z]$/.test(key)) {
      if (press(".top [data-go=" + key + "]")) {
        event.preventDefault();
      }
    } else if (key === "g") {
      led = event.timeStamp;
    } else if (ACTIONS[key] && ACTIONS[key]()) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-keys-open]")) {
      show();
    } else if (event.target.closest("[data-keys-close]") || event.target === dialog()) {
      dialog().close(); // its backdrop is the dialog itself
    } else {
      const button = event.target.closest("[data-keys-switch]");
      if (button) {
        on = !on;
        keep(on);
        button.setAttribute("aria-checked", String(on));
      }
    }
  });
})();
