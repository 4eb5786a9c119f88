// The Features page: what is chosen stands in the address; searching and counting need no server.
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};
  const nothing = () => window.dash_clientside.no_update;
  const context = () => window.dash_clientside.callback_context;
  const usual = { tab: "table", look: "box", importance: "permutation", selection: "mrmr", n: 10, folds: 5, seed: 0 };

  function same(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }
  function clicked() {
    const found = context().triggered || [];
    return found.some((one) => one.value);
  }
  // the answer has come: what was edited is saved
  function saved(store) {
    return (context().triggered || []).some((one) => one.prop_id === store + ".data");
  }
  function written(names, presets) {
    const found = Object.keys(presets).find((key) => same(presets[key], names));
    return found === "original" ? "" : found || names.join(",") || "none";
  }

  window.dash_clientside.sondeFeatures = {
    remember: function (dataset, chosen, tab, values, ids, before, known) {
      // in the order of the registry, however they were clicked
      const names = Object.keys(known.words).filter((name) => (chosen || []).includes(name));
      const state = Object.assign({}, before, { dataset: dataset, names: names, tab: tab });
      ids.forEach(function (id, place) {
        const value = values[place];
        if (value !== null && value !== undefined && value !== "") { state[id.name] = value; }
      });
      const query = { dataset: dataset, names: written(names, known.presets) };
      Object.keys(usual).concat("feature").forEach(function (name) {
        query[name] = state[name] === usual[name] ? "" : state[name];
      });
      window.sonde.setQuery(query);
      return same(state, before) ? nothing() : state;
    },
    preset: function (_clicks, known) {
      if (!clicked()) { return nothing(); }
      return known.presets[context().triggered_id.name] || [];
    },
    count: function (chosen, groups, known) {
      const is = new Set(chosen || []);
      const counts = groups.map(function (group) {
        const names = known.groups[group.name] || [];
        return names.filter((name) => is.has(name)).length + " of " + names.length;
      });
      return [is.size + " chosen", counts];
    },
    search: function (text, rows, opened, known) {
      const words = (text || "").toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (name) => words.every((word) => (known.words[name] || "").includes(word));
      const styles = rows.map((row) => (fits(row.name) ? {} : { display: "none" }));
      const groups = Object.keys(known.groups).filter((group) => known.groups[group].some(fits));
      return [styles, words.length ? groups : opened];
    },
    editOwn: function (_clicks, known) {
      if (saved("bearings-features-presets")) { return [false].concat(Array(6).fill(nothing())); }
      if (!clicked()) { return Array(7).fill(nothing()); }
      const id = context().triggered_id.own;
      const band = known.own[id] || { name: "", low: 500, high: 1000, scale: "Hz", quantity: "rms" };
      return [true, id === "new" ? "" : id, band.name, band.low, band.high, band.scale, band.quantity];
    },
    editSet: function () {
      if (saved("bearings-features-changed")) { return [false, nothing(), nothing()]; }
      if (!clicked()) { return Array(3).fill(nothing()); }
      const id = context().triggered_id;
      return [true, id.set, id.name];
    },
  };
})();
