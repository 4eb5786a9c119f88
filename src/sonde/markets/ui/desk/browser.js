// The desk's sidebar: when to look again, and what needs no server.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const skip = () => window.dash_clientside.no_update;
  const cause = () => window.dash_clientside.callback_context.triggered_id;

  function clicked() {
    const all = window.dash_clientside.callback_context.triggered;
    return all.length > 0 && Boolean(all[0].value);
  }

  window.dash_clientside.sondeDesk = {
    // a page that nobody sees needs no news
    tick: function (n) { return document.hidden ? skip() : n; },
    toggle: function () {
      const side = document.getElementById("markets-desk-side");
      const open = side.classList.toggle("is-open");
      const button = document.getElementById("markets-desk-toggle");
      button.setAttribute("aria-expanded", open ? "true" : "false");
      return skip();
    },
    askReset: function () { return cause() === "markets-desk-reset-ask" && clicked(); },
    askClose: function () { return cause() === "markets-desk-guard-close-ask" && clicked(); },
    unlock: function () {
      return clicked() ? { lock: cause().lock, at: Date.now() } : skip();
    },
  };
})();
