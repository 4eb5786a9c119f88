// Cells of bearings' grids: the word on a row of an import.
(function () {
  "use strict";
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const create = (...parts) => window.React.createElement(...parts);

  components.SondeVerdict = function (props) {
    const kind = { ready: "succeeded", lacks: "delayed", refused: "failed", "left out": "cancelled" }[props.value];
    return create("span", { className: "sonde-state-pill is-" + kind }, props.value);
  };
})();
