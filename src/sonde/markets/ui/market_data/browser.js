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
    if (!relayout) { return; }
    if (relayout["xaxis.autorange"]) { state.span = null; return; }
    const low = relayout["xaxis.range[0]"];
    const high = relayout["xaxis.range[1]"];
    if (low === undefined || high === undefined) { return; }
    const span = [Math.max(ms(low), 0), ms(high)];
    if (span[1] > span[0]) { state.span = span; }
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
    // several causes may come at once: a chart that is drawn anew speaks too
    look: function (relayout, _places, _spans, shown, before) {
      if (!before) { return skip(); }
      const state = JSON.parse(JSON.stringify(before));
      state.show = shown || [];
      window.dash_clientside.callback_context.triggered.forEach(function (each) {
        if (!each.value) { return; }
        const name = each.prop_id.slice(0, each.prop_id.lastIndexOf("."));
        if (name === "markets-data-chart") { zoomed(state, relayout); }
        if (!name.startsWith("{")) { return; }
        const cause = JSON.parse(name);
        if (cause.type === "markets-data-span") { newest(state, cause.ms); return; }
        state.span = [Math.max(cause.from, 0), cause.to];
        state.mark = cause.mark.split("-").map(Number);
      });
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
