// The result page: a chosen recording is named before the model is asked.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.learningResult = {
  chosen: function (name) {
    return name
      ? [name + " is chosen. Drop another one to change it.", false]
      : [window.dash_clientside.no_update, true];
  },
};
