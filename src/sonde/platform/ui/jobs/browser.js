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
(function () {
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const create = (...parts) => window.React.createElement(...parts);
  const names = {
    queued: "Queued", running: "Running", succeeded: "Done",
    failed: "Failed", cancelled: "Cancelled", delayed: "Delayed",
  };
  components.SondeState = function (props) {
    return create("span", { className: "sonde-state-pill is-" + props.value }, names[props.value] || props.value);
  };
  components.SondeProgress = function (props) {
    const bar = create("span", { className: "sonde-bar-fill", style: { width: props.value + "%" } });
    return create("span", { className: "sonde-bar-cell" },
      create("span", { className: "sonde-bar" }, bar), create("span", null, props.value + " %"));
  };
})();
