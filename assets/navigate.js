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
    wanted = { stay: Boolean(options && options.stay), used: options && options.used };
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
      go(link.href, { stay: Boolean(link.dataset.stay), used: link.dataset.stay && used(link) });
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

  // What is told of a control that was used, so that it is found again on the page drawn anew.
  function used(link) {
    const menu = link.closest("details[data-menu]");
    const group = link.closest("[role=group][aria-label]");
    return {
      chip: menu && menu.querySelector("summary").firstElementChild.textContent,
      group: group && group.getAttribute("aria-label"),
      href: link.href,
      words: link.textContent,
    };
  }

  // The control itself; else, in its place, what has its words, leads where it led, or is now chosen.
  function again(was) {
    if (was.chip !== null) {
      return Array.from(document.querySelectorAll("details[data-menu] > summary")).find(function (summary) {
        return summary.firstElementChild.textContent === was.chip;
      });
    }
    const links = Array.from(document.querySelectorAll("a[data-stay]")).filter(function (link) {
      const group = link.closest("[role=group][aria-label]");
      return (group && group.getAttribute("aria-label")) === was.group && !link.closest("details:not([open])");
    });
    return (
      links.find((link) => link.href === was.href && link.textContent === was.words) ||
      (was.words && links.find((link) => link.textContent === was.words)) ||
      links.find((link) => link.href === was.href) ||
      (was.group !== null && links.find((link) => link.getAttribute("aria-current") === "true"))
    );
  }

  function settle(path) {
    const first = shownPath === null;
    const moved = shownPath !== path;
    const plan = wanted || {};
    wanted = null;
    shownPath = path;
    const anchor = !plan.still && window.location.hash && document.getElementById(decode(window.location.hash.slice(1)));
    document.querySelectorAll("[data-arrived]").forEach((one) => one.removeAttribute("data-arrived"));
    if (anchor && plan.y === undefined) {
      anchor.scrollIntoView();
      // The page came after the address was read: the browser itself marks nothing as its target.
      anchor.setAttribute("data-arrived", "");
    } else if (plan.y !== undefined) {
      window.scrollTo(0, plan.y);
    } else if (!first && !plan.stay && !plan.still) {
      window.scrollTo(0, 0);
    }
    if (moved && !first) {
      focusOn(document.getElementById("main"));
    } else if (plan.used && (!document.activeElement || document.activeElement === document.body)) {
      const control = again(plan.used) || document.getElementById("main");
      control.focus({ preventScroll: true });
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

  // The same page once more, drawn anew, with the reader left where they are. After something was written, at the
  // server's moment ``written``, no later page may be older than that, whichever process answers.
  let wrote = null;
  function renew(written) {
    wrote = written || wrote;
    wanted = { still: true };
    window.dash_clientside.set_props("again", { data: { at: Date.now(), wrote } });
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
