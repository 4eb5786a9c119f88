// The Data explorer: tab, filter and choices stand in the address, so that every view is a link.
window.dash_clientside = window.dash_clientside || {};

(function () {
  "use strict";
  const notStated = "(not stated)";
  const nothing = () => window.dash_clientside.no_update;
  const context = () => window.dash_clientside.callback_context;
  const put = (id, props) => window.dash_clientside.set_props(id, props);
  const control = (name) => "bearings-explorer-" + name;
  const lists = { labels: "class", severities: "severity", bearings: "bearing", sessions: "session", loads: "load" };
  const copy = (value) => JSON.parse(JSON.stringify(value));

  function text(value) {
    if (Array.isArray(value)) { return value.join("|"); }
    return value === null || value === undefined ? "" : String(value);
  }
  const number = (value) => (value === "" || value === null || value === undefined ? null : Number(value));
  const ends = (one) => text(one.low) + "_" + text(one.high);
  const isOpen = (one) => one.low === null && one.high === null;

  function address(state) {
    const query = new URLSearchParams();
    const set = (name, value) => { if (value) { query.set(name, value); } };
    const kept = state.filter;
    query.set("dataset", state.dataset);
    set("tab", state.tab === "overview" ? "" : state.tab);
    Object.keys(lists).forEach((name) => set(lists[name], (kept[name] || []).map((one) => one || notStated).join("|")));
    if (kept.speed) { set("speed", ends(kept.speed)); }
    set("range", (kept.features || []).map((one) => one.name + ":" + ends(one)).join("|"));
    set("n", text(kept.per_class || ""));
    set("seed", text(kept.seed || ""));
    Object.entries(state.settings[state.tab] || {}).forEach((pair) => query.set(pair[0], pair[1]));
    return window.location.pathname + "?" + query.toString();
  }
  // what the fields say, without what keeps everything
  function filled(values, ranges) {
    const kept = {};
    Object.keys(lists).forEach(function (name, n) {
      if (values[n] && values[n].length) { kept[name] = values[n].map((one) => (one === notStated ? "" : one)); }
    });
    const speed = { low: number(values[5]), high: number(values[6]) };
    if (!isOpen(speed)) { kept.speed = speed; }
    const rows = {};
    ranges.forEach(function (one) {
      rows[one.id.place] = rows[one.id.place] || {};
      rows[one.id.place][one.id.part] = one.value;
    });
    const features = Object.values(rows)
      .filter((row) => row.name)
      .map((row) => ({ name: row.name, low: number(row.low), high: number(row.high) }))
      .filter((row) => !isOpen(row));
    if (features.length) { kept.features = features; }
    if (number(values[7])) { kept.per_class = number(values[7]); }
    if (number(values[8])) { kept.seed = number(values[8]); }
    return kept;
  }
  function emptied(ranges) {
    Object.keys(lists).forEach((name) => put(control(name), { value: [] }));
    ["speed-low", "speed-high", "per-class", "seed"].forEach((name) => put(control(name), { value: "" }));
    ranges.forEach((one) => put(one.id, { value: one.id.part === "name" ? null : "" }));
  }
  // a second click on the same bar takes the filter back
  function toggled(kept, name, value) {
    const before = kept[name] || [];
    if (before.length === 1 && before[0] === value) { delete kept[name]; }
    else { kept[name] = [value]; }
    put(control(name), { value: (kept[name] || []).map((one) => one || notStated) });
  }
  function clicked(state) {
    const charts = context().inputs_list[4] || [];
    const asked = context().triggered.find((one) => one.prop_id.endsWith(".clickData") && one.value);
    if (!asked) { return; }
    const name = JSON.parse(asked.prop_id.slice(0, asked.prop_id.lastIndexOf("."))).name;
    const point = asked.value.points[0];
    const about = Array.isArray(point.customdata) ? point.customdata : [point.customdata];
    if (!charts.length || about[0] === undefined) { return; }
    if (name === "classes") { toggled(state.filter, "labels", about[0]); }
    if (name === "severities") { toggled(state.filter, "severities", about[0]); }
    if (name === "spread") {
      put({ name: "of", tab: "distributions", type: "bearings-explorer-setting" }, { value: about[0] });
    }
    if (name === "points") { window.sonde.visit("/signal-viewer/" + about[0]); }
  }
  function chosen(state, controls, defaults) {
    controls.forEach(function (one) {
      const said = state.settings[one.id.tab] = state.settings[one.id.tab] || {};
      const value = text(one.value);
      if (value === ((defaults[one.id.tab] || {})[one.id.name] || "")) { delete said[one.id.name]; }
      else { said[one.id.name] = value; }
    });
  }

  window.dash_clientside.sondeExplorer = {
    keep: function (tab, _settings, _apply, _reset, _clicks, before, defaults, ...fields) {
      if (!before || !defaults) { return nothing(); }
      const triggered = context().triggered.filter((one) => one.value !== null && one.value !== undefined);
      const by = (part) => triggered.some((one) => one.prop_id.startsWith(part));
      const state = copy(before);
      const ranges = context().states_list[context().states_list.length - 1] || [];
      state.tab = tab;
      chosen(state, context().inputs_list[1] || [], defaults);
      if (by(control("apply"))) { state.filter = filled(fields, ranges); }
      if (by(control("reset"))) { state.filter = {}; emptied(ranges); }
      clicked(state);
      if (JSON.stringify(state) === JSON.stringify(before)) { return nothing(); }
      if (window.location.pathname === "/data-explorer") {
        window.history.replaceState(window.history.state, "", address(state));
      }
      return state;
    },
    go: function (dataset) {
      const now = new URLSearchParams(window.location.search).get("dataset");
      // the path stays the same, which the shell takes for the same page
      if (dataset && dataset !== now) { window.location.assign("/data-explorer?dataset=" + dataset); }
      return nothing();
    },
    again: function () {
      const grid = document.getElementById(control("grid")) && window.dash_ag_grid;
      const api = grid && grid.getApi(control("grid"));
      if (api) { api.purgeInfiniteCache(); }
      return nothing();
    },
  };

  // on small screens the filters begin folded, and what they keep comes first
  new MutationObserver(function () {
    const fold = document.querySelector("#bearings-explorer-fold:not([data-seen])");
    if (!fold) { return; }
    fold.dataset.seen = "yes";
    if (window.innerWidth < 992) { fold.removeAttribute("open"); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
