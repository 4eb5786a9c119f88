// Data generation: the form as one configuration, and what needs no server.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const PATH = "/data-generation";
  const QUIET_MS = 100;
  const skip = () => window.dash_clientside.no_update;
  let waiting = null;

  function put(config, name, value) {
    const parts = name.split(".");
    const last = parts.pop();
    const place = parts.reduce((at, part) => (at[part] = at[part] || {}), config);
    place[last] = value;
  }

  // the values of an input, by the names of their controls
  function named(position) {
    return window.dash_clientside.callback_context.inputs_list[position]
      .map((each) => [each.id.name, each.value]);
  }

  // the server draws once nobody has typed for a moment
  function later(config, before) {
    window.clearTimeout(waiting);
    if (JSON.stringify(config) === JSON.stringify(before)) { return; }
    const send = () => window.dash_clientside.set_props("bearings-make-config", { data: config });
    waiting = window.setTimeout(send, before ? QUIET_MS : 0);
  }

  function visit(query) {
    if (window.location.search !== query) { window.sonde.visit(PATH + query); }
  }

  window.dash_clientside.sondeMake = {
    gather: function (values, switches, lows, highs, base, before) {
      if (!base || !values.length) { return skip(); }
      const config = { kind: base.kind, equations: base.equations };
      named(0).concat(named(1)).forEach(([name, value]) => put(config, name, value));
      const ends = Object.fromEntries(named(3));
      named(2).forEach(([name, low]) => put(config, name, [low, ends[name]]));
      later(config, before);
      return config;
    },
    offer: function (config, chosen, titles) {
      const classes = (config && config.classes) || [];
      if (!classes.length) { return [skip(), skip()]; }
      const options = classes.map((key) => ({ value: key, label: titles[key] || key }));
      const kept = classes.includes(chosen) ? skip() : classes[Math.min(1, classes.length - 1)];
      return [options, kept];
    },
    tell: function (verdict, places) {
      if (!verdict) { return [places.map(() => ""), "", true]; }
      const here = places.map((place) => (place.name === verdict.field ? verdict.text : ""));
      return [here, verdict.text, !verdict.ready];
    },
    choose: function (kind, equations, preset, saved, base) {
      const query = new URLSearchParams(window.location.search);
      if (kind !== base.kind) { visit("?kind=" + kind); }
      else if (equations !== base.equations) { visit("?kind=" + kind + "&equations=" + equations); }
      else if (preset && preset !== query.get("preset")) { visit("?preset=" + preset); }
      else if (saved && saved !== query.get("saved")) {
        visit("?" + new URLSearchParams({ saved: saved }));
      }
      return skip();
    },
    pick: function (all, none, base) {
      if (!all && !none) { return skip(); }
      const clicked = window.dash_clientside.callback_context.triggered_id;
      return clicked === "bearings-make-all-classes" ? base.classes : ["healthy"];
    },
  };
})();
