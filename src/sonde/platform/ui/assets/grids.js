// Grids: the theme of the house, and the cells that several pages share.
(function () {
  "use strict";
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  functions.sondeGridTheme = function (base) {
    return base.withParams({
      accentColor: "var(--mantine-primary-color-filled)",
      backgroundColor: "var(--sonde-surface)",
      foregroundColor: "var(--sonde-ink)",
      headerBackgroundColor: "var(--sonde-surface)",
      headerTextColor: "var(--sonde-dim)",
      headerFontWeight: 550,
      borderColor: "var(--sonde-line)",
      chromeBackgroundColor: "var(--sonde-surface)",
      rowHoverColor: "var(--sonde-hover)",
      selectedRowBackgroundColor: "var(--sonde-selected)",
      columnBorder: false,
      wrapperBorder: false,
      fontFamily: "inherit",
      fontSize: 13.5,
      headerFontSize: 12.5,
      wrapperBorderRadius: 0,
      browserColorScheme: "inherit",
    });
  };

  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const create = (...parts) => window.React.createElement(...parts);
  const states = {
    queued: "Queued", running: "Running", succeeded: "Done",
    failed: "Failed", cancelled: "Cancelled", delayed: "Delayed",
  };
  components.SondeState = function (props) {
    if (!props.value) { return null; }
    return create("span", { className: "sonde-state-pill is-" + props.value }, states[props.value] || props.value);
  };
  components.SondeProgress = function (props) {
    const bar = create("span", { className: "sonde-bar-fill", style: { width: props.value + "%" } });
    return create("span", { className: "sonde-bar-cell" },
      create("span", { className: "sonde-bar" }, bar), create("span", null, props.value + " %"));
  };
  // a link in a cell: the row's "href" says where to
  components.SondeLink = function (props) {
    if (!props.data || !props.data.href) { return props.value || null; }
    return create("a", {
      className: "sonde-cell-link", href: props.data.href,
      onClick: function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
        event.preventDefault();
        window.sonde.visit(props.data.href);
      },
    }, props.value);
  };
})();
