// The result page: a chosen recording is named before the model is asked.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.learningResult = {
  remember: function (tab, before) {
    if (!tab || tab === before.tab) { return window.dash_clientside.no_update; }
    const state = { tab: tab, label: "", told: "" };
    window.sonde.setQuery({ tab: tab === "overview" ? "" : tab, label: "", told: "" });
    return state;
  },
  chosen: function (name) {
    return name
      ? [name + " is chosen. Drop another one to change it.", false]
      : [window.dash_clientside.no_update, true];
  },
};
