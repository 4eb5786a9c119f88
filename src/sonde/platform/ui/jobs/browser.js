// The Jobs page: opening a job, and the state of the view in the URL.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.sondeJobs = {
  open: function (clicked) {
    return clicked && clicked.rowId ? clicked.rowId : window.dash_clientside.no_update;
  },
  drawer: function (opened) { return Boolean(opened); },
  remember: function (state, opened, job) {
    window.sonde.setQuery({ state: state === "all" ? null : state, job: opened ? job : null });
    return false;
  },
};
