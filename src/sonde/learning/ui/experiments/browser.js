// The list of experiments: the mark that every score carries.
(function () {
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  components.SondeHonesty = function (props) {
    if (!props.value) { return null; }
    const words = { honest: "Honest", leaky: "Leaky" }[props.value];
    return window.React.createElement("span", { className: "sonde-honesty is-" + props.value }, words);
  };
})();
