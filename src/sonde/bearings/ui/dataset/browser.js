// The page of one data set: its dialogs, and the filters of its list.
(function () {
  "use strict";
  const joined = (values) => (values || []).join("|");
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.sondeDataset = {
    open: function (clicks) { return Boolean(clicks); },
    narrow: function (text, labels, severities, bearings, sessions, loads, findings) {
      window.sonde.setQuery({
        q: text, class: joined(labels), severity: joined(severities), bearing: joined(bearings),
        session: joined(sessions), load: joined(loads), findings: findings ? 1 : null, open: null,
      });
      const kept = {};
      const lists = { labels: labels, severities: severities, bearings: bearings, sessions: sessions, loads: loads };
      Object.keys(lists).forEach(function (name) {
        if (lists[name] && lists[name].length) { kept[name] = lists[name]; }
      });
      if (text && text.trim()) { kept.text = text; }
      if (findings) { kept.has_findings = true; }
      return kept;
    },
    again: function (_kept, grid) {
      const api = window.dash_ag_grid && window.dash_ag_grid.getApi(grid);
      if (api) { api.purgeInfiniteCache(); }
      return false;
    },
  };
})();
