// Comparing experiments: who is compared, which tab is open and what is chosen stand in the URL.
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};
  const nothing = () => window.dash_clientside.no_update;
  const usual = { tab: "verdict", rope: "1" };

  window.dash_clientside.sondeCompare = {
    choose: function (chosen, shown) {
      const ids = (chosen || []).join(",");
      if (!chosen || ids === (shown || "")) { return nothing(); }
      // a kept comparison stays as it is: another choice is another page
      if (window.location.pathname !== "/compare") {
        window.sonde.visit("/compare?ids=" + ids);
        return nothing();
      }
      window.sonde.setQuery({ ids: ids, pair: "", base: "", other: "" });
      return window.location.search || "?";
    },
    remember: function (tab, values, checks, settings, before) {
      if (!before) { return nothing(); }
      const state = Object.assign({}, before, { tab: tab });
      settings.forEach(function (id, place) {
        const value = id.name === "all" ? (checks[place] ? "1" : "") : values[place];
        if (value === null || value === undefined || value === "") { delete state[id.name]; }
        else { state[id.name] = String(value); }
      });
      const query = {};
      ["tab", "pair", "rope", "curve", "base", "other", "by", "all"].forEach(function (name) {
        query[name] = state[name] === usual[name] ? "" : state[name];
      });
      if (window.location.pathname.startsWith("/compare")) { window.sonde.setQuery(query); }
      // the files say what the page says
      document.querySelectorAll("a.sonde-compare-file").forEach(function (link) {
        const url = new URL(link.href);
        url.searchParams.set("rope", String(Number(state.rope || usual.rope) / 100));
        link.href = url.pathname + url.search;
      });
      const same = JSON.stringify(Object.entries(state).sort()) === JSON.stringify(Object.entries(before).sort());
      return same ? nothing() : state;
    },
    open: function (clicks) { return Boolean(clicks); },
  };
})();
