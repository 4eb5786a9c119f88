// The registry's pages: the tab stands in the address; requests to copy carry this address.
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.sondeRegistry = {
    open: function (clicks) { return Boolean(clicks); },
    remember: function (tab) {
      window.sonde.setQuery({ tab: tab === "versions" ? "" : tab });
      return "What is shown of the model";
    },
    chosen: function (name) {
      return [name || "Drop a recording here, or choose a file", !name];
    },
    many: function (data, names) {
      const files = names || [];
      const words = files.length === 1 ? files[0] : files.length + " files";
      const shown = files.length ? words : "or drop files here";
      return [data && files.length ? shown + " (the data set is asked about)" : shown, !data && !files.length];
    },
    here: function (_name, texts) {
      const written = texts.map((text) => text.split("$SONDE").join(window.location.origin));
      return [written, written];
    },
  };
})();
