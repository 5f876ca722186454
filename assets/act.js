// Taking care of something: a button (data-act) opens a small form in a dialog, and what is written goes to the server
// as JSON. What was typed stays until the server has it.
"use strict";
(function () {
  const NAME = "vigie_author";
  let status = null;

  function element(kind, properties, children) {
    const made = document.createElement(kind);
    Object.entries(properties).forEach(function ([name, value]) {
      if (value !== null) {
        made.setAttribute(name, value);
      }
    });
    (children || []).forEach((child) => made.append(child));
    return made;
  }

  // The time, then chance: keys sort as they were made (a UUID of version 7).
  function newKey() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    let time = Date.now();
    for (let place = 5; place >= 0; place -= 1) {
      bytes[place] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function remembered() {
    try {
      return window.localStorage.getItem(NAME) || "";
    } catch (error) {
      return ""; // a browser that keeps nothing
    }
  }

  function remember(name) {
    try {
      window.localStorage.setItem(NAME, name);
    } catch (error) {
      // then it is typed again next time
    }
  }

  function field(label, control) {
    control.id = "act-" + control.name;
    return element("p", { class: "act-field" }, [element("label", { for: control.id }, [label]), control]);
  }

  function say(words) {
    if (!status) {
      status = element("p", { role: "status", class: "unseen" });
      document.body.append(status);
    }
    status.textContent = words;
  }

  // Drawing the page anew may put other buttons in the place of the one that was used: the first of them has focus then.
  function refocus(button, about) {
    function look() {
      if (document.activeElement !== document.body) {
        return; // the reader has gone elsewhere
      }
      const groups = Array.from(document.querySelectorAll("[data-actions]"));
      const same = groups.find((group) => JSON.stringify(JSON.parse(group.dataset.actions).about) === about);
      const next = same ? same.querySelector("button") : document.getElementById("main");
      if (next) {
        next.focus({ preventScroll: true });
      }
    }
    const watcher = new MutationObserver(function () {
      if (!button.isConnected) {
        watcher.disconnect();
        window.requestAnimationFrame(look);
      }
    });
    watcher.observe(document.getElementById("app"), { childList: true, subtree: true });
    window.setTimeout(() => watcher.disconnect(), 5000);
  }

  function open(button) {
    const place = button.closest("[data-actions]");
    const form = JSON.parse(place.dataset.actions);
    const kind = button.dataset.act;
    const [title, meaning, textLabel, needed] = form.kinds[kind];
    const words = form.words;
    const key = newKey();

    const text = element("textarea", { name: "text", rows: "4", maxlength: form.most.text, required: needed ? "" : null });
    const until = element("input", {
      name: "until",
      type: "date",
      required: "",
      min: form.days[0] || null,
      max: form.days[2] || null,
      value: form.days[1] || null,
    });
    const author = element("input", { name: "author", required: "", maxlength: form.most.author, autocomplete: "name" });
    author.value = remembered();
    const trouble = element("p", { class: "act-trouble", role: "alert" });
    const send = element("button", { type: "submit", class: "action main" }, [title]);
    const cancel = element("button", { type: "button", class: "action" }, [words.cancel]);
    const written = element(
      "form",
      { method: "dialog", novalidate: "" },
      [
        element("h2", { id: "act-title" }, [title]),
        element("p", { class: "act-name" }, [form.name]),
        element("p", { class: "calm" }, [meaning]),
        field(textLabel, text),
        kind === "snoozed" ? field(words.until, until) : "",
        form.signed ? "" : field(words.author, author),
        trouble,
        element("p", { class: "act-buttons" }, [send, cancel]),
      ],
    );
    const dialog = element("dialog", { class: "act", "aria-labelledby": "act-title", lang: form.lang }, [written]);

    function fail(words, control) {
      trouble.textContent = words;
      send.disabled = false;
      if (control) {
        control.focus();
      }
    }

    function lacking() {
      return Array.from(written.elements).find((control) => control.required && !control.value.trim());
    }

    written.addEventListener("submit", async function (event) {
      event.preventDefault();
      if (send.disabled) {
        return;
      }
      const empty = lacking();
      if (empty) {
        fail(words.needed, empty);
        return;
      }
      send.disabled = true;
      trouble.textContent = "";
      const body = { kind, key, text: text.value, lang: form.lang, about: form.about };
      if (kind === "snoozed") {
        body.until = until.value;
      }
      if (!form.signed) {
        body.author = author.value;
        remember(author.value);
      }
      let answer = {};
      let taken = false;
      try {
        const response = await fetch(form.to, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        });
        answer = await response.json();
        taken = response.ok;
      } catch (error) {
        answer = {};
      }
      if (!taken) {
        fail(answer.error || words.failed, send);
        return;
      }
      dialog.close();
      say(answer.said);
      refocus(button, JSON.stringify(form.about));
      window.vigie.renew(answer.wrote);
    });
    written.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        written.requestSubmit();
      }
    });
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", function () {
      dialog.remove();
      if (button.isConnected) {
        button.focus();
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    text.focus();
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-act]");
    if (button) {
      open(button);
    }
  });
})();
