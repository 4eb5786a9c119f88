// The page of machines: what is chosen goes into the URL, and arrow keys walk through the tree.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const skip = () => window.dash_clientside.no_update;

  function query() { return new URLSearchParams(window.location.search); }
  function put(search, name, value) {
    if (value) { search.set(name, value); } else { search.delete(name); }
  }

  window.dash_clientside.sondeCondition = {
    choose: function (feature, range) {
      const [since, until] = range || [];
      if (Boolean(since) !== Boolean(until)) { return skip(); }
      const search = query();
      const before = search.toString();
      const shown = search.get("feature");
      const clicked = window.dash_clientside.callback_context.triggered_id;
      if (shown || clicked === "bearings-condition-feature") { put(search, "feature", feature); }
      put(search, "from", since);
      put(search, "to", until);
      if (search.toString() !== before) { window.sonde.visit("/condition?" + search.toString()); }
      return skip();
    },
    kind: function (kind) { return [kind !== "fixed", kind !== "statistical"]; },
    named: function (name) {
      return [name || "Drop a recording here, or choose one", !name];
    },
  };

  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
    const tree = event.target.closest && event.target.closest("[data-condition-tree]");
    if (!tree) { return; }
    const links = Array.from(tree.querySelectorAll("a"));
    const next = links[links.indexOf(event.target.closest("a")) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
})();
