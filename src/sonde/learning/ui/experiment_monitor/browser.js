// The monitor: the question before a cancel, and the state of the view in the URL.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.learningMonitor = {
  confirm: function (clicks) { return clicks ? true : window.dash_clientside.no_update; },
  remember: function (part, level, text) {
    window.sonde.setQuery({ part: part, level: level === "info" ? null : level, text: text });
    return false;
  },
};
