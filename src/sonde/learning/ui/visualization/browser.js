// The visualization page: what is looked at stands in the address.
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};

  // Those that may be empty: nothing chosen is said by leaving them out.
  const OPTIONAL = ["layer"];

  function changedName() {
    const triggered = window.dash_clientside.callback_context.triggered || [];
    try { return JSON.parse(triggered[0].prop_id.replace(/\.[^.]*$/, "")).name || ""; }
    catch (_error) { return ""; }
  }

  window.dash_clientside.sondeVisualization = {
    remember: function (subject, tab, values, ids, before) {
      const said = Object.assign({}, before.said);
      const isOther = subject && subject !== before.experiment;
      const changed = changedName();
      ids.forEach(function (id, place) {
        const value = values[place];
        const isNothing = value === null || value === undefined || value === "";
        if (id.name === "example") {
          if (changed === "example" && !isNothing) { said.sample = String(value); }
        } else if (changed === "example" && id.name === "sample") {
          return; // the list has the word
        } else if (isNothing) {
          if (OPTIONAL.includes(id.name)) { delete said[id.name]; }
        } else { said[id.name] = String(value); }
      });
      // another experiment has other samples, layers and features
      if (isOther) { ["sample", "layer", "feature"].forEach(function (name) { delete said[name]; }); }
      const state = { experiment: subject || before.experiment, tab: tab, said: said };
      if (JSON.stringify(state) === JSON.stringify(before)) {
        return window.dash_clientside.no_update;
      }
      const gone = {};
      Object.keys(before.said).forEach(function (name) { gone[name] = ""; });
      window.sonde.setQuery(Object.assign(gone, said, { experiment: state.experiment, tab: tab }));
      return state;
    },
  };
})();
