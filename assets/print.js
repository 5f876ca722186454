// What only paper says: the address that a sheet was printed from.
"use strict";
(function () {
  function sign() {
    document.querySelectorAll("[data-printed-from]").forEach(function (place) {
      place.textContent = window.location.href;
    });
  }

  window.addEventListener("beforeprint", sign);
  window.matchMedia("print").addEventListener("change", sign);
})();
