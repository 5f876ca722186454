// A page that shows old data, or none, because the warehouse failed: it asks again by itself, and renews itself once
// there is hope. The server says where to ask and how long to wait (data-hope, data-retry).
"use strict";
(function () {
  const LONGEST = 60;
  let timer = null;

  function marked() {
    return document.querySelector("[data-retry]");
  }

  function plan(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 1000 * Math.min(Math.max(seconds, 1), LONGEST));
  }

  async function ask() {
    const mark = marked();
    if (!mark) {
      return;
    }
    let hope = false;
    if (!document.hidden) {
      try {
        const response = await fetch(mark.dataset.hope, { cache: "no-store" });
        hope = response.ok && (await response.json()).hope;
      } catch (error) {
        hope = false; // the server itself cannot be reached: go on trying
      }
    }
    if (hope && marked()) {
      window.vigie.renew();
    }
    plan(hope ? LONGEST : 5);
  }

  window.vigie = Object.assign(window.vigie || {}, {
    watch: function () {
      const mark = marked();
      window.clearTimeout(timer);
      if (mark) {
        plan(Number(mark.dataset.retry) + Math.random()); // not all readers at once
      }
    },
  });
})();
