// The desk's sidebar: when to look again, and what needs no server.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const skip = () => window.dash_clientside.no_update;
  const cause = () => window.dash_clientside.callback_context.triggered_id;
  const part = (name) => document.getElementById("markets-desk-" + name);
  const NEWS_EVERY_MS = 1000;

  function clicked() {
    const all = window.dash_clientside.callback_context.triggered;
    return all.length > 0 && Boolean(all[0].value);
  }

  // a page that nobody sees needs no news; nor does one that still waits for what it asked last,
  // or a slow server would never be heard out
  function isBusy() {
    return document.hidden || Boolean(document.querySelector("[data-dash-is-loading=true]"));
  }

  // ---- the stream tells at once what the clock would tell later; the dashboard has its own ----
  let socket = null;
  let followed = "";
  let wait = 2000;
  let nextTry = 0;
  let due = null;
  let told = 0;

  function news() {
    due = null;
    if (!part("side") || document.hidden) { return; }
    if (isBusy()) { due = window.setTimeout(news, 200); return; }
    told = Date.now();
    window.dash_clientside.set_props("markets-desk-news", { data: told });
  }
  function hear(message) {
    const told = JSON.parse(message.data).messages || [];
    told.filter((one) => one.topic === "price").forEach(window.sondePrices.hear);
    const topics = told.map((one) => one.topic);
    if (due !== null || !topics.some((one) => one !== "heartbeat" && one !== "error")) { return; }
    due = window.setTimeout(news, Math.max(100, told + NEWS_EVERY_MS - Date.now()));
  }
  function wanted() {
    const place = document.querySelector("[data-desk]");
    const live = part("live");
    const isElsewhere = document.getElementById("markets-dashboard-price");
    return place && live && live.checked && !isElsewhere ? place.dataset.desk : "";
  }
  function follow() {
    const now = wanted();
    if (now !== followed && socket) { const old = socket; socket = null; old.close(); }
    if (now !== followed) { followed = now; nextTry = 0; wait = 2000; }
    if (!now || socket || Date.now() < nextTry) { return; }
    const asked = JSON.parse(now);
    const scheme = window.location.protocol === "https:" ? "wss://" : "ws://";
    const mine = socket = new WebSocket(scheme + window.location.host + "/api/v1/markets/ws");
    mine.onopen = function () { wait = 2000; mine.send(JSON.stringify(asked)); };
    mine.onmessage = hear;
    mine.onclose = function () {
      if (socket !== mine) { return; }
      socket = null;
      nextTry = Date.now() + wait;
      wait = Math.min(wait * 2, 30000);
    };
  }
  window.setInterval(follow, 1000);

  window.dash_clientside.sondeDesk = {
    tick: function (n) {
      return isBusy() || Date.now() - told < NEWS_EVERY_MS ? skip() : n;
    },
    toggle: function () {
      const open = part("side").classList.toggle("is-open");
      part("toggle").setAttribute("aria-expanded", open ? "true" : "false");
      return skip();
    },
    askReset: function () { return cause() === "markets-desk-reset-ask" && clicked(); },
    askClose: function () { return cause() === "markets-desk-guard-close-ask" && clicked(); },
    unlock: function () {
      return clicked() ? { lock: cause().lock, at: Date.now() } : skip();
    },
  };
})();
