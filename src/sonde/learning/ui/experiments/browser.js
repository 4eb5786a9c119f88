// The list of experiments: cells, the address, and the tray of chosen ones, which survives pages.
(function () {
  "use strict";
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const functions = (window.dashMantineFunctions = window.dashMantineFunctions || {});
  const create = (...parts) => window.React.createElement(...parts);
  const id = (name) => "learning-experiments-" + name;
  const put = (name, props) => window.dash_clientside.set_props(id(name), props);
  const nothing = () => window.dash_clientside.no_update;
  const grid = function () {
    const there = document.getElementById(id("grid")) && window.dash_ag_grid;
    try { return there ? window.dash_ag_grid.getApi(id("grid")) : null; } catch (error) { return null; }
  };

  // ---- cells ----
  components.SondeHonesty = function (props) {
    if (!props.value) { return null; }
    const words = { honest: "Honest", leaky: "Leaky" }[props.value];
    return create("span", { className: "sonde-honesty is-" + props.value }, words);
  };
  components.SondeTags = function (props) {
    const tags = (props.value || []).map((tag) =>
      create("span", { key: tag.name, className: "sonde-tag is-" + tag.colour }, tag.name));
    return create("span", { className: "sonde-tags", title: (props.value || []).map((tag) => tag.name).join(", ") }, tags);
  };
  components.SondeExperiment = function (props) {
    if (!props.data) { return null; }
    const link = components.SondeLink(props);
    const pin = props.data.pinned
      ? create("span", { className: "sonde-pin", title: "Pinned", role: "img", "aria-label": "Pinned" }, "★ ") : null;
    const seed = props.data.family_seed === null ? null : create("span", { className: "sonde-dim" }, " seed " + props.data.family_seed);
    return create("span", { title: props.value }, pin, link, seed);
  };
  components.SondeScore = function (props) {
    if (props.value === null || props.value === undefined) { return null; }
    const low = props.data.low;
    const title = low === null || low === undefined ? "" : "interval " + low.toFixed(3) + " to " + props.data.high.toFixed(3);
    return create("span", { title: title }, props.value.toFixed(3));
  };
  // a group leads to its experiments: its term joins the search
  components.SondeGroup = function (props) {
    if (!props.data || !props.data.search) { return props.value || null; }
    return create("button", {
      type: "button", className: "sonde-cell-link sonde-plain-button",
      onClick: function () {
        const query = (state.query || "").trim();
        const joined = / OR /.test(query) ? "(" + query + ")" : query;
        put("query", { value: (joined + " " + props.data.search).trim() });
        put("group", { value: null });
      },
    }, props.value);
  };

  // ---- completions: what the server offers for what is typed; the option shows its last term ----
  functions.sondeKeepAll = function (props) {
    const typed = String(props.search || "");
    const cut = Math.max(...[" ", "(", ",", ":", "-"].map((sign) => typed.lastIndexOf(sign)));
    return props.options.filter((option) => String(option.value).startsWith(typed.slice(0, cut + 1)));
  };
  functions.sondeCompletion = function (props) {
    const field = document.getElementById(id("query"));
    const typed = field ? field.value : "";
    const whole = String(props.option.value);
    let same = 0;
    while (same < typed.length && whole[same] === typed[same]) { same += 1; }
    const start = Math.max(0, whole.lastIndexOf(" ", same) + 1);
    return create("span", { className: "sonde-completion" },
      create("code", null, create("span", { className: "sonde-dim" }, start ? "… " : ""), whole.slice(start)));
  };

  // a field that was picked goes on with its values: coming back to the input opens them
  function goOn() {
    window.setTimeout(function () {
      const field = document.getElementById(id("query"));
      if (!field || document.activeElement !== field || !field.value.endsWith(":")) { return; }
      field.blur();
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }, 450);
  }
  document.addEventListener("click", function (event) {
    const option = event.target.closest && event.target.closest("[role=option]");
    if (option && option.querySelector(".sonde-completion")) { goOn(); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.id === id("query")) { goOn(); }
  });

  // ---- the tray ----
  const state = { query: "", dropped: [] };
  const most = 20;
  const shownNames = 6;
  const key = "sonde-compare";
  function tray() {
    try { return JSON.parse(window.localStorage.getItem(key)) || []; } catch (error) { return []; }
  }
  function keep(rows) {
    window.localStorage.setItem(key, JSON.stringify(rows.slice(-10000)));
    tell();
  }
  function words(rows) {
    return rows.length + (rows.length === 1 ? " experiment chosen" : " experiments chosen");
  }
  function comparable(rows) { return rows.length >= 2 && rows.length <= most; }
  function compare(rows) {
    if (comparable(rows)) { window.sonde.visit("/compare?ids=" + rows.map((row) => row.id).join(",")); }
  }
  // all that is found: how many there are, and their rows where the grid holds them all
  function whole() {
    const box = document.getElementById(id("all"));
    if (!box || !box.checked) { return null; }
    const count = document.getElementById(id("count"));
    const found = /^([0-9,]+) experiment/.exec(count ? count.textContent : "");
    return { n: found ? found[1] : "", rows: loaded(found ? Number(found[1].replaceAll(",", "")) : 0) };
  }
  function loaded(n) {
    const api = grid();
    const rows = [];
    if (api && n && n <= most) {
      api.forEachNode((node) => { if (node.data) { rows.push({ id: node.data.id, title: node.data.title }); } });
    }
    return rows.length === n ? rows : [];
  }
  function advice(rows, all) {
    if (comparable(rows) || (all && all.n === "1")) { return ""; }
    if (rows.length > most || all) { return ": at most " + most + " can be compared"; }
    return ": choose one more to compare";
  }
  function tell() {
    const rows = tray();
    if (document.getElementById(id("bar"))) {
      const all = whole();
      const meant = all ? all.rows : rows;
      const said = all ? (all.n === "1" ? "The one that is found" : all.n ? "All " + all.n + " that are found" : "All that is found") : words(rows);
      put("chosen", { data: rows.map((row) => row.id) });
      put("bar", { hidden: rows.length === 0 && !all });
      put("bar-text", { children: said + advice(meant, all) });
      put("compare", { disabled: !comparable(meant) });
      name(all ? [] : rows);
    }
    float(rows);
  }
  // who is chosen, also where the list shows others; each can be taken out again
  function name(rows) {
    const place = document.getElementById(id("bar-names"));
    if (!place) { return; }
    const chips = rows.slice(-shownNames).map(function (row) {
      const chip = document.createElement("span");
      chip.className = "sonde-tray-name";
      const title = document.createElement("span");
      title.textContent = row.title || row.id;
      title.title = title.textContent;
      const out = button("\u00d7", function () {
        keep(tray().filter((one) => one.id !== row.id));
        const api = grid();
        if (api) { mark(api); }
      });
      out.setAttribute("aria-label", "Do not choose " + (row.title || row.id));
      chip.append(title, out);
      return chip;
    });
    if (rows.length > shownNames) { chips.unshift("and " + (rows.length - shownNames) + " more: "); }
    place.replaceChildren(...chips);
  }
  // what went into the trash leaves the tray, and comes back with it
  function follow(undoing) {
    if (!undoing || !undoing.ids) { return; }
    const moved = new Set(undoing.ids);
    if (undoing.action === "restore" || !undoing.action) {
      state.dropped = tray().filter((row) => moved.has(row.id));
      keep(tray().filter((row) => !moved.has(row.id)));
    } else if (undoing.action === "trash") {
      const there = new Set(tray().map((row) => row.id));
      keep(tray().concat(state.dropped.filter((row) => moved.has(row.id) && !there.has(row.id))));
      state.dropped = [];
    }
  }
  // beside the list, where there is no bar: a pill on the pages of experiments
  function float(rows) {
    const path = window.location.pathname;
    const wanted = rows.length > 0 && path.startsWith("/experiment/");
    let pill = document.getElementById("sonde-tray-pill");
    if (!wanted) { if (pill) { pill.remove(); } return; }
    if (!pill) {
      pill = document.createElement("div");
      pill.id = "sonde-tray-pill";
      pill.setAttribute("role", "region");
      pill.setAttribute("aria-label", "Chosen experiments");
      document.body.appendChild(pill);
    }
    if (pill.dataset.n === String(rows.length)) { return; }
    pill.dataset.n = String(rows.length);
    pill.replaceChildren(button(words(rows), () => window.sonde.visit("/experiments")));
    if (comparable(rows)) { pill.append(button("Compare", () => compare(tray()))); }
  }
  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }
  function mark(api) {
    const chosen = new Set(tray().map((row) => row.id));
    api.forEachNode(function (node) {
      if (node.data && node.isSelected() !== chosen.has(node.data.id)) { node.setSelected(chosen.has(node.data.id)); }
    });
  }
  let watched = null;
  function watch() {
    const api = grid();
    if (!api || api === watched || api.isDestroyed()) { return; }
    watched = api;
    const field = document.getElementById(id("query"));
    state.query = field ? field.value : "";
    scope();
    api.addEventListener("rowSelected", function (event) {
      if (!event.node.data || event.source === "api") { return; }
      const row = { id: event.node.data.id, title: event.node.data.title };
      const others = tray().filter((one) => one.id !== row.id);
      keep(event.node.isSelected() ? others.concat(row) : others);
    });
    api.addEventListener("modelUpdated", () => mark(api));
    mark(api);
    tell();
    if (tray().length) { put("tray", { data: tray().map((row) => row.id) }); }
  }
  new MutationObserver(function () { watch(); float(tray()); })
    .observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("click", function (event) {
    const place = event.target.closest && event.target.closest("[data-sonde-copy]");
    if (!place) { return; }
    const link = window.location.origin + place.dataset.sondeCopy;
    const say = function (title, message) {
      const told = { action: "show", title: title, message: message, color: "teal", autoClose: 6000, withBorder: true };
      window.dash_clientside.set_props("platform-shell-toasts", { sendNotifications: [told] });
    };
    // browsers keep the clipboard from pages that came without encryption
    const copied = window.navigator.clipboard ? window.navigator.clipboard.writeText(link) : Promise.reject(new Error());
    copied.then(() => say("Copied", "The link is in the clipboard."), () => say("The link", link));
  });
  window.addEventListener("storage", function (event) {
    if (event.key !== key) { return; }
    tell();
    const api = grid();
    if (api) { mark(api); }
  });

  // the bar offers what makes sense where the search looks
  function scope() {
    const bar = document.getElementById(id("bar"));
    if (!bar) { return; }
    const now = /is:\S*trashed/.test(state.query) ? "trashed" : /is:\S*archived/.test(state.query) ? "archived" : "live";
    if (bar.dataset.scope !== now) { bar.dataset.scope = now; }
  }

  function address(query, shown, sort) {
    return { q: query, columns: (shown.columns || []).join(","), group: shown.group, sort: sort };
  }
  const usual = "title,status,macro_f1,certificate,model,tags,dataset,created";

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.sondeExperiments = {
    look: function (query, shown, sort, _changed, _tags, gone, _jobs, undoing) {
      const triggered = window.dash_clientside.callback_context.triggered.map((one) => one.prop_id);
      const by = (name) => triggered.some((one) => one.startsWith(id(name) + "."));
      if (by("gone")) {
        const lost = new Set(gone || []);
        if (lost.size) { keep(tray().filter((row) => !lost.has(row.id))); }
        return nothing();
      }
      if (by("changed")) { follow(undoing); }
      // another search is another whole
      if (by("applied") || by("changed")) { put("all", { checked: false }); }
      state.query = query;
      scope();
      const kept = address(query, shown, sort);
      if (kept.columns === usual) { kept.columns = ""; }
      if (window.location.pathname === "/experiments") { window.sonde.setQuery(kept); }
      const onlySort = triggered.every((one) => one.startsWith(id("sort")) || one.startsWith(id("shown")));
      const api = grid();
      if (api && !onlySort) {
        if (by("applied")) { api.purgeInfiniteCache(); } else { api.refreshInfiniteCache(); }
      }
      return nothing();
    },
    leave: function (_clear, _compare, _csv, _json, query, shown, sort) {
      const by = window.dash_clientside.callback_context.triggered_id;
      const clicked = window.dash_clientside.callback_context.triggered.some((one) => one.value);
      if (!clicked) { return false; }
      if (by === id("clear")) {
        put("all", { checked: false });
        keep([]);
        const api = grid();
        if (api) { api.deselectAll(); }
      }
      if (by === id("compare")) {
        const all = whole();
        compare(all ? all.rows : tray());
      }
      if (by === id("export-csv") || by === id("export-json")) {
        const asked = new URLSearchParams({
          query: query, sort: sort || "", columns: (shown.columns || []).join(","),
          format: by === id("export-csv") ? "csv" : "json",
        });
        window.location.assign("/api/v1/experiments/export?" + asked.toString());
      }
      return false;
    },
    whole: function (_checked, counted) {
      window.setTimeout(tell, 0);
      const found = /^([0-9,]+) experiments/.exec(counted || "");
      return found ? "Choose all " + found[1] : "Choose all that is found";
    },
    open: function () {
      const context = window.dash_clientside.callback_context;
      if (!context.triggered.some((one) => one.value)) { return nothing(); }
      put(context.triggered_id === id("save-open") ? "save-modal" : "tag-modal", { opened: true });
      return context.triggered_id === id("save-open") ? "" : nothing();
    },
  };
})();
