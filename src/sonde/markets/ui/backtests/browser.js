// Backtests: numbers of grids, the chosen runs, the address, and what is looked at of the candles.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const skip = () => window.dash_clientside.no_update;
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const number = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const known = (value) => value !== null && value !== undefined && value !== "";
  functions.sondeFixed = (value) => (known(value) ? number.format(value) : "");
  functions.sondeShare = (value) => (known(value) ? number.format(100 * value) + " %" : "");

  const most = 20;
  const gridId = "markets-backtests-grid";

  function advice(rows) {
    const fitting = rows.every((row) => row.kind === "backtest" && row.state === "succeeded");
    if (!fitting) { return "only finished backtests can be compared"; }
    if (rows.length < 2) { return "choose one more to compare"; }
    return rows.length > most ? "at most " + most + " can be compared" : "";
  }

  // how the list is ordered stands in the address, and is kept when it is drawn again
  let watched = null;
  function watch() {
    if (!document.getElementById(gridId) || !window.dash_ag_grid) { return; }
    let api = null;
    try { api = window.dash_ag_grid.getApi(gridId); } catch (error) { return; }
    if (!api || api === watched || api.isDestroyed()) { return; }
    watched = api;
    api.addEventListener("sortChanged", function () {
      const by = api.getColumnState().find((column) => column.sort);
      const sort = by ? (by.sort === "desc" ? "-" : "") + by.colId : "";
      window.dash_clientside.set_props("markets-backtests-sort", { data: sort });
      if (window.location.pathname === "/markets/backtests") { window.sonde.setQuery({ sort: sort }); }
    });
  }
  new MutationObserver(watch).observe(document.documentElement, { childList: true, subtree: true });

  // plotly writes times without a zone; they are UTC
  function ms(text) {
    const whole = String(text).replace(" ", "T");
    return Math.round(Date.parse((whole.length === 10 ? whole + "T00:00" : whole) + "Z"));
  }

  window.dash_clientside.sondeBacktests = {
    choose: function (selected) {
      const rows = selected || [];
      const said = rows.length + (rows.length === 1 ? " run chosen" : " runs chosen");
      const told = advice(rows);
      const names = rows.map((row) => row.title).slice(0, 5).join("; ");
      const more = rows.length > 5 ? " and " + (rows.length - 5) + " more" : "";
      return [
        rows.map((row) => ({ id: row.id })),
        rows.length === 0,
        told ? said + ": " + told : said,
        told !== "",
        names + more + ". Results and files go with them; this cannot be undone.",
      ];
    },
    compare: function (clicks, chosen) {
      if (clicks && chosen && chosen.length > 1) {
        window.sonde.visit("/markets/backtests/compare?ids=" + chosen.map((row) => row.id).join(","));
      }
      return skip();
    },
    ask: function () {
      return window.dash_clientside.callback_context.triggered_id === "markets-backtests-delete-ask";
    },
    find: function (kind, symbol) {
      if (window.location.pathname === "/markets/backtests") {
        window.sonde.setQuery({ kind: kind, symbol: symbol, before: null });
      }
      return skip();
    },
    look: function (relayout, before) {
      if (!relayout) { return skip(); }
      if (relayout["xaxis.autorange"]) { return before && before.span ? { span: null } : skip(); }
      const low = relayout["xaxis.range[0]"];
      const high = relayout["xaxis.range[1]"];
      if (low === undefined || high === undefined) { return skip(); }
      const span = [Math.max(ms(low), 0), ms(high)];
      const same = before && before.span && before.span[0] === span[0] && before.span[1] === span[1];
      return span[1] > span[0] && !same ? { span: span } : skip();
    },
  };
})();
