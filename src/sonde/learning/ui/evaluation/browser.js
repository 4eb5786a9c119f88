// The evaluation page: what is looked at stands in the address.
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};

  function same(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  window.dash_clientside.sondeEvaluation = {
    remember: function (subject, tab, values, ids, before) {
      const said = Object.assign({}, before.said);
      let experiments = before.experiments;
      if (subject && subject !== experiments[0]) { experiments = [subject]; }
      ids.forEach(function (id, place) {
        const value = values[place];
        if (id.name === "rivals") {
          if (experiments === before.experiments && Array.isArray(value)) {
            experiments = [experiments[0]].concat(value);
          }
        } else if (value !== null && value !== undefined && value !== "") {
          said[id.name] = String(value);
        }
      });
      const state = { experiments: experiments, tab: tab, said: said };
      if (same(state, before)) { return window.dash_clientside.no_update; }
      const query = Object.assign({}, said, { experiment: experiments.join(","), tab: tab });
      window.sonde.setQuery(query);
      return state;
    },
  };
})();
