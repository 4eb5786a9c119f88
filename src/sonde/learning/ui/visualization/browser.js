// The visualization page: what is looked at stands in the address.
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};

  window.dash_clientside.sondeVisualization = {
    remember: function (subject, tab, values, ids, before) {
      const said = Object.assign({}, before.said);
      ids.forEach(function (id, place) {
        const value = values[place];
        if (value === null || value === undefined) { return; }
        if (value === "") { delete said[id.name]; } else { said[id.name] = String(value); }
      });
      const state = { experiment: subject || before.experiment, tab: tab, said: said };
      if (JSON.stringify(state) === JSON.stringify(before)) {
        return window.dash_clientside.no_update;
      }
      window.sonde.setQuery(Object.assign({ layer: "" }, said, { experiment: state.experiment, tab: tab }));
      return state;
    },
  };
})();
