// Links inside the application change the address without loading the document again; after each page: title, language,
// focus and scroll. Everything works on the document, so it does not matter when a part of the page appears.
"use strict";
(function () {
  const root = document.documentElement;
  const base = root.dataset.base || "/";
  let shownPath = null;
  let wanted = null; // what to do about scroll and focus when the next page has arrived

  function inside(link) {
    return (
      link.origin === window.location.origin &&
      link.pathname.startsWith(base) &&
      !link.hasAttribute("download") &&
      !link.dataset.reload &&
      (!link.target || link.target === "_self")
    );
  }

  function go(href, options) {
    const target = new URL(href, window.location.href);
    const here = window.location;
    if (target.pathname === here.pathname && target.search === here.search) {
      if (target.hash) {
        here.hash = target.hash;
      }
      closeMenus(null);
      return;
    }
    window.history.replaceState({ ...window.history.state, y: window.scrollY }, "");
    window.history.pushState({}, "", target.href);
    wanted = { stay: Boolean(options && options.stay) };
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  document.addEventListener("click", function (event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    const link = event.target.closest("a[href]");
    if (!link) {
      return;
    }
    if (link.classList.contains("skip")) {
      event.preventDefault();
      focusOn(document.getElementById("main"));
      return;
    }
    if (link.dataset.reload) {
      event.preventDefault();
      window.location.reload();
      return;
    }
    if (inside(link)) {
      event.preventDefault();
      const menu = link.closest("details[data-menu]");
      go(link.href, { stay: Boolean(link.dataset.stay) });
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus({ preventScroll: true });
      }
    }
  });

  window.addEventListener("popstate", function (event) {
    wanted = { y: (event.state && event.state.y) || 0 };
  });

  function focusOn(element) {
    if (element) {
      element.focus({ preventScroll: element.id === "main" });
      if (element.id !== "main") {
        element.scrollIntoView();
      }
    }
  }

  function settle(path) {
    const first = shownPath === null;
    const moved = shownPath !== path;
    const plan = wanted || {};
    wanted = null;
    shownPath = path;
    const anchor = window.location.hash && document.getElementById(decode(window.location.hash.slice(1)));
    if (anchor && plan.y === undefined) {
      anchor.scrollIntoView();
    } else if (plan.y !== undefined) {
      window.scrollTo(0, plan.y);
    } else if (!first && !plan.stay) {
      window.scrollTo(0, 0);
    }
    if (moved && !first) {
      focusOn(document.getElementById("main"));
    }
  }

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch (error) {
      return text;
    }
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (menu !== except) {
        menu.open = false;
      }
    });
  }

  document.addEventListener("pointerdown", function (event) {
    closeMenus(event.target.closest("details[data-menu]"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") {
      return;
    }
    const menu = event.target.closest && event.target.closest("details[data-menu][open]");
    closeMenus(null);
    if (menu) {
      menu.querySelector("summary").focus();
    }
  });

  // The same page once more, drawn anew, with the reader left where they are.
  function renew() {
    wanted = { stay: true };
    window.dash_clientside.set_props("again", { data: Date.now() });
  }

  window.vigie = Object.assign(window.vigie || {}, { go, renew });
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.vigie = Object.assign(window.dash_clientside.vigie || {}, {
    arrived: function (page) {
      if (!page) {
        return window.dash_clientside.no_update;
      }
      document.title = page.title;
      root.lang = page.language;
      window.requestAnimationFrame(function () {
        window.requestAnimationFrame(function () {
          settle(page.path);
          window.vigie.watch();
        });
      });
      return page.path;
    },
  });
})();
