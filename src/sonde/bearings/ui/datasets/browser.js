// The list of data sets: what is chosen, what the URL remembers, and cells of bearings' grids.
(function () {
  "use strict";
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const create = (...parts) => window.React.createElement(...parts);

  components.SondeVerdict = function (props) {
    const kind = { ready: "succeeded", lacks: "delayed", refused: "failed", "left out": "cancelled" }[props.value];
    return create("span", { className: "sonde-state-pill is-" + kind }, props.value);
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.sondeDatasets = {
    remember: function (text, tag, origin, state, look) {
      window.sonde.setQuery({
        q: text, tag: tag, origin: origin, deleted: null,
        view: state === "live" ? null : state, look: look === "cards" ? null : look,
      });
      return window.dash_clientside.no_update;
    },
    choose: function (checked, rows, ids) {
      const cards = (ids || []).filter(function (_id, n) { return checked[n]; })
        .map(function (id) { return id.dataset; });
      const chosen = cards.concat(((rows || [])[0] || []).map(function (row) { return row.id; }));
      const n = chosen.length;
      return [chosen, n === 0, n + (n === 1 ? " data set chosen" : " data sets chosen"), n !== 2, n < 2];
    },
    compare: function (clicks, chosen) {
      if (clicks && chosen.length === 2) {
        window.sonde.visit("/datasets/compare?ids=" + chosen.join(","));
      }
      return false;
    },
  };
})();
