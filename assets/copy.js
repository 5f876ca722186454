// "Copy link": the address of what is on screen goes to the clipboard, with or without the browser's permission, and
// that is said, for eyes and for screen readers. The words are the server's.
"use strict";
(function () {
  const LASTS = 4000;
  let place = null;
  let timer = null;

  // What is said stands outside of what Dash draws, so that a page that arrives does not take it away.
  function say(words, stays) {
    if (!place) {
      place = document.createElement("div");
      place.className = "said";
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    window.clearTimeout(timer);
    place.textContent = "";
    window.setTimeout(function () {
      place.textContent = words;
    }, 50); // a screen reader hears only what changes
    if (!stays) {
      timer = window.setTimeout(function () {
        place.textContent = "";
      }, LASTS);
    }
  }

  function address(button) {
    const stated = button.dataset.copy;
    return stated ? new URL(stated, window.location.origin).href + window.location.hash : window.location.href;
  }

  // The way before there was a permission: a text is selected and copied.
  function selected(text) {
    const box = document.createElement("textarea");
    const before = document.activeElement;
    box.value = text;
    box.readOnly = true;
    box.className = "unseen";
    document.body.append(box);
    box.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch (error) {
      done = false;
    }
    box.remove();
    if (before && before.focus) {
      before.focus({ preventScroll: true });
    }
    return done;
  }

  async function copied(text) {
    try {
      await window.navigator.clipboard.writeText(text);
      return true;
    } catch (error) {
      return selected(text);
    }
  }

  document.addEventListener("click", async function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) {
      return;
    }
    const text = address(button);
    const done = await copied(text);
    say(done ? button.dataset.copied : button.dataset.byHand.replace("{address}", () => text), !done);
  });
})();
