// The theme: as the system says, light, or dark. A cookie keeps it, so that the server's first byte already has it.
"use strict";
(function () {
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) {
      return;
    }
    const next = order[(order.indexOf(root.dataset.theme) + 1) % order.length];
    root.dataset.theme = next;
    const path = root.dataset.base || "/";
    document.cookie = "vigie_theme=" + next + "; path=" + path + "; max-age=31536000; SameSite=Lax";
  });
})();
