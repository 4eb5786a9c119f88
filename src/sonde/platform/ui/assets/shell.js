// What the shell does in the browser; everything that needs no server.
(function () {
  "use strict";
  const id = (name) => "platform-shell-" + name;
  const setProps = (name, props) => window.dash_clientside.set_props(id(name), props);

  // ---- hints: the server says that something changed, the page asks what ----
  const pending = {};
  function hint(topic) {
    const store = { jobs: "jobs-hint", notifications: "notifications-hint" }[topic];
    if (!store || pending[store]) { return; }
    pending[store] = window.setTimeout(function () {
      pending[store] = null;
      setProps(store, { data: Date.now() });
    }, 400);
  }

  let wait = 1000;
  function listen() {
    const scheme = window.location.protocol === "https:" ? "wss://" : "ws://";
    const socket = new WebSocket(scheme + window.location.host + "/ws/hints");
    socket.onopen = function () {
      if (wait > 1000) { hint("jobs"); hint("notifications"); }
      wait = 1000;
    };
    socket.onmessage = function (message) {
      try { hint(JSON.parse(message.data).topic); } catch (error) { hint(String(message.data)); }
    };
    socket.onclose = function () {
      window.setTimeout(listen, wait);
      wait = Math.min(wait * 2, 30000);
    };
  }
  window.addEventListener("load", listen);

  // ---- a server that is away is named, and the page comes back with it ----
  const originalFetch = window.fetch;
  let isAway = false;
  let missedPage = false;

  function away(body) {
    if (String(body || "").includes(id("content") + ".children")) { missedPage = true; }
    if (isAway) { return; }
    isAway = true;
    const banner = document.getElementById(id("offline"));
    if (banner) { banner.textContent = "The server does not answer. This page comes back by itself."; }
    window.setTimeout(probe, 2000);
  }
  function probe() {
    originalFetch("/readyz", { cache: "no-store" }).then(
      function (response) { if (response.ok) { back(); } else { window.setTimeout(probe, 2000); } },
      function () { window.setTimeout(probe, 2000); }
    );
  }
  function back() {
    if (missedPage) { window.location.reload(); return; }
    isAway = false;
    const banner = document.getElementById(id("offline"));
    if (banner) { banner.textContent = ""; }
    hint("jobs");
    hint("notifications");
  }

  // ---- a session that has ended leads to the sign-in page, once however many answers say so ----
  let isLeaving = false;
  function leave() {
    if (isLeaving) { return; }
    isLeaving = true;
    window.location.reload();
  }
  window.fetch = function (resource, options) {
    const isDash = String(resource && resource.url ? resource.url : resource).includes("/_dash-");
    const body = options && options.body;
    return originalFetch.apply(window, arguments).then(
      function (response) {
        if (isDash && response.status === 401) { leave(); }
        if (isDash && [502, 503, 504].includes(response.status)) { away(body); }
        return response;
      },
      function (error) {
        if (isDash) { away(body); }
        throw error;
      }
    );
  };

  function csrf() {
    const found = document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/);
    return found ? decodeURIComponent(found[1]) : "";
  }

  function signOut(everywhere) {
    originalFetch(everywhere ? "/sign-out/everywhere" : "/sign-out", {
      method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrf() },
    }).then(function () { window.location.assign("/sign-in"); });
  }

  // ---- the palette ----
  function options() {
    return Array.from(document.querySelectorAll("#" + id("palette-list") + " [data-palette=option]"));
  }
  function mark(position) {
    const all = options();
    all.forEach(function (option, n) {
      const on = n === position;
      option.setAttribute("role", "option");
      option.id = id("palette-option-") + n;
      option.classList.toggle("is-on", on);
      option.setAttribute("aria-selected", on ? "true" : "false");
      if (on) {
        option.scrollIntoView({ block: "nearest" });
        const field = document.getElementById(id("palette-text"));
        if (field) { field.setAttribute("aria-activedescendant", option.id); }
      }
    });
  }
  function marked() { return options().findIndex((option) => option.classList.contains("is-on")); }

  function watchPalette(node) {
    new MutationObserver(function () { mark(0); }).observe(node, { childList: true, subtree: true });
  }
  // what the libraries leave unnamed: the state of a popover belongs to its button, and a
  // hidden file input needs a name
  function label() {
    document.querySelectorAll("div[id$=-target][aria-expanded]").forEach(function (wrapper) {
      const button = wrapper.querySelector("button");
      if (!button) { return; }
      ["aria-expanded", "aria-haspopup", "aria-controls"].forEach(function (name) {
        const value = wrapper.getAttribute(name);
        if (value !== null) { button.setAttribute(name, value); wrapper.removeAttribute(name); }
      });
    });
    document.querySelectorAll("input[type=file]:not([aria-label])").forEach(function (field) {
      field.setAttribute("aria-label", "Choose a file");
    });
  }
  const finder = new MutationObserver(function () {
    const list = document.getElementById(id("palette-list"));
    label();
    if (list && !list.dataset.watched) { list.dataset.watched = "yes"; mark(0); watchPalette(list); }
  });
  finder.observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-expanded"],
  });

  function paletteOpen() {
    const field = document.getElementById(id("palette-text"));
    return Boolean(field && field.offsetParent !== null);
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette(!paletteOpen());
      return;
    }
    if (!paletteOpen()) { return; }
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) { mark((marked() + step + all.length) % all.length); }
    } else if (event.key === "Enter" && marked() >= 0) {
      event.preventDefault();
      all[marked()].click();
    }
  }, true);

  // popovers close when someone presses the mouse elsewhere; leaving the page is elsewhere
  function closePopovers() {
    document.body.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
  }

  function openPalette(open) {
    if (open) { closePopovers(); }
    setProps("palette", { opened: open });
    if (open) {
      setProps("palette-text", { value: "" });
      window.setTimeout(function () {
        const field = document.getElementById(id("palette-text"));
        if (field) { field.focus(); field.select(); }
      }, 60);
    }
  }

  function toggleTheme() {
    const button = document.getElementById(id("theme"));
    if (button) { button.click(); }
  }

  // the menu, the tray and the bell lead to other views of the open page too; its own links are
  // its own business
  function leadsToOpenPage(event, link) {
    const content = document.getElementById(id("content"));
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    return plain && !link.target && link.origin === window.location.origin
      && link.pathname === window.location.pathname && !link.getAttribute("href").startsWith("#")
      && !(content && content.contains(link));
  }

  // links that act: "#theme", "#sign-out"; and links inside the palette close it
  document.addEventListener("click", function (event) {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link) { return; }
    const target = link.getAttribute("href");
    if (link.dataset.palette === "option") { openPalette(false); }
    if (leadsToOpenPage(event, link)) {
      event.preventDefault();
      event.stopPropagation();
      visit(link.pathname + link.search);
      setProps("again", { data: { search: link.search, at: Date.now() } });
      closePopovers();
    }
    if (target === "#theme") { event.preventDefault(); event.stopPropagation(); toggleTheme(); }
    if (target === "#sign-out") { event.preventDefault(); event.stopPropagation(); signOut(false); }
  }, true);

  // ---- view state in the URL, without a visit ----
  function setQuery(changes) {
    const url = new URL(window.location.href);
    Object.entries(changes).forEach(function (pair) {
      if (pair[1] === null || pair[1] === undefined || pair[1] === "") { url.searchParams.delete(pair[0]); }
      else { url.searchParams.set(pair[0], String(pair[1])); }
    });
    window.history.replaceState(window.history.state, "", url);
  }
  function visit(path) {
    window.history.pushState({}, "", path);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.dispatchEvent(new CustomEvent("_dashprivate_historychange"));
  }
  window.sonde = { setQuery: setQuery, openPalette: openPalette, visit: visit };

  let arrived = null;
  let drawn = null;
  let known = null;
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.sonde = {
    toggleMenu: function (opened, navbar) {
      return Object.assign({}, navbar, { collapsed: { mobile: !opened } });
    },
    arrive: function (view) {
      if (view && view.title) { document.title = view.title === "Sonde" ? "Sonde" : view.title + " · Sonde"; }
      if (arrived !== null && arrived !== view.path) {
        closePopovers();
        window.scrollTo(0, 0);
        const content = document.getElementById(id("content"));
        if (content) { content.focus({ preventScroll: true }); }
      }
      arrived = view ? view.path : null;
      return false;
    },
    // pages look again when a job has moved since they were drawn; the clock runs faster meanwhile
    changed: function (state, view, active) {
      if (view && view !== drawn) { drawn = view; known = view.jobs; }
      const same = known === undefined || known === null || known === state;
      known = state;
      return [same ? window.dash_clientside.no_update : Date.now(), active === "0" ? 15000 : 3000];
    },
    togglePalette: function () {
      const triggered = window.dash_clientside.callback_context.triggered_id;
      if (triggered === id("palette-open")) {
        window.setTimeout(function () { openPalette(true); }, 0);
        return true;
      }
      return false;
    },
    leave: function () {
      const triggered = window.dash_clientside.callback_context.triggered_id;
      const value = (window.dash_clientside.callback_context.triggered[0] || {}).value;
      if (!value) { return window.dash_clientside.no_update; }
      signOut(triggered === id("sign-out-everywhere"));
      return true;
    },
  };
})();
