// Market data: what of a series is in view, in the page's memory and in its address.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const skip = () => window.dash_clientside.no_update;

  // plotly writes times without a zone; they are UTC
  function ms(text) {
    const whole = String(text).replace(" ", "T");
    return Math.round(Date.parse((whole.length === 10 ? whole + "T00:00" : whole) + "Z"));
  }

  function zoomed(state, relayout) {
    if (!relayout) { return false; }
    if (relayout["xaxis.autorange"]) { state.span = null; return true; }
    const low = relayout["xaxis.range[0]"];
    const high = relayout["xaxis.range[1]"];
    if (low === undefined || high === undefined) { return false; }
    const span = [Math.max(ms(low), 0), ms(high)];
    if (!(span[1] > span[0])) { return false; }
    state.span = span;
    return true;
  }

  // so much before the end of what is in view; of all of it at first
  function newest(state, length) {
    if (!length) { state.span = null; return; }
    const end = state.span ? Math.min(state.span[1], state.last) : state.last;
    state.span = [Math.max(end - length, 0), end + 1];
  }

  function write(state) {
    window.sonde.setQuery({
      from: state.span ? state.span[0] : null,
      to: state.span ? state.span[1] : null,
      mark: state.mark ? state.mark.join("-") : null,
      show: state.show.join(","),
    });
  }

  window.dash_clientside.sondeMarketData = {
    look: function (relayout, _places, _spans, shown, before) {
      const context = window.dash_clientside.callback_context;
      const cause = context.triggered_id;
      const value = context.triggered.length ? context.triggered[0].value : null;
      if (!before || !cause) { return skip(); }
      const state = JSON.parse(JSON.stringify(before));
      if (cause.type === "markets-data-place") {
        if (!value) { return skip(); }
        state.span = [Math.max(cause.from, 0), cause.to];
        state.mark = cause.mark.split("-").map(Number);
      } else if (cause.type === "markets-data-span") {
        if (!value) { return skip(); }
        newest(state, cause.ms);
      } else if (cause === "markets-data-show") {
        state.show = shown || [];
      } else if (!zoomed(state, relayout)) { return skip(); }
      if (JSON.stringify(state) === JSON.stringify(before)) { return skip(); }
      write(state);
      return state;
    },
    name: function (name) { return name || ""; },
    ask: function () {
      return window.dash_clientside.callback_context.triggered_id === "markets-data-delete-ask";
    },
  };
})();
