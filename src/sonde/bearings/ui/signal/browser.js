// The Signal page: what is looked at stands in the address, so that every view is a link.
window.dash_clientside = window.dash_clientside || {};
window.dashMantineFunctions = window.dashMantineFunctions || {};
// the server has searched already; nothing is left out of what it found
window.dashMantineFunctions.sondeSignalAny = (found) => found.options;

(function () {
  "use strict";
  const page = "/signal-viewer/";
  const nothing = () => window.dash_clientside.no_update;
  const context = () => window.dash_clientside.callback_context;

  function parts(value) {
    if (Array.isArray(value)) { return value.join(","); }
    return value === null || value === undefined ? "" : String(value);
  }
  // what is chosen in a view, without what nobody would have to choose
  function chosen(view, controls, before, defaults) {
    const said = Object.assign({}, before);
    const usual = defaults[view] || {};
    controls.forEach(function (control) {
      if (control.id.view !== view || control.id.name === "band") { return; }
      const value = parts(control.value);
      if (value === (usual[control.id.name] || "")) { delete said[control.id.name]; }
      else { said[control.id.name] = value; }
    });
    return said;
  }
  function zoomed(span, changes) {
    let now = span;
    changes.forEach(function (change) {
      if (!change) { return; }
      if (change["xaxis.range[0]"] !== undefined) {
        now = [Number(change["xaxis.range[0]"]), Number(change["xaxis.range[1]"])];
      } else if (change["xaxis.autorange"]) { now = null; }
    });
    return now;
  }
  // the kurtogram's rows hold 1, 2, 3, 4, 6, 8, 12, ... bands
  function cell(point, half) {
    const row = Math.round(point.y);
    const count = row === 0 ? 1 : row % 2 ? 2 ** ((row + 1) / 2) : 3 * 2 ** ((row - 2) / 2);
    const width = half / count;
    const place = Math.min(Math.floor(point.x / width), count - 1);
    const low = Math.max(place * width, 0.02 * half);
    return Math.round(low) + "-" + Math.round(Math.min((place + 1) * width, 0.92 * half));
  }
  function address(state) {
    const query = new URLSearchParams();
    const put = (name, value) => { if (value) { query.set(name, value); } };
    put("view", state.view === "time" ? "" : state.view);
    put("channel", state.channel);
    put("bearing", state.bearing);
    put("unit", state.unit);
    put("with", (state.with || []).join(","));
    if (state.span) {
      put("from", String(Number(state.span[0].toPrecision(7))));
      put("to", String(Number(state.span[1].toPrecision(7))));
    }
    Object.entries(state.settings[state.view] || {}).forEach((pair) => query.set(pair[0], pair[1]));
    const before = new URLSearchParams(window.location.search);
    ["side", "group", "support"].forEach((name) => put(name, before.get(name)));
    const text = query.toString();
    return window.location.pathname + (text ? "?" + text : "");
  }
  function setting(view, name) {
    return { name: name, type: "bearings-signal-setting", view: view };
  }
  function folded() { return new URLSearchParams(window.location.search).get("side") === "0"; }
  function showFolded() {
    const look = document.querySelector(".sonde-look");
    if (!look) { return; }
    look.classList.toggle("is-folded", folded());
    window.dispatchEvent(new Event("resize"));
  }

  window.dash_clientside.sondeSignal = {
    keep: function (view, channel, bearing, others, _values, relayouts, bands, _best, cells, unit, shown, ends, before, defaults) {
      if (!before || !defaults) { return nothing(); }
      const triggered = context().triggered.map((each) => each.prop_id);
      const by = (part) => triggered.some((name) => name.includes(part));
      const state = JSON.parse(JSON.stringify(before));
      if (view !== state.view) { state.view = view; state.span = null; }
      else if (by(".relayoutData")) { state.span = zoomed(state.span, relayouts); }
      if (by("-channel.value")) { state.channel = channel || ""; }
      if (by("-bearing.value")) { state.bearing = (bearing || "").trim(); }
      if (by("-unit.value")) { state.unit = unit || ""; }
      if (by("-compare.value")) { state.with = others || []; }
      const controls = context().inputs_list[4] || [];
      const said = chosen(view, controls, state.settings[view] || {}, defaults);
      const band = bands.find((value) => Array.isArray(value));
      const last = shown.find((value) => Array.isArray(value));
      if (by('bearings-signal-band"') && band && last && band.join() !== last.join()) { said.band = band.join("-"); }
      if (by('bearings-signal-best"')) { delete said.band; }
      const point = cells.find((value) => value && value.points && value.points.length);
      const half = ends.find((value) => typeof value === "number");
      if (by(".clickData") && point && half) { said.band = cell(point.points[0], half); }
      state.settings[view] = said;
      if (JSON.stringify(state) === JSON.stringify(before)) { return nothing(); }
      window.history.replaceState(window.history.state, "", address(state));
      return state;
    },
    // a click sets the cursor; over time it sets the marker that is free, else marker B
    point: function (clicks, values) {
      const found = context().inputs_list[0].findIndex((_, n) => clicks[n] && context().triggered.length);
      if (found < 0) { return nothing(); }
      const view = context().inputs_list[0][found].id.view;
      const place = Number(Number(clicks[found].points[0].x).toPrecision(7));
      const states = context().states_list[0];
      const read = (name) => (states.find((one) => one.id.view === view && one.id.name === name) || {}).value;
      const has = (name) => states.some((one) => one.id.view === view && one.id.name === name);
      let name = "";
      if (has("cursor")) { name = "cursor"; }
      else if (has("a")) { name = parts(read("a")) === "" ? "a" : "b"; }
      if (!name) { return nothing(); }
      window.dash_clientside.set_props(setting(view, name), { value: place });
      return place;
    },
    go: function (recording) {
      if (!recording) { return nothing(); }
      window.sonde.visit(page + recording + window.location.search);
      return nothing();
    },
    open: function (recording) {
      if (!recording) { return nothing(); }
      const view = new URLSearchParams(window.location.search).get("view");
      window.sonde.visit(page + recording + (view ? "?view=" + view : ""));
      return nothing();
    },
    save: function () {
      const asked = context().triggered[0];
      const charts = document.querySelectorAll("#bearings-signal-panel .js-plotly-plot");
      const chart = charts[charts.length - 1];
      if (!asked || !asked.value || !chart) { return nothing(); }
      const format = asked.prop_id.includes("-svg") ? "svg" : "png";
      const title = (document.querySelector("h1") || {}).textContent || "signal";
      window.Plotly.downloadImage(chart, {
        format: format, width: 1200, height: 640, scale: format === "png" ? 2 : 1,
        filename: title.replace(/[^A-Za-z0-9.]+/g, "-"),
      });
      return Date.now();
    },
    fold: function (clicks) {
      if (clicks) {
        window.sonde.setQuery({ side: folded() ? "" : "0" });
        showFolded();
      }
      return clicks || 0;
    },
    declare: function (group, support) {
      window.sonde.setQuery({ group: group, support: support });
      return nothing();
    },
    chosen: function (name) {
      return name ? [name, false] : [nothing(), true];
    },
  };

  // ways to neighbours keep how one looks; files of a zoomed stretch hold that stretch
  document.addEventListener("click", function (event) {
    const link = event.target.closest && event.target.closest(".sonde-look-step, .sonde-look-file");
    if (!link) { return; }
    const query = new URLSearchParams(window.location.search);
    if (link.classList.contains("sonde-look-step")) {
      event.preventDefault();
      event.stopPropagation();
      window.sonde.visit(new URL(link.href).pathname + window.location.search);
      return;
    }
    const url = new URL(link.href);
    ["start_s", "stop_s"].forEach((name) => url.searchParams.delete(name));
    if (!query.get("view") && query.get("from")) {
      url.searchParams.set("start_s", Math.max(0, Number(query.get("from"))));
      url.searchParams.set("stop_s", query.get("to"));
    }
    link.href = url.pathname + url.search;
  }, true);

  // the fold is part of the address: it holds as soon as the page is there
  new MutationObserver(function () {
    const look = document.querySelector(".sonde-look:not([data-seen])");
    if (look) { look.dataset.seen = "yes"; if (folded()) { showFolded(); } }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
