// The monitor: one look at a time, the question before a cancel, the state of the view in the URL.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const PATIENCE_MS = 8000;
  let askedAt = 0;
  let isWanted = false;
  function ask() {
    isWanted = false;
    if (!window.location.pathname.endsWith("/monitor")) { return; }
    askedAt = Date.now();
    window.dash_clientside.set_props("learning-monitor-tick", { data: askedAt });
  }
  window.dash_clientside.learningMonitor = {
    // A look that is asked for while one is under way waits for it: were the answer of a slow
    // server overtaken by the next question each time, the page would never change.
    look: function () {
      const by = (window.dash_clientside.callback_context.triggered || []).map((one) => one.prop_id);
      const isDrawn = by.some((one) => one.startsWith("learning-monitor-drawn"));
      if (isDrawn) { askedAt = 0; }
      if (askedAt && Date.now() - askedAt < PATIENCE_MS) { isWanted = true; }
      else if (!isDrawn || isWanted || by.length > 1) { ask(); }
      return window.dash_clientside.no_update;
    },
    confirm: function (clicks) {
      const by = (window.dash_clientside.callback_context.triggered || []).map((one) => one.prop_id);
      if (by.some((one) => one.startsWith("learning-monitor-kept"))) { return false; }
      return clicks ? true : window.dash_clientside.no_update;
    },
    remember: function (part, level, text) {
      window.sonde.setQuery({ part: part, level: level === "info" ? null : level, text: text });
      return false;
    },
  };
})();
